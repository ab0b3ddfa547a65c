"""Hierarchies of ordered values: neighbours become one class, and neighbouring classes one again.

Handbook 2.6, phase 5.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import Final

from jalostamo.concepts.errors import Misused, Unfit
from jalostamo.managing.hierarchies.shape import Hierarchy, hierarchy_of

_JOINTS: Final = ("-", " to ", " ... ")


def by_order(name: str, values: Sequence[str], sizes: Sequence[int]) -> Hierarchy:
    """Values in their order, so many neighbours alike at each level, called by the first and the last: "low-middle".

    What is left at the end is a class of its own.
    """
    if not sizes or sizes[0] < 2 or any(more <= size or more % size for size, more in pairwise(sizes)):
        raise Misused(
            "Groups need sizes, one for each level: the first 2 or more, each next a multiple of the one before.",
            reason="hierarchy_sizes",
        )
    return hierarchy_of(name, values, (_level(name, values, size) for size in sizes))


def _level(name: str, values: Sequence[str], size: int) -> list[str]:
    groups = [values[first : first + size] for first in range(0, len(values), size)]
    called = _names(name, groups)
    return [each for each, group in zip(called, groups, strict=True) for _ in group]


def _names(name: str, groups: Sequence[Sequence[str]]) -> list[str]:
    """A name for each group; values that hold a joint themselves could give two groups one name: then another joint."""
    for joint in _JOINTS:
        called = list(_joined(groups, joint))
        if len(set(called)) == len(called):
            return called
    raise Unfit(
        f"{name}: {len(groups) - len(set(called))} groups would be called as others are: name them in a list of codes.",
        reason="hierarchy_names",
    )


def _joined(groups: Sequence[Sequence[str]], joint: str) -> Iterator[str]:
    return (group[0] if len(group) == 1 else f"{group[0]}{joint}{group[-1]}" for group in groups)
