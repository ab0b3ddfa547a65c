"""Spells: what the children's services record, each with a first and a last day, before anyone writes it down.

Handbook 2.2 (service events).
"""

from __future__ import annotations

from dataclasses import dataclass, fields

import numpy as np

from jalostamo.city.days import Days, Flags, Whole
from jalostamo.city.people import People


@dataclass(frozen=True, slots=True, repr=False)
class Spells:
    """Spells are services begun: `person` is a place among the people, `service` one in the code list."""

    person: Whole
    service: Whole
    start: Days
    end: Days

    def __len__(self) -> int:
        return len(self.person)

    def where(self, chosen: Flags | Whole) -> Spells:
        """These spells only, or in this order."""
        return Spells(*(getattr(self, f.name)[chosen] for f in fields(self)))


def together(parts: list[Spells]) -> Spells:
    """All spells of all parts."""
    return Spells(*(np.concatenate([getattr(part, f.name) for part in parts]) for f in fields(Spells)))


def within_residence(spells: Spells, people: People, last_day: int) -> Spells:
    """What begins while the person still lives in the town, and in the registers' years; it ends at the latest then.

    The last day of the registers cuts nothing: a spell that lasts longer is open.
    """
    left = people.left[spells.person]
    here = spells.where(spells.start <= np.minimum(left, last_day))
    return Spells(here.person, here.service, here.start, np.minimum(here.end, people.left[here.person]))


def in_turn(spells: Spells) -> Spells:
    """The spells, each ended at the latest when the same person's next spell of the same service begins."""
    ordered = spells.where(np.lexsort((spells.start, spells.service, spells.person)))
    same = (ordered.person[1:] == ordered.person[:-1]) & (ordered.service[1:] == ordered.service[:-1])
    end = ordered.end.copy()
    end[:-1] = np.where(same, np.minimum(end[:-1], ordered.start[1:]), end[:-1])
    return Spells(ordered.person, ordered.service, ordered.start, end)
