"""Comparisons of two groups: each difference with its interval, against the line at which there is none.

Handbook 2.2 (pilot: the differences by language).
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final, Literal

from jalostamo.charts.framing import (
    AXIS_HEIGHT,
    GAP,
    LINE,
    NAME_SIZE,
    NOTE_SIZE,
    Element,
    Frame,
    Sheet,
    Tick,
    scale_texts,
    shapes,
    sign,
    signs,
    ticks_to,
    written,
)
from jalostamo.charts.inks import MUTED, TEXT
from jalostamo.charts.rendering import Drawing
from jalostamo.charts.typesetting import BOLD, REGULAR

Scale = Literal["ratio", "difference"]

_TOP: Final = 26.0
_MOST_PLACES: Final = 6
_RATIO_PLACES: Final = (1 / 16, 1 / 8, 1 / 4, 1 / 2, 1, 2, 4, 8, 16)


@dataclass(frozen=True, slots=True)
class Contrast:
    """A contrast is one comparison: where it stands, what is written beside it, and whether it differs from none.

    `text` is the value and its interval as written; `note` is empty where it differs, else the words that say so.
    """

    name: str
    low: float
    value: float
    high: float
    text: str
    note: str
    differs: bool


@dataclass(frozen=True, slots=True)
class Sides:
    """What the scale says: of its left side, of the line in the middle, of its right side."""

    less: str
    none: str
    more: str


@dataclass(frozen=True, slots=True)
class _Row:
    contrast: Contrast
    lines: tuple[str, ...]
    top: float
    y: float


def contrasts_chart(
    contrasts: tuple[Contrast, ...], *, scale: Scale, sides: Sides, tick: Callable[[float], str], sheet: Sheet
) -> Drawing:
    """A row for each contrast; ratios on a logarithmic scale, so that half and twice are equally far from one."""
    rows, bottom = (_narrow_rows if sheet.narrow else _wide_rows)(contrasts, sheet)
    places = _ratio_places(contrasts) if scale == "ratio" else _difference_places(contrasts)
    ticks = tuple(Tick(_placed_at(at, scale), tick(at)) for at in places)
    left, right = (14.0, 14.0) if sheet.narrow else (sheet.left, _value_room(contrasts, sheet) + 2 * GAP)
    height = int(_TOP + bottom + AXIS_HEIGHT)
    frame = Frame(sheet.width, height, left, sheet.width - left - right, _TOP, ticks, ticks[0].at, ticks[-1].at)
    texts = [*_side_texts(sides, frame), *scale_texts(frame)]
    for row in rows:
        texts += (_narrow_texts if sheet.narrow else _wide_texts)(row, frame)
    bands = tuple((row.y - 12, row.y + 14) for row in rows) if sheet.narrow else ()
    option = frame.option(series=_series(rows, frame, scale), texts=texts, bands=bands)
    return Drawing(option, frame.width, frame.height, " ".join(_described(contrast) for contrast in contrasts))


def _value_room(contrasts: tuple[Contrast, ...], sheet: Sheet) -> float:
    return max(sheet.typeface.width(contrast.text, size=NAME_SIZE, weight=BOLD) for contrast in contrasts)


def _placed_at(value: float, scale: Scale) -> float:
    return math.log(value) if scale == "ratio" else value


def _ratio_places(contrasts: tuple[Contrast, ...]) -> tuple[float, ...]:
    lowest = min(0.5, *(contrast.low for contrast in contrasts))
    highest = max(2.0, *(contrast.high for contrast in contrasts))
    first = max((place for place in _RATIO_PLACES if place <= lowest), default=_RATIO_PLACES[0])
    last = min((place for place in _RATIO_PLACES if place >= highest), default=_RATIO_PLACES[-1])
    found = tuple(place for place in _RATIO_PLACES if first <= place <= last)
    # On a phone six numbers have room; fourfold steps keep one among them.
    return found if len(found) <= _MOST_PLACES else _RATIO_PLACES[::2]


def _difference_places(contrasts: tuple[Contrast, ...]) -> tuple[float, ...]:
    furthest = max(max(abs(contrast.low), abs(contrast.high)) for contrast in contrasts)
    above = ticks_to(furthest or 1.0, most=3)[1:]
    return (*(-place for place in reversed(above)), 0.0, *above)


def _wide_rows(contrasts: tuple[Contrast, ...], sheet: Sheet) -> tuple[list[_Row], float]:
    rows: list[_Row] = []
    top = 0.0
    for contrast in contrasts:
        lines = sheet.names(contrast.name)
        height = max(40, LINE * (len(lines) + bool(contrast.note)) + 12)
        rows.append(_Row(contrast, lines, top, top + height / 2))
        top += height
    return rows, top


def _narrow_rows(contrasts: tuple[Contrast, ...], sheet: Sheet) -> tuple[list[_Row], float]:
    room = sheet.width - _value_room(contrasts, sheet) - 16
    rows: list[_Row] = []
    top = 0.0
    for contrast in contrasts:
        lines = sheet.typeface.lines(contrast.name, size=NAME_SIZE, room=room)
        names = LINE * (len(lines) + bool(contrast.note))
        rows.append(_Row(contrast, lines, top, top + names + 14))
        top += names + 36
    return rows, top


def _series(rows: list[_Row], frame: Frame, scale: Scale) -> list[Element]:
    def within(value: float) -> float:
        # A ratio of nothing has no logarithm, and one of a handful may leave the page: both stop at the scale's end.
        if scale == "ratio" and value <= 0:
            return frame.start
        return min(max(_placed_at(value, scale), frame.start), frame.end)

    whiskers: list[Element] = []
    points: list[Element] = []
    for row in rows:
        contrast, ink = row.contrast, TEXT if row.contrast.differs else MUTED
        ends: Element = {"low": within(contrast.low), "high": within(contrast.high)}
        whiskers.append({**ends, "y": row.y, "ink": ink.light})
        points.append(sign(within(contrast.value), row.y, symbol="circle", ink=ink, filled=contrast.differs))
    return [shapes("whisker", whiskers), signs(points)]


def _side_texts(sides: Sides, frame: Frame) -> list[Element]:
    right = frame.left + frame.plot_width
    return [
        written(sides.less, x=frame.left, y=10, size=NOTE_SIZE, ink=MUTED),
        written(sides.none, x=frame.x_of(0), y=10, size=NOTE_SIZE, weight=BOLD, align="center"),
        written(sides.more, x=right, y=10, size=NOTE_SIZE, ink=MUTED, align="right"),
    ]


def _wide_texts(row: _Row, frame: Frame) -> list[Element]:
    first = frame.top + row.y - LINE / 2 * (len(row.lines) + bool(row.contrast.note) - 1)
    return [*_name_texts(row, first), _value(row, frame, frame.top + row.y)]


def _narrow_texts(row: _Row, frame: Frame) -> list[Element]:
    first = frame.top + row.top + 9
    return [*_name_texts(row, first), _value(row, frame, first)]


def _name_texts(row: _Row, first: float) -> list[Element]:
    names = [written(line, x=0, y=first + LINE * place) for place, line in enumerate(row.lines)]
    if not row.contrast.note:
        return names
    return [*names, written(row.contrast.note, x=0, y=first + LINE * len(row.lines), size=NOTE_SIZE, ink=MUTED)]


def _value(row: _Row, frame: Frame, y: float) -> Element:
    weight = BOLD if row.contrast.differs else REGULAR
    return written(row.contrast.text, x=frame.width, y=y, weight=weight, align="right")


def _described(contrast: Contrast) -> str:
    return f"{contrast.name}: {contrast.text}{', ' if contrast.note else ''}{contrast.note}."
