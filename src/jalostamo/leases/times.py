"""Time as leases count it: seconds since the machine was started, and which start that was; never the time of day.

A clock on the wall jumps, by a day when somebody corrects it; a lease that ended then would end under a worker's hands.

Handbook 2.6, phases 4 and 5.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Final

_BOOT: Final = Path("/proc/sys/kernel/random/boot_id")


@dataclass(frozen=True, slots=True)
class Instant:
    """An instant is a number of seconds since one start of the machine, suspended time included."""

    boot: str
    seconds: float

    def later(self, seconds: float) -> Instant:
        """The instant so many seconds after this one."""
        return Instant(self.boot, self.seconds + seconds)

    def is_past(self, now: Instant) -> bool:
        """Whether it is over by now; any instant of an earlier start is, since nothing that ran then runs still."""
        return now.boot != self.boot or now.seconds >= self.seconds

    def since(self, earlier: Instant) -> float | None:
        """Seconds between two instants of one start; None across starts, where nobody knows."""
        return self.seconds - earlier.seconds if self.boot == earlier.boot else None


type Clock = Callable[[], Instant]


@dataclass(frozen=True, slots=True)
class Terms:
    """Terms are the times of leases, in seconds.

    How often a worker shows that it lives, when a lease is over without that, and how often those who wait look for work.
    """

    beat: float = 5.0
    expiry: float = 30.0
    look: float = 10.0

    def __post_init__(self) -> None:
        if not 0 < 2 * self.beat <= self.expiry:
            raise ValueError("a lease lasts for two beats at least: one may come late")

    @property
    def retaken_within(self) -> float:
        """After so many seconds another worker has taken up what a lost one left."""
        return self.expiry + self.look


def machine_clock() -> Clock:
    """The clock of this machine, for a door to hand in; it goes on while the machine sleeps, and is never set."""
    boot = _BOOT.read_text(encoding="ascii").strip()
    return lambda: Instant(boot, time.clock_gettime(time.CLOCK_BOOTTIME))
