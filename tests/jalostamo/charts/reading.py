"""Reading a drawing back: its texts with their places and sizes, as a reader's eye would meet them."""

from __future__ import annotations

import re
import xml.etree.ElementTree as ET
from dataclasses import dataclass

from jalostamo.charts.rendering import Drawing, Renderer
from jalostamo.charts.typesetting import Typeface

SVG = "{http://www.w3.org/2000/svg}"


@dataclass(frozen=True, slots=True)
class DrawnText:
    """One text of a drawing and the box it fills."""

    text: str
    left: float
    right: float
    top: float
    bottom: float

    def overlaps(self, other: DrawnText) -> bool:
        """Whether the two boxes share more than a pixel."""
        apart = self.right <= other.left + 1 or other.right <= self.left + 1
        return not (apart or self.bottom <= other.top + 1 or other.bottom <= self.top + 1)


def drawn(draw: Renderer, drawing: Drawing, *, name: str = "chart") -> str:
    """The SVG of a drawing."""
    return draw(
        drawing.option,
        width=drawing.width,
        height=drawing.height,
        title="Title",
        description=drawing.description,
        id=name,
    )


def texts_in(svg: str, typeface: Typeface) -> list[DrawnText]:
    """The texts of an SVG, in the order in which they are drawn."""
    root = ET.fromstring(svg)
    return [_placed(element, typeface) for element in root.iter(f"{SVG}text") if (element.text or "").strip()]


def overlapping(texts: list[DrawnText]) -> list[tuple[str, str]]:
    """The pairs of texts that stand on each other."""
    pairs = ((a, b) for place, a in enumerate(texts) for b in texts[place + 1 :])
    return [(a.text, b.text) for a, b in pairs if a.overlaps(b)]


def outside(svg: str, texts: list[DrawnText]) -> list[str]:
    """The texts that leave the drawing by more than two pixels."""
    root = ET.fromstring(svg)
    width, height = float(root.attrib["width"]), float(root.attrib["height"])
    return [t.text for t in texts if t.left < -2 or t.top < -2 or t.right > width + 2 or t.bottom > height + 2]


def _placed(element: ET.Element, typeface: Typeface) -> DrawnText:
    style = element.attrib["style"]
    size = float(re.search(r"([\d.]+)px", style)[1])
    bold = "600" in style
    x0, y0 = (float(part) for part in re.search(r"translate\(([^ ]+) ([^)]+)\)", element.attrib["transform"]).groups())
    x, y = x0 + float(element.attrib.get("x", 0)), y0 + float(element.attrib.get("y", 0))
    width = typeface.width(element.text or "", size=size, weight=600 if bold else 400)
    left = {"start": x, "middle": x - width / 2, "end": x - width}[element.attrib["text-anchor"]]
    return DrawnText(element.text or "", left, left + width, y - size * 0.45, y + size * 0.45)
