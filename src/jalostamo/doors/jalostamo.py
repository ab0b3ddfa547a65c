"""The front door: `jalostamo COMMAND ...` starts the process that holds the command, and is itself in no room.

What sees persons and what does not run in different processes; this one only hands the words on.

Handbook 2.6 (the sensitive and the non-sensitive environment).
"""

from __future__ import annotations

import signal
import subprocess
import sys
from collections.abc import Sequence
from importlib.metadata import PackageNotFoundError, version
from types import FrameType
from typing import Final, NamedTuple


class Entry(NamedTuple):
    """A command of the front door: the module that holds it, the words before the caller's, and what it is for."""

    module: str
    before: tuple[str, ...]
    purpose: str


COMMANDS: Final = {
    "demo": Entry("jalostamo.doors.demo", (), "show the handbook's pilot on a synthetic town"),
    "city": Entry("jalostamo.city", (), "write the source registers of a synthetic city"),
    "town": Entry("jalostamo.doors.town", (), "start or stop townhall: the pages of permits and decisions"),
    "init": Entry("jalostamo.doors.initialising", (), "lay out an installation and its keys"),
    "refine": Entry("jalostamo.doors.refining", (), "lead a request from registers to a release, results and pages"),
    "twin": Entry("jalostamo.doors.twinning", (), "draw a synthetic twin of a request, to write definitions on"),
    "trace": Entry("jalostamo.doors.tracing", (), "follow a figure back to the decision that allowed it"),
    "hold": Entry("jalostamo.doors.holding", (), "keep the data of a permit beyond its day, by a decision"),
    "closed-room": Entry("jalostamo.doors.closed_room", (), "run a request where persons may be seen"),
    "open-room": Entry("jalostamo.doors.open_room", (), "run a job on a release, within walls of the kernel"),
    "own-key": Entry("jalostamo.doors.open_room", ("own-key",), "make a key of your own, to which releases are sealed"),
    "answer": Entry("jalostamo.doors.open_room", ("answer",), "put the questions of a definition to a release"),
    "analyse": Entry(
        "jalostamo.doors.open_room", ("analyse",), "put one analysis to a release or to a log of your own"
    ),
    "why-changed": Entry("jalostamo.doors.open_room", ("why-changed",), "see why two results of one definition differ"),
    "methods": Entry(
        "jalostamo.doors.open_room", ("methods",), "see which methods of analysis there are, and whom each asks for"
    ),
    "publish": Entry("jalostamo.doors.open_room", ("publish",), "make pages of results in three languages"),
    "answerable": Entry(
        "jalostamo.doors.open_room", ("answerable",), "see beforehand which differences could be shown"
    ),
    "try-cells": Entry("jalostamo.doors.open_room", ("try-cells",), "put a definition of cells to a synthetic twin"),
    "cube": Entry("jalostamo.doors.open_room", ("cube",), "read a file of printed cells"),
    "hierarchy": Entry(
        "jalostamo.doors.open_room", ("hierarchy",), "make a file of how the values of a column become coarser"
    ),
    "anonymise": Entry(
        "jalostamo.doors.closed_room", ("anonymise",), "make one table of your own coarser, until enough are alike"
    ),
    "check-anonymity": Entry(
        "jalostamo.doors.closed_room", ("check-anonymity",), "read such a table anew, and say what holds"
    ),
    "anonymity-page": Entry(
        "jalostamo.doors.closed_room", ("anonymity-page",), "make pages of the report on such a table"
    ),
    "attack": Entry(
        "jalostamo.doors.closed_room",
        ("attack",),
        "attack such a table as somebody would who has it, and say what was found",
    ),
    "prove-separation": Entry(
        "jalostamo.doors.separation", (), "really try every forbidden act, and say what refused it"
    ),
    "audit": Entry("jalostamo.doors.auditing", (), "verify the log of who did what, or take a checkpoint of it"),
    "paths": Entry("jalostamo.doors.open_room", ("paths",), "find the customer paths in one log of your own"),
    "before-after": Entry(
        "jalostamo.doors.open_room", ("before-after",), "see what precedes and follows a service in such a log"
    ),
    "time-to-event": Entry(
        "jalostamo.doors.open_room", ("time-to-event",), "find how long it takes until something happens, in a table"
    ),
}
USAGE: Final = 2

_PASSED_ON: Final = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


def main(words: Sequence[str] | None = None) -> int:
    """Run one command and return its exit code."""
    name, *rest = (sys.argv[1:] if words is None else words) or ["--help"]
    if name in {"--help", "-h"}:
        print(_help())
        return 0
    if name == "--version":
        print(f"jalostamo {_version()}")
        return 0
    if name not in COMMANDS:
        print(f"jalostamo: there is no such command; there is {', '.join(COMMANDS)}.", file=sys.stderr)
        return USAGE
    return _run(COMMANDS[name], rest)


def _run(entry: Entry, words: Sequence[str]) -> int:
    """Start the command as a child with this process's input and output, and pass on to it every signal to stop."""
    children: list[subprocess.Popen[bytes]] = []
    early: list[int] = []

    def pass_on(number: int, _frame: FrameType | None) -> None:
        if children:
            children[0].send_signal(number)
        else:
            early.append(number)

    for number in _PASSED_ON:
        signal.signal(number, pass_on)
    # Without -P, a file in the caller's folder that is named as a module would be run in its place.
    child = subprocess.Popen([sys.executable, "-P", "-m", entry.module, *entry.before, *words])
    children.append(child)
    for missed in early:
        child.send_signal(missed)
    code = child.wait()
    return code if code >= 0 else 128 - code


def _version() -> str:
    try:
        return version("jalostamo")
    except PackageNotFoundError:
        return "from its sources, not installed"


def _help() -> str:
    width = max(map(len, COMMANDS))
    listed = "\n".join(f"  {name:{width}}  {entry.purpose}" for name, entry in COMMANDS.items())
    return (
        "Jalostamo refines customer information into knowledge that a city may lawfully use.\n\n"
        f"usage: jalostamo COMMAND ...\n\n{listed}\n\n"
        "jalostamo COMMAND --help shows how a command is used, with an example.\n"
        "Exit codes: 0 done, 2 asked wrongly, 3 refused, 4 unfit data, 5 our fault."
    )


if __name__ == "__main__":
    sys.exit(main())
