"""Generalising fields: each value as a hierarchy calls it at a level, dates by the calendar, several fields as one.

Handbook 2.6, phase 5.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, cast

import ibis
import ibis.expr.types as ir
import pyarrow as pa

from jalostamo.concepts.errors import Unfit

if TYPE_CHECKING:
    from jalostamo.engine.connection import Engine
    from jalostamo.managing.hierarchies import Hierarchy

MIXED: Final = "mixed"
_CALENDAR: Final = {"day": "D", "month": "M", "quarter": "Q"}


def generalised(
    engine: Engine, table: ir.Table, field: str, *, hierarchy: Hierarchy, level: int, recorded_in: str | None = None
) -> ir.Table:
    """The table with `field` as it is called at a level; missing stays missing, an unmapped value stops the preparation.

    `recorded_in` is the source's own name of the field, for the sentence of that refusal.
    """
    mapping = hierarchy.at(level)
    known = engine.in_memory(pa.table({"value_": list(mapping), "coarse_": list(mapping.values())}))
    text = table.mutate(**{field: table[field].cast("string")})
    joined = text.left_join(known, text[field] == known.value_)
    unmapped = engine.only_row(joined.agg(n=(joined[field].notnull() & joined.value_.isnull()).sum()))["n"]
    if unmapped:
        raise Unfit(
            f"{unmapped} records of field '{recorded_in or field}' have a value that {hierarchy.name} does not name: add it.",
            reason="unmapped",
        )
    return joined.mutate(**{field: joined.coarse_}).drop("value_", "coarse_")


def by_calendar(column: ir.Column, step: str) -> ir.Value:
    """A date or a time made coarser: a year as a number, a quarter, month or day as its first day."""
    day = cast("ir.DateColumn", column.cast("date"))
    if step == "year":
        return day.year()
    return day.truncate(_CALENDAR[step])


def combined(table: ir.Table, fields: tuple[str, ...], name: str) -> ir.Table:
    """Several fields of one vocabulary as one: what they agree on, "mixed" where they do not; missing ones have no say."""
    low, high = ibis.least(*(table[f] for f in fields)), ibis.greatest(*(table[f] for f in fields))
    return table.mutate(**{name: ibis.cases((low.isnull(), low), (low == high, low), else_=MIXED)})
