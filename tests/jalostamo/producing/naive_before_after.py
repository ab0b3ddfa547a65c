"""The naive twin of before and after: customer by customer in plain Python, for tests to compare with."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterable, Sequence
from statistics import NormalDist
from typing import Any, NamedTuple

BANDS = ((0, 0), (1, 2), (3, 5), (6, 10), (11, 20), (21, math.inf))
type Cases = Sequence[Sequence[Use]]


class Use(NamedTuple):
    """An event as before and after take it; `time` in microseconds, `day` as somebody reads it in the log."""

    case: str
    activity: str
    time: int
    row: int
    group: str | None
    day: int


def naive_before_after(events: Iterable[Use], index: str, *, grouped: bool) -> dict[str, Any]:
    """All that is told of the services around an index service, as the file holds it."""
    by_case: dict[str, list[Use]] = defaultdict(list)
    for event in sorted(events, key=lambda event: (event.time, event.row)):
        by_case[event.case].append(event)
    by_group: dict[str, list[list[Use]]] = defaultdict(list)
    for case in by_case.values():
        by_group[case[0].group or "null"].append(case)
    groups = {name: _measured(by_group[name], index) for name in by_group} if grouped else {}
    return {**_measured(list(by_case.values()), index), "groups": groups}


def _measured(cases: Cases, index: str) -> dict[str, Any]:
    starts = [min((event.day for event in case if event.activity == index), default=None) for case in cases]
    users = sum(start is not None for start in starts)
    names = {event.activity for case in cases for event in case} - {index}
    services = [_service(cases, starts, name, index) for name in names]
    services.sort(key=lambda found: (-found["users_both"], found["service"]))
    return {"index": index, "index_customers": users, "customers": len(cases), "services": services}


def _service(cases: Cases, starts: Sequence[int | None], name: str, index: str) -> dict[str, Any]:
    days = [{event.day for event in case if event.activity == name} for case in cases]
    dated = [(used, start) for used, start in zip(days, starts, strict=True) if start is not None]
    users, anybody = len(dated), sum(map(bool, days))
    both = sum(bool(used) for used, _ in dated)
    return {
        "service": name,
        "users_before": sum(any(day < start for day in used) for used, start in dated),
        "users_same_day": sum(any(day == start for day in used) for used, start in dated),
        "users_after": sum(any(day > start for day in used) for used, start in dated),
        "users_any": anybody,
        "users_both": both,
        "share_given_index": both / users if users else None,
        "share_overall": anybody / len(cases),
        "lift": both * len(cases) / (users * anybody) if users else None,
        "adjusted_relative_risk": _adjusted(cases, name, index),
    }


def _adjusted(cases: Cases, name: str, index: str) -> dict[str, float | None]:
    rated = expected = variance = 0.0
    for low, high in BANDS:
        a = b = c = d = 0
        for case in cases:
            used = [event.activity for event in case]
            if low <= sum(activity not in {name, index} for activity in used) <= high:
                a += index in used and name in used
                b += index in used and name not in used
                c += index not in used and name in used
                d += index not in used and name not in used
        if n := a + b + c + d:
            rated += a * (c + d) / n
            expected += c * (a + b) / n
            variance += ((a + b) * (c + d) * (a + c) - a * c * n) / n**2
    if not expected:
        return {"estimate": None, "low": None, "high": None}
    if not rated:
        return {"estimate": 0.0, "low": None, "high": None}
    error = NormalDist().inv_cdf(0.975) * math.sqrt(max(variance, 0.0) / (rated * expected))
    centre = math.log(rated / expected)
    return {"estimate": math.exp(centre), "low": math.exp(centre - error), "high": math.exp(centre + error)}
