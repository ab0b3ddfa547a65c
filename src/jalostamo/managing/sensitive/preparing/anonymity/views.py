"""Views: the classes of one node with their counts; each is rolled up from the smallest finer one that is still at hand.

Handbook 2.6, phase 5.
"""

from collections import OrderedDict
from dataclasses import dataclass, field
from typing import Any  # an array of whichever whole numbers

import numpy as np
from numpy.typing import NDArray

from jalostamo.managing.sensitive.preparing.anonymity.kernels import (
    pack,
    regroup,
    regroup_short,
    rows_of_small,
    rows_of_some,
    smallest_finer,
)
from jalostamo.managing.sensitive.preparing.anonymity.lattice import Layout, Levels
from jalostamo.managing.sensitive.preparing.anonymity.merging import by_group, gathered_units, merged
from jalostamo.managing.sensitive.preparing.anonymity.problem import Codes, Counts, Histogram, Integers, Units

# From views of more classes than this another one is made on the way, nearer to the node and its neighbours.
_LARGE = 30_000
_SLOTS = 768
_UNUSED = 127


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class Entries:
    """One sensitive column: the values of class c, with their rows, stand from start[c] to start[c + 1]."""

    start: Integers
    value: Codes
    rows: Integers
    values: int


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class Lying:
    """One kind of units over the classes: those within one class, and the patterns of the others."""

    single: Integers
    start: Integers
    place: Codes
    times: Integers


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class View:
    """The classes of one node: their keys and rows, sensitive values, units, and the class of each tied row."""

    levels: Levels
    keys: Integers
    rows: Integers
    sensitive: tuple[Entries, ...]
    units: tuple[Lying, ...]
    tied: Codes

    @property
    def bytes(self) -> int:
        """How much memory it takes."""
        parts: list[NDArray[Any]] = [self.keys, self.rows, self.tied]
        parts += [part for e in self.sensitive for part in (e.start, e.value, e.rows)]
        parts += [part for u in self.units for part in (u.single, u.start, u.place, u.times)]
        return sum(part.nbytes for part in parts)


@dataclass(slots=True, eq=False, repr=False)
class Views:
    """Makes views, and keeps those used last within `room` bytes; the finest one always stays.

    A class of fewer than `least` rows fails within each finer node, too: more than `limit` rows in such end a view early.
    """

    layout: Layout
    finest: View
    room: int
    limit: int
    least: int
    total: int = 0
    used: int = 0
    most_used: int = 0
    _useless: set[Levels] = field(default_factory=set)
    _held: OrderedDict[int, View] = field(default_factory=OrderedDict)
    _levels: NDArray[np.int8] = field(init=False)
    _sizes: Integers = field(init=False)
    _free: list[int] = field(init=False)
    _table: Codes = field(init=False)
    _groups: Codes = field(init=False)
    _keys: Integers = field(init=False)
    _rows: Integers = field(init=False)

    def __post_init__(self) -> None:
        classes, slots = len(self.finest.rows), _SLOTS
        self.total = int(self.finest.rows.sum())
        self._levels = np.full((slots, len(self.finest.levels)), _UNUSED, np.int8)
        self._sizes = np.zeros(slots, np.int64)
        self._free = list(range(slots - 1, 0, -1))
        self._table = np.empty(0, np.int32)
        more = self.finest.sensitive or self.finest.units or len(self.finest.tied)
        self._groups = np.empty(max(classes, 2) if more else 1, np.int32)
        self._keys, self._rows = np.empty((self.layout.words, 0), np.int64), np.empty(0, np.int64)
        self._levels[0], self._sizes[0] = self.finest.levels, classes
        self._held[0] = self.finest

    def at(self, levels: Levels) -> View | None:
        """The classes of a node, or None when too many rows lie in classes that are too small."""
        source = self._source(levels)
        if source.levels == levels:
            return source if rows_of_small(source.rows, self.least) <= self.limit else None
        if len(source.rows) > _LARGE:
            if self._some_say_no(source, levels):
                return None
            source = self._halfway(source, levels)
        view = self._rolled_up(source, levels, self.limit + self.total // self.least)
        if view is not None:
            self._keep(view)
        return view

    def _source(self, levels: Levels) -> View:
        number = smallest_finer(self._levels, self._sizes, np.array(levels, np.int8))
        if number:
            self._held.move_to_end(number)
        return self._held[number]

    def _some_say_no(self, source: View, levels: Levels) -> bool:
        """Whether too many rows lie in small classes among a quarter of the classes alone: most often it is so."""
        if self.layout.words > 1:
            return False
        table = self._room_for(len(source.rows) // 3)
        into = (table, self._keys, self._rows)
        found = rows_of_some(source.keys, source.rows, *self._changes(source, levels), *into)
        return found >= 0 and rows_of_small(self._rows[:found], self.least) > self.limit

    def _halfway(self, source: View, levels: Levels) -> View:
        """A view a level below a node, of which its neighbours can be made too, when it is well smaller than the source."""
        between = tuple(max(old, new - 1) for old, new in zip(source.levels, levels, strict=True))
        if between == source.levels or between in self._useless:
            return source
        view = self._rolled_up(source, between, len(source.rows) // 2, whatever=True)
        if view is None:
            self._useless.add(between)
            return source
        self._keep(view)
        return view

    def from_finest(self, levels: Levels) -> tuple[View, Codes]:
        """The classes of a node, and the class of each combination."""
        classes = len(self.finest.rows)
        groups = np.zeros(max(classes, 2), np.int32)
        found = self._roll(self.finest, levels, groups, classes)
        return self._with_values(self.finest, levels, groups[:classes], found), groups[:classes]

    def _roll(self, source: View, levels: Levels, groups: Codes, most: int) -> int:
        table = self._room_for(most)
        into = (groups, self._keys, self._rows)
        roll = regroup_short if self.layout.words == 1 else regroup
        return roll(source.keys, source.rows, *self._changes(source, levels), table, most, *into)

    def _changes(self, source: View, levels: Levels) -> tuple[Integers, Integers, Integers]:
        """The fields to look up, the table to do it in, and the bits to keep."""
        if len(source.rows) > _LARGE:
            changes, keep, lookup = self.layout.changes_at_once(source.levels, levels)
            return changes, lookup, keep
        changes, keep = self.layout.changes(source.levels, levels)
        return changes, self.layout.lookup, keep

    def _room_for(self, most: int) -> Codes:
        """An empty table for so many classes, and as much room for their keys and rows."""
        if len(self._rows) < most:
            self._keys = np.empty((self.layout.words, most), np.int64)
            self._rows = np.empty(most, np.int64)
        length = 1 << (2 * most + 1).bit_length()
        if len(self._table) < length:
            self._table = np.empty(length, np.int32)
        table = self._table[:length]
        table.fill(0)
        return table

    def _rolled_up(self, source: View, levels: Levels, most: int, *, whatever: bool = False) -> View | None:
        most = min(most, self.layout.keys_at_most(levels), len(source.rows))
        found = self._roll(source, levels, self._groups, most)
        if found < 0:
            return None
        fits = whatever or rows_of_small(self._rows[:found], self.least) <= self.limit
        if not fits and len(self._groups) > 1:
            return None
        groups = self._groups if len(self._groups) == 1 else self._groups[: len(source.rows)]
        view = self._with_values(source, levels, groups, found)
        if not fits:
            self._keep(view)
        return view if fits else None

    def _with_values(self, source: View, levels: Levels, groups: Codes, found: int) -> View:
        keys, rows = self._keys[:, :found].copy(), self._rows[:found].copy()
        if len(self._groups) == 1:
            return View(levels, keys, rows, (), (), source.tied)
        start, order = by_group(groups, found) if source.sensitive else (rows, groups)
        entries = tuple(_merged(e, start, order) for e in source.sensitive)
        units = tuple(Lying(*gathered_units(groups, u.single, u.start, u.place, u.times, found)) for u in source.units)
        return View(levels, keys, rows, entries, units, groups[source.tied])

    def _keep(self, view: View) -> None:
        size = view.bytes
        if size > self.room:
            return
        while self._held and (self.used + size > self.room or not self._free):
            number = next(n for n in self._held if n)
            self.used -= self._held.pop(number).bytes
            self._levels[number] = _UNUSED
            self._free.append(number)
        number = self._free.pop()
        self._held[number] = view
        self._levels[number], self._sizes[number] = view.levels, len(view.rows)
        self.used += size
        self.most_used = max(self.used, self.most_used)


def _merged(entries: Entries, start: Integers, order: Codes) -> Entries:
    found = merged(entries.start, entries.value, entries.rows, start, order, entries.values)
    return Entries(*found, entries.values)


def finest_view(histogram: Histogram, layout: Layout, ties: Integers) -> View:
    """The combinations themselves as classes; `ties` are the combinations of the tied rows."""
    combinations, attributes = histogram.codes.shape
    keys = np.zeros((layout.words, combinations), np.int64)
    pack(_own(histogram.codes, np.int32), layout.word, layout.shift, keys)
    entries = tuple(_by_combination(counts, combinations) for counts in histogram.sensitive)
    units = tuple(_lying(units) for units in histogram.units)
    return View((0,) * attributes, keys, _own(histogram.rows), entries, units, ties.astype(np.int32))


def _by_combination(counts: Counts, combinations: int) -> Entries:
    start = np.zeros(combinations + 1, np.int64)
    np.cumsum(np.bincount(counts.place, minlength=combinations), out=start[1:])
    value, rows, step = counts.value, counts.rows, np.diff(counts.place)
    if (step < 0).any() or ((step == 0) & (np.diff(value) < 0)).any():
        order = np.lexsort((value, counts.place))
        value, rows = value[order], rows[order]
    return Entries(start, _own(value, np.int32), _own(rows), int(value.max(initial=0)) + 1)


def _lying(units: Units) -> Lying:
    start, place, times = units.spread_start, units.spread_place, units.spread_times
    return Lying(_own(units.single), _own(start), _own(place, np.int32), _own(times))


def _own(array: NDArray[Any], kind: type = np.int64) -> NDArray[Any]:
    """The array as the compiled loops know it: a read-only one would have them compiled once more."""
    return np.require(array, kind, ["C", "W"])
