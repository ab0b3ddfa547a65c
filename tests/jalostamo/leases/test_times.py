"""Leases count the seconds of the machine, which nobody sets, and not the time of day, which anybody may."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import pytest
from tests.jalostamo.leases.stores import KINDS, HandClock, InMemory, job_of, leases_of

from jalostamo.concepts.errors import Refused
from jalostamo.leases.leasing import Leases
from jalostamo.leases.times import Clock, Instant, Terms, machine_clock

DAY = 86_400.0


def test_a_lease_is_over_when_its_time_is_and_not_before() -> None:
    until = Instant("one", 100.0)
    assert not until.is_past(Instant("one", 99.9))
    assert until.is_past(Instant("one", 100.0))


def test_whatever_was_leased_before_the_machine_was_started_anew_is_over() -> None:
    assert Instant("one", 1e9).is_past(Instant("two", 1.0))
    assert Instant("two", 5.0).since(Instant("one", 1.0)) is None
    assert Instant("two", 5.0).since(Instant("two", 1.0)) == 4.0


def test_terms_allow_for_a_beat_that_comes_late() -> None:
    with pytest.raises(ValueError, match="two beats"):
        Terms(beat=20.0, expiry=30.0)
    assert Terms().retaken_within <= 45.0


def test_the_clock_of_the_machine_goes_on_whatever_the_time_of_day_is_set_to(monkeypatch: pytest.MonkeyPatch) -> None:
    clock = machine_clock()
    before = clock()
    for jump in (DAY, -DAY):
        with time_of_day_moved(monkeypatch, jump):
            after = machine_clock()()
        assert after.boot == before.boot
        assert 0 <= after.seconds - before.seconds < 60


@contextmanager
def time_of_day_moved(monkeypatch: pytest.MonkeyPatch, seconds: float) -> Iterator[None]:
    real = time.clock_gettime

    def moved(which: int) -> float:
        return real(which) + (seconds if which == time.CLOCK_REALTIME else 0.0)

    with monkeypatch.context() as patch:
        patch.setattr(time, "clock_gettime", moved)
        patch.setattr(time, "time", lambda: moved(time.CLOCK_REALTIME))
        yield


@dataclass
class Machine:
    """A machine with two clocks: one counts, and one is set by whoever corrects it."""

    counted: float = 1000.0
    corrected_by: float = 0.0

    def counting(self) -> Instant:
        return Instant("one", self.counted)

    def on_the_wall(self) -> Instant:
        """The twin's clock."""
        return Instant("one", self.counted + self.corrected_by)


def may_go_on(machine: Machine, clock: Clock, jump: float) -> bool:
    """Whether a worker that beats as it should may record after the time of day was set anew."""
    leases = Leases(InMemory(), clock)
    leases.add(job_of())
    lease = leases.claim("first", KINDS)
    assert lease is not None
    machine.counted += 5
    machine.corrected_by = jump
    try:
        leases.beat(lease)
    except Refused:
        return False
    return leases.claim("second", KINDS) is None


def seconds_until_retaken(machine: Machine, clock: Clock, jump: float) -> float:
    """How long after a worker was lost another one takes its job up, where the time of day was set anew meanwhile."""
    leases = Leases(InMemory(), clock)
    leases.add(job_of())
    leases.claim("first", KINDS)
    begun, machine.corrected_by = machine.counted, jump
    while leases.claim("second", KINDS) is None and machine.counted - begun < 2 * DAY:
        machine.counted += leases.terms.look
    return machine.counted - begun


@pytest.mark.parametrize("jump", [DAY, -DAY, 3600.0, -3600.0])
def test_a_jump_of_the_time_of_day_ends_no_lease_and_prolongs_none(jump: float) -> None:
    machine = Machine()
    assert may_go_on(machine, machine.counting, jump)
    machine = Machine()
    assert seconds_until_retaken(machine, machine.counting, jump) <= Terms().retaken_within


def test_leases_by_the_time_of_day_would_be_found_out() -> None:
    machine = Machine()
    assert not may_go_on(machine, machine.on_the_wall, DAY)
    machine = Machine()
    assert seconds_until_retaken(machine, machine.on_the_wall, -DAY) > DAY


def test_what_a_lost_worker_left_is_taken_up_within_45_seconds() -> None:
    for waited in (0.0, 2.5, 4.9):
        clock = HandClock()
        leases = leases_of(clock)
        leases.add(job_of())
        lease = leases.claim("lost", KINDS)
        assert lease is not None
        clock.seconds += 5
        leases.beat(lease)
        killed = clock.seconds = clock.seconds + waited
        while leases.claim("next", KINDS) is None:
            clock.seconds += leases.terms.look
        assert clock.seconds - killed <= 45
