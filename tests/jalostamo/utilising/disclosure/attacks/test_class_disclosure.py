"""A group that falls in one class of a sensitive dimension as a whole is flagged, as far as a reader of the print can tell."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import numpy as np
import pytest
from tests.jalostamo.producing.cubes.small_cubes import plain
from tests.jalostamo.utilising.disclosure.attacks.alike_towns import alike
from tests.jalostamo.utilising.disclosure.attacks.conftest import Rooms
from tests.jalostamo.utilising.disclosure.attacks.planted_towns import People, cells_of, definition, drawn, even

from jalostamo.producing.cubes.definition import TOTAL
from jalostamo.utilising.disclosure.printed import PrintedCube
from jalostamo.utilising.disclosure.rules import OUTSIDE

SCHOOLS, STATES = tuple(f"s{number}" for number in range(8)), ("well", "ill", "unknown")
PLAIN = definition("state by school", (plain("school", *SCHOOLS), plain("state", *STATES)))
ASKED = replace(PLAIN, dimensions=(PLAIN.dimensions[0], replace(PLAIN.dimensions[1], sensitive=True)))


def town(seed: int = 1, *, planted: bool = True, size: int = 800) -> People:
    """A town of schools; all of one are ill, where it is planted."""
    shares = {"school": even(*SCHOOLS), "state": {"well": 0.4, "ill": 0.35, "unknown": 0.25}}
    people = drawn(size, shares, seed=seed, called=f"town {seed}, unit")
    if planted:
        people.fields["state"][people.fields["school"] == "s3"] = "ill"
    return people


def flagged(cube: PrintedCube) -> set[str]:
    return {dict(flag.group)["school"] for flag in cube.flags}


def in_one_class(numbers: Mapping[tuple[str, ...], int], least: int) -> set[str]:
    """The schools of so many or more of which one class holds all and the others nobody, by some numbers."""
    return {
        school
        for school in (*SCHOOLS, TOTAL)
        if numbers["residents", school, TOTAL] >= least
        and sum(numbers["residents", school, state] > 0 for state in STATES) == 1
    }


def test_a_group_in_one_class_is_flagged_and_no_other(rooms: Rooms) -> None:
    cube = rooms().printed(town(), ASKED)
    assert flagged(cube) == {"s3"} == in_one_class(cells_of(cube, "printed"), OUTSIDE.least)


def test_a_town_without_such_a_group_has_no_flag(rooms: Rooms) -> None:
    assert not flagged(rooms().printed(town(planted=False), ASKED))


def test_without_the_flag_the_class_of_each_would_be_read(rooms: Rooms) -> None:
    cube = rooms().printed(town(), PLAIN)
    numbers = cells_of(cube, "printed")
    assert not cube.flags
    assert numbers["residents", "s3", "ill"] > 50
    assert [state for state in STATES if numbers["residents", "s3", state]] == ["ill"]


@pytest.mark.parametrize("size", [12, 40])
def test_a_group_below_the_threshold_is_not_flagged(rooms: Rooms, size: int) -> None:
    large, small = town(planted=False), drawn(size, {"school": {"s3": 1.0}, "state": {"ill": 1.0}}, called="small")
    people = large.without(large.fields["school"] == "s3").and_also(small)
    cube = rooms().printed(people, ASKED)
    printed = cube.count("residents", school="s3")
    assert ("s3" in flagged(cube)) == (printed is not None and printed >= OUTSIDE.least)


def test_one_who_prints_as_nobody_neither_lifts_the_flag_nor_shows_by_it(rooms: Rooms) -> None:
    people = alike(town, {"school": "s3", "state": "well"})
    cubes = [rooms().printed(each, ASKED) for each in people]
    assert [flagged(cube) for cube in cubes] == [{"s3"}, {"s3"}]
    assert cubes[0].flags == cubes[1].flags


def test_flags_by_true_counts_would_tell_of_the_one(rooms: Rooms) -> None:
    people = alike(town, {"school": "s3", "state": "well"})
    true = [cells_of(rooms().counted(each, ASKED), "n") for each in people]
    assert [in_one_class(numbers, OUTSIDE.least) for numbers in true] == [{"s3"}, set()]
    assert np.ptp([numbers["residents", "s3", TOTAL] for numbers in true]) == 1
