"""The command `hold`: townhall's side keeps data of a permit beyond its day, by a decision, or ends that.

Handbook 2.6, phase 8.
"""

from __future__ import annotations

import datetime
import re
import sys
from argparse import ArgumentParser, Namespace
from collections.abc import Sequence
from pathlib import Path
from typing import Final

from jalostamo.concepts.errors import Misused
from jalostamo.doors.holds import hold, lift
from jalostamo.doors.home import Home
from jalostamo.doors.installation import level_of, refuse_other_user
from jalostamo.doors.progress import Progress
from jalostamo.doors.terminal import Account, Command, run

_ACTIONS: Final = ("place", "lift")
_DECISION: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9._/-]{0,63}", re.ASCII)


def _add_arguments(parser: ArgumentParser) -> None:
    parser.add_argument("action", metavar="|".join(_ACTIONS), choices=_ACTIONS, help="what to do")
    parser.add_argument("permit", metavar="PERMIT", help="of whose data")
    parser.add_argument("--home", metavar="DIR", type=Path, required=True, help="the installation")
    parser.add_argument("--decision", metavar="ID", help="place: by which decision, such as HEL-2026/14")
    parser.add_argument(
        "--since", metavar="DAY", type=datetime.date.fromisoformat, help="place: since when it holds (today)"
    )


def _run(asked: Namespace, _progress: Progress) -> Account:
    home = Home(asked.home)
    # A home that was not laid out has nobody who could sign.
    level_of(home)
    refuse_other_user(home, "townhall")
    if asked.action == "lift":
        lift(home, asked.permit)
        return Account(("Lifted: what is due is destroyed at the next `closed-room destroy-due`.",), {"held": False})
    _refuse_unknown(home, asked.permit)
    if not _DECISION.fullmatch(asked.decision or ""):
        raise Misused(
            "A hold names its decision: --decision, letters and digits with '.', '/', '-' and '_' between them.",
            reason="hold_asked",
        )
    since = asked.since or datetime.datetime.now().astimezone().date()
    hold(home, asked.permit, decision=asked.decision, since=since)
    sentence = "Held: `closed-room destroy-due` destroys nothing of this permit until the hold is lifted."
    return Account((sentence,), {"held": True, "decision": asked.decision, "since": since.isoformat()})


def _refuse_unknown(home: Home, permit: str) -> None:
    """A hold on a permit whose name is misspelt would hold nothing, and let be destroyed what was to be kept."""
    from jalostamo.managing.permit_events import published_events

    if not published_events(home.permits, permit):
        raise Misused(
            "Townhall has published no permit of that name: look at how it is written.", reason="permit_unknown"
        )


COMMAND: Final = Command(
    name="hold",
    purpose="Keep the data of a permit beyond its day, by a decision that townhall signs, or end that.",
    example="jalostamo hold place child-protection-pilot --home town --decision HEL-2026/14",
    add_arguments=_add_arguments,
    run=_run,
)


def main(words: Sequence[str] | None = None) -> int:
    """Run the command and return its exit code."""
    return run(COMMAND, sys.argv[1:] if words is None else words)


if __name__ == "__main__":
    sys.exit(main())
