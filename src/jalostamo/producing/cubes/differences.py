"""Differences: how often a cube cuts a single unit out of a cell of an earlier one, so that the two tell of that unit.

One cell lies in another where its conditions do; then a difference of one in their counts is one unit. Counted on the
true values, and told as one number per earlier cube.

Handbook 2.6, phase 8.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import product
from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from jalostamo.producing.cubes.counted import CountedCube
from jalostamo.producing.cubes.counting import count_cube
from jalostamo.producing.cubes.definition import TOTAL, CubeDefinition, Measure
from jalostamo.producing.cubes.identities import counted_by, lanes_of, of_whom, sets_of, values_by_code

if TYPE_CHECKING:
    import ibis.expr.types as ir

    from jalostamo.engine.connection import Engine

type Conditions = list[frozenset[str] | None]
"""What each code of an axis leaves of one field; None leaves everything."""


@dataclass(frozen=True, slots=True)
class Difference:
    """A difference is how many cells of a cube differ from a cell of an earlier one, named by digest, by exactly one unit."""

    earlier: str
    cells: int


@dataclass(frozen=True, slots=True, repr=False, eq=False)
class Block:
    """A block is the cells of one measure at one grid point, one axis per dimension.

    `codes` are those that the axes have, `printed_there` says which cells the other cube has too.
    """

    definition: CubeDefinition
    measure: Measure
    at: str
    codes: tuple[tuple[str, ...], ...]
    n: NDArray[np.int64]
    printed_there: NDArray[np.bool_]

    def conditions(self, field: str) -> tuple[int | None, Conditions]:
        """The axis on which a field is told, if there is one, and what each of its codes leaves of the field."""
        base = sets_of(self.definition, self.measure).get(field)
        for axis, dimension in enumerate(self.definition.dimensions):
            if dimension.field == field:
                values = values_by_code(dimension, base)
                return axis, [base if code == TOTAL else values[code] for code in self.codes[axis]]
        return None, [base]

    @property
    def fields(self) -> set[str]:
        """The fields that any condition is about."""
        return {*sets_of(self.definition, self.measure), *(d.field for d in self.definition.dimensions)}


def differences(
    engine: Engine,
    counted: CountedCube,
    earlier: Mapping[str, CubeDefinition],
    tables_of: Callable[[CubeDefinition], Mapping[str, ir.Table]],
) -> tuple[Difference, ...]:
    """Count the differences from earlier definitions of the same population, by the digest of the cube printed from each.

    `tables_of` gives the tables of a definition's period, from the same data as the new cube's.
    """
    found = []
    for digest, definition in earlier.items():
        if definition.digest != counted.definition.digest:
            before = count_cube(engine, definition, tables_of(definition))
            found.append(Difference(digest, cells_cut(counted, before)))
    return tuple(found)


def cells_cut(new: CountedCube, earlier: CountedCube) -> int:
    """The cells of a cube that differ by one unit from a nested cell of an earlier one, neither of which is in both."""
    cut = 0
    theirs = list(_blocks(earlier, new))
    for ours in _blocks(new, earlier):
        hit = np.zeros(ours.n.shape, dtype=bool)
        for other in theirs:
            if _comparable(ours, other):
                # Which of the two periods holds the other decides which of the cells can lie in the other.
                if _within(ours.definition, other.definition):
                    _mark(hit, inner=ours, outer=other, of_inner=True)
                if _within(other.definition, ours.definition):
                    _mark(hit, inner=other, outer=ours, of_inner=False)
        cut += int(hit.sum())
    return cut


def _comparable(one: Block, other: Block) -> bool:
    """Whether two blocks count alike, the period apart."""
    days = 2
    here = counted_by(one.definition, one.measure, one.at)[:-days]
    return here == counted_by(other.definition, other.measure, other.at)[:-days]


def _within(inner: CubeDefinition, outer: CubeDefinition) -> bool:
    return outer.first_day <= inner.first_day and inner.last_day <= outer.last_day


def _mark(hit: NDArray[np.bool_], *, inner: Block, outer: Block, of_inner: bool) -> None:
    """Mark the cells of the new block that have a cell one unit larger around them, or one unit smaller in them."""
    for places, inside in _nested(inner, outer):
        differ = inside & (outer.n[places] - inner.n == 1) & ~inner.printed_there & ~outer.printed_there[places]
        if of_inner:
            hit |= differ
        elif differ.any():
            hit[tuple(np.broadcast_to(place, differ.shape)[differ] for place in places)] = True


def _nested(inner: Block, outer: Block) -> Iterator[tuple[tuple[NDArray[np.int64], ...], NDArray[np.bool_]]]:
    """By turns, for every inner cell a cell of the outer block that holds it, and where there is one."""
    shape = inner.n.shape
    choices: list[list[tuple[int | None, NDArray[np.int64]]]] = []
    inside = np.ones(shape, dtype=bool)
    for field in sorted(inner.fields | outer.fields):
        own, leaves = inner.conditions(field)
        axis, around = outer.conditions(field)
        holders = [[n for n, wide in enumerate(around) if _holds(wide, narrow)] for narrow in leaves]
        if axis is None:
            inside = inside & _along(np.array([bool(found) for found in holders]), own, len(shape))
            continue
        most = max((len(found) for found in holders), default=0)
        padded = np.array([[*found, *[-1] * (most - len(found))] for found in holders], dtype=np.int64)
        choices.append([(axis, _along(padded[:, turn], own, len(shape))) for turn in range(most)])
    for chosen in product(*choices):
        places = dict(chosen)
        ordered = tuple(places[axis] for axis in range(len(outer.codes)))
        known = inside
        for place in ordered:
            known = known & (place >= 0)
        yield ordered, known


def _holds(wide: frozenset[str] | None, narrow: frozenset[str] | None) -> bool:
    return wide is None or (narrow is not None and narrow <= wide)


def _along[Kind: np.generic](found: NDArray[Kind], axis: int | None, axes: int) -> NDArray[Kind]:
    """A value per code, laid along its axis; without one there is one value for all cells."""
    return found.reshape([-1 if each == axis else 1 for each in range(axes)])


def _blocks(cube: CountedCube, other: CountedCube) -> Iterator[Block]:
    if not {of_whom(cube.definition, m)[:3] for m in cube.definition.measures} & {
        of_whom(other.definition, m)[:3] for m in other.definition.measures
    }:
        return
    lanes, theirs = (lanes_of(each.definition, each.cells)[:, 0] for each in (cube, other))
    there = pa.array(np.isin(lanes, theirs))
    cells = cube.cells.append_column("there", there)
    for measure in cube.definition.measures:
        for at in measure.places:
            mine = pc.and_(pc.equal(cells["measure"], measure.name), pc.equal(cells["at"], at))
            yield _block(cube.definition, measure, at, cells.filter(mine))


def _block(definition: CubeDefinition, measure: Measure, at: str, cells: pa.Table) -> Block:
    names = [dimension.name for dimension in definition.dimensions]
    codes = tuple(tuple(sorted(cells[name].unique().to_pylist())) for name in names)
    places = tuple(_places(cells[name], found) for name, found in zip(names, codes, strict=True))
    # One axis more than there are dimensions, so that a cube without any is laid out like the others.
    n = np.zeros([1, *(len(found) for found in codes)], dtype=np.int64)
    there = np.zeros(n.shape, dtype=bool)
    rows = (np.zeros(cells.num_rows, dtype=np.int64), *places)
    n[rows], there[rows] = cells["n"].to_numpy(), cells["there"].to_numpy()
    return Block(definition, measure, at, codes, np.asarray(n[0]), np.asarray(there[0]))


def _places(column: pa.ChunkedArray, codes: Sequence[str]) -> NDArray[np.int64]:
    found: NDArray[np.int64] = pc.index_in(column, pa.array(codes, pa.string())).to_numpy().astype(np.int64)
    return found
