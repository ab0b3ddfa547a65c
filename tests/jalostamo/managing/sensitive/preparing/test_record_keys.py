"""Record keys look like chance, stay the same for a series and for nobody else, and their secret is nowhere to be seen."""

from __future__ import annotations

import copy
import hmac
import pickle
import time
import traceback
from collections.abc import Callable, Iterable, Iterator, Sequence
from hashlib import sha256
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray
from scipy.stats import chi2
from tests.jalostamo.managing.sensitive.canaries import found_in, hidings

from jalostamo.concepts.errors import Unfit
from jalostamo.managing.sensitive.keys import ByFile, KeyStore, opened_keys
from jalostamo.managing.sensitive.preparing.record_keys import KEY_SPACE, SECRET_BYTES, RecordKeys

type Numbers = NDArray[np.int64]

IDENTIFIERS = [f"unit {number:06d}" for number in range(200_000)]


def secret_of(keys: RecordKeys) -> bytes:
    """The secret itself, which only a test that holds the object can reach."""
    return bytes(keys._secret)


def fixed(secret: bytes = b"a secret of this test, 32 bytes.") -> RecordKeys:
    """Keys that are the same at every run, so that a test of chance has one outcome."""
    keys = RecordKeys()
    keys._secret[:] = secret
    return keys


def by_hand(secret: bytes, kind: str, identifier: str, *, bits: int = 64) -> int:
    """HMAC by its definition, and the leading bits of it as one number."""
    inner, outer = (bytes(byte ^ pad for byte in secret.ljust(64, b"\0")) for pad in (0x36, 0x5C))
    digest = sha256(outer + sha256(inner + f"{kind}:{identifier}".encode()).digest()).digest()
    return (int.from_bytes(digest, "big") >> (256 - bits)) % 10**8


@given(identifiers=st.lists(st.text(max_size=20), max_size=5), kind=st.sampled_from(["person", "household"]))
def test_record_keys_are_64_bits_of_hmac_sha_256_modulo_10_to_the_8(identifiers: list[str], kind: str) -> None:
    keys = RecordKeys()
    expected = [by_hand(secret_of(keys), kind, identifier) for identifier in identifiers]
    assert keys.keys(identifiers, kind=kind) == expected


def test_a_key_of_32_bits_would_be_noticed() -> None:
    keys = fixed()
    short = [by_hand(secret_of(keys), "person", identifier, bits=32) for identifier in IDENTIFIERS[:50]]
    assert keys.keys(IDENTIFIERS[:50], kind="person") != short


def fit(places: Numbers, parts: int) -> float:
    """The probability that chance falls less evenly on so many equal parts (chi-square)."""
    expected = len(places) / parts
    return float(chi2.sf(((np.bincount(places, minlength=parts) - expected) ** 2 / expected).sum(), parts - 1))


def evenness(keys: Numbers, parts: int = 1000) -> float:
    """How well keys fit an even spread over the key space."""
    return fit(keys * parts // KEY_SPACE, parts)


def independence(first: Numbers, second: Numbers, parts: int = 30) -> float:
    """How well two columns of keys fit an even spread over a square."""
    return fit((first * parts // KEY_SPACE) * parts + second * parts // KEY_SPACE, parts**2)


def of_chance(identifiers: Sequence[str]) -> Numbers:
    return np.array(fixed().keys(identifiers, kind="person"), dtype=np.int64)


def by_steps(identifiers: Sequence[str]) -> Numbers:
    """The weakening: evenly spread, but each follows from the one before."""
    return np.arange(len(identifiers)) * 61_803_399 % KEY_SPACE


def of_16_bits(identifiers: Sequence[str]) -> Numbers:
    """The weakening: only the last 16 bits of each key are left."""
    return of_chance(identifiers) % 2**16


@pytest.mark.parametrize(("making", "even"), [(of_chance, True), (by_steps, False), (of_16_bits, False)])
def test_record_keys_are_spread_as_chance_spreads_them(making: Callable[[Sequence[str]], Numbers], even: bool) -> None:
    # Too even is no chance either.
    assert (0.001 < evenness(making(IDENTIFIERS)) < 0.999) is even


@pytest.mark.parametrize(("making", "independent"), [(of_chance, True), (by_steps, False)])
def test_the_keys_of_neighbouring_identifiers_are_independent(
    making: Callable[[Sequence[str]], Numbers], independent: bool
) -> None:
    keys = making(IDENTIFIERS)
    assert (0.001 < independence(keys[:-1], keys[1:]) < 0.999) is independent
    assert bool(abs(np.corrcoef(keys[:-1], keys[1:])[0, 1]) < 4 / np.sqrt(len(keys))) is independent


def test_the_keys_of_two_secrets_and_of_two_kinds_are_independent() -> None:
    keys = of_chance(IDENTIFIERS)
    for other in (
        fixed(b"another secret of 32 bytes here.").keys(IDENTIFIERS, kind="person"),
        fixed().keys(IDENTIFIERS, kind="household"),
    ):
        assert 0.001 < independence(keys, np.array(other)) < 0.999
    assert independence(keys, keys) < 1e-9


def test_sums_of_keys_are_spread_as_chance_spreads_them() -> None:
    # A cell's key is such a sum: with one uniform key in it, it is uniform and tells nothing of the others.
    keys = of_chance(IDENTIFIERS).reshape(-1, 4)
    cell, part = keys.sum(axis=1) % KEY_SPACE, keys[:, :3].sum(axis=1) % KEY_SPACE
    assert 0.001 < evenness(cell, 100) < 0.999
    assert 0.001 < independence(cell, part, 20) < 0.999


def test_two_publications_share_no_keys() -> None:
    first, second = (RecordKeys().keys(IDENTIFIERS[:1000], kind="person") for _ in range(2))
    assert sum(a == b for a, b in zip(first, second, strict=True)) <= 1


def test_half_a_million_identifiers_take_about_a_second() -> None:
    identifiers = [f"unit {number:06d}" for number in range(500_000)]
    begun = time.process_time()
    found = RecordKeys().keys(identifiers, kind="person")
    # What it takes on a machine with other work; alone it is below one.
    assert time.process_time() - begun < 4
    assert len(found) == 500_000
    assert {type(key) for key in found} == {int}


def test_identifiers_have_as_many_keys_as_there_are_in_their_order() -> None:
    keys = RecordKeys()
    assert keys.keys([], kind="person") == []
    first, second, again = keys.keys(iter(["a", "b", "a"]), kind="person")
    assert first == again
    assert [second] == keys.keys(["b"], kind="person")


@pytest.fixture
def store(tmp_path: Path) -> Iterator[KeyStore]:
    """A store of keys, unlocked by a file beside it."""
    with opened_keys(tmp_path / "keys", ByFile.made(tmp_path / "unlock")) as opened:
        yield opened


def test_a_series_has_the_same_keys_at_every_refresh_and_after_every_rotation(store: KeyStore) -> None:
    first, again, other = (RecordKeys.of_series(store, name) for name in ("case/a", "case/a", "case/b"))
    store.rotate()
    later = RecordKeys.of_series(store, "case/a")
    assert first.keys(IDENTIFIERS[:9], kind="person") == again.keys(IDENTIFIERS[:9], kind="person")
    assert first.keys(IDENTIFIERS[:9], kind="person") == later.keys(IDENTIFIERS[:9], kind="person")
    assert first.keys(IDENTIFIERS[:9], kind="person") != other.keys(IDENTIFIERS[:9], kind="person")
    assert (len(store.headers), later.series_mark) == (2, first.series_mark)


def test_a_series_has_a_mark_that_tells_nothing_of_its_secret(store: KeyStore) -> None:
    first, again, other = (RecordKeys.of_series(store, name) for name in ("case/a", "case/a", "case/b"))
    assert first.series_mark == again.series_mark
    assert first.series_mark not in (None, other.series_mark)
    assert not any(form in str(first.series_mark).encode() for form in hidings(secret_of(first)))


def test_a_publication_by_itself_has_no_mark() -> None:
    assert RecordKeys().series_mark is None


def test_the_secret_of_a_series_lies_nowhere_plainly(store: KeyStore, tmp_path: Path) -> None:
    keys = RecordKeys.of_series(store, "case/a")
    assert found_in(tmp_path, [secret_of(keys)]) == set()
    # The search can find it.
    (tmp_path / "plain").write_bytes(secret_of(keys))
    assert found_in(tmp_path, [secret_of(keys)]) == {"plain"}


def test_destroying_the_keys_of_a_series_leaves_the_series(store: KeyStore) -> None:
    keys = RecordKeys.of_series(store, "case/a")
    before = keys.keys(IDENTIFIERS[:3], kind="person")
    keys.destroy()
    assert RecordKeys.of_series(store, "case/a").keys(IDENTIFIERS[:3], kind="person") == before


def test_a_series_whose_secret_is_destroyed_begins_anew(store: KeyStore) -> None:
    keys = RecordKeys.of_series(store, "case/a")
    store.destroy([str(keys.series_mark)])
    again = RecordKeys.of_series(store, "case/a")
    assert again.series_mark != keys.series_mark
    assert again.keys(IDENTIFIERS[:3], kind="person") != keys.keys(IDENTIFIERS[:3], kind="person")


def test_a_destroyed_secret_is_gone_and_makes_no_key() -> None:
    keys = RecordKeys()
    before, held = secret_of(keys), keys._secret
    keys.destroy()
    assert before != secret_of(keys) == bytes(held) == bytes(SECRET_BYTES)
    with pytest.raises(ValueError, match="destroyed") as refused:
        keys.keys(["unit of this test"], kind="person")
    assert "unit of this test" not in str(refused.value)


def test_a_secret_is_used_until_it_is_destroyed() -> None:
    # All bytes but one being zero is chance, not destruction.
    assert len(fixed(bytes(31) + b"1").keys(["a"], kind="person")) == 1


def test_every_secret_is_new_and_long_enough() -> None:
    secrets = {secret_of(RecordKeys()) for _ in range(100)}
    assert len(secrets) == 100
    assert {len(secret) for secret in secrets} == {32}


@pytest.mark.parametrize(
    "show", [repr, str, "{!r:s}".format, lambda keys: repr([keys])], ids=["repr", "str", "form", "list"]
)
def test_record_keys_do_not_show_their_secret(show: Callable[[object], str]) -> None:
    keys = RecordKeys()
    assert not any(form in show(keys).encode() for form in hidings(secret_of(keys)))


@pytest.mark.parametrize("take", [copy.copy, copy.deepcopy, pickle.dumps, vars, bytes])
def test_record_keys_are_not_copied(take: Callable[[object], object]) -> None:
    with pytest.raises(TypeError):
        take(RecordKeys())


class NamedSecret(RecordKeys):
    """The weakening that must be noticed: the secret stands in a variable while keys are made."""

    def keys(self, identifiers: Iterable[str], *, kind: str) -> list[int]:
        secret = bytes(self._secret)
        return [int(hmac.digest(secret, text.encode(), "sha256")[0]) for text in identifiers]


def told_by(failed: BaseException, *functions: str) -> str:
    frames = traceback.TracebackException.from_exception(failed, capture_locals=True).stack
    chosen = [frame.locals or {} for frame in frames if frame.name in functions]
    return "".join(value for values in chosen for value in values.values())


@pytest.mark.parametrize(("kind_of_keys", "shown"), [(RecordKeys, False), (NamedSecret, True)])
def test_no_traceback_shows_a_secret(kind_of_keys: type[RecordKeys], shown: bool) -> None:
    keys = kind_of_keys()
    with pytest.raises(AttributeError) as failed:
        keys.keys([None], kind="person")  # type: ignore[list-item]  # what a mistaken caller would do
    told = told_by(failed.value, "keys")
    assert (repr(secret_of(keys)) in told) is shown
    assert "hidden" in told


def test_no_traceback_of_a_failed_reading_shows_a_secret(store: KeyStore) -> None:
    keys = RecordKeys.of_series(store, "case/a")
    path = store.folder / str(store.epoch) / f"{keys.series_mark}.key"
    path.write_bytes(path.read_bytes() + b"!")
    with pytest.raises(Unfit) as failed:
        RecordKeys.of_series(store, "case/a")
    told = told_by(failed.value, "of_series", "open", "_read", "key_in") + str(failed.value)
    assert "hidden" in told
    assert repr(secret_of(keys))[2:-1] not in told
    assert not any(form in told.encode() for form in hidings(secret_of(keys)))
