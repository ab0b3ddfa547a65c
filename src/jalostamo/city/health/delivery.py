"""Delivering the health services' register, year by year, and what is true of it.

Handbook 2.2 (service events).
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Final

import numpy as np
import polars as pl

from jalostamo.city.days import Whole
from jalostamo.city.delivering import delivered
from jalostamo.city.frames import coded, dates
from jalostamo.city.health.description import HEALTH
from jalostamo.city.health.rates import PRACTICE_CHANGES_AFTER
from jalostamo.city.health.visits import visits_in
from jalostamo.city.health.vocabularies import (
    FORM,
    LANGUAGE,
    LANGUAGE_OF,
    OUTCOME,
    PROFESSION,
    REASON,
    SEX,
    UNIT,
)
from jalostamo.city.lateness import Recording, badly_recorded, numbers_of_records
from jalostamo.city.people import MALE, People
from jalostamo.city.town import Recorded, Town
from jalostamo.city.truth import Truth
from jalostamo.city.vocabularies import NATIVE_LANGUAGE

_OTHER: Final = "mis"


def deliver_health(folder: Path, town: Town) -> Truth:
    """Write the register of visits, and return what is true of it."""
    codes, recording = town.recorded_by(HEALTH.name), Recording(town.plan, HEALTH.name)
    bad, vocabulary = badly_recorded(codes, town.codes), _vocabulary(town.people)
    with delivered(folder, HEALTH) as tables:
        for year in town.plan.years:
            made = recording.made_in(year, visits_in(town, year), bad=bad)
            tables["visits"].append(_records(made, year, codes, vocabulary=vocabulary))
        counts = {name: table.records for name, table in tables.items()}
    return {"registers": {HEALTH.name: counts}, "suffers": {HEALTH.name: {"visits": _suffers(town, recording)}}}


def _vocabulary(people: People) -> Mapping[str, Whole]:
    """Everyone's sex and language as places in the services' own lists."""
    codes = [LANGUAGE_OF.get(code, _OTHER) for code in NATIVE_LANGUAGE.allowed]
    languages = np.array([LANGUAGE.allowed.index(code) for code in codes])
    return {"sex": np.where(people.sex == MALE, 0, 1), "language": languages[people.language]}


def _records(made: pl.DataFrame, year: int, codes: Recorded, *, vocabulary: Mapping[str, Whole]) -> pl.DataFrame:
    person = made["person"].to_numpy()
    return pl.DataFrame(
        {
            "visit_id": numbers_of_records(made, year),
            "patient": codes.at(person, made["occurred"].to_numpy()),
            "sex": coded(SEX, vocabulary["sex"][person]),
            "language": coded(LANGUAGE, vocabulary["language"][person]),
            "booked": dates(made["booked"]),
            "visited": dates(made["occurred"]),
            "recorded": dates(made["recorded"]),
            "unit": coded(UNIT, made["unit"]),
            "profession": coded(PROFESSION, made["profession"]),
            "form": coded(FORM, made["form"]),
            "reason": coded(REASON, made["reason"]),
            "outcome": coded(OUTCOME, made["outcome"]),
        }
    )


def _suffers(town: Town, recording: Recording) -> Truth:
    changed = f"{town.plan.first_year + PRACTICE_CHANGES_AFTER}-01-01"
    practice = {
        "since": changed,
        "what": "Before it no phone contacts (form PHO) were recorded, and all of chapter Z was recorded as Z00.",
    }
    missing = {"unit": "MH2", "form": "MEN", "what": "Its mental health contacts are missing in every year."}
    return recording.suffers() | {"practice_change": practice, "missing_unit": missing}
