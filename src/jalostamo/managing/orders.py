"""An order on its way to the closed room: the signed events of its permit, and the very files it is carried out by.

It stands in the exchange as one folder, which appears whole. The closed room believes nothing of it before it has looked.

Handbook 2.6, phase 4 (the data request).
"""

from __future__ import annotations

import hashlib
import json
import secrets
import shutil
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING, Final, cast

from jalostamo.concepts.errors import Misused, Unfit
from jalostamo.managing.hierarchies import hierarchies_named
from jalostamo.managing.manifests import Manifest, read_manifest
from jalostamo.managing.sections import Section, toml_in
from jalostamo.permits.contents import canonical, content_of, value_from
from jalostamo.permits.events import Event, event_from
from jalostamo.permits.orders import Order
from jalostamo.permits.terms import Lane
from jalostamo.storage.places import appear, write_whole

if TYPE_CHECKING:
    from jalostamo.managing.requests import Request

FORMAT: Final = "jalostamo-order-1"
SHEET: Final = "order.json"
FILES: Final = "recipe"
_LARGEST: Final = 64 * 2**20


@dataclass(frozen=True, slots=True, repr=False)
class Recipe:
    """A recipe is the files by which a run is made: a request, and what it names beside it; one digest stands for all."""

    files: Mapping[str, bytes]

    @property
    def sheet(self) -> dict[str, str]:
        """The sha256 of each file, by its name beside the request."""
        return {name: hashlib.sha256(written).hexdigest() for name, written in sorted(self.files.items())}

    @property
    def digest(self) -> str:
        """The sha256 by which a permit orders this recipe, and no other."""
        return hashlib.sha256(canonical(self.sheet)).hexdigest()

    def laid_out(self, folder: Path) -> None:
        """Write the files into a folder that is empty."""
        for name, written in self.files.items():
            place = folder / name
            place.parent.mkdir(parents=True, exist_ok=True)
            write_whole(place, written)


def recipe_of(path: Path, request: Request) -> Recipe:
    """The recipe of a request: its own file, and every file that it names; all of them lie beside it, or beneath."""
    named = [
        *(field.hierarchy for field in (*request.preparation.generalisations, *request.preparation.events)),
        *(harmonised.mapping for harmonised in request.harmonised),
        request.definition,
        *_named_by_cells(path.parent, request),
    ]
    names = [path.name, *dict.fromkeys(name for name in named if name)]
    return Recipe({_beside(name): _read(path.parent / name) for name in names})


def _named_by_cells(folder: Path, request: Request) -> Iterator[str]:
    """The hierarchies beside a definition of cells; questions to a release name no file."""
    if request.lane is not Lane.CELLS or request.definition is None:
        return
    definition = PurePosixPath(_beside(request.definition))
    content = toml_in(_read(folder / definition), unfit=partial(_no_toml, definition.name))
    for name in hierarchies_named(Section(content, definition.name).sections("dimension")):
        yield str(definition.parent / name)


def _no_toml(name: str, fault: str) -> Unfit:
    return Unfit(f"{name} is not a TOML file: {fault}.", reason="definition_form")


@dataclass(frozen=True, slots=True, repr=False)
class Ordered:
    """An order as it was found: what it says, the events that are to prove it, its recipe, and the file to begin with."""

    order: Order
    events: tuple[Event, ...]
    recipe: Recipe
    request: str

    @property
    def sheet(self) -> bytes:
        """The order as it is written down."""
        return canonical(
            {
                "format": FORMAT,
                "order": content_of(self.order),
                "events": [content_of(event) for event in self.events],
                "recipe": self.recipe.sheet,
                "request": self.request,
            }
        )

    @property
    def digest(self) -> str:
        """The sha256 of what is written down: it calls the order's folder, and stands in the log."""
        return hashlib.sha256(self.sheet).hexdigest()


def write_order(orders: Path, ordered: Ordered) -> Path:
    """Put an order into the exchange, where the closed room finds it; the folder is called by its sheet's digest."""
    place = orders / ordered.digest[:32]
    if place.exists():
        return place
    staging = orders / f".{secrets.token_hex(8)}"
    try:
        (staging / FILES).mkdir(parents=True)
        write_whole(staging / SHEET, ordered.sheet)
        ordered.recipe.laid_out(staging / FILES)
        appear(staging, place)
    finally:
        shutil.rmtree(staging, ignore_errors=True)
    return place


def read_order(place: Path) -> Ordered:
    """Read an order, each of its files once; refused where it is not whole, or its files are not those that it lists."""
    sheet = _sheet(place)
    try:
        events = tuple(event_from(event) for event in cast("Sequence[object]", sheet["events"]))
        order, request = value_from(Order, sheet["order"]), str(sheet["request"])
        listed = {
            _beside(str(name)): str(digest) for name, digest in cast("Mapping[str, str]", sheet["recipe"]).items()
        }
    except (KeyError, TypeError, AttributeError):
        raise _no_order() from None
    recipe = Recipe({name: _within(place / FILES, name) for name in listed})
    if recipe.sheet != dict(sorted(listed.items())) or request not in listed:
        raise Unfit(
            "The files of the order are not those that it lists: have it ordered anew.", reason="order_files_differ"
        )
    return Ordered(order, events, recipe, request)


def named_in_manifest(order: Order | None) -> dict[str, object]:
    """By which order of which permit something left, as its manifest says."""
    if order is None:
        return {}
    return {"order": {"permit": order.permit, "run": order.run, "head": order.head}}


def printed_under(cubes: Path, head: str) -> Manifest | None:
    """The manifest of the printed cells that left under an order, by the event that ordered it; None where none did."""
    for place in sorted(cubes.glob("*/[!.]*.json")):
        manifest = read_manifest(place)
        order = manifest.content.get("order")
        if isinstance(order, Mapping) and order.get("head") == head:
            return manifest
    return None


def waiting_orders(orders: Path) -> Iterator[Path]:
    """Every order in the exchange, by its place."""
    yield from sorted(sheet.parent for sheet in orders.glob(f"[0-9a-f]*/{SHEET}"))


def _sheet(place: Path) -> Mapping[str, object]:
    try:
        content = json.loads(_read(place / SHEET))
    except (ValueError, RecursionError):
        raise _no_order() from None
    if not isinstance(content, dict) or content.get("format") != FORMAT:
        raise _no_order()
    return content


def _within(folder: Path, name: str) -> bytes:
    if not (folder / name).resolve().is_relative_to(folder.resolve()):
        raise Unfit("A file of the order lies elsewhere: have it ordered anew.", reason="order_files_differ")
    return _read(folder / name)


def _read(path: Path) -> bytes:
    # A link would have the closed room read, and keep, what it alone may read.
    if path.is_symlink() or not path.is_file():
        raise Misused(f"{path.name} is missing, or is not a plain file.", reason="file_missing")
    if path.stat().st_size > _LARGEST:
        raise Unfit(f"{path.name} is larger than a file of a recipe may be (64 MiB).", reason="order_too_large")
    return path.read_bytes()


def _beside(name: str) -> str:
    place = PurePosixPath(name)
    if place.is_absolute() or ".." in place.parts or not place.parts or "\\" in name or "\0" in name:
        raise Unfit(
            "A file of a recipe lies beside its request, or in a folder beneath it: name it so.", reason="recipe_place"
        )
    return place.as_posix()


def _no_order() -> Unfit:
    return Unfit(f"{SHEET} is not an order as townhall writes it.", reason="order_form")
