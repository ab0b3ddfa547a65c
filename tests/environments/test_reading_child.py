"""The process that reads foreign files has nothing of the one that asks: no key, no variable, no open file, no room."""

from __future__ import annotations

import json
import os
import secrets
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.environments.test_doors import loaded_by
from tests.jalostamo.managing.delivered import table

from jalostamo.concepts.registers import RegisterTable
from jalostamo.concepts.writings import Server, Writing
from jalostamo.engine.connection import open_engine
from jalostamo.engine.sealing import TableKey
from jalostamo.managing.reading.jobs import Job, written
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
    rooms = {name for name in ours if name.split(".")[1] not in {"concepts", "confinement", "engine"}}
    assert {name for name in rooms if not name.startswith("jalostamo.managing.reading")} == {"jalostamo.managing"}
    assert "jalostamo.managing.reading.reader" not in rooms


TRIES = """
import json, os, socket, sys
from pathlib import Path
from jalostamo.confinement import enter
from jalostamo.managing.reading.child import walls_of
from jalostamo.managing.reading.jobs import job_in
line, workspace, walls = sys.argv[1:]
job = job_in(line.encode())
came = {}
if walls:
    # A library that is loaded may have a thread of its own; the copy that reads begins with one.
    child = os.fork()
    if child:
        os._exit(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]))
    enter(walls_of(job, Path(workspace)))
def attempt(name, act):
    try:
        act()
        came[name] = "done"
    except OSError as error:
        came[name] = "refused"
attempt("its file", lambda: (job.folder / "persons.csv").read_bytes())
attempt("its extract", lambda: job.extract.write_bytes(b"x"))
attempt("its folder's names", lambda: os.listdir(job.folder))
attempt("another file", lambda: (job.folder / "other.csv").read_bytes())
attempt("another register", lambda: (job.folder.parent / "other" / "persons.csv").read_bytes())
attempt("change its file", lambda: (job.folder / "persons.csv").open("r+b").write(b"x"))
attempt("a secret", lambda: (job.folder.parent / "secret").read_bytes())
attempt("write elsewhere", lambda: (job.folder.parent / "new").touch())
attempt("connect", lambda: socket.socket().close())
attempt("start a process", lambda: os.posix_spawn("/bin/true", ["true"], {}))
attempt("memory of the one that asks", lambda: Path(f"/proc/{os.getppid()}/mem").open("rb"))
print(json.dumps(came))
sys.stdout.flush()
os._exit(0)
"""
OWN = {"its file", "its extract", "its folder's names"}


def tries(folder: Path, *, walls: bool, server: Server | None = None) -> dict[str, str]:
    """What the process that reads one table comes to, whatever the bytes of its file may make of it."""
    for place in ("register", "other", "out", "workspace"):
        (folder / place).mkdir()
        (folder / place / "persons.csv").write_text("id,name\n1,a\n")
    (folder / "register/other.csv").touch()
    (folder / "secret").touch()
    declared = table()
    if server:
        writing = Writing("postgresql", relation="persons", server=server)
        declared = RegisterTable("persons", "", declared.fields, writing, key=("id",))
    places = {"folder": folder / "register", "out": folder / "out"}
    job = Job(declared=declared, code_lists=(), key=TableKey().written(), **places)
    words = [written(job).decode(), str(folder / "workspace"), "walls" if walls else ""]
    run = subprocess.run(
        [sys.executable, "-W", "ignore", "-c", TRIES, *words], capture_output=True, text=True, check=False
    )
    assert run.returncode == 0, run.stderr[-2000:]
    came = json.loads(run.stdout)
    assert isinstance(came, dict)
    return came


@pytest.mark.requirement("S26-06")
def test_whatever_reads_a_file_has_that_file_and_no_other(tmp_path: Path) -> None:
    came = tries(tmp_path, walls=True)
    assert {name for name, what in came.items() if what == "done"} == OWN


def test_without_walls_it_would_have_them_all(tmp_path: Path) -> None:
    assert set(tries(tmp_path, walls=False).values()) == {"done"}


def test_whatever_reads_from_a_server_has_no_file_and_may_connect(tmp_path: Path) -> None:
    came = tries(tmp_path, walls=True, server=Server("127.0.0.1", 5432, "d", "u"))
    assert {name for name, what in came.items() if what == "done"} == {"its extract", "its folder's names", "connect"}


def test_the_closed_room_hides_its_memory_from_other_programs_of_its_user() -> None:
    """Before it knows what it is asked."""
    program = (
        "import ctypes, runpy, sys; sys.argv = ['closed_room', '--help']\n"
        "try: runpy.run_module('jalostamo.doors.closed_room', run_name='__main__')\n"
        "except SystemExit: print('dumpable', ctypes.CDLL(None).prctl(3, 0, 0, 0, 0))"
    )
    run = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert run.stdout.splitlines()[-1] == "dumpable 0"
