"""Coding: recorded values as a definition writes them, matched with the engine's own types, so that no row is made a text.

Handbook 2.6, phase 5.
"""

from __future__ import annotations

import datetime
from collections.abc import Callable, Iterable, Mapping
from typing import TYPE_CHECKING, Final

import ibis
import ibis.expr.types as ir
import pyarrow as pa

from jalostamo.concepts.errors import Unfit

if TYPE_CHECKING:
    from ibis.expr.datatypes import DataType

    from jalostamo.engine.connection import Engine
    from jalostamo.producing.cubes.axes import Axis

_TRUTHS: Final = {"true": True, "false": False}


def _whole(text: str) -> int:
    number = int(text)
    if str(number) != text:
        raise ValueError
    return number


def _day(text: str) -> datetime.date:
    day = datetime.date.fromisoformat(text)
    if day.isoformat() != text:
        raise ValueError
    return day


def typed(field: str, kind: DataType, texts: Iterable[str]) -> tuple[pa.DataType, list[object]]:
    """Values of a definition as the type of their field, all of them; one that cannot be such a value is refused."""
    read: Callable[[str], object]
    if kind.is_string():
        stored, read = pa.string(), str
    elif kind.is_integer():
        stored, read = pa.int64(), _whole
    elif kind.is_date():
        stored, read = pa.date32(), _day
    elif kind.is_boolean():
        stored, read = pa.bool_(), _TRUTHS.__getitem__
    else:
        raise Unfit(
            f"Field '{field}' is neither a text, a whole number, a date nor a truth: make it coarser before it is counted by.",
            reason="cube_field_type",
        )
    try:
        return stored, [read(text) for text in texts]
    except (ValueError, KeyError):
        raise Unfit(
            f"The definition lists values of field '{field}' that are not of its type: write whole numbers as 7, days as "
            "2016-01-31, truths as true and false.",
            reason="cube_value_type",
        ) from None


def coded(engine: Engine, table: ir.Table, axis: Axis, *, column: str, name: str) -> ir.Table:
    """The table with one more column, `name`: the axis' number of what `column` holds."""
    numbers: Mapping[str, int] = axis.numbers
    stored, values = typed(axis.dimension.field, table[column].type(), numbers)
    listed = pa.table({"value_": pa.array(values, stored), "number_": pa.array(numbers.values(), pa.int32())})
    known = engine.in_memory(listed)
    joined = table.left_join(known, table[column] == known.value_)
    number = ibis.cases(
        (joined[column].isnull(), axis.of_missing), (joined.number_.isnull(), axis.of_unlisted), else_=joined.number_
    )
    return joined.select(*(joined[c] for c in table.columns), **{name: number.cast("int32")})


def is_among(table: ir.Table, column: str, field: str, values: Iterable[str]) -> ir.BooleanValue:
    """Whether a column holds one of a definition's values; nothing is none of them."""
    _, wanted = typed(field, table[column].type(), values)
    return table[column].isin(wanted).fill_null(False)
