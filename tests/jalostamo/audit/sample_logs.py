"""Logs for tests: entries about nobody, a log made of them, and what stands in its files."""

from __future__ import annotations

import datetime
import hashlib
from collections.abc import Mapping
from pathlib import Path

from jalostamo.audit.acts import Act
from jalostamo.audit.entries import Entry, Placed, placed_from
from jalostamo.audit.files import Files
from jalostamo.audit.log import Log
from jalostamo.audit.notes import PublicKey, public_of
from jalostamo.audit.verifying import Report, verify
from jalostamo.concepts.roles import Role
from jalostamo.permits.people import Automaton
from jalostamo.permits.signing import Ed25519Signer

AT = datetime.datetime(2026, 11, 23, 6, 0, tzinfo=datetime.UTC)
SIGNER = Ed25519Signer("jalostamo/audit/test", bytes(range(32)))
KEY: PublicKey = public_of(SIGNER)
PER_FILE = 32
SIZES = (5, 17, 48, 64, 80, 110)
"""Where the sample log has its checkpoints; six entries follow the last."""


def digest(number: int) -> str:
    """The digest of an object."""
    return hashlib.sha256(b"%d" % number).hexdigest()


def entry(number: int, *, at: datetime.datetime = AT) -> Entry:
    """An entry of a person who opens a key, or of the closed room that begins a step."""
    if number % 3:
        return Entry(
            Act.KEY_OPENED, at, Role.ANONYMISATION_EXPERT, "aino", run=f"r-{number}", objects=(digest(number),)
        )
    return Entry(Act.RUN_BEGUN, at, Automaton.CLOSED_ROOM, permit="case-1", run=f"r-{number}")


def log_in(folder: Path, *, exported: Path | None = None, signer: Ed25519Signer = SIGNER) -> Log:
    """A log in a folder, its files so short that a few dozen entries need several."""
    return Log(Files(folder, PER_FILE), signer, exported=exported)


def filled(folder: Path, *, exported: Path | None = None, first: int = 0) -> None:
    """Write the sample log: checkpoints at `SIZES`, and entries behind the last; `first` makes other entries of the same number."""
    log = log_in(folder, exported=exported)
    done = 0
    for size in (*SIZES, SIZES[-1] + 6):
        log.append_all([entry(first + number) for number in range(done, size)])
        done = size
        if size in SIZES:
            log.checkpoint()


def verified(folder: Path, *elsewhere: bytes) -> Report:
    """Verify a log by its files."""
    return verify(Files(folder, PER_FILE), KEY, elsewhere=elsewhere)


def entries_in(folder: Path) -> list[Placed]:
    """All entries, in order; every line must be one."""
    files = sorted(folder.glob("*.jsonl"))
    return [placed_from(line) for file in files for line in file.read_bytes().splitlines()]


def runs_in(folder: Path) -> list[str]:
    """The runs that the entries name, in order."""
    return [placed.entry.run for placed in entries_in(folder)]


def files_in(folder: Path) -> dict[str, bytes]:
    """The files of a log."""
    return {path.name: path.read_bytes() for path in sorted(folder.iterdir())}


def laid_out(folder: Path, files: Mapping[str, bytes]) -> Path:
    """The folder, holding these files and nothing else."""
    folder.mkdir(exist_ok=True)
    for path in folder.iterdir():
        path.unlink()
    for name, data in files.items():
        (folder / name).write_bytes(data)
    return folder
