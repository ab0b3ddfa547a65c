"""What the command `closed-room keys` is asked with: which keys, how they are unlocked, and what is certified.

Handbook 2.6 (the sensitive environment) and phase 8.
"""

from __future__ import annotations

from argparse import ArgumentParser, Namespace
from collections.abc import Callable
from pathlib import Path
from typing import Final

from jalostamo.concepts.errors import Misused
from jalostamo.doors.progress import Progress
from jalostamo.doors.terminal import Account, Command

ACTIONS: Final = ("status", "rotate", "destroy", "verify-erasure")
_NEEDS: Final = {"destroy": ("key", "rule", "decision", "out"), "verify-erasure": ("certificate",)}


def command(run: Callable[[Namespace, Progress], Account]) -> Command:
    """The command, carried out by what the closed room gives for it."""

    def checked(asked: Namespace, progress: Progress) -> Account:
        lacking = [name for name in _NEEDS.get(asked.action, ()) if not getattr(asked, name)]
        if lacking:
            listed = ", ".join(f"--{name}" for name in lacking)
            raise Misused(f"To {asked.action} also give {listed}.", reason="keys_asked")
        return run(asked, progress)

    return Command(
        name="closed-room keys",
        purpose="Look after the keys of the closed room: count them, wrap them anew, destroy one, verify that it is gone.",
        example="jalostamo closed-room keys status --home town",
        add_arguments=_add_arguments,
        run=checked,
    )


def add_unlocking(parser: ArgumentParser) -> None:
    """What unlocks the keys."""
    way = parser.add_mutually_exclusive_group()
    way.add_argument("--key-file", metavar="FILE", type=Path, help="what unlocks the keys; else a file beside them")
    way.add_argument("--passphrase-from", metavar="FILE", type=Path, help="a file whose first line unlocks the keys")


def _add_arguments(parser: ArgumentParser) -> None:
    parser.add_argument("action", metavar="|".join(ACTIONS), choices=ACTIONS, help="what to do")
    parser.add_argument("--home", metavar="DIR", type=Path, required=True, help="whose keys")
    add_unlocking(parser)
    new = parser.add_mutually_exclusive_group()
    new.add_argument("--new-key-file", metavar="FILE", type=Path, help="rotate: what is to unlock them from now on")
    new.add_argument("--new-passphrase-from", metavar="FILE", type=Path, help="rotate: likewise, a passphrase")
    parser.add_argument("--key", metavar="NUMBER", action="append", default=[], help="destroy: which key")
    parser.add_argument("--rule", metavar="WORDS", help="destroy: by which rule, such as a permit's schedule")
    parser.add_argument("--decision", metavar="ID", help="destroy: by whose decision")
    parser.add_argument("--last-backup", metavar="DAY", help="destroy: when the last backup of the keys expires")
    parser.add_argument("--out", metavar="DIR", type=Path, help="destroy: where certificates go")
    parser.add_argument("--certificate", metavar="FILE", type=Path, help="verify-erasure: what was certified")
    parser.add_argument(
        "--also", metavar="DIR", type=Path, action="append", default=[], help="verify-erasure: a mounted backup"
    )
