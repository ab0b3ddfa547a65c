"""The guards of the decision, each with what it refuses and the neighbour that it lets pass."""

from __future__ import annotations

import datetime
from dataclasses import replace

import pytest
from tests.jalostamo.permits.cases import DIGEST, START, WHY, Kind, decision_for
from tests.jalostamo.permits.played import (
    HIGH,
    LOW,
    MODERATE,
    GuardCase,
    after,
    before,
    done,
    move,
    objects_and_lets_pass,
    said_by,
)

from jalostamo.permits import papers
from jalostamo.permits.decisions import DecidingBody
from jalostamo.permits.guards.deciding import GUARDS, is_repeated
from jalostamo.permits.impact import ConsultationOpinion, ConsultationOutcome, ImpactAssessment
from jalostamo.permits.machines import PermitState
from jalostamo.permits.moves import Move
from jalostamo.permits.papers import PrivacyAdvice
from jalostamo.permits.terms import DataClass, KindOfAnalysis, Level, Step

TODAY = START.date()
UNCLEAR = Kind(Level.UNCLEAR)
CHILDREN = Kind(Level.MODERATE, children=True)
STAYS_HIGH = replace(HIGH, residual=Step.HIGH)
IMPACT = ImpactAssessment(DIGEST, TODAY, "Cells only.", Step.LOW, "Go on.", "prv", False, 1)
STILL_HIGH = replace(IMPACT, residual_risk=Step.HIGH)
NO_REMARKS = ConsultationOpinion(DIGEST, TODAY, "2/2026", ConsultationOutcome.NO_REMARKS)
PROHIBITED = replace(NO_REMARKS, outcome=ConsultationOutcome.PROHIBITED)


def inspected(kind: Kind, command: str, *, found: Level | None = None, on: int = 0, **changed: object) -> Move:
    """A move of the inspection group, which finds a level of its own where one is named."""
    stands = replace(after(kind, "give_privacy_statement"), **changed)
    paper = None if found is None else papers.GroupStatement(WHY, found)
    return move(kind, command, at=stands, paper=paper, on=on)


def confirmed(**changed: object) -> Move:
    stands = before(LOW, "confirm_low")
    decision = replace(decision_for(stands, Level.LOW, TODAY), **changed)
    return move(LOW, "confirm_low", paper=papers.GroupStatement(WHY, Level.LOW, decision))


def decided(kind: Kind, *, stands: dict[str, object] | None = None, **changed: object) -> Move:
    """The decision of the body of a kind of case; `stands` changes the case, the rest the decision."""
    case = replace(before(kind, "decide_to_continue"), **(stands or {}))
    decision = replace(decision_for(case, kind.level, TODAY), **changed)
    return move(kind, "decide_to_continue", at=case, paper=papers.DecisionPaper(decision))


def reassessed(kind: Kind, command: str, found: Level, **changed: object) -> Move:
    stands = replace(before(kind, "continue_analysis"), **changed)
    return move(kind, command, at=stands, paper=papers.GroupStatement(WHY, found))


def by_the_city(**changed: object) -> Move:
    return decided(HIGH, stands=changed)


def without_reasons(**changed: object) -> Move:
    return decided(HIGH, stands=changed, reasons="")


def asked_for_data(*, on: int = 0, **changed: object) -> Move:
    return move(LOW, "open_requests", at=replace(before(LOW, "open_requests"), **changed), on=on)


CASES = [
    GuardCase(
        "privacy_person_asked",
        "privacy_person_unheard",
        "she has spoken of this version",
        inspected(LOW, "confirm_low", privacy_statement_on=None),
        inspected(LOW, "confirm_low"),
    ),
    GuardCase(
        "privacy_person_asked",
        "privacy_person_unheard",
        "what she said of another version does not count",
        inspected(LOW, "confirm_low", privacy_statement_on=2),
        inspected(LOW, "confirm_low", privacy_statement_on=1),
    ),
    GuardCase(
        "privacy_person_asked",
        "privacy_person_unheard",
        "her seven days are hers to the end",
        inspected(LOW, "confirm_low", privacy_statement_on=None, on=7),
        inspected(LOW, "confirm_low", privacy_statement_on=None, on=8),
    ),
    GuardCase(
        "level_is_low", "level_not_low", "moderate", inspected(MODERATE, "confirm_low"), inspected(LOW, "confirm_low")
    ),
    GuardCase(
        "level_is_low", "level_not_low", "unclear", inspected(UNCLEAR, "confirm_low"), inspected(LOW, "confirm_low")
    ),
    GuardCase("level_is_low", "level_not_low", "high", inspected(HIGH, "confirm_low"), inspected(LOW, "confirm_low")),
    GuardCase(
        "group_agrees_low",
        "group_finds_more",
        "the group finds more",
        inspected(LOW, "confirm_low", found=Level.UNCLEAR),
        inspected(LOW, "confirm_low", found=Level.LOW),
    ),
    GuardCase(
        "group_finds_moderate",
        "not_for_management",
        "low by all is not for management, unclear by the group is",
        inspected(LOW, "escalate_to_management", found=Level.LOW),
        inspected(LOW, "escalate_to_management", found=Level.UNCLEAR),
    ),
    GuardCase(
        "group_finds_moderate",
        "not_for_management",
        "high by the group is not for management",
        inspected(MODERATE, "escalate_to_management", found=Level.HIGH),
        inspected(MODERATE, "escalate_to_management", found=Level.LOW),
    ),
    GuardCase(
        "group_finds_moderate",
        "not_for_management",
        "the form's high stays high whatever the group finds",
        inspected(HIGH, "escalate_to_management", found=Level.LOW),
        inspected(UNCLEAR, "escalate_to_management", found=Level.LOW),
    ),
    GuardCase(
        "group_finds_high",
        "not_for_the_city",
        "moderate is not for the city",
        inspected(MODERATE, "escalate_to_city", found=Level.MODERATE),
        inspected(MODERATE, "escalate_to_city", found=Level.HIGH),
    ),
    GuardCase(
        "group_finds_high",
        "not_for_the_city",
        "the city is asked where the Commissioner must be",
        inspected(MODERATE, "escalate_to_city", impact=IMPACT),
        inspected(MODERATE, "escalate_to_city", impact=STILL_HIGH),
    ),
    GuardCase(
        "above_the_decided",
        "decision_covers_already",
        "what is decided is not decided again",
        reassessed(MODERATE, "escalate_to_management", Level.MODERATE),
        reassessed(MODERATE, "escalate_to_management", Level.HIGH),
    ),
    GuardCase(
        "above_the_decided",
        "decision_covers_already",
        "a consultation may be new",
        reassessed(HIGH, "escalate_to_city", Level.HIGH),
        reassessed(HIGH, "escalate_to_city", Level.HIGH, impact=STILL_HIGH),
    ),
    GuardCase(
        "above_the_decided",
        "decision_covers_already",
        "without a decision nothing is covered",
        reassessed(HIGH, "escalate_to_city", Level.HIGH),
        reassessed(HIGH, "escalate_to_city", Level.HIGH, decided=None),
    ),
    GuardCase(
        "decision_complete",
        "decision_entry_missing",
        "a decision has a diary number",
        decided(MODERATE, diary_number=""),
        decided(MODERATE),
    ),
    GuardCase(
        "decision_complete",
        "decision_other_version",
        "it speaks of this version",
        decided(MODERATE, covers_estimate_version=2),
        decided(MODERATE),
    ),
    GuardCase(
        "decision_complete",
        "decision_of_another_body",
        "management does not decide for the city",
        decided(MODERATE, deciding_body=DecidingBody.CITY_MANAGEMENT, decided_level=Level.HIGH),
        decided(HIGH, deciding_body=DecidingBody.CITY_MANAGEMENT, decided_level=Level.HIGH),
    ),
    GuardCase(
        "decision_complete",
        "decision_of_another_class",
        "it speaks of the assessed class",
        decided(MODERATE, decided_class=DataClass.ANONYMISED_ROWS),
        decided(MODERATE, decided_class=DataClass.PRINTED_CELLS),
    ),
    GuardCase(
        "decision_complete",
        "ends_too_late",
        "a one-off ends within the year",
        decided(MODERATE, valid_until=TODAY + datetime.timedelta(days=366)),
        decided(MODERATE, valid_until=TODAY + datetime.timedelta(days=365)),
    ),
    GuardCase(
        "statement_decision_complete",
        "decision_missing",
        "the statement on a low risk is the decision",
        inspected(LOW, "confirm_low", found=Level.LOW),
        confirmed(),
    ),
    GuardCase(
        "statement_decision_complete",
        "decision_entry_missing",
        "it records what a decision does",
        confirmed(appeal_instructions=" "),
        confirmed(),
    ),
    GuardCase("impact_assessment_made", "impact_missing", "high", by_the_city(impact=None), by_the_city()),
    GuardCase(
        "impact_assessment_made",
        "impact_missing",
        "moderate with data on children",
        decided(CHILDREN, stands={"impact": None}),
        decided(MODERATE, stands={"impact": None}),
    ),
    GuardCase(
        "impact_assessment_made",
        "impact_other_version",
        "an impact assessment of another version",
        by_the_city(impact=replace(IMPACT, covers_estimate_version=2)),
        by_the_city(impact=IMPACT),
    ),
    GuardCase(
        "impact_assessment_made",
        "impact_other_version",
        "reassessed, and worse: the old one does not speak of it",
        reassessed(
            HIGH,
            "continue_analysis",
            Level.HIGH,
            assessed=replace(before(HIGH, "continue_analysis").assessed, data_class=DataClass.ANONYMISED_ROWS),
        ),
        reassessed(HIGH, "continue_analysis", Level.HIGH),
    ),
    GuardCase(
        "privacy_advice_recorded",
        "privacy_advice_missing",
        "the city hears the person responsible for privacy",
        by_the_city(advice=None),
        by_the_city(),
    ),
    GuardCase(
        "commissioner_heard",
        "commissioner_has_not_answered",
        "an answer is waited for",
        by_the_city(consulted=True),
        by_the_city(consulted=True, opinion=NO_REMARKS),
    ),
    GuardCase(
        "commissioner_heard",
        "consultation_required",
        "risk that stays high is asked about",
        by_the_city(impact=STILL_HIGH),
        by_the_city(impact=STILL_HIGH, opinion=NO_REMARKS),
    ),
    GuardCase(
        "commissioner_heard",
        "consultation_prohibited",
        "a prohibition holds",
        by_the_city(impact=STILL_HIGH, opinion=PROHIBITED),
        by_the_city(impact=STILL_HIGH, opinion=replace(PROHIBITED, outcome=ConsultationOutcome.ADVICE_GIVEN)),
    ),
    GuardCase(
        "commissioner_heard",
        "consultation_advised",
        "against advice only with reasons",
        without_reasons(advice=PrivacyAdvice(True, WHY)),
        by_the_city(advice=PrivacyAdvice(True, WHY)),
    ),
    GuardCase(
        "commissioner_heard",
        "consultation_advised",
        "advice within the impact assessment counts too",
        without_reasons(impact=replace(IMPACT, consultation_advised=True)),
        without_reasons(impact=IMPACT),
    ),
    GuardCase(
        "decision_in_force", "decision_missing", "there is a decision", asked_for_data(decided=None), asked_for_data()
    ),
    GuardCase(
        "decision_in_force",
        "decision_missing",
        "it is of this version",
        asked_for_data(assessed=replace(before(LOW, "open_requests").assessed, version=2)),
        asked_for_data(),
    ),
    GuardCase(
        "decision_in_force", "permit_not_in_force", "it has not expired", asked_for_data(on=361), asked_for_data(on=360)
    ),
]


@pytest.mark.parametrize("case", CASES, ids=str)
def test_who_decides_is_told_by_the_level(case: GuardCase) -> None:
    objects_and_lets_pass(case)


def test_every_guard_of_deciding_has_a_case() -> None:
    assert {case.guard for case in CASES} == set(GUARDS)


@pytest.mark.parametrize(
    "guard", ["level_is_low", "privacy_person_asked", "group_finds_moderate", "impact_assessment_made"]
)
def test_nothing_is_decided_on_an_assessment_that_is_not_there(guard: str) -> None:
    """No play leads here; a record that does is broken, and no guard lets it pass in silence."""
    with pytest.raises(KeyError, match="assessed"):
        said_by(guard, inspected(LOW, "escalate_to_management", found=Level.LOW, assessed=None))


def test_a_decision_on_a_new_impact_assessment_needs_it_to_cover_what_is_reassessed() -> None:
    """Reassessed and no worse, the assessment of the decision will do; a newer one must speak of the decision at least."""
    stands = before(HIGH, "continue_analysis")
    assert stands.assessed is not None
    assert stands.assessed.version == 2
    newer = replace(IMPACT, covers_estimate_version=2)
    assert said_by("impact_assessment_made", reassessed(HIGH, "continue_analysis", Level.HIGH, impact=newer)) == set()
    future = replace(IMPACT, covers_estimate_version=3)
    assert said_by("impact_assessment_made", reassessed(HIGH, "continue_analysis", Level.HIGH, impact=future)) == {
        "impact_other_version"
    }


@pytest.mark.parametrize("kind", KindOfAnalysis)
def test_every_analysis_but_a_one_off_goes_on(kind: KindOfAnalysis) -> None:
    described = after(Kind(kind=kind), "describe")
    assert is_repeated(described) == (kind is not KindOfAnalysis.ONE_OFF)
    assert not is_repeated(replace(described, description=None))


def test_the_city_answers_for_high_also_in_reassessment() -> None:
    stands = replace(before(HIGH, "decide_to_continue"), state=PermitState.REASSESSING_CITY)
    made = move(HIGH, "decide_to_continue", at=stands)
    assert said_by("decision_complete", made) == set()


def test_the_impact_assessment_of_the_decision_serves_every_later_reassessment_that_finds_no_worse() -> None:
    """Phase 6 brought the second version of the form, the first periodic reassessment brings the third."""
    case = done(HIGH, after(HIGH, "continue_analysis"), "announce_reassessment", on=160)
    case = done(HIGH, case, "submit_periodic_assessment", on=160)
    assert case.assessed is not None
    assert case.assessed.version == 3
    assert case.impact == IMPACT
    assert said_by("impact_assessment_made", move(HIGH, "reconfirm", at=case, on=160)) == set()


def test_the_city_decides_on_an_impact_assessment_also_where_the_form_itself_is_low() -> None:
    """The group found more than the form: what the city decides on is high."""
    case = after(LOW, "give_privacy_statement")
    case = done(LOW, case, "escalate_to_city", paper=papers.GroupStatement(WHY, Level.HIGH))
    assert said_by("impact_assessment_made", move(HIGH, "decide_to_continue", at=case)) == {"impact_missing"}
    case = done(LOW, case, "attach_impact_assessment")
    assert said_by("impact_assessment_made", move(HIGH, "decide_to_continue", at=case)) == set()
