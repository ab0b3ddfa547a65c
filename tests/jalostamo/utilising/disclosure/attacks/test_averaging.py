"""Asking again, or by another name, brings the same number: there is nothing to take the mean of."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from numpy.typing import NDArray
from tests.jalostamo.utilising.disclosure.attacks.conftest import Rooms
from tests.jalostamo.utilising.disclosure.attacks.planted_towns import (
    AGE,
    AREA,
    RESIDENTS,
    SEX,
    USUAL,
    Room,
    cells_of,
    definition,
    drawn,
    keys_redrawn,
)

from jalostamo.producing.cubes.counted import CountedCube
from jalostamo.producing.cubes.definition import TOTAL, Filter
from jalostamo.utilising.disclosure.noise import KEY_SPACE, noise_table
from jalostamo.utilising.disclosure.printed import PrintedCube
from jalostamo.utilising.disclosure.queries import Query, answer

TIMES = 1_000
TOWN = drawn(1_200, USUAL)
ASKED = definition("by area and age", (AREA, AGE, SEX))
NORTH = Query("residents", by={"age": 0}, where={"area": ("north",)})
ALIASES = (
    NORTH,
    replace(NORTH, where={"area": ("a2", "a1")}),
    replace(NORTH, where={"sex": ("m", "f"), "area": ("north", "a1")}),
    replace(NORTH, where={"sex": (TOTAL,), "area": ("a1", "a2", "north")}),
)


@pytest.fixture(scope="module")
def room_of_town(rooms: Rooms) -> Room:
    return rooms()


@pytest.fixture(scope="module")
def counted(room_of_town: Room) -> CountedCube:
    return room_of_town.counted(TOWN, ASKED)


@pytest.fixture(scope="module")
def printed(room_of_town: Room) -> PrintedCube:
    return room_of_town.printed(TOWN, ASKED)


def test_a_thousand_requests_by_four_names_bring_one_answer(printed: PrintedCube) -> None:
    chance = np.random.default_rng(4)
    seen = {answer(printed, ALIASES[chance.integers(len(ALIASES))]).rows for _ in range(TIMES)}
    assert len(seen) == 1


def test_counting_and_printing_again_brings_the_same_numbers(rooms: Rooms, printed: PrintedCube) -> None:
    for _ in range(3):
        assert cells_of(rooms().printed(TOWN, ASKED), "printed") == cells_of(printed, "printed")


def test_a_cube_of_another_name_and_filter_brings_the_same_numbers(room_of_town: Room, printed: PrintedCube) -> None:
    other = replace(RESIDENTS, name="people")
    alias = definition("alias", (replace(AGE, name="years"),), filters=(Filter("area", ("2", "1")),), measures=(other,))
    again = room_of_town.printed(TOWN, alias)
    for age in (*AGE.codes, TOTAL):
        assert again.count("people", years=age) == printed.count("residents", area="north", age=age)


def mean_of_requests(counted: CountedCube, redraw: bool) -> NDArray[np.float64]:
    """How far the mean of a thousand requests for each cell of at least ten is from its true count."""
    n, key = counted.cells["n"].to_numpy(), counted.cells["key"].to_numpy()
    n, key = n[n >= 10], key[n >= 10]
    chance, table = np.random.default_rng(5), noise_table()
    asked = [table.printed(n, chance.integers(0, KEY_SPACE, len(n)) if redraw else key) for _ in range(TIMES)]
    off: NDArray[np.float64] = np.abs(np.mean(asked, axis=0) - n)
    return off


def test_the_mean_of_a_thousand_requests_tells_no_more_than_one(counted: CountedCube) -> None:
    assert (mean_of_requests(counted, redraw=False) < 0.5).mean() == pytest.approx(0.5, abs=0.15)


def test_noise_drawn_at_every_request_would_be_averaged_away(counted: CountedCube) -> None:
    assert mean_of_requests(counted, redraw=True).max() < 0.5


def test_keys_drawn_for_every_cube_would_be_averaged_away(rooms: Rooms, counted: CountedCube) -> None:
    # Each cube in a ledger of its own: one ledger refuses the second.
    room, asked = rooms(), definition("by age", (AGE,))
    cubes = [room.counted(TOWN, asked, keys_redrawn(seed)) for seed in range(3)]
    printed = [cells_of(rooms().through(cube), "printed")[("residents", "0-17")] for cube in cubes]
    assert len(set(printed)) > 1
