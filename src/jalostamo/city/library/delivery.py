"""Delivering the library's register: the loans year by year in the order of recording, then whoever borrowed.

Handbook 2.2 (data descriptions).
"""

from __future__ import annotations

from pathlib import Path
from typing import Final

import numpy as np
import polars as pl

from jalostamo.city.days import BEFORE, NEVER, Days, first_of, last_of
from jalostamo.city.delivering import Delivered, delivered
from jalostamo.city.frames import coded, dates
from jalostamo.city.lateness import Recording, deficient, numbers_of_records, own_numbers
from jalostamo.city.library import classes
from jalostamo.city.library.description import BRANCH, CHANNEL, LANGUAGE, LIBRARY
from jalostamo.city.library.loans import Readers, home_branches, loans_in, readers_of
from jalostamo.city.library.tally import Tally
from jalostamo.city.plan import Plan
from jalostamo.city.town import Town
from jalostamo.city.truth import Truth

NEW_CLASSES: Final = 3
"""How many years after the first one the list of classes changes its version."""

_CONSENTING: Final = 0.58
_YOUNGEST_DAYS: Final = 3 * 365
_FOREIGN_ENGLISH: Final = 0.12


def deliver_library(folder: Path, town: Town) -> Truth:
    """Write the library's register, and tell what was planted in it."""
    readers = readers_of(town)
    tally = Tally(readers)
    joined = np.full(len(town.people), NEVER)
    recording = Recording(town.plan, "library loans", occurred="loaned")
    with delivered(folder, LIBRARY, marked=True) as tables:
        for year in town.plan.years:
            now = recording.made_in(year, loans_in(readers, year))
            tally.add(year, now.filter(~pl.col("doubled")))
            np.minimum.at(joined, now["person"].to_numpy(), now["loaned"].to_numpy())
            tables["loans"].append(_loan_records(readers, year, now))
        bad_codes = _deliver_borrowers(tables["borrowers"], town, joined)
    counts = {name: table.records for name, table in tables.items()}
    suffers = {"loans": recording.suffers() | _new_classes(town.plan), "borrowers": {"bad_codes": bad_codes}}
    return {"planted": tally.planted(), "suffers": {"library": suffers}, "registers": {"library": counts}}


def _new_classes(plan: Plan) -> Truth:
    """What the change of the list of classes did to the records."""
    what = f"Before it class {classes.SPLIT} was not divided; since then its loans have one of the classes of `into`."
    since = f"{plan.first_year + NEW_CLASSES}-01-01"
    return {"practice_change": {"since": since, "what": what, "into": list(classes.PARTS)}}


def _loan_records(readers: Readers, year: int, loans: pl.DataFrame) -> pl.DataFrame:
    title, loaned = loans["title"].to_numpy(), loans["loaned"].to_numpy()
    subject = readers.catalogue.subject[title]
    split = (subject == classes.CODES.index(classes.SPLIT)) & (
        loaned >= first_of(readers.town.plan.first_year + NEW_CLASSES)
    )
    subject = np.where(split, len(classes.CODES) + title % len(classes.PARTS), subject)
    end = last_of(readers.town.plan.last_year)
    return pl.DataFrame(
        {
            "loan_number": numbers_of_records(loans, year, width=7),
            "card_number": own_numbers(loans["person"].to_numpy(), prefix="K"),
            "title_number": readers.catalogue.numbers().gather(title),
            "subject_class": coded(classes.SUBJECT_CLASS, subject),
            "title_language": coded(LANGUAGE, readers.catalogue.language[title]),
            "branch": coded(BRANCH, loans["branch"].to_numpy()),
            "channel": coded(CHANNEL, loans["channel"].to_numpy()),
            "loaned": dates(loaned),
            "due": dates(loans["due"].to_numpy()),
            "returned": dates(loans["returned"].to_numpy(), until=end),
            "recorded": dates(loans["recorded"].to_numpy()),
        }
    )


def _deliver_borrowers(table: Delivered, town: Town, first_loan: Days) -> int:
    """Write whoever has borrowed, by the day of joining; the answer is how many are recorded by a wrong code."""
    person = np.flatnonzero(first_loan < NEVER)
    since = _joined(town, first_loan)[person]
    order = np.argsort(since, kind="stable")
    person, since = person[order], since[order]
    codes = town.recorded_by("library").at(person, since)
    places = home_branches(town.district_in(town.plan.last_year)[person])
    table.append(
        pl.DataFrame(
            {
                "card_number": own_numbers(person, prefix="K"),
                "identity_code": codes,
                "language": coded(LANGUAGE, _languages(town)[person]),
                "joined": dates(since),
                "home_branch": coded(BRANCH, places),
                "marketing_consent": pl.Series(town.traits("library consent")[person] < _CONSENTING),
            }
        )
    )
    return deficient(town, codes, person, since)


def _joined(town: Town, first_loan: Days) -> Days:
    """The day of the first loan; who borrows in the first year and lived there before has had a card for longer."""
    plan, start = town.plan, first_of(town.plan.first_year)
    earlier = start - 1 - np.floor(town.traits("library joined") ** 2 * 18 * 365).astype(np.int64)
    had = (town.people.came == BEFORE) & (first_loan <= last_of(plan.first_year))
    return np.where(had, np.minimum(np.maximum(earlier, town.people.birth + _YOUNGEST_DAYS), first_loan), first_loan)


def _languages(town: Town) -> Days:
    """Everyone's language as the library records it: some speakers of other languages are served in English."""
    other = np.where(town.traits("library language") < _FOREIGN_ENGLISH, 2, 3)
    return np.where(town.people.foreign, other, town.people.language)
