"""The public holidays of Finland by rule, and the working days before a day: Easter is computed.

Midsummer's Eve and Christmas Eve are counted among them, as offices do.

Handbook 2.2 (modelling and analysing data).
"""

from __future__ import annotations

import datetime
from functools import cache
from itertools import accumulate
from typing import Final

YEARS: Final = range(1970, 2101)
"""The years of which working days are told."""

_EPOCH: Final = datetime.date(1970, 1, 1)
_DAY: Final = datetime.timedelta(days=1)
_SATURDAY: Final = 5
_FRIDAY: Final = 4
_FIXED: Final = ((1, 1), (1, 6), (5, 1), (12, 6), (12, 24), (12, 25), (12, 26))
_FROM_EASTER: Final = (-2, 1, 39)
"""Good Friday, Easter Monday and Ascension Day."""


def easter(year: int) -> datetime.date:
    """Easter Sunday, by Gauss and Butcher.

    >>> easter(2026)
    datetime.date(2026, 4, 5)
    """
    golden, (century, rest) = year % 19, divmod(year, 100)
    quarter, left = divmod(century, 4)
    moon = (19 * golden + century - quarter - (century - (century + 8) // 25 + 1) // 3 + 15) % 30
    weekday = (32 + 2 * left + 2 * (rest // 4) - moon - rest % 4) % 7
    late = (golden + 11 * moon + 22 * weekday) // 451
    month, day = divmod(moon + weekday - 7 * late + 114, 31)
    return datetime.date(year, month, day + 1)


@cache
def holidays(year: int) -> frozenset[datetime.date]:
    """The days of a year on which offices are closed, whatever the day of the week."""
    around = {easter(year) + days * _DAY for days in _FROM_EASTER}
    eve = next(day for day in (datetime.date(year, 6, 19) + n * _DAY for n in range(7)) if day.weekday() == _FRIDAY)
    return frozenset({*(datetime.date(year, month, day) for month, day in _FIXED), *around, eve})


def is_working(day: datetime.date) -> bool:
    """Whether offices are open."""
    return day.weekday() < _SATURDAY and day not in holidays(day.year)


@cache
def _clock() -> tuple[int, ...]:
    """The working days before each day, by the days since 1970: as many as years are told of."""
    days = ((_EPOCH + number * _DAY) for number in range((datetime.date(YEARS[-1], 1, 1) - _EPOCH).days))
    return tuple(accumulate((int(is_working(day)) for day in days), initial=0))


def working_days_before(day: datetime.date) -> int:
    """The working days from 1970 on that are before a day."""
    return _clock()[(day - _EPOCH).days]
