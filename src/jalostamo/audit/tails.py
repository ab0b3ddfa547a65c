"""The end of a log's file: which lines follow on from what is known, and whether what is left over was torn or edited.

A group of entries is acknowledged when it is on the disk. Where the machine stops before, any part of the group's bytes may be
missing or void; later entries say how many were on the disk before them, and none of those can have been torn.

Handbook 2.6.
"""

from __future__ import annotations

import datetime
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from jalostamo.audit.entries import Placed, placed_from
from jalostamo.audit.tree import leaf_hash


@dataclass(frozen=True, slots=True)
class Tail:
    """A tail is the lines that follow on, and the bytes after them that are no entries, or not in their place."""

    placed: tuple[Placed, ...]
    leaves: tuple[bytes, ...]
    length: int
    rest: bytes
    edited: bool

    @property
    def durable(self) -> int:
        """How many entries these say were on the disk."""
        return max((each.durable for each in self.placed), default=0)

    @property
    def began(self) -> datetime.datetime | None:
        """The time of the first of them."""
        return self.placed[0].entry.at if self.placed else None


def tail_of(data: bytes, size: int) -> Tail:
    """Read what stands behind the first `size` entries of a log."""
    lines = data.split(b"\n")
    placed = list(_following(lines[:-1], size))
    length = sum(len(line) + 1 for line in lines[: len(placed)])
    known = size + len(placed)
    later = [] if len(placed) == len(lines) - 1 else lines[len(placed) : -1]
    edited = any(each.durable > known for each in _readable(later))
    leaves = tuple(leaf_hash(line) for line in lines[: len(placed)])
    return Tail(tuple(placed), leaves, length, data[length:], edited)


def _following(lines: Sequence[bytes], size: int) -> Iterator[Placed]:
    """The entries that each stand where the one before leads; the first that does not ends them."""
    for sequence, line in enumerate(lines, size):
        try:
            placed = placed_from(line)
        except ValueError:
            return
        if placed.sequence != sequence:
            return
        yield placed


def _readable(lines: Sequence[bytes]) -> Iterator[Placed]:
    for line in lines:
        try:
            yield placed_from(line)
        except ValueError:
            continue
