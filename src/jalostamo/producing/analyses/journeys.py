"""Journeys: the events of an analysis in each case's order, each with what follows it, and the cases that could have had any.

Whatever a log comes from (a release, a file of one's own, the closed room), a method sees these two tables alone.

Handbook 2.2 (modelling and analysing data) and 3.2.4 (customer paths).
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Final

import ibis
import ibis.expr.types as ir

from jalostamo.producing.prepared_log import Tie
from jalostamo.producing.standardisation import GROUP, UNIT

if TYPE_CHECKING:
    from jalostamo.engine.connection import Engine

CASE: Final = "case"
SERVICE: Final = "service"
AT: Final = "at"
UNTIL: Final = "until"
ROW: Final = "row"
PLACE: Final = "place"
FOLLOWING: Final = "following"
GAP: Final = "gap"
SINCE: Final = "since"
LEFT: Final = "left"
BIRTH_YEAR: Final = "birth_year"

EVENT_COLUMNS: Final = (CASE, ROW, SERVICE, AT, UNTIL)
CASE_COLUMNS: Final = (CASE, UNIT, GROUP, BIRTH_YEAR, SINCE, LEFT)


class Grain(StrEnum):
    """A grain is how finely a log tells time: ticks are months, days, working days, or microseconds from the year 1970."""

    MONTH = "month"
    DAY = "day"
    WORKING_DAY = "working day"
    MICROSECOND = "microsecond"

    @property
    def unit(self) -> str:
        """The unit in which results tell durations."""
        return "seconds" if self is Grain.MICROSECOND else f"{self.value}s"

    @property
    def ticks_per_unit(self) -> int:
        """How many ticks make one unit of results."""
        return 1_000_000 if self is Grain.MICROSECOND else 1

    @property
    def per_year(self) -> float:
        """How many ticks a year has, on average."""
        per = {Grain.MONTH: 12.0, Grain.DAY: 365.2425, Grain.WORKING_DAY: 251.0, Grain.MICROSECOND: 365.2425 * 86_400e6}
        return per[self]


@dataclass(frozen=True, slots=True)
class Journeys:
    """Journeys are the events and the cases that an analysis looks at.

    `events`: case, row (distinct within a case), service, at and until in ticks (until may be missing). `cases`: case,
    unit (whom intervals are counted on), group (missing where it is none of those compared), birth_year, since and left in
    ticks, within `window` (missing birth years are unknown; without register of residence since and left are the window's).
    `window` is the first tick and the tick after the last.
    """

    events: ir.Table
    cases: ir.Table
    grain: Grain
    tie: Tie
    window: tuple[int, int]

    def narrowed(self, *, events: ir.Table | None = None, cases: ir.Table | None = None) -> Journeys:
        """The same journeys with fewer events, or of fewer cases; events of cases that are left out go with them."""
        kept_cases = self.cases if cases is None else cases
        kept = self.events if events is None else events
        if cases is not None:
            kept = kept.semi_join(kept_cases, CASE)
        return Journeys(kept, kept_cases, self.grain, self.tie, self.window)

    def kept(self, engine: Engine) -> Journeys:
        """The same journeys with both tables computed once."""
        return Journeys(engine.keep(self.events), engine.keep(self.cases), self.grain, self.tie, self.window)

    @property
    def placed(self) -> ir.Table:
        """The events with their place in their case (from 0), the service that follows, and the ticks until then."""
        events = self.events
        by_name = [events[SERVICE]] if self.tie is Tie.ACTIVITY else []
        window = ibis.window(group_by=events[CASE], order_by=[events[AT], *by_name, events[ROW]])
        return events.mutate(
            **{
                PLACE: ibis.row_number().over(window).cast("int64"),
                FOLLOWING: events[SERVICE].lead().over(window),
                GAP: events[AT].lead().over(window) - events[AT],
            }
        )
