"""Whether the chains of events hold, case by case; and a chain as a file that can be checked elsewhere.

A chain that was cut short together with its head looks whole from here: only a head that was noted elsewhere shows it.

Handbook 2.6.
"""

from __future__ import annotations

import datetime
import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from jalostamo.concepts.errors import Objection, Refused, Unfit
from jalostamo.permits.contents import content_of
from jalostamo.permits.events import Event
from jalostamo.permits.initiative import Initiative
from jalostamo.permits.machines import ENDS
from jalostamo.permits.showing import as_shown_to
from townhall.permits.models import Case, CaseNumbers
from townhall.permits.recording import events_of, replayed, signer

A_PAGE: Final = 100


@dataclass(frozen=True, slots=True)
class Broken:
    """A case that does not hold, and what the rules say of it; nothing where its list line differs from its events."""

    case: str
    objections: tuple[Objection, ...]


@dataclass(frozen=True, slots=True)
class Verified:
    """A page of cases whose chains were replayed: how many, with how many events, and those that do not hold."""

    first: str
    last: str
    cases: int
    events: int
    broken: tuple[Broken, ...]
    has_more: bool


def verify(after: str) -> Verified:
    """Replay the chains of the next cases after one, in the order of their numbers."""
    found = list(Case.objects.filter(pk__gt=after).order_by("pk")[: A_PAGE + 1])
    page = found[:A_PAGE]
    broken = tuple(each for each in map(_broken, page) if each is not None)
    events = sum(case.length for case in page)
    ends = (page[0].pk, page[-1].pk) if page else ("", "")
    return Verified(*ends, len(page), events, broken, len(found) > A_PAGE)


def missing_numbers() -> Sequence[str]:
    """The numbers that were given to cases which are not there any more."""
    there = set(Case.objects.values_list("pk", flat=True))
    return [number for number in _given_numbers() if number not in there]


def exported(case: Case) -> str:
    """A case's events with their signatures, and the public key that they name, as JSON."""
    key = signer()
    told = {
        "case": case.pk,
        "length": case.length,
        "head": case.head,
        "keys": {key.key: key.public.hex()},
        "events": [content_of(event) for event in events_of(case)],
    }
    return json.dumps(told, ensure_ascii=False, indent=1, sort_keys=True)


def hides_something(person: str, events: Sequence[Event]) -> bool:
    """Whether the chain holds what this person may not see before it is time."""
    return as_shown_to(person, events) != tuple(events)


def _given_numbers() -> Iterator[str]:
    for given in CaseNumbers.objects.order_by("year"):
        yield from (f"{given.year}-{number:04d}" for number in range(1, given.last + 1))


def _broken(case: Case) -> Broken | None:
    try:
        made = replayed(case, events_of(case))
    except Refused as no:
        return Broken(case.pk, no.objections)
    except (Unfit, ValueError):
        return Broken(case.pk, ())
    return None if _as_listed(case, made) else Broken(case.pk, ())


def _as_listed(case: Case, made: Initiative) -> bool:
    """Whether what lists show of a case is what its events say."""
    told: tuple[str, int, str, datetime.datetime, bool] = (
        made.state.value,
        made.length,
        made.head,
        made.last_at,
        made.state not in ENDS,
    )
    return told == (case.state, case.length, case.head, case.last_at, case.is_open)
