"""Days as whole numbers, so that a town's worth of dates is one array; day 0 is 1970-01-01, as in NumPy.

Handbook 2.6.
"""

from __future__ import annotations

import datetime
from typing import Final

import numpy as np
from numpy.typing import NDArray

type Days = NDArray[np.int64]
type Whole = NDArray[np.int64]
type Flags = NDArray[np.bool_]
type Shares = NDArray[np.float64]

NEVER: Final = 10_000_000
BEFORE: Final = -10_000_000
"""Outside every calendar: a day that has not come, and one that lies before the registers begin."""

DAYS_IN_YEAR: Final = 365.25

_EPOCH = datetime.date(1970, 1, 1).toordinal()


def first_of(year: int) -> int:
    """The first day of a year."""
    return datetime.date(year, 1, 1).toordinal() - _EPOCH


def last_of(year: int) -> int:
    """The last day of a year.

    >>> last_of(2011) - last_of(2010)
    365
    """
    return first_of(year + 1) - 1


def years_of(days: Days) -> Whole:
    """The calendar year of each day."""
    return days.astype("datetime64[D]").astype("datetime64[Y]").astype(np.int64) + 1970


def day_and_month_of(days: Days) -> tuple[Whole, Whole]:
    """The day of the month and the month of each day, both from 1."""
    months = days.astype("datetime64[D]").astype("datetime64[M]")
    return days - months.astype("datetime64[D]").astype(np.int64) + 1, months.astype(np.int64) % 12 + 1


def same_day(days: Days, *, years_later: int) -> Days:
    """The same day of another year; the 29th of February becomes the 1st of March where there is none."""
    months = days.astype("datetime64[D]").astype("datetime64[M]")
    day_of_month = days - months.astype("datetime64[D]").astype(np.int64)
    return (months + np.timedelta64(12 * years_later, "M")).astype("datetime64[D]").astype(np.int64) + day_of_month


def written(days: Days, form: str) -> list[str]:
    """Each day in a strftime form; days outside every calendar are empty."""
    distinct, place = np.unique(days, return_inverse=True)
    words = [_written(int(day), form) for day in distinct]
    return [words[at] for at in place.tolist()]


def _written(day: int, form: str) -> str:
    return "" if day in {NEVER, BEFORE} else datetime.date.fromordinal(day + _EPOCH).strftime(form)
