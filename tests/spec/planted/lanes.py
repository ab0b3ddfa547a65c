"""A town by both lanes: its release, on which analyses find true figures, and the closed room, which prints cells of them.

What is asked is the pilot, and beside its decisions what schools decided on support, as one more service.

Handbook 2.2 (the pilot's questions) and 3.1.2 (anticipating needs).
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from shutil import copytree
from typing import Any, Final

import ibis.expr.types as ir
import numpy as np
import pyarrow as pa
import tomli_w
from tests.conftest import ROOT
from tests.jalostamo.managing.sensitive.small_town import TODAY

from jalostamo.concepts.customers import CustomerKind
from jalostamo.engine.connection import Engine
from jalostamo.managing.requests import Request, read_request
from jalostamo.managing.sensitive.corridor import Rooms, opened_for_counting, refine
from jalostamo.managing.sensitive.preparing.record_keys import RecordKeys
from jalostamo.producing.analyses.answering import answer
from jalostamo.producing.analyses.asked import Analysis, read_analysis
from jalostamo.producing.analyses.findings import Findings
from jalostamo.producing.analyses.inside.definition import cube_of
from jalostamo.producing.analyses.inside.derivations import with_derived
from jalostamo.producing.analyses.journeys import Grain
from jalostamo.producing.analyses.sources import journeys_from, window_of
from jalostamo.producing.cubes.counted import KEY_SPACE
from jalostamo.producing.cubes.counting import count_cube
from jalostamo.utilising.disclosure.figures.journeys import findings_printed
from jalostamo.utilising.disclosure.gate import disclose
from jalostamo.utilising.disclosure.ledger.ledger import Ledger
from jalostamo.utilising.disclosure.noise import noise_table
from jalostamo.utilising.disclosure.rules import OUTSIDE

PILOT: Final = ROOT / "examples" / "pilot"
SUPPORT: Final = "SUP"
SERVICES: Final = ("FC", "HS", "NOT", "ASM", "FW", "IFW", "SP", "EMP", "OCP", "TIC", "AFT")
NOISE: Final = noise_table("d10-v8-js4-p30")
_FOR_ROWS_ALONE: Final = ("k", "units", "suppression_limit", "loss_by")


@dataclass(frozen=True, slots=True)
class Released:
    """The tables of a release."""

    persons: ir.Table
    events: ir.Table


def asked(text: str, folder: Path) -> Analysis:
    """An analysis from its file."""
    (folder / "asked.toml").write_text(text, encoding="utf-8")
    return read_analysis(folder / "asked.toml")


def released(engine: Engine, home: Path) -> Released:
    """The town's release, its rows as they left the closed room."""
    request = _request(home / "rows", _pilot(PILOT / "request.toml"))
    rooms = Rooms(home / "sources", home / "vault", home / "releases")
    release = refine(engine, request, rooms, progress=lambda _: None, today=TODAY).release
    return Released(*(engine.keep(release.table(engine, name)) for name in ("persons", "events")))


def truly(engine: Engine, of: Released, analysis: Analysis) -> Findings:
    """What an analysis finds on the release."""
    assert analysis.first_day
    assert analysis.last_day
    window = window_of(analysis.first_day, analysis.last_day, Grain.MONTH)
    told = {"services": analysis.services, "grain": Grain.MONTH, "window": window}
    journeys = journeys_from(of.persons, of.events, analysis.setting, **told)  # type: ignore[arg-type]  # by name
    return answer(engine, journeys, analysis, source="release", progress=lambda _: None)


@dataclass(frozen=True, slots=True)
class Inside:
    """The closed room while it counts."""

    engine: Engine
    tables: Mapping[str, ir.Table]
    home: Path

    def printed(self, analysis: Analysis) -> Findings:
        """What is printed of an analysis, each under a population of its own, and read back from its cells alone."""
        assert analysis.printing
        place = self.home / "ledgers" / analysis.name
        place.mkdir(parents=True)
        definition = cube_of(analysis, grain=Grain.MONTH)
        counted = count_cube(self.engine, definition, with_derived(self.engine, definition, self.tables))
        cube = disclose(counted, rule=OUTSIDE, noise=NOISE, ledger=Ledger(place), series=None, source="s" * 64)
        return findings_printed(cube, analysis)


@contextmanager
def inside(engine: Engine, home: Path) -> Iterator[Inside]:
    """The closed room, opened for counting by a request of cells; with the block every row is destroyed."""
    content = _pilot(PILOT / "request.toml")
    head, recipe = content["request"], content["preparation"]
    content["request"] = {**head, "lane": "cells", "rule": "outside"}
    kept = {key: value for key, value in recipe.items() if key not in _FOR_ROWS_ALONE}
    content["preparation"] = {**kept, "data_class": "printed_cells"}
    request = _request(home / "cells", content)
    rooms = Rooms(home / "sources", home / "vault", home / "releases")
    told = {"unit": CustomerKind.PERSON, "today": TODAY}
    with opened_for_counting(
        engine,
        request,
        rooms,
        keys=RecordKeys(),
        progress=lambda _: None,
        **told,  # type: ignore[arg-type]  # by name
    ) as opened:
        yield Inside(engine, {**opened.tables, "keys": _drawn_keys(engine, opened.tables["keys"])}, home)


def _drawn_keys(engine: Engine, keys: ir.Table) -> ir.Table:
    """Record keys from a seed in place of a secret, so that the same town prints the same numbers."""
    units = engine.arrow(keys.select("unit").order_by("unit"))
    numbers = np.random.default_rng(1).integers(0, KEY_SPACE, units.num_rows)
    return engine.in_memory(units.append_column("record_key", pa.array(numbers, pa.int64())))


# What is in a request has no narrower type than Any.
def _pilot(path: Path) -> dict[str, Any]:
    """The pilot's request, and what schools decided on support."""
    content = tomllib.loads(path.read_text(encoding="utf-8"))
    content["request"].pop("definition")
    support = {"register": "schools", "table": "support", "fields": ["pupil", "level", "since"]}
    content["source"].append({**support, "called": {"since": "start"}})
    content["linking"]["joins"]["schools"] = "pupil"
    fields = {"social_services": "service", "schools": "level"}
    content["harmonise"] = [{"name": "met", "fields": fields, "mapping": "services.toml"}]
    events = content["preparation"]["event_field"]
    content["preparation"]["event_field"] = [{**each, **_made_of(each["name"])} for each in events]
    return content


def _made_of(name: str) -> dict[str, list[str]]:
    return {"of": ["met"]} if name == "service" else {}


def _request(folder: Path, content: dict[str, Any]) -> Request:
    folder.mkdir()
    copytree(PILOT / "hierarchies", folder / "hierarchies")
    codes = [{"code": name, "fi": name, "sv": name, "en": name} for name in (*SERVICES, SUPPORT)]
    maps = {"social_services": {name: name for name in SERVICES}, "schools": dict.fromkeys("TE", SUPPORT)}
    mapping = {"name": "met", "version": "1", "codes": codes, "map": maps}
    (folder / "services.toml").write_text(tomli_w.dumps(mapping), encoding="utf-8")
    if content["request"].get("lane") == "cells":
        # A request of cells names what is counted; here each analysis is handed over by itself.
        content["request"]["definition"] = "cells.toml"
    (folder / "request.toml").write_text(tomli_w.dumps(content), encoding="utf-8")
    return read_request(folder / "request.toml")
