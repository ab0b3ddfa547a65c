"""A small town's journeys, put to an analysis twice: as the closed room prints them, and as they truly are."""

from __future__ import annotations

import datetime
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pyarrow as pa

from jalostamo.engine.connection import Engine
from jalostamo.producing.analyses.answering import answer
from jalostamo.producing.analyses.asked import Analysis, read_analysis
from jalostamo.producing.analyses.findings import Findings
from jalostamo.producing.analyses.inside.definition import cube_of
from jalostamo.producing.analyses.inside.derivations import with_derived
from jalostamo.producing.analyses.journeys import Grain
from jalostamo.producing.analyses.sources import journeys_from, window_of
from jalostamo.producing.cubes.counted import KEY_SPACE, Tables
from jalostamo.producing.cubes.counting import count_cube
from jalostamo.producing.cubes.differences import differences
from jalostamo.utilising.disclosure.figures.journeys import findings_printed
from jalostamo.utilising.disclosure.gate import disclose
from jalostamo.utilising.disclosure.ledger.ledger import Ledger
from jalostamo.utilising.disclosure.noise import noise_table
from jalostamo.utilising.disclosure.rules import OUTSIDE

FILE = """
[analysis]
name = "after-a-notification"
method = "step_map"
from = 2010-01-01
to = 2016-12-31
services = ["N", "A", "F", "X", "Y"]
[groups]
field = "language"
values = { swedish = ["sv"], finnish = ["fi"] }
compare = ["swedish", "finnish"]
age_bands = [[0, 6], [7, 17]]
[printed]
population = "children"
grid = [0, 1, 2, 3, 6, 12]
"""
BESIDE = FILE.replace("step_map", "before_after") + '[parameters]\nindex = ["A"]\n'
BESIDE = BESIDE.replace("age_bands = [[0, 6], [7, 17]]\n", "").replace("grid = [0, 1, 2, 3, 6, 12]\n", "")
FILTERED = BESIDE.replace('population = "children"', 'population = "children"\ngrid = [0, 1, 3, 6, 12]')
FILTERED += '[[filter]]\nkeep = "cases_with"\nservices = ["N"]\n[[filter]]\nkeep = "first_events"\n'

NOISE = noise_table("d10-v8-js4-p30")
PLANTED = {"sv": 0.6, "fi": 0.35, "ru": 0.35}
"""How likely an assessment follows a notification; Y follows X in every group alike."""


def town(engine: Engine, *, people: int = 2400, seed: int = 6) -> Tables:
    """People of three languages: one in five had no service, but for two who took steps that nobody else takes."""
    draw = np.random.default_rng(seed)
    names = [f"p{number}" for number in range(people)]
    languages = draw.choice(list(PLANTED), people, p=[0.35, 0.5, 0.15])
    births = draw.integers(1999, 2010, people)
    events: list[dict[str, object]] = []
    for number, name in enumerate(names):
        for order, (service, month) in enumerate(_path(draw, number, str(languages[number]))):
            start = datetime.date(2010 + month // 12, 1 + month % 12, 1)
            events.append({"unit": name, "person": name, "order": order, "service": service, "start": start})
    persons = {"unit": names, "person": names, "language": languages.tolist(), "birth_year": births.tolist()}
    keys = {"unit": names, "record_key": draw.integers(0, KEY_SPACE, people).tolist()}
    found = {"persons": pa.table(persons), "events": pa.Table.from_pylist(events), "keys": pa.table(keys)}
    return {name: engine.in_memory(table) for name, table in found.items()}


def _path(draw: np.random.Generator, number: int, language: str) -> Sequence[tuple[str, int]]:
    """The services of one person, each with its month."""
    month = int(draw.integers(0, 60))
    if number % 5 == 0:
        return [("F", month), ("N", month), ("Y", month)] if number < 10 else []
    found = [("N", month)] if draw.random() < 0.8 else []
    if found and draw.random() < PLANTED[language]:
        month += int(draw.integers(0, 6))
        found.append(("A", month))
    if draw.random() < 0.5:
        month += int(draw.integers(0, 3))
        found += [("X", month), *([("Y", month + 2)] if draw.random() < 0.5 else [])]
    return found


def asked(file: str, folder: Path) -> Analysis:
    """An analysis from its file."""
    (folder / "asked.toml").write_text(file)
    return read_analysis(folder / "asked.toml")


def printed(engine: Engine, of: Tables, file: str, folder: Path) -> Findings:
    """What the closed room prints of an analysis: derived, counted, through the gate, and read back from its cells."""
    (folder / "ledger").mkdir(exist_ok=True)
    analysis, ledger = asked(file, folder), Ledger(folder / "ledger")
    definition = cube_of(analysis, grain=Grain.MONTH)
    counted = count_cube(engine, definition, with_derived(engine, definition, of))
    earlier = ledger.definitions(definition.population)
    cut = differences(engine, counted, earlier, lambda before: with_derived(engine, before, of))
    told = {"rule": OUTSIDE, "noise": NOISE, "ledger": ledger, "series": "one", "source": "s" * 64}
    return findings_printed(disclose(counted, differences=cut, **told), analysis)  # type: ignore[arg-type]  # by name


def true(engine: Engine, of: Tables, file: str, folder: Path) -> Findings:
    """What the same file finds where rows may be read."""
    analysis = asked(file, folder)
    window = window_of(datetime.date(2010, 1, 1), datetime.date(2016, 12, 31), Grain.MONTH)
    services, setting = analysis.services, analysis.setting
    journeys = journeys_from(of["persons"], of["events"], setting, services=services, grain=Grain.MONTH, window=window)
    return answer(engine, journeys, analysis, source="true", progress=lambda _: None)
