"""Writing a twin: a folder of its case beside others, with the dictionary of the release that it stands in for.

Handbook 2.2 (the analytic environment) and 2.6, phase 7.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final

from jalostamo.concepts.errors import Misused
from jalostamo.managing.described import DESCRIPTION, read_register
from jalostamo.managing.manifests import Manifest, digest_of
from jalostamo.managing.nonsensitive.releases import MANIFEST, TWIN, TWIN_MARKING, Release, folder_of, open_twin
from jalostamo.managing.twins.drawing import Seeded, tables_of
from jalostamo.managing.twins.marginals import UNPRINTED, Marginals
from jalostamo.managing.twins.outlines import EVENTS, outline_of
from jalostamo.storage.publishing import Publication, publish

if TYPE_CHECKING:
    from jalostamo.engine.connection import Engine
    from jalostamo.managing.requests import Request
    from jalostamo.storage.publishing import Part

MOST: Final = 1_000_000


@dataclass(frozen=True, slots=True)
class Asked:
    """What is asked of a twin: how many persons, by which seed, from which marginals."""

    persons: int = 2_000
    seed: int = 1
    marginals: Marginals = UNPRINTED

    def __post_init__(self) -> None:
        if not 1 <= self.persons <= MOST:
            raise Misused(f"A twin has 1 to {MOST:,} persons.", reason="twin_size")


def _untold(_: str) -> None:
    return None


def write_twin(
    engine: Engine,
    request: Request,
    sources: Path,
    *,
    twins: Path,
    asked: Asked,
    before: Callable[[str], None] = _untold,
) -> Release:
    """Draw the twin of a request and let it appear below `twins`, under the next number of its case.

    `sources` holds the registers' descriptions, which alone are read there. The very twin that came last is not written
    anew. `before` is told of its digest before anybody sees it.
    """
    registers = {name: read_register(sources / name) for name in {source.register for source in request.sources}}
    outline = outline_of(request, registers)
    files: dict[str, Part] = {}
    tables: dict[str, object] = {}
    for name, table in tables_of(Seeded(request, outline, asked.seed, asked.marginals), asked.persons).items():
        path = engine.workspace / f"{engine.fresh_name()}.parquet"
        fields = outline.tables[name]
        order = ("person", "order") if name == EVENTS else tuple(field.name for field in fields)
        engine.write_parquet(engine.in_memory(table), path, order_by=order)
        file = f"{name}.parquet"
        tables[name] = {"file": file, "fields": [field.as_mapping() for field in fields], "sha256": digest_of(path)}
        files[file] = path
    manifest = _manifest(request, asked, tables, sources)
    case = twins / folder_of(request.permit)
    last = max((int(place.name) for place in case.glob("*") if place.name.isdigit()), default=0)
    if last and (case / str(last) / MANIFEST).read_bytes() == manifest.written:
        return open_twin(case / str(last))
    target = case / str(last + 1)
    before(manifest.digest)
    publish(Publication(target, {**files, MANIFEST: manifest.written}, below=twins.parent))
    return open_twin(target)


def _manifest(request: Request, asked: Asked, tables: Mapping[str, object], sources: Path) -> Manifest:
    described = {source.register: digest_of(sources / source.register / DESCRIPTION) for source in request.sources}
    content: Mapping[str, object] = {
        "format": "jalostamo-twin-1",
        "marking": TWIN_MARKING,
        "request": request.digest,
        "request_id": request.id,
        "permit": request.permit,
        "title": request.title.as_mapping(),
        "need": request.need.as_mapping(),
        "from": request.first_day.isoformat(),
        "to": request.last_day.isoformat(),
        "data_class": request.preparation.data_class.value,
        "k": request.preparation.k,
        "units": list(request.preparation.units),
        "persons": asked.persons,
        "seed": asked.seed,
        "described": described,
        "marginals": asked.marginals.as_mapping() if asked.marginals.printed else None,
        "tables": dict(tables),
    }
    return Manifest(TWIN, content)
