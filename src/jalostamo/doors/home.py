"""Where an installation keeps what: delivered sources, the closed room, and the exchange between the environments.

Handbook 2.6 (the sensitive and the non-sensitive environment).
"""

from __future__ import annotations

import errno
import fcntl
import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from jalostamo.concepts.errors import Misused

PATIENCE: Final = 60.0
_EVERY: Final = 0.05


@dataclass(frozen=True, slots=True)
class Home:
    """A home is the one folder of a demonstration; `closed` is the closed room's alone, `exchange` is shared."""

    folder: Path

    @property
    def sources(self) -> Path:
        """A folder per register, as the source systems delivered them."""
        return self.folder / "sources"

    def delivered(self) -> Path:
        """The sources; refused where nothing was delivered, as in a home whose name is misspelt."""
        if not self.sources.is_dir():
            raise Misused(
                f"'{self.folder}' has no folder 'sources': it holds a folder for each register, as its owner delivered it.",
                reason="sources_missing",
            )
        return self.sources

    @property
    def closed(self) -> Path:
        """The closed room's vault and workspace."""
        return self.folder / "closed"

    @property
    def townhall(self) -> Path:
        """Townhall's own side: the key by which it signs, and the events of each permit."""
        return self.folder / "townhall"

    @property
    def open(self) -> Path:
        """The open room's own side: the keys of the people whose jobs it runs."""
        return self.folder / "open"

    @property
    def orders(self) -> Path:
        """What townhall orders of the closed room, each order a folder."""
        return self.folder / "exchange" / "orders"

    @property
    def permits(self) -> Path:
        """The newest events of each permit, as townhall publishes them."""
        return self.folder / "exchange" / "permits"

    @property
    def audit(self) -> Path:
        """The log of who did what, and its key: the closed room's own."""
        return self.closed / "audit"

    @property
    def checkpoints(self) -> Path:
        """The second place of the log's checkpoints: public, and to be copied elsewhere."""
        return self.folder / "exchange" / "checkpoints"

    @property
    def releases(self) -> Path:
        """What the closed room let out."""
        return self.folder / "exchange" / "releases"

    @property
    def twins(self) -> Path:
        """Synthetic twins, a folder per case: townhall draws the first, the closed room those with printed marginals."""
        return self.folder / "exchange" / "twins"

    @property
    def cubes(self) -> Path:
        """The printed cells that the closed room let out, a folder per population."""
        return self.folder / "exchange" / "cubes"

    @property
    def holds(self) -> Path:
        """The decisions by which what is due may not be destroyed yet, signed by townhall."""
        return self.folder / "exchange" / "holds"

    @property
    def certificates(self) -> Path:
        """What the closed room certifies of destroyed keys, signed by it."""
        return self.folder / "exchange" / "certificates"

    @property
    def results(self) -> Path:
        """What analyses found in releases."""
        return self.folder / "exchange" / "results"

    @property
    def jobs(self) -> Path:
        """What the open room is asked to run."""
        return self.folder / "exchange" / "jobs"

    @property
    def status(self) -> Path:
        """How far the closed room is: words of a closed list and counts, nothing else."""
        return self.folder / "exchange" / "status"

    @property
    def publications(self) -> Path:
        """What is shown to readers."""
        return self.folder / "exchange" / "publications"

    def private(self, name: str) -> Path:
        """A folder of the closed room, made if it is missing, for its own eyes."""
        return made(made(self.closed, mode=0o700) / name, mode=0o700)


def made(folder: Path, *, mode: int | None = None) -> Path:
    """The folder, made if it is missing; refused where this process may not write in it."""
    try:
        folder.mkdir(mode=mode or 0o777, parents=True, exist_ok=True)
        if mode is not None:
            folder.chmod(mode)
    except OSError as error:
        raise _forbidden(folder, error) from None
    if not os.access(folder, os.W_OK | os.X_OK):
        raise _forbidden(folder, PermissionError(errno.EACCES, os.strerror(errno.EACCES)))
    return folder


@contextmanager
def alone(folder: Path, *, doing: str, patience: float = PATIENCE) -> Iterator[None]:
    """Be the only process that does something in a folder: another one is waited for, then told of.

    What holds the folder is the process, not the file `lock`: whoever is killed lets go.
    """
    with _opened(folder / "lock") as descriptor:
        until = time.monotonic() + patience
        while not _taken(descriptor):
            if time.monotonic() > until:
                raise Misused(f"another process is {doing} there: try again when it has ended.", reason="home_busy")
            time.sleep(_EVERY)
        yield


@contextmanager
def _opened(path: Path) -> Iterator[int]:
    try:
        descriptor = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
    except OSError as error:
        raise _forbidden(path, error) from None
    try:
        yield descriptor
    finally:
        os.close(descriptor)


def _forbidden(path: Path, error: OSError) -> Misused:
    return Misused(
        f"'{path}' cannot be written: {error.strerror}. Check its permissions, or name another place.",
        reason="home_unwritable",
    )


def _taken(descriptor: int) -> bool:
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True
