"""The order of rows: whether a release's rows, alike as they are written, still stand as their people do in the source.

Rows sorted by their content tell nothing by their places, so that only others are attacked.
Handbook 2.6 (anonymising the data) and phase 5.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from jalostamo.managing.sensitive.validation.attacks.keys import Integers, keyed
from jalostamo.managing.sensitive.validation.attacks.rates import Rate, Risk, Sample

if TYPE_CHECKING:
    import pyarrow as pa

    from jalostamo.managing.sensitive.validation.attacks.columns import Column


def row_order(release: pa.Table, source: pa.Table, *, columns: Sequence[Column], told: str, sample: Sample) -> Risk:
    """Give the first row of each class to the first of its people in the source, and so on, and see whose values fit.

    The control group has the rows of each class shuffled; the baseline guesses the commonest value.
    """
    chance = sample.chance()
    written, known, names = _both(release, source, columns, told)
    pairs = _paired(written.kind, known.kind)
    shuffled = _paired(written.kind, known.kind, chance=chance)
    drawn = chance.permutation(len(pairs))[: sample.size]
    commonest = int(np.bincount(written.value, minlength=names).argmax())
    fits = written.value[pairs[:, 0]] == known.value[pairs[:, 1]]
    by_luck = written.value[shuffled[:, 0]] == known.value[shuffled[:, 1]]
    likely = known.value[pairs[:, 1]] == commonest
    return Risk(Rate.of(fits[drawn]), Rate.of(likely[drawn]), Rate.of(by_luck[drawn]))


def is_sorted(columns: Iterable[pa.ChunkedArray]) -> bool:
    """Whether rows stand in the order of their content, column by column; a missing value first or last of all."""
    # For either place of a missing value: which rows are like the one before in all columns so far.
    alike: dict[bool, NDArray[np.bool_] | None] = {True: None, False: None}
    for column in columns:
        for missing_last, like in list(alike.items()):
            step = np.diff(_ranks(column, missing_last=missing_last))
            if bool((step < 0 if like is None else step[like] < 0).any()):
                del alike[missing_last]
            else:
                alike[missing_last] = (step == 0) if like is None else like & (step == 0)
        if not alike:
            return False
    return True


def _ranks(column: pa.ChunkedArray, *, missing_last: bool) -> Integers:
    found = column.combine_chunks().dictionary_encode()
    values = found.dictionary.to_pylist()
    order = {value: rank for rank, value in enumerate(sorted(values))}
    ranks = np.array([order[value] for value in values], np.int64)
    missing = len(ranks) if missing_last else -1
    codes = found.indices.fill_null(len(ranks)).to_numpy()
    ranked: Integers = np.append(ranks, missing)[codes]
    return ranked


@dataclass(frozen=True, slots=True, repr=False)
class _Rows:
    kind: Integers
    value: Integers


def _both(release: pa.Table, source: pa.Table, columns: Sequence[Column], told: str) -> tuple[_Rows, _Rows, int]:
    split = release.num_rows
    codes = []
    for column in columns:
        there = [value or "" for value in _texts(release, column.name)]
        calls = {value: column.called(value) for value in set(_texts(source, column.name))}
        here = [calls[value] for value in _texts(source, column.name)]
        codes.append(np.unique(np.array([*there, *here]), return_inverse=True)[1].astype(np.int64))
    kind = np.unique(keyed(codes), return_inverse=True)[1].astype(np.int64)
    values = np.array([*_texts(release, told), *_texts(source, told)])
    names, value = np.unique(values, return_inverse=True)
    return _Rows(kind[:split], value[:split]), _Rows(kind[split:], value[split:]), len(names)


def _texts(table: pa.Table, name: str) -> list[str]:
    return [value or "" for value in table[name].cast("string").to_pylist()]


def _paired(written: Integers, known: Integers, *, chance: np.random.Generator | None = None) -> Integers:
    """Rows of the release and of the source that are of one kind and equally many from its first, by their numbers."""
    ties = np.zeros(len(written)) if chance is None else chance.random(len(written))
    orders = [np.lexsort((ties, written)), np.argsort(known, kind="stable")]
    ranked = []
    for kind, order in zip((written, known), orders, strict=True):
        rank = np.arange(len(order)) - np.searchsorted(kind[order], kind[order])
        ranked.append(np.stack([kind[order], rank], axis=1))
    key = keyed([np.concatenate([part[:, column] for part in ranked]) for column in range(2)])
    _, at, there = np.intersect1d(key[: len(written)], key[len(written) :], return_indices=True)
    return np.stack([orders[0][at], orders[1][there]], axis=1)
