"""The people of the town and their households, as columns: one array per attribute, one place per person.

Places are in the order in which people came into the registers, so that a longer period only adds to the end.

Handbook 2.2 (the population register).
"""

from __future__ import annotations

from dataclasses import dataclass, fields, replace
from typing import Final

import numpy as np

from jalostamo.city.days import Days, Flags, Whole, first_of, last_of, years_of
from jalostamo.city.homes import DISTRICT_OF
from jalostamo.city.vocabularies import DOMESTIC_LANGUAGES

NOBODY: Final = -1
MALE, FEMALE = 1, 2


@dataclass(frozen=True, slots=True, repr=False)
class People:
    """People are everyone who has lived in the town during the registers' years.

    `language` and `country` are places in their code lists, `household`, `partner` and guardians places of households
    and people, or NOBODY. `household` is the last one, `family` the first. `left` is the last day of residence. `adult`
    marks those who have founded a household, `founder` those who had done so on coming in. `language` is the true one,
    whatever is recorded at first.
    """

    came_in: Whole
    birth: Days
    sex: Whole
    language: Whole
    country: Whole
    household: Whole
    family: Whole
    guardian_1: Whole
    guardian_2: Whole
    partner: Whole
    adult: Flags
    founder: Flags
    came: Days
    left: Days
    died: Days

    def __len__(self) -> int:
        return len(self.birth)

    @property
    def foreign(self) -> Flags:
        """Whose native language is neither Finnish nor Swedish."""
        return self.language >= DOMESTIC_LANGUAGES

    @property
    def birth_year(self) -> Whole:
        """The calendar year of each birth."""
        return years_of(self.birth)

    def resident_in(self, year: int) -> Flags:
        """Who lives in the town on at least one day of a year."""
        return (self.came <= last_of(year)) & (self.left >= first_of(year))

    def followed_by(self, newcomers: People) -> People:
        """These people, and after them newcomers."""
        columns = {f.name: np.concatenate([getattr(self, f.name), getattr(newcomers, f.name)]) for f in fields(self)}
        return replace(self, **columns)


@dataclass(frozen=True, slots=True, repr=False)
class Households:
    """Households are where people live together; `language` is the one that their children get.

    `postcode` and `dwelling` are those of the last home, as places in their lists.
    """

    language: Whole
    postcode: Whole
    dwelling: Whole
    birth_of_first: Days

    def __len__(self) -> int:
        return len(self.language)

    @property
    def district(self) -> Whole:
        """The district of each, as a place in the code list."""
        return np.asarray(DISTRICT_OF[self.postcode])

    def followed_by(self, newcomers: Households) -> Households:
        """These households, and after them newcomers."""
        columns = {f.name: np.concatenate([getattr(self, f.name), getattr(newcomers, f.name)]) for f in fields(self)}
        return replace(self, **columns)
