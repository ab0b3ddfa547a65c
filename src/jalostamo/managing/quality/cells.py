"""Monthly cells of a table that was read: the engine counts by month, unit and code, and everything else is decided on these.

Handbook 2.2 (deficiencies found in the data) and 2.5.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Final, cast

import ibis
import ibis.expr.types as ir
import numpy as np

from jalostamo.concepts.registers import Field, FieldType, RegisterTable
from jalostamo.engine.connection import Engine
from jalostamo.managing.quality.series import Numbers

ALL: Final = ""
"""The name under which the whole table stands among its units."""

MOST_UNITS: Final = 300
# Months at either end that hold less than this of a usual month are mistakes in dates, not the life of the service.
_LEAST_OF_A_MONTH: Final = 0.02


@dataclass(frozen=True, slots=True)
class Cells:
    """Cells are what a table counts by month and unit; months are numbered 12 * year + month - 1, from `first_month`.

    `missing` is by field and unit, `codes` by field, unit and code. Unit "" is the whole table. Tables without a time have
    one month. `open_ended` are the fields of days that may lie ahead, such as the end of what goes on.
    """

    first_month: int
    months: int
    units: tuple[str, ...]
    volume: Mapping[str, Numbers]
    missing: Mapping[tuple[str, str], Numbers]
    codes: Mapping[tuple[str, str], Mapping[str, Numbers]]
    undated: int
    open_ended: frozenset[str] = frozenset()

    def month_at(self, place: int) -> str:
        """A month of the series, as in '2013-01'."""
        return month_named(self.first_month + place)


def month_named(number: int) -> str:
    """A numbered month as written.

    >>> month_named(12 * 2013)
    '2013-01'
    """
    return f"{number // 12:04d}-{number % 12 + 1:02d}"


def month_of(column: ir.Column) -> ir.IntegerColumn:
    """The number of a date's or time's month."""
    moment = cast("ir.DateColumn", column)
    return cast("ir.IntegerColumn", (moment.year() * 12 + moment.month() - 1).cast("int64"))


def cells_of(engine: Engine, table: ir.Table, declared: RegisterTable) -> Cells:
    """Count a table by month and unit: once for volumes and missing values, once for each field of codes."""
    time = time_field(declared)
    keys: dict[str, ir.Value] = {"month": month_of(table[time]) if time else ibis.literal(0).cast("int64")}
    keys["unit"] = table[declared.unit].cast("string") if declared.unit else ibis.literal(ALL)
    totals: dict[str, ir.Value] = {"n": table.count()}
    totals |= {f"missing_{place}": table[f.name].isnull().sum() for place, f in enumerate(declared.fields)}
    rows = engine.rows(table.group_by(**keys).agg(**totals))
    undated = sum(cast("int", row["n"]) for row in rows if row["month"] is None)
    first, months = _span(rows)
    sums = _Sums(first, months, _units_in(rows, known=declared.unit is not None))
    for row in rows:
        sums.add(("volume", ""), row, cast("int", row["n"]))
        for place, field in enumerate(declared.fields):
            sums.add(("missing", field.name), row, cast("int", row[f"missing_{place}"]))
    for field in coded_fields(declared):
        counted = table.group_by(**keys, code=table[field.name].cast("string")).agg(n=table.count())
        for row in engine.rows(counted):
            if row["code"] is not None:
                sums.add((f"code:{row['code']}", field.name), row, cast("int", row["n"]))
    return sums.cells(declared, undated)


def time_field(declared: RegisterTable) -> str | None:
    """The field by which a table's records are placed in time."""
    return declared.occurred or declared.recorded


def _open_ended(declared: RegisterTable) -> frozenset[str]:
    days = {FieldType.DATE, FieldType.DATETIME}
    return frozenset(f.name for f in declared.fields if f.type in days and f.name != time_field(declared))


def coded_fields(declared: RegisterTable) -> tuple[Field, ...]:
    """The fields whose values are of a closed vocabulary, so that a value tells of no one."""
    closed = {FieldType.CODE, FieldType.BOOLEAN}
    return tuple(field for field in declared.fields if field.type in closed and field.name != declared.unit)


class _Sums:
    """Series under construction, by kind, field and unit."""

    def __init__(self, first: int, months: int, units: tuple[str, ...]) -> None:
        self.first, self.months, self.units = first, months, units
        self.series: defaultdict[tuple[str, str, str], Numbers] = defaultdict(lambda: np.zeros(months))
        self.known = frozenset(units)

    def add(self, what: tuple[str, str], row: Mapping[str, object], n: int) -> None:
        month = cast("int | None", row["month"])
        if month is None or not self.first <= month < self.first + self.months:
            return
        self.series[(*what, ALL)][month - self.first] += n
        unit = cast("str | None", row["unit"])
        if unit in self.known:
            self.series[(*what, unit)][month - self.first] += n

    def cells(self, declared: RegisterTable, undated: int) -> Cells:
        everywhere = (ALL, *self.units)
        missing = {(f.name, unit): self.series["missing", f.name, unit] for f in declared.fields for unit in everywhere}
        codes: dict[tuple[str, str], dict[str, Numbers]] = {}
        for kind, field, unit in sorted(self.series):
            if kind.startswith("code:"):
                codes.setdefault((field, unit), {})[kind.removeprefix("code:")] = self.series[kind, field, unit]
        volume = {unit: self.series["volume", "", unit] for unit in everywhere}
        return Cells(self.first, self.months, self.units, volume, missing, codes, undated, _open_ended(declared))


def _span(rows: Iterable[Mapping[str, object]]) -> tuple[int, int]:
    """The first month and how many there are, months at the ends that hold next to nothing left out."""
    by_month: defaultdict[int, int] = defaultdict(int)
    for row in rows:
        if row["month"] is not None:
            by_month[cast("int", row["month"])] += cast("int", row["n"])
    if not by_month:
        return 0, 1
    usual = float(np.median(list(by_month.values())))
    kept = [month for month, n in by_month.items() if n >= _LEAST_OF_A_MONTH * usual]
    return min(kept), max(kept) - min(kept) + 1


def _units_in(rows: Iterable[Mapping[str, object]], *, known: bool) -> tuple[str, ...]:
    if not known:
        return ()
    sizes: defaultdict[str, int] = defaultdict(int)
    for row in rows:
        if row["unit"] is not None:
            sizes[cast("str", row["unit"])] += cast("int", row["n"])
    return tuple(sorted(sorted(sizes, key=lambda unit: (-sizes[unit], unit))[:MOST_UNITS]))
