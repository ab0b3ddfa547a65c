"""What sums of a cube's own cells leave of the noise: by its definition alone, as a plain reckoning finds it too."""

from __future__ import annotations

from dataclasses import replace
from itertools import product
from math import prod

import numpy as np
import pytest
from tests.jalostamo.producing.cubes.small_cubes import NOTIFIED, PEOPLE, SERVICE, TITLE, definition, dimension, plain

from jalostamo.producing.cubes.definition import Dimension, Filter, Measure
from jalostamo.producing.cubes.families import left_by_overlap, left_in_family, overlap_of
from jalostamo.producing.cubes.redundancy import least_left, shapes, share_left

AGE = plain("age", "0-17", "18-64", "65-")
KNOWN = plain("sex", "f", "m")
CUT = replace(PEOPLE, name="low", kind="at_most", of="months", grid=(0,))


def in_groups(*sizes: int) -> Dimension:
    """A dimension of two levels, whose coarser codes hold so many finer ones."""
    codes = {f"{group}.{place}": f"g{group}" for group, size in enumerate(sizes) for place in range(size)}
    return dimension("area", [{code: code for code in codes}, codes])


def asked(*measures: Measure, by: tuple[Dimension, ...] = (AGE,)) -> float:
    return share_left(definition(by, measures))


def of(name: str, field: str, *values: str) -> Measure:
    """The people of whom a field holds one of some values, of the three that it may hold."""
    return replace(PEOPLE, name=name, where=(Filter(field, values, ("x", "y", "z")),))


def cuts(points: int, *, above: int = 1) -> tuple[Measure, Measure]:
    """A grid read from below, and one from above that begins where the other ends."""
    return replace(CUT, grid=tuple(range(points))), replace(
        CUT, name="high", kind="at_risk", grid=tuple(point + above for point in range(points))
    )


@pytest.mark.parametrize("sizes", [(2,), (60,), (3, 3), (12, 10), (5, 4, 3, 3)], ids=str)
def test_codes_and_their_total_leave_k_of_k_and_one_by_each_dimension(sizes: tuple[int, ...]) -> None:
    by = tuple(plain(f"d{n}", *(f"{code}" for code in range(size))) for n, size in enumerate(sizes))
    assert asked(PEOPLE, by=by) == pytest.approx(prod(size / (size + 1) for size in sizes))


@pytest.mark.parametrize("sizes", [(2, 3), (4, 4, 4), (1, 5, 2), (10,) * 4], ids=str)
def test_a_hierarchy_leaves_what_the_projection_on_its_sums_leaves(sizes: tuple[int, ...]) -> None:
    area = in_groups(*sizes)
    every = area.levels[0]
    sets = {frozenset(every)} | {frozenset(c for c in every if area.holds(code, c)) for code in area.codes}
    rows = np.array([[code in held for code in every] for held in sets], dtype=float)
    leverages = np.diag(rows @ np.linalg.pinv(rows))
    assert sorted(left for left, _ in left_in_family(sets)) == pytest.approx(sorted(leverages))
    projected, branches = left_by_overlap(overlap_of(list(sets))), left_in_family(sets)
    assert np.allclose(*(sorted(np.round(each, 9).tolist()) for each in (projected, branches)))


def test_a_group_of_one_code_is_no_further_number() -> None:
    assert asked(PEOPLE, by=(in_groups(1, 1, 1),)) == pytest.approx(3 / 4)


def test_a_further_level_leaves_less() -> None:
    flat = plain("area", *in_groups(5, 5).levels[0])
    assert asked(PEOPLE, by=(in_groups(5, 5), KNOWN)) < asked(PEOPLE, by=(flat, KNOWN))


@pytest.mark.parametrize(
    "measures",
    [
        (of("one", "other", "x"), of("rest", "other", "y", "z")),
        (of("one", "other", "x"), of("two", "other", "y"), of("three", "other", "z")),
        cuts(1),
        cuts(1, above=0),
    ],
    ids=["two that part", "three that part", "a grid from both ends", "both ends at one point"],
)
def test_measures_that_part_the_people_are_one_more_split(measures: tuple[Measure, ...]) -> None:
    parts = len(measures)
    assert asked(PEOPLE, *measures) == pytest.approx(3 / 4 * parts / (parts + 1))


@pytest.mark.parametrize(
    "measures",
    [
        (PEOPLE, of("one", "other", "x")),
        (PEOPLE, of("one", "other", "x"), of("both", "other", "x", "y")),
        (PEOPLE, replace(CUT, grid=tuple(range(70)))),
        (PEOPLE, *cuts(1)[:1], replace(cuts(1)[1], where=(NOTIFIED,))),
        (PEOPLE, replace(PEOPLE, name="again")),
    ],
    ids=["a part", "nested parts", "a grid from below", "other people above", "the same twice"],
)
def test_measures_of_which_none_is_a_sum_of_others_take_nothing(measures: tuple[Measure, ...]) -> None:
    assert asked(*measures) == pytest.approx(3 / 4)


def test_each_point_that_is_read_from_both_ends_leaves_less() -> None:
    found = [asked(PEOPLE, *cuts(points)) for points in (1, 3, 12, 70)]
    assert found == sorted(found, reverse=True)
    assert found[-1] < 0.1


def test_a_condition_on_a_field_of_a_dimension_is_one_more_code() -> None:
    two = replace(PEOPLE, name="two", where=(Filter("age", ("0-17", "65-"), tuple(AGE.levels[0])),))
    one = replace(two, where=(Filter("age", ("65-",), tuple(AGE.levels[0])),))
    grouped = dimension("age", [{c: c for c in AGE.levels[0]}, {"0-17": "two", "65-": "two", "18-64": "18-64"}])
    assert asked(PEOPLE, two) == pytest.approx(asked(PEOPLE, by=(grouped,)))
    assert asked(PEOPLE, one) == pytest.approx(3 / 4)


def leverages(rows: list[list[bool]]) -> float:
    """What is left of the set of one kind of unit that keeps the least, by the projection on what all sets can be."""
    sets = np.unique(np.array(rows, dtype=float), axis=0)
    return float(np.diag(sets @ np.linalg.pinv(sets))[sets.sum(axis=1) == 1].min())


MONTHS = [str(month) for month in range(6)]
OF_MONTHS = [*([month == code for month in MONTHS] for code in MONTHS), [True] * 6]
UP_TO = [[int(month) <= point for month in MONTHS] for point in range(5)]


def test_a_grid_over_a_field_that_is_a_dimension_adds_up_its_codes() -> None:
    low = replace(CUT, grid=tuple(range(5)))
    assert asked(PEOPLE, low, by=(plain("months", *MONTHS),)) == pytest.approx(leverages(OF_MONTHS + UP_TO))


def test_a_grid_over_a_field_that_measures_ask_for_adds_them_up() -> None:
    each = [replace(PEOPLE, name=f"m{m}", where=(Filter("months", (m,), tuple(MONTHS)),)) for m in MONTHS]
    found = asked(PEOPLE, replace(CUT, grid=tuple(range(5))), *each, by=())
    assert found == pytest.approx(leverages(OF_MONTHS + UP_TO))


def test_the_fewer_codes_are_possible_together_the_less_is_left() -> None:
    """Six codes by six, of which each goes with two: a row is two cells and their total, not six."""
    by = (plain("one", *MONTHS), plain("two", *MONTHS))
    pairs = [(a, b) for a in MONTHS for b in MONTHS if (int(b) - int(a)) % 6 < 2]
    zeros = tuple({"one": a, "two": b} for a in MONTHS for b in MONTHS if (a, b) not in pairs)
    rows = [[pair == other for pair in pairs] for other in pairs]
    rows += [[pair[place] == code for pair in pairs] for place in (0, 1) for code in MONTHS] + [[True] * len(pairs)]
    found = share_left(definition(by, (PEOPLE,), structural_zeros=zeros))
    assert found == pytest.approx(leverages(rows), abs=0.02)
    assert found < share_left(definition(by, (PEOPLE,))) - 0.2


def test_tables_are_reckoned_apart() -> None:
    elsewhere = replace(of("rest", "other", "y", "z"), table="events")
    assert asked(PEOPLE, of("one", "other", "x"), elsewhere) == pytest.approx(3 / 4)


def test_steps_leave_what_all_paths_that_could_be_leave() -> None:
    """Every path of three services or fewer is one kind of unit; each step is the sum of the paths that take it."""
    services, steps = ("A", "B", "C"), 2
    ways = [f"1:>{to}" for to in services]
    ways += [f"{n}:{a}>{b}" for n in range(1, steps + 1) for a in services for b in (*services, "")]
    paths = [path for length in (1, 2, 3) for path in product(services, repeat=length)]
    rows = np.array([[takes(path, way) for path in paths] for way in ways], dtype=float)
    least = np.diag(rows @ np.linalg.pinv(rows)).min()
    measure = Measure("steps", "step", "paths", TITLE, grid=tuple(ways))
    assert asked(measure) == pytest.approx(3 / 4 * least)


def test_measures_that_add_steps_up_leave_less_of_them() -> None:
    services = ("A", "B", "C")
    kinds = [(a, b) for a in services for b in (*services, "")]
    grid = (*(f"1:>{a}" for a in services), *(f"1:{a}>{b}" for a, b in kinds))
    steps, first = Measure("steps", "step", "paths", TITLE, grid=grid), Filter("step", ("1",), ("1", "2"))
    parts = [
        replace(PEOPLE, name=name, table="paths", where=(first, Filter("target", to, ("", *services))))
        for name, to in (("some", ("A", "B")), ("others", ("C", "")))
    ]
    rows = [[kind == other for kind in kinds] for other in kinds] + [[a == code for a, _ in kinds] for code in services]
    rows += [[b in to for _, b in kinds] for to in (("A", "B"), ("C", ""))]
    assert asked(steps, *parts, by=()) <= leverages(rows)
    assert asked(steps, by=()) > leverages(rows)


def takes(path: tuple[str, ...], way: str) -> bool:
    number, _, step = way.partition(":")
    source, _, target = step.partition(">")
    legs = [(1, "", path[0]), *((n, a, b) for n, (a, b) in enumerate(zip(path, (*path[1:], ""), strict=True), 1))]
    return (int(number), source, target) in legs


def test_what_lies_within_a_small_cell_is_no_help_to_guess_it() -> None:
    """A margin of one or two is the same people as its parts: only what others say of it counts."""
    (shape,) = shapes(definition((SERVICE,), (PEOPLE,)))
    assert least_left([shape.axis(SERVICE, range(2))]) > min(left for left, _ in shape.axis(SERVICE, range(2)).left)
