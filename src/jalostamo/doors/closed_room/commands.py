"""What the closed room can be asked for, by name.

Handbook 2.6, phases 4 and 5.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence
from typing import Final

from jalostamo.doors import deficiencies, refusals
from jalostamo.doors.closed_room import (
    counting_run,
    destroying,
    enrolling,
    key_keeping,
    own_tables,
    registers,
    running,
    status,
    steering,
    working,
)
from jalostamo.doors.terminal import Within, anywhere, run

COMMANDS: Final = {
    "anonymise": own_tables.ANONYMISE,
    "check-anonymity": own_tables.CHECK,
    "anonymity-page": own_tables.PAGE,
    "attack": own_tables.ATTACK,
    "cells": counting_run.CELLS,
    "keys": key_keeping.COMMAND,
    "destroy-due": destroying.COMMAND,
    "people": enrolling.COMMAND,
    "run": running.RUN,
    "work": working.WORK,
    "status": status.STATUS,
    "cancel": steering.CANCEL,
    "resume": steering.RESUME,
    "profile": registers.PROFILE,
    "quality": registers.QUALITY,
    "catalogue": registers.CATALOGUE,
    "deficiencies": deficiencies.COMMAND,
    "refusals": refusals.COMMAND,
}


def main(words: Sequence[str] | None = None, *, within: Within = anywhere) -> int:
    """Run one command of this room and return its exit code; `within` puts up its walls."""
    name, *rest = (sys.argv[1:] if words is None else words) or [""]
    if name in {"--help", "-h"}:
        listed = "\n".join(f"  {command.name}: {command.purpose}" for command in COMMANDS.values())
        print(f"The closed room's commands, each with --help of its own:\n\n{listed}")
        return 0
    if name not in COMMANDS:
        print(f"jalostamo: the closed room has no such command; it has {', '.join(COMMANDS)}.", file=sys.stderr)
        return 2
    return run(COMMANDS[name], rest, within=within)
