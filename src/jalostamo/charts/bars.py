"""Bars of parts: one for each subject, from nought, with its value at its end; for figures of everybody, which have no interval.

Handbook 2.2 (visualising, understanding and assessing the results).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final, Protocol

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
    ticks_to,
    written,
)
from jalostamo.charts.inks import MUTED, PALETTE
from jalostamo.charts.rendering import Drawing
from jalostamo.charts.typesetting import BOLD

INK: Final = PALETTE[3]
_HALF: Final = 6
_ROW: Final = 22
_NARROW_PITCH: Final = 54


@dataclass(frozen=True, slots=True)
class Bar:
    """A bar is one subject's part: its value, how that is written, and a word beside it or none."""

    name: str
    value: float
    text: str
    note: str = ""


class Valued(Protocol):
    """What has a bar: its value, how that is written, and a word beside it or none."""

    @property
    def value(self) -> float: ...
    @property
    def text(self) -> str: ...
    @property
    def note(self) -> str: ...


def bars_chart(
    bars: tuple[Bar, ...], *, tick: Callable[[float], str], sheet: Sheet, highest: float | None = None
) -> Drawing:
    """A row for each bar, in the order given; `highest` is where the scale ends where it must not follow the bars."""
    places, bottom = _placed(bars, sheet)
    ends = ticks_to(highest or max(bar.value for bar in bars) or 1.0, most=4)
    ticks = tuple(Tick(at, tick(at)) for at in ends)
    room = max(value_room(bar, sheet) for bar in bars)
    width = sheet.width - sheet.left - GAP - room
    frame = Frame(sheet.width, int(bottom + AXIS_HEIGHT), sheet.left, width, 0.0, ticks, 0.0, ends[-1])
    texts = [*scale_texts(frame)]
    for bar, (y, lines) in zip(bars, places, strict=True):
        texts += [*_names(bar, lines, y, sheet), *value_texts(bar, y, frame, sheet)]
    drawn = shapes("bar", ({"low": 0, "high": b.value, "y": y, "ink": INK.light} for b, (y, _) in _both(bars, places)))
    caps = shapes("rule", (_cap(bar, y) for bar, (y, _) in _both(bars, places) if bar.value))
    bands = tuple((y - 12, y + 14) for y, _ in places) if sheet.narrow else ()
    option = frame.option(series=[drawn, caps], texts=texts, bands=bands)
    return Drawing(option, frame.width, frame.height, " ".join(_described(bar) for bar in bars))


type _Places = list[tuple[float, tuple[str, ...]]]


def _both(bars: tuple[Bar, ...], places: _Places) -> zip[tuple[Bar, tuple[float, tuple[str, ...]]]]:
    return zip(bars, places, strict=True)


def _placed(bars: tuple[Bar, ...], sheet: Sheet) -> tuple[_Places, float]:
    if sheet.narrow:
        return [(_NARROW_PITCH * n + 36, (bar.name,)) for n, bar in enumerate(bars)], _NARROW_PITCH * len(bars)
    places: _Places = []
    top = 0.0
    for bar in bars:
        lines = sheet.names(bar.name)
        height = _ROW + LINE * (len(lines) - 1) + 8
        places.append((top + height / 2, lines))
        top += height
    return places, top


def _names(bar: Bar, lines: tuple[str, ...], y: float, sheet: Sheet) -> list[Element]:
    if sheet.narrow:
        return [written(bar.name, x=0, y=y - 23)]
    first = y - LINE / 2 * (len(lines) - 1)
    return [written(line, x=0, y=first + LINE * place) for place, line in enumerate(lines)]


def value_texts(bar: Valued, y: float, frame: Frame, sheet: Sheet) -> list[Element]:
    """What is written behind a bar: its value, and the word beside it."""
    x = frame.x_of(bar.value) + GAP
    after = x + sheet.typeface.width(bar.text, size=NAME_SIZE, weight=BOLD) + 8
    value = written(bar.text, x=x, y=y, weight=BOLD, rimmed=True)
    note = written(bar.note, x=after, y=y, size=NOTE_SIZE, ink=MUTED, rimmed=True)
    return [value, note] if bar.note else [value]


def value_room(bar: Valued, sheet: Sheet) -> float:
    """How much room that takes."""
    value = sheet.typeface.width(bar.text, size=NAME_SIZE, weight=BOLD)
    return value + (8 + sheet.typeface.width(bar.note, size=NOTE_SIZE) if bar.note else 0.0)


def _cap(bar: Bar, y: float) -> Element:
    return {"at": bar.value, "from": y - _HALF, "to": y + _HALF, "ink": INK.light, "weight": 3}


def _described(bar: Bar) -> str:
    return f"{bar.name}: {bar.text}{f' ({bar.note})' if bar.note else ''}."
