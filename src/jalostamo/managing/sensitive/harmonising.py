"""Harmonising: fields of several sources brought to one code list by an explicit mapping, which names every code or stops.

Handbook 2.2 (master data).
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Final

import ibis.expr.types as ir
import pyarrow as pa

from jalostamo.concepts.errors import Unfit
from jalostamo.concepts.registers import FieldType
from jalostamo.managing.mapped import Mapped as Mapped
from jalostamo.managing.mapped import mapped_in as mapped_in

if TYPE_CHECKING:
    from jalostamo.concepts.registers import Field
    from jalostamo.engine.connection import Engine
    from jalostamo.managing.requests import Request
    from jalostamo.managing.sensitive.retrieval import Extract

_NAMED_AT_MOST: Final = 10


def harmonised(
    engine: Engine, table: ir.Table, extract: Extract, *, request: Request, mapped: Sequence[Mapped]
) -> ir.Table:
    """The table with every harmonised field that is made of one of its fields; a code without a place stops the release."""
    for wanted, found in zip(request.harmonised, mapped, strict=True):
        source = request.called(extract.source, wanted.fields)
        if source is not None:
            field = extract.declared.field_named(wanted.fields[source])
            table = _with(engine, table, field, whole=extract.table(engine), mapped=found, source=source)
    return table


def _with(engine: Engine, table: ir.Table, field: Field, *, whole: ir.Table, mapped: Mapped, source: str) -> ir.Table:
    codes = mapped.by_source[source]
    columns = {"recorded_": list(codes), "harmonised_": list(codes.values())}
    known = engine.in_memory(pa.table({name: pa.array(words, pa.string()) for name, words in columns.items()}))
    joined = table.left_join(known, table[field.name].cast("string") == known["recorded_"])
    # A source has few codes and many records: where each of its codes has a place, so has every one of its records.
    recorded = whole.select(recorded_=whole[field.name].cast("string")).distinct()
    strange = recorded.filter(recorded["recorded_"].notnull()).anti_join(known, "recorded_")
    if engine.only_row(strange.agg(n=strange.count()))["n"]:
        _refuse_unmapped(engine, joined, field, mapped=mapped, source=source)
    return joined.mutate(**{mapped.name: joined["harmonised_"]}).drop("recorded_", "harmonised_")


def _refuse_unmapped(engine: Engine, joined: ir.Table, field: Field, *, mapped: Mapped, source: str) -> None:
    """A code of a code list may be named, since it is vocabulary; any other value is only counted."""
    left = joined.filter(joined[field.name].notnull() & joined["recorded_"].isnull())
    counted = engine.only_row(left.agg(records=left.count(), codes=left[field.name].nunique()))
    if not counted["records"]:
        return
    named = ""
    if field.type is FieldType.CODE:
        rows = engine.rows(left.select(code=left[field.name]).distinct().order_by("code").limit(_NAMED_AT_MOST))
        named = f" ({', '.join(str(row['code']) for row in rows)})"
    raise Unfit(
        f"{mapped.file} has no place for {counted['codes']} distinct values of field '{field.name}' of '{source}'{named}, "
        f"in {counted['records']} records: map them.",
        reason="unmapped_code",
    )
