"""How large a cube is and how thin: what it asks is judged on its definition and a rough number of units alone.

Handbook 2.6, phase 8.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import product
from typing import Final

from jalostamo.concepts.errors import Objection
from jalostamo.producing.cubes.definition import SECTION, CubeDefinition, Dimension

MOST_CELLS: Final = 200_000
LEAST_MEAN_CELL: Final = 5.0
_FIGURES: Final = 2


@dataclass(frozen=True, slots=True)
class Coarser:
    """A coarser cube: by dimension, the shown level (counted from 0) at which it begins; past its last one, it is dropped."""

    dimensions: tuple[Dimension, ...]
    levels: tuple[int, ...]

    @property
    def finest_cells(self) -> int:
        """The cells of the finest levels that are left."""
        left = zip(self.dimensions, self.levels, strict=True)
        return math.prod(len(d.levels[level]) if level < len(d.levels) else 1 for d, level in left)

    @property
    def left_out(self) -> int:
        """How many dimensions are dropped."""
        return sum(level == len(d.levels) for d, level in zip(self.dimensions, self.levels, strict=True))

    def codes_of(self, name: str) -> int:
        """How many codes a dimension has in its cells and margins, the total too."""
        for dimension, level in zip(self.dimensions, self.levels, strict=True):
            if dimension.name == name:
                return len({code for codes in dimension.levels[level:] for code in codes}) + 1
        return 1

    @property
    def told(self) -> str:
        """What has to be done to the cube for this one."""
        steps = [
            f"leave out '{dimension.name}'"
            if level == len(dimension.levels)
            else f"show '{dimension.name}' from its level {level + 1} on ({len(dimension.levels[level])} codes)"
            for dimension, level in zip(self.dimensions, self.levels, strict=True)
            if level
        ]
        return " and ".join(steps)


def thin_objections(
    definition: CubeDefinition, units: int, *, mean_cell: float = LEAST_MEAN_CELL
) -> tuple[Objection, ...]:
    """Why a cube is too thin for so many units, and the coarser one that would pass; none where its cells are filled.

    `units` is a printed or rough number; it is cut to two figures, so that the answer tells no more than those.
    """
    rough = rounded(units)
    asked = Coarser(definition.dimensions, (0,) * len(definition.dimensions))

    def fills(cube: Coarser) -> bool:
        return rough >= mean_cell * cube.finest_cells

    if fills(asked):
        return ()
    reason = (
        f"Cube '{definition.name}' is too thin: {asked.finest_cells} cells at its finest for about {rough} units; "
        f"a cell holds {mean_cell:g} on average or more."
    )
    return (Objection(f"{reason} {_advice(definition, fills)}", SECTION),)


def cell_objections(
    definition: CubeDefinition, dimensions_of: Mapping[str, Sequence[str]] | None = None
) -> tuple[Objection, ...]:
    """Why a cube asks for too many cells, and which dimension to make coarser.

    `dimensions_of` names by measure the dimensions that its table can tell; without it, each is taken to tell all.
    """
    asked = Coarser(definition.dimensions, (0,) * len(definition.dimensions))

    def fits(cube: Coarser) -> bool:
        return cells_of(definition, cube, dimensions_of) <= MOST_CELLS

    if fits(asked):
        return ()
    found = cells_of(definition, asked, dimensions_of)
    reason = f"Cube '{definition.name}' asks for {found} cells, margins included; at most {MOST_CELLS} are counted."
    return (Objection(f"{reason} {_advice(definition, fits)}", SECTION),)


def cells_of(
    definition: CubeDefinition, cube: Coarser, dimensions_of: Mapping[str, Sequence[str]] | None = None
) -> int:
    """How many cells all measures of a cube have, margins and empty ones too."""
    every = [dimension.name for dimension in definition.dimensions]
    told = dimensions_of or {}
    return sum(
        len(measure.places) * math.prod(cube.codes_of(name) for name in told.get(measure.name, every))
        for measure in definition.measures
    )


def rounded(units: int) -> int:
    """A number cut to its two leading figures, those below 100 to their tens."""
    step: int = 10 ** max(1, len(str(abs(units))) - _FIGURES)
    return units // step * step


def _advice(definition: CubeDefinition, passes: Callable[[Coarser], bool]) -> str:
    """The coarser cube that leaves out the fewest dimensions, then touches the fewest, then keeps the most cells."""
    passing = [cube for cube in _coarser(definition.dimensions) if passes(cube)]
    if not passing:
        return (
            "No coarser cube of these dimensions would pass: ask for fewer measures or grid points, or pool more units."
        )
    best = min(passing, key=lambda cube: (cube.left_out, sum(level > 0 for level in cube.levels), -cube.finest_cells))
    return f"It would pass if you {best.told}."


def _coarser(dimensions: tuple[Dimension, ...]) -> Iterator[Coarser]:
    for levels in product(*(range(len(dimension.levels) + 1) for dimension in dimensions)):
        if any(levels):
            yield Coarser(dimensions, levels)
