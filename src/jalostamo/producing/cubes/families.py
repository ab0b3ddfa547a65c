"""Families of sets of units: what least squares leave of each set's noise, where some of the sets are sums of others.

A hierarchy is reckoned branch by branch; sets that cross each other by the projection onto what their sums allow.

Handbook 2.6, phase 8.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Final

import numpy as np
from numpy.typing import NDArray

type Reals = NDArray[np.float64]
type Left = tuple[float, float]
"""Of one set: the share of its noise that least squares leave, and the share if they had only what lies within the set."""

_RANK: Final = 1e-10
_SAME: Final = 1e-9


def left_in_family(sets: Collection[frozenset[str]]) -> list[Left]:
    """What is left of each of some sets of words, each set printed once."""
    ordered = sorted(set(sets) - {frozenset()}, key=lambda each: (-len(each), sorted(each)))
    parents = _parents(ordered)
    if parents is None:
        return left_by_overlap(overlap_of(ordered))
    return _left_in_tree(ordered, parents)


def left_by_overlap(overlap: Reals) -> list[Left]:
    """What is left of each set, from how much of each two they share; of sets that are equal one is taken."""
    own = overlap.diagonal()
    inside = np.abs(overlap - own[:, None]) < _SAME * own[:, None]
    first = np.argmax(inside & inside.T, axis=1)
    kept = np.unique(first)
    overlap, inside = overlap[np.ix_(kept, kept)], inside[np.ix_(kept, kept)]
    whole = _leverages(overlap)
    # Row n of `inside` tells which sets hold set n, so column n tells which lie within it.
    return [(float(whole[n]), _within(overlap, np.flatnonzero(inside[:, n]), n)) for n in range(len(kept))]


def left_under(equations: Reals) -> list[Left]:
    """What is left of each number under equations between them, a row each; what lies within a set is not told apart."""
    projected = np.einsum("ij,ji->i", equations.T, np.linalg.pinv(equations.T, rcond=_RANK))
    return [(float(1 - share), 1.0) for share in projected]


def overlap_of(sets: Sequence[frozenset[str]]) -> Reals:
    """How many words each two sets share."""
    words = {word: place for place, word in enumerate(sorted(frozenset().union(*sets)))}
    rows = np.zeros((len(sets), len(words)))
    for row, held in zip(rows, sets, strict=True):
        row[[words[word] for word in held]] = 1
    return rows @ rows.T


def _parents(ordered: Sequence[frozenset[str]]) -> list[int] | None:
    """By set, the smallest one around it (-1 for none); None where two sets cross. Larger sets stand before smaller ones."""
    innermost: dict[str, int] = {}
    parents: list[int] = []
    for place, words in enumerate(ordered):
        around = {innermost.get(word, -1) for word in words}
        if len(around) > 1:
            return None
        parents += around
        innermost.update(dict.fromkeys(words, place))
    return parents


def _left_in_tree(ordered: Sequence[frozenset[str]], parents: Sequence[int]) -> list[Left]:
    """Variances of what is known of each set from within it, and from around it: the two are told by different noise."""
    children: list[list[int]] = [[] for _ in ordered]
    for place, parent in enumerate(parents):
        if parent >= 0:
            children[parent].append(place)
    within, around = np.ones(len(ordered)), np.full(len(ordered), np.inf)
    for place in reversed(range(len(ordered))):
        below = children[place]
        # Words of a set that lie in no set within it are known from nowhere else.
        if below and sum(len(ordered[child]) for child in below) == len(ordered[place]):
            within[place] = 1 / (1 + 1 / within[below].sum())
    for place, below in enumerate(children):
        if below and sum(len(ordered[child]) for child in below) == len(ordered[place]):
            known = 1 / (1 + 1 / around[place])
            around[below] = known + within[below].sum() - within[below]
    return [(1 / (1 / low + 1 / far), low) for low, far in zip(within.tolist(), around.tolist(), strict=True)]


def _within(overlap: Reals, places: NDArray[np.int64], own: int) -> float:
    if len(places) == 1:
        return 1.0
    found = _leverages(overlap[np.ix_(places, places)])
    return float(found[np.flatnonzero(places == own)[0]])


def _leverages(overlap: Reals) -> Reals:
    """Of each set, the share of its own number in its best estimate: the projection onto what the sets' sums can be."""
    scale = np.sqrt(overlap.diagonal())
    values, vectors = np.linalg.eigh(overlap / np.outer(scale, scale))
    kept = vectors[:, values > _RANK * len(overlap)]
    # The scaled rows span another space than the sets' own; what they span is scaled back before projecting.
    basis, _ = np.linalg.qr(kept * scale[:, None])
    return np.asarray((basis**2).sum(axis=1))
