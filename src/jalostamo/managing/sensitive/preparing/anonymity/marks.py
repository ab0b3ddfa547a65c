"""Sensitive columns of which a class must have different values and nothing else: a bit for each value, beside the rows.

One word then says of a class all that is asked of it, and classes are rolled up without lists of values.
Handbook 2.6, phase 5.
"""

from dataclasses import dataclass
from math import ceil

import numpy as np

from jalostamo.managing.sensitive.preparing.anonymity.compiling import compiled
from jalostamo.managing.sensitive.preparing.anonymity.judging import CLOSE
from jalostamo.managing.sensitive.preparing.anonymity.problem import Asked, Codes, Histogram, Integers

_WORD_BITS = 63


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class Marks:
    """What the bits of a word are: the lowest are the rows, `low`; then come the values of each of the `columns`.

    `fields` has of each column how far from the right its bits stand, which they are there, and how many must be set.
    """

    low: int
    columns: tuple[int, ...]
    fields: Integers

    def of(self, histogram: Histogram) -> Integers:
        """The word of each combination."""
        words = histogram.rows.astype(np.int64)
        for column, shift in zip(self.columns, self.fields[:, 0], strict=True):
            counts = histogram.sensitive[column]
            _mark(words, counts.place.astype(np.int64), counts.value.astype(np.int32), shift)
        return words


def marks_of(asked: Asked, histogram: Histogram) -> Marks:
    """The columns that have room in one word."""
    used = int(histogram.rows.sum()).bit_length()
    low, columns, fields = (1 << used) - 1, [], []
    for number, column in enumerate(asked.sensitive):
        wide = len(column.values)
        alone = column.closeness is None and column.diversity is not None and column.diversity.kind == "distinct"
        if column.diversity is not None and alone and used + wide <= _WORD_BITS:
            columns.append(number)
            fields.append((used, (1 << wide) - 1, ceil(column.diversity.l * (1 - CLOSE))))
            used += wide
    return Marks(low, tuple(columns), np.array(fields, np.int64).reshape(-1, 3))


UNMARKED = Marks((1 << _WORD_BITS) - 1, (), np.zeros((0, 3), np.int64))
"""Words that are rows and nothing else."""


@compiled
def _mark(words: Integers, place: Integers, value: Codes, shift: int) -> None:
    for entry in range(len(place)):
        words[place[entry]] |= np.int64(1) << (shift + value[entry])


@compiled
def rows_of_failing(words: Integers, low: int, fields: Integers, least: int, enough: int) -> int:
    """The rows of the classes that have fewer than `least`, or too few different values; no more than until `enough` are met."""
    total = 0
    for c in range(len(words)):
        rows = words[c] & low
        fails = rows < least
        for f in range(0 if fails else len(fields)):
            bits, missing = (words[c] >> fields[f, 0]) & fields[f, 1], fields[f, 2]
            while bits and missing > 0:
                bits &= bits - 1
                missing -= 1
            fails = fails or missing > 0
        total += rows if fails else 0
        if total > enough:
            break
    return total


@compiled
def starts_of(words: Integers, shift: int, mask: int) -> Integers:
    """Where the values of each class would start, if they were listed."""
    start = np.zeros(len(words) + 1, np.int64)
    for c in range(len(words)):
        bits, number = (words[c] >> shift) & mask, 0
        while bits:
            bits &= bits - 1
            number += 1
        start[c + 1] = start[c] + number
    return start
