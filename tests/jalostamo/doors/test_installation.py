"""An installation is laid out once, each side's secrets are its own, and the cast plays at the level of a demonstration."""

from __future__ import annotations

import io
import stat
from dataclasses import replace
from pathlib import Path

import pytest
from tests.jalostamo.doors.homes import jalostamo, request_in
from tests.jalostamo.managing.ordered import NOON, REQUEST

from jalostamo.concepts.errors import Misused, Refused
from jalostamo.concepts.roles import Role
from jalostamo.doors.closed_room.at_work import at_work
from jalostamo.doors.home import Home
from jalostamo.doors.installation import Level, is_laid_out, lay_out, level_of, townhall_signer, townhall_verifier
from jalostamo.doors.playing.cast import CAST, assignments, holding
from jalostamo.doors.playing.townhall import events_of, play
from jalostamo.doors.progress import Progress
from jalostamo.managing.requests import read_request
from jalostamo.permits.events import replay
from jalostamo.permits.people import objections_to_assignment


@pytest.fixture
def home(tmp_path: Path) -> Home:
    made = Home(tmp_path / "town")
    made.folder.mkdir()
    lay_out(made, Level.DEMO)
    return made


def mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


def test_an_installation_is_laid_out_with_both_sides(tmp_path: Path) -> None:
    told = jalostamo("init", tmp_path / "town")
    assert (told.code, told.account["level"]) == (0, "demo")
    assert is_laid_out(Home(tmp_path / "town"))
    assert level_of(Home(tmp_path / "town")) is Level.DEMO
    again = jalostamo("init", tmp_path / "town")
    assert (again.code, again.account["reason"]) == (2, "home_laid_out")


def test_each_side_keeps_its_secrets_for_itself(home: Home) -> None:
    assert [mode(folder) for folder in (home.townhall, home.townhall / "keys", home.closed)] == [0o700] * 3
    assert mode(home.townhall / "keys" / "townhall.key") == 0o600
    secret = townhall_signer(home).private
    others = [path for path in home.folder.rglob("*") if path.is_file() and home.townhall not in path.parents]
    assert others
    assert not [path for path in others if secret in path.read_bytes() or secret.hex().encode() in path.read_bytes()]


def test_the_closed_room_knows_the_key_by_which_townhall_signs(home: Home) -> None:
    signer = townhall_signer(home)
    assert townhall_verifier(home).verify(signer.key, b"message", signer.sign(b"message"))
    assert not townhall_verifier(home).verify(signer.key, b"another", signer.sign(b"message"))


def test_two_installations_believe_each_other_nothing(home: Home, tmp_path: Path) -> None:
    other = Home(tmp_path / "other")
    other.folder.mkdir()
    lay_out(other, Level.DEMO)
    signer = townhall_signer(other)
    assert not townhall_verifier(home).verify(signer.key, b"message", signer.sign(b"message"))


def test_a_home_that_was_not_laid_out_says_how(tmp_path: Path) -> None:
    with pytest.raises(Misused, match="jalostamo init") as refused:
        level_of(Home(tmp_path))
    assert refused.value.reason == "home_not_laid_out"


def test_the_cast_plays_nowhere_but_in_a_demonstration(tmp_path: Path) -> None:
    home = Home(tmp_path / "town")
    home.folder.mkdir()
    lay_out(home, Level.LAPTOP)
    with pytest.raises(Refused) as refused:
        play(home, REQUEST, read_request(REQUEST), at=NOON)
    assert refused.value.reason == "play_level"
    assert list(home.orders.iterdir()) == []


def test_the_closed_room_works_at_the_level_that_was_laid_out(tmp_path: Path) -> None:
    home = Home(tmp_path / "town")
    home.sources.mkdir(parents=True)
    lay_out(home, Level.LAPTOP)
    with (
        Progress(io.StringIO()) as progress,
        at_work(replace(read_request(REQUEST), sources=()), home, progress) as room,
    ):
        assert room[1].level == "laptop"


def test_a_play_is_a_chain_that_holds(home: Home) -> None:
    played = play(home, REQUEST, read_request(REQUEST), at=NOON)
    events = events_of(home, "child-protection-pilot")
    assert replay(events, verifier=townhall_verifier(home)).id == played.order.permit


def test_an_order_that_waits_is_given_again(home: Home) -> None:
    request = read_request(REQUEST)
    first, second = play(home, REQUEST, request, at=NOON), play(home, REQUEST, request, at=NOON)
    assert (first.order, first.place) == (second.order, second.place)


def test_a_changed_recipe_is_ordered_anew(home: Home, tmp_path: Path) -> None:
    play(home, REQUEST, read_request(REQUEST), at=NOON)
    changed = request_in(tmp_path)
    second = play(home, changed, read_request(changed), at=NOON)
    assert second.order.run == "run-2"


def test_without_a_permit_nothing_is_retrieved(home: Home, tmp_path: Path) -> None:
    (home.sources / "population").mkdir(parents=True)
    told = jalostamo("refine", request_in(tmp_path), "--home", home.folder)
    assert (told.code, told.account["reason"]) == (3, "permit_missing")
    assert list(home.orders.iterdir()) == []


def test_the_cast_has_somebody_for_every_role() -> None:
    assert {role for role in Role if not list(holding(role))} == set()
    assert len(list(holding(Role.OUTPUT_CHECKER))) == 2


def test_every_member_of_the_cast_says_that_she_is_fictional() -> None:
    assert all(member.name.startswith("Fiktiivinen ") for member in CAST)
    assert len({member.staff_id for member in CAST}) == len(CAST)


def test_the_cast_holds_its_roles_as_the_rules_ask() -> None:
    assert [wrong for given in assignments(NOON.date()) for wrong in objections_to_assignment(given)] == []
