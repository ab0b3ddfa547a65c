"""A definition goes into the closed room, printed cells come out; no row leaves, and a cube is read as it was printed."""

from __future__ import annotations

import csv
import json
import stat
from collections.abc import Callable
from pathlib import Path

import pytest
from tests.jalostamo.doors.homes import (
    CODE,
    Told,
    files_in,
    folders_of_rows,
    home_in,
    in_the_open_room,
    jalostamo,
    request_in,
)
from tests.jalostamo.doors.ordered_cells import inside

from jalostamo.doors.closed_room.opened_vault import opened_vault
from jalostamo.doors.home import Home

pytestmark = pytest.mark.slow

CELLS = """
[cube]
name = "services"
population = "children"
from = 2010-01-01
to = 2016-12-31
noise = "d10-v8-js4-p30"
described_in = "persons"
title = { fi = "Palvelut", sv = "Tjänster", en = "Services" }

[[dimension]]
name = "language"
field = "language_group"
values = ["fi", "sv", "foreign", "unknown"]
title = { fi = "Äidinkieli", sv = "Modersmål", en = "Native language" }

[[dimension]]
name = "sex"
field = "sex"
values = ["1", "2"]
title = { fi = "Sukupuoli", sv = "Kön", en = "Sex" }

[[measure]]
name = "children"
kind = "units"
table = "persons"
title = { fi = "Lapsia", sv = "Barn", en = "Children" }

[[measure]]
name = "customers"
kind = "units"
table = "events"
title = { fi = "Asiakkaita", sv = "Klienter", en = "Customers" }

[[measure]]
name = "steps"
kind = "step"
table = "steps"
path = ["FC", "HS", "NOT", "ASM", "FW", "IFW", "SP", "EMP", "OCP", "TIC", "AFT"]
steps = 1
title = { fi = "Askeleet", sv = "Steg", en = "Steps" }
"""
"""Small enough for a small town: the mean cell holds more than five."""


@pytest.fixture
def home(sources: Path, tmp_path: Path) -> Home:
    return home_in(tmp_path, sources)


@pytest.fixture
def asked(tmp_path: Path) -> Callable[[str], tuple[Path, Path]]:
    request = request_in(tmp_path)

    def written(text: str) -> tuple[Path, Path]:
        definition = request.with_name("own.toml")
        definition.write_text(text, encoding="utf-8")
        return request, definition

    return written


def printed(home: Home, files: tuple[Path, Path], *more: str) -> Told:
    return inside("cells", *files, "--home", home.folder, *more)


@pytest.fixture(scope="module")
def cube(sources: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A file of printed cells, printed once for all who read it."""
    folder = tmp_path_factory.mktemp("printed")
    home, request = home_in(folder, sources), request_in(folder)
    definition = request.with_name("own.toml")
    definition.write_text(CELLS, encoding="utf-8")
    told = printed(home, (request, definition))
    assert told.code == 0, told.err
    (path,) = home.cubes.glob("children/*.parquet")
    return path


def test_cells_come_out_and_no_row_leaves(home: Home, asked: Callable[[str], tuple[Path, Path]]) -> None:
    told = printed(home, asked(CELLS))
    assert told.code == 0, told.err
    (cube,) = home.cubes.glob("children/*.parquet")
    manifest = json.loads(cube.with_suffix(".json").read_text(encoding="utf-8"))
    assert (manifest["step"], manifest["cube"]) == ("cells", told.account["digest"])
    assert [step["step"] for step in manifest["earlier"]] == ["extract", "extract", "linked"]
    assert folders_of_rows(home) == []
    assert list(home.releases.iterdir()) == []
    assert not CODE.search(told.everything)
    for path in home.folder.rglob("exchange/**/*"):
        assert not path.is_file() or not CODE.search(path.read_bytes().decode("latin-1"))
    assert stat.S_IMODE((home.closed / "ledger").stat().st_mode) == 0o700
    # Nobody has ordered it, and whoever follows it back is told so.
    assert (manifest["by_hand"], "order" in manifest) == ("no permit", False)
    traced = jalostamo("trace", cube, "--home", home.folder).account["chain"]
    assert [link["step"] for link in traced if "under no permit" in link["name"]] == ["cells"]  # type: ignore[attr-defined, index]


def test_the_same_series_prints_the_same_numbers_again(home: Home, asked: Callable[[str], tuple[Path, Path]]) -> None:
    files = asked(CELLS)
    first, second = (printed(home, files, "--series", "monthly") for _ in range(2))
    assert (first.code, second.code) == (0, 0), first.err + second.err
    assert first.account["digest"] == second.account["digest"]
    assert len(list(home.cubes.glob("children/*.parquet"))) == 1
    with opened_vault(home) as vault:
        assert [(header.kind, header.object) for header in vault.keys.headers] == [("record_keys", "by.hand/monthly")]


def test_the_same_cells_are_not_printed_under_other_keys(home: Home, asked: Callable[[str], tuple[Path, Path]]) -> None:
    """With new noise for each time, the mean of many times would be the true number."""
    files = asked(CELLS)
    assert printed(home, files).code == 0
    before = files_in(home.folder)
    again = printed(home, files)
    assert again.code == 3
    assert files_in(home.folder) == before


def test_a_definition_that_was_changed_after_it_was_frozen_is_refused(
    home: Home, asked: Callable[[str], tuple[Path, Path]]
) -> None:
    told = printed(home, asked(CELLS), "--frozen", "0" * 64)
    assert (told.code, told.account["reason"]) == (3, "cube_definition_changed")


def test_other_days_than_those_of_the_request_are_refused(
    home: Home, asked: Callable[[str], tuple[Path, Path]]
) -> None:
    told = printed(home, asked(CELLS.replace("from = 2010-01-01", "from = 2011-01-01")))
    assert (told.code, told.account["reason"]) == (3, "cube_period")


def test_a_cube_too_thin_is_refused_and_leaves_nothing(home: Home, asked: Callable[[str], tuple[Path, Path]]) -> None:
    request, _ = asked("")
    told = printed(home, (request, request.with_name("cells.toml")))
    assert (told.code, told.account["reason"]) == (3, "cube_thin")
    assert not list(home.folder.rglob("*.parquet"))


def test_a_cube_whose_shape_leaves_too_little_noise_is_refused_before_a_row_is_read(
    home: Home, asked: Callable[[str], tuple[Path, Path]]
) -> None:
    told = printed(home, asked(CELLS.replace('noise = "d10-v8-js4-p30"\n', "")))
    assert (told.code, told.account["reason"]) == (3, "cube_noise_left")
    assert "name noise table d10-v8-js4-p30" in told.everything
    assert not list(home.folder.rglob("*.parquet"))


def test_a_cube_is_read_with_shares_differences_and_rows_for_a_spreadsheet(cube: Path, tmp_path: Path) -> None:
    words = ("--measure", "customers", "--by", "language", "--of", "children", "--against", "fi")
    read = in_the_open_room("cube", cube, *words, "--csv", tmp_path / "rows.csv")
    assert read.code == 0, read.err
    rows = read.account["rows"]
    assert isinstance(rows, list)
    assert [row["language"] for row in rows] == ["fi", "sv", "foreign", "unknown"]
    first = rows[0]
    assert first["share_low"] < first["share"] < first["share_high"]
    assert first["difference"] is None
    assert [row["printed"] in {1, 2} for row in rows] == [False] * 4
    with (tmp_path / "rows.csv").open(encoding="utf-8", newline="") as opened:
        assert [row["printed"] for row in csv.DictReader(opened)] == [str(row["printed"]) for row in rows]


@pytest.mark.parametrize(
    ("words", "reason"),
    [
        (["--measure", "nothing"], "query_unknown"),
        (["--by", "age"], "query_unknown"),
        (["--by", "sex:x"], "query_unknown"),
        (["--where", "sex"], "query_unknown"),
        (["--where", "sex=3"], "filter_unknown"),
        (["--where", "language=fi,sv"], "cells_not_added"),
        (["--against", "fi", "--by", "language"], "query_unknown"),
    ],
)
def test_what_is_not_in_the_closed_set_is_not_answered(cube: Path, words: list[str], reason: str) -> None:
    told = in_the_open_room("cube", cube, *words)
    assert (told.code, told.account["reason"]) == (2, reason)
