"""The store of keys: one file each, under a key-encryption key that is another one after every destruction.

Destroying a key takes its file away and gives the others a new key-encryption key: what a disk remembers of the old file is
wrapped in a key that is nowhere any more. Whatever moment a process is killed at, the next one that opens the store finishes.

Handbook 2.6 (the sensitive environment; the connection cut off).
"""

from __future__ import annotations

import fcntl
import os
import secrets
import shutil
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from jalostamo.concepts.errors import Misused, Unfit
from jalostamo.managing.sensitive.keys.destroyed import Destroyed, destroyed_in
from jalostamo.managing.sensitive.keys.files import KeyHeader, Lock, header_in, key_file, key_in, lock_in
from jalostamo.managing.sensitive.keys.secret import Secret
from jalostamo.managing.sensitive.keys.unlocking import Unlocking
from jalostamo.storage.places import sync, write_secret, write_whole

LOCK: Final = "keys.json"
DESTROYED: Final = "destroyed"
_ID_BYTES: Final = 16


@dataclass(slots=True)
class KeyStore:
    """An unlocked store of keys, opened by `opened_keys` and nobody else's meanwhile."""

    folder: Path
    _lock: Lock
    _within: Secret
    _key: Secret

    def __repr__(self) -> str:
        return f"KeyStore(epoch {self.epoch}, content hidden)"

    def __reduce__(self) -> str:
        raise TypeError("A store of keys is not copied.")

    @property
    def epoch(self) -> int:
        """How many key-encryption keys there have been."""
        return self._lock.epoch

    @property
    def headers(self) -> Sequence[KeyHeader]:
        """What is told of every key, in the order of their numbers."""
        return [header_in(path.read_bytes(), name=path.name) for path in sorted(self._here.glob("*.key"))]

    def create(self, kind: str, about: str, made: Secret | None = None) -> str:
        """Make a random key of a kind, for the object of that name, and tell its number; it is on the disk by then.

        One that was `made` in memory before, and has sealed something, is taken in.
        """
        number = secrets.token_hex(_ID_BYTES)
        with nullcontext(made) if made else Secret() as key:
            header = KeyHeader(number, kind, about, self.epoch, key.commitment(number))
            part = self._here / f"{number}.part"
            write_secret(part, key_file(header, key, self._key))
            part.rename(self._path(number))
            sync(self._here)
        return number

    def open(self, number: str) -> Secret:
        """A key, to be used in a `with` block; refused where there is none, or it is not as it was written."""
        return self._read(self._path(number))[1]

    def opens(self, path: Path) -> bool:
        """Whether a key's file, wherever it was found, can be opened with the present key-encryption key."""
        written = path.read_bytes()
        header = header_in(written, name=path.name)
        try:
            _, key = key_in(written, self._key, name=f"{header.id}.key", epoch=header.epoch)
        except Unfit:
            return False
        key.destroy()
        return True

    def destroy(self, numbers: Sequence[str]) -> tuple[Destroyed, ...]:
        """Destroy keys for good, and tell what is certified of them; the others go on under a new key-encryption key.

        What was destroyed before is told again.
        """
        told = []
        for number in numbers:
            path = self.folder / DESTROYED / f"{number}.json"
            if not path.is_file():
                header, key = self._read(self._path(number))
                key.destroy()
                # From here on it is destroyed, also for those who open the store after this process was killed.
                write_whole(path, Destroyed(header, self.epoch, self.epoch + 1).written)
            told.append(destroyed_in(path.read_bytes(), name=path.name))
        self._finish()
        return tuple(told)

    def rotate(self) -> None:
        """Put a new key-encryption key in place of the present one; every key is wrapped anew."""
        self._rotated(self._lock.unlocking, self._within)

    def lock_with(self, unlocking: Unlocking) -> None:
        """Lock the store with another passphrase or file from now on; the key-encryption key is a new one, too."""
        remembered = unlocking.begun()
        within = unlocking.secret(remembered)
        self._rotated(remembered, within)
        self._within.destroy()
        self._within = within

    def close(self) -> None:
        """Forget what is held in memory."""
        self._within.destroy()
        self._key.destroy()

    @property
    def _here(self) -> Path:
        return self.folder / str(self.epoch)

    def _path(self, number: str) -> Path:
        return self._here / f"{number}.key"

    def _is_destroyed(self, path: Path) -> bool:
        return (self.folder / DESTROYED / f"{path.stem}.json").is_file()

    def _read(self, path: Path) -> tuple[KeyHeader, Secret]:
        if self._is_destroyed(path):
            raise Misused("The key cannot be opened: it has been destroyed.", reason="key_destroyed")
        if path.parent != self._here or not path.is_file():
            raise Misused("The key cannot be opened: the store has none of that number.", reason="key_unknown")
        return key_in(path.read_bytes(), self._key, name=path.name, epoch=self.epoch)

    def _finish(self) -> None:
        """Carry out what was noted: destroyed keys go, and what a process that was killed left behind."""
        if not self._here.is_dir():
            raise Misused(
                f"{LOCK} is of epoch {self.epoch}, and no keys of it are here: restore both from one backup.",
                reason="keys_lock_missing",
            )
        if any(map(self._is_destroyed, self._here.glob("*.key"))):
            self._rotated(self._lock.unlocking, self._within)
        # Those alone that a rotation makes: anything else is somebody's, and perhaps the one good copy.
        for name in (str(self.epoch - 1), str(self.epoch + 1), f"{self.epoch + 1}.part"):
            shutil.rmtree(self.folder / name, ignore_errors=True)
        for path in (*self.folder.rglob(".jalostamo-*.part"), *self._here.glob("*.part")):
            path.unlink(missing_ok=True)
        sync(self.folder)

    def _rotated(self, remembered: Mapping[str, object], within: Secret) -> None:
        fresh, epoch = Secret(), self.epoch + 1
        lock = Lock.closed(epoch, remembered, within=within, key=fresh)
        part = self.folder / f"{epoch}.part"
        shutil.rmtree(part, ignore_errors=True)
        shutil.rmtree(self.folder / str(epoch), ignore_errors=True)
        part.mkdir(mode=0o700)
        for path in sorted(self._here.glob("*.key")):
            if not self._is_destroyed(path):
                header, key = self._read(path)
                with key:
                    moved = KeyHeader(header.id, header.kind, header.object, epoch, header.commitment)
                    write_secret(part / path.name, key_file(moved, key, fresh))
        sync(part)
        part.rename(self.folder / str(epoch))
        sync(self.folder)
        # The one moment: before it the old keys hold, after it the new ones.
        write_whole(self.folder / LOCK, lock.written, force=True)
        before, self._lock = self._here, lock
        self._key.destroy()
        self._key = fresh
        shutil.rmtree(before)
        sync(self.folder)


@contextmanager
def opened_keys(folder: Path, unlocking: Unlocking) -> Iterator[KeyStore]:
    """The store of a folder, unlocked for the length of the block; made where there is none."""
    with _alone(folder):
        store = _unlocked(folder, unlocking) if (folder / LOCK).is_file() else _made(folder, unlocking)
        try:
            store._finish()
            yield store
        finally:
            store.close()


def _unlocked(folder: Path, unlocking: Unlocking) -> KeyStore:
    lock = lock_in((folder / LOCK).read_bytes())
    within = unlocking.secret(lock.unlocking)
    return KeyStore(folder, lock, within, lock.opened(within))


def _made(folder: Path, unlocking: Unlocking) -> KeyStore:
    if any(path.is_dir() and any(path.iterdir()) for path in folder.iterdir()):
        raise Misused(f"{folder.name} has keys, but no {LOCK}: restore it from its backup.", reason="keys_lock_missing")
    remembered = unlocking.begun()
    within, key = unlocking.secret(remembered), Secret()
    for name in ("1", DESTROYED):
        (folder / name).mkdir(mode=0o700, exist_ok=True)
    lock = Lock.closed(1, remembered, within=within, key=key)
    write_whole(folder / LOCK, lock.written)
    (folder / LOCK).chmod(0o600)
    return KeyStore(folder, lock, within, key)


@contextmanager
def _alone(folder: Path) -> Iterator[None]:
    try:
        folder.mkdir(mode=0o700, exist_ok=True)
        descriptor = os.open(folder / "lock", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    except OSError as error:
        raise Misused(f"{folder.name} cannot be opened: {error.strerror}.", reason="keys_unusable") from None
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        yield
    except BlockingIOError:
        raise Misused("Another process has the keys open: try again when it has ended.", reason="keys_busy") from None
    finally:
        os.close(descriptor)
