"""People of an installation: each has a key of her own with the open room, of which the closed room knows the public half.

What is released to her is sealed to that. The private half never comes to the closed room.

Handbook 2.6 (the status of unprocessed data) and phase 5.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Final

from jalostamo.concepts.errors import Misused, Unfit
from jalostamo.doors.home import Home, made

if TYPE_CHECKING:
    from jalostamo.engine.sealing import TableKey

FORMAT: Final = "jalostamo-people-1"
_PUBLIC: Final = "people.json"
_STAFF: Final = re.compile(r"[A-Za-z][A-Za-z0-9._-]{0,63}", re.ASCII)
OWN_KEY: Final = "a person's key, STAFF-ID.key (those that this installation's open room keeps)"
_BYTES: Final = 32
_LONGEST: Final = 1_024
_ABOVE: Final = 3
"""A release stands in `exchange/releases/PERMIT` below its home."""


def enrol(home: Home, people: Iterable[str]) -> None:
    """Give people keys: the private half for the open room, the public half for the closed room; a key is never replaced."""
    from jalostamo.storage.places import put_secret

    known = dict(trusted_people(home))
    lacking = [person for person in people if person not in known]
    for person in lacking:
        refuse_form(person)
        path = _private(home) / f"{person}.key"
        if not path.is_file():
            put_secret(path, new_private())
        known[person] = public_of(path.read_bytes())
    if lacking:
        trust(home, known)


def refuse_form(person: str) -> None:
    """Refuse what is no staff id: files are called by it."""
    if not _STAFF.fullmatch(person):
        raise Misused("A staff id is a letter, then letters, digits, '.', '-' and '_'.", reason="person_form")


def new_private() -> bytes:
    """A private key of a person, random: 32 bytes that stay on the side of the open room."""
    from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey

    return X25519PrivateKey.generate().private_bytes_raw()


def public_of(private: bytes) -> bytes:
    """The public half of a person's key, to which the closed room seals."""
    from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey

    return X25519PrivateKey.from_private_bytes(private).public_key().public_bytes_raw()


def fingerprint_of(public: bytes) -> str:
    """By what a public key is compared aloud, and named in the log."""
    return hashlib.sha256(public).hexdigest()


def public_in(path: Path) -> bytes:
    """The public half that a person sent, from its file."""
    try:
        public = bytes.fromhex(path.read_text(encoding="ascii")) if path.stat().st_size <= _LONGEST else b""
    except OSError as error:
        raise Misused(f"{path.name} cannot be read: {error.strerror}.", reason="file_unreadable") from None
    except ValueError:
        public = b""
    if len(public) != _BYTES:
        raise Unfit(
            f"{path.name} holds no public key: it is one line of {2 * _BYTES} characters.", reason="public_key_form"
        )
    return public


def trust(home: Home, people: Mapping[str, bytes]) -> None:
    """Have the closed room know people by their public keys."""
    from jalostamo.storage.places import write_whole

    content = {"format": FORMAT, "people": {person: public.hex() for person, public in sorted(people.items())}}
    write_whole(home.private("trust") / _PUBLIC, json.dumps(content, indent=1).encode() + b"\n", force=True)


def trusted_people(home: Home) -> Mapping[str, bytes]:
    """The public keys that the closed room knows, by staff id; none where nobody was enrolled."""
    place = home.private("trust") / _PUBLIC
    if not place.is_file():
        return {}
    try:
        content = json.loads(place.read_bytes())
        if content["format"] != FORMAT:
            raise ValueError
        return {str(person): bytes.fromhex(public) for person, public in content["people"].items()}
    except (ValueError, KeyError, TypeError, AttributeError):
        raise Unfit(f"{_PUBLIC} of the installation is not as it was written.", reason="installation_form") from None


def key_of(release: Path, own: Path | None = None) -> TableKey | None:
    """The key of a release, by the keys of people that are here, or the one in the file `own`; None where it is not sealed."""
    from jalostamo.managing.nonsensitive.envelopes import ENVELOPES, envelopes_in, for_others

    place = release / ENVELOPES
    if not place.is_file():
        return None
    envelopes = envelopes_in(place.read_bytes())
    for person in sorted(envelopes.sealed):
        path = own or home_of(release).open / "people" / f"{person}.key"
        if path.is_file() and (own is None or own.stem == person):
            return envelopes.opened(person, path.read_bytes())
    raise for_others()


def home_of(release: Path) -> Home:
    """The home to which a release belongs, by where it lies; the root of the machine where it lies nowhere in one."""
    above = release.resolve().parents
    return Home(above[min(_ABOVE, len(above) - 1)])


def _private(home: Home) -> Path:
    return made(made(home.open, mode=0o700) / "people", mode=0o700)
