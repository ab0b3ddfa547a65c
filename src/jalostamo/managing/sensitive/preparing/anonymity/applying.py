"""Carrying out what the search found: who is left out, and what each value of the others is called; rows by their content.

Handbook 2.6 (anonymising the data) and phase 5.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, cast

import ibis
import ibis.expr.types as ir
import numpy as np
import pyarrow as pa

from jalostamo.concepts.errors import Broken
from jalostamo.managing.sensitive.preparing.anonymity.attributes import labels_of
from jalostamo.managing.sensitive.preparing.anonymity.histogram import with_places
from jalostamo.managing.sensitive.preparing.anonymity.tables import NESTED, ROWS

if TYPE_CHECKING:
    from jalostamo.engine.connection import Engine
    from jalostamo.managing.sensitive.preparing.anonymity.histogram import Counted
    from jalostamo.managing.sensitive.preparing.anonymity.problem import Solution
    from jalostamo.managing.sensitive.preparing.anonymity.recipe import Recipe
    from jalostamo.managing.sensitive.preparing.anonymity.tables import Loaded


def released(engine: Engine, loaded: Loaded, counted: Counted, recipe: Recipe, solution: Solution) -> ir.Table:
    """The rows that are let go, as they will be written, each kind once with its number in `ROWS`; units stand beside.

    Columns have the recipe's names, units the names u0, u1 ...; what is left out is out: nothing of it is written.
    """
    kept = let_go(engine, counted, recipe, solution)
    for number, level in enumerate(solution.levels):
        kept = engine.keep(kept) if number and number % NESTED == 0 else kept
        kept = _called(engine, kept, counted, recipe, number=number, level=level)
    positions = [f"q{n}" for n in range(len(recipe.quasi))]
    positions += [f"s{n}" for n in range(len(recipe.sensitive))] + [f"k{n}" for n in range(len(recipe.keep))]
    units = [f"u{n}" for n in range(len(recipe.units))]
    grouped = kept.group_by([*positions, *units]).agg(**{ROWS: kept[ROWS].sum().cast("int64")})
    written = {
        f"out_{n}": _typed(grouped[position], loaded, recipe, solution.levels, n)
        for n, position in enumerate(positions)
    }
    chosen = engine.keep(grouped.select(**written, **{unit: grouped[unit] for unit in units}, **{ROWS: grouped[ROWS]}))
    found = engine.only_row(chosen.agg(rows=chosen[ROWS].sum()))["rows"] or 0
    if found != int(solution.kept_rows.sum()):
        raise Broken("What would be written has other rows than the search let go.", reason="rows_released")
    return chosen


def named(released_rows: ir.Table, recipe: Recipe) -> ir.Table:
    """The rows that are let go under the recipe's names, without the units."""
    columns = {column: released_rows[f"out_{number}"] for number, column in enumerate(recipe.columns)}
    return released_rows.select(**columns, **{ROWS: released_rows[ROWS]})


def let_go(engine: Engine, counted: Counted, recipe: Recipe, solution: Solution) -> ir.Table:
    """The rows of classes that are let go. A whole unit goes where one of its rows goes."""
    dropped = np.flatnonzero(~solution.kept)
    if not len(dropped):
        return counted.table
    if not recipe.units:
        places = counted.places(engine, dropped)
        return counted.table.anti_join(places, [counted.table[key] == places[f"{key}_"] for key in counted.keys])
    last = f"u{len(recipe.units) - 1}"
    out = with_places(counted.table, counted, engine, dropped).select(last).distinct()
    return counted.table.anti_join(engine.keep(out), last)


def _called(engine: Engine, table: ir.Table, counted: Counted, recipe: Recipe, *, number: int, level: int) -> ir.Table:
    """The rows with a quasi-identifier called as at a level."""
    coding, name = counted.codings[number], f"q{number}"
    labels = labels_of(recipe.quasi[number].hierarchy, coding, level)
    if len(set(labels)) == 1:
        return table.mutate(**{name: ibis.literal(labels[0], "string")})
    code = table[name] if coding.packed is None else coding.packed.of(table)
    called = engine.in_memory(
        pa.table({"code_": pa.array(range(len(labels)), pa.int64()), "called_": pa.array(labels, pa.string())})
    )
    numbered = table.mutate(at_=code.cast("int64"))
    joined = numbered.inner_join(called, numbered.at_ == called["code_"])
    return joined.mutate(**{name: joined["called_"]}).drop("at_", "code_", "called_")


def _typed(column: ir.Value, loaded: Loaded, recipe: Recipe, levels: Sequence[int], number: int) -> ir.Value:
    """A column in the table's own type where it was not made coarser, and what is kept as it was."""
    if number >= len(recipe.quasi) + len(recipe.sensitive):
        return column
    text = cast("ir.StringValue", column).nullif("")
    kind = loaded.file.kinds[recipe.columns[number]]
    made_coarser = number < len(recipe.quasi) and levels[number] > 0
    if kind is None or made_coarser:
        return text
    return text.cast(ibis.dtype(kind))
