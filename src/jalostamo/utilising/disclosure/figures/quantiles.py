"""Medians and other quantiles, read from printed cumulative counts at the points of a declared grid.

The interval turns a test round: it holds the points at which the share below could be the one asked for, by chance in
who was there (binomial) and by the noise. Woodruff, JASA 47 (1952).

Handbook 2.6, phase 8.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np
from scipy.special import gammaln, xlog1py, xlogy

from jalostamo.concepts.errors import Unfit
from jalostamo.producing.intervals import Z95
from jalostamo.producing.results import Estimate
from jalostamo.utilising.disclosure.figures.refitting import monotone, printed_chances
from jalostamo.utilising.disclosure.withheld import Withheld, enough_units

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from jalostamo.utilising.disclosure.noise import NoiseTable
    from jalostamo.utilising.disclosure.rules import Rule

EXACT_UP_TO: Final = 300
"""Printed bases up to here are judged by the exact distribution of the printed count, larger ones by its variance."""

_TAIL: Final = 0.025


@dataclass(frozen=True, slots=True)
class Quantile:
    """A quantile is the value that `share` of the units do not pass, rounded to `step`; or why it is withheld.

    Where the interval runs past the grid it ends at the grid's end, and `open_low` or `open_high` says so.
    """

    share: float
    base: int
    step: float
    estimate: Estimate | None
    withheld: Withheld | None = None
    open_low: bool = False
    open_high: bool = False


@dataclass(frozen=True, slots=True)
class CumulativeCounts:
    """Cumulative counts are what was printed at each point of a grid, and for all units that have a value."""

    grid: tuple[float, ...]
    printed: tuple[int, ...]
    base: int

    def __post_init__(self) -> None:
        if len(self.grid) < 2 or len(self.grid) != len(self.printed):
            raise Unfit("Quantiles need one printed count at each of two or more grid points.", reason="quantile_grid")
        if any(after <= before for before, after in zip(self.grid, self.grid[1:], strict=False)):
            raise Unfit("The points of a grid must rise.", reason="quantile_grid")

    @property
    def step(self) -> float:
        """The smallest distance between two points of the grid."""
        return min(after - before for before, after in zip(self.grid, self.grid[1:], strict=False))


def median(counts: CumulativeCounts, *, noise: NoiseTable | None, rule: Rule) -> Quantile:
    """The median from printed cumulative counts."""
    return quantile(counts, 0.5, noise=noise, rule=rule)


def quantile(counts: CumulativeCounts, share: float, *, noise: NoiseTable | None, rule: Rule) -> Quantile:
    """The value that a share of the units do not pass, interpolated and rounded to the grid's step, with its interval."""
    if not 0 < share < 1:
        raise Unfit("A quantile is asked for by a share between 0 and 1.", reason="quantile_share")
    base, step = counts.base, counts.step
    if not enough_units(base, rule):
        return Quantile(share, base, step, None, Withheld.FEW_UNITS)
    fitted = monotone(np.array(counts.printed, dtype=np.int64), noise, at_most=base)
    target = share * base
    if target < fitted[0] or target > fitted[-1]:
        reason = Withheld.BELOW_GRID if target < fitted[0] else Withheld.ABOVE_GRID
        return Quantile(share, base, step, None, reason)
    low, high = _accepted(base, share, noise)
    grid = np.array(counts.grid)
    return Quantile(
        share,
        base,
        step,
        _on_step(_crossing(grid, fitted, target), (_first(grid, fitted, low), _last(grid, fitted, high)), step),
        open_low=bool(low < fitted[0]),
        open_high=bool(high > fitted[-1]),
    )


def _accepted(base: int, share: float, noise: NoiseTable | None) -> tuple[float, float]:
    """Between which printed counts a point lies at which exactly this share is below, in 95 of 100 cases."""
    if base > EXACT_UP_TO:
        variance = noise.variance_of(base) if noise else 0.0
        spread = Z95 * math.sqrt(base * share * (1 - share) + (1 + share**2) * variance)
        return base * share - spread, base * share + spread
    whole = noise.likelihood(base) if noise else {base: 1.0}
    total = sum(whole.values())
    counts = np.arange(max(whole) + 1)
    below = sum((chance / total * _binomial(counts, n, share) for n, chance in whole.items()), np.zeros(len(counts)))
    chances = printed_chances(below, noise)
    # Half of a number's own chance on either side of it: exact tails of whole numbers would cover too often.
    middle = np.cumsum(chances) - chances / 2
    kept = chances > 0
    places = np.arange(len(chances))[kept]
    return float(np.interp(_TAIL, middle[kept], places)), float(np.interp(1 - _TAIL, middle[kept], places))


def _binomial(counts: NDArray[np.int64], n: int, share: float) -> NDArray[np.float64]:
    """The chance of each count among n; none of more than n."""
    within = np.minimum(counts, n)
    ways = gammaln(n + 1) - gammaln(within + 1) - gammaln(n - within + 1)
    chances = np.exp(ways + xlogy(within, share) + xlog1py(n - within, -share))
    return np.where(counts <= n, chances, 0.0)


def _first(grid: NDArray[np.float64], fitted: NDArray[np.float64], target: float) -> float:
    """Where the refitted counts first reach a number."""
    place = int(np.searchsorted(fitted, target, side="left"))
    if place == 0:
        return float(grid[0])
    return float(grid[-1]) if place == len(grid) else _between(grid, fitted, target, place)


def _last(grid: NDArray[np.float64], fitted: NDArray[np.float64], target: float) -> float:
    """Where the refitted counts last are no more than a number."""
    place = int(np.searchsorted(fitted, target, side="right"))
    if place == len(grid):
        return float(grid[-1])
    return float(grid[0]) if place == 0 else _between(grid, fitted, target, place)


def _between(grid: NDArray[np.float64], fitted: NDArray[np.float64], target: float, place: int) -> float:
    part = (target - fitted[place - 1]) / (fitted[place] - fitted[place - 1])
    return float(grid[place - 1] + part * (grid[place] - grid[place - 1]))


def _crossing(grid: NDArray[np.float64], fitted: NDArray[np.float64], target: float) -> float:
    """Where the refitted counts pass a number: the middle of a level stretch."""
    return (_first(grid, fitted, target) + _last(grid, fitted, target)) / 2


def _on_step(value: float, interval: tuple[float, float], step: float) -> Estimate:
    """A value on the grid's step within its interval, whose ends stay where they are: rounded, they would cover by luck."""
    shown = step * round(value / step)
    return Estimate(shown, min(interval[0], shown), max(interval[1], shown))
