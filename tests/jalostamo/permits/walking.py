"""Whole cases, played by real commands into a signed chain of events; and every command that somebody could try in one."""

from __future__ import annotations

import datetime
from collections.abc import Iterator
from dataclasses import dataclass, fields, is_dataclass, replace
from functools import cache
from typing import cast

from tests.jalostamo.permits.cases import (
    PUBLICATION,
    REGISTER,
    RUN,
    START,
    Kind,
    actors_for,
    opening_of,
    papers_for,
)

from jalostamo.concepts.roles import Role
from jalostamo.permits.events import Event, append, open_case
from jalostamo.permits.initiative import Initiative, Opening
from jalostamo.permits.machines import STATES, Machine
from jalostamo.permits.moves import Command, state_of
from jalostamo.permits.people import Actor
from jalostamo.permits.performing import perform, row_for
from jalostamo.permits.signing import Ed25519Signer, Ed25519Verifier
from jalostamo.permits.tables import TRANSITIONS
from jalostamo.permits.terms import DataClass, KindOfAnalysis, Lane, Level, Step
from jalostamo.permits.transitions import Transition
from jalostamo.permits.work_papers import OutputKind

SIGNER = Ed25519Signer("key-1", bytes(range(32)))
STRANGER = Ed25519Signer("key-of-nobody", bytes(range(1, 33)))
VERIFIER = Ed25519Verifier({SIGNER.key: SIGNER.public})

CANARY = "Kanarialintu"
"""A word that only people have written: it must never be said again by an error or a log."""

LOW = Kind()
MODERATE = Kind(Level.MODERATE, kind=KindOfAnalysis.CONTINUOUS_MONITORING)
HIGH = Kind(Level.HIGH, Lane.ROWS, DataClass.ROW_LEVEL_KEY_DESTROYED)
HEARD = Kind(Level.HIGH, Lane.ROWS, DataClass.ROW_LEVEL_KEY_DESTROYED, output=OutputKind.MICRODATA, residual=Step.HIGH)
KINDS = {"low": LOW, "moderate": MODERATE, "high": HIGH, "commissioner_heard": HEARD}


@dataclass(frozen=True, slots=True)
class Played:
    """A case that was played: its kind, its events, and the initiative after each of them."""

    kind: Kind
    events: tuple[Event, ...]
    made: tuple[Initiative, ...]

    @property
    def initiative(self) -> Initiative:
        """The case as it stands at the end."""
        return self.made[-1]


class Player:
    """One case as it is played: its events so far, and the initiative that appending made after each of them."""

    def __init__(
        self, kind: Kind, *, case: str = "case-1", opening: Opening | None = None, canary: bool = False
    ) -> None:
        self.kind = kind
        self.canary = canary
        self.at = START
        told = opening or opening_of(kind)
        who = next((given.person for given in told.people if given.role is Role.INITIATOR), Role.INITIATOR.value)
        by = Actor(who, Role.INITIATOR)
        event, made = open_case(case, told, by=by, at=self.at, signer=SIGNER)
        self.events = [event]
        self.made = [made]

    @property
    def initiative(self) -> Initiative:
        """The case as it stands."""
        return self.made[-1]

    @property
    def played(self) -> Played:
        """What was played, as a value."""
        return Played(self.kind, tuple(self.events), tuple(self.made))

    def wait(self, **length: int) -> Player:
        """Time passes."""
        self.at += datetime.timedelta(**length)
        return self

    def give(self, command: str, subject: str = "", *, pick: int = 0, content: object = None) -> Player:
        """One command, with every signature that it takes; refused as it would be."""
        fires = False
        while not fires:
            fires = self.sign(command, subject, pick=pick, content=content)
        return self

    def sign(self, command: str, subject: str = "", *, pick: int = 0, content: object = None) -> bool:
        """One submission of a command, by whoever can sign next; whether it fired."""
        row = self.row(command, subject)
        if content is None:
            content = papers_for(self.kind, self.initiative, row, subject=subject, at=self.at)[pick]
            content = with_canary(content) if self.canary else content
        pending = self.initiative.waiting_for(command, subject)
        signed = pending.signed if pending else ()
        who = actors_for(
            self.initiative,
            row,
            filled=frozenset(slot for slot, _ in signed),
            signed=frozenset(actor.person for _, actor in signed),
        )
        return self.do(Command(command, next(who), content, subject))

    def do(self, command: Command) -> bool:
        """A command as it is given; whether it fired."""
        occurrence = perform(self.initiative, command, at=self.at)
        event, made = append(self.initiative, occurrence, signer=SIGNER)
        self.events.append(event)
        self.made.append(made)
        return occurrence.fires

    def row(self, command: str, subject: str = "") -> Transition:
        """The row of a command in the present state."""
        row = row_for(self.initiative, Command(command, (), None, subject))
        assert isinstance(row, Transition), f"{command} has no row in {self.initiative}"
        return row

    def until(self, command: str) -> Player:
        """The way of this kind, up to and with a command."""
        for name, subject, pick in route(self.kind):
            self.give(name, subject, pick=pick)
            if name == command:
                return self
        raise AssertionError(f"{command} is not on the way")


def route(kind: Kind) -> Iterator[tuple[str, str, int]]:
    """The way of a kind of case from its description to its end: commands, their subjects, and which paper of several."""
    yield from ((name, "", 0) for name in _DECIDING[kind.level])
    if kind.level is Level.HIGH:
        heard = kind.residual >= Step.HIGH
        yield from ((name, "", 0) for name in (_CONSULTING if heard else ()))
        yield "decide_to_continue", "", 0
    yield "open_requests", "", 0
    yield from ((name, REGISTER, 0) for name in ("send_request", "agree_fields", "grant_access"))
    yield from (("note_all_granted", "", 0), ("state_login", "", 0), ("order_run", RUN, 0))
    yield from preparing(kind, RUN)
    yield "open_review", "", 0
    yield from ((name, "", 0) for name in _REVIEWING[kind.level])
    yield from (("start_analysis", RUN, 0), ("finish_analysis", RUN, 0))
    yield from (
        (name, PUBLICATION, 0) for name in ("draft_publication", "submit_for_clearance", _CLEARING[kind.output])
    )
    yield "publish", PUBLICATION, 0
    yield from (
        ("record_follow_up", "", 0),
        ("destroy_dataset", RUN, 0),
        ("record_destruction", "", 0),
        ("close", "", 0),
    )


def preparing(kind: Kind, run: str) -> Iterator[tuple[str, str, int]]:
    """Phase 5 of one run, by people."""
    yield from ((name, REGISTER, 0) for name in ("pick", "transfer", "receive"))
    yield from ((name, run, 0) for name in ("start_preparing", "take_in", "merge", "prepare", "describe_dataset"))
    if kind.lane is Lane.CELLS:
        yield "confirm_quality", run, 0
    else:
        yield from (("validate", run, _class_as_decided(kind)), ("release", run, 0))
    yield "report_prepared", run, 0


def _class_as_decided(kind: Kind) -> int:
    return sorted({kind.data_class, DataClass.PSEUDONYMISED_WITH_KEY}).index(kind.data_class)


_WRITING = ("describe", "open_assessment", "submit_assessment", "give_privacy_statement")
_DECIDING = {
    Level.LOW: (*_WRITING, "confirm_low"),
    Level.MODERATE: (*_WRITING, "escalate_to_management", "decide_to_continue"),
    Level.HIGH: (*_WRITING, "escalate_to_city", "attach_impact_assessment", "advise_on_consultation"),
}
_CONSULTING = ("consult_commissioner", "record_opinion")
_REVIEWING = {
    Level.LOW: ("confirm_fit",),
    Level.MODERATE: ("submit_revised_assessment", "give_privacy_statement", "continue_analysis"),
    Level.HIGH: ("submit_revised_assessment", "give_privacy_statement", "continue_analysis"),
}
_CLEARING = {
    OutputKind.PRINTED_CELLS: "pass_gate",
    OutputKind.MODEL: "clear_output",
    OutputKind.FREE_CHART: "clear_output",
    OutputKind.MICRODATA: "clear_microdata",
}


@cache
def played(name: str, until: str = "close") -> Played:
    """A case of that kind, played up to and with a command; played once, and never changed."""
    return Player(KINDS[name], canary=True).until(until).played


def with_canary[Value](value: Value) -> Value:
    """The same paper, with the canary in whatever is prose: in every text that has a space."""
    if isinstance(value, str) and type(value) is str and " " in value:
        return cast("Value", f"{value} {CANARY}")
    if isinstance(value, tuple):
        return cast("Value", tuple(with_canary(entry) for entry in value))
    if is_dataclass(value) and not isinstance(value, type):
        changed = {entry.name: with_canary(getattr(value, entry.name)) for entry in fields(value)}
        return cast("Value", replace(value, **changed))
    return value


def commands_tried(kind: Kind, initiative: Initiative, at: datetime.datetime) -> Iterator[Command]:
    """Every command that has a row now, by whoever can sign next, with every paper that somebody could hand in."""
    for machine, subject in _subjects(initiative):
        state = state_of(initiative, machine, subject)
        for listed in TRANSITIONS:
            if listed.machine is not machine or state is None or STATES[machine](state) not in listed.sources:
                continue
            row = row_for(initiative, Command(listed.command, (), None, subject))
            if isinstance(row, Transition):
                yield from _submissions(kind, initiative, row, subject, at)


def _submissions(
    kind: Kind, initiative: Initiative, row: Transition, subject: str, at: datetime.datetime
) -> Iterator[Command]:
    pending = initiative.waiting_for(row.command, subject)
    signed = pending.signed if pending else ()
    filled = frozenset(slot for slot, _ in signed)
    by = frozenset(actor.person for _, actor in signed)
    for content in papers_for(kind, initiative, row, subject=subject, at=at):
        for actors in actors_for(initiative, row, filled=filled, signed=by):
            yield Command(row.command, actors, content, subject)


def _subjects(initiative: Initiative) -> Iterator[tuple[Machine, str]]:
    yield Machine.PERMIT, ""
    for asked in initiative.requests:
        yield Machine.REQUEST, asked.register
    for run in (*(made.id for made in initiative.runs), f"run-{len(initiative.runs) + 1}"):
        yield Machine.RUN, run
        yield Machine.DATASET, run
    yield Machine.PUBLICATION, PUBLICATION


def head_of(events: tuple[Event, ...]) -> tuple[int, str]:
    """What somebody remembers who has seen a chain: the number and the digest of its last event."""
    return events[-1].number, events[-1].digest


def signed_anew(event: Event, signer: Ed25519Signer = SIGNER) -> Event:
    """The event as somebody with that key would sign it."""
    named = replace(event, key=signer.key, signature="")
    return replace(named, signature=signer.sign(named.message).hex())
