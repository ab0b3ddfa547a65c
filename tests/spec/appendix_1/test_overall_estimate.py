"""Appendix 1, section 6: overall estimate."""

from __future__ import annotations

from dataclasses import replace

import pytest
from tests.jalostamo.permits.estimates.filled import CELLS, FILLED, placed, with_risks
from tests.spec.appendix_1.drawn import ADVICE, DECISION, cells

from jalostamo.permits.estimates.matrices import DecisionCell
from jalostamo.permits.estimates.objections import objections_to_estimate
from jalostamo.permits.estimates.priority import Precedence, PriorityCase, in_priority_order
from jalostamo.permits.estimates.risks import decision_cell
from jalostamo.permits.terms import Step

pytestmark = pytest.mark.requirement("A1-06")


def test_the_printed_matrix_has_25_cells() -> None:
    """Five steps of benefit by five of risk, each cell once."""
    assert len({(row, column) for row, column, _ in cells(DECISION)}) == 25


@pytest.mark.parametrize(("benefit", "risk", "said"), cells(DECISION))
def test_each_cell_is_the_one_of_the_handbook(benefit: Step, risk: Step, said: str) -> None:
    """Benefit and the risk of publishing are carried over from sections 3 and 4, and the matrix advises."""
    estimate = replace(with_risks(publication=risk), stated_benefit=benefit, benefit_reason="We know the users.")
    assert decision_cell(estimate) is ADVICE[said]


def test_the_advice_never_stops_work_inside_the_city() -> None:
    """An analysis that nobody should publish may still be made."""
    closed = replace(FILLED, publication=placed(Step.VERY_HIGH), significance=Step.VERY_LOW)
    assert decision_cell(closed) is DecisionCell.DO_NOT_OPEN
    assert objections_to_estimate(closed, CELLS) == ()


def test_cost_decides_where_benefit_and_risk_are_equal() -> None:
    """In borderline cases the cheaper one is taken up first."""
    cheap, dear = (
        PriorityCase(name, DecisionCell.CONSIDER_FURTHER, Step.MODERATE, Step.MODERATE, cost)
        for name, cost in (("z", 10), ("a", 90))
    )
    first, second = in_priority_order([dear, cheap])
    assert (first.case, second.case, first.because) == (cheap, dear, Precedence.COST)
