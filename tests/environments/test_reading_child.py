"""The process that reads foreign files has nothing of the one that asks: no key, no variable, no open file, no room."""

from __future__ import annotations

import os
import secrets
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.environments.test_doors import loaded_by
from tests.jalostamo.managing.delivered import table

from jalostamo.engine.connection import open_engine
from jalostamo.managing.reading.reader import Reader

MARK = secrets.token_bytes(32)
"""Stands for a key: random, and in this process alone."""


@pytest.fixture
def child(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[int]:
    """The number of a process that has read a table for this one, which holds a key, a variable and an open file."""
    monkeypatch.setenv("JALOSTAMO_TEST_SECRET", "kept")
    (tmp_path / "persons.csv").write_text("id,name\n1,a\n")
    (tmp_path / "secret").touch()
    with open_engine(workspace=tmp_path) as engine, (tmp_path / "secret").open() as opened:
        os.set_inheritable(opened.fileno(), True)
        reader = engine.company(Reader, lambda: Reader(tmp_path))
        assert reader.read(engine, table(), tmp_path, code_lists={}).loaded == 1
        assert reader._child is not None
        yield reader._child.pid


def holds(process: int, mark: bytes) -> bool:
    """Whether something stands in what a process can write to of its memory."""
    maps = Path(f"/proc/{process}/maps").read_text(encoding="utf-8").splitlines()
    with Path(f"/proc/{process}/mem").open("rb", buffering=0) as memory:
        for line in maps:
            place, rights, *_ = line.split()
            start, end = (int(word, 16) for word in place.split("-"))
            if "w" not in rights:
                continue
            try:
                memory.seek(start)
                if mark in memory.read(end - start):
                    return True
            except OSError:
                continue
    return False


@pytest.mark.requirement("S26-06")
def test_the_reading_process_has_no_key(child: int) -> None:
    assert not holds(child, MARK)


def test_a_key_in_a_forked_process_would_be_found() -> None:
    read, write = os.pipe()
    forked = os.fork()
    if not forked:
        os.close(write)
        os.read(read, 1)
        os._exit(0)
    try:
        assert holds(forked, MARK)
    finally:
        os.close(write)
        os.waitpid(forked, 0)
        os.close(read)


@pytest.mark.requirement("S26-06")
def test_the_reading_process_has_an_environment_of_its_own(child: int) -> None:
    told = Path(f"/proc/{child}/environ").read_bytes()
    assert {word.split(b"=")[0] for word in told.split(b"\0") if word} == {b"LC_ALL", b"MALLOC_ARENA_MAX"}


def test_a_variable_in_an_inherited_environment_would_be_found(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("JALOSTAMO_TEST_SECRET", "kept")
    waiting = [sys.executable, "-c", "print('ready', flush=True); input()"]
    with subprocess.Popen(waiting, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as other:
        assert other.stdout
        assert other.stdout.readline() == b"ready\n"  # before it has begun, it has no environment to read
        told = Path(f"/proc/{other.pid}/environ").read_bytes()
        other.communicate(b"\n")
    assert b"JALOSTAMO_TEST_SECRET=kept" in told


@pytest.mark.requirement("S26-06")
def test_the_reading_process_opens_no_file_of_the_one_that_asks(child: int, tmp_path: Path) -> None:
    opened = {Path(f"/proc/{child}/fd/{number}").readlink() for number in os.listdir(f"/proc/{child}/fd")}  # noqa: PTH208  # names
    files = {path for path in opened if path.is_absolute() and not path.is_relative_to("/dev")}
    assert tmp_path / "secret" not in files
    # It makes ready for its next job meanwhile, and may be loading the engine.
    installed = (tmp_path, Path(sys.prefix).resolve(), Path(sys.base_prefix).resolve())
    assert [path for path in files if not any(path.is_relative_to(place) for place in installed)] == []
    assert Path(f"/proc/{child}/cwd").readlink() == Path("/")


def test_the_reading_process_has_loaded_the_engine_and_left_pandas_out(child: int) -> None:
    maps = Path(f"/proc/{child}/maps").read_text(encoding="utf-8")
    assert "/_duckdb" in maps
    assert "/pyarrow/" in maps
    assert "/pandas/" not in maps


@pytest.mark.requirement("S26-06")
def test_the_reading_process_leaves_no_core_and_is_limited(child: int) -> None:
    limits = Path(f"/proc/{child}/limits").read_text(encoding="ascii")
    told = {line[:25].strip(): line[25:].split()[0] for line in limits.splitlines()[1:]}
    assert told["Max core file size"] == "0"
    assert "unlimited" not in {told[name] for name in ("Max cpu time", "Max file size", "Max address space")}
    assert "Umask:\t0077" in Path(f"/proc/{child}/status").read_text(encoding="ascii")


@pytest.mark.requirement("S26-06")
def test_the_reading_process_loads_no_room_but_reading() -> None:
    ours = {name for name in loaded_by("import jalostamo.managing.reading.child") if name.startswith("jalostamo.")}
    rooms = {name for name in ours if name.split(".")[1] not in {"concepts", "engine"}}
    assert {name for name in rooms if not name.startswith("jalostamo.managing.reading")} == {"jalostamo.managing"}
    assert "jalostamo.managing.reading.reader" not in rooms
