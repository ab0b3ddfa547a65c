"""Verifying a log from its files and its public key alone: which entries are vouched for, and exactly which are not.

All entries are hashed anew and held against every checkpoint, those kept elsewhere too. A checkpoint also tells the tree from
which to go on, so that what was changed before it casts no doubt on what comes after.

Handbook 2.6.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from jalostamo.audit.checkpoints import Checkpoint, Kept, checkpoint_from, kept_from
from jalostamo.audit.files import Files, length_of, read_from
from jalostamo.audit.lines import Lines
from jalostamo.audit.notes import PublicKey
from jalostamo.audit.tails import tail_of
from jalostamo.audit.tree import Frontier, Head, consistency_proof
from jalostamo.audit.witness import Growth
from jalostamo.concepts.errors import Unfit


class Kind(StrEnum):
    """What is wrong with entries, with a kept checkpoint (numbered by its line), or with lines that belong nowhere."""

    CHANGED = "changed"
    MISSING = "missing"
    OTHERWISE = "otherwise"
    """A checkpoint kept elsewhere is about other entries: from there on, the log's own checkpoints prove nothing."""
    UNREADABLE = "unreadable"
    STRAY = "stray"
    CHECKPOINT = "checkpoint"


@dataclass(frozen=True, slots=True, order=True)
class Doubt:
    """A doubt is what is wrong with the entries, or lines, from `first` up to, and without, `end`."""

    first: int
    end: int
    kind: Kind


@dataclass(frozen=True, slots=True)
class Report:
    """A report tells how many entries there are, and for how many of them checkpoints vouch.

    `covered` is where the last checkpoint ends; `torn` is the bytes of an end that was never acknowledged, and follows the
    entries; `root` is that of all entries, None where there are doubts.
    """

    size: int
    vouched: int
    covered: int
    checkpoints: int
    torn: int
    root: bytes | None
    doubts: tuple[Doubt, ...]


@dataclass(frozen=True, slots=True)
class _Anchor:
    """A signed head to hold the entries against; a kept one tells the tree to go on from, and stands in a line of its own."""

    head: Head
    kept: Kept | None = None
    line: int = 0


def verify(files: Files, key: PublicKey, *, elsewhere: Sequence[bytes] = ()) -> Report:
    """Hold a log against its own checkpoints and against those that were kept `elsewhere`."""
    given = [_given(written, key) for written in elsewhere]
    with files.locked(alone=False):
        # Others may go on appending while it is read: what counts is how far it went now.
        lengths = [length_of(files.entries(first)) for first in files.firsts()]
        written = read_from(files.checkpoints, 0)
    kept, doubts = _kept(written, key)
    own = {anchor.head for anchor in kept}
    more = [_Anchor(checkpoint.head) for checkpoint in given if checkpoint.head not in own]
    reading = _Reading(Lines(files, lengths), doubts)
    # At one size the one kept elsewhere comes first: the log may not vouch for itself before.
    reading.hold_against(sorted([*kept, *more], key=lambda anchor: (anchor.head.size, anchor.kept is not None)))
    return reading.report(len(kept))


def growth(files: Files, key: PublicKey, *, since: int) -> Growth:
    """What to ask a witness with: the last checkpoint, and the proof that the log grew out of its first `since` entries."""
    anchors, _ = _kept(read_from(files.checkpoints, 0), key)
    last = anchors[-1].kept if anchors else None
    size = last.frontier.size if last else 0
    leaves = Lines(files, [length_of(files.entries(first)) for first in files.firsts()]).leaves(0, size)
    if last is None or not 0 <= since <= size or len(leaves) != size:
        raise Unfit(
            f"The log's last checkpoint is of {size} entries: it cannot have grown since {since}.", reason="audit_since"
        )
    return Growth(since, consistency_proof(leaves, since) if since else (), last.checkpoint.note.written)


class _Reading:
    """One reading of a log from its beginning: the tree as far as it goes, and what was found wrong on the way."""

    def __init__(self, lines: Lines, doubts: list[Doubt]) -> None:
        self.lines, self.doubts = lines, doubts
        self.frontier = Frontier()
        self.vouched = 0
        self.lost = False

    def hold_against(self, anchors: Sequence[_Anchor]) -> None:
        """Go from checkpoint to checkpoint; where the root differs, go on from the next that tells how."""
        for anchor in anchors:
            first, end = self.frontier.size, anchor.head.size
            leaves = self.lines.leaves(first, end)
            reached = self.frontier.extended(leaves)
            if self._agrees(reached, anchor.head):
                self.vouched += end - first
                self.frontier = reached
                self._look_at(anchor)
            elif anchor.kept is not None:
                self.doubts.append(Doubt(first, end, Kind.MISSING if reached.size < end else Kind.CHANGED))
                self.lines.disorder(end)
                self.frontier = anchor.kept.frontier
            else:
                last = max(self.lines.size, *(each.head.size for each in anchors))
                self.doubts.append(Doubt(first, last, Kind.MISSING if reached.size < end else Kind.OTHERWISE))
                self.lost = True
                return

    def report(self, checkpoints: int) -> Report:
        """What was found, with what stands behind the last checkpoint looked at too."""
        covered = self.frontier.size
        torn = 0 if self.lost else self._look_at_tail()
        per_file = self.lines.files.per_file
        self.doubts += [Doubt(first, first + per_file, Kind.STRAY) for first in self.lines.strays]
        return Report(
            size=self.lines.size if self.lost else min(self.frontier.size, self.lines.size),
            vouched=self.vouched,
            covered=covered,
            checkpoints=checkpoints,
            torn=torn,
            root=None if self.doubts else self.frontier.root,
            doubts=tuple(sorted(self.doubts)),
        )

    def _agrees(self, reached: Frontier, head: Head) -> bool:
        return (reached.size, reached.root) == (head.size, head.root)

    def _look_at(self, anchor: _Anchor) -> None:
        """The place at which a kept checkpoint lets the writer go on is not signed."""
        if anchor.kept and self.lines.begins(anchor.head.size) not in {None, anchor.kept.begins}:
            self.doubts.append(Doubt(anchor.line, anchor.line + 1, Kind.CHECKPOINT))

    def _look_at_tail(self) -> int:
        """Read the entries that no checkpoint covers; an end that was torn is told, and is no doubt."""
        while True:
            size = self.frontier.size
            tail = tail_of(self.lines.tail(size), size)
            self.frontier = self.frontier.extended(tail.leaves)
            reached = self.frontier.size
            full = reached % self.lines.files.per_file == 0
            if tail.edited or (tail.rest and self.lines.size > reached + tail.rest.count(b"\n")):
                self.doubts.append(Doubt(reached, max(reached + 1, self.lines.size), Kind.UNREADABLE))
                return 0
            if tail.rest or not tail.placed or not full:
                return len(tail.rest)


def _given(written: bytes, key: PublicKey) -> Checkpoint:
    try:
        return checkpoint_from(written, key)
    except ValueError:
        raise Unfit(
            "A checkpoint kept elsewhere is not one that this log's key has signed: it was changed, or is another log's.",
            reason="audit_checkpoint",
        ) from None


def _kept(written: bytes, key: PublicKey) -> tuple[list[_Anchor], list[Doubt]]:
    """The kept checkpoints that are what they should be, each larger than the one before; the others are doubts."""
    lines = written.split(b"\n")
    unfinished = [len(lines) - 1] if lines.pop() else []
    anchors: list[_Anchor] = []
    wrong = unfinished
    for number, line in enumerate(lines):
        try:
            kept = kept_from(line, key)
        except ValueError:
            wrong.append(number)
            continue
        if kept.frontier.size <= (anchors[-1].head.size if anchors else 0):
            wrong.append(number)
            continue
        anchors.append(_Anchor(kept.checkpoint.head, kept, number))
    return anchors, [Doubt(number, number + 1, Kind.CHECKPOINT) for number in wrong]
