"""The files of a log: entries in files of so many lines, the kept checkpoints, and a lock; and how bytes get on the disk.

Handbook 2.6.
"""

from __future__ import annotations

import contextlib
import fcntl
import os
import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from jalostamo.concepts.errors import Misused, Unfit
from jalostamo.storage.places import sync, write_whole

ENTRIES_PER_FILE: Final = 65_536

_NAME: Final = re.compile(r"(\d{12})\.jsonl", re.ASCII)
_PRIVATE: Final = 0o600


@dataclass(frozen=True, slots=True)
class Files:
    """The folder of a log. Each file of entries is named by the number of its first, and holds `per_file` of them."""

    folder: Path
    per_file: int = ENTRIES_PER_FILE

    def entries(self, sequence: int) -> Path:
        """The file in which an entry of that number stands."""
        return self.folder / f"{sequence - sequence % self.per_file:012}.jsonl"

    @property
    def checkpoints(self) -> Path:
        """The checkpoints that the log keeps, one a line."""
        return self.folder / "checkpoints"

    def firsts(self) -> tuple[int, ...]:
        """The first numbers of all files of entries, in order; those that should be there and are missing too."""
        named = [_NAME.fullmatch(path.name) for path in self.folder.iterdir()] if self.folder.is_dir() else []
        numbers = [int(each[1]) for each in named if each]
        return tuple(range(0, max(numbers) + 1, self.per_file)) if numbers else ()

    @contextmanager
    def locked(self, *, alone: bool) -> Iterator[None]:
        """Hold the log, alone to write, or with others to see where it ends; a process that dies lets go of it."""
        try:
            flags = os.O_RDWR | os.O_CREAT if alone else os.O_RDONLY
            descriptor = os.open(self.folder / "lock", flags, _PRIVATE)
        except OSError as error:
            if not alone:
                # A copy, or a folder that may only be read: nobody writes there.
                yield
                return
            raise unwritable(error) from None
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX if alone else fcntl.LOCK_SH)
            yield
        finally:
            os.close(descriptor)


def length_of(path: Path) -> int:
    """How many bytes a file has; none where it is not there."""
    try:
        return path.stat().st_size
    except FileNotFoundError:
        return 0
    except OSError as error:
        raise _unreadable(error) from None


def read_from(path: Path, begins: int) -> bytes:
    """What stands in a file from a place on; nothing where it is not there."""
    try:
        with path.open("rb") as opened:
            opened.seek(begins)
            return opened.read()
    except FileNotFoundError:
        return b""
    except OSError as error:
        raise _unreadable(error) from None


def write_at(path: Path, begins: int, data: bytes) -> None:
    """Write at the end of what counts in a file, and return once it is on the disk; what stood behind is gone.

    Where it fails the file ends again where it did, so that nothing is taken for written that was not.
    """
    new = not path.exists()
    try:
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT, _PRIVATE)
    except OSError as error:
        raise unwritable(error) from None
    try:
        _write(descriptor, begins, data)
        if new:
            sync(path.parent)
    except OSError as error:
        with contextlib.suppress(OSError):
            os.ftruncate(descriptor, begins)
        raise unwritable(error) from None
    finally:
        os.close(descriptor)


def put_once(path: Path, data: bytes) -> None:
    """Let a file appear whole and durable under its name; one that is there already must be the same."""
    try:
        if not path.exists():
            write_whole(path, data)
        elif path.read_bytes() != data:
            raise changed(f"'{path.name}' has been given out before, and says something else")
    except (Misused, OSError) as error:
        why = error.sentence if isinstance(error, Misused) else f"{path.name} cannot be read."
        raise Misused(
            f"A checkpoint of the log cannot be put into its second place: {why} Nothing is done that would have to be "
            "recorded until it can.",
            reason="audit_export",
        ) from None


def sync_file(path: Path) -> None:
    """Have all of a file on the disk, whoever wrote it."""
    try:
        sync(path)
    except OSError as error:
        raise unwritable(error) from None


def unwritable(error: OSError) -> Misused:
    """What is told where the log cannot be written."""
    return Misused(
        f"The audit log cannot be written: {error.strerror}. What cannot be recorded is not done.",
        reason="audit_unwritable",
    )


def _unreadable(error: OSError) -> Misused:
    return Misused(f"The audit log cannot be read: {error.strerror}.", reason="audit_unreadable")


def changed(found: str) -> Unfit:
    """What is told where the log is not as it was left."""
    return Unfit(
        f"The audit log is not as it was left: {found}. Nothing more is recorded until `jalostamo audit verify` has been "
        "looked at.",
        reason="audit_changed",
    )


def _write(descriptor: int, begins: int, data: bytes) -> None:
    rest = memoryview(data)
    place = begins
    while rest:
        # A disk that fills up takes a part, and says so only when asked for the next.
        written = os.pwrite(descriptor, rest, place)
        rest, place = rest[written:], place + written
    if os.fstat(descriptor).st_size > place:
        os.ftruncate(descriptor, place)
    os.fdatasync(descriptor)
