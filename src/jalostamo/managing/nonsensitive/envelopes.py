"""Envelopes: the key of a release, sealed to each person whom an order names; they stand beside its tables, and go with them.

HPKE (RFC 9180) by X25519, HKDF-SHA256 and AES-256-GCM, bound to the key's number, the permit and the person.

Handbook 2.6 (the status of unprocessed data) and phase 5.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final, cast

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey
from cryptography.hazmat.primitives.hpke import AEAD, KDF, KEM, Suite

from jalostamo.concepts.errors import Objection, Refused, Unfit
from jalostamo.engine.sealing import TableKey
from jalostamo.permits.contents import canonical

FORMAT: Final = "jalostamo-envelopes-1"
ENVELOPES: Final = "keys.json"
_SUITE: Final = Suite(KEM.X25519, KDF.HKDF_SHA256, AEAD.AES_256_GCM)


@dataclass(frozen=True, slots=True)
class Envelopes:
    """Who may open a release: the number of its key in the closed room, the permit, and the key sealed to each person."""

    key: str
    permit: str
    sealed: Mapping[str, bytes]

    @classmethod
    def closed(cls, key: TableKey, number: str, *, permit: str, people: Mapping[str, bytes]) -> Envelopes:
        """The key sealed to the public key of each person."""
        found = {
            person: _SUITE.encrypt(
                key.written().encode(), X25519PublicKey.from_public_bytes(public), _about(number, permit, person)
            )
            for person, public in people.items()
        }
        return cls(number, permit, found)

    def opened(self, person: str, private: bytes) -> TableKey:
        """The key, by a person's private key; refused where it was not sealed to her, or was changed since."""
        try:
            written = _SUITE.decrypt(
                self.sealed[person],
                X25519PrivateKey.from_private_bytes(private),
                _about(self.key, self.permit, person),
            )
        except (KeyError, InvalidTag, ValueError):
            raise for_others() from None
        return TableKey.handed_over(written.decode("ascii"))

    @property
    def written(self) -> bytes:
        """As they stand in the folder of the release."""
        sealed = {person: found.hex() for person, found in self.sealed.items()}
        return canonical({"format": FORMAT, "key": self.key, "permit": self.permit, "sealed": sealed})


def envelopes_in(written: bytes) -> Envelopes:
    """The envelopes of a file; refused where it is not as one is written."""
    try:
        told = json.loads(written)
        sealed = {name: bytes.fromhex(found) for name, found in cast("Mapping[str, str]", told["sealed"]).items()}
        found = Envelopes(str(told["key"]), str(told["permit"]), sealed)
    except (ValueError, KeyError, TypeError, AttributeError):
        raise _damaged() from None
    if found.written != written:
        raise _damaged()
    return found


def for_others() -> Refused:
    """What is said to whom a release is not for."""
    return Refused(
        [Objection("The release is sealed to other people than those whose keys are here.", "2.6, phase 5")],
        reason="release_for_others",
    )


def _about(number: str, permit: str, person: str) -> bytes:
    return canonical({"format": FORMAT, "key": number, "permit": permit, "person": person})


def _damaged() -> Unfit:
    return Unfit(f"{ENVELOPES} has been damaged, or holds no sealed keys.", reason="envelopes_form")
