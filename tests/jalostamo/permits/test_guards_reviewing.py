"""The guards of phase 6 and of periodic reassessment, each with what it refuses and the neighbour that it lets pass."""

from __future__ import annotations

from dataclasses import replace

import pytest
from tests.jalostamo.permits.cases import WHY, Kind, description_of, estimate_of
from tests.jalostamo.permits.played import (
    HIGH,
    LOW,
    MODERATE,
    GuardCase,
    after,
    before,
    move,
    objects_and_lets_pass,
    said_by,
)

from jalostamo.permits.descriptions import Description
from jalostamo.permits.exposure import Means
from jalostamo.permits.guards.reviewing import GUARDS
from jalostamo.permits.impact import ConsultationOpinion, ConsultationOutcome
from jalostamo.permits.machines import PermitState
from jalostamo.permits.moves import Move
from jalostamo.permits.papers import Assessment, GroupStatement
from jalostamo.permits.terms import KindOfAnalysis, Level

REPEATED = replace(MODERATE, kind=KindOfAnalysis.SELDOM_REPEATED)
PLAIN = description_of(LOW)


def confirmed(level: Level = Level.LOW, description: Description | None = None, **changed: object) -> Move:
    paper = Assessment(estimate_of(LOW, level), description)
    return move(LOW, "confirm_fit", at=replace(before(LOW, "confirm_fit"), **changed), paper=paper)


def undescribed() -> Move:
    paper = Assessment(estimate_of(LOW, Level.LOW))
    return move(LOW, "confirm_fit", at=replace(before(LOW, "confirm_fit"), description=None), paper=paper)


def revised(description: Description | None, **changed: object) -> Move:
    case = replace(before(MODERATE, "submit_revised_assessment"), **changed)
    return move(MODERATE, "submit_revised_assessment", at=case, paper=Assessment(estimate_of(MODERATE), description))


def continued(kind: Kind, found: Level, **changed: object) -> Move:
    case = replace(before(kind, "continue_analysis"), **changed)
    return move(kind, "continue_analysis", at=case, paper=GroupStatement(WHY, found))


def noted(level: Level, **changed: object) -> Move:
    case = after(MODERATE, "continue_analysis")
    assert case.assessed is not None
    case = replace(case, state=PermitState.PERIODIC_REVIEW, assessed=replace(case.assessed, level=level), **changed)
    return move(MODERATE, "note_level_risen", at=case)


def announced(kind: Kind, *, on: int, **changed: object) -> Move:
    command = "confirm_fit" if kind.level is Level.LOW else "continue_analysis"
    return move(kind, "announce_reassessment", at=replace(after(kind, command), **changed), on=on)


def ended(kind: Kind, *, on: int, **changed: object) -> Move:
    case = replace(after(kind, "continue_analysis"), state=PermitState.PERIODIC, **changed)
    return move(kind, "end_grace", at=case, on=on)


WIDER = replace(PLAIN, means=frozenset({Means.OPEN_DATA}))
MORE_FIELDS = replace(PLAIN, sources=(replace(PLAIN.sources[0], fields=("began", "ended")),))

CASES = [
    GuardCase("still_low", "no_longer_low", "the risk has risen", confirmed(Level.MODERATE), confirmed(Level.LOW)),
    GuardCase(
        "still_low", "no_longer_low", "what is unclear is not low", confirmed(Level.UNCLEAR), confirmed(Level.LOW)
    ),
    GuardCase(
        "still_low",
        "no_longer_low",
        "what was decided as moderate is looked at by the group",
        confirmed(decided=replace(before(LOW, "confirm_fit").decided, level=Level.MODERATE)),
        confirmed(decided=replace(before(LOW, "confirm_fit").decided, level=Level.LOW)),
    ),
    GuardCase(
        "still_low", "decision_missing", "nothing is confirmed without a decision", confirmed(decided=None), confirmed()
    ),
    GuardCase(
        "still_low",
        "decision_missing",
        "nor without a description",
        undescribed(),
        confirmed(Level.LOW, PLAIN),
    ),
    GuardCase("review_within_the_decision", "wider_means", "shown more widely", revised(WIDER), revised(PLAIN)),
    GuardCase("review_within_the_decision", "wider_field", "more fields", revised(MORE_FIELDS), revised(None)),
    GuardCase(
        "review_within_the_decision",
        "decision_missing",
        "there is a decision to stay within",
        revised(PLAIN, decided=None),
        revised(PLAIN),
    ),
    GuardCase(
        "decided_level_covers",
        "decision_does_not_cover",
        "the group finds more than was decided",
        continued(MODERATE, Level.HIGH),
        continued(MODERATE, Level.MODERATE),
    ),
    GuardCase(
        "decided_level_covers",
        "decision_does_not_cover",
        "the form says more than was decided, whatever the group finds",
        continued(
            MODERATE, Level.LOW, assessed=replace(before(MODERATE, "continue_analysis").assessed, level=Level.HIGH)
        ),
        continued(
            MODERATE, Level.LOW, assessed=replace(before(MODERATE, "continue_analysis").assessed, level=Level.UNCLEAR)
        ),
    ),
    GuardCase(
        "decided_level_covers",
        "decision_does_not_cover",
        "without a decision nothing is covered",
        continued(MODERATE, Level.LOW, decided=None),
        continued(MODERATE, Level.LOW),
    ),
    GuardCase("level_has_risen", "level_has_not_risen", "as it was", noted(Level.MODERATE), noted(Level.HIGH)),
    GuardCase(
        "level_has_risen",
        "level_has_not_risen",
        "the Commissioner has to be heard again",
        noted(Level.LOW),
        noted(Level.LOW, consulted=True),
    ),
    GuardCase(
        "reassessment_is_due",
        "reassessment_not_due",
        "a year for moderate risk, announced thirty days before",
        announced(REPEATED, on=334),
        announced(REPEATED, on=335),
    ),
    GuardCase(
        "reassessment_is_due",
        "reassessment_not_due",
        "half a year for high risk",
        announced(HIGH, on=153),
        announced(HIGH, on=154),
    ),
    GuardCase(
        "reassessment_is_due",
        "reassessment_not_due",
        "never for low risk",
        announced(LOW, on=359),
        announced(MODERATE, on=359),
    ),
    GuardCase(
        "interval_is_over",
        "interval_not_over",
        "on its day and not before",
        ended(REPEATED, on=364),
        ended(REPEATED, on=365),
    ),
    GuardCase(
        "interval_is_over",
        "reassessment_not_due",
        "without a reassessment there is no interval",
        ended(REPEATED, on=365, reassessed=None),
        ended(REPEATED, on=365),
    ),
]


@pytest.mark.parametrize("case", CASES, ids=str)
def test_what_was_decided_is_looked_at_again(case: GuardCase) -> None:
    objects_and_lets_pass(case)


def test_every_guard_of_reviewing_has_a_case() -> None:
    assert {case.guard for case in CASES} == set(GUARDS)


def test_a_prohibition_is_a_level_that_has_risen() -> None:
    opinion = ConsultationOpinion("ab" * 32, None, "2/2026", ConsultationOutcome.PROHIBITED)
    assert said_by("level_has_risen", noted(Level.LOW, opinion=opinion)) == set()
