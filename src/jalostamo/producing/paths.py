"""Customer paths in one log: where they start and end, which step follows which and how soon, and whole paths.

Times are exact and ties are broken by a declared rule; paths over months, from a release, are `producing.steps`.

Handbook 2.2 (the pilot's fourth question) and 3.2.4.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from enum import StrEnum
from typing import TYPE_CHECKING, Any, Final, cast

import ibis
import ibis.expr.types as ir
import pyarrow as pa

from jalostamo.concepts.errors import Broken, Unfit
from jalostamo.producing.path_results import Edge, Paths, Variant

if TYPE_CHECKING:
    from jalostamo.engine.connection import Engine

MISSING_GROUP: Final = "null"
"""Under this key stand the cases whose first event tells no group."""
VARIANTS_SHOWN: Final = 20

_MICROSECONDS: Final = 1_000_000
_LOW_BITS: Final = 20
_WHOLE: Final = "whole"
_MARK: Final = "="

# A row of counts; what each of its columns holds is known to the pipeline that made it, and to no type.
type _Row = Mapping[str, Any]


class Tie(StrEnum):
    """A tie rule says which of two events at the same time comes first: the one recorded first, or by name."""

    ROW = "row"
    ACTIVITY = "activity"


def paths_in(engine: Engine, events: ir.Table, *, tie: Tie = Tie.ROW, grouped: bool = False) -> Paths:
    """The paths that events make: of all cases and, where `grouped`, of each group by the group at a case's first event.

    `events`: case, activity, time (microseconds), row (distinct), group; nothing but group may be missing.
    """
    try:
        return _paths_in(engine, events, tie=tie, grouped=grouped)
    except Broken as broken:
        if broken.reason != "rows_in_python":
            raise
        raise Unfit(
            "The log has too many different activities or groups to be counted: choose the column that names the "
            "service, and a group that many cases share.",
            reason="too_many_values",
        ) from None


def _paths_in(engine: Engine, events: ir.Table, *, tie: Tie, grouped: bool) -> Paths:
    steps = engine.keep(_steps(events, tie, grouped))
    names = sorted(cast("str", row["activity"]) for row in engine.rows(steps.select("activity").distinct()))
    walked = engine.keep(_walked(engine, steps, names))
    whole = _measured(engine, steps, walked, names=names, by=())[_WHOLE]
    if not grouped:
        return whole
    by_mark = _measured(engine, steps, walked, names=names, by=("group",))
    groups = {mark.removeprefix(_MARK) if mark else MISSING_GROUP: by_mark[mark] for mark in _in_order(by_mark)}
    if len(groups) < len(by_mark):
        raise Unfit(
            f"The group is missing for some cases and '{MISSING_GROUP}' for others: the result has one place for both.",
            reason="group_null",
        )
    return replace(whole, groups=groups)


def _in_order(marks: Iterable[str]) -> list[str]:
    return sorted(marks, key=lambda mark: (not mark, mark))


def _steps(events: ir.Table, tie: Tie, grouped: bool) -> ir.Table:
    """The one sort: each event with its place in its case and what follows it."""
    by_name = [events.activity] if tie is Tie.ACTIVITY else []
    window = ibis.window(group_by=events.case, order_by=[events.time, *by_name, events.row])
    # Spark takes the first value that is there, not the first: what is missing is marked, so that none is.
    mark = events.group.notnull().ifelse(ibis.literal(_MARK) + events.group, "")
    return events.select(
        # The row of its first event tells a case apart like its name, and is a number.
        case=events.row.first().over(window),
        position=ibis.row_number().over(window),
        activity=events.activity,
        following=events.activity.lead().over(window),
        time=events.time,
        gap=events.time.lead().over(window) - events.time,
        group=mark.first().over(window) if grouped else ibis.literal(""),
    )


def _walked(engine: Engine, steps: ir.Table, names: Sequence[str]) -> ir.Table:
    """Each case with its whole path and how long it took.

    A path is a list of position * len(names) + rank of the name: sorting such numbers needs no second order, and
    lists of them compare as lists of names do.
    """
    ranks = engine.in_memory(
        pa.table({"activity": pa.array(names, pa.string()), "rank": pa.array(range(len(names)), pa.int64())})
    )
    ranked = steps.inner_join(ranks, "activity")
    number = ranked.position.cast("int64") * len(names) + ranked["rank"]
    return ranked.group_by(["case", "group"]).agg(
        path=number.collect().sort(), duration=ranked.time.max() - ranked.time.min()
    )


def _measured(
    engine: Engine, steps: ir.Table, walked: ir.Table, *, names: Sequence[str], by: tuple[str, ...]
) -> dict[str, Paths]:
    """The paths of each value of `by`, or of the whole."""
    variants = engine.keep(_variants(walked, by))
    pipelines = {
        "total": _totals(steps, by),
        "starts": _cases(steps.filter(steps.position == 0), by),
        "ends": _cases(steps.filter(steps.following.isnull()), by),
        "edges": _edges(steps, by),
        "duration": _durations(walked, by),
        "variants": variants.aggregate(number=variants.count(), by=list(by)),
        "top": _top(variants, by),
    }
    counted = {name: _by_key(engine, table) for name, table in pipelines.items()}
    return {key: _paths_of({name: rows[key] for name, rows in counted.items()}, names) for key in counted["total"]}


def _paths_of(counted: Mapping[str, Sequence[_Row]], names: Sequence[str]) -> Paths:
    (total,), (duration,), (variants,) = counted["total"], counted["duration"], counted["variants"]
    cases = total["cases"] or 0
    return Paths(
        events=total["events"],
        cases=cases,
        activities=total["activities"],
        tied_neighbour_pairs=total["tied"] or 0,
        starts=_by_count(counted["starts"]),
        ends=_by_count(counted["ends"]),
        edges=_edges_of(counted["edges"]),
        variants=variants["number"],
        top_variants=_variants_of(counted["top"], names),
        median_duration_seconds=_median(duration) if cases else None,
        mean_duration_seconds=_mean(duration, cases) if cases else None,
    )


def _totals(steps: ir.Table, by: Sequence[str]) -> ir.Table:
    return steps.aggregate(
        by=list(by),
        events=steps.count(),
        cases=(steps.position == 0).sum(),
        activities=steps.activity.nunique(),
        tied=(steps.gap == 0).sum(),
    )


def _cases(steps: ir.Table, by: Sequence[str]) -> ir.Table:
    return steps.group_by([*by, "activity"]).agg(cases=steps.count())


def _edges(steps: ir.Table, by: Sequence[str]) -> ir.Table:
    taken = steps.filter(steps.following.notnull())
    return taken.group_by([*by, "activity", "following"]).agg(
        count=taken.count(), cases=taken.case.nunique(), **_spread(taken.gap)
    )


def _durations(walked: ir.Table, by: Sequence[str]) -> ir.Table:
    return walked.aggregate(by=list(by), **_spread(walked.duration))


def _spread(microseconds: ir.IntegerColumn) -> dict[str, ir.Scalar]:
    # One sum of microseconds can pass 64 bits, where Spark starts anew unseen: high and low bits are summed apart.
    return {
        "median": microseconds.median(),
        "high": (microseconds >> _LOW_BITS).sum(),
        "low": (microseconds & (2**_LOW_BITS - 1)).sum(),
    }


def _variants(walked: ir.Table, by: Sequence[str]) -> ir.Table:
    return walked.group_by([*by, "path"]).agg(cases=walked.count())


def _top(variants: ir.Table, by: Sequence[str]) -> ir.Table:
    order = [variants.cases.desc(), variants.path]
    if not by:
        # Twenty of a million are found sooner than a million are placed.
        return variants.order_by(order).limit(VARIANTS_SHOWN)
    window = ibis.window(group_by=[variants[name] for name in by], order_by=order)
    placed = variants.mutate(place=ibis.row_number().over(window))
    return placed.filter(placed.place < VARIANTS_SHOWN)


def _by_key(engine: Engine, table: ir.Table) -> dict[str, list[_Row]]:
    found: dict[str, list[_Row]] = defaultdict(list)
    for row in engine.rows(table):
        found[cast("str", row.get("group", _WHOLE))].append(row)
    return found


def _by_count(rows: Iterable[_Row]) -> dict[str, int]:
    ordered = sorted(rows, key=lambda row: (-row["cases"], row["activity"]))
    return {row["activity"]: row["cases"] for row in ordered}


def _edges_of(rows: Iterable[_Row]) -> tuple[Edge, ...]:
    edges = (
        Edge(row["activity"], row["following"], row["count"], row["cases"], _median(row), _mean(row, row["count"]))
        for row in rows
    )
    return tuple(sorted(edges, key=lambda edge: (-edge.count, edge.source, edge.target)))


def _variants_of(rows: Iterable[_Row], names: Sequence[str]) -> tuple[Variant, ...]:
    ordered = sorted(rows, key=lambda row: (-row["cases"], row["path"]))
    return tuple(Variant(tuple(names[number % len(names)] for number in row["path"]), row["cases"]) for row in ordered)


def _median(row: _Row) -> float:
    return float(row["median"] / _MICROSECONDS)


def _mean(row: _Row, count: int) -> float:
    return float(((row["high"] << _LOW_BITS) + row["low"]) / (count * _MICROSECONDS))
