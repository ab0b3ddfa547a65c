"""Events: what has happened in a case, chained by digest and signed by whoever appends them.

A change, a gap, another order or a rollback shows: the chain is tamper-evident up to the last head that is remembered
elsewhere. The same rules that let an event be appended let it be replayed; a chain that they would not allow is refused.

Handbook 2.6.
"""

from __future__ import annotations

import datetime
import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final, Protocol
from zoneinfo import ZoneInfo

from jalostamo.concepts.errors import Refused
from jalostamo.concepts.roles import Role
from jalostamo.concepts.writings import is_timezone
from jalostamo.permits.applying import applied, opened
from jalostamo.permits.contents import canonical, content_of, value_from, written
from jalostamo.permits.initiative import Initiative, Opening
from jalostamo.permits.moves import Command
from jalostamo.permits.municipality import objections_to_people, objections_to_settings
from jalostamo.permits.objections import objection
from jalostamo.permits.people import Actor, holding
from jalostamo.permits.performing import Occurrence, judge, row_for
from jalostamo.permits.tables import PROCESS_VERSION
from jalostamo.permits.transitions import Transition

OPENED: Final = "InitiativeOpened"
SIGNED: Final = "SignatureGiven"
_OPENERS: Final = frozenset({Role.INITIATOR, Role.ANALYST, Role.ADMINISTRATOR})
_LONGEST_ID: Final = 100
_DOMAIN: Final = b"jalostamo permit event 1\n"
_OPENING: Final = ("T00", "open", "")
# From every day of these years on, the longest interval still ends in a year that the calendar has.
_YEARS: Final = range(2000, 3000)


class Signer(Protocol):
    """Whoever signs events: the key lives elsewhere, and is known here by its name alone."""

    @property
    def key(self) -> str:
        """The name of the key."""

    def sign(self, message: bytes) -> bytes:
        """The signature of a message."""


class Verifier(Protocol):
    """Whoever knows the public keys."""

    def verify(self, key: str, message: bytes, signature: bytes) -> bool:
        """Whether the key of that name has signed the message; False for a key that is not known."""


@written
@dataclass(frozen=True, slots=True, repr=False)
class Event:
    """One event of a case: what happened (past tense), by which row, by whom, with what paper, after which event.

    `number` counts from 1; `previous` is the digest of the event before, empty in the first. `signature` is hexadecimal
    and covers everything else.
    """

    case: str
    number: int
    previous: str
    process: str
    name: str
    row: str
    command: str
    subject: str
    actors: tuple[Actor, ...]
    content: Mapping[str, object]
    at: datetime.datetime
    key: str
    signature: str = ""

    @property
    def message(self) -> bytes:
        """The bytes that are signed: everything but the signature."""
        told = content_of(self)
        del told["signature"]
        return _DOMAIN + canonical(told)

    @property
    def digest(self) -> str:
        """The sha256 of those bytes: by it the next event names this one."""
        return hashlib.sha256(self.message).hexdigest()

    def __repr__(self) -> str:
        """Its place and name; its paper stays out of logs."""
        return f"Event({self.case!r}, {self.number}, {self.name!r})"


def open_case(
    case: str, opening: Opening, *, by: Actor, at: datetime.datetime, signer: Signer
) -> tuple[Event, Initiative]:
    """The first event of a case, and the initiative that it makes."""
    _refuse_unless(_is_moment(at), "clock_backwards")
    _refuse_opening(case, opening, by=(by,), at=at)
    event = Event(case, 1, "", PROCESS_VERSION, OPENED, *_OPENING, (by,), content_of(opening), _moment(at), signer.key)
    event = _signed(event, signer)
    made = replace(opened(case, opening, at=event.at, by=by), head=event.digest, length=1)
    return event, made


def append(initiative: Initiative, occurrence: Occurrence, *, signer: Signer) -> tuple[Event, Initiative]:
    """The event of an occurrence, signed, and the initiative after it."""
    command, row = occurrence.command, occurrence.row
    _refuse_unless(_is_moment(occurrence.at), "clock_backwards")
    event = Event(
        initiative.id,
        initiative.length + 1,
        initiative.head,
        PROCESS_VERSION,
        row.event if occurrence.fires else SIGNED,
        row.id,
        command.name,
        command.subject,
        command.actors,
        content_of(command.content),
        _moment(occurrence.at),
        signer.key,
    )
    event = _signed(event, signer)
    after = applied(initiative, replace(occurrence, at=event.at))
    return event, replace(after, head=event.digest, length=event.number)


def replay(events: Sequence[Event], *, verifier: Verifier, head: tuple[int, str] | None = None) -> Initiative:
    """The initiative that a chain of events makes; refused where the chain, a signature or a rule does not hold.

    `head` is the number and the digest of the last event that was seen before: a chain that does not contain it has been
    rolled back or written anew.
    """
    return replayed_by_event(events, verifier=verifier, head=head)[-1]


def replayed_by_event(
    events: Sequence[Event], *, verifier: Verifier, head: tuple[int, str] | None = None
) -> tuple[Initiative, ...]:
    """The initiative as each event of a chain left it, the chain verified as `replay` verifies it."""
    _refuse_unless(bool(events), "chain_empty")
    stages = [_first(events[0], verifier)]
    _compare(stages[0], head)
    for event in events[1:]:
        stages.append(_next(stages[-1], event, verifier))
        _compare(stages[-1], head)
    _refuse_unless(head is None or head[0] <= stages[-1].length, "chain_rolled_back")
    return tuple(stages)


def replayed_on(initiative: Initiative, events: Iterable[Event], *, verifier: Verifier) -> Initiative:
    """The initiative after more events, verified as `replay` verifies them."""
    for event in events:
        initiative = _next(initiative, event, verifier)
    return initiative


def event_from(content: object) -> Event:
    """An event as it was read from JSON; refused where it is not one."""
    return value_from(Event, content)


def _first(event: Event, verifier: Verifier) -> Initiative:
    digest = _verified(event, verifier, number=1, previous="")
    told = (event.row, event.command, event.subject)
    _refuse_unless(event.name == OPENED and told == _OPENING, "chain_without_opening")
    opening = value_from(Opening, event.content)
    _refuse_opening(event.case, opening, by=event.actors, at=event.at)
    return replace(opened(event.case, opening, at=event.at, by=event.actors[0]), head=digest, length=1)


def _refuse_opening(case: str, opening: Opening, *, by: tuple[Actor, ...], at: datetime.datetime) -> None:
    """A case is opened by its initiator or an administrator, on sound settings, with people who did not choose themselves."""
    day = at.astimezone(ZoneInfo(opening.settings.timezone)).date() if is_timezone(opening.settings.timezone) else None
    held = [
        actor
        for actor in by
        if actor.role in _OPENERS and day and holding(opening.people, actor, day=day, scope=None) is not None
    ]
    wrong = [*objections_to_settings(opening.settings), *objections_to_people(opening.people)]
    if not case.strip() or len(case) > _LONGEST_ID:
        wrong.append(objection("opening_without_id"))
    if not wrong and (len(by) != 1 or len(held) != 1):
        wrong.append(objection("opening_by_whom"))
    if wrong:
        raise Refused(wrong, reason="opening")


def _next(initiative: Initiative, event: Event, verifier: Verifier) -> Initiative:
    _refuse_unless(event.case == initiative.id, "chain_of_another_case")
    digest = _verified(event, verifier, number=initiative.length + 1, previous=initiative.head)
    command = _command_of(initiative, event)
    found = judge(initiative, command, at=event.at)
    if not isinstance(found, Occurrence):
        raise Refused([objection("chain_against_the_rules", number=event.number), *found], reason="chain")
    told = found.row.event if found.fires else SIGNED
    _refuse_unless((event.row, event.name) == (found.row.id, told), "chain_tells_otherwise")
    return replace(applied(initiative, found), head=digest, length=event.number)


def _command_of(initiative: Initiative, event: Event) -> Command:
    unread = Command(event.command, event.actors, None, event.subject)
    row = row_for(initiative, unread)
    if not isinstance(row, Transition):
        raise Refused([objection("chain_against_the_rules", number=event.number), *row], reason="chain")
    return replace(unread, content=value_from(row.paper, event.content))


def _verified(event: Event, verifier: Verifier, *, number: int, previous: str) -> str:
    """The digest of an event that stands in its place, and is signed."""
    _refuse_unless(event.process == PROCESS_VERSION, "process_unknown")
    _refuse_unless((event.number, event.previous) == (number, previous) and _is_moment(event.at), "chain_broken")
    try:
        signature = bytes.fromhex(event.signature)
    except ValueError:
        signature = b""
    _refuse_unless(signature.hex() == event.signature, "signature_wrong")
    message = event.message
    _refuse_unless(verifier.verify(event.key, message, signature), "signature_wrong")
    return hashlib.sha256(message).hexdigest()


def _compare(initiative: Initiative, head: tuple[int, str] | None) -> None:
    if head is not None and initiative.length == head[0]:
        _refuse_unless(initiative.head == head[1], "chain_rolled_back")


def _refuse_unless(holds: bool, code: str) -> None:
    if not holds:
        raise Refused([objection(code)], reason=code)


def _signed(event: Event, signer: Signer) -> Event:
    return replace(event, signature=signer.sign(event.message).hex())


def _is_moment(at: datetime.datetime) -> bool:
    """Whether a moment names its time zone, and lies where days can be counted on from it."""
    return at.tzinfo is not None and at.year in _YEARS


def _moment(at: datetime.datetime) -> datetime.datetime:
    """A moment as it is written: UTC."""
    return at.astimezone(datetime.UTC)
