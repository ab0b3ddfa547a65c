"""The residents of a town as its population register has them: who lived there when, how old, of which language group.

Age is the calendar year less the year of birth; the domestic group speaks Finnish or Swedish natively.
Handbook 2.2, step 3.
"""

from __future__ import annotations

from datetime import date
from typing import Final

import polars as pl
from tests.spec.planted.files import Files

BANDS: Final = {"0-2": 2, "3-6": 6, "7-12": 12, "13-17": 17}
CHILDREN_TO: Final = 17
DOMESTIC: Final = ("fi", "sv")


def first_day(files: Files) -> date:
    """The first day of the registers."""
    return date(files.truth["from"], 1, 1)


def last_day(files: Files) -> date:
    """The last day of the registers."""
    return date(files.truth["to"], 12, 31)


def residents(files: Files) -> pl.DataFrame:
    """Everyone once: code, year of birth, language group, first and last day of residence within the registers."""
    persons = files.table("population.persons").unique("identity_code", keep="last", maintain_order=True)
    leaving = pl.min_horizontal("resident_to", "died", pl.lit(last_day(files)))
    return persons.select(
        code="identity_code",
        born=pl.col("birth_date").dt.year(),
        birth_date="birth_date",
        group=pl.when(pl.col("native_language").is_in(DOMESTIC)).then(pl.lit("domestic")).otherwise(pl.lit("foreign")),
        first=pl.max_horizontal(pl.col("resident_from").fill_null(first_day(files)), pl.lit(first_day(files))),
        last=leaving,
        guardian_1="guardian_1",
        guardian_2="guardian_2",
    )


def codes(files: Files) -> pl.DataFrame:
    """Every code that a record may hold, present or former, and the present code of that person."""
    present = files.table("population.persons").select(written="identity_code", code="identity_code").unique()
    former = files.table("population.identity_codes").select(written="former_code", code="current_code")
    return pl.concat([present, former]).unique("written", keep="last")


def linked(files: Files, table: str, field: str) -> pl.DataFrame:
    """The records of a table whose code is a resident's, once each, with the present code as `code`."""
    records = files.records(table).rename({"code": "code_written"}, strict=False)
    return records.join(codes(files), left_on=field, right_on="written", how="inner")


def years_of_residence(files: Files) -> pl.DataFrame:
    """One row for each person and year with at least a day of residence: its days and the age of that year."""
    years = pl.DataFrame({"year": range(files.truth["from"], files.truth["to"] + 1)}, schema={"year": pl.Int32})
    start, end = pl.date(pl.col("year"), 1, 1), pl.date(pl.col("year"), 12, 31)
    rows = residents(files).join(years, how="cross")
    days = (pl.min_horizontal("last", end) - pl.max_horizontal("first", start)).dt.total_days() + 1
    return rows.with_columns(days=days, age=pl.col("year") - pl.col("born")).filter(
        pl.col("days") > 0, pl.col("age") >= 0
    )


def band() -> pl.Expr:
    """The band of an age of childhood."""
    age = pl.col("age")
    return pl.coalesce(pl.when(age <= oldest).then(pl.lit(name)) for name, oldest in BANDS.items())


def children_by_year(files: Files) -> pl.DataFrame:
    """The rows of `years_of_residence` of children, with the band of their age."""
    children = years_of_residence(files).filter(pl.col("age") <= CHILDREN_TO)
    return children.with_columns(band=band())
