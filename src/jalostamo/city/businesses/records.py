"""The records of the trade register, as it writes them.

Handbook 2.2 (business customers).
"""

from __future__ import annotations

from pathlib import Path
from typing import Final

import numpy as np
import polars as pl

from jalostamo.city.businesses.description import BUSINESSES
from jalostamo.city.businesses.founding import Enterprises, enterprises
from jalostamo.city.businesses.vocabularies import ASSOCIATION, CHANNEL, FORM, INDUSTRY, PARTNERSHIP, SERVICE, STAFF
from jalostamo.city.businesses.vocabularies import SOLE_TRADER as TRADER
from jalostamo.city.days import DAYS_IN_YEAR, NEVER, Whole, first_of, last_of
from jalostamo.city.delivering import delivered
from jalostamo.city.frames import coded, dates, numbered_by_year, texts
from jalostamo.city.homes import DISTRICT_OF
from jalostamo.city.name_lists import name_lists
from jalostamo.city.names import Words
from jalostamo.city.people import NOBODY
from jalostamo.city.population.tables import POSTCODE
from jalostamo.city.rhythm import rhythm_of
from jalostamo.city.town import Town
from jalostamo.city.truth import Truth
from jalostamo.city.vocabularies import DISTRICT

_WEIGHTS: Final = (7, 9, 10, 5, 8, 4, 2)
_FIRST_NUMBER: Final = 9_000_000
"""Business ids that begin with a nine have been given to nobody."""
_A_YEAR: Final = 0.6
_MONTHS: Final = (1.1, 1.0, 1.1, 1.1, 1.2, 0.9, 0.4, 0.9, 1.1, 1.1, 1.0, 0.7)
_SERVICES: Final = (0.40, 0.25, 0.15, 0.08, 0.12)
_CHANNELS: Final = (0.22, 0.36, 0.30, 0.12)
_MANY: Final = 60


def deliver_businesses(folder: Path, town: Town) -> Truth:
    """Write the trade register, and return its part of the truth."""
    told = enterprises(town)
    ids = business_ids(len(told))
    codes = town.recorded_by(BUSINESSES.name).at(np.maximum(told.owner, 0), np.maximum(told.founded, 0))
    codes = pl.select(pl.when(pl.Series(told.owner != NOBODY)).then(codes)).to_series()
    with delivered(folder, BUSINESSES) as tables:
        tables["businesses"].append(_businesses(town, told, ids, codes=codes))
        for year in town.plan.years:
            tables["contacts"].append(_contacts(town, told, ids, year=year))
    return {
        "registers": {BUSINESSES.name: {name: table.records for name, table in tables.items()}},
        "planted": _planted(town, told, codes),
    }


def business_ids(number: int) -> pl.Series:
    """So many business ids with right check digits."""
    numbers = _FIRST_NUMBER + np.arange(number * 2 + 100)
    digits = numbers[:, None] // 10 ** np.arange(6, -1, -1) % 10
    rest = digits @ np.array(_WEIGHTS) % 11
    # A remainder of one has no check digit: such numbers are not given.
    given = rest != 1
    check = np.where(rest == 0, 0, 11 - rest)
    text = np.char.add(np.char.add(numbers[given].astype(str), "-"), check[given].astype(str))
    return texts(text[:number])


def _businesses(town: Town, told: Enterprises, ids: pl.Series, *, codes: pl.Series) -> pl.DataFrame:
    return pl.DataFrame(
        {
            "business_id": ids,
            "personal_identity_code": codes,
            "name": texts(_names(town, told)),
            "form": coded(FORM, told.form),
            "industry": coded(INDUSTRY, told.industry),
            "postcode": coded(POSTCODE, told.postcode),
            "district": coded(DISTRICT, DISTRICT_OF[told.postcode]),
            "staff_class": coded(STAFF, told.staff),
            "founded": dates(told.founded),
            "ended": dates(np.where(told.ended <= last_of(town.plan.last_year), told.ended, NEVER)),
        }
    )


def _names(town: Town, told: Enterprises) -> Words:
    """Sole traders are called by their surname, the others by one or two of anybody's."""
    surnames = name_lists()["fi"].surnames[0]
    first, second = surnames.at(told.naming), surnames.at(told.naming * _MANY % 1.0)
    both = np.where(told.naming * 7 % 1.0 < 0.5, first, first + " & " + second)
    owner = np.maximum(told.owner, 0)
    traders = town.surnames[owner] + " " + town.first_names[owner] + " Tmi"
    called = np.where(told.form == ASSOCIATION, first + "-seura ry", both + " Oy")
    called = np.where(told.form == PARTNERSHIP, both + " Ky", called)
    return np.where(told.form == TRADER, traders, called)


def _contacts(town: Town, told: Enterprises, ids: pl.Series, *, year: int) -> pl.DataFrame:
    """The contacts of a year, by day; each business has its own need for them."""
    chance = town.plan.chance("business contacts", year)
    first = np.maximum(told.founded, first_of(year))
    days = np.minimum(told.ended, last_of(year)) - first + 1
    there = np.flatnonzero(days > 0)
    rate = _A_YEAR * days[there] / DAYS_IN_YEAR * (0.3 + told.staff[there])
    business = np.repeat(there, chance.poisson(rate))
    day = rhythm_of(year, _MONTHS).days(chance, first[business], days[business])
    service, channel = (chance.choice(len(shares), len(day), p=shares) for shares in (_SERVICES, _CHANNELS))
    order: Whole = np.argsort(day, kind="stable")
    return pl.DataFrame(
        {
            "contact_number": numbered_by_year(day[order]),
            "business_id": ids.gather(business[order]),
            "day": dates(day[order]),
            "business_service": coded(SERVICE, service[order]),
            "business_channel": coded(CHANNEL, channel[order]),
        }
    )


def _planted(town: Town, told: Enterprises, codes: pl.Series) -> Truth:
    traders = told.form == TRADER
    known = set(town.codes.tolist()) | set(town.former.tolist())
    counts = {
        "businesses": (len(told), "Records of businesses."),
        "sole_traders": (int(np.count_nonzero(traders)), "Records of businesses of the form TMI."),
        "sole_traders_matched": (
            sum(code in known for code in codes.drop_nulls()),
            "Sole traders whose recorded code is a present or former code of the population register, on every character.",
        ),
    }
    return {
        name: {"value": value, "scale": "count", "interval": [value, value], "sentence": sentence}
        for name, (value, sentence) in counts.items()
    }
