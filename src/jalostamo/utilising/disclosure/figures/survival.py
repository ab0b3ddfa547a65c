"""Survival curves from printed numbers at risk and ended: refitted monotone, cut where few are left, with bands.

Times are those of the grid: at risk are the units whose time is at least the grid's, ended those with the event by then
(so the grid must have every time that occurs, up to its last: of others who ended it would not be known that they were at
risk). Greenwood (1926); Brookmeyer and Crowley,
Biometrics 38 (1982).

Handbook 2.6, phase 8.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np
from scipy.optimize import isotonic_regression

from jalostamo.concepts.errors import Unfit
from jalostamo.producing.intervals import Z95
from jalostamo.producing.results import Estimate
from jalostamo.utilising.disclosure.figures.likelihood import rate_limits
from jalostamo.utilising.disclosure.figures.refitting import monotone, noise_variances
from jalostamo.utilising.disclosure.withheld import Withheld, fewest_units

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from jalostamo.utilising.disclosure.noise import NoiseTable
    from jalostamo.utilising.disclosure.rules import Rule

FEW_ENDED: Final = 15
"""Up to so many printed ends the limits are the exact ones of the printed count; above, those of a variance."""

_ALL_GONE: Final = 1e-12
_WIDEST: Final = 50.0


@dataclass(frozen=True, slots=True)
class SurvivalCounts:
    """Survival counts are what was printed at each time of a grid: units at risk, and units that ended by then."""

    times: tuple[float, ...]
    at_risk: tuple[int, ...]
    ended: tuple[int, ...]

    def __post_init__(self) -> None:
        if not self.times or not len(self.times) == len(self.at_risk) == len(self.ended):
            raise Unfit("A survival curve needs two printed counts at each time.", reason="survival_times")
        if any(after <= before for before, after in zip(self.times, self.times[1:], strict=False)):
            raise Unfit("The times of a survival curve must rise.", reason="survival_times")


@dataclass(frozen=True, slots=True)
class SurvivalPoint:
    """A point is the share that has not ended by a time, with its band; the counts beside it are as printed."""

    time: float
    at_risk: int
    ended: int
    staying: Estimate


@dataclass(frozen=True, slots=True)
class Survival:
    """A survival curve as far as it may be shown, the median time where it is reached, and why not more.

    From `cut_at` on nothing is shown: fewer printed units are at risk than the rule asks for. `median_open` says that the
    interval of the median runs on past the last time shown, at which it is written to end.
    """

    points: tuple[SurvivalPoint, ...]
    cut_at: float | None
    median: Estimate | None
    median_open: bool = False
    withheld: Withheld | None = None


@dataclass(frozen=True, slots=True)
class _Fitted:
    hazard: NDArray[np.float64]
    as_printed: NDArray[np.float64]
    variance: NDArray[np.float64]
    noisy_risk: NDArray[np.float64]
    per_end: NDArray[np.float64]


def survival(counts: SurvivalCounts, *, noise: NoiseTable | None, rule: Rule) -> Survival:
    """The survival curve of printed counts, cut at the first time at which too few are at risk."""
    shown = _shown(counts, rule)
    cut_at = counts.times[shown] if shown < len(counts.times) else None
    if not shown:
        return Survival((), cut_at, None, withheld=Withheld.FEW_UNITS)
    at_risk, ended = (np.array(column[:shown], dtype=np.int64) for column in (counts.at_risk, counts.ended))
    bands = _bands(_fitted(at_risk, ended, noise), ended, noise)
    rows = zip(counts.times, counts.at_risk, counts.ended, bands, strict=False)
    points = tuple(SurvivalPoint(*row) for row in rows)
    median, is_open = _median(points)
    return Survival(points, cut_at, median, is_open, None if median else Withheld.NOT_REACHED)


def _shown(counts: SurvivalCounts, rule: Rule) -> int:
    few = [place for place, at_risk in enumerate(counts.at_risk) if at_risk < fewest_units(rule)]
    return few[0] if few else len(counts.times)


def _fitted(at_risk: NDArray[np.int64], ended: NDArray[np.int64], noise: NoiseTable | None) -> _Fitted:
    """The cumulated hazard of the product-limit curve from printed counts, and how far each kind of chance may move it.

    Those at risk stay as printed: they only divide, and a refit would pull the last and smallest of them down.
    """
    doubt = noise_variances(ended, noise)
    steps = np.clip(np.diff(ended, prepend=0), 0, at_risk)
    left = np.maximum(at_risk - steps, _ALL_GONE)
    # A logarithm of something noisy is too large by half its relative variance (0.06 of 0.56 in a cohort of 40).
    bent = np.where(steps < at_risk, (doubt + np.append(0.0, doubt[:-1])) / (2 * left**2), 0.0)
    as_printed = np.cumsum(-np.log(np.maximum(1 - np.diff(ended, prepend=0) / at_risk, _ALL_GONE)) - bent)
    sampled = np.cumsum(steps / (at_risk * left))
    # An end counted at an earlier time is in two steps: with one sign in its own, with the other in the next.
    moved = (1 / left - np.append(1 / left[1:], 0.0)) ** 2 * doubt
    noisy_ends = np.concatenate([[0.0], np.cumsum(moved)[:-1]]) + doubt / left**2
    noisy_risk = np.cumsum((steps / (at_risk * left)) ** 2 * noise_variances(at_risk, noise))
    variance = sampled + noisy_ends
    weights = 1 / np.maximum(variance + noisy_risk, _ALL_GONE)
    hazard = np.maximum(isotonic_regression(as_printed, weights=weights).x, 0.0)
    ended_by = monotone(ended, noise)
    per_end = np.where(ended_by >= 1, hazard / np.maximum(ended_by, 1), 1 / at_risk)
    return _Fitted(hazard, as_printed, variance, noisy_risk, np.maximum(per_end, 1 / at_risk[0]))


def _bands(fitted: _Fitted, ended: NDArray[np.int64], noise: NoiseTable | None) -> list[Estimate]:
    """Limits on the log scale of the cumulated hazard: from the exact ones of a small count of ends, or by variances."""
    low, high = (limits * fitted.per_end for limits in rate_limits(ended, noise=noise))
    few = ended <= FEW_ENDED
    # A refit pulls its last counts up: the interval keeps to the printed ones, the curve within it.
    hazard = np.maximum(np.where(few, fitted.hazard, fitted.as_printed), _ALL_GONE)
    own = Z95**2 * np.where(few, fitted.noisy_risk, fitted.noisy_risk + fitted.variance) / hazard**2
    down = np.where(few, np.log(np.maximum(hazard / np.maximum(low, _ALL_GONE), 1.0)), 0.0)
    up = np.where(few, np.log(np.maximum(high / hazard, 1.0)), 0.0)
    down, up = (np.minimum(np.sqrt(limit**2 + own), _WIDEST) for limit in (down, up))
    least, most = hazard * np.exp(-down), hazard * np.exp(up)
    staying = np.exp(-fitted.hazard)
    rows = zip(staying, np.minimum(np.exp(-most), staying), np.maximum(np.exp(-least), staying), strict=True)
    return [Estimate(*(float(value) for value in row)) for row in rows]


def _median(points: tuple[SurvivalPoint, ...]) -> tuple[Estimate | None, bool]:
    def reached(bounds: list[float]) -> float | None:
        return next((point.time for point, bound in zip(points, bounds, strict=True) if bound <= 0.5), None)

    value = reached([point.staying.value for point in points])
    if value is None:
        return None, False
    low, high = (reached([getattr(point.staying, end) for point in points]) for end in ("low", "high"))
    return Estimate(value, value if low is None else low, points[-1].time if high is None else high), high is None
