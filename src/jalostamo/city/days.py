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

MONTHS_IN_YEAR: Final = 12

_EPOCH = datetime.date(1970, 1, 1).toordinal()
_THURSDAY: Final = 3
"""The weekday of day 0, Monday being 0."""

_SATURDAY, _SUNDAY = 5, 6
# The day and month of those that have one.
_HOLIDAYS: Final = ((1, 1), (6, 1), (1, 5), (6, 12), (24, 12), (25, 12), (26, 12))
# Good Friday, Easter Monday and Ascension Day.
_FROM_EASTER: Final = (-2, 1, 39)


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


def weekday_of(days: Days) -> Whole:
    """The day of the week of each day, Monday being 0."""
    return np.asarray((days + _THURSDAY) % 7)


def working_day_from(days: Days) -> Days:
    """Each day, or the Monday after it where it is a Saturday or a Sunday."""
    weekday = weekday_of(days)
    return np.asarray(days + np.where(weekday >= _SATURDAY, 7 - weekday, 0))


def working_day_after(days: Days) -> Days:
    """Each day, or a working day of the week after it, at will, where it is a Saturday or a Sunday."""
    weekday = weekday_of(days)
    # As before a weekend: Mondays would be too many.
    further = (days * 3 + days // 7) % 5
    return np.asarray(days + np.where(weekday >= _SATURDAY, 7 - weekday + further, 0))


def working_day_until(days: Days) -> Days:
    """Each day, or another working day of the week before it, at will, where it is a Saturday or a Sunday."""
    weekday = weekday_of(days)
    # Saturdays and Sundays of different weeks go to different weekdays, or else Fridays would be too many.
    back = 1 + (days * 3 + days // 7) % 5 + np.where(weekday == _SUNDAY, 1, 0)
    return np.asarray(days - np.where(weekday >= _SATURDAY, back, 0))


def holidays_of(year: int) -> Days:
    """The public holidays of a year, and the eves of Christmas and Midsummer.

    >>> [str(day) for day in holidays_of(2016).astype("datetime64[D]")[7:]]
    ['2016-03-25', '2016-03-28', '2016-05-05', '2016-06-24', '2016-06-25']
    """
    fixed = [datetime.date(year, month, day).toordinal() for day, month in _HOLIDAYS]
    earliest = datetime.date(year, 6, 19)
    eve = earliest.toordinal() + (4 - earliest.weekday()) % 7
    movable = [_easter(year) + apart for apart in _FROM_EASTER]
    return np.array([*fixed, *movable, eve, eve + 1]) - _EPOCH


def _easter(year: int) -> int:
    """Easter Sunday of the Gregorian calendar, by the method of Gauss."""
    moon = (19 * (year % 19) + 24) % 30
    sunday = (2 * (year % 4) + 4 * (year % 7) + 6 * moon + 5) % 7
    exceptional = moon + sunday == 35 or (moon == 28 and sunday == 6 and year % 19 > 10)
    return datetime.date(year, 3, 22).toordinal() + moon + sunday - 7 * exceptional


def first_of_month(year: int, month: int) -> int:
    """The first day of a month, from 1; months before and after the year count on."""
    years, months = divmod(month - 1, MONTHS_IN_YEAR)
    return datetime.date(year + years, months + 1, 1).toordinal() - _EPOCH


def month_number_of(days: Days) -> Whole:
    """Months counted from January 1970, so that they can be subtracted."""
    return days.astype("datetime64[D]").astype("datetime64[M]").astype(np.int64)


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
