"""Checkpoints: the size and the root of the log, signed, in the form that C2SP's tools read (c2sp.org/tlog-checkpoint).

One that is kept elsewhere is what makes the log tamper-evident: of all that it covers, nothing can be changed unseen.

Handbook 2.6.
"""

from __future__ import annotations

import base64
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final, cast

from jalostamo.audit.notes import Note, PublicKey, note_from, signed
from jalostamo.audit.tree import HASH_BYTES, Frontier, Head
from jalostamo.permits.contents import canonical
from jalostamo.permits.signing import Ed25519Signer

_SIZE: Final = re.compile(r"0|[1-9]\d{0,18}", re.ASCII)
_LINES: Final = 3


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """A checkpoint is a head of the log named by its origin, on a note that the log's key has signed."""

    origin: str
    head: Head
    note: Note


def checkpoint_of(head: Head, signer: Ed25519Signer) -> Checkpoint:
    """A checkpoint signed by the log's key; the key's name is the log's origin."""
    root = base64.b64encode(head.root).decode("ascii")
    return Checkpoint(signer.key, head, signed(f"{signer.key}\n{head.size}\n{root}\n", signer))


def checkpoint_from(written: bytes, key: PublicKey) -> Checkpoint:
    """Read a checkpoint that the key has signed; a ValueError for anything else."""
    note = note_from(written)
    lines = note.text.split("\n")
    # Lines of extension are not ours, and nobody would check them.
    if len(lines) != _LINES + 1 or lines[0] != key.name or not _SIZE.fullmatch(lines[1]):
        raise ValueError("not a checkpoint of this log")
    root = base64.b64decode(lines[2], validate=True)
    if len(root) != HASH_BYTES or base64.b64encode(root).decode("ascii") != lines[2] or not note.is_signed_by(key):
        raise ValueError("not a checkpoint of this log")
    return Checkpoint(lines[0], Head(int(lines[1]), root), note)


@dataclass(frozen=True, slots=True)
class Kept:
    """A checkpoint as the log keeps it: with the tree's peaks, from which to go on, and where the next entry begins.

    `begins` is the place in its file where the next entry begins.
    """

    checkpoint: Checkpoint
    frontier: Frontier
    begins: int

    @property
    def written(self) -> bytes:
        """The bytes of it, without the end of its line."""
        peaks = [peak.hex() for peak in self.frontier.peaks]
        return canonical({"begins": self.begins, "note": self.checkpoint.note.written.decode(), "peaks": peaks})


def kept_from(written: bytes, key: PublicKey) -> Kept:
    """Read a kept checkpoint; a ValueError unless it is what would be written, signed, and its peaks give its root."""
    try:
        content = cast("Mapping[str, object]", json.loads(written))
        checkpoint = checkpoint_from(str(content["note"]).encode(), key)
        peaks = tuple(bytes.fromhex(peak) for peak in cast("list[str]", content["peaks"]))
        kept = Kept(checkpoint, Frontier(checkpoint.head.size, peaks), int(cast("int", content["begins"])))
        if kept.written == written and kept.frontier.root == checkpoint.head.root:
            return kept
    except (TypeError, KeyError, AttributeError, RecursionError):
        pass
    raise ValueError("not a checkpoint of this log")
