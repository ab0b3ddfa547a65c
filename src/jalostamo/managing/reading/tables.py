"""Reading a source by its declared schema: every record is loaded or rejected with its reason, and the two add up.

A neutral reader: it knows tables and fields, not persons. What it reads stays in the engine.

Handbook 2.2 (retrieving the data) and 2.6, phase 4.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final, cast

import ibis
import ibis.expr.datatypes as dt
import ibis.expr.types as ir

from jalostamo.concepts.code_lists import CodeList
from jalostamo.concepts.errors import Misused, Unfit
from jalostamo.concepts.registers import Field, FieldType, RegisterTable
from jalostamo.engine.connection import Engine
from jalostamo.engine.intake import (
    RECORD,
    TextRecords,
)
from jalostamo.engine.moments import moment_in, pattern_of
from jalostamo.engine.primitives import local_moment, moment_by_form
from jalostamo.managing.reading.formats import text_of

FAULT: Final = "fault_"
LINES_SHOWN: Final = 3

_ISO_DATE: Final = r"^\d{4}-\d{2}-\d{2}$"
_LOCAL_MOMENT: Final = r"^\d{4}-\d{2}-\d{2}([T ]\d{2}:\d{2}(:\d{2}(\.\d{1,9})?)?)?$"
_INTEGER: Final = r"^[+-]?\d{1,18}$"
WAYS: Final = {
    "missing": "is empty, but the field is required",
    "not_integer": "is not a whole number",
    "not_decimal": "is not a number of at most 14 digits and 4 decimals, written as declared",
    "not_boolean": "is neither of the two words declared",
    "not_date": "is not a date in the declared format",
    "not_datetime": "is not a time in the declared format",
    "unknown_code": "is not in the field's code list",
    "duplicate_key": "repeats the key of an earlier record",
    "too_few_columns": "has too few columns",
    "too_many_columns": "has too many columns",
    "unclosed_quote": "has a quote that is not closed, or text after it",
    "record_too_long": "is longer than a record can be",
    "record_form": "has not the form of a record",
}


@dataclass(frozen=True, slots=True)
class Rejection:
    """Records rejected for one reason in one field: how many, and the lines of the first few.

    Lines are those on which the records begin, the header being line 1; in Parquet they are rows.
    """

    reason: str
    field: str | None
    records: int
    first_lines: tuple[int, ...]

    def sentence(self, table: RegisterTable) -> str:
        """The rejection in words, with file, lines, column and count; never with what was recorded."""
        lines = ", ".join(str(line) for line in self.first_lines) + (
            " ..." if self.records > len(self.first_lines) else ""
        )
        unit = "row" if table.writing.format == "parquet" else "line"
        where = f"{table.file}, {unit}{'s' if self.records > 1 else ''} {lines}"
        what = f"column '{table.field_named(self.field).column}'" if self.field else "the record"
        return f"{where}: {what} {WAYS[self.reason]} ({self.records} record{'s' if self.records != 1 else ''})."


@dataclass(frozen=True, slots=True)
class Reading:
    """What reading one table gave: the typed records, and what became of every other one.

    `records` was counted by another reader than the one that loaded them.
    """

    table: ir.Table
    declared: RegisterTable
    records: int
    loaded: int
    rejections: tuple[Rejection, ...]

    def __post_init__(self) -> None:
        rejected = sum(rejection.records for rejection in self.rejections)
        if self.loaded + rejected != self.records:
            raise Unfit(
                f"{self.declared.file}: {self.records} records were counted, but {self.loaded} loaded and {rejected} rejected; "
                "its quotes or line ends are not as declared.",
                reason="count",
            )


def read_table(engine: Engine, declared: RegisterTable, folder: Path, *, code_lists: Mapping[str, CodeList]) -> Reading:
    """Read one declared table from its file in `folder`; columns are named by field name, and undeclared ones left out.

    Identifiers and texts stay as recorded; an empty field is missing. Rejected records are counted, not returned.
    """
    _check_formats(declared)
    text = text_of(engine, declared, folder)
    parsed = _parsed(text.table, declared, code_lists)
    judged = engine.keep(_with_repeated_keys(parsed, declared))
    names = [field.name for field in declared.fields]
    loaded = judged.filter(judged[FAULT].isnull())
    rejections = (*_form_rejections(text), *_field_rejections(engine, judged, text))
    counted = cast("int", engine.only_row(loaded.agg(n=loaded.count()))["n"])
    return Reading(loaded.select(RECORD, *names), declared, text.records, counted, rejections)


def refuse_rejected(reading: Reading, *, at_most: float) -> None:
    """Refuse a table of which a larger share was rejected than its request allows (0 allows none)."""
    rejected = reading.records - reading.loaded
    if reading.records == 0:
        raise Unfit(
            f"{reading.declared.file} has a header and no record: ask its owner for the delivery.",
            reason="file_without_records",
        )
    # A share of 0.29 allows 29 of 100: the product of the two would be a little less.
    if rejected / reading.records > at_most:
        sentences = " ".join(rejection.sentence(reading.declared) for rejection in reading.rejections)
        raise Unfit(
            f"{sentences} {rejected} of {reading.records} records were rejected, more than the share {at_most:g} that the request "
            "allows: correct the file, or its description.",
            reason=reading.rejections[0].reason,
        )


def _parsed(text: ir.Table, declared: RegisterTable, code_lists: Mapping[str, CodeList]) -> ir.Table:
    values: dict[str, ir.Value] = {}
    faults: list[tuple[ir.BooleanValue, str]] = []
    for field in declared.fields:
        recorded = cast("ir.StringValue", text[field.column])
        value, fault = _value_of(field, recorded, declared, code_lists)
        values[field.name] = value
        if field.required:
            faults.append((recorded.isnull(), f"missing:{field.name}"))
        if fault:
            faults.append((recorded.notnull() & value.isnull(), f"{fault}:{field.name}"))
    fault_found = ibis.cases(*faults) if faults else ibis.null(dt.string)
    return text.select(text[RECORD], **values, **{FAULT: fault_found})


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
            return _where(recorded.isin(allowed), recorded), "unknown_code"
    # Texts, personal identity codes and business ids stay as they were recorded.
    return recorded, None


def _check_formats(declared: RegisterTable) -> None:
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


def _with_repeated_keys(parsed: ir.Table, declared: RegisterTable) -> ir.Table:
    if not declared.key:
        return parsed
    sound = parsed[FAULT].isnull()
    place = ibis.row_number().over(group_by=[sound, *(parsed[name] for name in declared.key)], order_by=parsed[RECORD])
    repeated = sound & (place > 0)
    return parsed.mutate(**{FAULT: repeated.ifelse(f"duplicate_key:{declared.key[0]}", parsed[FAULT])})


def _form_rejections(text: TextRecords) -> tuple[Rejection, ...]:
    return tuple(Rejection(turned.reason, None, turned.records, turned.first_lines) for turned in text.turned_away)


def _field_rejections(engine: Engine, judged: ir.Table, text: TextRecords) -> tuple[Rejection, ...]:
    faulty = judged.filter(judged[FAULT].notnull())
    place = ibis.row_number().over(group_by=faulty[FAULT], order_by=faulty[RECORD])
    first = (
        faulty.mutate(place_=place)
        .group_by(FAULT)
        .agg(n=lambda t: t.count(), lines=lambda t: t[RECORD].collect(where=t.place_ < LINES_SHOWN))
    )
    found = []
    for row in engine.rows(first.order_by(FAULT)):
        reason, _, name = cast("str", row[FAULT]).partition(":")
        lines = text.lines_of(sorted(cast("list[int]", row["lines"])))
        found.append(Rejection(reason, name, cast("int", row["n"]), lines))
    return tuple(found)
