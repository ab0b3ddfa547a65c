"""Record keys: a uniform random-looking number for each unit to protect, of which the noise of printed counts is made.

Whoever knows record keys can take the noise away, and link: they never leave the closed room, and are in no release.

Handbook 2.6 (pseudonymising the data).
"""

from __future__ import annotations

import hmac
import secrets
from collections.abc import Iterable
from typing import TYPE_CHECKING, Final, Self

import numpy as np

from jalostamo.concepts.customers import KEY_SPACE as KEY_SPACE
from jalostamo.managing.sensitive.keys.secret import SECRET_BYTES

if TYPE_CHECKING:
    from jalostamo.managing.sensitive.keys import KeyStore

KIND: Final = "record_keys"


class RecordKeys:
    """Record keys follow from a secret that is never shown: random for one publication, or kept for a series.

    A one-off publication destroys it afterwards. While a series' secret lives, the same units print the same counts
    at every refresh, and the material counts as pseudonymised.
    """

    __slots__ = ("_secret", "_series_mark")

    def __init__(self) -> None:
        self._secret = bytearray(secrets.token_bytes(SECRET_BYTES))
        self._series_mark: str | None = None

    @classmethod
    def of_series(cls, store: KeyStore, about: str) -> Self:
        """The keys of a series, whose secret is kept in the store, made when missing; its number there is the series' mark."""
        kept = (header.id for header in store.headers if (header.kind, header.object) == (KIND, about))
        made = cls()
        number = next(kept, None) or store.create(KIND, about)
        with store.open(number) as secret:
            secret.copy_into(made._secret)
        made._series_mark = number
        return made

    def __repr__(self) -> str:
        return "RecordKeys(hidden)"

    def __reduce__(self) -> str:
        raise TypeError("Record keys are not copied.")

    @property
    def series_mark(self) -> str | None:
        """A public name of the series, the random number of its secret: equal marks mean equal noise; none if one-off."""
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
        """Forget the secret held here; a one-off's is then gone, a series' is still in its store."""
        for place in range(len(self._secret)):
            self._secret[place] = 0
