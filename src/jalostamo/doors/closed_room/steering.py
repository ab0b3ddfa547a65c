"""What a person of the closed room does about an order: give it up, or let it be tried again once somebody has looked.

Handbook 2.6, phases 4 and 5.
"""

from __future__ import annotations

import time
from argparse import ArgumentParser, Namespace
from pathlib import Path
from typing import TYPE_CHECKING, Final

from jalostamo.concepts.errors import Misused
from jalostamo.doors.closed_room.at_work import clear_away
from jalostamo.doors.closed_room.jobs import job_name, opened_leases, tell_status
from jalostamo.doors.closed_room.recording import recorder_of
from jalostamo.doors.closed_room.taking import enrolled
from jalostamo.doors.closed_room.workers import has_ended
from jalostamo.doors.home import Home, made
from jalostamo.doors.progress import Progress
from jalostamo.doors.terminal import Account, Command

if TYPE_CHECKING:
    from jalostamo.managing.orders import Ordered

_PATIENCE: Final = 30.0
_EVERY: Final = 0.1


def _add_arguments(parser: ArgumentParser) -> None:
    parser.add_argument("order", metavar="ORDER", type=Path, help="an order of the exchange: its folder")
    parser.add_argument("--home", metavar="DIR", type=Path, required=True, help="where the closed room is")


def _cancel(asked: Namespace, progress: Progress) -> Account:
    from jalostamo.managing.orders import read_order

    home, ordered = _home(asked), read_order(asked.order)
    with opened_leases(home) as leases:
        before = enrolled(home, leases, ordered)
        if before.state == "cancelled":
            return _cancelled(ordered, destroyed=True)
        if before.state == "done":
            raise Misused("This order is done: it cannot be cancelled any more.", reason="job_done")
        # Written down first, as everything is; that it was too late is then told by the order's own end.
        recorder_of(home, ordered).cancelled()
        leases.cancel(before.id, is_out=lambda: _is_out(home, ordered))
        tell_status(home, leases, before.id)
    progress.step("waiting for its worker to destroy what it had retrieved")
    until = time.monotonic() + _PATIENCE
    while before.worker and not has_ended(home, before.worker) and time.monotonic() < until:
        time.sleep(_EVERY)
    clear_away(home)
    return _cancelled(ordered, destroyed=not before.worker or has_ended(home, before.worker))


def _cancelled(ordered: Ordered, *, destroyed: bool) -> Account:
    rest = (
        "what it had retrieved is destroyed"
        if destroyed
        else "its worker is held: what it had retrieved is destroyed when it goes on, or by the next run after it has ended"
    )
    return Account(
        (f"Cancelled: nothing of this order leaves any more, and {rest}. Another run is ordered anew.",),
        {"order": job_name(ordered), "destroyed": destroyed},
    )


def _is_out(home: Home, ordered: Ordered) -> bool:
    """Whether something left under an order by a worker that was killed before it could say so."""
    from jalostamo.managing.manifests import released_under
    from jalostamo.managing.orders import printed_under

    head = ordered.order.head
    release = released_under(home.releases, head) if home.releases.is_dir() else None
    return release is not None or printed_under(home.cubes, head) is not None


def _resume(asked: Namespace, _progress: Progress) -> Account:
    from jalostamo.managing.orders import read_order

    home, ordered = _home(asked), read_order(asked.order)
    with opened_leases(home) as leases:
        job = enrolled(home, leases, ordered)
        leases.take_up_again(job.id)
        tell_status(home, leases, job.id)
    return Account(
        ("It waits again: `closed-room work`, or `closed-room run`, takes it up.",), {"order": job_name(ordered)}
    )


def _home(asked: Namespace) -> Home:
    home = Home(asked.home)
    # A misspelt home is not made.
    home.delivered()
    made(home.status)
    return home


CANCEL: Final = Command(
    name="closed-room cancel",
    purpose="Give an order up, also while it is carried out: what it had retrieved is destroyed.",
    example="jalostamo closed-room cancel town/exchange/orders/0123456789abcdef --home town",
    add_arguments=_add_arguments,
    run=_cancel,
)
RESUME: Final = Command(
    name="closed-room resume",
    purpose="Let an order that was laid aside be tried again, once somebody has looked at it.",
    example="jalostamo closed-room resume town/exchange/orders/0123456789abcdef --home town",
    add_arguments=_add_arguments,
    run=_resume,
)
