"""Appendix 1, section 2: summary of the risk, benefit and cost estimates."""

from __future__ import annotations

from dataclasses import replace

import pytest
from tests.jalostamo.permits.estimates.filled import FILLED, with_risks

from jalostamo.permits.estimates.costs import Costs, CostThresholds
from jalostamo.permits.estimates.form import FORM, AnswerSource
from jalostamo.permits.estimates.risks import summary_of
from jalostamo.permits.terms import DataClass, Level, Step

pytestmark = pytest.mark.requirement("A1-02")
CITY = CostThresholds(low_from=50, high_from=200, very_high_above=600)
OF_FIVE = [
    *((Step.VERY_LOW, Level.LOW), (Step.LOW, Level.LOW), (Step.MODERATE, Level.MODERATE)),
    *((Step.HIGH, Level.HIGH), (Step.VERY_HIGH, Level.HIGH)),
]


@pytest.mark.parametrize(("step", "level"), OF_FIVE)
def test_the_three_levels_of_risk_follow_from_the_five_classes(step: Step, level: Level) -> None:
    """0 and 2 points are low, 5 moderate, 8 and 10 high; of processing and of publishing alike."""
    found = summary_of(with_risks(processing=step, publication=step), DataClass.PRINTED_CELLS, thresholds=CITY)
    assert (found.risk, found.publication_risk) == (level, level)


@pytest.mark.parametrize(("step", "level"), OF_FIVE)
def test_the_three_levels_of_benefit_follow_from_the_five_classes(step: Step, level: Level) -> None:
    """The benefit of section 3 is told in three levels too."""
    estimate = replace(FILLED, stated_benefit=step, benefit_reason="We know the users.")
    assert summary_of(estimate, DataClass.PRINTED_CELLS, thresholds=CITY).benefit is level


@pytest.mark.parametrize(
    ("tenths", "level"),
    [(0, Level.LOW), (49, Level.LOW), (199, Level.LOW), (None, Level.MODERATE), (200, Level.HIGH), (601, Level.HIGH)],
)
def test_cost_is_moderate_only_where_it_cannot_be_estimated(tenths: int | None, level: Level) -> None:
    """The printed list of costs has no moderate; none, very low and low are low, high and very high are high."""
    costs = Costs(cannot_be_estimated=True) if tenths is None else Costs(False, tenths, 0, 0, 0, 0, 0)
    found = summary_of(replace(FILLED, costs=costs), DataClass.PRINTED_CELLS, thresholds=CITY)
    assert found.cost is level


def test_the_initiator_gives_a_view_and_the_inspection_group_a_statement() -> None:
    """Two texts stand beside the levels; the statement is not for the initiator to write."""
    sources = {field.id: field.source for field in FORM.sections[1].fields}
    assert sources == {
        "preliminary_risk": AnswerSource.DERIVED,
        "preliminary_benefit": AnswerSource.DERIVED,
        "preliminary_cost": AnswerSource.DERIVED,
        "initiator_view": AnswerSource.ESTIMATE,
        "inspection_group_statement": AnswerSource.INSPECTION_GROUP,
    }
