"""Taking an order up: its turn is waited for, it is carried out under a lease, and however that ends is written down.

Handbook 2.6, phases 4 and 5.
"""

from __future__ import annotations

import os
import signal
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import partial
from itertools import count
from pathlib import Path
from typing import TYPE_CHECKING, Final, NoReturn

from jalostamo.concepts.errors import Objection, Refused
from jalostamo.doors.closed_room.at_work import clear_away
from jalostamo.doors.closed_room.attempts import Attempt
from jalostamo.doors.closed_room.jobs import job_of, opened_leases, tell_status
from jalostamo.doors.closed_room.obeying import obeyed_order
from jalostamo.doors.closed_room.recording import recorder_of
from jalostamo.doors.closed_room.workers import at_the_bench, has_ended
from jalostamo.doors.home import Home, made
from jalostamo.doors.progress import Progress
from jalostamo.doors.terminal import Account, was_asked_to_stop

if TYPE_CHECKING:
    from jalostamo.leases.jobs import Job
    from jalostamo.leases.leasing import Lease, Leases
    from jalostamo.managing.orders import Ordered
    from jalostamo.managing.sensitive.obeying import Obeyed

type Carry = Callable[[Obeyed, Attempt], Account]

PHASE: Final = "2.6, phase 5"
_EVERY: Final = 0.1
_BEATS_A_SHEET: Final = 5
_POISONOUS: Final = frozenset({"worker_lost", "our_fault", "effect_differs"})
"""Why an order is parked until somebody says that it is to be tried again; from other reasons it is enough to run it."""


@dataclass(frozen=True, slots=True)
class Taking:
    """An order that is to be carried out by this process, and its job."""

    home: Home
    ordered: Ordered
    leases: Leases
    worker: str
    progress: Progress


def carried_out(home: Home, place: Path, progress: Progress, *, carry: Carry) -> Account:
    """Carry out one order to its end, by `carry`, and give what that tells; refused where the order has ended otherwise."""
    from jalostamo.managing.orders import read_order

    progress.step("reading the order")
    ordered = read_order(place)
    made(home.status)
    with opened_leases(home) as leases, at_the_bench(home) as worker:
        # Also where the order turns out to be done: what its worker had retrieved when it was killed lies there still.
        clear_away(home)
        taking = Taking(home, ordered, leases, worker, progress)
        lease = _turn(taking)
        try:
            return _attempted(taking, lease, carry)
        finally:
            tell_status(home, leases, lease.job)


def enrolled(home: Home, leases: Leases, ordered: Ordered) -> Job:
    """The job of an order, which is new where the order is."""
    job = leases.add(job_of(ordered))
    tell_status(home, leases, job.id)
    return job


def _turn(taking: Taking) -> Lease:
    """Wait until nobody else is at work, and take the order up."""
    leases, ended = taking.leases, partial(has_ended, taking.home)
    job = enrolled(taking.home, leases, taking.ordered)
    if job.state == "parked" and job.reason not in _POISONOUS:
        # Whoever asks for it again has looked at what was said of it.
        leases.take_up_again(job.id)
    taking.progress.step("waiting for the closed room")
    while (lease := leases.take(job.id, taking.worker, ended=ended)) is None:
        job = leases.job(job.id)
        if job.state not in ("waiting", "leased"):
            _refuse_ended(taking, job)
        time.sleep(_EVERY)
    return lease


def _refuse_ended(taking: Taking, job: Job) -> NoReturn:
    """Say of an order that is not carried out any more how it ended."""
    if job.state == "parked":
        recorder_of(taking.home, taking.ordered).parked()
        tell_status(taking.home, taking.leases, job.id)
        raise Refused([_laid_aside(job)], reason="order_parked")
    if job.state == "cancelled":
        raise Refused(
            [Objection("This order was cancelled: let another run be ordered.", PHASE)], reason="order_cancelled"
        )
    # What it gave is remembered, also where whoever carried it out was killed before.
    with obeyed_order(taking.home, taking.ordered, worker=taking.worker):
        raise Refused(
            [Objection("This order has been carried out: let another run be ordered.", PHASE)], reason="order_done"
        )


def _laid_aside(job: Job) -> Objection:
    reason = job.reason.value.replace("_", " ") if job.reason else ""
    sentence = f"This order was laid aside ({reason}): look at it, then let it be tried again by `closed-room resume`."
    return Objection(sentence, PHASE)


@dataclass(slots=True)
class _Losing:
    """Stops the work of this process once its lease is over, as a signal to stop does."""

    was_lost: bool = field(default=False)

    def __call__(self) -> None:
        self.was_lost = True
        os.kill(os.getpid(), signal.SIGTERM)


def _attempted(taking: Taking, lease: Lease, carry: Carry) -> Account:
    from jalostamo.leases.working import Heart

    leases, losing, beats = taking.leases, _Losing(), count(1)

    def told() -> None:
        if next(beats) % _BEATS_A_SHEET == 0:
            tell_status(taking.home, leases, lease.job)

    try:
        with (
            Heart(leases, lease, lost=losing, beaten=told) as heart,
            obeyed_order(taking.home, taking.ordered, worker=taking.worker) as (obeyed, memory),
        ):
            record = recorder_of(taking.home, taking.ordered)
            attempt = Attempt(taking.home, leases, lease, taking.ordered, memory, record, taking.progress, heart)
            return carry(obeyed, attempt)
    except BaseException as error:
        raise _ended(taking, lease, error, was_lost=losing.was_lost) from None


def _ended(taking: Taking, lease: Lease, error: BaseException, *, was_lost: bool) -> BaseException:
    """By what an attempt is told to have ended, once that stands among the leases."""
    from jalostamo.leases.leasing import is_lost

    leases = taking.leases
    if was_lost:
        return _refusal_of_lost(leases.job(lease.job))
    try:
        if was_asked_to_stop():
            leases.give_back(lease)
        elif isinstance(error, Refused) and error.reason == "order_done":
            leases.settle(lease)
        else:
            _fail(taking, lease, error)
    except Refused as refused:
        # Of what went wrong after the effect, the error is told; of what did since the lease was over, that it was.
        if is_lost(refused) and not leases.is_done_under(lease):
            return _refusal_of_lost(leases.job(lease.job))
    return error


def _fail(taking: Taking, lease: Lease, error: BaseException) -> None:
    from jalostamo.leases.working import failed

    record = recorder_of(taking.home, taking.ordered)
    if failed(taking.leases, lease, error).state == "parked":
        if isinstance(error, Refused) and taking.ordered.order.lane.value == "rows":
            record.held_back()
        else:
            record.parked()


def _refusal_of_lost(job: Job) -> Refused:
    if job.state == "cancelled":
        sentence = "This order was cancelled while it was carried out: what it had retrieved is destroyed."
        return Refused([Objection(sentence, PHASE)], reason="order_cancelled")
    sentence = "Another worker has taken this order up since this one was held: nothing of this one takes effect."
    return Refused([Objection(sentence, PHASE)], reason="lease_lost")
