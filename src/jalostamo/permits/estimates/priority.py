"""The order in which several analyses are taken up, and why each stands before the next.

Handbook Appendix 1, sections 3 and 6.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from itertools import pairwise
from typing import Final

from jalostamo.permits.estimates.answers import Estimate
from jalostamo.permits.estimates.costs import CostThresholds, days_of
from jalostamo.permits.estimates.matrices import DecisionCell
from jalostamo.permits.estimates.risks import benefit, decision_cell, publication_risk
from jalostamo.permits.terms import Step


class Precedence(StrEnum):
    """Why one analysis stands before the next: the first thing in which they differ."""

    DECISION = "decision"
    BENEFIT = "benefit"
    RISK = "risk"
    COST = "cost"
    IDENTIFIER = "identifier"


@dataclass(frozen=True, slots=True)
class PriorityCase:
    """What of one analysis decides its place in the order; `cost` is in tenths of days, what is not known is None."""

    id: str
    cell: DecisionCell | None = None
    benefit: Step | None = None
    risk: Step | None = None
    cost: int | None = None


@dataclass(frozen=True, slots=True)
class Ranked:
    """One analysis in its place; `because` is why it stands before the one named `before`, None at the end."""

    case: PriorityCase
    before: str | None
    because: Precedence | None


# After every number that stands for something known.
_UNKNOWN: Final = (1, 0)


def priority_case(case_id: str, estimate: Estimate, thresholds: CostThresholds) -> PriorityCase:
    """What decides the place of an analysis, from its estimate; the risk is that of publishing."""
    return PriorityCase(
        case_id,
        decision_cell(estimate),
        benefit(estimate),
        publication_risk(estimate),
        days_of(estimate.costs, thresholds),
    )


def in_priority_order(cases: Iterable[PriorityCase]) -> tuple[Ranked, ...]:
    """Several analyses, the one to take up first at the head.

    By the advice of section 6, then the greater benefit, the lower risk, the lower cost; what is not known comes last.

    >>> [r.case.id for r in in_priority_order([PriorityCase("a", cost=50), PriorityCase("b", cost=20)])]
    ['b', 'a']
    """
    ordered = sorted(cases, key=lambda case: list(_key(case).values()))
    neighbours = [Ranked(case, after.id, _difference(case, after)) for case, after in pairwise(ordered)]
    return (*neighbours, *(Ranked(case, None, None) for case in ordered[-1:]))


def _key(case: PriorityCase) -> dict[Precedence, tuple[int, int | str]]:
    return {
        Precedence.DECISION: _UNKNOWN if case.cell is None else (0, case.cell.rank),
        Precedence.BENEFIT: _UNKNOWN if case.benefit is None else (0, -case.benefit),
        Precedence.RISK: _UNKNOWN if case.risk is None else (0, int(case.risk)),
        Precedence.COST: _UNKNOWN if case.cost is None else (0, case.cost),
        Precedence.IDENTIFIER: (0, case.id),
    }


def _difference(case: PriorityCase, after: PriorityCase) -> Precedence:
    theirs = _key(after)
    return next(
        (why for why, place in _key(case).items() if place != theirs[why]),
        Precedence.IDENTIFIER,
    )
