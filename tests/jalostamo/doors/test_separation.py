"""The separation is proved by trying: what is forbidden is refused, and every act succeeds where its wall is missing."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

import pytest
from tests.jalostamo.doors.homes import in_the_open_room, jalostamo
from tests.jalostamo.doors.recorded_chain import CHAIN
from tests.jalostamo.permits.walking import HIGH, Player

from jalostamo.doors.separation import forgeries
from jalostamo.doors.separation.identities import Identity
from jalostamo.doors.separation.plan import PLAN
from jalostamo.permits.orders import objections_to

Rows = Sequence[Mapping[str, str]]
USERS = ("61001", "61002", "61003", "61004")
IS_SUPERUSER = os.geteuid() == 0
WITHOUT = """
import json, sys
from pathlib import Path
from jalostamo.doors.home import Home
from jalostamo.doors.separation.proving import prove
print(json.dumps([row.as_mapping() for row in prove(Home(Path(sys.argv[1])), walls=False)]))
"""
MEMORY = ("the variables", "the memory", "its memory", "trace it", "take over a file", "which files it has")


@pytest.fixture(scope="module")
def proved(tmp_path_factory: pytest.TempPathFactory) -> Mapping[str, object]:
    """What the command told at level demo, in a home in which a real release and a real key lie."""
    home = tmp_path_factory.mktemp("demo") / "home"
    for place in ("closed/keys/real", "exchange/releases/pilot/real", "exchange/cubes/real"):
        (home / place).parent.mkdir(parents=True)
        (home / place).write_text("real")
    before = sorted(path for path in home.rglob("*") if path.is_file())
    told = jalostamo("prove-separation", "--home", home, "--out", home.parent / "table.json")
    assert told.code == 0, told.err
    assert sorted(path for path in home.rglob("*") if path.is_file()) == before
    assert {path.read_text() for path in before} == {"real"}
    assert not list(home.rglob("probe-*"))
    assert json.loads((home.parent / "table.json").read_text())["rows"] == told.account["rows"]
    return told.account


def rows_of(account: Mapping[str, object]) -> Rows:
    """The rows of the table that was told."""
    rows = account["rows"]
    assert isinstance(rows, list)
    return rows


@pytest.mark.requirement("S26-05")
@pytest.mark.requirement("S26-06")
def test_every_act_is_refused_at_level_demo_or_told_as_not_held(proved: Mapping[str, object]) -> None:
    rows = rows_of(proved)
    assert len(rows) == sum(map(len, PLAN.values()))
    assert {row["outcome"] for row in rows} == {"refused", "not held at this level"}
    refused = Counter(row["identity"] for row in rows if row["outcome"] == "refused")
    assert sum(refused.values()) >= 100
    assert len({row["act"] for row in rows if row["outcome"] == "refused"}) >= 60
    assert all(row["why"] for row in rows)


def test_what_is_not_held_is_a_strangers_and_never_counted_as_refused(proved: Mapping[str, object]) -> None:
    """Another program of the same user is outside of our walls; into memory it does not look, unless it is the superuser's."""
    rows = rows_of(proved)
    left = [row for row in rows if row["outcome"] == "not held at this level"]
    rooms = [row["act"] for row in left if row["identity"] != Identity.STRANGER.value]
    assert rooms == ["set its limits"]
    assert rooms == [row["act"] for row in left if row["identity"] == Identity.CLOSED_ROOM.value]
    assert all(row["happened"] == "done" and row["expected"] == "nothing" for row in left)
    into_memory = [row for row in left if any(word in row["act"] for word in MEMORY)]
    assert bool(into_memory) is IS_SUPERUSER
    outcomes = proved["outcomes"]
    assert isinstance(outcomes, Mapping)
    assert outcomes["refused"] + len(left) == len(rows)


def test_every_act_is_in_the_plan_once() -> None:
    for identity, forbidden in PLAN.items():
        says = [row.says for row in forbidden]
        assert len(says) == len(set(says)), identity
    assert len({row.says for forbidden in PLAN.values() for row in forbidden}) >= 60


@pytest.mark.slow
def test_every_act_succeeds_where_its_wall_is_missing(tmp_path: Path) -> None:
    """An act that could not succeed anyway would prove nothing by being refused."""
    run = subprocess.run(
        [sys.executable, "-c", WITHOUT, str(tmp_path / "home")],
        capture_output=True,
        text=True,
        check=False,
        timeout=300,
    )
    assert run.returncode == 0, run.stderr[-2000:]
    rows = json.loads(run.stdout)
    assert [(row["identity"], row["act"], row["why"]) for row in rows if row["happened"] != "done"] == []
    held = [row for row in rows if row["identity"] != Identity.STRANGER.value]
    # It sets limits of the process that reads for it: no wall of its own holds that, only another user.
    not_held = [row for row in held if row["outcome"] == "not held at this level"]
    assert [(row["identity"], row["act"]) for row in not_held] == [(Identity.CLOSED_ROOM.value, "set its limits")]
    assert {row["outcome"] for row in held if row not in not_held} == {"NOT REFUSED"}


@pytest.fixture
def open_folder() -> Iterator[Path]:
    """A folder to which every user comes."""
    with tempfile.TemporaryDirectory() as folder:
        Path(folder).chmod(0o755)
        yield Path(folder)


def at_level_server(home: Path, *, laid: bool = False) -> tuple[int, Rows, str]:
    """What the command told at level server, on users that were laid out or on these: its exit code, the table, the sentence."""
    out, users = home.parent / "table.json", () if laid else ("--users", *USERS)
    told = jalostamo("prove-separation", "--home", home, "--level", "server", *users, "--out", out)
    return told.code, json.loads(out.read_text())["rows"] if out.exists() else [], told.err


@pytest.mark.slow
@pytest.mark.requirement("S26-05")
@pytest.mark.requirement("S26-06")
def test_every_act_is_refused_at_level_server(open_folder: Path) -> None:
    home, sides = open_folder / "home", dict(zip(("--closed", "--townhall", "--open"), USERS, strict=False))
    laid = jalostamo("init", home, "--level", "server", *(word for side in sides.items() for word in side))
    code, rows, said = at_level_server(home, laid=IS_SUPERUSER)
    if not IS_SUPERUSER:
        assert (laid.code, laid.account["reason"], code) == (2, "not_superuser", 2)
        assert "superuser" in said
        return
    assert code == 0, said
    assert {row["outcome"] for row in rows} == {"refused"}
    # Not even the superuser is one of the sides.
    assert jalostamo("closed-room", "status", "--home", home).account["reason"] == "user_wrong"
    release = home / "exchange/releases/permit/release"
    words = ("answer", release, release / "definition.toml", "--out", home.parent / "results.json")
    assert in_the_open_room(*words).account["reason"] == "user_wrong"
    assert (home / "townhall/keys/townhall.key").stat().st_uid == int(USERS[1])
    assert (home / "closed/trust/trusted.json").stat().st_uid == int(USERS[0])
    assert {row["expected"] for row in rows if row["identity"] == Identity.STRANGER.value} == {"another user"}
    assert not list(open_folder.rglob("probe-*"))


@pytest.mark.slow
def test_a_vault_that_is_open_to_others_is_found(open_folder: Path) -> None:
    if not IS_SUPERUSER:
        assert at_level_server(open_folder / "home")[0] == 2
        return
    for name in ("home/closed", "home/closed/vault"):
        (open_folder / name).mkdir(parents=True)
        (open_folder / name).chmod(0o755)
    code, rows, said = at_level_server(open_folder / "home")
    assert code == 3
    assert "read an extract in the vault: NOT REFUSED" in said
    wrong = {(row["identity"], row["act"]) for row in rows if row["outcome"] != "refused"}
    found = {"read an extract in the vault", "list the vault", "reach the vault through another process"}
    assert {act for _, act in wrong} <= found
    assert {identity for identity, _ in wrong} == {Identity.TOWNHALL.value, Identity.STRANGER.value}


@pytest.mark.parametrize(
    ("words", "reason"),
    [
        (["--level", "server"], "usage"),
        (["--level", "server", "--users", "0", "1", "2", "3"], "usage"),
        (["--level", "server", "--users", "5", "5", "6", "7"], "usage"),
        (["--users", "5", "6", "7", "8"], "usage"),
    ],
)
def test_users_are_told_for_level_server_and_differ(words: list[str], reason: str, tmp_path: Path) -> None:
    told = jalostamo("prove-separation", "--home", tmp_path / "home", *words)
    expected = reason if IS_SUPERUSER or "server" not in words else "not_superuser"
    assert (told.code, told.account["reason"]) == (2, expected)


def test_a_home_to_which_other_users_do_not_come_proves_nothing(tmp_path: Path) -> None:
    tmp_path.chmod(0o700)
    told = jalostamo("prove-separation", "--home", tmp_path / "home", "--level", "server", "--users", *USERS)
    assert (told.code, told.account["reason"]) == (2, "home_closed" if IS_SUPERUSER else "not_superuser")


FORGED = {
    forgeries.changed_order: "order_is_not_the_permits",
    forgeries.widened_order: "order_is_not_the_permits",
    forgeries.changed_event: "signature_wrong",
    forgeries.signed_by_another: "signature_wrong",
    forgeries.expired: "order_expired",
    forgeries.replayed: "order_done",
    forgeries.rolled_back: "chain_rolled_back",
    forgeries.cut: "chain_broken",
}


def objected(handed: forgeries.Handed) -> list[str]:
    """Why the closed room would not obey what was handed over."""
    verifier = forgeries.recorded().verifier
    found = objections_to(handed.order, handed.events, verifier=verifier, at=handed.at, head=handed.head)
    return [getattr(said, "code", "") for said in found]


@pytest.mark.parametrize("forge", FORGED, ids=lambda forge: forge.__name__)
def test_each_forgery_is_refused_for_what_it_is(forge: object) -> None:
    assert callable(forge)
    assert FORGED[forge] in objected(forge(forgeries.recorded()))


def test_the_recorded_chain_is_obeyed_where_nothing_is_forged() -> None:
    assert objected(forgeries.sound(forgeries.recorded())) == []


def test_the_recorded_chain_is_that_of_a_case_played_today() -> None:
    """Where the process has changed since, the chain is recorded anew: python -m tests.jalostamo.doors.recorded_chain."""
    played = [event.digest for event in Player(HIGH).until("report_prepared").events]
    assert [event.digest for event in forgeries.recorded().events] == played
    assert CHAIN.is_file()
