"""What a printed count says about the share or rate behind it: 95 % limits that know the noise.

Without noise the mid-p limits of a binomial share are quantiles of the mean of two beta distributions (Berry and
Armitage, The Statistician 44, 1995). With noise they are quantiles of a mixture of such distributions, each true
numerator and each true base weighed by the noise table: exact, and used while the numerator, or what is missing from
the base, is small. Above that the variance of the noise is added in the score interval of Wilson (JASA 22, 1927), in
numerator and base as Fieller did for ratios; both then differ by less than a fiftieth of the interval.

Handbook 2.3 (nothing of a single person is told).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from statistics import NormalDist
from typing import Final

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import elementwise
from scipy.special import betainc, gammainc

from jalostamo.concepts.errors import Unfit
from jalostamo.producing.intervals import Z95
from jalostamo.utilising.disclosure.noise import NoiseTable, last_row

LARGE: Final = 50
"""From this printed numerator on, both ways of the share, a variance says what the table would."""

Counts = NDArray[np.int64]
Reals = NDArray[np.float64]
_TINY: Final = 1e-300
_PRECISION: Final = {"xatol": 1e-9, "xrtol": 1e-9}


def share_limits(printed: Counts, base: Counts, *, noise: NoiseTable | None, z: float = Z95) -> tuple[Reals, Reals]:
    """Limits of the share behind each printed numerator and base; `z` is 1.96 for 95 %."""
    pairs, place = np.unique(np.stack([printed, base]), axis=1, return_inverse=True)
    numerators, bases = (np.asarray(row, dtype=np.int64) for row in pairs)
    large = np.minimum(numerators, bases - numerators) >= LARGE
    low, high = np.zeros(large.shape), np.ones(large.shape)
    low[large], high[large] = _share_by_variance(numerators[large], bases[large], steady_variance(noise), z)
    if not large.all():
        low[~large], high[~large] = _share_by_table(numerators[~large], bases[~large], noise, z)
    return low[place.ravel()], high[place.ravel()]


def rate_limits(printed: Counts, *, noise: NoiseTable | None, z: float = Z95) -> tuple[Reals, Reals]:
    """Limits of the number expected behind each printed numerator, where it was counted over an exposure that is known."""
    numerators, place = np.unique(printed, return_inverse=True)
    large = numerators >= LARGE
    low, high = np.zeros(large.shape), np.zeros(large.shape)
    low[large], high[large] = _rate_by_variance(numerators[large], steady_variance(noise), z)
    if not large.all():
        low[~large], high[~large] = _rate_by_table(numerators[~large], noise, z)
    return low[place.ravel()], high[place.ravel()]


@lru_cache(maxsize=64)
def steady_variance(noise: NoiseTable | None) -> float:
    """The variance of the noise of every count but the smallest; 0 where there is no noise."""
    return 0.0 if noise is None else noise.variance_of(last_row(noise.largest, noise.never))


def _share_by_variance(printed: Counts, base: Counts, variance: float, z: float) -> tuple[Reals, Reals]:
    """The shares p with (printed - p base)² = z² (base p (1 - p) + variance + p² variance)."""
    squared = z**2
    a = base.astype(float) ** 2 + squared * (base - variance)
    b = 2.0 * printed * base + squared * base
    c = printed.astype(float) ** 2 - squared * variance
    root = np.sqrt(np.maximum(b**2 - 4 * a * c, 0.0))
    return np.clip((b - root) / (2 * a), 0.0, 1.0), np.clip((b + root) / (2 * a), 0.0, 1.0)


def _rate_by_variance(printed: Counts, variance: float, z: float) -> tuple[Reals, Reals]:
    """The numbers expected m with (printed - m)² = z² (m + variance)."""
    half = printed + z**2 / 2
    root = z * np.sqrt(printed + z**2 / 4 + variance)
    return np.maximum(half - root, 0.0), half + root


@dataclass(frozen=True, slots=True)
class _Mixture:
    """For each printed count a row: true counts that may stand behind it, and what each weighs.

    P(printed less) + P(printed the same) / 2, as a sum of the probabilities of at most x: x = -1 weighs what is certain.
    """

    counts: Reals
    weights: Reals


def _share_by_table(printed: Counts, base: Counts, noise: NoiseTable | None, z: float) -> tuple[Reals, Reals]:
    numerators, bases = _numerators(printed, noise), _bases(base, noise)
    x, n = numerators.counts[:, :, None], bases.counts[:, None, :]
    weights = numerators.weights[:, :, None] * bases.weights[:, None, :] * (x < n)
    above, below = np.maximum(x + 1.0, _TINY), np.maximum(n - x, _TINY)

    def confidence(share: Reals, row: Counts) -> Reals:
        here = share[..., None, None]
        parts = np.where(x[row] < 0, 1.0, betainc(above[row], below[row], here))
        return np.asarray((weights[row] * parts).sum((-1, -2)), dtype=np.float64)

    return _quantiles(confidence, most=np.ones(len(printed)), z=z)


def _rate_by_table(printed: Counts, noise: NoiseTable | None, z: float) -> tuple[Reals, Reals]:
    numerators = _numerators(printed, noise)
    x, weights = numerators.counts, numerators.weights
    above = np.maximum(x + 1.0, _TINY)

    def confidence(expected: Reals, row: Counts) -> Reals:
        parts = np.where(x[row] < 0, 1.0, gammainc(above[row], expected[..., None]))
        return np.asarray((weights[row] * parts).sum(-1), dtype=np.float64)

    most = x.max(1) + 2 * z * np.sqrt(x.max(1) + 1) + 2 * z**2
    return _quantiles(confidence, most=most, z=z)


def _quantiles(confidence: Callable[[Reals, Counts], Reals], *, most: Reals, z: float) -> tuple[Reals, Reals]:
    """Where the confidence that the truth lies below reaches the lower and the upper level."""
    beyond = NormalDist().cdf(-z)
    rows = np.tile(np.arange(len(most)), 2)
    levels, ends = np.repeat([beyond, 1 - beyond], len(most)), np.tile(most, 2)
    at_none, at_most = confidence(np.zeros(len(rows)), rows), confidence(ends, rows)
    inside = (at_none < levels) & (levels < at_most)
    found = np.where(at_none >= levels, 0.0, ends)
    if inside.any():
        solved = elementwise.find_root(
            lambda x, row, level: confidence(x, row) - level,
            (np.zeros(inside.sum()), ends[inside]),
            args=(rows[inside], levels[inside]),
            tolerances=_PRECISION,
        )
        found[inside] = solved.x
    return found[: len(most)], found[len(most) :]


def _numerators(printed: Counts, noise: NoiseTable | None) -> _Mixture:
    rows = [_numerator(int(count), noise) for count in printed]
    return _Mixture(*(np.array([row[part] for row in rows], dtype=np.float64) for part in (0, 1)))


@lru_cache(maxsize=4096)
def _numerator(printed: int, noise: NoiseTable | None) -> tuple[tuple[int, ...], tuple[float, ...]]:
    reach = 0 if noise is None else noise.largest
    counts = tuple(range(printed - reach - 1, printed + reach + 1))
    passed = [_chance_of_at_most(printed, true, noise) for true in (*counts, counts[-1] + 1)]
    return counts, tuple(here - after for here, after in zip(passed[:-1], passed[1:], strict=True))


def _chance_of_at_most(printed: int, true: int, noise: NoiseTable | None) -> float:
    """That a true count is printed as less than this, and half of that it is printed as this."""
    if true < 0:
        return 1.0
    if noise is None:
        return 0.5 * (true < printed) + 0.5 * (true <= printed)
    chances = noise.distribution(true)
    return sum(p for value, p in chances.items() if value < printed) + 0.5 * chances.get(printed, 0.0)


def _bases(printed: Counts, noise: NoiseTable | None) -> _Mixture:
    rows = [_base(int(count), noise) for count in printed]
    longest = max(len(counts) for counts, _ in rows)
    filled = [[(*part, *(0,) * (longest - len(part))) for part in row] for row in rows]
    return _Mixture(*(np.array([row[part] for row in filled], dtype=np.float64) for part in (0, 1)))


@lru_cache(maxsize=4096)
def _base(printed: int, noise: NoiseTable | None) -> tuple[tuple[int, ...], tuple[float, ...]]:
    likely = {printed: 1.0} if noise is None else noise.likelihood(printed)
    whole = sum(likely.values())
    if whole <= 0:
        raise Unfit(f"{printed} is not a count that this noise table prints.", reason="not_printed")
    return tuple(likely), tuple(chance / whole for chance in likely.values())
