"""Checking the records before they are counted: what filters, numbers and steps may not hold.

Fields and what to do are told, never a value, and never how many: a count in a refusal would be a true one, of whom a
definition's filters choose.

Handbook 2.6, phase 5.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Final, cast

import ibis.expr.types as ir

from jalostamo.concepts.errors import Unfit
from jalostamo.producing.cubes.carrying import Carried, number_of, passes
from jalostamo.producing.cubes.coding import is_among
from jalostamo.producing.cubes.counted import KEY_SPACE
from jalostamo.producing.cubes.definition import Filter, Measure

if TYPE_CHECKING:
    from jalostamo.engine.connection import Engine
    from jalostamo.producing.cubes.axes import Axis

LARGEST_AMOUNT: Final = 1e11
LARGEST_SUM: Final = 9e14
"""Within these, amounts are exact to the ten-thousandth, and no sum of them leaves 64 bits."""


def check_records(engine: Engine, rows: ir.Table, filters: Sequence[Filter], measures: Sequence[Measure]) -> None:
    """Refuse records that hold what a filter does not know, and numbers that cannot be summed or compared."""
    for measure in measures:
        if measure.of and not rows[f"f_{measure.of}"].type().is_numeric():
            raise Unfit(f"Field '{measure.of}' of measure '{measure.name}' is no number.", reason="cube_field_type")
    closed = {each.field: each for each in (*filters, *(f for m in measures for f in m.where)) if each.among}
    totals = {f"among_{n}": _beyond(rows, each).sum() for n, each in enumerate(closed.values())}
    for number, measure in enumerate(measures):
        totals |= _sizes(rows, measure, str(number)) if measure.of else {}
    if not totals:
        return
    found = engine.only_row(rows.agg(**totals))
    for number, each in enumerate(closed.values()):
        if found[f"among_{number}"]:
            raise Unfit(
                f"Some records hold in field '{each.field}' what neither its dimension nor 'among' lists: add it.",
                reason="cube_unlisted",
            )
    for number, measure in enumerate(measures):
        if measure.of:
            _judge(measure, found, str(number))


def without_value(engine: Engine, rows: ir.Table, measures: Sequence[Measure]) -> Mapping[str, tuple[int, int]]:
    """By measure, the units with a record that lacks the number it looks at, where there are any, and the sum of their keys.

    They are printed as a cell is: a definition chooses by its conditions whom they are among.
    """
    looking = {f"m{place}": measure for place, measure in enumerate(measures) if measure.of}
    if not looking:
        return {}
    lacking = {name: (passes(rows, m) & number_of(rows, m).isnull()).cast("int64") for name, m in looking.items()}
    units = rows.group_by("id").agg(**{name: flag.max() for name, flag in lacking.items()})
    key = units.id % KEY_SPACE
    sums = {f"n_{name}": units[name].sum() for name in looking}
    sums |= {f"key_{name}": (units[name] * key).sum() for name in looking}
    found = {name: int(str(number or 0)) for name, number in engine.only_row(units.agg(**sums)).items()}
    told = {m.name: (found[f"n_{name}"], found[f"key_{name}"] % KEY_SPACE) for name, m in looking.items()}
    return {name: counted for name, counted in told.items() if counted[0]}


def check_codes(axes: Sequence[Axis], found: Sequence[Sequence[tuple[int, int]]], *, table: str) -> None:
    """Refuse units of a value that nobody listed, or of none; `found` has by axis the first and last numbers that units have."""
    for axis, pairs in zip(axes, found, strict=True):
        fine, dimension = len(axis.fine), axis.dimension
        lasts = {last for _, last in pairs}
        if fine + 1 in lasts:
            raise Unfit(
                f"Some units of table '{table}' hold in field '{dimension.field}' what dimension '{dimension.name}' "
                "does not list: add it, or name a code for others.",
                reason="cube_unlisted",
            )
        if fine in lasts:
            raise Unfit(
                f"Some units of table '{table}' hold nothing in field '{dimension.field}' of dimension "
                f"'{dimension.name}': name a code for what is missing.",
                reason="cube_missing",
            )


def check_steps(engine: Engine, rows: ir.Table, carried: Carried) -> None:
    """Refuse steps, of those that are asked, between services that the path does not know."""
    counted = passes(rows, carried.measure) & rows.step_known_ & rows.outer_.isnull()
    if engine.only_row(rows.agg(n=counted.sum()))["n"]:
        raise Unfit(
            f"Some steps of measure '{carried.measure.name}' lead from or to a service that its path does not name, "
            "or begin after the first step.",
            reason="cube_unlisted",
        )


def _beyond(rows: ir.Table, each: Filter) -> ir.BooleanValue:
    held = rows[f"f_{each.field}"]
    return held.notnull() & ~is_among(rows, f"f_{each.field}", each.field, each.among)


def _sizes(rows: ir.Table, measure: Measure, key: str) -> dict[str, ir.Value]:
    number = number_of(rows, measure)
    size = number.cast("float64").abs()
    endless = size.isnan() | size.isinf()
    return {f"endless_{key}": endless.sum(), f"most_{key}": size.max(), f"sum_{key}": size.sum()}


def _judge(measure: Measure, found: Mapping[str, object], key: str) -> None:
    if found[f"endless_{key}"]:
        raise Unfit(f"Some records hold in field '{measure.of}' what is no finite number.", reason="cube_not_finite")
    most, total = (cast("float", found[f"{what}_{key}"] or 0.0) for what in ("most", "sum"))
    if measure.kind == "sum" and (most >= LARGEST_AMOUNT or total >= LARGEST_SUM):
        raise Unfit(
            f"Field '{measure.of}' has numbers too large to sum exactly ({LARGEST_AMOUNT:.0e} one, {LARGEST_SUM:.0e} "
            "all): take a larger unit.",
            reason="cube_too_large",
        )
