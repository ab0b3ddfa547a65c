"""`jalostamo audit` verifies a log, takes checkpoints of it, and witnesses them; it says which entries nothing vouches for."""

from __future__ import annotations

import io
import json
import stat
import subprocess
import sys
from contextlib import redirect_stderr, redirect_stdout
from pathlib import Path

import pytest
from tests.jalostamo.audit.sample_logs import entry
from tests.jalostamo.doors.homes import Told, jalostamo

from jalostamo.audit.checkpoints import checkpoint_from
from jalostamo.audit.files import Files
from jalostamo.audit.log import Log
from jalostamo.audit.notes import private_key_from, public_key_from
from jalostamo.audit.witness import witnessed
from jalostamo.doors import auditing
from jalostamo.doors.home import Home
from jalostamo.doors.terminal import run

ENTRIES = 130


def audit(*words: str | Path) -> Told:
    """Run the command in this process; that the front door finds it is tested once."""
    with redirect_stdout(io.StringIO()) as out, redirect_stderr(io.StringIO()) as err:
        code = run(auditing.COMMAND, [*map(str, words), "--json"])
    return Told(code, out.getvalue(), err.getvalue())


@pytest.fixture(scope="module")
def kept(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Make a home with a log, and a checkpoint of it that was kept elsewhere."""
    folder = tmp_path_factory.mktemp("audited")
    (folder / "town").mkdir()
    assert audit("checkpoint", "--home", folder / "town", "--out", folder / "first").code == 0
    home = Home(folder / "town")
    signer = private_key_from((home.audit / "key").read_text())
    log = Log(Files(home.audit), signer, exported=home.checkpoints)
    log.append_all([entry(number) for number in range(ENTRIES)])
    told = audit("checkpoint", "--home", home.folder, "--by", "aino", "--out", folder / "kept")
    assert told.code == 0, told.err
    log.append(entry(1))
    return folder


def copy_of(kept: Path, folder: Path) -> Path:
    """A copy of the home, to be spoilt."""
    subprocess.run(["cp", "-a", f"{kept}/.", folder], check=True)
    return folder


def verify(folder: Path, *words: str | Path) -> Told:
    """Verify the log of a home."""
    return audit("verify", "--home", folder / "town", *words)


def test_a_log_that_nobody_touched_holds(kept: Path) -> None:
    told = verify(kept, "--checkpoint", kept / "kept")
    assert told.code == 0, told.err
    facts = {name: told.account[name] for name in ("entries", "vouched", "covered", "torn_bytes")}
    assert facts == {"entries": ENTRIES + 3, "vouched": ENTRIES + 2, "covered": ENTRIES + 2, "torn_bytes": 0}
    assert "1 entry behind the last checkpoint" in str(told.account["summary"])


def test_the_front_door_has_the_command(kept: Path) -> None:
    assert jalostamo("audit", "verify", "--home", kept / "town").code == 0


def test_the_checkpoint_is_one_that_others_can_read(kept: Path) -> None:
    told = verify(kept)
    checkpoint = checkpoint_from((kept / "kept").read_bytes(), public_key_from(str(told.account["key"])))
    assert checkpoint.head.size == ENTRIES + 2


def test_an_edited_entry_is_told_with_its_range(kept: Path, tmp_path: Path) -> None:
    folder = copy_of(kept, tmp_path)
    path = folder / "town/closed/audit" / f"{0:012}.jsonl"
    path.write_bytes(path.read_bytes().replace(b"r-120", b"r-121", 1))
    told = verify(folder, "--checkpoint", folder / "kept")
    assert (told.code, told.account["reason"]) == (3, "audit_doubted")
    assert told.account["objections"] == [
        {
            "sentence": "Entries 1 to 130 cannot be vouched for: not what the next checkpoint was signed for.",
            "section": "Handbook 2.6",
        }
    ]


def test_a_log_cut_back_with_all_its_own_checkpoints_is_found_by_the_one_kept_elsewhere(
    kept: Path, tmp_path: Path
) -> None:
    folder = copy_of(kept, tmp_path)
    audit = folder / "town/closed/audit"
    (audit / "checkpoints").write_bytes((audit / "checkpoints").read_bytes().splitlines(keepends=True)[0])
    path = audit / f"{0:012}.jsonl"
    path.write_bytes(path.read_bytes().splitlines(keepends=True)[0])
    for exported in (folder / "town/exchange/checkpoints").glob("*[1-9].checkpoint"):
        if int(exported.stem) > 1:
            exported.unlink()
    assert verify(folder).code == 0
    told = verify(folder, "--checkpoint", folder / "kept")
    assert told.code == 3
    assert "Entries 1 to 131 cannot be vouched for: not all that a checkpoint was signed for is there." in told.err


def test_a_forged_checkpoint_is_told_by_its_line(kept: Path, tmp_path: Path) -> None:
    folder = copy_of(kept, tmp_path)
    path = folder / "town/closed/audit/checkpoints"
    path.write_bytes(path.read_bytes().replace(b"\\n1\\n", b"\\n2\\n", 1))
    assert "Line 1 of the log's checkpoints is not one that its key has signed" in verify(folder).err


def test_a_torn_end_is_told_and_is_no_fault(kept: Path, tmp_path: Path) -> None:
    folder = copy_of(kept, tmp_path)
    with (folder / "town/closed/audit" / f"{0:012}.jsonl").open("ab") as opened:
        opened.write(b'{"act":')
    told = verify(folder)
    assert told.code == 0
    assert told.account["torn_bytes"] == 7
    assert "The end of the log was torn: 7 bytes" in str(told.account["summary"])


def test_without_a_checkpoint_from_elsewhere_it_says_what_that_means(kept: Path, tmp_path: Path) -> None:
    folder = copy_of(kept, tmp_path)
    key = (folder / "town/exchange/checkpoints/log.pub").read_text()
    for exported in (folder / "town/exchange/checkpoints").iterdir():
        exported.unlink()
    told = verify(folder, "--key", key)
    assert told.code == 0
    assert "whoever holds the log's key could have written all of it anew" in str(told.account["summary"])


def test_another_log_s_key_vouches_for_nothing(kept: Path, tmp_path: Path) -> None:
    (tmp_path / "town").mkdir()
    audit("checkpoint", "--home", tmp_path / "town", "--out", tmp_path / "kept")
    told = verify(kept, "--key", (tmp_path / "town/exchange/checkpoints/log.pub").read_text())
    assert (told.code, told.account["reason"]) == (4, "audit_checkpoint")


def test_the_log_and_its_key_are_closed_to_others(kept: Path) -> None:
    audit = kept / "town/closed/audit"
    assert [stat.S_IMODE(path.stat().st_mode) for path in (audit, audit / "key")] == [0o700, 0o600]
    assert all(stat.S_IMODE(path.stat().st_mode) & 0o077 == 0 for path in audit.iterdir())


def test_a_witness_signs_growth_and_refuses_a_log_written_anew(kept: Path, tmp_path: Path) -> None:
    folder = copy_of(kept, tmp_path)
    key = (folder / "town/exchange/checkpoints/log.pub").read_text()
    take = ("checkpoint", "--home", folder / "town", "--force", "--out", folder / "request")
    sign = ("cosign", folder / "request", "--key", key, "--memory", folder / "vera", "--force")
    assert audit(*take, "--since", "0").code == 0
    first = audit(*sign, "--out", folder / "signed", "--name", "witness/vera")
    assert first.code == 0, first.err
    signed = checkpoint_from((folder / "signed").read_bytes(), public_key_from(key))
    time = witnessed(signed, public_key_from(str(first.account["key"])))
    assert time is not None and time.tzinfo is not None
    assert verify(folder, "--checkpoint", folder / "signed").code == 0
    assert audit(*take, "--since", str(first.account["size"])).code == 0
    second = audit(*sign, "--out", folder / "signed")
    assert second.code == 0, second.err
    # The same key over another history: what the witness saw is not its beginning.
    for path in (folder / "town/closed/audit").iterdir():
        if path.name != "key":
            path.unlink()
    for path in (folder / "town/exchange/checkpoints").glob("*.checkpoint"):
        path.unlink()
    home = Home(folder / "town")
    log = Log(Files(home.audit), private_key_from((home.audit / "key").read_text()))
    log.append_all([entry(number) for number in range(ENTRIES + 10)])
    assert audit(*take, "--since", str(second.account["size"])).code == 0
    refused = audit(*sign, "--out", folder / "signed")
    assert (refused.code, refused.account["reason"]) == (3, "witness_inconsistent")


@pytest.mark.parametrize(
    ("words", "reason"),
    [
        (("verify",), "usage"),
        (("verify", "--home", "nowhere"), "home_missing"),
        (("verify", "--home", "."), "audit_missing"),
        (("checkpoint", "--home", "."), "usage"),
        (("checkpoint", "--home", "nowhere", "--out", "x"), "home_missing"),
        (("checkpoint", "--home", ".", "--out", "there"), "out_exists"),
        (("checkpoint", "--home", ".", "--out", "x", "--by", "Aino V"), "by_form"),
        (("cosign", "--out", "x", "--memory", "m"), "request_missing"),
        (("cosign", "there", "--out", "x", "--memory", "m"), "audit_key"),
        (("look",), "usage"),
    ],
)
def test_what_is_asked_wrongly_is_told(
    words: tuple[str, ...], reason: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "there").touch()
    monkeypatch.chdir(tmp_path)
    told = audit(*words)
    assert (told.code, told.account["reason"]) == (4 if reason == "audit_key" else 2, reason)


def test_a_witness_is_named_the_first_time(kept: Path, tmp_path: Path) -> None:
    (tmp_path / "there").touch()
    key = (kept / "town/exchange/checkpoints/log.pub").read_text()
    words = (
        "cosign",
        tmp_path / "there",
        "--key",
        key,
        "--memory",
        tmp_path / "vera",
        "--out",
        tmp_path / "x",
    )
    assert audit(*words).account["reason"] == "witness_name"
    assert audit(*words, "--name", "two words").account["reason"] == "witness_name"
    assert list((tmp_path / "vera").iterdir()) == []


def test_a_missing_checkpoint_is_told(kept: Path) -> None:
    told = verify(kept, "--checkpoint", "nowhere")
    assert (told.code, told.account["reason"]) == (2, "audit_file_unreadable")


def test_the_door_loads_nothing_that_could_see_a_person() -> None:
    program = (
        "import json, sys\n"
        "from jalostamo.doors import auditing\n"
        "import jalostamo.audit.log, jalostamo.audit.verifying, jalostamo.storage.places\n"
        "print(json.dumps(sorted(sys.modules)))"
    )
    loading = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    loaded = set(json.loads(loading.stdout))
    assert not {name for name in loaded if name.startswith(("jalostamo.managing", "jalostamo.doors.closed_room"))}
    assert not loaded & {"duckdb", "ibis", "pandas", "pyarrow", "numpy"}
