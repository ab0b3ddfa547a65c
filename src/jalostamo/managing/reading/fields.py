"""What a recorded text stands for by the type that its field declares, and what is wrong with it where it stands for nothing.

Handbook 2.2 (retrieving the data) and 2.6, phase 4.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final, cast

import ibis
import ibis.expr.datatypes as dt
import ibis.expr.types as ir

from jalostamo.concepts.code_lists import CodeList
from jalostamo.concepts.errors import Misused, Unfit
from jalostamo.concepts.registers import Field, FieldType, RegisterTable
from jalostamo.engine.intake import RECORD
from jalostamo.engine.moments import moment_in, pattern_of
from jalostamo.engine.primitives import local_moment, moment_by_form

FAULT: Final = "fault_"
"""The column that tells the first fault of a record, as "reason:field"; null where it has none."""

_ISO_DATE: Final = r"^\d{4}-\d{2}-\d{2}$"
_LOCAL_MOMENT: Final = r"^\d{4}-\d{2}-\d{2}([T ]\d{2}:\d{2}(:\d{2}(\.\d{1,9})?)?)?$"
_INTEGER: Final = r"^[+-]?\d{1,18}$"


def judged(text: ir.Table, declared: RegisterTable, code_lists: Mapping[str, CodeList]) -> ir.Table:
    """The records with their values in the fields' names, and the first fault of each in the column `FAULT`."""
    recorded = {f"recorded_{number}": text[field.column] for number, field in enumerate(declared.fields)}
    values: dict[str, ir.Value] = {}
    reasons: dict[str, str | None] = {}
    for field in declared.fields:
        written = cast("ir.StringValue", text[field.column])
        values[field.name], reasons[field.name] = _value_of(field, written, declared, code_lists)
    numbers = [RECORD] if RECORD in text.columns else []
    # In two steps, so that a value is worked out once, and not again where it is asked whether there is one.
    typed = text.select(*numbers, **values, **recorded)
    faults: list[tuple[ir.BooleanValue, str]] = []
    for number, field in enumerate(declared.fields):
        is_empty = typed[f"recorded_{number}"].isnull()
        faults += [(is_empty, f"missing:{field.name}")] if field.required else []
        if reasons[field.name]:
            faults.append((~is_empty & typed[field.name].isnull(), f"{reasons[field.name]}:{field.name}"))
    fault = ibis.cases(*faults) if faults else ibis.null(dt.string)
    return typed.select(*numbers, *values, **{FAULT: fault})


def _value_of(
    field: Field, recorded: ir.StringValue, declared: RegisterTable, code_lists: Mapping[str, CodeList]
) -> tuple[ir.Value, str | None]:
    """The value that a recorded text stands for, null where it stands for none, and the name of that fault."""
    writing = declared.writing
    match field.type:
        case FieldType.INTEGER:
            return _where(recorded.re_search(_INTEGER), recorded.try_cast("int64")), "not_integer"
        case FieldType.DECIMAL:
            mark = "." if writing.format == "parquet" else writing.decimal_mark
            form = rf"^[+-]?\d{{1,14}}([{mark}]\d{{1,4}})?$"
            return _where(
                recorded.re_search(form), recorded.replace(mark, ".").try_cast("decimal(18, 4)")
            ), "not_decimal"
        case FieldType.BOOLEAN:
            true, false = (field.format or "true;false").split(";")
            return ibis.cases(
                (recorded == true, ibis.literal(True)), (recorded == false, ibis.literal(False))
            ), "not_boolean"
        case FieldType.DATE:
            return _date(field, recorded), "not_date"
        case FieldType.DATETIME:
            return _moment(field, recorded, writing.timezone), "not_datetime"
        case FieldType.CODE:
            allowed = code_lists[cast("str", field.code_list)].allowed
            # Looked for in a list: what is joined with one is no longer written in the order in which it is read.
            return _where(ibis.literal(list(allowed), "array<string>").contains(recorded), recorded), "unknown_code"
    # Texts, personal identity codes and business ids stay as they were recorded.
    return recorded, None


def check_formats(declared: RegisterTable) -> None:
    for field in declared.fields:
        if field.format is not None and field.type is not FieldType.BOOLEAN:
            try:
                pattern_of(field.format)
            except Misused as misused:
                raise Unfit(f"Field '{field.name}': {misused.sentence}", reason="field_format") from None


def _date(field: Field, recorded: ir.StringValue) -> ir.Value:
    if field.format is None:
        # The year 0 is a day to the engine, and an error to whoever reads it from there.
        is_written = recorded.re_search(_ISO_DATE) & (recorded >= "0001")
        return _where(is_written, recorded.try_cast("date"))
    return moment_by_form(recorded, field.format).cast("date")


def _moment(field: Field, recorded: ir.StringValue, timezone: str) -> ir.Value:
    """A time with an offset is what it says; one without is local in the time zone that the table declares."""
    if field.format is None:
        local = _where(recorded.re_search(_LOCAL_MOMENT), recorded.try_cast("timestamp"))
        return ibis.coalesce(
            local_moment(local, timezone), _where(~recorded.re_search(_LOCAL_MOMENT), moment_in(recorded, None))
        )
    if "%z" in field.format:
        return moment_in(recorded, field.format)
    return local_moment(moment_by_form(recorded, field.format), timezone)


def _where(condition: ir.Value, value: ir.Value) -> ir.Value:
    return cast("ir.BooleanValue", condition).ifelse(value, ibis.null(value.type()))
