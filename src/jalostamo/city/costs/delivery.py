"""Delivering the workbooks of costs and capacity, and what is true of the costs.

Handbook 2.2 (costs of services).
"""

from __future__ import annotations

import datetime
from pathlib import Path
from typing import Final

import numpy as np
import polars as pl

from jalostamo.city.costs.concentration import truth_of_costs
from jalostamo.city.costs.description import COSTS
from jalostamo.city.costs.prices import PLACES_OF_UNIT, prices_of
from jalostamo.city.delivering import delivered
from jalostamo.city.plan import Plan
from jalostamo.city.spells import Spells
from jalostamo.city.town import Town
from jalostamo.city.truth import Truth

_GROWTH_A_YEAR: Final = 0.012
_DAYS_OPEN: Final = 21
# July is quiet, and so are the weeks around the turn of the year.
_USED: Final = (0.95, 1.02, 1.03, 1.02, 1.03, 0.88, 0.45, 0.90, 1.04, 1.05, 1.05, 0.84)


def deliver_costs(folder: Path, town: Town, decisions: Spells) -> Truth:
    """Write both workbooks, and return what is true of the costs; `decisions` are those of the social services."""
    with delivered(folder, COSTS) as tables:
        for year in town.plan.years:
            tables["unit_costs"].append(_unit_costs(town.plan, year))
            tables["capacity"].append(_capacity(town.plan, year))
        counts = {name: table.records for name, table in tables.items()}
    return {"registers": {COSTS.name: counts}, "planted": truth_of_costs(town, decisions)}


def _unit_costs(plan: Plan, year: int) -> pl.DataFrame:
    rows = [(datetime.date(year, 1, 1), *key, price) for key, price in prices_of(year - plan.first_year).items()]
    return pl.DataFrame(rows, schema=["month", "system", "service", "counted", "cost"], orient="row")


def _capacity(plan: Plan, year: int) -> pl.DataFrame:
    chance, units = plan.chance("capacity", year), len(PLACES_OF_UNIT)
    names, per_person, per_staff_year, usual = (list(column) for column in zip(*PLACES_OF_UNIT, strict=True))
    growth = 1 + _GROWTH_A_YEAR * (year - plan.first_year)
    places = np.maximum(np.round(plan.people * np.array(per_person) * growth), 1).astype(np.int64)
    share = np.array(usual) * np.array(_USED)[:, None] * chance.normal(1.0, 0.03, (12, units))
    used = np.round(np.clip(share, 0.0, 1.1) * places * _DAYS_OPEN).astype(np.int64)
    staff = np.round(places / np.array(per_staff_year) * chance.normal(1.0, 0.02, (12, units)), 1)
    return pl.DataFrame(
        {
            "unit": names * 12,
            "month": [datetime.date(year, month, 1) for month in range(1, 13) for _ in names],
            "places": np.tile(places, 12),
            "staff_years": staff.ravel(),
            "used_days": used.ravel(),
        }
    )
