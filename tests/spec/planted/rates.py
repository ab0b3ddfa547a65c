"""Rates and shares of two groups, compared within strata as Mantel and Haenszel did, with 95 % intervals.

Handbook 2.2, step 5.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import exp, log, sqrt
from typing import Final

import polars as pl

Z: Final = 1.959964


@dataclass(frozen=True, slots=True)
class Estimate:
    """A measured value and the 95 % interval of the measurement."""

    value: float
    low: float
    high: float

    def covers(self, value: float) -> bool:
        """Whether the interval holds `value`."""
        return self.low <= value <= self.high


def rate_ratio(strata: pl.DataFrame) -> Estimate:
    """The ratio of two rates: a row is a stratum with `events` and `time` of the group, `events_0`, `time_0` of others."""
    total = pl.col("time") + pl.col("time_0")
    both = pl.col("events") + pl.col("events_0")
    sums = strata.filter(pl.col("time") > 0, pl.col("time_0") > 0).select(
        upper=(pl.col("events") * pl.col("time_0") / total).sum(),
        lower=(pl.col("events_0") * pl.col("time") / total).sum(),
        variance=(both * pl.col("time") * pl.col("time_0") / total**2).sum(),
    )
    upper, lower, variance = sums.row(0)
    if not upper or not lower:
        return Estimate(float("nan"), 0.0, float("inf"))
    return _around(upper / lower, sqrt(variance / (upper * lower)))


def share_ratio(strata: pl.DataFrame) -> Estimate:
    """The ratio of two shares: a row is a stratum with `events` of `time` persons, and `events_0` of `time_0` others."""
    total = pl.col("time") + pl.col("time_0")
    both = pl.col("events") + pl.col("events_0")
    spread = (both * pl.col("time") * pl.col("time_0") - pl.col("events") * pl.col("events_0") * total) / total**2
    upper, lower, variance = strata.select(
        upper=(pl.col("events") * pl.col("time_0") / total).sum(),
        lower=(pl.col("events_0") * pl.col("time") / total).sum(),
        variance=spread.sum(),
    ).row(0)
    return _around(upper / lower, sqrt(variance / (upper * lower)))


def share_difference(events: float, people: float, events_0: float, people_0: float) -> Estimate:
    """The difference of two shares."""
    share, share_0 = events / people, events_0 / people_0
    error = sqrt(share * (1 - share) / people + share_0 * (1 - share_0) / people_0)
    return Estimate(share - share_0, share - share_0 - Z * error, share - share_0 + Z * error)


def ratio_of_counts(after: float, before: float, after_0: float, before_0: float) -> Estimate:
    """How much more a count grew in a group than in the others."""
    return _around(after / before / (after_0 / before_0), sqrt(1 / after + 1 / before + 1 / after_0 + 1 / before_0))


def share(hits: float, of: float) -> Estimate:
    """One share, with the interval of Wilson."""
    value, weight = hits / of, Z**2 / of
    middle = (value + weight / 2) / (1 + weight)
    half = Z * sqrt(value * (1 - value) / of + weight / (4 * of)) / (1 + weight)
    return Estimate(value, middle - half, middle + half)


def _around(ratio: float, error: float) -> Estimate:
    return Estimate(ratio, exp(log(ratio) - Z * error), exp(log(ratio) + Z * error))
