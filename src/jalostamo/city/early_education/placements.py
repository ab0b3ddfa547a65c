"""The children in early education, year of operation by year of operation, and the days on which they are there.

A year of operation begins in August; a child who has begun goes on until school.

Handbook 2.2 (service events).
"""

from __future__ import annotations

from dataclasses import dataclass, fields
from typing import Final

import numpy as np
import polars as pl

from jalostamo.city.days import BEFORE, NEVER, Days, Flags, Shares, Whole, first_of, working_day_from
from jalostamo.city.early_education.vocabularies import (
    CENTRE,
    CENTRES_OF_A_DISTRICT,
    CLUB,
    FAMILY,
    PRESCHOOL,
    PRIVATE,
    TEMPORARY,
    UNIT,
)
from jalostamo.city.exposures import REAL, exposed
from jalostamo.city.town import Residents, Town
from jalostamo.city.vocabularies import NATIVE_LANGUAGE

PRESCHOOL_AGE: Final = 6
_FROM_AUGUST_TO_NEW_YEAR: Final = 153
# The share of an age that takes part in the first year, and how much more of it does in each later year.
_TAKING_PART: Final = (0.0, 0.36, 0.62, 0.75, 0.81, 0.86, 0.975)
_GROWTH_A_YEAR: Final = 0.012
_FOREIGN_LATER: Final = (0.0, 0.55, 0.68, 0.82, 0.90, 0.95, 1.0)
_FORMS: Final = (0.76, 0.10, 0.10, 0.04)
_HOURS: Final = (35, 25, 20, 40)
_HOURS_SHARES: Final = (0.48, 0.17, 0.21, 0.14)
_STARTING_MONTHS: Final = (0.62, 0.14, 0.10, 0.08, 0.06)
_LANGUAGE_SUPPORT: Final = 0.72
_WAITING_DAYS: Final = 25.0
_LONGER_A_YEAR: Final = 1.05
_FEWEST_WAITING_DAYS: Final = 14
_DAYS_OF_TEMPORARY_CARE: Final = (2, 21)
_SWEDISH: Final = NATIVE_LANGUAGE.allowed.index("sv")


@dataclass(frozen=True, slots=True, repr=False)
class Enrolled:
    """The enrolled are the children of one half of a calendar year: their days there, and how they are cared for.

    `new` are those who have applied for a place, as they do for preschool again.
    """

    person: Whole
    first: Days
    last: Days
    new: Flags
    unit: Whole
    form: Whole
    hours: Whole

    def __len__(self) -> int:
        return len(self.person)

    def where(self, chosen: Flags) -> Enrolled:
        """Some of the children."""
        return Enrolled(*(getattr(self, f.name)[chosen] for f in fields(self)))


def enrolled(town: Town, residents: Residents, *, autumn: bool) -> Enrolled:
    """Who takes part in the autumn or in the spring of a calendar year, which belong to different years of operation."""
    year = residents.year if autumn else residents.year - 1
    august = _august_of(residents.year)
    age = year - town.people.birth_year[residents.person]
    own = town.traits("early education")[residents.person]
    takes_part = own < _taking_part(town, residents, age, year=year)
    before = own < _taking_part(town, residents, age - 1, year=year - 1)
    first = np.maximum(residents.first_day, august if autumn else first_of(residents.year))
    last = np.minimum(
        residents.first_day + residents.days - 1, august - 1 if not autumn else august + _FROM_AUGUST_TO_NEW_YEAR - 1
    )
    chosen = np.flatnonzero(takes_part & (first <= last))
    person, came = residents.person[chosen], town.people.came[residents.person[chosen]]
    new = ~before[chosen] | (age[chosen] == PRESCHOOL_AGE) | (came > _august_of(year))
    form, hours = _care(town, person, age[chosen])
    unit = _units(town, residents.district[chosen], person, form=form)
    later = np.where(new & autumn, _months_later(town, person, form), 0)
    start = np.where(later > 0, working_day_from(first[chosen] + later), first[chosen])
    last = last[chosen]
    return Enrolled(person, np.minimum(start, last), last, new, unit, form, hours)


def _august_of(year: int) -> int:
    return first_of(year + 1) - _FROM_AUGUST_TO_NEW_YEAR


def _months_later(town: Town, person: Whole, form: Whole) -> Whole:
    """In which month after August a child begins, in days; preschool begins at once."""
    drawn = town.traits("start of early education")[person]
    month = np.searchsorted(np.cumsum(_STARTING_MONTHS), drawn, side="right")
    return np.where(form == PRESCHOOL, 0, 30 * np.minimum(month, len(_STARTING_MONTHS) - 1))


def _taking_part(town: Town, residents: Residents, age: Whole, *, year: int) -> Shares:
    known = np.clip(age, 0, PRESCHOOL_AGE)
    share = np.array(_TAKING_PART)[known] + _GROWTH_A_YEAR * (year - town.plan.first_year)
    share = np.minimum(share, 0.985) * np.where(residents.foreign, np.array(_FOREIGN_LATER)[known], 1.0)
    return np.where((age >= 1) & (age <= PRESCHOOL_AGE), share, 0.0)


def _care(town: Town, person: Whole, age: Whole) -> tuple[Whole, Whole]:
    """The form of care and the weekly hours, which last; before school everyone is in preschool."""
    reached = np.cumsum(_FORMS)
    drawn = town.traits("forms of early education")[person]
    form = np.minimum(np.searchsorted(reached, drawn, side="right"), len(reached) - 1)
    form = np.array((CENTRE, FAMILY, PRIVATE, CLUB))[form]
    form = np.where(age == PRESCHOOL_AGE, PRESCHOOL, form)
    reached = np.cumsum(_HOURS_SHARES)
    at = np.searchsorted(reached, town.traits("hours of early education")[person], side="right")
    return form, np.where(form == CLUB, 10, np.array(_HOURS)[np.minimum(at, len(reached) - 1)])


def _units(town: Town, district: Whole, person: Whole, *, form: Whole) -> Whole:
    """The unit: one of the district's two centres, or one of those for the whole town."""
    which = (town.traits("early education units")[person] * CENTRES_OF_A_DISTRICT).astype(np.int64)
    unit = district * CENTRES_OF_A_DISTRICT + which
    unit = np.where(town.people.language[person] == _SWEDISH, UNIT.allowed.index("ee-swedish"), unit)
    unit = np.where(form == FAMILY, UNIT.allowed.index("ee-family"), unit)
    return np.where(form == PRIVATE, UNIT.allowed.index("ee-private"), unit)


def placements_in(town: Town, year: int) -> pl.DataFrame:
    """The placements that begin in a year: one for each child and year of operation, and those of temporary care.

    The first year has those of its spring too, which began in the August before the registers.
    """
    residents = town.residents(year)
    spring, autumn = (enrolled(town, residents, autumn=half) for half in (False, True))
    came = town.people.came[spring.person]
    begun = (came > first_of(year)) | ((came == BEFORE) & (year == town.plan.first_year))
    in_spring = _placed(town, spring.where(begun), year, autumn=False)
    parts = [in_spring, _placed(town, autumn, year, autumn=True), _temporary(town, residents)]
    return pl.concat(parts).sort("occurred", maintain_order=True)


def _placed(town: Town, children: Enrolled, year: int, *, autumn: bool) -> pl.DataFrame:
    chance = town.plan.chance(f"placements {'autumn' if autumn else 'spring'}", year)
    before = (town.people.came[children.person] == BEFORE) & (not autumn)
    start = children.first - np.where(before, _FROM_AUGUST_TO_NEW_YEAR, 0)
    ends = _august_of(year + 1 if autumn else year) - 1
    waiting = _waiting(chance, len(children), years=year - town.plan.first_year)
    return _frame(
        {
            "person": children.person,
            "unit": children.unit,
            "form": children.form,
            "applied": np.where(children.new, start - waiting, NEVER),
            "occurred": start,
            "until": np.minimum(town.people.left[children.person], ends),
            "hours": children.hours,
            "support": _supported(chance, town, children.person),
        }
    )


def _waiting(chance: np.random.Generator, number: int, *, years: int) -> Whole:
    """Days from an application to the first day."""
    mean = _WAITING_DAYS * _LONGER_A_YEAR**years
    return (_FEWEST_WAITING_DAYS + chance.standard_gamma(2.0, number) * mean).astype(np.int64)


def _supported(chance: np.random.Generator, town: Town, person: Whole) -> Flags:
    return town.people.foreign[person] & (chance.random(len(person)) < _LANGUAGE_SUPPORT)


def _temporary(town: Town, residents: Residents) -> pl.DataFrame:
    """Some days of care for those who have this factor of the notifications."""
    (factor,) = (f for f in REAL if f.register == "early_education")
    place = exposed(town, factor, residents)
    chance, number = town.plan.chance("temporary care", residents.year), len(place)
    person = residents.person[place]
    start = np.minimum(working_day_from(residents.days_of(chance, place)), town.people.left[person])
    form = np.full(number, TEMPORARY)
    return _frame(
        {
            "person": person,
            "unit": _units(town, residents.district[place], person, form=form),
            "form": form,
            "applied": start - chance.integers(0, 10, number),
            "occurred": start,
            "until": np.minimum(start + chance.integers(*_DAYS_OF_TEMPORARY_CARE, number), town.people.left[person]),
            "hours": np.full(number, 35),
            "support": _supported(chance, town, person),
        }
    )


def _frame(columns: dict[str, Whole | Flags]) -> pl.DataFrame:
    types = {name: pl.Boolean if name == "support" else pl.Int32 for name in columns}
    return pl.DataFrame(columns, schema=types).with_columns(recorded=pl.col("occurred"))
