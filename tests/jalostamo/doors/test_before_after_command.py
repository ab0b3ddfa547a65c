"""The command `before-after` keeps its contract: what it writes, what it says, and what it refuses with which exit code."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from tests.jalostamo.producing.naive_before_after import Use, naive_before_after

from jalostamo.doors.open_room import main

SECRET = "010190-900A"
COLUMNS = ["--case", "client", "--activity", "service", "--time", "start", "--out", "found.json"]
LOG = """client,service,start,language
1,B,2024-05-01T01:00+03:00,fi
1,A,2024-05-01T23:30-02:00,
1,Ä,2024-05-02T00:30Z,fi
2,B,2024-05-03,sv
2,A,2024-05-02,sv
3,B,2024-05-03,
"""
# When an event was by the clocks of Greenwich, in minutes, and the day of May as written, in UTC and in Finland.
TIMES = {
    1: (1320, 1, 0, 1),
    2: (2970, 1, 2, 2),
    3: (1470, 2, 2, 2),
    4: (4320, 3, 3, 3),
    5: (2880, 2, 2, 2),
    6: (4320, 3, 3, 3),
}
CLOCKS = {None: 1, "UTC": 2, "Europe/Helsinki": 3}


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder of the caller's with a log in it."""
    (tmp_path / "log.csv").write_text(LOG)
    monkeypatch.chdir(tmp_path)
    return tmp_path


def call(*words: str) -> int:
    """Call the command on the log, with the columns and the file that it always needs."""
    return main(["before-after", "log.csv", *COLUMNS, *words])


@pytest.mark.parametrize("zone", CLOCKS)
def test_the_file_holds_what_the_contract_names_by_the_dates_asked_for(zone: str | None, folder: Path) -> None:
    events = [
        Use(case, activity, TIMES[row][0], row, group or None, TIMES[row][CLOCKS[zone]])
        for row, line in enumerate(LOG.splitlines()[1:], start=1)
        for case, activity, _, group in [line.split(",")]
    ]
    assert call("--index", "A", "--group", "language", *(["--timezone", zone] if zone else [])) == 0
    found = json.loads((folder / "found.json").read_bytes())
    assert found == naive_before_after(events, "A", grouped=True)
    assert list(found) == ["index", "index_customers", "customers", "services", "groups"]


def test_a_date_before_an_offset_is_read_by_its_declared_form(folder: Path) -> None:
    (folder / "log.csv").write_text(
        "client,service,start\n1,A,+0300 1.5.2024 01.00\n1,B,-0200 1.5.2024 23.30\n1,C,+0200 2.5.2024 00.10\n"
    )
    assert call("--index", "A", "--time-format", "%z %-d.%-m.%Y %H.%M") == 0
    services = json.loads((folder / "found.json").read_bytes())["services"]
    assert {each["service"]: (each["users_same_day"], each["users_after"]) for each in services} == {
        "B": (1, 0),
        "C": (0, 1),
    }


def test_a_person_is_told_in_counts(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert call("--index", "A") == 0
    assert capsys.readouterr() == (
        "Customers: 3. With the index service: 2. Other services: 2.\n"
        "Used more by customers of the index service, whatever their number of contacts: 0 services; less: 0.\n"
        "A service that precedes another need not lead to it.\n"
        "Written to found.json: exact figures, not meant for publication.\n",
        "",
    )


@pytest.mark.parametrize(
    ("words", "code", "reason"),
    [
        (["--index", SECRET], 4, "index_unused"),
        (["--index", "A", "--filter", f"service={SECRET}"], 4, "index_unused"),
        (["--index", "A", "--group", SECRET], 4, "column_missing"),
        (["--index", "A", "--timezone", SECRET], 2, "writing_timezone"),
        (["--index", "A", "--out", "log.csv", "--force"], 2, "out_is_log"),
        ([], 2, "usage"),
    ],
)
def test_what_cannot_be_compared_is_refused_in_a_sentence(
    words: list[str], code: int, reason: str, folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert call(*words, "--json") == code
    told = capsys.readouterr()
    assert json.loads(told.out)["reason"] == reason
    assert SECRET not in told.out + told.err or reason == "column_missing"
    assert not (folder / "found.json").exists()
