"""Who tries: the closed room, townhall, a job of the open room, and a stranger; what each may have, and as which user.

Handbook 2.6 (the sensitive and the non-sensitive environment).
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import StrEnum
from pathlib import Path
from typing import Final

from jalostamo.confinement import Confined
from jalostamo.doors.home import Home
from jalostamo.doors.separation.acts import Targets
from jalostamo.doors.separation.amounts import BEYOND
from jalostamo.doors.walls import walls_of_closed_room, walls_of_townhall

_JOB_SECONDS: Final = 30
_ADDRESSES: Final = 2**35


class Identity(StrEnum):
    """An identity is what a process is known as: by its user, its walls, or neither."""

    CLOSED_ROOM = "closed room"
    TOWNHALL = "townhall"
    JOB = "job of the open room"
    STRANGER = "stranger"


@dataclass(frozen=True, slots=True)
class Users:
    """The numeric users of an installation at level server: one for each side, and one that has no part in it."""

    closed_room: int
    townhall: int
    open_room: int
    stranger: int

    def of(self, identity: Identity) -> int:
        """The user of an identity."""
        return {
            Identity.CLOSED_ROOM: self.closed_room,
            Identity.TOWNHALL: self.townhall,
            Identity.JOB: self.open_room,
            Identity.STRANGER: self.stranger,
        }[identity]


def walls_of(
    identity: Identity, home: Home, targets: Targets, *, user: int | None, seconds: int = _JOB_SECONDS
) -> Confined:
    """What an identity may have; a stranger is another program, which nothing of ours confines.

    What the machine cannot hold is told by whoever enters, and no reason to stop: it is what is to be found out.
    """
    match identity:
        case Identity.CLOSED_ROOM:
            return replace(walls_of_closed_room(home), user=user)
        case Identity.TOWNHALL:
            return replace(walls_of_townhall(home), user=user)
        case Identity.JOB:
            return Confined(
                read=(Path(targets["own_table"]).parent,),
                write=(Path(targets["results"]),),
                scratch=(Path(targets["scratch"]),),
                memory=_ADDRESSES,
                cpu_seconds=seconds,
                output=BEYOND - 1,
                user=user,
                needed=frozenset(),
            )
    raise ValueError(identity)
