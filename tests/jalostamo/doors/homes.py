"""Homes for tests of the doors: a small town's registers, a demonstration made once, and a look at what commands left."""

from __future__ import annotations

import datetime
import hashlib
import io
import json
import os
import re
import shutil
import subprocess
import sys
import time
from collections.abc import Callable, Mapping
from contextlib import redirect_stderr, redirect_stdout
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from tests.conftest import ROOT
from tests.made_once import made_once

from jalostamo.doors import open_room
from jalostamo.doors.home import Home
from jalostamo.doors.installation import Level, lay_out
from jalostamo.doors.playing.townhall import play
from jalostamo.managing.requests import read_request

PILOT = ROOT / "examples" / "pilot"
DEMONSTRATED = 12_000
"""The fewest people, in thousands, of whom the pilot's own request leaves out less than its limit."""

CODE = re.compile(r"\d{6}[-+YXWVUABCDEF]\d{3}[0-9A-Y]")
_TOWN = 2_000
_UNPRIVILEGED = (
    "import ctypes, os, sys\n"
    # The superuser writes anywhere by two capabilities, and changes what is another's by a third.
    "for capability in (1, 2, 3): ctypes.CDLL(None).prctl(24, capability, 0, 0, 0)\n"
    "os.execv(sys.argv[1], sys.argv[1:])"
)


@dataclass(frozen=True)
class Told:
    """What a command said and with which code it ended; `account` is its JSON."""

    code: int
    out: str
    err: str

    @property
    def account(self) -> Mapping[str, object]:
        account = json.loads(self.out)
        assert isinstance(account, dict)
        return account

    @property
    def everything(self) -> str:
        return self.out + self.err


def door(module: str, *words: str) -> list[str]:
    """The command that opens a door as the front door opens it."""
    return [sys.executable, "-P", "-m", f"jalostamo.doors.{module}", *words]


def jalostamo(*words: str | Path, privileged: bool = True, folder: Path | None = None) -> Told:
    """Run a command through the front door to its end, its account asked in JSON."""
    command = door("jalostamo", *map(str, words), "--json")
    if not privileged and os.geteuid() == 0:
        command = [sys.executable, "-c", _UNPRIVILEGED, *command]
    done = subprocess.run(command, capture_output=True, text=True, check=False, cwd=folder, timeout=300)
    return Told(done.returncode, done.stdout, done.stderr)


def in_the_open_room(*words: str | Path) -> Told:
    """Run a command of the open room in this process, which has its libraries loaded already."""
    with redirect_stdout(io.StringIO()) as out, redirect_stderr(io.StringIO()) as err:
        code = open_room.main([*map(str, words), "--json"])
    return Told(code, out.getvalue(), err.getvalue())


def town(folder: Path) -> Path:
    """The registers of a small town, written once below a folder."""

    def write(sources: Path) -> None:
        command = [sys.executable, "-P", "-m", "jalostamo.city", str(sources), "--people", str(_TOWN)]
        subprocess.run(command, check=True, capture_output=True)

    return made_once(folder / "town", write)


def demonstration(folder: Path) -> Home:
    """A demonstration that was started and stopped, made once below a folder."""

    def show(home: Path) -> None:
        words = ("demo", "start", "--home", home, "--people", str(DEMONSTRATED), "--port", "0")
        started = jalostamo(*words)
        assert started.code == 0, started.err
        assert jalostamo("demo", "stop", "--home", home).code == 0

    return Home(made_once(folder / "demonstration", show))


def home_in(folder: Path, sources: Path) -> Home:
    """A home to which the registers have been delivered, and nothing else has been done."""
    home = Home(folder / "home")
    shutil.copytree(sources, home.sources)
    lay_out(home, Level.DEMO)
    return home


def ordered(request: Path, home: Home) -> Path:
    """The order of a request, which the fictional cast has decided, in the exchange of a home."""
    return play(home, request, read_request(request), at=datetime.datetime.now(datetime.UTC)).place


def request_in(folder: Path, change: Callable[[str], str] = lambda text: text) -> Path:
    """The pilot's request with a limit that a small town keeps, changed as a test wants it."""
    shutil.copytree(PILOT, folder / "request")
    path = folder / "request" / "request.toml"
    written = path.read_text(encoding="utf-8").replace("suppression_limit = 0.1", "suppression_limit = 0.5")
    path.write_text(change(written), encoding="utf-8")
    return path


def without_definition(text: str) -> str:
    """A request that ends with its release, and asks no questions."""
    return text.replace('definition = "definition.toml"\n', "")


def replaced(path: Path, old: str, new: str, *, encoding: str = "utf-8") -> None:
    """Put something else in place of what a file says once, or first."""
    before = path.read_bytes().decode(encoding)
    assert old in before
    path.write_bytes(before.replace(old, new, 1).encode(encoding))


def files_in(folder: Path) -> dict[str, str]:
    """Every file and link below a folder with its digest, the locks of processes left out."""
    found = sorted(path for path in folder.rglob("*") if not path.is_dir() and path.name != "lock")
    return {str(path.relative_to(folder)): _digest(path) for path in found}


def folders_of_rows(home: Home) -> list[str]:
    """The folders in which a closed room has persons while it works; none of them is there when it does not."""
    found = [*home.closed.glob("vault/*/rows*"), *home.closed.glob("workspace/*"), *home.releases.glob("*/.*")]
    return sorted(str(path.relative_to(home.folder)) for path in found)


def kept_of(home: Home, release: Path) -> dict[str, bytes]:
    """What the closed room keeps, sealed, of the run that gave a release: the manifest of each step by its name."""
    from jalostamo.doors.closed_room.opened_vault import opened_vault

    with opened_vault(home) as vault:
        found = {label.object: label for label in vault.labels if label.kind == "documents"}
        ours = {name: label for name, label in found.items() if name.split("/")[1] == release.name}
        return {Path(name).stem: vault.document(label) for name, label in sorted(ours.items())}


def releases_of(home: Home) -> list[Path]:
    """The releases that can be seen, in no particular order."""
    return [path for path in home.releases.glob("*/*") if not path.name.startswith(".")]


def processes_with(words: str) -> set[int]:
    """The processes that run and were started with words that hold these, such as the folder of a test."""
    found = set()
    for path in Path("/proc").glob("[0-9]*/cmdline"):
        try:
            if words.encode() in path.read_bytes():
                found.add(int(path.parent.name))
        except OSError:
            # It has ended meanwhile.
            continue
    return found


def until[Found](look: Callable[[], Found | None], *, patience: float = 120.0) -> Found:
    """What a look finds as soon as it finds something; the test fails where it never does."""
    end = time.monotonic() + patience
    while not (found := look()):
        assert time.monotonic() < end, "what the test waits for did not come"
        time.sleep(0.01)
    return found


def other_end(pipe: Path, reader: subprocess.Popen[str]) -> BinaryIO:
    """The other end of a named pipe, once a process or a child of it has opened it to read; the test fails if it ends."""

    def opened() -> BinaryIO | None:
        try:
            descriptor = os.open(pipe, os.O_WRONLY | os.O_NONBLOCK)
        except OSError:
            # Nobody reads it yet.
            assert reader.poll() is None, "the process ended before it read the pipe"
            return None
        os.set_blocking(descriptor, True)
        return os.fdopen(descriptor, "wb")

    return until(opened)


def files_but_orders(home: Home) -> dict[str, str]:
    """Every file of a home, but for what was ordered, what both sides remember of it and of its permit, and the log of it.

    A store of keys that has none is left out too; each key of one is a file of its own.
    """
    orders = ("exchange/orders/", "townhall/permits/", "closed/permits/", "closed/orders/", "exchange/permits/")
    orders += ("closed/audit/", "exchange/checkpoints/", "closed/leases/", "exchange/status/")
    orders += ("open/people/", "closed/trust/people.json", "closed/keys.unlock", "closed/keys/keys.json")
    return {name: digest for name, digest in files_in(home.folder).items() if not name.startswith(orders)}


def _digest(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest() if path.is_file() else "no plain file"
