"""Cells by order: a small request and definition, the fictional cast who decide it, and the closed room in this process or a killed one."""

from __future__ import annotations

import io
import json
import subprocess
import sys
from collections.abc import Callable
from contextlib import redirect_stderr, redirect_stdout
from pathlib import Path

from tests.jalostamo.doors.homes import PILOT, Told, ordered

from jalostamo.doors import closed_room
from jalostamo.doors.home import Home

DEFINITION = """
[cube]
name = "by-language"
population = "children"
from = 2010-01-01
to = 2016-12-31
noise = "d10-v8-js4-p30"
described_in = "persons"
title = { fi = "Asiakkaat", sv = "Klienter", en = "Customers" }

[[dimension]]
name = "language"
field = "language_group"
hierarchy = "hierarchies/language_group.csv"
levels = [1]
title = { fi = "Äidinkieli", sv = "Modersmål", en = "Native language" }

[[measure]]
name = "customers"
kind = "units"
table = "events"
title = { fi = "Asiakkaita", sv = "Klienter", en = "Customers" }
"""

# Ends itself, as a machine that stops does, at the first event of Python's own that touches a place: an open file, a new
# folder, a name that is given; where a second place is named, only once something is there.
KILLED = """
import os, signal, sys
from pathlib import Path
place, after, *words = sys.argv[1:]
home = Path(words[-1])
def hook(event, args):
    if event in {"open", "os.mkdir", "os.rename", "os.link"} and any(place in str(arg) for arg in args):
        if event != "open" or args[2] & (os.O_WRONLY | os.O_RDWR):
            if not after or any(home.glob(after)):
                os.kill(os.getpid(), signal.SIGKILL)
sys.addaudithook(hook)
from jalostamo.doors.closed_room import main
sys.exit(main(words))
"""


def cells_in(folder: Path, change: Callable[[str], str] = lambda text: text) -> Path:
    """A request of cells with a small definition, in a folder of its own."""
    beside = folder / "cells"
    (beside / "hierarchies").mkdir(parents=True)
    for name in ("native_language.csv", "language_group.csv"):
        (beside / "hierarchies" / name).write_bytes((PILOT / "hierarchies" / name).read_bytes())
    (beside / "cells.toml").write_text(DEFINITION, encoding="utf-8")
    request = beside / "request.toml"
    request.write_text(change((PILOT / "cells-request.toml").read_text(encoding="utf-8")), encoding="utf-8")
    return request


def of_a_series(text: str) -> str:
    """A request whose figures come again."""
    return text.replace('lane = "cells"\n', 'lane = "cells"\nseries = "monthly"\n')


def inside(*words: str | Path) -> Told:
    """Run a command of the closed room in this process, which has its libraries loaded already."""
    with redirect_stdout(io.StringIO()) as out, redirect_stderr(io.StringIO()) as err:
        code = closed_room.main([*map(str, words), "--json"])
    return Told(code, out.getvalue(), err.getvalue())


def carried_out(place: Path, home: Home) -> Told:
    """What the closed room makes of an order."""
    return inside("run", place, "--home", home.folder)


def killed(place: Path, home: Home, *, at: str, after: str = "") -> int:
    """The code of a closed room that carried out an order until it touched a place."""
    words = [at, after, "run", str(place), "--home", str(home.folder)]
    return subprocess.run([sys.executable, "-P", "-c", KILLED, *words], check=False, capture_output=True).returncode


def order_of(request: Path, home: Home) -> Path:
    """The order of the request, decided by the cast."""
    return ordered(request, home)


def manifests_of(home: Home) -> list[dict[str, object]]:
    """The manifests of all printed cubes, in no particular order."""
    return [json.loads(path.read_bytes()) for path in home.cubes.glob("*/*.json")]


def cubes_of(home: Home) -> list[Path]:
    """The printed cubes that can be seen."""
    return sorted(home.cubes.glob("*/*.parquet"))


def acts_of(home: Home) -> list[str]:
    """What the closed room's log tells, in its order."""
    entries = [
        json.loads(line)
        for path in sorted(home.audit.glob("*.jsonl"))
        for line in path.read_text(encoding="utf-8").splitlines()
    ]
    return [f"{entry['act']} {entry.get('step') or ''}".strip() for entry in entries]
