"""However a run ends, nothing of a person lies plainly on a disk: not in the vault, the workspace or temporary folders."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import polars as pl
import pytest
from tests.conftest import ROOT
from tests.jalostamo.managing.sensitive.canaries import hidings
from tests.jalostamo.managing.sensitive.failures import FAILURES, canaries

SCRIPT = Path(__file__).with_name("one_run.py")
STEPS = ("retrieving", "linking", "preparing", "validating", "admitting")
# Delivered plainly by their owners; the request is no person's; a release is what may leave, whose rows have tests of their own.
NOT_OURS = ("sources", "request")
FORMS = [form for canary in canaries() for form in hidings(canary)]


def run(home: Path, way: str, end: str) -> subprocess.CompletedProcess[bytes]:
    """A run in a process of its own, with a temporary folder of its own; nothing it started is left when this returns."""
    (home / "temporary").mkdir(parents=True)
    environment = {**os.environ, "TMPDIR": str(home / "temporary"), "PYTHONPATH": str(ROOT)}
    done = subprocess.run(
        [sys.executable, str(SCRIPT), str(home), way, end], capture_output=True, check=False, env=environment
    )
    until = time.monotonic() + 30
    while workers(home) and time.monotonic() < until:
        time.sleep(0.02)
    (home / "temporary" / "said").write_bytes(done.stdout + done.stderr)
    return done


def workers(home: Path) -> list[Path]:
    """The processes that read for a run, which end when they see that nobody asks any more."""
    found = []
    for path in Path("/proc").glob("[0-9]*/cmdline"):
        try:
            if str(home).encode() in path.read_bytes():
                found.append(path)
        except OSError:
            continue
    return found


def ours(home: Path) -> Iterator[Path]:
    """Every file that a run left, but those that are not its own."""
    for path in sorted(home.rglob("*")):
        if path.is_file() and path.relative_to(home).parts[0] not in NOT_OURS:
            yield path


def plain_in(home: Path) -> set[str]:
    """The files in which a canary is found in any guise, and those that hold rows which anybody can read."""
    found = set()
    for path in ours(home):
        content = path.name.encode() + b"\n" + path.read_bytes()
        if any(form in content for form in FORMS):
            found.add(str(path.relative_to(home)))
        if path.suffix in {".parquet", ".part"} and "releases" not in path.relative_to(home).parts and readable(path):
            found.add(str(path.relative_to(home)))
    return found


def readable(path: Path) -> bool:
    """Whether a file of rows can be opened without a key: its pages are packed, so that looking for a text is not enough."""
    try:
        pl.read_parquet(path)
    except (pl.exceptions.PolarsError, OSError):
        return False
    return True


def in_full(*others: str, at_once: str) -> list[object]:
    """Places to try: one each time that tests run, the others in the deep tests."""
    return [at_once, *(pytest.param(other, marks=pytest.mark.deep) for other in others)]


@pytest.mark.requirement("S26-06")
@pytest.mark.parametrize("step", in_full(*(step for step in STEPS if step != "validating"), at_once="validating"))
def test_nothing_of_anybody_lies_plainly_after_a_kill(step: str, tmp_path: Path) -> None:
    assert run(tmp_path, "sealed", f"kill:{step}").returncode == -signal.SIGKILL
    rows = [path for path in ours(tmp_path) if "rows" in path.parts]
    # What it laid down until then is there, and tells nothing.
    assert bool(rows) == (step != "retrieving")
    assert {path.read_bytes()[:4] for path in rows} <= {b"PARE"}
    assert plain_in(tmp_path) == set()


@pytest.mark.parametrize("step", in_full("linking", "preparing", at_once="validating"))
def test_without_sealing_it_would_be_found(step: str, tmp_path: Path) -> None:
    assert run(tmp_path, "plain", f"kill:{step}").returncode == -signal.SIGKILL
    assert {Path(name).name for name in plain_in(tmp_path)} >= {"population.persons.parquet"}


def test_nothing_of_anybody_lies_plainly_when_a_source_has_been_read(tmp_path: Path) -> None:
    assert run(tmp_path, "sealed", "read").returncode == -signal.SIGKILL
    (read,) = (path for path in ours(tmp_path) if path.name == "typed.parquet")
    assert read.read_bytes()[:4] == b"PARE"
    assert plain_in(tmp_path) == set()


@pytest.mark.slow
def test_nothing_of_anybody_lies_plainly_after_a_success(tmp_path: Path) -> None:
    done = run(tmp_path, "sealed", "end")
    assert (done.returncode, done.stderr) == (0, b"")
    assert [path for path in ours(tmp_path) if "rows" in path.parts] == []
    assert plain_in(tmp_path) == set()
    assert len([path for path in ours(tmp_path) if "releases" in path.parts]) == 3


@pytest.mark.parametrize("bytes_written", in_full("0", "300", "4000", at_once="1500"))
def test_nothing_of_anybody_lies_plainly_where_the_disk_is_full(bytes_written: str, tmp_path: Path) -> None:
    assert run(tmp_path, "sealed", f"disk:{bytes_written}").returncode == 1
    # What an error says goes to nobody: the door tells its kind and place alone.
    (tmp_path / "temporary" / "said").unlink()
    assert plain_in(tmp_path) == set()


@pytest.mark.slow
@pytest.mark.parametrize("name", in_full(*list(FAILURES)[:-1], at_once=list(FAILURES)[-1]))
def test_nothing_of_anybody_lies_plainly_after_a_failure(name: str, tmp_path: Path) -> None:
    assert run(tmp_path, "sealed", f"failure:{name}").returncode == 1
    (tmp_path / "temporary" / "said").unlink()
    assert plain_in(tmp_path) == set()


def test_a_canary_in_any_place_would_be_found(tmp_path: Path) -> None:
    for number, form in enumerate(FORMS[:40]):
        path = tmp_path / f"place-{number}"
        path.write_bytes(b"..." + form + b"...")
        assert plain_in(tmp_path) == {path.name}
        path.unlink()
    (tmp_path / "vault").mkdir()
    pl.DataFrame({"client": [1]}).write_parquet(tmp_path / "vault" / "a.parquet")
    assert plain_in(tmp_path) == {"vault/a.parquet"}
