"""The sides of an installation at level server: each is a user of its own, and each folder its writer's, for its readers' group.

Handbook 2.6 (the sensitive and the non-sensitive environment).
"""

from __future__ import annotations

import os
import pwd
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from jalostamo.concepts.errors import Misused
from jalostamo.doors.home import Home

_OWN: Final = 0o700
_READ: Final = 0o2750
"""What is laid down in such a folder is for the group of its readers, whoever writes it."""

_ANYBODYS: Final = 0o755


@dataclass(frozen=True, slots=True)
class Sides:
    """The users of the closed room, of townhall and of the open room, by number; each has a group of the same number."""

    closed: int
    townhall: int
    open: int

    def __post_init__(self) -> None:
        if len({0, self.closed, self.townhall, self.open}) != 4:
            raise Misused("The three sides are three users that differ, none of them the superuser.", reason="usage")


def user_named(name: str) -> int:
    """The number of a user of this machine; one who is a number alone is taken as it is."""
    if name.isascii() and name.isdecimal():
        return int(name)
    try:
        found = pwd.getpwnam(name)
    except KeyError:
        told = f"useradd --system --user-group --shell /usr/sbin/nologin {name}"
        raise Misused(
            f"There is no user '{name}' on this machine: whoever administers it makes one ({told}).",
            reason="user_missing",
        ) from None
    if found.pw_gid != found.pw_uid:
        raise Misused(
            f"User '{name}' has no group of the same number, by which others read what it lays down: groupadd --gid N {name}, "
            f"then useradd --system --uid N --gid N {name}.",
            reason="user_group",
        )
    return found.pw_uid


def owners(home: Home, sides: Sides | None) -> Mapping[Path, tuple[int | None, int | None, int]]:
    """The folders of a home: whose each is, for which group, and with which mode."""
    closed, town, job = (sides.closed, sides.townhall, sides.open) if sides else (None, None, None)
    return {
        home.folder: (None, None, _ANYBODYS),
        home.sources: (closed, closed, _OWN),
        home.closed: (closed, closed, _OWN),
        home.closed / "vault": (closed, closed, _OWN),
        home.closed / "keys": (closed, closed, _OWN),
        home.townhall: (town, town, _OWN),
        home.townhall / "keys": (town, town, _OWN),
        home.townhall / "permits": (town, town, _OWN),
        home.open: (job, job, _OWN),
        home.orders.parent: (None, None, _ANYBODYS),
        home.orders: (town, closed, _READ),
        home.permits: (town, closed, _READ),
        home.holds: (town, closed, _READ),
        home.releases: (closed, job, _READ),
        home.cubes: (closed, town, _READ),
        home.status: (closed, town, _READ),
        home.certificates: (closed, town, _READ),
        # Public, and to be copied elsewhere.
        home.checkpoints: (closed, town, _ANYBODYS),
        home.twins: (closed, job, _READ),
        home.jobs: (town, job, _READ),
        home.results: (job, town, _READ),
        home.publications: (job, town, _READ),
    }


def give_over(home: Home, sides: Sides) -> None:
    """Give each folder to its side, with what was laid down in it; what is between them stays the superuser's."""
    for path, (owner, group, mode) in owners(home, sides).items():
        path.mkdir(exist_ok=True)
        if owner is not None and group is not None:
            for below in (path, *path.rglob("*")):
                os.chown(below, owner, group, follow_symlinks=False)
        else:
            os.chown(path, 0, 0)
        path.chmod(mode)
