"""The worker: it takes every order that waits in the exchange, each in a process of its own, and goes on when one breaks.

Handbook 2.6, phases 4 and 5.
"""

from __future__ import annotations

import time
from argparse import ArgumentParser, Namespace
from collections import Counter
from contextlib import suppress
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Final

from jalostamo.concepts.errors import JalostamoError
from jalostamo.doors.children import ask
from jalostamo.doors.closed_room.jobs import job_of, opened_leases, tell_status
from jalostamo.doors.closed_room.workers import has_ended
from jalostamo.doors.home import Home, made
from jalostamo.doors.installation import townhall_verifier
from jalostamo.doors.progress import Progress
from jalostamo.doors.terminal import Account, Command

if TYPE_CHECKING:
    from jalostamo.leases.jobs import Job
    from jalostamo.leases.leasing import Leases

_ROOM: Final = "jalostamo.doors.closed_room"
_MOST: Final = 3


def _add_arguments(parser: ArgumentParser) -> None:
    parser.add_argument(
        "--home", metavar="DIR", type=Path, required=True, help="where orders, sources and releases are"
    )
    parser.add_argument("--once", action="store_true", help="end when no order waits, instead of waiting for more")


def _run(asked: Namespace, progress: Progress) -> Account:
    home = Home(asked.home)
    # A home that was not laid out has nobody whose orders could be believed.
    townhall_verifier(home)
    made(home.status)
    worker = Worker(home, progress)
    while True:
        worker.work()
        if asked.once:
            return worker.account()
        progress.step("waiting for orders")
        time.sleep(worker.look)


class Worker:
    """A worker of one home: the orders that it knows, and how those ended that it took up."""

    def __init__(self, home: Home, progress: Progress) -> None:
        self._home, self._progress = home, progress
        self._places: dict[str, Path] = {}
        self._unreadable: set[Path] = set()
        self._ended: Counter[str] = Counter()
        self._untouched: Counter[str] = Counter()
        self.look = 0.0

    def work(self) -> None:
        """Carry out what waits, until nothing does."""
        with opened_leases(self._home) as leases:
            self.look = leases.terms.look
            self._enrol(leases)
            while (job := self._next(leases)) is not None:
                self._carry_out(leases, job)
                self._enrol(leases)

    def account(self) -> Account:
        """How the orders ended that were taken up."""
        states = dict(sorted(self._ended.items()))
        told = ", ".join(f"{count} {state}" for state, count in states.items()) or "none waited"
        unreadable = len(self._unreadable)
        doubt = (f"{unreadable} in the exchange are no orders, and were left alone.",) if unreadable else ()
        return Account((f"Orders: {told}.", *doubt), {"orders": states, "unreadable": unreadable})

    def _enrol(self, leases: Leases) -> None:
        """Every order of the exchange as a job; what is none is told of, and not looked at again."""
        from jalostamo.managing.orders import read_order, waiting_orders

        known = {*self._places.values(), *self._unreadable}
        for place in waiting_orders(self._home.orders):
            if place in known:
                continue
            try:
                job = leases.add(job_of(read_order(place)))
            except JalostamoError:
                self._unreadable.add(place)
                continue
            self._places[job.id] = place
            tell_status(self._home, leases, job.id)

    def _next(self, leases: Leases) -> Job | None:
        """The first job that waits, or whose worker is known to have ended, as far as its order is still there."""
        ended = partial(has_ended, self._home)
        for job in leases.jobs():
            lost = job.state == "leased" and (
                ended(job.worker) or job.until is None or job.until.is_past(leases.clock())
            )
            if job.id in self._places and (job.state == "waiting" or lost):
                return job
        return None

    def _carry_out(self, leases: Leases, job: Job) -> None:
        self._progress.step("carrying out an order")
        # How it ended stands among the leases, also where its process was killed.
        with suppress(JalostamoError):
            ask(_ROOM, "run", str(self._places[job.id]), "--home", str(self._home.folder))
        after = leases.job(job.id)
        if after.state not in ("waiting", "leased"):
            self._ended[after.state.value] += 1
        elif after == job:
            self._leave_alone(job)

    def _leave_alone(self, job: Job) -> None:
        """An order whose process does not even begin, as where its files are gone, would be tried for ever."""
        self._untouched[job.id] += 1
        if self._untouched[job.id] == _MOST:
            self._unreadable.add(self._places.pop(job.id))


WORK: Final = Command(
    name="closed-room work",
    purpose="Carry out every order that waits, and those that come, until it is stopped.",
    example="jalostamo closed-room work --home town --once",
    add_arguments=_add_arguments,
    run=_run,
)
