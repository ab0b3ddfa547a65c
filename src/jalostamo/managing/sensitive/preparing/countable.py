"""Countable data: linked persons and their events as cells are counted from them, each unit to protect with its record key.

The lane of cells: fields are as coarse as the recipe says, nobody is left out for being rare, and no row leaves.

Handbook 2.6, phase 5.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Final

import ibis
import ibis.expr.types as ir
import pyarrow as pa

from jalostamo.concepts.customers import CustomerKind
from jalostamo.concepts.errors import Unfit
from jalostamo.managing.dictionary import RESIDENCE, declared_in
from jalostamo.managing.path_steps import SERVICE as SERVICE
from jalostamo.managing.path_steps import steps_of, timed
from jalostamo.managing.sensitive.linking import CODE, CUSTOMER, HOUSEHOLD, Linked
from jalostamo.managing.sensitive.preparing.coarsening import coarse
from jalostamo.managing.sensitive.preparing.customers import asked_customers
from jalostamo.managing.sensitive.preparing.events import events_of
from jalostamo.managing.sensitive.preparing.objections import refuse_contradictions, refuse_unreleasable

if TYPE_CHECKING:
    from jalostamo.engine.connection import Engine
    from jalostamo.managing.requests import Request
    from jalostamo.managing.sensitive.preparing.record_keys import RecordKeys
    from jalostamo.managing.sensitive.retrieval import Extract

PERSONS: Final = "persons"
EVENTS: Final = "events"
STEPS: Final = "steps"
KEYS: Final = "keys"


def countable(
    engine: Engine,
    request: Request,
    linked: Linked,
    extracts: Sequence[Extract],
    *,
    keys: RecordKeys,
    unit: CustomerKind,
) -> Mapping[str, ir.Table]:
    """The tables of a request that cells are counted from, by name; each record has its `unit` and its `person`.

    persons: one row each, with the fields of the recipe. events: in each person's order. steps: the number,
    source and target of each step from a person's service to the next one, with "" as the target of the last; and one more
    row, of number 1 and source "", for the first; `first` marks the person's first step from each source. Where events are
    told by the month or the day, `months` says how long a step took; the last one, until the person left or the time frame
    ended. keys: (unit, record_key), one row per unit.
    """
    if linked.codes is None:
        raise Unfit(
            "Cells are counted of persons: the request needs a section [linking], which tells who they are.",
            reason="request_incomplete",
        )
    refuse_contradictions(request)
    linking = request.linking
    declared = declared_in(extracts, (*linking.lookups, *linking.as_of) if linking else (), linked.mapped)
    refuse_unreleasable(request, declared)
    customers = asked_customers(linked.customers, request.customers, request) if request.customers else linked.customers
    kept = [name for name in (CUSTOMER, HOUSEHOLD, *(f.name for f in RESIDENCE)) if name in customers.columns]
    made = coarse(engine, customers, request.preparation.generalisations, kept=kept, folder=request.folder)
    units = _units(engine, made, linked.codes, unit=unit)
    theirs = units.select(CUSTOMER, "unit", person=units[CUSTOMER])
    found = {PERSONS: made.inner_join(theirs, CUSTOMER).drop(*{CUSTOMER, HOUSEHOLD} & set(made.columns))}
    found[KEYS] = _keyed(engine, units, keys=keys, unit=unit)
    if linked.events:
        events = events_of(engine, request, linked, theirs)
        found[EVENTS] = engine.keep(events.inner_join(theirs.select("unit", "person"), "person"))
        if SERVICE in events.columns:
            when = next((field for field in request.preparation.events if field.calendar is not None), None)
            name, calendar = (when.name, when.calendar) if when else (None, None)
            told = timed(found[EVENTS], found[PERSONS], when=name, calendar=calendar, last_day=request.last_day)
            found[STEPS] = engine.keep(steps_of(told))
    return found


def _units(engine: Engine, customers: ir.Table, codes: ir.Table, *, unit: CustomerKind) -> ir.Table:
    """Who belongs to which unit to protect, and the identifier of that unit, by which it is known at every refresh."""
    theirs = codes.semi_join(customers, CUSTOMER)
    if unit is not CustomerKind.HOUSEHOLD:
        return engine.keep(theirs.select(CUSTOMER, unit=theirs[CUSTOMER], known_as_=theirs[CODE]))
    if HOUSEHOLD not in customers.columns:
        raise Unfit("The request links no households, which the cells are to be counted of.", reason="field_unknown")
    joined = theirs.inner_join(customers.select(CUSTOMER, HOUSEHOLD), CUSTOMER)
    # Someone without a household is one of her own.
    alone = ibis.literal("person ").concat(joined[CODE])
    known_as = joined[HOUSEHOLD].cast("string").fill_null(alone)
    return engine.keep(joined.select(CUSTOMER, unit=known_as, known_as_=known_as))


def _keyed(engine: Engine, units: ir.Table, *, keys: RecordKeys, unit: CustomerKind) -> ir.Table:
    known_as = units.select("known_as_").distinct().to_pyarrow()["known_as_"].to_pylist()
    numbers = pa.array(keys.keys(known_as, kind=unit.value), pa.int64())
    listed = pa.table({"known_as_": pa.array(known_as, pa.string()), "record_key": numbers})
    joined = units.select("unit", "known_as_").distinct().inner_join(engine.in_memory(listed), "known_as_")
    return engine.keep(joined.select("unit", "record_key"))
