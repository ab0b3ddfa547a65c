"""The truth about costs: how much of them falls on the costliest tenth of the customers.

Handbook 3.1.2, costs by customer.
"""

from __future__ import annotations

from datetime import date
from math import ceil

import polars as pl
from tests.spec.planted.files import Files
from tests.spec.planted.people import linked
from tests.spec.planted.rates import Estimate

TENTH = 10


def measure_costs(files: Files) -> dict[str, Estimate]:
    """Measure the concentration of the costs of the year that the truth names, and how many customers had any."""
    year = files.truth["planted"]["cost_concentration"]["year"]
    costs = pl.concat([_visits(files, year), _decisions(files, year), _attendance(files, year)])
    by_customer = costs.group_by("code").agg(pl.col("cost").sum()).filter(pl.col("cost") > 0)["cost"]
    costliest = by_customer.sort(descending=True).head(ceil(len(by_customer) / TENTH))
    value, customers = float(costliest.sum() / by_customer.sum()), len(by_customer)
    return {
        "cost_concentration": Estimate(value, value, value),
        "cost_concentration.customers": Estimate(customers, customers, customers),
    }


def _unit_costs(files: Files, system: str, year: int) -> pl.DataFrame:
    of_year = files.table("costs.unit_costs").filter(pl.col("month").dt.year() == year, pl.col("system") == system)
    return of_year.select("service", unit_cost=pl.col("cost").cast(pl.Float64))


def _visits(files: Files, year: int) -> pl.DataFrame:
    visits = linked(files, "health.visits", "patient").filter(pl.col("visited").dt.year() == year)
    once = visits.unique("visit_id").join(_unit_costs(files, "health", year), left_on="form", right_on="service")
    return once.select("code", cost="unit_cost")


def _decisions(files: Files, year: int) -> pl.DataFrame:
    decisions = linked(files, "social_services.decisions", "client_code")
    opens = pl.max_horizontal("start", pl.lit(date(year, 1, 1)))
    closes = pl.min_horizontal(pl.col("end").fill_null(date(year, 12, 31)), pl.lit(date(year, 12, 31)))
    days = ((closes - opens).dt.total_days() + 1).clip(0)
    priced = decisions.join(_unit_costs(files, "social_services", year), on="service")
    return priced.select("code", cost=days * pl.col("unit_cost"))


def _attendance(files: Files, year: int) -> pl.DataFrame:
    months = linked(files, "early_education.attendance", "child").filter(pl.col("month").dt.year() == year)
    cost = _unit_costs(files, "early_education", year)["unit_cost"].item()
    return months.unique(["code", "month"]).select("code", cost=pl.lit(cost))
