"""Lines of fixed width into the engine: each field stands at its own characters of a line, and blanks fill it up.

Old systems write so, and have no header that could tell when a field has moved: a line is as long as declared, or turned
away. Nothing is repaired: a line without its last blanks cannot be told from one that was cut off.

Handbook 2.2 (retrieving the data) and 2.6, phase 4.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import pyarrow as pa

from jalostamo.concepts.registers import Field, FieldType, RegisterTable
from jalostamo.engine.gathering import Gathering, column_sql
from jalostamo.engine.intake import RECORD, TextRecords
from jalostamo.engine.transcoding import in_utf8
from jalostamo.engine.whole_lines import count_lines, lines_in

if TYPE_CHECKING:
    from pathlib import Path

    from jalostamo.engine.connection import Engine

_NUMBERS: Final = frozenset({FieldType.INTEGER, FieldType.DECIMAL})
_CONTROL: Final = r"[\x00-\x1f\x7f]"


def read_fixed_width(engine: Engine, path: Path, declared: RegisterTable) -> TextRecords:
    """Read the declared fields of lines of fixed width; widths are characters of the declared encoding, not bytes.

    Blanks at the end are padding, in numbers also those in front. An empty line is no record.
    """
    gathering = Gathering(engine, declared)
    # In a table that is asked in part, the lines are still as long as the whole of it.
    width = declared.writing.line_width or max((f.start or 1) + (f.width or 1) - 1 for f in declared.fields)
    selected = ", ".join([*(f"{_part(f)} AS {column_sql(f)}" for f in declared.fields), RECORD])
    with in_utf8(engine, path, declared.writing) as readable:
        for number, lines in lines_in(readable, declared.writing, file=path.name):
            batch = pa.table({"line_": lines, RECORD: range(number, number + len(lines))})
            fault = (
                f"CASE WHEN length(line_) < {width} THEN 'line_too_short' WHEN length(line_) > {width} THEN 'line_too_long' "
                f"WHEN regexp_matches(line_, '{_CONTROL}') THEN 'control_character' END"
            )
            gathering.add_arrow(batch, selected=selected, where=f"line_ <> '' AND {fault} IS NULL")
            for place, reason in _faulty(engine, batch, fault):
                gathering.turn_away(place, reason)
        counted = count_lines(readable, file=path.name)
    return gathering.records(counted)


def _part(field: Field) -> str:
    part = f"substring(line_, {field.start}, {field.width})"
    return f"trim({part}, ' ')" if field.type in _NUMBERS else f"rtrim({part}, ' ')"


def _faulty(engine: Engine, batch: pa.Table, fault: str) -> list[tuple[int, str]]:
    name = engine.fresh_name()
    connection = engine.backend.con
    connection.register(name, batch)
    try:
        found: list[tuple[int, str]] = connection.execute(
            f"SELECT {RECORD}, {fault} FROM {name} WHERE line_ <> '' AND {fault} IS NOT NULL ORDER BY 1"
        ).fetchall()
    finally:
        connection.unregister(name)
    return found
