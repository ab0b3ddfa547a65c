"""The ledger with several processes at once, and with one that is killed in the middle of adding."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from tests.conftest import ROOT
from tests.jalostamo.utilising.disclosure.ledger_process import admit

from jalostamo.concepts.errors import Refused, Unfit
from jalostamo.utilising.disclosure.ledger.ledger import Ledger

pytestmark = pytest.mark.slow
WRITES_OF_ONE = 9
"""How often adding one entry makes something durable: folders, the cube's file, the entry, the head, and their folders."""

PATIENCE = 120


def started(folder: Path, first: int, last: int, *, killed_at: int = 0) -> subprocess.Popen[bytes]:
    """Another process that admits the cubes of some days."""
    command = [sys.executable, "-m", "tests.jalostamo.utilising.disclosure.ledger_process"]
    arguments = [str(folder), str(first), str(last), str(killed_at)]
    environment = {**os.environ, "PYTHONPATH": f"{ROOT}{os.pathsep}{ROOT / 'src'}"}
    return subprocess.Popen([*command, *arguments], cwd=ROOT, env=environment)


def test_two_processes_at_once_make_one_chain(ledger: Ledger) -> None:
    both = [started(ledger.folder, 0, 12), started(ledger.folder, 12, 24)]
    assert [process.wait(PATIENCE) for process in both] == [0, 0]
    assert ledger.verify()["residents"].number == 24


def test_two_processes_that_admit_the_same_cubes_add_each_once(ledger: Ledger) -> None:
    # Both print the same days, the second run of a day meets the first in the chain and adds nothing.
    both = [started(ledger.folder, 0, 6), started(ledger.folder, 0, 6)]
    assert [process.wait(PATIENCE) for process in both] == [0, 0]
    assert ledger.verify()["residents"].number == 6


@pytest.mark.parametrize("write", range(1, WRITES_OF_ONE + 2))
def test_a_process_killed_while_adding_leaves_a_whole_chain(ledger: Ledger, write: int) -> None:
    admit(ledger.folder, 0)
    died = started(ledger.folder, 1, 2, killed_at=write).wait(PATIENCE)
    assert died in {-signal.SIGKILL, 0}
    assert ledger.verify()["residents"].number in {1, 2}
    admit(ledger.folder, 1)
    admit(ledger.folder, 2)
    assert ledger.verify()["residents"].number == 3


def test_a_process_killed_from_outside_loses_nothing_that_it_had_added(ledger: Ledger) -> None:
    process = started(ledger.folder, 0, 10_000)
    until = time.monotonic() + PATIENCE
    while len(list(ledger.folder.glob("*/*.json"))) < 5 and time.monotonic() < until:
        time.sleep(0.01)
    process.kill()
    assert process.wait(PATIENCE) == -signal.SIGKILL
    seen = len(list(ledger.folder.glob("*/*.json")))
    assert ledger.verify()["residents"].number == seen >= 5
    admit(ledger.folder, 20_000)
    assert ledger.verify()["residents"].number == seen + 1


def test_a_ledger_without_a_lock_would_fork(ledger: Ledger) -> None:
    """Two writers that both saw the same end, as without a lock they could, leave a chain that is found out."""
    admit(ledger.folder, 0)
    (place,) = (path for path in ledger.folder.iterdir() if path.is_dir())
    before = {path.name: path.read_bytes() for path in place.iterdir() if path.is_file()}
    admit(ledger.folder, 1)
    (second,) = (path for path in place.glob("*.json") if path.name not in before)
    kept = second.read_bytes()
    second.unlink()
    (place / "head").write_bytes(before["head"])
    admit(ledger.folder, 2)
    second.write_bytes(kept)
    with pytest.raises((Unfit, Refused)):
        ledger.verify()
