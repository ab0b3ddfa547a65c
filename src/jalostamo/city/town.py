"""The town as its services know it: who lives where in which year, and by which code a system records whom.

Every register is written from this one value; chance is drawn from streams of purpose and year, so that a longer period
changes nothing before.

Handbook 2.2 (the population register; combining by personal number).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import polars as pl

from jalostamo.city.addresses import Addresses
from jalostamo.city.days import Days, Flags, Shares, Whole, first_of, last_of
from jalostamo.city.frames import texts
from jalostamo.city.identity_codes import Births, Codes, Pairs
from jalostamo.city.names import Words
from jalostamo.city.people import Households, People
from jalostamo.city.plan import Plan
from jalostamo.city.recorded import recorded_codes
from jalostamo.city.spells import Spells
from jalostamo.city.spoken import Spoken


@dataclass(frozen=True, slots=True, repr=False)
class Residents:
    """Residents are who lives in the town in one year: one place per person, in ascending order of `person`.

    `age` is the calendar year less the year of birth; `share` is the part of the year that the person lives there.
    """

    year: int
    person: Whole
    age: Whole
    first_day: Days
    days: Whole
    share: Shares
    district: Whole
    foreign: Flags

    def __len__(self) -> int:
        return len(self.person)

    def where(self, chosen: Flags) -> Residents:
        """Some of the residents."""
        return Residents(
            self.year,
            self.person[chosen],
            self.age[chosen],
            self.first_day[chosen],
            self.days[chosen],
            self.share[chosen],
            self.district[chosen],
            self.foreign[chosen],
        )

    def days_of(self, chance: np.random.Generator, place: Whole) -> Days:
        """A day of residence in the year for each place among the residents, all equally likely."""
        drawn = np.asarray(chance.random(len(place)) * self.days[place], dtype=np.int64)
        return self.first_day[place] + drawn


@dataclass(frozen=True, slots=True, repr=False)
class Recorded:
    """By which codes one system records the people: some always wrongly, and a changed code from its day on."""

    now: pl.Series
    before: pl.Series
    changed: Days

    def at(self, person: Whole, day: Days) -> pl.Series:
        """The recorded code of each person on each day; null where the system has none."""
        both = pl.concat([self.now, self.before])
        former = day < self.changed[person]
        return both.gather(person + np.where(former, len(self.now), 0))


@dataclass(frozen=True, slots=True, repr=False)
class Town:
    """A town is its people with their names and codes; `former` are codes before a change on the day `changed`.

    Whoever keeps a code for ever has `changed` BEFORE and the same code twice. `asked` are the spells of family
    counselling and home service that families ask for, before anything cuts them. `told` are the births
    and sexes that the population register has at the end: those of a few are corrected later.
    """

    plan: Plan
    people: People
    households: Households
    addresses: Addresses
    pairs: Pairs
    codes: Codes
    former: Codes
    changed: Days
    surnames: Words
    first_names: Words
    asked: Spells
    told: Births
    spoken: Spoken

    @property
    def native_language_now(self) -> Whole:
        """Everyone's native language as the population register has it at the end, as a place in the code list."""
        return self.spoken.language_now

    def residents(self, year: int) -> Residents:
        """Who lives in the town in a year."""
        people = self.people
        person = np.flatnonzero(people.resident_in(year))
        first = np.maximum(people.came[person], first_of(year))
        days = np.minimum(people.left[person], last_of(year)) - first + 1
        share = days / (last_of(year) - first_of(year) + 1)
        age = year - people.birth_year[person]
        return Residents(year, person, age, first, days, share, self.district_in(year)[person], people.foreign[person])

    def district_in(self, year: int) -> Whole:
        """Everyone's district at the beginning of a year, or on the day of arrival in it."""
        everyone = np.arange(len(self.people))
        return self.district_at(everyone, np.maximum(self.people.came, first_of(year)))

    def district_at(self, person: Whole, day: Days) -> Whole:
        """The district in which each person lives on a day."""
        return np.asarray(self.addresses.district[self.addresses.at(person, day)])

    def recorded_by(self, system: str) -> Recorded:
        """The codes by which a system records the people: 3 % of them wrongly, each person always alike."""
        now, before = (
            texts(recorded_codes(self.plan, self.people, codes, pairs=self.pairs, system=system))
            for codes in (self.codes, self.former)
        )
        return Recorded(now, before, self.changed)

    def traits(self, purpose: str) -> Shares:
        """One number between 0 and 1 for each person, the same in every year: a lasting trait."""
        return self.plan.chance_of_each(purpose, self.people.came_in)
