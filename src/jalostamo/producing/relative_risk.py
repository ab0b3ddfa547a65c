"""The relative risk of two groups, adjusted by strata: Mantel and Haenszel's, with Greenland and Robins' interval.

Greenland and Robins, Biometrics 41 (1985). Counts go in, so that figures are exact until the last step.

Handbook 2.3 (methods of analysis).
"""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass
from fractions import Fraction

from jalostamo.producing.intervals import Z95


@dataclass(frozen=True, slots=True)
class Stratum:
    """A stratum counts customers: those with the exposure and the others, and of each how many have the outcome."""

    exposed: int
    exposed_with: int
    others: int
    others_with: int


@dataclass(frozen=True, slots=True)
class RelativeRisk:
    """A relative risk is a ratio of two risks with its 95 % interval; None where the counts do not tell it."""

    estimate: float | None
    low: float | None
    high: float | None

    def as_mapping(self) -> dict[str, float | None]:
        """The ratio as a file holds it."""
        return {"estimate": self.estimate, "low": self.low, "high": self.high}


def mantel_haenszel(strata: Iterable[Stratum]) -> RelativeRisk:
    """The relative risk of the exposed against the others over all strata.

    >>> ratio = mantel_haenszel([Stratum(exposed=100, exposed_with=20, others=100, others_with=10)])
    >>> ratio.estimate, round(ratio.low, 3), round(ratio.high, 3)
    (2.0, 0.987, 4.054)
    """
    of_exposed = of_others = spread = Fraction()
    for each in strata:
        people = each.exposed + each.others
        if not people:
            continue
        of_exposed += Fraction(each.exposed_with * each.others, people)
        of_others += Fraction(each.others_with * each.exposed, people)
        outcomes = each.exposed_with + each.others_with
        spread += Fraction(
            each.exposed * each.others * outcomes - each.exposed_with * each.others_with * people, people**2
        )
    if not of_others:
        return RelativeRisk(None, None, None)
    estimate = float(of_exposed / of_others)
    if not of_exposed:
        # Nobody of the exposed: the ratio is 0, and its interval on the log scale is not to be had.
        return RelativeRisk(estimate, None, None)
    factor = math.exp(Z95 * math.sqrt(spread / (of_exposed * of_others)))
    return RelativeRisk(estimate, estimate / factor, estimate * factor)
