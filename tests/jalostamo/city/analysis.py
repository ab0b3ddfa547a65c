"""What an analyst finds in the two written registers, worked out in polars and without the city's own code.

Each estimate has its standard error: of the logarithm for a ratio, of the difference itself for a difference.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from pathlib import Path

import polars as pl

LAST_AGES = [2, 6, 12]
LIGHTER = ["FW", "IFW", "SP"]
PLACEMENTS = ["OCP", "TIC"]
YEAR_OF_DAYS = 365


@dataclass(frozen=True)
class Found:
    value: float
    standard_error: float
    base: tuple[int, int]

    def distance_to(self, truth: float, scale: str) -> float:
        """How many standard errors the estimate is from the truth."""
        apart = math.log(self.value / truth) if scale == "ratio" else self.value - truth
        return apart / self.standard_error


@dataclass(frozen=True)
class Registers:
    """The persons, once each, and the decisions that match one of them."""

    persons: pl.DataFrame
    decisions: pl.DataFrame
    first_year: int
    last_year: int


def read_persons(folder: Path) -> pl.DataFrame:
    path = folder / "population" / "persons.csv"
    return pl.read_csv(path, separator=";", encoding="iso-8859-1", infer_schema=False)


def read_decisions(folder: Path) -> pl.DataFrame:
    path = folder / "social_services" / "decisions.csv"
    return pl.read_csv(path, infer_schema=False)


def read_table(folder: Path, register: str, table: str) -> pl.DataFrame:
    """A table of the population register, or of one that writes as it does."""
    return pl.read_csv(folder / register / f"{table}.csv", separator=";", encoding="iso-8859-1", infer_schema=False)


def registers(folder: Path, first_year: int, last_year: int) -> Registers:
    finnish = "%d.%m.%Y"
    persons = (
        read_persons(folder)
        .unique("HETU", keep="first", maintain_order=True)
        .select(
            code="HETU",
            born=pl.col("SYNTYMAPV").str.to_date(finnish),
            foreign=~pl.col("AIDINKIELI").is_in(["fi", "sv"]),
            came=pl.col("MUUTTO_TULO").str.to_date(finnish),
            left=pl.col("MUUTTO_LAHTO").str.to_date(finnish),
        )
    )
    decisions = (
        read_decisions(folder)
        .with_row_index("row")
        .select(
            "row",
            code="asiakas_hetu",
            service="palvelu",
            start=pl.col("alku").str.to_date(),
            end=pl.col("loppu").str.to_date(),
        )
    )
    return Registers(persons, decisions.join(persons, on="code"), first_year, last_year)


def _band(age: pl.Expr) -> pl.Expr:
    """The band of an age: how many of the bands 0-2, 3-6 and 7-12 it has outgrown."""
    return pl.sum_horizontal([(age > last).cast(pl.Int64) for last in LAST_AGES])


def _standardised(cells: pl.DataFrame) -> dict[bool, tuple[float, float, int]]:
    """Rates by group with the bands of both together: rate, variance, base; `cells` have n, base and variance."""
    weights = cells.group_by("band").agg(weight=pl.col("base").sum())
    rates = (
        cells.join(weights, on="band")
        .with_columns(share=pl.col("weight") / weights["weight"].sum(), rate=pl.col("n") / pl.col("base"))
        .group_by("foreign")
        .agg(
            rate=(pl.col("share") * pl.col("rate")).sum(),
            variance=(pl.col("share") ** 2 * pl.col("variance")).sum(),
            n=pl.col("base").sum(),
        )
    )
    return {row["foreign"]: (row["rate"], row["variance"], int(row["n"])) for row in rates.iter_rows(named=True)}


def _ratio(cells: pl.DataFrame) -> Found:
    rates = _standardised(cells)
    error = math.sqrt(sum(variance / rate**2 for rate, variance, _ in rates.values()))
    return Found(rates[True][0] / rates[False][0], error, (rates[False][2], rates[True][2]))


def _shares(customers: pl.DataFrame) -> pl.DataFrame:
    cells = customers.group_by("foreign", "band").agg(n=pl.col("hit").sum(), base=pl.len())
    share = pl.col("n") / pl.col("base")
    return cells.with_columns(variance=share * (1 - share) / pl.col("base"))


def _difference(customers: pl.DataFrame) -> Found:
    found = {
        foreign: (group["hit"].mean(), group["hit"].mean() * (1 - group["hit"].mean()) / len(group), len(group))
        for (foreign,), group in customers.group_by("foreign")
    }
    error = math.sqrt(found[True][1] + found[False][1])
    return Found(found[True][0] - found[False][0], error, (found[False][2], found[True][2]))


def volume_ratio(town: Registers, service: str) -> Found:
    """Spells begun per year of residence at ages 0-17, standardised by band of age."""
    years = [_child_years(town, year) for year in range(town.first_year, town.last_year + 1)]
    exposure = pl.concat(years).group_by("foreign", "band").agg(base=pl.col("share").sum())
    begun = town.decisions.filter(pl.col("service") == service).with_columns(
        band=_band(pl.col("start").dt.year() - pl.col("born").dt.year())
    )
    cells = exposure.join(begun.group_by("foreign", "band").agg(n=pl.len()), on=["foreign", "band"], how="left")
    cells = cells.with_columns(pl.col("n").fill_null(0))
    return _ratio(cells.with_columns(variance=pl.col("n") / pl.col("base") ** 2))


def _child_years(town: Registers, year: int) -> pl.DataFrame:
    first, last = pl.date(year, 1, 1), pl.date(year, 12, 31)
    age = year - pl.col("born").dt.year()
    begin = pl.max_horizontal(pl.col("came").fill_null(first), pl.col("born"), first)
    end = pl.min_horizontal(pl.col("left").fill_null(last), last)
    share = ((end - begin).dt.total_days() + 1) / ((last - first).dt.total_days() + 1)
    children = town.persons.filter((age >= 0) & (age <= 17))
    return children.with_columns(band=_band(age), share=share).filter(pl.col("share") > 0)


def _first(town: Registers, services: list[str]) -> pl.DataFrame:
    chosen = town.decisions.filter(pl.col("service").is_in(services)).sort("start", "row")
    return chosen.unique("code", keep="first", maintain_order=True)


def _followed_for(customers: pl.DataFrame, days: int, last_year: int) -> pl.DataFrame:
    """The customers who can be followed, and stay resident, for so many days."""
    until = pl.col("start") + pl.duration(days=days)
    return customers.filter(
        (until <= pl.date(last_year, 12, 31)) & (pl.col("left").is_null() | (until <= pl.col("left")))
    )


def _with_hit(town: Registers, customers: pl.DataFrame, services: list[str]) -> pl.DataFrame:
    """Whether one of the services begins after the customer's day, within twelve months of it."""
    later = town.decisions.filter(pl.col("service").is_in(services)).select("code", then="start")
    gap = (pl.col("then") - pl.col("start")).dt.total_days()
    hits = customers.join(later, on="code").filter((gap >= 0) & (gap <= YEAR_OF_DAYS)).select("code").unique()
    return customers.with_columns(hit=pl.col("code").is_in(hits["code"].to_list()))


def reach_ratio(town: Registers) -> Found:
    notified = _followed_for(_first(town, ["NOT"]), YEAR_OF_DAYS, town.last_year)
    notified = notified.with_columns(band=_band(pl.col("start").dt.year() - pl.col("born").dt.year()))
    return _ratio(_shares(_with_hit(town, notified, LIGHTER)))


def result_difference(town: Registers) -> Found:
    served = _followed_for(_first(town, LIGHTER), YEAR_OF_DAYS, town.last_year)
    return _difference(_with_hit(town, served, PLACEMENTS).with_columns(hit=~pl.col("hit")))


def step_difference(town: Registers) -> Found:
    steps = town.decisions.sort("code", "start", "row").with_columns(after=pl.col("service").shift(-1).over("code"))
    assessed = steps.filter(pl.col("service") == "ASM").unique("code", keep="first", maintain_order=True)
    followed = _followed_for(assessed, 25, town.last_year)
    return _difference(followed.with_columns(hit=pl.col("after").fill_null("end") == "EMP"))


def all_found(town: Registers) -> dict[str, Found]:
    return {
        "reach_ratio": reach_ratio(town),
        "result_difference": result_difference(town),
        "volume_ratio_HS": volume_ratio(town, "HS"),
        "volume_ratio_FC": volume_ratio(town, "FC"),
        "step_difference_ASM_EMP": step_difference(town),
    }
