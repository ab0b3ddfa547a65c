"""Rolling up by one cell for each class that a node could have: a class's place is reckoned, and nothing is looked for.

Handbook 2.6, phase 5.
"""

from dataclasses import dataclass, field
from math import prod

import numpy as np

from jalostamo.managing.sensitive.preparing.anonymity.compiling import compiled
from jalostamo.managing.sensitive.preparing.anonymity.lattice import Layout, Levels
from jalostamo.managing.sensitive.preparing.anonymity.problem import Codes, Integers

Four = tuple[np.int64, np.int64, np.int64, np.int64]

# So many tables are remembered of each kind, of at most 32 KiB and 64 KiB; keys of groups are joined up to this length.
_TABLES = 512
_LONG = 2**15
_NOTHING = np.zeros(1, np.int32)


@dataclass(slots=True, eq=False, repr=False)
class Cells:
    """The way from the bits of a finer key to the cell of a coarser one, by tables for neighbouring fields at once.

    In the order of cells, classes are sorted by their codes from left to right.
    """

    layout: Layout
    _fields: list[list[int]] = field(init=False)
    _tables: dict[tuple[int, Levels, Levels], Codes] = field(default_factory=dict)
    _keys: dict[tuple[int, Levels], Integers] = field(default_factory=dict)
    _cells: Integers = field(default_factory=lambda: np.zeros(0, np.int64))

    def __post_init__(self) -> None:
        self._fields = self.layout.neighbours()

    def of(self, number: int) -> Integers:
        """So many empty cells."""
        if len(self._cells) < number:
            self._cells = np.zeros(number, np.int64)
        return self._cells[:number]

    def way(self, source: Levels, target: Levels) -> tuple[Integers, Codes]:
        """Of each group of fields the shift, the mask and the start of its table; and the tables."""
        # Tables of nothing, up to four, as the loop wants them.
        step, rows, tables, used = 1, [], [_NOTHING], 1
        for number in range(len(self._fields) - 1, -1, -1):
            size = self._size(number, target)
            if size > 1:
                table = self._table(number, source, target)
                rows.append((*self._place(number), used))
                tables.append(table * np.int32(step))
                used += len(table)
                step *= size
        rows += [(0, 0, 0)] * (4 - len(rows))
        return np.array(rows, np.int64), np.concatenate(tables)

    def back(self, target: Levels) -> tuple[Integers, Integers]:
        """Of each group of fields how many cells it makes and where its keys start; and the keys."""
        keys = [self._keys_of(number, target) for number in range(len(self._fields))]
        # The last group should make many cells, which are gone through fastest.
        while len(keys) > 1 and len(keys[-1]) * len(keys[-2]) <= _LONG:
            last = keys.pop()
            keys[-1] = (keys[-1][:, None] | last).reshape(-1)
        sizes = np.array([len(key) for key in keys], np.int64)
        return np.stack([sizes, sizes.cumsum() - sizes], axis=1), np.concatenate(keys)

    def _place(self, number: int) -> tuple[int, int]:
        first, last = self._fields[number][0], self._fields[number][-1]
        shift = int(self.layout.shift[first])
        wide = int(self.layout.shift[last]) + self.layout.mask[last].item().bit_length() - shift
        return shift, (1 << wide) - 1

    def _size(self, number: int, target: Levels) -> int:
        return prod(self.layout.cards[a][target[a]] for a in self._fields[number])

    def _table(self, number: int, source: Levels, target: Levels) -> Codes:
        fields = self._fields[number]
        name = (number, tuple(source[a] for a in fields), tuple(target[a] for a in fields))
        if name not in self._tables:
            if len(self._tables) == _TABLES:
                self._tables.clear()
            table = np.zeros(1, np.int32)
            for a in fields:
                codes = self.layout.codes(a, source[a], target[a]).astype(np.int32)
                table = (codes[:, None] + table * np.int32(self.layout.cards[a][target[a]])).reshape(-1)
            self._tables[name] = table
        return self._tables[name]

    def _keys_of(self, number: int, target: Levels) -> Integers:
        fields = self._fields[number]
        name = (number, tuple(target[a] for a in fields))
        if name not in self._keys:
            if len(self._keys) == _TABLES:
                self._keys.clear()
            keys = np.zeros(1, np.int64)
            for a in fields:
                codes = np.arange(self.layout.cards[a][target[a]]) << int(self.layout.shift[a])
                keys = (keys[:, None] | codes).reshape(-1)
            self._keys[name] = keys
        return self._keys[name]


@compiled
def _first(way: Integers, what: int) -> Four:
    """Shifts, masks or starts of the first four groups, held beside the loop instead of being looked up within it."""
    return way[0, what], way[1, what], way[2, what], way[3, what]


@compiled
def _cell_of(key: np.int64, tables: Codes, shift: Four, mask: Four, at: Four) -> np.int64:
    """The cell of a key, of the first four groups of its fields: written out, a loop within the loop takes as long again.

    What is never negative is told so: looking up takes a quarter less then.
    """
    one = tables[np.uint64(at[0] + ((key >> shift[0]) & mask[0]))]
    two = tables[np.uint64(at[1] + ((key >> shift[1]) & mask[1]))]
    three = tables[np.uint64(at[2] + ((key >> shift[2]) & mask[2]))]
    four = tables[np.uint64(at[3] + ((key >> shift[3]) & mask[3]))]
    return np.int64(one + two + three + four)


@compiled
def put_in_cells(
    keys: Integers, words: Integers, low: int, way: Integers, tables: Codes, cells: Integers, cell_of: Codes
) -> None:
    """Add classes up in the cells of coarser ones; a short `cell_of` is not written."""
    high, writes = ~low, len(cell_of) > 1
    shift, mask, at = _first(way, 0), _first(way, 1), _first(way, 2)
    for row in range(len(words)):
        key, word = keys[row], words[row]
        cell = _cell_of(key, tables, shift, mask, at)
        for c in range(4, len(way)):
            cell += tables[way[c, 2] + ((key >> way[c, 0]) & way[c, 1])]
        place = np.uint64(cell)
        cells[place] = (cells[place] | (word & high)) + (word & low)
        if writes:
            cell_of[row] = cell


@compiled
def add_in_cells(keys: Integers, rows: Integers, way: Integers, tables: Codes, cells: Integers) -> None:
    """The same for rows without marks and keys of four groups at most, in little more than half the time."""
    shift, mask, at = _first(way, 0), _first(way, 1), _first(way, 2)
    for row in range(len(rows)):
        cells[np.uint64(_cell_of(keys[row], tables, shift, mask, at))] += rows[row]


@compiled
def _full(cells: Integers, found: Integers) -> int:
    """Which cells are not empty. There must be room for one more: a cell is written down before it is looked into."""
    number = 0
    for cell in range(len(cells)):
        found[number] = cell
        number += cells[cell] != 0
    return number


@compiled
def taken_from_cells(
    cells: Integers, back: Integers, keys: Integers, new_keys: Integers, new_words: Integers, number_of: Codes
) -> int:
    """The classes in their order, as many as are met, and the cells emptied; a short `number_of` is not written."""
    inner, start, first, key = back[-1, 0], back[-1, 1], -len(cells), np.int64(0)
    number, writes = _full(cells, new_keys), len(number_of) > 1
    for place in range(number):
        cell = new_keys[place]
        new_words[place], cells[cell] = cells[cell], 0
        if writes:
            number_of[cell] = place
        if cell - first >= inner:
            rest, key = cell // inner, np.int64(0)
            first = rest * inner
            for g in range(len(back) - 2, -1, -1):
                key |= keys[back[g, 1] + rest % back[g, 0]]
                rest //= back[g, 0]
        new_keys[place] = key | keys[start + cell - first]
    return number


@compiled
def numbered(cell_of: Codes, number_of: Codes) -> None:
    """The number of its class instead of its cell."""
    for row in range(len(cell_of)):
        cell_of[row] = number_of[cell_of[row]]
