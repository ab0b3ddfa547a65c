"""The tree over the entries, as RFC 9162 hashes it: a root for every size, and proofs that others can check.

The frontier, the roots of the full subtrees from left to right, is all that is kept of a tree that grows.

Handbook 2.6.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

EMPTY_ROOT: Final = hashlib.sha256(b"").digest()
HASH_BYTES: Final = 32

_sha256 = hashlib.sha256


def leaf_hash(entry: bytes) -> bytes:
    """The hash of a leaf (RFC 9162, 2.1.1)."""
    return _sha256(b"\0" + entry).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    """The hash of an inner node (RFC 9162, 2.1.1)."""
    return _sha256(b"\1" + left + right).digest()


@dataclass(frozen=True, slots=True)
class Frontier:
    """A frontier is a tree of `size` leaves, told by the roots of its full subtrees, the largest first."""

    size: int = 0
    peaks: tuple[bytes, ...] = ()

    def __post_init__(self) -> None:
        if len(self.peaks) != self.size.bit_count() or any(len(peak) != HASH_BYTES for peak in self.peaks):
            raise ValueError("a frontier has one peak for each power of two in its size")

    @property
    def root(self) -> bytes:
        """The root hash of the tree."""
        return _root_of(self.peaks)

    def extended(self, leaves: Sequence[bytes]) -> Frontier:
        """The frontier after more leaf hashes: O(log n) for one, and one hash for each leaf of many."""
        size, level, kept = self.size, list(leaves), []
        peaks = list(self.peaks)
        height = 0
        while level or size >> height:
            if size >> height & 1:
                level.insert(0, peaks.pop())
            if len(level) & 1:
                kept.append(level.pop())
            # Written out: a call for each node would take half as long again.
            pairs = iter(level)
            level = [_sha256(b"\1" + left + right).digest() for left, right in zip(pairs, pairs, strict=True)]
            height += 1
        return Frontier(size + len(leaves), tuple(reversed(kept)))


def inclusion_proof(leaves: Sequence[bytes], index: int) -> tuple[bytes, ...]:
    """The hashes that lead from a leaf to the root of all leaves (RFC 9162, 2.1.3.1)."""
    if not 0 <= index < len(leaves):
        raise ValueError("there is no such leaf")
    if len(leaves) == 1:
        return ()
    split = _split(len(leaves))
    if index < split:
        return (*inclusion_proof(leaves[:split], index), _tree_root(leaves[split:]))
    return (*inclusion_proof(leaves[split:], index - split), _tree_root(leaves[:split]))


def consistency_proof(leaves: Sequence[bytes], size: int) -> tuple[bytes, ...]:
    """The hashes that show that the tree of the first `size` leaves has grown into that of all (RFC 9162, 2.1.4.1)."""
    if not 0 < size <= len(leaves):
        raise ValueError("a proof begins at a size between one and that of the tree")
    return _grown(leaves, size, whole=True)


def is_included(leaf: bytes, index: int, size: int, *, proof: Sequence[bytes], root: bytes) -> bool:
    """Whether a proof shows that a leaf stands at that place of a tree (RFC 9162, 2.1.3.2)."""
    if not 0 <= index < size:
        return False
    place, last, found = index, size - 1, leaf
    for step in proof:
        if last == 0:
            return False
        if place & 1 or place == last:
            found = node_hash(step, found)
            while not place & 1 and place:
                place, last = place >> 1, last >> 1
        else:
            found = node_hash(found, step)
        place, last = place >> 1, last >> 1
    return last == 0 and found == root


@dataclass(frozen=True, slots=True)
class Head:
    """A head is a tree as others know it: its size and its root."""

    size: int
    root: bytes


def has_grown(old: Head, new: Head, proof: Sequence[bytes]) -> bool:
    """Whether a proof shows that the old tree is the beginning of the new one (RFC 9162, 2.1.4.2)."""
    if not 0 <= old.size <= new.size:
        return False
    if old.size in {0, new.size}:
        return not proof and old.root == (new.root if old.size else EMPTY_ROOT)
    path = [old.root, *proof] if old.size.bit_count() == 1 else [*proof]
    if not path:
        return False
    place, last = old.size - 1, new.size - 1
    while place & 1:
        place, last = place >> 1, last >> 1
    first = second = path[0]
    for step in path[1:]:
        if last == 0:
            return False
        if place & 1 or place == last:
            first, second = node_hash(step, first), node_hash(step, second)
            while not place & 1 and place:
                place, last = place >> 1, last >> 1
        else:
            second = node_hash(second, step)
        place, last = place >> 1, last >> 1
    return last == 0 and first == old.root and second == new.root


def _grown(leaves: Sequence[bytes], size: int, *, whole: bool) -> tuple[bytes, ...]:
    if size == len(leaves):
        return () if whole else (_tree_root(leaves),)
    split = _split(len(leaves))
    if size <= split:
        return (*_grown(leaves[:split], size, whole=whole), _tree_root(leaves[split:]))
    return (*_grown(leaves[split:], size - split, whole=False), _tree_root(leaves[:split]))


def _split(size: int) -> int:
    """The largest power of two below the size."""
    return 1 << (size - 1).bit_length() - 1


def _tree_root(leaves: Sequence[bytes]) -> bytes:
    return Frontier().extended(leaves).root


def _root_of(peaks: Sequence[bytes]) -> bytes:
    if not peaks:
        return EMPTY_ROOT
    found = peaks[-1]
    for peak in reversed(peaks[:-1]):
        found = node_hash(peak, found)
    return found
