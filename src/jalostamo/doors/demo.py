"""The command `demo`: a synthetic town, the handbook's pilot refined on it, and its pages on a reading desk.

Handbook 2.2 (the pilot project).
"""

from __future__ import annotations

import hashlib
import shutil
import sys
from argparse import ArgumentParser, Namespace
from collections.abc import Sequence
from pathlib import Path
from typing import Final, cast

from jalostamo.concepts.errors import Broken, Misused
from jalostamo.doors import town
from jalostamo.doors.children import ask, bid
from jalostamo.doors.detached import Detached, free_port
from jalostamo.doors.home import Home, alone, made
from jalostamo.doors.installation import SHEET
from jalostamo.doors.progress import Progress
from jalostamo.doors.terminal import Account, Command, run

DESK: Final = "jalostamo.doors.showing"
PILOT: Final = Path(__file__).parents[3] / "examples" / "pilot" / "request.toml"
PEOPLE, SEED, FIRST_YEAR, LAST_YEAR = 50_000, 1, 2010, 2016
REGISTERS: Final = ("population", "social_services", "exclusions")
"""What the pilot draws upon, and the list of those who are protected; the town has more registers."""

STAMP: Final = "stamp"
"""Marks a folder as the demonstration's own, and tells from what it was made; empty while it is being made."""


def _add_arguments(parser: ArgumentParser) -> None:
    parser.add_argument("action", choices=("start", "stop"), help="start the demonstration, or stop it")
    parser.add_argument("--home", metavar="DIR", type=Path, default=Path(".demo"), help="where it lives (.demo)")
    parser.add_argument("--people", metavar="N", type=int, default=PEOPLE, help=f"size of the town ({PEOPLE})")
    parser.add_argument("--no-town", action="store_true", help="the pages of results alone, without townhall")
    parser.add_argument(
        "--port", metavar="N", type=int, default=8321, help="of the pages; any free one where taken (8321)"
    )


def _run(asked: Namespace, progress: Progress) -> Account:
    home = Home(asked.home.resolve())
    if asked.action == "stop":
        return _stop(home)
    _claim(home)
    with alone(home.folder, doing="starting this demonstration"):
        told = _made_ready(home, asked.people, progress)
        address = _address(home) or _started(home, asked.port)
        facts = {"address": address}
        told.append(f"The town is synthetic, and its figures are not protected. Read them at {address}")
        if not asked.no_town:
            facts["townhall"] = town.start(home, progress, port=asked.port - 1 if asked.port else 0, demonstration=True)
            told.append(f"Sign in to its townhall as one of the fictional cast at {facts['townhall']}")
    return Account(tuple(told), facts)


def _claim(home: Home) -> None:
    """Take a folder for the demonstration: it will be emptied, so only one that is empty, or was taken before."""
    stamp = made(home.folder) / STAMP
    if not stamp.is_file() and any(home.folder.iterdir()):
        raise Misused(
            f"'{home.folder.name}' holds something else: name a folder that the demonstration may have for itself.",
            reason="home_taken",
        )
    stamp.touch()


def _made_ready(home: Home, people: int, progress: Progress) -> list[str]:
    """Make the town and refine the pilot, unless the same was made before."""
    stamp, asked = home.folder / STAMP, _digest(people)
    if _pages(home).joinpath("index.html").is_file() and stamp.read_text(encoding="ascii") == asked:
        return []
    stamp.write_text("", encoding="ascii")
    _empty(home)
    progress.step("making a synthetic town")
    years = ("--from", str(FIRST_YEAR), "--to", str(LAST_YEAR))
    only = [word for name in REGISTERS for word in ("--only", name)]
    bid("jalostamo.city", str(home.sources), "--people", str(people), *years, "--seed", str(SEED), *only)
    bid("jalostamo.doors.initialising", str(home.folder))
    progress.step("refining the pilot")
    refined = ask("jalostamo.doors.refining", str(PILOT), "--home", str(home.folder), "--play")
    stamp.write_text(asked, encoding="ascii")
    return list(cast("Sequence[str]", refined["summary"]))


def _empty(home: Home) -> None:
    """Remove an earlier town and all that was made of it."""
    # A closed room that outlived a killed demonstration would clear away what the next one is about to make.
    with alone(made(home.closed), doing="at work in its closed room"):
        (home.folder / SHEET).unlink(missing_ok=True)
        for old in (home.sources, home.closed, home.townhall, home.folder / "exchange"):
            shutil.rmtree(old, ignore_errors=True)


def _pages(home: Home) -> Path:
    return home.publications / "child-protection-pilot"


def _digest(people: int) -> str:
    """What the demonstration is made from: its size, the pilot's files, and the code."""
    package = Path(__file__).parents[1]
    files = sorted([*PILOT.parent.rglob("*.*"), *package.rglob("*.py"), *package.rglob("pages/*")])
    sums = [hashlib.sha256(path.read_bytes()).hexdigest() for path in files if path.is_file()]
    return hashlib.sha256("\n".join([str(people), *sums]).encode()).hexdigest()


def _started(home: Home, port: int) -> str:
    """Start the reading desk on the port asked for, or on any that is free, and return the address that it tells."""
    # One that was started, and never told its address.
    _desk(home).stop()
    told = _told(home)
    told.unlink(missing_ok=True)
    words = [sys.executable, "-P", "-m", DESK, str(_pages(home)), str(free_port(port)), str(told)]
    if not _desk(home).start(words, ready=told.is_file, variables={}):
        raise Broken("the reading desk did not start.", reason="desk")
    return told.read_text(encoding="ascii").strip()


def _told(home: Home) -> Path:
    return home.folder / "address"


def _desk(home: Home) -> Detached:
    return Detached(home.folder / "process", (DESK, str(_told(home))))


def _address(home: Home) -> str | None:
    """The address of the reading desk if it is running."""
    return _told(home).read_text(encoding="ascii").strip() if _desk(home).process and _told(home).is_file() else None


def _stop(home: Home) -> Account:
    stopped = [_desk(home).stop(), town.stop(home)]
    if not any(stopped):
        return Account(("The demonstration is not running.",), {"stopped": False})
    return Account(("The demonstration is stopped; its town and pages stay.",), {"stopped": True})


COMMAND: Final = Command(
    name="demo",
    purpose="Show the handbook's pilot on a synthetic town: registers, release, results and pages.",
    example="jalostamo demo start --people 20000",
    add_arguments=_add_arguments,
    run=_run,
)


def main(words: Sequence[str] | None = None) -> int:
    """Run the command and return its exit code."""
    return run(COMMAND, sys.argv[1:] if words is None else words)


if __name__ == "__main__":
    sys.exit(main())
