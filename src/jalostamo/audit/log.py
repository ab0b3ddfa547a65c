"""The log: entries are appended, and nothing is acknowledged before it is on the disk.

Threads and processes may append at once. What threads ask for while one group is being written goes into the next, so that one
wait for the disk serves them all, and nobody waits for company.

Handbook 2.6.
"""

from __future__ import annotations

import datetime
import os
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from jalostamo.audit.checkpoints import Checkpoint
from jalostamo.audit.entries import Entry
from jalostamo.audit.files import Files, unwritable
from jalostamo.audit.tree import Head
from jalostamo.audit.writing import Writer
from jalostamo.concepts.errors import Broken, JalostamoError
from jalostamo.permits.signing import Ed25519Signer
from jalostamo.storage.places import sync


@dataclass(frozen=True, slots=True)
class Receipt:
    """A receipt says that an entry is on the disk: its place, and the hash of its leaf, by which its inclusion can be proved."""

    sequence: int
    leaf: str


@dataclass(slots=True)
class _Asked:
    """What one thread asks to have written, and what came of it."""

    entries: Sequence[Entry]
    receipts: list[Receipt] = field(default_factory=list)
    error: BaseException | None = None

    @property
    def settled(self) -> bool:
        return self.error is not None or len(self.receipts) == len(self.entries)


class Log:
    """A log in a folder of its own; `signer` is the log's key, its name the log's origin, `exported` the second place.

    Where checkpoints cannot be given out, appending is refused: a log that nobody else can check is soon worth nothing.
    """

    def __init__(self, files: Files, signer: Ed25519Signer, *, exported: Path | None = None) -> None:
        self.files = files
        self._writer = Writer(files, signer, exported)
        self._process = os.getpid()
        self._gate, self._turn = threading.Lock(), threading.Lock()
        self._queue: list[_Asked] = []
        try:
            _prepare(files.folder)
        except OSError as error:
            raise unwritable(error) from None

    def append(self, entry: Entry) -> Receipt:
        """Write an entry down; returns only once it is on the disk, and refuses where it cannot be."""
        return self.append_all((entry,))[0]

    def append_all(self, entries: Sequence[Entry]) -> tuple[Receipt, ...]:
        """Write entries down in their order, waiting for the disk once for many."""
        self._refuse_fork()
        asked = _Asked(entries)
        with self._gate:
            self._queue.append(asked)
        with self._turn:
            # While this thread waited for its turn, the one before may have written its entries too.
            if not asked.settled:
                self._settle()
        if asked.error is not None:
            raise asked.error
        return tuple(asked.receipts)

    @contextmanager
    def recorded(self, entry: Entry) -> Iterator[Receipt]:
        """Do something only once it is written down: the block begins after its entry is on the disk."""
        yield self.append(entry)

    def checkpoint(self) -> Checkpoint | None:
        """A signed checkpoint of all that is on the disk, kept and given out; None of a log without entries."""
        with self._alone() as writer:
            return writer.keep()

    def tend(self, now: datetime.datetime) -> None:
        """Make a checkpoint where one is due by the clock; to be called now and then while nobody appends."""
        with self._alone() as writer:
            writer.keep_if_due(now)

    @property
    def head(self) -> Head:
        """The size and root of all that is written."""
        with self._alone() as writer:
            return writer.head

    @contextmanager
    def _alone(self) -> Iterator[Writer]:
        self._refuse_fork()
        with self._turn, self.files.locked(alone=True):
            self._writer.catch_up()
            yield self._writer

    def _settle(self) -> None:
        """Write down all that threads have asked for until now; whatever ends this, nobody takes it for written."""
        with self._gate:
            group, self._queue = self._queue, []
        try:
            with self.files.locked(alone=True):
                self._writer.catch_up()
                self._write([(asked, entry) for asked in group for entry in asked.entries])
        except JalostamoError as error:
            _end(group, error)
        except BaseException:
            _end(group, Broken("The writer of the audit log was stopped before it was done.", reason="audit_stopped"))
            raise

    def _write(self, waiting: list[tuple[_Asked, Entry]]) -> None:
        writer = self._writer
        while waiting:
            leaves = writer.write([entry for _, entry in waiting])
            size = writer.position.size
            writer.keep_if_due(waiting[len(leaves) - 1][1].at)
            writer.give_out()
            for sequence, ((asked, _), leaf) in enumerate(zip(waiting, leaves, strict=False), size - len(leaves)):
                asked.receipts.append(Receipt(sequence, leaf.hex()))
            waiting = waiting[len(leaves) :]

    def _refuse_fork(self) -> None:
        if os.getpid() != self._process:
            raise Broken("Each process opens the audit log for itself, after a fork too.", reason="audit_forked")


def _prepare(folder: Path) -> None:
    if not folder.exists():
        folder.mkdir(mode=0o700)
        sync(folder.parent)


def _end(group: Sequence[_Asked], error: BaseException) -> None:
    for asked in group:
        if not asked.settled:
            asked.error = error
