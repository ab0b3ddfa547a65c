"""Working jobs off: each step's digest is recorded, and a job that was cut short goes on after the last that still stands.

Its neighbour says who may work; this one does, and keeps the lease while it does.

Handbook 2.6, phases 4 and 5.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from types import MappingProxyType, TracebackType
from typing import Final, Protocol, Self

from jalostamo.concepts.errors import Broken, JalostamoError, Misused, Refused, Unfit
from jalostamo.leases.jobs import Job, ParkReason
from jalostamo.leases.leasing import Lease, Leases, is_lost

LONGEST: Final = 3600.0
"""So many seconds a step is kept alive that tells of no progress: a process that hangs is alive, too."""

# Whether another try would help: what a rule or the data says is an answer, and the same the next time.
_ANSWERS: Final[Mapping[type[JalostamoError], tuple[ParkReason, bool]]] = MappingProxyType(
    {
        Refused: (ParkReason.REFUSED, False),
        Unfit: (ParkReason.UNFIT, False),
        Misused: (ParkReason.MISUSED, True),
        Broken: (ParkReason.OUR_FAULT, True),
    }
)


@dataclass(frozen=True, slots=True)
class Work:
    """Work is what a step is given: what earlier steps gave, and its means to tell how far it is and to take effect.

    What it writes should bear the token in its name: a worker that was overtaken may still be writing, too.
    """

    leases: Leases
    lease: Lease
    payload: str
    given: Mapping[str, str]

    @property
    def token(self) -> int:
        """The fencing token of this try."""
        return self.lease.token

    def tell(self, done: int, total: int = 0) -> None:
        """Tell how many rows of how many are done; refused once the lease is over."""
        self.leases.tell(self.lease, done, total)

    def guard(self, effect: str) -> AbstractContextManager[None]:
        """Hold everybody else off while the effect of this digest takes place; refused once the lease is over."""
        return self.leases.guard(self.lease, effect)


class Step(Protocol):
    """A step of a job: done again, it may give something else only if what it gave before does not stand any more."""

    @property
    def name(self) -> str: ...

    def run(self, work: Work) -> str:
        """Do it, and return the digest of what it gave, which is on the disk by then."""
        ...

    def stands(self, digest: str) -> bool:
        """Whether what it gave, by its digest, is still there, all of it."""
        ...


class Heart:
    """A heart shows every few seconds that the worker lives, as long as it may, beside the work.

    `lost` is called, once, where the lease turns out to be over while the work goes on; `beaten` after every beat.
    """

    def __init__(
        self,
        leases: Leases,
        lease: Lease,
        *,
        longest: float = LONGEST,
        lost: Callable[[], object] = lambda: None,
        beaten: Callable[[], object] = lambda: None,
    ) -> None:
        self._leases, self._lease = leases, lease
        self._lost, self._beaten = lost, beaten
        self._most = int(longest / leases.terms.beat)
        self._left = self._most
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._go_on, daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._over.set()
        self._thread.join()

    def go_on(self) -> None:
        """Let it beat as long as at its beginning: the work has come further, and does not hang."""
        self._left = self._most

    def _go_on(self) -> None:
        while self._left > 0 and not self._over.wait(self._leases.terms.beat):
            self._left -= 1
            try:
                self._leases.beat(self._lease)
                self._beaten()
            except Misused:
                # Somebody else holds the store; the lease outlasts a beat that is missed.
                continue
            except JalostamoError:
                # Unless it is told, the work finds out where it wants to record something, or to take effect.
                if not self._leases.is_done_under(self._lease):
                    self._lost()
                return


def work_off(leases: Leases, lease: Lease, steps: Sequence[Step], *, longest: float = LONGEST) -> Job:
    """Do the steps of a job that are left, and return it as it stands then: done, waiting for another try, or parked.

    Refused where the lease was over in between: then the job is another worker's.
    """
    try:
        return _go_through(leases, lease, steps, longest)
    except (JalostamoError, OSError) as error:
        if isinstance(error, Refused) and is_lost(error):
            raise
        return failed(leases, lease, error)


def failed(leases: Leases, lease: Lease, error: BaseException) -> Job:
    """Say of a try by what error it failed: the job waits for another one, or is parked."""
    if isinstance(error, Refused) and error.reason == ParkReason.EFFECT_DIFFERS.value:
        return leases.fail(lease, ParkReason.EFFECT_DIFFERS, again=False)
    if isinstance(error, OSError):
        return leases.fail(lease, ParkReason.STORAGE)
    answers = (answer for kind, answer in _ANSWERS.items() if isinstance(error, kind))
    reason, again = next(answers, (ParkReason.OUR_FAULT, True))
    return leases.fail(lease, reason, again=again)


def _go_through(leases: Leases, lease: Lease, steps: Sequence[Step], longest: float) -> Job:
    job = leases.job(lease.job)
    if tuple(step.name for step in steps) != job.steps:
        raise Broken(f"Job {job.id} has other steps than its worker.", reason="step_order")
    standing = _standing(job, steps)
    if len(standing) < len(job.recorded):
        leases.forget(lease, job.steps[len(standing)])
    for step in steps[len(standing) :]:
        given = dict(zip(job.steps, standing, strict=False))
        with Heart(leases, lease, longest=longest):
            digest = step.run(Work(leases, lease, job.payload, given))
        leases.record(lease, step.name, digest)
        standing.append(digest)
    return leases.finish(lease)


def _standing(job: Job, steps: Sequence[Step]) -> list[str]:
    """What steps gave, up to the first of which that does not stand any more."""
    standing: list[str] = []
    for step, digest in zip(steps, job.recorded, strict=False):
        if not step.stands(digest):
            break
        standing.append(digest)
    return standing
