"""Curves of the time to event as they are drawn: each group's with its band and its numbers at risk, and the kinds of event.

Handbook 2.2 (visualising, understanding and assessing the results).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

import numpy as np

from jalostamo.charts.curves import Below, Curve, Point, curves_chart, described
from jalostamo.charts.framing import Sheet, ticks_to
from jalostamo.charts.picturing import Chart
from jalostamo.charts.rendering import Drawing
from jalostamo.concepts.languages import Language
from jalostamo.concepts.numerals import NO_BREAK, number, with_decimal_mark
from jalostamo.producing.case_groups import MISSING_GROUP
from jalostamo.producing.intervals import on_logit
from jalostamo.producing.survival.curves import Curve as Estimates
from jalostamo.utilising.survival_page.words import WORDS

if TYPE_CHECKING:
    from jalostamo.producing.survival.curves import Numbers
    from jalostamo.producing.survival.results import Survival, TimeToEvent

MOST_DRAWN: Final = 6
"""So many groups are drawn, the largest: more lines are not told apart."""

_POINTS: Final = 300
_LONGEST_NAME: Final = 24
_MOST_PLACES: Final = 4


@dataclass(frozen=True, slots=True)
class Tongue:
    """How words and numbers are written in one language, and what the unit of time is called there."""

    language: Language
    unit: str | None = None

    def say(self, word: str) -> str:
        """One of the words of the page."""
        return WORDS[word].in_language(self.language)

    def count(self, value: int) -> str:
        """A number of rows."""
        return number(value, self.language)

    def time(self, value: float) -> str:
        """A time, with no more decimals than it has."""
        return with_decimal_mark(
            f"{round(value, _MOST_PLACES):.{_MOST_PLACES}f}".rstrip("0").rstrip("."), self.language
        )

    def share(self, value: float) -> str:
        """A share in whole per cent."""
        return f"{number(100 * value, self.language)}{NO_BREAK}%"

    @property
    def axis(self) -> str:
        """What the scale of times is called."""
        return f"{self.say('time')} ({self.unit})" if self.unit else self.say("time")

    def group(self, name: str) -> str:
        """What a group is called; the missing one by a word."""
        return self.say("no_group") if name == MISSING_GROUP else name


def horizons_of(found: TimeToEvent) -> tuple[float, ...]:
    """Round times at which shares are told: up to five, the last within the time that anybody was followed."""
    last = float(found.all.kaplan_meier.time[-1])
    return tuple(at for at in ticks_to(last) if 0 < at <= last) if last > 0 else ()


def drawn_groups(found: TimeToEvent) -> Mapping[str, Survival]:
    """The groups that are drawn, in their order."""
    largest = sorted(found.groups, key=lambda name: -found.groups[name].rows)[:MOST_DRAWN]
    return {name: survival for name, survival in found.groups.items() if name in largest}


def waiting_chart(found: TimeToEvent, tongue: Tongue) -> Chart:
    """The share still waiting: of each group, or of all where there are none."""
    drawn = drawn_groups(found) or {"": found.all}
    curves = tuple(
        Curve(name, _short(tongue.group(name)) if name else tongue.say("everybody"), _waiting(survival.kaplan_meier))
        for name, survival in drawn.items()
    )
    numbers = {name: survival.kaplan_meier for name, survival in drawn.items()}
    return tongue.say("waiting"), _OnSheet(curves, numbers, horizons_of(found), tongue)


def kinds_chart(found: TimeToEvent, tongue: Tongue) -> Chart:
    """The share to which each kind of event has come before any other, of all."""
    curves = tuple(
        Curve(str(kind), f"{tongue.say('kind')} {kind}", _come(estimates))
        for kind, estimates in [*found.all.aalen_johansen.items()][:MOST_DRAWN]
    )
    return tongue.say("come"), _OnSheet(curves, None, horizons_of(found), tongue)


def _short(name: str) -> str:
    """A name as there is room for it beside a curve; the table has it whole."""
    return name if len(name) <= _LONGEST_NAME else f"{name[: _LONGEST_NAME - 1].rstrip()}\u2026"


def at_risk_at(curve: Estimates, time: float) -> int:
    """How many are followed at a time or longer."""
    place = int(np.searchsorted(curve.time, time))
    return int(curve.at_risk[place]) if place < len(curve.time) else 0


@dataclass(frozen=True, slots=True)
class _OnSheet:
    """Draws curves on a sheet; said in words they are told at the horizons, however many points they have."""

    curves: tuple[Curve, ...]
    numbers: Mapping[str, Estimates] | None
    horizons: tuple[float, ...]
    tongue: Tongue

    def __call__(self, sheet: Sheet) -> Drawing:
        share, time = self.tongue.share, self.tongue.time
        numbers = self.numbers
        below = None
        last = max(point.time for curve in self.curves for point in curve.points)
        if numbers is not None:
            below = Below(
                self.tongue.say("at_risk"),
                # Beyond the last time of all nobody could be followed: nothing is written.
                lambda group, at: self.tongue.count(at_risk_at(numbers[group], at)) if at <= last else "",
            )
        drawing = curves_chart(self.curves, share=share, time=time, heading=self.tongue.axis, sheet=sheet, below=below)
        told = [replace(curve, points=_told(curve.points, self.horizons)) for curve in self.curves]
        return replace(drawing, description=described(told, share=share, time=time))


def _told(points: tuple[Point, ...], horizons: tuple[float, ...]) -> tuple[Point, ...]:
    """The points as they stand at the horizons."""
    return tuple(replace([p for p in points if p.time <= at][-1], time=at) for at in horizons) or points


def _waiting(curve: Estimates) -> tuple[Point, ...]:
    low, high = curve.limits()
    return (Point(0.0, 1.0, 1.0, 1.0), *_points(curve, low, high))


def _come(curve: Estimates) -> tuple[Point, ...]:
    pairs = zip(curve.estimate.tolist(), curve.standard_error.tolist(), strict=True)
    ends = [on_logit(value, error**2) for value, error in pairs]
    low, high = np.array([end.low for end in ends]), np.array([end.high for end in ends])
    return (Point(0.0, 0.0, 0.0, 0.0), *_points(curve, low, high))


def _points(curve: Estimates, low: Numbers, high: Numbers) -> list[Point]:
    """The steps of a curve, no more of them than a drawing has room for."""
    grid = np.linspace(0.0, curve.time[-1], _POINTS)
    chosen = np.unique(np.searchsorted(curve.time, grid, side="right") - 1)
    places = chosen[chosen >= 0] if len(curve.time) > _POINTS else np.arange(len(curve.time))
    columns = (curve.time[places], curve.estimate[places], low[places], high[places])
    return [Point(*(float(value) for value in row)) for row in zip(*columns, strict=True)]
