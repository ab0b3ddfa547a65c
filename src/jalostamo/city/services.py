"""What children's families ask for by themselves, and the first notifications: who, in which year, on which day.

Each is drawn for every child and year of residence, in proportion to the share of the year that the child lives there.

Handbook 2.2 (the volume of services).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

import numpy as np

from jalostamo.city import planted
from jalostamo.city.days import MONTHS_IN_YEAR, NEVER, Days, Flags, Shares, Whole, first_of, last_of
from jalostamo.city.people import People
from jalostamo.city.plan import Plan
from jalostamo.city.rhythm import WORKING_DAYS, Rhythm, rhythm_of
from jalostamo.city.spells import Spells, in_turn, together
from jalostamo.city.vocabularies import FC, HS

_EVERY_MONTH_ALIKE: Final = (1.0,) * MONTHS_IN_YEAR
# Schools and day care notify less in summer; the police and the emergency services do so at weekends too.
_MONTHS_OF_NOTIFYING: Final = (0.95, 1.0, 1.05, 1.0, 1.1, 0.85, 0.7, 0.95, 1.15, 1.15, 1.1, 0.95)
_DAYS_OF_NOTIFYING: Final = (1.15, 1.05, 1.0, 1.0, 1.05, 0.3, 0.25)
_NOTIFYING_ON_A_HOLIDAY: Final = 0.3


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
        _spells_of(plan.chance(f"service {service}", year), children, service, year=year, frequency=frequency)
        for service, frequency in frequencies.items()
    ]


def _spells_of(
    chance: np.random.Generator, children: Children, service: int, *, year: int, frequency: planted.Frequency
) -> Spells:
    # No month has more beginnings than another, or else what comes some months later had a season for a cause.
    rhythm = rhythm_of(year, _EVERY_MONTH_ALIKE, WORKING_DAYS, on_holidays=0.0)
    begins, start = _begun(chance, children, frequency, rhythm=rhythm)
    end = start + planted.days_within(chance, planted.SPELL_DAYS, len(children))
    person = children.place[begins]
    return Spells(person, np.full(len(person), service), start[begins], end[begins])


def _begun(
    chance: np.random.Generator,
    children: Children,
    frequency: planted.Frequency,
    *,
    rhythm: Rhythm,
    times: Shares | float = 1.0,
) -> tuple[Flags, Days]:
    """For which children something begins in the year, and on which of their days in the town."""
    probability = frequency.of(children.band, children.foreign) * children.share_of_year * times
    begins = chance.random(len(children)) < probability
    return begins, rhythm.days(chance, children.first_day, children.days)


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
        rhythm = rhythm_of(year, _MONTHS_OF_NOTIFYING, _DAYS_OF_NOTIFYING, on_holidays=_NOTIFYING_ON_A_HOLIDAY)
        chance = plan.chance("notifications", year)
        begins, day = _begun(chance, children, planted.FIRST_NOTIFICATION, rhythm=rhythm, times=times)
        first = begins & (notified[children.place] == NEVER)
        notified[children.place[first]] = day[first]
    return notified
