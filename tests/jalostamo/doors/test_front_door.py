"""The front door hands words, signals and exit codes on, and nothing else."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from jalostamo.doors.jalostamo import COMMANDS

DOOR = [sys.executable, "-m", "jalostamo.doors.jalostamo"]


def call(*words: str, folder: Path | None = None) -> subprocess.CompletedProcess[str]:
    """Call the front door."""
    return subprocess.run([*DOOR, *words], capture_output=True, text=True, check=False, cwd=folder)


@pytest.mark.parametrize("words", [(), ("--help",), ("-h",)])
def test_help_lists_every_command_with_its_purpose(words: tuple[str, ...]) -> None:
    shown = call(*words)
    assert shown.returncode == 0
    for name, entry in COMMANDS.items():
        assert name in shown.stdout
        assert entry.purpose in shown.stdout


def test_the_version_is_told_in_one_line() -> None:
    told = call("--version")
    assert (told.returncode, told.stderr, told.stdout.count("\n")) == (0, "", 1)
    assert re.fullmatch(r"jalostamo (\d+\.\d+\.\d+\S*|from its sources, not installed)\n", told.stdout)


def test_an_unknown_command_is_answered_with_those_that_exist() -> None:
    refused = call("010190-900A")
    assert (refused.returncode, refused.stdout) == (2, "")
    assert refused.stderr == f"jalostamo: there is no such command; there is {', '.join(COMMANDS)}.\n"


@pytest.mark.parametrize("name", sorted(COMMANDS))
def test_every_command_shows_its_help(name: str) -> None:
    shown = call(name, "--help")
    assert (shown.returncode, shown.stderr) == (0, "")
    assert name in shown.stdout


def test_the_exit_code_and_both_outputs_are_the_childs(tmp_path: Path) -> None:
    words = ["paths", "missing.csv", "--case", "a", "--activity", "b", "--time", "c", "--out", "paths.json", "--json"]
    refused = call(*words, folder=tmp_path)
    assert refused.returncode == 2
    assert refused.stderr.startswith("jalostamo paths: missing.csv cannot be read")
    assert '"reason": "log_unreadable"' in refused.stdout


def test_a_file_of_the_callers_is_not_run_in_a_modules_place(tmp_path: Path) -> None:
    for name in ("argparse", "ibis", "jalostamo"):
        (tmp_path / f"{name}.py").write_text("raise SystemExit('a file of the caller was run')")
    # The front door itself is a script, which is not started from the caller's folder.
    shown = subprocess.run(
        [sys.executable, "-P", *DOOR[1:], "paths", "--help"], capture_output=True, text=True, check=False, cwd=tmp_path
    )
    assert (shown.returncode, shown.stderr) == (0, "")


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_a_signal_ends_the_child_and_leaves_nothing(number: signal.Signals, tmp_path: Path) -> None:
    log, private = tmp_path / "log.csv", tmp_path / "private"
    os.mkfifo(log)
    private.mkdir()
    words = ["paths", str(log), "--case", "a", "--activity", "b", "--time", "c", "--out", str(tmp_path / "paths.json")]
    environment = os.environ | {"TMPDIR": str(private)}
    # Opening the pipe returns once the child has opened its other end; it then waits for a line.
    with subprocess.Popen([*DOOR, *words], stderr=subprocess.PIPE, text=True, env=environment) as door, log.open("wb"):
        door.send_signal(number)
        # Both processes hold stderr: its end is the end of both.
        _, told = door.communicate(timeout=120)
    assert door.returncode == 128 + number
    assert told == "jalostamo paths: it was stopped.\n"
    assert list(private.iterdir()) == []
    assert not (tmp_path / "paths.json").exists()


def test_a_listener_that_has_gone_does_not_make_the_work_undone(tmp_path: Path) -> None:
    (tmp_path / "log.csv").write_text("a,b,c\n1,A,2024-05-01\n")
    words = ["paths", "log.csv", "--case", "a", "--activity", "b", "--time", "c", "--out", "paths.json"]
    reading, writing = os.pipe()
    os.close(reading)
    try:
        done = subprocess.run(
            [*DOOR, *words], stdout=writing, stderr=subprocess.PIPE, text=True, check=False, cwd=tmp_path
        )
    finally:
        os.close(writing)
    assert (done.returncode, done.stderr) == (0, "")
    assert (tmp_path / "paths.json").exists()
