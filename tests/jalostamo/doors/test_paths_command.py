"""The command `paths` keeps its contract: what it writes, what it says, and what it refuses with which exit code."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from tests.jalostamo.producing.naive_paths import Event, naive_paths

from jalostamo.doors.open_room import main

SECRET = "010190-900A"
HEADER = "client,service,start,language\n"
LOG = (
    f"{HEADER}1,A,2024-05-01T12:00Z,fi\n1,B,2024-05-01T12:00Z,\n2,B,2024-05-02,sv\n2,Ä,2024-05-03,sv\n3,A,2024-05-01,\n"
)
NOON = 1_714_564_800_000_000
DAY = 86_400_000_000
EVENTS = [
    Event("1", "A", NOON, 1, "fi"),
    Event("1", "B", NOON, 2, None),
    Event("2", "B", NOON + DAY // 2, 3, "sv"),
    Event("2", "Ä", NOON + DAY * 3 // 2, 4, "sv"),
    Event("3", "A", NOON - DAY // 2, 5, None),
]
COLUMNS = ["--case", "client", "--activity", "service", "--time", "start"]


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder of the caller's with a log in it."""
    (tmp_path / "log.csv").write_text(LOG)
    monkeypatch.chdir(tmp_path)
    return tmp_path


def call(*words: str) -> int:
    """Call the command on the log, with the three columns that it always needs."""
    return main(["paths", *words, *COLUMNS])


def test_the_file_holds_what_the_contract_names(folder: Path) -> None:
    assert call("log.csv", "--group", "language", "--out", "paths.json") == 0
    assert json.loads((folder / "paths.json").read_bytes()) == naive_paths(EVENTS, tie="row", grouped=True)


def test_ties_and_filters_are_followed(folder: Path) -> None:
    words = ["--filter", "service=B", "--filter", "language=sv", "--tie", "activity", "--out", "paths.json"]
    assert call("log.csv", *words) == 0
    assert json.loads((folder / "paths.json").read_bytes()) == naive_paths(EVENTS[2:3], tie="activity", grouped=False)


def test_the_same_log_gives_the_same_bytes(folder: Path) -> None:
    written = []
    for _ in range(2):
        assert call("log.csv", "--group", "language", "--out", "paths.json", "--force") == 0
        written.append((folder / "paths.json").read_bytes())
    assert written[0] == written[1]


def test_a_person_is_told_in_counts(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert call("log.csv", "--out", "paths.json") == 0
    assert capsys.readouterr() == (
        "Events: 5. Cases: 3. Activities: 3.\n"
        "Different paths: 3. Different steps: 2.\n"
        "Neighbours at the same time: 1, in the file's order.\n"
        "Written to paths.json: exact figures, not meant for publication.\n",
        "",
    )


def test_filters_that_leave_nothing_are_told(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert call("log.csv", "--filter", "service=C", "--out", "paths.json") == 0
    assert "No event meets the filters." in capsys.readouterr().out
    assert json.loads((folder / "paths.json").read_bytes()) == naive_paths([], tie="row", grouped=False)


def test_a_machine_is_told_in_json(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert call("log.csv", "--out", "paths.json", "--json") == 0
    told = json.loads(capsys.readouterr().out)
    assert len(told.pop("summary")) == 4
    assert told == {
        "command": "paths",
        "exit_code": 0,
        "events": 5,
        "cases": 3,
        "activities": 3,
        "edges": 2,
        "variants": 3,
        "tied_neighbour_pairs": 1,
        "groups": 0,
    }


def test_local_times_and_another_writing_are_declared(folder: Path) -> None:
    (folder / "log.csv").write_bytes("client;service;start\n1;Ä;1.5.2024 15.00\n1;B;1.5.2024 16.00\n".encode("latin-1"))
    declared = ["--delimiter", ";", "--encoding", "latin-1", "--time-format", "%d.%m.%Y %H.%M"]
    assert call("log.csv", *declared, "--timezone", "Europe/Helsinki", "--out", "paths.json") == 0
    assert json.loads((folder / "paths.json").read_bytes())["edges"] == [
        {"from": "Ä", "to": "B", "count": 1, "cases": 1, "median_seconds": 3600.0, "mean_seconds": 3600.0}
    ]


@pytest.mark.parametrize(
    ("words", "reason"),
    [
        (["missing.csv"], "log_unreadable"),
        (["."], "log_unreadable"),
        (["log.txt"], "log_kind"),
        (["log.csv", "--out", "there.json"], "out_exists"),
        (["log.csv", "--out", "nowhere/paths.json"], "out_folder_missing"),
        (["log.csv", "--out", ".", "--force"], "out_not_a_file"),
        (["log.csv", "--out", "log.csv", "--force"], "out_is_log"),
        (["log.csv", "--filter", SECRET], "filter"),
        (["log.csv", "--filter", f"={SECRET}"], "filter"),
        (["log.csv", "--encoding", SECRET], "encoding_unknown"),
        (["log.csv", "--encoding", "rot13"], "encoding_unknown"),
        (["log.csv", "--timezone", SECRET], "writing_timezone"),
        (["log.csv", "--time-format", "%H:%M"], "time_format"),
        (["log.csv", "--delimiter", SECRET], "writing_delimiter"),
        (["log.parquet", "--delimiter", ";"], "not_text"),
        (["log.csv", "--tie", SECRET], "usage"),
        ([], "usage"),
    ],
)
def test_what_is_asked_wrongly_ends_with_2(
    words: list[str], reason: str, folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    for name in ("there.json", "log.txt", "log.parquet"):
        (folder / name).write_text(SECRET)
    out = [] if "--out" in words else ["--out", "paths.json"]
    assert call(*words, *out, "--json") == 2
    check_told(capsys, reason)
    assert not (folder / "paths.json").exists()
    assert (folder / "there.json").read_text() == SECRET
    assert (folder / "log.csv").read_text() == LOG


@pytest.mark.parametrize(
    ("log", "reason"),
    [
        ("", "file_empty"),
        (HEADER, "file_without_records"),
        (f"{SECRET},A,2024-05-01,fi\n", "column_missing"),
        ("client,service\n1,A\n", "column_missing"),
        ("client,service,start,start\n", "column_doubled"),
        (f"{HEADER},A,2024-05-01,{SECRET}\n", "case_missing"),
        (f"{HEADER}{SECRET},,2024-05-01,fi\n", "activity_missing"),
        (f"{HEADER}{SECRET},A,,fi\n", "time_missing"),
        (f"{HEADER}1,A,{SECRET},fi\n", "time_unreadable"),
        (f"{HEADER}1,A,{SECRET}\n", "too_few_columns"),
        (f'{HEADER}1,"{SECRET},2024-05-01,fi\n', "unclosed_quote"),
    ],
)
def test_an_unfit_log_ends_with_4(log: str, reason: str, folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (folder / "log.csv").write_text(log)
    assert call("log.csv", "--out", "paths.json", "--json") == 4
    check_told(capsys, reason)
    assert not (folder / "paths.json").exists()


def test_a_filter_on_a_column_that_is_not_there_ends_with_4(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert call("log.csv", "--filter", f"state={SECRET}", "--out", "paths.json", "--json") == 4
    check_told(capsys, "column_missing")


def check_told(capsys: pytest.CaptureFixture[str], reason: str) -> None:
    """One sentence on stderr, the reason as JSON, and nothing of what the files or words hold."""
    told = capsys.readouterr()
    assert json.loads(told.out)["reason"] == reason
    assert told.err.startswith("jalostamo paths: ")
    assert told.err.count("\n") == 1
    assert SECRET not in told.out + told.err


def test_an_engine_that_is_not_known_ends_with_2(
    folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("JALOSTAMO_ENGINE", "abacus")
    assert call("log.csv", "--out", "paths.json", "--json") == 2
    check_told(capsys, "engine_unknown")


def test_nothing_of_the_log_stays_in_the_temporary_folder(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    private = folder / "private"
    private.mkdir()
    monkeypatch.setattr("tempfile.tempdir", str(private))
    assert call("log.csv", "--out", "paths.json") == 0
    assert list(private.iterdir()) == []


def test_a_command_that_the_room_has_not_is_answered_with_those_it_has(capsys: pytest.CaptureFixture[str]) -> None:
    assert main([SECRET]) == main([]) == 2
    assert capsys.readouterr().err.count("it has paths") == 2


@pytest.mark.slow
def test_public_logs_are_read_from_their_files(folder: Path, shared_data: Callable[[str], Path]) -> None:
    names = ["--case", "case:concept:name", "--activity", "concept:name", "--time", "time:timestamp"]
    assert main(["paths", str(shared_data("paths/bpic2012.xes.gz")), *names, "--out", "paths.json"]) == 0
    found = json.loads((folder / "paths.json").read_bytes())
    assert (found["events"], found["cases"], len(found["edges"]), found["variants"]["number"]) == (
        262_200,
        13_087,
        125,
        4_366,
    )


@pytest.mark.spark
@pytest.mark.deep
def test_the_setting_of_the_engine_changes_no_byte(folder: Path) -> None:
    words = ["paths", "log.csv", *COLUMNS, "--group", "language", "--out"]
    for name, engine in (("here.json", "duckdb"), ("there.json", "local[2]")):
        program = [sys.executable, "-m", "jalostamo.doors.open_room", *words, name]
        subprocess.run(program, env=os.environ | {"JALOSTAMO_ENGINE": engine}, check=True, capture_output=True)
    assert (folder / "here.json").read_bytes() == (folder / "there.json").read_bytes()
