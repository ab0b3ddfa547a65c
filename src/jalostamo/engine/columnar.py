"""Parquet into the engine: its columns as text, its rows numbered as they stand in the file.

The engine's error texts are never repeated, since they may quote what they stumble on.

Handbook 2.2 (retrieving the data) and 2.6, phase 4.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import duckdb
import ibis
import ibis.expr.types as ir
import pyarrow as pa
import pyarrow.parquet

from jalostamo.concepts.errors import Unfit
from jalostamo.engine.connection import literal_path
from jalostamo.engine.intake import RECORD, TextRecords, TextStream, check_width, reserved_name, unreadable

if TYPE_CHECKING:
    from jalostamo.engine.connection import Engine


def open_parquet(engine: Engine, path: Path, *, header: Sequence[str], kept: Sequence[str]) -> TextStream:
    """The columns `kept` of a Parquet file as text, numbered in file order in the column `RECORD`."""
    if RECORD in {column.casefold() for column in kept}:
        raise reserved_name()
    table = read_parquet_records(engine, path)
    # By place: the engine renames columns whose names differ in capital letters alone.
    as_text = {column: table[table.columns[header.index(column)]].cast("string").nullif("") for column in kept}
    chosen = table.select(table[RECORD], **as_text)
    rows = pyarrow.parquet.read_metadata(path).num_rows
    return TextStream(chosen, lambda: TextRecords(chosen, (), rows, tuple), lambda: _no_whole_parquet(path))


def parquet_header(path: Path, *, kept: Sequence[str]) -> tuple[str, ...]:
    """The columns of a Parquet file; those of `kept` that it has must hold one text, number or time a row."""
    try:
        opened = path.open("rb")
    except OSError:
        raise unreadable(path) from None
    with opened:
        try:
            schema = pyarrow.parquet.read_schema(opened)
        except (pa.ArrowException, OSError):
            # Arrow calls what it cannot make out in a file an error of reading too.
            raise _no_whole_parquet(path) from None
    check_width(path, len(schema))
    unfit = [field.name for field in schema if field.name in kept and _is_no_text(field.type)]
    if unfit:
        listed = ", ".join(f"'{name}'" for name in unfit)
        raise Unfit(
            f"{path.name}: column {listed} holds bytes, or several values a row: expected one text, number or time.",
            reason="column_type",
        )
    return tuple(schema.names)


def read_parquet_records(engine: Engine, path: Path) -> ir.Table:
    """A Parquet file as a table, its rows numbered in file order in the column `RECORD`."""
    try:
        table = engine.backend.read_parquet(literal_path(path), file_row_number=True, hive_partitioning=False)
    except duckdb.BinderException:
        # The file has a column of that name itself: the slower way then.
        return engine.read_parquet(path).mutate(**{RECORD: ibis.row_number() + 1})
    return table.mutate(**{RECORD: table.file_row_number + 1}).drop("file_row_number")


@contextmanager
def whole(path: Path) -> Iterator[None]:
    """Turn the engine's stumbling on a file that it reads as it goes, as it does Parquet, into one sentence."""
    try:
        yield
    except duckdb.Error as error:
        # The bare kind is what the Parquet reader throws; errors of our own making have kinds of their own.
        if type(error) is not duckdb.Error and not isinstance(error, duckdb.InvalidInputException):
            raise
        raise Unfit(f"{path.name} is damaged: ask for it again.", reason="file_form") from None


def _is_no_text(kind: pa.DataType) -> bool:
    return bool(
        pa.types.is_nested(kind)
        or pa.types.is_binary(kind)
        or pa.types.is_large_binary(kind)
        or pa.types.is_fixed_size_binary(kind)
    )


def _no_whole_parquet(path: Path) -> Unfit:
    return Unfit(f"{path.name} is not a whole Parquet file: ask for it again.", reason="file_form")
