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
    title, drawing_on = chart

    def drawn(narrow: bool) -> Markup:
        drawing = drawing_on(Sheet(draw.typeface, narrow))
        svg = draw(
            drawing.option,
            width=drawing.width,
            height=drawing.height,
            title=title,
            description=drawing.description,
            id=f"{name}-{'narrow' if narrow else 'wide'}",
        )
        return Markup(svg)

    return Picture(title, drawn(False), drawn(True))
