"""Time: what falls due in a case, whom it waits for and since when, and what the scheduler may do by itself.

The clock is handed in. Access ends at the end of the last day whether or not a scheduler has run.

Handbook 2.6, phases 3 to 8.
"""

from __future__ import annotations

import datetime
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from jalostamo.concepts.roles import Role
from jalostamo.permits.initiative import Initiative
from jalostamo.permits.machines import ENDS, STATES, Machine, PermitState, PublicationState, RequestState
from jalostamo.permits.moves import Command, state_of
from jalostamo.permits.papers import Note
from jalostamo.permits.people import Automaton, Party, automaton
from jalostamo.permits.performing import objections_to, row_for
from jalostamo.permits.settings import Deadline
from jalostamo.permits.standing import ends_on, has_data, reassess_by
from jalostamo.permits.tables import TRANSITIONS
from jalostamo.permits.transitions import Transition

ANSWERS: Final[Mapping[PermitState | RequestState | PublicationState, Deadline]] = {
    PermitState.INSPECTION: Deadline.GROUP_STATEMENT,
    PermitState.REASSESSING: Deadline.GROUP_STATEMENT,
    PermitState.PERIODIC_REVIEW: Deadline.GROUP_STATEMENT,
    PermitState.MANAGEMENT: Deadline.MANAGEMENT_DECISION,
    PermitState.REASSESSING_MANAGEMENT: Deadline.MANAGEMENT_DECISION,
    PermitState.CITY: Deadline.CITY_DECISION,
    PermitState.REASSESSING_CITY: Deadline.CITY_DECISION,
    PermitState.COMMISSIONER: Deadline.COMMISSIONER_OPINION,
    PermitState.REASSESSING_COMMISSIONER: Deadline.COMMISSIONER_OPINION,
    RequestState.SENT: Deadline.OWNER_ANSWER,
    RequestState.FIELDS_AGREED: Deadline.OWNER_ANSWER,
    PublicationState.CONSIDERING: Deadline.SUPPORT_VIEW,
    PublicationState.CLEARING: Deadline.CLEARANCE,
}
"""How long somebody has for an answer, by the state in which a case, a request or a publication waits for it."""

_FEW: Final = 2
"""A command that more states than these know is none of their answers."""

_TURNING_AWAY: Final = frozenset(
    {
        *("return_for_completion", "refuse", "refer_up", "redefine", "reopen_description", "reopen_fields"),
        *("widen_publication", "note_new_data", "ask_for_more_data", "prepare_again", "stop", "stop_run"),
        *("restart_run", "refuse_access", "reject_delivery", "fail_validation", "hold", "suspend_publication"),
        *("close_publication", "correct", "send_back", "ask_ad_hoc"),
    }
)
"""The acts that send a case back or stop something: they can be done, and nobody waits for them."""

_ANSWERING: Final = frozenset(
    row.command for row in TRANSITIONS if row.to is not None and len(row.sources) <= _FEW
).difference(_TURNING_AWAY)
"""The acts that answer what a state asks."""

BY_ITSELF: Final = ("expire", "end_grace", "announce_reassessment", "note_level_risen", "note_all_granted")
"""What the scheduler and the process do without anybody, in the order in which they are tried."""


class ReminderKind(StrEnum):
    """What a reminder is about."""

    END_AHEAD = "end_ahead"
    REASSESSMENT_AHEAD = "reassessment_ahead"
    DELETION_AHEAD = "deletion_ahead"
    ANSWER_LATE = "answer_late"
    VALIDATION_EXPIRES = "validation_expires"


@dataclass(frozen=True, slots=True)
class Reminder:
    """A reminder that is due: what of, on which day that falls, and whom it concerns."""

    kind: ReminderKind
    falls_on: datetime.date
    to: tuple[Party, ...]
    subject: str = ""


@dataclass(frozen=True, slots=True)
class Waiting:
    """Who can act now on what: one entry for each command that has a row, whatever its guards will say."""

    machine: Machine
    subject: str
    command: str
    parties: frozenset[Party]
    signed: int
    needed: int


def due(initiative: Initiative, *, at: datetime.datetime) -> tuple[Command, ...]:
    """The commands that the scheduler and the process may give now, of which the first is given first."""
    rows = {row.command: row for row in TRANSITIONS}
    commands = []
    for name in BY_ITSELF:
        (party,) = (party for party in rows[name].signatures.parties if isinstance(party, Automaton))
        command = Command(name, (automaton(party),), Note())
        if not objections_to(initiative, command, at=at):
            commands.append(command)
    return tuple(commands)


def answer_by(initiative: Initiative) -> datetime.date | None:
    """The day by which the permit's present state asks for an answer; None where it asks for none."""
    return _answer_by(initiative, initiative.state, initiative.asked_since)


def answer_of(initiative: Initiative, subject: str) -> datetime.date | None:
    """The day by which an answer is asked of the permit (`subject` empty), or of one data request or publication."""
    asked = initiative.request_to(subject)
    if asked is not None:
        return _answer_by(initiative, asked.state, asked.since)
    made = initiative.publication_called(subject)
    if made is not None:
        return _answer_by(initiative, made.state, made.since)
    return None if subject else answer_by(initiative)


def _answer_by(
    initiative: Initiative,
    state: PermitState | RequestState | PublicationState,
    since: datetime.datetime | None,
) -> datetime.date | None:
    deadline = ANSWERS.get(state)
    if deadline is None or since is None:
        return None
    return initiative.local_day(since) + datetime.timedelta(days=initiative.settings.deadlines[deadline])


def delete_by(initiative: Initiative, *, at: datetime.datetime) -> datetime.date | None:
    """The last day for destroying data: after the permit's end, or after the case ended before it."""
    last = ends_on(initiative)
    if initiative.state in ENDS and (last is not None or initiative.runs):
        # What was retrieved before a rescoping has no decision any more, and is destroyed all the same.
        ended = initiative.local_day(initiative.asked_since)
        last = ended if last is None else min(last, ended)
    elif last is None or initiative.local_day(at) <= last:
        return None
    return last + datetime.timedelta(days=initiative.settings.deadlines[Deadline.DELETION])


def reminders_due(initiative: Initiative, *, at: datetime.datetime) -> tuple[Reminder, ...]:
    """The reminders that fall on this day; a scheduler that asks once a day sends each of them once."""
    day = initiative.local_day(at)
    return tuple(reminder for reminder in _reminders(initiative, at) if _is_due(initiative, reminder, day))


def _is_due(initiative: Initiative, reminder: Reminder, day: datetime.date) -> bool:
    left = (reminder.falls_on - day).days
    return left == -1 if reminder.kind is ReminderKind.ANSWER_LATE else left in initiative.settings.reminders


def _reminders(initiative: Initiative, at: datetime.datetime) -> Iterator[Reminder]:
    owners = (Role.INITIATOR, Role.ANALYST)
    last, reassess, delete = ends_on(initiative), reassess_by(initiative), delete_by(initiative, at=at)
    yield from _late(initiative)
    if last is not None and initiative.state not in ENDS:
        yield Reminder(ReminderKind.END_AHEAD, last, owners)
    if reassess is not None and initiative.state not in ENDS:
        yield Reminder(ReminderKind.REASSESSMENT_AHEAD, reassess, owners)
    if delete is not None and any(has_data(initiative, run) for run in initiative.runs):
        yield Reminder(ReminderKind.DELETION_AHEAD, delete, (Role.ANONYMISATION_EXPERT, Role.INITIATOR))
    for run in initiative.runs:
        if run.validated is not None and initiative.state not in ENDS:
            yield Reminder(ReminderKind.VALIDATION_EXPIRES, run.validated.expires, (Role.VALIDATOR,), run.id)


def _late(initiative: Initiative) -> Iterator[Reminder]:
    """The answers that the permit, its data requests and its publications wait for; an ended case waits for none."""
    if initiative.state in ENDS:
        return
    waits: list[tuple[Machine, str, PermitState | RequestState | PublicationState, datetime.datetime | None]] = [
        (Machine.PERMIT, "", initiative.state, initiative.asked_since),
        *((Machine.REQUEST, asked.register, asked.state, asked.since) for asked in initiative.requests),
        *((Machine.PUBLICATION, made.id, made.state, made.since) for made in initiative.publications),
    ]
    for machine, subject, state, since in waits:
        day = _answer_by(initiative, state, since)
        if day is not None:
            yield Reminder(ReminderKind.ANSWER_LATE, day, _whom(machine, state), subject)


def _whom(machine: Machine, state: PermitState | RequestState | PublicationState) -> tuple[Party, ...]:
    """Whose answer a state waits for: those who can move it on, and not merely stop or note something."""
    rows = [row for row in TRANSITIONS if row.machine is machine and state in row.sources and row.to is not None]
    # What can be done in many states is not the answer that this one asks for.
    parties = {party for row in rows if len(row.sources) <= _FEW for party in row.signatures.parties}
    return tuple(sorted(party for party in parties if isinstance(party, Role)))


def asked_in(initiative: Initiative) -> tuple[Waiting, ...]:
    """What a case waits for now: of all that can be done, the acts that answer what its states ask.

    The person responsible for privacy is asked before the group and the city management go on, once each.
    """
    assessed, hears = initiative.assessed, set(_ANSWERING)
    if assessed is not None and initiative.privacy_statement_on != assessed.version:
        hears.add("give_privacy_statement")
    if initiative.advice is None:
        hears.add("advise_on_consultation")
    return tuple(found for found in waiting_in(initiative) if found.command in hears)


def waiting_in(initiative: Initiative) -> tuple[Waiting, ...]:
    """What can be done in a case now and by whom, machine by machine; the guards are asked when someone does it."""
    subjects = [
        (Machine.PERMIT, ""),
        *((Machine.REQUEST, asked.register) for asked in initiative.requests),
        *((machine, run.id) for run in initiative.runs for machine in (Machine.RUN, Machine.DATASET)),
        *((Machine.PUBLICATION, made.id) for made in initiative.publications),
    ]
    return tuple(found for machine, subject in subjects for found in _waiting(initiative, machine, subject))


def _waiting(initiative: Initiative, machine: Machine, subject: str) -> Iterator[Waiting]:
    state = state_of(initiative, machine, subject)
    if state is None:
        return
    for listed in TRANSITIONS:
        if listed.machine is not machine or STATES[machine](state) not in listed.sources:
            continue
        row = row_for(initiative, Command(listed.command, (), None, subject))
        if isinstance(row, Transition):
            pending = initiative.waiting_for(row.command, subject)
            signed = len(pending.signed) if pending else 0
            yield Waiting(machine, subject, row.command, row.signatures.parties, signed, len(row.signatures.slots))
