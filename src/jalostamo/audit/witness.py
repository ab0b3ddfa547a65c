"""The witness: somebody else's memory of the log, who signs a checkpoint only if the log has grown out of what she saw last.

Against whoever holds the log's key and rewrites all of it: the rewritten log finds no witness.

Handbook 2.6.
"""

from __future__ import annotations

import base64
import datetime
import json
import re
import struct
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, cast

from jalostamo.audit.checkpoints import Checkpoint, checkpoint_from
from jalostamo.audit.notes import COSIGNATURE, PublicKey, public_of
from jalostamo.audit.tree import EMPTY_ROOT, HASH_BYTES, Head, has_grown
from jalostamo.concepts.errors import Objection, Refused, Unfit
from jalostamo.permits.contents import canonical
from jalostamo.permits.signing import Ed25519Signer

SECTION: Final = "Handbook 2.6"
_HEADER: Final = struct.Struct(">Q")
_OLD: Final = re.compile(r"old (0|[1-9]\d{0,18})", re.ASCII)
_MOST_STEPS: Final = 63


@dataclass(frozen=True, slots=True)
class Seen:
    """What a witness has seen of one log: its key, and the last head; at first the empty tree."""

    key: PublicKey
    head: Head = Head(0, EMPTY_ROOT)

    @property
    def written(self) -> bytes:
        """What the witness keeps from one time to the next."""
        return canonical({"key": str(self.key), "root": self.head.root.hex(), "size": self.head.size}) + b"\n"


def seen_from(written: bytes, key: PublicKey) -> Seen:
    """What the witness kept; refused where it is about another log."""
    try:
        content = json.loads(written)
        seen = Seen(key, Head(content["size"], bytes.fromhex(content["root"])))
        if seen.written == written:
            return seen
    except (ValueError, TypeError, KeyError, AttributeError):
        pass
    raise Unfit("What the witness saw last cannot be read, or is about another log.", reason="witness_memory")


@dataclass(frozen=True, slots=True)
class Growth:
    """A request to a witness: a checkpoint, and the proof that the log grew out of its first `old` entries."""

    old: int
    proof: tuple[bytes, ...]
    checkpoint: bytes

    @property
    def written(self) -> bytes:
        """The bytes of the request, as C2SP's witnesses read it (c2sp.org/tlog-witness)."""
        steps = "".join(f"{base64.b64encode(step).decode('ascii')}\n" for step in self.proof)
        return f"old {self.old}\n{steps}\n".encode() + self.checkpoint


def growth_from(written: bytes) -> Growth:
    """Read a request to a witness."""
    head, gap, checkpoint = written.partition(b"\n\n")
    first, *steps = head.decode("ascii", "replace").split("\n")
    old = _OLD.fullmatch(first)
    try:
        proof = tuple(base64.b64decode(step, validate=True) for step in steps)
    except ValueError:
        proof = (b"",)
    if not gap or old is None or len(proof) > _MOST_STEPS or any(len(step) != HASH_BYTES for step in proof):
        raise Unfit("This is no request to a witness: 'audit checkpoint --since' writes one.", reason="witness_request")
    return Growth(int(old[1]), proof, checkpoint)


def cosign(growth: Growth, seen: Seen, witness: Ed25519Signer, *, at: datetime.datetime) -> tuple[Checkpoint, Seen]:
    """The checkpoint with the witness's signature, and what she has seen now; refused where the log did not only grow.

    What she has seen is to be on her disk before the signature is given out.
    """
    try:
        checkpoint = checkpoint_from(growth.checkpoint, seen.key)
    except ValueError:
        sentence = "The checkpoint is not one that this log's key has signed."
        raise Refused([Objection(sentence, SECTION)], reason="witness_foreign") from None
    _refuse_other_growth(growth, seen.head, checkpoint.head)
    seconds = int(at.timestamp())
    signature = _HEADER.pack(seconds) + witness.sign(_message(checkpoint, seconds))
    note = checkpoint.note.with_signature(public_of(witness, COSIGNATURE), signature)
    return Checkpoint(checkpoint.origin, checkpoint.head, note), Seen(seen.key, checkpoint.head)


def witnessed(checkpoint: Checkpoint, witness: PublicKey) -> datetime.datetime | None:
    """When the witness signed the checkpoint; None where she did not, or a signature says so falsely."""
    times = [_time_in(checkpoint, signature, witness) for signature in checkpoint.note.by(witness)]
    return None if None in times or not times else max(cast("Sequence[datetime.datetime]", times))


def _time_in(checkpoint: Checkpoint, signature: bytes, witness: PublicKey) -> datetime.datetime | None:
    stamp, proof = signature[: _HEADER.size], signature[_HEADER.size :]
    if len(stamp) < _HEADER.size:
        return None
    (seconds,) = _HEADER.unpack(stamp)
    if not witness.has_signed(_message(checkpoint, seconds), proof):
        return None
    return datetime.datetime.fromtimestamp(seconds, datetime.UTC)


def _message(checkpoint: Checkpoint, seconds: int) -> bytes:
    return f"cosignature/v1\ntime {seconds}\n{checkpoint.note.text}".encode()


def _refuse_other_growth(growth: Growth, old: Head, new: Head) -> None:
    if growth.old != old.size:
        sentence = (
            f"The proof begins after {growth.old} entries, and the witness saw {old.size}: ask for one from there."
        )
        raise Refused([Objection(sentence, SECTION)], reason="witness_since")
    if not has_grown(old, new, growth.proof):
        sentence = (
            f"The log of {new.size} entries has not grown out of the {old.size} that the witness saw: some of those "
            "were changed or left out. Keep both checkpoints, and find out why."
        )
        raise Refused([Objection(sentence, SECTION)], reason="witness_inconsistent")
