"""Appendix 1, section 5: costs related to data processing and analysis."""

from __future__ import annotations

from dataclasses import replace

import pytest
from tests.jalostamo.permits.estimates.filled import CELLS, FILLED

from jalostamo.permits.estimates.costs import CostClass, Costs, CostThresholds, cost_class, days_of
from jalostamo.permits.estimates.form import FORM
from jalostamo.permits.estimates.objections import objections_to_estimate

pytestmark = pytest.mark.requirement("A1-05")
CITY = CostThresholds(low_from=50, high_from=200, very_high_above=600, euros_per_day=500)


def test_costs_have_six_options() -> None:
    """Very high, high, low, very low, none, and what cannot be estimated."""
    assert [option.id for option in FORM.field("cost_class").options] == [
        *("very_high", "high", "low", "very_low", "none", "cannot_be_estimated")
    ]


@pytest.mark.parametrize(
    ("days", "expected"),
    [(0, CostClass.NONE), (4, CostClass.VERY_LOW), (5, CostClass.LOW), (20, CostClass.HIGH), (61, CostClass.VERY_HIGH)],
)
def test_the_city_sets_how_many_days_make_a_class(days: int, expected: CostClass) -> None:
    """With 5, 20 and 60 days of work; another city has other thresholds."""
    assert cost_class(days * 10, CITY) is expected


def test_another_city_has_other_thresholds() -> None:
    """Ten days of work are low in one city and high in another."""
    assert cost_class(100, CITY) is CostClass.LOW
    assert cost_class(100, CostThresholds(low_from=10, high_from=50, very_high_above=600)) is CostClass.HIGH


def test_the_kinds_of_cost_sum_to_days_of_work() -> None:
    """Anonymising 2, quality control 1, IT 0.5, analysing 10, 1,000 euros at 500 a day, updating 1.5: 17 days."""
    assert days_of(Costs(False, 20, 10, 5, 100, 1000, 15), CITY) == 170


def test_costs_are_always_assessed() -> None:
    """An estimate without its costs is not submitted, unless it says that they cannot be estimated."""
    unsaid = {found.code for found in objections_to_estimate(replace(FILLED, costs=Costs()), CELLS)}
    unable = replace(FILLED, costs=Costs(cannot_be_estimated=True))
    assert unsaid == {"estimate_unanswered"}
    assert objections_to_estimate(unable, CELLS) == ()
