"""Record keys: a uniform random-looking number for each unit to protect, of which the noise of printed counts is made.

Whoever knows record keys can take the noise away, and link: they never leave the closed room, and are in no release.

Handbook 2.6 (pseudonymising the data).
"""

from __future__ import annotations

import errno
import hmac
import os
import secrets
import stat
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Final, Self

import numpy as np

from jalostamo.concepts.customers import KEY_SPACE as KEY_SPACE
from jalostamo.concepts.errors import Misused, Unfit
from jalostamo.storage.places import sync

SECRET_BYTES: Final = 32
MARK_BYTES: Final = 16

_OTHERS: Final = stat.S_IRWXG | stat.S_IRWXO
_CHANGED_BY_OTHERS: Final = stat.S_IWGRP | stat.S_IWOTH


class RecordKeys:
    """Record keys follow from a secret that is never shown: random for one publication, or kept in a file for a series.

    A one-off publication destroys it afterwards. While a series' secret lives, the same units print the same counts
    at every refresh, and the material counts as pseudonymised.
    """

    __slots__ = ("_secret", "_series_mark")

    def __init__(self) -> None:
        self._secret = bytearray(secrets.token_bytes(SECRET_BYTES))
        self._series_mark: str | None = None

    @classmethod
    def of_series(cls, path: Path) -> Self:
        """The keys of a series, whose secret is in this file; made when missing, in a folder that is there.

        Refused where anyone else may read the file, or put another one in its place.
        """
        _look_at_folder(path.parent)
        made = cls()
        mark = bytearray(secrets.token_bytes(MARK_BYTES))
        if not path.exists(follow_symlinks=False):
            # Of two that begin the series at once, one makes it; both read it.
            made._keep(path, mark)
        made._read(path, mark)
        made._series_mark = mark.hex()
        return made

    def __repr__(self) -> str:
        return "RecordKeys(hidden)"

    def __reduce__(self) -> str:
        raise TypeError("Record keys are not copied.")

    @property
    def series_mark(self) -> str | None:
        """A public name of the series, random and kept beside its secret: equal marks mean equal noise; none if one-off."""
        return self._series_mark

    def keys(self, identifiers: Iterable[str], *, kind: str) -> list[int]:
        """The first 64 bits of HMAC-SHA-256 of each identifier, modulo 10^8; `kind` keeps persons and households apart."""
        if not any(self._secret):
            raise ValueError("The secret of the record keys has been destroyed.")
        # The secret is never held by a name of this function: whoever shows a traceback with its values would show it.
        prefix = f"{kind}:".encode()
        digests = b"".join(hmac.digest(self._secret, prefix + text.encode(), "sha256") for text in identifiers)
        # The first 8 of each 32 bytes, all at once: half a million identifiers take about a second.
        found: list[int] = (np.frombuffer(digests, dtype=">u8")[::4] % KEY_SPACE).tolist()
        return found

    def destroy(self) -> None:
        """Forget the secret held here; a one-off's is then gone, a series' is still in its file."""
        for place in range(len(self._secret)):
            self._secret[place] = 0

    def _keep(self, path: Path, mark: bytearray) -> None:
        part = path.with_name(f".{path.name}.{secrets.token_hex(8)}")
        with _failing(path, "written"):
            descriptor = os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
            try:
                if os.writev(descriptor, [self._secret, mark]) < SECRET_BYTES + MARK_BYTES:
                    raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
                os.fsync(descriptor)
                # A second name for the same file: it is there whole or not at all, and replaces no other secret.
                with suppress(FileExistsError):
                    path.hardlink_to(part)
            finally:
                os.close(descriptor)
                part.unlink()
            sync(path.parent)

    def _read(self, path: Path, mark: bytearray) -> None:
        with _opened(path, os.O_RDONLY) as descriptor:
            size = os.fstat(descriptor).st_size
            read = os.readv(descriptor, [self._secret, mark])
        if not size == read == SECRET_BYTES + MARK_BYTES or not any(self._secret):
            raise Unfit(f"{path.name} holds no secret of a series: restore it, or begin another.", reason="series_form")


def end_series(path: Path) -> None:
    """Make every record key of a series unrecoverable: its secret is overwritten before its file is removed."""
    with _opened(path, os.O_WRONLY) as descriptor:
        os.write(descriptor, bytes(SECRET_BYTES + MARK_BYTES))
        os.fsync(descriptor)
    with _failing(path, "removed"):
        path.unlink()
        sync(path.parent)


@contextmanager
def _opened(path: Path, way: int) -> Iterator[int]:
    """A plain file that nobody else may read or change; a link, a pipe or another's file is none."""
    with _failing(path, "opened"):
        descriptor = os.open(path, way | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC)
    try:
        found = os.fstat(descriptor)
        if not stat.S_ISREG(found.st_mode) or found.st_uid != os.geteuid() or found.st_mode & _OTHERS:
            raise Misused(
                f"{path.name} is not for its owner alone: its series counts as disclosed. Give it mode 600 only if "
                "nobody else has read it; else begin another series.",
                reason="series_exposed",
            )
        yield descriptor
    finally:
        os.close(descriptor)


def _look_at_folder(folder: Path) -> None:
    with _failing(folder, "opened"):
        found = folder.stat()
    if not stat.S_ISDIR(found.st_mode) or found.st_uid not in (0, os.geteuid()) or found.st_mode & _CHANGED_BY_OTHERS:
        raise Misused(
            f"{folder.name} is no folder in which only its owner may put files: give it mode 700.",
            reason="series_exposed",
        )


@contextmanager
def _failing(path: Path, what: str) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise Misused(f"{path.name} cannot be {what}: {error.strerror}.", reason="series_unusable") from None
