"""Workers of the closed room: each is known to live by a lock that ends with its process, and what the dead left is cleared.

Handbook 2.6, phases 4 and 5.
"""

from __future__ import annotations

import fcntl
import os
import secrets
import shutil
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from jalostamo.doors.home import Home

_FOLDER: Final = "workers"


@contextmanager
def at_the_bench(home: Home) -> Iterator[str]:
    """A worker's name while the block lasts; whatever ends its process, it is then known to have ended."""
    folder, name = home.private(_FOLDER), secrets.token_hex(8)
    _bury(folder)
    # Nobody takes it for a dead one's before the lock is held.
    descriptor = os.open(folder / f".{name}", os.O_RDWR | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX)
        (folder / f".{name}").rename(folder / name)
        yield name
    finally:
        (folder / name).unlink(missing_ok=True)
        os.close(descriptor)


def has_ended(home: Home, worker: str) -> bool:
    """Whether a worker is known to have ended; one that is merely held has not."""
    return _is_dead(home.closed / _FOLDER / worker)


def clear_after_the_dead(home: Home, folders: Iterable[Path]) -> None:
    """Destroy folders of workers that have ended: their names hold the worker's, and nobody comes back to them."""
    for folder in folders:
        if all(has_ended(home, part) for part in folder.name.split(".")):
            shutil.rmtree(folder, ignore_errors=True)


def _bury(folder: Path) -> None:
    for left in folder.glob("[!.]*"):
        if _is_dead(left):
            left.unlink(missing_ok=True)


def _is_dead(place: Path) -> bool:
    try:
        descriptor = os.open(place, os.O_RDWR)
    except FileNotFoundError:
        return True
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    finally:
        os.close(descriptor)
    return True
