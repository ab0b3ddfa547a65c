"""The naive twin of the factor screen: a loop over every month at risk of every case, for tests to compare with."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping
from typing import NamedTuple

from tests.jalostamo.producing.analyses.naive_journeys import FIRST, LAST, Log, Who, in_order

from jalostamo.producing.analyses.methods.factor_screen.asked import Asked, Window

type Stratum = tuple[str, int, int]
type Key = tuple[str, str, Window]


class Month(NamedTuple):
    """A month at risk of a case: in which stratum, and whether the start was in it."""

    who: Who
    month: int
    stratum: Stratum
    starts: bool


def months_at_risk(log: Log, asked: Asked) -> Iterator[Month]:
    """Every month at risk of every case."""
    by_case = in_order(log[0])
    first = FIRST + asked.seen_before
    years_before = asked.seen_before // 12 * 12
    for who in log[1]:
        theirs = by_case.get(who.case, [])
        start = min((event.at for event in theirs if event.service in asked.start), default=None)
        for month in range(max(first, who.since), min(LAST, who.left)):
            age = None if who.birth_year is None else month // 12 - who.birth_year
            if start is not None and month > start:
                break
            if asked.ages and (age is None or not asked.ages[0] <= age <= asked.ages[1]):
                continue
            year = (month - first) // 12
            begins = first + 12 * year
            then = None if who.birth_year is None else begins // 12 - who.birth_year
            bands = [f"{low}-{high}" for low, high in asked.age_bands if then is not None and low <= then <= high]
            contacts = sum(begins - years_before <= event.at < begins for event in theirs)
            stratum = (bands[0] if bands else "", year, sum(contacts >= band for band in asked.contacts))
            yield Month(who, month, stratum, month == start)


def naive_exposures(
    log: Log, asked: Asked, *, household: bool, unprotected: bool = False
) -> Mapping[Key, tuple[Counter[Stratum], Counter[Stratum], Counter[int]]]:
    """Person-months and starts by stratum, and starts by lag, of each factor and window.

    `unprotected` looks as far ahead as it looks back: what no screen may do.
    """
    found: dict[Key, tuple[Counter[Stratum], Counter[Stratum], Counter[int]]] = defaultdict(
        lambda: (Counter(), Counter(), Counter())
    )
    met: dict[str, list[tuple[str, str, int]]] = defaultdict(list)
    for case, *use in _met(log, household=household):
        met[case].append((use[0], use[1], use[2]))
    for at_risk in months_at_risk(log, asked):
        lags: dict[Key, int] = {}
        for whose, what, month in met[at_risk.who.case]:
            lag = at_risk.month - month
            lag = abs(lag) if unprotected else lag
            for window in asked.all_windows:
                if window.nearest < lag <= window.farthest:
                    lags[whose, what, window] = min(lag, lags.get((whose, what, window), lag))
        for key, lag in lags.items():
            found[key][0][at_risk.stratum] += 1
            if at_risk.starts:
                found[key][1][at_risk.stratum] += 1
                found[key][2][lag] += 1
    return found


def _met(log: Log, *, household: bool) -> Iterator[tuple[str, str, str, int]]:
    """For whom, whose, what, and in which month: all that may be a factor."""
    events, cases = log
    by_case = in_order(events)
    for who in cases:
        for event in by_case.get(who.case, []):
            yield who.case, "own", event.service, event.at
        if FIRST < who.since < LAST and who.since // 12 != who.birth_year:
            yield who.case, "own", "moved in", who.since
        others = [each for each in cases if each.unit == who.unit and each.case != who.case] if household else []
        for other in others:
            for event in by_case.get(other.case, []):
                yield who.case, "household", event.service, event.at
            if FIRST < other.since < LAST:
                came = "was born" if other.since // 12 == other.birth_year else "moved in"
                yield who.case, "household", came, other.since
            if FIRST < other.left < LAST:
                yield who.case, "household", "left", other.left
