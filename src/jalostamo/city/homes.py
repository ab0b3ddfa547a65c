"""Where households live: districts with a character of their own, their postcodes, and the kinds of dwelling in them.

Handbook 2.2 (the population register).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np

from jalostamo.city.days import Shares, Whole
from jalostamo.city.drawing import drawn_by_row
from jalostamo.city.vocabularies import DISTRICT, DOMESTIC_LANGUAGES, NATIVE_LANGUAGE

YOUNG, MIDDLE, WITH_CHILDREN, OLD = range(4)
DETACHED, TERRACED, OWNED_FLAT, RENTED_FLAT, OTHER_DWELLING = range(5)

_SWEDISH: Final = 1
_WELL_OFF: Final = tuple(
    NATIVE_LANGUAGE.allowed.index(code) for code in ("en", "de", "fr", "es", "it", "hi", "zh", "hu")
)
# Finnish, Swedish, foreign languages of those who came for well-paid work, and the other foreign ones.
_LANGUAGE_GROUPS: Final = 4


@dataclass(frozen=True, slots=True)
class Character:
    """A district's character: how big it is, whom it draws, how dense it is, and the income of its people.

    `stages` are factors for the young, the middle-aged without children, families and the old; `languages` for Finnish,
    Swedish, foreign languages of well-paid work, and other foreign languages.
    """

    share: float
    stages: tuple[float, float, float, float]
    languages: tuple[float, float, float, float]
    dwellings: tuple[float, float, float, float, float]
    postcodes: tuple[float, ...]
    income: float


_URBAN: Final = (0.01, 0.02, 0.45, 0.49, 0.03)
_MIXED: Final = (0.14, 0.22, 0.34, 0.28, 0.02)
_RENTED: Final = (0.02, 0.08, 0.24, 0.64, 0.02)
_GARDENS: Final = (0.58, 0.26, 0.09, 0.06, 0.01)

CHARACTERS: Final = (
    Character(0.14, (1.8, 1.1, 0.5, 1.1), (1.0, 1.0, 1.3, 0.7), _URBAN, (0.5, 0.3, 0.2), 1.04),
    Character(0.09, (1.0, 1.4, 0.8, 0.8), (1.0, 1.5, 1.6, 0.4), _URBAN, (0.6, 0.4), 1.20),
    Character(0.08, (0.6, 1.0, 0.8, 1.9), (1.0, 1.4, 0.7, 0.5), _MIXED, (0.55, 0.45), 1.02),
    Character(0.12, (1.9, 1.0, 0.6, 0.7), (0.9, 0.6, 1.2, 1.6), _RENTED, (0.4, 0.35, 0.25), 0.88),
    Character(0.06, (0.4, 1.2, 1.4, 1.0), (1.0, 2.2, 1.2, 0.3), _GARDENS, (0.6, 0.4), 1.38),
    Character(0.09, (1.0, 0.9, 1.2, 0.8), (0.95, 0.7, 0.9, 1.3), _MIXED, (0.5, 0.5), 0.95),
    Character(0.10, (1.1, 0.9, 1.2, 0.8), (0.85, 0.5, 0.6, 2.0), _RENTED, (0.45, 0.3, 0.25), 0.82),
    Character(0.08, (0.9, 0.9, 1.0, 1.2), (0.95, 0.6, 0.8, 1.5), _RENTED, (0.6, 0.4), 0.89),
    Character(0.07, (0.5, 1.0, 1.6, 0.8), (1.05, 0.8, 0.7, 0.6), _GARDENS, (0.7, 0.3), 1.05),
    Character(0.06, (1.1, 0.9, 0.9, 1.0), (0.85, 0.5, 0.6, 2.1), _RENTED, (0.55, 0.45), 0.80),
    Character(0.05, (0.4, 1.1, 1.3, 1.2), (1.05, 1.2, 0.8, 0.4), _GARDENS, (0.6, 0.4), 1.15),
    Character(0.06, (0.5, 1.0, 1.6, 0.9), (1.05, 0.9, 0.6, 0.6), _GARDENS, (0.5, 0.5), 1.06),
)
POSTCODES: Final = tuple(
    f"99{int(code):02d}{place + 1}"
    for code, character in zip(DISTRICT.allowed, CHARACTERS, strict=True)
    for place in range(len(character.postcodes))
)
"""The postcodes, fictional ones, in the order of the districts."""
DISTRICT_OF: Final = np.repeat(np.arange(len(CHARACTERS)), [len(character.postcodes) for character in CHARACTERS])
"""The district of each postcode, as places in their lists."""
# The young and the old live in flats more than others of the same district do.
_DWELLING_BY_STAGE: Final = (
    (0.30, 0.6, 0.8, 1.8, 1.5),
    (1.0, 1.0, 1.0, 1.0, 0.6),
    (1.6, 1.4, 0.8, 0.7, 0.3),
    (0.8, 0.9, 1.3, 0.8, 2.5),
)


@dataclass(frozen=True, slots=True, repr=False)
class Homes:
    """Homes are dwellings of households, one place each: a place among the postcodes, and a kind of dwelling."""

    postcode: Whole
    dwelling: Whole


def homes_for(chance: np.random.Generator, languages: Whole, stages: Whole) -> Homes:
    """A home for each household, by the language that it speaks and its stage of life."""
    profile = _group_of(languages) * len(_DWELLING_BY_STAGE) + stages
    postcode = drawn_by_row(_CUMULATED_POSTCODES, profile, chance.random(len(languages)))
    kind = DISTRICT_OF[postcode] * len(_DWELLING_BY_STAGE) + stages
    return Homes(postcode, drawn_by_row(_CUMULATED_DWELLINGS, kind, chance.random(len(languages))))


def _group_of(languages: Whole) -> Whole:
    foreign = np.where(np.isin(languages, _WELL_OFF), 2, 3)
    return np.where(languages >= DOMESTIC_LANGUAGES, foreign, (languages == _SWEDISH).astype(np.int64))


def _cumulated(weights: Shares) -> Shares:
    return np.asarray(np.cumsum(weights, axis=1) / weights.sum(axis=1, keepdims=True))


def _postcode_weights() -> Shares:
    within = np.concatenate([character.postcodes for character in CHARACTERS])
    shares = np.array([character.share for character in CHARACTERS])
    rows = [
        shares * [character.stages[stage] * character.languages[group] for character in CHARACTERS]
        for group in range(_LANGUAGE_GROUPS)
        for stage in range(len(_DWELLING_BY_STAGE))
    ]
    return np.asarray(np.array(rows)[:, DISTRICT_OF] * within)


_CUMULATED_POSTCODES: Final = _cumulated(_postcode_weights())
_CUMULATED_DWELLINGS: Final = _cumulated(
    np.array([np.multiply(c.dwellings, factors) for c in CHARACTERS for factors in _DWELLING_BY_STAGE])
)
