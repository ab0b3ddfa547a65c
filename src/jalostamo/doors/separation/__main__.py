"""The command `prove-separation`: the forbidden acts, really tried, and the table of what happened.

Handbook 2.6 (neither the right nor the technical opportunity).
"""

from __future__ import annotations

import json
import os
import sys
from argparse import ArgumentParser, Namespace
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Final

from jalostamo.concepts.errors import Misused, Objection, Refused
from jalostamo.doors.home import Home
from jalostamo.doors.installation import sides_of
from jalostamo.doors.progress import Progress
from jalostamo.doors.terminal import Account, Command, run

if TYPE_CHECKING:
    from jalostamo.doors.separation.identities import Users
    from jalostamo.doors.separation.proving import Row

_NOBODY: Final = 65534
_LEVELS: Final = ("demo", "server")
_STAND_IN: Final = "The closed room, townhall and a job of the open room run in these very walls."


def _add_arguments(parser: ArgumentParser) -> None:
    parser.add_argument("--home", metavar="DIR", type=Path, required=True, help="the folder of the installation")
    parser.add_argument("--level", choices=_LEVELS, default="demo", help="which level is to be proved (demo)")
    parser.add_argument(
        "--users",
        metavar="N",
        type=int,
        nargs=4,
        help="at level server: the numeric users of the closed room, townhall, the open room, and of nobody (as laid out)",
    )
    parser.add_argument("--out", metavar="FILE.json", type=Path, help="write the table as JSON, too")


def _run(asked: Namespace, progress: Progress) -> Account:
    from jalostamo.doors.separation.proving import prove

    users = _users(asked)
    rows = list(prove(Home(asked.home.absolute()), users, step=progress.step))
    counted = Counter(row.outcome.value for row in rows)
    facts = {"level": asked.level, "outcomes": dict(counted), "rows": [row.as_mapping() for row in rows]}
    if asked.out:
        asked.out.write_text(json.dumps(facts, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    if not asked.json:
        _show(rows)
    wrong = [row for row in rows if not row.is_sound]
    if wrong:
        raise Refused(
            [Objection(f"As {row.identity.value}: {row.act}: {row.outcome.value}.", "2.6") for row in wrong],
            reason="separation_not_proved",
        )
    return Account((_told(len(rows), counted, asked.level), _STAND_IN), facts)


def _users(asked: Namespace) -> Users | None:
    from jalostamo.doors.separation.identities import Users

    if asked.level != "server":
        if asked.users:
            raise Misused("Users are of level server.", reason="usage")
        return None
    if os.geteuid() != 0:
        raise Misused(
            "Level server is proved by the superuser, who alone can act as each user.", reason="not_superuser"
        )
    sides = sides_of(Home(asked.home))
    found = asked.users or ([sides.closed, sides.townhall, sides.open, _NOBODY] if sides else [])
    if len({0, *found}) != 5:
        raise Misused("Level server needs four users that differ, none of them the superuser: --users.", reason="usage")
    return Users(*found)


def _told(tried: int, counted: Counter[str], level: str) -> str:
    held = f"{tried} forbidden acts tried at level {level}: {counted['refused']} refused"
    left = counted["not held at this level"]
    return f"{held}, {left} not held at this level, and told so." if left else f"{held}."


def _show(rows: Sequence[Row]) -> None:
    columns = ("identity", "act", "expected", "outcome", "why")
    table = [columns, *([row.as_mapping()[name] for name in columns] for row in rows)]
    widths = [max(len(line[place]) for line in table) for place in range(len(columns) - 1)]
    for line in table:
        cells = [f"{cell:{width}}" for cell, width in zip(line, widths, strict=False)]
        print("  ".join([*cells, line[-1]]).rstrip())


COMMAND: Final = Command(
    name="prove-separation",
    purpose="Really try every forbidden act, as the closed room, townhall, a job of the open room and a stranger.",
    example="jalostamo prove-separation --home town",
    add_arguments=_add_arguments,
    run=_run,
)


def main(words: Sequence[str] | None = None) -> int:
    """Run the command and return its exit code."""
    return run(COMMAND, sys.argv[1:] if words is None else words)


if __name__ == "__main__":
    sys.exit(main())
