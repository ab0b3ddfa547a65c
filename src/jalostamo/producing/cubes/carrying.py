"""Carrying: what of a unit's records each measure needs besides their cell, as columns that stay true when cells merge.

A flag, a number of records, a sum, the first or last place on a grid: each can be made again from its own parts, so that
one walk over the lattice counts all measures of a table.

Handbook 2.6, phase 5.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final, Literal

import ibis
import ibis.expr.types as ir

from jalostamo.producing.cubes.coding import is_among
from jalostamo.producing.cubes.definition import Measure

SCALE: Final = 10_000
"""Amounts are summed as whole ten-thousandths: a sum of them is the same in whatever order, on every engine."""

How = Literal["all", "any", "sum", "amount", "first", "last"]
_HOW: Final[Mapping[str, How]] = {
    "events": "sum",
    "sum": "amount",
    "at_most": "first",
    "ended": "first",
    "at_risk": "last",
    "step": "all",
}


@dataclass(frozen=True, slots=True)
class Carried:
    """What is carried for one measure; a measure of all units with a record needs no column, "all"."""

    measure: Measure
    column: str

    @property
    def how(self) -> How:
        """How its parts are put together."""
        if self.measure.kind == "units" or (self.measure.kind == "step" and self.measure.where):
            return "any" if self.measure.where else "all"
        return _HOW[self.measure.kind]

    @property
    def slots(self) -> int:
        """How many places its counts are first told apart by: those between and beyond the points of a grid."""
        return len(self.measure.grid) + 1 if self.how in {"first", "last"} else 1

    @property
    def only_counted(self) -> bool:
        """Whether nothing is asked of a unit but whether it is there."""
        return self.how in {"all", "any"}

    @property
    def has_top(self) -> bool:
        """Whether the largest contributions are needed."""
        return self.how in {"sum", "amount"}

    @property
    def negative(self) -> str:
        """The column that says whether a negative amount is among them."""
        return f"{self.column}_negative"

    def of_record(self, rows: ir.Table) -> dict[str, ir.Value]:
        """Its columns for single records."""
        if self.how == "all":
            return {}
        flagged = passes(rows, self.measure)
        if self.how in {"any", "sum"}:
            return {self.column: flagged.cast("int64")}
        value = number_of(rows, self.measure)
        here = flagged & value.notnull()
        if self.how == "amount":
            amount = _amount(value)
            below = (here & (value < 0)).fill_null(False).cast("int64")
            return {self.column: here.ifelse(amount, ibis.null("int64")), self.negative: below}
        return {self.column: here.ifelse(self._slot(value), ibis.null("int64"))}

    def together(self, table: ir.Table) -> dict[str, ir.Value]:
        """Its columns for several parts of one unit."""
        column = None if self.how == "all" else table[self.column]
        if column is None:
            return {}
        if self.how == "amount":
            return {self.column: whole(column.sum()), self.negative: table[self.negative].max()}
        made = {"any": column.max, "sum": column.sum, "first": column.min, "last": column.max}[self.how]()
        return {self.column: whole(made) if self.how == "sum" else made}

    def is_in(self, table: ir.Table) -> ir.BooleanValue:
        """Whether the unit is counted."""
        if self.how == "all":
            return ibis.literal(True)
        if self.how in {"any", "sum"}:
            return table[self.column] > 0
        return table[self.column].notnull()

    def _slot(self, value: ir.NumericValue) -> ir.IntegerValue:
        """Between which points of the grid a number lies: 0 before the first point, their number after the last."""
        points = enumerate(self.measure.grid)
        if self.how == "first":
            slots = [(value <= point, ibis.literal(n, "int64")) for n, point in points]
            return ibis.cases(*slots, else_=ibis.literal(len(slots), "int64"))
        slots = [(value < point, ibis.literal(n, "int64")) for n, point in points]
        return ibis.cases(*slots, else_=ibis.literal(len(slots), "int64"))


def passes(rows: ir.Table, measure: Measure) -> ir.BooleanValue:
    """Whether a record passes the filters of its measure."""
    found: ir.BooleanValue = ibis.literal(True)
    for each in measure.where:
        found = found & is_among(rows, f"f_{each.field}", each.field, each.values)
    return found


def number_of(rows: ir.Table, measure: Measure) -> ir.NumericValue:
    """The number of a record that a measure looks at; null where it has none."""
    column = rows[f"f_{measure.of}"]
    return column if column.type().is_integer() else column.cast("float64")


def carried_for(measures: Sequence[Measure]) -> tuple[Carried, ...]:
    """What is carried for the measures of one table."""
    return tuple(Carried(measure, f"m{number}") for number, measure in enumerate(measures))


def whole(value: ir.NumericValue) -> ir.IntegerValue:
    """A number of 64 bits, where an engine has another than Ibis says, so that its cast would be left out: DuckDB sums in 128."""
    return value.cast("decimal(38, 0)").cast("int64")


def _amount(value: ir.NumericValue) -> ir.IntegerValue:
    if value.type().is_integer():
        return value.cast("int64") * SCALE
    return (value * SCALE).round().cast("int64")
