"""Estimates of many subjects on one scale from zero: a block of thin bars for each, a bar for each group.

Handbook 2.2 (pilot: how much the different services are used).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Final

from jalostamo.charts.estimates import Mark, Row, described, scaled_to, whiskers_and_signs
from jalostamo.charts.framing import (
    GAP,
    LINE,
    NAME_SIZE,
    NOTE_SIZE,
    Element,
    Frame,
    Sheet,
    scale_texts,
    shapes,
    written,
)
from jalostamo.charts.inks import MUTED, ink_of, sign_of
from jalostamo.charts.rendering import Drawing
from jalostamo.charts.typesetting import BOLD

_PITCH: Final = 20
_KEY_PITCH: Final = 24
_KEY_SHAPES: Final[dict[str, list[list[int]]]] = {
    "rect": [[-5, -5], [5, -5], [5, 5], [-5, 5]],
    "diamond": [[0, -7], [7, 0], [0, 7], [-7, 0]],
    "triangle": [[0, -6], [6, 5], [-6, 5]],
}


@dataclass(frozen=True, slots=True)
class Block:
    """A block is one subject (a service) with the marks of its groups."""

    name: str
    marks: tuple[Mark, ...]


def blocks_chart(blocks: tuple[Block, ...], *, tick: Callable[[float], str], sheet: Sheet) -> Drawing:
    """A block for each subject, in the order given; the groups are told apart by ink, sign and order."""
    names = {mark.group: mark.name for block in blocks for mark in block.marks}
    key, top = key_of(names, sheet)
    placed = _placed(blocks, sheet)
    rows = [row for _, of_block in placed for row in of_block]

    def room(mark: Mark) -> float:
        return (
            sheet.typeface.width(mark.text, size=NOTE_SIZE, weight=BOLD)
            + 8
            + sheet.typeface.width(mark.note, size=NOTE_SIZE)
        )

    frame = scaled_to(rows, tick=tick, sheet=sheet, room=room, bottom=rows[-1].y + _PITCH, top=top)
    texts = [*key, *scale_texts(frame)]
    for block, of_block in placed:
        texts += _name(block, top + of_block[0].y, sheet)
        texts += [element for row in of_block for element in _value_and_note(row, frame, sheet)]
    bands = tuple((r[0].y - 11, r[-1].y + 13) for _, r in placed) if sheet.narrow else ()
    option = frame.option(series=[_bars(rows), *whiskers_and_signs(rows)], texts=texts, bands=bands)
    return Drawing(option, frame.width, frame.height, " ".join(f"{b.name}. {described(b.marks)}" for b in blocks))


def _placed(blocks: tuple[Block, ...], sheet: Sheet) -> list[tuple[Block, list[Row]]]:
    before, after = (34, 16) if sheet.narrow else (12, 28)
    placed: list[tuple[Block, list[Row]]] = []
    y = 0.0
    for block in blocks:
        rows = [Row(mark, y + before + _PITCH * place) for place, mark in enumerate(block.marks)]
        placed.append((block, rows))
        y = rows[-1].y + after
    return placed


def _bars(rows: list[Row]) -> Element:
    groups = tuple(dict.fromkeys(row.mark.group for row in rows))
    inks = {group: ink_of(group, among=groups).light for group in groups}
    return shapes("bar", ({"low": 0, "high": r.mark.value, "y": r.y, "ink": inks[r.mark.group]} for r in rows))


def _name(block: Block, y: float, sheet: Sheet) -> list[Element]:
    if sheet.narrow:
        return [written(block.name, x=0, y=y - _PITCH, weight=BOLD)]
    lines = sheet.names(block.name, weight=BOLD)
    return [written(line, x=0, y=y + LINE * place, weight=BOLD) for place, line in enumerate(lines)]


def _value_and_note(row: Row, frame: Frame, sheet: Sheet) -> list[Element]:
    x, y = frame.x_of(row.mark.high) + GAP, frame.top + row.y
    after = x + sheet.typeface.width(row.mark.text, size=NOTE_SIZE, weight=BOLD) + 8
    value = written(row.mark.text, x=x, y=y, size=NOTE_SIZE, weight=BOLD, rimmed=True)
    return [value, written(row.mark.note, x=after, y=y, size=NOTE_SIZE, ink=MUTED, rimmed=True)]


def key_of(names: Mapping[str, str], sheet: Sheet) -> tuple[list[Element], float]:
    """A sign in its ink and a name for each group, in as many lines as they need; and where they end."""
    groups = tuple(names)
    elements: list[Element] = []
    x, y = 0.0, 12.0
    for group, name in names.items():
        needed = 18 + sheet.typeface.width(name, size=NAME_SIZE)
        x, y = (0.0, y + _KEY_PITCH) if x and x + needed > sheet.width else (x, y)
        elements += [_key_sign(group, groups, x=x + 6, y=y), written(name, x=x + 18, y=y)]
        x += needed + 24
    return elements, y + 20


def _key_sign(group: str, groups: tuple[str, ...], *, x: float, y: float) -> Element:
    style = {"fill": ink_of(group, among=groups).light}
    symbol = sign_of(group, among=groups)
    if symbol == "circle":
        return {"type": "circle", "x": x, "y": y, "shape": {"r": 5.5}, "style": style, "silent": True}
    return {"type": "polygon", "x": x, "y": y, "shape": {"points": _KEY_SHAPES[symbol]}, "style": style, "silent": True}
