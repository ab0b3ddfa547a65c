"""The naive twin of the paths: the same figures in plain Python, event by event, for tests to compare with."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from fractions import Fraction
from statistics import median
from typing import NamedTuple


class Event(NamedTuple):
    """An event as the paths take it; `time` in microseconds."""

    case: str
    activity: str
    time: int
    row: int
    group: str | None = None


def naive_paths(events: Iterable[Event], *, tie: str, grouped: bool) -> dict[str, object]:
    """All that the paths of a log tell, as the file holds it."""
    by_case: dict[str, list[Event]] = defaultdict(list)
    for event in events:
        by_case[event.case].append(event)
    for case in by_case.values():
        case.sort(key=lambda event: (event.time, event.activity if tie == "activity" else "", event.row))
    cases = list(by_case.values())
    by_group: dict[str, list[list[Event]]] = defaultdict(list)
    for case in cases:
        by_group[case[0].group or "null"].append(case)
    groups = {name: _measured(by_group[name]) for name in by_group} if grouped else {}
    return {**_measured(cases), "groups": groups}


def _measured(cases: Sequence[Sequence[Event]]) -> dict[str, object]:
    steps = [pair for case in cases for pair in zip(case, case[1:], strict=False)]
    gaps: dict[tuple[str, str], list[int]] = defaultdict(list)
    walkers: dict[tuple[str, str], set[str]] = defaultdict(set)
    for before, after in steps:
        gaps[before.activity, after.activity].append(after.time - before.time)
        walkers[before.activity, after.activity].add(before.case)
    edges = [
        {"from": edge[0], "to": edge[1], "count": len(gaps[edge]), "cases": len(walkers[edge]), **_spread(gaps[edge])}
        for edge in sorted(gaps, key=lambda edge: (-len(gaps[edge]), edge))
    ]
    paths = Counter(tuple(event.activity for event in case) for case in cases)
    top = sorted(paths, key=lambda path: (-paths[path], path))[:20]
    durations = _spread([case[-1].time - case[0].time for case in cases])
    return {
        "events": sum(map(len, cases)),
        "cases": len(cases),
        "activities": len({event.activity for case in cases for event in case}),
        "tied_neighbour_pairs": sum(before.time == after.time for before, after in steps),
        "starts": dict(Counter(case[0].activity for case in cases)),
        "ends": dict(Counter(case[-1].activity for case in cases)),
        "edges": edges,
        "variants": {"number": len(paths), "top": [{"path": list(path), "count": paths[path]} for path in top]},
        "case_duration_seconds": {"median": durations["median_seconds"], "mean": durations["mean_seconds"]},
    }


def _spread(microseconds: Sequence[int]) -> dict[str, float | None]:
    if not microseconds:
        return {"median_seconds": None, "mean_seconds": None}
    exact = [Fraction(gap, 1_000_000) for gap in microseconds]
    return {"median_seconds": float(median(exact)), "mean_seconds": float(sum(exact) / len(exact))}
