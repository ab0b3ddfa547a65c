"""A witness signs only what has grown out of what she saw, in the form that C2SP's tools read."""

from __future__ import annotations

import base64
import datetime
import hashlib
import struct
from dataclasses import replace
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from tests.jalostamo.audit.sample_logs import AT, KEY, PER_FILE, SIGNER, SIZES, entry, filled, log_in

from jalostamo.audit.checkpoints import Checkpoint, checkpoint_of
from jalostamo.audit.files import Files
from jalostamo.audit.notes import COSIGNATURE, public_of
from jalostamo.audit.tree import Head
from jalostamo.audit.verifying import growth
from jalostamo.audit.witness import Growth, Seen, cosign, growth_from, seen_from, witnessed
from jalostamo.concepts.errors import Refused, Unfit
from jalostamo.permits.signing import Ed25519Signer

WITNESS = Ed25519Signer("witness/vera", bytes(reversed(range(32))))
WITNESS_KEY = public_of(WITNESS, COSIGNATURE)
LAST = SIZES[-1]


def request(folder: Path, since: int = 0) -> Growth:
    """What the log asks a witness with."""
    return growth(Files(folder, PER_FILE), KEY, since=since)


@pytest.fixture
def log(tmp_path: Path) -> Path:
    """Fill a log and return its folder."""
    filled(tmp_path / "log")
    return tmp_path / "log"


def test_a_witness_signs_a_log_seen_for_the_first_time_and_again_when_it_has_grown(log: Path) -> None:
    first, seen = cosign(request(log), Seen(KEY), WITNESS, at=AT)
    log_in(log).append_all([entry(number) for number in range(200, 240)])
    log_in(log).checkpoint()
    later, seen = cosign(request(log, LAST), seen, WITNESS, at=AT)
    assert (first.head.size, later.head.size, seen.head) == (LAST, LAST + 46, later.head)
    assert witnessed(later, WITNESS_KEY) == AT


def test_the_signature_is_over_the_time_and_the_whole_checkpoint(log: Path) -> None:
    signed, _ = cosign(request(log), Seen(KEY), WITNESS, at=AT)
    line = signed.note.written.decode().splitlines()[-1]
    blob = base64.b64decode(line.removeprefix("\N{EM DASH} witness/vera "))
    identity = hashlib.sha256(b"witness/vera\n\x04" + WITNESS.public).digest()[:4]
    (seconds,) = struct.unpack(">Q", blob[4:12])
    message = f"cosignature/v1\ntime {seconds}\n{signed.note.text}".encode()
    Ed25519PublicKey.from_public_bytes(WITNESS.public).verify(blob[12:], message)
    assert (blob[:4], seconds) == (identity, int(AT.timestamp()))


def test_a_log_written_anew_finds_no_witness(log: Path, tmp_path: Path) -> None:
    _, seen = cosign(request(log), Seen(KEY), WITNESS, at=AT)
    filled(tmp_path / "anew", first=1000)
    log_in(tmp_path / "anew").checkpoint()
    with pytest.raises(Refused, match="has not grown out of the 110") as refused:
        cosign(request(tmp_path / "anew", LAST), seen, WITNESS, at=AT)
    assert refused.value.reason == "witness_inconsistent"


def test_a_log_rolled_back_finds_no_witness(log: Path) -> None:
    _, seen = cosign(request(log), Seen(KEY), WITNESS, at=AT)
    shorter = checkpoint_of(Head(64, bytes(32)), SIGNER).note.written
    with pytest.raises(Refused) as refused:
        cosign(Growth(LAST, (), shorter), seen, WITNESS, at=AT)
    assert refused.value.reason == "witness_inconsistent"


def test_the_same_checkpoint_again_is_signed_again(log: Path) -> None:
    _, seen = cosign(request(log), Seen(KEY), WITNESS, at=AT)
    again, after = cosign(request(log, LAST), seen, WITNESS, at=AT + datetime.timedelta(1))
    assert (witnessed(again, WITNESS_KEY), after) == (AT + datetime.timedelta(1), seen)


def test_a_proof_from_elsewhere_is_sent_back(log: Path) -> None:
    _, seen = cosign(request(log), Seen(KEY), WITNESS, at=AT)
    with pytest.raises(Refused, match="begins after 17 entries, and the witness saw 110") as refused:
        cosign(request(log, 17), seen, WITNESS, at=AT)
    assert refused.value.reason == "witness_since"


def test_a_checkpoint_of_another_key_is_refused(log: Path) -> None:
    other = checkpoint_of(Head(1, bytes(32)), Ed25519Signer(SIGNER.key, WITNESS.private)).note.written
    with pytest.raises(Refused) as refused:
        cosign(replace(request(log), checkpoint=other), Seen(KEY), WITNESS, at=AT)
    assert refused.value.reason == "witness_foreign"


def test_a_request_is_read_back(log: Path) -> None:
    asked = request(log, 17)
    assert growth_from(asked.written) == asked
    assert asked.written.startswith(b"old 17\n")


@pytest.mark.parametrize(
    "written",
    [b"", b"old 1\n", b"old 01\n\nx", b"new 1\n\nx", b"old 1\nAAAA\n\nx", b"old 1\n*\n\nx", b"old 1\n\xff\n\nx"],
)
def test_what_is_no_request_is_refused(written: bytes) -> None:
    with pytest.raises(Unfit) as refused:
        growth_from(written)
    assert refused.value.reason == "witness_request"


@pytest.mark.parametrize("since", [-1, LAST + 1])
def test_no_proof_begins_outside_the_last_checkpoint(log: Path, since: int) -> None:
    with pytest.raises(Unfit) as refused:
        request(log, since)
    assert refused.value.reason == "audit_since"


def test_a_log_without_a_checkpoint_asks_no_witness(tmp_path: Path) -> None:
    log_in(tmp_path / "log").append(entry(1))
    with pytest.raises(Unfit):
        request(tmp_path / "log")


def test_what_a_witness_saw_is_kept_and_read_back() -> None:
    seen = Seen(KEY, Head(3, bytes(32)))
    assert seen_from(seen.written, KEY) == seen


@pytest.mark.parametrize("wrong", [b"", b"[]", b"{}", Seen(KEY).written[:-1], Seen(public_of(WITNESS)).written])
def test_a_memory_of_another_log_or_none_is_refused(wrong: bytes) -> None:
    with pytest.raises(Unfit) as refused:
        seen_from(wrong, KEY)
    assert refused.value.reason == "witness_memory"


def test_a_checkpoint_that_no_witness_signed_was_not_witnessed(log: Path) -> None:
    signed, _ = cosign(request(log), Seen(KEY), WITNESS, at=AT)
    assert witnessed(signed, KEY) is None
    assert (
        witnessed(Checkpoint(signed.origin, signed.head, signed.note.with_signature(WITNESS_KEY, b"")), WITNESS_KEY)
        is None
    )
    false = signed.note.with_signature(WITNESS_KEY, bytes(72))
    assert witnessed(Checkpoint(signed.origin, signed.head, false), WITNESS_KEY) is None
