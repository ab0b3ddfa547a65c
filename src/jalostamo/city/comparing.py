"""Comparisons before and after, of a group and a reference: what was planted, and within which interval it is found.

Handbook 2.2 (understanding and assessing the results).
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Final

import numpy as np

from jalostamo.city.days import Days, Flags, Shares, Whole, first_of_month
from jalostamo.city.plan import Plan
from jalostamo.city.town import Town
from jalostamo.city.truth import Truth

SIGMAS: Final = 1.96
FEWEST_MONTHS: Final = 12
MOST_MONTHS: Final = 24
# The group's ratio is divided by the reference's: reference before, after, group before, after.
_SIGNS: Final = (1.0, -1.0, -1.0, 1.0)


@dataclass(frozen=True, slots=True)
class Windows:
    """Windows are as many months before a day as after it, as far as the plan's years reach."""

    start: int
    change: int
    end: int

    def afterwards(self, days: Days) -> Flags:
        """Which days lie after the change."""
        return days >= self.change

    def hold(self, days: Days) -> Flags:
        """Which days lie in either window; `end` is the first day after them."""
        return (days >= self.start) & (days < self.end)

    @property
    def months(self) -> int:
        """How many months each window has."""
        return round((self.end - self.change) / 30.44)


def windows(plan: Plan, year: int, month: int) -> Windows | None:
    """The windows around the first of a month; none where either would be shorter than a year."""
    before = (year - plan.first_year) * 12 + month - 1
    months = min(MOST_MONTHS, before, (plan.last_year + 1 - year) * 12 - (month - 1))
    if months < FEWEST_MONTHS:
        return None
    start, change, end = (first_of_month(year, month + add) for add in (-months, 0, months))
    return Windows(start, change, end)


class Compared:
    """What each household did, before and after, in the reference and in the group.

    A person's acts are not independent of one another, nor are those of people who live and move together.
    """

    def __init__(self, town: Town) -> None:
        self._household = town.people.household
        self._units = len(town.households)
        self._acts = np.zeros((4, self._units), dtype=np.float32)
        self._time = np.zeros((4, self._units), dtype=np.float32)

    def add(self, person: Whole, *, in_group: Flags, afterwards: Flags) -> None:
        """Count acts: each of a person, in the group or the reference, before or after."""
        self._acts += self._counted(person, in_group, afterwards, None)

    def add_time(self, person: Whole, share: Shares, *, in_group: Flags, afterwards: Flags) -> None:
        """Count the time in which persons could act."""
        self._time += self._counted(person, in_group, afterwards, share)

    def _counted(self, person: Whole, in_group: Flags, afterwards: Flags, weights: Shares | None) -> Shares:
        place = (in_group * 2 + afterwards) * self._units + self._household[person]
        counted = np.bincount(place, weights, minlength=4 * self._units)
        return counted.astype(np.float64).reshape(4, self._units)

    def counts(self) -> dict[str, int]:
        """How many acts there are of each kind."""
        kinds = ("reference_before", "reference_after", "group_before", "group_after")
        return {kind: int(row.sum(dtype=np.float64)) for kind, row in zip(kinds, self._acts, strict=True)}

    def standard_error(self) -> float:
        """The standard error of the logarithm of the ratio of ratios, with households as the units that are drawn."""
        influence = np.zeros(self._units)
        for sign, acts, time in zip(_SIGNS, self._acts, self._time, strict=True):
            total, timed = float(acts.sum(dtype=np.float64)), float(time.sum(dtype=np.float64))
            influence += sign * (acts / max(total, 1.0) - (time / timed if timed else 0.0))
        return float(np.sqrt(np.sum(influence**2)))

    def interval(self, value: float) -> list[float]:
        """Where 95 of 100 right readings of a planted ratio lie."""
        reach = SIGMAS * self.standard_error()
        return [round(value * math.exp(-reach), 4), round(value * math.exp(reach), 4)]


def told(
    value: float, scale: str, interval: list[float], *, group: str, reference: str, sentence: str, **more: object
) -> Truth:
    """An entry of the truth file."""
    entry: Truth = {"value": round(value, 6), "scale": scale, "interval": interval, "group": group}
    return entry | {"reference": reference, "sentence": sentence} | more


def counted(number: int, *, group: str, sentence: str) -> Truth:
    """An entry of the truth file that is an exact count."""
    return told(number, "count", [number, number], group=group, reference="", sentence=sentence)


def share_interval(share: float, number: int) -> list[float]:
    """Where 95 of 100 shares lie that are counted among so many."""
    reach = SIGMAS * math.sqrt(share * (1 - share) / max(number, 1))
    return [round(max(share - reach, 0.0), 4), round(min(share + reach, 1.0), 4)]
