"""On how few customers how much of a year's costs falls, reckoned from everything that three registers tell of it.

Handbook 2.2 (costs of services).
"""

from __future__ import annotations

from typing import Final

import numpy as np
import polars as pl

from jalostamo.city.costs.prices import of_a_month, of_days, of_visits
from jalostamo.city.days import Shares, first_of, last_of
from jalostamo.city.early_education.attendance import attendance_in
from jalostamo.city.health.visits import visits_in
from jalostamo.city.spells import Spells
from jalostamo.city.town import Town

YEARS_AFTER_FIRST: Final = 5
COSTLIEST: Final = 0.10
_TOLERANCE: Final = 0.01


def truth_of_costs(town: Town, decisions: Spells) -> dict[str, object]:
    """The share of a year's costs that falls on its costliest tenth of customers; none where the plan is too short."""
    year = town.plan.first_year + YEARS_AFTER_FIRST
    if year > town.plan.last_year:
        return {}
    costs = costs_in(town, decisions, year)
    share = concentration(costs)
    sentence = (
        f"Costs of each customer in {year}: health visits (health.visits by visited, each visit_id once) x the unit "
        "cost of the form, days in the year of each decision (social_services.decisions, from start to end, both "
        "included; an open one to the year's last day) x the day cost of the service, and months with attendance "
        "(early_education.attendance) x the cost of a month, unit costs being those of the year (costs.unit_costs). "
        "The share of all costs that falls on the costliest tenth, rounded up, of the customers with any cost."
    )
    return {
        "cost_concentration": {
            "value": round(share, 6),
            "scale": "share",
            "interval": [round(share - _TOLERANCE, 6), round(share + _TOLERANCE, 6)],
            "group": "the costliest tenth of customers with any cost",
            "reference": "all customers with any cost",
            "year": year,
            "customers": int(np.count_nonzero(costs)),
            "sentence": sentence,
        }
    }


def concentration(costs: Shares) -> float:
    """The share of all costs that falls on the costliest tenth of those with any.

    >>> concentration(np.array([0.0, 90.0] + [1.0] * 10))
    0.91
    """
    falling = np.sort(costs[costs > 0])[::-1]
    tenth = int(np.ceil(COSTLIEST * len(falling)))
    return float(falling[:tenth].sum() / falling.sum())


def costs_in(town: Town, decisions: Spells, year: int) -> Shares:
    """Everyone's costs in a year, in euros."""
    years = year - town.plan.first_year
    visits = _recorded(visits_in(town, year), town)
    prices = np.array(of_visits(years))[visits["form"].to_numpy()]
    costs = np.bincount(visits["person"].to_numpy(), weights=prices, minlength=len(town.people))
    last = np.minimum(decisions.end, last_of(year))
    days = np.maximum(last - np.maximum(decisions.start, first_of(year)) + 1, 0)
    of_decisions = np.array(of_days(years))[decisions.service] * days
    costs += np.bincount(decisions.person, weights=of_decisions, minlength=len(town.people))
    months = _recorded(attendance_in(town, year), town)["person"].to_numpy()
    return np.asarray(costs + of_a_month(years) * np.bincount(months, minlength=len(town.people)))


def _recorded(happened: pl.DataFrame, town: Town) -> pl.DataFrame:
    return happened.filter(pl.col("recorded") <= last_of(town.plan.last_year))
