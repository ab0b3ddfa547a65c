"""The pupils of a half-year, their grades and schools, and their enrolments.

A calendar year has two halves: the spring of the school year before, and the autumn of a new one.

Handbook 2.2 (service events).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
import polars as pl

from jalostamo.city.days import BEFORE, Days, Flags, Whole, first_of, first_of_month, weekday_of, working_day_from
from jalostamo.city.people import People
from jalostamo.city.rhythm import Rhythm, rhythm_of
from jalostamo.city.schools.vocabularies import SCHOOL
from jalostamo.city.town import Residents, Town
from jalostamo.city.vocabularies import NATIVE_LANGUAGE

STARTING_AGE: Final = 7
GRADES: Final = 9
LAST_PRIMARY_GRADE: Final = 6
SWEDISH: Final = NATIVE_LANGUAGE.allowed.index("sv")
_PRIMARY_SCHOOLS: Final = 12
_DISTRICTS_OF_A_SECONDARY: Final = 3
_SWEDISH_SCHOOL: Final = SCHOOL.allowed.index("R01")

# The winter break ends before the 8th of January, the spring term on the Saturday from the 30th of May on.
_SATURDAY: Final = 5
_MONTHS: Final = (0.75, 0.85, 1.05, 0.95, 0.90, 0.80, 0.0, 0.65, 0.95, 0.85, 1.15, 0.75)
_WEEKDAYS: Final = (1.1, 1.0, 1.0, 1.0, 1.05, 0.0, 0.0)


@dataclass(frozen=True, slots=True)
class Half:
    """A half is the part of a school year in one calendar year, with its first and last school day."""

    school_year: int
    first: int
    last: int


@dataclass(frozen=True, slots=True, repr=False)
class Pupils:
    """Pupils are who goes to school in a half: places among the year's residents, with their days in that half."""

    place: Whole
    person: Whole
    grade: Whole
    school: Whole
    first: Days
    last: Days

    def __len__(self) -> int:
        return len(self.place)


def halves_of(year: int) -> tuple[Half, Half]:
    """The spring and the autumn of a calendar year."""
    new_year = first_of(year)
    leap = first_of(year + 1) - new_year - 365
    end_of_may = np.array([new_year + 149 + leap])
    saturday = int((end_of_may + (_SATURDAY - weekday_of(end_of_may)) % 7)[0])
    autumn = int(working_day_from(np.array([new_year + 222 + leap]))[0])
    return Half(year - 1, new_year + 7, saturday), Half(year, autumn, new_year + 354 + leap)


def school_rhythm(year: int) -> Rhythm:
    """How many are away on which school day."""
    summer = np.arange(halves_of(year)[0].last + 1, first_of_month(year, 7))
    return rhythm_of(year, _MONTHS, _WEEKDAYS, closed=np.r_[free_days(year), summer], on_holidays=0.0)


def free_days(year: int) -> Days:
    """The days of a year's terms without school: the weeks of holidays at New Year, in winter, autumn and December."""
    leap = first_of(year + 1) - first_of(year) - 365
    breaks = (range(7), range(49, 56), range(289 + leap, 296 + leap), range(355 + leap, 365 + leap))
    return np.asarray(first_of(year) + np.concatenate([np.array(weeks) for weeks in breaks]))


def pupils_of(town: Town, residents: Residents, half: Half) -> Pupils:
    """Who goes to school in a half."""
    grade = half.school_year - town.people.birth_year[residents.person] - STARTING_AGE + 1
    first = np.maximum(residents.first_day, half.first)
    last = np.minimum(residents.first_day + residents.days - 1, half.last)
    place = np.flatnonzero((grade >= 1) & (grade <= GRADES) & (first <= last))
    school = _school_of(residents.district[place], grade[place], town.people.language[residents.person[place]])
    return Pupils(place, residents.person[place], grade[place], school, first[place], last[place])


def schools_in(town: Town, residents: Residents) -> Whole:
    """The school of each resident in a year, for those of school age."""
    grade = residents.age - STARTING_AGE + 1
    return _school_of(residents.district, grade, town.people.language[residents.person])


def _school_of(district: Whole, grade: Whole, language: Whole) -> Whole:
    primary = np.minimum(district, _PRIMARY_SCHOOLS - 1)
    secondary = _PRIMARY_SCHOOLS + primary // _DISTRICTS_OF_A_SECONDARY
    school = np.where(grade <= LAST_PRIMARY_GRADE, primary, secondary)
    return np.where(language == SWEDISH, _SWEDISH_SCHOOL, school)


def enrolments_in(town: Town, year: int) -> pl.DataFrame:
    """The enrolments that begin in a year: a row for each pupil and school year, ended when the pupil moves out.

    The first year has those of its spring too, which began in the autumn before the registers.
    """
    residents = town.residents(year)
    spring, autumn = (pupils_of(town, residents, half) for half in halves_of(year))
    came = town.people.came[spring.person]
    began_before = came == BEFORE
    new: Flags = (came > first_of(year)) | (began_before if year == town.plan.first_year else False)
    since = np.where(began_before, halves_of(year - 1)[1].first, spring.first)
    parts = [
        _enrolled(town.people, spring, since, ends=halves_of(year)[0].last).filter(pl.Series(new)),
        _enrolled(town.people, autumn, autumn.first, ends=halves_of(year + 1)[0].last),
    ]
    return pl.concat(parts).sort("occurred", maintain_order=True)


def _enrolled(people: People, pupils: Pupils, since: Days, *, ends: int) -> pl.DataFrame:
    until = np.minimum(people.left[pupils.person], ends)
    since = np.minimum(working_day_from(since), until)
    columns = {
        "person": pupils.person,
        "school": pupils.school,
        "grade": pupils.grade,
        "occurred": since,
        "recorded": since,
        "until": until,
    }
    return pl.DataFrame(columns, schema=dict.fromkeys(columns, pl.Int32))
