"""Sealed tables: Parquet that is encrypted as it is written, and read only through the engine that knows the key.

Each page and the footer are sealed by AES-GCM, but not bound to their places in the file: what was written is known again by
the digest of the whole file.

Handbook 2.6 (the sensitive environment).
"""

from __future__ import annotations

import base64
import hashlib
import os
import secrets
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO, Final, Self, cast

import duckdb
import ibis.expr.types as ir

from jalostamo.concepts.errors import Misused, Unfit
from jalostamo.engine.connection import literal_path

if TYPE_CHECKING:
    from jalostamo.engine.connection import Engine

KEY_BYTES: Final = 32
_HANDED_OVER: Final = "jalostamo_handed_over"
_PIECE: Final = 2**20
_PLAINLY: Final = "FORMAT parquet, COMPRESSION zstd, ROW_GROUP_SIZE 122880"


class TableKey:
    """A key by which tables are sealed: random, never shown, never copied, and overwritten when it is destroyed."""

    __slots__ = ("_key", "_name")

    def __init__(self, key: bytearray | None = None) -> None:
        self._key = bytearray(secrets.token_bytes(KEY_BYTES)) if key is None else key
        if len(self._key) != KEY_BYTES:
            raise ValueError(f"A key of tables has {KEY_BYTES} bytes.")
        self._name = f"key_{secrets.token_hex(8)}"

    @classmethod
    def handed_over(cls, written: str) -> Self:
        """The key that another process wrote down for this one."""
        return cls(bytearray(base64.b64decode(written, validate=True)))

    def __repr__(self) -> str:
        return "TableKey(hidden)"

    def __reduce__(self) -> str:
        raise TypeError("A key of tables is not copied.")

    @property
    def name(self) -> str:
        """What an engine calls this key; it tells nothing of it."""
        return self._name

    def written(self) -> str:
        """The key as text, for the one process that is to seal or open with it."""
        if not any(self._key):
            raise ValueError("The key of tables has been destroyed.")
        return base64.b64encode(self._key).decode("ascii")

    def destroy(self) -> None:
        """Overwrite the bytes held here: what was sealed with them alone can then be opened by nobody."""
        for place in range(len(self._key)):
            self._key[place] = 0


class _Known:
    """The keys that an engine has been told; ended with the engine, which forgets them by being told others."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._told = set[str]()

    def name_of(self, key: TableKey) -> str:
        if key.name not in self._told:
            tell_key(self._engine.backend.con, key.name, key.written)
            self._told.add(key.name)
        return key.name

    def forget(self, name: str) -> None:
        if name in self._told:
            tell_key(self._engine.backend.con, name, TableKey().written)
            self._told.discard(name)

    def close(self) -> None:
        for name in tuple(self._told):
            self.forget(name)


def tell_key(connection: duckdb.DuckDBPyConnection, name: str, key: Callable[[], str]) -> None:
    """Tell an engine a key by a variable: a key that stood in the statement would stand in its plans, logs and errors."""
    try:
        connection.execute(f"SET VARIABLE {_HANDED_OVER} = ?", [key()])
        connection.execute(f"PRAGMA add_parquet_key('{name}', getvariable('{_HANDED_OVER}'))")
    finally:
        connection.execute(f"RESET VARIABLE {_HANDED_OVER}")


def known_to(engine: Engine, key: TableKey) -> str:
    """The name by which the engine knows a key, told to it when it is first needed; refused where it cannot seal."""
    if engine.name != "duckdb":
        raise Misused(
            "Spark writes tables that are not sealed, and the closed room keeps no others: run it with JALOSTAMO_ENGINE=duckdb.",
            reason="sealing_engine",
        )
    return engine.company(_Known, lambda: _Known(engine)).name_of(key)


def forget_key(engine: Engine, key: TableKey) -> None:
    """Destroy a key, here and in the engine: what was sealed with it alone can be opened no more."""
    engine.company(_Known, lambda: _Known(engine)).forget(key.name)
    key.destroy()


def option_of(engine: Engine, key: TableKey | None) -> str:
    """What a COPY statement says besides, so that what it writes is sealed; nothing where there is no key."""
    return "" if key is None else f", ENCRYPTION_CONFIG {{footer_key: '{known_to(engine, key)}'}}"


def sealed_view(engine: Engine, path: Path, key: TableKey, *, numbered: bool = False) -> ir.Table:
    """A sealed file as a table, which is opened as it is read; `numbered` by `file_row_number`."""
    name = engine.fresh_name()
    engine.backend.con.execute(f"CREATE TEMP VIEW {name} AS SELECT * FROM {_source(engine, path, key, numbered)}")
    return engine.backend.table(name)


def sealed_outline(engine: Engine, path: Path, key: TableKey) -> tuple[int, Mapping[str, str]] | None:
    """How many rows a sealed file has, and the type of each column; None where it is no file sealed with this key."""
    source = _source(engine, path, key, numbered=False)
    connection = engine.backend.con
    try:
        described = connection.execute(f"DESCRIBE SELECT * FROM {source}").fetchall()
        (rows,) = connection.execute(f"SELECT count(*) FROM {source}").fetchone() or (0,)
    except duckdb.Error:
        return None
    return int(rows), {str(column[0]): str(column[1]) for column in described}


def _source(engine: Engine, path: Path, key: TableKey, numbered: bool) -> str:
    more = ", file_row_number = true" if numbered else ""
    place = _literal(literal_path(path))
    return f"read_parquet({place}, hive_partitioning = false, encryption_config = {{footer_key: '{known_to(engine, key)}'}}{more})"


@dataclass(frozen=True, slots=True, repr=False)
class Sealing:
    """An engine with a key of its own, by which one run seals what it must lay down and opens it again."""

    engine: Engine
    key: TableKey = field(default_factory=TableKey)
    _written: dict[Path, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        known_to(self.engine, self.key)

    def __repr__(self) -> str:
        return "Sealing(hidden)"

    def write(self, table: ir.Table, path: Path, *, order_by: Sequence[str] = ()) -> None:
        """Write a table as one sealed file; with `order_by`, rows stand in the order of their content."""
        ordered = table.order_by([table[name] for name in order_by]) if order_by else table
        config = {"footer_key": known_to(self.engine, self.key)}
        options = {"compression": "zstd", "row_group_size": "122880"}
        self.engine.backend.to_parquet(ordered, str(path), **options, encryption_config=config)
        path.chmod(0o600)
        self._written[path] = _digest(path)

    def read(self, path: Path) -> ir.Table:
        """A sealed file as a table."""
        return sealed_view(self.engine, path, self.key)

    def digest_of_sealed(self, path: Path) -> str | None:
        """The sha256 of a file as it was sealed here; None where it was not."""
        return self._written.get(path)

    def changed(self, path: Path) -> bool:
        """Whether a file is not the one that was sealed here, byte for byte."""
        return not path.is_file() or path.is_symlink() or _digest(path) != self._written.get(path)

    def check(self, path: Path) -> None:
        """Refuse a file that is not the one that was sealed here."""
        if self.changed(path):
            raise Unfit(
                f"{path.name} is not the file that was sealed: it has been changed, or another was put in its place.",
                reason="sealed_changed",
            )

    @contextmanager
    def reading(self, path: Path) -> Iterator[BinaryIO]:
        """What a sealed file holds, as plain Parquet that is read once: it goes through a pipe, and lies nowhere.

        The same rows in the same order always give the same bytes.
        """
        read, write = os.pipe()
        with ThreadPoolExecutor(1) as beside:
            copying = beside.submit(self._copy_plainly, path, write)
            with os.fdopen(read, "rb", buffering=0) as opened:
                yield cast("BinaryIO", opened)
                # Whoever stopped before the end closes the pipe on a copying that fails for that alone.
                is_over = not opened.read(1)
            if is_over:
                copying.result()

    def digest(self, path: Path) -> str:
        """The sha256 of the bytes that `reading` gives."""
        found = hashlib.sha256()
        with self.reading(path) as opened:
            while piece := opened.read(_PIECE):
                found.update(piece)
        return found.hexdigest()

    def close(self) -> None:
        """Destroy the key, here and in the engine: what was sealed can be opened no more."""
        forget_key(self.engine, self.key)

    def _copy_plainly(self, path: Path, pipe: int) -> None:
        source = _source(self.engine, path, self.key, numbered=False)
        try:
            self.engine.backend.con.execute(f"COPY (SELECT * FROM {source}) TO '/dev/fd/{pipe}' ({_PLAINLY})")
        except duckdb.Error:
            raise Misused(
                f"{path.name} cannot be opened: what was sealed is gone, or was changed.", reason="out_unwritable"
            ) from None
        finally:
            os.close(pipe)


def _digest(path: Path) -> str:
    with path.open("rb") as opened:
        return hashlib.file_digest(opened, "sha256").hexdigest()


def _literal(word: str) -> str:
    return "'" + word.replace("'", "''") + "'"
