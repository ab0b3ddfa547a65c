"""The history of addresses: in which household and dwelling each person lived since which day.

Handbook 2.2 (the population register).
"""

from __future__ import annotations

from dataclasses import dataclass, fields

import numpy as np

from jalostamo.city.days import Days, Flags, Whole
from jalostamo.city.homes import DISTRICT_OF

# Day numbers, those outside every calendar included, fit into the low bits of a number whose high bits tell the person.
_BITS = 26
_SHIFT = 20_000_000


@dataclass(frozen=True, slots=True, repr=False)
class Addresses:
    """Addresses are records of one person's home from a day on, until the same person's next one."""

    person: Whole
    since: Days
    household: Whole
    postcode: Whole
    dwelling: Whole

    def __len__(self) -> int:
        return len(self.person)

    @property
    def district(self) -> Whole:
        """The district of each, as a place in the code list."""
        return np.asarray(DISTRICT_OF[self.postcode])

    def where(self, chosen: Flags | Whole) -> Addresses:
        """These only, or in this order."""
        return Addresses(*(getattr(self, f.name)[chosen] for f in fields(self)))

    def in_order(self) -> Addresses:
        """By person and day, as `at` needs them."""
        return self.where(np.argsort(_key(self.person, self.since), kind="stable"))

    def at(self, person: Whole, day: Days) -> Whole:
        """The place among these of each person's address on a day; before the first one, that."""
        found = np.searchsorted(_key(self.person, self.since), _key(person, day), side="right") - 1
        first = np.searchsorted(self.person, person, side="left")
        return np.maximum(found, first)

    def until(self) -> Days:
        """The last day of each: the one before the same person's next, or -1 where there is no next."""
        last = np.full(len(self), -1)
        same = self.person[1:] == self.person[:-1]
        last[:-1][same] = self.since[1:][same] - 1
        return last


def together(parts: list[Addresses]) -> Addresses:
    """All addresses of all parts."""
    return Addresses(*(np.concatenate([getattr(part, f.name) for part in parts]) for f in fields(Addresses)))


def _key(person: Whole, day: Days) -> Whole:
    return np.asarray((person << _BITS) + day + _SHIFT)
