"""Estimates as each language writes them, with as many places as they deserve.

Handbook 2.2 (visualising, understanding and assessing the results).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from jalostamo.concepts.languages import Language
from jalostamo.concepts.numerals import NO_BREAK, number
from jalostamo.producing.results import Estimate, Scale

# A dash between numbers that may be negative reads as one more minus.
_FROM_TO: Final[dict[Language, str]] = {
    "fi": f"{NO_BREAK}…{NO_BREAK}",
    "sv": f"{NO_BREAK}till{NO_BREAK}",
    "en": f"{NO_BREAK}to{NO_BREAK}",
}
_NONE: Final[dict[Scale, float]] = {"difference": 0.0, "ratio": 1.0}
_MOST_PLACES: Final = 4


@dataclass(frozen=True, slots=True)
class Said:
    """An estimate as written: the value, its interval, and both together."""

    value: str
    interval: str

    @property
    def together(self) -> str:
        """The value with its interval in brackets."""
        return f"{self.value} ({self.interval})"


def share(value: float, language: Language, *, places: int | None = None) -> str:
    """A share as per cent: one decimal under five per cent, none above."""
    return f"{number(100 * value, language, places=_places(100 * value) if places is None else places)}{NO_BREAK}%"


def rate(value: float, language: Language) -> str:
    """A rate: two decimals under one, one under a hundred, none above."""
    return number(value, language, places=_places_of_rate(value))


def said(estimate: Estimate, scale: Scale, language: Language) -> Said:
    """An estimate and its interval as its scale is written; the interval has the value's decimals."""
    factor = 100 if scale in {"share", "difference"} else 1
    value, low, high = (factor * part for part in (estimate.value, estimate.low, estimate.high))
    places = {"share": _places(value), "difference": _places(value), "ratio": 2}.get(scale, _places_of_rate(value))
    if scale in _NONE:
        places = _places_clear_of(_NONE[scale], low, high, places=places)
    first, last = number(low, language, places=places), number(high, language, places=places)
    between = _FROM_TO[language] if low < 0 else "–"
    unit = f"{NO_BREAK}%" if scale == "share" else ""
    plus = "+" if scale == "difference" and value > 0 else ""
    return Said(f"{plus}{number(value, language, places=places)}{unit}", f"{first}{between}{last}{unit}")


def tick_of(scale: Scale, language: Language) -> Callable[[float], str]:
    """How the places of a scale are written: shares and differences are in per cent already."""
    unit = f"{NO_BREAK}%" if scale == "share" else ""

    def written(at: float) -> str:
        most = 2 if at < 0.1 else 3
        places = next(places for places in range(4) if round(at, places) == round(at, 6) or places == most)
        plus = "+" if scale == "difference" and at > 0 else ""
        return f"{plus}{number(at, language, places=places)}{unit}"

    return written


def _places(percent: float) -> int:
    return 1 if abs(percent) < 4.95 else 0


def _places_clear_of(none: float, low: float, high: float, *, places: int) -> int:
    # An interval that leaves out "no difference" must not be written as if it ended there.
    apart = [end for end in (low, high) if low > none or high < none]
    while places < _MOST_PLACES and any(round(end, places) == none for end in apart):
        places += 1
    return places


def _places_of_rate(value: float) -> int:
    if 0 < abs(value) < 0.995:
        return 2
    return 1 if abs(value) < 99.95 else 0
