"""Where leases are kept: texts under names in one file of SQLite, changed by one at a time, on the disk once changed.

It knows states and kinds as words alone: what is kept is the matter of the room that asks.

Handbook 2.6, phases 4 and 5.
"""

from __future__ import annotations

import os
import sqlite3
import threading
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final, Self

from jalostamo.concepts.errors import Broken, Misused, Unfit
from jalostamo.storage.places import sync

_FULL: Final = 2
"""What SQLite calls the level at which each change is on the disk before it is said to be."""
_VERSION: Final = 1
_WAIT: Final = 20.0
_SCHEMA: Final = (
    "CREATE TABLE kept (place INTEGER PRIMARY KEY AUTOINCREMENT, name TEXT NOT NULL UNIQUE, kind TEXT NOT NULL,"
    " state TEXT NOT NULL, text TEXT NOT NULL)",
    "CREATE INDEX kept_by_state ON kept (state, place)",
    "CREATE TABLE numbers (last INTEGER NOT NULL)",
    "INSERT INTO numbers VALUES (0)",
    f"PRAGMA user_version = {_VERSION}",
)


@dataclass(frozen=True, slots=True)
class Kept:
    """What is kept, for the length of one change or one look."""

    connection: sqlite3.Connection

    def find(self, name: str) -> str | None:
        """The text of this name."""
        return self._first("SELECT text FROM kept WHERE name = ?", name)

    def put(self, name: str, text: str, *, kind: str, state: str) -> None:
        """Keep a text under its name, in the place that the name had or at the end."""
        self.connection.execute(
            "INSERT INTO kept (name, kind, state, text) VALUES (?, ?, ?, ?) ON CONFLICT (name)"
            " DO UPDATE SET kind = excluded.kind, state = excluded.state, text = excluded.text",
            (name, kind, state, text),
        )

    def oldest(self, state: str, kinds: Collection[str]) -> str | None:
        """The first text of a state and of one of the kinds, in the order in which the names came."""
        marks = ", ".join("?" * len(kinds))
        return self._first(
            f"SELECT text FROM kept WHERE state = ? AND kind IN ({marks}) ORDER BY place LIMIT 1", state, *kinds
        )

    def all_of(self, states: Collection[str]) -> list[str]:
        """All texts of some states, in the order in which their names came."""
        marks = ", ".join("?" * len(states))
        rows = self.connection.execute(f"SELECT text FROM kept WHERE state IN ({marks}) ORDER BY place", (*states,))
        return [str(text) for (text,) in rows]

    def next_number(self) -> int:
        """A number larger than any given before."""
        ((number,),) = self.connection.execute("UPDATE numbers SET last = last + 1 RETURNING last").fetchall()
        return int(number)

    def _first(self, query: str, *values: str) -> str | None:
        row = self.connection.execute(query, values).fetchone()
        return str(row[0]) if row else None


class LeaseStore:
    """A file of SQLite on a disk of this machine; it may be used by many processes, and by the threads of each.

    A process that is made by forking opens it anew. `wait` is how many seconds a change waits for others.
    """

    def __init__(self, path: Path, *, wait: float = _WAIT) -> None:
        self._lock = threading.RLock()
        _make(path)
        with _told():
            self._connection = sqlite3.connect(path, timeout=wait, isolation_level=None, check_same_thread=False)
            try:
                self._prepare()
            except BaseException:
                self._connection.close()
                raise

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Let go of the file."""
        self._connection.close()

    @contextmanager
    def changing(self) -> Iterator[Kept]:
        """Change what is kept, alone: every other change waits, of other processes too."""
        with self._transaction("BEGIN IMMEDIATE") as kept:
            yield kept

    @contextmanager
    def looking(self) -> Iterator[Kept]:
        """Look at what is kept, all as it stood at one moment, without waiting for changes of other processes."""
        with self._transaction("BEGIN DEFERRED") as kept:
            yield kept

    @contextmanager
    def _transaction(self, beginning: str) -> Iterator[Kept]:
        with self._lock, _told():
            if self._connection.in_transaction:
                raise Broken("The leases are being changed already, by the same thread.", reason="leases_nested")
            self._connection.execute(beginning)
            try:
                yield Kept(self._connection)
                self._connection.execute("COMMIT")
            except BaseException:
                # A no-op where the fault has ended the change already.
                self._connection.rollback()
                raise

    def _prepare(self) -> None:
        mode = self._pragma("journal_mode = WAL")
        self._connection.execute("PRAGMA synchronous = FULL")
        # A change that is said to be made and is not on the disk would be a token that is given twice.
        if (mode, self._pragma("synchronous")) != ("wal", _FULL):
            raise Misused("The leases cannot be kept there: changes would not be durable.", reason="leases_unwritable")
        with self.changing():
            version = self._pragma("user_version")
            if version == 0:
                for statement in _SCHEMA:
                    self._connection.execute(statement)
        if version not in (0, _VERSION):
            raise Unfit(
                f"The file of leases is of version {version}; this is version {_VERSION}.", reason="leases_changed"
            )

    def _pragma(self, words: str) -> object:
        return self._connection.execute(f"PRAGMA {words}").fetchone()[0]


def _make(path: Path) -> None:
    """Have a file there that its user alone may read, as are then those that SQLite keeps beside it."""
    try:
        descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        try:
            os.fchmod(descriptor, 0o600)
        finally:
            os.close(descriptor)
        sync(path.parent)
    except OSError as error:
        raise Misused(f"{path.name} cannot be kept: {error.strerror}.", reason="leases_unwritable") from None


@contextmanager
def _told() -> Iterator[None]:
    try:
        yield
    except sqlite3.OperationalError as error:
        if error.sqlite_errorcode & 0xFF in (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED):
            raise Misused("The leases are held by another process for too long.", reason="leases_busy") from None
        raise Misused(
            f"The leases cannot be kept or read ({error.sqlite_errorname}).", reason="leases_unwritable"
        ) from None
    except sqlite3.DatabaseError as error:
        raise Unfit(
            f"The file of leases is not as it was written ({error.sqlite_errorname}).", reason="leases_changed"
        ) from None
