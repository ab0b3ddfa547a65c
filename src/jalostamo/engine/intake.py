"""Delimited text into the engine, nothing sniffed: every record arrives as text or is turned away with its line.

DuckDB reads; Arrow's reader, written by other people, counts the same records independently. Neither one's error text
is ever repeated, since both quote the line they stumble on.

Handbook 2.2 (retrieving the data) and 2.6, phase 4.
"""

from __future__ import annotations

import csv
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final

import duckdb
import ibis
import ibis.expr.types as ir
import pyarrow as pa
import pyarrow.csv
import pyarrow.parquet

from jalostamo.concepts.errors import Misused, Unfit
from jalostamo.engine.connection import literal_path
from jalostamo.engine.lines import is_told_rightly, lines_at, lines_of_records, may_reopen_quotes
from jalostamo.engine.transcoding import BYTE_ORDER_MARK, REPLACED, check_encoding, in_utf8, python_name, wrong_encoding

if TYPE_CHECKING:
    from jalostamo.concepts.writings import Writing
    from jalostamo.engine.connection import Engine

LONGEST_RECORD: Final = 4 * 2**20
"""Bytes; a longer record is turned away. A register's record is some hundreds of bytes."""

RECORD: Final = "record_"
"""The column that numbers the records as they stand in the file, from 1, those turned away left out."""

_LINES_TOLD: Final = 3
_BLOCK: Final = 16 * 2**20
_REASONS: Final = {
    "MISSING COLUMNS": "too_few_columns",
    "TOO MANY COLUMNS": "too_many_columns",
    "UNQUOTED VALUE": "unclosed_quote",
    "LINE SIZE OVER MAXIMUM": "record_too_long",
    # Said also of a text behind a closing quote that begins with a letter beyond ASCII: the encoding is looked at anew.
    "INVALID ENCODING": "unclosed_quote",
}


@dataclass(frozen=True, slots=True)
class TurnedAway:
    """Records that have not the form of a record, for one reason: how many, and the lines of the first few."""

    reason: str
    records: int
    first_lines: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class TextRecords:
    """The records of one file as text: the table, what was turned away, and how many there are by the other count.

    `lines_of` tells on which lines records begin, by their numbers in `RECORD`; in Parquet, in which rows they stand.
    """

    table: ir.Table
    turned_away: tuple[TurnedAway, ...]
    records: int
    lines_of: Callable[[Sequence[int]], tuple[int, ...]]


def header_of(path: Path, writing: Writing) -> tuple[str, ...]:
    """The header of a delimited file, its quotes removed; no message repeats it, since it may be a record."""
    try:
        with path.open(encoding=python_name(writing.encoding), errors="replace", newline="") as opened:
            first = opened.readline(LONGEST_RECORD).removeprefix(BYTE_ORDER_MARK).rstrip("\r\n")
    except OSError:
        raise _unreadable(path) from None
    except UnicodeError:
        raise wrong_encoding(path, writing, line=1) from None
    if not first:
        raise Unfit(f"{path.name} is empty, or begins with an empty line: expected a header.", reason="file_empty")
    if REPLACED in first:
        raise wrong_encoding(path, writing, line=1)
    if not writing.quote:
        return tuple(first.split(writing.delimiter))
    try:
        return tuple(next(csv.reader([first], delimiter=writing.delimiter, quotechar=writing.quote, strict=True)))
    except csv.Error:
        raise Unfit(
            f"{path.name}, line 1: the header has a quote that does not close there, or a name too long for one.",
            reason="header_form",
        ) from None


def lines_of(path: Path, writing: Writing, records: Sequence[int]) -> tuple[int, ...]:
    """The lines on which records begin, by their numbers in `RECORD`, where none was turned away; fields may span lines."""
    one_field = len(header_of(path, writing)) == 1
    return lines_of_records(path, writing, records, turned_away=(), may_be_empty=one_field)


def read_text(
    engine: Engine, path: Path, writing: Writing, *, header: Sequence[str], kept: Sequence[str]
) -> TextRecords:
    """Read the columns `kept` of a delimited file as text, numbered in file order in the column `RECORD`.

    An empty field is missing (null). Records with too few or too many columns, an unclosed quote or no end are turned away;
    empty columns behind the last are no fault. A space before a quote, or spaces behind the closing one, are no part of a field.
    """
    if RECORD in {column.casefold() for column in kept}:
        raise _reserved_name()
    with in_utf8(engine, path, writing) as readable:
        table, rejects = _loaded(engine, readable, writing, header=header, kept=kept, file=path.name)
        turned_away = _turned_away(engine, path, writing, rejects)
        if (turned_away or may_reopen_quotes(readable, writing)) and not is_told_rightly(path, writing):
            raise _unlike_its_description(path.name)
        # Arrow shows ragged records to Python, and stumbles where one is not UTF-8; in this encoding everything is a text.
        encoding = "iso-8859-1" if turned_away else "utf-8"
        counted = _counted_independently(readable, writing, columns=len(header), encoding=encoding, file=path.name)

    def lines(records: Sequence[int]) -> tuple[int, ...]:
        away = engine.backend.con.execute(f"SELECT place FROM {rejects} ORDER BY place")
        places = (place for (place,) in iter(away.fetchone, None))
        return lines_of_records(path, writing, records, turned_away=places, may_be_empty=len(header) == 1)

    return TextRecords(table, turned_away, counted, lines)


def _loaded(
    engine: Engine, readable: Path, writing: Writing, *, header: Sequence[str], kept: Sequence[str], file: str
) -> tuple[ir.Table, str]:
    """The numbered records, and the name of the engine's table of those turned away: place and reason, no content."""
    name = engine.fresh_name()
    rejects = f"{name}_rejects"
    chosen = ", ".join(f'c{header.index(column)} AS "{_quoted(column)}"' for column in kept)
    query = (
        f"CREATE TEMP TABLE {name} AS SELECT {chosen} FROM read_csv(?, auto_detect = false, "
        f"header = true, delim = ?, quote = ?, escape = ?, columns = ?, strict_mode = true, null_padding = false, nullstr = '', "
        f"hive_partitioning = false, compression = 'none', "
        f"ignore_errors = true, store_rejects = true, rejects_table = '{rejects}', rejects_scan = '{rejects}_scan', "
        f"rejects_limit = 0, max_line_size = {LONGEST_RECORD}, parallel = true)"
    )
    columns = {f"c{number}": "VARCHAR" for number in range(len(header))}
    connection: duckdb.DuckDBPyConnection = engine.backend.con
    try:
        connection.execute(query, [literal_path(readable), writing.delimiter, writing.quote, writing.quote, columns])
    except duckdb.Error:
        raise _unlike_its_description(file) from None
    # A record with several faults is turned away once.
    reasons = " ".join(f"WHEN '{kind}' THEN '{reason}'" for kind, reason in _REASONS.items())
    connection.execute(
        f"CREATE TEMP TABLE {name}_away AS SELECT line AS place, "
        f"min(CASE error_type::VARCHAR {reasons} ELSE 'record_form' END) AS reason FROM {rejects} GROUP BY line"
    )
    connection.execute(f"DROP TABLE {rejects}; DROP TABLE {rejects}_scan")
    stored = engine.backend.table(name)
    # Rows stand in file order, so their place is their number: counting them anew costs as much as reading them.
    return stored.select(*kept, **{RECORD: stored.rowid() + 1}), f"{name}_away"


def _turned_away(engine: Engine, path: Path, writing: Writing, rejects: str) -> tuple[TurnedAway, ...]:
    rows = engine.backend.con.execute(
        f"SELECT reason, count(*), min(place, {_LINES_TOLD}) FROM {rejects} GROUP BY 1 ORDER BY 1"
    )
    found = rows.fetchall()
    if found:
        check_encoding(path, writing)
    lines = lines_at(path, writing, {place for _, _, places in found for place in places})
    return tuple(
        TurnedAway(reason, records, tuple(lines[place] for place in places)) for reason, records, places in found
    )


def read_parquet_text(engine: Engine, path: Path, *, header: Sequence[str], kept: Sequence[str]) -> TextRecords:
    """Read the columns `kept` of a Parquet file as text, numbered in file order in the column `RECORD`."""
    if RECORD in {column.casefold() for column in kept}:
        raise _reserved_name()
    table = read_parquet_records(engine, path)
    # By place: the engine renames columns whose names differ in capital letters alone.
    as_text = {column: table[table.columns[header.index(column)]].cast("string").nullif("") for column in kept}
    try:
        stored = engine.keep(table.select(table[RECORD], **as_text))
    except duckdb.Error:
        raise _no_whole_parquet(path) from None
    return TextRecords(stored, (), pyarrow.parquet.read_metadata(path).num_rows, tuple)


def parquet_header(path: Path, *, kept: Sequence[str]) -> tuple[str, ...]:
    """The columns of a Parquet file; those of `kept` that it has must hold one text, number or time a row."""
    try:
        with path.open("rb") as opened:
            schema = pyarrow.parquet.read_schema(opened)
    except pa.ArrowException:
        raise _no_whole_parquet(path) from None
    except OSError:
        raise _unreadable(path) from None
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


def _counted_independently(path: Path, writing: Writing, *, columns: int, encoding: str, file: str) -> int:
    ragged = 0

    def note(_row: pyarrow.csv.InvalidRow) -> str:
        nonlocal ragged
        ragged += 1
        return "skip"

    names = [str(number) for number in range(columns)]
    read = pyarrow.csv.ReadOptions(column_names=names, block_size=_BLOCK, encoding=encoding)
    parse = pyarrow.csv.ParseOptions(
        delimiter=writing.delimiter,
        quote_char=writing.quote or False,
        newlines_in_values=bool(writing.quote),
        ignore_empty_lines=columns > 1,
        invalid_row_handler=note,
    )
    convert = pyarrow.csv.ConvertOptions(include_columns=["0"], column_types={"0": pa.binary()})
    try:
        # Opened by hand: by its name alone a file would be taken for a compressed one.
        with pyarrow.csv.open_csv(
            pa.OSFile(str(path)), read_options=read, parse_options=parse, convert_options=convert
        ) as batches:
            counted: int = sum(batch.num_rows for batch in batches)
    except pa.ArrowInvalid:
        raise Unfit(
            f"{file} has a record longer than {_BLOCK // 2**20} MB, or a quote that never closes: compare it with its description.",
            reason="record_too_long",
        ) from None
    # The header was read as a record like any other.
    return counted + ragged - 1


def _is_no_text(kind: pa.DataType) -> bool:
    return bool(
        pa.types.is_nested(kind)
        or pa.types.is_binary(kind)
        or pa.types.is_large_binary(kind)
        or pa.types.is_fixed_size_binary(kind)
    )


def _unreadable(path: Path) -> Misused:
    return Misused(f"{path.name} cannot be read: check its permissions.", reason="file_unreadable")


def _unlike_its_description(file: str) -> Unfit:
    return Unfit(
        f"{file} cannot be read as declared (delimiter, quote, one kind of line end throughout): "
        "compare the file with its description.",
        reason="file_form",
    )


def _no_whole_parquet(path: Path) -> Unfit:
    return Unfit(f"{path.name} is not a whole Parquet file: ask for it again.", reason="file_form")


def _reserved_name() -> Unfit:
    return Unfit(f"A column named '{RECORD}' cannot be read: the product's own is called so.", reason="column_name")


def _quoted(column: str) -> str:
    return column.replace('"', '""')
