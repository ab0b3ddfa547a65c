"""More than a hundred and fifty hostile statements come to nothing: by the kernel's walls alone, and by the engine's lock alone."""

from __future__ import annotations

import json
import signal
import socket
import subprocess
import sys
import threading
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import duckdb
import pyarrow as pa
import pyarrow.parquet
import pytest
from tests.jalostamo.engine import hostile
from tests.jalostamo.engine.hostile import WORD, statements

from jalostamo.confinement import Confined
from jalostamo.engine.connection import loading


@dataclass(frozen=True)
class Came:
    """What the statements came to: to each its word, how often somebody knocked, and whether what lay there is as it was."""

    of: Mapping[str, str]
    knocks: int
    untouched: bool

    @property
    def escaped(self) -> list[str]:
        return [statement for statement, how in self.of.items() if how == "escaped"]


def come_to(folder: Path, *, walls: bool, locked: bool) -> Came:
    """Put every statement to an engine, in a process of its own."""
    told = laid(folder)
    with (
        socket.create_server(("127.0.0.1", 0)) as server,
        subprocess.Popen(["sleep", "600"], env={"A": WORD}, cwd=told["folder"]) as victim,
    ):
        knocks: list[int] = []
        threading.Thread(target=_answer, args=(server, knocks), daemon=True).start()
        told |= {"port": str(server.getsockname()[1]), "victim": str(victim.pid), "locked": "yes" if locked else ""}
        told["walls"] = walls_in(told).written() if walls else ""
        before = seen(told)
        program = [sys.executable, "-B", hostile.__file__, json.dumps(told)]
        try:
            run = subprocess.run(program, capture_output=True, text=True, check=False, timeout=500)
        finally:
            victim.kill()
        came = dict(json.loads(line) for line in run.stdout.splitlines())
        # The last one may end the engine, and its process with it.
        assert run.returncode in {0, -signal.SIGABRT} and set(came) == set(statements()), run.stderr[-2000:]
        return Came(came, len(knocks), seen(told) == before)


def laid(folder: Path) -> dict[str, str]:
    """A release of one's own, another permit's with a word that is told nowhere else, a folder of orders, and one to work in."""
    for name in ("own", "other", "orders", "scratch"):
        (folder / name).mkdir()
    pa.parquet.write_table(pa.table({"age": ["a", "b"], "n": [1, 2]}), folder / "own/persons.parquet")
    other = folder / "other"
    pa.parquet.write_table(pa.table({"age": [WORD]}), other / "table.parquet")
    (other / "text.csv").write_text(f"{WORD}\n" * 2)
    (other / "made.duckdb_extension").write_bytes(b"x" * 600)
    # The names of files alone tell something, too.
    (other / WORD).touch()
    with duckdb.connect(str(other / "other.duckdb")) as opened:
        opened.execute(f"CREATE TABLE kept AS SELECT '{WORD}' AS age; EXPORT DATABASE '{other}/exported'")
    (httpfs,) = (part for part in loading("httpfs")[0].split("'") if "/" in part)
    places = {"own": "own", "folder": "other", "orders": "orders", "scratch": "scratch"}
    return {name: str(folder / place) for name, place in places.items()} | {"name": "other", "httpfs": httpfs}


def walls_in(told: Mapping[str, str]) -> Confined:
    """The walls of a job, which has no more of the engine's memory than a small one."""
    return Confined(
        read=(Path(told["own"]),), scratch=(Path(told["scratch"]),), memory=2**34, cpu_seconds=400, output=2**28
    )


def seen(told: Mapping[str, str]) -> dict[str, bytes]:
    """Every file that is not in the folder to work in."""
    folders = [Path(told[name]) for name in ("own", "folder", "orders")]
    return {str(path): path.read_bytes() for folder in folders for path in folder.rglob("*") if path.is_file()}


def _answer(server: socket.socket, knocks: list[int]) -> None:
    while True:
        try:
            opened, _ = server.accept()
        except OSError:
            return
        knocks.append(1)
        opened.close()


@pytest.mark.requirement("S26-06")
def test_within_walls_no_statement_comes_to_anything_though_the_engine_has_no_lock(tmp_path: Path) -> None:
    came = come_to(tmp_path, walls=True, locked=False)
    assert len(came.of) >= 150
    assert (came.escaped, came.knocks, came.untouched) == ([], 0, True)


@pytest.mark.requirement("S26-06")
def test_by_the_engines_lock_alone_no_statement_comes_to_anything(tmp_path: Path) -> None:
    came = come_to(tmp_path, walls=False, locked=True)
    assert (came.escaped, came.knocks, came.untouched) == ([], 0, True)


@pytest.mark.deep
@pytest.mark.slow
def test_with_neither_most_of_them_come_to_something(tmp_path: Path) -> None:
    came = come_to(tmp_path, walls=False, locked=False)
    assert len(came.escaped) >= 125
    assert came.knocks >= 3
    assert not came.untouched
    assert set(Counter(came.of.values())) >= {"escaped", "done"}
