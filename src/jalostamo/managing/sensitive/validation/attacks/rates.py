"""How often an attack succeeds, and how much of that the release is to blame for: main attack, control group, baseline.

After Giomi and others, "A unified framework for quantifying privacy risk in synthetic data" (PoPETs 2023); intervals
by Wilson, "Probable inference" (1927).

Handbook 2.6, phase 5.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import sqrt
from typing import TYPE_CHECKING, Final

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

_Z: Final = 1.959963984540054
"""So many standard deviations either way hold 95 %."""


@dataclass(frozen=True, slots=True)
class Sample:
    """How many people are attacked, and from which seed they are drawn."""

    seed: int
    size: int = 2_000

    def chance(self) -> np.random.Generator:
        """A fresh source of chance, always the same for the same seed."""
        return np.random.default_rng(self.seed)


@dataclass(frozen=True, slots=True)
class Rate:
    """Successes among attempts, as a share and its error of 95 %, by Wilson."""

    successes: int
    attempts: int

    @classmethod
    def of(cls, succeeded: NDArray[np.bool_]) -> Rate:
        """The rate of attempts that each succeeded or did not."""
        return cls(int(succeeded.sum()), len(succeeded))

    @property
    def value(self) -> float:
        """The middle of the interval; without an attempt nothing is known, and the middle is one half."""
        return (self.successes + _Z**2 / 2) / (self.attempts + _Z**2)

    @property
    def error(self) -> float:
        """How far the interval reaches either way."""
        spread = self.successes * (1 - self.successes / self.attempts) if self.attempts else 0.0
        return _Z / (self.attempts + _Z**2) * sqrt(spread + _Z**2 / 4)


@dataclass(frozen=True, slots=True)
class Risk:
    """The share of what a perfect attack could win over its control group that this one wins.

    Main: people who are in the release. Control: people who are not, so that what holds of everybody is no risk.
    Baseline: guessing without the release.
    """

    main: Rate
    baseline: Rate
    control: Rate

    @property
    def value(self) -> float:
        """(main - control) / (1 - control); below 0 where the control group fares worse."""
        return (self.main.value - self.control.value) / (1 - self.control.value)

    @property
    def error(self) -> float:
        """How far its interval of 95 % reaches either way: both errors, as far as each moves the value."""
        of_main = self.main.error / (1 - self.control.value)
        of_control = self.control.error * (1 - self.main.value) / (1 - self.control.value) ** 2
        return sqrt(of_main**2 + of_control**2)

    @property
    def low(self) -> float:
        """The lower end of the interval, no lower than 0."""
        return min(max(self.value - self.error, 0.0), 1.0)

    @property
    def high(self) -> float:
        """The upper end of the interval, no lower than 0."""
        return min(max(self.value + self.error, 0.0), 1.0)

    @property
    def most_gained(self) -> float:
        """How many of those attacked are won over the control group at most, as a share of all of them.

        Where the control group leaves next to nothing to win, the risk is a share of that and can be anything.
        """
        gained = self.main.value - self.control.value
        return gained + sqrt(self.main.error**2 + self.control.error**2)

    @property
    def covers_nothing(self) -> bool:
        """Whether no risk at all lies within the interval."""
        return abs(self.value) <= self.error

    @property
    def better_than_guessing(self) -> bool:
        """Whether the attack beats its baseline; one that does not proves nothing about the release."""
        return self.main.value > self.baseline.value
