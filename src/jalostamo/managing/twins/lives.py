"""The lives of a twin's persons: born, arrived and gone so that a request would have chosen them; by dice, and nobody's.

Handbook 2.2 (time frame of the material).
"""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np
import numpy.typing as npt

from jalostamo.managing.twins.marginals import weight_of

if TYPE_CHECKING:
    from jalostamo.managing.requests import Customers, Request

type Days = npt.NDArray[np.datetime64]

NEVER: Final = np.datetime64("NaT", "D")
DAYS_OF_A_YEAR: Final = 365
_A_DAY: Final = np.timedelta64(1, "D")
_MOVED_IN: Final = 0.25
_GONE: Final = 0.15
_DIED: Final = 0.1
_BEYOND: Final = np.timedelta64(730, "D")
"""So many days after the time frame some still move away: a release does not tell those."""


@dataclass(frozen=True, slots=True)
class Lives:
    """Lives tell of each person when she was born, arrived, left and died, and from when to when her events can be."""

    born: Days
    arrived: Days
    left: Days
    died: Days
    since: Days
    until: Days

    @property
    def gone(self) -> Days:
        """When each went, by moving out or by death."""
        return np.where(np.isnat(self.left), self.died, self.left)

    def named(self, asked: Customers | None) -> Mapping[str, Days]:
        """The days by the names of the fields that tell them."""
        if asked is None:
            return {}
        return {asked.birth: self.born, asked.arrived: self.arrived, asked.left: self.left, asked.died: self.died}

    def residence(self, request: Request) -> tuple[Days, Days]:
        """Residence by the month as a release tells it: nothing from before the time frame, from birth or beyond the frame."""
        first, last = _day(request.first_day), _day(request.last_day)
        moved_in = (self.arrived > first) & (_month(self.arrived) > _month(self.born))
        gone = self.gone
        return np.where(moved_in, _month(self.arrived), NEVER), np.where(gone < last, _month(gone), NEVER)


def lives_of(
    dice: np.random.Generator, request: Request, number: int, *, years: Mapping[str, int] | None = None
) -> Lives:
    """So many lives, of the ages that a request asks for and resident in its time frame; `years` are weights of birth years."""
    first, last = _day(request.first_day), _day(request.last_day)
    asked = request.customers
    if asked is None:
        never = np.full(number, NEVER)
        return Lives(never, never, never, never, np.full(number, first), np.full(number, last))
    born = np.minimum(_births(dice, request, asked, number, years), last)
    youngest, oldest = asked.ages
    here = np.maximum(_new_year(born, youngest), np.maximum(first, born))
    until = np.minimum(_new_year(born, oldest + 1) - _A_DAY, last)
    arrived = np.where(dice.random(number) < _MOVED_IN, between(dice, born, until), NEVER)
    since = np.where(np.isnat(arrived), here, np.maximum(here, arrived))
    gone = np.where(dice.random(number) < _GONE, between(dice, since, np.full(number, last + _BEYOND)), NEVER)
    by_death = dice.random(number) < _DIED
    until = np.where(np.isnat(gone), until, np.minimum(until, gone))
    return Lives(born, arrived, np.where(by_death, NEVER, gone), np.where(by_death, gone, NEVER), since, until)


def _births(
    dice: np.random.Generator, request: Request, asked: Customers, number: int, years: Mapping[str, int] | None
) -> Days:
    """Days of birth in the years from which somebody is of the asked ages in the time frame."""
    youngest, oldest = asked.ages
    possible = np.arange(request.first_day.year - oldest, request.last_day.year - youngest + 1)
    weights = np.array([weight_of(years, str(year)) for year in possible])
    drawn = dice.choice(possible, size=number, p=weights / weights.sum())
    start = (drawn - 1970).astype("datetime64[Y]")
    return later(start.astype("datetime64[D]"), dice.random(number) * DAYS_OF_A_YEAR)


def between(dice: np.random.Generator, first: Days, last: Days) -> Days:
    """A day for each, from the first to the last one, both inclusive."""
    span = np.maximum((last - first).astype("int64"), 0) + 1
    return later(first, dice.random(len(first)) * span)


def later(days: Days, by: npt.NDArray[np.float64]) -> Days:
    """The days so many whole days later."""
    found: Days = days + by.astype("int64").astype("timedelta64[D]")
    return found


def _new_year(born: Days, age: int) -> Days:
    """New Year of the calendar year in which somebody becomes so old."""
    found: Days = (born.astype("datetime64[Y]") + np.timedelta64(age, "Y")).astype("datetime64[D]")
    return found


def _month(days: Days) -> Days:
    found: Days = days.astype("datetime64[M]").astype("datetime64[D]")
    return found


def _day(day: datetime.date) -> np.datetime64:
    return np.datetime64(day, "D")
