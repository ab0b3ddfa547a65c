"""From a table's counted rows to what the search is given: combinations, sensitive values and units as arrays of counts.

Handbook 2.6, phase 5.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final, cast

import ibis.expr.types as ir
import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from jalostamo.engine.packing import arrow_of
from jalostamo.managing.sensitive.preparing.anonymity.attributes import Coding, attribute_of, coding_of
from jalostamo.managing.sensitive.preparing.anonymity.problem import (
    Attribute,
    Closeness,
    Codes,
    Counts,
    Diversity,
    Histogram,
    Integers,
    SensitiveColumn,
)
from jalostamo.managing.sensitive.preparing.anonymity.tables import NESTED, ROWS, WORD_BITS, Loaded
from jalostamo.managing.sensitive.preparing.anonymity.unit_counts import units_of

if TYPE_CHECKING:
    from jalostamo.engine.connection import Engine
    from jalostamo.managing.sensitive.preparing.anonymity.recipe import QuasiIdentifier, Recipe, SensitiveAsked

type Column = NDArray[np.int64] | NDArray[np.int32]

PLACE: Final = "place_"
"""The column that numbers the combinations."""


@dataclass(frozen=True, slots=True, repr=False)
class Counted:
    """What the search is given of a table, and how its numbers are found again in the engine.

    `table` holds the loaded rows with every text of theirs as a number; `keys` are the columns that make a combination,
    and `key_values` those of each, in the order of the histogram. `codings` tell what a quasi-identifier's numbers are.
    """

    histogram: Histogram
    attributes: tuple[Attribute, ...]
    sensitive: tuple[SensitiveColumn, ...]
    table: ir.Table
    keys: tuple[str, ...]
    key_values: tuple[Integers, ...]
    codings: tuple[Coding, ...]

    def places(self, engine: Engine, chosen: Integers | None = None) -> ir.Table:
        """Combinations as a table of their keys with their places, all or those chosen."""
        values = self.key_values if chosen is None else tuple(column[chosen] for column in self.key_values)
        numbers = np.arange(len(self.histogram.rows)) if chosen is None else chosen
        columns = {f"{key}_": pa.array(column) for key, column in zip(self.keys, values, strict=True)}
        return engine.in_memory(pa.table({**columns, PLACE: pa.array(numbers, pa.int64())}))


def count(engine: Engine, loaded: Loaded, recipe: Recipe) -> Counted:
    """Count the combinations of a loaded table, with the sensitive values and the units of each."""
    codings = tuple(coding_of(engine, loaded, recipe, number) for number in range(len(recipe.quasi)))
    values = [_values_of(engine, loaded, number) for number in range(len(recipe.sensitive))]
    table = _with_numbers(engine, loaded, codings, values)
    keys = tuple(name for name in table.columns if name[0] in "wq")
    columns = _sorted(_columns_of(engine, table, [*keys, *(f"c{number}" for number in range(len(values)))]))
    key_values, place, rows = _combined(columns, keys)
    numbers = [coding.numbers_in(keys, key_values) for coding in codings]
    attributes = tuple(_attribute(q, c, n) for q, c, n in zip(recipe.quasi, codings, numbers, strict=True))
    order = _lexicographic(numbers)
    if order is not None:
        key_values, place, rows = tuple(c[order] for c in key_values), _inverse(order)[place], rows[order]
        numbers = [column[order] for column in numbers]
    sensitive = tuple(_counts(place, columns[f"c{n}"], columns[ROWS], len(known)) for n, known in enumerate(values))
    histogram = Histogram(_side_by_side(numbers), rows, sensitive)
    asked = _sensitive_columns(recipe, values, sensitive)
    found = Counted(histogram, attributes, asked, table, keys, key_values, codings)
    if not recipe.units:
        return found
    placed = engine.keep(with_places(table, found, engine))
    units, ties = units_of(engine, placed, recipe, combinations=len(rows))
    return replace(found, histogram=replace(histogram, units=units, ties=ties))


def _columns_of(engine: Engine, table: ir.Table, names: Sequence[str]) -> dict[str, Integers]:
    """The rows counted by these columns, as columns of numbers."""
    counted = table.select(*names, **{ROWS: table[ROWS].cast("int64")})
    if any(name[0] in "uk" for name in table.columns):
        counted = counted.group_by(list(names)).agg(**{ROWS: counted[ROWS].sum().cast("int64")})
    arrow = arrow_of(engine, counted)
    return {name: arrow[name].to_numpy().astype(np.int64, copy=False) for name in (*names, ROWS)}


def _combined(columns: dict[str, Integers], keys: Sequence[str]) -> tuple[tuple[Integers, ...], Integers, Integers]:
    """The keys of each combination, the combination of each sorted row, and the rows of each; the keys' columns are given up."""
    new = np.zeros(len(columns[ROWS]), np.bool_)
    for key in keys:
        new |= np.diff(columns[key], prepend=-1) != 0
    first, place = np.flatnonzero(new), np.cumsum(new) - 1
    key_values = tuple(columns.pop(key)[first] for key in keys)
    return key_values, place, np.add.reduceat(columns[ROWS], first)


def _side_by_side(numbers: Sequence[Codes]) -> Codes:
    matrix = np.empty((len(numbers[0]), len(numbers)), np.int32)
    for number, column in enumerate(numbers):
        matrix[:, number] = column
    return matrix


def with_places(table: ir.Table, counted: Counted, engine: Engine, chosen: Integers | None = None) -> ir.Table:
    """The rows that lie in the combinations chosen, or all, each with its combination's place."""
    places = counted.places(engine, chosen)
    joined = table.inner_join(places, [table[key] == places[f"{key}_"] for key in counted.keys])
    return joined.drop(*(f"{key}_" for key in counted.keys))


def _values_of(engine: Engine, loaded: Loaded, number: int) -> list[str]:
    """The values of a sensitive column, "" for a missing one, in the order of their texts."""
    name = f"s{number}"
    return sorted(cast("str", row[name]) for row in engine.rows(loaded.table.select(name).distinct()))


def _with_numbers(engine: Engine, loaded: Loaded, codings: Sequence[Coding], values: Sequence[list[str]]) -> ir.Table:
    """The loaded rows with the texts of their keys as numbers, and each sensitive value's number beside it, c0, c1 ..."""
    table = loaded.table
    texts = [(coding.name, coding.values, coding.name) for coding in codings if coding.packed is None]
    texts += [(f"s{number}", known, f"c{number}") for number, known in enumerate(values)]
    for number, (name, known, into) in enumerate(texts):
        table = engine.keep(table) if number and number % NESTED == 0 else table
        table = _numbered(engine, table, name, known, into=into)
    # Numbers are joined anew where they are asked for again, unless units ask for them several times: they take much room.
    return engine.keep(table) if any(name[0] == "u" for name in table.columns) else table


def _numbered(engine: Engine, table: ir.Table, name: str, values: Sequence[str], *, into: str) -> ir.Table:
    known = engine.in_memory(
        pa.table({"value_": pa.array(values, pa.string()), "code_": pa.array(range(len(values)), pa.int32())})
    )
    joined = table.inner_join(known, table[name] == known["value_"])
    return joined.mutate(**{into: joined["code_"]}).drop("value_", "code_")


def _sorted(columns: dict[str, Integers]) -> dict[str, Integers]:
    """Numbers from 0 up, their rows sorted by the columns from left to right; what the columns were is given up."""
    widths = _widths(list(columns.values()))
    if sum(widths) > WORD_BITS:
        order = _order(list(columns.values()))
        return {name: column[order] for name, column in columns.items()}
    # One number for a whole row is sorted far faster than an order of rows is found.
    names = list(columns)
    key = columns.pop(names[0]).copy()
    for name, wide in zip(names[1:], widths[1:], strict=True):
        key <<= wide
        key |= columns.pop(name)
    key.sort()
    found = {}
    for name, wide in zip(names[:0:-1], widths[:0:-1], strict=True):
        found[name] = key & ((1 << wide) - 1)
        key >>= wide
    return {names[0]: key, **found}


def _attribute(q: QuasiIdentifier, coding: Coding, numbers: Codes) -> Attribute:
    """A quasi-identifier with only the values that occur; the numbers of the combinations become its codes."""
    used = np.flatnonzero(np.bincount(numbers, minlength=coding.size)).astype(np.int64)
    if len(used) < coding.size:
        dense = np.zeros(coding.size, np.int32)
        dense[used] = np.arange(len(used), dtype=np.int32)
        np.take(dense, numbers, out=numbers)
    return attribute_of(q, coding, used)


def _lexicographic(codes: Sequence[Codes]) -> Integers | None:
    """The order of combinations by their codes; None where they have it already."""
    key = _one_key(codes)
    if key is not None and np.all(key[1:] > key[:-1]):
        return None
    return _order(codes) if key is None else np.argsort(key).astype(np.int64)


def _order(columns: Sequence[Column]) -> Integers:
    """The order of rows by columns of numbers from 0 up, the first before the second."""
    key = _one_key(columns)
    return (np.lexsort(tuple(columns[::-1])) if key is None else np.argsort(key)).astype(np.int64)


def _one_key(columns: Sequence[Column]) -> Integers | None:
    """Several columns of numbers as one that has their order; None where they do not fit in one."""
    widths = _widths(columns)
    if sum(widths) > WORD_BITS:
        return None
    key = columns[0].astype(np.int64)
    for column, wide in zip(columns[1:], widths[1:], strict=True):
        key <<= wide
        key |= column
    return key


def _widths(columns: Sequence[Column]) -> list[int]:
    return [int(column.max(initial=0)).bit_length() for column in columns]


def _inverse(order: Integers) -> Integers:
    inverse = np.empty(len(order), np.int64)
    inverse[order] = np.arange(len(order))
    return inverse


def _counts(place: Integers, value: Integers, rows: Integers, values: int) -> Counts:
    """Rows per combination and value, one entry each, though other sensitive columns part them further."""
    both = place * values + value
    if np.all(both[1:] > both[:-1]):
        return Counts(place, value.astype(np.int32), rows)
    order = np.argsort(both)
    both, rows = both[order], rows[order]
    starts = np.flatnonzero(np.diff(both, prepend=-1))
    entries = both[starts]
    return Counts(entries // values, (entries % values).astype(np.int32), np.add.reduceat(rows, starts))


def _sensitive_columns(
    recipe: Recipe, values: Sequence[list[str]], counts: Sequence[Counts]
) -> tuple[SensitiveColumn, ...]:
    made = []
    for asked, found, counted in zip(recipe.sensitive, values, counts, strict=True):
        totals = np.bincount(counted.value, weights=counted.rows, minlength=len(found)).astype(np.int64)
        wanted = asked.diversity
        diversity = None if wanted is None else Diversity(wanted.kind, wanted.l, wanted.c)
        labels = tuple(value or None for value in found)
        made.append(SensitiveColumn(asked.column, labels, totals, diversity, _closeness(asked, found)))
    return tuple(made)


def _closeness(asked: SensitiveAsked, values: Sequence[str]) -> Closeness | None:
    wanted = asked.closeness
    if wanted is None:
        return None
    if wanted.kind == "ordered":
        rank = {value: number for number, value in enumerate(wanted.order)}
        ranks = np.array([rank[value] for value in values], np.int64)
        return Closeness("ordered", wanted.t, ranks=ranks, span=len(wanted.order) - 1)
    if wanted.hierarchy is None:
        return Closeness("equal", wanted.t)
    tree, top = [], set(wanted.hierarchy.levels[-1].values())
    for level in wanted.hierarchy.levels:
        _, codes = np.unique(np.array([level[value] for value in values], dtype=object), return_inverse=True)
        tree.append(codes.astype(np.int32))
    if len(top) > 1:
        # Ways up that never meet meet above the last level, whichever of them occur: how far values are apart hangs on no other.
        tree.append(np.zeros(len(values), np.int32))
    return Closeness("hierarchical", wanted.t, tree=tuple(tree))
