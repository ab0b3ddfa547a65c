"""The people whom the population register records twice: alike, or with another native language.

Handbook 2.2 (checking the data).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np

from jalostamo.city.days import Whole
from jalostamo.city.identity_codes import Pairs
from jalostamo.city.people import People
from jalostamo.city.plan import Plan

# In 20,000 people some fifteen are recorded twice alike, and some five twice with another language.
EXACT_DUPLICATES: Final = 15 / 20_000
CONFLICTING_DUPLICATES: Final = 5 / 20_000
_GROWN_UP: Final = 18


@dataclass(frozen=True, slots=True, repr=False)
class Doubled:
    """The doubled are the people who are recorded twice: alike, or with another native language."""

    exactly: Whole
    conflicting: Whole


def doubled(plan: Plan, people: People, pairs: Pairs) -> Doubled:
    """Who is recorded twice, among those who were there first."""
    founders = int(np.count_nonzero(people.came_in == plan.first_year))
    order = plan.chance("doubled records", plan.first_year).permutation(plan.people)
    candidates = order[~np.isin(order, np.r_[pairs.children, pairs.elders]) & (order < founders)]
    exact, conflicting = (round(plan.people * share) for share in (EXACT_DUPLICATES, CONFLICTING_DUPLICATES))
    # Of a child with two languages nobody could tell the group: those who are recorded with two are grown up.
    others = candidates[exact:]
    others = others[plan.first_year - people.birth_year[others] >= _GROWN_UP]
    return Doubled(np.sort(candidates[:exact]), np.sort(others[:conflicting]))


def rows(number: int, twice: Doubled) -> tuple[Whole, Whole]:
    """Whose record each row is, and whether it is one that tells of another native language."""
    again = np.r_[twice.exactly, twice.conflicting]
    row = np.r_[np.arange(number), again]
    differs = np.repeat([0, 1], [number + len(twice.exactly), len(twice.conflicting)])
    # A person's second record was made when somebody else's was: it stands by the record of that place.
    order = np.argsort(np.r_[np.arange(number, dtype=np.float64), again[::-1] + 0.5], kind="stable")
    return row[order], differs[order]
