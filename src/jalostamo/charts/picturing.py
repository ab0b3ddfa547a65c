"""One chart as it stands on a page: with its title, drawn twice from the same numbers, for a wide page and for a phone.

Handbook 2.2 (visualising, understanding and assessing the results).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from markupsafe import Markup

from jalostamo.charts.framing import Sheet
from jalostamo.charts.rendering import Drawing, Renderer

type Chart = tuple[str, Callable[[Sheet], Drawing]]
"""A title, and what draws the chart on a sheet."""


@dataclass(frozen=True, slots=True)
class Picture:
    """A picture is one chart with its title, drawn for a wide page and for a narrow one; `picture.html` shows it."""

    title: str
    wide: Markup
    narrow: Markup


def picture_of(chart: Chart, *, draw: Renderer, name: str) -> Picture:
    """Draw a chart on both sheets; `name` begins the names of its two drawings."""

    def drawn(narrow: bool) -> Markup:
        return Markup(drawn_on(chart, narrow=narrow, draw=draw, name=f"{name}-{'narrow' if narrow else 'wide'}"))

    return Picture(chart[0], drawn(False), drawn(True))


def drawn_on(chart: Chart, *, narrow: bool, draw: Renderer, name: str) -> str:
    """The SVG of a chart on one sheet, wide or narrow; its elements are named after `name`."""
    title, drawing_on = chart
    drawing = drawing_on(Sheet(draw.typeface, narrow))
    return draw(
        drawing.option,
        width=drawing.width,
        height=drawing.height,
        title=title,
        description=drawing.description,
        id=name,
    )
