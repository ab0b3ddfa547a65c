"""What children's families ask for by themselves, and the first notifications: who, in which year, on which day.

Each is drawn for every child and year of residence, in proportion to the share of the year that the child lives there.

Handbook 2.2 (the volume of services).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from jalostamo.city import planted
from jalostamo.city.days import NEVER, Days, Flags, Shares, Whole, first_of, last_of
from jalostamo.city.people import People
from jalostamo.city.plan import Plan
from jalostamo.city.spells import Spells, in_turn, together
from jalostamo.city.vocabularies import FC, HS


@dataclass(frozen=True, slots=True, repr=False)
class Children:
    """Children are the residents of one year who are at most 17 in it, with the days that they live there."""

    place: Whole
    band: Whole
    foreign: Flags
    first_day: Days
    days: Whole
    share_of_year: Shares

    def __len__(self) -> int:
        return len(self.place)


def children_of(people: People, year: int) -> Children:
    """The town's children in a year; age is the calendar year less the year of birth."""
    ages = year - people.birth_year
    place = np.flatnonzero(people.resident_in(year) & (ages >= 0) & (ages <= planted.OLDEST_CHILD))
    first = np.maximum(people.came[place], first_of(year))
    days = np.minimum(people.left[place], last_of(year)) - first + 1
    share = days / (last_of(year) - first_of(year) + 1)
    return Children(place, planted.band_of(ages[place]), people.foreign[place], first, days, share)


def asked_for(plan: Plan, people: People) -> Spells:
    """Family counselling and home service: independent of each other and of child welfare."""
    asked = [_asked_for_in(plan, people, year) for year in plan.years]
    return in_turn(together([spells for of_year in asked for spells in of_year]))


def _asked_for_in(plan: Plan, people: People, year: int) -> list[Spells]:
    children = children_of(people, year)
    frequencies = {FC: planted.FAMILY_COUNSELLING, HS: planted.HOME_SERVICE}
    return [
        _spells_of(plan.chance(f"service {service}", year), children, service, frequency=frequency)
        for service, frequency in frequencies.items()
    ]


def _spells_of(
    chance: np.random.Generator, children: Children, service: int, *, frequency: planted.Frequency
) -> Spells:
    begins, start = _begun(chance, children, frequency)
    end = start + planted.days_within(chance, planted.SPELL_DAYS, len(children))
    person = children.place[begins]
    return Spells(person, np.full(len(person), service), start[begins], end[begins])


def _begun(
    chance: np.random.Generator, children: Children, frequency: planted.Frequency, *, times: Shares | float = 1.0
) -> tuple[Flags, Days]:
    """For which children something begins in the year, and on which of their days in the town."""
    probability = frequency.of(children.band, children.foreign) * children.share_of_year * times
    begins = chance.random(len(children)) < probability
    return begins, children.first_day + (chance.random(len(children)) * children.days).astype(np.int64)


def alike(year: int, person: Whole) -> Shares:
    """Nobody's hazard is another's."""
    return np.ones(len(person))


def first_notifications(plan: Plan, people: People, multiplier: Callable[[int, Whole], Shares] = alike) -> Days:
    """Everyone's day of the first child welfare notification, or NEVER.

    `multiplier(year, person)` tells how many times as likely as others each of these persons is to be notified of.
    """
    notified = np.full(len(people), NEVER)
    for year in plan.years:
        children = children_of(people, year)
        times = multiplier(year, children.place)
        begins, day = _begun(plan.chance("notifications", year), children, planted.FIRST_NOTIFICATION, times=times)
        first = begins & (notified[children.place] == NEVER)
        notified[children.place[first]] = day[first]
    return notified
