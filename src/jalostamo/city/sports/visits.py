"""Who goes to which sports facility at what time, and who signs up for a course, in one year.

Handbook 2.2 (service events).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
import polars as pl

from jalostamo.city.days import Flags, Shares, Whole, day_and_month_of, first_of, first_of_month, weekday_of
from jalostamo.city.drawing import Choice
from jalostamo.city.lateness import recording_days
from jalostamo.city.plan import Plan
from jalostamo.city.rhythm import Rhythm, by_age, happening, lasting_rate, rhythm_of
from jalostamo.city.sports.vocabularies import (
    ACTIVITY,
    ADULT,
    CHILD,
    COMMON,
    DONE,
    FACILITY,
    JUMPING,
    NEAR,
    OPEN,
    SENIOR,
    UNRECORDED,
)
from jalostamo.city.town import Residents, Town
from jalostamo.city.vocabularies import DISTRICT

PENSION: Final = 65
GROWN: Final = 18
FREE_PASS: Final = 1.15
FREE_PASS_YEAR: Final = 5
JUMP: Final = 1.6
JUMP_YEAR, JUMP_MONTH = 4, 3

_GOING: Final = 0.55
_AGES: Final = (0, 3, 7, 13, 18, 65, 80)
_VISITS: Final = (0.0, 1.2, 2.9, 2.7, 1.75, 1.5, 1.15)
_COURSES: Final = 0.05
_YEARLY: Final = 1.008
_MONTHS: Final = (1.25, 1.15, 1.15, 1.0, 0.9, 0.75, 0.5, 0.9, 1.15, 1.15, 1.15, 0.8)
_WEEKDAYS: Final = (1.1, 1.1, 1.1, 1.05, 0.8, 0.95, 0.85)
_LATE: Final = 0.05
_SOON: Final = 0.8
_TIMES_NEAR: Final = 2.6
# Minutes of the day at which children, adults and the old come, as a middle and a spread, on working days.
_MIDDLE, _SPREAD = (1020.0, 1065.0, 660.0), (95.0, 130.0, 140.0)
_OPENS, _CLOSES = 6 * 60 + 30, 21 * 60
_COURSES_OF_A_TERM, _PEOPLE_PER_COURSE = 8, 1_500
_OLD_ENOUGH: Final = 13
_POOLS: Final = tuple(FACILITY.allowed.index(code) for code in ("SIM", "ÖSI"))
_SWIMMING: Final = ACTIVITY.allowed.index("sim")
_FOR_THE_GROWN: Final = tuple(ACTIVITY.allowed.index(code) for code in ("gym", "vgy"))
_OUTCOMES: Final = (0.80, 0.12, 0.08)


@dataclass(frozen=True, slots=True, repr=False)
class Active:
    """The active are everyone's lasting habits, and where each district goes."""

    town: Town
    rate: Shares
    shares: Shares

    @property
    def first_year(self) -> int:
        """The first year of the registers, from which the changes are counted."""
        return self.town.plan.first_year

    @property
    def jump_day(self) -> int:
        """The day on which one facility's visits jump."""
        return first_of_month(self.first_year + JUMP_YEAR, JUMP_MONTH)


def active_in(town: Town) -> Active:
    """The active people of a town."""
    near = np.array([[1.0 + (_TIMES_NEAR - 1.0) * (code in of) for of in NEAR] for code in DISTRICT.allowed])
    shares = near * COMMON
    return Active(town, lasting_rate(town, "sports habit", share=_GOING), shares / shares.sum(axis=1, keepdims=True))


def visits_in(active: Active, year: int) -> pl.DataFrame:
    """The visits of a year; days are numbers, codes are places, `minute` is one of the day."""
    plan, residents, days = (
        active.town.plan,
        active.town.residents(year),
        rhythm_of(year, _MONTHS, _WEEKDAYS, on_holidays=0.0),
    )
    at = happening(plan.chance("sports visits", year), _expected(active, residents, days))
    chance = plan.chance("sports days", year)
    day = days.days(chance, residents.first_day[at], residents.days[at])
    # With the jump everyone's visits there are more; before it the additional ones are taken away.
    jumped = active.shares.copy()
    jumped[:, JUMPING] *= JUMP
    facility = Choice(jumped).of(chance, residents.district[at])
    stage = _stage(residents.age)[at]
    activity = Choice(DONE).of(chance, facility * (SENIOR + 1) + stage)
    facility, activity = _fit_for_children(residents.age[at], facility, activity)
    columns = {
        "person": residents.person[at],
        "age": residents.age[at],
        "facility": facility,
        "activity": activity,
        "day": day,
        "minute": _minutes(chance, stage, day),
        "recorded": recording_days(chance, day, late=_LATE, soon=_SOON, weekends=True),
    }
    frame = pl.DataFrame({name: column.astype(np.int32) for name, column in columns.items()})
    return frame.filter(_happens(chance, active, day, facility) & ~_unrecorded(facility, activity))


def _expected(active: Active, residents: Residents, days: Rhythm) -> Shares:
    """How many visits are expected of each resident, those included that only the jump brings."""
    expected = by_age(residents.age, _AGES, _VISITS) * active.rate[residents.person]
    expected *= _YEARLY ** (residents.year - active.first_year)
    if residents.year >= active.first_year + FREE_PASS_YEAR:
        expected *= np.where(residents.age >= PENSION, FREE_PASS, 1.0)
    more = 1.0 + (JUMP - 1.0) * active.shares[residents.district, JUMPING]
    return np.asarray(expected * more * days.part(residents.first_day, residents.days))


def _happens(chance: np.random.Generator, active: Active, day: Whole, facility: Whole) -> Flags:
    _, month = day_and_month_of(day)
    part = OPEN[facility, month - 1]
    part = np.where((facility == JUMPING) & (day < active.jump_day), part / JUMP, part)
    return np.asarray(chance.random(len(day)) < part)


def _fit_for_children(age: Whole, facility: Whole, activity: Whole) -> tuple[Whole, Whole]:
    """Whoever is too young for the gym, or for gymnastics in the water, goes swimming."""
    too_young = (age < _OLD_ENOUGH) & np.isin(activity, _FOR_THE_GROWN)
    at_gym = too_young & ~np.isin(facility, _POOLS)
    return np.where(at_gym, _POOLS[0], facility), np.where(too_young, _SWIMMING, activity)


def _unrecorded(facility: Whole, activity: Whole) -> Flags:
    """What one facility never sends to the register."""
    return np.asarray((facility == UNRECORDED[0]) & (activity == UNRECORDED[1]))


def _stage(age: Whole) -> Whole:
    return by_age(age, (0, GROWN, PENSION), (CHILD, ADULT, SENIOR)).astype(np.int64)


def _minutes(chance: np.random.Generator, stage: Whole, day: Whole) -> Whole:
    """The minute of the day: evenings, for the old mornings, and at weekends noon."""
    weekend = weekday_of(day) >= 5
    middle = np.where(weekend, 800.0, np.array(_MIDDLE)[stage])
    minute = middle + np.array(_SPREAD)[stage] * chance.standard_normal(len(day))
    # Outside the hours somebody comes at another one of them.
    within = (minute >= _OPENS) & (minute < _CLOSES)
    return np.where(within, minute, chance.uniform(_OPENS, _CLOSES, len(day))).astype(np.int64)


@dataclass(frozen=True, slots=True, repr=False)
class Courses:
    """Courses are a year's: each of a term, in a facility, of an activity, beginning on a day."""

    facility: Whole
    activity: Whole
    starts: Whole


def courses_in(plan: Plan, year: int) -> Courses:
    """The courses of a year: in January and in September."""
    chance, number = plan.chance("sports courses", year), _COURSES_OF_A_TERM + plan.people // _PEOPLE_PER_COURSE
    facility = chance.choice(len(FACILITY.allowed) - 2, 2 * number)
    stage = chance.integers(CHILD, SENIOR, 2 * number, endpoint=True)
    activity = Choice(DONE).of(chance, facility * (SENIOR + 1) + stage)
    terms = np.repeat([first_of_month(year, 1) + 10, first_of_month(year, 9)], number)
    return Courses(facility, activity % len(ACTIVITY.allowed), terms + chance.integers(0, 12, 2 * number))


def signups_in(active: Active, courses: Courses, year: int) -> pl.DataFrame:
    """Who signs up for which course of the year, up to six weeks before it begins."""
    residents, chance = active.town.residents(year), active.town.plan.chance("sports sign-ups", year)
    expected = _COURSES * by_age(residents.age, _AGES, _VISITS) * active.rate[residents.person] * residents.share
    at = happening(chance, np.asarray(expected / 1.75))
    course = chance.integers(0, len(courses.starts), len(at))
    starts = courses.starts[course]
    earliest = np.maximum(first_of(year), residents.first_day[at])
    signed = starts - np.floor(chance.random(len(at)) * (np.clip(starts - earliest, 0, 42) + 1)).astype(np.int64)
    columns = {
        "person": residents.person[at],
        "age": residents.age[at],
        "course": course,
        "facility": courses.facility[course],
        "activity": courses.activity[course],
        "day": signed,
        "starts": starts,
        "outcome": chance.choice(len(_OUTCOMES), len(at), p=_OUTCOMES),
        "recorded": recording_days(chance, signed, late=_LATE, soon=0.0, weekends=True),
        "year": np.full(len(at), year),
    }
    lives = (starts >= earliest) & (starts < residents.first_day[at] + residents.days[at])
    return pl.DataFrame({name: column.astype(np.int32) for name, column in columns.items()}).filter(lives)
