"""An installation: its level of isolation, and the keys by which its two sides know each other.

Townhall signs with a key of its own; the closed room keeps the public half among what is its alone, and believes no other.

Handbook 2.6 (the sensitive and the non-sensitive environment).
"""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from dataclasses import asdict
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Final

from jalostamo.concepts.errors import Misused, Unfit
from jalostamo.doors.home import Home, made
from jalostamo.doors.sides import Sides, give_over

if TYPE_CHECKING:
    from jalostamo.permits.signing import Ed25519Signer, Ed25519Verifier

FORMAT: Final = "jalostamo-installation-1"
SHEET: Final = "installation.json"
KEY: Final = "townhall"
_TRUSTED: Final = "trusted.json"
_SECRET: Final = "townhall.key"


class Level(StrEnum):
    """A level of isolation says who holds what: one user all of it, or each side a user of its own."""

    DEMO = "demo"
    LAPTOP = "laptop"
    SERVER = "server"


def lay_out(home: Home, level: Level, sides: Sides | None = None) -> None:
    """Lay out both sides of a home, and the exchange between them, with a new key of townhall; nothing is replaced.

    At level server each side is a user of its own, to whom its folders are given.
    """
    from jalostamo.permits.signing import Ed25519Signer
    from jalostamo.storage.places import write_secret, write_whole

    if is_laid_out(home):
        raise Misused(f"'{home.folder}' is an installation already: name another folder.", reason="home_laid_out")
    signer = Ed25519Signer.new(KEY)
    secret = made(made(home.townhall, mode=0o700) / "keys", mode=0o700) / _SECRET
    write_secret(secret, signer.private)
    made(home.townhall / "permits", mode=0o700)
    trusted = {"format": FORMAT, "level": level.value, "keys": {KEY: signer.public.hex()}}
    write_whole(home.private("trust") / _TRUSTED, _json(trusted), force=True)
    for folder in (home.orders, home.releases, home.cubes):
        made(folder)
    if sides is not None:
        give_over(home, sides)
    users = {"users": asdict(sides)} if sides else {}
    # Last of all: where it stands, everything else does.
    write_whole(home.folder / SHEET, _json({"format": FORMAT, "level": level.value, **users}))
    if sides is not None:
        (home.folder / SHEET).chmod(0o644)


def is_laid_out(home: Home) -> bool:
    """Whether a home has been laid out by `init`."""
    return (home.folder / SHEET).is_file()


def level_of(home: Home) -> Level:
    """The level of an installation, as everyone may read it."""
    return Level(str(_read(home.folder / SHEET)["level"]))


def sides_of(home: Home) -> Sides | None:
    """The users of an installation at level server; none at another level, or where nothing was laid out."""
    told = _read(home.folder / SHEET).get("users") if is_laid_out(home) else None
    if not isinstance(told, dict):
        return None
    try:
        return Sides(**{str(name): int(number) for name, number in told.items()})
    except (TypeError, ValueError):
        raise _spoilt(SHEET) from None


def refuse_other_user(home: Home, side: str) -> None:
    """Refuse to be one side of an installation as another user than that side's."""
    sides = sides_of(home)
    if sides is not None and os.geteuid() != asdict(sides)[side]:
        raise Misused(
            f"This installation has a user for each side: this is done as user {asdict(sides)[side]}, such as by sudo -u.",
            reason="user_wrong",
        )


def level_inside(home: Home) -> Level:
    """The level as the closed room itself keeps it, where only it can write; that of a demonstration where nothing does."""
    place = home.closed / "trust" / _TRUSTED
    if place.is_file():
        return Level(str(_read(place)["level"]))
    return level_of(home) if is_laid_out(home) else Level.DEMO


def townhall_signer(home: Home) -> Ed25519Signer:
    """Townhall's key; only townhall's side can read it."""
    from jalostamo.permits.signing import Ed25519Signer

    return Ed25519Signer(KEY, (home.townhall / "keys" / _SECRET).read_bytes())


def townhall_verifier(home: Home) -> Ed25519Verifier:
    """What the closed room knows of townhall: its public keys, among what is the closed room's alone."""
    from jalostamo.permits.signing import Ed25519Verifier

    found = _read(home.private("trust") / _TRUSTED)["keys"]
    if not isinstance(found, dict):
        raise _spoilt(_TRUSTED)
    return Ed25519Verifier({str(name): bytes.fromhex(str(key)) for name, key in found.items()})


def _read(path: Path) -> dict[str, object]:
    try:
        content = json.loads(path.read_bytes())
    except FileNotFoundError:
        raise Misused(
            "this home is no installation yet: lay it out with `jalostamo init DIR`.", reason="home_not_laid_out"
        ) from None
    except ValueError:
        raise _spoilt(path.name) from None
    if not isinstance(content, dict) or content.get("format") != FORMAT:
        raise _spoilt(path.name)
    return content


def _spoilt(name: str) -> Unfit:
    return Unfit(f"{name} of the installation is not as `jalostamo init` wrote it.", reason="installation_form")


def _json(content: Mapping[str, object]) -> bytes:
    return json.dumps(content, ensure_ascii=False, indent=1, sort_keys=True).encode() + b"\n"
