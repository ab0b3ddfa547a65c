"""The truth about what goes before a child welfare notification: thirty candidates of some 280 do, the others do not.

Handbook 3.1.2, anticipating needs.
"""

from __future__ import annotations

from itertools import groupby
from typing import Final

import polars as pl
from tests.spec.planted.files import Description, Files
from tests.spec.planted.people import children_by_year, codes, linked
from tests.spec.planted.rates import Estimate, rate_ratio

CODE_FIELDS: Final = {
    "health.visits": "patient",
    "schools.absences": "pupil",
    "schools.pupil_welfare": "pupil",
    "schools.enrolments": "pupil",
    "schools.support": "pupil",
    "early_education.placements": "child",
    "social_services.decisions": "client_code",
    "background.yearly": "identity_code",
}
STRATA: Final = ["year", "band", "group"]


def factor_name(factor: Description) -> str:
    """What a candidate is called: who has the code, and where it is recorded."""
    return ".".join(factor[part] for part in ("who", "register", "table", "field", "code"))


def measure_factors(files: Files) -> dict[str, Estimate]:
    """Measure the rate ratio of every candidate, by `factor_name`."""
    at_risk = _at_risk(files)
    exposed = _exposed(files, at_risk)
    inside = exposed.group_by("factor", *STRATA).agg(events=pl.col("notified").sum(), time=pl.col("days").sum())
    everyone = at_risk.group_by(STRATA).agg(all_events=pl.col("notified").sum(), all_time=pl.col("days").sum())
    strata = inside.join(everyone, on=STRATA).with_columns(
        events_0=pl.col("all_events") - pl.col("events"), time_0=pl.col("all_time") - pl.col("time")
    )
    numbers = strata.with_columns(pl.col("events", "time", "events_0", "time_0").cast(pl.Float64))
    parts = numbers.partition_by("factor", as_dict=True)
    return {name: rate_ratio(rows) for (name,), rows in parts.items()}


def _at_risk(files: Files) -> pl.DataFrame:
    """Children by year: alive in the town that year and the year before, and not notified of before the year."""
    children = children_by_year(files).with_columns(pl.col("year").cast(pl.Int32))
    spells = linked(files, "social_services.decisions", "client_code").filter(pl.col("service") == "NOT")
    first = spells.group_by("code").agg(first_notified=pl.col("start").min().dt.year().cast(pl.Int32))
    year_before = pl.date(pl.col("year") - 1, 12, 31)
    rows = children.filter(pl.col("first") <= year_before, pl.col("year") > files.truth["from"])
    unnotified = rows.join(first, on="code", how="left").filter(
        pl.col("first_notified").is_null() | (pl.col("first_notified") >= pl.col("year"))
    )
    return unnotified.with_columns(notified=(pl.col("first_notified") == pl.col("year")).fill_null(False))


def _exposed(files: Files, at_risk: pl.DataFrame) -> pl.DataFrame:
    children = at_risk.select("code", *STRATA, "days", "notified")
    itself = children.with_columns(holder=pl.col("code"), who=pl.lit("child"))
    present = codes(files)
    guardians = [
        at_risk.select("code", *STRATA, "days", "notified", written=field).join(present, on="written", suffix="_of")
        for field in ("guardian_1", "guardian_2")
    ]
    of_guardians = pl.concat(guardians).rename({"code_of": "holder"}).drop("written")
    people = pl.concat([itself, of_guardians.with_columns(who=pl.lit("guardian"))], how="diagonal")
    recorded = _recorded(files)
    exposed = people.join(recorded, on=["holder", "year", "who"])
    return exposed.unique(["factor", "code", "year"])


def _recorded(files: Files) -> pl.DataFrame:
    """Who has which candidate recorded, by the year in which it counts: the year after."""
    key = ("register", "table", "field")
    candidates = sorted(files.truth["factors"], key=lambda each: [each[part] for part in key])
    parts = []
    for (register, table, field), group in groupby(candidates, key=lambda each: tuple(each[part] for part in key)):
        wanted = pl.DataFrame([{"who": f["who"], "value": f["code"], "factor": factor_name(f)} for f in group])
        parts.append(_holders(files, register, table, field).join(wanted, on="value").drop("value"))
    return pl.concat(parts)


def _holders(files: Files, register: str, table: str, field: str) -> pl.DataFrame:
    name = f"{register}.{table}"
    day = next(each["occurred"] for each in files.described(register)["table"] if each["name"] == table)
    records = linked(files, name, CODE_FIELDS[name])
    return records.select(holder="code", year=(pl.col(day).dt.year() + 1).cast(pl.Int32), value=pl.col(field)).unique()
