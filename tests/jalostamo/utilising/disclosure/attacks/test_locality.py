"""Who is counted elsewhere moves no other cell, at a refresh with the keys of the same series."""

from __future__ import annotations

import numpy as np
import pytest
from tests.jalostamo.utilising.disclosure.attacks.conftest import Rooms
from tests.jalostamo.utilising.disclosure.attacks.planted_towns import (
    AGE,
    AREA,
    SEX,
    USUAL,
    Keying,
    cells_of,
    definition,
    drawn,
    even,
    keys_redrawn,
    record_keys,
)

from jalostamo.producing.cubes.counted import CountedCube
from jalostamo.producing.cubes.definition import TOTAL
from jalostamo.utilising.disclosure.noise import KEY_SPACE, noise_table

ASKED = definition("by all", (AREA, AGE, SEX))
TOWN = drawn(2_000, USUAL)
ELSEWHERE = drawn(40, {"area": {"5": 1.0}, "age": even("0-17", "18-64"), "sex": even("f", "m")}, called="new")
GONE = (TOWN.fields["area"] == "4") & (TOWN.fields["age"] == "0-17") & (np.arange(2_000) % 3 == 0)
LATER = TOWN.and_also(ELSEWHERE).without(np.append(GONE, np.zeros(40, dtype=bool)))
TOUCHED = {"a4", "a5", "south", TOTAL}
type Counted = tuple[CountedCube, CountedCube]


@pytest.fixture(scope="module")
def counted(rooms: Rooms) -> Counted:
    room = rooms()
    return room.counted(TOWN, ASKED), room.counted(LATER, ASKED)


def moved(before: dict[tuple[str, ...], int], after: dict[tuple[str, ...], int]) -> tuple[int, int]:
    """How many cells print another number, of those that hold who came and went and of the others."""
    changed = [cell for cell in before if before[cell] != after[cell]]
    inside = sum(cell[1] in TOUCHED for cell in changed)
    return inside, len(changed) - inside


def through_a_ledger(rooms: Rooms, keying: Keying) -> tuple[int, int]:
    room = rooms()
    first = room.printed(TOWN, ASKED, source="1" * 64)
    room = room if keying is record_keys else rooms()
    return moved(cells_of(first, "printed"), cells_of(room.printed(LATER, ASKED, keying, source="2" * 64), "printed"))


def test_a_refresh_moves_only_cells_of_those_who_came_or_went(rooms: Rooms) -> None:
    inside, outside = through_a_ledger(rooms, record_keys)
    assert inside > 20
    assert outside == 0


def test_other_keys_at_a_refresh_would_move_the_others_too(rooms: Rooms) -> None:
    _, outside = through_a_ledger(rooms, keys_redrawn(3))
    assert outside > 20


def test_cells_have_the_same_keys_after_a_refresh_where_nobody_came_or_went(counted: Counted) -> None:
    before, after = (cells_of(cube, "key") for cube in counted)
    assert moved(before, after)[1] == 0


def test_noise_drawn_at_every_request_would_move_the_others_too(counted: Counted) -> None:
    chance, table = np.random.default_rng(6), noise_table()
    found = []
    for cube in counted:
        n = cube.cells["n"].to_numpy()
        printed = table.printed(n, chance.integers(0, KEY_SPACE, len(n)))
        found.append(dict(zip(cells_of(cube, "n"), printed.tolist(), strict=True)))
    assert moved(*found)[1] > 20
