"""A pseudonym is a keyed name that leads nowhere without its key, and the key is nowhere to be seen."""

from __future__ import annotations

import copy
import hmac
import pickle
import secrets
import traceback
from collections.abc import Callable, Sequence
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.jalostamo.managing.sensitive import naive
from tests.jalostamo.managing.sensitive.canaries import hidings
from tests.jalostamo.managing.sensitive.small_town import (
    code,
    decision,
    person,
    prepared,
    request_in,
    rooms_in,
    rows_of,
    run,
)

from jalostamo.engine.connection import Engine
from jalostamo.managing.sensitive.preparing.pseudonyms import KEY_BYTES, PseudonymKey

PEOPLE = [person(number, household=f"K{number // 2}") for number in range(6)]
DECISIONS = [decision(number, code(number % 6)) for number in range(8)]

type Naming = Callable[[bytes, str, str], str]


def bytes_of(key: PseudonymKey) -> bytes:
    """The key itself, which only a test that holds the object can reach."""
    return bytes(key._key)


def without_key(key: bytes, kind: str, identifier: str) -> str:
    return naive.pseudonym(b"", kind, identifier)


def without_kind(key: bytes, kind: str, identifier: str) -> str:
    return naive.pseudonym(key, "", identifier)


def pairs(key: bytes, naming: Naming) -> set[tuple[str, str]]:
    """The pseudonyms of everyone and of her household, by one way of naming."""
    return {(naming(key, "person", p["identity_code"]), naming(key, "household", p["household"])) for p in PEOPLE}


@given(identifiers=st.lists(st.text(max_size=20), max_size=5), kind=st.sampled_from(["person", "household"]))
def test_pseudonyms_are_hmac_sha_256_of_the_kind_and_the_identifier(identifiers: list[str], kind: str) -> None:
    key = PseudonymKey()
    expected = [naive.pseudonym(bytes_of(key), kind, identifier) for identifier in identifiers]
    assert key.pseudonyms(identifiers, kind=kind) == expected


def test_released_pseudonyms_are_those_of_the_codes_and_households(engine: Engine, tmp_path: Path) -> None:
    key = PseudonymKey()
    rows = rows_of(prepared(engine, tmp_path, PEOPLE, key=key).folder, "persons")
    found = {(row["person"], row["household"]) for row in rows}
    assert found == pairs(bytes_of(key), naive.pseudonym)
    assert found != pairs(bytes_of(key), without_key)
    assert found != pairs(bytes_of(key), without_kind)


def test_a_household_that_is_called_like_a_person_has_another_pseudonym() -> None:
    key = PseudonymKey()
    assert key.pseudonyms([code(0)], kind="person") != key.pseudonyms([code(0)], kind="household")


def shared(first: Sequence[dict[str, object]], second: Sequence[dict[str, object]]) -> set[object]:
    return {row[unit] for row in first for unit in ("person", "household")} & {
        row[unit] for row in second for unit in ("person", "household")
    }


def test_two_releases_of_one_request_share_no_pseudonym(engine: Engine, tmp_path: Path) -> None:
    request, rooms = request_in(tmp_path), rooms_in(tmp_path, PEOPLE, DECISIONS)
    first, second = (rows_of(run(engine, request, rooms).release.folder, "persons") for _ in range(2))
    assert len(first) == len(second) == len(PEOPLE)
    assert shared(first, second) == set()


def test_two_releases_under_one_key_would_be_noticed(engine: Engine, tmp_path: Path) -> None:
    key = PseudonymKey()
    first, second = (
        rows_of(prepared(engine, tmp_path / n, PEOPLE, DECISIONS, key=key).folder, "persons") for n in "ab"
    )
    assert len(shared(first, second)) == len(PEOPLE) + 3


def test_rows_of_one_person_stay_together(engine: Engine, tmp_path: Path) -> None:
    key = PseudonymKey()
    events = rows_of(prepared(engine, tmp_path, PEOPLE, DECISIONS, key=key).folder, "events")
    twice = naive.pseudonym(bytes_of(key), "person", code(0))
    assert [row["order"] for row in events if row["person"] == twice] == [1, 2]
    assert len({row["person"] for row in events}) == 6


def test_every_key_is_new_and_long_enough() -> None:
    keys = {bytes_of(PseudonymKey()) for _ in range(100)}
    assert len(keys) == 100
    assert {len(key) for key in keys} == {KEY_BYTES} == {32}


@pytest.mark.parametrize(
    "show", [repr, str, "{!r:s}".format, lambda key: repr([key])], ids=["repr", "str", "form", "list"]
)
def test_a_key_does_not_show_itself(show: Callable[[object], str]) -> None:
    key = PseudonymKey()
    assert not any(form in show(key).encode() for form in hidings(bytes_of(key)))


@pytest.mark.parametrize("take", [copy.copy, copy.deepcopy, pickle.dumps, vars, bytes])
def test_a_key_is_not_copied(take: Callable[[object], object]) -> None:
    with pytest.raises(TypeError):
        take(PseudonymKey())


class NamedKey(PseudonymKey):
    """The weakening that must be noticed: the key stands in a variable while pseudonyms are made."""

    def pseudonyms(self, identifiers: Sequence[str], *, kind: str) -> list[str]:  # type: ignore[override]
        key = bytes(self._key)
        return [hmac.digest(key, f"{kind}:".encode() + text.encode(), "sha256").hex() for text in identifiers]


@pytest.mark.parametrize(("kind_of_key", "shown"), [(PseudonymKey, False), (NamedKey, True)])
def test_no_traceback_shows_a_key(kind_of_key: type[PseudonymKey], shown: bool) -> None:
    key = kind_of_key()
    with pytest.raises(AttributeError) as failed:
        key.pseudonyms([None], kind="person")  # type: ignore[list-item]  # what a mistaken caller would do
    frames = traceback.TracebackException.from_exception(failed.value, capture_locals=True).stack
    told = "".join(value for frame in frames if frame.name == "pseudonyms" for value in (frame.locals or {}).values())
    assert (repr(bytes_of(key)) in told) is shown
    assert "hidden" in told


def test_a_destroyed_key_is_gone_and_makes_no_pseudonym() -> None:
    key = PseudonymKey()
    before, held = bytes_of(key), key._key
    key.destroy()
    assert before != bytes_of(key) == bytes(held) == bytes(KEY_BYTES)
    with pytest.raises(ValueError, match="destroyed") as refused:
        key.pseudonyms([code(0)], kind="person")
    assert code(0) not in str(refused.value)


def test_a_key_is_used_until_it_is_destroyed() -> None:
    # Half of its bytes being zero is chance, not destruction.
    key = PseudonymKey()
    key._key[:31] = bytes(31)
    key._key[31] = secrets.randbelow(255) + 1
    assert len(key.pseudonyms([code(0)], kind="person")) == 1
