"""Correlation of two ordered dimensions, and association of any two, from a printed two-way table.

The noise of a cell adds to the variance of a correlation, and lifts chi-squared as if there were association: the one is
added, the other taken out. Bergsma, Journal of the Korean Statistical Society 42 (2013); Smithson, Confidence Intervals
(2003).

Handbook 2.3 (methods of analysis) and 2.6, phase 8.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np
from scipy.optimize import brentq
from scipy.special import chdtr, chndtr, gammaln, xlogy

from jalostamo.concepts.errors import Unfit
from jalostamo.producing.intervals import Z95
from jalostamo.producing.results import Estimate
from jalostamo.utilising.disclosure.withheld import Withheld, enough_units

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from jalostamo.utilising.disclosure.noise import NoiseTable
    from jalostamo.utilising.disclosure.rules import Rule

FEWEST_FREE: Final = 10
"""The residual degrees of freedom below which neither measure is shown."""

_TAIL: Final = 0.025
_ONE: Final = 1 - 1e-9

type Table = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class TwoWayTable:
    """A two-way table holds the printed counts of two dimensions, and of all units together by their own key.

    `row_scores` and `column_scores` order the classes and say how far apart they are; 0, 1, 2, ... where not given.
    """

    printed: tuple[tuple[int, ...], ...]
    base: int
    row_scores: tuple[float, ...] = ()
    column_scores: tuple[float, ...] = ()

    def __post_init__(self) -> None:
        widths = {len(row) for row in self.printed}
        if len(self.printed) < 2 or len(widths) != 1 or min(widths) < 2:
            raise Unfit("A two-way table needs two or more classes both ways.", reason="two_way_table")
        wanted = ((self.row_scores, len(self.printed)), (self.column_scores, min(widths)))
        if any(len(scores) not in {0, classes} for scores, classes in wanted):
            raise Unfit("Each class of an ordered dimension needs one score.", reason="two_way_scores")


@dataclass(frozen=True, slots=True)
class Association:
    """An association is a correlation (-1 to 1) or Cramer's V (0 to 1) with its interval, or why it is withheld.

    `free` are the residual degrees of freedom: printed units less what the table's margins fit.
    """

    base: int
    free: int
    estimate: Estimate | None
    withheld: Withheld | None = None


def correlation(table: TwoWayTable, *, noise: NoiseTable | None, rule: Rule) -> Association:
    """The product-moment correlation of the scores of two ordered dimensions."""
    free = table.base - 2
    counts = np.array(table.printed, dtype=np.float64)
    # Cells of few units each may all print next to nothing, whatever their base prints.
    withheld = _withheld(min(table.base, int(counts.sum())), free, rule) or _unvaried(counts)
    if withheld:
        return Association(table.base, free, None, withheld)
    x = _standard(_scores(table.row_scores, counts.shape[0]), counts.sum(axis=1))
    y = _standard(_scores(table.column_scores, counts.shape[1]), counts.sum(axis=0))
    if x is None or y is None:
        return Association(table.base, free, None, Withheld.NO_VARIATION)
    total, products = counts.sum(), np.outer(x, y)
    value = float((counts * products).sum() / total)
    # What one unit more in a cell would do to the correlation: by it both kinds of chance reach the result.
    weight = (products - value * (x[:, None] ** 2 + y[None, :] ** 2) / 2) / total
    variance = float(((counts * total / (total - 3) + _noise(counts, noise)) * weight**2).sum())
    return Association(table.base, free, _on_fisher(value, variance))


def cramers_v(table: TwoWayTable, *, noise: NoiseTable | None, rule: Rule) -> Association:
    """Cramer's V of two dimensions, corrected for what chance and noise alone would give."""
    free = table.base - sum(np.shape(table.printed)) + 1
    counts = np.array(table.printed, dtype=np.float64)
    withheld = _withheld(min(table.base, int(counts.sum())), free, rule) or _unvaried(counts)
    if withheld:
        return Association(table.base, free, None, withheld)
    counts = counts[counts.sum(axis=1) > 0][:, counts.sum(axis=0) > 0]
    total, expected = counts.sum(), _expected(counts)
    degrees = (counts.shape[0] - 1) * (counts.shape[1] - 1)
    found = float(((counts - expected) ** 2 / expected).sum())
    # How many times larger than without noise chi-squared is where there is no association at all.
    free_share = degrees / counts.size
    inflated = 1 + float((_noise(counts, noise) / expected).sum()) * free_share / degrees
    most = total * (min(counts.shape) - 1)
    low, high = _noncentral(found / inflated, degrees)
    limits = (math.sqrt(min(max(bound * inflated, 0.0) / most, 1.0)) for bound in (low, high))
    value = math.sqrt(min(max(found - inflated * degrees, 0.0) / most, 1.0))
    least, greatest = limits
    return Association(table.base, free, Estimate(value, min(least, value), max(greatest, value)))


def _withheld(base: int, free: int, rule: Rule) -> Withheld | None:
    if not enough_units(base, rule):
        return Withheld.FEW_UNITS
    return Withheld.FEW_FREE if free < FEWEST_FREE else None


def _unvaried(counts: Table) -> Withheld | None:
    """Whether all that is printed stands in one row or one column."""
    classes = min(int((counts.sum(axis=axis) > 0).sum()) for axis in (0, 1))
    return Withheld.NO_VARIATION if classes < 2 else None


def _scores(given: Sequence[float], classes: int) -> NDArray[np.float64]:
    return np.array(given or range(classes), dtype=np.float64)


def _standard(scores: NDArray[np.float64], counts: NDArray[np.float64]) -> NDArray[np.float64] | None:
    centred = scores - np.average(scores, weights=counts)
    spread = math.sqrt(float(np.average(centred**2, weights=counts)))
    return centred / spread if spread > 0 else None


def _expected(counts: Table) -> Table:
    return np.outer(counts.sum(axis=1), counts.sum(axis=0)) / counts.sum()


def _noise(counts: Table, noise: NoiseTable | None) -> Table:
    """The variance that the noise gives each cell, on average over what the cell may truly hold.

    What it may hold is judged half by what was printed, half by its row and column: a printed 0 is rarely an empty cell
    where both are full.
    """
    if noise is None:
        return np.zeros(counts.shape)
    steady = noise.largest + noise.never + 1
    means = (counts + _expected(counts)) / 2
    variances = np.array([noise.variance_of(n) for n in range(steady + 1)])
    # Those of a Poisson's numbers.
    numbers = np.arange(steady)[:, None, None]
    chances = np.exp(xlogy(numbers, means[None]) - means[None] - gammaln(numbers + 1))
    found: Table = np.tensordot(variances[:-1], chances, 1) + variances[-1] * (1 - chances.sum(axis=0))
    return found


def _on_fisher(value: float, variance: float) -> Estimate:
    """A correlation with an interval that is even after Fisher's transformation, so that it stays between -1 and 1."""
    inner = min(max(value, -_ONE), _ONE)
    centre, half = math.atanh(inner), Z95 * math.sqrt(variance) / (1 - inner**2)
    low, high = math.tanh(centre - half), math.tanh(centre + half)
    value = min(max(value, -1.0), 1.0)
    return Estimate(value, min(low, value), max(high, value))


def _noncentral(found: float, degrees: int) -> tuple[float, float]:
    """The non-centralities under which a chi-squared would lie just at the edge of what 95 of 100 cases give."""

    def bound(share: float) -> float:
        if chdtr(degrees, found) <= share:
            return 0.0
        most = found + 10 * math.sqrt(found) + 50
        return float(brentq(lambda away: chndtr(found, degrees, away) - share, 1e-9, most))

    return bound(1 - _TAIL), bound(_TAIL)
