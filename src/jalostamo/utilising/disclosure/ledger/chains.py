"""Chains: entries that are only ever added, each naming the digest of the one before, in files of one folder.

Tamper-evident, never tamper-proof: an entry that is lost, changed or moved is found, unless somebody rewrites all that
follow it, the head too; against that, keep a head elsewhere and compare.

Handbook 2.6, phase 8.
"""

from __future__ import annotations

import fcntl
import hashlib
import json
import os
import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final, Literal, get_args

from jalostamo.concepts.errors import Misused, Unfit
from jalostamo.permits.contents import canonical
from jalostamo.storage.places import sync, write_whole

EntryKind = Literal["cube", "figures", "refusal", "lifted"]
KINDS: Final[tuple[EntryKind, ...]] = get_args(EntryKind)

_LOCK: Final = "lock"
_HEAD: Final = "head"
_KEPT: Final = "kept"
_NAME: Final = re.compile(r"(\d{8})-([0-9a-f]{64})\.json", re.ASCII)
_SHORT: Final = 16
_ENTRY: Final = frozenset(("number", "before", "population", "kind", "kept", "facts"))


@dataclass(frozen=True, slots=True)
class Entry:
    """An entry tells of one file that was kept, by its digest, and what is needed to judge later ones by it."""

    number: int
    before: str
    population: str
    kind: EntryKind
    kept: str
    facts: Mapping[str, object]

    @property
    def written(self) -> bytes:
        """The bytes of the entry: one way to write it."""
        return canonical({name: getattr(self, name) for name in sorted(_ENTRY)}) + b"\n"

    @property
    def digest(self) -> str:
        """The sha256 by which the next entry names this one."""
        return hashlib.sha256(self.written).hexdigest()


@dataclass(frozen=True, slots=True)
class Head:
    """A head is where a chain ends: to be kept elsewhere, so that a chain rewritten as a whole is found too."""

    number: int
    digest: str


@dataclass(frozen=True, slots=True)
class Chain:
    """A chain is the entries about one population, in a folder of its own below the ledger's."""

    folder: Path
    population: str

    @property
    def place(self) -> Path:
        """The folder of this chain; the population's name stands in the entries alone."""
        return self.folder / hashlib.sha256(self.population.encode()).hexdigest()[:_SHORT]

    def entries(self) -> tuple[Entry, ...]:
        """All entries in their order, each looked at; what does not hold together is refused."""
        if not self.place.is_dir():
            return ()
        found: list[Entry] = []
        for path in sorted(path for path in self.place.iterdir() if not _is_other(path)):
            entry = _read(path)
            before = found[-1].digest if found else ""
            if (entry.number, entry.before, entry.population) != (len(found) + 1, before, self.population):
                raise _broken(f"entry {len(found) + 1} is missing, moved, or does not follow the one before it")
            found.append(entry)
        self._check_head(found)
        return tuple(found)

    def add(self, kind: EntryKind, written: bytes, facts: Mapping[str, object]) -> Entry:
        """Keep a file, then add the entry that tells of it: the file without its entry counts for nothing."""
        earlier = self.entries()
        kept = hashlib.sha256(written).hexdigest()
        self._prepare()
        if not self._kept_path(kept).exists():
            write_whole(self._kept_path(kept), written)
        before = earlier[-1].digest if earlier else ""
        entry = Entry(len(earlier) + 1, before, self.population, kind, kept, facts)
        # A writer that was killed may have left the file; what stands there is looked at before an entry names it.
        self.kept(entry)
        write_whole(self.place / f"{entry.number:08}-{entry.digest}.json", entry.written)
        write_whole(self.place / _HEAD, canonical({"number": entry.number, "digest": entry.digest}), force=True)
        return entry

    def kept_at(self, entry: Entry) -> Path:
        """Where the file that an entry tells of is kept, looked at."""
        self.kept(entry)
        return self._kept_path(entry.kept)

    def kept(self, entry: Entry) -> bytes:
        """The file that an entry tells of, as it was kept."""
        try:
            written = self._kept_path(entry.kept).read_bytes()
        except FileNotFoundError:
            raise _broken(f"the file of entry {entry.number} is missing") from None
        if hashlib.sha256(written).hexdigest() != entry.kept:
            raise _broken(f"the file of entry {entry.number} has been changed")
        return written

    def _kept_path(self, digest: str) -> Path:
        return self.place / _KEPT / digest

    def _prepare(self) -> None:
        for folder in (self.place, self.place / _KEPT):
            if not folder.exists():
                folder.mkdir(mode=0o700)
                sync(folder.parent)

    def _check_head(self, found: list[Entry]) -> None:
        """The head is written after its entry: it may lag one behind where a writer was killed, and never lead."""
        path = self.place / _HEAD
        head = _head_in(path.read_bytes()) if path.exists() else Head(0, "")
        if not 0 <= len(found) - head.number <= 1:
            raise _broken(f"it ends at entry {len(found)}, and its head says {head.number}")
        if head.number and found[head.number - 1].digest != head.digest:
            raise _broken(f"entry {head.number} is not the one that its head names")


@contextmanager
def locked(folder: Path, *, alone: bool) -> Iterator[None]:
    """Hold the folder, alone to write or with other readers; a process that dies lets go of it."""
    try:
        descriptor = os.open(folder / _LOCK, os.O_RDWR | os.O_CREAT, 0o600)
    except OSError as error:
        raise Misused(f"The ledger's folder cannot be used: {error.strerror}.", reason="ledger_folder") from None
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX if alone else fcntl.LOCK_SH)
        yield
    finally:
        os.close(descriptor)


def chains_in(folder: Path) -> tuple[Chain, ...]:
    """All chains of a ledger's folder, each by the population that its first entry names."""
    found = []
    for place in sorted(path for path in folder.iterdir() if path.is_dir()):
        first = next((path for path in sorted(place.iterdir()) if not _is_other(path)), None)
        if first is not None:
            chain = Chain(folder, _read(first).population)
            if chain.place != place:
                raise _broken("a chain stands in the folder of another population")
            found.append(chain)
        elif (place / _HEAD).exists():
            raise _broken("a chain has a head and no entry")
    return tuple(found)


def _is_other(path: Path) -> bool:
    """What stands beside the entries: the head, the kept files, and what a killed writer left half-written."""
    return path.name in {_HEAD, _KEPT} or path.name.endswith(".part")


def _read(path: Path) -> Entry:
    named = _NAME.fullmatch(path.name)
    if named is None:
        raise _broken("a file stands there that is no entry")
    written = path.read_bytes()
    try:
        content = json.loads(written)
        if content.keys() != _ENTRY or content["kind"] not in KINDS:
            raise ValueError
        entry = Entry(**content)
        same = entry.written == written
    except (ValueError, TypeError, AttributeError):
        raise _broken(f"entry {int(named[1])} cannot be read") from None
    if not same or (entry.number, entry.digest) != (int(named[1]), named[2]):
        raise _broken(f"entry {int(named[1])} has been changed")
    return entry


def _head_in(written: bytes) -> Head:
    try:
        content = json.loads(written)
        head = Head(int(content["number"]), str(content["digest"]))
    except (ValueError, TypeError, KeyError):
        raise _broken("its head cannot be read") from None
    return head


def _broken(found: str) -> Unfit:
    return Unfit(
        f"The ledger does not hold together: {found}. Print nothing more of this population before it is known why.",
        reason="ledger_changed",
    )
