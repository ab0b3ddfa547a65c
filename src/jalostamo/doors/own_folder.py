"""A folder of a run's own for what it lays down meanwhile; what a run that was killed left there, the next one takes away.

Handbook 2.6 (the sensitive environment).
"""

from __future__ import annotations

import fcntl
import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

PREFIX: Final = "jalostamo-own-"


@contextmanager
def own_folder() -> Iterator[Path]:
    """A private folder, gone with the block; held by its process, so that whoever is killed lets go."""
    _sweep(Path(tempfile.gettempdir()))
    while True:
        with tempfile.TemporaryDirectory(prefix=PREFIX, ignore_cleanup_errors=True) as name:
            folder, held = Path(name), _taken(Path(name))
            if held is None:
                # Between its making and its being held another run took it for a dead one's.
                continue
            try:
                yield folder
            finally:
                os.close(held)
            return


def _sweep(above: Path) -> None:
    """Take away the folders of this user's that no process holds."""
    for folder in above.glob(f"{PREFIX}*"):
        held = _taken(folder)
        if held is not None:
            shutil.rmtree(folder, ignore_errors=True)
            os.close(held)


def _taken(folder: Path) -> int | None:
    """A descriptor by which a folder of this user's is held; None where another holds it, or it is gone."""
    try:
        descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW)
    except OSError:
        return None
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        found = os.fstat(descriptor)
        if found.st_uid == os.getuid() and folder.exists() and found.st_ino == folder.stat().st_ino:
            return descriptor
    except OSError:
        pass
    os.close(descriptor)
    return None
