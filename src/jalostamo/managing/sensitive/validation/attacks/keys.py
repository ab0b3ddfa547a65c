"""Rows of small numbers as one number each, so that like rows are found by sorting.

Handbook 2.6, phase 5.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import numpy as np
from numpy.typing import NDArray

type Integers = NDArray[np.int64]

_ROOM: Final = 2**62


def keyed(columns: Sequence[Integers]) -> Integers:
    """One number for each row, the same for like rows and for no others; every column from -1 upward."""
    key = np.zeros(len(columns[0]) if columns else 0, np.int64)
    width = 1
    for column in columns:
        size = int(column.max(initial=-1)) + 2
        if width > _ROOM // size:
            key = np.unique(key, return_inverse=True)[1].astype(np.int64)
            width = int(key.max(initial=0)) + 1
        key = key * size + column + 1
        width *= size
    return key


def places_in(wanted: Integers, among: Integers) -> Integers:
    """Where each row of `wanted` stands among rows that are all different, -1 where it does not; rows by columns."""
    if not len(among):
        return np.full(len(wanted), -1, np.int64)
    both = np.concatenate([among, wanted])
    key = keyed([both[:, column] for column in range(both.shape[1])])
    known, asked = key[: len(among)], key[len(among) :]
    order = np.argsort(known)
    at = np.minimum(np.searchsorted(known, asked, sorter=order), len(known) - 1)
    found = order[at]
    return np.where(known[found] == asked, found, -1)


def grouped(columns: Sequence[Integers]) -> tuple[Integers, Integers]:
    """The first row of each kind, and the kind of each row."""
    _, first, kind = np.unique(keyed(columns), return_index=True, return_inverse=True)
    return first.astype(np.int64), kind.astype(np.int64)


def totals(kind: Integers, rows: Integers, kinds: int) -> Integers:
    """The rows of each kind."""
    return np.bincount(kind, weights=rows, minlength=kinds).astype(np.int64)
