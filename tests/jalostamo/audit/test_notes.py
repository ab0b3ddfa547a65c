"""Keys, notes and checkpoints are written as C2SP's tools read them, and nothing else is read."""

from __future__ import annotations

import base64
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.jalostamo.audit.sample_logs import KEY, SIGNER

from jalostamo.audit.checkpoints import Kept, checkpoint_from, checkpoint_of, kept_from
from jalostamo.audit.notes import (
    COSIGNATURE,
    Note,
    PublicKey,
    note_from,
    private_key_from,
    private_key_text,
    public_key_from,
    public_of,
    signed,
)
from jalostamo.audit.tree import EMPTY_ROOT, Frontier, Head, leaf_hash
from jalostamo.concepts.errors import Unfit
from jalostamo.permits.signing import Ed25519Signer

# The vector of the first implementation: golang.org/x/mod, sumdb/note/note_test.go (BSD-3-Clause).
PUBLIC = "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW"
PRIVATE = "PRIVATE+KEY+PeterNeumann+c74f20a3+AYEKFALVFGyNhPJEMzD1QIDr+Y7hfZx09iUvxdXHKDFz"
TEXT = "If you think cryptography is the answer to your problem,\nthen you don't know what your problem is.\n"
NOTE = (
    f"{TEXT}\n\N{EM DASH} PeterNeumann "
    "x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqdngotpRZb6KE6RyyBwJnAM=\n"
).encode()
OTHER = Ed25519Signer("another", bytes(reversed(range(32))))
LEAVES = [leaf_hash(b"%d" % number) for number in range(11)]
FRONTIER = Frontier().extended(LEAVES)
HEAD = Head(FRONTIER.size, FRONTIER.root)
KEPT = Kept(checkpoint_of(HEAD, SIGNER), FRONTIER, 1234)


def signed_text(text: str) -> bytes:
    """A note of a text, signed by the log's key."""
    return signed(text, SIGNER).written


def test_the_published_note_is_signed_and_read() -> None:
    assert signed(TEXT, private_key_from(PRIVATE)).written == NOTE
    assert note_from(NOTE).is_signed_by(public_key_from(PUBLIC))
    assert note_from(NOTE).text == TEXT


def test_the_published_keys_are_written_and_read() -> None:
    assert private_key_text(private_key_from(PRIVATE)) == PRIVATE
    assert str(public_key_from(PUBLIC)) == PUBLIC == str(public_of(private_key_from(PRIVATE)))


def test_no_part_of_a_public_key_is_a_key() -> None:
    for begin in range(len(PUBLIC)):
        for end in range(begin, len(PUBLIC) - (begin == 0)):
            with pytest.raises(Unfit, match="NAME"):
                public_key_from(PUBLIC[begin : end + (begin > 0)])


@pytest.mark.parametrize("place", range(len(PUBLIC)))
def test_a_key_with_another_letter_is_no_key(place: int) -> None:
    wrong = PUBLIC[:place] + chr(ord(PUBLIC[place]) + 1) + PUBLIC[place + 1 :]
    with pytest.raises(Unfit):
        public_key_from(wrong)


@pytest.mark.parametrize("wrong", ["", "x", PUBLIC, PRIVATE[:-4], PRIVATE.replace("c74f", "c74e"), PRIVATE[12:]])
def test_what_is_no_private_key_is_refused_without_being_repeated(wrong: str) -> None:
    with pytest.raises(Unfit) as refused:
        private_key_from(wrong)
    assert str(refused.value) == "The log's private key cannot be read."


@pytest.mark.parametrize(
    ("name", "public"), [("", bytes(32)), ("a b", bytes(32)), ("a+b", bytes(32)), ("a", bytes(31))]
)
def test_a_key_has_a_name_without_spaces_and_32_bytes(name: str, public: bytes) -> None:
    with pytest.raises(ValueError, match="not a key"):
        PublicKey(name, public)


@given(st.data())
def test_a_note_with_a_changed_byte_is_not_signed(data: st.DataObject) -> None:
    written = bytearray(NOTE)
    written[data.draw(st.integers(0, len(written) - 1))] ^= data.draw(st.integers(1, 255))
    try:
        note = note_from(bytes(written))
    except ValueError:
        return
    assert not note.is_signed_by(public_key_from(PUBLIC))


@pytest.mark.parametrize(
    "written",
    [
        b"",
        b"text\n",
        b"text\n\n",
        NOTE[:-1],
        NOTE + b"\n",
        NOTE.replace(b"cryptography", b"crypto\tgraphy"),
        b"x" * 20_000,
        TEXT.encode() + b"\n" + NOTE.rpartition(b"\n\n")[2] * 17,
        TEXT.encode() + b"\n\xe2\x80\x94 name x08g\n",
        TEXT.encode() + b"\n\xe2\x80\x94 name\n",
        b"\xff\n\n\n",
    ],
    ids=range(11),
)
def test_what_is_no_note_is_not_read(written: bytes) -> None:
    with pytest.raises(ValueError, match="note|signature|decode|valid|padding"):
        note_from(written)


def test_a_note_of_which_one_signature_by_the_key_is_false_is_not_signed() -> None:
    note = signed("text\n", SIGNER)
    assert not note.with_signature(KEY, bytes(64)).is_signed_by(KEY)
    assert note.with_signature(public_of(OTHER), bytes(64)).is_signed_by(KEY)
    assert not Note("text\n").is_signed_by(KEY)


def test_a_cosignature_is_no_signature_of_the_log() -> None:
    text = "text\n"
    note = Note(text).with_signature(public_of(SIGNER, COSIGNATURE), SIGNER.sign(text.encode()))
    assert not note.is_signed_by(KEY)


def test_a_checkpoint_is_origin_size_and_root() -> None:
    checkpoint = checkpoint_of(HEAD, SIGNER)
    root = base64.b64encode(HEAD.root).decode()
    assert checkpoint.note.text == f"jalostamo/audit/test\n11\n{root}\n"
    assert checkpoint_from(checkpoint.note.written, KEY) == checkpoint


@pytest.mark.parametrize(
    "text",
    [
        "jalostamo/audit/test\n11\n",
        "another\n0\n47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=\n",
        "jalostamo/audit/test\n011\n47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=\n",
        "jalostamo/audit/test\n-1\n47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=\n",
        "jalostamo/audit/test\n11\n47DE\n",
        "jalostamo/audit/test\n11\n47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=\nmore\n",
        "jalostamo/audit/test\n11\n47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFV=\n",
    ],
    ids=range(7),
)
def test_a_signed_text_that_is_no_checkpoint_is_not_read(text: str) -> None:
    with pytest.raises(ValueError, match="checkpoint|padding"):
        checkpoint_from(signed_text(text), KEY)


def test_a_checkpoint_of_another_key_is_not_read() -> None:
    with pytest.raises(ValueError, match="not a checkpoint of this log"):
        checkpoint_from(checkpoint_of(HEAD, Ed25519Signer(SIGNER.key, OTHER.private)).note.written, KEY)


def test_the_empty_log_has_the_root_of_nothing() -> None:
    empty = checkpoint_of(Head(0, EMPTY_ROOT), SIGNER)
    assert empty.note.text.splitlines()[1:] == ["0", "47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU="]


def test_a_kept_checkpoint_is_read_back() -> None:
    assert kept_from(KEPT.written, KEY) == KEPT


@given(st.data())
def test_a_kept_checkpoint_with_a_changed_byte_is_not_read_or_begins_elsewhere(data: st.DataObject) -> None:
    written = bytearray(KEPT.written)
    written[data.draw(st.integers(0, len(written) - 1))] ^= data.draw(st.integers(1, 255))
    try:
        kept = kept_from(bytes(written), KEY)
    except ValueError:
        return
    assert (kept.checkpoint, kept.frontier) == (KEPT.checkpoint, KEPT.frontier)
    assert kept.begins != KEPT.begins


@pytest.mark.parametrize("wrong", [{"peaks": []}, {"peaks": None}, {"note": 7}, {"begins": None}, {"begins": "1"}])
def test_a_kept_checkpoint_with_another_part_is_not_read(wrong: dict[str, object]) -> None:
    content = json.loads(KEPT.written) | wrong
    with pytest.raises(ValueError, match="checkpoint|frontier|note"):
        kept_from(json.dumps(content).encode(), KEY)


@pytest.mark.parametrize("written", [b"[]", b"null", b"{}"])
def test_json_that_is_no_kept_checkpoint_is_not_read(written: bytes) -> None:
    with pytest.raises(ValueError, match="not a checkpoint of this log"):
        kept_from(written, KEY)
