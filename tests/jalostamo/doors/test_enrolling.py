"""People make keys of their own; the closed room enrols and strikes them by the public half, and townhall holds what is due."""

from __future__ import annotations

import io
import json
from contextlib import redirect_stderr, redirect_stdout
from pathlib import Path

import pytest
from tests.jalostamo.doors.homes import PILOT, Told, in_the_open_room, ordered

from jalostamo.doors import closed_room, holding
from jalostamo.doors.holds import held_permits
from jalostamo.doors.home import Home
from jalostamo.doors.installation import Level, lay_out
from jalostamo.doors.people import public_of, trusted_people
from jalostamo.managing.nonsensitive.envelopes import Envelopes
from jalostamo.managing.sensitive.keys import Secret


@pytest.fixture
def home(tmp_path: Path) -> Home:
    found = Home(tmp_path / "home")
    lay_out(found, Level.DEMO)
    found.sources.mkdir()
    return found


def people(home: Home, action: str, *words: str | Path) -> Told:
    with redirect_stdout(io.StringIO()) as out, redirect_stderr(io.StringIO()) as err:
        code = closed_room.main(["people", action, "--home", str(home.folder), *map(str, words), "--json"])
    return Told(code, out.getvalue(), err.getvalue())


def held(home: Home, *words: str) -> Told:
    with redirect_stdout(io.StringIO()) as out, redirect_stderr(io.StringIO()) as err:
        code = holding.main([*words, "--home", str(home.folder), "--json"])
    return Told(code, out.getvalue(), err.getvalue())


def acts_of(home: Home) -> list[str]:
    lines = (line for path in home.audit.glob("*.jsonl") for line in path.read_text().splitlines())
    return [f"{told['act']} {told.get('by', '')}".strip() for told in map(json.loads, lines)]


def test_a_person_makes_a_key_of_her_own_and_is_enrolled_by_its_public_half(home: Home, tmp_path: Path) -> None:
    made = in_the_open_room("own-key", "staff-4", "--out", tmp_path / "hers")
    secret = tmp_path / "hers" / "staff-4.key"
    assert (made.code, secret.stat().st_mode & 0o777) == (0, 0o600), made.err
    assert in_the_open_room("own-key", "staff-4", "--out", tmp_path / "hers").account["reason"] == "out_exists"
    words = ("--person", "staff-4", "--public", tmp_path / "hers" / "staff-4.pub", "--by", "staff-9")
    told = people(home, "enrol", *words)
    assert (told.code, told.account["fingerprint"]) == (0, made.account["fingerprint"]), told.err
    assert people(home, "list").account["people"] == {"staff-4": made.account["fingerprint"]}
    # Done again it is done already, and not written down twice.
    assert people(home, "enrol", *words).code == 0
    assert acts_of(home) == ["person_enrolled staff-9", "checkpoint_exported"]
    with Secret() as key:
        tables = key.for_tables()
        closed = Envelopes.closed(tables, "ab" * 16, permit="pilot", people=trusted_people(home))
        assert closed.opened("staff-4", secret.read_bytes()).written() == tables.written()


def test_another_key_comes_only_after_the_first_is_struck(home: Home, tmp_path: Path) -> None:
    for name in ("first", "second"):
        assert in_the_open_room("own-key", "staff-4", "--out", tmp_path / name).code == 0
    by = ("--person", "staff-4", "--by", "staff-9")
    assert people(home, "enrol", *by, "--public", tmp_path / "first" / "staff-4.pub").code == 0
    second = ("--public", tmp_path / "second" / "staff-4.pub")
    refused = people(home, "enrol", *by, *second)
    assert (refused.code, refused.account["reason"]) == (2, "person_enrolled")
    assert people(home, "strike", *by).code == 0
    assert trusted_people(home) == {}
    assert people(home, "enrol", *by, *second).code == 0
    assert trusted_people(home) == {"staff-4": public_of((tmp_path / "second" / "staff-4.key").read_bytes())}
    assert acts_of(home)[2] == "person_struck staff-9"


WRONG: dict[str, tuple[tuple[str, ...], str]] = {
    "nobody who does it": (("enrol", "--person", "staff-4", "--public", "good.pub"), "people_asked"),
    "nobody is named": (("strike", "--by", "staff-9"), "people_asked"),
    "a name that is none": (("enrol", "--person", "../x", "--public", "good.pub", "--by", "staff-9"), "person_form"),
    "a file that is missing": (("enrol", "--person", "a", "--public", "no.pub", "--by", "staff-9"), "file_unreadable"),
    "half a key": (("enrol", "--person", "a", "--public", "half.pub", "--by", "staff-9"), "public_key_form"),
    "a doer that is a sentence": (("enrol", "--person", "a", "--public", "good.pub", "--by", "no body"), "by_form"),
    "somebody unknown": (("strike", "--person", "a", "--by", "staff-9"), "person_unknown"),
}


@pytest.mark.parametrize("how", WRONG)
def test_what_is_asked_wrongly_enrols_nobody(
    how: str, home: Home, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("good.pub").write_text("ab" * 32)
    Path("half.pub").write_text("ab" * 16)
    (action, *words), reason = WRONG[how]
    told = people(home, action, *words)
    assert (told.code, told.account["reason"]) == (4 if reason == "public_key_form" else 2, reason)
    assert trusted_people(home) == {}
    assert not home.audit.is_dir() or acts_of(home) == []


def test_a_hold_is_placed_on_a_permit_that_there_is_and_lifted_again(home: Home) -> None:
    ordered(PILOT / "request.toml", home)
    decision = ("--decision", "HEL-2026/14")
    refused = held(home, "place", "misspelt", *decision)
    assert (refused.code, refused.account["reason"]) == (2, "permit_unknown")
    assert held(home, "place", "child-protection-pilot").account["reason"] == "hold_asked"
    assert held(home, "place", "child-protection-pilot", *decision).code == 0
    assert held_permits(home) == {"child-protection-pilot": "HEL-2026/14"}
    assert held(home, "lift", "child-protection-pilot").code == 0
    assert held_permits(home) == {}
    assert held(home, "lift", "child-protection-pilot").account["reason"] == "hold_missing"
