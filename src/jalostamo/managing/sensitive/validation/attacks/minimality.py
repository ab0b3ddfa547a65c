"""Minimality: what the choice of a generalisation tells, since every one that the recipe prefers must have failed.

After Wong and others, "Minimality attack in privacy preserving data publishing" (VLDB 2007), and Cormode and others 2010.
A choice among few generalisations that were approved beforehand tells little; one by policy alone, nothing.

Handbook 2.6, phase 5.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from math import log2
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from jalostamo.managing.sensitive.validation.attacks.keys import Integers, grouped

if TYPE_CHECKING:
    from jalostamo.managing.sensitive.validation.attacks.rates import Sample


def bits_told(generalisations: int) -> float:
    """How many bits the choice among so many generalisations tells at most."""
    return log2(max(1, generalisations))


@dataclass(frozen=True, slots=True)
class PublicRule:
    """What the public recipe asks of each class: so many rows, so many different values, none commoner than a share."""

    k: int = 1
    distinct: int = 1
    commonest: Fraction = Fraction(1)

    def holds(self, counts: Integers) -> bool:
        """Whether every class holds; classes by values."""
        sizes = counts.sum(axis=1)
        enough = (sizes >= self.k) & ((counts > 0).sum(axis=1) >= self.distinct)
        rare = counts.max(axis=1) * self.commonest.denominator <= sizes * self.commonest.numerator
        return bool((enough & rare).all())


@dataclass(frozen=True, slots=True, repr=False)
class PublicTable:
    """What the attacker knows: each person's quasi-identifiers (`levels[i]` at level i, people by columns), each class's values.

    `values` are in the order of people; she uses only which values a class of the chosen generalisation has.
    """

    levels: Sequence[Sequence[Integers]]
    values: Integers

    def classes(self, node: Sequence[int]) -> Integers:
        """The class of each person at a generalisation, one level for each column."""
        return grouped([self.levels[number][level] for number, level in enumerate(node)])[1]


@dataclass(frozen=True, slots=True)
class Minimality:
    """How many of the tables that were drawn would have been released so, and what that tells of people.

    `surest` is the greatest share of those tables in which somebody has one value, `without` the greatest share of a
    value in a class: what she would think who did not know how the generalisation was chosen.
    """

    tables: int
    consistent: int
    surest: float
    without: float


def minimality(
    table: PublicTable, chosen: Sequence[int], preferred: Sequence[Sequence[int]], *, rule: PublicRule, sample: Sample
) -> Minimality:
    """Draw tables that look like this when released, and keep those of which every preferred generalisation fails."""
    chance = sample.chance()
    classes = table.classes(chosen)
    order = np.argsort(classes, kind="stable")
    nodes = [table.classes(node) for node in preferred]
    values = int(table.values.max()) + 1
    seen = np.zeros((len(classes), values), np.int64)
    people = np.arange(len(classes))
    kept = 0
    for _ in range(sample.size):
        drawn = _shuffled(table.values, classes, order, chance)
        if not any(rule.holds(_counts(node, drawn, values)) for node in nodes):
            seen[people, drawn] += 1
            kept += 1
    counts = _counts(classes, table.values, values)
    without = float((counts / counts.sum(axis=1, keepdims=True)).max())
    return Minimality(sample.size, kept, float(seen.max() / kept) if kept else without, without)


def _shuffled(values: Integers, classes: Integers, order: NDArray[np.intp], chance: np.random.Generator) -> Integers:
    """The values of each class given to its people in another order."""
    by_luck = np.lexsort((chance.random(len(values)), classes))
    drawn = np.empty_like(values)
    drawn[order] = values[by_luck]
    return drawn


def _counts(classes: Integers, values: Integers, width: int) -> Integers:
    size = int(classes.max()) + 1
    return np.bincount(classes * width + values, minlength=size * width).reshape(size, width).astype(np.int64)
