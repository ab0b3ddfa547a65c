"""The command `audit`: verify the closed room's log from its files, take a checkpoint of it, or witness one for somebody else.

It loads no room that may see persons: what it reads is about acts, and holds no value.

Handbook 2.6.
"""

from __future__ import annotations

import datetime
import os
import sys
from argparse import ArgumentParser, Namespace
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Final

from jalostamo.concepts.errors import Broken, Misused, Objection, Refused
from jalostamo.concepts.roles import Role
from jalostamo.doors.home import Home, made
from jalostamo.doors.progress import Progress
from jalostamo.doors.terminal import Account, Command, run

if TYPE_CHECKING:
    from jalostamo.audit.checkpoints import Checkpoint
    from jalostamo.audit.log import Log
    from jalostamo.audit.notes import PublicKey
    from jalostamo.audit.verifying import Doubt, Report
    from jalostamo.permits.signing import Ed25519Signer

_SECTION: Final = "Handbook 2.6"
_KEY: Final = "key"
_PUBLIC: Final = "log.pub"
_SEEN: Final = "seen"
_RANDOM: Final = 4
_OF_ENTRIES: Final[Mapping[str, str]] = {
    "changed": "{} cannot be vouched for: not what the next checkpoint was signed for.",
    "missing": "{} cannot be vouched for: not all that a checkpoint was signed for is there.",
    "otherwise": "{} cannot be vouched for: not what a checkpoint that was kept elsewhere was signed for.",
    "unreadable": "{} cannot be read, and what follows says that it had been on the disk.",
    "stray": "{}: in their file stand lines that are none of the log's.",
}


def _add_arguments(parser: ArgumentParser) -> None:
    parser.add_argument("action", choices=[*_ACTIONS], help="what to do")
    parser.add_argument("request", nargs="?", type=Path, help="cosign: the file that `audit checkpoint --since` wrote")
    parser.add_argument("--home", metavar="DIR", type=Path, help="verify, checkpoint: where the log is")
    parser.add_argument(
        "--checkpoint",
        metavar="FILE",
        type=Path,
        action="append",
        default=[],
        help="verify: one that was kept elsewhere",
    )
    parser.add_argument("--key", metavar="KEY", help="verify, cosign: the log's public key, as it was told")
    parser.add_argument("--out", metavar="FILE", type=Path, help="checkpoint, cosign: where to write it")
    parser.add_argument(
        "--by", metavar="STAFF-ID", help="checkpoint: the auditor who takes it (the closed room itself)"
    )
    parser.add_argument(
        "--since", metavar="N", type=int, help="checkpoint: a request to a witness who has seen N entries"
    )
    parser.add_argument("--memory", metavar="DIR", type=Path, help="cosign: where the witness keeps her key and memory")
    parser.add_argument("--name", metavar="NAME", help="cosign, the first time: the name of the witness")
    parser.add_argument("--force", action="store_true", help="replace a file that exists")


def _run(asked: Namespace, progress: Progress) -> Account:
    return _ACTIONS[asked.action](asked, progress)


def _verify(asked: Namespace, progress: Progress) -> Account:
    from jalostamo.audit.files import Files
    from jalostamo.audit.verifying import verify

    home = _home(asked)
    if not home.audit.is_dir():
        raise Misused(f"'{home.folder}' has no audit log.", reason="audit_missing")
    key = _public_key(asked, home)
    progress.step("hashing all entries")
    exported = sorted(home.checkpoints.glob("*.checkpoint")) if home.checkpoints.is_dir() else []
    elsewhere = [_read(path) for path in [*exported, *asked.checkpoint]]
    report = verify(Files(home.audit), key, elsewhere=elsewhere)
    if report.doubts:
        raise Refused([Objection(_told(doubt), _SECTION) for doubt in report.doubts], reason="audit_doubted")
    return Account(_sentences(report, len(elsewhere)), _facts(report, elsewhere=len(elsewhere), key=str(key)))


def _checkpoint(asked: Namespace, _progress: Progress) -> Account:
    from jalostamo.audit.verifying import growth
    from jalostamo.storage.places import check_place, write_whole

    out, since = _given(asked, "out"), asked.since
    check_place(out, force=asked.force)
    log, key = log_of(_home(asked))
    taken = take_checkpoint(log, by=asked.by or "")
    written = taken.note.written if since is None else growth(log.files, key, since=since).written
    write_whole(out, written, force=asked.force)
    size = taken.head.size
    what = (
        "A checkpoint" if since is None else f"A request to the witness who has seen {since} entries, for a checkpoint"
    )
    sentence = f"{what} of {_counted(size)} is in {out.name}: keep it where nobody of the closed room can write."
    return Account((sentence, f"Key: {key}"), {"size": size, "root": taken.head.root.hex(), "key": str(key)})


def take_checkpoint(log: Log, *, by: str) -> Checkpoint:
    """A checkpoint of the log, its taking written down first."""
    from jalostamo.audit.acts import Act
    from jalostamo.audit.entries import Entry
    from jalostamo.permits.people import Automaton

    role, now = Role.AUDITOR if by else Automaton.CLOSED_ROOM, datetime.datetime.now(datetime.UTC)
    try:
        entry = Entry(Act.CHECKPOINT_EXPORTED, now, role, by=by)
    except Broken:
        raise Misused(
            "--by is a staff id: a letter, then letters, digits, '.', '-' and '_'.", reason="by_form"
        ) from None
    with log.recorded(entry):
        taken = log.checkpoint()
    assert taken, "a log with an entry has a checkpoint"
    return taken


def _cosign(asked: Namespace, _progress: Progress) -> Account:
    from jalostamo.audit.notes import COSIGNATURE, public_key_from, public_of
    from jalostamo.audit.witness import Seen, cosign, growth_from, seen_from
    from jalostamo.storage.places import check_place, write_whole

    out, memory = _given(asked, "out"), made(_given(asked, "memory"), mode=0o700)
    check_place(out, force=asked.force)
    if asked.request is None:
        raise Misused("Name the request: the file that `audit checkpoint --since` wrote.", reason="request_missing")
    key = public_key_from(asked.key or "")
    witness = _private_key(memory / _KEY, name=asked.name)
    path = memory / _SEEN
    seen = seen_from(path.read_bytes(), key) if path.exists() else Seen(key)
    signed, after = cosign(growth_from(_read(asked.request)), seen, witness, at=datetime.datetime.now(datetime.UTC))
    # What was seen is kept before the signature is given out: never two for histories that differ.
    write_whole(path, after.written, force=True)
    write_whole(out, signed.note.written, force=asked.force)
    mine = public_of(witness, COSIGNATURE)
    return Account(
        (
            f"The log has grown from {seen.head.size} to {signed.head.size} entries, and nothing else: signed.",
            f"Key: {mine}",
        ),
        {"since": seen.head.size, "size": signed.head.size, "key": str(mine)},
    )


def _home(asked: Namespace) -> Home:
    home = Home(_given(asked, "home"))
    # A misspelt home is not made.
    if not home.folder.is_dir():
        raise Misused(f"'{home.folder}' is no home.", reason="home_missing")
    return home


def _given(asked: Namespace, name: str) -> Path:
    value: Path | None = getattr(asked, name)
    if value is None:
        raise Misused(f"audit {asked.action} needs --{name}; see --help.", reason="usage")
    return value


def _read(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise Misused(f"{path.name} cannot be read: {error.strerror}.", reason="audit_file_unreadable") from None


def _public_key(asked: Namespace, home: Home) -> PublicKey:
    from jalostamo.audit.notes import public_key_from

    return public_key_from(asked.key or _read(home.checkpoints / _PUBLIC).decode("utf-8", "replace"))


def log_of(home: Home) -> tuple[Log, PublicKey]:
    """The log with its key, made with it; the key's name is the log's own, so that no two logs are taken for each other."""
    from jalostamo.audit.files import Files
    from jalostamo.audit.log import Log
    from jalostamo.audit.notes import public_of
    from jalostamo.storage.places import write_whole

    signer = _private_key(home.private("audit") / _KEY, name=f"jalostamo/audit/{os.urandom(_RANDOM).hex()}")
    public = made(home.checkpoints) / _PUBLIC
    if not public.exists():
        write_whole(public, f"{public_of(signer)}\n".encode())
    return Log(Files(home.audit), signer, exported=home.checkpoints), public_of(signer)


def _private_key(path: Path, *, name: str | None) -> Ed25519Signer:
    """The key in a file that its owner alone may read; made where there is none."""
    from jalostamo.audit.notes import private_key_from, private_key_text
    from jalostamo.permits.signing import Ed25519Signer
    from jalostamo.storage.places import put_secret

    if not path.exists():
        try:
            text = private_key_text(Ed25519Signer.new(name or ""))
        except ValueError:
            raise Misused("The first time, name the witness: --name, without spaces.", reason="witness_name") from None
        put_secret(path, text.encode())
    return private_key_from(_read(path).decode("utf-8", "replace"))


def _sentences(report: Report, elsewhere: int) -> tuple[str, ...]:
    rest = report.size - report.covered
    told = [
        f"{_counted(report.vouched)} covered by a checkpoint, and as signed; compared with {report.checkpoints} of the log's "
        f"own checkpoints, and {elsewhere} from elsewhere.",
    ]
    if rest:
        told.append(f"{_counted(rest)} behind the last checkpoint: nothing vouches for that yet.")
    if report.torn:
        told.append(f"The end of the log was torn: {report.torn} bytes, never acknowledged, will be cut off and told.")
    if not elsewhere:
        told.append("No checkpoint was kept elsewhere: whoever holds the log's key could have written all of it anew.")
    return tuple(told)


def _counted(entries: int) -> str:
    return f"{entries} {'entry' if entries == 1 else 'entries'}"


def _told(doubt: Doubt) -> str:
    if doubt.kind == "checkpoint":
        return (
            f"Line {doubt.first + 1} of the log's checkpoints is not one that its key has signed, or not in its place."
        )
    return _OF_ENTRIES[doubt.kind].format(_range(doubt))


def _range(doubt: Doubt) -> str:
    """The numbers of the entries, counted from 0 as they are in the log."""
    one = doubt.end == doubt.first + 1
    return f"Entry {doubt.first}" if one else f"Entries {doubt.first} to {doubt.end - 1}"


def _facts(report: Report, *, elsewhere: int, key: str) -> dict[str, object]:
    return {
        "entries": report.size,
        "vouched": report.vouched,
        "covered": report.covered,
        "checkpoints": report.checkpoints,
        "elsewhere": elsewhere,
        "torn_bytes": report.torn,
        "root": report.root.hex() if report.root else None,
        "key": key,
    }


_ACTIONS: Final[Mapping[str, Callable[[Namespace, Progress], Account]]] = {
    "verify": _verify,
    "checkpoint": _checkpoint,
    "cosign": _cosign,
}

COMMAND: Final = Command(
    name="audit",
    purpose="Verify the log of who did what, take a checkpoint of it to keep elsewhere, or witness one.",
    example="jalostamo audit verify --home town --checkpoint kept.checkpoint",
    add_arguments=_add_arguments,
    run=_run,
)


if __name__ == "__main__":
    sys.exit(run(COMMAND, sys.argv[1:]))
