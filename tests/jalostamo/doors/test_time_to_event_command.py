"""The command `time-to-event` keeps its contract: what it writes, what it says, and what it refuses with which exit code."""

from __future__ import annotations

import json
import math
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet
import pytest
from tests.jalostamo.producing.survival.naive_survival import (
    Row,
    naive_aalen_johansen,
    naive_gray,
    naive_kaplan_meier,
    naive_log_rank,
)

from jalostamo.doors.open_room import main

SECRET = "010190-900A"
HEADER = "months,ended,language\n"
TABLE = f"{HEADER}1,1,fi\n1,0,fi\n1.0,1,sv\n2,2,fi\n2.5,1,sv\n2.5,1,\n1e1,0,sv\n0,0,fi\n"
ROWS = [
    *(Row(1, 1, "fi"), Row(1, 0, "fi"), Row(1, 1, "sv"), Row(2, 2, "fi"), Row(2.5, 1, "sv")),
    *(Row(2.5, 1, None), Row(10, 0, "sv"), Row(0, 0, "fi")),
]
COLUMNS = ["--time", "months", "--status", "ended"]
KEYS = ("time", "at_risk", "estimate", "standard_error")


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder of the caller's with a table in it."""
    (tmp_path / "table.csv").write_text(TABLE)
    monkeypatch.chdir(tmp_path)
    return tmp_path


def call(*words: str) -> int:
    """Call the command with the two columns that it always needs."""
    return main(["time-to-event", *words, *COLUMNS])


def check_curve(written: dict[str, list[float]], expected: list[tuple[float, int, float, float]]) -> None:
    """The four keys of a curve, and no others, hold what the twin finds."""
    assert tuple(written) == KEYS
    assert [tuple(line) for line in zip(*written.values(), strict=True)] == [pytest.approx(line) for line in expected]


@pytest.mark.parametrize("kind", ["csv", "parquet"])
def test_the_file_holds_what_the_contract_names(kind: str, folder: Path) -> None:
    table = pa.table({name: [row[place] for row in ROWS] for place, name in enumerate(("months", "ended", "language"))})
    pyarrow.parquet.write_table(table, folder / "table.parquet")
    assert call(f"table.{kind}", "--group", "language", "--out", "out.json") == 0
    found = json.loads((folder / "out.json").read_bytes())
    assert list(found) == ["all", "groups", "log_rank", "gray"]
    assert list(found["groups"]) == ["fi", "sv", "null"]
    for group, survival in [(None, found["all"]), *found["groups"].items()]:
        rows = [row for row in ROWS if group in (None, row.group or "null")]
        check_curve(survival["kaplan_meier"], naive_kaplan_meier(rows))
        assert list(survival["aalen_johansen"]) == ["1", "2"]
        for event, curve in survival["aalen_johansen"].items():
            check_curve(curve, naive_aalen_johansen(rows, int(event)))
    statistic = naive_log_rank(ROWS)
    assert statistic is not None
    chance = pytest.approx(math.exp(-statistic / 2))
    assert found["log_rank"] == {"statistic": pytest.approx(statistic), "df": 2, "p": chance}
    assert found["gray"]["1"]["statistic"] == pytest.approx(naive_gray(ROWS, 1))
    assert found["gray"]["2"]["statistic"] == pytest.approx(naive_gray(ROWS, 2))


def test_without_groups_there_is_nothing_to_test(folder: Path) -> None:
    assert call("table.csv", "--out", "out.json") == 0
    found = json.loads((folder / "out.json").read_bytes())
    assert (found["groups"], found["log_rank"], found["gray"]) == ({}, None, None)


@pytest.mark.parametrize(("rows", "kinds"), [("3,0,fi\n", []), ("3,0,fi\n4,0,sv\n", []), ("0,2,fi\n0,2,fi\n", ["2"])])
def test_a_table_that_says_little_is_answered_with_no_tests(rows: str, kinds: list[str], folder: Path) -> None:
    (folder / "table.csv").write_text(HEADER + rows)
    assert call("table.csv", "--group", "language", "--out", "out.json") == 0
    found = json.loads((folder / "out.json").read_bytes())
    assert set(found["all"]["kaplan_meier"]["estimate"]) == {1.0}
    assert list(found["all"]["aalen_johansen"]) == kinds
    assert found["log_rank"] is None
    assert not found["gray"]


def test_a_person_is_told_in_counts_and_shares(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert call("table.csv", "--group", "language", "--out", "out.json") == 0
    assert capsys.readouterr() == (
        "Rows: 8. Followed no further: 3. Event 1: 4. Event 2: 1.\n"
        "Half had event 1 by time 2.5 (1\u2013>10).\n"
        "Without event 1 at time 2: 71 % (26\u201392 %); 4: 24 % (1\u201364 %); 6: 24 % (1\u201364 %); "
        "8: 24 % (1\u201364 %); 10: 24 % (1\u201364 %).\n"
        "Groups: 3.\n"
        "Log-rank test: p = 0.967.\n"
        "Gray's test, event 1: p = 0.967.\n"
        "Gray's test, event 2: p = 0.290.\n"
        "Written to out.json: exact figures, not meant for publication.\n",
        "",
    )


def test_a_page_and_a_picture_are_made_of_the_same_figures(folder: Path) -> None:
    words = ["--group", "language", "--chart", "curves.svg", "--page", "page.html", "--unit", "kk", "--language", "fi"]
    assert call("table.csv", "--out", "out.json", *words) == 0
    svg, page = ((folder / name).read_text() for name in ("curves.svg", "page.html"))
    for drawn in (svg, page):
        assert "<desc" in drawn
        assert "Aika (kk)" in drawn
        assert "Seurannassa" in drawn
    assert "Puolelle tapahtuma 1 oli tullut, kun aikaa oli kulunut 2,5 kk" in page
    assert "index.sv.html" not in page
    assert page.count("<svg xmlns") == 4


@pytest.mark.parametrize(
    ("words", "reason"),
    [
        (["missing.csv"], "table_unreadable"),
        (["table.txt"], "table_kind"),
        (["table.csv", "--out", "there.json"], "out_exists"),
        (["table.csv", "--out", "table.csv", "--force"], "out_is_table"),
        (["table.csv", "--chart", "there.json"], "out_exists"),
        (["table.csv", "--page", "out.json"], "out_twice"),
        (["table.csv", "--time", "ended"], "columns_same"),
        (["table.csv", "--encoding", SECRET], "encoding_unknown"),
        (["table.csv", "--delimiter", SECRET], "writing_delimiter"),
        (["table.parquet", "--delimiter", ";"], "not_text"),
        ([], "usage"),
    ],
)
def test_what_is_asked_wrongly_ends_with_2(
    words: list[str], reason: str, folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    for name in ("there.json", "table.txt", "table.parquet"):
        (folder / name).write_text(SECRET)
    out = [] if "--out" in words else ["--out", "out.json"]
    assert main(["time-to-event", *COLUMNS, *words, *out, "--json"]) == 2
    check_told(capsys, reason)
    assert not (folder / "out.json").exists()
    assert (folder / "table.csv").read_text() == TABLE


FAULTY = (
    "1,1,fi",
    "{},1,fi",
    "{},1,fi",
    "nan,1,{}",
    "1e999,1,{}",
    ",1,{}",
    "-0.5,1,{}",
    "-0,1,fi",
    "1,,{}",
    "1,{},fi",
    "1,1.5,{}",
)


def test_every_fault_of_rows_is_told_with_its_lines(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (folder / "table.csv").write_text(HEADER + "".join(f"{line.format(SECRET)}\n" for line in FAULTY))
    assert call("table.csv", "--group", "language", "--out", "out.json", "--json") == 4
    check_told(
        capsys,
        "time_missing",
        "table.csv, line 7 (1 row): the row has no time. "
        "table.csv, lines 3, 4, 5 ... (4 rows): the row has a time that is not a number. "
        "table.csv, line 8 (1 row): the row has a time below 0. "
        "table.csv, line 10 (1 row): the row has no status. "
        "table.csv, lines 11, 12 (2 rows): the row has a status that is not a whole number from 0.",
    )
    assert not (folder / "out.json").exists()


@pytest.mark.parametrize(
    ("table", "reason"),
    [
        ("", "file_empty"),
        (HEADER, "file_without_records"),
        (f"{SECRET},1,fi\n", "column_missing"),
        ("months,ended,language,Ended\n1,1,fi,1\n", "column_doubled"),
        (f"{HEADER}1,1,null\n2,0,\n", "group_null"),
        (f"{HEADER}1,{SECRET}\n", "too_few_columns"),
    ],
)
def test_an_unfit_table_ends_with_4(table: str, reason: str, folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (folder / "table.csv").write_text(table)
    assert call("table.csv", "--group", "language", "--out", "out.json", "--json") == 4
    check_told(capsys, reason)


@pytest.mark.parametrize(
    ("column", "reason", "place"),
    [
        ([True, False], "column_type", "'months'"),
        (
            [float("nan"), float("inf"), None, -1.0],
            "time_missing",
            "rows 1, 2 (2 rows): the row has a time that is not",
        ),
    ],
)
def test_an_unfit_column_of_parquet_ends_with_4(
    column: list[object], reason: str, place: str, folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    pyarrow.parquet.write_table(pa.table({"months": column, "ended": [1] * len(column)}), folder / "table.parquet")
    assert call("table.parquet", "--out", "out.json", "--json") == 4
    check_told(capsys, reason, place)


def check_told(capsys: pytest.CaptureFixture[str], reason: str, place: str = "") -> None:
    """One sentence on stderr, the reason as JSON, and nothing of what the files or words hold."""
    told = capsys.readouterr()
    assert json.loads(told.out)["reason"] == reason
    assert told.err.startswith("jalostamo time-to-event: ")
    assert told.err.count("\n") == 1
    assert place in told.err
    assert SECRET not in told.out + told.err
