"""The closed room tells counts alone, keeps accounts of its runs and no rows, and clears away what killed runs left."""

from __future__ import annotations

import json
import stat
from pathlib import Path

import pytest
from tests.jalostamo.doors.homes import (
    CODE,
    files_in,
    folders_of_rows,
    home_in,
    jalostamo,
    kept_of,
    ordered,
    releases_of,
    request_in,
)

from jalostamo.doors.closed_room import COMMANDS, main

CANARY = "010190-900A"


@pytest.mark.parametrize("words", [[], [CANARY], [CANARY, "--json"]])
def test_an_unknown_command_is_answered_with_those_that_exist(
    words: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(words) == 2
    told = capsys.readouterr()
    assert told == ("", f"jalostamo: the closed room has no such command; it has {', '.join(COMMANDS)}.\n")


def test_a_home_is_asked_for(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["run", CANARY]) == 2
    told = capsys.readouterr()
    assert told.err.startswith("jalostamo closed-room run: the following arguments are required: --home")
    assert CANARY not in told.err


@pytest.mark.slow
def test_a_run_keeps_its_account_and_nothing_else_and_clears_away_what_others_left(
    sources: Path, tmp_path: Path
) -> None:
    home, request = home_in(tmp_path, sources), request_in(tmp_path)
    left = [
        home.closed / "workspace" / "run-killed" / "spill" / "block.tmp",
        home.closed / "vault" / "another-request" / "rows" / "population.persons.parquet",
        home.releases / "another-request" / ".0123456789abcdef" / "persons.parquet",
    ]
    not_ours = home.releases / "another-request" / ".DS_Store"
    for path in (*left, not_ours):
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("left", encoding="utf-8")
    told = jalostamo("closed-room", "run", ordered(request, home), "--home", home.folder)
    assert told.code == 0, told.err
    assert [path for path in left if path.exists()] == []
    assert not_ours.exists()
    (release,) = releases_of(home)
    sealed = {f"vault/{path.name}" for path in (home.closed / "vault").glob("*.sealed")}
    assert len(sealed) == 6
    steps = ["1-extract", "2-extract", "3-linked", "4-prepared", "5-validated"]
    assert [*kept_of(home, release)] == steps
    remembered = {
        "trust/trusted.json",
        "trust/people.json",
        "keys.unlock",
        "keys/keys.json",
        "audit/key",
        "audit/checkpoints",
        "audit/000000000000.jsonl",
    }
    assert {
        name for name in files_in(home.closed) if not name.startswith(("permits/", "leases/", "keys/1/"))
    } - sealed == remembered
    assert folders_of_rows(home) == [str(not_ours.relative_to(home.folder))]
    assert {stat.S_IMODE(folder.stat().st_mode) for folder in (home.closed, *home.closed.glob("*/"))} == {0o700}
    words = [*told.account["summary"], *(path.read_text(encoding="utf-8") for path in home.closed.rglob("*.json"))]  # type: ignore[misc]
    assert not CODE.search("".join(words))
    assert set(json.loads(told.out)) == {"command", "exit_code", "summary", "release", "digest", "released"}
