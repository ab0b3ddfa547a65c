"""Journeys in working days: their time goes on from Monday to Friday alone, and stands still on the holidays of Finland.

Whatever a method or a filter tells of durations is then in working days.

Handbook 2.2 (modelling and analysing data).
"""

from __future__ import annotations

import datetime
from collections.abc import Iterator
from typing import TYPE_CHECKING, Final
from zoneinfo import ZoneInfo

import ibis
import ibis.expr.types as ir
import pyarrow as pa

from jalostamo.concepts.errors import Unfit
from jalostamo.producing.analyses.journeys import AT, CASE, LEFT, ROW, SINCE, UNTIL, Grain, Journeys
from jalostamo.producing.analyses.public_holidays import working_days_before

if TYPE_CHECKING:
    from jalostamo.engine.connection import Engine

_EPOCH: Final = datetime.date(1970, 1, 1)
_DAY: Final = datetime.timedelta(days=1)
_HOUR: Final = 3_600_000_000


def in_working_days(engine: Engine, journeys: Journeys) -> Journeys:
    """The same journeys told by working days; what happens on a holiday is of the next working day, in its order."""
    if journeys.grain is Grain.MONTH:
        raise Unfit(
            "Working days cannot be told where events are told by months: leave 'days' out.", reason="grain_too_coarse"
        )
    made = _calendar(journeys, engine.timezone)
    calendar = engine.in_memory(made)
    events, cases = journeys.events, journeys.cases
    # Of two events of one working day the one that was earlier stays so.
    order = ibis.row_number().over(group_by=events[CASE], order_by=[events[AT], events[ROW]]).cast("int64")
    told = _worked(events.mutate(**{ROW: order}), (AT, UNTIL), calendar, journeys)
    lived = _worked(cases, (SINCE, LEFT), calendar, journeys)
    begin, end = (made["worked_"][place].as_py() for place in (0, -2))
    # The last moment is of its working day too.
    window = (begin, end + 1)
    return Journeys(engine.keep(told), engine.keep(lived), Grain.WORKING_DAY, journeys.tie, window)


def _step(journeys: Journeys) -> int:
    return _HOUR if journeys.grain is Grain.MICROSECOND else 1


def _ends(journeys: Journeys) -> tuple[int, int]:
    """The first and the last place of the window in the calendar."""
    first, last = journeys.window
    return first // _step(journeys), (last - 1) // _step(journeys)


def _calendar(journeys: Journeys, timezone: str) -> pa.Table:
    """The working days before each day, or before each hour of a log, from the first to after the last."""
    first, last = _ends(journeys)
    ticks = range(first, last + 2)
    worked = _of_days(ticks) if journeys.grain is Grain.DAY else _of_hours(ticks, ZoneInfo(timezone))
    return pa.table({"tick_": pa.array(ticks, pa.int64()), "worked_": pa.array(list(worked), pa.int64())})


def _of_days(days: range) -> Iterator[int]:
    return (working_days_before(_EPOCH + day * _DAY) for day in days)


def _of_hours(hours: range, zone: ZoneInfo) -> Iterator[int]:
    return (working_days_before(datetime.datetime.fromtimestamp(hour * 3600, zone).date()) for hour in hours)


def _worked(table: ir.Table, names: tuple[str, ...], calendar: ir.Table, journeys: Journeys) -> ir.Table:
    """The table with times as working days; what is beyond the window is cut at it."""
    first, last = _ends(journeys)
    for name in names:
        tick = ((table[name] - table[name] % _step(journeys)) / _step(journeys)).cast("int64")
        cut = ibis.greatest(ibis.least(tick, last + 1), first)
        known = table.mutate(tick_=table[name].notnull().ifelse(cut, ibis.null("int64")))
        joined = known.left_join(calendar, "tick_")
        table = joined.mutate(**{name: joined.worked_}).select(table.columns)
    return table
