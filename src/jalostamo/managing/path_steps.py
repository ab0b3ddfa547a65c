"""The steps of persons' paths: from a service to the next one, counted alike on what is prepared and on a synthetic twin.

Handbook 2.6, phase 5.
"""

from __future__ import annotations

import datetime
from typing import Final

import ibis
import ibis.expr.types as ir

from jalostamo.managing.dictionary import ORDER

SERVICE: Final = "service"
"""The field of an event whose changes, in a person's order, are the steps of her path."""

_BY_MONTH: Final = frozenset({"month", "day"})


def timed(
    events: ir.Table, persons: ir.Table, *, when: str | None, calendar: str | None, last_day: datetime.date
) -> ir.Table:
    """The events with the months, counted from the year nought, in which each began and in which the person was last seen.

    `when` is the field that tells when events began, and `calendar` how finely; both months are missing where that is by the
    year or the quarter alone. `last_day` is the time frame's.
    """
    if when is None or calendar not in _BY_MONTH:
        return events.mutate(began_=ibis.null("int64"), seen_=ibis.null("int64"))
    last = ibis.literal(last_day)
    gone = persons.resident_to if "resident_to" in persons.columns else ibis.null("date")
    seen = persons.select("person", seen_=_month(ibis.least(ibis.coalesce(gone, last), last)))
    return events.mutate(began_=_month(events[when])).left_join(seen, "person").drop("person_right")


def _month(day: ir.DateValue) -> ir.IntegerValue:
    return (day.year() * 12 + day.month()).cast("int64")


def steps_of(events: ir.Table) -> ir.Table:
    """Each step of each person: its number from 1, whence and whither; "" where the path begins, and where it ends."""
    told = events.filter(events[SERVICE].notnull())
    window = ibis.window(group_by=told.person, order_by=told[ORDER.name])
    number = ibis.row_number().over(window).cast("int64") + 1
    target = told[SERVICE].lead().over(window)
    until = target.isnull().ifelse(told.seen_, told.began_.lead().over(window))
    # What is recorded after a person left took no time that was seen.
    months = ibis.greatest(until - told.began_, ibis.literal(0, "int64"))
    is_timed = until.notnull() & told.began_.notnull()
    again = ibis.row_number().over(ibis.window(group_by=[told.person, told[SERVICE]], order_by=told[ORDER.name]))
    onward = told.select(
        "unit",
        "person",
        step=number,
        source=told[SERVICE],
        target=target.fill_null(""),
        first=again == 0,
        months=is_timed.ifelse(months, ibis.null("int64")),
    )
    first = onward.filter(onward.step == 1)
    entered = first.select(
        "unit",
        "person",
        step=ibis.literal(1, "int64"),
        source=ibis.literal(""),
        target=first.source,
        first=ibis.literal(True),
        months=ibis.null("int64"),
    )
    return onward.union(entered)
