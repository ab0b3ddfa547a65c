"""An attacker who solves all cells and margins of a cube by least squares, and knows the table of the noise.

He knows the distribution of the true counts too: what he gains is compared to reading each cell alone with that knowledge.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import product

import numpy as np
from numpy.typing import NDArray

from jalostamo.producing.cubes.counted import CountedCube
from jalostamo.producing.cubes.definition import TOTAL, Dimension
from jalostamo.utilising.disclosure.noise import NoiseTable
from jalostamo.utilising.disclosure.printed import PrintedCube

type Floats = NDArray[np.float64]
LARGEST = 100
CERTAIN = 0.95


@dataclass(frozen=True, slots=True)
class Guesses:
    """For each cell of truly one or two: how much the attacker believes in each count from 0, and the true one."""

    beliefs: Floats
    true: NDArray[np.int64]

    @property
    def exact(self) -> float:
        """How often he names the true count when he names each as often as he believes in it."""
        return float(self.beliefs[self.true, np.arange(len(self.true))].mean())

    @property
    def pinned(self) -> float:
        """How often he is right and as good as certain."""
        sure = (self.beliefs.max(axis=0) >= CERTAIN) & (self.beliefs.argmax(axis=0) == self.true)
        return float(sure.mean())


def sums(dimension: Dimension) -> Floats:
    """Which finest codes each code is the sum of: a row per code, the finest first, and the total last."""
    finest = dimension.levels[0]
    rows = [[code == TOTAL or dimension.holds(code, leaf) for leaf in finest] for code in (*dimension.codes, TOTAL)]
    return np.array(rows, dtype=np.float64)


def block(cube: PrintedCube | CountedCube, column: str) -> Floats:
    """The cells of the one measure, an axis per dimension, codes as `sums` has them."""
    names = [each.name for each in cube.definition.dimensions]
    words = zip(*(cube.cells[name].to_pylist() for name in names), strict=True)
    numbers = dict(zip(words, cube.cells[column].to_pylist(), strict=True))
    codes = [(*each.codes, TOTAL) for each in cube.definition.dimensions]
    return np.array([numbers[cell] for cell in product(*codes)], dtype=np.float64).reshape(
        [len(each) for each in codes]
    )


@dataclass(frozen=True, slots=True)
class Evidence:
    """Of each cell and margin: what it printed, what all others say of it, and how far off those are; and the true count."""

    own: Floats
    others: Floats
    variance: Floats
    true: NDArray[np.int64]

    @classmethod
    def together(cls, found: Sequence[Evidence]) -> Evidence:
        """The evidence of several towns."""
        columns = ("own", "others", "variance", "true")
        return cls(*(np.concatenate([getattr(each, column) for each in found]) for column in columns))


def solved(printed: Floats, true: Floats, dimensions: Sequence[Dimension], variance: float) -> Evidence:
    """All cells and margins solved by least squares, and each one's own number taken out of what is said of it."""
    fitted: Floats = printed
    left: Floats = np.ones(())
    for axis, matrix in enumerate(map(sums, dimensions)):
        fits = matrix @ np.linalg.pinv(matrix)
        fitted = np.moveaxis(np.tensordot(fits, fitted, axes=(1, axis)), 0, axis)
        left = np.multiply.outer(left, np.diag(fits))
    own, left = printed.ravel(), left.ravel()
    others = (fitted.ravel() - left * own) / (1 - left)
    return Evidence(own, others, variance * left / (1 - left), true.ravel().astype(np.int64))


def guessed(found: Evidence, alone: Floats) -> tuple[Guesses, Guesses]:
    """What is guessed of the cells of one or two by reading each alone, and with what the others say.

    `alone` is how likely each true count prints as the cell does.
    """
    counts = np.arange(LARGEST)[:, None]
    prior = np.bincount(np.minimum(found.true, LARGEST - 1), minlength=LARGEST)[:, None] / len(found.true)
    small = (found.true == 1) | (found.true == 2)
    both = alone * np.exp(-((found.others - counts) ** 2) / (2 * found.variance))
    read, solve = (_normed((prior * each)[:, small]) for each in (alone, both))
    return Guesses(read, found.true[small]), Guesses(solve, found.true[small])


def chances_of_mean(found: Evidence, variance: float) -> Floats:
    """By true count, how likely the mean of many requests, whose noise was drawn at each, is what it is."""
    return np.asarray(np.exp(-((found.own - np.arange(LARGEST)[:, None]) ** 2) / (2 * variance)))


def chances_of_print(found: Evidence, table: NoiseTable) -> Floats:
    """By true count, how likely each cell prints as it does."""
    printed = found.own.astype(np.int64)
    likely = np.zeros((LARGEST, len(printed)))
    for n in range(LARGEST):
        chances = np.zeros(max(int(printed.max()), LARGEST + table.largest) + 1)
        for value, chance in table.distribution(n).items():
            chances[value] = chance
        likely[n] = chances[printed]
    return likely


def _normed(beliefs: Floats) -> Floats:
    return beliefs / np.maximum(beliefs.sum(axis=0), 1e-300)
