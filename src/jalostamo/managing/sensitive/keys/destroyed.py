"""What is noted of a destroyed key, and the certificate of destruction: what was done, and what nobody can prove.

Handbook 2.6, phase 8; the connection cut off.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final, cast

from jalostamo.concepts.errors import Misused, Unfit
from jalostamo.managing.sensitive.keys.files import KeyHeader, canonical

FORMAT: Final = "jalostamo-destruction-1"
NOTE: Final = "jalostamo-destroyed-1"
LIMIT: Final = (
    "It shows that this installation has no way left to open what the key sealed. It cannot prove that nobody copied the key, or what "
    "it sealed, before; backups of the keys hold it until they expire; and who has the passphrase or key file of that time, and what "
    "the disk still remembers of deleted files, may find it."
)
_DIGEST: Final = re.compile(r"[0-9a-f]{64}")


@dataclass(frozen=True, slots=True)
class Destroyed:
    """A key that has been destroyed: what its file said, and the epochs before and after."""

    header: KeyHeader
    epoch_before: int
    epoch_after: int

    @property
    def written(self) -> bytes:
        """The note by which the store knows it."""
        said = json.loads(self.header.written) | {"format": NOTE, "epoch_after": self.epoch_after}
        return canonical({**said, "epoch": self.epoch_before})


def destroyed_in(written: bytes, *, name: str) -> Destroyed:
    """The note of a file."""
    try:
        told = json.loads(written)
        header = KeyHeader(**{key: told[key] for key in ("id", "kind", "object", "epoch", "commitment")})
        found = Destroyed(header, header.epoch, told["epoch_after"])
    except (ValueError, KeyError, TypeError, Misused):
        raise Unfit(f"{name} has been damaged.", reason="key_damaged") from None
    if found.written != written:
        raise Unfit(f"{name} has been damaged.", reason="key_damaged")
    return found


@dataclass(frozen=True, slots=True)
class Certificate:
    """A certificate that a key was destroyed, and with it what it sealed; signed by who issues it.

    `ciphertexts` are the digests of the sealed files; `rule` is by which it had to be, `decision` who decided so; `at` is the
    time as it was told, `last_backup` the day on which the last backup of the keys expires.
    """

    destroyed: Destroyed
    ciphertexts: Sequence[str]
    rule: str
    decision: str
    at: str
    last_backup: str | None = None

    def __post_init__(self) -> None:
        if not all(_DIGEST.fullmatch(digest) for digest in self.ciphertexts) or not (self.rule and self.at):
            raise Misused(
                "A certificate names a rule, a time, and the digest of each sealed file.",
                reason="certificate_incomplete",
            )

    @property
    def content(self) -> Mapping[str, object]:
        """What it says."""
        header = self.destroyed.header
        return {
            "format": FORMAT,
            "key": header.id,
            "kind": header.kind,
            "object": header.object,
            "commitment": header.commitment,
            "epoch_before": self.destroyed.epoch_before,
            "epoch_after": self.destroyed.epoch_after,
            "ciphertexts": sorted(self.ciphertexts),
            "rule": self.rule,
            "decision": self.decision,
            "at": self.at,
            "last_backup": self.last_backup,
            "limit": LIMIT,
        }

    @property
    def written(self) -> bytes:
        """Its bytes, which are signed."""
        return canonical(self.content)


def certificate_in(written: bytes) -> Certificate:
    """The certificate of a file; one that does not come back to the letter has been changed."""
    unfit = Unfit("The certificate has been changed, or is none.", reason="certificate_form")
    try:
        told = cast("Mapping[str, object]", json.loads(written))
        epochs = cast("tuple[int, int]", (told["epoch_before"], told["epoch_after"]))
        said = {name: str(told[name]) for name in ("key", "kind", "object", "commitment", "rule", "decision", "at")}
        header = KeyHeader(said["key"], said["kind"], said["object"], epochs[0], said["commitment"])
        found = Certificate(
            destroyed=Destroyed(header, *epochs),
            ciphertexts=tuple(cast("list[str]", told["ciphertexts"])),
            rule=said["rule"],
            decision=said["decision"],
            at=said["at"],
            last_backup=cast("str | None", told["last_backup"]),
        )
    except (ValueError, KeyError, TypeError, Misused):
        raise unfit from None
    if found.written != written:
        raise unfit
    return found
