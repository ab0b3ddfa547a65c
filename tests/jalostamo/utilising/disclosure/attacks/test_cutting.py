"""One cell cut by many irrelevant categories, or by many points of a number that says nothing, tells little more of it."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from tests.jalostamo.producing.cubes.small_cubes import dimension
from tests.jalostamo.utilising.disclosure.attacks.conftest import Rooms
from tests.jalostamo.utilising.disclosure.attacks.least_squares import Floats, Guesses
from tests.jalostamo.utilising.disclosure.attacks.planted_towns import RESIDENTS, Numbers, People, definition

from jalostamo.producing.cubes.definition import CubeDefinition
from jalostamo.producing.cubes.redundancy import share_left
from jalostamo.utilising.disclosure.noise import KEY_SPACE, NoiseTable, noise_table, shipped_tables
from jalostamo.utilising.disclosure.noise_left import objections_to_shape
from jalostamo.utilising.disclosure.rules import OUTSIDE

BEYOND = OUTSIDE.most_gained
MILDER = "d5-v3-js2-p50"


def summed_over(parts: int, *, alike: bool) -> Numbers:
    """3,000 cells of 40, each the sum of its printed parts; where keys are alike, of parts by their size alone."""
    chance, table = np.random.default_rng(9), noise_table()
    keys = chance.integers(0, KEY_SPACE, (3_000, parts, 40 // parts))
    of_parts = np.full(keys.shape[:2], 5_000_000) if alike else keys.sum(axis=2) % KEY_SPACE
    return table.printed(np.full(keys.shape[:2], 40 // parts), of_parts).sum(axis=1) - 40


@pytest.mark.parametrize("parts", [2, 4])
def test_a_cell_summed_over_irrelevant_categories_is_that_much_noisier(parts: int) -> None:
    assert summed_over(parts, alike=False).var() == pytest.approx(3 * parts, rel=0.12)


@pytest.mark.parametrize("parts", [2, 4])
def test_keys_shared_by_all_would_leave_a_sum_no_noise_of_its_own(parts: int) -> None:
    assert summed_over(parts, alike=True).var() == 0


GROUPS, IN_DISTRICT, GRID = 40, (150, 160, 170, 140), 100
DISTRICTS = [f"g{group:02}-{place}" for group in range(GROUPS) for place in range(5)]
DISTRICT = dimension("district", [{code: code for code in DISTRICTS}, {code: code[:3] for code in DISTRICTS}])


def rare_in_each_group() -> People:
    """Groups of five districts, of which one holds one person or two; each person has a number that says nothing."""
    sizes = np.array([[1 + group % 2, *IN_DISTRICT] for group in range(GROUPS)]).ravel()
    districts, numbers = np.repeat(DISTRICTS, sizes), np.random.default_rng(2).integers(0, GRID + 1, sizes.sum())
    return People(tuple(f"unit {place}" for place in range(len(districts))), {"district": districts, "number": numbers})


def cut_in_two(cuts: int, noise: str = MILDER, *, above: bool = True) -> CubeDefinition:
    """The districts, and those below each of so many points; and those above, where asked."""
    grid = np.linspace(15, 85, cuts).astype(int).tolist()
    low = replace(RESIDENTS, name="low", kind="at_most", of="number", grid=tuple(grid))
    high = replace(low, name="high", kind="at_risk", grid=tuple(point + 1 for point in grid))
    halves = (low, high) if above else (low,)
    return definition("cut", [DISTRICT], measures=(RESIDENTS, *halves), noise=noise)


def of_the_rare(rooms: Rooms, cuts: int, noise: str = MILDER) -> tuple[Guesses, Guesses]:
    """What is guessed of those districts by reading each alone, and from the others' and the group's cut in two so often."""
    asked, table = cut_in_two(cuts, noise), noise_table(noise)
    cube = rooms().printed(rare_in_each_group(), asked)
    names = [cube.cells[name].to_pylist() for name in ("measure", "at", "district")]
    told = dict(zip(zip(*names, strict=True), cube.cells["printed"].to_pylist(), strict=True))

    def mean(code: str) -> float:
        both = [told["low", str(point), code] + told["high", str(point + 1), code] for point in asked.measures[1].grid]
        return float(told["residents", "", code] + sum(both) / 2) / (1 + cuts / 2)

    own = np.array([told["residents", "", f"g{group:02}-0"] for group in range(GROUPS)])
    others = [mean(f"g{g:02}") - sum(mean(f"g{g:02}-{place}") for place in range(1, 5)) for g in range(GROUPS)]
    return believed(own, np.array(others), table, variance=5 * table.variance / (1 + cuts / 2))


def believed(own: Numbers, others: Floats, table: NoiseTable, *, variance: float) -> tuple[Guesses, Guesses]:
    """By reading alone, and with what the others tell; nought to five are thought equally likely before."""
    counts = np.arange(6)[:, None]
    alone = np.array([[table.distribution(n).get(int(value), 0.0) for value in own] for n in range(6)])
    both = alone * np.exp(-((others - counts) ** 2) / (2 * variance))
    true = 1 + np.arange(GROUPS) % 2
    return Guesses(alone / alone.sum(axis=0), true), Guesses(both / both.sum(axis=0), true)


def test_a_few_cuts_by_a_number_that_says_nothing_are_let_through_and_gain_little(rooms: Rooms) -> None:
    noise = "d10-v8-js4-p30"
    assert not objections_to_shape(cut_in_two(5, noise), noise_table(noise), OUTSIDE)
    alone, split = of_the_rare(rooms, 5, noise)
    assert split.exact - alone.exact <= BEYOND


def test_many_cuts_by_a_number_that_says_nothing_are_refused_and_would_tell_too_much(rooms: Rooms) -> None:
    for noise in shipped_tables():
        assert objections_to_shape(cut_in_two(70, noise), noise_table(noise), OUTSIDE)
    alone, split = of_the_rare(rooms, 70)
    assert split.exact - alone.exact > BEYOND


def test_a_grid_read_from_one_end_alone_is_no_sum_of_anything() -> None:
    grid = cut_in_two(70, above=False)
    assert share_left(grid) == share_left(replace(grid, measures=(RESIDENTS,)))
    assert not objections_to_shape(grid, noise_table(), OUTSIDE)


def test_the_same_people_at_many_points_print_one_number(rooms: Rooms) -> None:
    """Where nobody is between two points there is no further noise, so that no mean of many points is nearer the truth."""
    people = rare_in_each_group()
    cells = rooms().printed(people, cut_in_two(70, above=False)).cells
    rare = [row for row in cells.to_pylist() if row["measure"] == "low" and row["district"].endswith("-0")]
    printed: dict[tuple[str, frozenset[str]], set[int]] = {}
    for row in rare:
        here = people.fields["district"] == row["district"]
        below = here & (people.fields["number"].astype(int) <= int(row["at"] or GRID))
        who = frozenset(np.flatnonzero(below).astype(str))
        printed.setdefault((row["district"], who), set()).add(row["printed"])
    assert len(printed) < len(rare) / 10
    assert {len(numbers) for numbers in printed.values()} == {1}
