"""One worker at a time may work at a job, as long as it shows that it lives; any other is refused where it matters."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

import pytest
from tests.jalostamo.leases.stores import DIGEST, KINDS, STEPS, HandClock, InMemory, job_of

from jalostamo.concepts.errors import Broken, Misused, Refused
from jalostamo.engine.lease_store import LeaseStore
from jalostamo.leases.jobs import Job, JobState, ParkReason
from jalostamo.leases.keeping import Store
from jalostamo.leases.leasing import TRIES, Lease, Leases, is_lost

OTHER = "cd" * 32


@dataclass
class House:
    """Leases, and their clock."""

    leases: Leases
    clock: HandClock

    def take(self, worker: str = "one") -> Lease:
        """Claim a job that is surely there."""
        lease = self.leases.claim(worker, KINDS)
        assert lease is not None
        return lease

    def run_out(self) -> None:
        """Let every lease run out."""
        self.clock.seconds += self.leases.terms.expiry


@pytest.fixture(params=["in memory", "on disk"])
def house(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> House:
    clock = HandClock()
    store: Store = InMemory()
    if request.param == "on disk":
        kept = LeaseStore(tmp_path_factory.mktemp("leases") / "leases.sqlite")
        request.addfinalizer(kept.close)
        store = kept
    return House(Leases(store, clock), clock)


def test_jobs_are_taken_up_in_the_order_in_which_they_came(house: House) -> None:
    for name in ("second", "first", "third"):
        house.leases.add(job_of(name))
    assert [house.take().job for _ in range(3)] == ["second", "first", "third"]
    assert house.leases.claim("one", KINDS) is None


def test_a_worker_takes_up_jobs_of_its_own_kinds_alone(house: House) -> None:
    house.leases.add(job_of("rows-1", kind="rows"))
    house.leases.add(job_of("cells-1"))
    assert house.take().job == "cells-1"
    assert house.leases.claim("one", KINDS) is None
    house.run_out()
    assert house.leases.claim("one", ["rows"]) is not None
    assert house.leases.claim("one", ["rows"]) is None


def test_each_token_is_larger_than_all_before(house: House) -> None:
    tokens = []
    for number in range(3):
        house.leases.add(job_of(f"job-{number}"))
    for _ in range(TRIES):
        tokens += [house.take().token, house.take().token]
        house.run_out()
    assert tokens == sorted(set(tokens))


def test_the_same_job_may_be_handed_in_twice(house: House) -> None:
    house.leases.add(job_of())
    lease = house.take()
    house.leases.record(lease, "retrieve", DIGEST)
    assert house.leases.add(job_of()).recorded == (DIGEST,)
    with pytest.raises(Misused, match="is another one") as refused:
        house.leases.add(replace(job_of(), payload=OTHER))
    assert refused.value.reason == "job_differs"


def test_a_job_goes_through_its_steps_and_is_done(house: House) -> None:
    house.leases.add(job_of())
    lease = house.take()
    for step in STEPS:
        with pytest.raises(Broken, match="not recorded"):
            house.leases.finish(lease)
        house.leases.record(lease, step, DIGEST)
    done = house.leases.finish(lease)
    assert (done.state, done.worker, done.until, len(done.recorded)) == (JobState.DONE, "", None, 3)
    assert house.leases.jobs() == (done,)
    assert house.leases.claim("one", KINDS) is None


def test_steps_are_recorded_in_their_order_and_once(house: House) -> None:
    house.leases.add(job_of())
    lease = house.take()
    with pytest.raises(Broken, match="not the next"):
        house.leases.record(lease, "link", DIGEST)
    house.leases.record(lease, "retrieve", DIGEST)
    with pytest.raises(Broken, match="not the next"):
        house.leases.record(lease, "retrieve", DIGEST)


def test_a_worker_that_shows_that_it_lives_keeps_its_job(house: House) -> None:
    house.leases.add(job_of())
    lease = house.take()
    for _ in range(100):
        house.clock.seconds += house.leases.terms.expiry - 0.1
        house.leases.beat(lease)
        assert house.leases.claim("two", KINDS) is None


VERBS: dict[str, Callable[[Leases, Lease], object]] = {
    "beat": lambda leases, lease: leases.beat(lease),
    "record": lambda leases, lease: leases.record(lease, "retrieve", DIGEST),
    "forget": lambda leases, lease: leases.forget(lease, "retrieve"),
    "tell": lambda leases, lease: leases.tell(lease, 1, 2),
    "guard": lambda leases, lease: leases.guard(lease, DIGEST).__enter__(),
    "finish": lambda leases, lease: leases.finish(lease),
    "settle": lambda leases, lease: leases.settle(lease),
    "fail": lambda leases, lease: leases.fail(lease, ParkReason.OUR_FAULT),
    "give back": lambda leases, lease: leases.give_back(lease),
}


def test_every_verb_that_rests_on_a_lease_is_here() -> None:
    resting = {name for name, verb in vars(Leases).items() if "lease" in getattr(verb, "__annotations__", {})}
    assert {name.replace(" ", "_") for name in VERBS} == resting - {"_held", "is_done_under"}


@pytest.mark.parametrize("verb", VERBS)
@pytest.mark.parametrize("how", ["run out", "overtaken", "cancelled", "restarted", "done by another"])
def test_a_worker_whose_lease_is_over_is_refused_everything(verb: str, how: str, house: House) -> None:
    house.leases.add(job_of(steps=("retrieve",)))
    lease = house.take()
    if how == "run out":
        house.run_out()
    elif how == "cancelled":
        house.leases.cancel("job-1")
    elif how == "restarted":
        house.clock.restart()
    else:
        house.run_out()
        other = house.take("two")
        if how == "done by another":
            house.leases.record(other, "retrieve", OTHER)
            house.leases.finish(other)
    before = house.leases.jobs()
    with pytest.raises(Refused, match="is over") as refused:
        VERBS[verb](house.leases, lease)
    assert is_lost(refused.value)
    assert house.leases.jobs() == before


def test_a_guard_holds_for_as_long_as_the_effect_takes(house: House) -> None:
    house.leases.add(job_of())
    lease = house.take()
    with house.leases.guard(lease, DIGEST):
        house.run_out()
    # Nobody could come in between, so that the lease goes on from the end of it.
    assert house.leases.claim("two", KINDS) is None
    house.leases.beat(lease)


def test_what_a_job_has_begun_to_let_out_is_all_that_it_lets_out(house: House) -> None:
    house.leases.add(job_of())
    lease = house.take()
    with pytest.raises(OSError, match="lost"), house.leases.guard(lease, DIGEST):
        raise OSError("lost")
    assert house.leases.job("job-1").effect == DIGEST
    with pytest.raises(Refused, match="another release") as refused, house.leases.guard(lease, OTHER):
        raise AssertionError
    assert refused.value.reason == "effect_differs"
    with house.leases.guard(lease, DIGEST):
        pass


def test_a_job_is_parked_after_three_tries_that_failed(house: House) -> None:
    house.leases.add(job_of())
    states = [house.leases.fail(house.take(), ParkReason.STORAGE).state for _ in range(TRIES)]
    assert states == [JobState.WAITING, JobState.WAITING, JobState.PARKED]
    assert house.leases.job("job-1").reason is ParkReason.STORAGE
    assert house.leases.claim("one", KINDS) is None


def test_a_job_is_parked_after_three_workers_that_were_lost(house: House) -> None:
    house.leases.add(job_of("poison"))
    house.leases.add(job_of("waits"))
    for _ in range(TRIES):
        assert house.take().job == "poison"
        house.run_out()
    assert house.take().job == "waits"
    parked = house.leases.job("poison")
    assert (parked.state, parked.reason) == (JobState.PARKED, ParkReason.WORKER_LOST)


def test_an_answer_parks_a_job_at_once(house: House) -> None:
    house.leases.add(job_of())
    assert house.leases.fail(house.take(), ParkReason.REFUSED, again=False).state is JobState.PARKED


def test_a_step_that_was_never_reached_before_begins_the_tries_anew(house: House) -> None:
    house.leases.add(job_of())
    for step in STEPS:
        for _ in range(TRIES - 2):
            house.take()
            house.run_out()
        # Who records a step and is lost then was lost in the next one.
        house.leases.record(house.take(), step, DIGEST)
        house.run_out()
    assert house.leases.finish(house.take()).state is JobState.DONE


def test_a_step_that_is_lost_again_and_again_does_not_begin_the_tries_anew(house: House) -> None:
    house.leases.add(job_of())
    for _ in range(TRIES):
        lease = house.take()
        house.leases.forget(lease, "retrieve")
        house.leases.record(lease, "retrieve", DIGEST)
        house.run_out()
    assert house.leases.claim("one", KINDS) is None
    assert house.leases.job("job-1").state is JobState.PARKED


def test_what_follows_a_lost_step_is_forgotten_with_it(house: House) -> None:
    house.leases.add(job_of())
    lease = house.take()
    for step in STEPS:
        house.leases.record(lease, step, DIGEST)
    house.leases.forget(lease, "link")
    assert house.leases.job("job-1").recorded == (DIGEST,)
    assert house.leases.job("job-1").next_step == "link"


def test_a_worker_that_is_asked_to_stop_costs_no_try(house: House) -> None:
    house.leases.add(job_of())
    for _ in range(2 * TRIES):
        house.leases.give_back(house.take())
    assert house.leases.job("job-1").tries == 0


def test_a_parked_job_waits_again_when_somebody_has_looked_at_it(house: House) -> None:
    house.leases.add(job_of())
    with pytest.raises(Misused, match="not parked, but waiting"):
        house.leases.take_up_again("job-1")
    house.leases.fail(house.take(), ParkReason.UNFIT, again=False)
    again = house.leases.take_up_again("job-1")
    assert (again.state, again.tries, again.reason) == (JobState.WAITING, 0, None)
    assert house.take().job == "job-1"


def test_a_job_is_cancelled_while_it_waits_or_is_parked_but_not_once_it_is_done(house: House) -> None:
    for name in ("waits", "parked", "done"):
        house.leases.add(job_of(name, steps=("admit",)))
    assert house.leases.cancel("waits").state is JobState.CANCELLED
    house.leases.fail(house.take(), ParkReason.UNFIT, again=False)
    assert house.leases.cancel("parked").state is JobState.CANCELLED
    assert house.leases.cancel("parked").reason is None
    lease = house.take()
    house.leases.record(lease, "admit", DIGEST)
    house.leases.finish(lease)
    with pytest.raises(Misused, match="cannot be cancelled"):
        house.leases.cancel("done")


def test_a_job_that_is_not_there_is_told_so(house: House) -> None:
    with pytest.raises(Misused, match="no job") as refused:
        house.leases.job("nowhere")
    assert refused.value.reason == "job_unknown"


def test_how_far_a_step_is_can_be_seen_with_the_time_it_still_takes(house: House) -> None:
    house.leases.add(job_of())
    lease = house.take()
    assert house.leases.job("job-1").progress is None
    house.leases.tell(lease, 0)
    house.clock.seconds += 10
    house.leases.tell(lease, 250, 1000)
    progress = house.leases.job("job-1").progress
    assert progress is not None
    assert (progress.step, progress.done, progress.total) == ("retrieve", 250, 1000)
    assert progress.left(house.clock()) == pytest.approx(30)
    house.clock.restart()
    assert progress.left(house.clock()) is None


@pytest.mark.parametrize(("done", "total"), [(0, 10), (5, 0), (11, 10)])
def test_no_time_is_told_that_nobody_can_know(done: int, total: int, house: House) -> None:
    house.leases.add(job_of())
    house.leases.tell(house.take(), done, total)
    progress = house.leases.job("job-1").progress
    assert progress is not None
    assert progress.left(house.clock()) is None


def test_progress_belongs_to_the_step_at_hand(house: House) -> None:
    house.leases.add(job_of(steps=("admit",)))
    lease = house.take()
    house.leases.tell(lease, 1)
    house.leases.record(lease, "admit", DIGEST)
    assert house.leases.job("job-1").progress is None
    house.leases.tell(lease, 2)
    found = house.leases.job("job-1").progress
    assert found is not None
    assert found.step == "admit"


def test_a_job_is_read_as_it_was_written(house: House) -> None:
    job = house.leases.add(job_of())
    assert house.leases.job("job-1") == job
    lease = house.take()
    house.leases.tell(lease, 3, 9)
    found = house.leases.job("job-1")
    assert isinstance(found, Job)
    assert found.until == house.clock().later(30)
    assert found.steps == STEPS


def test_a_job_that_is_asked_for_by_name_waits_until_nobody_is_at_work_at_any(house: House) -> None:
    for name in ("first", "second"):
        house.leases.add(job_of(name))
    lease = house.leases.take("first", "one")
    assert lease is not None
    assert house.leases.take("second", "two") is None
    assert house.leases.take("first", "two") is None
    house.leases.give_back(lease)
    assert house.leases.take("second", "two") is not None


def test_the_lease_of_a_worker_that_is_known_to_have_ended_is_over_at_once(house: House) -> None:
    house.leases.add(job_of())
    tokens = []
    for _ in range(TRIES):
        lease = house.leases.take("job-1", "one", ended=lambda worker: worker == "one")
        assert lease is not None
        tokens.append(lease.token)
    assert tokens == sorted(set(tokens))
    assert house.leases.take("job-1", "two", ended=lambda worker: worker == "one") is None
    assert house.leases.job("job-1").reason is ParkReason.WORKER_LOST


def test_a_job_is_done_with_its_last_effect_and_cannot_be_cancelled_after_it(house: House) -> None:
    house.leases.add(job_of())
    lease = house.take()
    with house.leases.guard(lease, DIGEST, last=True):
        pass
    assert house.leases.is_done_under(lease)
    assert not house.leases.is_done_under(replace(lease, token=lease.token - 1))
    with pytest.raises(Misused, match="cannot be cancelled"):
        house.leases.cancel("job-1")


@pytest.mark.parametrize("came", [True, False])
def test_whether_an_effect_came_that_had_begun_is_looked_at_before_a_job_is_cancelled(came: bool, house: House) -> None:
    house.leases.add(job_of())
    lease = house.take()
    with pytest.raises(OSError, match="killed"), house.leases.guard(lease, DIGEST):
        raise OSError("killed")
    if came:
        with pytest.raises(Misused, match="cannot be cancelled"):
            house.leases.cancel("job-1", is_out=lambda: True)
    else:
        assert house.leases.cancel("job-1", is_out=lambda: False).state is JobState.CANCELLED
