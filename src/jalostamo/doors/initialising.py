"""The command `init`: lays out a home with its two sides, the keys by which they know each other, and its level.

Handbook 2.6 (the sensitive and the non-sensitive environment).
"""

from __future__ import annotations

import os
import sys
from argparse import ArgumentParser, Namespace
from collections.abc import Sequence
from pathlib import Path
from typing import Final

from jalostamo.concepts.errors import Misused
from jalostamo.doors.home import Home, made
from jalostamo.doors.installation import Level, lay_out
from jalostamo.doors.progress import Progress
from jalostamo.doors.sides import Sides, user_named
from jalostamo.doors.terminal import Account, Command, run

_HELD: Final = {
    Level.DEMO: "One user holds everything: for synthetic and public sources alone.",
    Level.LAPTOP: "The rules of a server, without users of their own: for synthetic and public sources alone.",
    Level.SERVER: "Each side is a user of its own, and may not be another; try it by `prove-separation --level server`.",
}


_SIDES: Final = {
    "closed": "who sees persons",
    "townhall": "who signs permits and orders",
    "open": "as whom analyses run",
}


def _add_arguments(parser: ArgumentParser) -> None:
    parser.add_argument("folder", metavar="DIR", type=Path, help="the folder of the installation")
    parser.add_argument("--level", choices=[level.value for level in _HELD], default="demo", help="isolation (demo)")
    for side, says in _SIDES.items():
        parser.add_argument(f"--{side}", metavar="USER", help=f"level server: the user, by name or number, {says}")


def _run(asked: Namespace, progress: Progress) -> Account:
    level = Level(asked.level)
    sides = _sides(asked, level)
    home = Home(made(asked.folder))
    progress.step("laying out both sides")
    lay_out(home, level, sides)
    return Account(
        (f"Laid out at level {level.value}. {_HELD[level]}", "Deliver each register into a folder below 'sources'."),
        {"level": level.value},
    )


def _sides(asked: Namespace, level: Level) -> Sides | None:
    named = [vars(asked)[side] for side in _SIDES]
    if level is not Level.SERVER:
        if any(named):
            raise Misused("Users of their own are of level server.", reason="usage")
        return None
    if not all(named):
        raise Misused(f"Level server needs a user for each side: --{', --'.join(_SIDES)}.", reason="usage")
    if os.geteuid() != 0:
        raise Misused(
            "Level server is laid out by the superuser, who alone can give folders away.", reason="not_superuser"
        )
    return Sides(*(user_named(name) for name in named))


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
