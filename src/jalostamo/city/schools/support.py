"""Intensified and special support, and what was planted before it: family counselling makes it likelier for some months.

Handbook 2.2 (customer paths) and 3.3.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Final

import numpy as np
import polars as pl

from jalostamo.city.days import Days, Whole, day_and_month_of, first_of, last_of, working_day_until
from jalostamo.city.drawing import drawn_from
from jalostamo.city.plan import Plan
from jalostamo.city.rhythm import Rhythm, happening, rhythm_of
from jalostamo.city.schools.pupils import free_days, schools_in
from jalostamo.city.spells import Spells
from jalostamo.city.town import Residents, Town
from jalostamo.city.vocabularies import FC, HS

RATE_RATIO: Final = 2.2
LAG: Final = (120, 360)
AGES: Final = (8, 15)
STARTS_A_YEAR: Final = 0.08

_MONTHS: Final = (1.0, 1.1, 1.2, 1.1, 1.1, 0.3, 0.05, 0.9, 1.5, 1.5, 1.3, 0.8)
_WEEKDAYS: Final = (1.0, 1.0, 1.0, 1.0, 1.0, 0.0, 0.0)
_LEVELS: Final = (0.72, 0.28)
_SUBJECTS: Final = (0.22, 0.26, 0.12, 0.08, 0.05, 0.06, 0.05, 0.16)
_DAYS_OF_SUPPORT: Final = (90, 900)
_JUNE: Final = 6


@dataclass(frozen=True, slots=True, repr=False)
class Windows:
    """Windows are the days on which a person is some months after a beginning, by person and day, none overlapping."""

    person: Whole
    first: Days
    last: Days

    def __len__(self) -> int:
        return len(self.person)

    def holds(self, person: Whole, day: Days) -> pl.Series:
        """Whether each person is in a window on a day."""
        if not len(self):
            return pl.Series(np.zeros(len(person), dtype=np.bool_))
        before = np.searchsorted(_key(self.person, self.first), _key(person, day), side="right") - 1
        at = np.maximum(before, 0)
        return pl.Series((before >= 0) & (self.person[at] == person) & (self.last[at] >= day))


def _key(person: Whole, day: Days) -> Whole:
    return person.astype(np.int64) * 1_000_000 + day


def windows_after(spells: Spells, service: int) -> Windows:
    """The days from 120 to 360 after each beginning of a service."""
    begun = spells.where(spells.service == service)
    begun = begun.where(np.lexsort((begun.start, begun.person)))
    first, last = begun.start + LAG[0], begun.start + LAG[1]
    same = begun.person[1:] == begun.person[:-1]
    last[:-1] = np.where(same, np.minimum(last[:-1], first[1:] - 1), last[:-1])
    return Windows(begun.person, first, last)


def support_in(town: Town, year: int, windows: Windows) -> pl.DataFrame:
    """The decisions on support that are made in a year; `windows` are those after family counselling."""
    residents = town.residents(year)
    residents = residents.where((residents.age >= AGES[0]) & (residents.age <= AGES[1]))
    rhythm = rhythm_of(year, _MONTHS, _WEEKDAYS, closed=free_days(year), on_holidays=0.0)
    chance = town.plan.chance("support", year)
    usual = happening(chance, STARTS_A_YEAR * residents.share)
    day = rhythm.days(chance, residents.first_day[usual], residents.days[usual])
    further = _further(town.plan, residents, windows, rhythm=rhythm)
    return _decided(town, residents, np.r_[usual, further[0]], day=np.r_[day, further[1]])


def _further(plan: Plan, residents: Residents, windows: Windows, *, rhythm: Rhythm) -> tuple[Whole, Days]:
    """What family counselling adds to the usual rate: places among the residents, and days."""
    place = np.searchsorted(residents.person, windows.person)
    place = np.minimum(place, max(len(residents) - 1, 0))
    first = np.maximum(windows.first, residents.first_day[place])
    last = np.minimum(windows.last, (residents.first_day + residents.days - 1)[place])
    here = np.flatnonzero((residents.person[place] == windows.person) & (first <= last))
    first, last, place = first[here], last[here], place[here]
    chance = plan.chance("support after counselling", residents.year)
    whole = rhythm.reached[-1]
    part = (rhythm.reached[last + 1 - rhythm.first] - rhythm.reached[first - rhythm.first]) / whole
    at = happening(chance, STARTS_A_YEAR * (RATE_RATIO - 1) * part)
    return place[at], rhythm.days(chance, first[at], (last - first + 1)[at])


def _decided(town: Town, residents: Residents, place: Whole, *, day: Days) -> pl.DataFrame:
    chance = town.plan.chance("support decisions", residents.year)
    person, number = residents.person[place], len(place)
    until = _until(day + chance.integers(*_DAYS_OF_SUPPORT, number))
    columns = {
        "person": person,
        "school": schools_in(town, residents)[place],
        "level": drawn_from(chance, _LEVELS, number),
        "subject": drawn_from(chance, _SUBJECTS, number),
        "occurred": day,
        "recorded": day,
        "until": np.minimum(until, town.people.left[person]),
    }
    return pl.DataFrame(columns, schema=dict.fromkeys(columns, pl.Int32)).sort("occurred", maintain_order=True)


def _until(day: Days) -> Days:
    """The last day of support: a working day, and in summer the last of July, with which a school year ends."""
    _, month = day_and_month_of(day)
    in_summer = (month == _JUNE) | (month == _JUNE + 1)
    end_of_july = (
        day.astype("datetime64[D]").astype("datetime64[Y]").astype("datetime64[M]") + np.timedelta64(7, "M")
    ).astype("datetime64[D]")
    return np.where(in_summer, end_of_july.astype(np.int64) - 1, working_day_until(day))


@dataclass(frozen=True, slots=True)
class Tally:
    """A tally counts starts of support and days at school age, inside some windows and outside them."""

    inside: int
    outside: int
    days_inside: int
    days_outside: int

    def interval(self, ratio: float) -> list[float]:
        """Where a right reading of these numbers finds the ratio, with 95 % chance."""
        error = math.sqrt(1 / max(self.inside, 1) + 1 / max(self.outside, 1))
        return [round(ratio * math.exp(sign * 1.96 * error), 4) for sign in (-1, 1)]


def tally(town: Town, windows: Windows, started: pl.DataFrame) -> Tally:
    """Count what an analysis of the files counts: `started` are all decisions of the registers' years."""
    inside = int(windows.holds(started["person"].to_numpy(), started["occurred"].to_numpy()).sum())
    everyone = np.arange(len(town.people))
    all_days = _days_at_school_age(town, everyone, np.full(len(everyone), first_of(town.plan.first_year)))
    within = _days_at_school_age(town, windows.person, windows.first, last=windows.last)
    return Tally(inside, started.height - inside, within, all_days - within)


def _days_at_school_age(town: Town, person: Whole, first: Days, *, last: Days | int | None = None) -> int:
    people, plan = town.people, town.plan
    births = people.birth_year[person]
    begins = np.array([first_of(year) for year in range(1850, plan.last_year + 60)])
    first = np.maximum.reduce([first, people.came[person], begins[births + AGES[0] - 1850]])
    ends = np.minimum(people.left[person], begins[births + AGES[1] + 1 - 1850] - 1)
    ends = np.minimum(ends, last_of(plan.last_year) if last is None else np.minimum(last, last_of(plan.last_year)))
    return int(np.maximum(ends - np.maximum(first, first_of(plan.first_year)) + 1, 0).sum())


def truth_of_support(town: Town, started: pl.DataFrame) -> dict[str, object]:
    """What was planted before support, and what was not."""
    counselled, helped = (tally(town, windows_after(town.asked, service), started) for service in (FC, HS))
    precursor = _told("family counselling (FC)", RATE_RATIO, counselled)
    companions = ["HS", "dental visits", "library loans", "sports visits"]
    lag = {"first": LAG[0], "last": LAG[1], "median_of_the_excess": sum(LAG) // 2}
    return {
        "precursor_FC_support": precursor | {"lag_days": lag, "companions_without_effect": companions},
        "companion_HS_support": _told("home service (HS)", 1.0, helped),
    }


def _told(service: str, ratio: float, counted: Tally) -> dict[str, object]:
    return {
        "value": ratio,
        "scale": "ratio",
        "interval": counted.interval(ratio),
        "group": f"days {LAG[0]}-{LAG[1]} after a start of {service}",
        "reference": "all other days",
        "counts": {"inside": counted.inside, "outside": counted.outside},
        "sentence": (
            f"Children aged {AGES[0]}-{AGES[1]} (calendar year less year of birth): starts of support "
            f"(schools.support.since) per day of residence on days {LAG[0]}-{LAG[1]} after the start of a spell of "
            f"{service}, days after several starts counted once, divided by the same rate on all other days of "
            "residence at these ages."
        ),
    }
