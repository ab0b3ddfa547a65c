"""Rows beside printed cells of the same people: what is left of a cell when the released rows are taken away."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pyarrow.parquet as pq
import pytest
from tests.jalostamo.utilising.disclosure.sample_cubes import Town, definition

from jalostamo.concepts.errors import Refused
from jalostamo.doors.closed_room import main
from jalostamo.managing.releasing import CellDimension, CubeCells
from jalostamo.managing.sensitive.preparing.anonymity.printed import printed_beside
from jalostamo.managing.sensitive.preparing.anonymity.reading import read_recipe
from jalostamo.managing.sensitive.preparing.anonymity.together import Beside, attacked_together, refuse_crossing
from jalostamo.utilising.disclosure.files import write_printed
from jalostamo.utilising.disclosure.gate import disclose
from jalostamo.utilising.disclosure.ledger.ledger import Ledger
from jalostamo.utilising.disclosure.noise import noise_table
from jalostamo.utilising.disclosure.rules import OUTSIDE

RECIPE = """
[[quasi_identifier]]
column = "area_code"
hierarchy = "area.csv"
[[quasi_identifier]]
column = "age_band"
hierarchy = "age.csv"
[[sensitive]]
column = "service"
[model]
k = 11
suppression_limit = 0.2
"""
AREA = CellDimension(
    "area_code",
    (
        {"1": "a1", "2": "a2", "3": "a3", "4": "a4", "5": "a5"},
        {"1": "N", "2": "N", "3": "S", "4": "S", "5": "S"},
    ),
)


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The sample town as a table, with its recipe."""
    fields = Town().fields
    people = zip(fields["area_code"], fields["age_band"], strict=True)
    rows = [f"{area},{age},{'xyz'[number % 3]}" for number, (area, age) in enumerate(people)]
    (tmp_path / "table.csv").write_text("\n".join(("area_code,age_band,service", *rows)) + "\n")
    (tmp_path / "area.csv").write_text("1;north;*\n2;north;*\n3;south;*\n4;south;*\n5;south;*\n")
    (tmp_path / "age.csv").write_text("0-17;*\n18-64;*\n65-;*\n")
    (tmp_path / "recipe.toml").write_text(RECIPE)
    monkeypatch.chdir(tmp_path)
    return tmp_path


def anonymise(*words: str) -> int:
    out = ("--out", "rows.parquet", "--report", "report.json", "--force")
    return main(["anonymise", "table.csv", "--recipe", "recipe.toml", *out, *words])


def levels_of(folder: Path) -> tuple[int, ...]:
    return tuple(json.loads((folder / "report.json").read_bytes())["levels"].values())


def cells_of(folder: Path, *, more: int) -> CubeCells:
    """The released rows by area, exact, and one area told with so many more people who were left out."""
    rows = pq.read_table(folder / "rows.parquet")["area_code"].to_pylist()
    cells = {(f"a{area}",): rows.count(area) for area in "12345"}
    cells["a1",] += more
    return CubeCells("cells.parquet", (AREA,), cells, noise=0)


@pytest.mark.parametrize(("more", "is_told"), [(0, False), (3, True), (40, False)])
def test_a_few_who_are_left_of_a_cell_are_told_of(folder: Path, more: int, is_told: bool) -> None:
    assert anonymise() == 0
    beside = Beside(cubes=(cells_of(folder, more=more),))
    recipe, table, rows = read_recipe(folder / "recipe.toml"), folder / "table.csv", folder / "rows.parquet"
    found = attacked_together(folder, rows, table=table, recipe=recipe, levels=levels_of(folder), beside=beside)
    assert found.attacked == ("cells.parquet by area_code",)
    if not is_told:
        refuse_crossing(found)
        return
    with pytest.raises(Refused, match="differencing.small"):
        refuse_crossing(found)


def test_cells_are_compared_by_what_both_tell_apart(folder: Path) -> None:
    recipe = read_recipe(folder / "recipe.toml")
    shoe = CellDimension("shoe", ({"40": "40", "41": "41"},))
    cells = {("a1", "*"): 5, ("N", "*"): 9, ("*", "*"): 20, ("a1", "40"): 2, ("*", "40"): 8}
    cube = CubeCells("c", (AREA, shoe), cells, noise=1)
    printed, nothing = printed_beside((cube,), recipe, (0, 0))
    assert {(tuple(p.levels.items()), tuple(p.cells.items())) for p in printed} == {
        ((("area_code", 0),), ((("1",), 5),)),
        ((("area_code", 1),), ((("north",), 9),)),
        ((), (((), 20),)),
    }
    # Of rows that stand at a coarser level finer cells tell nothing that could be compared.
    coarse, _ = printed_beside((cube,), recipe, (1, 0))
    assert {tuple(p.levels.items()) for p in coarse} == {(("area_code", 1),), ()}
    alien = replace(cube, cells={("a1", "40"): 2})
    assert printed_beside((alien,), recipe, (0, 0)) == ((), ("c",))
    assert nothing == ()


def test_a_printed_cube_is_read_and_compared_with_the_rows(folder: Path) -> None:
    (folder / "ledger").mkdir()
    rule = replace(OUTSIDE, id="any shape", most_gained=1.0)
    noise, ledger = noise_table(definition().noise), Ledger(folder / "ledger")
    cube = disclose(Town().counted(definition()), rule=rule, noise=noise, ledger=ledger, series=None, source="s" * 64)
    write_printed(cube, folder / "cube.parquet")
    assert anonymise("--cube", "cube.parquet") == 0
    told = json.loads((folder / "report.json").read_bytes())["together"]["attacked_with"]
    assert "cube.parquet by nothing" in told
    assert "cube.parquet by area_code, age_band" in told or "cube.parquet by area_code" in told
    given = ("--recipe", "recipe.toml", "--source", "table.csv", "--evidence", "evidence.json")
    assert main(["attack", "rows.parquet", *given, "--cube", "cube.parquet"]) in {0, 3}
    assert any("cube.parquet" in name for name in json.loads((folder / "evidence.json").read_bytes())["beside"])


# A run of the command that is killed at the n-th time that something is made durable; nothing of it runs afterwards.
CHILD = """
import os, signal, sys
last, calls, real = int(sys.argv[1]), 0, os.fsync
def fsync(descriptor):
    global calls
    calls += 1
    if calls == last:
        os.kill(os.getpid(), signal.SIGKILL)
    real(descriptor)
os.fsync = fsync
from jalostamo.doors.closed_room import main
sys.exit(main(sys.argv[2:]))
"""


@pytest.mark.deep
def test_killed_at_any_moment_rows_and_report_are_of_one_run_and_no_release_is_without_an_entry(folder: Path) -> None:
    (folder / "coarse.toml").write_text(RECIPE.replace("k = 11", "k = 60"))
    words = ["anonymise", "table.csv", "--out", "rows.parquet", "--report", "report.json", "--force"]
    series = ["--releases", "register", "--population", "town"]
    torn, codes = 0, []
    for last in range(1, 40):
        assert main([*words, "--recipe", "recipe.toml"]) == 0
        old = digests(folder)
        for path in (folder / "register").glob("*"):
            path.unlink()
        command = [sys.executable, "-P", "-c", CHILD, str(last), *words, "--recipe", "coarse.toml", *series]
        codes.append(subprocess.run(command, check=False, capture_output=True, cwd=folder).returncode)
        is_torn = levels_of(folder) != levels_in_rows(folder)
        torn += is_torn
        if digests(folder)[0] != old[0]:
            assert (folder / "register" / "0001.json").exists()
        # The next look at the rows ends what was begun.
        given = ("--recipe", "coarse.toml", "--source", "table.csv", "--evidence", "evidence.json", "--force")
        assert not is_torn or main(["attack", "rows.parquet", *given]) in {0, 3}
        assert levels_of(folder) == levels_in_rows(folder)
        if codes[-1] == 0:
            break
    assert set(codes[:-1]) == {-signal.SIGKILL}
    assert codes[-1] == 0
    assert torn > 0


def digests(folder: Path) -> tuple[bytes, bytes]:
    return (folder / "rows.parquet").read_bytes(), (folder / "report.json").read_bytes()


def levels_in_rows(folder: Path) -> tuple[int, ...]:
    """The levels at which the rows stand, read from what they call an area and an age."""
    rows = pq.read_table(folder / "rows.parquet")
    area, age = (set(rows[column].to_pylist()) for column in ("area_code", "age_band"))
    by_area = 2 if area == {"*"} else 1 if area <= {"north", "south"} else 0
    return by_area, int(age == {"*"})
