"""The loops that judge classes: 0 holds, 1 fails, 2 fails for good, so that each finer class within it fails too.

Handbook 2.6, phase 5.
"""

import math

import numpy as np
from numpy.typing import NDArray

from jalostamo.managing.sensitive.preparing.anonymity.compiling import compiled
from jalostamo.managing.sensitive.preparing.anonymity.problem import Codes, Integers, Reals

Verdicts = NDArray[np.uint8]

# Distances and entropies are sums of rounded numbers: what is asked counts as met within this.
CLOSE = 1e-9


@compiled
def judge_number(number: Integers, least: float, verdicts: Verdicts) -> None:
    """Rows, or units of one kind: at least so many."""
    for c in range(len(verdicts)):
        if number[c] < least:
            verdicts[c] = 2


@compiled
def judge_present(people: Integers, held: Integers, most: float, verdicts: Verdicts) -> None:
    """The share of the population's class that is there: at most so much. A part of the class may still be less."""
    for c in range(len(verdicts)):
        if verdicts[c] == 0 and held[c] > 0 and people[c] / held[c] > most + CLOSE:
            verdicts[c] = 1


@compiled
def judge_distinct(start: Integers, least: float, verdicts: Verdicts) -> None:
    """Different sensitive values: at least so many. Entropy and recursive diversity need as many, too."""
    for c in range(len(verdicts)):
        if start[c + 1] - start[c] < least:
            verdicts[c] = 2


@compiled
def judge_entropy(start: Integers, rows: Integers, least: float, verdicts: Verdicts) -> None:
    """The entropy of the sensitive values: at least so much (natural logarithm)."""
    for c in range(len(verdicts)):
        if verdicts[c]:
            continue
        total, entropy = 0, 0.0
        for entry in range(start[c], start[c + 1]):
            total += rows[entry]
        for entry in range(start[c], start[c + 1]):
            if rows[entry]:
                part = rows[entry] / total
                entropy -= part * math.log(part)
        if entropy < least - CLOSE:
            verdicts[c] = 1


@compiled
def _is_less(over: int, under: int, other_over: int, other_under: int) -> bool:
    """Whether a fraction is less than another, without products of theirs, which 64 bits may not hold."""
    while True:
        whole, other_whole = over // under, other_over // other_under
        if whole != other_whole:
            return whole < other_whole
        rest, other_rest = over % under, other_over % other_under
        if rest == 0 or other_rest == 0:
            return rest < other_rest
        # Both lie between 0 and 1: the lesser is the one whose reciprocal is greater.
        over, under, other_over, other_under = other_under, other_rest, under, rest


@compiled
def judge_recursive(start: Integers, rows: Integers, rank: int, c_over: int, c_under: int, verdicts: Verdicts) -> None:
    """The commonest value has strictly fewer rows than c (a fraction) times the values from `rank` on together."""
    for c in range(len(verdicts)):
        if verdicts[c]:
            continue
        counts = np.sort(rows[start[c] : start[c + 1]])
        rest = 0
        for place in range(len(counts) - rank + 1):
            rest += counts[place]
        if rest == 0 or not _is_less(counts[-1], rest, c_over, c_under):
            verdicts[c] = 1


@compiled
def judge_equal(start: Integers, value: Codes, rows: Integers, whole: Reals, most: float, verdicts: Verdicts) -> None:
    """The distance from the whole table, all values equally far apart; what a class lacks altogether is lost for good."""
    for c in range(len(verdicts)):
        if verdicts[c] == 2:
            continue
        total, over, present = 0, 0.0, 0.0
        for entry in range(start[c], start[c + 1]):
            total += rows[entry]
        for entry in range(start[c], start[c + 1]):
            share = whole[value[entry]]
            over += max(0.0, rows[entry] / total - share)
            present += share if rows[entry] else 0.0
        if 1.0 - present > most + CLOSE:
            verdicts[c] = 2
        elif over > most + CLOSE:
            verdicts[c] = 1


@compiled
def _carried(extra: Reals, span: int) -> float:
    """What is carried over each gap between neighbouring ranks, summed."""
    carried, total = 0.0, 0.0
    for rank in range(len(extra)):
        carried += extra[rank]
        total += abs(carried)
    return total / span


@compiled
def _out_of_reach(at: Reals, whole: Reals, span: int) -> float:
    """The least distance of any class with these ranks alone: each rank's rows go to the nearest that is present."""
    ranks = len(whole)
    far = np.full(ranks, 2.0 * ranks)
    last = -2 * ranks
    for rank in range(ranks):
        last = rank if at[rank] > 0 else last
        far[rank] = rank - last
    last, total = 3 * ranks, 0.0
    for rank in range(ranks - 1, -1, -1):
        last = rank if at[rank] > 0 else last
        total += whole[rank] * min(far[rank], last - rank)
    return total / span


@compiled
def judge_ordered(
    start: Integers,
    value: Codes,
    rows: Integers,
    rank_of: Integers,
    whole: Reals,
    span: int,
    most: float,
    verdicts: Verdicts,
) -> None:
    """The distance from the whole table, ranks as far apart as they stand in order."""
    at = np.empty(len(whole))
    for c in range(len(verdicts)):
        if verdicts[c] == 2:
            continue
        at[:] = 0.0
        total = 0
        for entry in range(start[c], start[c + 1]):
            total += rows[entry]
            at[rank_of[value[entry]]] += rows[entry]
        if _carried(at / total - whole, span) > most + CLOSE:
            lost = _out_of_reach(at, whole, span) > most + CLOSE
            verdicts[c] = 2 if lost else 1


@compiled
def _moved(extra: Reals, tree: Codes, into: Reals) -> float:
    """What moves through each ancestor, by its height: the lesser of what is too much and too little below it."""
    height, values = tree.shape[0] - 1, len(extra)
    left = extra.copy()
    total = 0.0
    for level in range(1, height + 1):
        up, much, little = into[0, :], into[1, :], into[2, :]
        into[:, :] = 0.0
        for code in range(values):
            parent = tree[level, code]
            if parent < 0 or left[code] == 0.0:
                continue
            up[parent] += left[code]
            much[parent] += max(0.0, left[code])
            little[parent] += max(0.0, -left[code])
        for code in range(values):
            total += min(much[code], little[code]) * level / height
            left[code] = up[code]
    return total


@compiled
def _out_of_tree(at: Reals, whole: Reals, paths: Codes) -> float:
    """The least distance of any class with these values alone: each goes to the nearest that is present."""
    height = paths.shape[0] - 1
    near = np.full(len(whole), height)
    seen = np.zeros(paths.shape[1], np.bool_)
    for level in range(height - 1, -1, -1):
        seen[:] = False
        for value in range(len(whole)):
            seen[paths[level, value]] |= at[value] > 0
        for value in range(len(whole)):
            if seen[paths[level, value]]:
                near[value] = level
    total = 0.0
    for value in range(len(whole)):
        total += whole[value] * near[value]
    return total / height if height else 0.0


@compiled
def judge_hierarchical(
    start: Integers,
    value: Codes,
    rows: Integers,
    whole: Reals,
    tree: Codes,
    paths: Codes,
    most: float,
    verdicts: Verdicts,
) -> None:
    """The distance from the whole table, values as far apart as their lowest common ancestor is high."""
    at, into = np.empty(len(whole)), np.empty((3, len(whole)))
    for c in range(len(verdicts)):
        if verdicts[c] == 2:
            continue
        at[:] = 0.0
        total = 0
        for entry in range(start[c], start[c + 1]):
            total += rows[entry]
            at[value[entry]] += rows[entry]
        if _moved(at / total - whole, tree, into) > most + CLOSE:
            lost = _out_of_tree(at, whole, paths) > most + CLOSE
            verdicts[c] = 2 if lost else 1
