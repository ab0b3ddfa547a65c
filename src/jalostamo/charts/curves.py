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
_APART: Final = 6
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


@dataclass(frozen=True, slots=True)
class Below:
    """What stands below the scale: how many of each group are still at risk at a time, and what that is called."""

    heading: str
    number: Callable[[str, float], str]


def curves_chart(
    curves: tuple[Curve, ...],
    *,
    share: Callable[[float], str],
    time: Callable[[float], str],
    heading: str,
    sheet: Sheet,
    below: Below | None = None,
) -> Drawing:
    """The curves on one scale: shares from nought to all, time from nought on; names stand at the right, or below.

    With `below`, numbers at risk stand under the scale, each row with its group's name.
    """
    last = max(point.time for curve in curves for point in curve.points)
    places = ticks_to(last) if last > 0 else (0.0, 1.0)
    room = 0.0 if sheet.narrow else max(sheet.typeface.width(c.name, size=NAME_SIZE) for c in curves) + _PIECE + 3 * GAP
    numbers = _numbers_at(curves, below, places)
    # A number under the last time reaches half its width beyond the scale.
    beyond = _widest(numbers, sheet) / 2
    width = sheet.width - _LEFT - max(room + (0.0 if sheet.narrow else beyond), beyond, 2.0 * GAP)
    bottom = _TOP + _PLOT[sheet.narrow]
    rows = _below_rows(len(curves), sheet) if below else LINE * len(curves) if sheet.narrow else 0
    height = int(bottom + _BELOW + rows)
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
    right = _LEFT + width + GAP + beyond
    beside = () if below and sheet.narrow else _names(curves, sheet, x=right, top=_TOP, bottom=bottom)
    rows_below = _numbers(curves, below.heading, numbers, sheet, places=places, width=width) if below else ()
    option["graphic"] = [*shares, *times, axis, *beside, *rows_below]
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
    free, left = top - LINE, len(curves)
    for curve in sorted(curves, key=lambda each: -each.points[-1].value):
        # Those below still need their lines above the scale.
        left -= 1
        wanted = max(free + LINE, bottom - curve.points[-1].value * (bottom - top))
        free = max(free + LINE, min(wanted, bottom - LINE * left))
        placed += _name(curve, curves, x=x, y=free)
    return placed


def _below_rows(curves: int, sheet: Sheet) -> int:
    """How high the numbers are: their heading and a line for each curve, two where its name stands on one of its own."""
    return LINE + GAP + curves * _row_height(sheet)


def _row_height(sheet: Sheet) -> int:
    return 2 * LINE + _APART if sheet.narrow else LINE


def _numbers_at(curves: tuple[Curve, ...], below: Below | None, places: tuple[float, ...]) -> list[list[str]]:
    return [[below.number(curve.group, at) for at in places] for curve in curves] if below else []


def _widest(numbers: list[list[str]], sheet: Sheet) -> float:
    return max((sheet.typeface.width(text, size=NOTE_SIZE) for row in numbers for text in row), default=0.0)


def _numbers(
    curves: tuple[Curve, ...],
    heading: str,
    numbers: list[list[str]],
    sheet: Sheet,
    *,
    places: tuple[float, ...],
    width: float,
) -> list[Element]:
    """Numbers under the times of the scale, as many of them as fit beside each other; the names at the right, or above."""
    top = _TOP + _PLOT[sheet.narrow] + _BELOW + GAP
    widest = _widest(numbers, sheet)
    apart = width / (len(places) - 1)
    every = next(n for n in range(1, len(places) + 1) if n * apart > widest + GAP or n == len(places))
    parts: list[Element] = [written(heading, x=_LEFT, y=top, size=NOTE_SIZE, ink=MUTED)]
    for row, curve in enumerate(curves):
        y = top + LINE + row * _row_height(sheet)
        parts += _name(curve, curves, x=_LEFT if sheet.narrow else _LEFT + width + GAP + widest / 2, y=y)
        y += LINE if sheet.narrow else 0
        for place in range(0, len(places), every):
            x = _LEFT + places[place] / places[-1] * width
            parts.append(written(numbers[row][place], x=x, y=y, size=NOTE_SIZE, align="center"))
    return parts


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
