"""The prepared event log: cases and activities as numbers, every event with what follows it, sorted and written once.

Every map of it is then a count over numbers. Unlike `producing.event_log`, it is a log by itself, with exact times.

Handbook 2.2 (modelling and analysing data).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Final, cast

import ibis
import ibis.expr.types as ir
import pyarrow as pa

if TYPE_CHECKING:
    from jalostamo.engine.connection import Engine

ATTRIBUTE: Final = "at_"
"""Before the name of an attribute of the event, as it was at its time."""

AGAIN: Final = "again"
"""The column of a written log that tells whether the same step was taken before in the case."""

_MOST_SMALL: Final = 2**15


class Tie(StrEnum):
    """A tie rule says which of two events at the same time comes first: the one recorded first, or by name."""

    ROW = "row"
    ACTIVITY = "activity"


@dataclass(frozen=True, slots=True)
class PreparedLog:
    """A log as the methods read it.

    `events`: case (dense, from 0, by first row), activity (a place in `names`, which are sorted), time and end
    (microseconds; end may be missing), row, day where dates were read, attributes of the event (`ATTRIBUTE` before names);
    position in the case (from 0), following (the next activity of the case, or null) and gap (microseconds until it).
    Where the log was written, also again: whether the same step was taken before in the case. `unordered` are the same
    events without their position and what follows, for methods that ask for neither: ordering is half of preparing.
    """

    events: ir.Table
    unordered: ir.Table
    names: tuple[str, ...]
    tie: Tie

    @property
    def is_written(self) -> bool:
        """Whether it was written: reading its columns again takes less than keeping them."""
        return AGAIN in self.events.columns

    @property
    def attributes(self) -> tuple[str, ...]:
        """The attributes of events, by name."""
        return tuple(name.removeprefix(ATTRIBUTE) for name in self.events.columns if name.startswith(ATTRIBUTE))


def prepare(engine: Engine, events: ir.Table, *, tie: Tie = Tie.ROW, attributes: Sequence[str] = ()) -> PreparedLog:
    """Prepare events: case, activity, time (microseconds), row (distinct), attributes and, if known, end and day.

    Nothing but end and attributes may be missing. Lazy but for the numbers of cases and the names of activities.
    """
    names = sorted(cast("str", row["activity"]) for row in engine.rows(events.select("activity").distinct()))
    number = "int16" if len(names) < _MOST_SMALL else "int32"
    codes = engine.in_memory(
        pa.table({"activity": pa.array(names, pa.string()), "code": pa.array(range(len(names)), pa.int32())})
    )
    first_rows = events.group_by("case").agg(row=events.row.min())
    numbered = first_rows.select("case", number=ibis.row_number().over(order_by=first_rows.row).cast("int32"))
    known = events.inner_join(engine.keep(numbered), "case").inner_join(codes, "activity")
    days = {"day": known.day} if "day" in events.columns else {}
    coded = known.select(
        case=known.number,
        activity=known.code.cast(number),
        time=known.time,
        end=known.end if "end" in events.columns else ibis.null("int64"),
        row=known.row,
        **days,
        **{f"{ATTRIBUTE}{name}": known[name] for name in attributes},
    )
    return PreparedLog(_followed(coded, tie), coded, tuple(names), tie)


def _followed(coded: ir.Table, tie: Tie) -> ir.Table:
    # Numbers of activities stand in the order of their names.
    by_name = [coded.activity] if tie is Tie.ACTIVITY else []
    window = ibis.window(group_by=coded.case, order_by=[coded.time, *by_name, coded.row])
    return coded.mutate(
        position=ibis.row_number().over(window).cast("int32"),
        following=coded.activity.lead().over(window),
        gap=coded.time.lead().over(window) - coded.time,
    )
