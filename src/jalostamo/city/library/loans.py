"""Who borrows what on which day: one year's loans and their renewals, from that year's own chance.

Handbook 2.2 (service events).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
import polars as pl

from jalostamo.city.days import Flags, Shares, Whole, weekday_of
from jalostamo.city.library import classes
from jalostamo.city.library.catalogue import FROM_TASTE, LANGUAGES, NO_TASTE, READ, Catalogue, catalogued, tastes_of
from jalostamo.city.library.description import BRANCH
from jalostamo.city.rhythm import by_age, happening, lasting_rate, rhythm_of
from jalostamo.city.town import Residents, Town

BORROWING: Final = 0.46
_AGES: Final = (0, 3, 7, 13, 18, 25, 35, 45, 65, 80)
_LOANS: Final = (0.0, 6.4, 8.5, 4.2, 2.6, 3.6, 5.4, 3.8, 4.4, 2.4)
_OLDEST_READ_TO: Final = 10
_RENEWED: Final = 0.13
# The loans of printed books fall a little every year; what is lent over the net grows.
_YEARLY: Final = 0.992
_NET_AT_FIRST, _NET_MORE, _NET_AT_MOST = 0.01, 0.012, 0.22
_MONTHS: Final = (1.25, 1.05, 1.05, 0.95, 0.86, 1.0, 1.22, 0.95, 0.95, 1.03, 1.0, 0.78)
_WEEKDAYS: Final = (1.1, 1.05, 1.05, 1.0, 0.95, 0.7, 0.22)
_LOAN_DAYS, _NET_DAYS = 28, 14
_AT_HOME, _AT_MAIN = 0.72, 0.20
_SUNDAY, _NOT_ON_SUNDAY = 6, 0.75

MAIN, MOBILE, ONLINE = (BRANCH.allowed.index(code) for code in ("PK", "KA", "VK"))
DESK, SELF, RENEWAL, NET = range(4)
_BRANCH_OF: Final = np.array([BRANCH.allowed.index(code) for code in (
    "PK", "SK", "SK", "PK", "KA", "MK", "KK", "KK", "KA", "MK", "JK", "JK",
)])  # fmt: skip


@dataclass(frozen=True, slots=True, repr=False)
class Readers:
    """Readers are everyone's lasting habits, and the titles that there are."""

    town: Town
    rate: Shares
    taste: Whole
    catalogue: Catalogue


def readers_of(town: Town) -> Readers:
    """The readers of a town."""
    return Readers(town, lasting_rate(town, "library habit", share=BORROWING), tastes_of(town), catalogued())


def home_branches(district: Whole) -> Whole:
    """The nearest branch of each district."""
    return np.asarray(_BRANCH_OF[district])


def loans_in(readers: Readers, year: int) -> pl.DataFrame:
    """The loans that begin in a year, and their renewals; days are numbers, codes are places."""
    town, plan = readers.town, readers.town.plan
    residents, days = town.residents(year), rhythm_of(year, _MONTHS, _WEEKDAYS, on_holidays=0.0)
    expected = (
        by_age(residents.age, _AGES, _LOANS) * readers.rate[residents.person] * _YEARLY ** (year - plan.first_year)
    )
    expected *= days.part(residents.first_day, residents.days)
    at = happening(plan.chance("library loans", year), expected)
    loaned = days.days(plan.chance("library days", year), residents.first_day[at], residents.days[at])
    title = _titles(readers, residents, at)
    branch, channel = _places(plan.chance("library branches", year), residents, at, since=year - plan.first_year)
    columns = {"person": residents.person[at], "title": title, "branch": branch, "channel": channel, "loaned": loaned}
    loans = pl.DataFrame({name: column.astype(np.int32) for name, column in columns.items()})
    return _with_renewals(plan.chance("library returns", year), loans, left=town.people.left)


def _titles(readers: Readers, residents: Residents, at: Whole) -> Whole:
    chance, catalogue = readers.town.plan.chance("library titles", residents.year), readers.catalogue
    person = residents.person[at]
    subject = catalogue.by_reader.of(chance, _kinds_of_reader(readers.town, residents)[at])
    spoken = np.minimum(readers.town.people.language[person], len(READ) - 1)
    popular = catalogue.title_in(chance, subject * LANGUAGES + catalogue.by_language.of(chance, spoken))
    taste = readers.taste[person]
    own = (taste != NO_TASTE) & (chance.random(len(at)) < FROM_TASTE)
    popular[own] = catalogue.favourites[taste[own], catalogue.by_taste.of(chance, taste[own])]
    return popular


def _kinds_of_reader(town: Town, residents: Residents) -> Whole:
    """Small children, schoolchildren, the young, adults with a child at home, other adults, the old."""
    kind = by_age(
        residents.age, (0, 7, 13, 18, 65), (classes.SMALL, classes.SCHOOL, classes.YOUNG, classes.ADULT, classes.OLD)
    )
    children = residents.person[residents.age <= _OLDEST_READ_TO]
    has_child = np.zeros(len(town.people) + 1, dtype=np.bool_)
    # NOBODY is the last place, which belongs to no person.
    has_child[town.people.guardian_1[children]] = has_child[town.people.guardian_2[children]] = True
    parent = (kind == classes.ADULT) & has_child[residents.person]
    return np.where(parent, classes.PARENT, kind).astype(np.int64)


def _places(chance: np.random.Generator, residents: Residents, at: Whole, *, since: int) -> tuple[Whole, Whole]:
    """The branch and the channel of each loan, so many years after the register's beginning."""
    home = home_branches(residents.district)[at]
    drawn = chance.random(len(at))
    other = chance.integers(0, MOBILE, len(at))
    branch = np.where(drawn < _AT_HOME, home, np.where(drawn < _AT_HOME + _AT_MAIN, MAIN, other))
    channel = np.where(chance.random(len(at)) < min(0.35 + 0.05 * since, 0.85), SELF, DESK)
    channel = np.where(branch == MOBILE, DESK, channel)
    grown = min(_NET_AT_FIRST + _NET_MORE * since, _NET_AT_MOST)
    over_net = (chance.random(len(at)) < grown) & (residents.age[at] >= 13)
    return np.where(over_net, ONLINE, branch), np.where(over_net, NET, channel)


def _with_renewals(chance: np.random.Generator, loans: pl.DataFrame, *, left: Whole) -> pl.DataFrame:
    """The loans with due day, return and day of recording, and some of them once more as a renewal."""
    first = loans.with_columns(returned=_lasting(chance, loans))
    loaned, net = first["loaned"].to_numpy(), first["channel"].to_numpy() == NET
    again = ~net & (chance.random(len(net)) < _RENEWED)
    day = loaned + chance.integers(_LOAN_DAYS - 8, _LOAN_DAYS, len(net), endpoint=True)
    again &= day <= left[first["person"].to_numpy()]
    first = first.with_columns(returned=np.where(again, day, first["returned"].to_numpy()).astype(np.int32))
    renewed = first.filter(again).with_columns(loaned=day[again].astype(np.int32), channel=pl.lit(RENEWAL, pl.Int32))
    renewed = renewed.with_columns(returned=_lasting(chance, renewed))
    return _recorded(chance, pl.concat([first, renewed]))


def _lasting(chance: np.random.Generator, loans: pl.DataFrame) -> Whole:
    """The day of return: most within the four weeks, some late; what is lent over the net ends by itself."""
    days: Whole = 1 + np.floor(9.0 * chance.standard_gamma(2.0, loans.height)).astype(np.int64)
    net: Flags = loans["channel"].to_numpy() == NET
    loaned: Whole = loans["loaned"].to_numpy()
    # The return machines are open longer than the desks, but not everywhere on a Sunday.
    waits = (weekday_of(loaned + days) == _SUNDAY) & (chance.random(loans.height) < _NOT_ON_SUNDAY)
    return loaned + np.where(net, _NET_DAYS, days + waits).astype(np.int32)


def _recorded(chance: np.random.Generator, loans: pl.DataFrame) -> pl.DataFrame:
    """Desk and machines record at once, the mobile library within a week, the supplier of e-loans each fortnight."""
    net = loans["channel"].to_numpy() == NET
    mobile = (loans["branch"].to_numpy() == MOBILE) & ~net
    later = np.where(net, chance.integers(1, 14, loans.height), 0) + np.where(
        mobile, chance.integers(0, 7, loans.height), 0
    )
    return loans.with_columns(
        due=pl.col("loaned") + pl.Series(np.where(net, _NET_DAYS, _LOAN_DAYS).astype(np.int32)),
        recorded=pl.col("loaned") + pl.Series(later.astype(np.int32)),
    )
