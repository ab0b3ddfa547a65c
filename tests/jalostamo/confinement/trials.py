"""A program that tries things, run with walls around it and without: what each of them came to."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

from jalostamo.confinement import Confined

_PROGRAM = """
import ctypes, errno, json, mmap, os, resource, signal, socket, sys, threading
from pathlib import Path
from jalostamo.confinement import enter, machine
from jalostamo.confinement.confined import confined_from
told, tried, names, user = sys.argv[1:]
names = json.loads(names)
if user:
    os.setgroups([]); os.setresgid(int(user), int(user), int(user)); os.setresuid(int(user), int(user), int(user))
held = [] if not told else [each.as_mapping() for each in enter(confined_from(told))]
came = {}
for name, text in json.loads(tried).items():
    try:
        exec(text, {**globals(), **names})
        came[name] = "done"
    except OSError as error:
        came[name] = errno.errorcode.get(error.errno, "OSError")
    except (ValueError, MemoryError, RuntimeError) as error:
        came[name] = type(error).__name__
print(json.dumps([held, came]))
"""


def trials(
    tried: Mapping[str, str],
    names: Mapping[str, str],
    confined: Confined | None = None,
    *,
    user: int | None = None,
) -> tuple[list[Mapping[str, object]], dict[str, str]]:
    """Run the program: what held, and what each trial came to, "done" or the name of its error."""
    words = [confined.written() if confined else "", json.dumps(dict(tried)), json.dumps(dict(names)), str(user or "")]
    run = subprocess.run(
        [sys.executable, "-I", "-B", "-c", _PROGRAM, *words], capture_output=True, text=True, check=False, timeout=120
    )
    assert run.returncode == 0, run.stderr[-2000:]
    held, came = json.loads(run.stdout.splitlines()[-1])
    return held, came


def laid(folder: Path) -> dict[str, str]:
    """A folder to read, one to write into, one to work in, and one that is somebody else's."""
    for name in ("read", "write", "scratch", "other"):
        (folder / name).mkdir()
        (folder / name).chmod(0o777)
        (folder / name / "file").write_text("kept")
        (folder / name / "file").chmod(0o666)
    return {name: str(folder / name) for name in ("read", "write", "scratch", "other")}
