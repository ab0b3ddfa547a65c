"""The matrices hold what the form's guidance promises of them."""

from __future__ import annotations

from collections import Counter
from itertools import pairwise, product

import pytest

from jalostamo.permits.estimates.matrices import (
    DECISION,
    MATRIX,
    POINTS,
    DecisionCell,
    class_of,
    decision_for,
    level_of,
    points_of,
)
from jalostamo.permits.terms import Level, Step

PAIRS = list(product(Step, Step))


@pytest.mark.parametrize("matrix", [MATRIX, DECISION])
def test_each_matrix_has_five_rows_of_five(matrix: tuple[object, ...]) -> None:
    assert [len(row) for row in matrix] == [5, 5, 5, 5, 5]


@pytest.mark.parametrize(("probability", "potential"), PAIRS)
def test_swapping_the_axes_changes_no_class(probability: Step, potential: Step) -> None:
    assert class_of(probability, potential) is class_of(potential, probability)


@pytest.mark.parametrize(("lower", "higher"), list(pairwise(Step)))
def test_more_of_either_axis_never_gives_a_lower_class(lower: Step, higher: Step) -> None:
    assert all(class_of(lower, other) <= class_of(higher, other) for other in Step)
    assert all(class_of(other, lower) <= class_of(other, higher) for other in Step)


def test_six_cells_are_high_seven_moderate_and_twelve_low() -> None:
    assert Counter(level_of(class_of(*pair)) for pair in PAIRS) == {Level.HIGH: 6, Level.MODERATE: 7, Level.LOW: 12}


@pytest.mark.parametrize(
    ("step", "points", "level"),
    list(zip(Step, (0, 2, 5, 8, 10), (Level.LOW, Level.LOW, Level.MODERATE, Level.HIGH, Level.HIGH), strict=True)),
)
def test_each_class_has_its_points_and_its_level(step: Step, points: int, level: Level) -> None:
    assert (points_of(step), level_of(step)) == (points, level)


def test_there_are_as_many_points_as_steps() -> None:
    assert len(POINTS) == len(Step)


@pytest.mark.parametrize(("lower", "higher"), list(pairwise(Step)))
def test_more_risk_never_gives_a_better_advice(lower: Step, higher: Step) -> None:
    assert all(decision_for(benefit, lower).rank <= decision_for(benefit, higher).rank for benefit in Step)


@pytest.mark.parametrize(("lower", "higher"), list(pairwise(Step)))
def test_more_benefit_never_gives_a_worse_advice(lower: Step, higher: Step) -> None:
    assert all(decision_for(higher, risk).rank <= decision_for(lower, risk).rank for risk in Step)


def test_the_advices_are_as_many_as_in_the_handbook() -> None:
    assert Counter(decision_for(*pair) for pair in PAIRS) == {
        DecisionCell.OPEN: 3,
        DecisionCell.OPEN_WITH_LIMITS: 6,
        DecisionCell.CONSIDER_FURTHER: 10,
        DecisionCell.DO_NOT_OPEN: 6,
    }


@pytest.mark.parametrize("risk", [Step.HIGH, Step.VERY_HIGH])
def test_a_high_risk_of_publishing_is_never_advised_to_be_opened(risk: Step) -> None:
    cells = {decision_for(benefit, risk) for benefit in Step}
    assert cells <= {DecisionCell.CONSIDER_FURTHER, DecisionCell.DO_NOT_OPEN}


def test_advices_rank_from_open_to_do_not_open() -> None:
    assert [cell.rank for cell in DecisionCell] == [0, 1, 2, 3]
