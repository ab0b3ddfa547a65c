"""Survival curves: the share that is left as time goes, in steps, each group's with its band and its name at its end.

Handbook 2.2 (visualising, understanding and assessing the results).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Final

from jalostamo.charts.framing import GAP, LINE, NAME_SIZE, NOTE_SIZE, Element, Sheet, ticks_to, written
from jalostamo.charts.inks import AXIS, HAIRLINE, MUTED, Ink, ink_of
from jalostamo.charts.rendering import Drawing

_PLOT: Final = {True: 200, False: 280}
_TOP: Final = 12
_LEFT: Final = 52
_BELOW: Final = 48
_PIECE: Final = 22
_SHARES: Final = (0.0, 0.25, 0.5, 0.75, 1.0)
_DASHES: Final = ("solid", [6, 3], [2, 2], [8, 3, 2, 3])
"""Beside the ink, so that colour is never the only difference."""


@dataclass(frozen=True, slots=True)
class Point:
    """A point is the share that is left at a time, with the ends of its interval."""

    time: float
    value: float
    low: float
    high: float


@dataclass(frozen=True, slots=True)
class Curve:
    """A curve is one group's points, times ascending, and what the group is called."""

    group: str
    name: str
    points: tuple[Point, ...]


def curves_chart(
    curves: tuple[Curve, ...],
    *,
    share: Callable[[float], str],
    time: Callable[[float], str],
    heading: str,
    sheet: Sheet,
) -> Drawing:
    """The curves on one scale: shares from nought to all, time from nought on; names stand at the right, or below."""
    last = max(point.time for curve in curves for point in curve.points)
    places = ticks_to(last) if last > 0 else (0.0, 1.0)
    room = 0.0 if sheet.narrow else max(sheet.typeface.width(c.name, size=NAME_SIZE) for c in curves) + _PIECE + 3 * GAP
    width = sheet.width - _LEFT - max(room, 2.0 * GAP)
    bottom = _TOP + _PLOT[sheet.narrow]
    height = int(bottom + _BELOW + (LINE * len(curves) if sheet.narrow else 0))
    option: Element = {
        "grid": {"left": _LEFT, "top": _TOP, "width": width, "height": bottom - _TOP},
        "xAxis": {"type": "value", "min": 0, "max": places[-1], "show": False},
        "yAxis": {"type": "value", "min": 0, "max": 1, "show": False},
        "series": [
            *_rules(places[-1]),
            *(part for n, curve in enumerate(curves) for part in _series(curve, curves, n)),
        ],
    }
    shares = [
        written(share(at), x=_LEFT - 8, y=bottom - at * (bottom - _TOP), size=NOTE_SIZE, ink=MUTED, align="right")
        for at in _SHARES
    ]
    times = [
        written(time(at), x=_LEFT + at / places[-1] * width, y=bottom + 14, size=NOTE_SIZE, ink=MUTED, align="center")
        for at in places
    ]
    axis = written(heading, x=_LEFT + width / 2, y=bottom + 32, size=NOTE_SIZE, ink=MUTED, align="center")
    names = _names(curves, sheet, x=_LEFT + width + GAP, top=_TOP, bottom=bottom)
    option["graphic"] = [*shares, *times, axis, *names]
    return Drawing(option, sheet.width, height, described(curves, share=share, time=time))


def described(curves: Iterable[Curve], *, share: Callable[[float], str], time: Callable[[float], str]) -> str:
    """The curves in words: each point with its interval."""

    def said(curve: Curve) -> str:
        points = (f"{time(p.time)}: {share(p.value)} ({share(p.low)}\u2013{share(p.high)})" for p in curve.points)
        return f"{curve.name}. {'; '.join(points)}."

    return " ".join(said(curve) for curve in curves)


def _series(curve: Curve, curves: tuple[Curve, ...], number: int) -> list[Element]:
    """The band as two stacked steps, and the curve on top of it."""
    ink = _ink(curve, curves)
    line: Element = {"type": "line", "step": "end", "symbol": "none", "silent": True, "emphasis": {"disabled": True}}
    unseen: Element = {"lineStyle": {"opacity": 0}, "stack": f"band-{number}"}
    lower = {**line, **unseen, "data": [[p.time, p.low] for p in curve.points]}
    area: Element = {"areaStyle": {"color": ink.light, "opacity": 0.13}}
    between = {**line, **unseen, **area, "data": [[p.time, p.high - p.low] for p in curve.points]}
    style: Element = {"color": ink.light, "width": 2, "type": _DASHES[number % len(_DASHES)]}
    return [lower, between, {**line, "lineStyle": style, "z": 4, "data": [[p.time, p.value] for p in curve.points]}]


def _rules(last: float) -> list[Element]:
    """A hairline at each share, the lowest darker."""
    return [
        {
            "type": "line",
            "symbol": "none",
            "silent": True,
            "lineStyle": {"color": (AXIS if at == 0 else HAIRLINE).light, "width": 1.5 if at == 0 else 1},
            "data": [[0, at], [last, at]],
        }
        for at in _SHARES
    ]


def _names(curves: tuple[Curve, ...], sheet: Sheet, *, x: float, top: float, bottom: float) -> list[Element]:
    """Each name beside the end of its curve, moved down where the one above it would touch it; below where it is narrow."""
    if sheet.narrow:
        rows = ((curve, bottom + _BELOW + LINE * place) for place, curve in enumerate(curves))
        return [part for curve, y in rows for part in _name(curve, curves, x=_LEFT, y=y)]
    placed: list[Element] = []
    free = top - LINE
    for curve in sorted(curves, key=lambda each: -each.points[-1].value):
        free = max(free + LINE, bottom - curve.points[-1].value * (bottom - top))
        placed += _name(curve, curves, x=x, y=free)
    return placed


def _name(curve: Curve, curves: tuple[Curve, ...], *, x: float, y: float) -> list[Element]:
    """A piece of the curve and its name; letters are in ink that reads on any paper."""
    stroke: Element = {"stroke": _ink(curve, curves).light, "lineWidth": 2}
    dashes = _DASHES[curves.index(curve) % len(_DASHES)]
    stroke |= {"lineDash": dashes} if dashes != "solid" else {}
    shape = {"x1": x, "y1": y, "x2": x + _PIECE, "y2": y}
    return [
        {"type": "line", "shape": shape, "style": stroke, "silent": True},
        written(curve.name, x=x + _PIECE + GAP, y=y),
    ]


def _ink(curve: Curve, curves: tuple[Curve, ...]) -> Ink:
    return ink_of(curve.group, among=tuple(each.group for each in curves))
