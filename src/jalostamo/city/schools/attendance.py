"""Absences from school and contacts with pupil welfare, with the reasons that make notifications likelier among them.

Handbook 2.2 (service events).
"""

from __future__ import annotations

from typing import Final

import numpy as np
import polars as pl

from jalostamo.city.days import Days, Whole
from jalostamo.city.drawing import drawn_from
from jalostamo.city.exposures import REAL, exposed
from jalostamo.city.lateness import recording_days
from jalostamo.city.rhythm import happening, uneven
from jalostamo.city.schools.pupils import halves_of, pupils_of, school_rhythm, schools_in
from jalostamo.city.schools.vocabularies import (
    ABSENCE,
    PROFESSION,
    SCHOOL,
    WELFARE_REASON,
)
from jalostamo.city.town import Residents, Town
from jalostamo.concepts.code_lists import CodeList

_ABSENCES_A_YEAR: Final = 3.0
_CONTACTS_A_YEAR: Final = 0.50
_GROWTH_OF_CONTACTS: Final = 1.04
_PARTS: Final = (0.58, 0.42)
"""How the year's absences and contacts part between spring and autumn."""

_ABSENCE_REASONS: Final = (0.58, 0.11, 0.09, 0.07, 0.03, 0.02, 0.02, 0.01, 0.05, 0.02, 0.0, 0.0)
_LESSONS: Final = (0.10, 0.08, 0.08, 0.14, 0.28, 0.22, 0.10)
_PROFESSIONS: Final = (0.24, 0.36, 0.40)
_OUTCOMES: Final = (0.36, 0.34, 0.06, 0.09, 0.15)
# The psychologist is asked about learning, the social worker about life, the nurse about health.
_WELFARE_REASONS: Final = (
    (9, 8, 6, 8, 4, 1, 0, 1, 3, 3, 0, 0, 1, 1, 1, 2, 0, 0, 0, 0, 0, 0, 2, 0),
    (0, 0, 0, 3, 8, 9, 0, 7, 3, 4, 1, 0, 2, 4, 4, 7, 3, 0, 0, 0, 0, 3, 1, 4),
    (0, 0, 0, 0, 0, 1, 0, 1, 3, 3, 7, 0, 1, 1, 0, 0, 2, 4, 8, 7, 10, 1, 0, 0),
)
WITHOUT_RECORDS: Final = ("Y03", "PS")
"""The school whose psychologist's contacts never reach the register."""


def absences_in(town: Town, year: int) -> pl.DataFrame:
    """The absences of a year: a day each, by day."""
    residents, chance = town.residents(year), town.plan.chance("absences", year)
    person, school, day = _events(chance, town, residents, "absences", often=_ABSENCES_A_YEAR)
    reason = drawn_from(chance, _ABSENCE_REASONS, len(person))
    usual = _frame(person, school, day, {"reason": reason, "lessons": drawn_from(chance, _LESSONS, len(person)) + 1})
    single = _of_factors(town, residents, "absences", ABSENCE).with_columns(lessons=pl.lit(1, pl.Int32))
    return pl.concat([usual, single]).with_columns(recorded=pl.col("occurred")).sort("occurred", maintain_order=True)


def contacts_in(town: Town, year: int) -> pl.DataFrame:
    """The contacts of a year with pupil welfare, with the day of recording."""
    residents, chance = town.residents(year), town.plan.chance("pupil welfare", year)
    often = _CONTACTS_A_YEAR * _GROWTH_OF_CONTACTS ** (year - town.plan.first_year)
    person, school, day = _events(chance, town, residents, "pupil_welfare", often=often)
    profession = drawn_from(chance, _PROFESSIONS, len(person))
    reason = np.zeros(len(person), dtype=np.int64)
    for place, shares in enumerate(_WELFARE_REASONS):
        asked = np.flatnonzero(profession == place)
        reason[asked] = drawn_from(chance, shares, len(asked))
    usual = _frame(person, school, day, {"reason": reason, "profession": profession})
    social_worker = pl.lit(PROFESSION.allowed.index("KU"), pl.Int32)
    rare = _of_factors(town, residents, "pupil_welfare", WELFARE_REASON).with_columns(profession=social_worker)
    both = pl.concat([usual, rare.select(usual.columns)])
    outcome = pl.Series("outcome", drawn_from(chance, _OUTCOMES, both.height), dtype=pl.Int32)
    recorded = pl.Series("recorded", recording_days(chance, both["occurred"].to_numpy()), dtype=pl.Int32)
    return both.with_columns(outcome, recorded).filter(~_never_recorded())


def _never_recorded() -> pl.Expr:
    school, profession = SCHOOL.allowed.index(WITHOUT_RECORDS[0]), PROFESSION.allowed.index(WITHOUT_RECORDS[1])
    return (pl.col("school") == school) & (pl.col("profession") == profession)


def _events(
    chance: np.random.Generator, town: Town, residents: Residents, what: str, *, often: float
) -> tuple[Whole, Whole, Days]:
    """Whom something happens to at which school on which school day; a few people have most of it."""
    own, rhythm = uneven(town.traits(what), 0.9), school_rhythm(residents.year)
    parts = []
    for half, part in zip(halves_of(residents.year), _PARTS, strict=True):
        pupils = pupils_of(town, residents, half)
        there = (pupils.last - pupils.first + 1) / (half.last - half.first + 1)
        place = happening(chance, often * part * own[pupils.person] * there)
        day = rhythm.days(chance, pupils.first[place], (pupils.last - pupils.first + 1)[place])
        parts.append((pupils.person[place], pupils.school[place], day))
    person, school, day = (np.concatenate(column) for column in zip(*parts, strict=True))
    return person, school, day


def _of_factors(town: Town, residents: Residents, table: str, code_list: CodeList) -> pl.DataFrame:
    """One record for everyone who has a factor of the notifications in the year, at a school that they go to."""
    schools, rhythm = schools_in(town, residents), school_rhythm(residents.year)
    parts = []
    for factor in (f for f in REAL if f.table == table):
        place = exposed(town, factor, residents)
        chance = town.plan.chance(f"days of {factor.purpose}", residents.year)
        day = rhythm.days(chance, residents.first_day[place], residents.days[place])
        reason = np.full(len(place), code_list.allowed.index(factor.code))
        parts.append(_frame(residents.person[place], schools[place], day, {"reason": reason}))
    return pl.concat(parts)


def _frame(person: Whole, school: Whole, day: Days, further: dict[str, Whole]) -> pl.DataFrame:
    columns = {"person": person, "school": school, "occurred": day, **further}
    return pl.DataFrame(columns, schema=dict.fromkeys(columns, pl.Int32))
