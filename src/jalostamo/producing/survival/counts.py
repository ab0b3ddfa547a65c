"""How many were followed until each time and how that ended, by group: all that curves, tests and models are made of.

The engine counts the distinct times, statuses and groups; nothing here grows with the rows.

Handbook 2.3 (methods of analysis).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np

from jalostamo.concepts.errors import Broken, Unfit
from jalostamo.producing.case_groups import by_group_name, marked

if TYPE_CHECKING:
    import ibis.expr.types as ir
    import pyarrow as pa
    from numpy.typing import NDArray

    from jalostamo.engine.connection import Engine

CENSORED: Final = 0
"""The status of those who were followed no further before anything happened."""
MOST_GROUPS: Final = 200
MOST_POINTS: Final = 5_000_000
"""Times of all groups and kinds of event together, at most: a result of more is rows again."""

type Counts = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Followed:
    """Those followed, of one group or of all: the distinct times ascending, and by time and kind how many ended so.

    The first column of `ended` counts the censored, the others the kinds of event in their order.
    """

    times: NDArray[np.float64]
    ended: Counts

    @property
    def at_risk(self) -> Counts:
        """How many were still followed just before each time."""
        return np.cumsum(self.ended.sum(axis=1)[::-1])[::-1]


@dataclass(frozen=True, slots=True)
class Compared:
    """Groups side by side at the times at which anything happened: at risk, with one kind of event, with another."""

    at_risk: Counts
    events: Counts
    others: Counts


@dataclass(frozen=True, slots=True)
class EventCounts:
    """The counts of a table: how often each time (by its place in `times`), kind (in `kinds`; 0 censored) and group occur."""

    times: NDArray[np.float64]
    kinds: tuple[int, ...]
    groups: tuple[str, ...]
    time: Counts
    kind: Counts
    group: Counts
    n: Counts

    def followed(self, group: str | None = None) -> Followed:
        """Those of one group, or all."""
        chosen = np.ones(len(self.n), dtype=bool) if group is None else self.group == self.groups.index(group)
        places, at = np.unique(self.time[chosen], return_inverse=True)
        ended = np.zeros((len(places), 1 + len(self.kinds)), dtype=np.int64)
        np.add.at(ended, (at, self.kind[chosen]), self.n[chosen])
        return Followed(self.times[places], ended)

    def compared(self, kind: int) -> Compared:
        """All groups at the times of any event, one kind told apart."""
        place = 1 + self.kinds.index(kind)
        left = self._by_group(np.ones(len(self.n), dtype=bool))
        events, others = self._by_group(self.kind == place), self._by_group((self.kind != place) & (self.kind != 0))
        happened = (events + others).sum(axis=1) > 0
        at_risk = np.cumsum(left[::-1], axis=0)[::-1]
        return Compared(at_risk[happened], events[happened], others[happened])

    def _by_group(self, chosen: NDArray[np.bool_]) -> Counts:
        table = np.zeros((len(self.times), len(self.groups)), dtype=np.int64)
        np.add.at(table, (self.time[chosen], self.group[chosen]), self.n[chosen])
        return table


def event_counts(engine: Engine, rows: ir.Table, *, grouped: bool = False, weight: str | None = None) -> EventCounts:
    """Count rows of time, status and, where `grouped`, group; `weight` names a column of how many rows each row is.

    A missing group has a place of its own, named as that of `paths`.
    """
    found = _counted(engine, rows, grouped, weight)
    times, time = np.unique(found["time"].to_numpy().astype(np.float64), return_inverse=True)
    statuses, status = np.unique(found["status"].to_numpy(), return_inverse=True)
    kinds = tuple(int(each) for each in statuses if each != CENSORED)
    kind = np.array([0 if each == CENSORED else 1 + kinds.index(int(each)) for each in statuses], dtype=np.int64)
    groups, group = _groups(found["group"].to_pylist()) if grouped else ((), np.zeros(len(time), dtype=np.int64))
    if len(groups) > MOST_GROUPS or len(times) * max(1, len(groups)) * (1 + len(kinds)) > MOST_POINTS:
        raise _too_many()
    return EventCounts(times, kinds, groups, time, kind[status], group, found["n"].to_numpy().astype(np.int64))


def _counted(engine: Engine, rows: ir.Table, grouped: bool, weight: str | None) -> pa.Table:
    number = rows.count() if weight is None else rows[weight].sum()
    groups = {"group": marked(rows.group)} if grouped else {}
    try:
        return engine.arrow(rows.group_by(time=rows.time, status=rows.status, **groups).agg(n=number.cast("int64")))
    except Broken as broken:
        if broken.reason != "rows_in_python":
            raise
        raise _too_many() from None


def _groups(marks: list[str]) -> tuple[tuple[str, ...], Counts]:
    """The groups in their order, the missing one last, and the place of each mark among them."""
    named = by_group_name(dict(zip(marks, marks, strict=True)))
    places = {mark: place for place, mark in enumerate(named.values())}
    return tuple(named), np.array([places[mark] for mark in marks], dtype=np.int64)


def _too_many() -> Unfit:
    return Unfit(
        "The table has too many different times, statuses or groups to be counted: give times in whole days or months, a "
        "status of few kinds, and a group that many rows share.",
        reason="too_many_values",
    )
