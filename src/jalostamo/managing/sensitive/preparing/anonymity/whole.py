"""Suppressing whole units: a unit with a row in a failing class leaves all its classes, until nothing more fails.

Handbook 2.6, phase 5.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from jalostamo.concepts.errors import Broken
from jalostamo.managing.sensitive.preparing.anonymity.judging import Verdicts
from jalostamo.managing.sensitive.preparing.anonymity.merging import units_met
from jalostamo.managing.sensitive.preparing.anonymity.models import Models
from jalostamo.managing.sensitive.preparing.anonymity.problem import Flags, Histogram, Integers, Ties, Units
from jalostamo.managing.sensitive.preparing.anonymity.views import Entries, View


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class Settled:
    """Which classes are dead, the rows gone from each class, which numbered units are dropped, and whom each class keeps.

    `people` counts the units of the first kind that are left.
    """

    dead: Flags
    gone: Integers
    dropped: Flags
    people: Integers


def ties_of(histogram: Histogram) -> Ties | None:
    """The ties through which suppression spreads, or None when every unit that is suppressed whole lies in one place."""
    if not histogram.units or not histogram.units[-1].whole or not len(histogram.units[-1].spread_times):
        return None
    if histogram.ties is not None:
        return histogram.ties
    if len(histogram.units) > 1 or histogram.sensitive:
        sentence = (
            "Whole units over several combinations need their ties, with more than one kind or a sensitive column."
        )
        raise Broken(sentence, reason="no_ties")
    return _from_patterns(histogram.units[-1])


def _from_patterns(units: Units) -> Ties:
    length = np.diff(units.spread_start)
    entry = np.repeat(np.arange(len(units.spread_place)), np.repeat(units.spread_times, length))
    # Entry e of a pattern met t times stands t times in a row here: the copies belong to t different units.
    pattern = np.repeat(np.arange(len(length)), length)[entry]
    first = np.cumsum(units.spread_times) - units.spread_times
    copy = np.arange(len(entry)) - np.searchsorted(entry, entry)
    return Ties(units.spread_place[entry], units.spread_rows[entry], (first[pattern] + copy,), ())


def settled(view: View, models: Models, ties: Ties, *, for_good: bool) -> Settled:
    """Suppress round by round what fails (or, of the verdicts, only what fails for good) until nothing does."""
    left = _Left(view, ties)
    while True:
        verdicts = left.judged(models)
        failing = (verdicts == 2 if for_good else verdicts > 0) & ~left.dead
        if not failing.any():
            gone = np.where(left.dead, view.rows, view.rows - left.rows())
            return Settled(left.dead, gone, left.dropped, np.where(left.dead, 0, left.met(0)))
        left.suppress(failing)


class _Left:
    """What is left of each class while whole units leave."""

    def __init__(self, view: View, ties: Ties) -> None:
        self._view, self._ties = view, ties
        self._last = ties.unit[-1]
        self.dead = np.zeros(len(view.rows), np.bool_)
        self.dropped = np.zeros(int(self._last.max(initial=-1)) + 1, np.bool_)
        self._out = np.zeros(len(self._last), np.bool_)
        self._met = [units_met(u.single, u.start, u.place, u.times) for u in view.units]
        self._pairs = [_pairs(view.tied, unit) for unit in ties.unit]
        self._entry = [_entry(e, view.tied, value) for e, value in zip(view.sensitive, ties.value, strict=True)]

    def suppress(self, failing: Flags) -> None:
        self.dead |= failing
        tied = self._last >= 0
        self.dropped[self._last[tied & self.dead[self._view.tied]]] = True
        self._out[tied] = self.dropped[self._last[tied]]

    def judged(self, models: Models) -> Verdicts:
        found = models.of_counts(self._view, self.rows(), [self.met(i) for i in range(len(self._met))])
        models.of_values(tuple(self._values(i) for i in range(len(self._entry))), found)
        return found

    def rows(self) -> Integers:
        return self._view.rows - _added(self._view.tied[self._out], self._ties.rows[self._out], len(self.dead))

    def met(self, kind: int) -> Integers:
        return self._met[kind] - self._lost(kind)

    def _lost(self, kind: int) -> Integers:
        pair, of_class, size = self._pairs[kind]
        gone = np.bincount(pair[self._out], minlength=len(size)) == size
        return np.bincount(of_class[gone], minlength=len(self.dead))

    def _values(self, column: int) -> Entries:
        old = self._view.sensitive[column]
        rows = old.rows - _added(self._entry[column][self._out], self._ties.rows[self._out], len(old.rows))
        kept = rows > 0
        start = np.concatenate([np.zeros(1, np.int64), np.cumsum(kept)])[old.start]
        return Entries(start, old.value[kept], rows[kept], old.values)


def _added(places: NDArray[np.integer], rows: Integers, length: int) -> Integers:
    found = np.zeros(length, np.int64)
    np.add.at(found, places, rows)
    return found


def _pairs(tied: NDArray[np.integer], unit: Integers) -> tuple[Integers, Integers, Integers]:
    """The pair of class and unit that each tied row is of; the class of each pair, and its tied rows."""
    width = int(unit.max(initial=0)) + 2
    pairs, pair, size = np.unique(tied * np.int64(width) + unit + 1, return_inverse=True, return_counts=True)
    return pair, pairs // width, size


def _entry(entries: Entries, tied: NDArray[np.integer], value: NDArray[np.integer]) -> Integers:
    """The place among a view's sensitive counts of each tied row."""
    of_class = np.repeat(np.arange(len(entries.start) - 1), np.diff(entries.start))
    return np.searchsorted(of_class * entries.values + entries.value, tied * np.int64(entries.values) + value)
