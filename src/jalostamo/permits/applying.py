"""What an occurrence makes of an initiative: its state, who has acted, what still waits for signatures; no rule is asked.

An initiative is nothing but the events of its case applied one after the other; what else a command writes is in
`effects`.

Handbook 2.6.
"""

from __future__ import annotations

import datetime
from collections.abc import Iterator
from dataclasses import replace

from jalostamo.concepts.roles import Role
from jalostamo.permits.effects import EFFECTS, with_publication, with_request, with_run
from jalostamo.permits.initiative import Initiative, Opening, Pending
from jalostamo.permits.machines import (
    DatasetState,
    Machine,
    PermitState,
    PublicationState,
    RequestState,
    RunState,
    State,
)
from jalostamo.permits.people import Actor
from jalostamo.permits.performing import Occurrence, bound_of


def opened(case: str, opening: Opening, *, at: datetime.datetime, by: Actor | None = None) -> Initiative:
    """The initiative as its opening leaves it; whoever opens it in a role has acted in that role."""
    acts = frozenset({(by.person, by.role)} if by is not None and isinstance(by.role, Role) else ())
    return Initiative(
        case,
        opening.settings,
        opening.people,
        opening.link,
        PermitState.DRAFT,
        last_at=at,
        asked_since=at,
        acts=acts,
    )


def applied(initiative: Initiative, occurrence: Occurrence) -> Initiative:
    """The initiative after an occurrence."""
    row = occurrence.row
    moves = occurrence.fires and row.machine is Machine.PERMIT and (row.to is not None or row.goes_back)
    after = replace(
        initiative,
        acts=initiative.acts | {(a.person, a.role) for a in occurrence.command.actors if isinstance(a.role, Role)},
        last_at=occurrence.at,
        pending=tuple(_pending(initiative, occurrence)),
        state=_state(initiative, occurrence) if moves else initiative.state,
        asked_since=occurrence.at if moves else initiative.asked_since,
        left_for_suspension=_left(initiative, occurrence) if moves else initiative.left_for_suspension,
    )
    if not occurrence.fires:
        return after
    if row.machine is not Machine.PERMIT and row.to is not None:
        after = _subject_moved(after, row.machine, occurrence.command.subject, to=row.to, at=occurrence.at)
    effect = EFFECTS.get(row.command)
    return after if effect is None else effect(after, occurrence)


def _state(initiative: Initiative, occurrence: Occurrence) -> PermitState:
    """The state that a row of the permit leads to; out of suspension it is the one that was left."""
    if occurrence.row.goes_back:
        return initiative.left_for_suspension or initiative.state
    return PermitState(occurrence.row.to or initiative.state)


def _left(initiative: Initiative, occurrence: Occurrence) -> PermitState | None:
    """The state that a suspension leaves, for as long as it lasts."""
    suspends = occurrence.row.to is PermitState.SUSPENDED
    return initiative.state if suspends else None


def _pending(initiative: Initiative, occurrence: Occurrence) -> Iterator[Pending]:
    """What still waits for signatures; they end with the state in which they were given, and a record beside it spares them."""
    command, row = occurrence.command, occurrence.row
    moves = occurrence.fires and (row.to is not None or row.goes_back)
    own = initiative.waiting_for(command.name, command.subject)
    for pending in initiative.pending:
        ends = moves and (row.machine is Machine.PERMIT or pending.subject == command.subject)
        if pending is not own and not ends:
            yield pending
    if not occurrence.fires:
        same = own is not None and bound_of(own.content) == bound_of(command.content)
        signed = own.signed if own is not None and same else ()
        now = tuple(zip(occurrence.slots, command.actors, strict=True))
        yield Pending(command.name, command.subject, command.content, (*signed, *now))


def _subject_moved(
    initiative: Initiative, machine: Machine, subject: str, *, to: State, at: datetime.datetime
) -> Initiative:
    if machine is Machine.REQUEST:
        return with_request(initiative, subject, state=RequestState(to), since=at)
    if machine is Machine.DATASET:
        return with_run(initiative, subject, dataset=DatasetState(to))
    if machine is Machine.RUN:
        return with_run(initiative, subject, state=RunState(to))
    return with_publication(initiative, subject, state=PublicationState(to), since=at)
