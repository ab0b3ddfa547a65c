"""What makes a first child welfare notification of the next year likelier: thirty codes, and who has which in a year.

Each is drawn from streams of its own, so that the registers that record it and the notifications know the same.

Handbook 2.2 (the example of child protective services).
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Final

import numpy as np

from jalostamo.city.days import Whole
from jalostamo.city.people import People
from jalostamo.city.rhythm import uneven
from jalostamo.city.town import Residents, Town


class Who(StrEnum):
    """Whose record it is: the child's own, or one of a guardian."""

    CHILD = "child"
    GUARDIAN = "guardian"


@dataclass(frozen=True, slots=True)
class Factor:
    """A factor is a code that a register records, and how many times as likely a notification is in the year after it.

    `yearly` is the share of those of its ages who get it in a year, and `ages` the youngest and the oldest of them.
    """

    who: Who
    register: str
    table: str
    field: str
    code: str
    rate_ratio: float
    yearly: float
    ages: tuple[int, int]

    @property
    def purpose(self) -> str:
        """The name of its streams of chance."""
        return f"factor {self.who} {self.register} {self.field} {self.code}"


_CHILDREN: Final = (0, 17)
_ADULTS: Final = (18, 120)
# Both the spring and the autumn of such a calendar year are spent at school.
_PUPILS: Final = (8, 15)
_OF_HEALTH: Final = ("health", "visits", "reason")

# A few people have a code every other year, most people never.
_UNEVEN: Final = 0.5


def _factors(
    who: Who, place: tuple[str, str, str], ages: tuple[int, int], *, rows: tuple[tuple[str, float, float], ...]
) -> tuple[Factor, ...]:
    return tuple(Factor(who, *place, code, rate_ratio, yearly, ages) for code, rate_ratio, yearly in rows)


_CHILDS_REASONS: Final = (
    ("A05", 3.0, 0.020), ("P08", 2.8, 0.020), ("E06", 2.6, 0.025), ("L07", 2.4, 0.025), ("P02", 2.2, 0.030),
    ("D05", 2.0, 0.035), ("H06", 2.0, 0.035), ("N01", 1.8, 0.040), ("L05", 1.7, 0.045), ("P03", 1.6, 0.050),
)  # fmt: skip
_GUARDIANS_REASONS: Final = (
    ("P04", 3.0, 0.020), ("P07", 2.9, 0.020), ("P01", 2.6, 0.025), ("N05", 2.5, 0.020), ("L07", 2.3, 0.025),
    ("P02", 2.2, 0.030), ("E06", 2.1, 0.025), ("P03", 2.0, 0.030), ("P06", 1.9, 0.035), ("L06", 1.8, 0.040),
    ("R07", 1.8, 0.035), ("H05", 1.7, 0.040), ("A02", 1.7, 0.045), ("N02", 1.6, 0.050), ("E03", 1.6, 0.050),
)  # fmt: skip

REAL: Final = (
    *_factors(Who.CHILD, _OF_HEALTH, _CHILDREN, rows=_CHILDS_REASONS),
    *_factors(Who.CHILD, ("schools", "absences", "reason"), _PUPILS, rows=(("T", 2.5, 0.05), ("Y", 1.9, 0.05))),
    *_factors(Who.CHILD, ("schools", "pupil_welfare", "reason"), _PUPILS, rows=(("07", 2.2, 0.045), ("12", 1.8, 0.05))),
    *_factors(Who.CHILD, ("early_education", "placements", "form"), (1, 6), rows=(("temporary", 2.8, 0.05),)),
    *_factors(Who.GUARDIAN, _OF_HEALTH, _ADULTS, rows=_GUARDIANS_REASONS),
)
"""The factors that are real, the child's own first."""


def real_codes(who: Who, register: str, table: str) -> frozenset[str]:
    """The codes of a table that are real factors of the child or of a guardian, and drawn here alone."""
    return frozenset(f.code for f in REAL if (f.who, f.register, f.table) == (who, register, table))


def exposed(town: Town, factor: Factor, residents: Residents) -> Whole:
    """Who has a factor's code recorded in a year, as places among the residents of that year."""
    youngest, oldest = factor.ages
    of_age = np.flatnonzero((residents.age >= youngest) & (residents.age <= oldest))
    own = uneven(town.traits(factor.purpose)[residents.person[of_age]], _UNEVEN)
    drawn = town.plan.chance(factor.purpose, residents.year).random(len(of_age))
    return of_age[drawn < factor.yearly * own * residents.share[of_age]]


def exposures_in(town: Town, year: int) -> Whole:
    """Everyone's own factors of a year as bits, in the order of REAL; the last place is nobody's, and has none."""
    own = np.zeros(len(town.people) + 1, dtype=np.int64)
    residents = town.residents(year)
    for place, factor in enumerate(REAL):
        own[residents.person[exposed(town, factor, residents)]] |= 1 << place
    return own


def of_children(people: People, own: Whole, person: Whole) -> Whole:
    """The factors of children as bits: their own, and those of a guardian."""
    childs = sum(1 << place for place, factor in enumerate(REAL) if factor.who is Who.CHILD)
    guardians = own[people.guardian_1[person]] | own[people.guardian_2[person]]
    return (own[person] & childs) | (guardians & ~childs)
