"""Two groups without a common unit compared: difference, ratio, index, and the chance that they do not differ.

Each group's own limits are joined as variances are (MOVER), so that the small one may be exact and skewed: Newcombe,
Statistics in Medicine 17 (1998), for differences; Donner and Zou, Statistical Methods in Medical Research 21 (2012), for
ratios, which holds at a numerator of nought. p is where the interval begins to hold "no difference": the same for both.

Handbook 2.2 (comparing groups) and 2.3.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from statistics import NormalDist
from typing import Final, Literal

from scipy.optimize import brentq

from jalostamo.concepts.errors import Misused
from jalostamo.producing.intervals import Z95, benjamini_hochberg
from jalostamo.producing.results import Estimate, Scale
from jalostamo.utilising.disclosure.figures.estimates import Figure, Limits, Measure
from jalostamo.utilising.disclosure.withheld import Withheld

FURTHEST: Final = 6.0
"""No p-value is told below that of this z, two in a thousand million: no approximation reaches further."""


@dataclass(frozen=True, slots=True)
class Contrast:
    """A contrast is how one group differs from another: an estimate, or why it is withheld; `bases` as printed."""

    scale: Scale | Literal["index"]
    bases: tuple[tuple[int, ...], tuple[int, ...]]
    estimate: Estimate | None
    withheld: Withheld | None = None


@dataclass(frozen=True, slots=True)
class Compared:
    """Compared, a contrast has the chance of such a one where nothing differs: alone, and as one of all that were compared.

    Both are None where the contrast is withheld.
    """

    contrast: Contrast
    p: float | None
    adjusted_p: float | None

    @property
    def differs(self) -> bool:
        """Whether the difference is larger than chance and noise explain at 5 per cent."""
        return self.adjusted_p is not None and self.adjusted_p < 0.05


def difference(first: Measure, second: Measure) -> Contrast:
    """The first group's share or rate less the second's."""
    withheld = _withheld(first, second)
    if withheld:
        return Contrast("difference", (first.bases, second.bases), None, withheld)
    value = first.value - second.value
    below, above = _reach(first, second, Z95), _reach(second, first, Z95)
    return Contrast("difference", (first.bases, second.bases), Estimate(value, value - below, value + above))


def ratio(first: Measure, second: Measure) -> Contrast:
    """The first group's share or rate divided by the second's: the relative risk."""
    bases, withheld = (first.bases, second.bases), _withheld(first, second)
    if withheld or second.limits()[0] <= 0:
        return Contrast("ratio", bases, None, withheld or Withheld.UNBOUNDED)
    value = first.value / second.value
    low, high = ratio_limits((first.value, *first.limits()), (second.value, *second.limits()))
    return Contrast("ratio", bases, Estimate(value, min(low, value), max(high, value)))


def index(first: Measure, second: Measure) -> Contrast:
    """The first group's share or rate where the second's, which has no unit in common with it, is 100."""
    contrast = ratio(first, second)
    if contrast.estimate is None:
        return replace(contrast, scale="index")
    ends = contrast.estimate
    return replace(contrast, scale="index", estimate=Estimate(100 * ends.value, 100 * ends.low, 100 * ends.high))


def index_in_whole(first: Figure, others: Figure) -> Contrast:
    """The first group's share or rate where that of all, itself and the others together, is 100.

    A group moves the whole that it is part of, so that it is compared with the others, and the whole put together after.
    """
    bases, withheld = (first.bases, others.bases), _withheld(first, others)
    weights = [
        float(figure.part.base if figure.part.exposure is None else figure.part.exposure) for figure in (first, others)
    ]
    if withheld or first.value == others.value == 0:
        return Contrast("index", bases, None, withheld or Withheld.UNBOUNDED)
    low, high = ratio_limits((first.value, *first.limits()), (others.value, *others.limits()))
    value = first.value / others.value if others.value else math.inf
    ends = [_of_whole(part, *weights) for part in (value, min(low, value), max(high, value))]
    return Contrast("index", bases, Estimate(*ends))


def chance(first: Measure, second: Measure) -> float | None:
    """The two-sided p-value of no difference, noise accounted for; None where one of the two is withheld.

    It is below 0.05 where the 95 % interval of the difference leaves out 0, and that of the ratio 1.
    """
    if _withheld(first, second):
        return None
    lower, upper = sorted((first, second), key=lambda measure: measure.value)
    apart = upper.value - lower.value

    def beyond(z: float) -> float:
        return _reach(upper, lower, z) - apart

    if beyond(0.0) >= 0:
        return 1.0
    z = FURTHEST if beyond(FURTHEST) <= 0 else float(brentq(beyond, 0.0, FURTHEST, xtol=1e-5))
    return 2 * NormalDist().cdf(-z)


def compared(pairs: Sequence[tuple[Measure, Measure]], scale: Literal["difference", "ratio"]) -> tuple[Compared, ...]:
    """Compare many pairs at once; Benjamini and Hochberg's adjustment is over those that are shown."""
    contrasts = [difference(*pair) if scale == "difference" else ratio(*pair) for pair in pairs]
    chances = [None if contrast.withheld else chance(*pair) for contrast, pair in zip(contrasts, pairs, strict=True)]
    adjusted = iter(benjamini_hochberg([p for p in chances if p is not None]))
    return tuple(
        Compared(contrast, p, None if p is None else next(adjusted))
        for contrast, p in zip(contrasts, chances, strict=True)
    )


def ratio_limits(first: tuple[float, float, float], second: tuple[float, float, float]) -> Limits:
    """The limits of first / second from (value, low, high) of each; the upper is infinite where the second's low is 0."""
    (p, low, high), (q, least, most) = first, second
    square = (p * q) ** 2
    under = square - low * most * (2 * p - low) * (2 * q - most)
    over = square - high * least * (2 * p - high) * (2 * q - least)
    # The smaller root of a parabola, written without the difference of two near numbers.
    root = p * q + math.sqrt(max(under, 0.0))
    lower = low * (2 * p - low) / root if root > 0 else 0.0
    if least <= 0:
        return lower, math.inf
    return lower, (p * q + math.sqrt(max(over, 0.0))) / (least * (2 * q - least))


def _reach(upper: Measure, lower: Measure, z: float) -> float:
    """How far a difference may be less than it is: the upper group's way down and the lower one's way up, joined."""
    return math.hypot(upper.value - upper.limits(z)[0], lower.limits(z)[1] - lower.value)


def _of_whole(ratio_to_others: float, own: float, others: float) -> float:
    """100 times a group's share over that of all, from its ratio to the others."""
    if ratio_to_others <= 0:
        return 0.0
    return 100 * (own + others) / (own + others / ratio_to_others)


def _withheld(first: Measure, second: Measure) -> Withheld | None:
    if first.scale != second.scale:
        raise Misused("A share and a rate cannot be compared: take two of one kind.", reason="two_scales")
    return first.withheld or second.withheld
