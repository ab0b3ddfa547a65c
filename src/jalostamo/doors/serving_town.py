"""Townhall's own process: it puts up its walls, then becomes the server of the pages, or the worker behind them.

A program that takes another's place keeps the walls: whatever a page is made to do, it opens nothing of the closed room.

Handbook 2.6 (the sensitive and the non-sensitive environment).
"""

from __future__ import annotations

import os
import sys
import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Final
from urllib.parse import urlsplit

from jalostamo.confinement import Network
from jalostamo.confinement.entering import enter
from jalostamo.doors.home import Home, made
from jalostamo.doors.town import FILE, PAGES, WORK
from jalostamo.doors.walls import walls_of_townhall

_DATABASE_PORT: Final = 5432
_LOGIN_PORT: Final = 443


def main() -> int:
    """Serve the pages of a home on a port, or do its work: `HOME PORT`, or `HOME work`."""
    home, what = Home(Path(sys.argv[1])), sys.argv[2]
    town = tomllib.loads((home.townhall / FILE).read_text(encoding="utf-8"))
    listen = () if what == "work" else (int(what),)
    assets = Path(os.environ.get("JALOSTAMO_ASSETS", Path(__file__).parents[3] / "node_modules"))
    network = Network(connect=_asked(town), listen=listen, lookups=bool(_asked(town)))
    # What is laid down for a moment stays on townhall's side.
    os.environ["TMPDIR"] = str(made(home.townhall / "temporary", mode=0o700))
    enter(walls_of_townhall(home, network=network, assets=(assets,)))
    python = [sys.executable, "-P", "-m"]
    if what == "work":
        os.execv(sys.executable, [*python, WORK, str(home.folder)])
    served = ("--interface", "wsgi", "--host", "127.0.0.1", "--port", what, "--workers", "1", "--no-ws")
    threads = ("--blocking-threads", "4", "--backpressure", "64")
    os.execv(sys.executable, [*python, "granian", *served, *threads, "--no-access-log", PAGES])


def _asked(town: Mapping[str, object]) -> tuple[int, ...]:
    """The ports that the municipality's file asks for: of its database, its mail server, its login."""
    ports = set()
    head = town.get("town")
    address = str(head.get("database", "")) if isinstance(head, dict) else ""
    if address and urlsplit(address).hostname:
        ports.add(urlsplit(address).port or _DATABASE_PORT)
    mail = town.get("mail")
    if isinstance(mail, dict):
        ports.add(int(mail.get("port", 25)))
    login = town.get("login")
    if isinstance(login, dict):
        ports.add(urlsplit(str(login.get("address", ""))).port or _LOGIN_PORT)
    return tuple(sorted(ports))


if __name__ == "__main__":
    sys.exit(main())
