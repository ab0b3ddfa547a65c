"""How persons, households or whatever k counts lie over the combinations: mostly in one, some in several.

Handbook 2.6, phase 5.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

import ibis
import ibis.expr.types as ir
import numpy as np

from jalostamo.engine.packing import arrow_of
from jalostamo.managing.sensitive.preparing.anonymity.problem import Integers, Ties, Units
from jalostamo.managing.sensitive.preparing.anonymity.tables import ROWS

if TYPE_CHECKING:
    from jalostamo.engine.connection import Engine
    from jalostamo.managing.sensitive.preparing.anonymity.recipe import Recipe


def units_of(
    engine: Engine, rows: ir.Table, recipe: Recipe, *, combinations: int
) -> tuple[tuple[Units, ...], Ties | None]:
    """How the units of each kind lie over the combinations, and what suppressing a whole one takes from other classes.

    `rows` have their combination's number as `place_`.
    """
    places = {f"u{n}": _places(engine, rows, f"u{n}") for n in range(len(recipe.units))}
    last = f"u{len(recipe.units) - 1}"
    units = tuple(
        _lying(engine, places[name], unit, combinations=combinations, whole=name == last)
        for name, unit in zip(places, recipe.units, strict=True)
    )
    needed = bool(recipe.sensitive) or len(recipe.units) > 1
    return units, _ties(engine, rows, recipe, places[last]) if needed else None


def _places(engine: Engine, rows: ir.Table, name: str) -> ir.Table:
    """Rows per unit and combination, and in how many combinations the unit lies."""
    lying = rows.group_by([name, "place_"]).agg(**{ROWS: rows[ROWS].sum()})
    return engine.keep(lying.mutate(places_=lying.count().over(group_by=lying[name])))


def _lying(engine: Engine, places: ir.Table, unit: str, *, combinations: int, whole: bool) -> Units:
    name = places.columns[0]
    alone = places.filter(places.places_ == 1)
    counted = arrow_of(engine, alone.group_by("place_").agg(n=alone.count()))
    single = np.zeros(combinations, np.int64)
    single[counted["place_"].to_numpy()] = counted["n"].to_numpy()
    spread = places.filter(places.places_ > 1)
    number = ibis.dense_rank().over(order_by=spread[name])
    listed = spread.select(number_=number, place_=spread.place_.cast("int64"), rows_=spread[ROWS].cast("int64"))
    columns = arrow_of(engine, listed.order_by("number_", "place_"))
    numbers, place, rows = (columns[column].to_numpy() for column in ("number_", "place_", "rows_"))
    start, where, held, times = _patterns(numbers, place, rows)
    return Units(unit, single, start, where, times, held, whole)


def _patterns(numbers: Integers, place: Integers, rows: Integers) -> tuple[Integers, Integers, Integers, Integers]:
    """Units that lie alike, once for all of them: where each pattern starts, its places and rows, and how many lie so."""
    starts = np.flatnonzero(np.diff(numbers, prepend=-1))
    lengths = np.diff(starts, append=len(numbers))
    sizes, places, held, times = [], [], [], []
    for length in np.unique(lengths):
        at = starts[lengths == length][:, None] + np.arange(length)
        both = np.concatenate([place[at], rows[at]], axis=1)
        distinct, met = np.unique(both, axis=0, return_counts=True)
        sizes.append(np.full(len(distinct), length))
        places.append(distinct[:, :length].ravel())
        held.append(distinct[:, length:].ravel())
        times.append(met)
    nothing = [np.empty(0, np.int64)]
    joined = [np.concatenate(parts or nothing).astype(np.int64) for parts in (sizes, places, held, times)]
    return np.concatenate([[0], np.cumsum(joined[0])]).astype(np.int64), joined[1], joined[2], joined[3]


def _ties(engine: Engine, rows: ir.Table, recipe: Recipe, places: ir.Table) -> Ties:
    names = [f"u{n}" for n in range(len(recipe.units))]
    last, others = names[-1], names[:-1]
    spread = places.filter(places.places_ > 1).select(last).distinct()
    tied = engine.keep(rows.semi_join(spread, last))
    # Each row stands once in `rows`, so that a union of distinct ones has each that is met once.
    met = [rows.semi_join(tied.select(name).distinct(), name) for name in others]
    tied = engine.keep(tied.union(*met, distinct=True)) if met else tied
    codes = [f"c{n}" for n in range(len(recipe.sensitive))]
    grouped = tied.group_by(["place_", *names, *codes]).agg(**{ROWS: tied[ROWS].sum().cast("int64")})
    spread = spread.mutate(is_spread_=True)
    marked = grouped.left_join(spread, grouped[last] == spread[last])
    marked = marked.select(*grouped.columns, is_spread_=marked.is_spread_.fill_null(False))
    numbers = {f"n_{name}": ibis.dense_rank().over(order_by=marked[name]) for name in others}
    # Those that lie in one combination only have no number: they come last, and are set to -1 below.
    numbers[f"n_{last}"] = ibis.dense_rank().over(order_by=[marked.is_spread_.desc(), marked[last]])
    columns = arrow_of(engine, marked.select("place_", ROWS, "is_spread_", *codes, **numbers))
    numbered = {name: columns[f"n_{name}"].to_numpy().astype(np.int64) for name in names}
    numbered[last] = np.where(columns["is_spread_"].to_numpy(), numbered[last], -1)
    return Ties(
        cast("Integers", columns["place_"].to_numpy().astype(np.int64)),
        columns[ROWS].to_numpy().astype(np.int64),
        tuple(numbered[name] for name in names),
        tuple(columns[code].to_numpy().astype(np.int32) for code in codes),
    )
