"""Use of services over the lifespan: a row for each service, a column for each age, the darker the more use it.

Handbook 2.2 (visualising, understanding and assessing the results) and 3.1.3 (who uses services).
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from jalostamo.charts.framing import GAP, LINE, NAME_SIZE, NOTE_SIZE, Element, Sheet, written
from jalostamo.charts.inks import MUTED, Ink
from jalostamo.charts.rendering import Drawing
from jalostamo.charts.triangles import STEPS

_TALL: Final = 22.0
_KEY: Final = 52
_SQUARE: Final = 32
_MARGIN: Final = 8.0


@dataclass(frozen=True, slots=True)
class Span:
    """A span is one service: its name, and how much it is used at each age at which it is."""

    name: str
    rates: Mapping[int, float]


@dataclass(frozen=True, slots=True)
class Wording:
    """How the drawing speaks: a rate as written, what its scale is called, what its shades tell, and a place on the scale."""

    rate: Callable[[float], str]
    scale: str
    key: str
    place: Callable[[int], str] = str


def lifespans_chart(
    spans: Sequence[Span], ages: Sequence[int], *, highest: float, wording: Wording, sheet: Sheet
) -> Drawing:
    """The services from the top down, on one scale up to `highest`; an age without a shade is one at which nobody was."""
    left = 0.0 if sheet.narrow else sheet.left
    first, last = ages[0], ages[-1]
    width = (sheet.width - left - _MARGIN) / (last - first + 1)
    drawn: list[Element] = []
    y = 4.0
    for span in spans:
        lines = sheet.typeface.lines(span.name, size=NAME_SIZE, room=sheet.width if sheet.narrow else left - GAP)
        above, tall = (LINE * len(lines) + 2, _TALL) if sheet.narrow else (0, max(_TALL, LINE * len(lines) + 4))
        start = y + above / 2 if sheet.narrow else y + tall / 2
        middle = start - LINE / 2 * (len(lines) - 1)
        drawn += [written(line, x=0, y=middle + LINE * n) for n, line in enumerate(lines)]
        cells = [(left + width * (age - first), step_of(span.rates.get(age, 0.0), highest)) for age in ages]
        drawn += [_cell((x, y + above), width, tall - 3, ink=ink) for x, ink in cells]
        y += above + tall + (8 if sheet.narrow else 0)
    marks = {age: wording.place(age) for age in _marked(first, last)}
    drawn += [
        written(text, x=left + width * (age - first + 0.5), y=y + 10, size=NOTE_SIZE, ink=MUTED, align="center")
        for age, text in marks.items()
    ]
    drawn.append(written(wording.scale, x=left, y=y + 28, size=NOTE_SIZE, ink=MUTED))
    drawn += _key(wording, highest, left=left, y=y + _KEY)
    description = " ".join(_described(span, wording) for span in spans)
    return Drawing({"graphic": drawn, "series": []}, sheet.width, int(y + _KEY + 34), description)


def step_of(rate: float, highest: float) -> Ink:
    """The ink of a rate: paper's for none; by the root, so that small rates, which most are, are told apart."""
    if rate <= 0 or highest <= 0:
        return STEPS[0]
    return STEPS[min(len(STEPS) - 1, max(1, math.ceil(math.sqrt(rate / highest) * (len(STEPS) - 1))))]


def _cell(at: tuple[float, float], width: float, height: float, *, ink: Ink) -> Element:
    shape = {"x": round(at[0], 1), "y": at[1], "width": round(max(width - 1, 0.5), 1), "height": height}
    return {"type": "rect", "shape": shape, "style": {"fill": ink.light}, "silent": True}


def _marked(first: int, last: int) -> list[int]:
    """The places that are written: about ten, of round numbers; of months, those that begin a year."""
    by = next(by for by in (1, 2, 5, 10, 12, 24, 60, 120) if (last - first) / by <= 10 or by == 120)
    return [place for place in range(first, last + 1) if place % by == 0]


def _key(wording: Wording, highest: float, *, left: float, y: float) -> list[Element]:
    """The shades, with where the first of them begins and where the last ends."""
    cells = [
        _cell((left + (_SQUARE + 2) * place, y), _SQUARE, 14, ink=ink)
        for place, ink in enumerate(STEPS)
    ]  # fmt: skip
    right = left + (_SQUARE + 2) * len(STEPS)
    return [
        *cells,
        written(wording.rate(0.0), x=left, y=y + 26, size=NOTE_SIZE, ink=MUTED),
        written(wording.rate(highest), x=right - 2, y=y + 26, size=NOTE_SIZE, ink=MUTED, align="right"),
        written(wording.key, x=right + 8, y=y + 7, size=NOTE_SIZE, ink=MUTED),
    ]


def _described(span: Span, wording: Wording) -> str:
    """A service in words: where it is used most."""
    age = max(span.rates, key=lambda age: (span.rates[age], -age), default=None)
    return (
        f"{span.name}."
        if age is None
        else f"{span.name}: {wording.scale} {wording.place(age)}, {wording.rate(span.rates[age])}."
    )
