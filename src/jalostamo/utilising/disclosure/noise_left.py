"""Noise left: whether a cube's shape leaves its cells enough noise, once all that it prints is added up against itself.

It needs the definition and the public table of the noise, and looks at no data.

Handbook 2.6, phases 5 and 8.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cache
from itertools import product
from typing import Final

import numpy as np
from numpy.typing import NDArray

from jalostamo.concepts.errors import Objection, Refused
from jalostamo.producing.cubes.definition import CubeDefinition, Dimension
from jalostamo.producing.cubes.redundancy import least_left, shapes, share_left
from jalostamo.producing.cubes.sizes import LEAST_MEAN_CELL
from jalostamo.utilising.disclosure.noise import NoiseTable, noise_table, shipped_tables
from jalostamo.utilising.disclosure.rules import Rule

TOWNS: Final = ((LEAST_MEAN_CELL, 3.0), (LEAST_MEAN_CELL, 1e6), (2 * LEAST_MEAN_CELL, 1e6))
"""The towns it is reckoned for, by mean cell and evenness: the thinnest, spread unevenly and by chance alone, and a denser one.

In denser ones small cells are rare, and a rare small cell gains more: 5.5 % where the thinnest gain 4.9 %.
"""

_LARGEST: Final = 60
_POINTS: Final = 41
_SMALL: Final = (1, 2)
_SECTION: Final = "Handbook 2.6, phase 8"

type Reals = NDArray[np.float64]


@dataclass(frozen=True, slots=True, eq=False)
class Option:
    """An option is a way to show a dimension: as asked, at one level alone, or not at all."""

    dimension: Dimension
    levels: tuple[int, ...]

    @property
    def told(self) -> str:
        """What has to be done for it; nothing where it is as asked."""
        if not self.levels:
            return f"leave out '{self.dimension.name}'"
        if len(self.levels) == len(self.dimension.levels):
            return ""
        codes = len(self.dimension.levels[self.levels[0]])
        return f"show '{self.dimension.name}' at its level {self.levels[0] + 1} alone ({codes} codes)"


def refuse_little_left(definition: CubeDefinition, noise: NoiseTable, rule: Rule) -> None:
    """Refuse a cube whose own sums take too much of its noise away."""
    objections = objections_to_shape(definition, noise, rule)
    if objections:
        raise Refused(objections, reason="cube_noise_left")


def objections_to_shape(definition: CubeDefinition, noise: NoiseTable, rule: Rule) -> tuple[Objection, ...]:
    """Why a cube's shape leaves too little noise, and what would leave enough."""
    left = share_left(definition)
    if gained(noise, left) <= rule.most_gained:
        return ()
    ways = ", or ".join(_ways(definition, noise, rule)) or "ask for fewer dimensions and measures"
    sentence = (
        f"Whoever reckons all that cube '{definition.name}' prints against itself takes {1 - left:.0%} of the noise of a small "
        f"cell away, and guesses it right {gained(noise, left):.0%} more often; under rule '{rule.id}' at most "
        f"{rule.most_gained:.0%} is allowed: {ways}."
    )
    return (Objection(sentence, _SECTION),)


def least_share(noise: NoiseTable, rule: Rule) -> float:
    """The smallest share of its noise that has to be left of a table's, to the hundredth."""
    return next(share / 100 for share in range(1, 101) if gained(noise, share / 100) <= rule.most_gained)


@cache
def gained(noise: NoiseTable, left: float) -> float:
    """How much more often a true 1 or 2 is guessed right where but a share of its noise is left.

    What all other cells say of it is taken for a normal number, as a sum of many is; its own for what the table says.
    """
    if left >= 1:
        return 0.0
    own = np.zeros((_LARGEST, _LARGEST + noise.largest + 1))
    for true in range(_LARGEST):
        for printed, chance in noise.distribution(true).items():
            own[true, printed] = chance
    spread = float(np.sqrt(noise.variance * left / (1 - left)))
    return max(_gained(own, spread, _before(mean, evenness)) for mean, evenness in TOWNS)


def _gained(own: Reals, spread: float, before: Reals) -> float:
    """Over what both true counts may print as, and what the others may say: the belief in the true one, less that by reading."""
    counts = np.arange(_LARGEST)
    points, weights = np.polynomial.hermite_e.hermegauss(_POINTS)
    beliefs = before[:, None] * own
    alone = beliefs / np.maximum(beliefs.sum(axis=0), np.finfo(float).tiny)
    found = 0.0
    for true in _SMALL:
        others = np.exp(-(((true + spread * points[:, None] - counts) / spread) ** 2) / 2)
        seen = others[:, true, None] * beliefs[true] / np.maximum(others @ beliefs, np.finfo(float).tiny)
        solved = weights @ seen / weights.sum()
        found += float(before[true] * (own[true] @ (solved - alone[true])))
    return found / float(before[list(_SMALL)].sum())


def _before(mean: float, evenness: float) -> Reals:
    """How likely each count of a cell is in a town."""
    steps = [(n + evenness) / (n + 1) * mean / (mean + evenness) for n in range(_LARGEST - 1)]
    chances = np.cumprod([1.0, *steps])
    return np.asarray(chances / chances.sum())


def _ways(definition: CubeDefinition, noise: NoiseTable, rule: Rule) -> Iterator[str]:
    """What would leave enough: another table of noise, a plainer cube, both, fewer measures and points."""
    tables = sorted((noise_table(named) for named in shipped_tables()), key=lambda table: table.variance)
    stronger = [table for table in tables if table.variance > noise.variance]
    enough = [table for table in stronger if gained(table, share_left(definition)) <= rule.most_gained]
    if enough:
        yield f"name noise table {enough[0].id}"
    plainer = _plainer(definition, least_share(noise, rule))
    if plainer:
        yield plainer
    if stronger and not enough:
        found = _plainer(definition, least_share(stronger[-1], rule))
        if found and found != plainer:
            yield f"name noise table {stronger[-1].id} and {found}"
    if len(definition.measures) > 1:
        single = share_left(replace(definition, measures=definition.measures[:1]))
        if gained(noise, single) <= rule.most_gained:
            yield "ask for fewer measures and grid points that part the same units in two"


def _plainer(definition: CubeDefinition, least: float) -> str:
    """The cube that would pass and leaves out the fewest dimensions, then changes the fewest, then keeps the most cells."""
    options = [_options(dimension) for dimension in definition.dimensions]
    passing = list(product(*options))
    for shape in shapes(definition):
        axes = {each: shape.axis(each.dimension, each.levels) for own in options for each in own}
        passing = [
            chosen for chosen in passing if least_left((*(axes[each] for each in chosen), *shape.further)) >= least
        ]
    best = min(passing, key=_cost, default=())
    return " and ".join(each.told for each in best if each.told)


def _options(dimension: Dimension) -> tuple[Option, ...]:
    every = tuple(range(len(dimension.levels)))
    return tuple(Option(dimension, levels) for levels in dict.fromkeys((every, *((level,) for level in every), ())))


def _cost(chosen: Sequence[Option]) -> tuple[int, int, int]:
    cells = math.prod(len(each.dimension.levels[each.levels[0]]) if each.levels else 1 for each in chosen)
    return sum(not each.levels for each in chosen), sum(bool(each.told) for each in chosen), -cells
