"""Delimited text into the engine, nothing sniffed: every record arrives as text or is turned away with its line.

DuckDB reads; Arrow's reader, written by other people, counts the same records independently. Neither one's error text
is ever repeated, since both quote the line they stumble on.

Handbook 2.2 (retrieving the data) and 2.6, phase 4.
"""

from __future__ import annotations

import codecs
import csv
import io
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final

import duckdb
import ibis.expr.types as ir
import pyarrow as pa
import pyarrow.csv

from jalostamo.concepts.errors import Unfit

if TYPE_CHECKING:
    from jalostamo.concepts.registers import Writing
    from jalostamo.engine.connection import Engine

LONGEST_RECORD: Final = 4 * 2**20
"""Bytes; a longer record is turned away. A register's record is some hundreds of bytes."""

RECORD: Final = "record_"
"""The column that numbers the records as they stand in the file, from 1, those turned away left out."""

_BLOCK: Final = 16 * 2**20
_REASONS: Final = {
    "MISSING COLUMNS": "too_few_columns",
    "TOO MANY COLUMNS": "too_many_columns",
    "UNQUOTED VALUE": "unclosed_quote",
    "LINE SIZE OVER MAXIMUM": "record_too_long",
    "INVALID ENCODING": "encoding",
}


@dataclass(frozen=True, slots=True)
class TurnedAway:
    """Records that have not the form of a record, for one reason: how many, and the lines of the first few."""

    reason: str
    records: int
    first_lines: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class TextRecords:
    """The records of one file as text: the table, what was turned away, and how many there are by the other count."""

    table: ir.Table
    turned_away: tuple[TurnedAway, ...]
    records: int


def header_of(path: Path, writing: Writing) -> tuple[str, ...]:
    """The header of a delimited file, its quotes removed."""
    # A wrong encoding is answered by read_text, which knows the line.
    with path.open(encoding=_python_name(writing.encoding), errors="replace", newline="") as opened:
        first = opened.readline(LONGEST_RECORD)
    if not first.strip("\r\n"):
        raise Unfit(f"{path.name} is empty: expected a header line and records.", reason="file_empty")
    if not writing.quote:
        return tuple(first.rstrip("\r\n").split(writing.delimiter))
    return tuple(next(csv.reader(io.StringIO(first), delimiter=writing.delimiter, quotechar=writing.quote)))


def read_text(
    engine: Engine, path: Path, writing: Writing, *, header: Sequence[str], kept: Sequence[str]
) -> TextRecords:
    """Read the columns `kept` of a delimited file as text, numbered in file order in the column `RECORD`.

    An empty field is missing (null). Records with too few or too many columns, an unclosed quote or no end are turned away.
    """
    readable = _in_utf8(path, writing, engine.workspace)
    places = [f"c{number}" for number in range(len(header))]
    rejects = engine.fresh_name()
    name = engine.fresh_name()
    chosen = ", ".join(f'c{header.index(column)} AS "{_quoted(column)}"' for column in kept)
    query = (
        f"CREATE TEMP TABLE {name} AS SELECT row_number() OVER () AS {RECORD}, {chosen} FROM read_csv(?, auto_detect = false, "
        f"header = true, delim = ?, quote = ?, escape = ?, columns = ?, strict_mode = true, null_padding = false, nullstr = '', "
        f"ignore_errors = true, store_rejects = true, rejects_table = '{rejects}', rejects_scan = '{rejects}_scan', "
        f"rejects_limit = 0, max_line_size = {LONGEST_RECORD}, parallel = true)"
    )
    columns = dict.fromkeys(places, "VARCHAR")
    connection: duckdb.DuckDBPyConnection = engine.backend.con
    try:
        connection.execute(query, [str(readable), writing.delimiter, writing.quote, writing.quote, columns])
    except duckdb.Error:
        raise Unfit(
            f"{path.name} cannot be read as declared (delimiter, quote, one kind of line end throughout): "
            "compare the file with its description.",
            reason="file_form",
        ) from None
    found = connection.execute(
        f"SELECT error_type::VARCHAR, count(DISTINCT line), list_sort(list(DISTINCT line))[1:3] FROM {rejects} GROUP BY 1 ORDER BY 1"
    ).fetchall()
    connection.execute(f"DROP TABLE {rejects}; DROP TABLE {rejects}_scan")
    turned_away = tuple(
        TurnedAway(_REASONS.get(kind, "record_form"), records, tuple(lines)) for kind, records, lines in found
    )
    for turned in turned_away:
        if turned.reason == "encoding":
            raise _wrong_encoding(path, writing, line=turned.first_lines[0])
    return TextRecords(
        engine.backend.table(name), turned_away, _counted_independently(readable, writing, columns=len(header))
    )


def _counted_independently(path: Path, writing: Writing, *, columns: int) -> int:
    ragged = 0

    def note(_row: pyarrow.csv.InvalidRow) -> str:
        nonlocal ragged
        ragged += 1
        return "skip"

    names = [str(number) for number in range(columns)]
    read = pyarrow.csv.ReadOptions(column_names=names, block_size=_BLOCK)
    parse = pyarrow.csv.ParseOptions(
        delimiter=writing.delimiter,
        quote_char=writing.quote or False,
        newlines_in_values=bool(writing.quote),
        ignore_empty_lines=columns > 1,
        invalid_row_handler=note,
    )
    convert = pyarrow.csv.ConvertOptions(include_columns=["0"], column_types={"0": pa.binary()})
    try:
        with pyarrow.csv.open_csv(path, read_options=read, parse_options=parse, convert_options=convert) as batches:
            counted: int = sum(batch.num_rows for batch in batches)
    except pa.ArrowInvalid:
        raise Unfit(
            f"{path.name} has a record longer than {_BLOCK // 2**20} MB, or a quote that never closes: compare it with its description.",
            reason="record_too_long",
        ) from None
    # The header was read as a record like any other.
    return counted + ragged - 1


def _in_utf8(path: Path, writing: Writing, workspace: Path) -> Path:
    """The file itself where it is declared UTF-8, else a copy in UTF-8 in the private workspace."""
    if _python_name(writing.encoding) == "utf-8-sig":
        return path
    copy = workspace / f"{path.stem}.utf8"
    decoder = codecs.getincrementaldecoder(_python_name(writing.encoding))()
    line = 1
    with path.open("rb") as source, copy.open("wb") as target:
        copy.chmod(0o600)
        while True:
            chunk = source.read(2**20)
            try:
                text = decoder.decode(chunk, final=not chunk)
            except UnicodeError:
                raise _wrong_encoding(path, writing, line=line) from None
            target.write(text.encode("utf-8"))
            line += text.count("\n")
            if not chunk:
                return copy


def _python_name(encoding: str) -> str:
    try:
        found = codecs.lookup(encoding).name
    except LookupError:
        raise Unfit(
            "An encoding is not known: name it as Python does, such as utf-8 or iso-8859-1.", reason="encoding_unknown"
        ) from None
    return "utf-8-sig" if found in {"utf-8", "utf-8-sig", "ascii"} else found


def _wrong_encoding(path: Path, writing: Writing, *, line: int) -> Unfit:
    return Unfit(
        f"{path.name}, line {line} or soon after: bytes that are not {writing.encoding}. Declare the encoding in which it was written.",
        reason="encoding",
    )


def _quoted(column: str) -> str:
    return column.replace('"', '""')
