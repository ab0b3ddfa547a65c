"""What the log asks of the disk: nothing is acknowledged before it answered, and what it refuses is refused."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from tests.conftest import ROOT
from tests.jalostamo.audit.sample_logs import entry, log_in, runs_in, verified

APPENDING = Path(__file__).with_name("appending_process.py")
CALLS = re.compile(r"^(?:\d+ +)?(pwrite64|fdatasync|fsync|write)\((\d+)(?:, \"([a-z]-\d+))?", re.MULTILINE)
ENTRIES = 40

pytestmark = pytest.mark.needs("strace")


def watched(strace: Path, folder: Path, *injected: str) -> tuple[list[str], str]:
    """Append under watch, perhaps with a call that fails; what was told, and the calls."""
    calls = folder / "calls"
    traced = [strace, "-f", "-qq", "--trace=pwrite64,fdatasync,fsync,write,ftruncate", *injected, f"--output={calls}"]
    command = [*traced, sys.executable, APPENDING, folder / "log", "a", str(ENTRIES)]
    environment = os.environ | {"PYTHONPATH": str(ROOT), "PYTHONDONTWRITEBYTECODE": "1"}
    run = subprocess.run(command, capture_output=True, text=True, check=True, env=environment, timeout=120)
    return run.stdout.splitlines(), calls.read_text(encoding="utf-8", errors="replace")


def test_every_entry_is_on_the_disk_before_it_is_acknowledged(tool: Callable[[str], Path], tmp_path: Path) -> None:
    told, calls = watched(tool("strace"), tmp_path)
    waiting: set[str] = set()
    acknowledged = 0
    for call, descriptor, run in CALLS.findall(calls):
        if call == "pwrite64":
            waiting.add(descriptor)
        elif call in {"fdatasync", "fsync"}:
            waiting.discard(descriptor)
        elif run:
            assert waiting == set()
            acknowledged += 1
    assert acknowledged == len(told) == ENTRIES


@pytest.mark.parametrize(
    ("call", "error", "when"),
    [
        ("fdatasync", "EIO", 7),
        ("fdatasync", "ENOSPC", 33),
        ("pwrite64", "ENOSPC", 1),
        ("pwrite64", "EIO", 34),
        *[
            pytest.param(call, error, when, marks=pytest.mark.deep)
            for call in ("fdatasync", "pwrite64")
            for error in ("EIO", "ENOSPC", "EDQUOT")
            for when in range(2, ENTRIES, 3)
        ],
    ],
)
def test_a_disk_that_fails_refuses_and_loses_nothing_acknowledged(
    call: str, error: str, when: int, tool: Callable[[str], Path], tmp_path: Path
) -> None:
    told, _ = watched(tool("strace"), tmp_path, f"--inject={call}:error={error}:when={when}")
    assert told.pop() == "audit_unwritable"
    assert [line.split()[0] for line in told] == (runs_in(tmp_path / "log") if told else [])
    log_in(tmp_path / "log").append(entry(7))
    assert runs_in(tmp_path / "log") == [*(line.split()[0] for line in told), "r-7"]
    assert verified(tmp_path / "log").doubts == ()
