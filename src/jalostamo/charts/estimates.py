"""Estimates of one subject: a row for each group, on a scale from zero, with interval and number of customers.

Handbook 2.2 (visualising, understanding and assessing the results).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass

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
from jalostamo.charts.inks import MUTED, ink_of, sign_of
from jalostamo.charts.rendering import Drawing
from jalostamo.charts.typesetting import BOLD


@dataclass(frozen=True, slots=True)
class Mark:
    """A mark is one group's estimate: where it stands, and the words and numbers written beside it.

    `text` is the value as written, `note` the number of customers it rests on.
    """

    group: str
    name: str
    low: float
    value: float
    high: float
    text: str
    note: str


@dataclass(frozen=True, slots=True)
class Row:
    """A row is a mark at its height, in pixels from the top of the plot."""

    mark: Mark
    y: float


def estimates_chart(marks: tuple[Mark, ...], *, tick: Callable[[float], str], sheet: Sheet) -> Drawing:
    """One subject: a row for each group, its name beside it (above it where the sheet is narrow)."""
    rows, bottom = _placed(marks, sheet)

    def room(mark: Mark) -> float:
        return sheet.typeface.width(mark.text, size=NAME_SIZE, weight=BOLD)

    frame = scaled_to(rows, tick=tick, sheet=sheet, room=room, bottom=bottom)
    names = [element for row in rows for element in _names(row, sheet)]
    values = [written(r.mark.text, x=frame.x_of(r.mark.high) + GAP, y=r.y, weight=BOLD, rimmed=True) for r in rows]
    texts = [*names, *values, *scale_texts(frame)]
    bands = tuple((row.y - 12, row.y + 14) for row in rows) if sheet.narrow else ()
    option = frame.option(series=whiskers_and_signs(rows), texts=texts, bands=bands)
    return Drawing(option, frame.width, frame.height, described(marks))


def _placed(marks: tuple[Mark, ...], sheet: Sheet) -> tuple[list[Row], float]:
    if sheet.narrow:
        return [Row(mark, 52 * place + 34) for place, mark in enumerate(marks)], 52 * len(marks)
    rows: list[Row] = []
    top = 0.0
    for mark in marks:
        height = LINE * (len(sheet.names(mark.name)) + 1) + 14
        rows.append(Row(mark, top + height / 2))
        top += height
    return rows, top


def scaled_to(
    rows: Iterable[Row],
    *,
    tick: Callable[[float], str],
    sheet: Sheet,
    room: Callable[[Mark], float],
    bottom: float,
    top: float = 0.0,
) -> Frame:
    """The frame with the widest plot in which every value still fits at the right of its interval."""
    marks = [row.mark for row in rows]
    places = ticks_to(max(mark.high for mark in marks))
    ticks = tuple(Tick(at, tick(at)) for at in places)
    available = sheet.width - sheet.left
    fitting = [(available - GAP - room(mark)) * places[-1] / mark.high for mark in marks if mark.high > 0]
    last = sheet.typeface.width(ticks[-1].text, size=NOTE_SIZE) / 2
    plot_width = min([*fitting, available - last])
    height = int(top + bottom + AXIS_HEIGHT)
    return Frame(sheet.width, height, sheet.left, plot_width, top, ticks, 0.0, places[-1])


def whiskers_and_signs(rows: Iterable[Row]) -> list[Element]:
    """The series that draw every interval, and the estimate in it."""
    drawn = list(rows)
    groups = tuple(dict.fromkeys(row.mark.group for row in drawn))
    whiskers: list[Element] = []
    points: list[Element] = []
    for mark, y in ((row.mark, row.y) for row in drawn):
        ink, symbol = ink_of(mark.group, among=groups), sign_of(mark.group, among=groups)
        whiskers.append({"low": mark.low, "high": mark.high, "y": y, "ink": ink.light})
        points.append(sign(mark.value, y, symbol=symbol, ink=ink))
    return [shapes("whisker", whiskers), signs(points)]


def described(marks: Iterable[Mark]) -> str:
    """The marks in words."""
    return " ".join(f"{mark.name}: {mark.text} ({mark.note})." for mark in marks)


def _names(row: Row, sheet: Sheet) -> list[Element]:
    name, note = row.mark.name, row.mark.note
    if sheet.narrow:
        after = sheet.typeface.width(name, size=NAME_SIZE) + GAP
        y = row.y - 20
        return [written(name, x=0, y=y), written(note, x=after, y=y, size=NOTE_SIZE, ink=MUTED)]
    lines = sheet.names(name)
    y = row.y - LINE / 2 * len(lines)
    names = [written(line, x=0, y=y + LINE * place) for place, line in enumerate(lines)]
    return [*names, written(note, x=0, y=y + LINE * len(lines), size=NOTE_SIZE, ink=MUTED)]
