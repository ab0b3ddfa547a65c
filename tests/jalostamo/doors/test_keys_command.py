"""The command of keys: from making to destroying and verifying, in words that tell no key."""

from __future__ import annotations

import io
import json
from contextlib import redirect_stderr, redirect_stdout
from pathlib import Path
from shutil import copyfile

import pytest
from tests.jalostamo.doors.homes import Told

from jalostamo.doors import closed_room
from jalostamo.doors.home import Home
from jalostamo.managing.sensitive.keys import ByFile, opened_keys
from jalostamo.managing.sensitive.vault import Vault


@pytest.fixture
def home(tmp_path: Path) -> Home:
    found = Home(tmp_path / "home")
    found.sources.mkdir(parents=True)
    return found


def keys(home: Home, action: str, *words: str | Path) -> Told:
    with redirect_stdout(io.StringIO()) as out, redirect_stderr(io.StringIO()) as err:
        code = closed_room.main(["keys", action, "--home", str(home.folder), *map(str, words), "--json"])
    return Told(code, out.getvalue(), err.getvalue())


def with_document(home: Home) -> str:
    """The number of the key of a document that was put into the vault."""
    with opened_keys(home.private("keys"), ByFile.made(home.private("") / "keys.unlock")) as store:
        return Vault(home.private("vault"), store).put(b"counts", kind="documents", about="run-1").key


def test_keys_are_counted_wrapped_anew_destroyed_and_verified(home: Home, tmp_path: Path) -> None:
    number = with_document(home)
    told = keys(home, "status")
    assert (told.code, told.account["epoch"], told.account["keys"]) == (0, 1, {"documents": 1})
    assert "lies beside them" in told.out
    assert keys(home, "rotate").account["epoch"] == 2
    out = tmp_path / "certificates"
    said = ("--rule", "permit 7", "--decision", "staff-4", "--last-backup", "2026-12-31", "--out", out)
    destroyed = keys(home, "destroy", "--key", number, *said)
    assert (destroyed.code, destroyed.account["destroyed"], destroyed.account["epoch"]) == (0, [number], 3)
    certificate = out / f"{number}.json"
    assert json.loads(certificate.read_bytes())["decision"] == "staff-4"
    verified = keys(home, "verify-erasure", "--certificate", certificate, "--also", tmp_path)
    assert (verified.code, verified.account["keys"], verified.account["remaining"]) == (0, 0, [])
    assert "cannot prove that nobody copied" in verified.out


def test_an_erasure_that_left_a_way_back_is_refused(home: Home, tmp_path: Path) -> None:
    number = with_document(home)
    (tmp_path / "backup").mkdir()
    copyfile(home.closed / "keys" / "1" / f"{number}.key", tmp_path / "backup" / "kept")
    copyfile(home.closed / "vault" / f"{number}.sealed", tmp_path / "backup" / "sealed")
    out = tmp_path / "certificates"
    keys(home, "destroy", "--key", number, "--rule", "r", "--decision", "d", "--out", out)
    asked = ("--certificate", out / f"{number}.json")
    assert keys(home, "verify-erasure", *asked).code == 0
    refused = keys(home, "verify-erasure", *asked, "--also", tmp_path / "backup")
    assert (refused.code, refused.account["reason"]) == (3, "erasure_not_verified")
    assert "A file of the key was found" in refused.err


@pytest.mark.slow
def test_what_unlocks_can_be_changed(home: Home, tmp_path: Path) -> None:
    with_document(home)
    (tmp_path / "words").write_text("correct horse battery\n")
    (tmp_path / "others").write_text("wrong horse battery!\n")
    # A passphrase is tried at its full cost, which takes seconds: once is enough here.
    assert keys(home, "rotate", "--new-key-file", tmp_path / "unlock").code == 0
    assert keys(home, "status").account["reason"] == "keys_locked"
    by_file = keys(home, "status", "--key-file", tmp_path / "unlock")
    assert (by_file.code, "beside" in by_file.out) == (0, False)
    asked = ("--key-file", tmp_path / "unlock", "--new-passphrase-from", tmp_path / "words")
    assert keys(home, "rotate", *asked).account["epoch"] == 3
    assert keys(home, "status", "--passphrase-from", tmp_path / "words").code == 0
    locked = keys(home, "status", "--passphrase-from", tmp_path / "others")
    assert (locked.code, locked.account["reason"]) == (2, "keys_locked")
    assert "horse" not in locked.everything


WRONG: dict[str, tuple[tuple[str, ...], str]] = {
    "nothing to destroy": (("destroy",), "keys_asked"),
    "no certificate": (("verify-erasure",), "keys_asked"),
    "a certificate that is missing": (("verify-erasure", "--certificate", "missing.json"), "file_unreadable"),
    "a passphrase that is missing": (("status", "--passphrase-from", "missing"), "file_unreadable"),
    "an action that is none": (("show",), "usage"),
    "a key that is none": (
        ("destroy", "--key", "x", "--rule", "r", "--decision", "d", "--out", "out"),
        "key_unknown",
    ),
}


@pytest.mark.parametrize("how", WRONG)
def test_what_is_asked_wrongly_is_told(how: str, home: Home, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    (action, *words), reason = WRONG[how]
    told = keys(home, action, *words)
    assert (told.code, told.account["reason"]) == (2, reason)


def test_a_backup_that_is_not_there_is_told(home: Home, tmp_path: Path) -> None:
    number = with_document(home)
    out = tmp_path / "certificates"
    keys(home, "destroy", "--key", number, "--rule", "r", "--decision", "d", "--out", out)
    told = keys(home, "verify-erasure", "--certificate", out / f"{number}.json", "--also", tmp_path / "missing")
    assert (told.code, told.account["reason"]) == (2, "file_missing")


def test_a_misspelt_home_is_not_made(tmp_path: Path) -> None:
    assert keys(Home(tmp_path / "misspelt"), "status").code == 2
    assert not (tmp_path / "misspelt").exists()
