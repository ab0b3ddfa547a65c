"""Opportunities, what is blocked, and benefits, in counts: what who leads looks at, without a word of any case.

Handbook 2.4 (the sponsor of analytics).
"""

from __future__ import annotations

import datetime
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from django.db.models import Count

from jalostamo.concepts.languages import Text
from jalostamo.permits.ideas import IdeaStatus, Origin
from jalostamo.permits.machines import PermitState
from jalostamo.permits.terms import Step, title_of
from townhall.pages.words import WORDS
from townhall.permits.models import Case, Idea
from townhall.permits.showing import PHASES

QUIET_DAYS: Final = 30
"""After how many days without an act a case counts as standing still."""

_PLACES: Final[Mapping[str, str]] = {"1": "preparing", "2": "preparing", "3": "deciding", "X": "ended"}


@dataclass(frozen=True, slots=True)
class PhaseCount:
    """A phase: how many open cases are in it, how many of them are late, and how many stand still."""

    title: Text
    cases: int
    late: int
    quiet: int


@dataclass(frozen=True, slots=True)
class BenefitCount:
    """A class of benefit: how many cases are being prepared, being decided, under way and ended."""

    title: Text
    preparing: int
    deciding: int
    under_way: int
    ended: int


def ideas_by_status() -> Sequence[tuple[IdeaStatus, int]]:
    """How many ideas have each status."""
    found = Counter(dict(Idea.objects.order_by().values_list("status").annotate(Count("pk"))))
    return [(status, found[status.value]) for status in IdeaStatus]


def ideas_by_origin() -> Sequence[tuple[Origin, int]]:
    """How many ideas that are not yet done or refused came from where."""
    open_ = Idea.objects.exclude(status__in=(IdeaStatus.DONE.value, IdeaStatus.REFUSED.value))
    found = Counter(dict(open_.order_by().values_list("origin").annotate(Count("pk"))))
    return [(origin, found[origin.value]) for origin in Origin]


def phases(today: datetime.date, now: datetime.datetime) -> Sequence[PhaseCount]:
    """The open cases by phase, and those that are suspended."""
    opened = Case.objects.filter(is_open=True)
    counted = [
        _by_phase(found.order_by().values_list("state").annotate(Count("pk")))
        for found in (
            opened,
            opened.filter(answer_by__lt=today),
            opened.filter(last_at__lt=now - datetime.timedelta(days=QUIET_DAYS)),
        )
    ]
    named = [(str(n), WORDS[f"case.phase_{n}"]) for n in range(1, PHASES + 1)]
    lines = [*named, ("S", title_of(PermitState.SUSPENDED))]
    return [PhaseCount(title, *(count[mark] for count in counted)) for mark, title in lines]


def _by_phase(states: object) -> Counter[str]:
    found: Counter[str] = Counter()
    for state, count in states:  # type: ignore[attr-defined]  # the stubs know no pairs of counted values
        found[state[0]] += count
    return found


def benefits() -> Sequence[BenefitCount]:
    """The cases by their benefit, the greatest first, and by how far they are; those not yet placed come last."""
    found: Counter[tuple[int | None, str]] = Counter()
    for benefit, state, count in Case.objects.order_by().values_list("benefit", "state").annotate(Count("pk")):
        found[benefit, _PLACES.get(state[0], "under_way")] += count
    steps: list[tuple[int | None, Text]] = [(step.value, title_of(step)) for step in reversed(Step)]
    return [
        BenefitCount(title, *(found[step, place] for place in ("preparing", "deciding", "under_way", "ended")))
        for step, title in [*steps, (None, WORDS["overview.not_placed"])]
    ]
