"""How many of the population each class holds: the population rolled up beside the table, node by node.

Handbook 2.6, phase 5.
"""

from __future__ import annotations

import numpy as np

from jalostamo.managing.sensitive.preparing.anonymity.compiling import compiled
from jalostamo.managing.sensitive.preparing.anonymity.lattice import Layout
from jalostamo.managing.sensitive.preparing.anonymity.problem import Codes, Histogram, Integers, Population
from jalostamo.managing.sensitive.preparing.anonymity.views import View, Views, finest_view


class Held:
    """The population's classes at any node; `room` is the bytes that their views may take."""

    def __init__(self, population: Population, layout: Layout, room: int) -> None:
        histogram = Histogram(population.codes, population.rows)
        finest = finest_view(histogram, layout, np.zeros(0, np.int64))
        # A class of the population is never too small: no view of it ends early.
        self._views = Views(layout, finest, room, int(population.rows.sum()), 1)
        self._last: View | None = None
        self._found = np.zeros(0, np.int64)
        self._classes = 0

    def in_classes(self, view: View) -> Integers:
        """How many of the population each class of a view holds: 0 where it holds nobody."""
        if self._last is not view:
            known = self._views.at(view.levels)
            assert known is not None
            table = np.zeros(1 << (2 * len(known.rows) + 1).bit_length(), np.int32)
            self._found = held_rows(view.keys, known.keys, known.rows, table)
            self._last, self._classes = view, len(known.rows)
        return self._found

    def only_there(self, view: View) -> int:
        """The classes that the population has and the view has not."""
        held = self.in_classes(view)
        return self._classes - int(np.count_nonzero(held))


@compiled
def _slot(keys: Integers, place: int, slots: int) -> np.int64:
    mixed = np.int64(0)
    for word in range(len(keys)):
        mixed = (mixed ^ keys[word, place]) * np.int64(-7046029254386353131)
        mixed ^= (mixed >> np.int64(29)) & np.int64(0x7FFFFFFFF)
    return mixed & np.int64(slots - 1)


@compiled
def held_rows(keys: Integers, known: Integers, rows: Integers, table: Codes) -> Integers:
    """The rows of each key among those known, 0 where it is not; `table` is empty and has room for twice as many."""
    slots = len(table)
    for place in range(known.shape[1]):
        slot = _slot(known, place, slots)
        while table[slot]:
            slot = (slot + 1) & (slots - 1)
        table[slot] = place + 1
    found = np.zeros(keys.shape[1], np.int64)
    for c in range(keys.shape[1]):
        slot = _slot(keys, c, slots)
        while table[slot]:
            place, same = table[slot] - 1, True
            for word in range(len(keys)):
                same &= keys[word, c] == known[word, place]
            if same:
                found[c] = rows[place]
                break
            slot = (slot + 1) & (slots - 1)
    return found
