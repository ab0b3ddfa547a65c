"""Signing and verifying events with Ed25519 (RFC 8032); keys are handed in as bytes, and never read from anywhere.

Handbook 2.6.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Self

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey


@dataclass(frozen=True, slots=True)
class Ed25519Signer:
    """A signer with one private key of 32 bytes, known to others by a name."""

    key: str
    private: bytes = field(repr=False)

    def sign(self, message: bytes) -> bytes:
        """The signature of a message: 64 bytes."""
        return Ed25519PrivateKey.from_private_bytes(self.private).sign(message)

    @property
    def public(self) -> bytes:
        """The public key that verifies what this one signs: 32 bytes."""
        return Ed25519PrivateKey.from_private_bytes(self.private).public_key().public_bytes_raw()

    @classmethod
    def new(cls, key: str) -> Self:
        """A signer with a new random key."""
        return cls(key, Ed25519PrivateKey.generate().private_bytes_raw())


@dataclass(frozen=True, slots=True)
class Ed25519Verifier:
    """A verifier that knows public keys of 32 bytes by their names."""

    keys: Mapping[str, bytes]

    def verify(self, key: str, message: bytes, signature: bytes) -> bool:
        """Whether the key of that name has signed the message; False for a key that is not known."""
        public = self.keys.get(key)
        if public is None:
            return False
        try:
            Ed25519PublicKey.from_public_bytes(public).verify(signature, message)
        except (InvalidSignature, ValueError):
            return False
        return True
