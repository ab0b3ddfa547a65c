"""Secrets in memory: bytes that are never shown nor copied, held by no name of a function, and overwritten after use.

Handbook 2.6 (the sensitive environment).
"""

from __future__ import annotations

import hmac
import secrets
from types import TracebackType
from typing import Final, Self

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM, AESGCMSIV
from cryptography.hazmat.primitives.kdf.argon2 import Argon2id

from jalostamo.engine.sealing import TableKey

SECRET_BYTES: Final = 32
NONCE_BYTES: Final = 12
TAG_BYTES: Final = 16
_COMMITTED: Final = b"jalostamo key commitment\0"


class Secret:
    """A secret of 256 bits; used in a `with` block, with which it is overwritten.

    Python and OpenSSL may have made copies of their own: this is care, and no proof.
    """

    __slots__ = ("_bytes",)

    def __init__(self) -> None:
        self._bytes = bytearray(secrets.token_bytes(SECRET_BYTES))

    def __repr__(self) -> str:
        return "Secret(hidden)"

    def __reduce__(self) -> str:
        raise TypeError("A secret is not copied.")

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self.destroy()

    def destroy(self) -> None:
        """Overwrite it."""
        self._bytes[:] = bytes(len(self._bytes))

    def wrap(self, inner: Secret, *, about: bytes) -> bytes:
        """Another secret, wrapped in this one by AES-256-GCM-SIV and bound to what is said `about` it.

        A key store that is restored or cloned may draw a nonce twice: this way of wrapping then tells at most that two wraps
        are of the same secret.
        """
        nonce = secrets.token_bytes(NONCE_BYTES)
        return nonce + AESGCMSIV(self._sound).encrypt(nonce, inner._sound, about)

    def unwrap(self, wrapped: bytes, *, about: bytes) -> Secret | None:
        """The secret that was wrapped in this one about the same; None where it was not, or was changed since."""
        if len(wrapped) != NONCE_BYTES + SECRET_BYTES + TAG_BYTES:
            return None
        found = Secret()
        try:
            AESGCMSIV(self._sound).decrypt_into(wrapped[:NONCE_BYTES], wrapped[NONCE_BYTES:], about, found._bytes)
        except InvalidTag:
            found.destroy()
            return None
        return found

    def seal(self, document: bytes, *, about: bytes) -> bytes:
        """A document sealed by AES-256-GCM and bound to what is said `about` it."""
        nonce = secrets.token_bytes(NONCE_BYTES)
        return nonce + AESGCM(self._sound).encrypt(nonce, document, about)

    def unseal(self, sealed: bytes, *, about: bytes) -> bytes | None:
        """The document that was sealed with this secret about the same; None where it was not, or was changed since."""
        try:
            return AESGCM(self._sound).decrypt(sealed[:NONCE_BYTES], sealed[NONCE_BYTES:], about)
        except (InvalidTag, ValueError):
            return None

    def commitment(self, name: str) -> str:
        """What this secret commits to by a name: nobody finds another one for it, and it tells nothing of the secret."""
        return hmac.digest(self._sound, _COMMITTED + name.encode(), "sha256").hex()

    def copy_into(self, place: bytearray) -> None:
        """Copy it to where it is used, which holds as many bytes and destroys them itself."""
        place[:] = self._sound

    def for_tables(self) -> TableKey:
        """A copy of it, by which the engine seals tables."""
        return TableKey(bytearray(self._sound))

    @property
    def _sound(self) -> bytearray:
        if not any(self._bytes):
            raise ValueError("The secret has been destroyed.")
        return self._bytes


class Passphrase:
    """A passphrase as it was typed; shown nowhere, and overwritten when it is needed no more."""

    __slots__ = ("_bytes",)

    def __init__(self, typed: bytearray) -> None:
        self._bytes = typed

    def __repr__(self) -> str:
        return "Passphrase(hidden)"

    def __reduce__(self) -> str:
        raise TypeError("A passphrase is not copied.")

    def __len__(self) -> int:
        return len(self._bytes)

    def destroy(self) -> None:
        """Overwrite it."""
        self._bytes[:] = bytes(len(self._bytes))

    def derived(self, *, salt: bytes, memory_kib: int, iterations: int, lanes: int) -> Secret:
        """The secret that follows from it by Argon2id."""
        function = Argon2id(salt=salt, length=SECRET_BYTES, iterations=iterations, lanes=lanes, memory_cost=memory_kib)
        found = Secret()
        function.derive_into(self._bytes, found._bytes)  # type: ignore[arg-type]  # it takes any bytes
        return found


def secret_in(candidate: bytes | bytearray) -> Secret:
    """The secret of these 32 bytes."""
    if len(candidate) != SECRET_BYTES:
        raise ValueError(f"A secret has {SECRET_BYTES} bytes.")
    found = Secret()
    found._bytes[:] = candidate
    return found
