"""The rhythm of life in a town: on which days services are used, and how unevenly people use them.

Handbook 2.2 (service events).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np

from jalostamo.city.days import Days, Shares, Whole, day_and_month_of, first_of, holidays_of, last_of, weekday_of
from jalostamo.city.town import Town

OPEN_ON_WEEKDAYS: Final = (1.15, 1.05, 1.0, 1.0, 0.85, 0.03, 0.02)
"""How busy the days of a week are, from Monday, where almost nothing is open at weekends."""

WORKING_DAYS: Final = (1.15, 1.05, 1.0, 1.0, 0.85, 0.0, 0.0)
"""How busy the days of a week are where everything is closed at weekends."""

_ON_A_HOLIDAY: Final = 0.02
_STEPS: Final = 4000


@dataclass(frozen=True, slots=True, repr=False)
class Rhythm:
    """A rhythm tells how likely each day of one year is: `reached` is the sum of weights before each day, and of all."""

    first: int
    reached: Shares

    def part(self, first: Days, days: Whole) -> Shares:
        """Which part of the year's weight lies on the `days` that begin with `first`."""
        start = first - self.first
        return np.asarray((self.reached[start + days] - self.reached[start]) / self.reached[-1])

    def days(self, chance: np.random.Generator, first: Days, days: Whole) -> Days:
        """A day for each, among the `days` that begin with `first`, as likely as its weight."""
        start = first - self.first
        low, high = self.reached[start], self.reached[start + days]
        drawn = low + chance.random(len(first)) * (high - low)
        place = np.searchsorted(self.reached, drawn, side="right") - 1
        return np.asarray(self.first + np.clip(place, start, start + days - 1))


def rhythm_of(
    year: int,
    months: Sequence[float],
    weekdays: Sequence[float] = OPEN_ON_WEEKDAYS,
    *,
    closed: Days | None = None,
    on_holidays: float = _ON_A_HOLIDAY,
) -> Rhythm:
    """The rhythm of a year from weights of its twelve months and of the days of a week, less the days `closed`."""
    days = np.arange(first_of(year), last_of(year) + 1)
    _, month = day_and_month_of(days)
    weight = np.asarray(months)[month - 1] * np.asarray(weekdays)[weekday_of(days)]
    weight[holidays_of(year) - first_of(year)] *= on_holidays
    if closed is not None:
        weight[np.isin(days, closed)] = 0.0
    return Rhythm(first_of(year), np.concatenate([[0.0], np.cumsum(weight)]))


def uneven(traits: Shares, shape: float) -> Shares:
    """Personal rates of mean 1 from lasting traits: gamma-distributed, the more uneven the smaller the shape."""
    # For a shape below 1 the density has no bound at zero: the steps are the finer the nearer they are.
    ends = (30.0 + 8.0 * shape) * np.linspace(0.0, 1.0, _STEPS + 1) ** (1.0 / min(shape, 1.0))
    middle = (ends[1:] + ends[:-1]) / 2
    weight = middle ** (shape - 1.0) * np.exp(-middle) * np.diff(ends)
    reached = np.concatenate([[0.0], np.cumsum(weight) / weight.sum()])
    mean = float((middle * weight).sum() / weight.sum())
    rates: Shares = np.interp(traits, reached, ends) / mean
    return rates


def lasting_rate(town: Town, purpose: str, *, share: float) -> Shares:
    """Everyone's own multiple of the mean, the same in every year: 0 for all but a share, and 1 on average."""
    trait = town.traits(purpose) / share
    return np.where(trait < 1.0, -np.log1p(-np.minimum(trait, 1.0 - 1e-9)) / share, 0.0)


def by_age(ages: Whole, bounds: Sequence[int], values: Sequence[float]) -> Shares:
    """The value of each age: that of the last bound which it has reached."""
    return np.asarray(values)[np.searchsorted(np.asarray(bounds), ages, side="right") - 1]


def happening(chance: np.random.Generator, rates: Shares) -> Whole:
    """How often something happens to each, as the places of those to whom it does, in ascending order."""
    return np.repeat(np.arange(len(rates)), chance.poisson(rates))
