"""Who is told what: each once, in her role, with the day by which an answer is asked; nobody of her own act."""

from __future__ import annotations

import datetime
from dataclasses import replace

import pytest
from tests.jalostamo.permits.cases import PUBLICATION, REGISTER, START, WHY, Kind, description_of, estimate_of
from tests.jalostamo.permits.exploring import prepared_case
from tests.jalostamo.permits.played import LOW, after, in_days

from jalostamo.concepts.roles import Role
from jalostamo.permits.applying import applied
from jalostamo.permits.initiative import Initiative
from jalostamo.permits.machines import PermitState
from jalostamo.permits.moves import Command
from jalostamo.permits.notices import Notice, notices_of
from jalostamo.permits.papers import Assessment, GroupStatement, Note
from jalostamo.permits.people import Actor
from jalostamo.permits.performing import Occurrence, perform
from jalostamo.permits.tables import TRANSITIONS
from jalostamo.permits.terms import Level
from jalostamo.permits.times import ReminderKind, reminders_due
from jalostamo.permits.work_papers import RunKind, RunOrdered

KIND = Kind(Level.MODERATE)
INI, ANA = Actor("initiator", Role.INITIATOR), Actor("analyst", Role.ANALYST)


def done(initiative: Initiative, command: Command) -> tuple[Initiative, tuple[Notice, ...]]:
    occurrence = perform(initiative, command, at=START)
    after = applied(initiative, occurrence)
    return after, notices_of(initiative, occurrence, after)


def submitted() -> tuple[Initiative, tuple[Notice, ...]]:
    drafted = replace(prepared_case(KIND), state=PermitState.ASSESSING, description=description_of(KIND))
    return done(drafted, Command("submit_assessment", (INI, ANA), Assessment(estimate_of(KIND))))


def test_the_inspection_group_hears_of_a_submission_with_its_day() -> None:
    _, notices = submitted()
    assert {notice.role for notice in notices} == {
        Role.DATA_SECURITY_PERSON,
        Role.TECHNICAL_DATA_SECURITY_PERSON,
        Role.PRIVACY_PERSON,
    }
    assert {notice.answer_by for notice in notices} == {START.date() + datetime.timedelta(days=14)}


def test_a_waiting_signature_is_told_to_whoever_can_give_the_other() -> None:
    inspected, _ = submitted()
    heard = replace(inspected, privacy_statement_on=1)
    security = Actor("data_security_person", Role.DATA_SECURITY_PERSON)
    _, notices = done(heard, Command("escalate_to_management", (security,), GroupStatement(WHY, Level.MODERATE)))
    assert [(notice.role, notice.event) for notice in notices] == [
        (Role.TECHNICAL_DATA_SECURITY_PERSON, "SignatureGiven")
    ]


def test_nobody_is_told_of_her_own_act() -> None:
    case = prepared_case(KIND)
    both = tuple(replace(given, person="one and the same") for given in case.people)
    drafted = replace(case, people=both, state=PermitState.ASSESSING, description=description_of(KIND))
    actors = (Actor("one and the same", Role.INITIATOR), Actor("one and the same", Role.ANALYST))
    (row,) = (row for row in TRANSITIONS if row.command == "submit_assessment")
    occurrence = Occurrence(row, Command("submit_assessment", actors, Note()), START, True, (0, 1))
    assert notices_of(drafted, occurrence, drafted) == ()


def test_data_security_hears_of_an_iteration_and_not_of_a_rerun() -> None:
    case = replace(prepared_case(KIND), state=PermitState.ANALYSIS, description=description_of(KIND))
    (row,) = (row for row in TRANSITIONS if row.command == "order_run")
    heard = {}
    for kind in (RunKind.ITERATION, RunKind.RERUN):
        order = RunOrdered(kind, "recipe", "definition", (), START.date(), START.date())
        occurrence = Occurrence(row, Command("order_run", (ANA,), order, "run-2"), START, True, (0,))
        heard[kind] = {notice.role for notice in notices_of(case, occurrence, case)}
    assert heard[RunKind.ITERATION] - heard[RunKind.RERUN] == {Role.DATA_SECURITY_PERSON}


@pytest.mark.parametrize(
    ("after_which", "subject", "days", "whom"),
    [
        ("send_request", REGISTER, 14, Role.SOURCE_SYSTEM_OWNER),
        ("agree_fields", REGISTER, 14, Role.SOURCE_SYSTEM_OWNER),
        ("submit_for_clearance", PUBLICATION, 5, Role.OUTPUT_CHECKER),
    ],
)
def test_an_answer_that_a_request_or_a_publication_waits_for_is_reminded_of(
    after_which: str, subject: str, days: int, whom: Role
) -> None:
    """On the day after its last day, and on no other."""
    case = after(LOW, after_which)
    late = {
        day: [r for r in reminders_due(case, at=in_days(day)) if r.kind is ReminderKind.ANSWER_LATE and r.subject]
        for day in range(days + 4)
    }
    assert [day for day, reminders in late.items() if reminders] == [days + 1]
    (reminder,) = late[days + 1]
    assert reminder.subject == subject
    assert whom in reminder.to
    assert Role.ADMINISTRATOR not in reminder.to
