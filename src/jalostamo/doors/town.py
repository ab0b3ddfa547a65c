"""The command `town`: townhall's pages, started and stopped; in a demonstration with the fixed, fictional cast.

Handbook 2.6.
"""

from __future__ import annotations

import http.client
import os
import shutil
import subprocess
import sys
from argparse import ArgumentParser, Namespace
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Final

from jalostamo.concepts.errors import Broken, Misused
from jalostamo.doors.detached import LOOPBACK, Detached, free_port
from jalostamo.doors.home import Home, alone, made
from jalostamo.doors.installation import Level, is_laid_out, level_of, refuse_other_user
from jalostamo.doors.progress import Progress
from jalostamo.doors.terminal import Account, Command, run

FILE: Final = "town.toml"
EXAMPLE: Final = Path(__file__).parents[3] / "examples" / "town"
PAGES: Final = "townhall.config.wsgi:application"
WORK: Final = "townhall.config.working"
_SERVING: Final = "jalostamo.doors.serving_town"
_DESCRIPTION: Final = "register.toml"
_PORT: Final = 8320


def _add_arguments(parser: ArgumentParser) -> None:
    parser.add_argument("action", choices=("start", "stop"), help="start the pages, or stop them")
    parser.add_argument("--home", metavar="DIR", type=Path, required=True, help="the folder of the installation")
    parser.add_argument(
        "--demo", action="store_true", help="with the fictional cast and its cases; at level demo alone"
    )
    parser.add_argument("--port", metavar="N", type=int, default=_PORT, help=f"on this machine ({_PORT})")


def _run(asked: Namespace, progress: Progress) -> Account:
    home = Home(asked.home.resolve())
    if asked.action == "stop":
        stopped = stop(home)
        return Account(("Townhall is stopped." if stopped else "Townhall was not running.",), {"stopped": stopped})
    if not is_laid_out(home):
        raise Misused(
            "this home is no installation yet: lay it out with `jalostamo init DIR`.", reason="home_not_laid_out"
        )
    refuse_other_user(home, "townhall")
    if asked.demo and level_of(home) is not Level.DEMO:
        raise Misused("The cast signs in at level demo alone: start without --demo.", reason="usage")
    address = start(home, progress, port=asked.port, demonstration=asked.demo)
    return Account((f"Townhall is at {address}",), {"address": address})


def start(home: Home, progress: Progress, *, port: int, demonstration: bool) -> str:
    """Start townhall's pages, unless they run, and return their address."""
    with alone(made(home.townhall), doing="starting this townhall"):
        if _server(home).process:
            return (home.townhall / "address").read_text(encoding="ascii").strip()
        _have_file(home, demonstration=demonstration)
        _have_descriptions(home)
        variables = _variables(home, demonstration=demonstration)
        progress.step("bringing townhall up to date")
        _brought_up_to_date(home, variables)
        progress.step("opening townhall")
        address = _opened(home, variables, port)
        _worker(home).stop()
        words = [sys.executable, "-P", "-m", _SERVING, str(home.folder), "work"]
        _worker(home).start(words, ready=lambda: True, variables=variables, log=home.townhall / "log")
        return address


def stop(home: Home) -> bool:
    """Stop townhall's pages and its worker; whether any of them ran."""
    return any([_server(home).stop(), _worker(home).stop()])


def _have_file(home: Home, *, demonstration: bool) -> None:
    if (home.townhall / FILE).is_file():
        return
    if not demonstration:
        raise Misused(
            f"townhall/{FILE} is missing: it describes the municipality. Begin with examples/town/{FILE}.",
            reason="file_missing",
        )
    for example in EXAMPLE.glob("*.toml"):
        shutil.copy(example, home.townhall / example.name)


def _have_descriptions(home: Home) -> None:
    """Copies of the registers' descriptions for townhall, where the sources lie within its reach; never a row."""
    for description in sorted(home.sources.glob(f"*/{_DESCRIPTION}")) if home.sources.is_dir() else ():
        place = made(home.townhall / "registers" / description.parent.name)
        if not (place / _DESCRIPTION).is_file():
            shutil.copy(description, place / _DESCRIPTION)


def _brought_up_to_date(home: Home, variables: Mapping[str, str]) -> None:
    """In a process of its own, which knows Django; what it says when it breaks stays on townhall's side."""
    words = [sys.executable, "-P", "-m", "townhall.config.starting"]
    with (home.townhall / "log").open("ab") as said:
        code = subprocess.call(words, stdin=subprocess.DEVNULL, stdout=said, stderr=said, env=os.environ | variables)
    if code:
        raise Broken("townhall could not be brought up to date; townhall/log says why.", reason="town_start")


def _variables(home: Home, *, demonstration: bool) -> Mapping[str, str]:
    return {
        "JALOSTAMO_HOME": str(home.folder),
        "JALOSTAMO_DEMONSTRATION": "1" if demonstration else "0",
        "DJANGO_SETTINGS_MODULE": "townhall.config.settings",
    }


def _opened(home: Home, variables: Mapping[str, str], port: int) -> str:
    number = free_port(port)
    words = [sys.executable, "-P", "-m", _SERVING, str(home.folder), str(number)]
    log = home.townhall / "log"
    if not _server(home).start(words, ready=lambda: _answers(number), variables=variables, log=log):
        raise Broken("townhall did not start; its log, townhall/log, says why.", reason="town_start")
    address = f"http://{LOOPBACK}:{number}/"
    (home.townhall / "address").write_text(f"{address}\n", encoding="ascii")
    return address


def _server(home: Home) -> Detached:
    return Detached(home.townhall / "process", ("granian", PAGES))


def _worker(home: Home) -> Detached:
    return Detached(home.townhall / "worker", (WORK, str(home.folder)))


def _answers(port: int) -> bool:
    """Whether the pages answer, and their database does."""
    asked = http.client.HTTPConnection(LOOPBACK, port, timeout=5)
    try:
        asked.request("GET", "/health/")
        return asked.getresponse().status == http.client.OK
    except OSError:
        return False
    finally:
        asked.close()


COMMAND: Final = Command(
    name="town",
    purpose="Start or stop townhall: the pages of needs, permits and decisions.",
    example="jalostamo town start --home town --demo",
    add_arguments=_add_arguments,
    run=_run,
)


def main(words: Sequence[str] | None = None) -> int:
    """Run the command and return its exit code."""
    return run(COMMAND, sys.argv[1:] if words is None else words)


if __name__ == "__main__":
    sys.exit(main())
