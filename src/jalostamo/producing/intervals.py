"""Intervals and tests from counts and variances: nothing here knows what was counted.

Newcombe, Statistics in Medicine 17 (1998); Benjamini and Hochberg, JRSS B 57 (1995).

Handbook 2.3 (methods of analysis).
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from statistics import NormalDist
from typing import Final

from jalostamo.producing.results import Estimate

Z95: Final = NormalDist().inv_cdf(0.975)


def wilson(customers: int, base: int) -> Estimate:
    """The share customers / base with Wilson's 95 % interval; an empty base says nothing (0 to 1).

    >>> e = wilson(10, 100)
    >>> round(e.value, 3), round(e.low, 3), round(e.high, 3)
    (0.1, 0.055, 0.174)
    """
    if base == 0:
        return Estimate(0.0, 0.0, 1.0)
    share, z2 = customers / base, Z95**2
    centre = (share + z2 / (2 * base)) / (1 + z2 / base)
    half = Z95 / (1 + z2 / base) * math.sqrt(share * (1 - share) / base + z2 / (4 * base**2))
    # At 0 and at 1 the formula meets the share but for rounding.
    return Estimate(share, min(max(centre - half, 0.0), share), max(min(centre + half, 1.0), share))


def on_logit(share: float, variance: float) -> Estimate:
    """A share with a 95 % interval that is even on the logit scale, so that it stays between 0 and 1."""
    if not 0 < share < 1 or variance <= 0:
        half = Z95 * math.sqrt(max(variance, 0.0))
        return Estimate(share, max(0.0, share - half), min(1.0, share + half))
    centre, half = math.log(share / (1 - share)), Z95 * math.sqrt(variance) / (share * (1 - share))
    return Estimate(share, 1 / (1 + math.exp(half - centre)), 1 / (1 + math.exp(-half - centre)))


def on_log(value: float, variance: float) -> Estimate:
    """A positive rate or ratio with a 95 % interval that is even on the log scale; `variance` is of the value itself."""
    if value <= 0:
        return Estimate(0.0, 0.0, Z95 * math.sqrt(max(variance, 0.0)))
    factor = math.exp(Z95 * math.sqrt(variance) / value)
    return Estimate(value, value / factor, value * factor)


def plain(value: float, variance: float) -> Estimate:
    """A value with an even 95 % interval."""
    half = Z95 * math.sqrt(variance)
    return Estimate(value, value - half, value + half)


def two_sided_p(value: float, variance: float) -> float:
    """The chance of a value at least this far from 0, if it were 0; 1 where there is no variance to judge by."""
    if variance <= 0:
        return 1.0
    return 2 * NormalDist().cdf(-abs(value) / math.sqrt(variance))


def benjamini_hochberg(chances: Sequence[float]) -> tuple[float, ...]:
    """p-values adjusted for the number of them, so that the share of false findings stays below the level.

    >>> benjamini_hochberg([0.01, 0.04, 0.03, 0.5])
    (0.04, 0.05333333333333334, 0.05333333333333334, 0.5)
    """
    order = sorted(range(len(chances)), key=lambda place: chances[place], reverse=True)
    adjusted, smallest = [1.0] * len(chances), 1.0
    for done, place in enumerate(order):
        smallest = min(smallest, chances[place] * len(chances) / (len(chances) - done))
        adjusted[place] = smallest
    return tuple(adjusted)
