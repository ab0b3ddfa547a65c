"""What households speak, where their members were born.

Handbook 2.2 (the native language of customers).
"""

from __future__ import annotations

from typing import Final

import numpy as np

from jalostamo.city.days import Shares, Whole
from jalostamo.city.vocabularies import (
    COUNTRY,
    DOMESTIC_LANGUAGES,
    FOREIGN_ORIGINS,
    NATIVE_LANGUAGE,
    UNKNOWN_LANGUAGE,
)

FINNISH, SWEDISH = range(DOMESTIC_LANGUAGES)
SWEDISH_SHARE: Final = 0.07

# Share of foreign languages among children, by year of birth: in 2010 some 12 % at ages 13-17 and 24 % at ages 0-2.
_BIRTH_YEARS: Final = (1992.0, 1994.5, 1999.5, 2005.0, 2008.5, 2030.0)
_SHARES_BY_BIRTH_YEAR: Final = (0.10, 0.12, 0.16, 0.20, 0.25, 0.34)
# Share among adults without children at home, by age in 2010; it grows from there.
_ADULT_AGES: Final = (20.0, 28.0, 38.0, 48.0, 60.0, 75.0)
_SHARES_BY_ADULT_AGE: Final = (0.20, 0.26, 0.24, 0.12, 0.06, 0.025)
_GROWTH_A_YEAR: Final = 0.004
_MOST: Final = 0.60

# Among the old, the languages of those who came decades ago; the others are rarer than among the young.
_OLD_AGE: Final = 60.0
_AMONG_THE_OLD: Final = {"ru": 2.4, "et": 1.5, "de": 2.0, "hu": 1.5, "vi": 0.7, "en": 0.6}
_RARE_AMONG_THE_OLD: Final = 0.3


def spoken_in(chance: np.random.Generator, ages: Shares, eldest: Whole, *, year: int, factor: float) -> Whole:
    """The language of each household: by its children's years of birth, or without children by the adult's age.

    `eldest` is the eldest child's year of birth.
    """
    number = len(ages)
    with_children = ~np.isnan(ages[:, 2])
    of_children = np.interp(_middle_birth_year(eldest, ages), _BIRTH_YEARS, _SHARES_BY_BIRTH_YEAR)
    of_adults = np.interp(ages[:, 0], _ADULT_AGES, _SHARES_BY_ADULT_AGE) + _GROWTH_A_YEAR * (year - 2010)
    foreign = np.clip(np.where(with_children, of_children, of_adults) * factor, 0.02, _MOST)
    drawn = chance.random(number)
    domestic = np.where(drawn < foreign + SWEDISH_SHARE, SWEDISH, FINNISH)
    old = ~with_children & (ages[:, 0] >= _OLD_AGE)
    return np.where(
        drawn < foreign, np.where(old, _foreign(chance, number, old=True), _foreign(chance, number)), domestic
    )


def _middle_birth_year(eldest: Whole, ages: Shares) -> Shares:
    """Between the eldest and the youngest child, so that siblings of different ages share one chance."""
    span = np.nan_to_num(ages[:, 2] - np.fmin.reduce(ages[:, 2:], axis=1))
    middle: Shares = eldest + span / 2
    return middle


def _foreign(chance: np.random.Generator, number: int, *, old: bool = False) -> Whole:
    places = np.array([NATIVE_LANGUAGE.allowed.index(language) for language in FOREIGN_ORIGINS])
    shares = np.array([share for share, _ in FOREIGN_ORIGINS.values()])
    if old:
        shares *= [_AMONG_THE_OLD.get(language, _RARE_AMONG_THE_OLD) for language in FOREIGN_ORIGINS]
    return chance.choice(places, number, p=shares / shares.sum())


def spoken_by(chance: np.random.Generator, household: Whole, seats: int) -> Whole:
    """Everyone's native language: the household's, but for some partners from another group."""
    number = len(household)
    languages = np.repeat(household[:, None], seats, axis=1)
    drawn, foreign = chance.random(number), _foreign(chance, number)
    finnish, swedish = household == FINNISH, household == SWEDISH
    partner = np.where(finnish & (drawn < 0.04), foreign, household)
    partner = np.where(finnish & (drawn > 0.98), SWEDISH, partner)
    partner = np.where((swedish & (drawn < 0.35)) | (~finnish & ~swedish & (drawn < 0.10)), FINNISH, partner)
    languages[:, 1] = partner
    unknown = (chance.random(languages.shape) < 0.01) & (languages >= DOMESTIC_LANGUAGES)
    return np.where(unknown, UNKNOWN_LANGUAGE, languages)


def born_in(chance: np.random.Generator, languages: Whole, ages: Shares, *, settled_years: Shares) -> Whole:
    """Everyone's country of birth; a child born after its family came to Finland was born there."""
    own, partners = (_origins(chance, languages[:, seat]) for seat in (0, 1))
    same = languages[:, 0] == languages[:, 1]
    origins = np.repeat(own[:, None], languages.shape[1], axis=1)
    origins[:, 1] = np.where(same, own, partners)
    foreign = languages >= DOMESTIC_LANGUAGES
    abroad = chance.random(languages.shape) < np.where(foreign, 0.94, 0.03)
    abroad[:, 2:] = (ages[:, 2:] > settled_years[:, None]) & (foreign[:, 2:] | (chance.random((len(ages), 4)) < 0.04))
    return np.where(abroad, origins, COUNTRY.allowed.index("FIN"))


def _origins(chance: np.random.Generator, languages: Whole) -> Whole:
    """Where each speaker was born, if not in Finland; for the domestic languages and unknown ones a neighbour."""
    neighbours = [COUNTRY.allowed.index(country) for country in ("SWE", "EST", "RUS")]
    origins = chance.choice(neighbours, len(languages), p=[0.7, 0.1, 0.2])
    for language, (_, countries) in FOREIGN_ORIGINS.items():
        speakers = languages == NATIVE_LANGUAGE.allowed.index(language)
        places = [COUNTRY.allowed.index(country) for country in countries]
        origins[speakers] = chance.choice(places, np.count_nonzero(speakers), p=list(countries.values()))
    return origins
