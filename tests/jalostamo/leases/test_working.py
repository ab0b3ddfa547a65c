"""A job goes on after the last step that still stands; what goes wrong is told in a word of a closed vocabulary."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path

import pytest
from tests.jalostamo.leases.small_work import made_ready, releases_of, steps_in
from tests.jalostamo.leases.stores import DIGEST, KINDS, HandClock, job_of, leases_of

from jalostamo.concepts.errors import Broken, JalostamoError, Misused, Objection, Refused, Unfit
from jalostamo.engine.lease_store import LeaseStore
from jalostamo.leases.jobs import JobState, ParkReason
from jalostamo.leases.leasing import Lease, Leases, is_lost
from jalostamo.leases.times import Terms
from jalostamo.leases.working import Heart, Step, Work, work_off

QUICK = Terms(beat=0.01, expiry=30.0)


@dataclass
class Say:
    """A step that gives what it is told to, and remembers what it was given."""

    name: str
    gives: str | BaseException = DIGEST
    lost: set[str] = field(default_factory=set)
    given: list[dict[str, str]] = field(default_factory=list)

    def run(self, work: Work) -> str:
        self.given.append(dict(work.given))
        if isinstance(self.gives, BaseException):
            raise self.gives
        return self.gives

    def stands(self, digest: str) -> bool:
        return digest not in self.lost


def steps() -> list[Say]:
    return [Say("retrieve", "aa" * 32), Say("link", "bb" * 32), Say("admit", "cc" * 32)]


@pytest.fixture
def leases(tmp_path: Path) -> Iterator[Leases]:
    with LeaseStore(tmp_path / "leases.sqlite", wait=0.05) as store:
        yield Leases(store, HandClock(), QUICK)


def taken(leases: Leases, worker: str = "one") -> Lease:
    leases.add(job_of())
    lease = leases.claim(worker, KINDS)
    assert lease is not None
    return lease


def test_a_job_is_done_step_by_step_each_with_what_the_earlier_gave(leases: Leases) -> None:
    said = steps()
    done = work_off(leases, taken(leases), said)
    assert done.state is JobState.DONE
    assert done.recorded == ("aa" * 32, "bb" * 32, "cc" * 32)
    assert said[2].given == [{"retrieve": "aa" * 32, "link": "bb" * 32}]


def test_it_goes_on_after_the_last_recorded_step(leases: Leases) -> None:
    lease, said = taken(leases), steps()
    leases.record(lease, "retrieve", "aa" * 32)
    assert work_off(leases, lease, said).state is JobState.DONE
    assert said[0].given == []


def test_what_does_not_stand_any_more_is_done_again_with_all_that_follows(leases: Leases) -> None:
    lease, said = taken(leases), steps()
    for step, digest in (("retrieve", "aa" * 32), ("link", "dd" * 32), ("admit", "cc" * 32)):
        leases.record(lease, step, digest)
    said[1].lost.add("dd" * 32)
    done = work_off(leases, lease, said)
    assert done.recorded == ("aa" * 32, "bb" * 32, "cc" * 32)
    assert [len(step.given) for step in said] == [0, 1, 1]


FAULTS: dict[str, tuple[BaseException, JobState, ParkReason]] = {
    "a rule says no": (Refused([Objection("No.", "2.6")], reason="no"), JobState.PARKED, ParkReason.REFUSED),
    "the data is unfit": (Unfit("Bad.", reason="bad"), JobState.PARKED, ParkReason.UNFIT),
    "a file is missing": (Misused("Gone.", reason="gone"), JobState.WAITING, ParkReason.MISUSED),
    "our fault": (Broken("Oh.", reason="oh"), JobState.WAITING, ParkReason.OUR_FAULT),
    "an error of no branch": (JalostamoError("Oh.", reason="oh"), JobState.WAITING, ParkReason.OUR_FAULT),
    "the disk fails": (OSError(5, "Input/output error"), JobState.WAITING, ParkReason.STORAGE),
}


@pytest.mark.parametrize("name", FAULTS)
def test_an_answer_parks_at_once_and_a_fault_after_three_tries(name: str, leases: Leases) -> None:
    error, state, reason = FAULTS[name]
    said = steps()
    said[1].gives = error
    job = work_off(leases, taken(leases), said)
    assert job.state is state
    for _ in range(2):
        if lease := leases.claim("one", KINDS):
            job = work_off(leases, lease, said)
    assert (job.state, job.reason) == (JobState.PARKED, reason)
    assert len(job.recorded) == 1


def test_a_fault_that_nobody_foresaw_is_not_hidden(leases: Leases) -> None:
    said = steps()
    said[0].gives = ZeroDivisionError()
    with pytest.raises(ZeroDivisionError):
        work_off(leases, taken(leases), said)
    assert leases.job("job-1").state is JobState.LEASED


def test_a_job_of_other_steps_is_not_begun(leases: Leases) -> None:
    job = work_off(leases, taken(leases), steps()[:2])
    assert (job.state, job.recorded) == (JobState.WAITING, ())


def test_a_worker_that_was_overtaken_is_told(leases: Leases) -> None:
    @dataclass
    class Overtaken(Say):
        def run(self, work: Work) -> str:
            work.leases.cancel(work.lease.job)
            return super().run(work)

    with pytest.raises(Refused) as refused:
        work_off(leases, taken(leases), [Overtaken("retrieve"), *steps()[1:]])
    assert is_lost(refused.value)
    assert leases.job("job-1").state is JobState.CANCELLED


def test_a_release_is_let_out_by_its_last_step_and_known_again(leases: Leases, tmp_path: Path) -> None:
    folder = made_ready(tmp_path / "place")
    done = work_off(leases, taken(leases), steps_in(folder))
    assert {job: [name[:16] for name in names] for job, names in releases_of(folder).items()} == {
        "job-1": [done.recorded[-1][:16]]
    }
    assert all(step.stands(digest) for step, digest in zip(steps_in(folder), done.recorded, strict=True))


def test_a_release_that_would_be_another_one_is_parked(leases: Leases, tmp_path: Path) -> None:
    folder = made_ready(tmp_path / "place")
    lease = taken(leases)
    with leases.guard(lease, DIGEST):
        pass
    job = work_off(leases, lease, steps_in(folder))
    assert (job.state, job.reason) == (JobState.PARKED, ParkReason.EFFECT_DIFFERS)
    assert releases_of(folder) == {}


def eventually(holds: Callable[[], bool]) -> bool:
    """Wait until something holds, a minute at most."""
    end = time.monotonic() + 60
    while not holds() and time.monotonic() < end:
        time.sleep(0.005)
    return holds()


def ahead(leases: Leases, seconds: float) -> None:
    assert isinstance(leases.clock, HandClock)
    leases.clock.seconds += seconds


def test_a_heart_keeps_the_lease_while_the_work_takes_its_time(leases: Leases) -> None:
    lease = taken(leases)
    with Heart(leases, lease):
        for _ in range(3):
            ahead(leases, 20)
            assert eventually(lambda: leases.job("job-1").until == leases.clock().later(30))


def test_a_heart_stops_when_the_lease_is_another_ones(leases: Leases) -> None:
    lease = taken(leases)
    before = threading.active_count()
    with Heart(leases, lease):
        leases.cancel("job-1")
        assert eventually(lambda: threading.active_count() == before)


def test_a_heart_stops_after_the_longest_time_that_a_step_may_take(leases: Leases) -> None:
    lease = taken(leases)
    before = threading.active_count()
    with Heart(leases, lease, longest=0.05):
        assert eventually(lambda: threading.active_count() == before)
        ahead(leases, 30)
        with pytest.raises(Refused):
            leases.beat(lease)


def test_a_heart_goes_on_when_somebody_else_held_the_leases(leases: Leases, tmp_path: Path) -> None:
    lease = taken(leases)
    with LeaseStore(tmp_path / "leases.sqlite") as other, Heart(leases, lease):
        with other.changing():
            time.sleep(0.2)
        ahead(leases, 20)
        assert eventually(lambda: leases.job("job-1").until == leases.clock().later(30))


def test_work_is_told_while_it_goes_on(leases: Leases) -> None:
    seen: list[tuple[str, int, int]] = []

    @dataclass
    class Telling(Say):
        def run(self, work: Work) -> str:
            work.tell(3, 9)
            progress = work.leases.job(work.lease.job).progress
            assert progress is not None
            seen.append((progress.step, progress.done, progress.total))
            assert work.token == work.lease.token
            return super().run(work)

    work_off(leases, taken(leases), [Telling("retrieve"), *steps()[1:]])
    assert seen == [("retrieve", 3, 9)]


def test_every_step_of_the_tests_is_one(tmp_path: Path) -> None:
    work: list[Step] = [*steps(), *steps_in(tmp_path)]
    assert [step.name for step in work] == [*job_of().steps, *job_of().steps]
    assert replace(job_of(), kind="rows") != job_of()
    assert leases_of().jobs() == ()
