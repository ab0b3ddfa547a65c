"""How the people live at the end of a year: education, main activity, occupation, income of the household, dwelling.

A year is worked out from lasting traits and the year's own chance: nothing has to be remembered between years.

Handbook 2.2 (background of customers).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from jalostamo.city import living_rates as rates
from jalostamo.city.days import Flags, Shares, Whole, last_of
from jalostamo.city.drawing import drawn_by_row
from jalostamo.city.homes import CHARACTERS
from jalostamo.city.living_rates import CHILD, ELSEWHERE, EMPLOYED, PENSIONER, STUDENT, UNEMPLOYED
from jalostamo.city.people import FEMALE, NOBODY
from jalostamo.city.town import Town

type Small = NDArray[np.int8]

FROM_AGE = 15
"""The youngest of whom living conditions are told."""


@dataclass(frozen=True, slots=True, repr=False)
class Living:
    """Living is everyone's conditions at the end of one year, one place per person who came by then.

    `education` is 0 (none) to 4 (higher), `activity` one of six, `occupation` a major group 1-9 of the employed, `income`
    the tenth of the residents 1-10 that the household's income falls in, `dwelling` a kind of dwelling from 1. For whom
    does not live in the town on that day all are 0.
    """

    year: int
    resident: Flags
    education: Small
    activity: Small
    occupation: Small
    income: Small
    dwelling: Small


@dataclass(frozen=True, slots=True, repr=False)
class _People:
    """Who has come by a year's end, with what decides their living."""

    town: Town
    year: int
    number: int
    age: Whole
    women: Flags
    foreign: Flags
    prosperity: Shares

    def lasting(self, purpose: str) -> Shares:
        return self.town.traits(purpose)[: self.number]

    def standing(self, purpose: str) -> Shares:
        """Where each stands among all, between 0 and 1: mostly the same from year to year."""
        this_year = self.town.plan.chance(f"{purpose} of a year", self.year).random(self.number)
        return _evened(rates.LASTING * self.lasting(purpose) + (1 - rates.LASTING) * this_year)


def living_in(town: Town, year: int) -> Living:
    """How everyone lives on the last day of a year."""
    people = _people_by(town, year)
    education = _education(people)
    activity = _activity(people, education)
    occupation = _occupation(people, education, activity)
    resident = (town.people.came[: people.number] <= last_of(year)) & (
        town.people.left[: people.number] >= last_of(year)
    )
    home = town.addresses.at(np.arange(people.number), np.full(people.number, last_of(year)))
    earned = _earned(people, education, activity, occupation=occupation)
    income = _classes(earned, town.addresses.household[home], resident)
    told = (education, activity, occupation, income, town.addresses.dwelling[home] + 1)
    return Living(year, resident, *(np.where(resident, values, 0).astype(np.int8) for values in told))


def _people_by(town: Town, year: int) -> _People:
    number = int(np.searchsorted(town.people.came_in, year, side="right"))
    people = town.people
    first = town.addresses.at(np.arange(number), people.came[:number])
    prosperity = np.array([character.income for character in CHARACTERS])[town.addresses.district[first]]
    age = year - people.birth_year[:number]
    return _People(town, year, number, age, people.sex[:number] == FEMALE, people.foreign[:number], prosperity)


def _education(people: _People) -> Whole:
    cohort = people.year - people.age
    drawn = people.lasting("education") + rates.EDUCATION_BY_INCOME_OF_DISTRICT * (people.prosperity - 1)
    drawn = drawn + rates.EDUCATION_OF_WOMEN * people.women + rates.EDUCATION_OF_FOREIGN * people.foreign
    at_last = 1 + sum(
        (drawn >= np.interp(cohort, rates.COHORTS, shares)).astype(np.int64)
        for shares in (rates.UP_TO_BASIC, rates.UP_TO_UPPER, rates.UP_TO_LOWER)
    )
    pace = people.lasting("pace of learning")
    late = np.where(people.lasting("late learners") < rates.LATE_LEARNERS, rates.LATE_BY, 0.0)
    level = np.zeros(people.number, dtype=np.int64)
    for step, (earliest, spread) in enumerate(rates.REACHED_AT, start=1):
        # The last level of late learners is reached as a grown-up.
        age = earliest + spread * pace + np.where((step == at_last) & (step > rates.BASIC), late, 0.0)
        level[(people.age >= age) & (step <= at_last)] = step
    return level


def _activity(people: _People, education: Whole) -> Whole:
    age, drawn = people.age, people.standing("activity")
    young = age < 28
    jobless = np.array(rates.UNEMPLOYED_BY_EDUCATION)[education] * np.where(
        people.foreign, rates.UNEMPLOYED_FOREIGN, 1.0
    )
    wave = 1 + rates.WAVE * np.sin((people.year - rates.WAVE_BEGINS) * 2 * np.pi / rates.WAVE_YEARS)
    jobless = jobless * wave * np.where(young, rates.UNEMPLOYED_YOUNG, 1.0) / people.prosperity**2
    at_home = np.where(_with_small_child(people), rates.AT_HOME_WITH_A_SMALL_CHILD, rates.AT_HOME)
    at_home = np.where(people.women & people.foreign, np.maximum(at_home, rates.AT_HOME_FOREIGN_WOMEN), at_home)
    activity = np.where(drawn < jobless, UNEMPLOYED, np.where(drawn < jobless + at_home, ELSEWHERE, EMPLOYED))
    activity = np.where(_studies(people, education), STUDENT, activity)
    early, late = rates.PENSION_AGES
    disabled = np.interp(age, rates.DISABILITY_AGES, rates.DISABILITY, left=0.0)
    pensioner = age >= early + (late - early) * people.lasting("age of pension")
    pensioner |= people.lasting("disability") < disabled
    return np.where(age < FROM_AGE, CHILD, np.where(pensioner, PENSIONER, activity))


def _studies(people: _People, education: Whole) -> Flags:
    at_school = (people.age < 19) & (people.standing("studies") < rates.STUDENTS_OF_SCHOOL_AGE)
    next_step = np.array([0.0, 0.0, 0.45, 0.62, 1.0])[np.minimum(education, rates.HIGHER)]
    on_the_way = (people.age < 27) & (people.lasting("education") > next_step)
    studying = at_school | (on_the_way & (people.standing("studies") < rates.STUDENTS_ON_THE_WAY))
    return np.asarray(studying & (education < rates.HIGHER))


def _with_small_child(people: _People) -> Flags:
    everyone = people.town.people
    small = (people.age < rates.SMALL_CHILD) & (people.age >= 0)
    mothers = everyone.guardian_1[: people.number][small]
    found = np.zeros(people.number, dtype=np.bool_)
    found[mothers[mothers != NOBODY]] = True
    return found & people.women


def _occupation(people: _People, education: Whole, activity: Whole) -> Whole:
    by_sex = [
        np.multiply(rates.OCCUPATIONS, factors) for factors in (rates.OCCUPATIONS_OF_MEN, rates.OCCUPATIONS_OF_WOMEN)
    ]
    weights = np.concatenate(by_sex)
    cumulated = np.cumsum(weights, axis=1) / weights.sum(axis=1, keepdims=True)
    profile = education + len(rates.OCCUPATIONS) * people.women
    found = 1 + drawn_by_row(cumulated, profile, people.lasting("occupation"))
    return np.where(activity == EMPLOYED, found, 0)


def _earned(people: _People, education: Whole, activity: Whole, *, occupation: Whole) -> Shares:
    income = np.array(rates.INCOMES)[activity] * np.array(rates.INCOMES_BY_OCCUPATION)[occupation]
    income = income * np.interp(people.age, rates.INCOME_AGES, rates.INCOMES_BY_AGE)
    income = np.where(activity == PENSIONER, income * np.array(rates.PENSIONS_BY_EDUCATION)[education], income)
    spread = np.exp(rates.SPREAD * (people.standing("income") - 0.5))
    return np.asarray(income * spread * people.prosperity)


def _classes(earned: Shares, household: Whole, resident: Flags) -> Whole:
    """The tenth of the residents by their household's income per unit of consumption, from 1."""
    members = np.bincount(household[resident])
    together = np.bincount(household[resident], weights=earned[resident])
    each = together[household[resident]] / np.sqrt(members[household[resident]])
    rank = np.empty(len(each), dtype=np.int64)
    # Members of one household share a rank: the place of its first member among all.
    order = np.lexsort((household[resident], each))
    rank[order] = np.arange(len(each))
    first = np.full(len(members), len(each))
    np.minimum.at(first, household[resident], rank)
    classes = np.zeros(len(earned), dtype=np.int64)
    classes[resident] = 1 + first[household[resident]] * rates.CLASSES // len(each)
    return classes


def _evened(mixed: Shares) -> Shares:
    """A mixture of a lasting number and a year's, made equally likely over 0 to 1 again."""
    much, little = rates.LASTING, 1 - rates.LASTING
    rising, falling = mixed**2 / (2 * much * little), 1 - (1 - mixed) ** 2 / (2 * much * little)
    between = (mixed - little / 2) / much
    return np.where(mixed < little, rising, np.where(mixed > much, falling, between))
