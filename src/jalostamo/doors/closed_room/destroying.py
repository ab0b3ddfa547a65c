"""The command `destroy-due`: keys whose day has come are destroyed with what they sealed, certified, and written down.

It may be killed anywhere: what was begun is ended by the next run, and certified as it would have been.

Handbook 2.6, phase 8.
"""

from __future__ import annotations

import datetime
import itertools
from argparse import ArgumentParser, Namespace
from collections.abc import Sequence
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Final

from jalostamo.audit.acts import Act
from jalostamo.doors import keys
from jalostamo.doors.auditing import log_of, take_checkpoint
from jalostamo.doors.closed_room.certifying import certify, signer_of
from jalostamo.doors.closed_room.key_keeping import unlocking_asked
from jalostamo.doors.closed_room.opened_vault import opened_vault
from jalostamo.doors.holds import held_permits
from jalostamo.doors.home import Home, made
from jalostamo.doors.installation import is_laid_out
from jalostamo.doors.progress import Progress
from jalostamo.doors.terminal import Account, Command

if TYPE_CHECKING:
    from jalostamo.managing.sensitive.vault import Label, Vault

RULE: Final = "the schedule of the permit"
_SHORT: Final = 8


def _add_arguments(parser: ArgumentParser) -> None:
    parser.add_argument("--home", metavar="DIR", type=Path, required=True, help="the installation")
    parser.add_argument(
        "--today", metavar="DAY", type=datetime.date.fromisoformat, help="what is due by this day (today)"
    )
    keys.add_unlocking(parser)


def _run(asked: Namespace, progress: Progress) -> Account:
    home, now = Home(asked.home), datetime.datetime.now(datetime.UTC)
    # A misspelt home is not made.
    home.delivered()
    day = asked.today or now.astimezone().date()
    held = held_permits(home) if is_laid_out(home) else {}
    with opened_vault(home, unlocking=unlocking_asked(asked, home)) as vault:
        due = vault.due(day)
        withheld = [label for label in due if _folder(label) in held]
        now_due = [label for label in due if _folder(label) not in held]
        if withheld:
            _write_down(home, vault, withheld, at=now, act=Act.KEY_HELD)
        if now_due:
            progress.step("destroying keys")
            _destroy(home, vault, now_due, at=now)
    told = [f"Key {label.key[:_SHORT]} of {label.kind} {label.object}." for label in now_due]
    kept = [f"Key {label.key[:_SHORT]} is held by decision {held[_folder(label)]}." for label in withheld]
    counted = f"{len(now_due)} keys were due by {day.isoformat()} and destroyed; {len(withheld)} are held."
    where = (f"A signed certificate of each is in {home.certificates}.",) if now_due else ()
    return Account(
        (counted, *told, *kept, *where),
        {"destroyed": [label.key for label in now_due], "held": [label.key for label in withheld]},
    )


def _folder(label: Label) -> str:
    """The folder of the permit under which something was made."""
    return label.object.partition("/")[0]


def _destroy(home: Home, vault: Vault, labels: Sequence[Label], *, at: datetime.datetime) -> None:
    from jalostamo.managing.sensitive.release_keys import sealed_files

    log, signer = log_of(home)[0], signer_of(home)
    _write_down(home, vault, labels, at=at, act=Act.KEY_DESTROYED)
    for permit, theirs in itertools.groupby(sorted(labels, key=_folder), key=_folder):
        vault.destroy(
            list(theirs),
            rule=RULE,
            decision=permit,
            at=at.isoformat(timespec="seconds"),
            elsewhere=partial(sealed_files, home.releases),
            certified=partial(certify, made(home.certificates), signer),
        )
    take_checkpoint(log, by="")


def _write_down(home: Home, vault: Vault, labels: Sequence[Label], *, at: datetime.datetime, act: Act) -> None:
    """What is about to be destroyed, or is kept for all that it is due, goes into the log first, by what each key commits to."""
    from jalostamo.audit.entries import MOST_OBJECTS, Entry
    from jalostamo.permits.people import Automaton

    ours = {label.key for label in labels}
    commitments = [header.commitment for header in vault.keys.headers if header.id in ours]
    for some in itertools.batched(commitments, MOST_OBJECTS):
        log_of(home)[0].append(Entry(act, at, Automaton.CLOSED_ROOM, objects=some))


COMMAND: Final = Command(
    name="closed-room destroy-due",
    purpose="Destroy the keys whose day has come by the permits' schedules, with what they sealed; certify each.",
    example="jalostamo closed-room destroy-due --home town",
    add_arguments=_add_arguments,
    run=_run,
)
