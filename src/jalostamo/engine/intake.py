"""Delimited text into the engine, nothing sniffed: every record arrives as text or is turned away with its line.

DuckDB reads, once and from front to back; the same records are counted by another way (`engine.counting`). Its error texts
are never repeated, since they quote the line they stumble on.

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
import ibis.expr.types as ir

from jalostamo.concepts.errors import Misused, Unfit
from jalostamo.engine.connection import literal_path
from jalostamo.engine.counting import Marks, marks_of, records_in
from jalostamo.engine.lines import is_told_rightly, lines_at, lines_of_places, lines_of_records, may_reopen_quotes
from jalostamo.engine.transcoding import (
    BYTE_ORDER_MARK,
    REPLACED,
    check_encoding,
    in_utf8,
    is_utf_8,
    python_name,
    wrong_encoding,
)

if TYPE_CHECKING:
    from jalostamo.concepts.writings import Writing
    from jalostamo.engine.connection import Engine

LONGEST_RECORD: Final = 4 * 2**20
"""Bytes; a longer record is turned away. A register's record is some hundreds of bytes."""

MOST_COLUMNS: Final = 5_000
"""A header of more is taken for something else: a register's widest table has some hundreds."""

RECORD: Final = "record_"
"""The column that numbers the records as they stand in the file, from 1, those turned away left out."""

_LINES_TOLD: Final = 3
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
    """Records turned away for one reason: how many, and the lines of the first few; `field` where one column is why."""

    reason: str
    records: int
    first_lines: tuple[int, ...]
    field: str | None = None


@dataclass(frozen=True, slots=True)
class TextRecords:
    """The records of one file as text: the table, what was turned away, and how many there are by the other count.

    `lines_of` tells on which lines records begin, by their numbers in `RECORD`; elsewhere in which rows they stand.
    """

    table: ir.Table
    turned_away: tuple[TurnedAway, ...]
    records: int
    lines_of: Callable[[Sequence[int]], tuple[int, ...]]


@dataclass(frozen=True, slots=True)
class TextStream:
    """The records of one file as text, read only as they are written on: once, and after that `told` tells of them.

    Rows stand in the order of the file; the table has the column `RECORD` only where they are numbered already.
    `refusal` is what is said where the file cannot be read.
    """

    table: ir.Table
    told: Callable[[], TextRecords]
    refusal: Callable[[], Unfit]


def at_once(text: TextRecords, *, place: str) -> TextStream:
    """Records that were read before, as a stream of them; `place` is where they came from."""
    sentence = f"{place} cannot be read as declared: compare it with its description."
    return TextStream(text.table, lambda: text, lambda: Unfit(sentence, reason="file_form"))


def header_of(path: Path, writing: Writing) -> tuple[str, ...]:
    """The header of a delimited file, its quotes removed; no message repeats it, since it may be a record."""
    try:
        with path.open(encoding=python_name(writing.encoding), errors="replace", newline="") as opened:
            first = opened.readline(LONGEST_RECORD).rstrip("\r\n")
    except OSError:
        raise unreadable(path) from None
    except UnicodeError:
        raise wrong_encoding(path, writing, line=1) from None
    if not is_utf_8(writing.encoding):
        # Of UTF-8 the decoder takes the mark away.
        first = first.removeprefix(BYTE_ORDER_MARK)
    if not first:
        raise Unfit(f"{path.name} is empty, or begins with an empty line: expected a header.", reason="file_empty")
    if REPLACED in first:
        raise wrong_encoding(path, writing, line=1)
    header = _fields_of(first, path, writing)
    check_width(path, len(header))
    return header


def _fields_of(first: str, path: Path, writing: Writing) -> tuple[str, ...]:
    if not writing.quote:
        return tuple(first.split(writing.delimiter))
    try:
        return tuple(next(csv.reader([first], delimiter=writing.delimiter, quotechar=writing.quote, strict=True)))
    except csv.Error:
        raise Unfit(
            f"{path.name}, line 1: the header has a quote that does not close there, or a name too long for one.",
            reason="header_form",
        ) from None


def check_width(path: Path, columns: int) -> None:
    """Refuse a header of more columns than a register's table has."""
    if columns > MOST_COLUMNS:
        raise Unfit(
            f"{path.name} has {columns} columns, more than the {MOST_COLUMNS} that are read: is its delimiter as declared?",
            reason="header_columns",
        )


@dataclass(frozen=True, slots=True)
class _Source:
    """A delimited file that is read: itself, the same in UTF-8, how it is written, its marks and its columns."""

    path: Path
    readable: Path
    writing: Writing
    marks: Marks
    columns: int

    @property
    def is_plain(self) -> bool:
        return self.marks.lines_are_records


@contextmanager
def open_text(
    engine: Engine, path: Path, writing: Writing, *, header: Sequence[str], kept: Sequence[str]
) -> Iterator[TextStream]:
    """The columns `kept` of a delimited file as text, in the order of the file; to be read and told of within the block.

    An empty field is missing (null). Records with too few or too many columns, an unclosed quote or no end are turned away;
    empty columns behind the last are no fault. A space before a quote, or spaces behind the closing one, are no part of a field.
    """
    if RECORD in {column.casefold() for column in kept}:
        raise reserved_name()
    with in_utf8(engine, path, writing) as readable:
        source = _Source(path, readable, writing, marks_of(readable, writing), len(header))
        name = engine.fresh_name()
        engine.backend.con.execute(_view(name, readable, writing, header=header, kept=kept))
        try:
            yield TextStream(
                engine.backend.table(name),
                lambda: _told(engine, source, name),
                lambda: _unlike_its_description(path.name),
            )
        finally:
            engine.backend.con.execute(f"DROP VIEW {name}")


def read_text(
    engine: Engine, path: Path, writing: Writing, *, header: Sequence[str], kept: Sequence[str]
) -> TextRecords:
    """The columns `kept` of a delimited file read at once as text, numbered in file order in the column `RECORD`."""
    with open_text(engine, path, writing, header=header, kept=kept) as stream:
        try:
            stored = engine.keep(stream.table)
        except duckdb.Error:
            raise stream.refusal() from None
        told = stream.told()
    # Rows stand in file order, so their place is their number: counting them anew costs as much as reading them.
    numbered = stored.select(*kept, **{RECORD: stored.rowid() + 1})
    return TextRecords(numbered, told.turned_away, told.records, told.lines_of)


def _view(name: str, readable: Path, writing: Writing, *, header: Sequence[str], kept: Sequence[str]) -> str:
    """What makes the file a view of that name; a view takes no parameters, so that its words are quoted here."""
    chosen = ", ".join(f'c{header.index(column)} AS "{_quoted(column)}"' for column in kept)
    columns = ", ".join(f"c{number}: 'VARCHAR'" for number in range(len(header)))
    path, delimiter, quote = (_literal(word) for word in (literal_path(readable), writing.delimiter, writing.quote))
    return (
        f"CREATE TEMP VIEW {name} AS SELECT {chosen} FROM read_csv({path}, auto_detect = false, "
        f"header = true, delim = {delimiter}, quote = {quote}, escape = {quote}, columns = {{{columns}}}, strict_mode = true, "
        f"null_padding = false, nullstr = '', hive_partitioning = false, compression = 'none', "
        f"ignore_errors = true, store_rejects = true, rejects_table = '{name}_rejects', rejects_scan = '{name}_scan', "
        f"rejects_limit = 0, max_line_size = {LONGEST_RECORD}, parallel = true)"
    )


def _told(engine: Engine, source: _Source, stream: str) -> TextRecords:
    """What became of the records of a file after they were read."""
    _note_turned_away(engine, stream)
    turned_away = _turned_away(engine, source, f"{stream}_away")
    doubtful = turned_away or (not source.is_plain and may_reopen_quotes(source.readable, source.writing))
    if doubtful and not (source.is_plain or is_told_rightly(source.path, source.writing)):
        raise _unlike_its_description(source.path.name)
    # Arrow shows ragged records to Python, and stumbles where one is not UTF-8; in this encoding everything is a text.
    encoding = "iso-8859-1" if turned_away else "utf-8"
    counted = records_in(
        source.readable, source.writing, source.marks, columns=source.columns, encoding=encoding, file=source.path.name
    )

    def lines(records: Sequence[int]) -> tuple[int, ...]:
        away = engine.backend.con.execute(f"SELECT place FROM {stream}_away ORDER BY place")
        places = (place for (place,) in iter(away.fetchone, None))
        if source.is_plain and not source.marks.blank:
            return lines_of_places(records, turned_away=places)
        may_be_empty = source.columns == 1
        return lines_of_records(source.path, source.writing, records, turned_away=places, may_be_empty=may_be_empty)

    return TextRecords(engine.backend.table(stream), turned_away, counted, lines)


def _note_turned_away(engine: Engine, stream: str) -> None:
    """Keep of the engine's table of those turned away their places and reasons, and no content."""
    # A record with several faults is turned away once.
    reasons = " ".join(f"WHEN '{kind}' THEN '{reason}'" for kind, reason in _REASONS.items())
    engine.backend.con.execute(
        f"CREATE TEMP TABLE {stream}_away AS SELECT line AS place, "
        f"min(CASE error_type::VARCHAR {reasons} ELSE 'record_form' END) AS reason FROM {stream}_rejects GROUP BY line"
    )
    engine.backend.con.execute(f"DROP TABLE {stream}_rejects; DROP TABLE {stream}_scan")


def _turned_away(engine: Engine, source: _Source, rejects: str) -> tuple[TurnedAway, ...]:
    rows = engine.backend.con.execute(
        f"SELECT reason, count(*), min(place, {_LINES_TOLD}) FROM {rejects} GROUP BY 1 ORDER BY 1"
    )
    found = rows.fetchall()
    if found:
        check_encoding(source.path, source.writing)
    wanted = {place for _, _, places in found for place in places}
    # Where lines are records, the engine's places are lines.
    lines = {place: place for place in wanted} if source.is_plain else lines_at(source.path, source.writing, wanted)
    return tuple(
        TurnedAway(reason, records, tuple(lines[place] for place in places)) for reason, records, places in found
    )


def unreadable(path: Path) -> Misused:
    """The refusal of a file that may not be read."""
    return Misused(f"{path.name} cannot be read: check its permissions.", reason="file_unreadable")


def _unlike_its_description(file: str) -> Unfit:
    return Unfit(
        f"{file} cannot be read as declared (delimiter, quote, one kind of line end throughout): "
        "compare the file with its description.",
        reason="file_form",
    )


def reserved_name() -> Unfit:
    """The refusal of a declared column that is called as the product's own."""
    return Unfit(f"A column named '{RECORD}' cannot be read: the product's own is called so.", reason="column_name")


def _literal(word: str) -> str:
    return "'" + word.replace("'", "''") + "'"


def _quoted(column: str) -> str:
    return column.replace('"', '""')
