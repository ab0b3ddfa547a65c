"""The set-up finds a Python that really runs, and says plainly when there is none."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

FIND_PYTHON = Path(__file__).resolve().parents[2] / "scripts/find-python"


@pytest.fixture
def names(tmp_path: Path) -> Path:
    """Make a folder where every name that is looked for is a stand-in that fails, as a version manager leaves them."""
    for name in ("python3.12", "python3.13", "python3"):
        make_command(tmp_path / name, "exit 127")
    return tmp_path


def make_command(path: Path, line: str) -> None:
    path.write_text(f"#!/bin/sh\n{line}\n")
    path.chmod(0o755)


def find_python(path: str, **variables: str) -> subprocess.CompletedProcess[str]:
    inherited = {name: value for name, value in os.environ.items() if name != "PYTHON"}
    command = ["/bin/bash", str(FIND_PYTHON)]
    environment = inherited | {"PATH": path} | variables
    return subprocess.run(command, env=environment, capture_output=True, text=True, check=False)


def test_a_stand_in_that_fails_is_passed_over(names: Path) -> None:
    make_command(names / "python3.13", f'exec "{sys.executable}" "$@"')
    found = find_python(str(names))
    version = subprocess.run([found.stdout.strip(), "--version"], capture_output=True, text=True, check=True).stdout
    assert version.split()[1] == sys.version.split()[0]


def test_an_environment_is_built_from_the_python_below_it(names: Path) -> None:
    make_command(names / "python3", f'exec "{sys.executable}" "$@"')
    assert not find_python(str(names)).stdout.strip().startswith(sys.prefix)


def test_no_python_is_one_clear_sentence(names: Path) -> None:
    found = find_python(str(names))
    assert found.returncode == 1
    assert found.stderr.count("\n") == 1
    assert "needs Python 3.12 or 3.13" in found.stderr


def test_a_named_python_that_fails_is_not_replaced_by_another(names: Path) -> None:
    make_command(names / "python3.12", f'exec "{sys.executable}" "$@"')
    found = find_python(str(names), PYTHON=str(names / "python3.13"))
    assert (found.returncode, found.stdout) == (1, "")
    assert "PYTHON=" in found.stderr
