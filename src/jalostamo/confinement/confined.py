"""A confinement as a value: what a process may read, write, reach and use up; everything else is refused to it.

It is said by whoever starts the process, handed over as JSON, and entered by the process as its first act.

Handbook 2.6 (neither the right nor the technical opportunity).
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final, cast

from jalostamo.confinement.held import Wall

ESSENTIAL: Final = frozenset({Wall.FILES, Wall.METADATA, Wall.NETWORK, Wall.OTHERS, Wall.PRIVILEGES, Wall.KERNEL})
"""Without these a process is not started that runs what somebody wrote."""


@dataclass(frozen=True, slots=True)
class Network:
    """What is left of the network: TCP ports to connect to, TCP ports to listen on, and whether names are looked up.

    The kernel holds a process to ports; to which host, it does not.
    """

    connect: tuple[int, ...] = ()
    listen: tuple[int, ...] = ()
    lookups: bool = False


@dataclass(frozen=True, slots=True)
class Confined:
    """A confined process reads `read`, puts new files into `write`, has `scratch` for its own, and no other file.

    Of the folders in `names` it may list the names of what lies in them, and read none of it.
    `memory` and `output` are bytes (of addresses, and of one file); a limit that is None is set by somebody else.
    `processes` is how many it may start. `user` is a numeric user that it becomes, for whom the superuser
    starts it; `needed` are the walls without which it is not to go on. Beneath `cleared` it may take empty folders away.

    `has_children` is for a process of ours that starts others of ours, each within walls of its own: it keeps what that
    takes (their groups, limits and ends, and a look at what runs), and the modes of its own user's files.
    """

    read: tuple[Path, ...] = ()
    write: tuple[Path, ...] = ()
    scratch: tuple[Path, ...] = ()
    names: tuple[Path, ...] = ()
    cleared: tuple[Path, ...] = ()
    network: Network | None = None
    memory: int | None = None
    cpu_seconds: int | None = None
    output: int | None = None
    processes: int = 0
    open_files: int = 256
    has_children: bool = False
    user: int | None = None
    groups: tuple[int, ...] = ()
    needed: frozenset[Wall] = field(default=ESSENTIAL)

    def written(self) -> str:
        """The confinement as JSON."""
        network = self.network
        told: dict[str, object] = {
            "read": [str(path) for path in self.read],
            "write": [str(path) for path in self.write],
            "scratch": [str(path) for path in self.scratch],
            "names": [str(path) for path in self.names],
            "cleared": [str(path) for path in self.cleared],
            "network": None if network is None else [list(network.connect), list(network.listen), network.lookups],
            "memory": self.memory,
            "cpu_seconds": self.cpu_seconds,
            "output": self.output,
            "processes": self.processes,
            "open_files": self.open_files,
            "has_children": self.has_children,
            "user": self.user,
            "groups": list(self.groups),
            "needed": sorted(wall.value for wall in self.needed),
        }
        return json.dumps(told)


def confined_from(text: str) -> Confined:
    """The confinement that JSON of ours tells."""
    told = cast("Mapping[str, object]", json.loads(text))
    network = cast("tuple[list[int], list[int], bool] | None", told["network"])
    return Confined(
        read=_paths(told["read"]),
        write=_paths(told["write"]),
        scratch=_paths(told["scratch"]),
        names=_paths(told["names"]),
        cleared=_paths(told["cleared"]),
        network=Network(tuple(network[0]), tuple(network[1]), network[2]) if network else None,
        memory=cast("int | None", told["memory"]),
        cpu_seconds=cast("int | None", told["cpu_seconds"]),
        output=cast("int | None", told["output"]),
        processes=cast("int", told["processes"]),
        open_files=cast("int", told["open_files"]),
        has_children=bool(told["has_children"]),
        user=cast("int | None", told["user"]),
        groups=tuple(cast("list[int]", told["groups"])),
        needed=frozenset(Wall(name) for name in cast("list[str]", told["needed"])),
    )


def _paths(told: object) -> tuple[Path, ...]:
    return tuple(Path(path) for path in cast("list[str]", told))
