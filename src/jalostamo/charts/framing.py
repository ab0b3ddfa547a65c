"""The frame that charts of estimates share: one scale from left to right, rows from top to bottom, no decoration.

Handbook 2.2 (visualising, understanding and assessing the results).
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from jalostamo.charts.inks import AXIS, HAIRLINE, MUTED, PAPER, TEXT, Ink
from jalostamo.charts.typesetting import FAMILY, REGULAR, SOFT_HYPHEN, Typeface

WIDE: Final = 620
NARROW: Final = 358
"""Pixels of the two drawings of a chart: beside its table, and on a phone."""

NAME_SIZE: Final = 14
NOTE_SIZE: Final = 12
LINE: Final = 18
GAP: Final = 10
AXIS_HEIGHT: Final = 30

type Element = dict[str, object]
type Bands = tuple[tuple[float, float], ...]


@dataclass(frozen=True, slots=True)
class Sheet:
    """A sheet is what a chart is drawn on: how its letters measure, and whether it is a phone's."""

    typeface: Typeface
    narrow: bool

    @property
    def width(self) -> int:
        """How many pixels it is wide."""
        return NARROW if self.narrow else WIDE

    @property
    def left(self) -> float:
        """Where plots begin: beside the names, or under them where it is narrow."""
        return 12.0 if self.narrow else 200.0

    def names(self, name: str, *, weight: int = REGULAR) -> tuple[str, ...]:
        """A name in the lines that it takes beside a plot."""
        return self.typeface.lines(name, size=NAME_SIZE, room=184.0, weight=weight)


@dataclass(frozen=True, slots=True)
class Tick:
    """A tick is a place on the scale, and what is written under it in the reader's language."""

    at: float
    text: str


@dataclass(frozen=True, slots=True)
class Frame:
    """A frame places a scale on a canvas: the plot from `left`, `plot_width` wide, under `top` and above the scale."""

    width: int
    height: int
    left: float
    plot_width: float
    top: float
    ticks: tuple[Tick, ...]
    start: float
    end: float

    @property
    def bottom(self) -> float:
        """Where the rows end and the scale is written."""
        return self.height - AXIS_HEIGHT

    def x_of(self, value: float) -> float:
        """The pixel at which a value of the scale stands."""
        return self.left + (value - self.start) / (self.end - self.start) * self.plot_width

    def option(self, *, series: Iterable[Element], texts: Iterable[Element], bands: Bands = ()) -> Element:
        """The option of ECharts: rows are counted in pixels from the top of the plot.

        The lines of the scale stand in the `bands` only, so that they strike through no text above a row; zero is darker.
        """
        height = self.bottom - self.top
        rules = shapes("rule", _rules(self, bands or ((0.0, height),)))
        right = self.width - self.left - self.plot_width
        return {
            "grid": {"left": self.left, "right": right, "top": self.top, "bottom": AXIS_HEIGHT},
            "xAxis": {"type": "value", "min": self.start, "max": self.end, "show": False},
            "yAxis": {"type": "value", "min": 0, "max": height, "inverse": True, "show": False},
            "graphic": [*texts],
            "series": [rules, *series],
        }


def written(
    text: str,
    *,
    x: float,
    y: float,
    size: int = NAME_SIZE,
    weight: int = REGULAR,
    ink: Ink = TEXT,
    align: str = "left",
    rimmed: bool = False,
) -> Element:
    """A text at a place of the canvas, its middle on `y`; a rim of paper keeps it clear of lines behind it."""
    style: Element = {"text": text.replace(SOFT_HYPHEN, ""), "fill": ink.light, "font": f"{weight} {size}px {FAMILY}"}
    style |= {"align": align, "verticalAlign": "middle"}
    style |= {"stroke": PAPER.light, "lineWidth": 3} if rimmed else {}
    return {"type": "text", "x": x, "y": y, "silent": True, "style": style}


def scale_texts(frame: Frame) -> list[Element]:
    """What is written under the scale."""
    y = frame.bottom + 14
    return [written(t.text, x=frame.x_of(t.at), y=y, size=NOTE_SIZE, ink=MUTED, align="center") for t in frame.ticks]


def shapes(shape: str, items: Iterable[Element]) -> Element:
    """A series of shapes of `drawing.js`, each item with its own place and ink."""
    return {"type": "custom", "shape": shape, "items": [*items], "silent": True}


def signs(points: Iterable[Element]) -> Element:
    """A series of signs, each point with its own place, symbol and style."""
    return {"type": "scatter", "data": [*points], "silent": True, "emphasis": {"disabled": True}, "z": 5}


def sign(value: float, y: float, *, symbol: str, ink: Ink, filled: bool = True) -> Element:
    """One sign, filled or as an outline on paper."""
    style: Element = {"color": ink.light, "opacity": 1}
    if not filled:
        style = {"color": PAPER.light, "borderColor": ink.light, "borderWidth": 2, "opacity": 1}
    # A diamond looks smaller than a circle of the same width.
    return {"value": [value, y], "symbol": symbol, "symbolSize": 14 if symbol == "diamond" else 11, "itemStyle": style}


def ticks_to(highest: float, *, most: int = 5) -> tuple[float, ...]:
    """Round places from zero to just past the highest value, at most `most` of them beside zero.

    >>> ticks_to(47.2)
    (0.0, 10.0, 20.0, 30.0, 40.0, 50.0)
    """
    step = 0.001
    while highest / step > most:
        step = next(step * by for by in (2, 2.5, 5, 10) if _is_round(step * by))
    places = int(highest / step - 1e-9) + 1
    return tuple(round(step * place, 10) for place in range(places + 1))


def _is_round(step: float) -> bool:
    first = f"{step:.6e}".split("e")[0]
    return float(first) in {1.0, 2.0, 5.0}


def _rules(frame: Frame, bands: Bands) -> Iterable[Element]:
    for tick in frame.ticks:
        ink, weight = (AXIS, 1.5) if tick.at == 0 else (HAIRLINE, 1)
        for first, last in bands:
            yield {"at": tick.at, "from": first, "to": last, "ink": ink.light, "weight": weight}
