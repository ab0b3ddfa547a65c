"""Files of a store of keys: one for the key-encryption key, and one for each key; what they say is bound to what they hold.

Handbook 2.6 (the sensitive environment).
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final, cast

from jalostamo.concepts.errors import Misused, Unfit
from jalostamo.managing.sensitive.keys.secret import Secret

STORE_FORMAT: Final = "jalostamo-keys-1"
KEY_FORMAT: Final = "jalostamo-key-1"
KINDS: Final = frozenset({"extract", "linked", "prepared", "release", "pseudonyms", "record_keys", "documents"})
_ID: Final = re.compile(r"[0-9a-f]{32}")
_OBJECT: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9._:@/-]{0,199}")
_LONGEST: Final = 4_096


@dataclass(frozen=True, slots=True)
class KeyHeader:
    """What a key's file says of it: its number, what it is for, and what it commits to; nothing of it is secret."""

    id: str
    kind: str
    object: str
    epoch: int
    commitment: str

    def __post_init__(self) -> None:
        if self.kind not in KINDS or not _OBJECT.fullmatch(self.object):
            raise Misused(
                f"A key is for one of {', '.join(sorted(KINDS))}, and its object has a plain name.", reason="key_object"
            )

    @property
    def written(self) -> bytes:
        """Its bytes, which the wrap is bound to."""
        return canonical(
            {
                "format": KEY_FORMAT,
                "id": self.id,
                "kind": self.kind,
                "object": self.object,
                "epoch": self.epoch,
                "commitment": self.commitment,
            }
        )


def key_file(header: KeyHeader, key: Secret, within: Secret) -> bytes:
    """The file of a key: what it says, and the key wrapped about just that."""
    return header.written + within.wrap(key, about=header.written)


def header_in(written: bytes, *, name: str) -> KeyHeader:
    """What a key's file says, if it says it as it was written."""
    line, mark, _ = written[:_LONGEST].partition(b"\n")
    told = _mapping(line)
    try:
        fields = {key: told[key] for key in ("id", "kind", "object", "epoch", "commitment")}
        header = KeyHeader(**fields)  # type: ignore[arg-type]  # what is of another type is not written likewise
        if mark and header.written == line + mark and _ID.fullmatch(header.id) and type(header.epoch) is int:
            return header
    except (KeyError, TypeError, Misused):
        pass
    raise _damaged(name)


def key_in(written: bytes, within: Secret, *, name: str, epoch: int) -> tuple[KeyHeader, Secret]:
    """The key of a file; refused where it is of another epoch, of another name, or is not as it was written."""
    header = header_in(written, name=name)
    if header.epoch != epoch:
        raise Unfit(
            f"{name} is of epoch {header.epoch}, these keys are of epoch {epoch}: it was kept from an earlier state, "
            "and cannot be opened any more.",
            reason="key_epoch",
        )
    key = within.unwrap(written[len(header.written) :], about=header.written)
    if key is None:
        raise _damaged(name)
    if f"{header.id}.key" != name or key.commitment(header.id) != header.commitment:
        key.destroy()
        raise _damaged(name)
    return header, key


@dataclass(frozen=True, slots=True)
class Lock:
    """The one file by which a store is unlocked: its epoch, the way of unlocking, and the key-encryption key wrapped in that."""

    epoch: int
    unlocking: Mapping[str, object]
    wrapped: bytes

    @classmethod
    def closed(cls, epoch: int, unlocking: Mapping[str, object], *, within: Secret, key: Secret) -> Lock:
        """A key-encryption key locked in."""
        return cls(epoch, unlocking, within.wrap(key, about=_about(epoch, unlocking)))

    def opened(self, within: Secret) -> Secret:
        """The key-encryption key; refused where this secret does not unlock it."""
        key = within.unwrap(self.wrapped, about=_about(self.epoch, self.unlocking))
        if key is None:
            raise Misused(
                "The keys cannot be unlocked: it is another passphrase, or another key file, than they were locked with.",
                reason="keys_locked",
            )
        return key

    @property
    def written(self) -> bytes:
        """Its file; with a digest, so that damage is told from a wrong passphrase."""
        told = {**_told(self.epoch, self.unlocking), "wrapped": self.wrapped.hex()}
        return canonical({**told, "digest": hashlib.sha256(canonical(told)).hexdigest()})


def lock_in(written: bytes) -> Lock:
    """The lock of a file."""
    told = dict(_mapping(written))
    digest = told.pop("digest", None)
    if hashlib.sha256(canonical(told)).hexdigest() != digest or told.get("format") != STORE_FORMAT:
        raise Unfit(
            "keys.json has been damaged, or is of another format: restore it from its backup.", reason="keys_damaged"
        )
    unlocking = cast("Mapping[str, object]", told["unlocking"])
    return Lock(cast("int", told["epoch"]), unlocking, bytes.fromhex(str(told["wrapped"])))


def canonical(told: Mapping[str, object]) -> bytes:
    """A mapping as the one line that stands for it."""
    return json.dumps(told, ensure_ascii=True, sort_keys=True, separators=(",", ":")).encode() + b"\n"


def _told(epoch: int, unlocking: Mapping[str, object]) -> dict[str, object]:
    return {"format": STORE_FORMAT, "epoch": epoch, "unlocking": dict(unlocking)}


def _about(epoch: int, unlocking: Mapping[str, object]) -> bytes:
    return canonical(_told(epoch, unlocking))


def _mapping(line: bytes) -> Mapping[str, object]:
    try:
        told = json.loads(line)
    except ValueError:
        return {}
    return cast("Mapping[str, object]", told) if isinstance(told, dict) else {}


def _damaged(name: str) -> Unfit:
    return Unfit(f"{name} has been damaged, or is no key's file: nothing can be opened with it.", reason="key_damaged")
