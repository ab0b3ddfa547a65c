"""Events of a release: those of the time frame, and the spells with which it opens, in each person's order.

Handbook 2.2 (time frame of the material) and 2.6, phase 5.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Final

import ibis
import ibis.expr.datatypes as dt
import ibis.expr.types as ir

from jalostamo.concepts.errors import Unfit
from jalostamo.engine.intake import RECORD
from jalostamo.managing.dictionary import OPENED, ORDER
from jalostamo.managing.sensitive.frames import OPENING
from jalostamo.managing.sensitive.linking import CUSTOMER, Linked
from jalostamo.managing.sensitive.preparing.coarsening import check_given, coarsened

if TYPE_CHECKING:
    from jalostamo.engine.connection import Engine
    from jalostamo.managing.requests import Request

_SOURCE: Final = "source_"
PLACE: Final = "place_"
_BEGAN: Final = "began_"


def events_of(engine: Engine, request: Request, linked: Linked, named: ir.Table) -> ir.Table:
    """The events of the released persons `named`, as coarse as the recipe says; not kept, since they are written once.

    In the order of PLACE and ORDER they stand as in that of all their content.
    """
    wanted = request.preparation.events
    timed = [field for field in wanted if field.calendar is not None]
    if not timed:
        raise Unfit(
            "[preparation] needs an [[preparation.event_field]] with a calendar: when the event happened.",
            reason="request_incomplete",
        )
    events = _as_one(linked.events, sorted({name for field in wanted for name in field.fields}))
    for field in timed:
        check_given(events, field)
    framed = _within_frame(events, [field.fields[0] for field in timed], request)
    # Numbers stand in the order of pseudonyms: to put events in order by them costs a third of it. Pseudonyms themselves
    # come last, since what is put in order is carried along: with them, and long numbers, it costs two fifths more.
    number = ibis.row_number().over(order_by=named.person).cast("int32")
    persons = engine.keep(named.select(CUSTOMER, "person", **{PLACE: number}))
    theirs = framed.inner_join(persons.drop("person"), CUSTOMER).drop(CUSTOMER)
    # Dates are released by the month: what came first within it is told by the order alone. So it is of spells with
    # which the time frame opens: they stand first, and the day when they began is not told.
    by = [theirs[_BEGAN], theirs[_SOURCE], theirs[RECORD]]
    place = ibis.row_number().over(group_by=theirs[PLACE], order_by=by)
    placed = theirs.mutate(**{ORDER.name: place + 1, OPENED.name: theirs[OPENING]})
    made = coarsened(engine, placed, wanted, kept=(PLACE, ORDER.name, OPENED.name), folder=request.folder)
    return engine.typed(made.inner_join(persons.drop(CUSTOMER), PLACE))


def _as_one(tables: Mapping[str, ir.Table], names: Sequence[str]) -> ir.Table:
    """The events of every source as one table; a field that a source has not is missing there."""
    types = {name: found for name in names if (found := _type_of(name, tables))}
    parts = []
    for number, table in enumerate(tables.values()):
        opening = table[OPENING] if OPENING in table.columns else ibis.literal(False)
        given = {n: table[n].cast(found) if n in table.columns else ibis.null(found) for n, found in types.items()}
        parts.append(
            table.select(CUSTOMER, RECORD, **{_SOURCE: ibis.literal(number, "int16"), OPENING: opening}, **given)
        )
    return ibis.union(*parts) if len(parts) > 1 else parts[0]


def _type_of(name: str, tables: Mapping[str, ir.Table]) -> dt.DataType | None:
    """The one type of a field in all its sources: of days where some tell the time as well; None where none has it."""
    found = {table[name].type() for table in tables.values() if name in table.columns}
    if len(found) > 1 and not all(each.is_date() or each.is_timestamp() for each in found):
        raise Unfit(f"[preparation]: '{name}' is of different types in its sources.", reason="fields_combined")
    return dt.date if len(found) > 1 else next(iter(found), None)


def _within_frame(events: ir.Table, days: Sequence[str], request: Request) -> ir.Table:
    """The events that happened in the time frame, by the first of their days, and its opening spells.

    Other days outside it are missing; when an event really began stays for its order alone.
    """
    inside = {day: events[day].cast("date").between(request.first_day, request.last_day) for day in days}
    kept = {day: inside[day].ifelse(events[day], ibis.null(events[day].type())) for day in days}
    marked = events.mutate(**{_BEGAN: events[days[0]]}, **kept)
    return marked.filter(marked[days[0]].notnull() | marked[OPENING])
