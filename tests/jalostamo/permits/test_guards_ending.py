"""The guards of a permit's end, each with what it refuses and the neighbour that it lets pass."""

from __future__ import annotations

import datetime
from dataclasses import replace

import pytest
from tests.jalostamo.permits.cases import DIGEST, REGISTER, RUN, START, law_of
from tests.jalostamo.permits.played import (
    HIGH,
    LOW,
    MODERATE,
    GuardCase,
    before,
    by,
    done,
    move,
    objects_and_lets_pass,
    said_by,
    with_publication,
    with_request,
    with_run,
)

from jalostamo.concepts.roles import Role
from jalostamo.permits import papers
from jalostamo.permits.decisions import Appeal, AppealOutcome, AppealResult, Appellant
from jalostamo.permits.guards.ending import GUARDS
from jalostamo.permits.law import OutsidePermit, PurposeOfUse
from jalostamo.permits.machines import DatasetState, PermitState, PublicationState, RunState
from jalostamo.permits.moves import Move
from jalostamo.permits.people import Assignment

TODAY = START.date()
APPEAL = Appeal(TODAY, Appellant.DATA_SUBJECT, DIGEST)
OUTCOME = AppealOutcome(AppealResult.UPHELD, TODAY, DIGEST)
OUTSIDE = OutsidePermit("3/2026", PurposeOfUse.KNOWLEDGE_MANAGEMENT, TODAY + datetime.timedelta(days=30))


def revoked(kind: object, role: Role, **changed: object) -> Move:
    return move(kind, "revoke", at=replace(before(kind, "open_requests"), **changed), actors=by(role))


def expired(*, on: int, outside: bool = False, **changed: object) -> Move:
    case = replace(before(LOW, "open_review"), **changed)
    law = replace(law_of(REGISTER), outside_permits=(OUTSIDE,))
    return move(LOW, "expire", at=with_request(case, law=law) if outside else case, on=on)


def closed(**changed: object) -> Move:
    return move(LOW, "close", at=replace(before(LOW, "close"), **changed))


def with_data(dataset: DatasetState, *, certified: bool = False, delivered: bool = True) -> Move:
    case = with_run(before(LOW, "close"), dataset=dataset)
    case = case if delivered else replace(case, requests=())
    return move(LOW, "close", at=done(LOW, case, "record_destruction") if certified else case)


def running(run: RunState, publication: PublicationState = PublicationState.IN_USE) -> Move:
    case = with_publication(with_run(before(LOW, "close"), state=run), state=publication)
    return move(LOW, "close", at=case)


def succeeded(case: str = "case-2", event: str = DIGEST) -> Move:
    return move(LOW, "supersede", at=before(LOW, "open_requests"), paper=papers.SuccessorPermitted(case, event))


def appealed(appeal: Appeal = APPEAL, **changed: object) -> Move:
    case = replace(before(LOW, "open_requests"), **changed)
    return move(LOW, "record_appeal", at=case, paper=papers.AppealPaper(appeal))


def answered(outcome: AppealOutcome = OUTCOME, **changed: object) -> Move:
    case = replace(before(LOW, "open_requests"), **{"appeal": APPEAL} | changed)
    return move(LOW, "record_appeal_outcome", at=case, paper=papers.AppealOutcomePaper(outcome))


def destroyed(run: str, certificate: str) -> Move:
    return move(LOW, "record_destruction", at=before(LOW, "close"), paper=papers.Destruction(run, certificate))


def given(person: str, role: Role, **changed: object) -> Move:
    case = replace(before(LOW, "open_review"), **changed)
    assignment = Assignment(person, role, TODAY, TODAY, "administrator", "data_security_person")
    return move(LOW, "give_role", at=case, paper=papers.RoleGiven(assignment))


CASES = [
    GuardCase(
        "a_decision_was_made",
        "decision_missing",
        "there is something to revoke",
        revoked(LOW, Role.DATA_SECURITY_PERSON, decided=None),
        revoked(LOW, Role.DATA_SECURITY_PERSON),
    ),
    *(
        GuardCase(
            "body_of_the_level",
            "not_the_deciding_body",
            f"{kind.level.value} is not {wrong.value}'s but {right.value}'s",
            revoked(kind, wrong),
            revoked(kind, right),
        )
        for kind, wrong, right in (
            (LOW, Role.BRANCH_MANAGER, Role.DATA_SECURITY_PERSON),
            (LOW, Role.CITY_MANAGER, Role.DATA_SECURITY_PERSON),
            (MODERATE, Role.CITY_MANAGER, Role.BRANCH_MANAGER),
            (MODERATE, Role.CITY_MANAGER, Role.RISK_MANAGER),
            (HIGH, Role.BRANCH_MANAGER, Role.CITY_MANAGER),
            (HIGH, Role.RISK_MANAGER, Role.DATA_SECURITY_PERSON),
        )
    ),
    GuardCase(
        "body_of_the_level",
        "not_the_deciding_body",
        "without a decision the person responsible for data security stops it",
        revoked(HIGH, Role.CITY_MANAGER, decided=None),
        revoked(HIGH, Role.DATA_SECURITY_PERSON, decided=None),
    ),
    GuardCase("end_date_passed", "end_date_ahead", "the last day is still a day", expired(on=360), expired(on=361)),
    GuardCase("end_date_passed", "decision_missing", "nothing to end", expired(on=361, decided=None), expired(on=361)),
    GuardCase(
        "end_date_passed",
        "end_date_ahead",
        "the earliest expiry wins",
        expired(on=30, outside=True),
        expired(on=31, outside=True),
    ),
    GuardCase("follow_up_recorded", "follow_up_missing", "what came of it", closed(follow_up=None), closed()),
    GuardCase(
        "data_destroyed",
        "data_left",
        "prepared data is left",
        with_data(DatasetState.VALIDATED),
        with_data(DatasetState.DESTROYED),
    ),
    GuardCase(
        "data_destroyed",
        "data_left",
        "released data has a certificate",
        with_data(DatasetState.RELEASED),
        with_data(DatasetState.RELEASED, certified=True),
    ),
    GuardCase(
        "data_destroyed",
        "data_left",
        "what was delivered lies there before anybody takes it in",
        with_data(DatasetState.AWAITED),
        with_data(DatasetState.AWAITED, certified=True),
    ),
    GuardCase(
        "data_destroyed",
        "data_left",
        "what never came needs no destroying",
        with_data(DatasetState.RECEIVED),
        with_data(DatasetState.AWAITED, delivered=False),
    ),
    *(
        GuardCase(
            "nothing_running", "something_runs", f"{state.name.lower()}", running(state), running(RunState.FINISHED)
        )
        for state in (RunState.ORDERED, RunState.PREPARING, RunState.STOPPED, RunState.PREPARED, RunState.ANALYSING)
    ),
    GuardCase(
        "nothing_running",
        "something_runs",
        "a publication is being cleared",
        running(RunState.CANCELLED, PublicationState.CLEARING),
        running(RunState.CANCELLED, PublicationState.CLEARED),
    ),
    GuardCase("successor_named", "successor_unnamed", "by its id", succeeded(case=" "), succeeded()),
    GuardCase("successor_named", "successor_unnamed", "not itself", succeeded(case="case-1"), succeeded()),
    GuardCase("successor_named", "successor_unnamed", "by its event", succeeded(event="permitted"), succeeded()),
    GuardCase(
        "something_to_appeal",
        "nothing_to_appeal",
        "what was withdrawn was not decided",
        appealed(decided=None, state=PermitState.WITHDRAWN),
        appealed(decided=None, state=PermitState.REJECTED),
    ),
    GuardCase(
        "something_to_appeal",
        "decision_entry_missing",
        "an appeal has its document",
        appealed(replace(APPEAL, document_digest="")),
        appealed(),
    ),
    GuardCase(
        "something_to_appeal",
        "appeal_day_odd",
        "nobody appeals before the decision",
        appealed(replace(APPEAL, lodged_on=TODAY - datetime.timedelta(days=1))),
        appealed(),
    ),
    GuardCase("appeal_is_open", "no_open_appeal", "nobody has appealed", answered(appeal=None), answered()),
    GuardCase("appeal_is_open", "no_open_appeal", "it is decided", answered(appeal_outcome=OUTCOME), answered()),
    GuardCase(
        "appeal_is_open",
        "decision_entry_missing",
        "an outcome says what",
        answered(replace(OUTCOME, result=None)),
        answered(),
    ),
    GuardCase(
        "run_exists", "certificate_unsound", "of a run that is not", destroyed("run-9", DIGEST), destroyed(RUN, DIGEST)
    ),
    GuardCase("run_exists", "certificate_unsound", "no digest", destroyed(RUN, "shredded"), destroyed(RUN, DIGEST)),
    GuardCase(
        "duties_allow_the_role",
        "duty_analysis",
        "who analysed does not validate",
        given("analyst", Role.VALIDATOR),
        given("somebody", Role.VALIDATOR),
    ),
    GuardCase(
        "duties_allow_the_role",
        "duty_analysis",
        "who was given the one is not given the other",
        given("somebody", Role.ANALYST, given_roles=frozenset({("somebody", Role.VALIDATOR)})),
        given("somebody", Role.ANALYST, given_roles=frozenset({("somebody_else", Role.VALIDATOR)})),
    ),
]


@pytest.mark.parametrize("case", CASES, ids=str)
def test_nothing_ends_but_by_its_rule(case: GuardCase) -> None:
    objects_and_lets_pass(case)


def test_every_guard_of_ending_has_a_case() -> None:
    assert {case.guard for case in CASES} == set(GUARDS)


def test_a_refusal_is_appealed_by_a_record_that_is_complete() -> None:
    """Where no decision to continue was made, an appeal still has its day, its appellant and its document."""
    empty = Appeal(None, None, "")
    made = appealed(empty, decided=None, state=PermitState.REJECTED)
    assert said_by("something_to_appeal", made) == {"decision_entry_missing"}
