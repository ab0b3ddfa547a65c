"""kill -9 at any line: no acknowledged entry is lost, and nothing is done whose entry is not in the log."""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
from collections import Counter
from pathlib import Path

import pytest
from tests.conftest import ROOT
from tests.jalostamo.audit.sample_logs import entries_in, log_in, runs_in, verified

HERE = Path(__file__).parent
ENVIRONMENT = os.environ | {"PYTHONPATH": str(ROOT)}
FIRST, LATER = "record-first", "record-later"


def died(folder: Path, order: str, every: int) -> dict[str, int]:
    """Let processes die at every so-manieth line of the log's code, and count what was found of them."""
    command = [sys.executable, HERE / "dying_process.py", folder, order, str(every)]
    run = subprocess.run(command, capture_output=True, text=True, check=True, env=ENVIRONMENT, timeout=600)
    return Counter(line.split()[0] for line in run.stdout.splitlines())


@pytest.mark.parametrize("every", [29, pytest.param(1, marks=pytest.mark.deep)])
def test_whatever_is_killed_at_a_line_has_done_nothing_unrecorded(every: int, tmp_path: Path) -> None:
    found = died(tmp_path, FIRST, every)
    assert found.keys() == {"done", "survived"}
    assert found["done"] > 300 / every


def test_recording_after_the_deed_leaves_deeds_unrecorded(tmp_path: Path) -> None:
    assert died(tmp_path, LATER, 29)["unrecorded"] > 0


def check_rounds(folder: Path, rounds: int) -> int:
    """Kill two processes at once, at random moments, again and again; all that they were told of is in its place."""
    chance = random.Random(7)
    told: list[list[str]] = []
    for number in range(rounds):
        processes = [
            subprocess.Popen(
                [sys.executable, HERE / "appending_process.py", folder / "log", f"{name}{number}", "100000"],
                stdout=subprocess.PIPE,
                text=True,
                env=ENVIRONMENT,
            )
            for name in "ab"
        ]
        for process in processes:
            assert process.stdout is not None
            told += [process.stdout.readline().split() for _ in range(1 + chance.randrange(20))]
        for process in processes:
            process.send_signal(signal.SIGKILL)
            rest, _ = process.communicate(timeout=60)
            told += [line.split() for line in rest.splitlines() if line.count(" ") == 1]
    runs = runs_in(folder / "log")
    assert [words for words in told if runs[int(words[1])] != words[0]] == []
    assert verified(folder / "log").doubts == ()
    return len(told)


def test_processes_killed_at_any_moment_lose_nothing_acknowledged(tmp_path: Path) -> None:
    assert check_rounds(tmp_path, 2) > 3


@pytest.mark.deep
def test_processes_killed_many_times_lose_nothing_acknowledged(tmp_path: Path) -> None:
    assert check_rounds(tmp_path, 60) > 500


def test_a_log_of_a_killed_process_is_gone_on_with(tmp_path: Path) -> None:
    check_rounds(tmp_path, 1)
    before = len(entries_in(tmp_path / "log"))
    log = log_in(tmp_path / "log")
    log.checkpoint()
    assert verified(tmp_path / "log").covered == before
