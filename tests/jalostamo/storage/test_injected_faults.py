"""Whatever fault a real process meets while it publishes, readers find the old or the new, and the next run ends it."""

from __future__ import annotations

import os
import shlex
import shutil
import subprocess
import sys
from collections import Counter
from collections.abc import Callable, Sequence
from pathlib import Path

import pytest
from tests.jalostamo.storage.injecting import FAULTS, KILLED, ROOT, child, each_fault, in_memory
from tests.jalostamo.storage.small_releases import files_of, name_of, read_files, read_release

from jalostamo.storage.publishing import Publication, publish

CHILD = Path(__file__).with_name("publishing_child.py")
OLD = files_of(1)

pytestmark = pytest.mark.needs("strace")


def ready_in(folder: Path, number: int, *, files: int) -> Path:
    """The files of a release, ready elsewhere."""
    made = files_of(number, files=files)
    ready = folder / name_of(made)
    ready.mkdir(parents=True)
    for name, data in made.items():
        (ready / name).write_bytes(data)
    return ready


def preparing(ready: Path, act: str = "publish") -> Callable[[Path], Sequence[str]]:
    """What makes a folder ready in which an older release stands."""

    def prepare(folder: Path) -> Sequence[str]:
        older = folder / "shelf" / name_of(OLD)
        older.mkdir(parents=True)
        for name, data in OLD.items():
            (older / name).write_bytes(data)
        return child(CHILD, act, folder, ready)

    return prepare


def look_at(folder: Path, ready: Path, ended: int) -> None:
    """What holds after any fault, and after the next run."""
    older, newer = folder / "shelf" / name_of(OLD), folder / "shelf" / ready.name
    assert ended in {0, 2, *KILLED}
    assert read_release(older) == "whole"
    assert read_release(newer) in {"none", "whole"}
    assert ended or read_release(newer) == "whole"
    publish(Publication(newer, {path.name: path for path in ready.iterdir()}, folder))
    assert {read_release(older), read_release(newer)} == {"whole"}
    assert {path.name for path in (folder / "shelf").iterdir()} == {older.name, newer.name}


def torn_by(strace: Path, files: int, faults: Sequence[str]) -> Counter[int]:
    """Let a publication meet faults at each of its calls, look what became of it, and count how it ended."""
    ends: Counter[int] = Counter()
    with in_memory() as place:
        ready = ready_in(place / "ready", 2, files=files)
        for folder, _, _, ended in each_fault(strace, place / "runs", preparing(ready), faults):
            look_at(folder, ready, ended)
            shutil.rmtree(folder)
            ends[ended] += 1
    return ends


def test_no_fault_tears_or_loses_a_release(tool: Callable[[str], Path]) -> None:
    ends = torn_by(tool("strace"), 1, FAULTS)
    assert ends[2] > 0
    assert sum(ends[code] for code in KILLED) > 0
    assert ends.total() >= 50


@pytest.mark.deep
@pytest.mark.parametrize("fault", FAULTS)
def test_no_fault_at_any_of_a_thousand_calls_tears_or_loses_a_release(fault: str, tool: Callable[[str], Path]) -> None:
    assert torn_by(tool("strace"), 85, (fault,)).total() * len(FAULTS) > 1000


def test_a_release_that_is_written_where_readers_look_is_found_torn(tool: Callable[[str], Path]) -> None:
    with in_memory() as place:
        ready = ready_in(place / "ready", 2, files=1)
        runs = each_fault(tool("strace"), place / "runs", preparing(ready, "in the open"), ("signal=KILL",), every=3)
        found = {read_release(folder / "shelf" / ready.name) for folder, *_ in runs}
    assert "torn" in found


def test_no_fault_tears_a_file_that_is_replaced(tmp_path: Path, tool: Callable[[str], Path]) -> None:
    (tmp_path / "new").write_bytes(b"new" * 1000)

    def prepare(folder: Path) -> Sequence[str]:
        folder.mkdir(parents=True)
        (folder / "out").write_bytes(b"old")
        return child(CHILD, "replace", folder, tmp_path / "new")

    found: Counter[bytes] = Counter()
    for folder, point, fault, ended in each_fault(tool("strace"), tmp_path / "runs", prepare, ("signal=KILL",)):
        content = (folder / "out").read_bytes()
        assert content in {b"old", b"new" * 1000}, (point, fault)
        assert ended or content != b"old", (point, fault)
        found[content] += 1
    assert len(found) == 2


def test_a_full_disk_leaves_the_old_and_takes_the_new_once_there_is_room(tmp_path: Path) -> None:
    ready = ready_in(tmp_path / "ready", 2, files=3)
    for limit in (100, 220, 10_000):
        words = preparing(ready)(tmp_path / str(limit))
        limited = ["import os, resource, sys", f"resource.setrlimit(resource.RLIMIT_FSIZE, ({limit}, {limit}))"]
        start = [words[0], "-I", "-S", "-c", "; ".join([*limited, "os.execv(sys.argv[1], sys.argv[1:])"]), *words]
        ended = subprocess.run(start, check=False).returncode
        assert ended == (0 if limit == 10_000 else 2)
        look_at(tmp_path / str(limit), ready, ended)


@pytest.mark.deep
@pytest.mark.skipif(os.geteuid() != 0, reason="only root mounts a file system; a limit of size tells the same")
def test_a_small_file_system_that_is_full_leaves_what_was_there(tmp_path: Path) -> None:
    script = Path(__file__).with_name("full_disk_child.py")
    words = [sys.executable, "-I", "-S", "-B", str(script), str(ROOT / "src"), str(ROOT), str(tmp_path)]
    room = f"mount -t tmpfs -o size=1m none {tmp_path} && mkdir {tmp_path}/releases"
    full = f"{room} && head -c 200000 /dev/zero > {tmp_path}/ballast && exec {shlex.join(words)}"
    # The file system is seen by this process alone, and is gone with it.
    subprocess.run(["unshare", "--mount", "sh", "-c", full], check=True)
    assert list(tmp_path.iterdir()) == []


def test_a_reader_that_looks_at_nothing_would_be_told_by_the_test() -> None:
    torn = files_of(2) | {"table_0": b""}
    assert read_files(name_of(torn), torn) == "torn"
