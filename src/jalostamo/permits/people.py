"""Who acts in a case: people in roles, with dates, scopes and substitutes; and the three automatons that act by rule.

What a person may not do because of what she did before is said in `duties`.

Handbook 2.4 and 2.6.
"""

from __future__ import annotations

import datetime
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from jalostamo.concepts.languages import Text
from jalostamo.concepts.roles import ROLES, Role
from jalostamo.permits.contents import written
from jalostamo.permits.objections import PermitObjection, objection
from jalostamo.permits.terms import title_of


class Automaton(StrEnum):
    """An automaton acts by rule and not by judgement: the clock, the process itself, the closed room, the gate."""

    SCHEDULER = "scheduler"
    PROCESS = "process"
    CLOSED_ROOM = "closed_room"
    GATE = "gate"


type Party = Role | Automaton
"""Who may act: a role that a person holds, or an automaton."""

_TITLES: Final = {described.role: described.title for described in ROLES}


def called(party: Party) -> Text:
    """What a party is called."""
    return _TITLES[party] if isinstance(party, Role) else title_of(party)


@written
@dataclass(frozen=True, slots=True)
class Actor:
    """An actor is whoever acts now: a person in one role, by her staff id, or an automaton by its name.

    `substitute_for` names the person in whose place she acts.
    """

    person: str
    role: Role | Automaton
    substitute_for: str | None = None

    @property
    def is_person(self) -> bool:
        """Whether somebody, and not a rule, acts."""
        return isinstance(self.role, Role)


def automaton(which: Automaton) -> Actor:
    """The actor that an automaton is."""
    return Actor(which.value, which)


@written
@dataclass(frozen=True, slots=True)
class Assignment:
    """An assignment gives one person one role for a time; it is granted by one person and confirmed by another.

    `scope` is the unit or the register for which she holds it, None where she holds it for the whole municipality;
    `unit` is where she works. Days are inclusive. An outside person has an `organisation` and a `contract`.
    """

    person: str
    role: Role
    since: datetime.date
    until: datetime.date
    granted_by: str
    confirmed_by: str
    scope: str | None = None
    unit: str | None = None
    substitute_for: str | None = None
    organisation: str | None = None
    contract: str | None = None
    is_trained: bool = True

    def holds_on(self, day: datetime.date) -> bool:
        """Whether it is in force on that day."""
        return self.since <= day <= self.until


OUTSIDE_ROLES: Final = frozenset({Role.VALIDATOR, Role.OUTPUT_CHECKER, Role.DATA_SECURITY_PERSON})
"""What a person of another municipality or of an in-house company may be, under a named contract."""


def objections_to_assignment(assignment: Assignment) -> tuple[PermitObjection, ...]:
    """Why a role may not be given so: to oneself, by one person alone, or to an outside person without a contract."""
    wrong = []
    three = {name for name in (assignment.person, assignment.granted_by, assignment.confirmed_by) if name.strip()}
    if len(three) < 3:
        wrong.append(objection("assignment_alone", role=called(assignment.role)))
    if assignment.until < assignment.since:
        wrong.append(objection("assignment_days", role=called(assignment.role)))
    if assignment.substitute_for == assignment.person:
        wrong.append(objection("assignment_substitute", role=called(assignment.role)))
    if assignment.organisation is not None:
        if not (assignment.contract or "").strip():
            wrong.append(objection("assignment_contract", role=called(assignment.role)))
        if assignment.role not in OUTSIDE_ROLES:
            wrong.append(objection("assignment_outside", role=called(assignment.role)))
    return tuple(wrong)


def holding(
    assignments: tuple[Assignment, ...], actor: Actor, *, day: datetime.date, scope: str | None
) -> Assignment | None:
    """The assignment by which a person acts in that role for that scope on that day, or None where there is none."""
    for given in assignments:
        if (given.person, given.role, given.substitute_for) != (actor.person, actor.role, actor.substitute_for):
            continue
        if given.holds_on(day) and (given.scope is None or scope is None or given.scope == scope):
            return given
    return None
