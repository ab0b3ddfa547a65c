"""How many days children were there in each month of a year.

Handbook 2.2 (service events).
"""

from __future__ import annotations

from typing import Final

import numpy as np
import polars as pl

from jalostamo.city.days import Days, Whole, first_of, holidays_of, last_of, weekday_of, working_day_from
from jalostamo.city.early_education.placements import Enrolled, enrolled
from jalostamo.city.early_education.vocabularies import CLUB
from jalostamo.city.lateness import recording_days
from jalostamo.city.town import Town

# The share of a month's working days on which a child is there.
_PRESENT: Final = (0.84, 0.82, 0.83, 0.84, 0.86, 0.66, 0.20, 0.80, 0.87, 0.82, 0.85, 0.70)
_PRESENT_IN_A_CLUB: Final = 0.4
_FIRST_MONTH_OF_AUTUMN: Final = 8
_DAYS_UNTIL_RECORDING: Final = 4
_SATURDAY: Final = 5
_LATE: Final = 0.03


def attendance_in(town: Town, year: int) -> pl.DataFrame:
    """The months of a year in which children were there on some day, with the day of recording."""
    residents, chance = town.residents(year), town.plan.chance("attendance", year)
    halves = [enrolled(town, residents, autumn=autumn) for autumn in (False, True)]
    months = [_month(chance, halves[month >= _FIRST_MONTH_OF_AUTUMN], year, month=month) for month in range(1, 13)]
    return pl.concat(months)


def _month(chance: np.random.Generator, children: Enrolled, year: int, *, month: int) -> pl.DataFrame:
    begins, ends = _bounds(year, month)
    working = _working_days(year, np.maximum(children.first, begins), np.minimum(children.last, ends))
    often = _PRESENT[month - 1] * np.where(children.form == CLUB, _PRESENT_IN_A_CLUB, 1.0)
    present = chance.binomial(working, often)
    there = np.flatnonzero(present)
    told = working_day_from(np.full(len(there), ends + _DAYS_UNTIL_RECORDING))
    columns = {
        "person": children.person[there],
        "unit": children.unit[there],
        "occurred": np.full(len(there), begins),
        "days_present": present[there],
        "recorded": recording_days(chance, told, late=_LATE),
    }
    return pl.DataFrame(columns, schema=dict.fromkeys(columns, pl.Int32))


def _bounds(year: int, month: int) -> tuple[int, int]:
    firsts = np.array([f"{year}-{month:02d}"], dtype="datetime64[M]") + np.arange(2)
    days = firsts.astype("datetime64[D]").astype(np.int64)
    return int(days[0]), int(days[1]) - 1


def _working_days(year: int, first: Days, last: Days) -> Whole:
    """How many of a year's days from the first to the last are working days; none where the last comes before."""
    days = np.arange(first_of(year), last_of(year) + 1)
    reached = np.r_[0, np.cumsum((weekday_of(days) < _SATURDAY) & ~np.isin(days, holidays_of(year)))]
    start, end = (np.clip(day - days[0], 0, len(days)) for day in (first, last + 1))
    return np.asarray(np.maximum(reached[end] - reached[start], 0))
