"""How far the sensitive values of each class are from those of the whole table: the earth mover's distance of t-closeness.

Handbook 2.6, phase 5 (the results of the processing are validated).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final, Literal

import numpy as np
from numpy.typing import NDArray

_CELLS: Final = 4_000_000
"""So many numbers at a time: classes by values."""


@dataclass(frozen=True, slots=True)
class Distance:
    """How far apart two values are: all alike, by their places in an order, or by where their ways up a hierarchy meet.

    `levels` are the hierarchy's, each value's name at each; a missing value is "".
    """

    kind: Literal["equal", "ordered", "hierarchical"]
    t: float
    order: tuple[str, ...] = ()
    levels: tuple[Mapping[str, str], ...] = ()


def farthest(
    starts: NDArray[np.int64],
    value: NDArray[np.int64],
    rows: NDArray[np.int64],
    *,
    names: Sequence[str],
    whole: Mapping[str, int],
    distance: Distance,
) -> float:
    """The greatest distance of a class from the whole; classes begin at `starts` among their values, numbered by `names`."""
    step, most = max(1, _CELLS // max(1, len(names))), 0.0
    bounds = np.append(starts, len(rows))
    for first in range(0, len(starts), step):
        last = min(first + step, len(starts))
        entries = slice(bounds[first], bounds[last])
        lengths = np.diff(bounds[first : last + 1])
        table = np.zeros((last - first, len(names)))
        table[np.repeat(np.arange(last - first), lengths), value[entries]] = rows[entries]
        most = max(most, float(distances_of(table, names=names, whole=whole, distance=distance).max()))
    return most


def distances_of(
    rows: NDArray[np.int64] | NDArray[np.float64],
    *,
    names: Sequence[str],
    whole: Mapping[str, int],
    distance: Distance,
) -> NDArray[np.float64]:
    """The distance of each class from the whole; classes by values, which are called by `names`."""
    every = _every_value(names, whole, distance)
    place = {name: number for number, name in enumerate(every)}
    total = np.array([whole.get(name, 0) for name in every], np.float64)
    total /= max(total.sum(), 1)
    table = np.zeros((len(rows), len(every)))
    table[:, [place[name] for name in names]] = rows
    return _distances(table / table.sum(axis=1, keepdims=True) - total, every, distance)


def _every_value(names: Sequence[str], whole: Mapping[str, int], distance: Distance) -> list[str]:
    found = set(names) | set(whole)
    return list(distance.order) if distance.kind == "ordered" else sorted(found)


def _distances(extra: NDArray[np.float64], every: Sequence[str], distance: Distance) -> NDArray[np.float64]:
    if distance.kind == "equal":
        return np.abs(extra).sum(axis=1) / 2
    if distance.kind == "ordered":
        return np.abs(np.cumsum(extra, axis=1)).sum(axis=1) / max(1, len(every) - 1)
    return _up_the_hierarchy(extra, every, distance.levels)


def _up_the_hierarchy(
    extra: NDArray[np.float64], every: Sequence[str], levels: Sequence[Mapping[str, str]]
) -> NDArray[np.float64]:
    """What meets under a node is carried up to it: as much as is too much or too little below it, the lesser of both."""
    called = [[level[name] for name in every] for level in levels]
    if len(set(levels[-1].values())) > 1:
        # Values that meet nowhere meet above the last level, also where only some of them occur.
        called.append([""] * len(every))
    height, carried = len(called) - 1, np.zeros(len(extra))
    below, names_below = extra, called[0]
    for level in range(1, height + 1):
        up = dict(zip(names_below, _distinct_first(called[level - 1], called[level], names_below), strict=True))
        nodes = sorted(set(up.values()))
        place = {node: number for number, node in enumerate(nodes)}
        into = np.zeros((len(names_below), len(nodes)))
        into[np.arange(len(names_below)), [place[up[name]] for name in names_below]] = 1
        too_much, too_little = np.maximum(below, 0) @ into, np.maximum(-below, 0) @ into
        carried += level / height * np.minimum(too_much, too_little).sum(axis=1)
        below, names_below = below @ into, nodes
    return carried


def _distinct_first(lower: Sequence[str], upper: Sequence[str], names: Sequence[str]) -> list[str]:
    """What each name of a level is called at the next."""
    leads = dict(zip(lower, upper, strict=True))
    return [leads[name] for name in names]
