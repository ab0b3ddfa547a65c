"""Ranked parts of a whole with names of any length: each name above its bar, or above one bar for each of several kinds.

Handbook 2.2 (visualising, understanding and assessing the results).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Final

from jalostamo.charts.bars import value_room, value_texts
from jalostamo.charts.blocks import key_of
from jalostamo.charts.framing import (
    AXIS_HEIGHT,
    GAP,
    LINE,
    NAME_SIZE,
    Element,
    Frame,
    Sheet,
    Tick,
    scale_texts,
    shapes,
    ticks_to,
    written,
)
from jalostamo.charts.inks import ink_of
from jalostamo.charts.rendering import Drawing

_BAR: Final = 18
_AFTER: Final = 12
_LEFT: Final = 12.0
_HALF: Final = 6


@dataclass(frozen=True, slots=True)
class Part:
    """A part is one bar: of which kind, what that is called, its value, how that is written, and a word beside it or none."""

    kind: str
    kind_name: str
    value: float
    text: str
    note: str = ""


@dataclass(frozen=True, slots=True)
class Rank:
    """A rank is a name with the bars that stand under it."""

    name: str
    parts: tuple[Part, ...]


def ranks_chart(
    ranks: tuple[Rank, ...], *, tick: Callable[[float], str], sheet: Sheet, highest: float | None = None
) -> Drawing:
    """The ranks in the order given, all from nought; kinds are told apart by ink, by order, and by a key above."""
    kinds = {part.kind: part.kind_name for rank in ranks for part in rank.parts}
    keys, top = key_of(kinds, sheet) if len(kinds) > 1 else ([], 0.0)
    placed, bottom = _placed(ranks, sheet)
    parts = [part for rank in ranks for part in rank.parts]
    ends = ticks_to(highest or max(part.value for part in parts) or 1.0, most=4)
    ticks = tuple(Tick(at, tick(at)) for at in ends)
    width = sheet.width - _LEFT - GAP - max(value_room(part, sheet) for part in parts)
    frame = Frame(sheet.width, int(top + bottom + AXIS_HEIGHT), _LEFT, width, top, ticks, 0.0, ends[-1])
    texts = [*keys, *scale_texts(frame)]
    bars: list[Element] = []
    caps: list[Element] = []
    for row in placed:
        texts += [written(line, x=0, y=top + row.top + LINE * (n + 0.5)) for n, line in enumerate(row.lines)]
        for part, y in row.bars():
            ink = ink_of(part.kind, among=tuple(kinds)).light
            bars.append({"low": 0, "high": part.value, "y": y, "ink": ink})
            caps += [{"at": part.value, "from": y - _HALF, "to": y + _HALF, "ink": ink, "weight": 3}] * bool(part.value)
            texts += value_texts(part, top + y, frame, sheet)
    bands = tuple((row.bars_top, row.bars_top + _BAR * len(row.rank.parts)) for row in placed)
    option = frame.option(series=[shapes("bar", bars), shapes("rule", caps)], texts=texts, bands=bands)
    return Drawing(option, frame.width, frame.height, " ".join(_described(rank, len(kinds) > 1) for rank in ranks))


@dataclass(frozen=True, slots=True)
class _Row:
    rank: Rank
    lines: tuple[str, ...]
    top: float

    @property
    def bars_top(self) -> float:
        return self.top + LINE * len(self.lines) + 2

    def bars(self) -> Iterator[tuple[Part, float]]:
        for place, part in enumerate(self.rank.parts):
            yield part, self.bars_top + _BAR * (place + 0.5)


def _placed(ranks: tuple[Rank, ...], sheet: Sheet) -> tuple[list[_Row], float]:
    rows: list[_Row] = []
    top = 0.0
    for rank in ranks:
        row = _Row(rank, sheet.typeface.lines(rank.name, size=NAME_SIZE, room=sheet.width), top)
        rows.append(row)
        top = row.bars_top + _BAR * len(rank.parts) + _AFTER
    return rows, top - _AFTER + 4


def _described(rank: Rank, several: bool) -> str:
    def said(part: Part) -> str:
        kind = f"{part.kind_name} " if several else ""
        return f"{kind}{part.text}{f' ({part.note})' if part.note else ''}"

    return f"{rank.name}: {', '.join(said(part) for part in rank.parts)}."
