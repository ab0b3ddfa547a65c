"""The command that tells how far each order is, from the exchange alone.

Handbook 2.6, phases 4 and 5.
"""

from __future__ import annotations

import datetime
from argparse import ArgumentParser, Namespace
from dataclasses import asdict
from pathlib import Path
from typing import Final

from jalostamo.concepts.errors import Misused
from jalostamo.doors.home import Home
from jalostamo.doors.progress import Progress
from jalostamo.doors.status_sheets import sentence_of, standings
from jalostamo.doors.terminal import Account, Command


def _add_arguments(parser: ArgumentParser) -> None:
    parser.add_argument("--home", metavar="DIR", type=Path, required=True, help="where the exchange is")


def _run(asked: Namespace, _progress: Progress) -> Account:
    home = Home(asked.home)
    if not home.folder.is_dir():
        raise Misused(f"'{home.folder}' is no home.", reason="home_missing")
    found, now = standings(home.status), datetime.datetime.now(datetime.UTC)
    told = tuple(sentence_of(standing, now=now) for standing in found) or ("No order has been taken up.",)
    return Account(told, {"orders": [asdict(standing) for standing in found]})


STATUS: Final = Command(
    name="closed-room status",
    purpose="Tell of each order whether it waits, which step it is at, how long that still takes, and how it ended.",
    example="jalostamo closed-room status --home town",
    add_arguments=_add_arguments,
    run=_run,
)
