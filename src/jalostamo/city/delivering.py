"""Delivering a register: its tables, piece by piece, in the manner that its own description declares, beside that description.

A table grows as its pieces come, so that no register has to be held as a whole; each file appears under its name only when
it is complete.

Handbook 2.2 (data descriptions) and 2.5.
"""

from __future__ import annotations

import contextlib
import sqlite3
from abc import ABC, abstractmethod
from collections.abc import Iterator, Mapping
from contextlib import ExitStack
from datetime import UTC, datetime
from pathlib import Path
from typing import BinaryIO, Final, override

import polars as pl
import tomli_w
import xlsxwriter  # type: ignore[import-untyped]  # xlsxwriter has no types

from jalostamo.concepts.descriptions import as_description
from jalostamo.concepts.registers import Field, FieldType, Register, RegisterTable

DESCRIPTION: Final = "register.toml"
_NUMBERS: Final = frozenset({FieldType.INTEGER, FieldType.DECIMAL})
BYTE_ORDER_MARK: Final = b"\xef\xbb\xbf"
# A text that begins with "=" stays one. A workbook tells when it was made; this one is made anew with the same bytes.
_AS_IT_IS: Final = {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
_MADE: Final = datetime(2020, 1, 1, tzinfo=UTC).replace(tzinfo=None)


class Delivered(ABC):
    """A delivered table takes frames of one piece each; their columns are called as the described fields are.

    Dates are of type Date, numbers are numbers, codes and texts are strings; null is what was not recorded.
    """

    def __init__(self, table: RegisterTable) -> None:
        self.table = table
        self.records = 0

    def append(self, piece: pl.DataFrame) -> None:
        """Add a piece of records, in the order in which they stand in it."""
        self.records += piece.height
        self._write(piece.select(field.name for field in self.table.fields))

    @abstractmethod
    def _write(self, piece: pl.DataFrame) -> None: ...

    @abstractmethod
    def close(self) -> None:
        """Finish the file."""


@contextlib.contextmanager
def delivered(
    folder: Path, register: Register, *, line_end: str = "\n", marked: bool = False
) -> Iterator[Mapping[str, Delivered]]:
    """The tables of a register under `folder`, by name, for as long as the block lasts; then they are complete.

    `line_end` ends the lines of delimited text and lines of fixed width; `marked` puts a byte order mark before UTF-8.
    """
    home = folder / register.name
    home.mkdir(exist_ok=True)
    files = {table.file: home / f".{table.file}.partial" for table in register.tables}
    with ExitStack() as stack:
        for partial in files.values():
            stack.callback(partial.unlink, missing_ok=True)
        with ExitStack() as closing:
            opened = {}
            for table in register.tables:
                opened[table.name] = _opened(table, files[table.file], line_end=line_end, marked=marked)
                closing.callback(opened[table.name].close)
            yield opened
        for file, partial in files.items():
            partial.replace(home / file)
        description = home / f".{DESCRIPTION}.partial"
        description.write_bytes(tomli_w.dumps(as_description(register)).encode("utf-8"))
        description.replace(home / DESCRIPTION)


def _opened(table: RegisterTable, partial: Path, *, line_end: str, marked: bool) -> Delivered:
    match table.writing.format:
        case "csv":
            return _Delimited(table, partial, line_end=line_end, marked=marked)
        case "fixed_width":
            return _FixedWidth(table, partial, line_end=line_end)
        case "json_lines":
            return _JsonLines(table, partial)
        case "sqlite":
            return _InDatabase(table, partial)
        case "xlsx":
            return _Workbook(table, partial)
    raise NotImplementedError(f"The town delivers nothing as {table.writing.format}.")


def _as_text(field: Field, decimal_mark: str) -> pl.Expr:
    """A field's values as its system writes them."""
    column = pl.col(field.name)
    match field.type:
        case FieldType.DATE | FieldType.DATETIME:
            form = field.format or ("%Y-%m-%d" if field.type is FieldType.DATE else "%Y-%m-%dT%H:%M:%S")
            return column.dt.strftime(form)
        case FieldType.BOOLEAN:
            true, false = (field.format or "true;false").split(";")
            return pl.when(column).then(pl.lit(true)).when(~column).then(pl.lit(false)).alias(field.name)
        case FieldType.DECIMAL:
            return column.cast(pl.String).str.replace(".", decimal_mark, literal=True)
    return column.cast(pl.String)


class _Text(Delivered):
    """What is written as text: one frame of strings becomes bytes of the declared encoding."""

    def __init__(self, table: RegisterTable, partial: Path) -> None:
        super().__init__(table)
        self.file: BinaryIO = partial.open("wb")

    def _texts(self, piece: pl.DataFrame) -> pl.DataFrame:
        return piece.select(_as_text(field, self.table.writing.decimal_mark) for field in self.table.fields)

    def _write_encoded(self, text: str) -> None:
        # The byte order mark of UTF-16 stands before the first line already.
        self.file.write(
            text.encode({"utf-16": "utf-16-le"}.get(self.table.writing.encoding, self.table.writing.encoding))
        )

    @override
    def close(self) -> None:
        self.file.close()


class _Delimited(_Text):
    def __init__(self, table: RegisterTable, partial: Path, *, line_end: str, marked: bool) -> None:
        super().__init__(table, partial)
        self.line_end = line_end
        self.file.write(BYTE_ORDER_MARK if marked else b"")
        header = table.writing.delimiter.join(field.column for field in table.fields)
        self.file.write((header + line_end).encode(table.writing.encoding))

    @override
    def _write(self, piece: pl.DataFrame) -> None:
        writing = self.table.writing
        text = self._texts(piece).write_csv(
            include_header=False,
            separator=writing.delimiter,
            quote_char=writing.quote or '"',
            quote_style="necessary" if writing.quote else "never",
            line_terminator=self.line_end,
        )
        self._write_encoded(text)


class _FixedWidth(_Text):
    def __init__(self, table: RegisterTable, partial: Path, *, line_end: str) -> None:
        super().__init__(table, partial)
        self.line_end = line_end

    @override
    def _write(self, piece: pl.DataFrame) -> None:
        parts, at = [], 1
        for field in self.table.fields:
            start, width = field.start or 1, field.width or 1
            parts += [pl.lit(" " * (start - at))] if start > at else []
            parts.append(pl.col(field.name).fill_null("").str.pad_end(width))
            at = start + width
        lines = self._texts(piece).select(pl.concat_str(parts).alias("line"))
        self._write_encoded(lines.write_csv(include_header=False, quote_style="never", line_terminator=self.line_end))


class _JsonLines(_Text):
    @override
    def _write(self, piece: pl.DataFrame) -> None:
        numbers = {FieldType.INTEGER, FieldType.DECIMAL}
        mark = self.table.writing.decimal_mark
        columns = [
            (pl.col(f.name) if f.type in numbers else _as_text(f, mark)).alias(f.column) for f in self.table.fields
        ]
        piece.select(columns).write_ndjson(self.file)


class _InDatabase(Delivered):
    """A table of a database file; all tables of one file stand in the same one."""

    def __init__(self, table: RegisterTable, partial: Path) -> None:
        super().__init__(table)
        self.database = sqlite3.connect(partial)
        self._write(pl.DataFrame(schema={field.name: _stored(field) for field in table.fields}))

    @override
    def _write(self, piece: pl.DataFrame) -> None:
        fields = self.table.fields
        texts = piece.select(pl.col(f.name) if f.type in _NUMBERS else _as_text(f, ".") for f in fields)
        # Pandas speaks SQLite: no SQL stands outside the engine.
        texts.rename({f.name: f.column for f in fields}).to_pandas().to_sql(
            self.table.writing.relation,
            self.database,
            if_exists="append",
            index=False,
            dtype={field.column: _sql_type(field) for field in fields},
        )

    @override
    def close(self) -> None:
        self.database.close()


def _stored(field: Field) -> pl.DataType:
    kinds: dict[FieldType, pl.DataType] = {FieldType.INTEGER: pl.Int64(), FieldType.DECIMAL: pl.Float64()}
    kinds |= {FieldType.DATE: pl.Date(), FieldType.DATETIME: pl.Datetime(), FieldType.BOOLEAN: pl.Boolean()}
    return kinds.get(field.type, pl.String())


def _sql_type(field: Field) -> str:
    return {FieldType.INTEGER: "INTEGER", FieldType.DECIMAL: "REAL"}.get(field.type, "TEXT")


class _Workbook(Delivered):
    """A sheet of a workbook with a title above its header, as people keep them; one table in each workbook."""

    def __init__(self, table: RegisterTable, partial: Path) -> None:
        super().__init__(table)
        self.book = xlsxwriter.Workbook(partial, _AS_IT_IS)
        self.book.set_properties({"created": _MADE, "title": "synthetic"})
        self.sheet = self.book.add_worksheet(table.writing.sheet)
        self.day = self.book.add_format({"num_format": "dd.mm.yyyy"})
        cells = table.writing.cells
        self.row = int("".join(letter for letter in cells.split(":")[0] if letter.isdigit())) - 1
        if self.row:
            self.sheet.write_string(0, 0, f"{table.name} (synthetic)")
        for column, field in enumerate(table.fields):
            self.sheet.write_string(self.row, column, field.column)

    @override
    def _write(self, piece: pl.DataFrame) -> None:
        for record in piece.iter_rows():
            self.row += 1
            for column, value in enumerate(record):
                if value is not None:
                    is_day = self.table.fields[column].type is FieldType.DATE
                    self.sheet.write(self.row, column, value, self.day if is_day else None)

    @override
    def close(self) -> None:
        self.book.close()
