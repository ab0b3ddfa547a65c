"""The truths about the social services: reach, results, volumes and the step at which paths differ, by language group.

Handbook 2.2, pilot project.
"""

from __future__ import annotations

from datetime import timedelta
from typing import Final

import polars as pl
from tests.spec.planted.files import Files
from tests.spec.planted.people import CHILDREN_TO, band, children_by_year, last_day, linked, residents
from tests.spec.planted.rates import Estimate, rate_ratio, share_difference, share_ratio

LIGHTER: Final = ("FW", "IFW", "SP")
PLACEMENTS: Final = ("OCP", "TIC")
FOLLOWED: Final = timedelta(days=25)


def measure_services(files: Files) -> dict[str, Estimate]:
    """Measure the truths about the services for child welfare."""
    spells = spells_of_children(files)
    return {
        "reach_ratio": _reach(files, spells),
        "result_difference": _result(files, spells),
        "volume_ratio_HS": _volume(files, spells, "HS"),
        "volume_ratio_FC": _volume(files, spells, "FC"),
        "step_difference_ASM_EMP": _step(files, spells),
    }


def spells_of_children(files: Files) -> pl.DataFrame:
    """The spells that began in a year in which their client was 0-17 years old."""
    spells = linked(files, "social_services.decisions", "client_code").join(residents(files), on="code")
    with_age = spells.with_columns(age=pl.col("start").dt.year() - pl.col("born"))
    return with_age.filter(pl.col("age").is_between(0, CHILDREN_TO)).with_columns(band=band())


def compared(counted: pl.DataFrame) -> pl.DataFrame:
    """Put the groups of each stratum side by side: `events` and `time` of the foreign, `_0` of the domestic."""
    foreign = counted.filter(pl.col("group") == "foreign").drop("group")
    domestic = counted.filter(pl.col("group") == "domestic").drop("group")
    return foreign.join(domestic, on="band", suffix="_0")


def _followed_for_a_year(files: Files, firsts: pl.DataFrame) -> pl.DataFrame:
    year_later = pl.col("start").dt.offset_by("12mo")
    return firsts.with_columns(until=year_later).filter(
        pl.col("until") <= last_day(files), pl.col("last") >= pl.col("until")
    )


def _first(spells: pl.DataFrame, services: tuple[str, ...]) -> pl.DataFrame:
    return spells.filter(pl.col("service").is_in(services)).sort("start").unique("code", keep="first")


def _with_one_within(firsts: pl.DataFrame, spells: pl.DataFrame, services: tuple[str, ...]) -> pl.DataFrame:
    later = spells.filter(pl.col("service").is_in(services)).select("code", began="start")
    within = firsts.join(later, on="code").filter(pl.col("began").is_between(pl.col("start"), pl.col("until")))
    return firsts.with_columns(reached=pl.col("code").is_in(within["code"].implode()))


def _reach(files: Files, spells: pl.DataFrame) -> Estimate:
    firsts = _followed_for_a_year(files, _first(spells, ("NOT",)))
    reached = _with_one_within(firsts, spells, LIGHTER)
    return share_ratio(compared(reached.group_by("band", "group").agg(events=pl.col("reached").sum(), time=pl.len())))


def _result(files: Files, spells: pl.DataFrame) -> Estimate:
    firsts = _followed_for_a_year(files, _first(spells, LIGHTER))
    placed = _with_one_within(firsts, spells, PLACEMENTS)
    return _difference(placed.with_columns(outcome=~pl.col("reached")))


def _volume(files: Files, spells: pl.DataFrame, service: str) -> Estimate:
    begun = spells.filter(pl.col("service") == service).group_by("band", "group").agg(events=pl.len())
    lived = children_by_year(files).group_by("band", "group").agg(time=pl.col("days").sum())
    return rate_ratio(compared(lived.join(begun, on=["band", "group"], how="left").fill_null(0)))


def _step(files: Files, spells: pl.DataFrame) -> Estimate:
    firsts = _first(spells, ("ASM",)).filter(pl.col("last") >= pl.col("start") + FOLLOWED)
    later = spells.select("code", began="start", next="service", number="decision_number")
    steps = firsts.join(later, on="code").filter(
        (pl.col("began") > pl.col("start"))
        | ((pl.col("began") == pl.col("start")) & (pl.col("number") > pl.col("decision_number")))
    )
    following = steps.sort("began", "number").unique("code", keep="first").select("code", "next")
    outcome = firsts.join(following, on="code", how="left").with_columns(
        outcome=(pl.col("next") == "EMP").fill_null(False)
    )
    return _difference(outcome)


def _difference(outcome: pl.DataFrame) -> Estimate:
    counted = outcome.group_by("group").agg(pl.col("outcome").sum(), pl.len())
    by_group = {group: (events, people) for group, events, people in counted.rows()}
    return share_difference(*by_group["foreign"], *by_group["domestic"])
