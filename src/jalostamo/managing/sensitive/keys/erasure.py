"""Verifying an erasure: looking for the key and for what it sealed, and trying to open it; every try must fail.

Handbook 2.6, phase 8.
"""

from __future__ import annotations

import base64
import hashlib
import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final

from jalostamo.concepts.errors import Objection, Unfit
from jalostamo.managing.nonsensitive.envelopes import envelopes_in
from jalostamo.managing.sensitive.keys.files import header_in
from jalostamo.managing.sensitive.keys.secret import SECRET_BYTES, Secret, secret_in

if TYPE_CHECKING:
    from jalostamo.managing.sensitive.keys.destroyed import Certificate
    from jalostamo.managing.sensitive.keys.store import KeyStore

_SECTION: Final = "2.6, phase 8"
_SMALL: Final = 2**14
"""Bytes; in files no longer than this every 32 are tried for being the key."""

_WRITTEN_DOWN: Final = re.compile(rb"[0-9A-Fa-f]{64}|[A-Za-z0-9+/_-]{43}=?")

type Opener = Callable[[Path, Secret], bool]


@dataclass(frozen=True, slots=True)
class Erasure:
    """What looking found: objections (none: it is verified), how many files were looked at, and which sealed files remain."""

    objections: tuple[Objection, ...]
    files: int
    keys: int
    remaining: tuple[str, ...]


def verify_erasure(
    certificate: Certificate, store: KeyStore, folders: Sequence[Path], *, openers: Sequence[Opener]
) -> Erasure:
    """Look through the store and through folders, such as mounted backups, for a way back to what was destroyed.

    `openers` try whether a key opens a file. Sealed files that nobody can open any more are told, and are no objection.
    """
    files = [path for folder in (store.folder, *folders) for path in _files(folder)]
    objections = [
        *_about_key_files(certificate, store, files),
        *_about_written_down(certificate, files),
        *_about_envelopes(certificate, files),
    ]
    numbers = [header.id for header in store.headers]
    remaining = []
    for number in numbers:
        with store.open(number) as key:
            if key.commitment(certificate.destroyed.header.id) == certificate.destroyed.header.commitment:
                objections.append(_objection("The key lives on under another number of the store."))
    for path in files:
        if _digest(path) in certificate.ciphertexts:
            remaining.append(path.name)
            objections += _about_opening(path, store, numbers, openers)
    return Erasure(tuple(objections), len(files), len(numbers), tuple(remaining))


def _about_key_files(certificate: Certificate, store: KeyStore, files: Iterable[Path]) -> Iterator[Objection]:
    header = certificate.destroyed.header
    for path in files:
        try:
            found = header_in(_beginning(path), name=path.name)
        except Unfit:
            continue
        if found.id == header.id or found.commitment == header.commitment:
            opens = "and opens" if store.opens(path) else "wrapped in a key-encryption key that is not this store's"
            yield _objection(f"A file of the key was found, {opens}: {path.name} in '{path.parent.name}'.")


def _about_written_down(certificate: Certificate, files: Iterable[Path]) -> Iterator[Objection]:
    """The key itself, plainly, in hexadecimal or in base64: known by its commitment."""
    header = certificate.destroyed.header
    for path in files:
        if path.stat().st_size <= _SMALL and any(
            _commits(candidate, header.id, header.commitment) for candidate in _candidates(_beginning(path))
        ):
            yield _objection(f"The key itself was found: {path.name} in '{path.parent.name}'.")


def _about_envelopes(certificate: Certificate, files: Iterable[Path]) -> Iterator[Objection]:
    """The key sealed to people, who could still open it on their side."""
    for path in files:
        if path.stat().st_size > _SMALL:
            continue
        try:
            found = envelopes_in(path.read_bytes())
        except Unfit:
            continue
        if found.key == certificate.destroyed.header.id:
            yield _objection(f"The key, sealed to people, was found: {path.name} in '{path.parent.name}'.")


def _candidates(content: bytes) -> Iterator[bytes]:
    for place in range(len(content) - SECRET_BYTES + 1):
        yield content[place : place + SECRET_BYTES]
    for word in _WRITTEN_DOWN.findall(content):
        text = word.decode("ascii")
        yield bytes.fromhex(text) if len(text) == 2 * SECRET_BYTES else base64.urlsafe_b64decode(_url_safe(text))


def _url_safe(text: str) -> str:
    return text.rstrip("=").replace("+", "-").replace("/", "_") + "="


def _commits(candidate: bytes, number: str, commitment: str) -> bool:
    # Nothing but noughts is what an overwritten secret is, and no key.
    if not any(candidate):
        return False
    with secret_in(candidate) as key:
        return key.commitment(number) == commitment


def _about_opening(
    path: Path, store: KeyStore, numbers: Sequence[str], openers: Sequence[Opener]
) -> Iterator[Objection]:
    for number in numbers:
        with store.open(number) as key:
            if any(opens(path, key) for opens in openers):
                yield _objection(f"A sealed file can still be opened: {path.name}, with key {number[:8]}.")


def _objection(sentence: str) -> Objection:
    return Objection(sentence, _SECTION)


def _files(folder: Path) -> Iterator[Path]:
    for path in sorted(folder.rglob("*")):
        if path.is_file() and not path.is_symlink():
            yield path


def _beginning(path: Path) -> bytes:
    with path.open("rb") as opened:
        return opened.read(_SMALL)


def _digest(path: Path) -> str:
    with path.open("rb") as opened:
        return hashlib.file_digest(opened, "sha256").hexdigest()
