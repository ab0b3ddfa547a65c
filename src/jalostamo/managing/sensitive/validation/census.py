"""A population's file counted anew by the classes of a written table, whose levels are read from what is written.

Handbook 2.6, phase 5 (the results of the processing are validated).
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import TYPE_CHECKING, Final, cast

import ibis.expr.types as ir
import pyarrow as pa

from jalostamo.concepts.errors import Unfit
from jalostamo.engine.packing import arrow_of
from jalostamo.managing.sensitive.validation.exposure import HELD, Census

if TYPE_CHECKING:
    from jalostamo.engine.connection import Engine

type Levels = Sequence[Mapping[str, str]]
"""A hierarchy: what each value is called, level by level; none where a column stays as it is."""

_JOINED: Final = 6


def census_of(engine: Engine, people: ir.Table, columns: Sequence[str], called: Sequence[Levels], name: str) -> Census:
    """Count the people of a table (texts, "" for a missing value), with each column called as its level says.

    `called[n]` are the levels of column n up to the one that is written: one for a column that stays as it is.
    """
    table = people.select(**{f"key_{n}": people[column] for n, column in enumerate(columns)})
    for number, levels in enumerate(called):
        table = engine.keep(table) if number and number % _JOINED == 0 else table
        if len(levels) > 1:
            table = _renamed(engine, table, f"key_{number}", levels)
    keys = [f"key_{n}" for n in range(len(columns))]
    grouped = table.group_by(keys).agg(**{HELD: table.count().cast("int64")})
    found = arrow_of(engine, grouped)
    texts = {key: found[key].combine_chunks().cast(pa.string()) for key in keys}
    return Census(name, pa.table({**texts, HELD: found[HELD].cast(pa.int64())}))


def levels_written(values: Collection[str], levels: Levels, column: str) -> Levels:
    """The levels up to the first at which a hierarchy has all the names that are written: the least coarse is the strictest."""
    for level in range(len(levels)):
        if all(value in _names(levels, level) for value in values):
            return levels[: level + 1]
    raise Unfit(
        f"Column '{column}' has values that no one level of its hierarchy has: is this its recipe?", reason="unmapped"
    )


def _names(levels: Levels, level: int) -> set[str]:
    return {*levels[level].values(), _missing(levels[: level + 1])}


def _missing(levels: Levels) -> str:
    """What a missing value is called, where the hierarchy has no line for it: as a value that is called nothing is later."""
    if "" in levels[0]:
        return levels[-1][""]
    for lower in levels[1:]:
        for value, called in lower.items():
            if called == "":
                return levels[-1][value]
    return ""


def _renamed(engine: Engine, table: ir.Table, key: str, levels: Levels) -> ir.Table:
    names = {"": _missing(levels), **levels[-1]}
    known = engine.in_memory(
        pa.table({"value_": pa.array(list(names), pa.string()), "called_": pa.array(list(names.values()), pa.string())})
    )
    joined = table.left_join(known, table[key] == known["value_"])
    renamed = joined.mutate(**{key: joined["called_"]}).drop("value_", "called_")
    unknown = cast("int", engine.only_row(renamed.agg(n=renamed[key].isnull().sum()))["n"] or 0)
    if unknown:
        raise Unfit(
            f"The population has {unknown:,} rows with a value that a hierarchy does not name.", reason="unmapped"
        )
    return renamed
