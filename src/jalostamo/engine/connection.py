"""Opening an engine, and the few things that are done to it by hand: reading, writing, keeping, counting.

Handbook 2.5.
"""

from __future__ import annotations

import glob
import logging
import os
import re
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cache
from importlib.metadata import version
from importlib.util import find_spec
from itertools import count
from pathlib import Path
from typing import TYPE_CHECKING, Final, Protocol, cast

import ibis
import ibis.expr.types as ir

from jalostamo.concepts.errors import Broken, Misused
from jalostamo.concepts.writings import is_timezone
from jalostamo.engine.versions import SETTING as SETTING
from jalostamo.engine.versions import check_versions

if TYPE_CHECKING:
    import ibis.expr.operations as ops
    import pyarrow as pa
    from ibis.backends.sql import SQLBackend

_MEMORY: Final = re.compile(r"\d+(\.\d+)? ?[KMGT]i?B", re.ASCII)
_SPARK: Final = re.compile(r"spark://\S+:\d+|local\[(\d+|\*)\]", re.ASCII)
_PATTERN: Final = re.compile(r"[*?{}\[\]\\]")
"""What Spark takes for a pattern in a path."""

_TALKATIVE: Final = ("DataFrameQueryContextLogger", "SQLQueryContextLogger")
"""What prints the errors that Spark raises, before anybody can catch them."""

_NETWORK: Final = "HTTPFileSystem,S3FileSystem,HuggingFaceFileSystem"
_NEVER: Final = logging.CRITICAL + 1
MOST_ROWS_IN_PYTHON: Final = 2_000_000
"""More rows than counts ever are: what would bring this many to Python is a fault of ours, not a large city."""


class _Literal(str):
    """A text that shows itself as SQL writes it: options are put into SQL as they show themselves."""

    def __repr__(self) -> str:
        return "'" + self.replace("'", "''") + "'"


class Closing(Protocol):
    """What is closed when it is needed no more."""

    def close(self) -> None: ...


@dataclass(frozen=True, slots=True)
class Engine:
    """An engine runs expressions; it is opened by `open_engine` and closed with its block.

    `workspace` is a private folder in which it may spill; `timezone` is that of local times.
    """

    name: str
    backend: SQLBackend
    workspace: Path
    timezone: str = "UTC"
    _numbers: Iterator[int] = field(default_factory=count, repr=False)
    _company: dict[type, Closing] = field(default_factory=dict, repr=False, compare=False)

    def company[Kind: Closing](self, kind: type[Kind], start: Callable[[], Kind]) -> Kind:
        """What of a kind is kept beside this engine: started when it is first asked for, closed with the engine."""
        if kind not in self._company:
            self._company[kind] = start()
        return cast("Kind", self._company[kind])

    def read_parquet(self, path: Path) -> ir.Table:
        """A Parquet file, or a folder of them, as a table."""
        if self.name == "duckdb":
            # A folder called sex=F above a file would otherwise be a column, and replace the file's own.
            return self.backend.read_parquet(literal_path(path), hive_partitioning=False)
        return self.backend.read_parquet(_PATTERN.sub(r"\\\g<0>", str(path)))

    def in_memory(self, rows: pa.Table) -> ir.Table:
        """A small Arrow table, such as a hierarchy or a list of codes, as a table of this engine."""
        name = self.fresh_name()
        if self.name == "duckdb":
            return self.backend.create_table(name, rows, temp=True)
        # A view of this session: a table would stay in Spark's warehouse after the session.
        self.backend._session.createDataFrame(rows).createOrReplaceTempView(name)
        return self.backend.table(name)

    def keep(self, table: ir.Table) -> ir.Table:
        """The table computed once, for expressions that use it more than once."""
        if self.name == "duckdb":
            return self.backend.create_table(self.fresh_name(), table, temp=True)
        path = self.workspace / self.fresh_name()
        self.write_parquet(table, path)
        return self.read_parquet(path)

    def typed(self, table: ir.Table) -> ir.Table:
        """The table as if it were kept, not worked out yet: each column of the type by Ibis, not DuckDB's own, as of months."""
        if self.name != "duckdb":
            return table
        name, types = self.fresh_name(), self.backend.compiler.type_mapper
        told = ((column.replace('"', '""'), types.to_string(kind)) for column, kind in table.schema().items())
        columns = ", ".join(f'CAST("{column}" AS {kind}) AS "{column}"' for column, kind in told)
        self.backend.raw_sql(f"CREATE TEMP VIEW {name} AS SELECT {columns} FROM ({self.backend.compile(table)})")
        return self.backend.table(name)

    def discard(self, kept: ir.Table) -> None:
        """Let go of a table that was kept, and of the memory it takes; on Spark it stays in the workspace."""
        if self.name == "duckdb":
            self.backend.drop_table(cast("ops.DatabaseTable", kept.op()).name)

    def write_parquet(
        self, table: ir.Table, path: Path, *, order_by: Sequence[str] = (), notes: Mapping[str, str] | None = None
    ) -> None:
        """Write a table as Parquet; on DuckDB one file, on Spark a folder.

        With `order_by`, rows stand in the order of their content, so that the same rows give the same bytes. `notes` are
        put into the file beside its rows, which DuckDB alone can do.
        """
        ordered = table.order_by([table[name] for name in order_by]) if order_by else table
        options: dict[str, object] = {"compression": "zstd"}
        if self.name == "duckdb":
            options["row_group_size"] = "122880"
        if notes:
            options["kv_metadata"] = {_Literal(key): _Literal(note) for key, note in notes.items()}
        self.backend.to_parquet(ordered, str(path), **options)

    def rows(self, table: ir.Table) -> list[dict[str, object]]:
        """Counts as plain rows, for Python to decide on; missing values are None."""
        return cast("list[dict[str, object]]", self.arrow(table).to_pylist())

    def arrow(self, table: ir.Table) -> pa.Table:
        """Counts as an Arrow table, as many at most as Python may hold."""
        # Asked of this engine by name: a table in memory would else be computed by one of Ibis' own, without our settings.
        arrow = self.backend.to_pyarrow(table.limit(MOST_ROWS_IN_PYTHON + 1))
        if arrow.num_rows > MOST_ROWS_IN_PYTHON:
            raise Broken(f"More than {MOST_ROWS_IN_PYTHON} rows were asked into Python.", reason="rows_in_python")
        return arrow

    def only_row(self, table: ir.Table) -> Mapping[str, object]:
        """The one row of a table of totals."""
        (row,) = self.rows(table)
        return row

    def fresh_name(self) -> str:
        """A name for a table that no other table of this engine has."""
        return f"kept_{next(self._numbers)}"


@contextmanager
def open_engine(
    url: str | None = None, *, workspace: Path, timezone: str = "UTC", memory: str | None = None
) -> Iterator[Engine]:
    """Open the engine that `url` names, DuckDB where it names none: "duckdb", or "spark://host:port", or "local[2]".

    `workspace` must exist and be private: what does not fit in memory is spilled there. `memory` is a DuckDB limit ("4GiB").
    """
    check_versions()
    chosen = url or "duckdb"
    if not is_timezone(timezone):
        raise Misused("A time zone is a name such as Europe/Helsinki.", reason="timezone")
    if memory is not None and not _MEMORY.fullmatch(memory):
        raise Misused("A limit of memory is a number and a unit, such as 4GiB.", reason="engine_memory")
    if chosen == "duckdb":
        opened = _open_duckdb(workspace, timezone=timezone, memory=memory)
    elif _SPARK.fullmatch(chosen):
        opened = _open_spark(chosen, workspace, timezone=timezone)
    else:
        raise Misused(f"{SETTING} is 'duckdb', 'spark://host:port' or 'local[cores]'.", reason="engine_unknown")
    try:
        yield opened
    finally:
        for kept in opened._company.values():
            kept.close()
        opened.backend.disconnect()


def _open_duckdb(workspace: Path, *, timezone: str, memory: str | None) -> Engine:
    spill = workspace / "spill"
    spill.mkdir(mode=0o700, exist_ok=True)
    settings: dict[str, object] = {
        "temp_directory": str(spill),
        # Spilled rows are persons' rows: DuckDB leaves them plain unless told, even where the database is encrypted.
        "temp_file_encryption": True,
        "autoinstall_known_extensions": False,
        "autoload_known_extensions": False,
        "allow_community_extensions": False,
        "allow_persistent_secrets": False,
        "python_enable_replacements": False,
        # It takes a file for the one that it read before where both are as long and written soon after each other.
        "enable_external_file_cache": False,
        # Looking at a signature takes a tenth of a second: `load_extension` has it looked at once in a process.
        "allow_unsigned_extensions": True,
    }
    if memory is not None:
        settings["memory_limit"] = memory
    backend = ibis.duckdb.connect(**settings)
    # With it comes OpenSSL, without which nothing encrypted is written, so nothing spilled.
    load_extension(backend, "httpfs")
    # This cannot be undone: the engine reads no address, only files.
    backend.raw_sql(f"SET disabled_filesystems = '{_NETWORK}'")
    # Ibis sets UTC as it connects; a local time without an offset is read in the zone that was declared.
    backend.raw_sql(f"SET TimeZone = '{timezone}'")
    return Engine("duckdb", backend, workspace, timezone)


def load_extension(backend: SQLBackend, name: str) -> None:
    """Load an extension of DuckDB from the package that was installed with it; nothing is fetched over the network."""
    command, found = loading(name)
    _look_at_signature(command, (found.st_ino, found.st_size, found.st_mtime_ns))
    backend.raw_sql(command)


def loading(name: str) -> tuple[str, os.stat_result]:
    """The statement that loads an extension of DuckDB from the package that was installed with it, and what is told of its file."""
    package, engine = find_spec(f"duckdb_extension_{name}"), version("duckdb")
    home = Path(package.origin).parent if package and package.origin else Path()
    extension = home / "extensions" / f"v{engine}" / f"{name}.duckdb_extension"
    if not extension.is_file():
        raise Broken(
            f"DuckDB {engine} needs the package duckdb-extension-{name.replace('_', '-')} of its own version: make setup.",
            reason="versions",
        )
    return f"LOAD '{str(extension).replace("'", "''")}'", extension.stat()


@cache
def _look_at_signature(command: str, _file: tuple[int, int, int]) -> None:
    """Load an extension into an engine that demands DuckDB's own signature; what was looked at is not looked at again."""
    import duckdb

    with duckdb.connect(config={"autoload_known_extensions": False, "allow_community_extensions": False}) as strict:
        try:
            strict.execute(command)
        except duckdb.Error:
            raise Broken(
                "An extension of DuckDB is not as it was signed: install it anew, make setup.", reason="versions"
            ) from None


def _open_spark(master: str, workspace: Path, *, timezone: str) -> Engine:
    try:
        from py4j.protocol import Py4JError  # type: ignore[import-untyped]  # py4j has no types
        from pyspark.errors import PySparkException
        from pyspark.logger import PySparkLogger
        from pyspark.sql import SparkSession
    except ImportError as error:
        raise Misused("Spark is not installed: install the extra 'scale'.", reason="engine_not_installed") from error
    if SparkSession.getActiveSession() is not None:
        raise Broken("Spark is open in this process: it has one session, of one time zone.", reason="engine_open")
    builder = SparkSession.builder.master(master).appName("jalostamo")
    for key, value in _spark_settings(workspace, timezone=timezone).items():
        builder = builder.config(key, value)
    for name in _TALKATIVE:
        PySparkLogger.getLogger(name).setLevel(_NEVER)
    try:
        backend = ibis.pyspark.connect(builder.getOrCreate())
    except (PySparkException, Py4JError):
        raise Misused(
            f"Spark does not answer at {SETTING}: it needs Java 17, and the cluster running.",
            reason="engine_unreachable",
        ) from None
    backend.raw_sql(f"SET TIME ZONE '{timezone}'")
    return Engine("spark", backend, workspace, timezone)


def _spark_settings(workspace: Path, *, timezone: str) -> dict[str, str]:
    return {
        # Without these two, Spark's workers take the first python3 on the path, which may be another version.
        "spark.pyspark.python": sys.executable,
        "spark.pyspark.driver.python": sys.executable,
        "spark.driver.host": "127.0.0.1",
        "spark.driver.bindAddress": "127.0.0.1",
        "spark.ui.enabled": "false",
        "spark.ui.showConsoleProgress": "false",
        # Spark's own account of an error may quote a row.
        "spark.log.level": "OFF",
        "spark.local.dir": str(workspace),
        "spark.sql.warehouse.dir": str(workspace / "warehouse"),
        "spark.sql.session.timeZone": timezone,
        "spark.sql.shuffle.partitions": "8",
        "spark.sql.ansi.enabled": "false",
    }


def literal_path(path: Path) -> str:
    """The path for DuckDB, which would take its stars and brackets for a pattern, and read other files."""
    return glob.escape(str(path))
