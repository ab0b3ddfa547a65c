"""Views: the classes of one node with their counts; each is rolled up from the smallest finer one that is still at hand.

Handbook 2.6, phase 5.
"""

from collections import OrderedDict
from dataclasses import dataclass, field
from typing import Any  # an array of whichever whole numbers

import numpy as np
from numpy.typing import NDArray

from jalostamo.managing.sensitive.preparing.anonymity.kernels import pack, smallest_finer
from jalostamo.managing.sensitive.preparing.anonymity.lattice import Layout, Levels
from jalostamo.managing.sensitive.preparing.anonymity.marks import UNMARKED, Marks, starts_of
from jalostamo.managing.sensitive.preparing.anonymity.merging import by_group, gathered_units, merged, merged_in_cells
from jalostamo.managing.sensitive.preparing.anonymity.problem import Codes, Counts, Histogram, Integers, Units
from jalostamo.managing.sensitive.preparing.anonymity.rolling import LARGE, Rolling

_SLOTS = 768
_UNUSED = 127
# Sensitive values are added up by cells when there are at most so many of them for each that is listed.
_CELLS_EACH = 4
_NO_CODES, _NOTHING = np.zeros(0, np.int32), np.zeros(0, np.int64)


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
    """The classes of one node: keys and rows, sensitive values, units, the class of each tied row; and rows with marks."""

    levels: Levels
    keys: Integers
    rows: Integers
    sensitive: tuple[Entries, ...]
    units: tuple[Lying, ...]
    tied: Codes
    words: Integers

    @property
    def bytes(self) -> int:
        """How much memory it takes."""
        parts: list[NDArray[Any]] = [self.keys, self.rows, self.tied]
        parts += [] if self.words is self.rows else [self.words]
        parts += [part for e in self.sensitive for part in (e.start, e.value, e.rows)]
        parts += [part for u in self.units for part in (u.single, u.start, u.place, u.times)]
        return sum(part.nbytes for part in parts)


@dataclass(slots=True, eq=False, repr=False)
class Views:
    """Makes views, and keeps those used last within `room` bytes; the finest one always stays.

    A class of fewer than `least` rows, or with too few marks, fails within each finer node, too: more than `limit` rows in
    such end a view early.
    """

    layout: Layout
    finest: View
    room: int
    limit: int
    least: int
    marks: Marks = UNMARKED
    total: int = 0
    used: int = 0
    most_used: int = 0
    _rolling: Rolling = field(init=False)
    _more: bool = field(init=False)
    _useless: set[Levels] = field(default_factory=set)
    _held: OrderedDict[int, View] = field(default_factory=OrderedDict)
    _levels: NDArray[np.int8] = field(init=False)
    _sizes: Integers = field(init=False)
    _free: list[int] = field(init=False)

    def __post_init__(self) -> None:
        self.total = int(self.finest.rows.sum())
        self._rolling = Rolling(self.layout, self.marks, self.least)
        listed = any(number not in self.marks.columns for number in range(len(self.finest.sensitive)))
        self._more = listed or bool(self.finest.units) or len(self.finest.tied) > 0
        self._levels = np.full((_SLOTS, len(self.finest.levels)), _UNUSED, np.int8)
        self._sizes = np.zeros(_SLOTS, np.int64)
        self._free = list(range(_SLOTS - 1, 0, -1))
        self._levels[0], self._sizes[0] = self.finest.levels, len(self.finest.rows)
        self._held[0] = self.finest

    def at(self, levels: Levels) -> View | None:
        """The classes of a node, or None when too many rows lie in classes that are too small."""
        source = self._source(levels)
        if source.levels == levels:
            return None if self._rolling.fail(source.words, self.limit) else source
        if len(source.rows) > LARGE:
            if not self._rolling.by_cells(source, levels) and self._rolling.some_fail(source, levels, self.limit):
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

    def _halfway(self, source: View, levels: Levels) -> View:
        """A view a level below a node, of which its neighbours can be made too, when it is well smaller than the source."""
        between = tuple(max(old, new - 1) for old, new in zip(source.levels, levels, strict=True))
        if between == source.levels or between in self._useless:
            return source
        # By cells the way is short anyhow, but for lists of values.
        if self._rolling.by_cells(source, levels) and not (self._more and self._rolling.by_cells(source, between)):
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
        found = self._rolling.roll(self.finest, levels, most=classes, grouped=True)
        view = self._with_values(self.finest, levels, found)
        return view, self._rolling.groups[:classes].copy()

    def _rolled_up(self, source: View, levels: Levels, most: int, *, whatever: bool = False) -> View | None:
        found = self._rolling.roll(source, levels, most=most, grouped=self._more)
        if found < 0 or (whatever and found > most):
            return None
        fits = whatever or not self._rolling.fail(self._rolling.words[:found], self.limit)
        # What does not fit is kept as well when it is a shorter way to others: with lists of values it costs more to make.
        if not fits and (4 if self._more else 2) * found > len(source.rows):
            return None
        view = self._with_values(source, levels, found, judged=fits)
        if not fits:
            self._keep(view)
        return view if fits else None

    def _with_values(self, source: View, levels: Levels, found: int, *, judged: bool = True) -> View:
        keys, words = self._rolling.keys[:, :found].copy(), self._rolling.words[:found].copy()
        rows = words & self.marks.low if self.marks.columns else words
        if not self._more:
            sensitive = self._marked(source, words) if judged else source.sensitive
            return View(levels, keys, rows, sensitive, (), source.tied, words)
        groups = self._rolling.groups[: len(source.rows)]
        entries = self._marked(source, words, groups)
        units = tuple(Lying(*gathered_units(groups, u.single, u.start, u.place, u.times, found)) for u in source.units)
        return View(levels, keys, rows, entries, units, groups[source.tied], words)

    def _marked(self, source: View, words: Integers, groups: Codes | None = None) -> tuple[Entries, ...]:
        """The sensitive values of each column: those that are marks as numbers alone, the others with their rows."""
        marks = dict(zip(self.marks.columns, self.marks.fields, strict=True))
        found = []
        for number, entries in enumerate(source.sensitive):
            if number in marks:
                found.append(_numbers(words, *marks[number][:2]))
            elif groups is not None:
                found.append(_gathered(entries, groups, len(words)))
        return tuple(found)

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


def _numbers(words: Integers, shift: int, mask: int) -> Entries:
    """Different values that are only counted."""
    return Entries(starts_of(words, shift, mask), _NO_CODES, _NOTHING, int(mask).bit_length())


def _gathered(entries: Entries, groups: Codes, classes: int) -> Entries:
    listed, values = (entries.start, entries.value, entries.rows), entries.values
    if classes * values <= _CELLS_EACH * len(entries.value):
        return Entries(*merged_in_cells(*listed, groups, classes, values), values)
    return Entries(*merged(*listed, *by_group(groups, classes), values), values)


def finest_view(histogram: Histogram, layout: Layout, ties: Integers, marks: Marks = UNMARKED) -> View:
    """The combinations themselves as classes; `ties` are the combinations of the tied rows, `marks` what is not listed."""
    combinations, attributes = histogram.codes.shape
    keys = np.zeros((layout.words, combinations), np.int64)
    pack(_own(histogram.codes, np.int32), layout.word, layout.shift, keys)
    words, rows = _own(marks.of(histogram)), _own(histogram.rows)
    of_marks = dict(zip(marks.columns, marks.fields, strict=True))
    entries = tuple(
        _numbers(words, *of_marks[number][:2]) if number in of_marks else _by_combination(counts, combinations)
        for number, counts in enumerate(histogram.sensitive)
    )
    units = tuple(_lying(units) for units in histogram.units)
    return View((0,) * attributes, keys, rows, entries, units, ties.astype(np.int32), words)


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
