"""Shares and rates from printed counts, each with a 95 % interval that accounts for the noise, or why it is not shown.

Numerator and base are two cells, each with noise of its own; the numerator's units are among the base's.

Handbook 2.3 (nothing of a single person is told).
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Final, Protocol

import numpy as np

from jalostamo.concepts.errors import Unfit
from jalostamo.producing.intervals import Z95
from jalostamo.producing.results import Estimate, Scale
from jalostamo.utilising.disclosure.figures.likelihood import rate_limits, share_limits
from jalostamo.utilising.disclosure.withheld import Withheld

if TYPE_CHECKING:
    from jalostamo.utilising.disclosure.noise import NoiseTable

PER: Final = 1_000
"""A rate is told per this many years (or whatever the exposure is counted in)."""

Limits = tuple[float, float]


@dataclass(frozen=True, slots=True)
class Part:
    """A part is how many of a group's units, as printed, have something: `units` of `base`.

    `exposure` (in years, say) makes it a rate; it is taken as known, and `base` is then the units who were exposed.
    """

    units: int
    base: int
    exposure: float | None = None

    def __post_init__(self) -> None:
        if min(self.units, self.base) < 0 or not 0 < (1.0 if self.exposure is None else self.exposure) < float("inf"):
            raise Unfit("A part needs printed counts of at least 0, and an exposure above 0.", reason="part_form")


class Measure(Protocol):
    """A measure is a figure of one group that knows its limits at any level, so that two can be compared."""

    @property
    def scale(self) -> Scale: ...
    @property
    def value(self) -> float: ...
    @property
    def bases(self) -> tuple[int, ...]: ...
    @property
    def withheld(self) -> Withheld | None: ...
    @property
    def estimate(self) -> Estimate | None: ...
    def limits(self, z: float = Z95) -> Limits: ...


@dataclass(frozen=True, slots=True)
class Figure:
    """A figure is a share, or a rate per 1,000 of exposure, of one printed part; `least` printed units must be its base.

    >>> figure = Figure(Part(12, 120), noise=None, least=10)
    >>> figure.value, figure.withheld, Figure(Part(3, 9), noise=None, least=10).withheld.value
    (0.1, None, 'few_units')
    """

    part: Part
    noise: NoiseTable | None
    least: int

    @property
    def scale(self) -> Scale:
        """A share, or a rate where the part has an exposure."""
        return "share" if self.part.exposure is None else "per_1000_years"

    @property
    def value(self) -> float:
        """What the printed counts say; noise can print more units than their base, but a share ends at 1."""
        if self.part.exposure is not None:
            return PER * self.part.units / self.part.exposure
        return min(1.0, self.part.units / self.part.base) if self.part.base else 0.0

    @property
    def bases(self) -> tuple[int, ...]:
        """The base, as printed."""
        return (self.part.base,)

    @property
    def withheld(self) -> Withheld | None:
        """Why the figure is not shown, or None."""
        return Withheld.FEW_UNITS if self.part.base < max(self.least, 1) else None

    @property
    def estimate(self) -> Estimate | None:
        """The figure with its 95 % interval, unless it is withheld."""
        return None if self.withheld else Estimate(self.value, *self.limits())

    def limits(self, z: float = Z95) -> Limits:
        """The ends of the interval at any level."""
        low, high = _limits(self.part, self.noise, z)
        # At levels near nought both ends lie on one side of the printed figure.
        return min(low, self.value), max(high, self.value)


def share(units: int, base: int, *, noise: NoiseTable | None, least: int) -> Figure:
    """The share of a base that has something, both as printed."""
    return Figure(Part(units, base), noise, least)


def rate(units: int, base: int, *, exposure: float, noise: NoiseTable | None, least: int) -> Figure:
    """The units as printed per 1,000 of exposure; `base` is the printed number who were exposed."""
    return Figure(Part(units, base, exposure), noise, least)


@lru_cache(maxsize=16_384)
def _limits(part: Part, noise: NoiseTable | None, z: float) -> Limits:
    units = np.array([part.units], dtype=np.int64)
    if part.exposure is not None:
        low, high = rate_limits(units, noise=noise, z=z)
        return PER * float(low[0]) / part.exposure, PER * float(high[0]) / part.exposure
    low, high = share_limits(units, np.array([part.base], dtype=np.int64), noise=noise, z=z)
    return float(low[0]), float(high[0])
