"""The search: the generalisation that costs least of all that meet the models, proved by bounds and by what excludes what.

Of the open nodes the one with the least bound is taken; from it a path goes up, as far as a node could still be better
than the best one found. Its last node tells most: where too much would be suppressed there, all finer ones are closed.
Handbook 2.6, phase 5.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from time import perf_counter

import numpy as np

from jalostamo.concepts.errors import Objection, Refused, Unfit
from jalostamo.managing.sensitive.preparing.anonymity.held import Held
from jalostamo.managing.sensitive.preparing.anonymity.lattice import Lattice, Layout, Levels, laid_out
from jalostamo.managing.sensitive.preparing.anonymity.looking import Looker
from jalostamo.managing.sensitive.preparing.anonymity.marks import UNMARKED, marks_of
from jalostamo.managing.sensitive.preparing.anonymity.metrics import Measure, measure_of, per_cell
from jalostamo.managing.sensitive.preparing.anonymity.models import models_of
from jalostamo.managing.sensitive.preparing.anonymity.outliers import outliers_of
from jalostamo.managing.sensitive.preparing.anonymity.overall import overall_of
from jalostamo.managing.sensitive.preparing.anonymity.pricing import greedy_path
from jalostamo.managing.sensitive.preparing.anonymity.problem import Asked, Attribute, Histogram, Reals, Solution
from jalostamo.managing.sensitive.preparing.anonymity.views import Views, finest_view
from jalostamo.managing.sensitive.preparing.anonymity.whole import ties_of

Watch = Callable[[int, float, float], None]

# Values no farther apart than this are equal: the lower sum of levels is better, then the first in order.
EQUAL = 1e-9
_ROUNDED = 1e-12
# What views may take, beside the finest one.
VIEWS_BYTES = 256 * 2**20


def search(
    histogram: Histogram,
    attributes: tuple[Attribute, ...],
    asked: Asked,
    *,
    watch: Watch | None = None,
    room: int = VIEWS_BYTES,
    among: Sequence[Levels] | None = None,
) -> Solution:
    """Find the best generalisation, or within the time limit the best so far with its proved gap.

    `watch` is told the nodes looked at, the best value and the least open bound; `room` is the bytes that views may
    take. With `among` the best of those alone is sought, and proved to be. Refused when no generalisation holds; until one
    is found that does, no time limit ends the search.
    """
    if not histogram.rows.sum():
        raise Unfit("The table has no rows: there is nothing to anonymise.", reason="no_rows")
    started = perf_counter()
    layout = laid_out(attributes)
    looker = looker_of(histogram, layout, asked, room)
    measure = measure_of(asked, histogram, attributes, layout, looker.models.least_rows)
    lattice = Lattice(tuple(len(a.to_level) for a in attributes))
    exclude = looker.models.for_good or asked.suppressed_rows == 0
    course = _Course(lattice, looker, measure, _open(measure.bounds(), lattice, among), exclude)
    course.run(None if asked.time_limit is None else started + asked.time_limit, watch)
    if course.best is None:
        nodes = lattice.size if among is None else len(among)
        raise Refused([Objection(_no_node(asked, nodes), "2.6, phase 5")], reason="infeasible")
    loss = measure if asked.metric == "loss" else per_cell("loss", histogram, attributes, layout)
    found = _solution(course, loss)
    return found if among is None else replace(found, nodes_total=len(among))


def _open(bounds: Reals, lattice: Lattice, among: Sequence[Levels] | None) -> Reals:
    """The bounds, where only some nodes may be chosen infinite at all others: those are closed."""
    if among is None:
        return bounds
    numbers = [lattice.number(levels) for levels in among]
    closed = np.full(len(bounds), np.inf)
    closed[numbers] = bounds[numbers]
    return closed


def looker_of(histogram: Histogram, layout: Layout, asked: Asked, room: int) -> Looker:
    """What looks at one node after the other; `room` is the bytes that views may take."""
    ties, limit = ties_of(histogram), asked.suppressed_rows
    people = histogram.population if asked.limits.counts_population else None
    held = None if people is None else Held(people, layout, room)
    models = models_of(asked, histogram, held)
    overall = overall_of(asked.limits, histogram, held, limit)
    marks = marks_of(asked, histogram) if ties is None else UNMARKED
    finest = finest_view(histogram, layout, np.zeros(0, np.int64) if ties is None else ties.place, marks)
    views = Views(layout, finest, room, limit, models.least_rows, marks)
    outliers = outliers_of(asked, int(histogram.rows.sum()), models.least_rows)
    return Looker(histogram, views, models, outliers, ties, limit, overall)


@dataclass(frozen=True, slots=True)
class _Candidate:
    value: float
    levels: Levels

    @property
    def order(self) -> tuple[int, Levels]:
        return sum(self.levels), self.levels


@dataclass(slots=True, eq=False, repr=False)
class _Course:
    """The state of a search: the least that each open node can cost (infinite where closed), and the best found."""

    lattice: Lattice
    looker: Looker
    measure: Measure
    score: Reals
    exclude: bool
    best: _Candidate | None = None
    near: list[_Candidate] = field(default_factory=list)

    def run(self, until: float | None, watch: Watch | None) -> None:
        path = np.empty(sum(self.lattice.shape), np.int64)
        shape = np.array(self.lattice.shape, np.int64)
        while not self._late(until):
            node = int(self.score.argmin())
            if not self.score[node] < self._mark():
                break
            length = greedy_path(self.score, shape, node, self._mark(), path)
            self._along(path[:length].tolist(), until)
            if watch is not None:
                watch(self.looker.looks, self._mark(), float(self.score.min()))
        self._settle_ties(until)

    def lower_bound(self) -> float:
        """What no node can go below."""
        return min(self._mark(), float(self.score.min()))

    def _mark(self) -> float:
        return float("inf") if self.best is None else self.best.value

    def _late(self, until: float | None) -> bool:
        return until is not None and self.best is not None and perf_counter() >= until

    def _along(self, path: list[int], until: float | None) -> None:
        """Look at the last node of a path, then halve the rest around the border of what can hold."""
        low, high = 0, len(path)
        middle = high - 1
        if self.best is None:
            middle = high // 2
        while low < high and not self._late(until):
            if self.score[path[middle]] < self._mark() and not self._look(path[middle]):
                low = middle + 1
            else:
                high = middle
            middle = (low + high) // 2

    def _look(self, number: int) -> bool:
        """Look at a node, close what it settles, and tell whether a finer one can hold."""
        levels = self.lattice.levels(number)
        node = self.looker.look(levels)
        if node is None or (self.exclude and node.suppressed > self.looker.limit):
            self.lattice.below(self.score, levels)[...] = np.inf
            return False
        self.score[number] = np.inf
        if node.suppressed <= self.looker.limit and node.holds:
            self._consider(_Candidate(self.measure.value(node), levels))
        self.measure.sharpen(self.score, self.lattice, node)
        return True

    def _consider(self, found: _Candidate) -> None:
        least = min([found.value, *(c.value for c in self.near)])
        self.near = [c for c in (*self.near, found) if c.value <= least + EQUAL]
        self.best = min(self.near, key=lambda c: c.order)

    def _settle_ties(self, until: float | None) -> None:
        """Look at the open nodes that could equal the best one and come before it."""
        while self.best is not None and not self._late(until):
            least = min(c.value for c in self.near)
            # A bound may be rounded up, by a part of itself.
            close = np.flatnonzero(self.score <= least + EQUAL + abs(least) * _ROUNDED)
            equal = [self.lattice.levels(int(n)) for n in close]
            before = [levels for levels in equal if (sum(levels), levels) < self.best.order]
            if not before:
                return
            levels = min(before, key=lambda one: (sum(one), one))
            self._look(self.lattice.number(levels))


def _solution(course: _Course, loss: Measure) -> Solution:
    best, looker = course.best, course.looker
    assert best is not None
    looks, bound = looker.looks, course.lower_bound()
    node = looker.look(best.levels)
    assert node is not None
    released = looker.released(best.levels)
    return Solution(
        levels=best.levels,
        value=best.value,
        loss=loss.value(node),
        lower_bound=bound,
        proved=not bound < best.value - EQUAL,
        nodes_total=course.lattice.size,
        nodes_evaluated=looks,
        kept=released.kept,
        kept_rows=released.kept_rows,
        dropped_units=released.dropped_units,
        classes=released.classes,
        smallest_class=released.smallest_class,
    )


def _no_node(asked: Asked, nodes: int) -> str:
    return (
        f"None of the {nodes} generalisations meets the models with at most {asked.suppressed_rows} rows suppressed: "
        "allow more suppression, ask less of the models, or give the quasi-identifiers coarser levels."
        + asked.limits.way_on
    )
