"""What is kept is changed by one at a time, whole or not at all, and is on the disk once it is said to be."""

from __future__ import annotations

import sqlite3
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from jalostamo.concepts.errors import Broken, JalostamoError, Misused, Unfit
from jalostamo.engine.lease_store import LeaseStore

STATES = ("waiting", "done")


@pytest.fixture
def store(tmp_path: Path) -> Iterator[LeaseStore]:
    with LeaseStore(tmp_path / "leases.sqlite", wait=0.05) as opened:
        yield opened


def put(store: LeaseStore, name: str, text: str = "text", *, kind: str = "cells", state: str = "waiting") -> None:
    with store.changing() as kept:
        kept.put(name, text, kind=kind, state=state)


def test_texts_keep_the_place_in_which_they_came(store: LeaseStore) -> None:
    for name in ("b", "a", "c"):
        put(store, name, name)
    put(store, "b", "b, changed")
    with store.looking() as kept:
        assert kept.all_of(STATES) == ["b, changed", "a", "c"]
        assert kept.find("a") == "a"
        assert kept.find("d") is None


def test_the_oldest_is_asked_for_by_state_and_kind(store: LeaseStore) -> None:
    put(store, "a", "a", kind="rows")
    put(store, "b", "b", state="done")
    put(store, "c", "c")
    with store.looking() as kept:
        assert kept.oldest("waiting", ["cells"]) == "c"
        assert kept.oldest("waiting", ["cells", "rows"]) == "a"
        assert kept.oldest("waiting", []) is None
        assert kept.all_of([]) == []


def test_a_change_that_ends_by_an_error_has_not_been(store: LeaseStore) -> None:
    with pytest.raises(ZeroDivisionError), store.changing() as kept:
        kept.put("a", "text", kind="cells", state="waiting")
        kept.next_number()
        raise ZeroDivisionError
    with store.changing() as kept:
        assert kept.find("a") is None
        assert kept.next_number() == 1


def test_numbers_go_on_when_the_file_is_opened_anew(tmp_path: Path) -> None:
    numbers = []
    for _ in range(3):
        with LeaseStore(tmp_path / "leases.sqlite") as store, store.changing() as kept:
            numbers += [kept.next_number(), kept.next_number()]
    assert numbers == [1, 2, 3, 4, 5, 6]


def test_one_thread_waits_for_another_and_a_change_within_a_change_is_a_fault(store: LeaseStore) -> None:
    with store.changing() as kept:
        other = threading.Thread(target=put, args=(store, "b"))
        other.start()
        kept.put("a", "text", kind="cells", state="waiting")
        with pytest.raises(Broken, match="already"):
            put(store, "c")
    other.join()
    with store.looking() as kept:
        assert len(kept.all_of(STATES)) == 2


def test_a_change_waits_for_another_process_and_says_so_when_that_takes_too_long(
    store: LeaseStore, tmp_path: Path
) -> None:
    with LeaseStore(tmp_path / "leases.sqlite") as other, other.changing():
        with pytest.raises(Misused, match="for too long") as refused:
            put(store, "a")
        with store.looking() as kept:
            assert kept.all_of(STATES) == []
    assert refused.value.reason == "leases_busy"


def test_each_change_is_synchronised_to_the_disk(store: LeaseStore) -> None:
    # The level is one of the connection, so that it is asked there.
    with store.changing() as kept:
        assert kept.connection.execute("PRAGMA synchronous").fetchone() == (2,)
        assert kept.connection.execute("PRAGMA journal_mode").fetchone() == ("wal",)


@pytest.mark.needs("strace")
def test_a_change_is_said_to_be_made_after_it_was_synchronised(tmp_path: Path, tool: Callable[[str], Path]) -> None:
    program = (
        "import os, sys; from pathlib import Path\n"
        "sys.path.insert(0, sys.argv[1])\n"
        "from jalostamo.engine.lease_store import LeaseStore\n"
        "with LeaseStore(Path(sys.argv[2])) as store:\n"
        "    for number in range(3):\n"
        "        with store.changing() as kept: kept.next_number()\n"
        "        os.write(1, b'changed')\n"
    )
    source = Path(__file__).resolve().parents[3] / "src"
    words = [sys.executable, "-I", "-S", "-c", program, source, tmp_path / "leases.sqlite"]
    log = tmp_path / "log"
    tracing = [tool("strace"), "-f", "-qq", "-y", "--trace=write,pwrite64,fdatasync,fsync", f"--output={log}"]
    subprocess.run([*tracing, *words], check=True, capture_output=True)
    lines = log.read_text(encoding="utf-8", errors="replace").splitlines()
    for place in (number for number, line in enumerate(lines) if '"changed"' in line):
        written = [line for line in lines[:place] if "leases.sqlite" in line]
        assert "sync(" in written[-1]
    assert sum('"changed"' in line for line in lines) == 3


def test_only_its_user_may_look_into_the_file(store: LeaseStore, tmp_path: Path) -> None:
    put(store, "a")
    files = list(tmp_path.iterdir())
    assert len(files) == 3
    assert {path.stat().st_mode & 0o777 for path in files} == {0o600}


def other_version(path: Path) -> None:
    LeaseStore(path).close()
    with sqlite3.connect(path) as connection:
        connection.execute("PRAGMA user_version = 7")
    connection.close()


def no_database(path: Path) -> None:
    path.write_bytes(b"This is no database at all." * 100)


def folder(path: Path) -> None:
    path.mkdir()


def test_a_file_from_which_something_was_taken_is_told_when_it_is_used(tmp_path: Path) -> None:
    with sqlite3.connect(tmp_path / "leases.sqlite") as connection:
        connection.execute("PRAGMA user_version = 1")
    connection.close()
    with (
        LeaseStore(tmp_path / "leases.sqlite") as store,
        pytest.raises(Misused, match="SQLITE_ERROR") as refused,
        store.changing() as kept,
    ):
        kept.next_number()
    assert refused.value.reason == "leases_unwritable"


@pytest.mark.parametrize(
    ("spoil", "error", "reason"),
    [
        (other_version, Unfit, "leases_changed"),
        (no_database, Unfit, "leases_changed"),
        (folder, Misused, "leases_unwritable"),
    ],
)
def test_a_file_that_cannot_be_used_is_told(
    spoil: Callable[[Path], None], error: type[JalostamoError], reason: str, tmp_path: Path
) -> None:
    spoil(tmp_path / "leases.sqlite")
    with pytest.raises(error) as refused:
        LeaseStore(tmp_path / "leases.sqlite")
    assert refused.value.reason == reason


def test_a_place_where_changes_would_not_last_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    # By this name SQLite keeps everything in memory.
    monkeypatch.chdir(tmp_path)
    with pytest.raises(Misused, match="would not be durable") as refused:
        LeaseStore(Path(":memory:"))
    assert refused.value.reason == "leases_unwritable"


def test_a_folder_that_is_missing_is_told(tmp_path: Path) -> None:
    with pytest.raises(Misused, match=r"leases.sqlite cannot be kept: No such file"):
        LeaseStore(tmp_path / "missing" / "leases.sqlite")


def test_many_processes_may_open_a_new_file_at_once(tmp_path: Path) -> None:
    program = (
        "import sys; from pathlib import Path\n"
        "sys.path.insert(0, sys.argv[1])\n"
        "from jalostamo.engine.lease_store import LeaseStore\n"
        "sys.stdin.read()\n"
        "with LeaseStore(Path(sys.argv[2])) as store, store.changing() as kept: print(kept.next_number())\n"
    )
    source = Path(__file__).resolve().parents[3] / "src"
    words = [sys.executable, "-I", "-S", "-c", program, str(source), str(tmp_path / "leases.sqlite")]
    pipe = subprocess.PIPE
    processes = [subprocess.Popen(words, stdin=pipe, stdout=pipe, text=True) for _ in range(6)]
    for process in processes:
        assert process.stdin is not None
        process.stdin.close()
        process.stdin = None
    said = [process.communicate(timeout=60)[0] for process in processes]
    assert sorted(map(int, said)) == [1, 2, 3, 4, 5, 6]
