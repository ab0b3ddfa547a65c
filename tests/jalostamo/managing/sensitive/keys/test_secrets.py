"""Secrets and what unlocks them: published vectors, nothing shown, nothing opened by anything but the right one."""

from __future__ import annotations

import copy
import os
import pickle
import traceback
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.ciphers.aead import AESGCMSIV
from cryptography.hazmat.primitives.kdf.argon2 import Argon2id

from jalostamo.concepts.errors import Misused, Unfit
from jalostamo.managing.sensitive.keys.secret import Passphrase, Secret, secret_in
from jalostamo.managing.sensitive.keys.unlocking import ByFile, ByPassphrase, Cost

RFC_8452_KEY = bytes([1, *[0] * 31])
RFC_8452_NONCE = bytes([3, *[0] * 11])
# Appendix C.2 of RFC 8452: plaintext, what it is bound to, result.
RFC_8452 = [
    ("", "", "07f5f4169bbf55a8400cd47ea6fd400f"),
    ("0100000000000000", "", "c2ef328e5c71c83b843122130f7364b761e0b97427e3df28"),
    ("010000000000000000000000", "", "9aab2aeb3faa0a34aea8e2b18ca50da9ae6559e48fd10f6e5c9ca17e"),
    ("01" + "00" * 15, "", "85a01b63025ba19b7fd3ddfc033b3e76c9eac6fa700942702e90862383c6c366"),
    ("0200000000000000", "01", "1de22967237a813291213f267e3b452f02d01ae33e4ec854"),
]
OF_32_BYTES = (
    "01" + "00" * 15 + "02" + "00" * 15,
    "4a6a9db4c8c6549201b9edb53006cba821ec9cf850948a7c86c68ac7539d027fe819e63abcd020b006a976397632eb5d",
)


@pytest.mark.parametrize(("plain", "about", "result"), RFC_8452)
def test_the_library_wraps_as_the_standard_says(plain: str, about: str, result: str) -> None:
    found = AESGCMSIV(RFC_8452_KEY).encrypt(RFC_8452_NONCE, bytes.fromhex(plain), bytes.fromhex(about))
    assert found.hex() == result


def test_a_key_wrapped_as_the_standard_says_is_unwrapped() -> None:
    plain, result = OF_32_BYTES
    found = secret_in(RFC_8452_KEY).unwrap(RFC_8452_NONCE + bytes.fromhex(result), about=b"")
    assert found is not None
    assert found._bytes.hex() == plain


def test_the_library_derives_as_the_standard_says() -> None:
    """RFC 9106, section 5.3."""
    function = Argon2id(
        salt=b"\2" * 16, length=32, iterations=3, lanes=4, memory_cost=32, ad=b"\4" * 12, secret=b"\3" * 8
    )
    tag = function.derive(b"\1" * 32).hex()
    assert tag == "0d640df58d78766c08c037a34a8b53c9d01ef0452d75b65eb52520e96b01e659"


def test_a_passphrase_is_derived_by_the_same_function() -> None:
    """The same inputs without secret and associated data, as other implementations publish them."""
    found = Passphrase(bytearray(b"\1" * 32)).derived(salt=b"\2" * 16, memory_kib=32, iterations=3, lanes=4)
    assert found._bytes.hex() == "03aab965c12001c9d7d0d2de33192c0494b684bb148196d73c1df1acaf6d0c2e"


def test_a_wrapped_key_opens_by_its_own_key_about_the_same_and_unchanged_alone() -> None:
    within, inner = Secret(), Secret()
    wrapped = within.wrap(inner, about=b"header")
    found = within.unwrap(wrapped, about=b"header")
    assert found is not None
    assert found._bytes == inner._bytes
    assert within.unwrap(wrapped, about=b"Header") is None
    assert Secret().unwrap(wrapped, about=b"header") is None
    assert within.unwrap(wrapped[:-1], about=b"header") is None
    for place in range(len(wrapped)):
        changed = bytearray(wrapped)
        changed[place] ^= 1
        assert within.unwrap(bytes(changed), about=b"header") is None


def test_two_wraps_of_one_key_are_alike_in_nothing() -> None:
    within, inner = Secret(), Secret()
    first, second = (within.wrap(inner, about=b"") for _ in range(2))
    assert first[:12] != second[:12]
    assert first[12:] != second[12:]


def test_a_sealed_document_opens_unchanged_alone() -> None:
    key = Secret()
    sealed = key.seal(b"counts", about=b"label")
    assert key.unseal(sealed, about=b"label") == b"counts"
    assert key.unseal(sealed, about=b"other") is None
    assert key.unseal(b"", about=b"label") is None
    for place in range(len(sealed)):
        changed = bytearray(sealed)
        changed[place] ^= 128
        assert key.unseal(bytes(changed), about=b"label") is None


def fail_with(secret: Secret) -> None:
    with secret:
        secret.wrap(Secret(), about="not bytes")  # type: ignore[arg-type]  # to make it fail


def test_a_secret_is_not_shown_copied_or_kept_nor_in_a_traceback() -> None:
    secret = Secret()
    raw = bytes(secret._bytes)
    for copied in (copy.copy, copy.deepcopy, pickle.dumps):
        with pytest.raises(TypeError):
            copied(secret)
    with pytest.raises(TypeError) as error:
        fail_with(secret)
    # From the second frame on: this one knows the secret by another name.
    below = error.tb.tb_next
    told = "".join(traceback.TracebackException(TypeError, error.value, below, capture_locals=True).format())
    assert "Secret(hidden)" in told
    for shown in (repr(secret), str(secret), told, repr(Passphrase(bytearray(raw)))):
        assert raw.hex() not in shown
        assert repr(raw) not in shown
        assert repr(bytearray(raw)) not in shown
    assert not any(secret._bytes), "the block overwrote it"
    with pytest.raises(ValueError, match="destroyed"):
        secret.seal(b"", about=b"")


def test_a_passphrase_can_be_overwritten_and_is_not_copied() -> None:
    passphrase = Passphrase(bytearray(b"correct horse battery"))
    with pytest.raises(TypeError):
        pickle.dumps(passphrase)
    passphrase.destroy()
    assert not any(passphrase._bytes)


@pytest.mark.parametrize(
    "cost",
    [
        {"memory_kib": 2**16 - 1},
        {"memory_kib": 2**30},
        {"iterations": 2},
        {"iterations": 1000},
        {"lanes": 0},
        {"lanes": 99},
    ],
)
def test_a_cost_out_of_its_bounds_is_refused(cost: dict[str, int]) -> None:
    with pytest.raises(Unfit) as refused:
        Cost(**cost)
    assert refused.value.reason == "keys_cost"


def test_a_short_passphrase_is_refused() -> None:
    with pytest.raises(Misused) as refused:
        ByPassphrase(Passphrase(bytearray(b"short"))).begun()
    assert refused.value.reason == "passphrase_short"


def test_a_key_file_is_made_once_and_for_its_owner_alone(tmp_path: Path) -> None:
    path = tmp_path / "unlock"
    made = ByFile.made(path)
    content = path.read_bytes()
    assert (len(content), path.stat().st_mode & 0o777) == (32, 0o600)
    assert ByFile.made(path) == made
    assert path.read_bytes() == content
    assert bytes(made.secret(made.begun())._bytes) == content


def exposed(path: Path) -> None:
    path.chmod(0o640)


def linked(path: Path) -> None:
    path.rename(path.with_name("elsewhere"))
    path.symlink_to(path.with_name("elsewhere"))


def piped(path: Path) -> None:
    path.unlink()
    os.mkfifo(path, 0o600)


SPOILT = {
    "others may read it": (exposed, "key_file_exposed"),
    "a link": (linked, "key_file_unusable"),
    "a pipe": (piped, "key_file_exposed"),
    "too short": (lambda path: path.write_bytes(b"short"), "key_file_form"),
    "gone": (lambda path: path.unlink(), "key_file_unusable"),
}


@pytest.mark.parametrize("how", SPOILT)
def test_a_key_file_that_is_not_as_it_should_be_is_refused(how: str, tmp_path: Path) -> None:
    spoil, reason = SPOILT[how]
    made = ByFile.made(tmp_path / "unlock")
    spoil(made.path)
    with pytest.raises((Misused, Unfit)) as refused:
        made.secret({"by": "file"})
    assert refused.value.reason == reason


def test_a_secret_has_256_bits() -> None:
    with pytest.raises(ValueError, match="32 bytes"):
        secret_in(b"short")


def test_a_key_file_that_cannot_be_made_is_told(tmp_path: Path) -> None:
    with pytest.raises(Misused) as refused:
        ByFile.made(tmp_path / "missing" / "unlock")
    assert refused.value.reason == "key_file_unusable"


def test_what_is_unlocked_in_one_way_is_not_in_another(tmp_path: Path) -> None:
    by_file, by_words = ByFile.made(tmp_path / "a"), ByPassphrase(Passphrase(bytearray(b"correct horse battery")))
    for way, other in ((by_file, by_words), (by_words, by_file)):
        with pytest.raises(Misused) as refused:
            way.secret(other.begun())  # type: ignore[attr-defined]  # both are ways of unlocking
        assert refused.value.reason == "keys_unlocking"
    with pytest.raises(Unfit) as damaged:
        by_words.secret({"by": "passphrase", "salt": 3})
    assert damaged.value.reason == "keys_damaged"
