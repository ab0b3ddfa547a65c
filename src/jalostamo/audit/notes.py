"""Signed notes as C2SP writes them (c2sp.org/signed-note): a text, an empty line, and lines of signatures by named keys.

Handbook 2.6.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import re
from dataclasses import dataclass
from typing import Final

from jalostamo.concepts.errors import Unfit
from jalostamo.permits.signing import Ed25519Signer, Ed25519Verifier

ED25519: Final = b"\x01"
COSIGNATURE: Final = b"\x04"
_KEY_BYTES: Final = 32
_ID_BYTES: Final = 4
_MOST_SIGNATURES: Final = 16
_LONGEST: Final = 16_384
_NAME: Final = re.compile(r"[^\s+\x00-\x1f\x7f]+")
_PRIVATE: Final = "PRIVATE+KEY+"
_DASH: Final = "\N{EM DASH} "


@dataclass(frozen=True, slots=True)
class PublicKey:
    """A public key with the name and the kind of signature that it stands for; written `name+id+key`, as C2SP's tools read it."""

    name: str
    public: bytes
    kind: bytes = ED25519

    def __post_init__(self) -> None:
        if not _NAME.fullmatch(self.name) or len(self.public) != _KEY_BYTES or self.kind not in {ED25519, COSIGNATURE}:
            raise ValueError("not a key of a note")

    @property
    def id(self) -> bytes:
        """The first bytes of a hash of name, kind and key: a hint at the key, and no proof."""
        return hashlib.sha256(self.name.encode() + b"\n" + self.kind + self.public).digest()[:_ID_BYTES]

    def __str__(self) -> str:
        return f"{self.name}+{self.id.hex()}+{_base64(self.kind + self.public)}"

    def has_signed(self, message: bytes, signature: bytes) -> bool:
        """Whether this key signed the message."""
        return Ed25519Verifier({self.name: self.public}).verify(self.name, message, signature)


def public_key_from(text: str) -> PublicKey:
    """Read a public key; refused unless it is, byte for byte, what would be written."""
    try:
        name, _, rest = text.strip().partition("+")
        _, _, encoded = rest.partition("+")
        material = base64.b64decode(encoded, validate=True)
        key = PublicKey(name, material[1:], material[:1])
        if str(key) == text.strip():
            return key
    except (ValueError, binascii.Error):
        pass
    raise Unfit("A public key is written NAME+ID+KEY, as the log's key was told when it was made.", reason="audit_key")


def private_key_from(text: str) -> Ed25519Signer:
    """Read a private key, written as C2SP's tools write one."""
    try:
        name, identity, encoded = text.strip().removeprefix(_PRIVATE).split("+", 2)
        material = base64.b64decode(encoded, validate=True)
        signer = Ed25519Signer(name, material[1:])
        if material[:1] == ED25519 and public_of(signer).id.hex() == identity and text.startswith(_PRIVATE):
            return signer
    except (ValueError, binascii.Error):
        pass
    raise Unfit("The log's private key cannot be read.", reason="audit_key")


def private_key_text(signer: Ed25519Signer) -> str:
    """A private key as it is kept."""
    return f"{_PRIVATE}{signer.key}+{public_of(signer).id.hex()}+{_base64(ED25519 + signer.private)}"


def public_of(signer: Ed25519Signer, kind: bytes = ED25519) -> PublicKey:
    """The public key of a signer."""
    return PublicKey(signer.key, signer.public, kind)


@dataclass(frozen=True, slots=True)
class Note:
    """A note: its text, which ends with an end of line, and its signatures as (key's name, key's id, signature)."""

    text: str
    signatures: tuple[tuple[str, bytes, bytes], ...] = ()

    @property
    def written(self) -> bytes:
        """The bytes of the note."""
        lines = [f"{_DASH}{name} {_base64(identity + signature)}\n" for name, identity, signature in self.signatures]
        return f"{self.text}\n{''.join(lines)}".encode()

    def by(self, key: PublicKey) -> tuple[bytes, ...]:
        """The signatures that say they are a key's, unverified."""
        return tuple(found for name, identity, found in self.signatures if (name, identity) == (key.name, key.id))

    def is_signed_by(self, key: PublicKey) -> bool:
        """Whether a plain signature of the key is on the note, and none that says so falsely."""
        found = self.by(key)
        return bool(found) and all(key.has_signed(self.text.encode(), signature) for signature in found)

    def with_signature(self, key: PublicKey, signature: bytes) -> Note:
        """The note with one more signature."""
        return Note(self.text, (*self.signatures, (key.name, key.id, signature)))


def signed(text: str, signer: Ed25519Signer) -> Note:
    """A note of a text, signed."""
    return Note(text).with_signature(public_of(signer), signer.sign(text.encode()))


def note_from(written: bytes) -> Note:
    """Read a note; a ValueError for anything that is not, byte for byte, what would be written."""
    if len(written) > _LONGEST:
        raise ValueError("a note is short")
    text, gap, tail = written.decode().rpartition("\n\n")
    lines = tail.split("\n")
    if not gap or lines.pop() or not 1 <= len(lines) <= _MOST_SIGNATURES:
        raise ValueError("a note has a text and signatures")
    note = Note(f"{text}\n", tuple(map(_signature, lines)))
    # What is below a space, an end of line apart, has no place in a note.
    if note.written != written or any(mark < " " for mark in text.replace("\n", "")):
        raise ValueError("not a note")
    return note


def _signature(line: str) -> tuple[str, bytes, bytes]:
    name, gap, encoded = line.removeprefix(_DASH).partition(" ")
    material = base64.b64decode(encoded, validate=True)
    if not gap or not _NAME.fullmatch(name) or len(material) <= _ID_BYTES:
        raise ValueError("not a signature")
    return name, material[:_ID_BYTES], material[_ID_BYTES:]


def _base64(material: bytes) -> str:
    return base64.b64encode(material).decode("ascii")
