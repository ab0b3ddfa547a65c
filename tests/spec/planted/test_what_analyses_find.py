"""2.2, 3.1.2: of what was planted in ten towns the methods say that it is so, and of what was not they say nothing.

On the release, whose figures are true, and on what the closed room prints of the same files.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from shutil import rmtree
from typing import Final

import ibis.expr.types as ir
import numpy as np
import pyarrow as pa
import pytest
from tests.spec.planted.claims import (
    BESIDE,
    BY_LANGUAGE,
    SCREEN,
    Claim,
    claimed_beside,
    claimed_of_language,
    claimed_to_precede,
)
from tests.spec.planted.lanes import Released, asked, inside, released, truly

from jalostamo.city.generation import generate
from jalostamo.city.plan import Plan
from jalostamo.engine.connection import Engine, open_engine

pytestmark = [pytest.mark.deep, pytest.mark.xdist_group("analysed")]

SEEDS: Final = range(1, 11)
PEOPLE: Final = 40_000
FOUND_IN: Final = 9
"""In so many of ten towns what was planted must be claimed."""

MOST_WRONG: Final = 0.05
LEAST_COVERED: Final = 0.85
"""Of intervals that hold nineteen times of twenty; those of printed shares also miss who could not be followed to the end."""

LANES: Final = ("true", "printed")
type Claims = tuple[Claim, ...]


@dataclass(frozen=True, slots=True)
class Town:
    """What is claimed of one town by each lane, and once its languages or its times were dealt out anew."""

    language: Mapping[str, Claims]
    precursors: Mapping[str, Claims]
    dealt_languages: Claims
    dealt_times: Claims


@pytest.fixture(scope="module")
def towns(tmp_path_factory: pytest.TempPathFactory) -> tuple[Town, ...]:
    return tuple(_analysed(seed, tmp_path_factory.mktemp(f"town-{seed}")) for seed in SEEDS)


def _analysed(seed: int, home: Path) -> Town:
    (home / "workspace").mkdir()
    generate(home / "sources", Plan(PEOPLE, 2010, 2016, seed), only=("population", "social_services", "schools"))
    truth = json.loads((home / "sources" / "truth.json").read_text(encoding="utf-8"))["planted"]
    planted = {name: float(each["value"]) for name, each in truth.items() if each["scale"] != "count"}
    with open_engine(workspace=home / "workspace") as engine:
        town = _claimed(engine, home, planted)
    rmtree(home)
    return town


def _claimed(engine: Engine, home: Path, planted: Mapping[str, float]) -> Town:
    release = released(engine, home)
    by_language, screen, beside = (
        {k: asked(v, home) for k, v in BY_LANGUAGE.items()},
        asked(SCREEN, home),
        asked(BESIDE, home),
    )
    dealt = Released(dealt_out(engine, release.persons, "language_group"), release.events)
    retimed = Released(release.persons, dealt_out(engine, release.events, "start", within="service"))
    with inside(engine, home) as room:
        printed = {name: room.printed(each) for name, each in by_language.items()}
        shown = room.printed(beside)
    true = {name: truly(engine, release, each) for name, each in by_language.items()}
    shuffled = {name: truly(engine, dealt, each) for name, each in by_language.items()}
    return Town(
        {"true": tuple(claimed_of_language(true, planted)), "printed": tuple(claimed_of_language(printed, planted))},
        {"true": tuple(claimed_to_precede(truly(engine, release, screen))), "printed": tuple(claimed_beside(shown))},
        tuple(claimed_of_language(shuffled, planted)),
        tuple(claimed_to_precede(truly(engine, retimed, screen))),
    )


def dealt_out(engine: Engine, table: ir.Table, column: str, *, within: str | None = None) -> ir.Table:
    """The table with one column dealt out anew among its rows, or among those that are alike in another."""
    rows = engine.arrow(table)
    groups = np.array(rows[within].to_pylist() if within else [""] * rows.num_rows)
    # Whose place in a group by chance is whose place in it as they stand.
    drawn, standing = (
        np.lexsort((np.random.default_rng(1).random(len(groups)), groups)),
        np.argsort(groups, kind="stable"),
    )
    taken = np.empty_like(drawn)
    taken[standing] = drawn
    dealt = rows.set_column(rows.column_names.index(column), column, rows[column].take(pa.array(taken)))
    return engine.in_memory(dealt)


def by_name(towns: Iterator[Claims]) -> dict[str, list[Claim]]:
    found: dict[str, list[Claim]] = {}
    for claims in towns:
        for claim in claims:
            found.setdefault(claim.name, []).append(claim)
    return found


def table(found: Mapping[str, list[Claim]]) -> str:
    """Each thing by town: what was measured, * where it is claimed, ! where the interval does not hold what was planted."""
    rows = (f"{name:<22} {sum(c.is_claimed for c in of):>2}  {'  '.join(map(str, of))}" for name, of in found.items())
    return "\n".join(("", *rows))


def judged(found: Mapping[str, list[Claim]]) -> None:
    """What was planted is claimed nearly always, to the right side; what was not, as seldom as was promised."""
    planted = {name: of for name, of in found.items() if of[0].is_planted}
    others = [claim for of in found.values() for claim in of if not claim.is_planted]
    print(table({name: of for name, of in found.items() if of[0].is_planted or any(c.is_claimed for c in of)}))
    wrong = sum(claim.is_claimed for claim in others)
    print(f"not planted: {wrong} claimed of {len(others)} tests")
    assert len(planted) * len(SEEDS) == sum(map(len, planted.values()))
    sure = {name: sum(claim.is_claimed for claim in of) for name, of in planted.items() if of[0].is_sure}
    assert [name for name, times in sure.items() if times < FOUND_IN] == []
    assert others
    assert wrong <= MOST_WRONG * len(others)
    covered = [claim.is_covered for of in planted.values() for claim in of]
    print(f"intervals that hold what was planted: {sum(covered)} of {len(covered)}")
    assert sum(covered) >= LEAST_COVERED * len(covered)


@pytest.mark.requirement("S22-24", "S22-25", "S22-26", "S22-27")
@pytest.mark.parametrize("lane", LANES)
def test_what_language_changes_is_found_and_what_it_does_not_is_left_alone(towns: tuple[Town, ...], lane: str) -> None:
    judged(by_name(town.language[lane] for town in towns))


@pytest.mark.parametrize("lane", LANES)
def test_what_precedes_support_at_school_is_found_and_nothing_else(towns: tuple[Town, ...], lane: str) -> None:
    judged(by_name(town.precursors[lane] for town in towns))


def test_where_languages_or_times_are_dealt_out_anew_nothing_is_found(towns: tuple[Town, ...]) -> None:
    """Something may be claimed by chance, of eight comparisons in each town; of a hundred factors hardly ever anything."""
    languages, times = ([claim for town in towns for claim in dealt(town)] for dealt in (_languages, _times))
    claimed = [[claim.name for claim in claims if claim.is_claimed] for claims in (languages, times)]
    print(claimed)
    assert len(claimed[0]) <= 2 * MOST_WRONG * len(languages)
    assert len(claimed[1]) <= 1


def _languages(town: Town) -> Claims:
    return town.dealt_languages


def _times(town: Town) -> Claims:
    return town.dealt_times
