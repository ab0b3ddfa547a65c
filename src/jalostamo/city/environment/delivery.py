"""Delivering the operating environment's register: indicators that move slowly, with the seasons, and by district.

Handbook 3.1.2 (the kinds of information used in grouping).
"""

from __future__ import annotations

import datetime
from pathlib import Path
from typing import Final

import numpy as np
import polars as pl

from jalostamo.city.days import Whole
from jalostamo.city.delivering import delivered
from jalostamo.city.environment.description import AREA, ENVIRONMENT
from jalostamo.city.living_rates import WAVE, WAVE_BEGINS, WAVE_YEARS
from jalostamo.city.town import Town
from jalostamo.city.truth import Truth

_MONTHS: Final = 12
_DISTRICTS: Final = len(AREA.allowed)
_TEMPERATURES: Final = (-4.8, -5.4, -1.4, 4.4, 10.8, 15.0, 17.9, 16.3, 11.4, 6.0, 1.3, -2.4)
_RAIN: Final = (53, 38, 38, 32, 38, 60, 58, 80, 58, 77, 70, 60)
# More are out of work in winter and in July; districts differ more than months do.
_OUT_OF_WORK: Final = (1.06, 1.02, 0.99, 0.97, 0.95, 1.05, 1.10, 1.00, 0.96, 0.95, 0.96, 1.04)
_LEVEL: Final = (0.9, 0.8, 0.7, 1.3, 0.7, 1.0, 1.4, 1.2, 0.9, 1.3, 0.7, 0.8)
_OF_ALL: Final = 0.092
_OF_WORKING_AGE: Final = (18, 64)


def deliver_environment(folder: Path, town: Town) -> Truth:
    """Write the indicators and the weather, and return how many records there are."""
    with delivered(folder, ENVIRONMENT) as tables:
        for year in town.plan.years:
            tables["districts"].append(_indicators(town, year))
            tables["weather"].append(_weather(town, year))
        counts = {name: table.records for name, table in tables.items()}
    return {"registers": {ENVIRONMENT.name: counts}}


def _indicators(town: Town, year: int) -> pl.DataFrame:
    """A record for each month and district, from who lives there."""
    chance, size = town.plan.chance("environment", year), (_MONTHS, _DISTRICTS)
    people, workers, foreign = _living(town, year)
    level, years = np.array(_LEVEL), year - town.plan.first_year
    # As business goes up and down, so does the work of those whose living conditions are told.
    climate = _OF_ALL * (1 + WAVE * np.sin((year - WAVE_BEGINS) * 2 * np.pi / WAVE_YEARS))
    rate = climate * level * np.array(_OUT_OF_WORK)[:, None] * chance.normal(1.0, 0.03, size)
    rent = (15.5 - 2.2 * level) * 1.028 ** (years + np.arange(_MONTHS)[:, None] / _MONTHS)
    columns = {
        "job_seekers": chance.binomial(workers, np.clip(rate, 0.01, 0.5), size),
        "vacancies": chance.poisson(0.02 * workers * (0.1 / climate) / level, size),
        "dwellings_built": chance.poisson(0.001 * people, size) * (chance.random(size) < 0.6),
        "rent": np.round(rent * chance.normal(1.0, 0.008, size), 2),
        "foreign_share": np.round(np.broadcast_to(foreign / np.maximum(people, 1), size), 4),
        "small_income": np.round(np.clip(0.13 * level * chance.normal(1.0, 0.02, size), 0.02, 0.6), 4),
    }
    months = [month for month in _months(year) for _ in AREA.allowed]
    flat = {name: column.ravel() for name, column in columns.items()}
    return pl.DataFrame({"month": months, "area": list(AREA.allowed) * _MONTHS, **flat})


def _living(town: Town, year: int) -> tuple[Whole, Whole, Whole]:
    """How many people, people of working age and foreign-language people live in each district."""
    residents = town.residents(year)
    of_working_age = (residents.age >= _OF_WORKING_AGE[0]) & (residents.age <= _OF_WORKING_AGE[1])
    everyone = np.ones(len(residents), dtype=np.bool_)
    people, workers, foreign = (
        np.bincount(residents.district[chosen], minlength=_DISTRICTS).astype(np.int64)
        for chosen in (everyone, of_working_age, residents.foreign)
    )
    return people, workers, foreign


def _weather(town: Town, year: int) -> pl.DataFrame:
    chance = town.plan.chance("weather", year)
    return pl.DataFrame(
        {
            "month": _months(year),
            "temperature": np.round(np.array(_TEMPERATURES) + chance.normal(0.0, 1.8, _MONTHS), 1),
            "rain": np.round(np.array(_RAIN) * chance.gamma(6.0, 1 / 6.0, _MONTHS), 1),
        }
    )


def _months(year: int) -> list[datetime.date]:
    return [datetime.date(year, month, 1) for month in range(1, 13)]
