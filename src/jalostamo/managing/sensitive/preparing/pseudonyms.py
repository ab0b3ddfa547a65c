"""Pseudonyms: a keyed name in place of an identifier, made outside SQL, where no plan or profile can show the key.

Each release has a random key of its own, never derived from another: two releases share no pseudonym.

Handbook 2.6 (pseudonymising the data).
"""

from __future__ import annotations

import hmac
import secrets
from collections.abc import Iterable
from typing import Final

KEY_BYTES: Final = 32
PSEUDONYM_CHARACTERS: Final = 32
"""128 bits: among ten million identifiers, two alike have a chance of less than 10^-24."""


class PseudonymKey:
    """A pseudonym key is the one thing by which a release could be led back; it is never shown, and can be destroyed.

    Destroying overwrites the bytes held here; a key that was never written down is then gone.
    """

    __slots__ = ("_key",)

    def __init__(self) -> None:
        self._key = bytearray(secrets.token_bytes(KEY_BYTES))

    def __repr__(self) -> str:
        return "PseudonymKey(hidden)"

    def __reduce__(self) -> str:
        raise TypeError("A pseudonym key is not copied.")

    def pseudonyms(self, identifiers: Iterable[str], *, kind: str) -> list[str]:
        """HMAC-SHA-256 of each identifier, cut to 128 bits, in hexadecimal; `kind` keeps persons and households apart."""
        if not any(self._key):
            raise ValueError("The pseudonym key has been destroyed.")
        # The key is never held by a name of this function: whoever shows a traceback with its values would show the key.
        prefix = f"{kind}:".encode()
        return [
            hmac.digest(self._key, prefix + text.encode(), "sha256").hex()[:PSEUDONYM_CHARACTERS]
            for text in identifiers
        ]

    def destroy(self) -> None:
        """Make every pseudonym of this key unrecoverable."""
        for place in range(len(self._key)):
            self._key[place] = 0
