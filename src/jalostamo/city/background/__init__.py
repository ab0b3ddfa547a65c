"""The statistics of living conditions: for every resident of fifteen or more and every year, how they live at its end.

Handbook 2.2 (background of customers).
"""

from __future__ import annotations

from pathlib import Path

import numpy as np
import polars as pl

from jalostamo.city.background.description import BACKGROUND
from jalostamo.city.background.vocabularies import ACTIVITY, DWELLING, EDUCATION, INCOME, OCCUPATION
from jalostamo.city.days import Whole, last_of
from jalostamo.city.delivering import delivered
from jalostamo.city.frames import coded, dates
from jalostamo.city.living import FROM_AGE, Living, living_in
from jalostamo.city.town import Recorded, Town
from jalostamo.city.truth import Truth

__all__ = ["BACKGROUND", "deliver_background"]


def deliver_background(folder: Path, town: Town) -> Truth:
    """Write the living conditions of all years, and return their part of the truth."""
    recorded, bad = town.recorded_by(BACKGROUND.name), 0
    right = pl.Series(town.codes.tolist(), dtype=pl.String)
    with delivered(folder, BACKGROUND) as tables:
        for year in town.plan.years:
            person, records = _told(town, living_in(town, year), recorded)
            tables["yearly"].append(records)
            bad += int((recorded.now.gather(person) != right.gather(person)).fill_null(True).sum())
    return {
        "registers": {BACKGROUND.name: {"yearly": tables["yearly"].records}},
        "suffers": {BACKGROUND.name: {"yearly": {"bad_codes": bad}}},
    }


def _told(town: Town, living: Living, recorded: Recorded) -> tuple[Whole, pl.DataFrame]:
    old_enough = living.year - town.people.birth_year[: len(living.resident)] >= FROM_AGE
    person = np.flatnonzero(living.resident & old_enough)
    day = np.full(len(person), last_of(living.year))
    return person, pl.DataFrame(
        {
            "identity_code": recorded.at(person, day),
            "since": dates(day),
            "education": coded(EDUCATION, living.education[person]),
            "activity": coded(ACTIVITY, living.activity[person]),
            "occupation": coded(OCCUPATION, living.occupation[person] - 1),
            "income_class": coded(INCOME, living.income[person] - 1),
            "dwelling": coded(DWELLING, living.dwelling[person] - 1),
        }
    )
