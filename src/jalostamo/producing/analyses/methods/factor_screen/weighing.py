"""Weighing what was counted: how much likelier a start is after a factor, by how sure a figure, and in which order of time.

Two comparisons. Against all others of the same age, year and number of contacts: Mantel and Haenszel's ratio of monthly
risks, with Greenland and Robins' interval. And against those who have the same use behind them, at another time: who is
prone to both use and start is on both sides of it, so that only the time between the two can make a difference.

Cochran, Biometrics 10 (1954); Mantel and Haenszel, JNCI 22 (1959); VanderWeele and Ding, Annals 167 (2017; E-values).

Handbook 2.3 (methods of analysis).
"""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from statistics import NormalDist
from typing import TYPE_CHECKING, Final

from jalostamo.producing.questions import FEWEST_EVENTS
from jalostamo.producing.relative_risk import RelativeRisk, Stratum, mantel_haenszel

if TYPE_CHECKING:
    from jalostamo.producing.analyses.methods.factor_screen.exposure import Exposure

LEVEL: Final = 0.05


@dataclass(frozen=True, slots=True)
class Base:
    """All person-months and starts, by stratum, and of starts beside another of a unit: unit and stratum by number."""

    months: Mapping[int, int]
    starts: Mapping[int, int]
    shared: Mapping[int, tuple[int, int]]


@dataclass(frozen=True, slots=True)
class Weighed:
    """A comparison: its ratio, how many starts would be expected without a difference, and the chance of so large a one."""

    starts: int
    expected: float
    ratio: RelativeRisk
    p: float

    @property
    def raises(self) -> bool:
        """Whether starts are more than expected."""
        return self.starts > self.expected


def weighed(exposed: Exposure, base: Base) -> Weighed:
    """The exposed against all others of the base."""
    strata = {
        number: Stratum(months, exposed.starts[number], base.months[number] - months, _others(number, exposed, base))
        for number, months in sorted(exposed.months.items())
    }
    telling = {number: each for number, each in strata.items() if each.others and each.exposed}
    expected = math.fsum(_expected(each) for each in telling.values())
    spread = math.fsum(_spread(each) for each in telling.values())
    starts = sum(each.exposed_with for each in telling.values())
    inflated = _inflated(telling, exposed.shared, base.shared, starts - expected)
    others = sum(each.others_with for each in telling.values())
    third = math.fsum(_skew(each) for each in telling.values())
    more = starts - expected
    chance = _chance(abs(more), spread, third if more > 0 else -third, step=inflated)
    # Where few are expected, on either side, no curve tells the chance well enough.
    if expected < FEWEST_EVENTS:
        chance = max(chance, _poisson(starts, expected))
    if starts + others - expected < FEWEST_EVENTS:
        chance = max(chance, _poisson(others, starts + others - expected))
    return Weighed(starts, expected, _widened(mantel_haenszel(telling.values()), math.sqrt(inflated)), chance)


def crude(exposed: Exposure, base: Base) -> float | None:
    """The ratio without any adjustment; None where the others have no starts, or no months."""
    months, starts = exposed.months.total(), exposed.starts.total()
    others, other_starts = sum(base.months.values()) - months, sum(base.starts.values()) - starts
    return (starts / months) / (other_starts / others) if months and others and other_starts else None


def e_value(ratio: float | None) -> float | None:
    """How strongly something unseen would have to go with both factor and start to make the ratio; None at or below 1.

    >>> round(e_value(2.0), 3)
    3.414
    """
    return ratio + math.sqrt(ratio * (ratio - 1)) if ratio is not None and ratio > 1 else None


def median_of(lags: Counter[int]) -> float | None:
    """The median of numbers that were counted."""
    if not lags:
        return None
    ordered = list(lags.elements())
    ordered.sort()
    middle = len(ordered) // 2
    return float(ordered[middle]) if len(ordered) % 2 else (ordered[middle - 1] + ordered[middle]) / 2


def _others(number: int, exposed: Exposure, base: Base) -> int:
    return base.starts.get(number, 0) - exposed.starts[number]


def _expected(each: Stratum) -> float:
    return (each.exposed_with + each.others_with) * _share(each)


def _spread(each: Stratum) -> float:
    """The variance of the exposed starts, were months given to the exposed at random."""
    months, starts = each.exposed + each.others, each.exposed_with + each.others_with
    if months < 2:  # of one month nothing varies
        return 0.0
    return starts * (each.exposed / months) * (each.others / months) * ((months - starts) / (months - 1))


def _skew(each: Stratum) -> float:
    """The third moment of the exposed starts about their mean, so drawn."""
    return _spread(each) * (1 - 2 * _share(each))


def _chance(away: float, variance: float, third: float, *, step: float) -> float:
    """Twice the chance of a number as far from the expected, on the side on which it is; `third` has that side's sign.

    Counts are whole, and more often far above than far below what is expected: the bell curve alone, without half a
    step and the third moment (Edgeworth's), calls too much unlikely. A step is 1, or as many as start together.
    """
    if variance <= 0:
        return 1.0
    whole = variance * step
    z = max(away - 0.5 * step, 0.0) / math.sqrt(whole)
    height = math.exp(-(z**2) / 2) / math.sqrt(2 * math.pi)
    tail = NormalDist().cdf(-z) + height * third * step**2 / math.pow(whole, 1.5) / 6 * (z**2 - 1)
    return min(1.0, max(2 * tail, 0.0))


def _inflated(
    strata: Mapping[int, Stratum], exposed: Collection[int], shared: Mapping[int, tuple[int, int]], more: float
) -> float:
    """How many times larger variances are since members of a unit who both start have the factor, or not, together.

    One and the likeness of pairs, as shares of the squares of how far each start is from what is expected; `more` is by
    how much all starts together are, so that a difference is not taken for a likeness.
    """
    starts = sum(each.exposed_with + each.others_with for each in strata.values())
    if not shared or not starts:
        return 1.0
    usual = {number: _share(each) + more / starts for number, each in strata.items()}
    squares = math.fsum(
        each.exposed_with * (1 - usual[number]) ** 2 + each.others_with * usual[number] ** 2
        for number, each in strata.items()
    )
    sums: defaultdict[int, float] = defaultdict(float)
    alone: defaultdict[int, float] = defaultdict(float)
    for number, (unit, stratum) in shared.items():
        if stratum in usual:
            away = (number in exposed) - usual[stratum]
            sums[unit] += away
            alone[unit] += away**2
    pairs = math.fsum(sums[unit] ** 2 - alone[unit] for unit in sums)
    return max(1.0, 1.0 + pairs / squares) if squares > 0 else 1.0


def _share(each: Stratum) -> float:
    """The share of the months that are of the exposed."""
    return each.exposed / (each.exposed + each.others)


def _widened(ratio: RelativeRisk, factor: float) -> RelativeRisk:
    """The interval widened on the log scale."""
    if not ratio.estimate or ratio.low is None or ratio.high is None or factor == 1:
        return ratio
    return RelativeRisk(
        ratio.estimate,
        ratio.estimate * (ratio.low / ratio.estimate) ** factor,
        ratio.estimate * (ratio.high / ratio.estimate) ** factor,
    )


def _poisson(seen: int, expected: float) -> float:
    """Twice the chance of as many as were seen or more, or as many or fewer, where so many are expected."""
    if expected <= 0:
        return 1.0 if seen == 0 else 0.0
    below = math.fsum(_poisson_chance(number, expected) for number in range(seen))
    return min(1.0, 2 * max(0.0, min(1 - below, below + _poisson_chance(seen, expected))))


def _poisson_chance(number: int, expected: float) -> float:
    return math.exp(number * math.log(expected) - expected - math.lgamma(number + 1))
