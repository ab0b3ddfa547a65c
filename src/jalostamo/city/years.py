"""The town's years: who lived there first, and who was born, died, moved in and moved out in each year.

A year is drawn from what the years before it left, and from its own streams: a later year changes nothing in it.

Handbook 2.2 (the population register).
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Final

import numpy as np

from jalostamo.city.addresses import Addresses, together
from jalostamo.city.days import NEVER, Days, Flags, Shares, Whole, first_of, years_of
from jalostamo.city.households import MOVING_IN, SETTLED, Arrival, formed
from jalostamo.city.moves import first_addresses, on_their_own, removals, separated, some_day
from jalostamo.city.people import FEMALE, MALE, NOBODY, Households, People
from jalostamo.city.plan import Plan
from jalostamo.city.vocabularies import COUNTRY

_MOVING_IN_A_YEAR: Final = 0.062
# Some years draw more people to the town than others: by so much, as a standard deviation.
_UNEVEN_YEARS: Final = 0.08
# Shares of households that move out in a year, by the age of their first adult, and of grown-up children.
_LEAVING_AGES: Final = (20.0, 29.0, 35.0, 50.0, 65.0)
_LEAVING: Final = (0.13, 0.10, 0.05, 0.02, 0.008)
_LEAVING_HOME: Final = 0.10
# Births a year among women who live with a partner, by age and by the number of children they have.
_FERTILE_AGES: Final = (18.0, 21.0, 27.0, 31.0, 36.0, 40.0, 44.0)
_FERTILITY: Final = (0.02, 0.11, 0.21, 0.235, 0.155, 0.055, 0.0)
_BY_CHILDREN: Final = (0.80, 1.15, 0.45, 0.25, 0.10)
_ALONE: Final = 0.20
_DAYS_BETWEEN_BIRTHS: Final = 420


@dataclass(frozen=True, slots=True, repr=False)
class Settled:
    """The settled are the people so far, their households, and where they have lived."""

    people: People
    households: Households
    addresses: list[Addresses]


def populated(plan: Plan) -> tuple[People, Households, Addresses]:
    """Everyone who lives in the town in the years of the plan, their households, and where they lived when."""
    town = _founded(plan)
    for year in plan.years:
        town = _a_year_later(plan, town, year)
    return town.people, town.households, together(town.addresses).in_order()


def _founded(plan: Plan) -> Settled:
    days = np.full(plan.people, first_of(plan.first_year))
    arrival = Arrival(plan.first_year, plan.people, 0, 0, days, known=False)
    people, households = formed(plan.chance("founding", plan.first_year), SETTLED, arrival)
    return Settled(people, households, [first_addresses(people, households, first_person=0)])


def _a_year_later(plan: Plan, town: Settled, year: int) -> Settled:
    people, households = town.people, town.households
    leaving = _households_leaving(plan.chance("moving out", year), households, year=year)
    removal = removals(plan, people, households, leaving=leaving, year=year)
    moving = _days_of_moving_out(plan.chance("leaving home", year), people, leaving, year=year)
    people = _without_those_who_left(plan.chance("dying", year), people, moving, year=year)
    newborn = _newborn(plan.chance("births", year), people, households, moving=moving, year=year)
    addresses = [*town.addresses, first_addresses(newborn, households, first_person=len(people))]
    people = people.followed_by(newborn)
    addresses.append(removal.addresses(people))
    households = removal.homes
    busy = (leaving != NEVER) | removal.moves
    people, households, apart = separated(plan, people, households, busy=busy, year=year)
    people, households, alone = on_their_own(plan, people, households, busy=_padded(busy, len(households)), year=year)
    newcomers, homes = _moving_in(plan, people, households, year=year)
    addresses += [
        apart,
        alone,
        first_addresses(newcomers, homes, first_person=len(people), first_household=len(households)),
    ]
    return Settled(people.followed_by(newcomers), households.followed_by(homes), addresses)


def _padded(busy: Flags, households: int) -> Flags:
    """Households that are new in the year are busy too: nobody moves twice."""
    return np.asarray(np.r_[busy, np.ones(households - len(busy), dtype=np.bool_)])


def _households_leaving(chance: np.random.Generator, households: Households, *, year: int) -> Days:
    """Each household's day of moving out in a year, or NEVER."""
    ages = year - years_of(households.birth_of_first)
    leave = chance.random(len(households)) < np.interp(ages, _LEAVING_AGES, _LEAVING)
    return np.where(leave, some_day(chance, year, len(households)), NEVER)


def _days_of_moving_out(chance: np.random.Generator, people: People, leaving: Days, *, year: int) -> Days:
    """Everyone's day of moving out in a year, or NEVER: whole households, and grown-up children alone."""
    age = year - people.birth_year
    grown_up = ~people.adult & (age >= 19) & (chance.random(len(people)) < _LEAVING_HOME)
    alone = np.where(grown_up, some_day(chance, year, len(people)), NEVER)
    return np.minimum(leaving[people.household], alone)


def _without_those_who_left(chance: np.random.Generator, people: People, moving: Days, *, year: int) -> People:
    """The people with their last days of residence; who moves out before the day of death dies elsewhere."""
    age = year - people.birth_year
    dies = chance.random(len(people)) < np.clip(0.06 * np.exp(0.105 * (age - 80.0)), 0.00005, 0.6)
    dying = np.where(dies, some_day(chance, year, len(people)), NEVER)
    here = people.left == NEVER
    died = np.where(here & (dying <= moving), dying, people.died)
    return replace(people, left=np.where(here, np.minimum(dying, moving), people.left), died=died)


def _newborn(chance: np.random.Generator, people: People, households: Households, *, moving: Days, year: int) -> People:
    """The children born in a year to women who live in the town on that day; they move out with their household."""
    day = some_day(chance, year, len(people))
    gives_birth = chance.random(len(people)) < _fertility(people, day, year)
    mothers = np.flatnonzero(gives_birth & (people.left >= day))
    number, birth = len(mothers), day[mothers]
    partner = people.partner[mothers]
    present = (partner != NOBODY) & (people.left[partner] >= birth)
    home = people.household[mothers]
    return People(
        came_in=np.full(number, year),
        birth=birth,
        sex=np.where(chance.random(number) < 0.512, MALE, FEMALE),
        language=households.language[home],
        country=np.full(number, COUNTRY.allowed.index("FIN")),
        household=home,
        family=home,
        guardian_1=mothers,
        guardian_2=np.where(present, partner, NOBODY),
        partner=np.full(number, NOBODY),
        adult=np.zeros(number, dtype=np.bool_),
        founder=np.zeros(number, dtype=np.bool_),
        came=birth,
        left=np.where(moving[mothers] >= birth, moving[mothers], NEVER),
        died=np.full(number, NEVER),
    )


def _fertility(people: People, day: Days, year: int) -> Shares:
    """Everyone's probability of giving birth in a year."""
    age = year - people.birth_year
    probability = np.interp(age, _FERTILE_AGES, _FERTILITY, left=0.0, right=0.0)
    probability = probability * np.array(_BY_CHILDREN)[np.minimum(_children_of(people), len(_BY_CHILDREN) - 1)]
    probability = np.where(people.partner == NOBODY, probability * _ALONE, probability)
    too_soon = day - _last_birth_of(people) < _DAYS_BETWEEN_BIRTHS
    return np.where(people.adult & (people.sex == FEMALE) & ~too_soon, probability, 0.0)


def _children_of(people: People) -> Whole:
    mothers = people.guardian_1[people.guardian_1 != NOBODY]
    return np.bincount(mothers, minlength=len(people))


def _last_birth_of(people: People) -> Days:
    has_mother = people.guardian_1 != NOBODY
    last = np.full(len(people), -NEVER)
    np.maximum.at(last, people.guardian_1[has_mother], people.birth[has_mother])
    return last


def _moving_in(plan: Plan, people: People, households: Households, *, year: int) -> tuple[People, Households]:
    usual = plan.people * _MOVING_IN_A_YEAR
    number = round(usual * np.clip(plan.chance("number moving in", year).normal(1.0, _UNEVEN_YEARS), 0.8, 1.2))
    days = some_day(plan.chance("days of moving in", year), year, number)
    arrival = Arrival(year, number, len(households), len(people), days, known=True)
    return formed(plan.chance("moving in", year), MOVING_IN, arrival)
