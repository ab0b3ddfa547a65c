"""The command `init`: lays out a home with its two sides, the keys by which they know each other, and its level.

Handbook 2.6 (the sensitive and the non-sensitive environment).
"""

from __future__ import annotations

import sys
from argparse import ArgumentParser, Namespace
from collections.abc import Sequence
from pathlib import Path
from typing import Final

from jalostamo.doors.home import Home, made
from jalostamo.doors.installation import Level, lay_out
from jalostamo.doors.progress import Progress
from jalostamo.doors.terminal import Account, Command, run

_HELD: Final = {
    Level.DEMO: "One user holds everything: for synthetic and public sources alone.",
    Level.LAPTOP: "The rules of a server, without users of their own: for synthetic and public sources alone.",
}


def _add_arguments(parser: ArgumentParser) -> None:
    parser.add_argument("folder", metavar="DIR", type=Path, help="the folder of the installation")
    parser.add_argument("--level", choices=[level.value for level in _HELD], default="demo", help="isolation (demo)")


def _run(asked: Namespace, progress: Progress) -> Account:
    home, level = Home(made(asked.folder)), Level(asked.level)
    progress.step("laying out both sides")
    lay_out(home, level)
    return Account(
        (f"Laid out at level {level.value}. {_HELD[level]}", "Deliver each register into a folder below 'sources'."),
        {"level": level.value},
    )


COMMAND: Final = Command(
    name="init",
    purpose="Lay out an installation: the closed room, townhall's side, the exchange between them, and their keys.",
    example="jalostamo init town",
    add_arguments=_add_arguments,
    run=_run,
)


def main(words: Sequence[str] | None = None) -> int:
    """Run the command and return its exit code."""
    return run(COMMAND, sys.argv[1:] if words is None else words)


if __name__ == "__main__":
    sys.exit(main())
