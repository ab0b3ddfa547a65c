"""The guards that ask whether what is written is there, each with what it refuses and the neighbour that it lets pass."""

from __future__ import annotations

import datetime
from dataclasses import replace

import pytest
from tests.jalostamo.permits.cases import DIGEST, PUBLICATION, RESULT, RUN, START, WHY, description_of
from tests.jalostamo.permits.played import (
    HIGH,
    LOW,
    GuardCase,
    before,
    by,
    move,
    objects_and_lets_pass,
    paper_of,
    said_by,
)

from jalostamo.concepts.roles import Role
from jalostamo.permits import papers, work_papers
from jalostamo.permits.guards.writing import GUARDS
from jalostamo.permits.impact import ConsultationOpinion, ConsultationOutcome, ImpactAssessment
from jalostamo.permits.moves import Move
from jalostamo.permits.people import Assignment
from jalostamo.permits.terms import Step

TODAY = START.date()
TOMORROW = TODAY + datetime.timedelta(days=1)
NINE, TEN = "123456789", "1234567890"
LONGEST = "x" * 10_000
ASKED = paper_of(LOW, before(LOW, "submit_assessment"), "submit_assessment")
IMPACT = ImpactAssessment(DIGEST, TODAY, "Cells only.", Step.LOW, "Go on.", "prv", False, 1)
OPINION = ConsultationOpinion(DIGEST, TODAY, "2/2026", ConsultationOutcome.NO_REMARKS)
GIVEN = Assignment("somebody", Role.VALIDATOR, TODAY, TODAY, "administrator", "data_security_person")


def returned(reason: str) -> Move:
    return move(LOW, "return_for_completion", at=before(LOW, "give_privacy_statement"), paper=papers.Reasoned(reason))


def stated(text: str) -> Move:
    return move(LOW, "give_privacy_statement", paper=papers.Statement(text))


def described(**changed: object) -> Move:
    return move(LOW, "describe", paper=papers.AnalysisDescription(replace(description_of(LOW), **changed)))


def assessed(paper: object, **changed: object) -> Move:
    return move(LOW, "submit_assessment", paper=paper, at=replace(before(LOW, "submit_assessment"), **changed))


def attached(**changed: object) -> Move:
    return move(HIGH, "attach_impact_assessment", paper=papers.ImpactPaper(replace(IMPACT, **changed)))


def consulted(sent: ImpactAssessment) -> Move:
    case = replace(before(HIGH, "decide_to_continue"), consulted=True, impact=sent)
    return move(HIGH, "attach_impact_assessment", at=case, paper=papers.ImpactPaper(IMPACT))


def answered(**changed: object) -> Move:
    kind = replace(HIGH, residual=Step.HIGH)
    return move(kind, "record_opinion", paper=papers.OpinionPaper(replace(OPINION, **changed)))


def held(*, on: datetime.date = TODAY, findings: str = WHY, next_step: str = WHY) -> Move:
    round_held = papers.ReviewRound(on, findings, next_step)
    return move(LOW, "hold_review_round", at=before(LOW, "start_analysis"), paper=round_held)


def corrected(error: str, reached_by: str) -> Move:
    paper = work_papers.Correction(error, reached_by)
    return move(LOW, "correct", PUBLICATION, at=before(LOW, "record_follow_up"), paper=paper)


def finished(results: tuple[str, ...], note: str) -> Move:
    return move(LOW, "finish_analysis", RUN, paper=work_papers.Finished(results, note, "gate-1"))


def given(signer: Role = Role.ADMINISTRATOR, **changed: object) -> Move:
    paper = papers.RoleGiven(replace(GIVEN, **changed))
    return move(LOW, "give_role", at=before(LOW, "open_requests"), paper=paper, actors=by(signer))


CASES = [
    GuardCase("reason_given", "reason_missing", "nine letters are no reason", returned(NINE), returned(TEN)),
    GuardCase("reason_given", "reason_missing", "blanks are no reason", returned(" " * 20), returned(TEN)),
    GuardCase("reason_given", "reason_missing", "a reason can be read", returned(LONGEST + "x"), returned(LONGEST)),
    GuardCase("text_written", "text_missing", "nine letters are no statement", stated(NINE), stated(TEN)),
    GuardCase("text_written", "text_missing", "a statement can be read", stated(LONGEST + "x"), stated(LONGEST)),
    GuardCase("description_complete", "describing_aims", "aims are named", described(aims=()), described()),
    GuardCase("description_complete", "describing_sources", "a source is named", described(sources=()), described()),
    GuardCase(
        "estimate_complete",
        "description_missing",
        "an estimate belongs to a description",
        assessed(ASKED, description=None),
        assessed(ASKED),
    ),
    GuardCase(
        "estimate_complete",
        "describing_aims",
        "a description that comes along is complete",
        assessed(replace(ASKED, description=replace(description_of(LOW), aims=()))),
        assessed(replace(ASKED, description=description_of(LOW))),
    ),
    GuardCase(
        "estimate_complete",
        "basic_information_unfilled",
        "section 1 of the form is filled",
        assessed(replace(ASKED, description=replace(description_of(LOW), users=""))),
        assessed(replace(ASKED, description=description_of(LOW))),
    ),
    GuardCase(
        "impact_assessment_complete", "impact_entry_missing", "measures are told", attached(measures=""), attached()
    ),
    GuardCase(
        "impact_assessment_complete",
        "impact_other_version",
        "it is of this version",
        attached(covers_estimate_version=2),
        attached(),
    ),
    GuardCase(
        "impact_assessment_complete",
        "impact_after_consulting",
        "what was sent to the Commissioner is not replaced",
        consulted(IMPACT),
        consulted(replace(IMPACT, covers_estimate_version=0)),
    ),
    GuardCase(
        "opinion_complete", "impact_entry_missing", "an answer has a number", answered(diary_number=""), answered()
    ),
    GuardCase(
        "opinion_complete", "impact_day_ahead", "no answer of tomorrow", answered(received_on=TOMORROW), answered()
    ),
    GuardCase("round_complete", "round_unwritten", "a round has findings", held(findings=NINE), held(findings=TEN)),
    GuardCase("round_complete", "round_unwritten", "a round has a next step", held(next_step=""), held(next_step=TEN)),
    GuardCase("round_complete", "day_ahead", "a round was held", held(on=TOMORROW), held(on=TODAY)),
    GuardCase("correction_told", "correction_untold", "the error is told", corrected(NINE, TEN), corrected(TEN, TEN)),
    GuardCase(
        "correction_told",
        "correction_untold",
        "the channel is told",
        corrected(TEN, ""),
        corrected(TEN, "By a letter."),
    ),
    GuardCase("results_named", "results_unnamed", "there are results", finished((), WHY), finished((RESULT,), WHY)),
    GuardCase(
        "results_named", "results_unnamed", "results are digests", finished(("a",), WHY), finished((RESULT,), WHY)
    ),
    GuardCase(
        "results_named", "results_unnamed", "the method is noted", finished((RESULT,), ""), finished((RESULT,), WHY)
    ),
    GuardCase(
        "assignment_sound", "assignment_alone", "nobody gives herself a role", given(granted_by="somebody"), given()
    ),
    GuardCase(
        "assignment_sound",
        "assignment_alone",
        "who grants does not confirm",
        given(confirmed_by="administrator"),
        given(),
    ),
    GuardCase(
        "assignment_sound",
        "assignment_days",
        "a role does not end before it begins",
        given(until=TODAY - datetime.timedelta(days=1)),
        given(),
    ),
    GuardCase(
        "assignment_sound",
        "assignment_substitute",
        "nobody is her own substitute",
        given(substitute_for="somebody"),
        given(substitute_for="validator"),
    ),
    GuardCase(
        "assignment_sound",
        "substitute_for_nobody",
        "a substitute stands in for somebody",
        given(substitute_for="nobody"),
        given(substitute_for="validator"),
    ),
    GuardCase(
        "assignment_sound",
        "assignment_contract",
        "an outside person has a contract",
        given(organisation="Another town", contract=" "),
        given(organisation="Another town", contract="Contract 7"),
    ),
    GuardCase(
        "assignment_sound",
        "assignment_outside",
        "an outside person analyses nothing",
        given(organisation="Another town", contract="Contract 7", role=Role.ANALYST),
        given(organisation="Another town", contract="Contract 7", role=Role.OUTPUT_CHECKER),
    ),
    GuardCase(
        "assignment_sound",
        "assignment_signers",
        "those who sign are those who are named",
        given(Role.BRANCH_MANAGER),
        given(Role.DATA_SECURITY_PERSON),
    ),
]


@pytest.mark.parametrize("case", CASES, ids=str)
def test_what_is_written_is_asked_for(case: GuardCase) -> None:
    objects_and_lets_pass(case)


def test_every_guard_of_writing_has_a_case() -> None:
    assert {case.guard for case in CASES} == set(GUARDS)


def test_a_paper_without_a_reason_has_none() -> None:
    """A row may ask for a reason of a paper that cannot hold one: it is refused, and not passed over."""
    made = move(LOW, "open_requests", paper=papers.Note())
    assert said_by("reason_given", made) == {"reason_missing"}
    assert said_by("text_written", replace(made, command=replace(made.command, content=papers.Reasoned(WHY)))) == {
        "text_missing"
    }


def test_both_who_are_named_may_sign() -> None:
    made = given()
    both = by(Role.ADMINISTRATOR, Role.DATA_SECURITY_PERSON)
    assert said_by("assignment_sound", replace(made, command=replace(made.command, actors=both))) == set()
