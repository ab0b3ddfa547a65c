"""Between the rules and the tables: a case is replayed from its signed events, and its projections follow from it.

Nothing here decides: what a case is follows from its events, and lists follow from what it is.

Handbook 2.6.
"""

from __future__ import annotations

import datetime
import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache

from django.conf import settings

from jalostamo.concepts.roles import Role
from jalostamo.doors.installation import KEY, townhall_signer
from jalostamo.permits.contents import canonical, content_of
from jalostamo.permits.duties import objections_to_acting
from jalostamo.permits.estimates.risks import benefit
from jalostamo.permits.events import Event, event_from, replay
from jalostamo.permits.initiative import Initiative
from jalostamo.permits.machines import ENDS
from jalostamo.permits.people import Actor
from jalostamo.permits.performing import scope_for
from jalostamo.permits.signing import Ed25519Signer, Ed25519Verifier
from jalostamo.permits.standing import ends_on
from jalostamo.permits.times import Waiting, answer_of, asked_in
from townhall.permits.models import Case, CaseEvent, Takes, WaitsFor
from townhall.permits.publicity.entries import publish


@dataclass(frozen=True, slots=True)
class Awaited:
    """What a case waits for from one person, in one role."""

    person: str
    role: Role
    waiting: Waiting
    substitute_for: str | None = None


@cache
def signer() -> Ed25519Signer:
    """Townhall's key, from outside the database."""
    return townhall_signer(settings.HOME)


@cache
def verifier() -> Ed25519Verifier:
    """Townhall's own public key."""
    return Ed25519Verifier({KEY: signer().public})


def events_of(case: Case) -> tuple[Event, ...]:
    """The events of a case, in order."""
    return tuple(event_from(json.loads(told)) for told in case.events.values_list("content", flat=True))


def initiative_of(case: Case) -> Initiative:
    """The case as its events make it; refused where somebody has written in the database."""
    return replayed(case, events_of(case))


def replayed(case: Case, events: Sequence[Event]) -> Initiative:
    """The same from events that were read already."""
    return replay(events, verifier=verifier(), head=(case.length, case.head))


def keep(case: Case, event: Event) -> None:
    """Keep one event, as the bytes that were signed with their signature."""
    CaseEvent.objects.create(
        case=case, number=event.number, digest=event.digest, content=canonical(content_of(event)).decode("utf-8")
    )


def project(case: Case, made: Initiative, *, at: datetime.datetime) -> Case:
    """Write down what lists show of a case, and whom it waits for; all of it follows from its events."""
    described = made.description
    case.length, case.head = made.length, made.head
    case.state = made.state.value
    case.title = (described.name if described else "")[:300]
    case.unit = (described.commissioning_unit or "") if described else ""
    case.level = made.decided.level.value if made.decided else made.assessed.level.value if made.assessed else ""
    case.cell = made.assessed.cell.value if made.assessed and made.assessed.cell else ""
    case.benefit = benefit(made.assessed.estimate) if made.assessed else None
    case.last_at, case.since = made.last_at, made.asked_since
    case.answer_by = answer_of(made, "")
    case.ends_on = ends_on(made)
    case.is_open = made.state not in ENDS
    case.save()
    publish(made)
    _take(case, made)
    _wait(case, made, at=at)
    return case


def awaited_in(made: Initiative, *, at: datetime.datetime) -> Iterator[Awaited]:
    """Whom a case waits for, person by person: those who hold the role today, for its scope, and whom duties allow."""
    day = made.local_day(at)
    for waiting in asked_in(made):
        pending = made.waiting_for(waiting.command, waiting.subject)
        signed = {actor.person for _, actor in pending.signed} if pending else set()
        for given in made.people:
            if given.role not in waiting.parties or not given.holds_on(day) or given.person in signed:
                continue
            actor = Actor(given.person, given.role, given.substitute_for)
            scope = scope_for(made, waiting.machine, waiting.subject, given.role)
            fits = given.scope is None or scope is None or given.scope == scope
            if fits and not objections_to_acting(made, (actor,)):
                yield Awaited(given.person, given.role, waiting, given.substitute_for)


def _take(case: Case, made: Initiative) -> None:
    """Who has acted in a case, and who is named in its description."""
    acted = {(person, role.value) for person, role in made.acts}
    described = made.description
    named = {(described.analyst, Role.ANALYST.value)} if described and described.analyst else set()
    known = set(case.takers.values_list("staff_id", "role"))
    Takes.objects.bulk_create(
        Takes(case=case, staff_id=person, role=role) for person, role in sorted((acted | named) - known) if person
    )


def _wait(case: Case, made: Initiative, *, at: datetime.datetime) -> None:
    case.waits.all().delete()
    WaitsFor.objects.bulk_create(
        WaitsFor(
            case=case,
            staff_id=found.person,
            role=found.role.value,
            command=found.waiting.command,
            subject=found.waiting.subject,
            since=made.asked_since,
            answer_by=answer_of(made, found.waiting.subject),
        )
        for found in _once(awaited_in(made, at=at))
    )


def _once(found: Iterable[Awaited]) -> Iterator[Awaited]:
    """One for each person and subject, however many acts and roles she could answer it by."""
    seen: set[tuple[str, str]] = set()
    for awaited in found:
        key = (awaited.person, awaited.waiting.subject)
        if key not in seen:
            seen.add(key)
            yield awaited
