"""Customer paths in one log: where they start and end, which step follows which and how soon, and whole paths.

Times are exact and ties are broken by a declared rule; paths over months, from a release, are `producing.steps`.

Handbook 2.2 (the pilot's fourth question) and 3.2.4.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Final

import ibis
import ibis.expr.types as ir

from jalostamo.producing.case_groups import by_group_name, few_enough_to_count
from jalostamo.producing.path_results import Paths, StepMap, Variant
from jalostamo.producing.prepared_log import PreparedLog, Tie, prepare
from jalostamo.producing.step_maps import WHOLE, Row, by_key, mean_seconds, median_seconds, spread, step_maps, steps_of

if TYPE_CHECKING:
    from jalostamo.engine.connection import Engine

VARIANTS_SHOWN: Final = 20

_GROUP: Final = "group"


def paths_in(engine: Engine, events: ir.Table, *, tie: Tie = Tie.ROW, grouped: bool = False) -> Paths:
    """The paths that events make: of all cases and, where `grouped`, of each group by the group at a case's first event.

    `events`: case, activity, time (microseconds), row (distinct), group; nothing but group may be missing.
    """
    with few_enough_to_count():
        log = prepare(engine, events, tie=tie, attributes=[_GROUP] * grouped)
    return paths_of(engine, log, group=_GROUP if grouped else None)


def paths_of(engine: Engine, log: PreparedLog, *, group: str | None = None) -> Paths:
    """The paths of a prepared log: of all cases and, with `group`, of each group by that attribute at a case's first event."""
    with few_enough_to_count():
        return _counted(engine, log, group)


def _counted(engine: Engine, log: PreparedLog, group: str | None) -> Paths:
    steps = steps_of(engine, log, group)
    # The map before the whole paths, so that the memory that either takes is not taken at once.
    maps = step_maps(engine, steps, log.names, by=())
    maps_by_mark = {} if group is None else step_maps(engine, steps, log.names, by=("group",))
    walked = engine.keep(_walked(steps, len(log.names), grouped=group is not None))
    whole = _measured(engine, walked, maps, names=log.names, by=())[WHOLE]
    if group is None:
        return whole
    return replace(whole, groups=by_group_name(_measured(engine, walked, maps_by_mark, names=log.names, by=("group",))))


def _walked(steps: ir.Table, names: int, *, grouped: bool) -> ir.Table:
    """Each case with its whole path and how long it took.

    A path is a list of position * names + number of the activity: sorting such numbers needs no second order, and
    lists of them compare as lists of names do.
    """
    number = steps.position.cast("int64") * names + steps.activity
    by = ["case", "group"] if grouped else ["case"]
    return steps.group_by(by).agg(path=number.collect().sort(), duration=steps.gap.sum().fill_null(0).cast("int64"))


def _measured(
    engine: Engine, walked: ir.Table, maps: Mapping[str, StepMap], *, names: Sequence[str], by: tuple[str, ...]
) -> dict[str, Paths]:
    """The paths of each value of `by`, or of the whole."""
    variants = engine.keep(_variants(walked, by))
    pipelines = {
        "duration": _durations(walked, by),
        "variants": variants.aggregate(number=variants.count(), by=list(by)),
        "top": _top(variants, by),
    }
    counted = {name: by_key(engine, table) for name, table in pipelines.items()}
    return {key: _paths({name: rows[key] for name, rows in counted.items()}, names, maps[key]) for key in maps}


def _paths(counted: Mapping[str, Sequence[Row]], names: Sequence[str], found: StepMap) -> Paths:
    (duration,), (variants,) = counted["duration"], counted["variants"]
    return Paths(
        events=found.events,
        cases=found.cases,
        activities=found.activities,
        tied_neighbour_pairs=found.tied_neighbour_pairs,
        starts=found.starts,
        ends=found.ends,
        edges=found.edges,
        variants=variants["number"],
        top_variants=_variants_of(counted["top"], names),
        median_duration_seconds=median_seconds(duration) if found.cases else None,
        mean_duration_seconds=mean_seconds(duration, found.cases) if found.cases else None,
    )


def _durations(walked: ir.Table, by: Sequence[str]) -> ir.Table:
    return walked.aggregate(by=list(by), **spread(walked.duration))


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


def _variants_of(rows: Iterable[Row], names: Sequence[str]) -> tuple[Variant, ...]:
    ordered = sorted(rows, key=lambda row: (-row["cases"], row["path"]))
    return tuple(Variant(tuple(names[number % len(names)] for number in row["path"]), row["cases"]) for row in ordered)
