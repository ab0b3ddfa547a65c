"""What is due by a permit's schedule is destroyed for good, certified and written down; a hold that is signed withholds it."""

from __future__ import annotations

import datetime
import io
import json
import shutil
import sys
from collections.abc import Callable, Sequence
from contextlib import redirect_stderr, redirect_stdout
from pathlib import Path

import pytest
from tests.jalostamo.doors.homes import Told
from tests.jalostamo.doors.small_release import sealed_release_in
from tests.jalostamo.storage.injecting import KILLED, each_fault, in_memory

from jalostamo.doors import closed_room
from jalostamo.doors.closed_room.opened_vault import opened_vault
from jalostamo.doors.holds import hold
from jalostamo.doors.home import Home
from jalostamo.doors.installation import Level, lay_out
from jalostamo.doors.people import new_private, public_of

DUE = datetime.date(2026, 12, 31)
LATER = datetime.date(2027, 6, 30)


def asked(home: Home, *words: str | Path) -> Told:
    """A command of the closed room, in this process."""
    name, *rest = map(str, words)
    with redirect_stdout(io.StringIO()) as out, redirect_stderr(io.StringIO()) as err:
        code = closed_room.main([name, *rest, "--home", str(home.folder), "--json"])
    return Told(code, out.getvalue(), err.getvalue())


def destroyed(home: Home, day: datetime.date) -> Told:
    return asked(home, "destroy-due", "--today", day.isoformat())


def home_in(folder: Path) -> Home:
    """An installation with a release and an account of one permit, and an account of another one that lasts longer."""
    home = Home(folder)
    lay_out(home, Level.DEMO)
    home.sources.mkdir()
    with opened_vault(home) as vault:
        label = vault.put(b"x", kind="release", about="pilot/0123456789abcdef", destroy_by=DUE)
        vault.put(b"counts", kind="documents", about="pilot/release/1-extract.json", destroy_by=DUE)
        vault.put(b"counts", kind="documents", about="other/release/1-extract.json", destroy_by=LATER)
        with vault.keys.open(label.key) as key:
            tables = key.for_tables()
            sealed_release_in(home.releases / "pilot", public_of(new_private()), number=label.key, key=tables)
    return home


@pytest.fixture(scope="module")
def ready(tmp_path_factory: pytest.TempPathFactory) -> Home:
    return home_in(tmp_path_factory.mktemp("ready") / "home")


@pytest.fixture
def home(ready: Home, tmp_path: Path) -> Home:
    shutil.copytree(ready.folder, tmp_path / "home")
    return Home(tmp_path / "home")


def standing(home: Home) -> list[str]:
    return sorted(path.name for path in home.releases.glob("pilot/*/*"))


def test_what_is_due_is_destroyed_certified_and_written_down_once(home: Home) -> None:
    before = destroyed(home, DUE - datetime.timedelta(days=1))
    assert (before.code, before.account["destroyed"], len(standing(home))) == (0, [], 3)
    told = destroyed(home, DUE)
    numbers = told.account["destroyed"]
    assert isinstance(numbers, list)
    assert (told.code, len(numbers), standing(home)) == (0, 2, ["manifest.json"])
    assert len(list((home.closed / "vault").glob("*.sealed"))) == 1
    for number in numbers:
        certificate = home.certificates / f"{number}.json"
        verified = asked(home, "keys", "verify-erasure", "--certificate", certificate)
        assert (verified.code, verified.account["signed"]) == (0, True), verified.err
    entries = b"".join(path.read_bytes() for path in home.audit.glob("*.jsonl"))
    commitments = [json.loads((home.certificates / f"{n}.json").read_bytes())["commitment"] for n in numbers]
    assert all(commitment.encode() in entries for commitment in commitments)
    again = destroyed(home, DUE)
    assert (again.code, again.account["destroyed"]) == (0, [])


def test_a_certificate_that_the_closed_room_did_not_sign_is_refused(home: Home) -> None:
    (number, *_) = destroyed(home, DUE).account["destroyed"]  # type: ignore[misc]  # of numbers
    certificate = home.certificates / f"{number}.json"
    certificate.write_bytes(certificate.read_bytes().replace(b"2026", b"2025"))
    refused = asked(home, "keys", "verify-erasure", "--certificate", certificate)
    assert (refused.code, refused.account["reason"]) == (4, "certificate_form")


def test_a_hold_that_townhall_signed_withholds_and_a_forged_one_stops_everything(home: Home) -> None:
    place = hold(home, "pilot", decision="staff-4", since=DUE)
    told = destroyed(home, LATER)
    assert (told.code, len(told.account["destroyed"]), len(told.account["held"])) == (0, 1, 2)  # type: ignore[arg-type]  # lists
    assert len(standing(home)) == 3
    entries = "".join(path.read_text() for path in home.audit.glob("*.jsonl"))
    assert [entries.count(f'"{act}"') for act in ("key_held", "key_destroyed")] == [1, 1]
    place.write_bytes(place.read_bytes().replace(b"pilot", b"other"))
    refused = destroyed(home, LATER)
    assert (refused.code, refused.account["reason"], len(standing(home))) == (4, "hold_form", 3)
    # The twin without a hold destroys.
    place.unlink()
    assert len(destroyed(home, LATER).account["destroyed"]) == 2  # type: ignore[arg-type]  # a list
    assert standing(home) == ["manifest.json"]


@pytest.mark.deep
@pytest.mark.needs("strace")
def test_killed_at_many_calls_it_is_ended_by_the_next_run(ready: Home, tool: Callable[[str], Path]) -> None:
    def prepare(folder: Path) -> Sequence[str]:
        shutil.copytree(ready.folder, folder)
        words = ["destroy-due", "--home", str(folder), "--today", DUE.isoformat()]
        return [sys.executable, "-P", "-m", "jalostamo.doors.closed_room", *words]

    with in_memory() as place:
        kills = 0
        for folder, *_, ended in each_fault(tool("strace"), place, prepare, ("signal=KILL",), every=4):
            home = Home(folder)
            assert ended in {0, *KILLED}
            assert destroyed(home, DUE).code == 0
            assert standing(home) == ["manifest.json"]
            certificates = sorted(home.certificates.glob("*.json"))
            assert len(certificates) == 2
            for certificate in certificates:
                assert asked(home, "keys", "verify-erasure", "--certificate", certificate).code == 0
            assert {len(json.loads(path.read_bytes())["ciphertexts"]) for path in certificates} == {1, 2}
            shutil.rmtree(folder)
            kills += 1
        assert kills > 10
