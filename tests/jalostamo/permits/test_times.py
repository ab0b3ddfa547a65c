"""Time: what falls due on which day, where the municipality is, and what ends whether or not anybody has noticed."""

from __future__ import annotations

import datetime
from collections.abc import Iterator
from dataclasses import replace

import pytest
from tests.jalostamo.permits.cases import PUBLICATION, RUN, START, WHY, decision_for, opening_of
from tests.jalostamo.permits.walking import HIGH, LOW, MODERATE, Player, played

from jalostamo.concepts.errors import Objection, Refused
from jalostamo.concepts.roles import Role
from jalostamo.permits.applying import applied
from jalostamo.permits.decisions import Intervals
from jalostamo.permits.machines import ENDS, LIVE, Machine, PermitState
from jalostamo.permits.moves import Command
from jalostamo.permits.papers import GroupStatement, Note, Reasoned
from jalostamo.permits.people import Actor, Automaton, automaton
from jalostamo.permits.performing import objections_to, perform
from jalostamo.permits.settings import DEADLINES, Deadline, Settings
from jalostamo.permits.standing import allowed, ends_on, in_force, may_analyse, reassess_by
from jalostamo.permits.terms import Level
from jalostamo.permits.times import (
    ANSWERS,
    BY_ITSELF,
    ReminderKind,
    Waiting,
    answer_by,
    delete_by,
    due,
    reminders_due,
    waiting_in,
)

DAY = datetime.timedelta(days=1)
INSTANT = datetime.timedelta(microseconds=1)
EXPIRE = Command("expire", (automaton(Automaton.SCHEDULER),), Note())


def codes(objections: tuple[Objection, ...]) -> list[str]:
    """The codes of objections, in their order."""
    return [getattr(said, "code", "") for said in objections]


def noon(day: datetime.date) -> datetime.datetime:
    """Noon of a day, in Greenwich: the same day in Helsinki."""
    return datetime.datetime.combine(day, datetime.time(12), datetime.UTC)


def permitted_until(last: datetime.date, *, zone: str = "Europe/Helsinki") -> Player:
    """A case of low risk that was decided half a year before its last day, and has that very last day."""
    case = Player(LOW, opening=opening_of(LOW, settings=Settings(timezone=zone)))
    case.at = max(case.at, noon(last) - 180 * DAY)
    case.until("give_privacy_statement")
    decision = decision_for(case.initiative, Level.LOW, case.initiative.local_day(case.at))
    return case.give("confirm_low", content=GroupStatement(WHY, Level.LOW, replace(decision, valid_until=last)))


# --- The last day ----------------------------------------------------------------------------------------------------

MIDNIGHTS = {
    "summer": ("2026-06-30", "2026-06-30T21:00+00:00", "Europe/Helsinki"),
    "new_year": ("2026-12-31", "2026-12-31T22:00+00:00", "Europe/Helsinki"),
    "the_day_before_the_clock_goes_back": ("2026-10-24", "2026-10-24T21:00+00:00", "Europe/Helsinki"),
    "the_day_on_which_the_clock_goes_back": ("2026-10-25", "2026-10-25T22:00+00:00", "Europe/Helsinki"),
    "the_day_before_the_clock_goes_on": ("2027-03-27", "2027-03-27T22:00+00:00", "Europe/Helsinki"),
    "the_day_on_which_the_clock_goes_on": ("2027-03-28", "2027-03-28T21:00+00:00", "Europe/Helsinki"),
    "leap_day": ("2028-02-29", "2028-02-29T22:00+00:00", "Europe/Helsinki"),
    "the_day_before_a_leap_day_that_is_not": ("2027-02-28", "2027-02-28T22:00+00:00", "Europe/Helsinki"),
    "aland": ("2026-06-30", "2026-06-30T21:00+00:00", "Europe/Mariehamn"),
    "far_to_the_west": ("2026-06-30", "2026-07-01T00:00+00:00", "Atlantic/Azores"),
}


@pytest.mark.parametrize("when", MIDNIGHTS)
def test_a_permit_ends_with_its_last_day_where_the_municipality_is(when: str) -> None:
    """In force at the last instant of that day, and not at the next, whether or not a scheduler has run."""
    last, midnight, zone = MIDNIGHTS[when]
    case, end = permitted_until(datetime.date.fromisoformat(last), zone=zone), datetime.datetime.fromisoformat(midnight)
    assert in_force(case.initiative, end - INSTANT)
    assert not in_force(case.initiative, end)
    assert codes(objections_to(case.initiative, EXPIRE, at=end - INSTANT)) == ["end_date_ahead"]
    assert objections_to(case.initiative, EXPIRE, at=end) == ()


def test_after_the_last_day_nothing_is_prepared_reviewed_or_analysed() -> None:
    """Of each state of a permit: what was allowed ends, though nobody has noted the end."""
    for last in ("order_run", "open_review", "start_analysis"):
        case = Player(LOW).until(last)
        day = ends_on(case.initiative)
        assert day is not None
        before, after = allowed(case.initiative, noon(day)), allowed(case.initiative, noon(day + DAY))
        assert before.preparing or before.reviewing or before.analysing
        assert not (after.preparing or after.reviewing or after.analysing)


# --- What the scheduler does -----------------------------------------------------------------------------------------


def named(case: Player) -> list[str]:
    """The commands that are due now."""
    return [command.name for command in due(case.initiative, at=case.at)]


def test_the_scheduler_expires_a_permit_after_its_last_day_and_not_before() -> None:
    """What is due can be given just as it is."""
    case = Player(LOW).until("start_analysis")
    last = ends_on(case.initiative)
    assert last is not None
    case.at = noon(last)
    assert named(case) == []
    case.at += DAY
    (command,) = due(case.initiative, at=case.at)
    case.do(command)
    assert case.initiative.state is PermitState.EXPIRED
    assert named(case) == []


def test_the_process_notes_that_every_source_is_granted() -> None:
    """And not before the last owner has signed."""
    case = Player(LOW).until("agree_fields")
    assert not case.sign("grant_access", "daycare")
    assert named(case) == []
    assert case.sign("grant_access", "daycare")
    assert named(case) == ["note_all_granted"]


@pytest.mark.requirement("S26-18")
def test_a_reassessment_is_announced_and_its_interval_ends_in_time() -> None:
    """Of moderate risk: announced thirty days before a year is over; a year after it analysing stops by itself."""
    case = Player(MODERATE).until("start_analysis")
    end = reassess_by(case.initiative)
    assert end == datetime.date(2027, 3, 2)
    case.at = noon(end - 31 * DAY)
    assert named(case) == []
    case.at += DAY
    assert named(case) == ["announce_reassessment"]
    case.at = noon(end - DAY)
    assert may_analyse(case.initiative, case.at)
    case.at += DAY
    assert not may_analyse(case.initiative, case.at)
    assert named(case) == ["announce_reassessment"]
    case.give("announce_reassessment")
    assert named(case) == ["end_grace"]
    case.give("end_grace")
    assert case.initiative.state is PermitState.OVERDUE
    assert named(case) == []


def test_a_level_that_has_risen_is_noted_by_the_process() -> None:
    """Once the periodic assessment finds more than was decided; never while it finds as much."""
    for pick, wanted in ((0, []), (1, ["note_level_risen"])):
        case = Player(MODERATE).until("start_analysis").wait(days=340).give("announce_reassessment")
        case.give("submit_periodic_assessment", pick=pick)
        assert named(case) == wanted


def test_high_risk_is_reassessed_every_half_year_and_low_risk_never() -> None:
    """The intervals as shipped."""
    assert reassess_by(Player(HIGH).until("start_analysis").initiative) == datetime.date(2026, 9, 2)
    assert reassess_by(Player(LOW).until("start_analysis").initiative) is None


def test_an_interval_from_a_leap_day_ends_with_february() -> None:
    """A day that the year has not is the last of its month."""
    case = Player(MODERATE)
    case.at = noon(datetime.date(2028, 2, 29))
    assert reassess_by(case.until("continue_analysis").initiative) == datetime.date(2029, 2, 28)


@pytest.mark.parametrize("name", ["low", "moderate", "high", "commissioner_heard"])
def test_a_scheduler_that_gives_what_is_due_comes_to_rest_on_every_day(name: str) -> None:
    """From any spot of the way, for two and a half years: never for ever, and at last the permit has expired."""
    for place in range(10, len(played(name).events), 5):
        initiative = played(name).made[place]
        for day in range(0, 900, 60):
            at = START + day * DAY
            for _ in range(len(BY_ITSELF) + 1):
                commands = due(initiative, at=at)
                if not commands:
                    break
                initiative = applied(initiative, perform(initiative, commands[0], at=at))
            assert not due(initiative, at=at)
        assert initiative.decided is None or initiative.state in ENDS


# --- Whose answer is awaited, until when -----------------------------------------------------------------------------

AWAITED = {
    PermitState.INSPECTION: 14,
    PermitState.REASSESSING: 14,
    PermitState.PERIODIC_REVIEW: 14,
    PermitState.MANAGEMENT: 28,
    PermitState.REASSESSING_MANAGEMENT: 28,
    PermitState.CITY: 56,
    PermitState.REASSESSING_CITY: 56,
    PermitState.COMMISSIONER: 98,
    PermitState.REASSESSING_COMMISSIONER: 98,
}


@pytest.mark.parametrize("state", PermitState)
def test_each_state_has_its_deadline_or_none(state: PermitState) -> None:
    """Days are counted from the day on which the state was entered."""
    made = replace(played("moderate").made[4], state=state)
    days = AWAITED.get(state)
    assert answer_by(made) == (None if days is None else datetime.date(2026, 3, 2) + days * DAY)


def test_every_deadline_for_an_answer_belongs_to_a_state() -> None:
    """Three more are no answers: what the guards ask, the notice, and the time for destroying."""
    others = {Deadline.PRIVACY_STATEMENT, Deadline.REASSESSMENT_NOTICE, Deadline.DELETION}
    assert set(ANSWERS.values()) | others == set(Deadline) == set(DEADLINES)


def test_a_deadline_counts_from_the_local_day() -> None:
    """What is asked at half past midnight in Helsinki is asked on the new day, though Greenwich has the old one."""
    case = Player(LOW).until("open_assessment")
    case.at = datetime.datetime(2026, 6, 30, 21, 30, tzinfo=datetime.UTC)
    assert answer_by(case.give("submit_assessment").initiative) == datetime.date(2026, 7, 15)


def test_the_privacy_person_is_waited_for_seven_whole_days() -> None:
    """Until then the group does not go on without her statement."""
    case = Player(LOW).until("submit_assessment").wait(days=7)
    with pytest.raises(Refused) as caught:
        case.give("confirm_low")
    assert codes(caught.value.objections) == ["privacy_person_unheard"]
    case.wait(days=1).give("confirm_low")
    assert case.initiative.state is PermitState.PERMITTED


# --- Reminders -------------------------------------------------------------------------------------------------------


def days_reminded(case: Player, first: datetime.date, days: int) -> Iterator[tuple[ReminderKind, int]]:
    """Each reminder of so many days, with how many days are left until what it is about."""
    for number in range(days):
        day = first + number * DAY
        for reminder in reminders_due(case.initiative, at=noon(day)):
            yield reminder.kind, (reminder.falls_on - day).days


def test_the_end_of_a_permit_is_remembered_sixty_thirty_and_seven_days_ahead() -> None:
    """And on no other day of a whole year; the deletion that follows thirty and seven days ahead."""
    case = Player(LOW).until("start_analysis")
    told = list(days_reminded(case, START.date(), 500))
    assert told == [
        (ReminderKind.END_AHEAD, 60),
        (ReminderKind.END_AHEAD, 30),
        (ReminderKind.END_AHEAD, 7),
        (ReminderKind.DELETION_AHEAD, 30),
        (ReminderKind.DELETION_AHEAD, 7),
    ]


def test_a_reassessment_is_remembered_ahead_and_a_validation_too() -> None:
    """To those who can do something about it."""
    case = Player(HIGH).until("start_analysis")
    told = list(days_reminded(case, START.date(), 1000))
    for kind in (ReminderKind.REASSESSMENT_AHEAD, ReminderKind.VALIDATION_EXPIRES):
        assert [left for found, left in told if found is kind] == [60, 30, 7]
    (reminder,) = reminders_due(case.initiative, at=noon(datetime.date(2026, 9, 2) - 7 * DAY))
    assert reminder.to == (Role.INITIATOR, Role.ANALYST)


def test_an_answer_that_is_late_is_remembered_once_on_the_day_after_its_deadline() -> None:
    """To those whose answer moves the case on."""
    case = Player(MODERATE).until("escalate_to_management")
    assert list(days_reminded(case, START.date(), 400)) == [(ReminderKind.ANSWER_LATE, -1)]
    (reminder,) = reminders_due(case.initiative, at=noon(START.date() + 29 * DAY))
    assert reminder.to == (Role.BRANCH_MANAGER, Role.RISK_MANAGER)
    assert reminder.falls_on == START.date() + 28 * DAY


def test_a_case_that_has_ended_is_left_in_peace_once_its_data_is_destroyed() -> None:
    """Nobody is told to wait for what will not come."""
    case = Player(LOW).until("close")
    assert list(days_reminded(case, START.date(), 500)) == []


def test_a_municipality_chooses_the_days_of_its_reminders() -> None:
    """Those days and no others."""
    case = Player(LOW, opening=opening_of(LOW, settings=Settings(reminders=(3, 1)))).until("start_analysis")
    told = [left for kind, left in days_reminded(case, START.date(), 360) if kind is ReminderKind.END_AHEAD]
    assert told == [3, 1]


# --- Destroying ------------------------------------------------------------------------------------------------------


def test_data_is_destroyed_sixty_days_after_the_last_day() -> None:
    """While the permit is in force there is no such day; nobody has to note the end first."""
    case = Player(LOW).until("start_analysis")
    last = ends_on(case.initiative)
    assert last is not None
    assert delete_by(case.initiative, at=noon(last)) is None
    assert delete_by(case.initiative, at=noon(last + DAY)) == last + 60 * DAY
    case.at = noon(last + 40 * DAY)
    assert delete_by(case.give("expire").initiative, at=case.at) == last + 60 * DAY


def test_data_of_a_case_that_ends_early_is_destroyed_sixty_days_after_that() -> None:
    """Whoever revokes or withdraws does not leave the data until the day that was once decided."""
    revoke = Command("revoke", (Actor("data_security_person", Role.DATA_SECURITY_PERSON),), Reasoned(WHY))
    withdraw = Command("withdraw", (Actor("initiator", Role.INITIATOR),), Reasoned(WHY))
    for command in (revoke, withdraw):
        case = Player(LOW).until("start_analysis").wait(days=10)
        case.do(command)
        assert delete_by(case.initiative, at=case.at) == START.date() + 70 * DAY


def test_data_of_a_case_that_was_rescoped_and_withdrawn_is_destroyed_too() -> None:
    """It has no decision any more, and its data still lies there."""
    case = Player(LOW).until("open_review").give("rescope").wait(days=10).give("withdraw")
    assert case.initiative.decided is None
    assert delete_by(case.initiative, at=case.at) == START.date() + 70 * DAY
    assert (ReminderKind.DELETION_AHEAD, 7) in list(days_reminded(case, START.date(), 80))


def test_a_case_without_data_has_nothing_to_destroy() -> None:
    """Withdrawn before anything was decided."""
    case = Player(LOW).until("describe").give("withdraw")
    assert delete_by(case.initiative, at=case.at) is None


# --- The clock, and who can act --------------------------------------------------------------------------------------


@pytest.mark.parametrize("back", [INSTANT, 400 * DAY])
def test_a_clock_that_goes_backwards_is_refused(back: datetime.timedelta) -> None:
    """Otherwise what has expired would hold again; the very same instant is no going back."""
    case = Player(LOW).until("describe")
    command = Command("open_assessment", (Actor("initiator", Role.INITIATOR),), Note())
    assert codes(objections_to(case.initiative, command, at=case.at - back)) == ["clock_backwards"]
    assert objections_to(case.initiative, command, at=case.at) == ()


def test_a_clock_without_its_zone_is_refused() -> None:
    """It would mean another moment on another machine."""
    case = Player(LOW)
    command = Command("withdraw", (Actor("initiator", Role.INITIATOR),), Reasoned(WHY))
    assert codes(objections_to(case.initiative, command, at=START.replace(tzinfo=None))) == ["clock_backwards"]


def test_what_waits_says_whose_signature_is_missing() -> None:
    """Two have to sign the decision; one has."""
    case = Player(MODERATE).until("escalate_to_management").give("attach_impact_assessment")
    both = frozenset({Role.BRANCH_MANAGER, Role.RISK_MANAGER})
    assert Waiting(Machine.PERMIT, "", "decide_to_continue", both, 0, 2) in waiting_in(case.initiative)
    assert not case.sign("decide_to_continue")
    assert Waiting(Machine.PERMIT, "", "decide_to_continue", both, 1, 2) in waiting_in(case.initiative)


def test_what_waits_is_told_of_each_machine_of_a_case() -> None:
    """The permit, its request, its run with the dataset, and its publication."""
    waiting = waiting_in(Player(LOW).until("publish").initiative)
    assert {(each.machine, each.subject) for each in waiting} >= {
        (Machine.PERMIT, ""),
        (Machine.REQUEST, "daycare"),
        (Machine.RUN, RUN),
        (Machine.DATASET, RUN),
        (Machine.PUBLICATION, PUBLICATION),
    }


def test_an_ended_permit_waits_for_records_only() -> None:
    """Nothing that waits would open it again."""
    waiting = waiting_in(Player(LOW).until("describe").give("withdraw").initiative)
    assert {each.command for each in waiting} <= {"record_appeal", "record_appeal_outcome", "record_destruction"}
    assert PermitState.WITHDRAWN not in LIVE


def test_a_shorter_interval_makes_a_reassessment_due_earlier() -> None:
    """Of the municipality's own settings, which the case keeps."""
    own = Settings(intervals=Intervals(reassessment_moderate=3))
    case = Player(MODERATE, opening=opening_of(MODERATE, settings=own)).until("start_analysis")
    assert reassess_by(case.initiative) == datetime.date(2026, 6, 2)
    case.at = noon(datetime.date(2026, 5, 3))
    assert named(case) == ["announce_reassessment"]
    assert perform(case.initiative, due(case.initiative, at=case.at)[0], at=case.at).fires
