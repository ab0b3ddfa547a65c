"""Tests of one group run in one process: two sessions of Spark at once would wait for each other, ten towns be made twice."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

GROUPED = """
import os, pytest

@pytest.mark.xdist_group("one")
@pytest.mark.parametrize("number", range(8))
def test_a_process(number):
    with open("processes", "a") as opened:
        opened.write(f"{os.getpid()}\\n")
"""


def processes(folder: Path, *options: str) -> set[str]:
    """The processes in which eight tests of one group ran."""
    (folder / "test_grouped.py").write_text(GROUPED, encoding="utf-8")
    command = [sys.executable, "-m", "pytest", "-q", "-n", "2", *options, "test_grouped.py"]
    subprocess.run(command, cwd=folder, check=True, capture_output=True)
    return set((folder / "processes").read_text(encoding="utf-8").split())


def test_a_group_of_tests_runs_in_one_process(tmp_path: Path) -> None:
    assert len(processes(tmp_path, "--dist", "loadgroup")) == 1


def test_without_groups_it_runs_in_several(tmp_path: Path) -> None:
    assert len(processes(tmp_path, "--dist", "load")) == 2
