"""Making fields coarse: each wanted field of a release from the fields that it is made of, at its level or by its calendar.

Handbook 2.6 (anonymising the data) and phase 5.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Final

import ibis.expr.types as ir

from jalostamo.concepts.errors import Unfit
from jalostamo.managing.hierarchies import read_hierarchy
from jalostamo.managing.sensitive.preparing.hierarchies import by_calendar, combined, generalised

if TYPE_CHECKING:
    from jalostamo.engine.connection import Engine
    from jalostamo.managing.requests import Generalisation

UNKNOWN: Final = "unknown"


def coarse(
    engine: Engine, table: ir.Table, wanted: Sequence[Generalisation], *, kept: Sequence[str], folder: Path
) -> ir.Table:
    """The table with the wanted fields at their levels, and the columns `kept` as they are; `folder` holds the hierarchies."""
    return engine.keep(coarsened(engine, table, wanted, kept=kept, folder=folder))


def coarsened(
    engine: Engine, table: ir.Table, wanted: Sequence[Generalisation], *, kept: Sequence[str], folder: Path
) -> ir.Table:
    """The same, not worked out yet."""
    made = table
    for field in wanted:
        made = _made(engine, made, field, folder=folder)
    return made.select(*kept, **{field.name: made[f"{field.name}_made_"] for field in wanted})


def _made(engine: Engine, table: ir.Table, wanted: Generalisation, *, folder: Path) -> ir.Table:
    check_given(table, wanted)
    copies = tuple(f"{wanted.name}_{number}_" for number in range(len(wanted.fields)))
    table = table.mutate(**{copy: table[field] for copy, field in zip(copies, wanted.fields, strict=True)})
    if wanted.hierarchy is not None:
        hierarchy = read_hierarchy(folder / wanted.hierarchy)
        for copy, field in zip(copies, wanted.fields, strict=True):
            table = generalised(engine, table, copy, hierarchy=hierarchy, level=wanted.level, recorded_in=field)
    name = f"{wanted.name}_made_"
    table = combined(table, copies, name) if len(copies) > 1 else table.mutate(**{name: table[copies[0]]})
    if wanted.calendar is not None:
        return table.mutate(**{name: by_calendar(table[name], wanted.calendar)})
    if wanted.is_quasi_identifier and table[name].type().is_string():
        return table.mutate(**{name: table[name].fill_null(UNKNOWN)})
    return table


def check_given(table: ir.Table, wanted: Generalisation) -> None:
    """Refuse a field that its sources do not give, or that cannot be made as it is wanted."""
    missing = [field for field in wanted.fields if field not in table.columns]
    if missing:
        raise Unfit(
            f"[preparation] asks for field '{missing[0]}' of '{wanted.name}', which its sources and lookups do not give.",
            reason="field_unknown",
        )
    types = [table[field].type() for field in wanted.fields]
    # To make a date of a text could fail, in words that quote the text.
    if wanted.calendar and (wanted.hierarchy or len(types) > 1 or not types[0].is_temporal()):
        raise Unfit(
            f"[preparation]: '{wanted.name}' has a calendar, but is not one date alone.", reason="field_no_date"
        )
    if len(types) > 1 and not (wanted.hierarchy or all(found.is_string() for found in types)):
        raise Unfit(
            f"[preparation]: '{wanted.name}' is made of several fields; those are texts, or have a hierarchy.",
            reason="fields_combined",
        )
