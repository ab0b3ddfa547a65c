"""A twin as cells are counted from: its persons, events and steps by unit, in the form of what the closed room counts.

Its record keys are made of its pseudonyms, which are nobody's: the same twin prints the same cells.

Handbook 2.6, phase 5.
"""

from __future__ import annotations

import datetime
import hashlib
from collections.abc import Mapping
from typing import TYPE_CHECKING, cast

import ibis.expr.types as ir
import pyarrow as pa

from jalostamo.concepts.customers import KEY_SPACE, CustomerKind
from jalostamo.concepts.errors import Unfit
from jalostamo.managing.path_steps import SERVICE, steps_of, timed
from jalostamo.managing.twins.outlines import EVENTS, PERSONS

if TYPE_CHECKING:
    from jalostamo.engine.connection import Engine
    from jalostamo.managing.nonsensitive.releases import Release


def countable_twin(engine: Engine, twin: Release, *, unit: CustomerKind) -> Mapping[str, ir.Table]:
    """The tables of a twin that cells are counted from, by name, each record with its `unit` and its `person`."""
    persons = twin.table(engine, PERSONS)
    if unit is CustomerKind.HOUSEHOLD and "household" not in persons.columns:
        raise Unfit("The twin has no households, which the cells are to be counted of.", reason="field_unknown")
    named = persons.household if unit is CustomerKind.HOUSEHOLD else persons.person
    described = engine.keep(persons.mutate(unit=named).drop(*{"household"} & set(persons.columns)))
    found = {PERSONS: described, "keys": _keys(engine, described)}
    if EVENTS in twin.tables:
        events = twin.table(engine, EVENTS)
        found[EVENTS] = engine.keep(events.inner_join(described.select("unit", "person"), "person"))
        if SERVICE in events.columns:
            when, calendar = _told(twin)
            last_day = datetime.date.fromisoformat(str(twin.manifest.content["to"]))
            began = timed(found[EVENTS], described, when=when, calendar=calendar, last_day=last_day)
            found["steps"] = engine.keep(steps_of(began))
    return found


def _keys(engine: Engine, persons: ir.Table) -> ir.Table:
    units = sorted(engine.arrow(persons.select("unit").distinct())["unit"].to_pylist())
    numbers = [int.from_bytes(hashlib.sha256(unit.encode()).digest()[:8]) % KEY_SPACE for unit in units]
    return engine.in_memory(
        pa.table({"unit": pa.array(units, pa.string()), "record_key": pa.array(numbers, pa.int64())})
    )


def _told(twin: Release) -> tuple[str | None, str | None]:
    """The field that tells when events began, and by which calendar, as the twin's dictionary has them."""
    fields = cast("list[Mapping[str, str]]", twin.tables[EVENTS]["fields"])
    for field in fields:
        if field["made_by"] in {"year", "quarter", "month", "day"}:
            return field["name"], field["made_by"]
    return None, None
