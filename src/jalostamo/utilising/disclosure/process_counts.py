"""Counts that tell of the process (suppressed rows, look-alikes, matches) are cells too, and leave by the rule of cells.

Handbook 2.2 (checking combinability) and 2.6, phase 8.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import cast

import numpy as np

from jalostamo.concepts.errors import Broken
from jalostamo.managing.manifests import rounded
from jalostamo.managing.process_counts import ProcessCount as ProcessCount
from jalostamo.managing.process_counts import Tree
from jalostamo.utilising.disclosure.noise import NoiseTable


def printed_counts(counts: Mapping[str, ProcessCount], *, noise: NoiseTable) -> dict[str, int]:
    """Counts of the process as they may leave the closed room: by the noise of their key, or to the nearest five.

    The same units print the same number here as in every cube of the same series.
    """
    keyed = {name: (count.n, count.key) for name, count in counts.items() if count.key is not None}
    numbers, keys = (np.array([pair[place] for pair in keyed.values()], dtype=np.int64) for place in (0, 1))
    printed = dict(zip(keyed, noise.printed(numbers, keys).tolist(), strict=True)) if keyed else {}
    return {name: int(printed[name]) if name in printed else rounded(count.n) for name, count in counts.items()}


def printed_facts(facts: Mapping[str, Tree], *, noise: NoiseTable) -> dict[str, object]:
    """Facts with every count in them printed; a number that is no process count is our fault, and does not leave."""
    places = dict(_counts_in(facts, ""))
    printed = printed_counts(places, noise=noise)
    return cast("dict[str, object]", _with(facts, "", printed))


def _counts_in(tree: Tree, place: str) -> Iterator[tuple[str, ProcessCount]]:
    if isinstance(tree, ProcessCount):
        yield place, tree
    for step, branch in _branches(tree):
        yield from _counts_in(branch, f"{place}/{step}")


def _with(tree: Tree, place: str, printed: Mapping[str, int]) -> object:
    if isinstance(tree, ProcessCount):
        return printed[place]
    if isinstance(tree, int | float) and not isinstance(tree, bool):
        raise Broken("A number of the process was to leave as it is.", reason="process_count")
    made = {step: _with(branch, f"{place}/{step}", printed) for step, branch in _branches(tree)}
    if isinstance(tree, Mapping):
        return made
    return list(made.values()) if isinstance(tree, Sequence) and not isinstance(tree, str) else tree


def _branches(tree: Tree) -> Iterator[tuple[str, Tree]]:
    if isinstance(tree, Mapping):
        yield from tree.items()
    elif isinstance(tree, Sequence) and not isinstance(tree, str):
        yield from ((str(number), branch) for number, branch in enumerate(tree))
