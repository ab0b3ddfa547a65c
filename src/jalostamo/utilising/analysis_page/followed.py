"""Findings on waiting drawn as curves: the share to whom a service came, with its interval and how many were still followed.

Handbook 2.3 (methods of analysis).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final, cast

from jalostamo.charts.curves import Below, Curve, Point, curves_chart, described
from jalostamo.charts.framing import ticks_to
from jalostamo.concepts.languages import Text
from jalostamo.utilising.analysis_page.ranked import Row, count_in, rows_of
from jalostamo.utilising.analysis_page.ratios import ratios_by
from jalostamo.utilising.publication.terms import AT_RISK, TIME

if TYPE_CHECKING:
    from jalostamo.charts.framing import Sheet
    from jalostamo.charts.picturing import Chart
    from jalostamo.charts.rendering import Drawing
    from jalostamo.producing.analyses.findings import Findings
    from jalostamo.utilising.analysis_page.speech import Speech

_CAME: Final = Text(
    "Osuus, jolle palvelu oli tullut", "Andel som tjänsten hade kommit till", "Share to whom it had come"
)
_HAZARDS: Final = Text(
    "Kuinka monta kertaa niin pian, muut tekijät samoina, ja 95\u00a0%:n väli",
    "Hur många gånger så snart, allt annat lika, och 95\u00a0% intervall",
    "How many times as soon, all else alike, with 95\u00a0% interval",
)


def courses_of_waiting(findings: Findings, speech: Speech, groups: Sequence[str]) -> list[Chart]:
    """The share of each group that the service came to, by time; then what it comes sooner with."""
    rows = {group: rows_of(findings, "curve", group) for group in groups}
    curves = tuple(Curve(group, speech.name(group), _points(theirs)) for group, theirs in rows.items() if theirs)
    hazards = findings.tables["hazards"].mappings() if "hazards" in findings.tables else []
    of_hazards = ratios_by(_HAZARDS, hazards, speech, name="covariate", ratio="hazard_ratio")
    if not curves:
        return of_hazards
    return [(speech.say(_CAME), _OnSheet(curves, rows, speech)), *of_hazards]


@dataclass(frozen=True, slots=True)
class _OnSheet:
    """Draws curves on a sheet; said in words they are told at round times alone."""

    curves: tuple[Curve, ...]
    rows: dict[str, list[Row]]
    speech: Speech

    def __call__(self, sheet: Sheet) -> Drawing:
        speech = self.speech
        below = Below(speech.say(AT_RISK), self._at_risk)
        drawing = curves_chart(
            self.curves, share=self._share, time=self._time, heading=self._heading, sheet=sheet, below=below
        )
        told = [replace(curve, points=_told(curve.points)) for curve in self.curves]
        return replace(drawing, description=described(told, share=self._share, time=self._time))

    def _share(self, value: float) -> str:
        return self.speech.share_of_all(value)

    def _time(self, value: float) -> str:
        return self.speech.plain(value)

    @property
    def _heading(self) -> str:
        return f"{self.speech.say(TIME)} ({self.speech.unit})"

    def _at_risk(self, group: str, at: float) -> str:
        """How many are followed at a time or longer."""
        later = [row for row in self.rows[group] if cast("float", row["time"]) >= at]
        return self.speech.number(count_in(later[0], "at_risk")) if later else self.speech.number(0)


def _points(rows: Sequence[Row]) -> tuple[Point, ...]:
    def point(row: Row) -> Point:
        time, value, low, high = (
            cast("float", row[name]) for name in ("time", "share_reached", "reached_low", "reached_high")
        )
        return Point(time, value, min(low, value), max(high, value))

    return (Point(0.0, 0.0, 0.0, 0.0), *(point(row) for row in rows))


def _told(points: tuple[Point, ...]) -> tuple[Point, ...]:
    """The points as they stand at round times."""
    last = points[-1].time
    times = [at for at in ticks_to(last) if 0 < at <= last] if last > 0 else []
    return tuple(replace([p for p in points if p.time <= at][-1], time=at) for at in times) or points
