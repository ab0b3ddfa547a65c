"""Several analyses stand in one order, each with the reason why it comes before the next."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from random import Random
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.jalostamo.permits.estimates.filled import FILLED, maybe_steps

from jalostamo.permits.estimates.costs import CostThresholds
from jalostamo.permits.estimates.matrices import DecisionCell
from jalostamo.permits.estimates.priority import Precedence, PriorityCase, Ranked, in_priority_order, priority_case
from jalostamo.permits.terms import Step

USUAL = PriorityCase("m", DecisionCell.CONSIDER_FURTHER, Step.MODERATE, Step.MODERATE, 100)
cases = st.builds(
    PriorityCase,
    id=st.text("abcdef", min_size=1, max_size=4),
    cell=st.none() | st.sampled_from(DecisionCell),
    benefit=maybe_steps,
    risk=maybe_steps,
    cost=st.none() | st.integers(0, 50),
)
queues = st.lists(cases, max_size=8, unique_by=lambda case: case.id)


def ids(ranked: Iterable[Ranked]) -> list[str]:
    return [each.case.id for each in ranked]


@pytest.mark.parametrize(
    ("better", "because"),
    [
        ({"cell": DecisionCell.OPEN_WITH_LIMITS, "benefit": Step.LOW, "risk": Step.HIGH}, Precedence.DECISION),
        ({"benefit": Step.HIGH, "risk": Step.VERY_HIGH}, Precedence.BENEFIT),
        ({"risk": Step.LOW, "cost": 900}, Precedence.RISK),
        ({"cost": 99}, Precedence.COST),
        ({"id": "a"}, Precedence.IDENTIFIER),
    ],
)
def test_the_first_thing_that_differs_decides_and_is_told(better: dict[str, Any], because: Precedence) -> None:
    first = replace(USUAL, **{"id": "z", **better})
    ranked = in_priority_order([USUAL, first])
    assert ids(ranked) == [first.id, "m"]
    assert [(each.before, each.because) for each in ranked] == [("m", because), (None, None)]


@pytest.mark.parametrize(
    ("unknown", "because"),
    [
        ("cell", Precedence.DECISION),
        ("benefit", Precedence.BENEFIT),
        ("risk", Precedence.RISK),
        ("cost", Precedence.COST),
    ],
)
def test_what_is_not_known_comes_last(unknown: str, because: Precedence) -> None:
    worst = PriorityCase("z", DecisionCell.DO_NOT_OPEN, Step.VERY_LOW, Step.VERY_HIGH, 10**6)
    first, _ = in_priority_order([replace(worst, id="a", **{unknown: None}), worst])
    assert (first.case, first.because) == (worst, because)


def test_advices_go_from_open_to_do_not_open() -> None:
    ranked = in_priority_order([PriorityCase(cell.value, cell) for cell in reversed(DecisionCell)])
    assert ids(ranked) == [cell.value for cell in DecisionCell]


def test_nothing_to_order_is_no_order() -> None:
    assert in_priority_order([]) == ()


@given(queues, st.randoms(use_true_random=False))
def test_the_order_does_not_depend_on_who_came_first(queue: list[PriorityCase], chance: Random) -> None:
    shuffled = list(queue)
    chance.shuffle(shuffled)
    assert in_priority_order(shuffled) == in_priority_order(queue)


@given(queues, cases)
def test_one_more_analysis_does_not_move_the_others(queue: list[PriorityCase], another: PriorityCase) -> None:
    queue = [case for case in queue if case.id != another.id]
    assert [at for at in ids(in_priority_order([*queue, another])) if at != another.id] == ids(in_priority_order(queue))


def test_an_estimate_gives_what_decides_its_place() -> None:
    assert priority_case("2026-1", FILLED, CostThresholds(euros_per_day=600)) == PriorityCase(
        "2026-1", DecisionCell.OPEN_WITH_LIMITS, Step.MODERATE, Step.LOW, 170
    )
