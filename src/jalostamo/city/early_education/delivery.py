"""Delivering early education's register, year by year, and what is true of it.

Handbook 2.2 (service events).
"""

from __future__ import annotations

from pathlib import Path
from typing import Final

import polars as pl

from jalostamo.city.days import last_of
from jalostamo.city.delivering import delivered
from jalostamo.city.early_education.attendance import attendance_in
from jalostamo.city.early_education.description import EARLY_EDUCATION
from jalostamo.city.early_education.placements import placements_in
from jalostamo.city.early_education.vocabularies import FORM, UNIT
from jalostamo.city.frames import coded, dates
from jalostamo.city.lateness import LATE_DAYS, Recording, badly_recorded
from jalostamo.city.town import Recorded, Town
from jalostamo.city.truth import Truth

_LATE_AFTER: Final = 31 + LATE_DAYS


def deliver_early_education(folder: Path, town: Town) -> Truth:
    """Write the register of early education, and return what is true of it."""
    codes = town.recorded_by(EARLY_EDUCATION.name)
    bad, last_day = badly_recorded(codes, town.codes), last_of(town.plan.last_year)
    placing = Recording(town.plan, "early education placements")
    # A month is recorded after it has ended.
    attending = Recording(town.plan, "early education attendance", late_after=_LATE_AFTER)
    with delivered(folder, EARLY_EDUCATION) as tables:
        for year in town.plan.years:
            placed = placing.made_in(year, placements_in(town, year), bad=bad)
            tables["placements"].append(_placements(placed, codes, last_day=last_day))
            attended = attending.made_in(year, attendance_in(town, year), bad=bad)
            tables["attendance"].append(_attendance(attended, codes))
        counts = {name: table.records for name, table in tables.items()}
    suffers = {"placements": placing.suffers(), "attendance": attending.suffers()}
    return {"registers": {EARLY_EDUCATION.name: counts}, "suffers": {EARLY_EDUCATION.name: suffers}}


def _placements(made: pl.DataFrame, codes: Recorded, *, last_day: int) -> pl.DataFrame:
    return pl.DataFrame(
        {
            "child": codes.at(made["person"].to_numpy(), made["occurred"].to_numpy()),
            "unit": coded(UNIT, made["unit"]),
            "form": coded(FORM, made["form"]),
            "applied": dates(made["applied"]),
            "start": dates(made["occurred"]),
            "end": dates(made["until"], until=last_day),
            "weekly_hours": made["hours"],
            "language_support": made["support"],
        }
    )


def _attendance(made: pl.DataFrame, codes: Recorded) -> pl.DataFrame:
    return pl.DataFrame(
        {
            "child": codes.at(made["person"].to_numpy(), made["occurred"].to_numpy()),
            "unit": coded(UNIT, made["unit"]),
            "month": dates(made["occurred"]),
            "days_present": made["days_present"],
            "recorded": dates(made["recorded"]),
        }
    )
