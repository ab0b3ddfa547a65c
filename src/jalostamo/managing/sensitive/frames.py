"""The time frame at reading: what happened outside it is not taken into an extract.

A spell that began earlier and was still open on the frame's first day is: it is the state in which the frame opens.

Handbook 2.2 (time frame of the material) and 2.6, phase 4.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import ibis
import ibis.expr.types as ir

from jalostamo.concepts.errors import Unfit
from jalostamo.concepts.registers import FieldType

if TYPE_CHECKING:
    from jalostamo.concepts.registers import RegisterTable
    from jalostamo.managing.requests import Request, Source

OPENING: Final = "opening_"


def day_of(request: Request, source: Source, table: RegisterTable) -> str | None:
    """The field that tells when a source's records happened: the description's, or the recipe's first of a calendar.

    None for sources whose records are no events: the register that tells who exists, and what as-of joins read.
    """
    if request.linking and request.called(source, request.linking.joins) is None:
        return None
    if table.occurred:
        return table.occurred
    timed = [wanted.fields[0] for wanted in request.preparation.events if wanted.calendar]
    return timed[0] if timed and timed[0] in source.names else None


def end_of(request: Request, source: Source, table: RegisterTable) -> str | None:
    """The field that tells when a source's spells ended, where the request says that they last."""
    linking = request.linking
    named = request.called(source, linking.spells) if linking else None
    if linking is None or named is None:
        return None
    end = table.field_named(linking.spells[named])
    start = day_of(request, source, table)
    if end.type not in {FieldType.DATE, FieldType.DATETIME} or start is None or start == end.name:
        raise Unfit(
            f"[linking] 'spells' names '{end.name}' of '{source.register}': a spell has a day on which it ended, and its "
            "source, one of 'joins', another on which it began.",
            reason="linking_spells",
        )
    return end.name


def within_frame(table: ir.Table, request: Request, *, day: str, end: str | None) -> ir.Table:
    """The records that happened in the time frame, and the spells with which it opens."""
    inside = table[day].cast("date").between(request.first_day, request.last_day)
    return table.filter(inside | is_opening(table, request, day=day, end=end))


def is_opening(table: ir.Table, request: Request, *, day: str, end: str | None) -> ir.BooleanValue:
    """Whether a record is a spell that began before the frame's first day, and was open on it; its last day counts."""
    if end is None:
        return ibis.literal(False)
    began = table[day].cast("date") < request.first_day
    lasted = table[end].isnull() | (table[end].cast("date") >= request.first_day)
    return (began & lasted).fill_null(False)
