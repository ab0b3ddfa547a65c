"""The walls of the two sides of an installation: which of its folders each may read, and which it may write.

A door enters these very walls, and `prove-separation` tries what is forbidden within them.

Handbook 2.6 (the sensitive and the non-sensitive environment).
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Iterator
from contextlib import suppress
from dataclasses import replace
from ipaddress import ip_address
from pathlib import Path
from typing import Final

from jalostamo.concepts.descriptions import register_from
from jalostamo.concepts.errors import JalostamoError
from jalostamo.concepts.writings import Server
from jalostamo.confinement import Confined, Network
from jalostamo.doors.home import Home
from jalostamo.doors.installation import SHEET

_DESCRIPTION: Final = "register.toml"
_OPEN_FILES: Final = 4096
_WORKERS: Final = 64
"""So many processes and threads the server of the pages may have."""

_PORT: Final = 8000
"""Where townhall listens, behind the web server of the city."""

_TOWNHALL: Final = Path(__file__).parents[2] / "townhall"
_OF_THE_MACHINE: Final = tuple(
    place for place in (Path("/etc/fonts"), Path("/proc/sys/kernel/random/boot_id")) if place.exists()
)
"""What papers are set with, and by which start of the machine leases tell the time."""

HOUSE: Final = Confined(needed=frozenset(), has_children=True, open_files=_OPEN_FILES)
"""A process of the house that has no files yet: what a machine cannot hold is told, and no reason to stop."""


def walls_of_closed_room(home: Home, *, retrieves: bool = True) -> Confined:
    """What the closed room may have: sources and orders to read, its own folder, what it lets out, and declared ports.

    What `retrieves` nothing has no port, and no description is read for it. Of the rest of the exchange it sees names alone: a
    folder that appears there is made durable with those beside it.
    """
    exchange = home.orders.parent
    return replace(
        HOUSE,
        read=(*_delivered(home.sources), home.orders, home.permits, home.holds, home.folder / SHEET),
        scratch=(home.closed, *written_outside(home)),
        names=(exchange,),
        network=declared_network(path for path in home.sources.glob("*") if path.is_dir()) if retrieves else None,
    )


def written_outside(home: Home) -> tuple[Path, ...]:
    """The folders of the exchange in which the closed room writes."""
    return (home.releases, home.cubes, home.status, home.certificates, home.checkpoints, home.twins)


def walls_of_townhall(home: Home, *, network: Network | None = None, assets: Iterable[Path] = ()) -> Confined:
    """What townhall may have: what is let out to readers, its own folder, what it orders, and the ports that it is given.

    `assets` are what its pages are drawn with, which lies outside the package.
    """
    return Confined(
        read=(home.cubes, home.status, home.publications, home.folder / SHEET, _TOWNHALL, *_OF_THE_MACHINE, *assets),
        scratch=(home.townhall, home.orders, home.permits, home.holds, home.jobs),
        network=network or Network(listen=(_PORT,)),
        needed=frozenset(),
        processes=_WORKERS,
        open_files=_OPEN_FILES,
    )


def _delivered(sources: Path) -> tuple[Path, ...]:
    """The folder of the sources, and where links in it lead: a register may have been delivered to another disk."""
    links = (path for pattern in ("*", "*/*") for path in sources.glob(pattern) if path.is_symlink())
    return (sources, *links)


def declared_network(registers: Iterable[Path]) -> Network | None:
    """The ports of the servers that registers declare; no network where none declares one."""
    servers = [server for folder in registers for server in _servers_in(folder / _DESCRIPTION)]
    if not servers:
        return None
    ports = tuple(sorted({server.port for server in servers}))
    return Network(connect=ports, lookups=not all(_is_address(server.host) for server in servers))


def _servers_in(path: Path) -> Iterator[Server]:
    # What cannot be read is refused by whoever reads it.
    with suppress(OSError, ValueError, JalostamoError):
        text = path.read_text(encoding="utf-8")
        if "server" in text:
            register = register_from(tomllib.loads(text), place=_DESCRIPTION)
            yield from (table.writing.server for table in register.tables if table.writing.server)


def _is_address(host: str) -> bool:
    try:
        ip_address(host)
    except ValueError:
        return False
    return True
