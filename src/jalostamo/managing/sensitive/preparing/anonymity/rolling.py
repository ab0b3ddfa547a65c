"""Rolling classes up into coarser ones: by cells where a node can have few enough classes, else by a table of hashes.

Handbook 2.6, phase 5.
"""

from dataclasses import dataclass, field
from typing import Protocol

import numpy as np

from jalostamo.managing.sensitive.preparing.anonymity.cells import (
    Cells,
    add_in_cells,
    numbered,
    put_in_cells,
    taken_from_cells,
)
from jalostamo.managing.sensitive.preparing.anonymity.kernels import regroup, regroup_short, rows_of_some
from jalostamo.managing.sensitive.preparing.anonymity.lattice import Layout, Levels
from jalostamo.managing.sensitive.preparing.anonymity.marks import Marks, rows_of_failing
from jalostamo.managing.sensitive.preparing.anonymity.problem import Codes, Integers

# From more classes than this, neighbouring fields are looked up together.
LARGE = 30_000
# Cells are worth their emptiness from so many classes up, when there are at most so many of them for each.
_MANY, _CELLS_EACH = 4_000, 8
_MOST_CELLS = 2**23


class Source(Protocol):
    """What is rolled up: a node's classes, by their keys and words."""

    @property
    def levels(self) -> Levels:
        """The node."""

    @property
    def keys(self) -> Integers:
        """The bits of all codes of each class."""

    @property
    def words(self) -> Integers:
        """The rows of each class, and its marks."""


@dataclass(slots=True, eq=False, repr=False)
class Rolling:
    """Rolls up, and holds what came of it until the next time: the keys and the words of the classes, and of each finer
    class the number of its coarser one, where that is asked for.
    """

    layout: Layout
    marks: Marks
    least: int
    keys: Integers = field(init=False)
    words: Integers = field(init=False)
    groups: Codes = field(default_factory=lambda: np.empty(0, np.int32))
    _table: Codes = field(default_factory=lambda: np.empty(0, np.int32))
    _numbers: Codes = field(default_factory=lambda: np.empty(0, np.int32))
    _cells: Cells = field(init=False)

    def __post_init__(self) -> None:
        self.keys, self.words = np.empty((self.layout.words, 0), np.int64), np.empty(0, np.int64)
        self._cells = Cells(self.layout)

    def roll(self, source: Source, levels: Levels, *, most: int, grouped: bool) -> int:
        """How many classes the node has; -1 as soon as they are more than `most`."""
        classes = len(source.words)
        groups = self._groups_of(classes if grouped else 0)
        if self.by_cells(source, levels):
            return self._by_cells(source, levels, groups)
        most = min(most, classes, self.layout.keys_at_most(levels))
        table, way = self._room_for(most), self._changes(source, levels)
        roll = regroup_short if self.layout.words == 1 else regroup
        return roll(source.keys, source.words, self.marks.low, *way, table, most, groups, self.keys, self.words)

    def by_cells(self, source: Source, levels: Levels) -> bool:
        """Whether a node's classes are few enough to have a cell each."""
        classes = len(source.words)
        cells = min(_CELLS_EACH * classes, _MOST_CELLS)
        return self.layout.words == 1 and classes >= _MANY and self.layout.keys_at_most(levels) <= cells

    def some_fail(self, source: Source, levels: Levels, limit: int) -> bool:
        """Whether too many rows lie in failing classes among a quarter of the classes alone: most often it is so."""
        if self.layout.words > 1:
            return False
        table, way = self._room_for(len(source.words) // 3), self._changes(source, levels)
        found = rows_of_some(source.keys, source.words, self.marks.low, *way, table, self.keys, self.words)
        return found >= 0 and self.fail(self.words[:found], limit)

    def fail(self, words: Integers, limit: int) -> bool:
        """Whether more rows than a limit lie in classes that fail for what their words tell."""
        return rows_of_failing(words, self.marks.low, self.marks.fields, self.least, limit) > limit

    def _by_cells(self, source: Source, levels: Levels, groups: Codes) -> int:
        number = self.layout.keys_at_most(levels)
        cells = self._cells.of(number)
        way, tables = self._cells.way(source.levels, levels)
        if len(groups) > 1 or self.marks.columns or len(way) > 4:
            put_in_cells(source.keys[0], source.words, self.marks.low, way, tables, cells, groups)
        else:
            add_in_cells(source.keys[0], source.words, way, tables, cells)
        self._make_room(min(number, len(source.words)) + 1)
        numbers = self._numbers_of(number if len(groups) > 1 else 0)
        found = taken_from_cells(cells, *self._cells.back(levels), self.keys[0], self.words, numbers)
        if len(groups) > 1:
            numbered(groups, numbers)
        return found

    def _changes(self, source: Source, levels: Levels) -> tuple[Integers, Integers, Integers]:
        """The fields to look up, the table to do it in, and the bits to keep."""
        if len(source.words) > LARGE:
            changes, keep, lookup = self.layout.changes_at_once(source.levels, levels)
            return changes, lookup, keep
        changes, keep = self.layout.changes(source.levels, levels)
        return changes, self.layout.lookup, keep

    def _groups_of(self, classes: int) -> Codes:
        """Room for the number of each class's coarser one: one that is not written, for none."""
        length = max(classes, 2) if classes else 1
        if len(self.groups) < length:
            self.groups = np.zeros(length, np.int32)
        return self.groups[:length]

    def _numbers_of(self, cells: int) -> Codes:
        length = max(cells, 2) if cells else 1
        if len(self._numbers) < length:
            self._numbers = np.zeros(length, np.int32)
        return self._numbers[:length]

    def _make_room(self, most: int) -> None:
        if len(self.words) < most:
            self.keys, self.words = np.empty((self.layout.words, most), np.int64), np.empty(most, np.int64)

    def _room_for(self, most: int) -> Codes:
        """An empty table for so many classes, and as much room for their keys and words."""
        self._make_room(most)
        length = 1 << (2 * most + 1).bit_length()
        if len(self._table) < length:
            self._table = np.empty(length, np.int32)
        table = self._table[:length]
        table.fill(0)
        return table
