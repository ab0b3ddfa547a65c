"""The kept columns of few values, counted before and after, so that their differences between groups can be told.

Handbook 2.6, phase 5.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

import ibis.expr.types as ir
import numpy as np

from jalostamo.engine.packing import arrow_of
from jalostamo.managing.sensitive.preparing.anonymity.applying import let_go
from jalostamo.managing.sensitive.preparing.anonymity.histogram import PLACE, with_places
from jalostamo.managing.sensitive.preparing.anonymity.problem import Counts
from jalostamo.managing.sensitive.preparing.anonymity.tables import ROWS
from jalostamo.managing.sensitive.preparing.anonymity.utility import MOST_VALUES, Compared

if TYPE_CHECKING:
    from collections.abc import Iterator

    from jalostamo.engine.connection import Engine
    from jalostamo.managing.sensitive.preparing.anonymity.histogram import Counted
    from jalostamo.managing.sensitive.preparing.anonymity.problem import Integers, Solution
    from jalostamo.managing.sensitive.preparing.anonymity.recipe import Recipe


def kept_compared(engine: Engine, counted: Counted, recipe: Recipe, solution: Solution) -> Iterator[Compared]:
    """The kept columns of few values; the others are not counted further."""
    few = [number for number in range(len(recipe.keep)) if _is_few(engine, counted.table, f"k{number}")]
    if few:
        released = let_go(engine, counted, recipe, solution)
        tables = [with_places(table, counted, engine) for table in (counted.table, released)]
        for number in few:
            yield _compared(engine, tables, recipe.keep[number], f"k{number}")


def _is_few(engine: Engine, table: ir.Table, name: str) -> bool:
    distinct = engine.only_row(table.agg(values_=_text(table, name).nunique()))["values_"]
    return 1 < cast("int", distinct) <= MOST_VALUES


def _text(table: ir.Table, name: str) -> ir.StringValue:
    return cast("ir.StringValue", table[name].cast("string").fill_null(""))


def _compared(engine: Engine, tables: list[ir.Table], column: str, name: str) -> Compared:
    counted = [_counted(engine, table, name) for table in tables]
    values = sorted({value for _, value in counted[0]})
    number = {value: code for code, value in enumerate(values)}
    keys = list(counted[0])
    counts = Counts(
        _whole([place for place, _ in keys]),
        np.array([number[value] for _, value in keys], np.int32),
        _whole(list(counted[0].values())),
    )
    released = _whole([counted[1].get(key, 0) for key in keys])
    return Compared(column, tuple(value or None for value in values), counts, released)


def _counted(engine: Engine, table: ir.Table, name: str) -> dict[tuple[int, str], int]:
    grouped = table.group_by(place_=table[PLACE].cast("int64"), value_=_text(table, name))
    found = arrow_of(engine, grouped.agg(rows_=table[ROWS].sum().cast("int64")))
    places, values, rows = (found[part].to_pylist() for part in ("place_", "value_", "rows_"))
    return {(place, value): count for place, value, count in zip(places, values, rows, strict=True)}


def _whole(numbers: list[int]) -> Integers:
    return np.array(numbers, np.int64)
