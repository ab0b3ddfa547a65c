"""Leases: who may work at which job until when; the token by which a worker that was overtaken is told and refused.

Handbook 2.6, phases 4 and 5.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from typing import Final

from jalostamo.concepts.errors import Broken, Misused, Objection, Refused
from jalostamo.leases.jobs import Job, JobState, ParkReason, Progress, read, written
from jalostamo.leases.keeping import Shelf, Store
from jalostamo.leases.times import Clock, Instant, Terms

TRIES: Final = 3
"""So often a job is taken up without a step more before it is parked."""
_SECTION: Final = "2.6, phase 5"
_LEASED: Final = (JobState.LEASED.value,)


@dataclass(frozen=True, slots=True)
class Lease:
    """A lease is one worker's right to one job; each has a token larger than all before, of any job."""

    job: str
    token: int
    worker: str


@dataclass(frozen=True, slots=True)
class Leases:
    """Leases over a store: every verb is one change of it, so that two workers never both succeed."""

    store: Store
    clock: Clock
    terms: Terms = Terms()

    def add(self, job: Job) -> Job:
        """Add a job; adding the very same one again changes nothing, so that an order may be handed in twice."""
        with self.store.changing() as shelf:
            there = shelf.find(job.id)
            if there is None:
                _put(shelf, job)
                return job
            found = read(there)
        if (found.kind, found.payload, found.steps) != (job.kind, job.payload, job.steps):
            raise Misused(f"Job {job.id} is there already, and is another one.", reason="job_differs")
        return found

    def claim(self, worker: str, kinds: Collection[str]) -> Lease | None:
        """Take up one job of these kinds: first what a lost worker left, then the oldest that waits; None if there is none."""
        with self.store.changing() as shelf:
            job = self._left(shelf, kinds)
            if job is None:
                waiting = shelf.oldest(JobState.WAITING, kinds)
                job = read(waiting) if waiting else None
            return self._leased(shelf, job, worker) if job else None

    def take(self, name: str, worker: str, *, ended: Callable[[str], bool] = lambda _: False) -> Lease | None:
        """Take up this very job once nobody is at work; None while somebody is, or where it is not to be done any more.

        `ended` is asked of a worker whether it is known to have ended, however long its lease would last. A job that was
        lost too often is parked instead.
        """
        with self.store.changing() as shelf:
            job, now = _found(shelf, name), self.clock()
            at_work = map(read, shelf.all_of(_LEASED))
            if any(not (_is_over(other, now) or ended(other.worker)) for other in at_work):
                return None
            if job.state is JobState.LEASED and job.tries >= TRIES:
                _put(shelf, job.let_go(JobState.PARKED, ParkReason.WORKER_LOST))
                return None
            return self._leased(shelf, job, worker) if job.state in (JobState.WAITING, JobState.LEASED) else None

    def beat(self, lease: Lease) -> None:
        """Show that the worker lives: the lease lasts from now on; refused once it is over."""
        with self.store.changing() as shelf:
            self._renew(shelf, self._held(shelf, lease))

    def record(self, lease: Lease, step: str, digest: str) -> None:
        """Record what the next step gave; a step that was never reached before makes the tries begin anew."""
        with self.store.changing() as shelf:
            job = self._held(shelf, lease)
            if job.next_step != step:
                raise Broken(f"Step {step} of job {job.id} is not the next one.", reason="step_order")
            recorded = (*job.recorded, digest)
            is_new = len(recorded) > job.reached
            counted = replace(job, tries=1, reached=len(recorded)) if is_new else job
            self._renew(shelf, replace(counted, recorded=recorded, progress=None))

    def forget(self, lease: Lease, step: str) -> None:
        """Forget what a step and those after it gave, since it does not stand there any more."""
        with self.store.changing() as shelf:
            job = self._held(shelf, lease)
            self._renew(shelf, replace(job, recorded=job.recorded[: job.steps.index(step)]))

    def tell(self, lease: Lease, done: int, total: int = 0) -> None:
        """Tell how many rows of how many the step at hand has done; that shows too that the worker lives."""
        with self.store.changing() as shelf:
            job = self._held(shelf, lease)
            step = job.next_step or job.steps[-1]
            started = job.progress.started if job.progress and job.progress.step == step else self.clock()
            self._renew(shelf, replace(job, progress=Progress(step, done, total, started)))

    @contextmanager
    def guard(self, lease: Lease, effect: str, *, last: bool = False) -> Iterator[None]:
        """Hold everybody else off while something takes effect; refused once the lease is over, before it does.

        `effect` is the digest of what is let out: a job that had begun to let out something else is refused, so that
        even what was lost in the middle and made anew differently never comes out twice. With `last` the job is done
        with the effect: nobody can cancel it in between.
        """
        with self.store.changing() as shelf:
            job = self._held(shelf, lease)
            if job.effect not in ("", effect):
                raise Refused(
                    [Objection(f"Job {job.id} has begun to let out another release: look which one stands.", _SECTION)],
                    reason="effect_differs",
                )
            # Durable before anything takes effect, and so in a change of its own.
            self._renew(shelf, replace(job, effect=effect))
        with self.store.changing() as shelf:
            job = self._held(shelf, lease)
            yield
            # Nobody could overtake meanwhile, however long it took.
            if last:
                _put(shelf, job.let_go(JobState.DONE))
            else:
                self._renew(shelf, job)

    def finish(self, lease: Lease) -> Job:
        """End a job whose steps are all recorded."""
        with self.store.changing() as shelf:
            job = self._held(shelf, lease)
            if job.next_step is not None:
                raise Broken(f"Job {job.id} is not done: step {job.next_step} is not recorded.", reason="step_order")
            done = job.let_go(JobState.DONE)
            _put(shelf, done)
        return done

    def settle(self, lease: Lease) -> Job:
        """End a job whose effect stands already: a worker before was lost after it had come, and before it was told."""
        with self.store.changing() as shelf:
            done = self._held(shelf, lease).let_go(JobState.DONE)
            _put(shelf, done)
        return done

    def fail(self, lease: Lease, reason: ParkReason, *, again: bool = True) -> Job:
        """Say that a try failed: the job waits for another one, or is parked after the last, or if none would help."""
        with self.store.changing() as shelf:
            job = self._held(shelf, lease)
            is_last = not again or job.tries >= TRIES
            left = job.let_go(JobState.PARKED, reason) if is_last else job.let_go(JobState.WAITING)
            _put(shelf, left)
        return left

    def give_back(self, lease: Lease) -> None:
        """Let another worker take the job up, without counting a try: this one was asked to stop."""
        with self.store.changing() as shelf:
            job = self._held(shelf, lease)
            _put(shelf, replace(job.let_go(JobState.WAITING), tries=job.tries - 1))

    def cancel(self, name: str, *, is_out: Callable[[], bool] = lambda: False) -> Job:
        """Cancel a job, whoever has it: from now on nothing of it takes effect; refused once it is done.

        Of a job that had begun to let something out, `is_out` is asked whether that came; while it looks, nothing can.
        """
        with self.store.changing() as shelf:
            job = _found(shelf, name)
            if job.state is JobState.DONE or (job.effect and is_out()):
                raise Misused(f"Job {name} is done: it cannot be cancelled any more.", reason="job_done")
            cancelled = job.let_go(JobState.CANCELLED)
            _put(shelf, cancelled)
        return cancelled

    def take_up_again(self, name: str) -> Job:
        """Let a parked job wait again, once somebody has looked at it; what its steps gave is kept."""
        with self.store.changing() as shelf:
            job = _found(shelf, name)
            if job.state is not JobState.PARKED:
                raise Misused(f"Job {name} is not parked, but {job.state}.", reason="job_not_parked")
            waiting = replace(job.let_go(JobState.WAITING), tries=0)
            _put(shelf, waiting)
        return waiting

    def job(self, name: str) -> Job:
        """The job of this name, as it stands."""
        with self.store.looking() as shelf:
            return _found(shelf, name)

    def is_done_under(self, lease: Lease) -> bool:
        """Whether the job was ended under this very lease, and by nobody else."""
        job = self.job(lease.job)
        return job.state is JobState.DONE and job.token == lease.token

    def jobs(self) -> tuple[Job, ...]:
        """All jobs, in the order in which they came."""
        with self.store.looking() as shelf:
            return tuple(map(read, shelf.all_of([state.value for state in JobState])))

    def _left(self, shelf: Shelf, kinds: Collection[str]) -> Job | None:
        """What the first lost worker left; those that were lost too often are parked on the way."""
        now = self.clock()
        for job in map(read, shelf.all_of(_LEASED)):
            if job.kind not in kinds or not _is_over(job, now):
                continue
            if job.tries < TRIES:
                return job
            _put(shelf, job.let_go(JobState.PARKED, ParkReason.WORKER_LOST))
        return None

    def _held(self, shelf: Shelf, lease: Lease) -> Job:
        """The job of a lease that is not over; looked at within the change that rests on it."""
        job = _found(shelf, lease.job)
        # The clock is read now: to get this far the worker may have waited for others.
        if job.state is not JobState.LEASED or job.token != lease.token or _is_over(job, self.clock()):
            raise Refused(
                [
                    Objection(
                        f"The lease of job {lease.job} is over: what was done under it may not take effect.", _SECTION
                    )
                ],
                reason="lease_lost",
            )
        return job

    def _leased(self, shelf: Shelf, job: Job, worker: str) -> Lease:
        lease = Lease(job.id, shelf.next_number(), worker)
        _put(shelf, job.taken_by(worker, token=lease.token, until=self.clock().later(self.terms.expiry)))
        return lease

    def _renew(self, shelf: Shelf, job: Job) -> None:
        _put(shelf, replace(job, until=self.clock().later(self.terms.expiry)))


def is_lost(refused: Refused) -> bool:
    """Whether this was refused because the lease was over, and not for anything about the job."""
    return refused.reason == "lease_lost"


def _is_over(job: Job, now: Instant) -> bool:
    return job.until is None or job.until.is_past(now)


def _found(shelf: Shelf, name: str) -> Job:
    text = shelf.find(name)
    if text is None:
        raise Misused(f"There is no job {name}.", reason="job_unknown")
    return read(text)


def _put(shelf: Shelf, job: Job) -> None:
    shelf.put(job.id, written(job), kind=job.kind, state=job.state.value)
