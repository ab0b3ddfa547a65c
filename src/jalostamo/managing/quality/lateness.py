"""How late records come: months of event by months until recorded, and how complete the latest months are by that.

Factors of development and their errors are those of the chain ladder (Mack 1993, ASTIN Bulletin 23, 213-225).

Handbook 2.2 (deficiencies found in the data).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, cast

import ibis
import ibis.expr.types as ir
import numpy as np

from jalostamo.concepts.registers import RegisterTable
from jalostamo.engine.connection import Engine
from jalostamo.managing.quality.cells import month_named, month_of
from jalostamo.managing.quality.series import Numbers, shifts_in_share

DELAYS: Final = 13
"""Delays are told by month up to a year; what comes later stands with the last."""

BACK_DATED_DAYS: Final = 30
COMPLETE: Final = 0.98
FEWEST: Final = 50
_WINDOW: Final = 36


@dataclass(frozen=True, slots=True)
class Lateness:
    """Lateness is the triangle of one table: rows are months of event, columns months until recorded.

    `counts` are new records by delay; months not yet lived are nan. `completeness` is the share known after each delay,
    `error` the standard error of each month's final number, as a share of it.
    """

    first_month: int
    counts: Numbers
    completeness: Numbers
    error: Numbers
    back_dated: float
    records: int
    before_event: int
    shift: int | None

    @property
    def months(self) -> int:
        """How many months of event there are."""
        return len(self.counts)

    @property
    def complete(self) -> int:
        """How many months, from the first, are complete: all but the latest ones that still fill up."""
        known = self.known
        unfinished = [place for place in range(self.months) if known[place] < COMPLETE]
        return min(unfinished, default=self.months)

    @property
    def known(self) -> Numbers:
        """The share of its final number that each month has by now."""
        lived = (~np.isnan(self.counts)).sum(axis=1)
        share: Numbers = self.completeness[np.maximum(lived - 1, 0)]
        return share

    def month_at(self, place: int) -> str:
        """A month of the triangle as written."""
        return month_named(self.first_month + place)


def lateness_of(engine: Engine, table: ir.Table, declared: RegisterTable) -> Lateness | None:
    """The lateness of a table whose description tells when things happened and when they were recorded."""
    if not declared.occurred or not declared.recorded or declared.occurred == declared.recorded:
        return None
    occurred, recorded = table[declared.occurred], table[declared.recorded]
    days = cast("ir.DateColumn", recorded.cast("date")).delta(occurred.cast("date"), unit="day")
    both = table.filter(occurred.notnull() & recorded.notnull())
    keys = {"event": month_of(occurred), "told": month_of(recorded)}
    late = (days > BACK_DATED_DAYS).sum().fill_null(ibis.literal(0))
    rows = engine.rows(both.group_by(**keys).agg(n=both.count(), late=late))
    found = [
        (cast("int", r["event"]), cast("int", r["told"]), cast("int", r["n"]), cast("int", r["late"])) for r in rows
    ]
    return _lateness(found) if found else None


def _lateness(found: list[tuple[int, int, int, int]]) -> Lateness:
    first, last, until = _span(found)
    counts = np.zeros((last - first + 1, DELAYS))
    before = 0
    for event, told, n, _ in found:
        before += n if told < event else 0
        if first <= event <= last and told <= until:
            counts[event - first, min(max(told - event, 0), DELAYS - 1)] += n
    for place in range(len(counts)):
        counts[place, until - (first + place) + 1 :] = np.nan
    records = sum(n for _, _, n, _ in found)
    completeness, error = _developed(counts)
    late = sum(late for *_, late in found)
    return Lateness(first, counts, completeness, error, late / records, records, before, _shift_in(counts))


def _span(found: list[tuple[int, int, int, int]]) -> tuple[int, int, int]:
    """First and last month of event and last month of recording, stray ones at the ends left out."""

    def usual(place: int) -> list[int]:
        sums: dict[int, int] = {}
        for row in found:
            sums[row[place]] = sums.get(row[place], 0) + row[2]
        # A latest month may hold few, since most of it is yet to come: the limit is low.
        limit = 0.005 * float(np.median([*sums.values()]))
        return sorted(month for month, n in sums.items() if n >= limit)

    events, told = usual(0), usual(1)
    return events[0], min(events[-1], told[-1]), told[-1]


def _developed(counts: Numbers) -> tuple[Numbers, Numbers]:
    """The share known after each delay, and each month's standard error by Mack's formula, over the latest three years."""
    recent = np.cumsum(counts[-_WINDOW:], axis=1)
    factors, spreads, bases = np.ones(DELAYS - 1), np.zeros(DELAYS - 1), np.ones(DELAYS - 1)
    for delay in range(DELAYS - 1):
        pairs = recent[~np.isnan(recent[:, delay + 1])][:, delay : delay + 2]
        pairs = pairs[pairs[:, 0] > 0]
        if len(pairs):
            bases[delay] = pairs[:, 0].sum()
            factors[delay] = pairs[:, 1].sum() / bases[delay]
            apart = pairs[:, 0] * (pairs[:, 1] / pairs[:, 0] - factors[delay]) ** 2
            spreads[delay] = apart.sum() / (len(pairs) - 1) if len(pairs) > 1 else factors[delay]
    rest = np.append(np.cumprod(factors[::-1])[::-1], 1.0)
    errors = [_error(row, factors, spreads, bases) for row in np.cumsum(counts, axis=1)]
    return 1 / rest, np.array(errors)


def _error(row: Numbers, factors: Numbers, spreads: Numbers, bases: Numbers) -> float:
    lived = int((~np.isnan(row)).sum())
    level = float(row[lived - 1]) if lived else 0.0
    total = 0.0
    for delay in range(max(lived - 1, 0), len(factors)):
        if level > 0:
            total += spreads[delay] / factors[delay] ** 2 * (1 / level + 1 / bases[delay])
        level *= factors[delay]
    return float(np.sqrt(total))


def _shift_in(counts: Numbers) -> int | None:
    """The month from which another share of the records came within the month of the event or the next, if there is one."""
    lived = counts[~np.isnan(counts[:, DELAYS - 1])] if len(counts) else counts
    if not len(lived):
        return None
    shifts = shifts_in_share(lived[:, :2].sum(axis=1), lived.sum(axis=1))
    return shifts[0].at if shifts and shifts[0].p < 0.001 else None


def prompt_share(lateness: Lateness, first: int, last: int) -> float:
    """The share of some months' records that came within the month of the event or the next."""
    part = lateness.counts[first:last]
    return float(np.nansum(part[:, :2]) / max(float(np.nansum(part)), 1.0))
