"""Reading cube definitions: a TOML file and its hierarchies; whatever is missing is named with its place.

Handbook 2.3 (repeatability) and 2.6, phase 5.
"""

from __future__ import annotations

import datetime
import hashlib
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Final

from jalostamo.concepts.customers import CustomerKind
from jalostamo.concepts.errors import Unfit
from jalostamo.concepts.languages import Text, text_from
from jalostamo.managing.hierarchies import hierarchies_named
from jalostamo.managing.sections import Section, read_toml
from jalostamo.producing.cubes.definition import KINDS, CubeDefinition, Dimension, Filter, Kind, Measure
from jalostamo.producing.cubes.dimensions import beside, dimension_from

DEFAULT_NOISE: Final = "d5-v3-js2-p50"
_CUBE: Final = "name title population unit from to noise single_unit_differences described_in"
_MEASURE: Final = "name kind table title of where grid path steps labels"


def read_cube_definition(path: Path) -> CubeDefinition:
    """Read a cube definition and the hierarchies beside it; its digest is of all of them."""
    file = read_toml(
        path,
        "a cube definition",
        unfit=lambda fault: Unfit(f"{path.name} is not a TOML file: {fault}.", reason="definition_form"),
        unreadable="check its permissions",
    )
    section = Section(file.content, path.name)
    section.refuse_unknown("cube dimension filter measure structural_zero")
    dimensions = tuple(dimension_from(entry, path.parent) for entry in section.sections("dimension"))
    return _definition(section, dimensions, digest=_digest(file.written, section.sections("dimension"), path.parent))


def _digest(written: bytes, dimensions: Sequence[Section], folder: Path) -> str:
    """The sha256 of the file's bytes; where there are hierarchies, of those and theirs."""
    found = hashlib.sha256(written)
    for section in dimensions:
        for name in hierarchies_named([section]):
            content = beside(section, folder, name).read_bytes()
            found.update(f"\0{name}\0{hashlib.sha256(content).hexdigest()}".encode())
    return found.hexdigest()


def _definition(section: Section, dimensions: tuple[Dimension, ...], *, digest: str) -> CubeDefinition:
    head = section.section("cube")
    head.refuse_unknown(_CUBE)
    return CubeDefinition(
        name=head.one("name", str),
        title=head.text("title"),
        population=head.one("population", str),
        unit=_unit(head),
        first_day=head.one("from", datetime.date),
        last_day=head.one("to", datetime.date),
        dimensions=dimensions,
        filters=_filters(section, "filter", dimensions),
        measures=tuple(_measure(entry, dimensions) for entry in section.sections("measure")),
        structural_zeros=tuple(_zero(entry) for entry in section.sections("structural_zero")),
        noise=head.word("noise") or DEFAULT_NOISE,
        single_unit_differences=head.one("single_unit_differences", int)
        if "single_unit_differences" in head.content
        else 0,
        digest=digest,
        described_in=head.word("described_in"),
    )


def _unit(head: Section) -> CustomerKind:
    word = head.word("unit") or "person"
    if word not in set(CustomerKind):
        raise Unfit(f"{head.place}: 'unit' is one of {', '.join(CustomerKind)}.", reason="request_incomplete")
    return CustomerKind(word)


def _filters(section: Section, key: str, dimensions: Sequence[Dimension]) -> tuple[Filter, ...]:
    return tuple(_filter(entry, dimensions) for entry in section.sections(key))


def _filter(section: Section, dimensions: Sequence[Dimension]) -> Filter:
    """A filter, with all that its field may hold: from the dimension on that field, or from `among`."""
    section.refuse_unknown("field values among")
    field = section.one("field", str)
    listing = [dimension for dimension in dimensions if dimension.field == field]
    if "among" in section.content:
        among = section.words("among")
    elif listing and listing[0].other is None:
        among = tuple(listing[0].values)
    else:
        raise Unfit(
            f"{section.place} needs 'among', all that '{field}' may hold: no dimension lists it in full.",
            reason="request_incomplete",
        )
    return Filter(field, section.words("values"), among)


def _measure(section: Section, dimensions: Sequence[Dimension]) -> Measure:
    section.refuse_unknown(_MEASURE)
    kind = _kind(section)
    return Measure(
        name=section.one("name", str),
        kind=kind,
        table=section.one("table", str),
        title=section.text("title"),
        of=section.word("of"),
        where=_filters(section, "where", dimensions),
        grid=_steps(section) if kind == "step" else _grid(section),
        labels=_labels(section),
    )


def _kind(section: Section) -> Kind:
    word = section.one("kind", str)
    for kind in KINDS:
        if word == kind:
            return kind
    raise Unfit(f"{section.place}: 'kind' is one of {', '.join(KINDS)}.", reason="request_incomplete")


def _grid(section: Section) -> tuple[int | float, ...]:
    if {"path", "steps"} & section.content.keys():
        raise Unfit(f"{section.place}: 'path' and 'steps' go with the kind step.", reason="request_incomplete")
    found = section.content.get("grid", [])
    if not isinstance(found, list) or not all(type(point) in {int, float} for point in found):
        raise Unfit(f"{section.place}: 'grid' is a list of numbers.", reason="request_incomplete")
    return tuple(found)


def _steps(section: Section) -> tuple[str, ...]:
    """Every step that may be taken: from the beginning, between any two services of the path, to the end."""
    if "grid" in section.content:
        raise Unfit(f"{section.place}: a step has 'path' and 'steps', no 'grid'.", reason="request_incomplete")
    path, steps = section.words("path"), section.one("steps", int)
    if steps < 1 or len(set(path)) < len(path) or any(">" in service or not service for service in path):
        raise Unfit(
            f"{section.place}: 'steps' is a number from 1 up, 'path' names each service once, none with '>'.",
            reason="request_incomplete",
        )
    begins = tuple(f"1:>{target}" for target in path)
    return begins + tuple(
        f"{number}:{source}>{target}" for number in range(1, steps + 1) for source in path for target in (*path, "")
    )


def _labels(section: Section) -> Mapping[str, Text]:
    """What the services of a path are called; one without a label is called as it is."""
    told = section.maybe("labels")
    if told is None:
        return {}
    if set(told.content) - set(section.words("path")):
        raise Unfit(f"{told.place} names what the path does not.", reason="cube_labels_unknown")
    return {code: text_from(text, place=f"{told.place} {code}") for code, text in told.content.items()}


def _zero(section: Section) -> Mapping[str, str]:
    if not all(isinstance(code, str) for code in section.content.values()):
        raise Unfit(f"{section.place} gives a code, a text, for each of its dimensions.", reason="request_incomplete")
    return {name: str(code) for name, code in section.content.items()}
