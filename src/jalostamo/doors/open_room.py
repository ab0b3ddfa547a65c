"""The door of the open room: commands on releases and on files of one's own; no key, nothing sensitive.

Handbook 2.6 (the non-sensitive environment).
"""

from __future__ import annotations

import sys
from collections.abc import Sequence
from typing import Final

from jalostamo.doors import (
    analysing,
    answerable,
    answering,
    before_after,
    cubes,
    hierarchy,
    jobs,
    paths,
    publishing,
    time_to_event,
)
from jalostamo.doors.terminal import Command, run

COMMANDS: Final[dict[str, Command]] = {
    command.name: command
    for command in (
        paths.COMMAND,
        before_after.COMMAND,
        time_to_event.COMMAND,
        answering.COMMAND,
        analysing.COMMAND,
        publishing.COMMAND,
        answerable.COMMAND,
        cubes.COMMAND,
        hierarchy.COMMAND,
    )
} | {"job": jobs.COMMAND}


def main(words: Sequence[str] | None = None) -> int:
    """Run one command of this room and return its exit code."""
    name, *rest = (sys.argv[1:] if words is None else words) or [""]
    if name in {"--help", "-h"}:
        listed = "\n".join(f"  {word}: {command.purpose}" for word, command in COMMANDS.items())
        print(f"The open room's commands (`jalostamo open-room`), each with --help of its own:\n\n{listed}")
        return 0
    if name not in COMMANDS:
        print(f"jalostamo: the open room has no such command; it has {', '.join(COMMANDS)}.", file=sys.stderr)
        return 2
    return run(COMMANDS[name], rest)


if __name__ == "__main__":
    sys.exit(main())
