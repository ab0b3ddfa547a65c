"""Choices between two things that are both to be small: each where it stands, the one that was made filled and named.

Handbook 2.2 (visualising, understanding and assessing the results).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from jalostamo.charts.framing import (
    AXIS_HEIGHT,
    GAP,
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
from jalostamo.charts.inks import AXIS, HAIRLINE, MUTED, PALETTE
from jalostamo.charts.rendering import Drawing
from jalostamo.charts.typesetting import BOLD

_PLOT: Final = {True: 200.0, False: 260.0}
_TOP: Final = 30.0
_LEFT: Final = 56.0
_RIGHT: Final = 24.0
_HEADING: Final = 22
INK: Final = PALETTE[3]


@dataclass(frozen=True, slots=True)
class Choice:
    """A choice is one place on both scales: how far to the right and up it stands, and whether it was the one made."""

    across: float
    up: float
    chosen: bool


@dataclass(frozen=True, slots=True)
class Axes:
    """What the two scales are called, how their places are written, and what the choice that was made is called."""

    across: str
    up: str
    chosen: str
    tick: Callable[[float], str]


def choices_chart(options: tuple[Choice, ...], *, axes: Axes, sheet: Sheet) -> Drawing:
    """The options on two scales from nought; the best corner is at the bottom left."""
    across, up = (ticks_to(max(values) or 0.01, most=4) for values in _values(options))
    height = _PLOT[sheet.narrow]
    ticks = tuple(Tick(at, axes.tick(at)) for at in across)
    width = sheet.width - _LEFT - _RIGHT
    frame = Frame(sheet.width, int(_TOP + height + AXIS_HEIGHT), _LEFT, width, _TOP, ticks, 0.0, across[-1])
    texts = [*scale_texts(frame), *_headings(axes, frame), *_up_texts(up, axes, height)]
    points = [
        sign(option.across, height - option.up / up[-1] * height, symbol="circle", ink=INK, filled=option.chosen)
        for option in sorted(options, key=lambda each: each.chosen)
    ]
    for option in (each for each in options if each.chosen):
        texts.append(_named(option, axes, frame, y=_TOP + height - option.up / up[-1] * height))
    drawn = frame.option(series=[_across(up, height, across[-1]), signs(points)], texts=texts)
    # The heading of the scale stands under it.
    drawn["grid"] = {"left": _LEFT, "right": _RIGHT, "top": _TOP, "height": height}
    return Drawing(drawn, frame.width, frame.height + _HEADING, " ".join(_described(each, axes) for each in options))


def _values(options: tuple[Choice, ...]) -> tuple[list[float], list[float]]:
    return [option.across for option in options], [option.up for option in options]


def _headings(axes: Axes, frame: Frame) -> list[Element]:
    middle, below = frame.left + frame.plot_width / 2, frame.height + 6
    return [
        written(axes.up, x=0, y=10, size=NOTE_SIZE, ink=MUTED),
        written(axes.across, x=middle, y=below, size=NOTE_SIZE, ink=MUTED, align="center"),
    ]


def _up_texts(up: tuple[float, ...], axes: Axes, height: float) -> list[Element]:
    return [
        written(
            axes.tick(at), x=_LEFT - 8, y=_TOP + height - at / up[-1] * height, size=NOTE_SIZE, ink=MUTED, align="right"
        )
        for at in up
    ]


def _across(up: tuple[float, ...], height: float, last: float) -> Element:
    """A hairline at each place of the upright scale, drawn as a bar without height."""
    lines = [
        {"from": 0, "to": last, "y": height - at / up[-1] * height, "ink": (AXIS if at == 0 else HAIRLINE).light}
        for at in up
    ]
    return shapes("level", lines)


def _named(option: Choice, axes: Axes, frame: Frame, *, y: float) -> Element:
    x = frame.x_of(option.across)
    right = x > _LEFT + frame.plot_width * 0.7
    align = "right" if right else "left"
    return written(axes.chosen, x=x - GAP if right else x + GAP, y=y - 14, weight=BOLD, align=align, rimmed=True)


def _described(option: Choice, axes: Axes) -> str:
    made = f" ({axes.chosen})" if option.chosen else ""
    return f"{axes.across} {axes.tick(option.across)}, {axes.up} {axes.tick(option.up)}{made}."
