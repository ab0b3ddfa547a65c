"""The store of keys: one file each, nothing opened by anything else, and nothing left of what was destroyed."""

from __future__ import annotations

import copy
import hashlib
import json
import pickle
from collections.abc import Callable
from pathlib import Path
from shutil import copytree

import pytest

from jalostamo.concepts.errors import JalostamoError, Misused, Unfit
from jalostamo.managing.sensitive.keys import ByFile, ByPassphrase, Cost, KeyStore, Passphrase, opened_keys
from jalostamo.managing.sensitive.keys.destroyed import destroyed_in
from jalostamo.managing.sensitive.keys.files import canonical

CHEAPEST = Cost(memory_kib=64 * 2**10, iterations=3)


def words(text: str) -> ByPassphrase:
    return ByPassphrase(Passphrase(bytearray(text.encode())), CHEAPEST)


@pytest.fixture
def unlock(tmp_path: Path) -> ByFile:
    return ByFile.made(tmp_path / "unlock")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "keys"


def commitments(store: KeyStore) -> dict[str, str]:
    """What each key commits to by the same name: equal only if the keys are."""
    found = {}
    for header in store.headers:
        with store.open(header.id) as key:
            found[header.object] = key.commitment("of a test")
    return found


def made(folder: Path, unlock: ByFile, *objects: str) -> tuple[dict[str, str], dict[str, str]]:
    """A store with keys for some objects: their numbers and commitments."""
    with opened_keys(folder, unlock) as store:
        numbers = {name: store.create("extract", name) for name in objects}
        return numbers, commitments(store)


def test_a_key_is_the_same_whenever_the_store_is_opened(folder: Path, unlock: ByFile) -> None:
    numbers, before = made(folder, unlock, "a", "b")
    with opened_keys(folder, unlock) as store:
        assert commitments(store) == before
        assert [header.kind for header in store.headers] == ["extract", "extract"]
    assert len(set(before.values())) == 2
    assert {path.name for path in (folder / "1").iterdir()} == {f"{number}.key" for number in numbers.values()}
    modes = {path.stat().st_mode & 0o077 for path in [folder, folder / "1", *(folder / "1").iterdir()]}
    assert modes == {0}


def test_a_destroyed_key_is_gone_and_the_others_are_under_a_new_key(folder: Path, unlock: ByFile) -> None:
    numbers, before = made(folder, unlock, "a", "b", "c")
    copytree(folder, folder.parent / "copy")
    with opened_keys(folder, unlock) as store:
        (note,) = store.destroy([numbers["b"]])
        assert (note.epoch_before, note.epoch_after, store.epoch) == (1, 2, 2)
        assert note.header.object == "b"
        with pytest.raises(Misused) as refused:
            store.open(numbers["b"])
        assert refused.value.reason == "key_destroyed"
        assert commitments(store) == {name: before[name] for name in ("a", "c")}
        # What a disk may remember of the files of before.
        assert not any(store.opens(path) for path in (folder.parent / "copy" / "1").glob("*.key"))
        assert all(store.opens(path) for path in (folder / "2").glob("*.key"))
        assert store.destroy([numbers["b"]]) == (note,)
        assert store.epoch == 2
    assert not [*folder.rglob(f"{numbers['b']}.key")]
    assert not (folder / "1").exists()


def test_without_a_new_key_encryption_key_a_remembered_file_would_open(folder: Path, unlock: ByFile) -> None:
    """The weakening that must be noticed: the file is removed, and nothing else is done."""
    numbers, _ = made(folder, unlock, "a", "b")
    copytree(folder, folder.parent / "copy")
    (folder / "1" / f"{numbers['b']}.key").unlink()
    with opened_keys(folder, unlock) as store:
        assert store.opens(folder.parent / "copy" / "1" / f"{numbers['b']}.key")


def test_a_file_of_an_earlier_epoch_that_is_put_back_is_refused(folder: Path, unlock: ByFile) -> None:
    numbers, _ = made(folder, unlock, "a", "b")
    before = (folder / "1" / f"{numbers['a']}.key").read_bytes()
    with opened_keys(folder, unlock) as store:
        store.rotate()
        (folder / "2" / f"{numbers['a']}.key").write_bytes(before)
        with pytest.raises(Unfit, match="epoch 1, these keys are of epoch 2") as refused:
            store.open(numbers["a"])
    assert refused.value.reason == "key_epoch"


def test_no_byte_of_a_key_file_can_be_changed(folder: Path, unlock: ByFile) -> None:
    numbers, _ = made(folder, unlock, "a")
    path = folder / "1" / f"{numbers['a']}.key"
    sound = path.read_bytes()
    with opened_keys(folder, unlock) as store:
        for place in range(len(sound)):
            for bit in (1, 32):
                changed = bytearray(sound)
                changed[place] ^= bit
                path.write_bytes(changed)
                with pytest.raises(Unfit) as refused:
                    store.open(numbers["a"])
                assert refused.value.reason in {"key_damaged", "key_epoch"}
        for cut in (0, 10, len(sound) - 1):
            path.write_bytes(sound[:cut])
            with pytest.raises(Unfit):
                store.open(numbers["a"])
        path.write_bytes(sound)
        store.open(numbers["a"]).destroy()


def test_two_keys_cannot_change_places(folder: Path, unlock: ByFile) -> None:
    numbers, _ = made(folder, unlock, "a", "b")
    first, second = (folder / "1" / f"{numbers[name]}.key" for name in ("a", "b"))
    first.write_bytes(second.read_bytes())
    with opened_keys(folder, unlock) as store, pytest.raises(Unfit) as refused:
        store.open(numbers["a"])
    assert refused.value.reason == "key_damaged"


def test_no_byte_of_the_lock_can_be_changed(folder: Path, unlock: ByFile) -> None:
    made(folder, unlock, "a")
    path = folder / "keys.json"
    sound = path.read_bytes()
    for place in range(len(sound)):
        changed = bytearray(sound)
        changed[place] ^= 1
        path.write_bytes(changed)
        with pytest.raises(JalostamoError) as refused, opened_keys(folder, unlock):
            pass
        assert refused.value.reason in {"keys_damaged", "keys_locked", "keys_unlocking"}


def changed_lock(folder: Path, **changes: object) -> None:
    """A lock whose digest is right, as who can write there would make it."""
    told = json.loads((folder / "keys.json").read_bytes())
    del told["digest"]
    told |= changes
    (folder / "keys.json").write_bytes(canonical({**told, "digest": hashlib.sha256(canonical(told)).hexdigest()}))


def test_an_epoch_or_a_cost_that_somebody_else_wrote_is_refused(folder: Path, unlock: ByFile) -> None:
    with opened_keys(folder, words("correct horse battery")) as store:
        store.create("extract", "a")
    sound = (folder / "keys.json").read_bytes()
    remembered = json.loads(sound)["unlocking"]
    for changes, reason in (
        ({"epoch": 2}, "keys_locked"),
        ({"unlocking": {**remembered, "memory_kib": 2**30}}, "keys_cost"),
        ({"unlocking": {**remembered, "salt": "00" * 16}}, "keys_locked"),
        ({"unlocking": {**remembered, "more": 1}}, "keys_damaged"),
    ):
        (folder / "keys.json").write_bytes(sound)
        changed_lock(folder, **changes)
        with pytest.raises(JalostamoError) as refused, opened_keys(folder, words("correct horse battery")):
            pass
        assert refused.value.reason == reason


def test_another_passphrase_or_key_file_is_refused(folder: Path, unlock: ByFile, tmp_path: Path) -> None:
    made(folder, unlock, "a")
    with pytest.raises(Misused) as refused, opened_keys(folder, ByFile.made(tmp_path / "other")):
        pass
    assert refused.value.reason == "keys_locked"


def test_a_new_passphrase_opens_the_same_keys_and_the_old_one_none(folder: Path, unlock: ByFile) -> None:
    _, before = made(folder, unlock, "a", "b")
    copytree(folder, folder.parent / "copy")
    with opened_keys(folder, unlock) as store:
        store.lock_with(words("correct horse battery"))
        assert commitments(store) == before
        # The key-encryption key is another one, too: who has the old way in and an old copy has old wraps alone.
        assert not any(store.opens(path) for path in (folder.parent / "copy").rglob("*.key"))
    with opened_keys(folder, words("correct horse battery")) as store:
        assert (store.epoch, commitments(store)) == (2, before)
    for other in (unlock, words("wrong horse battery!")):
        with pytest.raises(Misused) as refused, opened_keys(folder, other):
            pass
        assert refused.value.reason in {"keys_locked", "keys_unlocking"}


def test_a_store_is_opened_by_one_at_a_time(folder: Path, unlock: ByFile) -> None:
    with opened_keys(folder, unlock), pytest.raises(Misused) as refused, opened_keys(folder, unlock):
        pass
    assert refused.value.reason == "keys_busy"
    with opened_keys(folder, unlock):
        pass


def without_lock(folder: Path) -> None:
    (folder / "keys.json").unlink()


def of_another_state(folder: Path) -> None:
    (folder / "1").rename(folder / "7")


@pytest.mark.parametrize("lose", [without_lock, of_another_state])
def test_half_a_store_is_refused_and_nothing_of_it_removed(
    lose: Callable[[Path], None], folder: Path, unlock: ByFile
) -> None:
    made(folder, unlock, "a")
    lose(folder)
    before = sorted(folder.rglob("*"))
    with pytest.raises(Misused) as refused, opened_keys(folder, unlock):
        pass
    assert (refused.value.reason, sorted(folder.rglob("*"))) == ("keys_lock_missing", before)


def test_what_a_killed_process_left_is_cleared_away_and_nothing_else(folder: Path, unlock: ByFile) -> None:
    _, before = made(folder, unlock, "a")
    for name in ("1/x.part", "1/.jalostamo-1.part", "2/a.key", "2.part/a.key", "kept/a.key"):
        (folder / name).parent.mkdir(exist_ok=True)
        (folder / name).write_bytes(b"left")
    with opened_keys(folder, unlock) as store:
        assert commitments(store) == before
    assert {path.name for path in folder.iterdir()} == {"1", "destroyed", "kept", "keys.json", "lock"}
    assert [path.suffix for path in (folder / "1").iterdir()] == [".key"]


def test_a_folder_that_cannot_be_made_is_told(tmp_path: Path, unlock: ByFile) -> None:
    with pytest.raises(Misused) as refused, opened_keys(tmp_path / "missing" / "keys", unlock):
        pass
    assert refused.value.reason == "keys_unusable"


@pytest.mark.parametrize("number", ["0" * 32, "../1/x", "", "/etc/passwd"])
def test_a_number_that_is_none_is_refused(number: str, folder: Path, unlock: ByFile) -> None:
    with opened_keys(folder, unlock) as store, pytest.raises(Misused) as refused:
        store.open(number)
    assert refused.value.reason == "key_unknown"


@pytest.mark.parametrize(
    ("kind", "about"), [("person", "a"), ("extract", ""), ("extract", "a b"), ("extract", "x" * 300)]
)
def test_a_key_is_for_a_known_kind_and_a_plain_name(kind: str, about: str, folder: Path, unlock: ByFile) -> None:
    with opened_keys(folder, unlock) as store, pytest.raises(Misused) as refused:
        store.create(kind, about)
    assert refused.value.reason == "key_object"
    assert not [*folder.rglob("*.key")]


def test_a_store_is_not_shown_nor_copied_and_forgets(folder: Path, unlock: ByFile) -> None:
    with opened_keys(folder, unlock) as store:
        for copied in (pickle.dumps, copy.copy):
            with pytest.raises(TypeError):
                copied(store)
        shown = repr(store) + str(store)
        assert bytes(store._key._bytes).hex() not in shown
        assert "hidden" in shown
    assert not any(store._key._bytes)
    assert not any(store._within._bytes)


def test_a_note_that_was_changed_is_refused(folder: Path, unlock: ByFile) -> None:
    numbers, _ = made(folder, unlock, "a")
    with opened_keys(folder, unlock) as store:
        (note,) = store.destroy([numbers["a"]])
    assert destroyed_in(note.written, name="note") == note
    for changed in (
        b"",
        b"{}",
        note.written + b" ",
        note.written.replace(b'"epoch_after":2', b'"epoch_after":"2"')[1:],
    ):
        with pytest.raises(Unfit):
            destroyed_in(changed, name="note")
