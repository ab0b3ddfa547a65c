"""The command `hierarchy` writes a file that a recipe can name, tells counts, and repeats no value."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from jalostamo.doors import closed_room
from jalostamo.doors.open_room import main
from jalostamo.managing.hierarchies import read_hierarchy

SECRET = "010190-900A"
PEOPLE = (
    "age;postcode;language;since\n31;02100;fi;2015-11-23\n;02105;so;2016-01-01\n9;02100;99;2016-01-01\n100;00100;fi;\n"
)
TABLE = ["--table", "people.csv", "--delimiter", ";"]


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder of the caller's with a table, a list of values and a list of codes in it."""
    (tmp_path / "people.csv").write_text(PEOPLE)
    (tmp_path / "list.csv").write_text("low\nmiddle\nhigh\n")
    (tmp_path / "codes.csv").write_text("fi;domestic\nsv;domestic\nso;foreign\n99;\n")
    monkeypatch.chdir(tmp_path)
    return tmp_path


def call(*words: str) -> int:
    """Call the command, which writes to made.csv."""
    return main(["hierarchy", *words, "--out", "made.csv"])


MADE = {
    "intervals of a column": (
        ["interval", *TABLE, "--column", "age", "--widths", "5,10", "--top", "90"],
        "9;5-9;0-9;*\n31;30-34;30-39;*\n100;90 or over;90 or over;*\n",
    ),
    "intervals between two numbers": (
        ["interval", "--from", "1", "--to", "3", "--widths", "2", "--start", "1", "--bottom", "2"],
        "1;under 2;*\n2;2;*\n3;3-4;*\n",
    ),
    "the missing value": (
        ["interval", *TABLE, "--column", "age", "--widths", "50", "--missing", "unknown"],
        "9;0-49;*\n31;0-49;*\n100;100-149;*\n;unknown;*\n",
    ),
    "days of a column": (
        ["date", *TABLE, "--column", "since", "--steps", "quarter,year"],
        "2015-11-23;2015-Q4;2015;*\n2016-01-01;2016-Q1;2016;*\n",
    ),
    "prefixes of a column": (
        ["prefix", *TABLE, "--column", "postcode", "--keep", "4,3", "--mask", "?"],
        "00100;0010?;001??;*\n02100;0210?;021??;*\n02105;0210?;021??;*\n",
    ),
    "groups of a list": (
        ["order", "--values", "list.csv", "--sizes", "2"],
        "low;low-middle;*\nmiddle;low-middle;*\nhigh;high;*\n",
    ),
    "codes by their parents": (
        ["codes", "--codes", "codes.csv", *TABLE, "--column", "language"],
        "fi;domestic;*\nsv;domestic;*\nso;foreign;*\n99;99;*\n",
    ),
    "ready postcodes": (
        ["postcode", *TABLE, "--column", "postcode"],
        "00100;0010x;001xx;*\n02100;0210x;021xx;*\n02105;0210x;021xx;*\n",
    ),
    "a ready one in Swedish": (
        ["income_class", "--language", "sv"],
        "".join(f"{n};tiondelarna {'1-3' if n < 4 else '4-7' if n < 8 else '8-10'};*\n" for n in range(1, 11)),
    ),
}


@pytest.mark.parametrize("what", MADE)
def test_the_file_is_a_hierarchy_of_what_was_asked(what: str, folder: Path) -> None:
    words, content = MADE[what]
    assert call(*words) == 0
    assert (folder / "made.csv").read_text(encoding="utf-8") == content
    assert len(read_hierarchy(folder / "made.csv").levels[0]) == content.count("\n")


def test_a_person_is_told_in_counts(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert call("interval", *TABLE, "--column", "age", "--widths", "5,10") == 0
    assert capsys.readouterr() == (
        "Read: column 'age', 4 rows.\n"
        "Rows without a value: 1; they stay so at every level (--missing names them).\n"
        "Values: 3. Classes by level: 3, 3, 1.\n"
        "Written to made.csv.\n",
        "",
    )


def test_a_machine_is_told_in_json(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert call("native_language", *TABLE, "--column", "language", "--json") == 0
    told = json.loads(capsys.readouterr().out)
    assert len(told.pop("summary")) == 3
    assert told == {
        "command": "hierarchy",
        "exit_code": 0,
        "values": 185,
        "levels": 4,
        "classes": [185, 4, 2, 1],
        "rows": 4,
        "rows_without_value": 0,
    }


REFUSED = {
    "an unknown kind": ([SECRET], 2, "usage"),
    "a word of another kind": (["order", "--values", "list.csv", "--widths", "5"], 2, "hierarchy_words"),
    "a language of a built one": (["order", "--values", "list.csv", "--language", "fi"], 2, "hierarchy_words"),
    "a table without a column": (["date", "--table", "people.csv"], 2, "hierarchy_words"),
    "a from without a to": (["interval", "--widths", "5", "--from", "1"], 2, "hierarchy_words"),
    "two sources": (["order", *TABLE, "--column", "age", "--values", "list.csv"], 2, "hierarchy_words"),
    "values for what has its own": (["education", "--values", "list.csv"], 2, "hierarchy_words"),
    "values beside codes": (["codes", "--codes", "codes.csv", "--values", "list.csv"], 2, "hierarchy_words"),
    "no values": (["interval", "--widths", "5"], 2, "hierarchy_no_values"),
    "no list of codes": (["codes"], 2, "hierarchy_no_values"),
    "no values of postcodes": (["postcode"], 2, "hierarchy_no_values"),
    "no widths": (["interval", "--from", "1", "--to", "3"], 2, "hierarchy_intervals"),
    "sizes that are no numbers": (["order", "--values", "list.csv", "--sizes", SECRET], 2, "whole_numbers"),
    "a delimiter of no text": (["order", "--values", "list.csv", "--delimiter", ";"], 2, "not_text"),
    "an encoding that is none": (["date", *TABLE, "--column", "since", "--encoding", SECRET], 2, "encoding_unknown"),
    "a missing table": (["date", "--table", "missing.csv", "--column", "since"], 2, "file_missing"),
    "a missing list": (["order", "--values", "missing.csv", "--sizes", "2"], 2, "file_missing"),
    "no such column": (["date", *TABLE, "--column", "day"], 4, "column_missing"),
    "values of another kind": (["date", *TABLE, "--column", "postcode"], 4, "hierarchy_day"),
    "values that are not named": (["service_class", *TABLE, "--column", "language"], 4, "unmapped"),
    "a list of values with more": (["order", "--values", "codes.csv", "--sizes", "2"], 4, "list_form"),
}


@pytest.mark.parametrize("fault", REFUSED)
def test_what_cannot_be_made_is_refused_and_nothing_is_written(
    fault: str, folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    words, exit_code, reason = REFUSED[fault]
    assert call(*words, "--json") == exit_code
    told = capsys.readouterr()
    assert json.loads(told.out)["reason"] == reason
    assert SECRET not in told.out + told.err
    assert not (folder / "made.csv").exists()


def test_a_recipe_can_name_what_was_made(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert call("interval", *TABLE, "--column", "age", "--widths", "50", "--missing", "unknown") == 0
    recipe = '[table]\ndelimiter = ";"\n[[quasi_identifier]]\ncolumn = "age"\nhierarchy = "made.csv"\n[model]\nk = 4\n'
    (folder / "recipe.toml").write_text(recipe)
    words = ["--recipe", "recipe.toml", "--out", "rows.parquet", "--report", "report.json"]
    assert closed_room.main(["anonymise", "people.csv", *words]) == 0
    assert json.loads((folder / "report.json").read_text())["levels"] == {"age": 2}


def test_an_existing_file_is_replaced_only_when_asked(folder: Path) -> None:
    assert call("income_class") == 0
    assert call("service_class") == 2
    assert call("service_class", "--force") == 0
    assert (folder / "made.csv").read_text().startswith("FC;preventive;*\n")


def test_the_table_itself_is_never_replaced(folder: Path) -> None:
    words = ["hierarchy", "date", *TABLE, "--column", "since", "--out", "people.csv", "--force"]
    assert main(words) == 2
    assert (folder / "people.csv").read_text() == PEOPLE
