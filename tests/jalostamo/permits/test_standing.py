"""What holds of a case at a moment: every state with what it allows, and every interval to its day."""

from __future__ import annotations

import datetime
from dataclasses import replace

import pytest
from tests.jalostamo.permits.cases import REGISTER, RUN, START, Kind, description_of, estimate_of, law_of
from tests.jalostamo.permits.played import (
    HIGH,
    HIGH_ROWS,
    LOW,
    MODERATE,
    ROWS,
    after,
    before,
    in_days,
    paper_of,
    with_request,
    with_run,
)

from jalostamo.concepts.roles import Role
from jalostamo.permits.initiative import Initiative, SourceRequest
from jalostamo.permits.law import OutsidePermit, PurposeOfUse
from jalostamo.permits.machines import ENDS, DatasetState, PermitState, RequestState, RunState
from jalostamo.permits.standing import (
    ACTIVE_RUNS,
    BODIES,
    DELIVERING,
    Allowed,
    allowed,
    ends_on,
    in_force,
    is_held,
    is_prepared,
    is_reassessed,
    level_is_covered,
    level_of_processing,
    may_analyse,
    nothing_is_held,
    reached_class,
    reassess_by,
    sources_are_delivered,
    sources_are_granted,
)
from jalostamo.permits.terms import DataClass, KindOfAnalysis, Level

S = PermitState
WORKING = before(MODERATE, "draft_publication")
OUTSIDE = OutsidePermit("3/2026", PurposeOfUse.KNOWLEDGE_MANAGEMENT, START.date() + datetime.timedelta(days=30))
PREPARING = {S.GRANTED, S.ANALYSIS, S.PERIODIC, S.PERIODIC_REVIEW}
NOT_SHOWING = {S.SUSPENDED, S.REVOKED, S.OVERDUE, S.WITHDRAWN, S.REJECTED}


def standing_in(state: PermitState, case: Initiative = WORKING) -> Initiative:
    return replace(case, state=state)


@pytest.mark.parametrize("state", PermitState, ids=lambda state: state.name.lower())
def test_each_state_allows_what_it_allows_and_nothing_else(state: PermitState) -> None:
    """Preparing in phases 4, 5 and 7; looking at it in phase 6; analysing in phase 7; showing unless it was stopped."""
    assert allowed(standing_in(state), START) == Allowed(
        preparing=state in PREPARING,
        reviewing=state is S.REVIEW,
        analysing=state in PREPARING - {S.GRANTED},
        showing=state not in NOT_SHOWING,
    )


@pytest.mark.parametrize("state", PermitState, ids=lambda state: state.name.lower())
def test_after_the_last_day_nothing_is_prepared_reviewed_or_analysed_whoever_has_noticed(state: PermitState) -> None:
    """No scheduler has run: the case stands where it stood."""
    later = allowed(standing_in(state), in_days(361))
    assert (later.preparing, later.reviewing, later.analysing) == (False, False, False)


@pytest.mark.parametrize("state", PermitState, ids=lambda state: state.name.lower())
def test_a_permit_is_in_force_where_a_decision_lives(state: PermitState) -> None:
    before_a_decision = {S.DRAFT, S.DESCRIBED, S.ASSESSING, S.INSPECTION, S.MANAGEMENT, S.CITY, S.COMMISSIONER}
    holds = state not in {*before_a_decision, *ENDS, S.SUSPENDED}
    assert in_force(standing_in(state), START) is holds
    assert not in_force(replace(standing_in(state), decided=None), START)


def test_preparing_ends_when_an_owner_withdraws() -> None:
    assert not allowed(with_request(WORKING, state=RequestState.REFUSED), START).preparing


def test_what_is_held_is_not_looked_at() -> None:
    case = standing_in(S.REVIEW, with_run(WORKING, state=RunState.PREPARING, dataset=DatasetState.HELD))
    assert not allowed(case, START).reviewing
    assert allowed(with_run(case, state=RunState.CANCELLED), START).reviewing


def test_a_permit_ends_at_the_end_of_its_last_day_where_the_municipality_is() -> None:
    """Midnight in Helsinki is ten in the evening in UTC in winter, nine in summer."""
    case = after(LOW, "open_requests")
    assert ends_on(case) == datetime.date(2027, 2, 25)
    last = datetime.datetime(2027, 2, 25, 21, 59, 59, tzinfo=datetime.UTC)
    assert in_force(case, last)
    assert not in_force(case, last + datetime.timedelta(seconds=1))


@pytest.mark.requirement("L-02")
def test_the_outside_permit_that_expires_first_ends_the_permit() -> None:
    law = replace(law_of(REGISTER), outside_permits=(OUTSIDE, replace(OUTSIDE, expires=datetime.date(2030, 1, 1))))
    case = with_request(WORKING, law=law)
    assert ends_on(case) == OUTSIDE.expires
    assert may_analyse(case, in_days(30))
    assert not may_analyse(case, in_days(31))


def test_an_outside_permit_of_a_source_that_is_not_used_ends_nothing() -> None:
    law = replace(law_of(REGISTER), outside_permits=(OUTSIDE,))
    case = with_request(WORKING, law=law, state=RequestState.DROPPED)
    assert ends_on(case) == ends_on(WORKING)


def test_an_outside_permit_that_lasts_longer_prolongs_nothing() -> None:
    law = replace(law_of(REGISTER), outside_permits=(replace(OUTSIDE, expires=datetime.date(2030, 1, 1)),))
    assert ends_on(with_request(WORKING, law=law)) == ends_on(WORKING)


def test_before_a_decision_there_is_no_end() -> None:
    assert ends_on(before(LOW, "confirm_low")) is None
    assert reassess_by(before(LOW, "confirm_low")) is None


@pytest.mark.parametrize(
    ("kind", "due"),
    [
        (replace(MODERATE, kind=KindOfAnalysis.SELDOM_REPEATED), datetime.date(2027, 3, 2)),
        (Kind(Level.UNCLEAR, kind=KindOfAnalysis.SELDOM_REPEATED), datetime.date(2027, 3, 2)),
        (HIGH, datetime.date(2026, 9, 2)),
    ],
    ids=["moderate", "unclear", "high"],
)
@pytest.mark.requirement("S26-18")
def test_a_reassessment_is_good_for_its_interval_and_not_a_day_longer(kind: Kind, due: datetime.date) -> None:
    """A year for moderate risk, half a year for high."""
    case = before(kind, "draft_publication")
    morning = datetime.datetime(due.year, due.month, due.day, 9, tzinfo=datetime.UTC)
    assert reassess_by(case) == due
    assert (is_reassessed(case, morning - datetime.timedelta(days=1)), is_reassessed(case, morning)) == (True, False)
    assert may_analyse(case, morning - datetime.timedelta(days=1))
    assert not may_analyse(case, morning)


def test_a_low_risk_is_not_reassessed() -> None:
    case = before(LOW, "draft_publication")
    assert reassess_by(case) is None
    assert is_reassessed(replace(case, reassessed=None), in_days(360))
    assert may_analyse(case, in_days(360))


def test_above_low_risk_nothing_is_analysed_without_a_reassessment() -> None:
    assert not may_analyse(replace(WORKING, reassessed=None), START)


@pytest.mark.parametrize(
    ("decided", "assessed", "covers"),
    [
        (Level.LOW, Level.LOW, True),
        (Level.LOW, Level.UNCLEAR, False),
        (Level.LOW, Level.MODERATE, False),
        (Level.MODERATE, Level.UNCLEAR, True),
        (Level.MODERATE, Level.LOW, True),
        (Level.MODERATE, Level.HIGH, False),
        (Level.HIGH, Level.HIGH, True),
        (Level.HIGH, Level.MODERATE, True),
    ],
)
def test_a_decision_covers_its_level_and_those_below(decided: Level, assessed: Level, covers: bool) -> None:
    assert WORKING.decided is not None
    assert WORKING.assessed is not None
    case = replace(
        WORKING, decided=replace(WORKING.decided, level=decided), assessed=replace(WORKING.assessed, level=assessed)
    )
    assert level_is_covered(case) is covers
    assert may_analyse(case, START) is covers


def test_without_a_decision_or_an_assessment_nothing_is_covered() -> None:
    assert not level_is_covered(replace(WORKING, decided=None))
    assert not level_is_covered(replace(WORKING, assessed=None))


@pytest.mark.parametrize("state", RequestState, ids=lambda state: state.name.lower())
def test_a_source_is_granted_until_it_is_refused(state: RequestState) -> None:
    case = replace(WORKING, requests=(SourceRequest(REGISTER, state),))
    assert sources_are_granted(case) is (state in DELIVERING)
    beside = replace(case, requests=(*case.requests, SourceRequest("another", RequestState.DROPPED)))
    assert sources_are_granted(beside) is (state in DELIVERING)


def test_no_source_is_no_grant_and_no_delivery() -> None:
    case = replace(WORKING, requests=())
    assert not sources_are_granted(case)
    assert not sources_are_delivered(case, RUN)


def test_a_source_is_delivered_for_one_run() -> None:
    assert sources_are_delivered(WORKING, RUN)
    assert not sources_are_delivered(WORKING, "run-2")
    assert not sources_are_delivered(with_request(WORKING, state=RequestState.TRANSFERRED), RUN)


@pytest.mark.parametrize("state", RunState, ids=lambda state: state.name.lower())
def test_a_run_holds_only_while_it_goes_on(state: RunState) -> None:
    case = with_run(WORKING, state=state, dataset=DatasetState.HELD)
    assert is_held(case.runs[-1]) is (state in ACTIVE_RUNS)
    assert nothing_is_held(case) is (state not in ACTIVE_RUNS)


@pytest.mark.parametrize("state", RunState, ids=lambda state: state.name.lower())
def test_what_is_prepared_is_there_until_it_is_destroyed(state: RunState) -> None:
    there = state in {RunState.PREPARED, RunState.ANALYSING, RunState.FINISHED}
    assert is_prepared(with_run(WORKING, state=state).runs[-1]) is there
    assert not is_prepared(with_run(WORKING, state=state, dataset=DatasetState.DESTROYED).runs[-1])


def test_risk_is_weighed_by_the_worst_class_that_a_run_has_reached() -> None:
    report = paper_of(ROWS, before(ROWS, "validate"), "validate", RUN)
    worse = replace(report, data_class=DataClass.PSEUDONYMISED_WITH_KEY)
    better = replace(report, data_class=DataClass.PRINTED_CELLS)
    case = before(ROWS, "open_review")
    description = description_of(ROWS)
    assert reached_class(case, description) is DataClass.ANONYMISED_ROWS
    assert reached_class(with_run(case, validated=worse), description) is DataClass.PSEUDONYMISED_WITH_KEY
    assert reached_class(with_run(case, validated=better), description) is DataClass.ANONYMISED_ROWS
    over = with_run(case, validated=worse, state=RunState.CANCELLED)
    assert reached_class(over, description) is DataClass.ANONYMISED_ROWS


def test_a_sealed_job_is_weighed_as_identified() -> None:
    assert reached_class(after(LOW, "describe"), description_of(Kind(sealed=True))) is DataClass.IDENTIFIED


@pytest.mark.parametrize("level", Level)
def test_what_was_referred_up_is_high(level: Level) -> None:
    case = before(LOW, "confirm_low")
    estimate = estimate_of(LOW, level)
    assert level_of_processing(case, estimate, DataClass.PRINTED_CELLS) is level
    referred = replace(case, referred_up=True)
    assert level_of_processing(referred, estimate, DataClass.PRINTED_CELLS) is Level.HIGH


@pytest.mark.parametrize("level", Level)
def test_the_person_responsible_for_data_security_may_stop_every_permit(level: Level) -> None:
    assert Role.DATA_SECURITY_PERSON in BODIES[level]
    assert (Role.CITY_MANAGER in BODIES[level]) is (level is Level.HIGH)
    assert (Role.BRANCH_MANAGER in BODIES[level]) is (level.rank == 1)


def test_rows_are_analysed_under_a_high_permit() -> None:
    assert allowed(before(HIGH_ROWS, "draft_publication"), START).analysing
