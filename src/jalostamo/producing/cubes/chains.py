"""Chains of levels: units that are only counted, counted for a whole chain of levels by one sorting of each unit's cells.

Where the cells of a unit stand so that those which a coarser level calls the same stand side by side, the first of each
run is the one to count. A chain takes as many levels as can be, so that there are few of them.

Handbook 2.6, phase 8.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import ibis
import ibis.expr.types as ir
import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from jalostamo.producing.cubes.axes import Grid, Levels
from jalostamo.producing.cubes.carrying import whole
from jalostamo.producing.cubes.counted import KEY_SPACE
from jalostamo.producing.cubes.lattice import forget

if TYPE_CHECKING:
    from jalostamo.engine.connection import Engine

Numbers = NDArray[np.int64]
_BITS: Final = 62


@dataclass(frozen=True, slots=True)
class UnitCounts:
    """How many units the cells at some levels have, and the sums of their keys, cell by cell."""

    levels: Levels
    cells: Numbers
    n: Numbers
    key: Numbers


def chains(bottom: Levels) -> list[tuple[Levels, ...]]:
    """All levels down to `bottom` in as few chains as there can be, each from the finest to the coarsest.

    Source: de Bruijn, van Ebbenhorst Tengbergen and Kruyswijk, On the set of divisors of a number (1951).
    """
    made: list[tuple[Levels, ...]] = [((),)]
    for height in bottom:
        made = [
            (
                *((*levels, turn) for levels in chain[: len(chain) - turn]),
                *((*chain[~turn], n) for n in ways[turn + 1 :]),
            )
            for chain in made
            for ways in [range(height + 1)]
            for turn in range(min(len(chain), height + 1))
        ]
    return made


def count_units(engine: Engine, sets: ir.Table, *, grid: Grid, bottom: Levels) -> Iterator[UnitCounts]:
    """The units in every cell at every level down to `bottom`; `sets` is (id, cell), cells of the finest level."""
    for chain in chains(bottom):
        for order in _orders(grid, chain):
            leading = engine.in_memory(pa.table({"cell_": order.cells.astype("int32"), "place": order.places}))
            counted = engine.arrow(_counted(sets, leading, order.shifts))
            forget(engine, leading)
            yield from order.told(counted)


def _counted(sets: ir.Table, leading: ir.Table, shifts: Sequence[int]) -> ir.Table:
    """By place and depth: the records that are their unit's first in a cell at so many levels of the chain, no more."""
    placed = sets.inner_join(leading, sets.cell == leading.cell_).select("id", "place")
    earlier = placed.place.lag().over(ibis.window(group_by=placed.id, order_by=placed.place))
    seen = placed.mutate(earlier=earlier.fill_null(-1))
    depth: ir.IntegerValue = ibis.literal(0, "int64")
    for shift in shifts:
        depth = depth + ((seen.place >> shift) != (seen.earlier >> shift)).cast("int64")
    firsts = seen.mutate(depth=depth)
    firsts = firsts.filter(firsts.depth > 0)
    key = whole((firsts.id % KEY_SPACE).sum()) % KEY_SPACE
    return firsts.group_by("place", "depth").agg(n=firsts.count(), key=key)


@dataclass(frozen=True, slots=True)
class _Order:
    """The finest cells in the order of a chain: a place without its last bits (`shifts`) is a cell of coarser levels."""

    chain: tuple[Levels, ...]
    cells: Numbers
    places: Numbers
    shifts: tuple[int, ...]
    called: tuple[Numbers, ...]

    def told(self, counted: pa.Table) -> Iterator[UnitCounts]:
        """The counts at each of the chain's levels."""
        places, depth, n, key = (counted[name].to_numpy() for name in ("place", "depth", "n", "key"))
        for number, levels in enumerate(self.chain):
            deep = depth > number
            held, at = np.unique(places[deep] >> self.shifts[number], return_inverse=True)
            names, first = np.unique(self.places >> self.shifts[number], return_index=True)
            cells = self.called[number][first[np.searchsorted(names, held)]]
            sums = [_added(column[deep], at, len(held)) for column in (n, key)]
            yield UnitCounts(levels, cells, sums[0], sums[1] % KEY_SPACE)


def _orders(grid: Grid, chain: tuple[Levels, ...]) -> Iterator[_Order]:
    """The order of a chain; of its halves, where a place would not fit in a number."""
    called = tuple(grid.called(levels) for levels in chain)
    places, group = np.zeros(len(called[0]), np.int64), np.zeros(len(called[0]), np.int64)
    widths = []
    for cells in reversed(called):
        _, finer = np.unique(group * (cells.max() + 1) + cells, return_inverse=True)
        firsts = np.full(group.max() + 1, len(finer))
        np.minimum.at(firsts, group, finer)
        within = finer - firsts[group]
        widths.append(int(within.max()).bit_length())
        if sum(widths) > _BITS and len(chain) > 1:
            half = len(chain) // 2
            yield from _orders(grid, chain[:half])
            yield from _orders(grid, chain[half:])
            return
        places, group = (places << widths[-1]) | within, finer
    shifts = tuple(sum(widths[len(widths) - number :]) for number in range(len(widths)))
    yield _Order(chain, grid.called(tuple(0 for _ in chain[0])), places, shifts, called)


def _added(column: Numbers, at: Numbers, cells: int) -> Numbers:
    made = np.zeros(cells, np.int64)
    np.add.at(made, at, column)
    return made
