"""The door of the open room: commands on releases and on files of one's own; no key, nothing sensitive.

Handbook 2.6 (the non-sensitive environment).
"""

from __future__ import annotations

import os
import sys
from argparse import Namespace
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from jalostamo.doors import (
    analysing,
    answerable,
    answering,
    before_after,
    cataloguing,
    cubes,
    hierarchy,
    jobs,
    own_keys,
    paths,
    publishing,
    time_to_event,
    trying,
    why_changed,
)
from jalostamo.doors.installation import refuse_other_user
from jalostamo.doors.people import home_of
from jalostamo.doors.terminal import Command, run
from jalostamo.engine.leaving_out import leave_out_pandas_of, look_seldom_for_circles
from jalostamo.engine.versions import SETTING

COMMANDS: Final[dict[str, Command]] = {
    command.name: command
    for command in (
        paths.COMMAND,
        before_after.COMMAND,
        time_to_event.COMMAND,
        answering.COMMAND,
        analysing.COMMAND,
        cataloguing.COMMAND,
        publishing.COMMAND,
        answerable.COMMAND,
        cubes.COMMAND,
        hierarchy.COMMAND,
        trying.COMMAND,
        why_changed.COMMAND,
    )
} | {"job": jobs.COMMAND, "own-key": own_keys.COMMAND}


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
    return run(COMMANDS[name], rest, within=_as_its_user)


@contextmanager
def _as_its_user(_name: str, asked: Namespace) -> Iterator[None]:
    """Whoever works on a release of an installation with users is the open room's."""
    release = getattr(asked, "release", None)
    if isinstance(release, Path):
        refuse_other_user(home_of(release), "open")
    yield


if __name__ == "__main__":
    look_seldom_for_circles()
    leave_out_pandas_of(os.environ.get(SETTING))
    sys.exit(main())
