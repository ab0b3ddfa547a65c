"""What unlocks a store of keys: a passphrase that somebody knows, or a file that somebody keeps.

Handbook 2.6 (the sensitive environment).
"""

from __future__ import annotations

import os
import secrets
import stat
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final, Protocol

from jalostamo.concepts.errors import Misused, Unfit
from jalostamo.managing.sensitive.keys.secret import SECRET_BYTES, Passphrase, Secret, secret_in
from jalostamo.storage.places import sync

SALT_BYTES: Final = 16
SHORTEST: Final = 12
_MEMORY: Final = range(64 * 2**10, 4 * 2**20 + 1)
_ITERATIONS: Final = range(3, 65)
_LANES: Final = range(1, 17)
_OTHERS: Final = stat.S_IRWXG | stat.S_IRWXO


@dataclass(frozen=True, slots=True)
class Cost:
    """What Argon2id costs for each try of a passphrase; 256 MiB three times took 2.6 s where it was measured."""

    memory_kib: int = 256 * 2**10
    iterations: int = 3
    lanes: int = 1

    def __post_init__(self) -> None:
        if self.memory_kib not in _MEMORY or self.iterations not in _ITERATIONS or self.lanes not in _LANES:
            raise Unfit(
                "The cost of trying a passphrase is out of its bounds: 64 MiB to 4 GiB, 3 to 64 times, 1 to 16 lanes.",
                reason="keys_cost",
            )


class Unlocking(Protocol):
    """What unlocks a store of keys."""

    def begun(self) -> dict[str, object]:
        """What the store remembers of this way when it is locked with it; nothing secret."""
        ...

    def secret(self, remembered: Mapping[str, object]) -> Secret:
        """The secret that unlocks, by what the store remembers."""
        ...


@dataclass(frozen=True, slots=True)
class ByPassphrase:
    """By a passphrase, with Argon2id and a salt of the store's own."""

    passphrase: Passphrase
    cost: Cost = Cost()

    def begun(self) -> dict[str, object]:
        """A new salt, and the cost."""
        if len(self.passphrase) < SHORTEST:
            raise Misused(
                f"A passphrase for keys has {SHORTEST} characters at least: several words are easier to keep.",
                reason="passphrase_short",
            )
        cost = {"memory_kib": self.cost.memory_kib, "iterations": self.cost.iterations, "lanes": self.cost.lanes}
        return {"by": "passphrase", "salt": secrets.token_hex(SALT_BYTES), **cost}

    def secret(self, remembered: Mapping[str, object]) -> Secret:
        """Derived with the salt and the cost that the store remembers, whatever the cost would be today."""
        _check(remembered, "passphrase", {"salt": str, "memory_kib": int, "iterations": int, "lanes": int})
        cost = Cost(*(int(str(remembered[name])) for name in ("memory_kib", "iterations", "lanes")))
        salt = bytes.fromhex(str(remembered["salt"]))
        return self.passphrase.derived(
            salt=salt, memory_kib=cost.memory_kib, iterations=cost.iterations, lanes=cost.lanes
        )


@dataclass(frozen=True, slots=True)
class ByFile:
    """By a file of 32 random bytes, which its owner alone may read; best kept on another disk than the keys."""

    path: Path

    @classmethod
    def made(cls, path: Path) -> ByFile:
        """Make such a file; one that is there is left as it is."""
        try:
            descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        except FileExistsError:
            return cls(path)
        except OSError as error:
            raise Misused(f"{path.name} cannot be written: {error.strerror}.", reason="key_file_unusable") from None
        try:
            os.write(descriptor, secrets.token_bytes(SECRET_BYTES))
            os.fsync(descriptor)
        finally:
            os.close(descriptor)
        sync(path.parent)
        return cls(path)

    def begun(self) -> dict[str, object]:
        """Nothing but that it is a file."""
        return {"by": "file"}

    def secret(self, remembered: Mapping[str, object]) -> Secret:
        """What the file holds; refused where anybody else may read it."""
        _check(remembered, "file", {})
        try:
            descriptor = os.open(self.path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC)
        except OSError as error:
            raise Misused(f"{self.path.name} cannot be read: {error.strerror}.", reason="key_file_unusable") from None
        try:
            found = os.fstat(descriptor)
            if not stat.S_ISREG(found.st_mode) or found.st_uid != os.geteuid() or found.st_mode & _OTHERS:
                raise Misused(
                    f"{self.path.name} is not for its owner alone: what it unlocks counts as disclosed.",
                    reason="key_file_exposed",
                )
            if found.st_size != SECRET_BYTES:
                raise Unfit(
                    f"{self.path.name} is no key file: it has not {SECRET_BYTES} bytes.", reason="key_file_form"
                )
            return secret_in(os.read(descriptor, SECRET_BYTES))
        finally:
            os.close(descriptor)


def _check(remembered: Mapping[str, object], by: str, kinds: Mapping[str, type]) -> None:
    if remembered.get("by") != by:
        other = "a passphrase" if by == "file" else "a key file"
        raise Misused(f"These keys are unlocked by {other}.", reason="keys_unlocking")
    if set(remembered) != {"by", *kinds} or not all(isinstance(remembered[name], kind) for name, kind in kinds.items()):
        raise Unfit("What unlocks these keys is not told as it should be.", reason="keys_damaged")
