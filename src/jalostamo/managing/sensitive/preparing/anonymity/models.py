"""The models as asked, judged on the classes of a view: k of rows or units, diversity and closeness, and the population.

Handbook 2.6, phase 5.
"""

from collections.abc import Callable
from dataclasses import dataclass
from fractions import Fraction
from math import ceil, log

import numpy as np

from jalostamo.managing.sensitive.preparing.anonymity import judging
from jalostamo.managing.sensitive.preparing.anonymity.held import Held
from jalostamo.managing.sensitive.preparing.anonymity.judging import CLOSE, Verdicts
from jalostamo.managing.sensitive.preparing.anonymity.limits import Limits
from jalostamo.managing.sensitive.preparing.anonymity.merging import units_met
from jalostamo.managing.sensitive.preparing.anonymity.problem import (
    Asked,
    Closeness,
    Codes,
    Diversity,
    Histogram,
    Integers,
    Reals,
    SensitiveColumn,
)
from jalostamo.managing.sensitive.preparing.anonymity.views import Entries, View

Judge = Callable[[Entries, Verdicts], None]

_MORE_THAN_ROWS = 2**40


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class Models:
    """Everything asked of a class.

    `least_rows` is what a released class has at least. `for_good` tells that a class which fails always fails within
    each finer node, so that suppression can only grow towards the finer.
    """

    k: int
    units: int
    diverse: tuple[tuple[int, Judge], ...]
    close: tuple[tuple[int, Judge], ...]
    least_rows: int
    for_good: bool
    limits: Limits = Limits()
    held: Held | None = None

    def verdicts(self, view: View) -> Verdicts:
        """0, 1 or 2 for each class of a view."""
        units = [units_met(u.single, u.start, u.place, u.times) for u in view.units]
        found = self.of_counts(view, view.rows, units)
        self.of_values(view.sensitive, found)
        return found

    def of_counts(self, view: View, rows: Integers, units: list[Integers]) -> Verdicts:
        """The verdicts on the numbers left of a view's rows, or of its units of each kind, and of the population."""
        found = np.zeros(len(rows), np.uint8)
        numbers = units if self.units else [rows]
        for number in numbers:
            judging.judge_number(number, float(self.k), found)
        if self.limits.least_units > self.k:
            judging.judge_number(numbers[0], float(self.limits.least_units), found)
        if self.held is not None:
            held = self.held.in_classes(view)
            judging.judge_number(held, float(self.limits.least_held), found)
            if self.limits.most_presence is not None:
                judging.judge_present(numbers[0], held, self.limits.most_presence, found)
        return found

    def of_values(self, entries: tuple[Entries, ...], found: Verdicts) -> None:
        """Add the verdicts on the sensitive values."""
        for column, judge in (*self.diverse, *self.close):
            judge(entries[column], found)


def models_of(asked: Asked, histogram: Histogram, held: Held | None = None) -> Models:
    """The models of a recipe, ready to judge; `held` where one of them counts the population."""
    columns = list(enumerate(asked.sensitive))
    total = int(histogram.rows.sum())
    diverse = tuple((i, judge) for i, c in columns if c.diversity for judge in _diverse(c.diversity))
    close = tuple((i, _close(c, c.closeness, total)) for i, c in columns if c.closeness)
    least = [ceil(c.diversity.l * (1 - CLOSE)) for c in asked.sensitive if c.diversity]
    for_good = not close and all(c.diversity.kind == "distinct" for c in asked.sensitive if c.diversity)
    for_good = for_good and asked.limits.most_presence is None
    k = asked.k or 1
    least_rows = max([k, asked.limits.least_units, *least])
    return Models(k, len(histogram.units), diverse, close, least_rows, for_good, asked.limits, held)


def _diverse(asked: Diversity) -> list[Judge]:
    least = ceil(asked.l * (1 - CLOSE))
    judges: list[Judge] = [lambda e, found: judging.judge_distinct(e.start, float(least), found)]
    if asked.kind == "entropy":
        judges.append(lambda e, found: judging.judge_entropy(e.start, e.rows, log(asked.l), found))
    elif asked.kind == "recursive":
        fraction = _in_words(Fraction(str(asked.c)))
        judges.append(lambda e, found: judging.judge_recursive(e.start, e.rows, int(asked.l), *fraction, found))
    return judges


def _in_words(c: Fraction) -> tuple[int, int]:
    """A fraction of numbers that 64 bits hold: itself, or where it has more digits than rows have, the nearest."""
    # More than all rows is as good as any more.
    least = min(c, Fraction(_MORE_THAN_ROWS))
    near = least.limit_denominator(2**62 // max(1, ceil(least)))
    return near.numerator, near.denominator


def _close(column: SensitiveColumn, asked: Closeness, total: int) -> Judge:
    whole, most = column.totals / total, float(asked.t)
    if asked.kind == "ordered":
        return _ordered(asked, whole)
    if asked.kind == "hierarchical":
        tree, paths = _tree(asked, len(whole))
        return lambda e, found: judging.judge_hierarchical(e.start, e.value, e.rows, whole, tree, paths, most, found)
    return lambda e, found: judging.judge_equal(e.start, e.value, e.rows, whole, most, found)


def _ordered(asked: Closeness, of_value: Reals) -> Judge:
    ranks = np.ascontiguousarray(asked.ranks, np.int64)[: len(of_value)]
    last = int(ranks.max(initial=0))
    whole = np.bincount(ranks, weights=of_value, minlength=last + 1)
    span, most = max(1, last if asked.span is None else asked.span), float(asked.t)
    return lambda e, found: judging.judge_ordered(e.start, e.value, e.rows, ranks, whole, span, most, found)


def _tree(asked: Closeness, values: int) -> tuple[Codes, Codes]:
    """The parent of each code of the level below, and the code of each value, at every level up to one common root."""
    levels = [np.unique(codes[:values], return_inverse=True)[1].astype(np.int32) for codes in asked.tree or ()]
    if not levels or levels[-1].max(initial=0) > 0:
        levels.append(np.zeros(values, np.int32))
    paths = np.stack([np.arange(values, dtype=np.int32), *levels[1:]])
    parents = np.full(paths.shape, -1, np.int32)
    for level in range(1, len(paths)):
        parents[level, paths[level - 1]] = paths[level]
    return parents, paths
