"""Costs sum exactly, and every sum has one class."""

from __future__ import annotations

from dataclasses import fields, replace
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jalostamo.concepts.errors import Refused
from jalostamo.permits.contents import content_of, value_from
from jalostamo.permits.estimates.costs import (
    CostClass,
    Costs,
    CostThresholds,
    cost_class,
    cost_level_of,
    days_of,
)
from jalostamo.permits.terms import Level

CITY = CostThresholds(low_from=50, high_from=200, very_high_above=600, euros_per_day=500)
NOTHING = Costs(False, 0, 0, 0, 0, 0, 0)
KINDS = [field.name for field in fields(Costs)[1:]]


@pytest.mark.parametrize(
    ("tenths", "expected"),
    [
        (None, CostClass.CANNOT_BE_ESTIMATED),
        (0, CostClass.NONE),
        (1, CostClass.VERY_LOW),
        (49, CostClass.VERY_LOW),
        (50, CostClass.LOW),
        (199, CostClass.LOW),
        (200, CostClass.HIGH),
        (600, CostClass.HIGH),
        (601, CostClass.VERY_HIGH),
    ],
)
def test_a_threshold_belongs_to_the_class_that_begins_there(tenths: int | None, expected: CostClass) -> None:
    assert cost_class(tenths, CITY) is expected


@pytest.mark.parametrize("kind", KINDS)
def test_each_kind_adds_to_the_days(kind: str) -> None:
    assert days_of(replace(NOTHING, **{kind: 500}), CITY) == (10 if kind == "outside_euros" else 500)


@pytest.mark.parametrize("kind", KINDS)
def test_a_missing_figure_leaves_the_sum_unknown(kind: str) -> None:
    assert days_of(replace(NOTHING, **{kind: None}), CITY) is None


def test_what_cannot_be_estimated_has_no_sum() -> None:
    assert days_of(replace(NOTHING, cannot_be_estimated=True), CITY) is None


@pytest.mark.parametrize(("euros", "tenths"), [(0, 0), (1, 1), (50, 1), (51, 2), (500, 10), (501, 11)])
def test_euros_are_rounded_up_to_a_tenth_of_a_day(euros: int, tenths: int) -> None:
    assert days_of(replace(NOTHING, outside_euros=euros), CITY) == tenths


@given(st.lists(st.integers(0, 10**6), min_size=6, max_size=6), st.sampled_from(KINDS), st.integers(1, 1000))
def test_more_work_never_costs_less(figures: list[int], kind: str, more: int) -> None:
    costs = Costs(False, *figures)
    assert days_of(replace(costs, **{kind: getattr(costs, kind) + more}), CITY) >= days_of(costs, CITY)


@given(st.integers(0, 1000))
def test_more_days_never_belong_to_a_cheaper_class(tenths: int) -> None:
    order = [CostClass.NONE, CostClass.VERY_LOW, CostClass.LOW, CostClass.HIGH, CostClass.VERY_HIGH]
    ranks = [order.index(cost_class(days, CITY)) for days in (tenths, tenths + 1)]
    assert all(first <= second for first, second in pairwise(ranks))


@pytest.mark.parametrize(
    "wrong",
    [
        {"low_from": 0},
        {"low_from": 200},
        {"high_from": 600},
        {"very_high_above": 100},
        {"euros_per_day": 0},
    ],
)
def test_thresholds_that_do_not_rise_are_refused(wrong: dict[str, int]) -> None:
    with pytest.raises(Refused) as refused:
        replace(CITY, **wrong)
    assert [objection.code for objection in refused.value.objections] == ["estimate_thresholds_order"]


def test_a_city_may_set_its_own_thresholds_in_writing() -> None:
    assert value_from(CostThresholds, content_of(CITY)) == CITY


def test_every_class_of_cost_has_a_level() -> None:
    levels = {found: cost_level_of(found) for found in CostClass}
    assert levels == {
        CostClass.VERY_HIGH: Level.HIGH,
        CostClass.HIGH: Level.HIGH,
        CostClass.CANNOT_BE_ESTIMATED: Level.MODERATE,
        CostClass.LOW: Level.LOW,
        CostClass.VERY_LOW: Level.LOW,
        CostClass.NONE: Level.LOW,
    }
