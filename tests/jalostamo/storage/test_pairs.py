"""Two files that belong together are both new, or both old, or the next run finds what was begun and ends it."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from jalostamo.concepts.errors import Misused, Unfit
from jalostamo.storage.pairs import end_begun, put_pair

# A child of its own is killed at the n-th time that it gives a file its name; nothing of it runs afterwards.
CHILD = """
import os, signal, sys
from pathlib import Path
from jalostamo.storage import pairs
folder, last = Path(sys.argv[1]), int(sys.argv[2])
calls = 0
real = os.fsync
def fsync(descriptor):
    global calls
    calls += 1
    if calls == last:
        os.kill(os.getpid(), signal.SIGKILL)
    real(descriptor)
os.fsync = fsync
pairs.put_pair(folder / "ready", folder / "rows", second=folder / "report", data=b"new report", force=True)
print(calls)
"""


def folder_of_old(tmp_path: Path) -> Path:
    (tmp_path / "ready").write_bytes(b"new rows")
    (tmp_path / "rows").write_bytes(b"old rows")
    (tmp_path / "report").write_bytes(b"old report")
    return tmp_path


def put(folder: Path, *, force: bool) -> None:
    put_pair(folder / "ready", folder / "rows", second=folder / "report", data=b"new report", force=force)


def pair_in(folder: Path) -> tuple[bytes, bytes]:
    return (folder / "rows").read_bytes(), (folder / "report").read_bytes()


def killed_at(folder: Path, last: int) -> int:
    words = [sys.executable, "-P", "-c", CHILD, str(folder), str(last)]
    return subprocess.run(words, check=False, capture_output=True).returncode


OLD, NEW = (b"old rows", b"old report"), (b"new rows", b"new report")


def test_both_are_put_and_nothing_else_stays(tmp_path: Path) -> None:
    folder = folder_of_old(tmp_path)
    put(folder, force=True)
    assert pair_in(folder) == NEW
    assert sorted(path.name for path in folder.iterdir()) == ["ready", "report", "rows"]


def test_killed_at_any_moment_the_pair_is_old_or_new_after_the_next_look(tmp_path: Path) -> None:
    torn, outcomes = 0, set()
    for last in range(1, 40):
        folder = tmp_path / str(last)
        folder.mkdir()
        folder_of_old(folder)
        code = killed_at(folder, last)
        if code == 0:
            break
        assert code == -signal.SIGKILL
        torn += pair_in(folder) not in (OLD, NEW)
        begun = end_begun(folder / "rows")
        # Nor does a copy of the rows lie beside them.
        assert b"new rows" not in [path.read_bytes() for path in folder.glob(".*")]
        assert pair_in(folder) == (NEW if begun else pair_in(folder))
        assert pair_in(folder) in (OLD, NEW)
        outcomes.add(pair_in(folder))
    # The test can fail: at some moment the two did not belong together, and both ends were seen.
    assert torn > 0
    assert outcomes == {OLD, NEW}
    assert last < 39


def test_where_nothing_was_begun_nothing_is_ended(tmp_path: Path) -> None:
    assert not end_begun(folder_of_old(tmp_path) / "rows")


def test_what_cannot_be_ended_is_told(tmp_path: Path) -> None:
    folders = [tmp_path / str(last) for last in range(1, 30)]
    for last, folder in enumerate(folders, 1):
        folder.mkdir()
        killed_at(folder_of_old(folder), last)
    folder = next(folder for folder in folders if pair_in(folder) not in (OLD, NEW))
    for part in folder.glob(".*.part"):
        part.unlink()
    with pytest.raises(Unfit, match="may not belong together"):
        end_begun(folder / "rows")


def test_neither_replaces_another_file_unasked(tmp_path: Path) -> None:
    folder = folder_of_old(tmp_path)
    with pytest.raises(Misused, match="give --force"):
        put(folder, force=False)
    (folder / "rows").unlink()
    with pytest.raises(Misused, match="give --force"):
        put(folder, force=False)
    assert sorted(path.name for path in folder.iterdir()) == ["ready", "report"]


def test_permissions_stay_what_they_were(tmp_path: Path) -> None:
    folder = folder_of_old(tmp_path)
    os.chmod(folder / "report", 0o600)  # noqa: PTH101  # as somebody would
    put(folder, force=True)
    assert (folder / "report").stat().st_mode & 0o777 == 0o600
