"""The naive twin of journeys: a log as plain lists, and filters as loops over them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

import pyarrow as pa

from jalostamo.concepts.customers import CustomerKind
from jalostamo.engine.connection import Engine
from jalostamo.producing.analyses.filters import Filter
from jalostamo.producing.analyses.journeys import Grain, Journeys
from jalostamo.producing.analyses.setting import Groups, Setting
from jalostamo.producing.prepared_log import Tie

EVENT_SCHEMA = pa.schema(
    [("case", pa.string()), ("row", pa.int64()), ("service", pa.string()), ("at", pa.int64()), ("until", pa.int64())]
)
CASE_SCHEMA = pa.schema(
    [
        ("case", pa.string()),
        ("unit", pa.string()),
        ("group", pa.string()),
        ("birth_year", pa.int64()),
        ("since", pa.int64()),
        ("left", pa.int64()),
    ]
)
FIRST, LAST = 2010 * 12, 2017 * 12
"""The window of these logs, in months."""


class Happened(NamedTuple):
    """An event: whose, its place in the file, which service, in which months."""

    case: str
    row: int
    service: str
    at: int
    until: int | None = None


class Who(NamedTuple):
    """A case: its unit, group and year of birth, and the months between which it lived here."""

    case: str
    unit: str
    group: str | None = None
    birth_year: int | None = None
    since: int = FIRST
    left: int = LAST


type Log = tuple[Sequence[Happened], Sequence[Who]]


def journeys_of(engine: Engine, log: Log, *, tie: Tie = Tie.ROW, grain: Grain = Grain.MONTH) -> Journeys:
    """The journeys of a log, as methods see them."""
    events, cases = (
        engine.in_memory(pa.Table.from_pylist([row._asdict() for row in rows], schema=schema))
        for rows, schema in zip(log, (EVENT_SCHEMA, CASE_SCHEMA), strict=True)
    )
    return Journeys(events, cases, grain, tie, (FIRST, LAST))


def setting_of(
    *groups: str, compare: tuple[str, str] | None = None, bands: tuple[tuple[int, int], ...] = (), unit: str = "person"
) -> Setting:
    """A setting in which each group is called as its value is."""
    named = Groups("group", {group: (group,) for group in groups}, compare, bands) if groups else None
    return Setting(CustomerKind.PERSON, CustomerKind(unit), Tie.ROW, named, {})


def in_order(events: Iterable[Happened], tie: Tie = Tie.ROW) -> Mapping[str, list[Happened]]:
    """Each case's events in order."""
    by_case: dict[str, list[Happened]] = {}
    for event in events:
        by_case.setdefault(event.case, []).append(event)
    key = (lambda e: (e.at, e.service, e.row)) if tie is Tie.ACTIVITY else (lambda e: (e.at, e.row))
    return {case: sorted(theirs, key=key) for case, theirs in by_case.items()}


def naively(log: Log, rule: Filter) -> Log:
    """What a filter keeps, by looking at each case by itself."""
    events, cases = log
    by_case = {case.case: in_order(events).get(case.case, []) for case in cases}
    whole = {
        "cases_with": lambda of: sum(e.service in rule.services for e in of) >= rule.at_least,
        "cases_without": lambda of: not any(e.service in rule.services for e in of),
        "cases_starting_with": lambda of: bool(of) and of[0].service in rule.services,
        "cases_ending_with": lambda of: bool(of) and of[-1].service in rule.services,
        "cases_followed": lambda of: any(
            _follows(one, other, rule) for i, one in enumerate(of) for other in of[i + 1 :]
        ),
        "cases_directly_followed": lambda of: any(
            one.service in rule.services and other.service in rule.then for one, other in zip(of, of[1:], strict=False)
        ),
    }
    if rule.keep in whole:
        kept = [case for case in cases if whole[rule.keep](by_case[case.case])]
        return [event for case in kept for event in by_case[case.case]], kept
    parts = {case.case: _part(by_case[case.case], rule) for case in cases}
    cut = rule.keep in {"events_from", "events_up_to"}
    return [event for part in parts.values() for event in part], [c for c in cases if parts[c.case] or not cut]


def _follows(one: Happened, other: Happened, rule: Filter) -> bool:
    near = rule.within is None or other.at - one.at <= rule.within
    return one.service in rule.services and other.service in rule.then and near


def _part(events: Sequence[Happened], rule: Filter) -> Sequence[Happened]:
    chosen = [place for place, event in enumerate(events) if event.service in rule.services]
    if rule.keep == "events_of":
        return [events[place] for place in chosen]
    if rule.keep == "first_events":
        seen: set[str] = set()
        return [
            event
            for event in events
            if (bool(rule.services) and event.service not in rule.services)
            or (event.service not in seen and not seen.add(event.service))  # type: ignore[func-returns-value]  # adds
        ]
    if not chosen:
        return []
    return events[chosen[0] :] if rule.keep == "events_from" else events[: chosen[0] + 1]
