"""Orders as jobs of the closed room: where their leases are kept, and how far each is, as the exchange may know it.

Handbook 2.6, phases 4 and 5.
"""

from __future__ import annotations

import datetime
import math
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING, Final

from jalostamo.concepts.errors import JalostamoError
from jalostamo.doors.home import Home, made

if TYPE_CHECKING:
    from jalostamo.doors.status_sheets import Standing
    from jalostamo.leases.jobs import Job
    from jalostamo.leases.leasing import Leases
    from jalostamo.leases.times import Instant, Terms
    from jalostamo.managing.orders import Ordered

JUDGING: Final = "judging an order"
"""What another process is told to wait for."""

STEPS_OF: Final = {
    "rows": ("retrieve", "link", "prepare", "validate", "admit"),
    "cells": ("retrieve", "link", "prepare", "count", "print"),
}
_ID: Final = 32
_ROUNDED_SECONDS: Final = 5


@contextmanager
def opened_leases(home: Home) -> Iterator[Leases]:
    """The leases of this closed room, in a file of its own."""
    from jalostamo.engine.lease_store import LeaseStore
    from jalostamo.leases.leasing import Leases
    from jalostamo.leases.times import machine_clock

    with LeaseStore(home.private("leases") / "jobs.sqlite") as store:
        yield Leases(store, machine_clock(), terms())


def terms() -> Terms:
    """A worker shows every second that it lives, since that is also when it learns that it is to stop."""
    from jalostamo.leases.times import Terms

    return Terms(beat=1.0, expiry=30.0)


def job_of(ordered: Ordered) -> Job:
    """An order as a job; the same order is the same job, wherever its folder lies."""
    from jalostamo.leases.jobs import Job

    lane = ordered.order.lane.value
    return Job(job_name(ordered), lane, ordered.digest, STEPS_OF[lane])


def job_name(ordered: Ordered) -> str:
    """What the job of an order is called: as its folder in the exchange."""
    return ordered.digest[:_ID]


def tell_status(home: Home, leases: Leases, name: str) -> None:
    """Write down how far a job is, for the exchange; where that cannot be written, nothing stops for it."""
    from jalostamo.doors.status_sheets import place_of
    from jalostamo.storage.places import write_whole

    with suppress(JalostamoError):
        standing = standing_of(leases.job(name), now=leases.clock())
        write_whole(place_of(made(home.status), name), standing.written, force=True)


def standing_of(job: Job, *, now: Instant) -> Standing:
    """A job as the exchange may know it: counts that tell of the run are rounded, as those of a release are."""
    from jalostamo.doors.status_sheets import Standing
    from jalostamo.managing.manifests import rounded

    state, running = _state(job), job.state == "leased"
    number = len(job.recorded) + 1 if running else len(job.recorded)
    progress = job.progress
    left = progress.left(now) if progress and running and progress.done < progress.total else None
    return Standing(
        order=job.id,
        lane=job.kind,
        state=state,
        step=len(job.steps) if state == "done" else min(number, len(job.steps)),
        steps=len(job.steps),
        name=(job.next_step or "") if running else "",
        rows=rounded(progress.done) if progress else 0,
        left=None if left is None else _ROUNDED_SECONDS * math.ceil(left / _ROUNDED_SECONDS),
        tries=job.tries,
        reason=job.reason.value if job.reason else "",
        at=datetime.datetime.now(datetime.UTC).isoformat(timespec="seconds"),
    )


def _state(job: Job) -> str:
    if job.state == "parked" and job.reason == "refused":
        return "refused"
    return "running" if job.state == "leased" else job.state.value
