"""Records with their values as numbers, at the speed of the embedded engine; whatever is odd is left to the slower readers.

Only DuckDB: on another engine the same numbers come of joins, which a test compares. Its error texts are never repeated.

Handbook 2.6, phase 5.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import duckdb
import ibis.expr.types as ir
import pyarrow as pa

from jalostamo.engine.connection import literal_path
from jalostamo.engine.counting import marks_of, records_in
from jalostamo.engine.intake import LONGEST_RECORD
from jalostamo.engine.lines import may_reopen_quotes
from jalostamo.engine.transcoding import in_utf8
from jalostamo.engine.typed import reading_limit

if TYPE_CHECKING:
    from jalostamo.concepts.writings import Writing
    from jalostamo.engine.connection import Engine


@dataclass(frozen=True, slots=True)
class Wanted:
    """A column that is wanted of a file, and the name under which: as the places of its values among `values`, or as text.

    A missing value is null as a number, "" as a text. What is wanted `as_it_is` keeps its type, and its missing values.
    """

    name: str
    column: str
    values: Sequence[str] | None = None
    as_it_is: bool = False


@contextmanager
def coded_text(
    engine: Engine, path: Path, writing: Writing, *, header: Sequence[str], wanted: Sequence[Wanted]
) -> Iterator[tuple[ir.Table, int] | None]:
    """Columns of a delimited file, and how many records it has; None where quotes may be read in two ways.

    A value that is not among those given, and any fault of form, stops the reading, as `kept_unless_faulty` tells.
    """
    with in_utf8(engine, path, writing) as readable:
        marks = marks_of(readable, writing)
        if not marks.lines_are_records and may_reopen_quotes(readable, writing):
            yield None
            return
        records = records_in(readable, writing, marks, columns=len(header), encoding="utf-8", file=path.name)
        columns = ", ".join(f"c{number}: 'VARCHAR'" for number in range(len(header)))
        delimiter, quote = _literal(writing.delimiter), _literal(writing.quote)
        source = (
            f"read_csv({_literal(literal_path(readable))}, auto_detect = false, header = true, delim = {delimiter}, "
            f"quote = {quote}, escape = {quote}, columns = {{{columns}}}, strict_mode = true, null_padding = false, "
            f"nullstr = '', hive_partitioning = false, compression = 'none', max_line_size = {LONGEST_RECORD}, parallel = true)"
        )
        places = {each.column: f"c{header.index(each.column)}" for each in wanted}
        with _view(engine, source, wanted, texts=places, places=places) as table:
            yield table, records


@contextmanager
def coded_parquet(engine: Engine, path: Path, *, wanted: Sequence[Wanted]) -> Iterator[ir.Table]:
    """Columns of a Parquet file likewise."""
    source = f"read_parquet({_literal(literal_path(path))}, hive_partitioning = false)"
    places = {each.column: _name(each.column) for each in wanted}
    texts = {column: f"nullif(CAST({name} AS VARCHAR), '')" for column, name in places.items()}
    with _view(engine, source, wanted, texts=texts, places=places) as table:
        yield table


@contextmanager
def within_memory() -> Iterator[None]:
    """Turn counting that needs more memory, or disk to spill to, than there is into one sentence: it is nobody's fault."""
    try:
        yield
    except (duckdb.OutOfMemoryException, MemoryError):
        raise reading_limit() from None


def kept_unless_faulty(engine: Engine, table: ir.Table) -> ir.Table | None:
    """The table computed once; None where the engine stumbles on what it reads, whose fault another reader is to tell."""
    try:
        with within_memory():
            return engine.keep(table)
    except (duckdb.InterruptException, duckdb.InternalException, duckdb.IOException):
        raise
    except duckdb.Error:
        return None


def arrow_of(engine: Engine, table: ir.Table) -> pa.Table:
    """Counts as Arrow columns, for NumPy to reckon with; there may be as many as there are different combinations."""
    return engine.backend.to_pyarrow(table)


def write_repeated(engine: Engine, table: ir.Table, path: Path, *, times: str) -> None:
    """Write each row as often as its column `times` says, as one Parquet file whose rows stand in the order of all columns.

    Sorted before they are repeated: what is alike is sorted once.
    """
    names = ", ".join(_name(name) for name in table.columns if name != times)
    query = engine.backend.compile(table)
    engine.backend.con.execute(
        f"COPY (SELECT {names} FROM (SELECT {names}, unnest(range({_name(times)})) FROM "
        f"(SELECT * FROM ({query}) ORDER BY {names}))) TO {_literal(str(path))} "
        "(FORMAT parquet, COMPRESSION zstd, ROW_GROUP_SIZE 122880)"
    )


@contextmanager
def _view(
    engine: Engine, source: str, wanted: Sequence[Wanted], *, texts: Mapping[str, str], places: Mapping[str, str]
) -> Iterator[ir.Table]:
    connection, name = engine.backend.con, engine.fresh_name()
    kinds = {each.name: f"{name}_{number}" for number, each in enumerate(wanted) if each.values is not None}
    chosen = []
    for each in wanted:
        text = texts[each.column]
        if each.values is not None:
            _make_kind(engine, kinds[each.name], each.values)
            chosen.append(f"CAST(enum_code(CAST({text} AS {kinds[each.name]})) AS INTEGER) AS {_name(each.name)}")
        else:
            kept = places[each.column] if each.as_it_is else f"coalesce({text}, '')"
            chosen.append(f"{kept} AS {_name(each.name)}")
    connection.execute(f"CREATE TEMP VIEW {name} AS SELECT {', '.join(chosen)} FROM {source}")
    try:
        yield engine.backend.table(name)
    finally:
        connection.execute(f"DROP VIEW {name}")
        for kind in kinds.values():
            connection.execute(f"DROP TYPE {kind}")


def _make_kind(engine: Engine, kind: str, values: Sequence[str]) -> None:
    connection = engine.backend.con
    connection.register(f"{kind}_given", pa.table({"value": pa.array(values, pa.string())}))
    connection.execute(f"CREATE TYPE {kind} AS ENUM (SELECT value FROM {kind}_given)")
    connection.unregister(f"{kind}_given")


def _literal(word: str) -> str:
    return "'" + word.replace("'", "''") + "'"


def _name(column: str) -> str:
    return '"' + column.replace('"', '""') + '"'
