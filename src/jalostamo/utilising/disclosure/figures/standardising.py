"""Direct standardisation from printed counts: what a share or rate would be with the structure of a standard.

Each stratum's own limits are joined as variances are, by the standard's weights (MOVER: Zou, Huang and Zhang,
Computational Statistics and Data Analysis 53, 2009), so that small strata may be exact and skewed. A stratum that prints
0 has no way down of its own, but its noise stands against that of the others: the way down of the whole counts it too,
without which a nominal 95 % covered 92 % where strata are of ten. What comes out is a measure as any other.

Handbook 2.2 (comparing language groups that differ in age) and 2.3.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from jalostamo.concepts.errors import Unfit
from jalostamo.producing.intervals import Z95
from jalostamo.producing.results import Estimate, Scale
from jalostamo.utilising.disclosure.figures.estimates import PER, Figure, Limits, Part
from jalostamo.utilising.disclosure.figures.likelihood import steady_variance
from jalostamo.utilising.disclosure.withheld import Withheld

if TYPE_CHECKING:
    from jalostamo.utilising.disclosure.noise import NoiseTable

COVERING: Final = 0.5
"""The share of the standard that the strata which can be shown must hold together."""


@dataclass(frozen=True, slots=True)
class Standardised:
    """A standardised measure is the mean of a group's strata, weighed as the standard has them.

    `strata` are those in which every group that is to be compared can be shown, with weights that add up to 1;
    `covered` is their share of the standard, `left_out` the others.
    """

    strata: tuple[tuple[Figure, float], ...]
    covered: float
    left_out: tuple[str, ...]
    scale: Scale

    @property
    def value(self) -> float:
        """The weighted mean of what the printed counts say."""
        return sum(weight * figure.value for figure, weight in self.strata)

    @property
    def bases(self) -> tuple[int, ...]:
        """The bases of the strata, as printed."""
        return tuple(figure.part.base for figure, _ in self.strata)

    @property
    def withheld(self) -> Withheld | None:
        """Why the measure is not shown, or None."""
        return Withheld.FEW_STRATA if not self.strata or self.covered < COVERING else None

    @property
    def estimate(self) -> Estimate | None:
        """The measure with its 95 % interval, unless it is withheld."""
        return None if self.withheld else Estimate(self.value, *self.limits())

    def limits(self, z: float = Z95) -> Limits:
        """The ends of the interval at any level."""
        ways = [(weight, _ways(figure, z)) for figure, weight in self.strata]
        below, above = (math.hypot(*(weight * way[end] for weight, way in ways)) for end in (0, 1))
        most = 1.0 if self.scale == "share" else math.inf
        return max(self.value - below, 0.0), max(min(self.value + above, most), self.value)


def standardised(
    groups: Mapping[str, Mapping[str, Part]],
    standard: Mapping[str, float] | None = None,
    *,
    noise: NoiseTable | None,
    least: int,
) -> dict[str, Standardised]:
    """Standardise every group's parts by stratum, all by the same strata.

    `standard` is the weight of each stratum; without it the groups' own printed bases (or exposures), all together.
    """
    scale = _scale(groups)
    weights = _together(groups) if standard is None else dict(standard)
    if not weights or min(weights.values()) < 0 or sum(weights.values()) <= 0:
        raise Unfit("A standard needs weights of at least 0, and one above.", reason="standard_form")
    shown = [stratum for stratum in weights if all(_is_shown(parts.get(stratum), least) for parts in groups.values())]
    held = sum(weights[stratum] for stratum in shown)
    left_out = tuple(stratum for stratum in weights if stratum not in shown)
    return {
        group: Standardised(
            tuple((Figure(parts[stratum], noise, least), weights[stratum] / held) for stratum in shown if held),
            held / sum(weights.values()),
            left_out,
            scale,
        )
        for group, parts in groups.items()
    }


def _ways(figure: Figure, z: float) -> tuple[float, float]:
    """How far below and above its value a stratum may lie."""
    value, (low, high) = figure.value, figure.limits(z)
    if figure.part.units:
        return value - low, high - value
    whole = figure.part.base if figure.part.exposure is None else figure.part.exposure / PER
    return z * math.sqrt(steady_variance(figure.noise)) / whole, high - value


def _scale(groups: Mapping[str, Mapping[str, Part]]) -> Scale:
    of_time = {part.exposure is not None for parts in groups.values() for part in parts.values()}
    if len(of_time) > 1:
        raise Unfit("Either all parts have an exposure or none has.", reason="part_form")
    return "per_1000_years" if of_time == {True} else "share"


def _together(groups: Mapping[str, Mapping[str, Part]]) -> dict[str, float]:
    found: dict[str, float] = {}
    for parts in groups.values():
        for stratum, part in parts.items():
            found[stratum] = found.get(stratum, 0.0) + (part.base if part.exposure is None else part.exposure)
    return found


def _is_shown(part: Part | None, least: int) -> bool:
    return part is not None and part.base >= max(least, 1)
