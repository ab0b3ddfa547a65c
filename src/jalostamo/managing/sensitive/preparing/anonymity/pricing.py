"""The loops that add up what the metrics need to know about the classes of a node.

Handbook 2.6, phase 5.
"""

import numpy as np
from numpy.typing import NDArray

from jalostamo.managing.sensitive.preparing.anonymity.compiling import compiled
from jalostamo.managing.sensitive.preparing.anonymity.judging import Verdicts
from jalostamo.managing.sensitive.preparing.anonymity.problem import Codes, Integers, Reals


@compiled
def tallied(rows: Integers, verdicts: Verdicts) -> tuple[int, int]:
    """The rows of the classes that fail, and of those that fail for good."""
    failing, for_good = 0, 0
    for c in range(len(rows)):
        if verdicts[c]:
            failing += rows[c]
            for_good += rows[c] if verdicts[c] == 2 else 0
    return failing, for_good


@compiled
def saved(
    keys: Integers, gone: Integers, fields: Integers, at: Integers, number: Integers, start: Integers, weight: Reals
) -> Reals:
    """What the suppressed rows would have cost, for each attribute.

    They are counted by code first, in whole numbers: the order of the classes leaves no trace in the sum, nor does that of
    the codes, since what is rounded off is added at the end.
    """
    counted, total = np.zeros(at[-1] + number[-1], np.int64), np.zeros(len(at))
    for c in range(len(gone)):
        if gone[c]:
            for a in range(len(at)):
                counted[at[a] + ((keys[fields[a, 0], c] >> fields[a, 1]) & fields[a, 2])] += gone[c]
    for a in range(len(at)):
        rounded = 0.0
        for code in range(number[a]):
            part = counted[at[a] + code] * weight[start[a] + code]
            both = total[a] + part
            greater, lesser = max(total[a], part), min(total[a], part)
            rounded += (greater - both) + lesser
            total[a] = both
        total[a] += rounded
    return total


@compiled
def added(codes: Codes, rows: Integers, number: int) -> Integers:
    """The rows of each of so many codes."""
    total = np.zeros(number, np.int64)
    for c in range(len(codes)):
        total[codes[c]] += rows[c]
    return total


@compiled
def squared(rows: Integers) -> float:
    """The sum of the squared sizes, which may pass what 64 bits hold."""
    total = 0.0
    for c in range(len(rows)):
        total += np.float64(rows[c]) * np.float64(rows[c])
    return total


@compiled
def could_split(rows: Integers, verdicts: Verdicts, least: int) -> tuple[int, int, int]:
    """Classes of at least `least` rows, the rows of the smaller ones, and into how many all could be split."""
    large, small_rows, parts = 0, 0, 0
    for c in range(len(rows)):
        if rows[c] >= least:
            large += 1
        else:
            small_rows += rows[c]
        if verdicts[c] != 2:
            parts += rows[c] // least
    return large, small_rows, parts


@compiled
def greedy_path(score: Reals, shape: Integers, start: int, below: float, path: NDArray[np.int64]) -> int:
    """Go up from a node as long as a coarser one is open and below `below`, to the dearest each time; the length."""
    attributes, length, node = len(shape), 1, start
    level, stride = np.empty(attributes, np.int64), np.empty(attributes, np.int64)
    rest, step = start, 1
    for a in range(attributes - 1, -1, -1):
        level[a], stride[a] = rest % shape[a], step
        rest //= shape[a]
        step *= shape[a]
    path[0] = node
    while True:
        chosen, dearest = -1, -np.inf
        for a in range(attributes):
            if level[a] + 1 < shape[a]:
                price = score[node + stride[a]]
                if dearest < price < below:
                    chosen, dearest = a, price
        if chosen < 0:
            return length
        level[chosen] += 1
        node += stride[chosen]
        path[length] = node
        length += 1
