"""What the page of a case shows: the eight phases as a path, who acts next, what is asked of her who looks, the record.

Handbook 2.6.
"""

from __future__ import annotations

import datetime
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Final

from jalostamo.concepts.languages import Text
from jalostamo.concepts.roles import Role
from jalostamo.permits.contents import content_of
from jalostamo.permits.duties import objections_to_acting
from jalostamo.permits.events import SIGNED, Event
from jalostamo.permits.initiative import Initiative
from jalostamo.permits.machines import ENDS, Machine
from jalostamo.permits.moves import Command
from jalostamo.permits.people import Actor, called, holding
from jalostamo.permits.performing import row_for, scope_for
from jalostamo.permits.showing import as_shown_to
from jalostamo.permits.tables import TRANSITIONS
from jalostamo.permits.terms import WORDS as TERMS
from jalostamo.permits.times import Waiting, answer_of, asked_in, waiting_in
from jalostamo.permits.transitions import Transition
from townhall.pages.words import WORDS, language, say
from townhall.people.models import Person

PHASES: Final = 8
READERS: Final = frozenset({Role.SERVICE_UNIT_READER, Role.OUTSIDE_RESEARCHER})
"""Who reads what is published, and has no part in cases."""


@dataclass(frozen=True, slots=True)
class Phase:
    """One of the eight phases of a case: passed, here, or ahead."""

    number: int
    title: Text
    where: str


@dataclass(frozen=True, slots=True)
class Choice:
    """An act that she who looks may do now, in one of her roles; guards may still say what it lacks."""

    command: str
    subject: str
    role: Role
    signed: int
    needed: int
    is_asked: bool


@dataclass(frozen=True, slots=True)
class Expected:
    """Whom a case waits for, for what, and by which day."""

    parties: tuple[Text, ...]
    command: str
    subject: str
    signed: int
    needed: int
    answer_by: datetime.date | None


@dataclass(frozen=True, slots=True)
class Line:
    """A line of the record: what happened, on what, by whom, when."""

    number: int
    event: str
    command: str
    subject: str
    actors: tuple[tuple[str, Text], ...]
    at: datetime.datetime
    digest: str
    said: str


def may_see(person: Person, made: Initiative, *, at: datetime.datetime) -> bool:
    """Whether a person has part in a case: by a role in it, that she holds or has acted in."""
    day = made.local_day(at)
    holds = any(
        given.person == person.staff_id and given.role not in READERS and given.holds_on(day) for given in made.people
    )
    return holds or any(acted == person.staff_id for acted, _ in made.acts)


def phases_of(made: Initiative, events: Sequence[Event]) -> tuple[Phase, ...]:
    """The eight phases: those behind, the one at hand, and those ahead."""
    here = phase_now(made, events)
    ended = made.state in ENDS
    return tuple(Phase(n, WORDS[f"case.phase_{n}"], _where(n, here, ended=ended)) for n in range(1, PHASES + 1))


def _where(number: int, here: int, *, ended: bool) -> str:
    if number < here or (number == here and ended):
        return "done"
    return "here" if number == here else "ahead"


def phase_now(made: Initiative, events: Sequence[Event]) -> int:
    """The number of the phase; of an ended or suspended case, that in which it was."""
    state = made.left_for_suspension or made.state
    if state.value[0].isdecimal():
        return int(state.value[0])
    reached = [_reached().get(event.row, 0) for event in events if event.name != SIGNED]
    return max([1, *reached])


@cache
def _reached() -> Mapping[str, int]:
    rows = ((row.id, row.to.value) for row in TRANSITIONS if row.machine is Machine.PERMIT and row.to is not None)
    return {name: int(value[0]) for name, value in rows if value[0].isdecimal()}


def expected_in(made: Initiative) -> tuple[Expected, ...]:
    """Whom the case waits for; what automatons do by themselves is not waited for by anyone."""
    return tuple(
        Expected(
            tuple(called(party) for party in sorted(waiting.parties) if isinstance(party, Role)),
            waiting.command,
            waiting.subject,
            waiting.signed,
            waiting.needed,
            answer_of(made, waiting.subject),
        )
        for waiting in asked_in(made)
        if any(isinstance(party, Role) for party in waiting.parties)
    )


def choices_for(person: Person, made: Initiative, *, at: datetime.datetime) -> tuple[Choice, ...]:
    """What she may do in the case now: what is asked first, then what she may also do, in the order of the process."""
    asked = {(each.machine, each.subject, each.command) for each in asked_in(made)}
    found = [
        Choice(
            waiting.command,
            waiting.subject,
            role,
            waiting.signed,
            waiting.needed,
            (waiting.machine, waiting.subject, waiting.command) in asked,
        )
        for waiting in waiting_in(made)
        for role in list(_roles_for(person, made, waiting, at=at))[:1]
    ]
    return tuple(sorted(found, key=lambda choice: not choice.is_asked))


def _roles_for(person: Person, made: Initiative, waiting: Waiting, *, at: datetime.datetime) -> Iterator[Role]:
    """The roles in which she may give a command: held today for its scope, not against her duties, not yet signed."""
    pending = made.waiting_for(waiting.command, waiting.subject)
    if pending is not None and any(actor.person == person.staff_id for _, actor in pending.signed):
        return
    for party in sorted(waiting.parties):
        if not isinstance(party, Role):
            continue
        scope = scope_for(made, waiting.machine, waiting.subject, party)
        actors = {
            Actor(given.person, given.role, given.substitute_for)
            for given in made.people
            if (given.person, given.role) == (person.staff_id, party)
        }
        for actor in actors:
            held = holding(made.people, actor, day=made.local_day(at), scope=scope)
            if held is not None and not objections_to_acting(made, (actor,)):
                yield party
                break


def row_of(made: Initiative, command: str, subject: str) -> Transition | None:
    """The row by which a command would be given now, or None."""
    found = row_for(made, Command(command, (), None, subject))
    return found if isinstance(found, Transition) else None


def record_of(person: Person, events: Sequence[Event], names: Mapping[str, str]) -> tuple[Line, ...]:
    """Everything that happened, newest first, as she may see it."""
    return tuple(_line(event, names) for event in reversed(as_shown_to(person.staff_id, events)))


def _line(event: Event, names: Mapping[str, str]) -> Line:
    actors = tuple((names.get(actor.person, actor.person), called(actor.role)) for actor in event.actors)
    said = next((str(event.content[key]) for key in ("reason", "text", "findings") if event.content.get(key)), "")
    return Line(event.number, event.name, event.command, event.subject, actors, event.at, event.digest, said)


def told_paper(paper: object) -> tuple[tuple[Text | str, str], ...]:
    """A paper as it was written, entry by entry: what its entries are called, and what stands there."""
    return tuple(_told_entries(content_of(paper), type(paper).__name__))


def _told_entries(content: Mapping[str, object], place: str) -> Iterator[tuple[Text | str, str]]:
    for name, value in content.items():
        if isinstance(value, Mapping):
            yield from _told_entries(value, name)
        elif value not in (None, "", [], ()):
            yield _entry_called(name), _said(name, value)


def _entry_called(name: str) -> Text | str:
    lists = ("DecisionEntry", "ImpactEntry", "Entry")
    found = next((TERMS[f"{each}.{name}"] for each in lists if f"{each}.{name}" in TERMS), None)
    return found or WORDS.get(f"sheet.{name}") or name.replace("_", " ")


def _said(name: str, value: object) -> str:
    """A value as people read it: members of closed lists by what they are called."""
    if isinstance(value, list):
        return "\n".join(_said(name, each) for each in value)
    if name == "role":
        return called(Role(str(value))).in_language(language())
    for closed in _CLOSED.get(name, ()):
        if f"{closed}.{value}" in TERMS:
            return TERMS[f"{closed}.{value}"].in_language(language())
    return (
        {True: say("form.yes"), False: say("form.no")}.get(value, str(value)) if isinstance(value, bool) else str(value)
    )


_CLOSED: Final[Mapping[str, tuple[str, ...]]] = {
    "level": ("Level",),
    "decided_level": ("Level",),
    "deciding_body": ("DecidingBody",),
    "publicity_class": ("PublicityClass",),
    "decided_class": ("DataClass",),
    "outcome": ("ConsultationOutcome", "Outcome"),
}
