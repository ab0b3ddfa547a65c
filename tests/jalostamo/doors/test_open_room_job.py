"""A job of the open room: it has its release and a folder for results, and ends by itself or is ended."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path

import pyarrow.parquet
import pytest
from tests.jalostamo.doors.homes import Told, in_the_open_room
from tests.jalostamo.doors.small_release import WORD, release_in, sealed_release_in

from jalostamo.concepts.errors import Unfit
from jalostamo.confinement import Allowance, Confined, Ending, run_confined
from jalostamo.doors.jobs import RSCRIPTS, taken
from jalostamo.doors.people import new_private, public_of


@pytest.fixture(scope="module")
def release(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A small release."""
    return release_in(tmp_path_factory.mktemp("releases") / "own")


def job(release: Path, folder: Path, kind: str, text: str, **more: int | Path) -> Told:
    """Run a job on a release, its results in the folder `out`."""
    asked = folder / {"select": "a.sql", "python": "a.py", "definition": "a.toml", "r": "a.R"}[kind]
    asked.write_text(text, encoding="utf-8")
    words = [word for name, value in more.items() for word in (f"--{name.replace('_', '-')}", str(value))]
    return in_the_open_room("job", release, f"--{kind}", asked, "--out", folder / "out", *words)


def test_a_select_is_answered_into_a_file(release: Path, tmp_path: Path) -> None:
    told = job(release, tmp_path, "select", "SELECT age, sum(n)::BIGINT AS n FROM persons GROUP BY age ORDER BY age")
    assert told.code == 0, told.err
    assert told.account["ending"] == "done"
    rows = pyarrow.parquet.read_table(tmp_path / "out/result.parquet").to_pylist()
    assert rows == [{"age": "a", "n": 4}, {"age": "b", "n": 2}]
    held = told.account["held"]
    assert isinstance(held, Mapping)
    assert held["files"][0].startswith("Landlock")


READS = """
rows = table("persons").to_pylist()
try: text = (release / "persons.parquet").read_bytes()
except OSError: text = b""
print(len(rows), rows[0]["age"], rows[0]["age"].encode() in text, len(text) > 100)
"""


def test_a_sealed_release_is_read_by_the_job_of_its_people_and_by_no_other(tmp_path: Path) -> None:
    own, other = new_private(), new_private()
    sealed = sealed_release_in(tmp_path / "home/exchange/releases/own", public_of(own))
    for name, private in (("own/f-ana", own), ("other/f-ana", other), ("other/f-out", other)):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / f"{name}.key").write_bytes(private)
    told = job(sealed, tmp_path, "python", READS, own_key=tmp_path / "own/f-ana.key")
    assert told.code == 0, told.err
    assert (tmp_path / "out/said.txt").read_text() == f"3 {WORD} False True\n"
    # Whoever brings another person's key, or none, has no job on it at all.
    (tmp_path / "b").mkdir()
    for more in ({"own_key": tmp_path / "other/f-ana.key"}, {"own_key": tmp_path / "other/f-out.key"}, {}):
        refused = job(sealed, tmp_path / "b", "python", READS, **more)  # type: ignore[arg-type]  # paths alone
        assert (refused.code, refused.account["reason"]) == (3, "release_for_others")
    assert not (tmp_path / "b/out").exists()


def test_what_is_no_select_is_refused_and_its_people_hear_why(release: Path, tmp_path: Path) -> None:
    told = job(release, tmp_path, "select", f"SELECT 1 AS {WORD!r}; SELECT 2")
    assert (told.code, told.account["reason"]) == (2, "job_refused")
    assert "one SELECT" in (tmp_path / "out/said.txt").read_text()
    assert WORD not in told.everything


def test_what_the_library_says_is_for_the_people_of_the_job_alone(release: Path, tmp_path: Path) -> None:
    told = job(release, tmp_path, "select", "SELECT age::INTEGER FROM persons")
    assert (told.code, told.account["reason"]) == (4, "job_crashed")
    assert "'a'" in (tmp_path / "out/said.txt").read_text()
    assert "'a'" not in told.everything


TRIES = """
import os, socket
from pathlib import Path
came = {}
def attempt(name, act):
    try: act(); came[name] = "done"
    except OSError as error: came[name] = "refused"
attempt("own release", lambda: (release / "persons.parquet").read_bytes())
attempt("other release", lambda: Path(OTHER).read_bytes())
attempt("change own", lambda: (release / "persons.parquet").open("r+b"))
attempt("network", lambda: socket.socket())
attempt("process", lambda: os.fork())
attempt("home", lambda: os.listdir(Path(OTHER).parents[2]))
import json
(results / "came.json").write_text(json.dumps(came))
"""


@pytest.mark.requirement("S26-06")
def test_a_script_has_its_own_release_and_nothing_else(release: Path, tmp_path: Path) -> None:
    other = release_in(tmp_path / "other", word=WORD)
    told = job(release, tmp_path, "python", TRIES.replace("OTHER", repr(str(other / "persons.parquet"))))
    assert told.code == 0, told.err
    came = json.loads((tmp_path / "out/came.json").read_text())
    assert came.pop("own release") == "done"
    assert set(came.values()) == {"refused"}


def test_a_notebook_comes_back_with_what_its_cells_gave(release: Path, tmp_path: Path) -> None:
    cells = [
        {"cell_type": "markdown", "metadata": {}, "source": "# Ages"},
        {"cell_type": "code", "metadata": {}, "source": ["import pyarrow.parquet as pq\n", "print('read')"]},
        {"cell_type": "code", "metadata": {}, "source": "pq.read_table(release / 'persons.parquet').num_rows"},
        {"cell_type": "code", "metadata": {}, "source": "1 / 0"},
        {"cell_type": "code", "metadata": {}, "source": "print('never')"},
    ]
    notebook = tmp_path / "ages.ipynb"
    notebook.write_text(json.dumps({"nbformat": 4, "nbformat_minor": 5, "metadata": {}, "cells": cells}))
    told = in_the_open_room("job", release, "--python", notebook, "--out", tmp_path / "out")
    assert (told.code, told.account["reason"]) == (2, "job_refused")
    assert "ended with an error" in (tmp_path / "out/said.txt").read_text()
    back = json.loads((tmp_path / "out/ages.ipynb").read_text())["cells"]
    assert back[1]["outputs"][0]["text"] == "read\n"
    assert back[2]["outputs"][0]["data"] == {"text/plain": "3"}
    assert back[3]["outputs"][0]["ename"] == "ZeroDivisionError"
    assert "outputs" not in back[4]


ENDED = {
    "time": ("while True: pass", {"seconds": 4}, "job_time"),
    "sleeping": ("import time; time.sleep(600)", {"seconds": 4}, "job_time"),
    "memory at once": ("x = bytearray(2**36)", {}, "job_memory"),
    "memory by and by": ("x = [bytearray(b'x' * 2**20) for _ in range(4000)]", {"memory": 300}, "job_memory"),
    "one large file": ("(results / 'a').write_bytes(b'x' * 2**26)", {"output": 1}, "job_output"),
    "many files": (
        "for n in range(3000): (results / str(n)).write_bytes(b'')\nimport time; time.sleep(9)",
        {},
        "job_output",
    ),
    "many words": ("print('x' * 2**25)", {"output": 1}, "job_output"),
    "a link": (
        "import os; os.link(scratch / 'a', results / 'b') if (scratch / 'a').write_text('x') else 0",
        {},
        "job_refused",
    ),
    "a folder": ("(results / 'folder').mkdir()", {}, "job_results"),
    "a crash": ("import ctypes; ctypes.string_at(0)", {}, "job_crashed"),
}


@pytest.mark.parametrize(
    "name",
    [pytest.param(name, marks=[] if name in {"memory by and by", "a link"} else pytest.mark.slow) for name in ENDED],
)
def test_a_job_that_takes_or_leaves_what_it_may_not_is_ended(name: str, release: Path, tmp_path: Path) -> None:
    text, limits, reason = ENDED[name]
    told = job(release, tmp_path, "python", text, **limits)
    assert (told.code, told.account["reason"]) == (2 if reason == "job_refused" else 4, reason)


@pytest.mark.slow
def test_a_query_that_runs_away_is_ended(release: Path, tmp_path: Path) -> None:
    """It is stopped neither by the engine's limit of memory nor by an interrupt."""
    told = job(release, tmp_path, "select", "SELECT repeat('x', 4000000000) FROM persons", memory=1024, seconds=60)
    assert told.code == 4
    assert told.account["reason"] in {"job_memory", "job_crashed"}


@pytest.mark.slow
def test_a_result_of_too_many_rows_is_refused(release: Path, tmp_path: Path) -> None:
    told = job(release, tmp_path, "select", "SELECT range AS n FROM range(1500000)")
    assert (told.code, told.account["reason"]) == (4, "job_output")


def test_a_release_that_was_changed_is_not_worked_on(release: Path, tmp_path: Path) -> None:
    changed = release_in(tmp_path / "releases")
    (changed / "persons.parquet").write_bytes(b"x")
    told = job(changed, tmp_path, "select", "SELECT 1")
    assert told.account["reason"] == "job_refused"
    assert "its digest differs" in (tmp_path / "out/said.txt").read_text()


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"release": "nowhere"}, "release_missing"),
        ({"asked": "nowhere.sql"}, "job_missing"),
        ({"out": "there"}, "out_exists"),
        ({"seconds": "0"}, "job_limits"),
    ],
)
def test_a_job_that_is_asked_wrongly_is_not_begun(
    change: Mapping[str, str], reason: str, release: Path, tmp_path: Path
) -> None:
    (tmp_path / "a.sql").write_text("SELECT 1")
    (tmp_path / "there").mkdir()
    asked = {"release": str(release), "asked": "a.sql", "out": "out", "seconds": "9"} | change
    told = in_the_open_room(
        "job",
        tmp_path / asked["release"],
        "--select",
        tmp_path / asked["asked"],
        "--out",
        tmp_path / asked["out"],
        "--seconds",
        asked["seconds"],
    )
    assert (told.code, told.account["reason"]) == (2, reason)


R_TRIES = """
a <- commandArgs(TRUE)
came <- function(act) tryCatch({ act(); "done" }, error = function(e) "refused", warning = function(w) "refused")
first <- function(path) function() stopifnot(rawToChar(readBin(path, "raw", 4)) == "PAR1")
own <- file.path(a[1], "persons.parquet")
told <- c(
  "own release", came(first(own)),
  "other release", came(first(OTHER)),
  "change own", came(function() writeLines("x", own)),
  "network", came(function() close(socketConnection(port = 9, timeout = 1))),
  "work", came(function() writeLines("x", file.path(a[3], "a.txt")))
)
writeLines(told, file.path(a[2], "came.txt"))
"""


@pytest.mark.requirement("S26-06")
def test_r_is_run_within_the_walls_where_it_is_and_said_to_be_missing_where_not(release: Path, tmp_path: Path) -> None:
    other = release_in(tmp_path / "other", word=WORD)
    told = job(release, tmp_path, "r", R_TRIES.replace("OTHER", f"'{other / 'persons.parquet'}'"))
    if not any(Path(path).is_file() for path in RSCRIPTS):
        assert told.account["reason"] == "r_missing"
        return
    assert told.code == 0, (tmp_path / "out/said.txt").read_text()
    lines = (tmp_path / "out/came.txt").read_text().splitlines()
    came = dict(zip(lines[::2], lines[1::2], strict=True))
    assert {name for name, how in came.items() if how == "done"} == {"own release", "work"}
    assert set(came.values()) == {"done", "refused"}


def test_a_child_that_does_not_confine_itself_is_told_of(tmp_path: Path) -> None:
    """Whatever it did, nothing that it left is taken for the work of a confined one."""
    ended = run_confined("this", [], Confined(), Allowance(seconds=20, memory=2**30, output=2**20))
    assert (ended.ending, ended.held) == (Ending.NOT_CONFINED, ())
    assert repr(ended) == "Ended(not_confined, 0)"


def test_a_result_that_grew_too_large_is_not_taken_over(tmp_path: Path) -> None:
    (tmp_path / "results").mkdir()
    (tmp_path / "out").mkdir()
    (tmp_path / "results/a").write_bytes(b"x" * 1000)
    with pytest.raises(Unfit, match="too much"):
        list(taken(tmp_path / "results", tmp_path / "out", most=999))
    assert list(taken(tmp_path / "results", tmp_path / "out", most=1000)) == ["a"]


def test_a_definition_is_answered_as_the_command_answer_does(release: Path, tmp_path: Path) -> None:
    """That it is refused here for what it lacks shows that it was read by the same reader."""
    told = job(release, tmp_path, "definition", "nothing = 1\n")
    assert told.account["reason"] == "job_refused"
    assert (tmp_path / "out/said.txt").read_text()
