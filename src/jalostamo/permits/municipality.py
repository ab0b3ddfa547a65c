"""What a municipality writes down for itself: it may tighten the process as it is shipped, and never loosen it.

It removes commands, adds signatures, floors and duties, shortens intervals and deadlines, and names who holds which
standing role, who is whose substitute, and which people come from outside under a contract.

Handbook 2.6.
"""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, fields
from typing import Final

from jalostamo.concepts.errors import Objection, Refused
from jalostamo.concepts.writings import is_timezone
from jalostamo.permits.contents import value_from, written
from jalostamo.permits.decisions import Intervals
from jalostamo.permits.estimates.costs import CostThresholds
from jalostamo.permits.estimates.risks import Floor
from jalostamo.permits.initiative import Opening
from jalostamo.permits.machines import (
    DatasetState,
    Machine,
    PermitState,
    PublicationState,
    RequestState,
    RunState,
    State,
)
from jalostamo.permits.objections import objection
from jalostamo.permits.people import Assignment, called, objections_to_assignment
from jalostamo.permits.settings import DEADLINES, Deadline, KeptApart, MoreSignature, Settings
from jalostamo.permits.tables import MACHINES, TRANSITIONS
from jalostamo.permits.terms import Step, title_of

_LONGER_IS_TIGHTER: Final = frozenset({Deadline.PRIVACY_STATEMENT, Deadline.REASSESSMENT_NOTICE})
"""Time that protects: the privacy person's before the group may go on without her, and the notice before an interval ends."""

_LONGEST_DAYS: Final = 365
_PROTECTED: Final = frozenset(row.command for row in TRANSITIONS if row.protects)


@written
@dataclass(frozen=True, slots=True)
class MunicipalityFile:
    """What the file may hold; everything has what is shipped as its default."""

    timezone: str = "Europe/Helsinki"
    group_unit: str = "group"
    remove: tuple[str, ...] = ()
    reminders: tuple[int, ...] = (60, 30, 7)
    intervals: Intervals = Intervals()
    costs: CostThresholds = CostThresholds()
    deadlines: Mapping[Deadline, int] = field(default_factory=dict)
    signature: tuple[MoreSignature, ...] = ()
    apart: tuple[KeptApart, ...] = ()
    floor: tuple[Floor, ...] = ()
    person: tuple[Assignment, ...] = ()


@dataclass(frozen=True, slots=True)
class Municipality:
    """The settings of a municipality, and the people who hold standing roles in it."""

    settings: Settings
    people: tuple[Assignment, ...]

    @property
    def opening(self) -> Opening:
        """With what a new case is opened here."""
        return Opening(self.settings, self.people)


def municipality_from(content: object) -> Municipality:
    """The municipality that a file (as TOML reads it) describes; refused, with every objection, where it would loosen."""
    file = value_from(MunicipalityFile, _plain(content))
    wrong = tuple(_objections(file))
    if wrong:
        raise Refused(wrong, reason="municipality")
    settings = Settings(
        timezone=file.timezone,
        group_unit=file.group_unit,
        floors=file.floor,
        intervals=file.intervals,
        thresholds=file.costs,
        deadlines={**DEADLINES, **file.deadlines},
        reminders=tuple(sorted(set(file.reminders), reverse=True)),
        removed=frozenset(file.remove),
        more_signatures=file.signature,
        apart=file.apart,
    )
    return Municipality(settings, file.person)


def objections_to_settings(settings: Settings) -> tuple[Objection, ...]:
    """Why settings would loosen the process, whoever wrote them; a case whose events carry such settings is refused."""
    file = MunicipalityFile(
        timezone=settings.timezone,
        group_unit=settings.group_unit,
        remove=tuple(sorted(settings.removed)),
        reminders=settings.reminders,
        intervals=settings.intervals,
        costs=settings.thresholds,
        deadlines=settings.deadlines,
        signature=settings.more_signatures,
        apart=settings.apart,
        floor=settings.floors,
    )
    missing = () if set(DEADLINES) <= set(settings.deadlines) else (objection("deadlines_missing"),)
    return (*missing, *_objections(file))


def _plain(content: object) -> object:
    """What TOML read, as JSON holds it: days in ISO form, and the steps of a floor, written in words, as steps."""
    if isinstance(content, Mapping):
        return {key: _step(entry) if key in {"step", "from_harm"} else _plain(entry) for key, entry in content.items()}
    if isinstance(content, list):
        return [_plain(entry) for entry in content]
    return content.isoformat() if isinstance(content, datetime.date) else content


def _step(word: object) -> object:
    named = {step.name.lower(): step.value for step in Step}
    return named.get(word, word) if isinstance(word, str) else word


def _objections(file: MunicipalityFile) -> Iterator[Objection]:
    if not is_timezone(file.timezone):
        yield objection("timezone_unknown")
    yield from _to_removing(file.remove)
    yield from _to_signatures(file.signature)
    yield from _to_intervals(file.intervals)
    yield from _to_deadlines(file.deadlines)
    if not file.reminders or any(not 0 < days <= _LONGEST_DAYS for days in file.reminders):
        yield objection("reminders_odd")
    if any(kept.one is kept.other for kept in file.apart):
        yield objection("apart_from_itself")
    yield from objections_to_people(file.person)


def _to_removing(commands: Iterable[str]) -> Iterator[Objection]:
    removed = frozenset(commands)
    for command in sorted(removed):
        if command not in MACHINES:
            yield objection("remove_unknown")
        elif command in _PROTECTED:
            yield objection("remove_protects", command=command)
    if not _leads_to_analysis(removed):
        yield objection("remove_leaves_no_way")


_WAYS: Final[Mapping[Machine, tuple[State, State]]] = {
    Machine.PERMIT: (PermitState.DRAFT, PermitState.ANALYSIS),
    Machine.REQUEST: (RequestState.DRAFT, RequestState.DELIVERED),
    Machine.DATASET: (DatasetState.AWAITED, DatasetState.VALIDATED),
    Machine.RUN: (RunState.NOT_YET, RunState.FINISHED),
    Machine.PUBLICATION: (PublicationState.NOT_YET, PublicationState.IN_USE),
}
"""From where to where each machine must still lead, whatever a municipality does without."""


def _leads_to_analysis(removed: frozenset[str]) -> bool:
    """Whether some case can still be analysed and published: each machine leads to its end without these commands."""
    return all(goal in _reached(machine, start, removed) for machine, (start, goal) in _WAYS.items())


def _reached(machine: Machine, start: State, removed: frozenset[str]) -> set[State]:
    # An ad hoc question stands on a run that was ordered.
    without = removed | {"ask_ad_hoc"}
    rows = [row for row in TRANSITIONS if row.machine is machine and row.command not in without]
    reached, before = {start}, set[State]()
    while reached != before:
        before = set(reached)
        reached |= {row.to for row in rows if row.to is not None and before & set(row.sources)}
    return reached


def _to_signatures(signatures: Iterable[MoreSignature]) -> Iterator[Objection]:
    for more in signatures:
        if more.command not in MACHINES:
            yield objection("signature_unknown", role=called(more.role))
        elif more.command in _PROTECTED:
            yield objection("signature_protects", role=called(more.role), command=more.command)


def _to_intervals(intervals: Intervals) -> Iterator[Objection]:
    shipped = Intervals()
    for entry in fields(Intervals):
        longest = getattr(shipped, entry.name)
        if not 0 < getattr(intervals, entry.name) <= longest:
            yield objection("interval_loosened", entry=entry.name, most=longest)


def _to_deadlines(deadlines: Mapping[Deadline, int]) -> Iterator[Objection]:
    for deadline, days in deadlines.items():
        shipped = DEADLINES[deadline]
        least, most = (shipped, _LONGEST_DAYS) if deadline in _LONGER_IS_TIGHTER else (1, shipped)
        if not least <= days <= most:
            yield objection("deadline_loosened", entry=title_of(deadline), least=least, most=most)


def objections_to_people(people: tuple[Assignment, ...]) -> Iterator[Objection]:
    """Why people may not hold these roles so: given alone, to themselves, in the place of nobody, without a contract."""
    holders = {(given.person, given.role) for given in people if given.substitute_for is None}
    for given in people:
        yield from objections_to_assignment(given)
        if given.substitute_for is not None and (given.substitute_for, given.role) not in holders:
            yield objection("substitute_for_nobody", role=called(given.role))
