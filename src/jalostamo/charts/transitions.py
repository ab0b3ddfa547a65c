"""A table of transitions in shades: of those at a service, which share went straight to each other, the darker the more.

Columns are headed by the numbers of the rows, so that a dozen stand on a phone; numbers stand in cells where they fit.

Handbook 2.2 (visualising, understanding and assessing the results) and 3.2.4 (customer paths).
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Final

from jalostamo.charts.flows import MOST_NODES
from jalostamo.charts.framing import GAP, NAME_SIZE, NOTE_SIZE, Element, Sheet, written
from jalostamo.charts.inks import HAIRLINE, MUTED, PALETTE
from jalostamo.charts.rendering import Drawing

INK: Final = PALETTE[0]
_DARKEST: Final = 0.45
"""Letters on the darkest shade still read, on paper and in the dark."""
_NUMBER_ROOM: Final = 24.0
_HEADING: Final = 40
_LINE: Final = 16


@dataclass(frozen=True, slots=True)
class Transition:
    """A transition is how many of the `base` customers of one service went straight to another."""

    source: str
    target: str
    customers: int
    base: int


@dataclass(frozen=True, slots=True)
class Wording:
    """How the table speaks: a service's name, a share within a cell and in a sentence, and what its columns are."""

    name: Callable[[str], str]
    short: Callable[[float], str]
    share: Callable[[float], str]
    heading: str


def transitions_chart(transitions: tuple[Transition, ...], *, wording: Wording, sheet: Sheet) -> Drawing:
    """A row for each service that is left, a column for each that is gone to; those beyond a dozen are in the table alone."""
    order = _order(transitions)
    left = 128.0 if sheet.narrow else sheet.left
    side = min((sheet.width - left) / len(order), 46.0)
    shown = [each for each in transitions if {each.source, each.target} <= set(order) and each.customers]
    rows, bottom = _rows(order, wording, sheet, room=left - GAP, least=side)
    drawn = [part for number, row in enumerate(rows, start=1) for part in _row(row, number, sheet)]
    columns = {service: left + side * number for number, service in enumerate(order)}
    drawn += [
        written(str(number), x=columns[service] + side / 2, y=30, size=NOTE_SIZE, ink=MUTED, align="center")
        for number, service in enumerate(order, start=1)
    ]
    drawn.append(written(wording.heading, x=left, y=10, size=NOTE_SIZE, ink=MUTED))
    at = {row.service: row for row in rows}
    highest = max((each.customers / each.base for each in shown), default=1.0)
    # Numbers in some cells alone would look as if the others held less.
    numbers = (wording.short(each.customers / each.base) for each in shown)
    fitting = max((sheet.typeface.width(text, size=NOTE_SIZE) for text in numbers), default=0.0) <= side - 2
    cells = {(each.source, each.target): each for each in shown}
    for one in order:
        for other in order:
            box = {"x": columns[other], "y": at[one].top, "width": side - 1, "height": at[one].height - 1}
            drawn += _cell(box, cells.get((one, other)), highest, short=wording.short if fitting else None)
    return Drawing({"graphic": drawn, "series": []}, sheet.width, int(bottom), _described(shown, wording))


@dataclass(frozen=True, slots=True)
class _Row:
    service: str
    lines: tuple[str, ...]
    top: float
    height: float


def _order(transitions: Iterable[Transition]) -> tuple[str, ...]:
    """The dozen services that most came to or left, the most used first."""
    met: Counter[str] = Counter()
    for each in transitions:
        met[each.source] += each.customers
        met[each.target] += each.customers
    return tuple(sorted(met, key=lambda service: (-met[service], service))[:MOST_NODES])


def _rows(
    order: tuple[str, ...], wording: Wording, sheet: Sheet, *, room: float, least: float
) -> tuple[list[_Row], float]:
    rows: list[_Row] = []
    top = float(_HEADING)
    for service in order:
        size = NOTE_SIZE if sheet.narrow else NAME_SIZE
        lines = sheet.typeface.lines(wording.name(service), size=size, room=room - _NUMBER_ROOM)
        height = max(least, _LINE * len(lines) + 8.0)
        rows.append(_Row(service, lines, top, height))
        top += height
    return rows, top


def _row(row: _Row, number: int, sheet: Sheet) -> list[Element]:
    size = NOTE_SIZE if sheet.narrow else NAME_SIZE
    first = row.top + row.height / 2 - 1 - _LINE / 2 * (len(row.lines) - 1)
    names = [written(line, x=_NUMBER_ROOM, y=first + _LINE * n, size=size) for n, line in enumerate(row.lines)]
    return [written(str(number), x=_NUMBER_ROOM - 8, y=first, size=NOTE_SIZE, ink=MUTED, align="right"), *names]


def _cell(
    box: Mapping[str, float], found: Transition | None, highest: float, *, short: Callable[[float], str] | None
) -> list[Element]:
    if found is None:
        style: Element = {"fill": HAIRLINE.light, "opacity": 0.35}
        return [{"type": "rect", "shape": box, "style": style, "silent": True}]
    part = found.customers / found.base
    # By the root, so that among small shares, which most are, more is darker to the eye.
    style = {"fill": INK.light, "opacity": round(_DARKEST * math.sqrt(part / highest), 3)}
    shade: Element = {"type": "rect", "shape": box, "style": style, "silent": True}
    if short is None:
        return [shade]
    x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
    return [shade, written(short(part), x=x, y=y, size=NOTE_SIZE, align="center")]


def _described(shown: Iterable[Transition], wording: Wording) -> str:
    def said(each: Transition) -> str:
        return (
            f"{wording.name(each.source)} – {wording.name(each.target)}: {wording.share(each.customers / each.base)}."
        )

    return " ".join(said(each) for each in shown)
