"""The naive twin of life courses: for each case and month, a loop over its spells; and sums over units, one by one."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from typing import NamedTuple

from tests.jalostamo.producing.analyses.naive_journeys import Happened, Log, Who

from jalostamo.producing.analyses.months import Life


class Month(NamedTuple):
    """Whose month it is, how many months after the start or at which age, and the number of its state."""

    who: Who
    position: int
    month: int
    state: int


def naive_months(log: Log, life: Life) -> list[Month]:
    """Every month of every life course, in order."""
    found = []
    for who in log[1]:
        events = [event for event in log[0] if event.case == who.case]
        for month in _months(who, events, life):
            used = [
                number
                for number, services in enumerate(life.states.values())
                if any(e.service in services and e.at <= month <= _last(e, who, life) for e in events)
            ]
            position = month - _start(who, events, life) if life.start else month // 12 - (who.birth_year or 0)
            found.append(Month(who, position, month, min(used, default=len(life.states))))
    return found


def _start(who: Who, events: list[Happened], life: Life) -> int:
    return min((e.at for e in events if e.service in life.start and who.since <= e.at < who.left), default=who.left)


def _months(who: Who, events: list[Happened], life: Life) -> list[int]:
    lived = range(who.since, who.left)
    if life.start:
        first = _start(who, events, life)
        return [month for month in lived if first <= month < first + life.months]
    return [month for month in lived if life.ages[0] <= month // 12 - (who.birth_year or 0) <= life.ages[1]]


def _last(event: Happened, who: Who, life: Life) -> int:
    missing = who.left - 1 if event.service in life.still_open else event.at
    return max(event.at, missing if event.until is None else event.until)


def naive_ratio(x: Mapping[str, int], t: Mapping[str, int]) -> tuple[float, float]:
    """The ratio of two sums over units, and its variance by what each unit adds."""
    ratio = sum(x.values()) / sum(t.values())
    return ratio, sum((x.get(unit, 0) - ratio * of) ** 2 for unit, of in t.items()) / sum(t.values()) ** 2


def by_unit(months: list[Month]) -> dict[str, int]:
    """How many months each unit has."""
    counted: dict[str, int] = defaultdict(int)
    for month in months:
        counted[month.who.unit] += 1
    return counted
