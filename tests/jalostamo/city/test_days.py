"""Days are whole numbers that agree with the calendar."""

from __future__ import annotations

import datetime

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from jalostamo.city import days

EPOCH = datetime.date(1970, 1, 1)
DATES = st.lists(st.dates(datetime.date(1800, 1, 1), datetime.date(2099, 12, 31)), min_size=1, max_size=20)


def _numbers(dates: list[datetime.date]) -> np.ndarray:
    return np.array([(date - EPOCH).days for date in dates], dtype=np.int64)


@given(DATES)
def test_days_are_written_as_the_calendar_writes_them(dates: list[datetime.date]) -> None:
    assert days.written(_numbers(dates), "%d.%m.%Y") == [date.strftime("%d.%m.%Y") for date in dates]


@given(DATES)
def test_day_month_and_year_are_the_calendars(dates: list[datetime.date]) -> None:
    day, month = days.day_and_month_of(_numbers(dates))
    year = days.years_of(_numbers(dates))
    assert list(zip(year.tolist(), month.tolist(), day.tolist(), strict=True)) == [
        (d.year, d.month, d.day) for d in dates
    ]


def test_days_outside_every_calendar_are_written_empty() -> None:
    assert days.written(np.array([days.NEVER, 0, days.BEFORE]), "%Y-%m-%d") == ["", "1970-01-01", ""]


def test_a_leap_day_of_another_year_is_the_first_of_march() -> None:
    leap_day = _numbers([datetime.date(2008, 2, 29)])
    assert days.written(days.same_day(leap_day, years_later=18), "%Y-%m-%d") == ["2026-03-01"]
    assert days.written(days.same_day(leap_day, years_later=-100), "%Y-%m-%d") == ["1908-02-29"]
