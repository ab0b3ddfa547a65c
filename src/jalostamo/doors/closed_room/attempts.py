"""An attempt at an order: one worker's, under a lease; it tells how far it is, and stops where it may not go on.

Rows lie sealed by a key in the memory of this one process, so that whoever takes an order up again begins with retrieving.

Handbook 2.6, phases 4 and 5.
"""

from __future__ import annotations

import datetime
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING

from jalostamo.concepts.errors import Refused
from jalostamo.doors.closed_room.jobs import JUDGING, tell_status
from jalostamo.doors.closed_room.recording import STEPS, Recorder
from jalostamo.doors.home import Home, alone
from jalostamo.doors.installation import townhall_verifier
from jalostamo.doors.progress import Progress

if TYPE_CHECKING:
    from jalostamo.concepts.errors import Objection
    from jalostamo.leases.leasing import Lease, Leases
    from jalostamo.leases.working import Heart
    from jalostamo.managing.nonsensitive.admission import Leave
    from jalostamo.managing.orders import Ordered
    from jalostamo.managing.sensitive.courses import Course
    from jalostamo.managing.sensitive.obeying import Memory


@dataclass(frozen=True, slots=True)
class Attempt:
    """An attempt is given to whatever carries an order out: whom it tells of its steps, and whom it asks at the last."""

    home: Home
    leases: Leases
    lease: Lease
    ordered: Ordered
    memory: Memory
    record: Recorder
    progress: Progress
    heart: Heart

    @property
    def worker(self) -> str:
        """The name of who is at work; what is laid down for this attempt bears it."""
        return self.lease.worker

    @property
    def telling(self) -> Callable[[str], None]:
        """How a lane tells of its steps: each is judged, and written into the log, before it begins."""
        return self.record.telling(self._begin)

    @property
    def course(self) -> Course:
        """What a lane tells besides: what its steps gave, and how many rows there are so far."""
        from jalostamo.managing.sensitive.courses import Course

        return Course(self._given, self._counted)

    @property
    def leave(self) -> Leave:
        """What a lane asks when all is done but that something leaves."""
        from jalostamo.managing.nonsensitive.admission import Leave

        return Leave(self.objections, self._guarded, self.worker)

    def objections(self) -> Sequence[Objection]:
        """What the newest events of the permit, and the day, say against going on."""
        from jalostamo.managing.permit_events import published_events
        from jalostamo.managing.sensitive.withdrawing import objections_by_now

        with alone(self.home.private("permits"), doing=JUDGING):
            return objections_by_now(
                self.ordered,
                published_events(self.home.permits, self.ordered.order.permit),
                verifier=townhall_verifier(self.home),
                memory=self.memory,
                at=datetime.datetime.now(datetime.UTC),
            )

    def carried_out(self, outcome: str) -> None:
        """Remember what left, before anybody is told."""
        with alone(self.home.private("permits"), doing=JUDGING):
            self.memory.carried_out(self.ordered.order, outcome)

    @contextmanager
    def _guarded(self, _: str) -> Iterator[None]:
        # What leaves has other pseudonyms at each try: the order itself stands for the one thing that leaves under it.
        with self.leases.guard(self.lease, self.ordered.digest, last=True):
            yield

    def _begin(self, name: str) -> None:
        """A step that comes again, as where the cells of an earlier period are compared, is no step of the order."""
        self.progress.step(name)
        job = self.leases.job(self.lease.job)
        step = STEPS.get(name)
        if step is None or step not in job.steps[len(job.recorded) :]:
            return
        if objections := self.objections():
            raise Refused(objections, reason="permit_not_standing")
        for before in job.steps[len(job.recorded) : job.steps.index(step)]:
            self._given(before, "")
        self._counted(job.progress.done if job.progress else 0, 0)

    def _given(self, step: str, digest: str) -> None:
        from jalostamo.managing.sensitive.courses import digest_of_all

        job = self.leases.job(self.lease.job)
        if job.next_step == step:
            # A step that lays nothing down is told by what it was made from.
            made = digest or digest_of_all((job.payload, *job.recorded, step))
            self.leases.record(self.lease, step, made)
            if job.progress:
                self._counted(job.progress.done, 0)

    def _counted(self, rows: int, of: int) -> None:
        self.leases.tell(self.lease, rows, of)
        self.heart.go_on()
        tell_status(self.home, self.leases, self.lease.job)
