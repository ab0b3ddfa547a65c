"""A triangle of shares in cells: rows from the first month to the last, columns by delay, darker where more is known.

Handbook 2.2 (visualising, understanding and assessing the results).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from jalostamo.charts.framing import NOTE_SIZE, Element, Sheet, written
from jalostamo.charts.inks import MUTED, Ink
from jalostamo.charts.rendering import Drawing

STEPS: Final = (
    Ink("#eef3f3", "#1d262c"),
    Ink("#d5e5e5", "#213a3e"),
    Ink("#a9cccc", "#25545a"),
    Ink("#6fa9ab", "#2f767c"),
    Ink("#3a8287", "#4fa3a5"),
    Ink("#0b5d63", "#9adfdc"),
)
"""One hue from paper to accent: up to 20, 40, 60, 80, 95 per cent, and above."""

_LIMITS: Final = (0.2, 0.4, 0.6, 0.8, 0.95)
_ROW: Final = 18
_LEFT: Final = 60.0
_TOP: Final = 40.0
_KEY: Final = 44


@dataclass(frozen=True, slots=True)
class TriangleWords:
    """What is written beside a triangle: the columns' heading, the key's text, and the sentence that tells it all."""

    delays: str
    key: str
    description: str


def triangle_chart(
    rows: Sequence[tuple[str, Sequence[float | None]]], *, words: TriangleWords, sheet: Sheet
) -> Drawing:
    """A drawing of rows of shares, None where there is nothing yet to show."""
    columns = max((len(cells) for _, cells in rows), default=1)
    width = (sheet.width - _LEFT) / columns
    texts: list[Element] = [written(words.delays, x=_LEFT, y=10, size=NOTE_SIZE, ink=MUTED)]
    for delay in range(columns):
        x = _LEFT + (delay + 0.5) * width
        texts.append(written(str(delay), x=x, y=28, size=NOTE_SIZE, ink=MUTED, align="center"))
    for place, (name, cells) in enumerate(rows):
        y = _TOP + place * _ROW
        texts.append(written(name, x=0, y=y + _ROW / 2, size=NOTE_SIZE, ink=MUTED))
        texts += [
            _cell(_LEFT + delay * width, y, width - 2, step_of(share))
            for delay, share in enumerate(cells)
            if share is not None
        ]
    bottom = _TOP + len(rows) * _ROW
    texts += _key(words.key, bottom + 18)
    option: Element = {"graphic": texts, "series": []}
    return Drawing(option, sheet.width, round(bottom + _KEY), words.description)


def step_of(share: float) -> Ink:
    """The ink of a share."""
    return STEPS[sum(share > limit for limit in _LIMITS)]


def _cell(x: float, y: float, width: float, ink: Ink) -> Element:
    shape = {"x": round(x, 1), "y": y, "width": round(width, 1), "height": _ROW - 2}
    return {"type": "rect", "shape": shape, "style": {"fill": ink.light}, "silent": True}


def _key(text: str, y: float) -> list[Element]:
    cells = [_cell(_LEFT + place * 34, y - _ROW / 2, 32, ink) for place, ink in enumerate(STEPS)]
    return [*cells, written(text, x=_LEFT + len(STEPS) * 34 + 8, y=y, size=NOTE_SIZE, ink=MUTED)]
