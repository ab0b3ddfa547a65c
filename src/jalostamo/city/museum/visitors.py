"""The museum's visitors: who visits at all, which group each belongs to in which year, and what the year holds for them.

Handbook 3.1.2 (grouping of customers).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
import polars as pl

from jalostamo.city.days import Flags, Shares, Whole, first_of
from jalostamo.city.drawing import Choice
from jalostamo.city.lateness import recording_days
from jalostamo.city.museum.vocabularies import (
    AGE_BOUNDS,
    CHANGING,
    COMPANIES,
    EVENT_TYPE,
    EVENTS,
    GROUPS,
    SHARES,
    SIGNING_UP,
    SITE,
    TICKET,
    VISITING,
)
from jalostamo.city.plan import Plan
from jalostamo.city.rhythm import by_age, happening, lasting_rate, rhythm_of
from jalostamo.city.town import Residents, Town

VISITORS: Final = 0.30
YOUNGEST_VISITOR: Final = 7
_VISITS: Final = 0.108
_SIGNUPS: Final = 0.05
_OPEN_DAYS: Final = 35
_ATTENDING: Final = 0.86
_LATE: Final = 0.05
_SOON: Final = 0.8
_MONTHS: Final = (0.9, 1.0, 1.1, 1.0, 0.9, 1.1, 1.0, 0.9, 0.9, 1.1, 1.2, 0.9)
# Closed on Mondays.
_WEEKDAYS: Final = (0.0, 0.8, 1.0, 0.9, 0.9, 1.5, 1.4)
_TICKETS: Final = ((0.05, 0.70, 0.25), (0.45, 0.33, 0.22))
_SITES: Final = (0.6, 0.25, 0.15)
_EVENT_TYPES: Final = (0.22, 0.16, 0.17, 0.12, 0.12, 0.13, 0.08)
_EVENTS_OF_A_YEAR, _PEOPLE_PER_EVENT = 20, 1_000


@dataclass(frozen=True, slots=True, repr=False)
class Visitors:
    """Visitors are everyone's lasting habits; who has the rate 0 never comes."""

    town: Town
    rate: Shares
    panel: Shares


def visitors_of(town: Town) -> Visitors:
    """The visitors of a town."""
    return Visitors(town, lasting_rate(town, "museum habit", share=VISITORS), town.traits("museum panel"))


def groups_in(town: Town, year: int, before: Whole | None, again: Whole | None = None) -> Whole:
    """Everyone's group in a year, given that of the year before: newcomers get one, and some others another.

    Of those who answer the survey `again`, just the planted share does, to a person: chance has no say in how many.
    """
    known = int(np.searchsorted(town.people.came_in, year, side="right"))
    band = by_age(year - town.people.birth_year[:known], AGE_BOUNDS, range(len(AGE_BOUNDS))).astype(np.int64)
    group = Choice(SHARES).of(town.plan.chance("museum groups", year), band)
    if before is None:
        return group
    old = len(before)
    chance = town.plan.chance("museum migration", year)
    others = SHARES[:, None, :] * (1 - np.eye(len(GROUPS)))[None, :, :]
    other = Choice(others.reshape(-1, len(GROUPS))).of(chance, band[:old] * len(GROUPS) + before)
    moves = chance.random(old) < CHANGING
    if again is not None:
        moves[again] = False
        moves[chance.permutation(again)[: int(CHANGING * len(again) + chance.random())]] = True
    group[:old] = np.where(moves, other, before)
    return group


def visitors_in(visitors: Visitors, year: int) -> Residents:
    """Who of the residents of a year would visit the museum."""
    residents = visitors.town.residents(year)
    return residents.where((visitors.rate[residents.person] > 0) & (residents.age >= YOUNGEST_VISITOR))


def visits_in(visitors: Visitors, group: Whole, year: int) -> pl.DataFrame:
    """The visits of a year; days are numbers, codes are places."""
    plan, here = visitors.town.plan, visitors_in(visitors, year)
    days = rhythm_of(year, _MONTHS, _WEEKDAYS, on_holidays=0.0)
    expected = _VISITS * visitors.rate[here.person] * VISITING[group[here.person]]
    at = happening(plan.chance("museum visits", year), expected * days.part(here.first_day, here.days))
    chance = plan.chance("museum days", year)
    visited = days.days(chance, here.first_day[at], here.days[at])
    grown = np.full(len(at), int(year - plan.first_year >= 4))
    return _frame(
        {
            "person": here.person[at],
            "visited": visited,
            "site": chance.choice(len(SITE.allowed), len(at), p=_SITES),
            "company": Choice(COMPANIES).of(chance, group[here.person[at]]),
            "ticket": np.where(
                here.age[at] < 18, TICKET.allowed.index("vapaa"), Choice(np.array(_TICKETS)).of(chance, grown)
            ),
            "recorded": recording_days(chance, visited, late=_LATE, soon=_SOON, weekends=True),
        }
    )


def events_in(plan: Plan, year: int) -> pl.DataFrame:
    """The events of a year, by their day."""
    chance, number = plan.chance("museum events", year), _EVENTS_OF_A_YEAR + plan.people // _PEOPLE_PER_EVENT
    whole_year = np.full(number, first_of(year)), np.full(number, first_of(year + 1) - first_of(year))
    kinds = chance.choice(len(EVENT_TYPE.allowed), number, p=_EVENT_TYPES)
    # Every year has each kind at least once.
    kinds[: len(EVENT_TYPE.allowed)] = np.arange(len(EVENT_TYPE.allowed))
    day = rhythm_of(year, _MONTHS, _WEEKDAYS, on_holidays=0.0).days(chance, *whole_year)
    sites = chance.choice(len(SITE.allowed), number, p=_SITES)
    return _frame({"day": day, "kind": kinds, "site": sites, "theme": chance.integers(0, 1_000, number)}).sort(
        "day", maintain_order=True
    )


def signups_in(visitors: Visitors, group: Whole, events: pl.DataFrame, year: int) -> pl.DataFrame:
    """Who signs up for which of the year's events; `event` is a place among them."""
    plan, here = visitors.town.plan, visitors_in(visitors, year)
    chance = plan.chance("museum sign-ups", year)
    share = (visitors.rate[here.person] + 2.0 / VISITORS) / (1.0 + 2.0)
    at = happening(chance, _SIGNUPS * share * SIGNING_UP[group[here.person]] * here.share)
    kind = Choice(EVENTS).of(chance, group[here.person[at]])
    event = _event_of(chance, kind, events["kind"].to_numpy())
    day = events["day"].to_numpy()[event]
    lives: Flags = (day >= here.first_day[at]) & (day < here.first_day[at] + here.days[at])
    # Sign-ups open five weeks before an event, with the year, and not before somebody lives here.
    open_days = np.clip(day - here.first_day[at], 0, _OPEN_DAYS)
    signed = day - np.floor(chance.random(len(at)) * (open_days + 1)).astype(np.int64)
    return _frame(
        {
            "person": here.person[at],
            "event": event,
            "signed_up": signed,
            "attended": (chance.random(len(at)) < _ATTENDING).astype(np.int32),
            "recorded": recording_days(chance, signed, late=_LATE, soon=0.0, weekends=True),
        }
    ).filter(lives)


def _event_of(chance: np.random.Generator, kind: Whole, kinds: Whole) -> Whole:
    """One of the events of each kind, all equally likely."""
    order = np.argsort(kinds, kind="stable")
    number = np.bincount(kinds, minlength=len(EVENT_TYPE.allowed))
    first = np.cumsum(number) - number
    return np.asarray(order[first[kind] + (chance.random(len(kind)) * number[kind]).astype(np.int64)])


def _frame(columns: dict[str, Whole]) -> pl.DataFrame:
    return pl.DataFrame({name: column.astype(np.int32) for name, column in columns.items()})
