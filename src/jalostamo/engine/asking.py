"""One SELECT of somebody else's on tables that can only be read, by an engine that is locked: no file, setting or extension.

The lock is a second wall and no first: DuckDB says itself that it is no boundary. Who asks runs within walls of the kernel.

Handbook 2.6 (the non-sensitive environment).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Final

import duckdb

from jalostamo.concepts.errors import Misused
from jalostamo.engine.connection import loading
from jalostamo.engine.sealing import TableKey, tell_key

if TYPE_CHECKING:
    import pyarrow as pa

_BATCH: Final = 10_000
_COPY: Final = "release.duckdb"
_RELEASED: Final = "released"
LIBRARY_ERROR: Final = duckdb.Error
"""What the engine raises of its own; its words may quote a row, and are for those who may see the tables alone."""


@contextmanager
def open_asking(
    tables: Mapping[str, Path],
    *,
    workspace: Path,
    memory: str = "1GiB",
    locked: bool = True,
    key: TableKey | None = None,
) -> Iterator[duckdb.DuckDBPyConnection]:
    """Open an engine that has these Parquet files as tables, attached to be read only.

    Without `locked` it is as DuckDB comes, for proving that the walls around it hold alone. What is sealed is opened with `key`,
    and copied into a database that is sealed likewise, with a key that ends with the block.
    """
    copy, within = workspace / _COPY, TableKey() if key else None
    _copied(tables, copy, key, within)
    spill = workspace / "asked"
    spill.mkdir(mode=0o700, exist_ok=True)
    with _connected(spill, memory, sealed=key is not None) as opened:
        opened.execute(f"ATTACH {_literal(str(copy))} AS release (READ_ONLY{_sealed(within)})")
        opened.execute("USE release")
        if locked:
            opened.execute("SET enable_external_access = false")
            opened.execute("SET lock_configuration = true")
        yield opened


def one_select(opened: duckdb.DuckDBPyConnection, text: str) -> str:
    """The text, if it is one SELECT by DuckDB's own reckoning; refused if it is anything else, or more than one."""
    try:
        statements = opened.extract_statements(text)
    except duckdb.Error:
        raise Misused("The question cannot be read as SQL.", reason="select_form") from None
    if [statement.type for statement in statements] != [duckdb.StatementType.SELECT]:
        # EXPLAIN is not among them: EXPLAIN ANALYZE INSERT inserts.
        raise Misused("A question is one SELECT, and nothing before or after it.", reason="select_form")
    return text


def answered(opened: duckdb.DuckDBPyConnection, text: str) -> pa.RecordBatchReader:
    """What a SELECT gives, batch by batch."""
    return opened.execute(one_select(opened, text)).to_arrow_reader(_BATCH)


def _copied(tables: Mapping[str, Path], copy: Path, key: TableKey | None, within: TableKey | None) -> None:
    with _connected(copy.parent / "copied", "1GiB", sealed=key is not None) as opened:
        opened.execute(f"ATTACH {_literal(str(copy))} AS release (READ_WRITE{_sealed(within)})")
        if key is not None:
            tell_key(opened, _RELEASED, key.written)
        config = f", encryption_config = {{footer_key: '{_RELEASED}'}}" if key else ""
        for name, path in tables.items():
            # Its path has been checked against the manifest, and is no pattern.
            source = f"read_parquet([{_literal(str(path))}]{config})"
            opened.execute(f"CREATE TABLE release.{_name(name)} AS SELECT * FROM {source}")


def _sealed(within: TableKey | None) -> str:
    # No plan nor log outlives this process, which is the people's own.
    return f", ENCRYPTION_KEY {_literal(within.written())}" if within else ""


def _connected(spill: Path, memory: str, *, sealed: bool) -> duckdb.DuckDBPyConnection:
    opened = duckdb.connect(config=_settings(spill, memory) | {"temp_file_encryption": sealed})
    if sealed:
        opened.execute(loading("httpfs")[0])
    return opened


def _settings(spill: Path, memory: str) -> dict[str, str | bool | int | float | list[str]]:
    return {
        "temp_directory": str(spill),
        "memory_limit": memory,
        "threads": 2,
        "autoinstall_known_extensions": False,
        "autoload_known_extensions": False,
        "allow_community_extensions": False,
        "allow_unsigned_extensions": False,
        "allow_persistent_secrets": False,
        "python_enable_replacements": False,
    }


def _literal(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"


def _name(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'
