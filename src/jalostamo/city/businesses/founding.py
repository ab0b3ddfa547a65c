"""Which businesses there are: founded by whom, as what, how long they last.

Handbook 2.2 (business customers).
"""

from __future__ import annotations

from dataclasses import dataclass, fields
from typing import Final

import numpy as np

from jalostamo.city.businesses.vocabularies import ASSOCIATION, COMPANY, PARTNERSHIP, SOLE_TRADER
from jalostamo.city.days import DAYS_IN_YEAR, Days, Shares, Whole, first_of, same_day
from jalostamo.city.drawing import drawn_from
from jalostamo.city.homes import POSTCODES
from jalostamo.city.moves import some_day
from jalostamo.city.people import NOBODY
from jalostamo.city.town import Residents, Town

PER_ADULT: Final = 0.07
SOLE_TRADERS: Final = 0.45
_OTHER_FORMS: Final = (COMPANY, PARTNERSHIP, ASSOCIATION)
_OTHER_SHARES: Final = (0.70, 0.12, 0.18)
_FOUNDED_A_YEAR: Final = 0.10
_LASTING_YEARS: Final = (9.0, 14.0, 12.0, 25.0)
_AGE_OF_STOCK: Final = 9.0
_OLDEST: Final = 60.0
_OWNERS: Final = (20, 68)
_OF_AGE: Final = 18
_INDUSTRIES: Final = (0.01, 0.07, 0.14, 0.16, 0.07, 0.06, 0.08, 0.05, 0.14, 0.06, 0.03, 0.06, 0.04, 0.03)
_INDUSTRIES_OF_ASSOCIATIONS: Final = (0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.02, 0.04, 0.04, 0.02, 0.10, 0.20, 0.33, 0.25)
_STAFF_OF_COMPANIES: Final = (0.48, 0.25, 0.13, 0.11, 0.025, 0.005)


@dataclass(frozen=True, slots=True, repr=False)
class Enterprises:
    """Enterprises are businesses in the order in which they came into the register; `owner` is a person or NOBODY."""

    owner: Whole
    form: Whole
    industry: Whole
    postcode: Whole
    staff: Whole
    founded: Days
    ended: Days
    naming: Shares

    def __len__(self) -> int:
        return len(self.form)


def enterprises(town: Town) -> Enterprises:
    """All businesses: those that were there when the register begins, and those founded in each year."""
    plan = town.plan
    grown_up = town.residents(plan.first_year)
    stock = round(PER_ADULT * int(np.count_nonzero(grown_up.age >= 18)))
    parts = [_founded_in(town, plan.first_year, stock, before=True)]
    parts += [_founded_in(town, year, round(stock * _FOUNDED_A_YEAR), before=False) for year in plan.years]
    return Enterprises(*(np.concatenate([getattr(part, f.name) for part in parts]) for f in fields(Enterprises)))


def _founded_in(town: Town, year: int, number: int, *, before: bool) -> Enterprises:
    chance = town.plan.chance("businesses before" if before else "businesses", year)
    lasting, founded = chance.exponential(1.0, number), np.sort(some_day(chance, year, number))
    form = chance.choice((SOLE_TRADER, *_OTHER_FORMS), number, p=_shares_of_forms())
    if before:
        founded = (
            first_of(year)
            - 1
            - np.floor(np.minimum(chance.exponential(_AGE_OF_STOCK, number), _OLDEST) * DAYS_IN_YEAR).astype(np.int64)
        )
        founded = np.sort(founded)
    from_day = np.maximum(founded, first_of(year))
    ended = from_day + np.floor(lasting * np.array(_LASTING_YEARS)[form] * DAYS_IN_YEAR).astype(np.int64)
    owner = np.where(form == SOLE_TRADER, _owners(chance, town.residents(year), from_day), NOBODY)
    form = np.where((form == SOLE_TRADER) & (owner == NOBODY), COMPANY, form)
    of_age = same_day(town.people.birth[np.maximum(owner, 0)], years_later=_OF_AGE)
    founded = np.where(owner == NOBODY, founded, np.maximum(founded, of_age))
    staff = chance.choice(len(_STAFF_OF_COMPANIES), number, p=_STAFF_OF_COMPANIES)
    # A sole trader works at home; the other ones where there are premises.
    home = town.addresses.postcode[town.addresses.at(np.maximum(owner, 0), from_day)]
    premises = chance.integers(0, len(POSTCODES), number)
    died = town.people.died[np.maximum(owner, 0)]
    return Enterprises(
        owner,
        form,
        _industries(chance, form),
        np.where(owner == NOBODY, premises, home),
        np.where(form == SOLE_TRADER, np.minimum(staff, 1) * (staff > 2), staff),
        founded,
        np.where(owner == NOBODY, ended, np.minimum(ended, died)),
        chance.random(number),
    )


def _industries(chance: np.random.Generator, form: Whole) -> Whole:
    """What each does: associations neither build nor trade."""
    of_all = drawn_from(chance, _INDUSTRIES, len(form))
    return np.where(form == ASSOCIATION, drawn_from(chance, _INDUSTRIES_OF_ASSOCIATIONS, len(form)), of_all)


def _owners(chance: np.random.Generator, residents: Residents, day: Days) -> Whole:
    """A different person for each, who lives in the town on that day; NOBODY where the one drawn does not."""
    youngest, oldest = _OWNERS
    able = np.flatnonzero((residents.age >= youngest) & (residents.age <= oldest))
    drawn = chance.permutation(able)[: len(day)]
    first, days = residents.first_day[drawn], residents.days[drawn]
    here = (first <= day[: len(drawn)]) & (day[: len(drawn)] < first + days)
    owners = np.full(len(day), NOBODY)
    owners[: len(drawn)] = np.where(here, residents.person[drawn], NOBODY)
    return owners


def _shares_of_forms() -> Shares:
    # Some owners who are drawn do not live there on the day: a few more are drawn.
    traders = SOLE_TRADERS * 1.04
    return np.array([traders, *(share * (1 - traders) for share in _OTHER_SHARES)])
