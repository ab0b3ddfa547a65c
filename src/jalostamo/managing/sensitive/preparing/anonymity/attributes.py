"""What the numbers of a quasi-identifier stand for: its values in the table, and how its hierarchy calls them level by level.

Handbook 2.6, phase 5.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, cast

import numpy as np
import pyarrow as pa

from jalostamo.managing.sensitive.preparing.anonymity.problem import Attribute, Codes, Integers, Reals

if TYPE_CHECKING:
    from jalostamo.engine.connection import Engine
    from jalostamo.managing.hierarchies import Hierarchy
    from jalostamo.managing.sensitive.preparing.anonymity.recipe import QuasiIdentifier, Recipe
    from jalostamo.managing.sensitive.preparing.anonymity.tables import Loaded, Packed


@dataclass(frozen=True, slots=True, repr=False)
class Coding:
    """The numbers of a quasi-identifier as the engine has them: the places of its `values`, "" standing for a missing one.

    `named` is how many of them the hierarchy's file names; without one, all that occur. `packed` tells where the numbers
    stand; without it they are the column `name`.
    """

    name: str
    values: Sequence[str]
    named: int
    packed: Packed | None

    @property
    def size(self) -> int:
        """How many numbers there are."""
        return len(self.values)

    def numbers_in(self, keys: Sequence[str], key_values: Sequence[Integers]) -> Codes:
        """The numbers in combinations that are given by their keys."""
        if self.packed is None:
            return key_values[keys.index(self.name)].astype(np.int32)
        word = key_values[keys.index(f"w{self.packed.word}")]
        return ((word >> self.packed.shift) & ((1 << self.packed.bits) - 1)).astype(np.int32)


def coding_of(engine: Engine, loaded: Loaded, recipe: Recipe, number: int) -> Coding:
    """What the numbers of a quasi-identifier stand for, those of its hierarchy or of what occurs in the table."""
    hierarchy, name = recipe.quasi[number].hierarchy, f"q{number}"
    if hierarchy is None:
        occurring = engine.rows(loaded.table.select(name).distinct())
        values = sorted(cast("str", row[name]) for row in occurring)
        return Coding(name, values, len(values), None)
    values = list(hierarchy.levels[0])
    missing = [] if "" in hierarchy.levels[0] else [""]
    return Coding(name, [*values, *missing], len(values), loaded.packed[number])


def labels_of(hierarchy: Hierarchy | None, coding: Coding, level: int) -> list[str | None]:
    """What each number is called at a level; a missing value that the hierarchy does not name stays missing.

    Where values are called nothing at a level, it is one of them, and from there on called as they are.
    """
    if hierarchy is None or level == 0:
        return [value or None for value in coding.values]
    called = [name or None for name in hierarchy.at(level).values()]
    unnamed = coding.size - coding.named
    return [*called, *[_missing_at(hierarchy, level) or None] * unnamed]


def _missing_at(hierarchy: Hierarchy, level: int) -> str:
    for lower in hierarchy.levels[1 : level + 1]:
        nameless = next((value for value, name in lower.items() if not name), None)
        if nameless is not None:
            return hierarchy.at(level)[nameless]
    return ""


def attribute_of(q: QuasiIdentifier, coding: Coding, used: Integers) -> Attribute:
    """A quasi-identifier as the search has it: only the values that occur, with their shares of the whole hierarchy."""
    levels = 1 if q.hierarchy is None else len(q.hierarchy.levels)
    made = [_level(labels_of(q.hierarchy, coding, level), coding, used) for level in range(levels)]
    return Attribute(
        q.column,
        q.weight,
        to_level=tuple(codes for codes, _, _ in made),
        labels=tuple(labels for _, labels, _ in made),
        share=tuple(share for _, _, share in made),
        file_rows=coding.named,
    )


def _level(labels: list[str | None], coding: Coding, used: Integers) -> tuple[Codes, tuple[str | None, ...], Reals]:
    found = pa.array(labels, pa.string()).dictionary_encode(null_encoding="encode")
    codes, called = found.indices.to_numpy(), found.dictionary.to_pylist()
    # Rows of the hierarchy's file; a missing value that it does not name counts as if it had a row of its own.
    rows = np.bincount(codes[: coding.named], minlength=len(called))
    share = np.maximum(rows, 1)[codes[used]] / coding.named
    distinct, dense = np.unique(codes[used], return_inverse=True)
    return dense.astype(np.int32), tuple(called[code] for code in distinct), share
