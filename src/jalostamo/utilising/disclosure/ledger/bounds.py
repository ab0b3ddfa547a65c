"""Bounds of true counts: what anyone can reckon of them from printed counts, exact figures and the lines of a table.

A margin is the sum of its parts where each unit is in one part; elsewhere it lies between the largest part and the sum.

Handbook 2.6, phase 8.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from jalostamo.producing.cubes.counted import TOTAL
from jalostamo.producing.cubes.definition import Dimension
from jalostamo.utilising.disclosure.noise import NoiseTable

UNBOUNDED: Final = 2**40
"""More units than there are anywhere; sums of it still fit."""

_MOST_ROUNDS: Final = 200
_MOST_SOLVED: Final = 400
"""Unknown counts up to which the lines are solved as equations too; beyond it only bounds are tightened."""

_TINY: Final = 1e-9


@dataclass(frozen=True, slots=True)
class Line:
    """A line is a margin and its parts, as places along one axis; `apart` where each unit is in one part."""

    axis: int
    margin: int
    parts: tuple[int, ...]
    apart: bool


@dataclass(slots=True, eq=False)
class Bounds:
    """The least and the most that each true count of a block of cells can be; one axis per dimension."""

    low: NDArray[np.int64]
    high: NDArray[np.int64]

    @property
    def contradict(self) -> bool:
        """Whether no counts at all satisfy them."""
        return bool(np.any(self.low > self.high))

    @property
    def exact(self) -> NDArray[np.bool_]:
        """Where only one count is left."""
        exact: NDArray[np.bool_] = self.low == self.high
        return exact

    def small(self, never: int) -> NDArray[np.bool_]:
        """Where the count is known to be one of those that are never printed."""
        return (self.low >= 1) & (self.high <= never)

    def copy(self) -> Bounds:
        """The same bounds, to tighten apart."""
        return Bounds(self.low.copy(), self.high.copy())


def bounds_of(printed: NDArray[np.int64], noise: NoiseTable) -> Bounds:
    """What each printed count tells alone: the true counts that can print so; -1 stands for an impossible cell."""
    found, places = np.unique(printed, return_inverse=True)
    spans = [(0, 0) if count < 0 else _span(noise.likelihood(int(count))) for count in found]
    both = np.array(spans, dtype=np.int64).reshape(-1, 2)[places.reshape(printed.shape)]
    return Bounds(both[..., 0].copy(), both[..., 1].copy())


def lines_of(dimensions: Sequence[Dimension], words: Sequence[Sequence[str]], apart: Collection[str]) -> list[Line]:
    """The lines of a block whose axes have these words."""
    lines = []
    for axis, (dimension, known) in enumerate(zip(dimensions, words, strict=True)):
        place = {word: at for at, word in enumerate(known)}
        for margin, parts in _parts(dimension).items():
            if margin in place and all(part in place for part in parts):
                found = tuple(place[part] for part in parts)
                lines.append(Line(axis, place[margin], found, dimension.name in apart))
    return lines


def tighten(bounds: Bounds, lines: Sequence[Line]) -> None:
    """Draw bounds together along all lines until nothing moves, with equations where there are few unknowns."""
    _draw(bounds, lines)
    while not bounds.contradict and _solve(bounds, lines):
        _draw(bounds, lines)


def _span(likelihood: Mapping[int, float]) -> tuple[int, int]:
    return min(likelihood, default=1), max(likelihood, default=0)


def _parts(dimension: Dimension) -> dict[str, list[str]]:
    """The parts of the total, and of each code that has finer ones below it."""
    parts: dict[str, list[str]] = {}
    for level, codes in enumerate(dimension.levels):
        for code in codes:
            last = level + 1 == len(dimension.levels)
            margin = TOTAL if last else dimension.at(code, level + 1)
            if margin is not None and margin != code:
                parts.setdefault(margin, []).append(code)
    return parts


def _draw(bounds: Bounds, lines: Sequence[Line]) -> None:
    for _ in range(_MOST_ROUNDS):
        before = bounds.low.sum(), bounds.high.sum()
        for line in lines:
            _along(bounds, line)
        if bounds.contradict or before == (bounds.low.sum(), bounds.high.sum()):
            return


def _along(bounds: Bounds, line: Line) -> None:
    low, high = np.moveaxis(bounds.low, line.axis, 0), np.moveaxis(bounds.high, line.axis, 0)
    parts = list(line.parts)
    lows, highs = low[parts], high[parts]
    least = lows.sum(axis=0) if line.apart else lows.max(axis=0)
    low[line.margin] = np.maximum(low[line.margin], least)
    high[line.margin] = np.minimum(high[line.margin], highs.sum(axis=0))
    most = high[line.margin] - (lows.sum(axis=0) - lows if line.apart else 0)
    high[parts] = np.minimum(highs, most)
    low[parts] = np.maximum(lows, low[line.margin] - (highs.sum(axis=0) - highs))


def _solve(bounds: Bounds, lines: Sequence[Line]) -> bool:
    """Find the counts that the equations alone determine; whether there were any."""
    unknown = np.flatnonzero(~bounds.exact.ravel())
    if not 0 < len(unknown) <= _MOST_SOLVED:
        return False
    column = np.full(bounds.low.size, -1)
    column[unknown] = np.arange(len(unknown))
    sides, totals = _equations(bounds, lines, column, len(unknown))
    if not len(sides):
        return False
    _, sizes, directions = np.linalg.svd(sides, full_matrices=True)
    free = directions[int(np.sum(sizes > _TINY * max(sides.shape))) :]
    fixed = np.flatnonzero(np.abs(free).max(axis=0, initial=0.0) < _TINY * len(unknown))
    values = np.rint(np.linalg.lstsq(sides, totals, rcond=None)[0][fixed]).astype(np.int64)
    bounds.low.flat[unknown[fixed]] = values
    bounds.high.flat[unknown[fixed]] = values
    return len(fixed) > 0


def _equations(
    bounds: Bounds, lines: Sequence[Line], column: NDArray[np.int64], unknowns: int
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    sides, totals = [], []
    for cells, signs in _sums(bounds.low.shape, lines):
        side = np.zeros(unknowns)
        open_ones = column[cells] >= 0
        if open_ones.any():
            side[column[cells[open_ones]]] = signs[open_ones]
            sides.append(side)
            totals.append(-float(signs[~open_ones] @ bounds.low.ravel()[cells[~open_ones]]))
    return np.array(sides).reshape(-1, unknowns), np.array(totals)


def _sums(shape: tuple[int, ...], lines: Sequence[Line]) -> Iterator[tuple[NDArray[np.int64], NDArray[np.float64]]]:
    """The cells of each line whose parts are apart, and their signs: parts less margin is nothing."""
    places = np.arange(int(np.prod(shape, dtype=np.int64))).reshape(shape)
    for line in lines:
        if line.apart:
            along = np.moveaxis(places, line.axis, 0)[[line.margin, *line.parts]]
            signs = np.array([-1.0] + [1.0] * len(line.parts))
            for cells in along.reshape(len(signs), -1).T:
                yield cells, signs
