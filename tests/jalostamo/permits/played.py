"""Cases played by real commands up to any step of their way, and a move made from wherever they stand.

The way is the shortest one to the end of a case; what leaves it is played from its steps by `done`.
"""

from __future__ import annotations

import datetime
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import cache

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

from jalostamo.concepts.errors import Objection
from jalostamo.concepts.roles import Role
from jalostamo.permits.applying import applied, opened
from jalostamo.permits.guards import GUARDS
from jalostamo.permits.initiative import Initiative, Opening, Publication, Run, SourceRequest
from jalostamo.permits.moves import Command, Move, state_of
from jalostamo.permits.people import Actor, Assignment, Party
from jalostamo.permits.performing import objections_to, perform
from jalostamo.permits.tables import BY_STATE_AND_COMMAND, MACHINES
from jalostamo.permits.terms import DataClass, Lane, Level, Step
from jalostamo.permits.transitions import Transition
from jalostamo.permits.work_papers import OutputKind, Validated

LOW = Kind()
MODERATE = Kind(Level.MODERATE)
HIGH = Kind(Level.HIGH)
HIGH_ROWS = Kind(Level.HIGH, Lane.ROWS, DataClass.ROW_LEVEL_KEY_DESTROYED)
ROWS = Kind(Level.MODERATE, Lane.ROWS, DataClass.ANONYMISED_ROWS)

_CLEARED_BY = {OutputKind.PRINTED_CELLS: "pass_gate", OutputKind.MICRODATA: "clear_microdata"}


def in_days(days: int) -> datetime.datetime:
    return START + datetime.timedelta(days=days)


def way_of(kind: Kind) -> Iterator[tuple[str, str]]:
    """The commands of the shortest way, each with its subject."""
    yield from ((name, "") for name in _deciding(kind))
    yield from ((name, REGISTER) for name in ("send_request", "agree_fields", "grant_access"))
    yield from (("note_all_granted", ""), ("state_login", ""), ("order_run", RUN))
    yield from ((name, REGISTER) for name in ("pick", "transfer", "receive"))
    rows = ("validate", "release") if kind.lane is Lane.ROWS else ("confirm_quality",)
    inside = ("start_preparing", "take_in", "merge", "prepare", "describe_dataset", *rows, "report_prepared")
    yield from ((name, RUN) for name in inside)
    revised = ("submit_revised_assessment", "give_privacy_statement", "continue_analysis")
    yield from ((name, "") for name in ("open_review", *(("confirm_fit",) if kind.level is Level.LOW else revised)))
    yield from ((name, RUN) for name in ("start_analysis", "finish_analysis"))
    cleared = _CLEARED_BY.get(kind.output, "clear_output")
    yield from ((name, PUBLICATION) for name in ("draft_publication", "submit_for_clearance", cleared, "publish"))
    yield from (("record_follow_up", ""), ("destroy_dataset", RUN), ("close", ""))


def _deciding(kind: Kind) -> Iterator[str]:
    yield from ("describe", "open_assessment", "submit_assessment")
    if kind.level is Level.HIGH or (kind.children and kind.level is not Level.LOW):
        yield "attach_impact_assessment"
    yield "give_privacy_statement"
    if kind.level is Level.LOW:
        yield "confirm_low"
    elif kind.level is Level.HIGH:
        yield from ("escalate_to_city", "advise_on_consultation")
        yield from ("consult_commissioner", "record_opinion") if (kind.residual or Step.LOW) >= Step.HIGH else ()
        yield "decide_to_continue"
    else:
        yield from ("escalate_to_management", "decide_to_continue")
    yield "open_requests"


def row_of(initiative: Initiative, command: str, subject: str = "") -> Transition:
    """The row that a command has where the case stands."""
    state = state_of(initiative, MACHINES[command], subject)
    assert state is not None
    return BY_STATE_AND_COMMAND[(state, command)]


def paper_of(kind: Kind, initiative: Initiative, command: str, subject: str = "", *, on: int = 0) -> object:
    """The good paper for a command."""
    row = row_of(initiative, command, subject)
    written = papers_for(kind, initiative, row, subject=subject, at=in_days(on))
    if row.paper is Validated:
        return next(paper for paper in written if paper.data_class is kind.data_class)
    return written[0]


def next_command(kind: Kind, initiative: Initiative, command: str, subject: str = "") -> Command:
    """A command with its good paper, by those who have not signed it yet."""
    return _command(initiative, command, paper_of(kind, initiative, command, subject), subject)


def done(
    kind: Kind,
    initiative: Initiative,
    command: str,
    subject: str = "",
    *,
    paper: object = None,
    on: int = 0,
) -> Initiative:
    """The case after a command that everybody has signed whose signature it needs; refused where it is."""
    content = paper_of(kind, initiative, command, subject, on=on) if paper is None else paper
    while True:
        found = perform(initiative, _command(initiative, command, content, subject), at=in_days(on))
        initiative = applied(initiative, found)
        if found.fires:
            return initiative


def refused(
    kind: Kind, initiative: Initiative, command: str, subject: str = "", *, paper: object = None, on: int = 0
) -> set[str]:
    """The codes of the objections to the next signature of a command."""
    content = paper_of(kind, initiative, command, subject, on=on) if paper is None else paper
    return codes_of(objections_to(initiative, _command(initiative, command, content, subject), at=in_days(on)))


def _command(initiative: Initiative, command: str, content: object, subject: str) -> Command:
    pending = initiative.waiting_for(command, subject)
    filled = frozenset(slot for slot, _ in pending.signed) if pending else frozenset()
    signed = frozenset(actor.person for _, actor in pending.signed) if pending else frozenset()
    actors = next(actors_for(initiative, row_of(initiative, command, subject), filled=filled, signed=signed))
    return Command(command, actors, content, subject)


@cache
def _after(kind: Kind, steps: int) -> Initiative:
    if steps == 0:
        return opened("case-1", opening_of(kind), at=START)
    command, subject = _way(kind)[steps - 1]
    return done(kind, _after(kind, steps - 1), command, subject)


@cache
def _way(kind: Kind) -> tuple[tuple[str, str], ...]:
    return tuple(way_of(kind))


def _place(kind: Kind, command: str) -> int:
    return [name for name, _ in _way(kind)].index(command)


def before(kind: Kind, command: str) -> Initiative:
    """The case just before a command of its way, the first time that it comes."""
    return _after(kind, _place(kind, command))


def after(kind: Kind, command: str) -> Initiative:
    """The case just after a command of its way, the first time that it comes."""
    return _after(kind, _place(kind, command) + 1)


def opened_with(kind: Kind, opening: Opening) -> Initiative:
    return opened("case-1", opening, at=START)


def along(kind: Kind, initiative: Initiative, *, until: str) -> Initiative:
    """The case after every command of its way up to one, which is left out."""
    for command, subject in way_of(kind):
        if command == until:
            break
        initiative = done(kind, initiative, command, subject)
    return initiative


def by(*roles: Role) -> tuple[Actor, ...]:
    """Those who hold these roles in the cases."""
    return tuple(Actor(role.value, role) for role in roles)


def move(
    kind: Kind,
    command: str,
    subject: str = "",
    *,
    at: Initiative | None = None,
    paper: object = None,
    actors: tuple[Actor, ...] | None = None,
    on: int = 0,
) -> Move:
    """A move by a command: from the case just before it on its way, or from where `at` says that it stands."""
    stands = before(kind, command) if at is None else at
    content = paper_of(kind, stands, command, subject, on=on) if paper is None else paper
    acting = next(actors_for(stands, row_of(stands, command, subject))) if actors is None else actors
    return Move(stands, row_of(stands, command, subject), Command(command, acting, content, subject), in_days(on))


def acts(case: Initiative, command: str, actors: tuple[Actor, ...], content: object, subject: str = "") -> Initiative:
    """The case after one signature."""
    return applied(case, perform(case, Command(command, actors, content, subject), at=START))


def said_to(
    case: Initiative, command: str, actors: tuple[Actor, ...], content: object, subject: str = "", *, on: int = 0
) -> set[str]:
    """The codes of the objections to one signature."""
    return codes_of(objections_to(case, Command(command, actors, content, subject), at=in_days(on)))


def told(case: Initiative, command: str, subject: str = "") -> set[Party]:
    """Who is told when a command has happened."""
    return set(row_of(case, command, subject).notifies)


def level_of(case: Initiative) -> Level:
    """The level of the latest assessment."""
    assert case.assessed is not None
    return case.assessed.level


def all_done(kind: Kind, case: Initiative, *steps: str, on: int = 0) -> Initiative:
    """The case after these commands, each with its subject after a blank."""
    for step in steps:
        name, _, subject = step.partition(" ")
        case = done(kind, case, name, subject, on=on)
    return case


def held_by(person: str, role: Role, **changed: object) -> Assignment:
    """A role that a person of the group's unit holds for as long as a case goes on."""
    first, last = START.date(), START.date() + datetime.timedelta(days=700)
    return replace(Assignment(person, role, first, last, "grants", "confirms", unit="group"), **changed)


def codes_of(objections: tuple[Objection, ...]) -> set[str]:
    return {getattr(found, "code", "") for found in objections}


def said_by(guard: str, made: Move) -> set[str]:
    """The codes of what one guard says of a move."""
    return codes_of(GUARDS[guard](made))


def with_run(initiative: Initiative, **changes: object) -> Initiative:
    """The case with its last run changed."""
    *others, last = initiative.runs
    changed: Run = replace(last, **changes)
    return replace(initiative, runs=(*others, changed))


def with_request(initiative: Initiative, **changes: object) -> Initiative:
    """The case with its last data request changed."""
    *others, last = initiative.requests
    changed: SourceRequest = replace(last, **changes)
    return replace(initiative, requests=(*others, changed))


def with_publication(initiative: Initiative, **changes: object) -> Initiative:
    """The case with its last publication changed."""
    *others, last = initiative.publications
    changed: Publication = replace(last, **changes)
    return replace(initiative, publications=(*others, changed))


@dataclass(frozen=True, slots=True)
class GuardCase:
    """What a guard refuses, by which code, and its neighbour that it lets pass; `says` is the case in words."""

    guard: str
    code: str
    says: str
    refused: Move
    passes: Move

    def __str__(self) -> str:
        return f"{self.guard}: {self.says}"


def objects_and_lets_pass(case: GuardCase) -> None:
    """What every test of a guard asserts: the code in the one case, nothing in the neighbouring one."""
    assert case.code in said_by(case.guard, case.refused)
    assert said_by(case.guard, case.passes) == set()
