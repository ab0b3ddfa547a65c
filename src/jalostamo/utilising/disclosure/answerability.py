"""What could be answered, before anything is counted: the smallest difference that printed counts would still show.

Power is that of the very intervals that would be printed, over counts drawn evenly from all that may happen (Sobol's
points: the same each time), so that it holds for small groups as well.

Handbook 2.6, phase 1 (is the need one that can be met).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property, lru_cache
from typing import Final, Literal

import numpy as np
from scipy.stats import binom, poisson, qmc

from jalostamo.concepts.errors import Misused
from jalostamo.utilising.disclosure.figures.estimates import PER
from jalostamo.utilising.disclosure.figures.likelihood import Counts, Reals, rate_limits, share_limits
from jalostamo.utilising.disclosure.noise import KEY_SPACE, NoiseTable

POWER: Final = 0.80
MOST: Final = 10_000_000
"""No group is asked about that is larger: a whole country is smaller."""

_DRAWS: Final = 11
"""As a power of two: 2,048 points tell a power to within a hundredth."""
_HALVINGS: Final = 9
_HIGHEST: Final = 64.0


@dataclass(frozen=True, slots=True)
class Plan:
    """A plan is what is roughly known of two groups before anything is counted, and what will protect the counts.

    `sizes`: units of the group and of its reference. `expected`: the reference's share, or its units per 1,000 years,
    each unit being there for a year.
    """

    sizes: tuple[int, int]
    expected: float
    scale: Literal["share", "per_1000_years"]
    noise: NoiseTable | None
    least: int

    def __post_init__(self) -> None:
        most = 1.0 if self.scale == "share" else float(PER)
        if not 0 < self.expected < most:
            raise Misused(f"What is expected lies between 0 and {most:g}, and is neither.", reason="expected")
        if not all(1 <= size <= MOST for size in self.sizes):
            raise Misused(f"A group has from 1 to {MOST:,} customers.", reason="sizes")

    def pooled(self, times: int) -> Plan:
        """The same with as many years, or as many areas of this size, counted as one."""
        return replace(self, sizes=(self.sizes[0] * times, self.sizes[1] * times))


@dataclass(frozen=True, slots=True)
class Smallest:
    """The smallest difference that would be shown with 80 % power at 5 %: how much, and how many times the reference.

    `unprotected` is what it would be without noise and threshold; `due_to_protection` the part of the difference that
    would then not be needed, None where one of the two is. A `difference` of None: none would be shown.
    """

    sizes: tuple[int, int]
    difference: float | None
    ratio: float | None
    unprotected: float | None
    due_to_protection: float | None


@dataclass(frozen=True, slots=True)
class Answerable:
    """What a plan can answer: upwards, downwards (None where even nought would not be told apart), and when pooled."""

    plan: Plan
    upward: Smallest
    downward: float | None
    pooled: tuple[Smallest, ...]


def answerable(plan: Plan, *, pool: Sequence[int] = (1, 2, 3)) -> Answerable:
    """What could be shown of two groups: the smallest difference either way, and with how many years or areas pooled."""
    if any(times < 1 for times in pool):
        raise Misused("Years or areas are pooled from 1 up.", reason="pool")
    upward = smallest(plan)
    pooled = tuple(upward if times == 1 else smallest(plan.pooled(times)) for times in pool)
    return Answerable(plan, upward, _downward(plan), pooled)


def smallest(plan: Plan) -> Smallest:
    """The smallest upward difference that would be shown, with the protections and without."""
    found, unprotected = _upward(plan), _upward(replace(plan, noise=None, least=1))
    due = None if found is None or unprotected is None else max(0.0, 1 - unprotected / found)
    return Smallest(plan.sizes, found, None if found is None else 1 + found / plan.expected, unprotected, due)


def power(plan: Plan, actual: float) -> float:
    """How often a group whose share or rate is `actual` would be shown to differ from the reference, the right way."""
    return _Game(plan).power(actual)


def _upward(plan: Plan) -> float | None:
    return _Game(plan).nearest_shown(1 - plan.expected if plan.scale == "share" else _HIGHEST * plan.expected)


def _downward(plan: Plan) -> float | None:
    found = _Game(plan).nearest_shown(-plan.expected)
    return None if found is None else -found


class _Game:
    """A plan played through on the same points each time, so that power only rises with the difference."""

    def __init__(self, plan: Plan) -> None:
        self.plan = plan
        self._known: dict[tuple[int, int], tuple[float, float]] = {}

    def power(self, actual: float) -> float:
        first, second = self._group(0, actual), self._reference
        upper, lower = (first, second) if actual >= self.plan.expected else (second, first)
        apart = upper.value - lower.value
        reach = np.hypot(upper.value - upper.low, lower.high - lower.value)
        return float(np.mean(first.shown & second.shown & (apart > reach)))

    def nearest_shown(self, furthest: float) -> float | None:
        """The difference from which on there is power enough, sought outwards by doubling and then between; or None."""
        if self.power(self.plan.expected + furthest) < POWER:
            return None
        near, far = 0.0, furthest / 2**_HALVINGS
        while self.power(self.plan.expected + far) < POWER:
            near, far = far, min(2 * far, furthest, key=abs)
        for _ in range(_HALVINGS):
            middle = (near + far) / 2
            near, far = (near, middle) if self.power(self.plan.expected + middle) >= POWER else (middle, far)
        return far

    @cached_property
    def _reference(self) -> _Drawn:
        return self._group(1, self.plan.expected)

    def _group(self, place: int, actual: float) -> _Drawn:
        size, points = self.plan.sizes[place], _points()[:, 3 * place : 3 * place + 3]
        base = self._printed(np.full(len(points), size, dtype=np.int64), points[:, 0])
        shown = base >= self.plan.least
        if self.plan.scale == "share":
            units = self._printed(binom.ppf(points[:, 1], size, actual).astype(np.int64), points[:, 2])
            value = np.minimum(units / np.maximum(base, 1), 1.0)
        else:
            # Each unit is there for a year, and how long all were is known: the base only says whether it is shown.
            units = self._printed(poisson.ppf(points[:, 1], size * actual / PER).astype(np.int64), points[:, 2])
            value = PER * units / size
        low, high = self._limits(units, np.maximum(base, self._fewest), size)
        return _Drawn(value, np.minimum(low, value), np.maximum(high, value), shown)

    def _limits(self, units: Counts, base: Counts, size: int) -> tuple[Reals, Reals]:
        """The limits of each pair; most pairs come again in the next playing, and exact ones are slow to find."""
        of_share = self.plan.scale == "share"
        pairs = list(zip(units.tolist(), base.tolist() if of_share else [size] * len(units), strict=True))
        missing = sorted(set(pairs) - self._known.keys())
        if missing:
            low, high = self._solved(np.array(missing, dtype=np.int64), size)
            self._known.update(zip(missing, zip(low.tolist(), high.tolist(), strict=True), strict=True))
        limits = np.array([self._known[pair] for pair in pairs])
        return limits[:, 0], limits[:, 1]

    def _solved(self, pairs: Counts, size: int) -> tuple[Reals, Reals]:
        if self.plan.scale == "share":
            return share_limits(pairs[:, 0], pairs[:, 1], noise=self.plan.noise)
        low, high = rate_limits(pairs[:, 0], noise=self.plan.noise)
        return PER * low / size, PER * high / size

    @property
    def _fewest(self) -> int:
        """A base that can be printed, for those that are not shown in any case."""
        return max(self.plan.least, 1 if self.plan.noise is None else self.plan.noise.never + 1)

    def _printed(self, counts: Counts, points: Reals) -> Counts:
        if self.plan.noise is None:
            return counts
        return self.plan.noise.printed(counts, (points * KEY_SPACE).astype(np.int64))


@dataclass(frozen=True, slots=True)
class _Drawn:
    value: Reals
    low: Reals
    high: Reals
    shown: np.ndarray[tuple[int, ...], np.dtype[np.bool_]]


@lru_cache(maxsize=1)
def _points() -> Reals:
    # A fixed seed: the same question has the same answer.
    return np.asarray(qmc.Sobol(6, rng=np.random.default_rng(1)).random_base2(_DRAWS), dtype=np.float64)
