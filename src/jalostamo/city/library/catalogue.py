"""The library's titles: each of a class and a language, some borrowed far more than others, and the tastes planted in them.

Handbook 3.3.1 (recommendation by group and history).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
import polars as pl

from jalostamo.city.days import Flags, Shares, Whole
from jalostamo.city.drawing import Choice
from jalostamo.city.library import classes
from jalostamo.city.town import Town
from jalostamo.city.vocabularies import DOMESTIC_LANGUAGES

TITLES: Final = 3_000
LANGUAGES: Final = 4
FINNISH, SWEDISH, ENGLISH, OTHER = range(LANGUAGES)
# Parts of each class's titles in Finnish, Swedish, English and other languages; every cell has two titles at least.
_OF_LANGUAGE: Final = (0.70, 0.12, 0.11, 0.07)
_FEWEST: Final = 2

# What is lent in which language, by the reader's: Finnish, Swedish, other.
READ: Final = np.array([[0.88, 0.02, 0.09, 0.01], [0.30, 0.60, 0.09, 0.01], [0.45, 0.02, 0.18, 0.35]])

NO_TASTE: Final = -1
FROM_TASTE: Final = 0.6
_FAVOURITES: Final = 40
YOUNGEST_WITH_TASTE: Final = 15
TASTES: Final = {
    "crime": ("18", "19", "20"),
    "worlds": ("21", "22", "23", "14"),
    "sagas": ("24", "25", "26"),
    "past": ("27", "33", "34", "36"),
    "green": ("63", "64", "69"),
    "making": ("65", "66", "67"),
    "sound": ("71", "72", "73"),
    "mind": ("47", "48", "50", "51"),
}
"""Each taste and its classes; two of the last one's are sensitive: nothing may be recommended from them."""
_SHARES: Final = (0.11, 0.10, 0.09, 0.08, 0.07, 0.06, 0.05, 0.04)


@dataclass(frozen=True, slots=True, repr=False)
class Catalogue:
    """A catalogue is the titles with their class and language, as places, and how to choose among them."""

    subject: Whole
    language: Whole
    favourites: Whole
    by_reader: Choice
    by_language: Choice
    by_cell: tuple[Shares, Whole]
    by_taste: Choice

    def title_in(self, chance: np.random.Generator, cell: Whole) -> Whole:
        """A title of each cell of class and language, the common ones more often."""
        cumulated, first = self.by_cell
        drawn = np.searchsorted(cumulated, cell + chance.random(len(cell)), side="right")
        return np.asarray(np.clip(drawn, first[cell], first[cell + 1] - 1))

    @property
    def sensitive(self) -> Flags:
        """Which titles are of a sensitive class."""
        return classes.SENSITIVE[self.subject]

    def numbers(self) -> pl.Series:
        """The number of each title."""
        return pl.Series([f"T{10_000 + 7 * place}" for place in range(len(self.subject))])


def catalogued() -> Catalogue:
    """The same catalogue for every town."""
    sizes = _sizes()
    cells = np.repeat(np.arange(sizes.size), sizes)
    subject, language = cells // LANGUAGES, cells % LANGUAGES
    first = np.concatenate([[0], np.cumsum(sizes)])
    popularity = 1.0 / (np.arange(len(cells)) - first[cells] + 2.0)
    total = np.bincount(cells, popularity)
    before = np.cumsum(popularity) - popularity
    within = (np.cumsum(popularity) - before[first[cells]]) / total[cells]
    favourites = np.stack([_favourites(first, codes) for codes in TASTES.values()])
    return Catalogue(
        subject,
        language,
        favourites,
        Choice(classes.READERS[:, classes.KIND] * classes.WEIGHTS),
        Choice(READ),
        (cells + within, first),
        Choice(np.tile(1.0 / (np.arange(_FAVOURITES) + 3.0), (len(TASTES), 1))),
    )


def _sizes() -> Whole:
    """How many titles each cell of class and language has."""
    of_class = TITLES * np.sqrt(classes.WEIGHTS) / np.sqrt(classes.WEIGHTS).sum()
    sizes = np.maximum(np.round(of_class[:, None] * np.array(_OF_LANGUAGE)), _FEWEST)
    return np.asarray(sizes, dtype=np.int64).ravel()


def _favourites(first: Whole, codes: tuple[str, ...]) -> Whole:
    """A taste's titles: Finnish ones of its classes in turn, but none of a class's five commonest."""
    rank, place = np.divmod(np.arange(_FAVOURITES), len(codes))
    cell = np.array([classes.CODES.index(code) for code in codes])[place] * LANGUAGES + FINNISH
    return np.asarray(first[cell] + (5 + rank) % (first[cell + 1] - first[cell]))


def tastes_of(town: Town) -> Whole:
    """Everyone's taste, which lasts, or NO_TASTE: tastes belong to Finnish and Swedish speakers of fifteen or more."""
    people = town.people
    taste = np.searchsorted(np.cumsum(_SHARES), town.traits("library taste"), side="right")
    has = (people.came_in - people.birth_year >= YOUNGEST_WITH_TASTE) & (people.language < DOMESTIC_LANGUAGES)
    return np.where(has & (taste < len(TASTES)), taste, NO_TASTE)
