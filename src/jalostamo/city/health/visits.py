"""The visits of a year: who comes, in which form, on which day, what for, and how long they waited.

Handbook 2.2 (service events).
"""

from __future__ import annotations

from typing import Final

import numpy as np
import polars as pl

from jalostamo.city.days import Days, Shares, Whole, working_day_until
from jalostamo.city.drawing import drawn_from
from jalostamo.city.exposures import REAL, Factor, Who, exposed, real_codes
from jalostamo.city.health.rates import (
    AGE_CLASSES,
    FACTOR_FORMS,
    FORMS,
    FURTHER_VISITS,
    MONTHS,
    OF_TEETH,
    ORDINARY_OF_CHILDREN_ONLY,
    ORDINARY_OF_GROWN_UPS_ONLY,
    PRACTICE_CHANGES_AFTER,
    WITHIN_CHAPTER,
    WORKING_AGES,
)
from jalostamo.city.health.vocabularies import (
    BY_APPOINTMENT,
    CLINIC,
    DENTAL,
    FORM,
    HOME,
    MENTAL,
    OUTCOME,
    PHONE,
    PROFESSION,
    REASON,
    REMOTE,
    SCHOOL,
    SUBSTANCE,
    UNIT,
)
from jalostamo.city.lateness import recording_days
from jalostamo.city.rhythm import WORKING_DAYS, happening, rhythm_of, uneven
from jalostamo.city.schools.pupils import school_rhythm
from jalostamo.city.town import Residents, Town

_Z00: Final = REASON.allowed.index("Z00")
_DONE, _SICK_LEAVE = OUTCOME.allowed.index("DONE"), OUTCOME.allowed.index("SICK")
_EASTERN_DISTRICTS: Final = 6
_DISTRICTS_OF_A_STATION: Final = 3
# The first of two units, the second being in the west; a single unit for the whole town.
_PAIRS: Final = {DENTAL: "DC1", CLINIC: "CC1", SCHOOL: "SH1", MENTAL: "MH1"}
_SINGLE: Final = {SUBSTANCE: "SA1", HOME: "HM1", REMOTE: "TC1", PHONE: "TC1"}
_WITHOUT_RECORDS: Final = ("MH2", "MEN")
"""The unit and the form whose contacts never reach the register."""


def visits_in(town: Town, year: int) -> pl.DataFrame:
    """All visits that are recorded of a year, by person, with the days of booking, visit and recording.

    Drawing them again gives the same.
    """
    residents = town.residents(year)
    ordinary = [_ordinary(town, form, residents) for form in range(len(FORMS))]
    factors = [_of_factor(town, factor, residents) for factor in REAL if factor.register == "health"]
    told = pl.concat(part for part in [*ordinary, *factors] if part.height)
    return _detailed(town, _as_practised(town, told, year), residents)


def _as_practised(town: Town, visits: pl.DataFrame, year: int) -> pl.DataFrame:
    """The visits as they are recorded in that year: before the change without phone contacts, and Z undivided."""
    if year >= town.plan.first_year + PRACTICE_CHANGES_AFTER:
        return visits
    reason = pl.when(pl.col("reason") >= _Z00).then(_Z00).otherwise(pl.col("reason"))
    return visits.filter(pl.col("form") != PHONE).with_columns(reason.cast(pl.UInt8).alias("reason"))


def _ordinary(town: Town, form: int, residents: Residents) -> pl.DataFrame:
    """The visits of one form, without the reasons that are factors of the notifications."""
    told = FORMS[form]
    chance = town.plan.chance(f"health {FORM.allowed[form]}", residents.year)
    growth = told.growth ** (residents.year - town.plan.first_year)
    usual = np.interp(residents.age, told.ages, told.visits) * growth * residents.share
    own = uneven(town.traits(f"health {FORM.allowed[form]}"), told.shape)[residents.person]
    place = happening(chance, usual * own)
    return _visits(form, place, _reasons(chance, form, residents.age[place]))


def _visits(form: int, place: Whole, reason: Whole) -> pl.DataFrame:
    return pl.DataFrame(
        {
            "place": pl.Series(place, dtype=pl.Int32),
            "form": pl.repeat(form, len(place), dtype=pl.UInt8, eager=True),
            "reason": pl.Series(reason, dtype=pl.UInt8),
        }
    )


def _of_factor(town: Town, factor: Factor, residents: Residents) -> pl.DataFrame:
    """The visits that a factor of the notifications brings: one to the reception for everyone who has it, and others.

    The reception's are recorded everywhere, whatever is missing of where it sends people.
    """
    form = FORM.allowed.index(FACTOR_FORMS.get(factor.code, "REC"))
    who, reason = exposed(town, factor, residents), REASON.allowed.index(factor.code)
    further = FURTHER_VISITS[FORM.allowed[form]] * FORMS[form].growth ** (residents.year - town.plan.first_year)
    times = town.plan.chance(f"further {factor.purpose}", residents.year).poisson(further, len(who))
    places = ((FORM.allowed.index("REC"), who), (form, np.repeat(who, times)))
    return pl.concat(_visits(at, place, np.full(len(place), reason)) for at, place in places)


def _reasons(chance: np.random.Generator, form: int, ages: Whole) -> Whole:
    """A reason for each visit, by the classes of age."""
    classes = np.searchsorted(AGE_CLASSES, ages, side="right") - 1
    reason = np.zeros(len(ages), dtype=np.int64)
    for place in range(len(AGE_CLASSES)):
        of_class = classes == place
        reason[of_class] = drawn_from(chance, _shares(form, place), int(np.count_nonzero(of_class)))
    return reason


def _shares(form: int, age_class: int) -> Shares:
    """How common each reason is in a form and class of age."""
    chapters = FORMS[form].chapters[age_class]
    grown_up = age_class >= 2
    never = real_codes(Who.GUARDIAN if grown_up else Who.CHILD, "health", "visits")
    never |= ORDINARY_OF_CHILDREN_ONLY if grown_up else ORDINARY_OF_GROWN_UPS_ONLY
    never |= {"Z00"}
    shares = np.zeros(len(REASON.allowed))
    for place, code in enumerate(REASON.allowed):
        allowed = code not in never and (code in OF_TEETH) == (form == DENTAL)
        within = WITHIN_CHAPTER[max(int(code[1:]) - 1, 0)]
        shares[place] = chapters.count(code[0]) * within if allowed else 0.0
    return shares


def _detailed(town: Town, visits: pl.DataFrame, residents: Residents) -> pl.DataFrame:
    """The visits with days, unit, profession and outcome; those of the unit without records are left out."""
    chance = town.plan.chance("health visits", residents.year)
    place, form = visits["place"].to_numpy(), visits["form"].to_numpy()
    visited = _days(chance, residents, place, form=form)
    person = residents.person[place]
    columns = {
        "person": person,
        "booked": np.maximum(
            _booked(chance, form, visited, years=residents.year - town.plan.first_year), town.people.birth[person]
        ),
        "occurred": visited,
        "recorded": recording_days(chance, visited),
        "unit": _units(form, residents.district[place]),
        **_staffed(chance, form, residents.age[place]),
    }
    types = {name: pl.UInt8 if name in {"unit", "profession", "outcome"} else pl.Int32 for name in columns}
    detailed = pl.DataFrame(columns, schema=types).with_columns(visits["form"], visits["reason"])
    unit, missing = (UNIT.allowed.index(_WITHOUT_RECORDS[0]), FORM.allowed.index(_WITHOUT_RECORDS[1]))
    return detailed.filter((pl.col("unit") != unit) | (pl.col("form") != missing))


def _days(chance: np.random.Generator, residents: Residents, place: Whole, *, form: Whole) -> Days:
    """The day of each visit: at school on school days, by appointment on working days, else on any."""
    year = residents.year
    rhythms = (
        (rhythm_of(year, MONTHS), ~np.isin(form, [SCHOOL, *BY_APPOINTMENT])),
        (rhythm_of(year, MONTHS, WORKING_DAYS, on_holidays=0.0), np.isin(form, BY_APPOINTMENT)),
        (school_rhythm(year), form == SCHOOL),
    )
    day = np.zeros(len(place), dtype=np.int64)
    for rhythm, chosen in rhythms:
        day[chosen] = rhythm.days(chance, residents.first_day[place[chosen]], residents.days[place[chosen]])
    return day


def _booked(chance: np.random.Generator, form: Whole, visited: Days, *, years: int) -> Days:
    """The day of booking; what would be a Saturday or a Sunday is a day of the week before it."""
    means = np.array([told.waiting * told.longer**years for told in FORMS])
    booked = visited - (chance.standard_gamma(1.6, len(form)) / 1.6 * means[form]).astype(np.int64)
    return np.where(booked < visited, working_day_until(booked), booked)


def _units(form: Whole, district: Whole) -> Whole:
    """The unit of each visit, by the district of residence."""
    unit = np.minimum(district // _DISTRICTS_OF_A_STATION, 3)
    western = (district >= _EASTERN_DISTRICTS).astype(np.int64)
    for of_form, first in _PAIRS.items():
        unit = np.where(form == of_form, UNIT.allowed.index(first) + western, unit)
    for of_form, single in _SINGLE.items():
        unit = np.where(form == of_form, UNIT.allowed.index(single), unit)
    return unit


def _staffed(chance: np.random.Generator, form: Whole, age: Whole) -> dict[str, Whole]:
    """Who received the customer, and with which outcome: sick leave is for those of an age to work."""
    profession, outcome = (np.zeros(len(form), dtype=np.int64) for _ in range(2))
    for place, told in enumerate(FORMS):
        of_form = np.flatnonzero(form == place)
        professions = np.array([PROFESSION.allowed.index(code) for code in told.professions])
        profession[of_form] = professions[drawn_from(chance, tuple(told.professions.values()), len(of_form))]
        outcome[of_form] = drawn_from(chance, told.outcomes, len(of_form))
    youngest, oldest = WORKING_AGES
    at_work = (age >= youngest) & (age <= oldest)
    outcome = np.where(~at_work & (outcome == _SICK_LEAVE), _DONE, outcome)
    return {"profession": profession, "outcome": outcome}
