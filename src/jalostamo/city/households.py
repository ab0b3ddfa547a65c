"""How households come to be: who lives together, how old they are, and what they speak.

A household is a row of six seats: two adults and up to four children; an empty seat has no age.

Handbook 2.2 (the population register).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np

from jalostamo.city.days import BEFORE, DAYS_IN_YEAR, NEVER, Days, Flags, Shares, Whole, same_day, years_of
from jalostamo.city.homes import MIDDLE, OLD, WITH_CHILDREN, YOUNG, homes_for
from jalostamo.city.origins import born_in, spoken_by, spoken_in
from jalostamo.city.people import FEMALE, MALE, NOBODY, Households, People

SEATS: Final = 6
SINGLE, COUPLE, FAMILY, SINGLE_PARENT = range(4)
GROWN_UP: Final = 18

_NUMBER_OF_CHILDREN: Final = (0.36, 0.42, 0.16, 0.06)
_NUMBER_OF_CHILDREN_OF_ONE: Final = (0.58, 0.32, 0.08, 0.02)


@dataclass(frozen=True, slots=True)
class Mix:
    """A mix is what kinds of household there are, and how old single people and couples are: (from, to, share)."""

    kinds: tuple[float, float, float, float]
    single_ages: tuple[tuple[float, float, float], ...]
    couple_ages: tuple[tuple[float, float, float], ...]
    foreign_factor: float = 1.0


SETTLED: Final = Mix(
    kinds=(0.415, 0.300, 0.230, 0.055),
    single_ages=((19, 30, 0.28), (30, 45, 0.15), (45, 65, 0.28), (65, 80, 0.18), (80, 100, 0.11)),
    couple_ages=((20, 30, 0.17), (30, 40, 0.08), (40, 50, 0.04), (50, 65, 0.44), (65, 80, 0.22), (80, 94, 0.05)),
)
MOVING_IN: Final = Mix(
    kinds=(0.46, 0.31, 0.18, 0.05),
    single_ages=((19, 30, 0.62), (30, 45, 0.22), (45, 65, 0.11), (65, 90, 0.05)),
    couple_ages=((20, 30, 0.56), (30, 40, 0.30), (40, 50, 0.05), (50, 65, 0.06), (65, 85, 0.03)),
    foreign_factor=1.25,
)


@dataclass(frozen=True, slots=True)
class Arrival:
    """An arrival is when and in what number people come, and the places that their households and they get.

    A household's ages are those of its reference day, which is its day of arrival unless that is before the registers.
    """

    year: int
    number_of_people: int
    first_household: int
    first_person: int
    reference_days: Days
    known: bool


def formed(chance: np.random.Generator, mix: Mix, arrival: Arrival) -> tuple[People, Households]:
    """Households of exactly `arrival.number_of_people` people, each with its own day of arrival."""
    ages = _exactly(arrival.number_of_people, _ages(chance, mix, arrival.number_of_people))
    days = arrival.reference_days[: len(ages)]
    births = days[:, None] - np.ceil(np.nan_to_num(ages) * DAYS_IN_YEAR).astype(np.int64) - 1
    sexes = _sexes(chance, ages)
    household = spoken_in(chance, ages, years_of(births[:, 2]), year=arrival.year, factor=mix.foreign_factor)
    languages = spoken_by(chance, household, SEATS)
    countries = born_in(chance, languages, ages, settled_years=_years_in_finland(chance, len(ages), arrival.known))
    people = _seated(arrival, ages, {"birth": births, "sex": sexes, "language": languages, "country": countries})
    homes = homes_for(chance, household, _stages(ages))
    return people, Households(household, homes.postcode, homes.dwelling, births[:, 0])


def _stages(ages: Shares) -> Whole:
    return stages_at(ages[:, 0], ~np.isnan(ages[:, 2]))


def stages_at(age: Shares | Whole, with_children: Flags) -> Whole:
    """The stage of life of households, by the age of the first adult and by whether children live there."""
    alone = np.where(age < 30, YOUNG, np.where(age < 65, MIDDLE, OLD))
    return np.where(with_children, WITH_CHILDREN, alone)


def _years_in_finland(chance: np.random.Generator, number: int, known: bool) -> Shares:
    # Half of those who move in come straight from abroad; the others have lived elsewhere in Finland.
    years = chance.uniform(0, 20, number)
    return np.where(chance.random(number) < 0.5, 0.0, years) if known else years


def _ages(chance: np.random.Generator, mix: Mix, number: int) -> Shares:
    kinds = chance.choice(len(mix.kinds), number, p=mix.kinds)
    ages = np.full((number, SEATS), np.nan)
    alone, as_couple = (_within(chance, brackets, number) for brackets in (mix.single_ages, mix.couple_ages))
    ages[:, 0] = np.where(kinds == SINGLE, alone, as_couple)
    ages[:, 1] = np.maximum(ages[:, 0] + chance.normal(2.0, 3.0, number), chance.uniform(18.5, 20.5, number))
    with_children = kinds >= FAMILY
    eldest, at_first = chance.uniform(0, 21, number), np.clip(chance.normal(28.5, 4.5, number), 19, 40)
    ages[with_children, 0] = (eldest + at_first)[with_children]
    father = np.clip(eldest + at_first + chance.normal(2.2, 3.5, number), eldest + 19.5, None)
    ages[with_children, 1] = father[with_children]
    ages[:, 2:] = np.where(with_children[:, None], _children(chance, kinds, eldest, at_first=at_first), np.nan)
    ages[(kinds == SINGLE) | (kinds == SINGLE_PARENT), 1] = np.nan
    return ages


def _children(chance: np.random.Generator, kinds: Whole, eldest: Shares, *, at_first: Shares) -> Shares:
    number = len(kinds)
    of_two = chance.choice(4, number, p=_NUMBER_OF_CHILDREN) + 1
    of_one = chance.choice(4, number, p=_NUMBER_OF_CHILDREN_OF_ONE) + 1
    planned = np.where(kinds == FAMILY, of_two, of_one)
    gaps = np.cumsum(np.hstack([np.zeros((number, 1)), chance.uniform(1.3, 4.5, (number, 3))]), axis=1)
    ages = eldest[:, None] - gaps
    absent = (ages < 0) | (np.arange(4) >= planned[:, None]) | (at_first[:, None] + gaps > 44)
    return np.where(absent, np.nan, ages)


def _within(chance: np.random.Generator, brackets: tuple[tuple[float, float, float], ...], number: int) -> Shares:
    low, high, shares = (np.array(column) for column in zip(*brackets, strict=True))
    bracket = chance.choice(len(brackets), number, p=shares)
    place = chance.random(number)
    # Fewer and fewer are alive towards the end of the last bracket.
    place = np.where(bracket == len(brackets) - 1, 1 - np.sqrt(1 - place), place)
    ages: Shares = low[bracket] + place * (high - low)[bracket]
    return ages


def _exactly(people: int, ages: Shares) -> Shares:
    """As many households, from the first, as hold that many people; those who do not fit in whole live alone."""
    seated = np.cumsum(np.count_nonzero(~np.isnan(ages), axis=1))
    whole = int(np.searchsorted(seated, people, side="right"))
    missing = people - (int(seated[whole - 1]) if whole else 0)
    kept = ages[: whole + missing].copy()
    kept[whole:, 1:] = np.nan
    return kept


def _sexes(chance: np.random.Generator, ages: Shares) -> Whole:
    number = len(ages)
    sexes = np.where(chance.random((number, SEATS)) < 0.512, MALE, FEMALE)
    alone, parent = np.isnan(ages[:, 1]), ~np.isnan(ages[:, 2])
    women = np.where(parent, 0.88, np.interp(ages[:, 0], [20, 50, 65, 80, 95], [0.46, 0.46, 0.60, 0.76, 0.84]))
    first = np.where(chance.random(number) < women, FEMALE, MALE)
    sexes[:, 0] = np.where(alone, first, FEMALE)
    sexes[:, 1] = MALE
    return sexes


def _seated(arrival: Arrival, ages: Shares, seats: dict[str, Whole]) -> People:
    """The people of the seats that are taken, household by household, with their partners and guardians."""
    taken = ~np.isnan(ages)
    number = int(np.count_nonzero(taken))
    place = np.where(taken, np.cumsum(taken).reshape(taken.shape) - 1 + arrival.first_person, NOBODY)
    adult = np.broadcast_to(np.arange(SEATS) < 2, taken.shape)
    came_of_age = same_day(seats["birth"], years_later=GROWN_UP)
    minor = ~adult & (came_of_age > arrival.reference_days[: len(ages), None])
    # In each other's seats are the partners of the two adults; the children have none.
    partner = np.where(adult, place[:, [1, 0, 0, 0, 0, 0]], NOBODY)
    household = np.broadcast_to(np.arange(len(ages))[:, None] + arrival.first_household, taken.shape)
    came = arrival.reference_days[: len(ages)] if arrival.known else np.full(len(ages), BEFORE)
    return People(
        came_in=np.full(number, arrival.year),
        birth=seats["birth"][taken],
        sex=seats["sex"][taken],
        language=seats["language"][taken],
        country=seats["country"][taken],
        household=household[taken],
        family=household[taken],
        guardian_1=np.where(minor, place[:, :1], NOBODY)[taken],
        guardian_2=np.where(minor, place[:, 1:2], NOBODY)[taken],
        partner=partner[taken],
        adult=adult[taken],
        founder=adult[taken],
        came=np.broadcast_to(came[:, None], taken.shape)[taken],
        left=np.full(number, NEVER),
        died=np.full(number, NEVER),
    )
