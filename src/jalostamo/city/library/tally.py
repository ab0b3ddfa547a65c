"""What was planted in the library's loans: tastes, what a recommender can reach, and longer hours without effect.

Handbook 2.2 (understanding and assessing the results) and 3.3.1 (recommendation by group and history).
"""

from __future__ import annotations

from typing import Final

import numpy as np
import polars as pl

from jalostamo.city.comparing import Compared, share_interval, told, windows
from jalostamo.city.days import Flags, Whole, first_of
from jalostamo.city.library.catalogue import FROM_TASTE, TASTES
from jalostamo.city.library.description import BRANCH
from jalostamo.city.library.loans import NET, RENEWAL, Readers
from jalostamo.city.truth import Truth

LONGER_HOURS: Final = "MK"
HOURS_YEAR, HOURS_MONTH = 4, 9
RECOMMENDED: Final = 10
FEWEST_LOANS: Final = 20
_MEMBER: Final = 0.3


class Tally:
    """A tally counts what is delivered, piece by piece, and tells at the end what a right reading finds."""

    def __init__(self, readers: Readers) -> None:
        people, titles = len(readers.town.people), len(readers.catalogue.subject)
        self.readers = readers
        self._windows = windows(readers.town.plan, readers.town.plan.first_year + HOURS_YEAR, HOURS_MONTH)
        self._compared = Compared(readers.town)
        self._loans = np.zeros((2, people), dtype=np.int32)
        # One row for each taste, and the last for whoever has none.
        self._learned = np.zeros((len(TASTES) + 1, titles), dtype=np.int64)
        self._asked: pl.DataFrame | None = None
        self._is_favourite = np.zeros((len(TASTES) + 1, titles), dtype=np.bool_)
        for taste, favourites in enumerate(readers.catalogue.favourites):
            self._is_favourite[taste, favourites] = True

    def add(self, year: int, loans: pl.DataFrame) -> None:
        """Count one year's recorded loans, without duplicates."""
        new = loans.filter(pl.col("channel") != RENEWAL)
        person, title = new["person"].to_numpy(), new["title"].to_numpy()
        row = self.readers.taste[person]
        for place, counted in enumerate((np.ones(len(row), dtype=np.bool_), self._is_favourite[row, title])):
            self._loans[place] += np.bincount(person[counted], minlength=self._loans.shape[1]).astype(np.int32)
        plan = self.readers.town.plan
        testing: Flags = new["loaned"].to_numpy() >= first_of(plan.last_year)
        np.add.at(self._learned, (row[~testing], title[~testing]), 1)
        if year == plan.last_year:
            self._asked = new.filter(testing).select("person", "title")
        self._compare(new)

    def _compare(self, new: pl.DataFrame) -> None:
        if self._windows is None:
            return
        here = new.filter(pl.col("channel") != NET)
        day = here["loaned"].to_numpy()
        held = self._windows.hold(day)
        in_group = here["branch"].to_numpy() == BRANCH.allowed.index(LONGER_HOURS)
        after = self._windows.afterwards(day)[held]
        self._compared.add(here["person"].to_numpy()[held].astype(np.int64), in_group=in_group[held], afterwards=after)

    def planted(self) -> Truth:
        """The entries of the truth file."""
        return self._tastes() | self._hours() | self._recall()

    def _tastes(self) -> Truth:
        entries: Truth = {}
        numbers = self.readers.catalogue.numbers()
        total, favourite = self._loans
        for taste, (name, codes) in enumerate(TASTES.items()):
            members = self.readers.taste == taste
            measured = members & (total >= FEWEST_LOANS)
            loans = int(total[measured].sum())
            share = float(favourite[measured].sum()) / max(loans, 1)
            titles = numbers.gather(self.readers.catalogue.favourites[taste]).to_list()
            entries[f"library_taste_{name}"] = told(
                share,
                "share",
                share_interval(share, loans),
                group=name,
                reference="",
                sentence=_TASTE,
                planted_share=FROM_TASTE,
                classes=list(codes),
                titles=titles,
                borrowers=int(np.count_nonzero(members & (total > 0))),
                borrowers_measured=int(np.count_nonzero(measured)),
            )
        return entries

    def _hours(self) -> Truth:
        if self._windows is None:
            return {}
        year = self.readers.town.plan.first_year + HOURS_YEAR
        entry = told(
            1.0,
            "ratio",
            self._compared.interval(1.0),
            group=LONGER_HOURS,
            reference="the other branches",
            sentence=_HOURS,
            since=f"{year}-{HOURS_MONTH:02d}-01",
            months=self._windows.months,
            loans=self._compared.counts(),
        )
        return {"library_longer_hours": entry}

    def _recall(self) -> Truth:
        if self._asked is None or not self._learned.any():
            return {}
        allowed = ~self.readers.catalogue.sensitive
        asked = self._asked.unique(maintain_order=True)
        asked = asked.filter(allowed[asked["title"].to_numpy()])
        person, title = asked["person"].to_numpy(), asked["title"].to_numpy()
        row = self.readers.taste[person]
        popular = _commonest(self._learned.sum(axis=0), allowed)
        by_taste = np.stack([_commonest(of_taste, allowed) for of_taste in self._learned])
        by_taste[-1] = popular
        hits = {
            "library_recall_popularity": np.isin(title, popular),
            "library_recall_by_taste": (by_taste[row] == title[:, None]).any(axis=1),
        }
        return {name: _recall_of(name, person, found, row) for name, found in hits.items()}


def _commonest(loans: Whole, allowed: Flags) -> Whole:
    """The titles to recommend: the most lent ones, none of a sensitive class; equals by their place."""
    return np.argsort(np.where(allowed, -loans, 1), kind="stable")[:RECOMMENDED]


def _recall_of(name: str, person: Whole, found: Flags, taste: Whole) -> Truth:
    """The mean over borrowers of the share of the last year's titles that are among the ten."""
    of_each = pl.DataFrame({"person": person, "found": found, "taste": taste >= 0})
    means = of_each.group_by("person", maintain_order=True).agg(pl.col("found").mean(), pl.col("taste").first())
    value, with_taste = (float(part["found"].to_numpy().mean()) for part in (means, means.filter("taste")))
    return told(
        value,
        "share",
        [round(max(value - _REACH, 0.0), 4), round(value + _REACH, 4)],
        group="borrowers of the last year",
        reference="",
        sentence=_RECALL[name],
        among_those_with_a_taste=round(with_taste, 4),
        borrowers=means.height,
    )


_REACH: Final = 0.004
_TASTE: Final = (
    "Cards with at least 20 loans, renewals and second records left out, of which more than 3 in 10 are of the titles of "
    "this taste: the share of their loans that are of those titles. Six in ten are drawn from them, the others by "
    "popularity."
)
_HOURS: Final = (
    "New loans (channel desk or self) at the branch with longer hours, after the day divided by before, over the same at "
    "the other branches but the online one, with as many months on either side: the longer hours have no effect."
)
_TEN: Final = (
    "Borrowers with new loans in the last year (renewals, and titles of sensitive classes, left out): the mean of the share "
    "of their distinct titles of that year that are among ten recommended ones; learned from the years before. "
)
_RECALL: Final = {
    "library_recall_popularity": _TEN + "The ten are the most lent titles that are not of a sensitive class.",
    "library_recall_by_taste": _TEN
    + (
        "The ten are the most lent ones among the borrowers of the same taste, and for borrowers without one the most lent "
        "of all: what a recommender can reach that knows the tastes. Whose taste is which can be read from the files: its "
        "titles are three tenths of the card's loans of all years, or more."
    ),
}
