"""A second verifier of the log, written from RFC 9162, 2.1 and C2SP's signed-note; it shares no code with the first.

Slow and plain: the tree is hashed by the definition, from all leaves anew for each checkpoint.
"""

from __future__ import annotations

import base64
import hashlib
import json
from collections.abc import Sequence
from pathlib import Path

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey


def tree_hash(entries: Sequence[bytes]) -> bytes:
    """MTH(D[n]) of RFC 9162, 2.1.1."""
    n = len(entries)
    if n == 0:
        return hashlib.sha256().digest()
    if n == 1:
        return hashlib.sha256(bytes([0]) + entries[0]).digest()
    k = 1
    while 2 * k < n:
        k *= 2
    return hashlib.sha256(bytes([1]) + tree_hash(entries[:k]) + tree_hash(entries[k:])).digest()


def path(m: int, entries: Sequence[bytes]) -> list[bytes]:
    """PATH(m, D[n]) of RFC 9162, 2.1.3.1."""
    n = len(entries)
    if n == 1:
        return []
    k = 1
    while 2 * k < n:
        k *= 2
    if m < k:
        return [*path(m, entries[:k]), tree_hash(entries[k:])]
    return [*path(m - k, entries[k:]), tree_hash(entries[:k])]


def proof(m: int, entries: Sequence[bytes]) -> list[bytes]:
    """PROOF(m, D[n]) of RFC 9162, 2.1.4.1."""
    return _subproof(m, entries, True)


def _subproof(m: int, entries: Sequence[bytes], known: bool) -> list[bytes]:
    n = len(entries)
    if m == n:
        return [] if known else [tree_hash(entries)]
    k = 1
    while 2 * k < n:
        k *= 2
    if m <= k:
        return [*_subproof(m, entries[:k], known), tree_hash(entries[k:])]
    return [*_subproof(m - k, entries[k:], False), tree_hash(entries[:k])]


def head_in(note: str, verifier_key: str) -> tuple[int, bytes] | None:
    """The size and root of a checkpoint, or None where the key has not signed it."""
    name, _, rest = verifier_key.partition("+")
    material = base64.b64decode(rest.partition("+")[2])
    identity = hashlib.sha256(name.encode() + b"\n" + material).digest()[:4]
    text, found, signatures = note.rpartition("\n\n")
    if not found:
        return None
    text += "\n"
    lines = [line.split(" ") for line in signatures.splitlines()]
    blobs = [base64.b64decode(line[2]) for line in lines if len(line) == 3 and line[:2] == ["\u2014", name]]
    ours = [blob[4:] for blob in blobs if blob[:4] == identity]
    try:
        for signature in ours:
            Ed25519PublicKey.from_public_bytes(material[1:]).verify(signature, text.encode())
        origin, size, root = text.splitlines()
    except (InvalidSignature, ValueError):
        return None
    return (int(size), base64.b64decode(root)) if ours and origin == name else None


def holds(folder: Path, per_file: int, verifier_key: str, elsewhere: Sequence[bytes]) -> bool:
    """Whether the log's entries are those of all its own checkpoints, and of those kept elsewhere."""
    try:
        return _holds(folder, per_file, verifier_key, elsewhere)
    except (ValueError, KeyError, TypeError, IndexError):
        return False


def _holds(folder: Path, per_file: int, verifier_key: str, elsewhere: Sequence[bytes]) -> bool:
    files = sorted(folder.glob("*.jsonl"))
    if [int(file.stem) for file in files] != list(range(0, len(files) * per_file, per_file)):
        return False
    parts = [file.read_bytes().split(b"\n") for file in files]
    if any(part.pop() or len(part) != per_file for part in parts[:-1]):
        return False
    parts[-1].pop()
    entries = [line for part in parts for line in part]
    records = (folder / "checkpoints").read_bytes().decode().split("\n")
    if records.pop():
        return False
    sizes = [0]
    for record in records:
        content = json.loads(record)
        if json.dumps(content, ensure_ascii=False, sort_keys=True, separators=(",", ":")) != record:
            return False
        head = head_in(content["note"], verifier_key)
        if head is None or head[0] <= sizes[-1] or not _peaks_give(content["peaks"], head):
            return False
        sizes.append(head[0])
        start = head[0] - head[0] % per_file
        if not _agrees(entries, head) or content["begins"] != sum(len(e) + 1 for e in entries[start : head[0]]):
            return False
    heads = [head_in(note.decode(), verifier_key) for note in elsewhere]
    return all(head is not None and _agrees(entries, head) for head in heads)


def _agrees(entries: Sequence[bytes], head: tuple[int, bytes]) -> bool:
    return len(entries) >= head[0] and tree_hash(entries[: head[0]]) == head[1]


def _peaks_give(peaks: Sequence[str], head: tuple[int, bytes]) -> bool:
    found = bytes.fromhex(peaks[-1])
    for peak in reversed(peaks[:-1]):
        found = hashlib.sha256(b"\x01" + bytes.fromhex(peak) + found).digest()
    return len(peaks) == head[0].bit_count() and found == head[1]
