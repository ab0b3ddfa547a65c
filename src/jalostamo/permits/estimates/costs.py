"""What an analysis costs: work by kind, the city's thresholds, and the class of the form that follows.

Days of work are counted in whole tenths, so that half a day can be said and sums stay exact.

Handbook 2.6, phase 2; Appendix 1, section 5.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from jalostamo.concepts.errors import Refused
from jalostamo.permits.contents import written
from jalostamo.permits.objections import objection
from jalostamo.permits.terms import Level

TENTHS: Final = 10
"""So many tenths make a day of work."""


class CostClass(StrEnum):
    """The six options of section 5."""

    VERY_HIGH = "very_high"
    HIGH = "high"
    LOW = "low"
    VERY_LOW = "very_low"
    NONE = "none"
    CANNOT_BE_ESTIMATED = "cannot_be_estimated"


# The printed form lists no moderate cost, and its summary asks for one; what cannot be estimated is taken for moderate.
_LEVELS: Final = {
    CostClass.VERY_HIGH: Level.HIGH,
    CostClass.HIGH: Level.HIGH,
    CostClass.CANNOT_BE_ESTIMATED: Level.MODERATE,
    CostClass.LOW: Level.LOW,
    CostClass.VERY_LOW: Level.LOW,
    CostClass.NONE: Level.LOW,
}


@written
@dataclass(frozen=True, slots=True)
class Costs:
    """The costs of processing and maintaining, by kind: tenths of days, and euros where money goes outside the city.

    `updating_per_year` is one year's updating. What is not yet answered is None; nothing to do is 0.
    """

    cannot_be_estimated: bool = False
    anonymisation: int | None = None
    quality_control: int | None = None
    it: int | None = None
    analysis_and_reporting: int | None = None
    outside_euros: int | None = None
    updating_per_year: int | None = None

    @property
    def figures(self) -> tuple[int | None, ...]:
        """Each figure in the order of the form, euros too."""
        days = (self.anonymisation, self.quality_control, self.it, self.analysis_and_reporting)
        return (*days, self.outside_euros, self.updating_per_year)


@written
@dataclass(frozen=True, slots=True)
class CostThresholds:
    """Where the classes of cost begin, in tenths of days; the city sets them, and what a bought day costs in euros.

    Below `low_from` a cost is very low; what equals a threshold is in the class that begins there, and a cost is very
    high only above `very_high_above`.
    """

    low_from: int = 5 * TENTHS
    high_from: int = 20 * TENTHS
    very_high_above: int = 60 * TENTHS
    euros_per_day: int = 600

    def __post_init__(self) -> None:
        if not 0 < self.low_from < self.high_from < self.very_high_above or self.euros_per_day <= 0:
            raise Refused([objection("estimate_thresholds_order")], reason="thresholds")


def days_of(costs: Costs, thresholds: CostThresholds) -> int | None:
    """All kinds together, in tenths of days with the first year's updating; None where they cannot be estimated.

    Euros become days at the city's rate, rounded up to a tenth. It is also None while a figure is missing.

    >>> days_of(Costs(False, 20, 10, 0, 30, 900, 5), CostThresholds(euros_per_day=600))
    80
    """
    outside = costs.outside_euros
    figures = [figure for figure in costs.figures if figure is not None]
    if costs.cannot_be_estimated or outside is None or len(figures) < len(costs.figures):
        return None
    return sum(figures) - outside + -(-outside * TENTHS // thresholds.euros_per_day)


def cost_class(days: int | None, thresholds: CostThresholds) -> CostClass:
    """The option of section 5 for a number of tenths of days; None cannot be estimated.

    >>> cost_class(50, CostThresholds(low_from=50)).value
    'low'
    """
    if days is None:
        return CostClass.CANNOT_BE_ESTIMATED
    if days <= 0:
        return CostClass.NONE
    if days > thresholds.very_high_above:
        return CostClass.VERY_HIGH
    if days >= thresholds.high_from:
        return CostClass.HIGH
    return CostClass.LOW if days >= thresholds.low_from else CostClass.VERY_LOW


def cost_level_of(found: CostClass) -> Level:
    """The level of the summary to which a class of cost belongs."""
    return _LEVELS[found]
