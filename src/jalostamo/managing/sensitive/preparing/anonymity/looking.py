"""Looking at one node: rolled up, judged, suppressed; and the whole answer for the node that is chosen at last.

Handbook 2.6, phase 5.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np

from jalostamo.managing.sensitive.preparing.anonymity.lattice import Levels
from jalostamo.managing.sensitive.preparing.anonymity.merging import units_met
from jalostamo.managing.sensitive.preparing.anonymity.metrics import Looked
from jalostamo.managing.sensitive.preparing.anonymity.models import Models
from jalostamo.managing.sensitive.preparing.anonymity.outliers import Outliers
from jalostamo.managing.sensitive.preparing.anonymity.overall import Overall
from jalostamo.managing.sensitive.preparing.anonymity.pricing import tallied
from jalostamo.managing.sensitive.preparing.anonymity.problem import Flags, Histogram, Integers, Ties
from jalostamo.managing.sensitive.preparing.anonymity.views import View, Views
from jalostamo.managing.sensitive.preparing.anonymity.whole import Settled, settled

_NOBODY = np.zeros(0, np.int64)


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class Released:
    """What a node releases of each combination, which units leave whole, and its classes."""

    kept: Flags
    kept_rows: Integers
    dropped_units: Integers
    classes: int
    smallest_class: int


@dataclass(slots=True, eq=False, repr=False)
class Looker:
    """Looks at nodes; `looks` counts them."""

    histogram: Histogram
    views: Views
    models: Models
    outliers: Outliers
    ties: Ties | None
    limit: int
    overall: Overall | None = None
    looks: int = 0

    def look(self, levels: Levels) -> Looked | None:
        """A node with what it suppresses, or None when it and all that are finer suppress more than the limit."""
        self.looks += 1
        view = self.views.at(levels)
        return None if view is None else self._judged(view)

    def released(self, levels: Levels) -> Released:
        """What a feasible node releases."""
        view, groups = self.views.from_finest(levels)
        verdicts = self.models.verdicts(view)
        if self.ties is None:
            kept = verdicts[groups] == 0
            return self._released(view, np.where(verdicts, view.rows, 0), kept, self.histogram.rows * kept, _NOBODY)
        settling = settled(view, self.models, self.ties, for_good=False)
        kept = ~settling.dead[groups]
        rows = self.histogram.rows * kept - self._dropped_rows(settling) * kept
        return self._released(view, settling.gone, kept & (rows > 0), rows, np.flatnonzero(settling.dropped))

    def _released(self, view: View, gone: Integers, kept: Flags, rows: Integers, dropped: Integers) -> Released:
        left = view.rows - gone
        left = left[left > 0]
        return Released(kept, rows, dropped, len(left), int(left.min()) if len(left) else 0)

    def _dropped_rows(self, settling: Settled) -> Integers:
        assert self.ties is not None
        last = self.ties.unit[-1]
        out = last >= 0
        out[out] = settling.dropped[last[out]]
        gone = np.zeros(len(self.histogram.rows), np.int64)
        np.add.at(gone, self.ties.place[out], self.ties.rows[out])
        return gone

    def _judged(self, view: View) -> Looked | None:
        verdicts = self.models.verdicts(view)
        failing, for_good = tallied(view.rows, verdicts)
        if for_good > self.limit:
            return None
        if self.ties is None or not failing:
            gone = np.where(verdicts, view.rows, 0)
            lasting = gone if failing == for_good else self.outliers.lost(view, verdicts)
            if lasting.sum() > self.limit:
                return None
            looked = Looked(view, verdicts, gone, failing, lasting, int(lasting.sum()))
            return self._as_a_whole(looked, lambda: np.where(verdicts, 0, _people(view)))
        settling = settled(view, self.models, self.ties, for_good=True)
        lasting = settling.gone
        if lasting.sum() > self.limit:
            return None
        settling = settling if self.models.for_good else settled(view, self.models, self.ties, for_good=False)
        looked = Looked(view, verdicts, settling.gone, int(settling.gone.sum()), lasting, int(lasting.sum()))
        return self._as_a_whole(looked, lambda: settling.people)

    def _as_a_whole(self, looked: Looked, people: Callable[[], Integers]) -> Looked | None:
        """What the models of the whole release say of a node, and of the finer ones."""
        if self.overall is None:
            return looked
        if self.overall.never(looked.view, looked.gone_for_good):
            return None
        if looked.suppressed > self.limit:
            return looked
        return replace(looked, holds=self.overall.holds(looked.view, people()))


def _people(view: View) -> Integers:
    """How many units of the first kind each class has, or rows where each is one."""
    if not view.units:
        return view.rows
    first = view.units[0]
    return units_met(first.single, first.start, first.place, first.times)
