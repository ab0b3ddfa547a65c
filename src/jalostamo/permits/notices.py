"""Notices: who is told that something has happened in a case, and by which day an answer is asked.

They are values; whoever sends them adds the words, in each reader's language.

Handbook 2.6.
"""

from __future__ import annotations

import datetime
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from jalostamo.concepts.roles import Role
from jalostamo.permits.initiative import Initiative
from jalostamo.permits.machines import Machine
from jalostamo.permits.moves import Move
from jalostamo.permits.performing import Occurrence, scope_of
from jalostamo.permits.times import answer_by
from jalostamo.permits.work_papers import RunKind, RunOrdered

_ONLY_WHEN_CHANGED: Final = Role.DATA_SECURITY_PERSON


@dataclass(frozen=True, slots=True)
class Notice:
    """A notice to one person: what happened (an event's name), in which case, to which subject, and the answer's day."""

    person: str
    role: Role
    event: str
    case: str
    subject: str
    answer_by: datetime.date | None


def notices_of(before: Initiative, occurrence: Occurrence, after: Initiative) -> tuple[Notice, ...]:
    """Whom an occurrence is told to, once each; those who acted know already, and so does nobody without the role.

    A signature that waits for others is told to those who can give them.
    """
    acted = {actor.person for actor in occurrence.command.actors}
    told: dict[tuple[str, Role], Notice] = {}
    for role in _roles(occurrence):
        for person in _holders(before, occurrence, role):
            if person not in acted:
                told.setdefault((person, role), _notice(person, role, occurrence, after))
    return tuple(told.values())


def _roles(occurrence: Occurrence) -> Iterator[Role]:
    row, content = occurrence.row, occurrence.command.content
    if not occurrence.fires:
        open_slots = [slot for number, slot in enumerate(row.signatures.slots) if number not in occurrence.slots]
        yield from sorted({party for slot in open_slots for party in slot if isinstance(party, Role)})
        return
    # Of a run that only repeats what was decided, nobody hears; the data-security person of one that iterates.
    quiet = isinstance(content, RunOrdered) and content.kind is not RunKind.ITERATION
    for party in row.notifies:
        if isinstance(party, Role) and not (quiet and party is _ONLY_WHEN_CHANGED):
            yield party


def _holders(initiative: Initiative, occurrence: Occurrence, role: Role) -> Iterator[str]:
    move = Move(initiative, occurrence.row, occurrence.command, occurrence.at)
    scope = scope_of(move, role)
    for given in initiative.people:
        held = given.role is role and given.holds_on(move.day)
        if held and (given.scope is None or scope is None or given.scope == scope):
            yield given.person


def _notice(person: str, role: Role, occurrence: Occurrence, after: Initiative) -> Notice:
    asked = answer_by(after) if occurrence.fires and occurrence.row.machine is Machine.PERMIT else None
    event = occurrence.row.event if occurrence.fires else "SignatureGiven"
    return Notice(person, role, event, after.id, occurrence.command.subject, asked)
