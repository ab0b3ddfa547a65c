"""An engine that writes down, as SQL of DuckDB, all that it is asked, so that anybody can ask the same again without us.

Handbook 2.3 (repeatability).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Final

import ibis.expr.operations as ops
import ibis.expr.types as ir
from sqlglot import exp

from jalostamo.engine.connection import Engine, literal_path
from jalostamo.engine.intake import RECORD

if TYPE_CHECKING:
    import pyarrow as pa

    from jalostamo.concepts.writings import Writing

WRITTEN: Final = "written"
_FILE: Final = "{file}"


@dataclass(frozen=True, slots=True)
class RecordingEngine(Engine):
    """An embedded engine with the statements that it ran, in their order: what it kept, and the questions it answered.

    Files stand in them by their names alone: they are to be run in the folder that holds these.
    """

    statements: list[str] = field(default_factory=list, repr=False, compare=False)

    def keep(self, table: ir.Table) -> ir.Table:
        """The table computed once; its query is written down."""
        query = self._query(table)
        kept = Engine.keep(self, table)
        self._note(f"CREATE TEMP TABLE {_quoted(_name_of(kept))} AS\n{query}")
        return kept

    def arrow(self, table: ir.Table) -> pa.Table:
        """Counts as an Arrow table; the question is written down."""
        query = self._query(table)
        self._note(query)
        return Engine.arrow(self, table)

    def in_memory(self, rows: pa.Table) -> ir.Table:
        """A small table, written down with its values."""
        made = Engine.in_memory(self, rows)
        types = self.backend.compiler.type_mapper
        columns = ", ".join(f"{_quoted(name)} {types.to_string(kind)}" for name, kind in made.schema().items())
        name = _quoted(_name_of(made))
        self._note(f"CREATE TEMP TABLE {name} ({columns})")
        values = ",\n  ".join(f"({', '.join(map(_literal, row))})" for row in _rows(rows))
        if values:
            self._note(f"INSERT INTO {name} VALUES\n  {values}")
        return made

    def read_parquet(self, path: Path) -> ir.Table:
        """A Parquet file as a view that is called as the file is."""
        return self._view(path.stem, f"SELECT * FROM read_parquet({_FILE}, hive_partitioning = false)", path)

    def read_log(self, path: Path, written: Writing) -> ir.Table:
        """The records of a log, .csv or .parquet, numbered as they stand: every column of a delimited text as text."""
        if path.name.lower().endswith(".parquet"):
            reading = f"read_parquet({_FILE}, hive_partitioning = false)"
        else:
            told = f"delim = {_literal(written.delimiter)}, encoding = {_literal(written.encoding)}"
            reading = f"read_csv({_FILE}, header = true, all_varchar = true, {told})"
        numbered = f"SELECT row_number() OVER () AS {RECORD}, * FROM {reading}"
        return self._view(WRITTEN, numbered, path)

    def _view(self, name: str, query: str, path: Path) -> ir.Table:
        statement = f"CREATE OR REPLACE TEMP VIEW {_quoted(name)} AS\n{query}"
        self.backend.raw_sql(statement.replace(_FILE, _literal(literal_path(path)), 1))
        self._note(statement.replace(_FILE, _literal(literal_path(Path(path.name))), 1))
        return self.backend.table(name)

    def _query(self, table: ir.Table) -> str:
        return str(self.backend.compile(table, pretty=True))

    def _note(self, statement: str) -> None:
        self.statements.append(statement + ";\n")

    def script(self, head: Sequence[str]) -> str:
        """All statements as one script; `head` says what it is, in lines."""
        zone = f"SET TimeZone = {_literal(self.timezone)};\n"
        return "\n".join([*(f"-- {line}" for line in head), "", zone, *self.statements])


def recording(engine: Engine) -> RecordingEngine:
    """The same embedded engine, writing down what it is asked from here on."""
    return RecordingEngine(
        engine.name, engine.backend, engine.workspace, engine.timezone, engine._numbers, engine._company
    )


def _name_of(table: ir.Table) -> str:
    node = table.op()
    assert isinstance(node, ops.DatabaseTable)
    return str(node.name)


def _rows(rows: pa.Table) -> list[tuple[object, ...]]:
    return list(zip(*(column.to_pylist() for column in rows.columns), strict=True))


def _quoted(name: str) -> str:
    return str(exp.to_identifier(name, quoted=True).sql("duckdb"))


def _literal(value: object) -> str:
    return str(exp.convert(value).sql("duckdb"))
