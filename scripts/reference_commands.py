"""Writes the page of commands: what each command says of itself when it is asked with `--help`."""

from __future__ import annotations

import os
import subprocess
import sys

from jalostamo.doors import closed_room
from jalostamo.doors import jalostamo as front_door

FRONT_DOOR = "jalostamo.doors.jalostamo"
ROOM = "closed-room"
OPEN_ROOM = "open-room"
JOB = "job"
COLUMNS = "100"


def command_names() -> list[str]:
    """Every command as it is typed after `jalostamo`; the closed room's have two words, and so has the open room's job."""
    inside = {ROOM: [f"{ROOM} {name}" for name in closed_room.COMMANDS], OPEN_ROOM: [f"{OPEN_ROOM} {JOB}"]}
    return [name for typed in front_door.COMMANDS for name in inside.get(typed, [typed])]


def commands_page() -> str:
    """Render the page as Markdown."""
    parts = [_OPENING, f"```text\n{help_of()}\n```"]
    parts += [f"## jalostamo {name}\n\n```text\n{help_of(*name.split())}\n```" for name in command_names()]
    return "\n\n".join(parts) + "\n"


def help_of(*words: str) -> str:
    """What a command prints for `--help`, on a terminal of a fixed width."""
    asked = [sys.executable, "-P", "-m", FRONT_DOOR, *words, "--help"]
    environment = {**os.environ, "COLUMNS": COLUMNS, "NO_COLOR": "1"}
    return subprocess.run(asked, capture_output=True, text=True, check=True, env=environment).stdout.strip()


_OPENING = """# Commands

Each command as it describes itself. Written by `make docs` from `--help`; do not edit it by hand.

In the project's folder a command is `.venv/bin/jalostamo COMMAND ...`. A command shows its progress on a terminal and prints
a short summary; with `--json`, which all but `city` know, it tells the same as JSON on standard output. When it fails it says so
in one sentence on standard error, and the JSON has a `reason` ([exit codes and reasons](errors.md))."""
