"""Assembling: counted cells in one array per number, coarser cells that share no unit added up, and all as one table.

Handbook 2.6, phase 8.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from jalostamo.producing.cubes.axes import Axis, Grid, Levels
from jalostamo.producing.cubes.carrying import SCALE, Carried
from jalostamo.producing.cubes.chains import UnitCounts
from jalostamo.producing.cubes.counted import KEY_SPACE, NUMBERS, schema_of
from jalostamo.producing.cubes.definition import TOTAL, CubeDefinition, Measure

if TYPE_CHECKING:
    from jalostamo.producing.cubes.definition import Dimension

Numbers = NDArray[np.int64]
NONE: Final = -(2**62)
"""Stands where no unit contributes; no contribution is as low."""


@dataclass(frozen=True)
class Counts:
    """The counts of one measure: per number an array of slots (steps, or places between points of a grid) by dimension."""

    carried: Carried
    grid: Grid
    arrays: dict[str, Numbers] = field(init=False)

    def __post_init__(self) -> None:
        shape = (self.grid.outer if self.grid.outer > 1 else self.carried.slots, *self.grid.shape)
        empty = {name: np.zeros(shape, np.int64) for name in ("n", "key", "sum", "below")}
        empty |= {name: np.full(shape, NONE, np.int64) for name in ("top", "second")}
        object.__setattr__(self, "arrays", empty)

    def add(self, levels: Levels, rows: Sequence[Mapping[str, int]]) -> None:
        """Take in the counts of the cells at some levels: of units that were not among those taken in before."""
        cells = np.array([row["cell"] for row in rows], dtype=np.int64)
        # What a finer level calls the same was taken in there.
        new = self.grid.first_called(cells, levels)
        cells, rows = cells[new], [row for row, is_new in zip(rows, new, strict=True) if is_new]
        outer, *places = self.grid.places(cells, levels)
        slots = np.array([row.get("slot", 0) for row in rows], dtype=np.int64)
        at = (outer + slots, *places)
        for name in ("n", "key", "sum", "below"):
            self.arrays[name][at] += np.array([row.get(name, 0) for row in rows], dtype=np.int64)
        tops = [row.get("top", NONE) for row in rows]
        seconds = [row["top"] if row.get("ties", 0) > 1 else row.get("next", NONE) for row in rows]
        largest = [
            self.arrays["top"][at],
            self.arrays["second"][at],
            np.array(tops, np.int64),
            np.array(seconds, np.int64),
        ]
        both = np.sort(np.stack(largest), axis=0)
        self.arrays["top"][at], self.arrays["second"][at] = both[-1], both[-2]

    def add_units(self, counts: UnitCounts) -> None:
        """Take in how many units the cells at some levels have: units that were not among those taken in before."""
        # What a finer level calls the same was taken in there.
        new = self.grid.first_called(counts.cells, counts.levels)
        at = self.grid.places(counts.cells[new], counts.levels)
        self.arrays["n"][at] += counts.n[new]
        self.arrays["key"][at] += counts.key[new]

    def add_up(self, bottom: Levels) -> None:
        """Make the cells that are coarser than `bottom`: no unit is in two of those that they hold."""
        for number, (axis, level) in enumerate(zip(self.grid.axes, bottom, strict=True), 1):
            for place, beneath in _unions(axis, level):
                self._merge(number, place, beneath)

    def _merge(self, axis: int, place: int, beneath: Numbers) -> None:
        for name, together in _TOGETHER.items():
            array = np.moveaxis(self.arrays[name], axis, 0)
            array[place] = together(array[beneath])
        tops, seconds = (np.moveaxis(self.arrays[name], axis, 0) for name in ("top", "second"))
        both = np.sort(np.concatenate([tops[beneath], seconds[beneath]]), axis=0)
        tops[place], seconds[place] = both[-1], both[-2]

    def at_places(self) -> dict[str, Numbers]:
        """The arrays by the places of the measure: slots of a grid added up from their end, or from their beginning."""
        if self.carried.slots == 1:
            return self.arrays
        arrays = {name: self.arrays[name] for name in ("n", "key")}
        if self.carried.how == "last":
            made = {name: np.cumsum(array[::-1], axis=0)[::-1][1:] for name, array in arrays.items()}
        else:
            made = {name: np.cumsum(array, axis=0) for name, array in arrays.items()}
            kept = [-1] if self.carried.measure.kind == "at_most" else []
            order = [*kept, *range(self.carried.slots - 1)]
            made = {name: array[order] for name, array in made.items()}
        return made


def _unions(axis: Axis, level: int) -> list[tuple[int, Numbers]]:
    """The places of coarser codes than those of a level, each with the places that it holds."""
    found = []
    for coarser in range(level + 1, axis.total + 1):
        for place in np.unique(axis.places[coarser]):
            beneath = np.unique(axis.places[level][axis.places[coarser] == place])
            if place not in beneath:
                found.append((int(place), beneath))
    return found


def _added(arrays: Numbers) -> Numbers:
    made: Numbers = arrays.sum(axis=0)
    return made


def _highest(arrays: Numbers) -> Numbers:
    made: Numbers = arrays.max(axis=0)
    return made


_TOGETHER: Final[Mapping[str, Callable[[Numbers], Numbers]]] = {
    "n": _added,
    "key": _added,
    "sum": _added,
    "below": _highest,
}


def cells_table(definition: CubeDefinition, counted: Mapping[str, Counts]) -> pa.Table:
    """All cells of all measures, in the order of the definition."""
    return pa.concat_tables([_cells(definition, measure, counted[measure.name]) for measure in definition.measures])


def _cells(definition: CubeDefinition, measure: Measure, counts: Counts) -> pa.Table:
    arrays = counts.at_places()
    n = arrays["n"]
    # Whether anybody is where the definition lets nobody be is judged at the gate, by what would be printed of them: judged
    # here, whoever declares a cell impossible would learn whether it is empty.
    structural = _structural(definition, counts.grid, n.shape)
    columns = _words(definition, measure, counts.grid, n.shape)
    columns |= {"n": n.reshape(-1), "key": arrays["key"].reshape(-1) % KEY_SPACE, "structural": structural.reshape(-1)}
    columns |= _contributions(measure, arrays)
    nothing = {each.name: pa.nulls(n.size, each.type) for each in NUMBERS if each.name not in columns}
    filled = {**columns, **nothing}
    schema = schema_of(definition)
    return pa.table({name: filled[name] for name in schema.names}, schema=schema)


def _words(
    definition: CubeDefinition, measure: Measure, grid: Grid, shape: tuple[int, ...]
) -> dict[str, pa.Array | Numbers]:
    """The columns that name the cells."""
    size = int(np.prod(shape))
    places = [found.reshape(-1) for found in np.indices(shape)]
    words: dict[str, pa.Array] = {"measure": pa.array(np.full(size, measure.name, dtype=object), pa.string())}
    words["at"] = pa.array(list(measure.places), pa.string()).take(pa.array(places[0]))
    told = {axis.dimension.name: place for axis, place in zip(grid.axes, places[1:], strict=True)}
    for dimension in definition.dimensions:
        codes = pa.array([*dimension.codes, TOTAL], pa.string())
        place = told.get(dimension.name, np.full(size, len(dimension.codes)))
        words[dimension.name] = codes.take(pa.array(place))
    return words


def _contributions(measure: Measure, arrays: Mapping[str, Numbers]) -> dict[str, pa.Array | Numbers]:
    """Events or amounts with the two largest contributions of a unit, for the kinds that have them."""
    scale = {"events": 1, "sum": SCALE}.get(measure.kind)
    negative = np.zeros(arrays["n"].size, dtype=bool)
    if scale is None:
        return {"negative": negative}
    top, second = (np.where(arrays[name] == NONE, 0, arrays[name]).reshape(-1) / scale for name in ("top", "second"))
    found: dict[str, pa.Array | Numbers] = {"largest": top, "second": second}
    if measure.kind == "events":
        return {**found, "events": arrays["sum"].reshape(-1), "negative": negative}
    return {**found, "amount": arrays["sum"].reshape(-1) / scale, "negative": arrays["below"].reshape(-1) > 0}


def _structural(definition: CubeDefinition, grid: Grid, shape: tuple[int, ...]) -> NDArray[np.bool_]:
    """Which cells lie within a combination that is declared impossible, for the measures that tell all of it."""
    found = np.zeros(shape, dtype=bool)
    told = {axis.dimension.name: number for number, axis in enumerate(grid.axes, 1)}
    for zero in definition.structural_zeros:
        if zero.keys() <= told.keys():
            within = np.ones(shape, dtype=bool)
            for name, code in zero.items():
                held = _held(grid.axes[told[name] - 1].dimension, code)
                within &= held.reshape([-1 if n == told[name] else 1 for n in range(len(shape))])
            found |= within
    return found


def _held(dimension: Dimension, code: str) -> NDArray[np.bool_]:
    return np.array([*(dimension.holds(code, each) for each in dimension.codes), False])
