"""Certificates of destruction: signed by the closed room with a key of its own, and known again by it.

Handbook 2.6, phase 8.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Final

from jalostamo.concepts.errors import Unfit

if TYPE_CHECKING:
    from jalostamo.doors.home import Home
    from jalostamo.managing.sensitive.keys import Certificate
    from jalostamo.permits.signing import Ed25519Signer

SIGNED: Final = ".sig"
_KEY: Final = "closed-room"
_SECRET: Final = "certificates.key"


def certify(folder: Path, signer: Ed25519Signer, certificate: Certificate) -> None:
    """Write a certificate and its signature; one that a killed run wrote stays, and is signed where it was not."""
    from jalostamo.storage.places import write_whole

    path = folder / f"{certificate.destroyed.header.id}.json"
    if not path.is_file():
        write_whole(path, certificate.written)
    signed = {"key": signer.key, "public": signer.public.hex(), "signature": signer.sign(path.read_bytes()).hex()}
    write_whole(path.with_suffix(SIGNED), json.dumps(signed, indent=1).encode() + b"\n", force=True)


def refuse_forged(home: Home, certificate: Path) -> bool:
    """Whether a certificate is signed; refused where its signature is not the closed room's own, of just this certificate."""
    from jalostamo.permits.signing import Ed25519Verifier

    path = certificate.with_suffix(SIGNED)
    if not path.is_file():
        return False
    signer = signer_of(home)
    try:
        signature = bytes.fromhex(json.loads(path.read_bytes())["signature"])
    except (ValueError, KeyError, TypeError):
        signature = b""
    if not Ed25519Verifier({signer.key: signer.public}).verify(signer.key, certificate.read_bytes(), signature):
        raise Unfit(f"{path.name} is no signature of this closed room on the certificate.", reason="certificate_form")
    return True


def signer_of(home: Home) -> Ed25519Signer:
    """The key by which the closed room signs certificates, its own alone; made where there is none."""
    from jalostamo.permits.signing import Ed25519Signer
    from jalostamo.storage.places import put_secret

    path = home.private("trust") / _SECRET
    if not path.is_file():
        put_secret(path, Ed25519Signer.new(_KEY).private)
    return Ed25519Signer(_KEY, path.read_bytes())
