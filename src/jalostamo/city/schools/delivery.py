"""Delivering the schools' register, year by year, and what is true of it.

Handbook 2.2 (service events).
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Final

import numpy as np
import polars as pl

from jalostamo.city.days import last_of
from jalostamo.city.delivering import delivered
from jalostamo.city.frames import coded, dates
from jalostamo.city.lateness import Recording, badly_recorded
from jalostamo.city.people import MALE
from jalostamo.city.schools.attendance import WITHOUT_RECORDS, absences_in, contacts_in
from jalostamo.city.schools.description import SCHOOLS
from jalostamo.city.schools.pupils import enrolments_in
from jalostamo.city.schools.support import support_in, truth_of_support, windows_after
from jalostamo.city.schools.vocabularies import (
    ABSENCE,
    CLASS_LANGUAGE,
    HOME_LANGUAGE,
    PROFESSION,
    SCHOOL,
    SEX,
    SUBJECT,
    SUPPORT_LEVEL,
    WELFARE_OUTCOME,
    WELFARE_REASON,
)
from jalostamo.city.town import Town
from jalostamo.city.truth import Truth, joined
from jalostamo.city.vocabularies import FC
from jalostamo.concepts.code_lists import CodeList

_LISTS: Final[dict[str, dict[str, CodeList]]] = {
    "enrolments": {"school": SCHOOL},
    "absences": {"school": SCHOOL, "reason": ABSENCE},
    "pupil_welfare": {
        "school": SCHOOL,
        "profession": PROFESSION,
        "reason": WELFARE_REASON,
        "outcome": WELFARE_OUTCOME,
    },
    "support": {"school": SCHOOL, "level": SUPPORT_LEVEL, "subject": SUBJECT},
}
_DAYS: Final = {
    "enrolments": {"since": "occurred"},
    "absences": {"day": "occurred"},
    "pupil_welfare": {"day": "occurred", "recorded": "recorded"},
    "support": {"since": "occurred"},
}
_SWEDISH_SCHOOL: Final = SCHOOL.allowed.index("R01")


def deliver_schools(folder: Path, town: Town) -> Truth:
    """Write the register of the schools, and return what is true of it."""
    windows, started = windows_after(town.asked, FC), []
    events: dict[str, Callable[[int], pl.DataFrame]] = {
        "enrolments": lambda year: enrolments_in(town, year),
        "absences": lambda year: absences_in(town, year),
        "pupil_welfare": lambda year: contacts_in(town, year),
        "support": lambda year: support_in(town, year, windows),
    }
    writer = _Writer(town)
    with delivered(folder, SCHOOLS) as tables:
        for year in town.plan.years:
            for name, drawn in events.items():
                happened = drawn(year)
                tables[name].append(writer.records(name, year, happened))
                started += [happened.select("person", "occurred")] if name == "support" else []
        counts = {name: table.records for name, table in tables.items()}
    return {
        "registers": {SCHOOLS.name: counts},
        "suffers": {SCHOOLS.name: writer.suffers()},
        "planted": truth_of_support(town, pl.concat(started)),
    }


class _Writer:
    """What happened becomes records: with the codes that the schools have, in the order of recording."""

    def __init__(self, town: Town) -> None:
        self.town = town
        self.codes = town.recorded_by(SCHOOLS.name)
        self.bad = badly_recorded(self.codes, town.codes)
        self.recordings = {name: Recording(town.plan, f"schools {name}") for name in _LISTS}

    def records(self, table: str, year: int, happened: pl.DataFrame) -> pl.DataFrame:
        made = self.recordings[table].made_in(year, happened, bad=self.bad)
        person = made["person"].to_numpy()
        columns = {"pupil": self.codes.at(person, made["occurred"].to_numpy())}
        columns |= {name: coded(listed, made[name]) for name, listed in _LISTS[table].items()}
        columns |= {name: dates(made[day]) for name, day in _DAYS[table].items()}
        if "until" in made.columns:
            columns["until"] = dates(made["until"], until=last_of(self.town.plan.last_year))
        columns |= {name: made[name] for name in ("grade", "lessons") if name in made.columns}
        if table == "enrolments":
            columns |= self._of_pupils(made)
        return pl.DataFrame(columns)

    def _of_pupils(self, made: pl.DataFrame) -> dict[str, pl.Series]:
        people, person = self.town.people, made["person"].to_numpy()
        in_swedish = (made["school"] == _SWEDISH_SCHOOL).to_numpy().astype(np.int64)
        return {
            "sex": coded(SEX, np.where(people.sex[person] == MALE, 0, 1)),
            "home_language": coded(HOME_LANGUAGE, np.minimum(people.language[person], 2)),
            "class_language": coded(CLASS_LANGUAGE, in_swedish),
        }

    def suffers(self) -> Truth:
        missing = dict(zip(("unit", "profession"), WITHOUT_RECORDS, strict=True))
        what = "Its contacts of pupil welfare with this profession are missing in every year."
        tables: Truth = {name: recording.suffers() for name, recording in self.recordings.items()}
        return joined(tables, {"pupil_welfare": {"missing_unit": missing | {"what": what}}})
