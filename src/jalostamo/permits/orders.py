"""Orders: what an allowed state permits, as plain data for the closed room, and why the closed room would refuse one.

The closed room believes no order: it replays the signed events by the same rules, and obeys only what they allow now.

Handbook 2.6, phases 4 and 5.
"""

from __future__ import annotations

import datetime
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from jalostamo.concepts.errors import Objection, Refused
from jalostamo.permits.contents import written
from jalostamo.permits.events import SIGNED, Event, Verifier, replay, replayed_by_event
from jalostamo.permits.initiative import Initiative, Run
from jalostamo.permits.law import SourceLaw
from jalostamo.permits.machines import RunState
from jalostamo.permits.objections import objection
from jalostamo.permits.settings import Deadline
from jalostamo.permits.standing import DELIVERING, allowed, ends_on, in_force, sources_are_granted
from jalostamo.permits.terms import DataClass, Lane
from jalostamo.permits.work_papers import RunKind

_WAITING: Final = frozenset({RunState.ORDERED, RunState.PREPARING})


@written
@dataclass(frozen=True, slots=True)
class OrderedSource:
    """A source of an order: its register, the fields that were agreed (`table.field`), and the law it is used by."""

    register: str
    fields: tuple[str, ...]
    technique: str
    law: SourceLaw


@written
@dataclass(frozen=True, slots=True)
class Order:
    """An order allows one run: which sources, which fields, which time, by which recipe, for whom, until when.

    `head` and `number` are of the event by which it was ordered. Data of the run is destroyed by `destroy_by`; days are
    inclusive. `redactions` are the fields that the estimate names for the other harms it ticks.
    """

    permit: str
    run: str
    number: int
    head: str
    kind: RunKind
    lane: Lane
    data_class: DataClass
    sealed_job: bool
    recipe: str
    definition: str | None
    sources: tuple[OrderedSource, ...]
    since: datetime.date
    until: datetime.date
    users: tuple[str, ...]
    redactions: tuple[str, ...]
    expires: datetime.date
    destroy_by: datetime.date


def order_of(events: Sequence[Event], run: str, *, verifier: Verifier) -> Order:
    """The order of a run, as its events allow it; refused where there is none."""
    found = _ordering(events, run)
    initiative = replay(events[: found.number], verifier=verifier)
    return _order(initiative, run, found)


def objections_to(
    order: Order,
    events: Sequence[Event],
    *,
    verifier: Verifier,
    at: datetime.datetime,
    head: tuple[int, str] | None = None,
) -> tuple[Objection, ...]:
    """Why the closed room does not carry out an order; empty where it does.

    `events` are the whole chain of the permit up to now, `head` the number and digest of the last event that the closed
    room has seen of it: revocations and expiry reach it by a longer chain, and a shorter one is a rollback.
    """
    if at.tzinfo is None:
        return (objection("clock_backwards"),)
    try:
        stages = replayed_by_event(events, verifier=verifier, head=head)
        found = _ordering(events, order.run)
        # The chain has been verified: its events are numbered one by one.
        own = _order(stages[found.number - 1], order.run, found)
    except Refused as refused:
        return refused.objections
    return tuple(_against(order, own, stages[-1], at))


def _against(order: Order, own: Order, initiative: Initiative, at: datetime.datetime) -> Iterator[Objection]:
    if order != own:
        yield objection("order_is_not_the_permits")
    run = initiative.run_called(order.run)
    if run is None or run.state not in _WAITING:
        yield objection("order_done")
    if initiative.local_day(at) > order.expires:
        yield objection("order_expired")
    if at < initiative.last_at:
        yield objection("clock_backwards")
    if not allowed(initiative, at).preparing:
        withdrawn = in_force(initiative, at) and not sources_are_granted(initiative)
        yield objection("sources_not_granted" if withdrawn else "permit_not_in_force")


def _ordering(events: Sequence[Event], run: str) -> Event:
    """The event by which the run was ordered; not one by which somebody has only signed for it."""
    for event in events:
        if (event.command, event.subject) == ("order_run", run) and event.name != SIGNED:
            return event
    raise Refused([objection("no_order")], reason="no_order")


def _order(initiative: Initiative, run: str, event: Event) -> Order:
    made, decided, last = initiative.run_called(run), initiative.decided, ends_on(initiative)
    if made is None or made.order is None or decided is None or last is None:
        raise Refused([objection("no_order")], reason="no_order")
    ordered, description = made.order, decided.description
    deletion = datetime.timedelta(days=initiative.settings.deadlines[Deadline.DELETION])
    return Order(
        initiative.id,
        run,
        event.number,
        event.digest,
        ordered.kind,
        description.lane,
        decided.data_class,
        description.sealed_job,
        ordered.recipe,
        ordered.definition,
        tuple(_sources(initiative, made)),
        ordered.since,
        ordered.until,
        ordered.users,
        _redactions(initiative),
        last,
        last + deletion,
    )


def _sources(initiative: Initiative, run: Run) -> Iterator[OrderedSource]:
    fields = dict(run.order.fields) if run.order else {}
    for asked in initiative.requests:
        if asked.state in DELIVERING and asked.law is not None and asked.register in fields:
            yield OrderedSource(asked.register, fields[asked.register], asked.technique, asked.law)


def _redactions(initiative: Initiative) -> tuple[str, ...]:
    harms = initiative.assessed.estimate.other_harms if initiative.assessed else {}
    return tuple(sorted({told.redaction for told in harms.values() if told.redaction.strip()}))
