"""The step map of a log: where cases start and end, which step follows which, in how many cases, and how much later.

Whole paths, which take more counting, are `producing.paths`.

Handbook 2.2 (the pilot's fourth question) and 3.2.4.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any, Final, cast

import ibis.expr.types as ir

from jalostamo.producing.case_groups import few_enough_to_count, marked
from jalostamo.producing.path_results import Edge, StepMap
from jalostamo.producing.prepared_log import AGAIN, ATTRIBUTE, PreparedLog

if TYPE_CHECKING:
    from jalostamo.engine.connection import Engine

WHOLE: Final = "whole"
"""What the only group is called where nothing is grouped."""

_MICROSECONDS: Final = 1_000_000
_LOW_BITS: Final = 20
_STEP: Final = ("activity", "following")
_OF_STEPS: Final = ("case", "position", "activity", "following", "gap")

# A row of counts; what each of its columns holds is known to the pipeline that made it, and to no type.
type Row = Mapping[str, Any]


def step_map_of(engine: Engine, log: PreparedLog) -> StepMap:
    """The step map of a prepared log, exact."""
    with few_enough_to_count():
        return step_maps(engine, steps_of(engine, log), log.names, by=())[WHOLE]


def steps_of(engine: Engine, log: PreparedLog, group: str | None = None) -> ir.Table:
    """What the maps and paths of a log are counted from; with `group`, also the group of each case as a mark."""
    groups = {} if group is None else {"group": marked(log.events[f"{ATTRIBUTE}{group}"])}
    steps = log.events.select(*_OF_STEPS, *[AGAIN] * log.is_written, **groups)
    if not log.is_written:
        steps = engine.keep(steps)
    return steps if group is None else engine.keep(_of_first_events(steps))


def _of_first_events(steps: ir.Table) -> ir.Table:
    """The steps with the group of their case, which is that of its first event."""
    groups = steps.filter(steps.position == 0).select("case", "group")
    return steps.drop("group").inner_join(groups, "case")


def step_maps(engine: Engine, steps: ir.Table, names: Sequence[str], *, by: tuple[str, ...]) -> dict[str, StepMap]:
    """The step map of each value of `by`, or of the whole."""
    pipelines = {
        "total": _totals(steps, by),
        "starts": _cases(steps.filter(steps.position == 0), by),
        "ends": _cases(steps.filter(steps.following.isnull()), by),
        "edges": _edges(steps, by),
        "edge_cases": _edge_cases(steps, by),
    }
    counted = {name: by_key(engine, table) for name, table in pipelines.items()}
    return {key: _map_of({name: rows[key] for name, rows in counted.items()}, names) for key in counted["total"]}


def by_key(engine: Engine, table: ir.Table) -> dict[str, list[Row]]:
    """The rows of counts by the group that they are of."""
    found: dict[str, list[Row]] = defaultdict(list)
    for row in engine.rows(table):
        found[cast("str", row.get("group", WHOLE))].append(row)
    return found


def spread(microseconds: ir.IntegerColumn) -> dict[str, ir.Scalar]:
    """What the median and the mean of times are told from, each exact."""
    # One sum of microseconds can pass 64 bits, where Spark starts anew unseen: high and low bits are summed apart.
    return {
        "median": microseconds.median(),
        "high": (microseconds >> _LOW_BITS).sum(),
        "low": (microseconds & (2**_LOW_BITS - 1)).sum(),
    }


def median_seconds(row: Row) -> float:
    """The median of what `spread` was asked of."""
    return float(row["median"] / _MICROSECONDS)


def mean_seconds(row: Row, count: int) -> float:
    """The mean of what `spread` was asked of."""
    return float(((row["high"] << _LOW_BITS) + row["low"]) / (count * _MICROSECONDS))


def _map_of(counted: Mapping[str, Sequence[Row]], names: Sequence[str]) -> StepMap:
    (total,) = counted["total"]
    return StepMap(
        events=total["events"],
        cases=total["cases"] or 0,
        activities=total["activities"],
        tied_neighbour_pairs=total["tied"] or 0,
        starts=_by_count(counted["starts"], names),
        ends=_by_count(counted["ends"], names),
        edges=_edges_of(counted["edges"], counted["edge_cases"], names),
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
    return taken.group_by([*by, *_STEP]).agg(count=taken.count(), **spread(taken.gap))


def _edge_cases(steps: ir.Table, by: Sequence[str]) -> ir.Table:
    """The cases of each step. Distinct ones apart from the counts: together they take half as long again."""
    taken = steps.filter(steps.following.notnull())
    told = AGAIN in taken.columns
    once = taken.filter(~taken[AGAIN]) if told else taken.select(*by, "case", *_STEP).distinct()
    return once.group_by([*by, *_STEP]).agg(cases=once.count())


def _by_count(rows: Iterable[Row], names: Sequence[str]) -> dict[str, int]:
    ordered = sorted(rows, key=lambda row: (-row["cases"], row["activity"]))
    return {names[row["activity"]]: row["cases"] for row in ordered}


def _edges_of(rows: Iterable[Row], cases: Iterable[Row], names: Sequence[str]) -> tuple[Edge, ...]:
    by_step = {tuple(row[name] for name in _STEP): row["cases"] for row in cases}
    ordered = sorted(rows, key=lambda row: (-row["count"], row["activity"], row["following"]))
    return tuple(
        Edge(
            source=names[row["activity"]],
            target=names[row["following"]],
            count=row["count"],
            cases=by_step[row["activity"], row["following"]],
            median_seconds=median_seconds(row),
            mean_seconds=mean_seconds(row, row["count"]),
        )
        for row in ordered
    )
