"""Amounts: rounded, hidden where thin, dominated or negative, and hidden ones not to be had back by subtraction."""

from __future__ import annotations

import itertools
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import linprog

from jalostamo.concepts.errors import Broken, Unfit
from jalostamo.producing.cubes.definition import TOTAL
from jalostamo.utilising.disclosure.rules import OUTSIDE, Rule
from jalostamo.utilising.disclosure.sums.amounts import AmountCells, bases, printed_amounts, protected_lines, reasons
from jalostamo.utilising.disclosure.sums.lines import Line, bounds_of, lines_of
from jalostamo.utilising.disclosure.withheld import SENTENCES, Withheld


def one_amount(
    n: int, brought: list[float], *, rule: Rule = OUTSIDE, events: bool = False, negative: bool = False
) -> float | None:
    """One cell of contributions through the rule: its rounded amount, or None where hidden."""
    ordered = [*sorted(brought, reverse=True), 0.0, 0.0]
    numbers = [np.array([number], dtype=float) for number in (sum(brought), ordered[0], ordered[1])]
    values, hidden = printed_amounts(np.array([n]), *numbers, np.array([negative]), rule=rule, events=events)
    assert bool(hidden[0]) == bool(np.isnan(values[0]))
    return None if hidden[0] else float(values[0])


def naively_hidden(n: int, brought: list[float]) -> bool:
    total, ordered = sum(brought), sorted(brought, reverse=True)
    first, second = ordered[0], ordered[1] if len(ordered) > 1 else 0.0
    if n < 10 or total <= 0:
        return True
    return (first + second) / total >= 0.9 or (total - first - second) / first < 0.1


@given(st.integers(0, 30), st.lists(st.integers(0, 1000), min_size=1, max_size=30))
def test_amounts_are_hidden_by_the_rules_written_out(n: int, brought: list[int]) -> None:
    assert (one_amount(n, [float(part) for part in brought]) is None) == naively_hidden(n, brought)


def test_a_sum_keeps_three_figures_and_events_go_to_the_nearest_five() -> None:
    assert one_amount(20, [123.4] * 20) == 2470.0
    assert one_amount(20, [2.0] * 21 + [1.0], events=True) == 45.0


@pytest.mark.parametrize(
    ("n", "brought", "negative"),
    [(9, [5.0] * 20, False), (20, [1000.0, 1.0, 1.0], False), (20, [50.0, 40.0, 3.0], False), (20, [5.0] * 20, True)],
)
def test_thin_dominated_and_negative_amounts_are_hidden(n: int, brought: list[float], negative: bool) -> None:
    assert one_amount(n, brought, negative=negative) is None


def test_a_rule_of_one_contributor_asks_for_the_largest_alone() -> None:
    brought = [60.0, 35.0, 10.0]
    assert one_amount(20, brought) is None
    assert one_amount(20, brought, rule=replace(OUTSIDE, id="one", top_k=1)) == 105.0


def test_a_rule_that_asks_for_more_contributors_than_are_counted_is_our_fault() -> None:
    with pytest.raises(Broken):
        one_amount(20, [5.0] * 20, rule=replace(OUTSIDE, id="three", top_k=3))


type Unit = tuple[int, int, float]


def cube_of(units: list[Unit], shape: tuple[int, int]) -> tuple[AmountCells, np.ndarray, tuple[Line, ...]]:
    """Units (row, column, amount) as a two-way cube with margins: its cells, what is hidden by itself, its lines."""
    codes = [[*(f"{letter}{n}" for n in range(size)), TOTAL] for letter, size in zip("rc", shape, strict=True)]
    coordinates = list(itertools.product(*codes))
    found = [
        sorted((x for r, c, x in units if row in {f"r{r}", TOTAL} and column in {f"c{c}", TOTAL}), reverse=True)
        for row, column in coordinates
    ]
    amount, largest, second = (
        np.array([pick(brought) for brought in found], dtype=float)
        for pick in (sum, lambda b: b[0] if b else 0.0, lambda b: b[1] if len(b) > 1 else 0.0)
    )
    negative = np.zeros(len(found), dtype=bool)
    cells = AmountCells(amount, largest, second, negative, bases(amount, rule=OUTSIDE))
    _, hidden = printed_amounts(np.array([len(b) for b in found]), amount, largest, second, negative, rule=OUTSIDE)
    return cells, hidden, lines_of(coordinates, [{}, {}])


def attacked(cells: AmountCells, hidden: np.ndarray, lines: tuple[Line, ...]) -> list[tuple[float, float, float]]:
    """What an outsider finds of each hidden cell: the least and the most that it may be, and its true amount.

    A programme in the amounts themselves, with nothing but what is shown: written apart from the one that protects.
    """
    size = len(cells.amount)
    sums = np.zeros((len(lines), size))
    for row, line in enumerate(lines):
        sums[row, line.margin] = 1
        sums[row, list(line.parts)] = -1
    shown = np.floor(cells.amount / cells.base + 0.5) * cells.base
    ranges = [
        (0, None)
        if hidden[place]
        else (max(shown[place] - cells.base[place] / 2, 0), shown[place] + cells.base[place] / 2)
        for place in range(size)
    ]
    found = []
    for place in np.flatnonzero(hidden):
        ends = [
            linprog(way * np.eye(size)[place], A_eq=sums, b_eq=np.zeros(len(lines)), bounds=ranges) for way in (1, -1)
        ]
        low, high = ends[0].fun, np.inf if ends[1].status == 3 else -ends[1].fun
        found.append((float(low), float(high), float(cells.amount[place])))
    return found


def recovered(cells: AmountCells, hidden: np.ndarray, lines: tuple[Line, ...]) -> int:
    """How many hidden amounts an outsider knows to within p per cent of their largest contributor."""
    needs = 0.1 * cells.largest[hidden] * (1 - 1e-5)
    bounds = attacked(cells, hidden, lines)
    return sum(true - low < need or high - true < need for (low, high, true), need in zip(bounds, needs, strict=True))


def town(seed: int, *, shape: tuple[int, int] = (3, 4)) -> list[Unit]:
    """Many even amounts, and in one cell a few units of which one is large."""
    rng = np.random.default_rng(seed)
    places = list(itertools.product(range(shape[0]), range(shape[1])))
    found = [(r, c, float(x)) for r, c in places for x in rng.integers(90, 110, int(rng.integers(11, 40)))]
    thin = places[int(rng.integers(len(places)))]
    return [unit for unit in found if unit[:2] != thin] + [(*thin, 5000.0), (*thin, 40.0), (*thin, 30.0)]


@settings(max_examples=25)
@given(st.integers(0, 10_000))
def test_no_hidden_amount_comes_back_by_subtraction(seed: int) -> None:
    cells, hidden, lines = cube_of(town(seed), (3, 4))
    protected = protected_lines(cells, hidden, lines=lines, rule=OUTSIDE)
    assert (protected | ~hidden).all()
    assert recovered(cells, protected, lines) == 0


def test_without_the_rule_over_lines_it_does() -> None:
    attacks = [recovered(*cube_of(town(seed), (3, 4))) for seed in range(20)]
    assert sum(attacks) >= 15


def test_the_margin_is_hidden_where_no_part_is_left() -> None:
    units = [(r, 0, 100.0) for r in (0, 1) for _ in range(2)] + [(0, 1, 100.0)] * 12
    cells, hidden, lines = cube_of(units, (2, 2))
    protected = protected_lines(cells, hidden, lines=lines, rule=OUTSIDE)
    assert recovered(cells, protected, lines) == 0


def test_what_several_lines_tell_together_is_found_by_the_audit() -> None:
    """Two squares of hidden cells and one more where they touch: two or more in every line, and that one is told."""
    codes = [[*(f"{letter}{n}" for n in range(4)), TOTAL] for letter in "rc"]
    coordinates = list(itertools.product(*codes))
    squares = {(0, 0), (0, 1), (1, 0), (1, 1), (2, 2), (2, 3), (3, 2), (3, 3), (1, 2)}
    concealed = {(f"r{row}", f"c{column}") for row, column in squares}
    amount = np.array([1000.0 * 4 ** cell.count(TOTAL) for cell in coordinates])
    cells = AmountCells(amount, np.full(25, 500.0), np.zeros(25), np.zeros(25, dtype=bool), np.ones(25))
    hidden, lines = np.array([cell in concealed for cell in coordinates]), lines_of(coordinates, [{}, {}])
    by_line = protected_lines(cells, hidden, lines=lines, rule=OUTSIDE, audited=False)
    audited = protected_lines(cells, hidden, lines=lines, rule=OUTSIDE)
    assert (recovered(cells, by_line, lines), recovered(cells, audited, lines)) == (1, 0)


def test_singletons_that_know_themselves_do_not_hide_each_other() -> None:
    amount = np.array([1000.0, 1000.0, 30_000.0, 32_000.0])
    largest = np.array([1000.0, 1000.0, 100.0, 1000.0])
    cells = AmountCells(amount, largest, np.zeros(4), np.zeros(4, dtype=bool), np.full(4, 1.0))
    hidden = np.array([True, True, False, False])
    protected = protected_lines(cells, hidden, lines=(Line(3, (0, 1, 2)),), rule=OUTSIDE)
    assert protected.tolist() == [True, True, True, False]


def test_negative_parts_take_the_floor_from_under_the_bounds() -> None:
    amount = np.array([-50.0, 400.0, 350.0])
    negative = np.array([True, False, True])
    cells = AmountCells(amount, np.array([50.0, 20.0, 50.0]), np.zeros(3), negative, np.full(3, 1.0))
    lines = (Line(2, (0, 1)),)
    bounds = bounds_of(cells, np.array([True, True, False]), lines=lines)
    assert bounds.below[:2].min() > 400
    assert protected_lines(cells, negative, lines=lines, rule=OUTSIDE).any()


def test_parts_that_do_not_add_up_are_refused() -> None:
    numbers = np.array([1.0, 2.0, 4.0])
    cells = AmountCells(numbers, numbers, numbers, np.zeros(3, dtype=bool), np.ones(3))
    with pytest.raises(Unfit):
        protected_lines(cells, np.zeros(3, dtype=bool), lines=(Line(2, (0, 1)),), rule=OUTSIDE)


def test_a_cell_that_stands_twice_is_refused() -> None:
    with pytest.raises(Unfit):
        lines_of([("a",), ("a",)], [{}])


def test_a_code_belongs_to_its_own_margin_and_the_coarsest_to_the_total() -> None:
    coordinates = [("a1",), ("a2",), ("a",), ("b",), (TOTAL,)]
    found = lines_of(coordinates, [{"a1": "a", "a2": "a"}])
    assert set(found) == {Line(2, (0, 1)), Line(4, (2, 3))}


def test_the_people_who_review_are_told_why_each_amount_is_hidden() -> None:
    amount, largest = np.full(5, 1000.0), np.array([20.0, 20.0, 950.0, 20.0, 20.0])
    negative = np.array([False, False, False, True, False])
    cells = AmountCells(amount, largest, np.full(5, 10.0), negative, np.ones(5))
    shown = np.array([True, False, False, False, False])
    found = reasons(np.array([50, 9, 50, 50, 50]), cells, shown=shown, rule=OUTSIDE)
    assert found == (None, Withheld.FEW_UNITS, Withheld.DOMINATED, Withheld.NEGATIVE, Withheld.PROTECTS_ANOTHER)


def test_every_reason_has_its_sentence() -> None:
    assert set(SENTENCES) == set(Withheld)


def test_true_amounts_and_their_bounds_do_not_show_themselves() -> None:
    cells, hidden, lines = cube_of(town(1), (3, 4))
    assert (repr(cells), repr(bounds_of(cells, hidden, lines=lines))) == (
        "AmountCells(20 cells, hidden)",
        "Bounds(20 cells, hidden)",
    )
