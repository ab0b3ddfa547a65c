"""The metrics, all made small: what a node costs, and the least that nodes which are not looked at yet can cost.

Handbook 2.6, phase 5.
"""

from dataclasses import dataclass
from math import fsum, log2
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from jalostamo.managing.sensitive.preparing.anonymity import pricing
from jalostamo.managing.sensitive.preparing.anonymity.judging import Verdicts
from jalostamo.managing.sensitive.preparing.anonymity.lattice import Lattice, Layout, outer
from jalostamo.managing.sensitive.preparing.anonymity.problem import (
    Asked,
    Attribute,
    Histogram,
    Integers,
    Metric,
    Reals,
)
from jalostamo.managing.sensitive.preparing.anonymity.views import View

# A bound that no real value reaches, where a closed node is infinitely dear.
_NEVER = float(np.finfo(np.float64).max)


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class Looked:
    """A node that was looked at: the rows gone from each class, all of them, and those that fail for good.

    `holds` tells whether what is left meets the models of the whole release, where no more than the limit is gone.
    """

    view: View
    verdicts: Verdicts
    gone: Integers
    suppressed: int
    gone_for_good: Integers
    for_good: int
    holds: bool = True


class Measure(Protocol):
    """A metric: lower bounds for every node, the value of one, and what one tells about finer and coarser ones."""

    def bounds(self) -> Reals:
        """The least that each node can cost, before any is looked at."""

    def value(self, node: Looked) -> float:
        """What a node costs."""

    def sharpen(self, score: Reals, lattice: Lattice, node: Looked) -> None:
        """Raise the bounds of finer and coarser nodes by what was seen at one; a closed node stays closed."""


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class PerCell:
    """Loss, precision and entropy: sums over rows and attributes, where a suppressed cell costs the most.

    The levels of all attributes stand in one row: `attribute` and `level` name them, `base` is what all rows cost at
    each, `weight` from `start[a, level]` on what a row of each code costs there, `hidden[a]` what a suppressed one does.
    `lowest` and `width` normalise the cost of an attribute, `power` weighs it for loss.
    """

    kind: Metric
    layout: Layout
    attribute: Integers
    level: Integers
    base: Reals
    weight: Reals
    start: Integers
    hidden: Reals
    lowest: Reals
    width: Reals
    power: Reals

    def bounds(self) -> Reals:
        """The cost without suppression, which never makes a node cheaper."""
        return self._at_nodes(self.base, self.attribute)

    def value(self, node: Looked) -> float:
        """The cost of all rows, and what suppression adds to it."""
        here = self.level == np.array(node.view.levels)[self.attribute]
        cost = self.base[here]
        if node.suppressed:
            cost = cost + self._more(node.view, node.gone)
        if self.kind != "loss":
            # Of millions of rows, a sum in another order would part equal nodes by more than counts as equal.
            return fsum(cost) / float(self.width[0])
        return float(self._at_nodes(cost, np.arange(len(cost)))[0])

    def sharpen(self, score: Reals, lattice: Lattice, node: Looked) -> None:
        """Each finer node suppresses what fails here for good, and pays for it at least what it costs here."""
        levels = node.view.levels
        if not node.for_good or not any(levels):
            return
        finer = self.level <= np.array(levels)[self.attribute]
        of = self.attribute[finer]
        least = self._at_nodes(self.base[finer] + self._more(node.view, node.gone_for_good)[of], of)
        below = lattice.below(score, levels)
        np.maximum(below, least.reshape(below.shape), out=below)

    def _more(self, view: View, gone: Integers) -> Reals:
        """What suppressing rows adds to each attribute's cost."""
        number = np.array([card[level] for card, level in zip(self.layout.cards, view.levels, strict=True)], np.int64)
        at = number.cumsum() - number
        start = self.start[np.arange(len(number)), view.levels]
        fields = self.layout.fields
        return self.hidden * gone.sum() - pricing.saved(view.keys, gone, fields, at, number, start, self.weight)

    def _at_nodes(self, cost: Reals, of: Integers) -> Reals:
        """The value at each node of the levels given: a product of the attributes' parts for loss, else a sum."""
        if self.kind == "loss":
            cost = (np.maximum((cost - self.lowest[of]) / self.width[of], 0.0) + 1.0) ** self.power[of]
        ends = np.flatnonzero(np.diff(of)) + 1
        parts = [cost[a:b] for a, b in zip([0, *ends], [*ends, len(of)], strict=True)]
        return outer(parts) - 1.0 if self.kind == "loss" else outer(parts, add=True) / self.width[0]


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class BySize:
    """What discernibility and the average class size share: the rows, their limit, and what a released class has."""

    layout: Layout
    lattice: Lattice
    histogram: Histogram
    attributes: tuple[Attribute, ...]
    rows: int
    limit: int
    least: int
    slack: float

    def classes_at_most(self) -> Reals:
        """How many classes each node can have."""
        return np.minimum(outer([np.array(card, np.float64) for card in self.layout.cards]), len(self.histogram.rows))


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class Discernibility:
    """The squared sizes of the released classes, and the number of all rows for each suppressed row."""

    by: BySize

    def bounds(self) -> Reals:
        """Squares are least when rows are spread evenly over as many classes as there can be; a coarser node has more."""
        most, least = self.by.classes_at_most(), np.full(self.by.lattice.size, pricing.squared(self.by.histogram.rows))
        for a, attribute in enumerate(self.by.attributes):
            card = np.array(self.by.layout.cards[a], np.float64)
            squares = np.array(
                [float((r.astype(np.float64) ** 2).sum()) for r in _by_level(self.by.histogram, a, attribute)]
            )
            ones = [np.ones(height) for height in self.by.lattice.shape]
            shares = [*ones[:a], squares * card, *ones[a + 1 :]]
            most_beside = outer([np.array(c, np.float64) for c in self.by.layout.cards])
            np.maximum(least, outer(shares) / most_beside, out=least)
        np.maximum(least, float(self.by.rows) ** 2 / most, out=least)
        bounds: Reals = np.maximum(least - self.by.slack, 0.0)
        return bounds

    def value(self, node: Looked) -> float:
        """As the metric says."""
        return pricing.squared(node.view.rows - node.gone) + float(node.suppressed) * self.by.rows

    def sharpen(self, score: Reals, lattice: Lattice, node: Looked) -> None:
        """A coarser node has larger squares; a finer one suppresses all that fails here for good."""
        above, below = lattice.above(score, node.view.levels), lattice.below(score, node.view.levels)
        np.maximum(above, pricing.squared(node.view.rows) - self.by.slack, out=above)
        rest = float(self.by.rows - node.for_good) * self.by.least
        np.maximum(below, float(node.for_good) * self.by.rows + rest, out=below)


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class AverageClassSize:
    """Released rows per class: suppression can lower it or raise it, so that bounds count the classes instead."""

    by: BySize

    def bounds(self) -> Reals:
        """A released class has its least size, and there are no more classes than codes or combinations."""
        return np.maximum((self.by.rows - self.by.limit) / self.by.classes_at_most(), float(self.by.least))

    def value(self, node: Looked) -> float:
        """As the metric says; where nothing is released, no node is worse."""
        left = node.view.rows - node.gone
        classes = int(np.count_nonzero(left))
        return int(left.sum()) / classes if classes else float("inf")

    def sharpen(self, score: Reals, lattice: Lattice, node: Looked) -> None:
        """Coarser: a released class holds a large class of here, or enough rows of small ones. Finer: large ones split."""
        large, small_rows, parts = pricing.could_split(node.view.rows, node.verdicts, self.by.least)
        released = float(self.by.rows - self.by.limit)
        for marks, classes in (
            (lattice.above(score, node.view.levels), large + small_rows // self.by.least),
            (lattice.below(score, node.view.levels), parts),
        ):
            np.maximum(marks, released / classes if classes else _NEVER, out=marks)


def _by_level(histogram: Histogram, a: int, attribute: Attribute) -> list[Integers]:
    """The rows of each code at each level of an attribute."""
    finest = pricing.added(histogram.codes[:, a], histogram.rows, len(attribute.to_level[0]))
    found = []
    for codes in attribute.to_level:
        found.append(_added(codes[: len(finest)], finest, int(codes.max(initial=0)) + 1))
    return found


def _added(codes: NDArray[np.integer], rows: Integers, length: int = 0) -> Integers:
    # Sums of whole numbers below 2^53 are exact as floats.
    return np.bincount(codes, weights=rows, minlength=length).astype(np.int64)


def per_cell(kind: Metric, histogram: Histogram, attributes: tuple[Attribute, ...], layout: Layout) -> PerCell:
    """Loss, precision or entropy of a table."""
    rows = int(histogram.rows.sum())
    base: list[float] = []
    weights: list[Reals] = []
    place: list[tuple[int, int]] = []
    start = np.zeros((len(attributes), max(len(a.to_level) for a in attributes)), np.int64)
    for a, attribute in enumerate(attributes):
        counts = _by_level(histogram, a, attribute)
        fixed = fsum(counts[0] * np.log2(np.maximum(counts[0], 1))) if kind == "entropy" else 0.0
        for level, weight in enumerate(_weights(kind, attribute, counts)):
            start[a, level] = sum(map(len, weights))
            weights.append(weight)
            place.append((a, level))
            base.append(fsum(counts[level] * weight) - fixed)
    hidden = np.full(len(attributes), log2(rows) if kind == "entropy" else 1.0)
    power = np.array([a.weight for a in attributes]) / sum(a.weight for a in attributes)
    at, level_of = np.array(place, np.int64).T
    costs = (np.array(base), np.concatenate(weights), start, hidden)
    return PerCell(kind, layout, at, level_of, *costs, *_normalising(kind, rows, attributes), power)


def _weights(kind: Metric, attribute: Attribute, counts: list[Integers]) -> list[Reals]:
    """What a row of each code costs at each level."""
    if kind == "entropy":
        return [np.log2(np.maximum(rows, 1)) for rows in counts]
    highest = max(1, len(attribute.to_level) - 1)
    found = []
    for level, (codes, share) in enumerate(zip(attribute.to_level, attribute.share, strict=True)):
        weight = np.full(len(counts[level]), level / highest)
        if kind == "loss":
            weight[codes] = share
        found.append(weight)
    return found


def _normalising(kind: Metric, rows: int, attributes: tuple[Attribute, ...]) -> tuple[Reals, Reals]:
    """For loss what is taken off and divided by; the others are divided by one number, and nothing is taken off."""
    if kind != "loss":
        whole = float(rows * len(attributes)) if kind == "precision" else 1.0
        return np.zeros(len(attributes)), np.full(len(attributes), whole)
    low = np.array([rows / a.file_rows if a.file_rows > 1 else float(rows) for a in attributes])
    return low, np.where(rows > low, rows - low, 1.0)


def measure_of(
    asked: Asked, histogram: Histogram, attributes: tuple[Attribute, ...], layout: Layout, least: int
) -> Measure:
    """The metric that is asked for."""
    if asked.metric in ("loss", "precision", "entropy"):
        return per_cell(asked.metric, histogram, attributes, layout)
    lattice, rows = Lattice(tuple(len(a.to_level) for a in attributes)), int(histogram.rows.sum())
    whole = bool(histogram.units) and histogram.units[-1].whole
    # A whole unit may leave a class that is released: by that much can squares shrink below those of all rows.
    most = min(asked.suppressed_rows, rows // 2) if whole else 0
    by = BySize(layout, lattice, histogram, attributes, rows, asked.suppressed_rows, least, float(most * (rows - most)))
    return Discernibility(by) if asked.metric == "discernibility" else AverageClassSize(by)
