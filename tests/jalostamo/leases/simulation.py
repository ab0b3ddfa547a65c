"""A town of workers in one process: each is killed, paused and woken at any of its moments, by a seed.

Every worker makes something of its own at each step, as random keys do, so that two releases of one job are two; what a
step gave may be lost; time goes on by hand, and the machine is started anew now and then.
"""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from hashlib import sha256

from tests.jalostamo.leases.stores import KINDS, STEPS, HandClock, InMemory, job_of

from jalostamo.concepts.errors import Broken, Misused, Refused
from jalostamo.leases.jobs import Job, JobState, ParkReason, read
from jalostamo.leases.leasing import Lease, Leases, is_lost


@dataclass
class Worker:
    """A worker: where it is in its work, what it has, and whether it is paused, or was since it took that up."""

    name: str
    life: Iterator[None] = field(default_factory=lambda: iter(()))
    lease: Lease | None = None
    asleep: bool = False
    slept: bool = False
    late: bool = False


@dataclass
class Town:
    """Workers, their jobs, and what came of them."""

    leases: Leases
    store: InMemory
    clock: HandClock
    chance: random.Random
    workers: list[Worker] = field(default_factory=list)
    there: set[str] = field(default_factory=set)
    released: dict[str, list[str]] = field(default_factory=dict)
    counted: Counter[str] = field(default_factory=Counter)
    wrong: list[str] = field(default_factory=list)
    cancelled: dict[str, int] = field(default_factory=dict)

    def hire(self) -> Worker:
        """Start a worker."""
        self.counted["hired"] += 1
        worker = Worker(f"worker-{self.counted['hired']}")
        worker.life = self.work(worker)
        return worker

    def work(self, worker: Worker) -> Iterator[None]:
        """A worker's life, moment by moment; between any two of them it may be killed or paused."""
        while True:
            yield
            try:
                worker.slept = False
                worker.lease = self.leases.claim(worker.name, KINDS)
                if worker.lease is not None:
                    yield from self.try_job(worker.lease)
            except Refused as refused:
                self.was_refused(worker, refused)
            except Misused:
                self.counted["busy"] += 1
            except Broken:
                self.counted["broken"] += 1
            worker.lease = None

    def was_refused(self, worker: Worker, refused: Refused) -> None:
        """Count a refusal; one that meets a worker who was awake all the time, and whose job nobody cancelled, is wrong."""
        self.counted["refused"] += 1
        assert worker.lease is not None
        if not is_lost(refused):
            self.leases.fail(worker.lease, ParkReason.EFFECT_DIFFERS, again=False)
        elif not worker.slept and worker.lease.job not in self.cancelled:
            self.wrong.append("a worker was overtaken that lived")

    def try_job(self, lease: Lease) -> Iterator[None]:
        job = self.leases.job(lease.job)
        standing = [digest for digest in job.recorded if digest in self.there]
        if len(standing) < len(job.recorded):
            yield
            lost = next(place for place, digest in enumerate(job.recorded) if digest not in self.there)
            self.leases.forget(lease, job.steps[lost])
            standing = list(job.recorded[:lost])
        for step in job.steps[len(standing) :]:
            yield
            digest = sha256(f"{standing}{self.chance.random()}".encode()).hexdigest()
            if step == "admit":
                digest = standing[-1]
                yield from self.release(lease, digest)
            self.there.add(digest)
            yield
            self.leases.record(lease, step, digest)
            standing.append(digest)
        yield
        self.leases.finish(lease)

    def release(self, lease: Lease, digest: str) -> Iterator[None]:
        yield
        with self.leases.guard(lease, digest):
            yield
            there = self.released.setdefault(lease.job, [])
            if digest not in there:
                there.append(digest)
                if len(there) > 1:
                    self.wrong.append("a job was released twice")
                if lease.job in self.cancelled:
                    self.wrong.append("a cancelled job was released")
            # Killed here, it is out and not recorded.
            yield

    def happen(self) -> None:
        """Let one thing happen."""
        worker = self.chance.choice(self.workers)
        (happening,) = self.chance.choices(
            (self.go_on, self.kill, self.pause, self.wake, self.pass_time, self.lose, self.cancel, self.restart),
            (80, 3, 3, 4, 4, 0.5, 0.1, 0.05),
        )
        happening(worker)

    def go_on(self, worker: Worker) -> None:
        if not worker.asleep:
            next(worker.life)

    def kill(self, worker: Worker) -> None:
        self.counted["faults"] += 1
        self.counted["killed"] += 1
        self.end(worker)
        self.workers[self.workers.index(worker)] = self.hire()

    def end(self, worker: Worker) -> None:
        """Close a life where it stands; what it was changing is as if it had not begun."""
        worker.life.close()  # type: ignore[attr-defined]  # a generator

    def pause(self, worker: Worker) -> None:
        if not worker.asleep:
            self.counted["faults"] += 1
            worker.asleep = worker.slept = True

    def wake(self, worker: Worker) -> None:
        worker.asleep = False

    def pass_time(self, worker: Worker) -> None:
        """Let up to 40 seconds pass; who is awake shows every five that it lives."""
        for _ in range(self.chance.randrange(8)):
            self.clock.seconds += 5
            for each in self.workers:
                if each.lease is not None and not each.asleep:
                    self.beat(each, each.lease)

    def beat(self, worker: Worker, lease: Lease) -> None:
        try:
            self.leases.beat(lease)
        except Misused:
            # Somebody who is paused holds everybody off: such a lease may run out.
            worker.slept = True
        except Refused:
            self.counted["beat in vain"] += 1
        except Broken:
            self.counted["broken"] += 1

    def lose(self, worker: Worker) -> None:
        """Lose something that a step gave."""
        if self.there:
            self.there.discard(self.chance.choice(sorted(self.there)))

    def cancel(self, worker: Worker) -> None:
        open_jobs = [job.id for job in self.jobs() if job.state in (JobState.WAITING, JobState.LEASED)]
        if open_jobs and not self.is_held():
            name = self.chance.choice(open_jobs)
            self.leases.cancel(name)
            self.cancelled[name] = len(self.released.get(name, ()))

    def restart(self, worker: Worker) -> None:
        """Start the machine anew: nobody lives on, and what was recorded is there."""
        self.counted["restarted"] += 1
        for each in self.workers:
            self.end(each)
        self.clock.restart()
        self.workers = [self.hire() for _ in self.workers]

    def is_held(self) -> bool:
        """Whether somebody, awake or not, holds everybody else off."""
        return self.store.held

    def jobs(self) -> list[Job]:
        """All jobs, also while somebody holds everybody off."""
        return [read(text) for _, _, text in self.store.texts.values()]


def town_of(leases: type[Leases], seed: int, *, workers: int = 4) -> Town:
    """A town with some workers and nothing to do."""
    clock, store = HandClock(), InMemory()
    town = Town(leases(store, clock), store, clock, random.Random(seed))
    town.workers = [town.hire() for _ in range(workers)]
    return town


def lived_through(leases: type[Leases], seed: int, *, faults: int) -> Town:
    """A town in which so many workers were killed or paused, and whose jobs are all over then."""
    town = town_of(leases, seed)
    number = 0
    while town.counted["faults"] < faults:
        if number < 3 + town.counted["faults"] // 4 and not town.is_held():
            town.leases.add(job_of(f"job-{number}", steps=STEPS))
            number += 1
        town.happen()
    calm_down(town)
    return town


def calm_down(town: Town) -> None:
    """Let everybody live and work until nothing is left, without faults."""
    town.restart(town.workers[0])
    for _ in range(200_000):
        if not any(job.state in (JobState.WAITING, JobState.LEASED) for job in town.jobs()):
            return
        for worker in town.workers:
            for _ in range(20):
                next(worker.life)
        town.clock.seconds += 1
    raise AssertionError("work was left for ever")
