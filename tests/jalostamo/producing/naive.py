"""The methods once more in plain Python, a loop over children: slow, and sharing no line with the pipelines."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence

from tests.jalostamo.producing.release_of import FIRST_YEAR, LAST_YEAR, MONTHS, Child, Event

from jalostamo.producing.definitions import Question

BANDS = ((0, 2), (3, 6), (7, 12), (13, 17))

Row = tuple[str, str, str, str, float, float]
"""unit, group, stratum, subject, x, t"""


def band_of(age: int) -> str | None:
    return next((f"{low}-{high}" for low, high in BANDS if low <= age <= high), None)


def lived_in(child: Child, year: int) -> float:
    start = 12 * (year - FIRST_YEAR)
    since = max(start, -1 if child.came is None else child.came + 0.5)
    until = min(start + 12, MONTHS if child.went is None else child.went + 0.5)
    if child.birth_year == year and child.came is None:
        since = max(since, start + 6)
    return (until - since) / 12


def volume(children: Sequence[Child], events: Sequence[Event], question: Question) -> list[Row]:
    rows = []
    for child in children:
        for year in range(FIRST_YEAR, LAST_YEAR + 1):
            stratum, lived = band_of(year - child.birth_year), lived_in(child, year)
            if stratum is None or lived <= 0:
                continue
            for subject, services in question.subjects.items():
                used = any(
                    e.person == child.person and e.service in services and e.month // 12 + FIRST_YEAR == year
                    for e in events
                )
                rows.append((child.person, child.group, stratum, subject, float(used), lived))
    return rows


def _followed(
    children: Sequence[Child], events: Sequence[Event], question: Question
) -> list[tuple[Child, int, int, str]]:
    """Each child that can be followed, with the place and month of the index event, and the stratum."""
    found = []
    for child in children:
        own = [(place, e) for place, e in enumerate(events) if e.person == child.person and e.service in question.index]
        if not own:
            continue
        place, index = own[0]
        end = index.month + question.months
        stratum = band_of(index.month // 12 + FIRST_YEAR - child.birth_year)
        if stratum and end <= MONTHS - 1 and (child.went is None or child.went >= end):
            found.append((child, place, index.month, stratum))
    return found


def within(children: Sequence[Child], events: Sequence[Event], question: Question) -> list[Row]:
    rows = []
    for child, place, month, stratum in _followed(children, events, question):
        later = [e for e in events[place + 1 :] if e.person == child.person and e.month <= month + question.months]
        for subject, services in question.subjects.items():
            found = any(e.service in services for e in later)
            rows.append((child.person, child.group, stratum, subject, float(found != question.absent), 1.0))
    return rows


def next_step(children: Sequence[Child], events: Sequence[Event], question: Question) -> list[Row]:
    (index,) = question.index
    taken: dict[str, str | None] = {}
    followed = _followed(children, events, question)
    for child, place, month, _ in followed:
        later = [e for e in events[place + 1 :] if e.person == child.person and e.service in question.path]
        taken[child.person] = later[0].service if later and later[0].month <= month + question.months else None
    targets = [target for target in question.path if target != index and target in taken.values()]
    return [
        (child.person, child.group, stratum, f"{index}>{target}", float(taken[child.person] == target), 1.0)
        for child, _, _, stratum in followed
        for target in targets
    ]


def flows(
    children: Sequence[Child], events: Sequence[Event], question: Question
) -> dict[tuple[str, int, str, str], int]:
    counted: dict[tuple[str, int, str, str], int] = defaultdict(int)
    for child in children:
        path = [e.service for e in events if e.person == child.person and e.service in question.path]
        starts = [place for place, service in enumerate(path) if service in question.path_starts]
        walked = [*path[starts[0] :], ""] if starts else []
        for step, (source, target) in enumerate(zip(walked, walked[1:], strict=False), start=1):
            if step <= question.steps:
                counted[child.group, step, source, target] += 1
    return dict(counted)


def rate(
    rows: Sequence[Row], subject: str, group: str, *, units: Mapping[str, str] | None = None
) -> tuple[float, float, float, float]:
    """Crude rate and variance, standardised rate and variance, of one group, the standard being all rows together."""
    own = [r for r in rows if r[3] == subject and r[1] == group]
    everyone = [r for r in rows if r[3] == subject]
    groups = {r[1] for r in everyone}
    shared = [s for s in {r[2] for r in own} if all(any(r[1] == g and r[2] == s for r in everyone) for g in groups)]
    whole = sum(r[5] for r in everyone if r[2] in shared)
    crude = sum(r[4] for r in own) / sum(r[5] for r in own)
    strata = {s: [r for r in own if r[2] == s] for s in {r[2] for r in own}}
    rates = {s: sum(r[4] for r in found) / sum(r[5] for r in found) for s, found in strata.items()}
    weights = {s: (sum(r[5] for r in everyone if r[2] == s) / whole if s in shared else 0.0) for s in strata}
    influence: dict[str, list[float]] = defaultdict(lambda: [0.0, 0.0])
    for unit, _, stratum, _, x, t in own:
        name = units[unit] if units else unit
        influence[name][0] += (x - crude * t) / sum(r[5] for r in own)
        influence[name][1] += weights[stratum] * (x - rates[stratum] * t) / sum(r[5] for r in strata[stratum])
    standardised = sum(weights[s] * rates[s] for s in strata)
    return crude, sum(v[0] ** 2 for v in influence.values()), standardised, sum(v[1] ** 2 for v in influence.values())
