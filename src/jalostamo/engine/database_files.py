"""Database files (SQLite) into the engine: one table or view, read in one transaction, nothing written and nothing run.

SQLite's own library reads, and not the engine's extension: it shows what a column really holds in each row, and can be held
to reading alone.

Handbook 2.5 (technologies that work together) and 2.6, phase 4.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING, Final

from jalostamo.concepts.errors import Misused, Unfit
from jalostamo.concepts.registers import Field, FieldType, RegisterTable
from jalostamo.engine.gathering import Fault, Gathering, Recorded, truth_in

if TYPE_CHECKING:
    from jalostamo.engine.connection import Engine
    from jalostamo.engine.intake import TextRecords

_BATCH: Final = 20_000
_WAIT: Final = 10.0
"""Seconds; a writer that holds the file longer is told of."""

_LONGEST: Final = 4 * 2**20
_WAL: Final = 2
_ALLOWED: Final = frozenset(
    {sqlite3.SQLITE_SELECT, sqlite3.SQLITE_READ, sqlite3.SQLITE_FUNCTION, sqlite3.SQLITE_RECURSIVE}
)
_NO_TEXT: Final = "\0"


def read_sqlite(engine: Engine, path: Path, declared: RegisterTable) -> TextRecords:
    """Read the declared columns of a table or view, in the order of its rows, or of its columns where it has no own order."""
    gathering = Gathering(engine, declared)
    relation = declared.writing.relation
    try:
        with _opened(path) as connection:
            order = _order(connection, path, relation, declared)
            _only_reading(connection)
            counted = connection.execute(f"SELECT count(*) FROM {_quoted(relation)}").fetchone()[0]
            _gather(gathering, connection, declared, order=order)
    except sqlite3.OperationalError as error:
        raise _operational(error, path) from None
    except sqlite3.DataError:
        raise Unfit(
            f"{path.name}: '{relation}' holds a value longer than {_LONGEST // 2**20} MB in a declared column: leave that "
            "column out of the description.",
            reason="record_too_long",
        ) from None
    except sqlite3.DatabaseError:
        raise _damaged(path) from None
    return gathering.records(int(counted))


@contextmanager
def _opened(path: Path) -> Iterator[sqlite3.Connection]:
    """The file, to be read only; with what its writer has not yet put into it where there is such a file beside it."""
    try:
        with path.open("rb") as opened:
            head = opened.read(20)
    except OSError:
        raise Misused(f"{path.name} cannot be read: check its permissions.", reason="file_unreadable") from None
    if len(head) < 20 or head[:16] != b"SQLite format 3\0":
        raise _damaged(path)
    # A file that was closed well and is written by way of a log needs that log made anew, unless nobody is said to write.
    is_quiet = head[18] == _WAL and not path.with_name(f"{path.name}-wal").exists()
    options = "mode=ro&immutable=1" if is_quiet else "mode=ro"
    with closing(sqlite3.connect(f"{path.resolve().as_uri()}?{options}", uri=True, timeout=_WAIT)) as connection:
        connection.isolation_level = None
        connection.setlimit(sqlite3.SQLITE_LIMIT_LENGTH, _LONGEST)
        connection.setlimit(sqlite3.SQLITE_LIMIT_ATTACHED, 0)
        connection.setconfig(sqlite3.SQLITE_DBCONFIG_DEFENSIVE, True)
        connection.setconfig(sqlite3.SQLITE_DBCONFIG_TRUSTED_SCHEMA, False)
        connection.setconfig(sqlite3.SQLITE_DBCONFIG_ENABLE_TRIGGER, False)
        connection.execute("PRAGMA query_only = ON")
        connection.execute("PRAGMA cell_size_check = ON")
        connection.execute("BEGIN")
        yield connection


def _only_reading(connection: sqlite3.Connection) -> None:
    def judge(action: int, *_about: str | None) -> int:
        return sqlite3.SQLITE_OK if action in _ALLOWED else sqlite3.SQLITE_DENY

    connection.set_authorizer(judge)


def _order(connection: sqlite3.Connection, path: Path, relation: str, declared: RegisterTable) -> str:
    """What to order by; a relation or column that is not there is told of, and one that is no table or view refused."""
    found = connection.execute(
        "SELECT type, sql FROM sqlite_master WHERE lower(name) = lower(?) AND type IN ('table', 'view')", [relation]
    ).fetchone()
    if found is None:
        raise Unfit(f"{path.name}: no table or view '{relation}'.", reason="relation_missing")
    kind, sql = found
    if str(sql).casefold().split()[:2] == ["create", "virtual"]:
        raise Unfit(f"{path.name}: '{relation}' is made up by a program as it is read.", reason="relation_kind")
    there = {row[1].casefold() for row in connection.execute(f"PRAGMA table_xinfo({_quoted(relation)})")}
    lacking = [f.column for f in declared.fields if f.column.casefold() not in there]
    if lacking:
        listed = ", ".join(f"'{column}'" for column in lacking)
        raise Unfit(
            f"{path.name}: '{relation}' has no column {listed}. Correct the description.", reason="column_missing"
        )
    has_order = kind == "table" and "without rowid" not in " ".join(str(sql).casefold().rsplit(")", 1)[-1].split())
    if has_order and "_rowid_" not in there:
        return "_rowid_"
    columns = {f.name: f.column for f in declared.fields}
    return ", ".join(_quoted(c) for c in (*(columns[k] for k in declared.key), *columns.values()))


def _gather(gathering: Gathering, connection: sqlite3.Connection, declared: RegisterTable, *, order: str) -> None:
    columns = ", ".join(_quoted(f.column) for f in declared.fields)
    rows = connection.execute(f"SELECT {columns} FROM {_quoted(declared.writing.relation)} ORDER BY {order}")
    first = 1
    while batch := rows.fetchmany(_BATCH):
        found = [
            [_recorded(f, value, declared.writing.decimal_mark) for value in column]
            for f, column in zip(declared.fields, zip(*batch, strict=True), strict=True)
        ]
        gathering.add(list(zip(*found, strict=True)), range(first, first + len(batch)))
        first += len(batch)


def _recorded(field: Field, value: object, decimal_mark: str) -> Recorded:
    match value:
        case None:
            return None
        case str():
            return Fault("no_text") if _NO_TEXT in value else value
        case int():
            return _truth(field, value) if field.type is FieldType.BOOLEAN else str(value)
        case float():
            exact = Decimal(repr(value))
            text = format(exact, "f") if exact.is_finite() else str(value)
            return text.replace(".", decimal_mark) if field.type is FieldType.DECIMAL else text
    return Fault("bytes")


def _truth(field: Field, value: int) -> Recorded:
    """SQLite has no truth values but 1 and 0, which may also be the field's own words, in whichever sense."""
    words = (field.format or "true;false").split(";")
    if value in {0, 1} and not any(word.isdecimal() for word in words):
        return truth_in(field, value=bool(value))
    return str(value)


def _operational(error: sqlite3.OperationalError, path: Path) -> Misused | Unfit:
    # SQLite's own words may repeat a value: they are looked at, and never told.
    words = str(error)
    if "locked" in words or "busy" in words:
        return Misused(f"{path.name} is being written: read it again when its writer is done.", reason="database_busy")
    if "UTF-8" in words:
        return Unfit(f"{path.name} holds a text that is not UTF-8: ask for it again.", reason="encoding")
    if "unable to open" in words or "readonly" in words:
        return Misused(
            f"{path.name} cannot be opened: it was not closed by its writer, or its folder may not be read.",
            reason="database_busy",
        )
    return _damaged(path)


def _damaged(path: Path) -> Unfit:
    return Unfit(f"{path.name} is no whole SQLite database, or its view does more than read.", reason="database_form")


def _quoted(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'
