"""Who moves within the town in a year: households to another home, one of two parents and grown-up children to their own.

Handbook 2.2 (the population register).
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Final

import numpy as np

from jalostamo.city.addresses import Addresses
from jalostamo.city.days import DAYS_IN_YEAR, NEVER, Days, Flags, Whole, first_of, last_of, years_of
from jalostamo.city.homes import YOUNG, homes_for
from jalostamo.city.households import stages_at
from jalostamo.city.people import FEMALE, NOBODY, Households, People
from jalostamo.city.plan import Plan

# Some eight households in a hundred move within the town in a year.
_MOVING_AGES: Final = (20.0, 30.0, 45.0, 65.0, 90.0)
_MOVING: Final = (0.185, 0.14, 0.08, 0.03, 0.03)
_IN_THE_NEIGHBOURHOOD: Final = 0.30
_SEPARATING: Final = 0.025
_FATHER_MOVES: Final = 0.7
_NESTLING_AGES: Final = (18.0, 19.0, 22.0, 27.0)
_LEAVING_THE_NEST: Final = (0.0, 0.14, 0.22, 0.25)
_CHILDHOOD: Final = 18 * DAYS_IN_YEAR


def some_day(chance: np.random.Generator, year: int, number: int) -> Days:
    """A day of the year for each, all equally likely."""
    return chance.integers(first_of(year), last_of(year), number, endpoint=True)


@dataclass(frozen=True, slots=True, repr=False)
class Removals:
    """Removals are the households that move within the town in a year: on which day, or NEVER, and where they live then."""

    day: Days
    homes: Households

    @property
    def moves(self) -> Flags:
        """Which households move."""
        return np.asarray(self.day != NEVER)

    def addresses(self, people: People) -> Addresses:
        """The new addresses of everyone who lives in these households on that day."""
        day = self.day[people.household]
        person = np.flatnonzero((day != NEVER) & (people.came < day) & (people.left >= day))
        household = people.household[person]
        return Addresses(person, day[person], household, self.homes.postcode[household], self.homes.dwelling[household])


def first_addresses(
    people: People, households: Households, *, first_person: int, first_household: int = 0
) -> Addresses:
    """The address of each on coming into the register; households are numbered from `first_household` there."""
    home = people.household - first_household
    person = np.arange(len(people)) + first_person
    return Addresses(person, people.came, people.household, households.postcode[home], households.dwelling[home])


def removals(plan: Plan, people: People, households: Households, *, leaving: Days, year: int) -> Removals:
    """Who moves within the town; who leaves it in the same year does not."""
    chance, number = plan.chance("moving within", year), len(households)
    ages = year - years_of(households.birth_of_first)
    drawn = chance.random(number) < np.interp(ages, _MOVING_AGES, _MOVING)
    day = np.where(drawn & (leaving == NEVER), some_day(chance, year, number), NEVER)
    homes = homes_for(chance, households.language, stages_at(ages, with_children(people, number, year=year)))
    near = chance.random(number) < _IN_THE_NEIGHBOURHOOD
    postcode = np.where((day == NEVER) | near, households.postcode, homes.postcode)
    dwelling = np.where(day == NEVER, households.dwelling, homes.dwelling)
    return Removals(day, replace(households, postcode=postcode, dwelling=dwelling))


def with_children(people: People, households: int, *, year: int) -> Flags:
    """In which of so many households a child lives when the year begins."""
    first = first_of(year)
    child = (people.left >= first) & (people.birth > first - _CHILDHOOD)
    return np.bincount(people.household[child], minlength=households) > 0


def separated(
    plan: Plan, people: People, households: Households, *, busy: Flags, year: int
) -> tuple[People, Households, Addresses]:
    """Parents who part: one of them moves to a home of their own, and both stay the children's guardians.

    No household that is `busy` moving parts in the same year, and nobody in the year of a birth.
    """
    chance = plan.chance("separations", year)
    mother = _mothers_who_part(chance, people, busy, year=year)
    day = some_day(chance, year, len(mother))
    stays = (people.left[mother] >= day) & (people.left[people.partner[mother]] >= day)
    mother, day = mother[stays], day[stays]
    father_moves = chance.random(len(mother)) < _FATHER_MOVES
    mover = np.where(father_moves, people.partner[mother], mother)
    language = households.language[people.household[mover]]
    homes = homes_for(chance, language, np.full(len(mover), YOUNG))
    household, partner = people.household.copy(), people.partner.copy()
    household[mover] = np.arange(len(mover)) + len(households)
    partner[people.partner[mother]] = partner[mother] = NOBODY
    new = Households(language, homes.postcode, homes.dwelling, people.birth[mover])
    moved = Addresses(mover, day, household[mover], homes.postcode, homes.dwelling)
    return replace(people, household=household, partner=partner), households.followed_by(new), moved


def on_their_own(
    plan: Plan, people: People, households: Households, *, busy: Flags, year: int
) -> tuple[People, Households, Addresses]:
    """Grown-up children who leave their parents' home for one of their own in the town."""
    chance = plan.chance("homes of their own", year)
    age = year - people.birth_year
    leaves = chance.random(len(people)) < np.interp(age, _NESTLING_AGES, _LEAVING_THE_NEST, left=0.0)
    day = some_day(chance, year, len(people))
    can = ~people.adult & (people.left >= day) & (people.came < first_of(year)) & ~busy[people.household]
    mover = np.flatnonzero(leaves & can)
    household, adult = people.household.copy(), people.adult.copy()
    language = households.language[household[mover]]
    homes = homes_for(chance, language, np.full(len(mover), YOUNG))
    household[mover], adult[mover] = np.arange(len(mover)) + len(households), True
    new = Households(language, homes.postcode, homes.dwelling, people.birth[mover])
    moved = Addresses(mover, day[mover], household[mover], homes.postcode, homes.dwelling)
    return replace(people, household=household, adult=adult), households.followed_by(new), moved


def _mothers_who_part(chance: np.random.Generator, people: People, busy: Flags, *, year: int) -> Whole:
    first = first_of(year)
    young = (people.birth > first - _CHILDHOOD) & (people.guardian_1 != NOBODY) & (people.left >= first)
    has_child, has_newborn = np.zeros((2, len(people)), dtype=np.bool_)
    has_child[people.guardian_1[young]] = True
    has_newborn[people.guardian_1[young & (people.birth >= first)]] = True
    parts = chance.random(len(people)) < _SEPARATING
    couple = (people.sex == FEMALE) & (people.partner != NOBODY) & (people.came < first)
    return np.flatnonzero(parts & couple & has_child & ~has_newborn & ~busy[people.household])
