"""One question, one number: however it is written, in whichever cube, and in whatever form it is read."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import pytest
from tests.jalostamo.producing.cubes.small_cubes import plain
from tests.jalostamo.utilising.disclosure.attacks.conftest import Rooms
from tests.jalostamo.utilising.disclosure.attacks.planted_towns import (
    AGE,
    AREA,
    PARTS,
    RESIDENTS,
    SEX,
    USUAL,
    Keying,
    definition,
    drawn,
    keys_redrawn,
    record_keys,
)

from jalostamo.producing.cubes.definition import TOTAL, CubeDefinition, Filter
from jalostamo.utilising.disclosure.files import write_printed
from jalostamo.utilising.disclosure.gate import open_printed
from jalostamo.utilising.disclosure.printed import PrintedCube
from jalostamo.utilising.disclosure.queries import Query, answer

TOWN = drawn(1_500, {**USUAL, "register": {"here": 1.0}})
PART = replace(plain("part", "pohjoinen", "etelä"), field="area")
BY_PART = replace(PART, values={code: ("pohjoinen", "etelä")[part == "south"] for code, part in PARTS.items()})
REGISTER = plain("register", "here", "elsewhere")
NORTHERN, GROWN = Filter("area", ("1", "2")), Filter("age", ("18-64", "65-"))
EVERYONE = Filter("sex", ("m", "f"), ("f", "m"))
PEOPLE = replace(RESIDENTS, name="people")
GROWN_NORTH = replace(RESIDENTS, name="grown", where=(GROWN, NORTHERN))
CUBES: dict[str, CubeDefinition] = {
    "whole": definition("whole", (AREA, AGE, SEX)),
    "constant": definition("constant", (AREA, replace(AGE, name="years"), REGISTER)),
    "renamed": definition("renamed", (SEX, BY_PART, AGE), measures=(PEOPLE,)),
    "filtered": definition("filtered", (AGE, SEX), filters=(NORTHERN, GROWN)),
    "turned": definition("turned", (SEX, AGE), filters=(EVERYONE, GROWN, NORTHERN)),
    "in the measure": definition("in the measure", (SEX, AGE), measures=(GROWN_NORTH,)),
}
GROWN_AGES = ("18-64", "65-")
type Asked = Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Shelf:
    """All cubes of a town, and the whole one read back from its file."""

    cubes: Mapping[str, PrintedCube]
    read_back: PrintedCube


def shelf(rooms: Rooms, folder: Path, keying: Callable[[int], Keying], *, one_ledger: bool) -> Shelf:
    """The cubes, each counted with the keys of its turn."""
    room = rooms()
    cubes = {}
    for turn, (name, asked) in enumerate(CUBES.items()):
        room = room if one_ledger else rooms()
        cubes[name] = room.printed(TOWN, asked, keying(turn))
    write_printed(cubes["whole"], folder / "cube.parquet")
    return Shelf(cubes, open_printed(folder / "cube.parquet"))


@pytest.fixture(scope="module")
def protected(rooms: Rooms, tmp_path_factory: pytest.TempPathFactory) -> Shelf:
    return shelf(rooms, tmp_path_factory.mktemp("shelf"), lambda _: record_keys, one_ledger=True)


def ways(shelf: Shelf, asked: Asked, chance: np.random.Generator) -> dict[str, int | None]:
    """The number of the people of an area, an age and a sex, in every way that it can be asked."""
    area, age, sex = (asked[name] for name in ("area", "age", "sex"))
    cubes = shelf.cubes
    found = {
        "report": cubes["whole"].count("residents", area=area, age=age, sex=sex),
        "file": shelf.read_back.count("residents", sex=sex, area=area, age=age),
        "filters": _asked_by_filters(cubes["whole"], asked, chance),
        "drill": _drilled(cubes["whole"], asked),
    }
    if sex == TOTAL:
        register = str(chance.choice(["here", TOTAL]))
        found["constant"] = cubes["constant"].count("residents", area=area, years=age, register=register)
    if area in {"north", "south", TOTAL}:
        part = {"north": "pohjoinen", "south": "etelä"}.get(area, TOTAL)
        found["renamed"] = cubes["renamed"].count("people", part=part, age=age, sex=sex)
    if area == "north" and age in GROWN_AGES:
        found |= {name: cubes[name].count("residents", age=age, sex=sex) for name in ("filtered", "turned")}
        found["in the measure"] = cubes["in the measure"].count("grown", age=age, sex=sex)
    return found


def _asked_by_filters(cube: PrintedCube, asked: Asked, chance: np.random.Generator) -> int | None:
    """Filters in any order, codes told by their finer ones, filters that say nothing new."""
    where = {}
    for dimension in chance.permutation(["area", "age", "sex"]).tolist():
        known = next(each for each in cube.dimensions if each.name == dimension)
        code = asked[dimension]
        leaves = [leaf for leaf in known.levels[0] if code == TOTAL or known.holds(code, leaf)]
        where[dimension] = (code,) if chance.random() < 0.4 else tuple(chance.permutation(leaves).tolist())
    (row,) = answer(cube, Query("residents", where=where)).rows
    return row.printed


def _drilled(cube: PrintedCube, asked: Asked) -> int | None:
    """The row of that code in the table by area (at its level), of the others."""
    if asked["area"] == TOTAL:
        found = answer(cube, Query("residents", by={"area": 1}, where={n: (asked[n],) for n in ("sex", "age")})).total
        return None if found is None else found.printed
    level = 0 if asked["area"] in AREA.levels[0] else 1
    rows = answer(cube, Query("residents", by={"area": level}, where={n: (asked[n],) for n in ("age", "sex")})).rows
    return next(row.printed for row in rows if row.codes == (asked["area"],))


def asked_at_random(chance: np.random.Generator) -> Asked:
    """A cell of the whole cube; half of them where every cube can be asked."""
    if chance.random() < 0.5:
        return {"area": "north", "age": str(chance.choice(GROWN_AGES)), "sex": str(chance.choice(["f", "m", TOTAL]))}
    return {each.name: str(chance.choice([*each.codes, TOTAL])) for each in (AREA, AGE, SEX)}


def asked_twice(shelf: Shelf) -> list[tuple[set[str], bool]]:
    """200 queries, each written in two ways: the ways, and whether the numbers differ."""
    chance = np.random.default_rng(8)
    found = []
    for _ in range(200):
        answers = ways(shelf, asked_at_random(chance), chance)
        pair = set(chance.choice(list(answers), 2, replace=False).tolist())
        found.append((pair, len({answers[way] for way in pair}) > 1))
    return found


@pytest.mark.requirement("S23-11")
def test_200_queries_written_two_ways_give_equal_numbers(protected: Shelf) -> None:
    found = asked_twice(protected)
    assert sum(differ for _, differ in found) == 0
    assert set().union(*(pair for pair, _ in found)) == {
        *("report", "file", "filters", "drill", "constant", "renamed", "filtered", "turned", "in the measure")
    }


def test_every_cell_of_a_cube_is_the_same_in_its_file(protected: Shelf) -> None:
    assert protected.read_back.cells == protected.cubes["whole"].cells


def test_keys_redrawn_for_every_cube_would_be_noticed(rooms: Rooms, tmp_path: Path) -> None:
    # A ledger of its own for each: one ledger would refuse the second.
    found = asked_twice(shelf(rooms, tmp_path, keys_redrawn, one_ledger=False))
    crossing = [differ for pair, differ in found if pair & set(CUBES)]
    assert np.mean(crossing) > 0.5


def test_margins_added_up_would_be_noticed(protected: Shelf) -> None:
    cube, codes = protected.cubes["whole"], [each.codes for each in (AGE, SEX)]
    differ = []
    for age in (*codes[0], TOTAL):
        for sex in (*codes[1], TOTAL):
            parts = [cube.count("residents", area=area, age=age, sex=sex) or 0 for area in ("a1", "a2")]
            differ.append(sum(parts) != protected.cubes["renamed"].count("people", part="pohjoinen", age=age, sex=sex))
    assert np.mean(differ) > 0.5
