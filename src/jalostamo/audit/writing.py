"""Writing to a log's files, for whoever holds its lock: catching up with others, one group at a time, checkpoints when due.

Handbook 2.6.
"""

from __future__ import annotations

import datetime
import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final

from jalostamo.audit.acts import Act
from jalostamo.audit.checkpoints import Checkpoint, Kept, checkpoint_of, kept_from
from jalostamo.audit.entries import Entry, Placed
from jalostamo.audit.files import Files, changed, length_of, put_once, read_from, sync_file, write_at
from jalostamo.audit.notes import public_of
from jalostamo.audit.tails import Tail, tail_of
from jalostamo.audit.tree import Frontier, Head, leaf_hash
from jalostamo.permits.people import Automaton
from jalostamo.permits.signing import Ed25519Signer

ENTRIES_A_CHECKPOINT: Final = 100
LONGEST_WITHOUT: Final = datetime.timedelta(hours=1)
_MOST_A_GROUP: Final = 4_096
_LONGEST_KEPT: Final = 16_384


@dataclass(frozen=True, slots=True)
class Position:
    """How far a log is known: its tree, where the next entry begins in its file, what is durable, what a checkpoint covers.

    `since` is the time of the first entry that no checkpoint covers, `checkpoints` the length of their file.
    """

    frontier: Frontier = Frontier()
    begins: int = 0
    durable: int = 0
    covered: int = 0
    since: datetime.datetime | None = None
    checkpoints: int = 0

    @property
    def size(self) -> int:
        """The number of entries."""
        return self.frontier.size


class Writer:
    """A writer knows how far a log goes; all that it does is done while the log's lock is held.

    Where it ends in the middle, the next call reads from the files what had been written.
    """

    def __init__(self, files: Files, signer: Ed25519Signer, exported: Path | None) -> None:
        self.files, self.position = files, Position()
        self._signer, self._exported = signer, exported
        self._given_out = 0
        self._torn = b""

    @property
    def head(self) -> Head:
        """The size and root of what is known."""
        return Head(self.position.size, self.position.frontier.root)

    def catch_up(self) -> None:
        """Read what is in the files and not yet known; a torn end is left out, and is cut by the next group."""
        if length_of(self.files.checkpoints) != self.position.checkpoints:
            self._take_up()
        while True:
            tail = self._tail()
            self._advance(tail.leaves, tail.length, durable=tail.durable, began=tail.began)
            # Whoever has appended since has cut it, and told.
            self._torn = tail.rest or (b"" if tail.placed else self._torn)
            if not tail.placed or self.position.begins:
                return

    def write(self, entries: Sequence[Entry]) -> tuple[bytes, ...]:
        """Have as many entries on the disk as make one group, and return the hashes of their leaves."""
        if self._torn:
            self._write([_cut(self._torn, entries[0])])
            self._torn = b""
        return self._write(entries[:_MOST_A_GROUP])

    def keep(self) -> Checkpoint | None:
        """Sign a checkpoint of all that is known, keep it, and give it out; None of a log without entries."""
        self._make_durable()
        position = self.position
        if position.covered < position.size:
            kept = Kept(checkpoint_of(self.head, self._signer), position.frontier, position.begins)
            data = kept.written + b"\n"
            write_at(self.files.checkpoints, position.checkpoints, data)
            length = position.checkpoints + len(data)
            self.position = replace(position, covered=position.size, since=None, checkpoints=length)
        self.give_out()
        last = self._last_kept()
        return last.checkpoint if last else None

    def keep_if_due(self, now: datetime.datetime) -> None:
        """Make a checkpoint where enough entries, or enough time, have gone by without one."""
        position = self.position
        late = position.since is not None and now - position.since >= LONGEST_WITHOUT
        if late or position.size - position.covered >= ENTRIES_A_CHECKPOINT:
            self.keep()

    def give_out(self) -> None:
        """Put the last checkpoint into the second place, unless it is there."""
        last = self._last_kept() if self._exported and self._given_out < self.position.covered else None
        if self._exported and last:
            self._refuse_rolled_back(self._exported, last.frontier.size)
            put_once(self._exported / f"{last.frontier.size:012}.checkpoint", last.checkpoint.note.written)
            self._given_out = last.frontier.size

    def _refuse_rolled_back(self, exported: Path, size: int) -> None:
        """A backup that was put back has forgotten what was given out since."""
        largest = max((int(path.stem) for path in exported.glob(f"{'[0-9]' * 12}.checkpoint")), default=0)
        if not self._given_out and largest > size:
            raise changed(f"it ends at entry {size}, and a checkpoint of {largest} entries has been given out")

    def _write(self, entries: Sequence[Entry]) -> tuple[bytes, ...]:
        position = self.position
        inside = position.size % self.files.per_file
        if not inside:
            self._make_durable()
        taken = entries[: self.files.per_file - inside]
        placed = [Placed(each, number, self.position.durable) for number, each in enumerate(taken, position.size)]
        lines = [each.written for each in placed]
        data = b"".join(line + b"\n" for line in lines)
        write_at(self.files.entries(position.size), position.begins, data)
        leaves = tuple(map(leaf_hash, lines))
        self._advance(leaves, len(data), durable=position.size + len(lines), began=taken[0].at)
        return leaves

    def _advance(self, leaves: Sequence[bytes], length: int, *, durable: int, began: datetime.datetime | None) -> None:
        old = self.position
        frontier = old.frontier.extended(leaves)
        # One assignment, so that a signal between two lines leaves no half of it.
        self.position = replace(
            old,
            frontier=frontier,
            begins=(old.begins + length) if frontier.size % self.files.per_file else 0,
            durable=max(old.durable, durable),
            since=old.since or began,
        )

    def _tail(self) -> Tail:
        size, begins, per_file = self.position.size, self.position.begins, self.files.per_file
        path = self.files.entries(size)
        length = length_of(path)
        if length < begins:
            raise changed(f"entries before number {size} are missing")
        tail = tail_of(read_from(path, begins) if length > begins else b"", size)
        full = size % per_file + len(tail.placed) == per_file
        followed = self.files.entries(size + per_file).exists()
        # A file is begun when the one before it is full, and on the disk.
        if tail.edited or (full and tail.rest) or (followed and not full):
            raise changed(f"entry {size + len(tail.placed)} was on the disk, and is not what was written")
        return tail

    def _make_durable(self) -> None:
        """What another process wrote before it died may not be on the disk yet."""
        position = self.position
        if position.durable < position.size:
            sync_file(self.files.entries(position.size - 1))
            self.position = replace(position, durable=position.size)

    def _take_up(self) -> None:
        """Go on from the last kept checkpoint, which another process, or an earlier one, has made."""
        old, last = self.position, self._last_kept()
        length = length_of(self.files.checkpoints)
        size = last.frontier.size if last else 0
        if last and size > old.size:
            self.position = Position(last.frontier, last.begins, size, size, None, length)
        elif last and last.frontier == old.frontier:
            self.position = replace(old, covered=size, since=None, checkpoints=length)
        elif size == old.covered:
            self.position = replace(old, checkpoints=length)
        else:
            raise changed(f"its last checkpoint is of {size} entries, and one of {old.covered} had been made")

    def _last_kept(self) -> Kept | None:
        """The last checkpoint in the file; one that was torn, and so was never given out, is cut off."""
        path = self.files.checkpoints
        start = max(0, length_of(path) - _LONGEST_KEPT)
        lines = read_from(path, start).split(b"\n")
        torn = len(lines.pop())
        if lines and b"\0" in lines[-1]:
            torn += len(lines.pop()) + 1
        if torn:
            write_at(path, length_of(path) - torn, b"")
        if not lines:
            return None
        try:
            return kept_from(lines[-1], public_of(self._signer))
        except ValueError:
            raise changed("its last checkpoint is not one that this log's key has signed") from None


def _cut(torn: bytes, before: Entry) -> Entry:
    """What is told of a torn end: its digest and its length, at the time of the entry that comes next."""
    return Entry(
        Act.TAIL_CUT,
        before.at,
        Automaton.CLOSED_ROOM,
        objects=(hashlib.sha256(torn).hexdigest(),),
        count=len(torn),
    )
