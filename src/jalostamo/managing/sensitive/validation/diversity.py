"""How varied the sensitive values of each class are, by the three definitions of l-diversity.

Handbook 2.6, phase 5 (the results of the processing are validated).
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from math import log
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from jalostamo.managing.sensitive.validation.found import CLOSE


@dataclass(frozen=True, slots=True)
class Variety:
    """How many different values a class must hold: counted, by their entropy, or so that the commonest is not too common."""

    kind: Literal["distinct", "entropy", "recursive"]
    l: float  # noqa: E741  # the model's own letter
    c: float | None = None


def least_varied(starts: NDArray[np.int64], rows: NDArray[np.int64], asked: Variety) -> float:
    """The l that the least varied class has; 0 where there is no class."""
    if not len(starts):
        return 0
    least = varied(starts, rows, asked).min()
    return float(least) if asked.kind == "entropy" else int(least)


def varied(starts: NDArray[np.int64], rows: NDArray[np.int64], asked: Variety) -> NDArray[np.int64 | np.float64]:
    """The l that each class has.

    Classes begin at `starts` among the rows of each value. Of entropy l is its exponential; of the recursive kind, the
    greatest l with which the class still holds.
    """
    lengths = np.diff(starts, append=len(rows))
    if asked.kind == "distinct":
        return lengths
    if asked.kind == "entropy":
        whole = np.repeat(np.add.reduceat(rows, starts), lengths)
        share = rows / whole
        entropies: NDArray[np.float64] = np.exp(-np.add.reduceat(share * np.log(share), starts))
        return entropies
    return _recursive(np.repeat(np.arange(len(starts)), lengths), rows, starts, Fraction(str(asked.c)))


def is_varied(found: float | NDArray[np.int64 | np.float64], asked: Variety) -> np.bool_ | NDArray[np.bool_]:
    """Whether so much is enough, of one class or of each."""
    if asked.kind == "entropy":
        # The sum of floating numbers is the entropy: it has something to spare, not its exponential.
        return np.log(found) >= log(asked.l) - CLOSE
    return np.greater_equal(found, asked.l - CLOSE)


def _recursive(
    class_: NDArray[np.int64], rows: NDArray[np.int64], starts: NDArray[np.int64], c: Fraction
) -> NDArray[np.int64]:
    """The greatest l for which the commonest value is rarer than c times all from the l-th commonest on, of each class."""
    order = np.lexsort((-rows, class_))
    common = rows[order]
    # From each value of a class to its last one: all rows from there, without those of the classes behind.
    from_here = np.cumsum(common[::-1])[::-1]
    ends = np.append(from_here[starts[1:]], 0)
    tail = from_here - ends[class_]
    most = common[starts][class_]
    if int(most.max()) * c.denominator >= 2**63 or int(tail.max()) * c.numerator >= 2**63:
        # 0.30000000000000004 has a denominator of seventeen digits: Python's own numbers have room for all of them.
        most, tail = most.astype(object), tail.astype(object)
    # Whole numbers: a floating c would let 3 be less than 0.1 times 30.
    holds = most * c.denominator < tail * c.numerator
    # Tails shrink from value to value, so that those that hold are the first ones.
    greatest: NDArray[np.int64] = np.add.reduceat(holds.astype(np.int64), starts)
    return greatest
