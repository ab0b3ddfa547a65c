"""Cases on PostgreSQL: the tests of cases, with the eight who act at once, run again on a real server."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest
from tests.jalostamo.engine.servers import running_server

ROOT = Path(__file__).parents[2]
AGAIN = ("test_cases.py", "test_letters.py")


@pytest.mark.needs("postgresql")
@pytest.mark.slow
@pytest.mark.xdist_group("postgresql")
def test_what_holds_on_sqlite_holds_on_postgresql(tmp_path: Path) -> None:
    tests = [str(Path(__file__).with_name(name)) for name in AGAIN]
    with running_server() as server:
        address = f"postgresql://postgres@:{server.port}/postgres?host={server.home}"
        done = subprocess.run(
            [
                sys.executable,
                "-m",
                "pytest",
                "-n",
                "0",
                "-q",
                "-p",
                "no:cacheprovider",
                f"--basetemp={tmp_path}",
                *tests,
            ],
            cwd=ROOT,
            env=os.environ | {"JALOSTAMO_TEST_DATABASE": address},
            capture_output=True,
            text=True,
            check=False,
        )
    assert done.returncode == 0, done.stdout[-3000:] + done.stderr[-3000:]
    assert "skipped" not in done.stdout
