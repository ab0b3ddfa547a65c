"""What coarser values and missing rows cost: each column's part of three metrics, and how large the released classes are.

Handbook 2.6, phase 5.
"""

from __future__ import annotations

from math import fsum
from typing import TYPE_CHECKING, Final

import numpy as np

from jalostamo.managing.sensitive.preparing.anonymity.costs import ClassSizes, ColumnLoss

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from jalostamo.managing.sensitive.preparing.anonymity.problem import Attribute, Histogram, Integers, Solution

_STEPS: Final = (1, 2, 5)
_WORD: Final = 2**62


def column_losses(histogram: Histogram, attributes: Sequence[Attribute], solution: Solution) -> tuple[ColumnLoss, ...]:
    """What each quasi-identifier lost."""
    return tuple(
        _loss_of(attribute, histogram.codes[:, number], histogram.rows, solution, level=solution.levels[number])
        for number, attribute in enumerate(attributes)
    )


def _loss_of(
    attribute: Attribute, codes: NDArray[np.int32], rows: Integers, solution: Solution, *, level: int
) -> ColumnLoss:
    values = len(attribute.to_level[0])
    before, after = added(codes, rows, values), added(codes, solution.kept_rows, values)
    everybody, gone = int(before.sum()), int(before.sum() - after.sum())
    highest = len(attribute.to_level) - 1
    coarser = added(attribute.to_level[level], before, len(attribute.labels[level]))
    bits = _bits(before, coarser[attribute.to_level[level]], after) + _bits(before, everybody, before - after)
    most = _bits(before, everybody, before)
    return ColumnLoss(
        attribute.name,
        level,
        highest,
        values,
        len(np.unique(attribute.to_level[level][after > 0])),
        _normalised(fsum(attribute.share[level] * after) + gone, everybody, attribute.file_rows),
        ((everybody - gone) * (level / highest if highest else 0.0) + gone) / everybody,
        bits / everybody,
        bits / most if most else 0.0,
    )


def _bits(before: Integers, within: Integers | int, rows: Integers) -> float:
    """What is not told any more of so many rows of each value, when all that is known is what they lie within."""
    share = np.maximum(before, 1) / np.maximum(within, 1)
    return abs(fsum(-np.log2(share) * rows))


def _normalised(found: float, rows: int, file_rows: int) -> float:
    least = rows / file_rows
    return max(0.0, (found - least) / (rows - least)) if file_rows > 1 else 0.0


def class_sizes(histogram: Histogram, attributes: Sequence[Attribute], solution: Solution) -> tuple[ClassSizes, ...]:
    """The released classes by their rows, in steps of 1, 2, 5, 10, 20 ..., only those that there are."""
    kept = np.flatnonzero(solution.kept_rows)
    place = _classes(histogram.codes[kept], attributes, solution.levels)
    sizes = np.bincount(place, weights=solution.kept_rows[kept]).astype(np.int64)
    edges = _edges(int(sizes.max(initial=1)))
    step = np.searchsorted(edges, sizes, side="right") - 1
    within = [sizes[step == number] for number in np.unique(step)]
    return tuple(ClassSizes(int(of.min()), int(of.max()), len(of), int(of.sum())) for of in within)


def _classes(codes: NDArray[np.int32], attributes: Sequence[Attribute], levels: Sequence[int]) -> Integers:
    """The number of the class of each combination."""
    key, width = np.zeros(len(codes), np.int64), 1
    for number, (attribute, level) in enumerate(zip(attributes, levels, strict=True)):
        card = max(1, len(attribute.labels[level]))
        if width * card > _WORD:
            key, width = np.unique(key, return_inverse=True)[1].astype(np.int64), len(key)
        key = key * card + attribute.to_level[level][codes[:, number]]
        width *= card
    return np.unique(key, return_inverse=True)[1].astype(np.int64)


def _edges(most: int) -> Integers:
    edges: list[int] = []
    power = 1
    while not edges or edges[-1] <= most:
        edges += [step * power for step in _STEPS]
        power *= 10
    return np.array(edges, np.int64)


def added(places: NDArray[np.integer], rows: Integers, length: int) -> Integers:
    """The rows of each place; of whole numbers below 2^53, sums are exact as floats."""
    return np.bincount(places, weights=rows, minlength=length).astype(np.int64)
