"""What the living page of patterns shows: the parts of pages with made-up content, and the contrast of every pair of colours.

The contrasts are computed from the style sheet as it is served, so that the page never says what is not so.

Handbook 2.3.
"""

from __future__ import annotations

import datetime
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from jalostamo.concepts.languages import Text
from jalostamo.permits.estimates.matrices import class_of
from jalostamo.permits.objections import objection
from jalostamo.permits.terms import Level, Step, title_of
from townhall.pages.asking import Kind, Option, Question, options_of
from townhall.pages.guided import Guide, Stop
from townhall.pages.style import STYLE
from townhall.pages.words import WORDS

_DARK: Final = "@media screen and (prefers-color-scheme: dark)"
_VARIABLE: Final = re.compile(r"--([a-z0-9-]+):\s*(#[0-9a-f]{6})\b")
_PAIRS: Final = (
    ("ink", "paper", 4.5),
    ("muted", "paper", 4.5),
    ("accent", "paper", 4.5),
    ("paper", "accent", 4.5),
    ("bad", "paper", 4.5),
    ("ink", "raised", 4.5),
    ("muted", "raised", 4.5),
    ("accent", "raised", 4.5),
    ("caution-ink", "caution", 4.5),
    ("good", "paper", 3.0),
)
"""What is written or drawn on what, and the least contrast that it needs: 4.5 for text, 3 for marks."""

SIZES: Final = (40, 28, 20, 16, 14)
_SCALES: Final = ("risk", "benefit")
_ON_SCALE: Final = ("#1a2530", "#1a2530", "#1a2530", "#ffffff", "#ffffff")
"""What is written on each step of a scale, in light and in dark alike."""


@dataclass(frozen=True, slots=True)
class Pair:
    """One colour on another: their contrast in light and in dark, and the least that it needs."""

    upper: str
    lower: str
    light: float
    dark: float
    least: float

    @property
    def is_enough(self) -> bool:
        """Whether it is enough in both."""
        return min(self.light, self.dark) >= self.least


def pairs() -> Sequence[Pair]:
    """The contrast of every pair that pages use."""
    light, dark = colours()
    return [
        Pair(upper, lower, contrast(light[upper], light[lower]), contrast(dark[upper], dark[lower]), least)
        for upper, lower, least in _PAIRS
    ]


def scales() -> Sequence[tuple[str, Sequence[tuple[int, float]]]]:
    """The scales of risk and of benefit: each step with the contrast of what is written on it."""
    light, _ = colours()
    return [
        (scale, [(n, contrast(ink, light[f"{scale}-{n}"])) for n, ink in enumerate(_ON_SCALE, start=1)])
        for scale in _SCALES
    ]


def colours() -> tuple[Mapping[str, str], Mapping[str, str]]:
    """The colours of the style sheet by their names, in light and in dark."""
    style = STYLE.decode("utf-8")
    dark_parts = [part[: part.index("}\n}") if "}\n}" in part else part.index("}")] for part in style.split(_DARK)[1:]]
    dark = {name: value for part in dark_parts for name, value in _VARIABLE.findall(part)}
    light: dict[str, str] = {}
    for name, value in _VARIABLE.findall(style):
        # What stands first is for light; the same name again is for dark.
        light.setdefault(name, value)
    return light, {**light, **dark}


def contrast(one: str, other: str) -> float:
    """The contrast of two colours, as WCAG reckons it, to one decimal, rounded down.

    >>> contrast("#000000", "#ffffff")
    21.0
    """
    lighter, darker = sorted((_luminance(one), _luminance(other)), reverse=True)
    return int((lighter + 0.05) / (darker + 0.05) * 10) / 10


def _luminance(colour: str) -> float:
    parts = (int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5))
    linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
    return sum(weight * part for weight, part in zip((0.2126, 0.7152, 0.0722), linear, strict=True))


def questions() -> Sequence[Question]:
    """A question of each kind, the second with an error."""
    label, help_ = WORDS["patterns.label"], WORDS["patterns.help"]
    options = tuple(Option(step.name.lower(), title_of(step)) for step in Step)
    return (
        Question("a-line", Kind.LINE, label, help_, answer="–"),
        Question("a-text", Kind.TEXT, label, help_, error=WORDS["patterns.error"]),
        Question("a-day", Kind.DAY, label, help_, answer="2026-11-23"),
        Question("a-number", Kind.NUMBER, label, help_, answer="10", unit=WORDS["sheet.years"]),
        Question("a-pick", Kind.PICK, label, help_, frozenset({"low"}), options),
        Question("a-choice", Kind.CHOICE, label, help_, frozenset({"moderate"}), options),
        Question("many", Kind.MANY, label, help_, frozenset({"low"}), options_of((Level.LOW, Level.HIGH))),
        Question("a-tick", Kind.TICK, label, answer=True),
    )


def shown(today: datetime.date) -> Mapping[str, object]:
    """Everything that the page shows."""
    asked = questions()
    return {
        "pairs": pairs(),
        "sizes": SIZES,
        "scales": scales(),
        "questions": asked,
        "wrong": [question for question in asked if question.error],
        "objections_found": [objection("reason_missing", least=10, most=10_000)],
        "levels": tuple(level.value for level in Level),
        "days": [today + datetime.timedelta(days=days) for days in (-3, 0, 2, 10, 40)],
        "phases": [
            (n, WORDS[f"case.phase_{n}"], "done" if n < 3 else "here" if n == 3 else "ahead") for n in range(1, 9)
        ],
        "matrix": _matrix(),
        "guide": Guide(tuple(_stop(n) for n in range(1, 4)), 1),
    }


def _stop(number: int) -> Stop:
    return Stop(WORDS[f"case.phase_{number}"], "#guided", is_here=number == 2, is_done=number == 1)


@dataclass(frozen=True, slots=True)
class _Cell:
    title: Text
    shade: str
    is_here: bool


@dataclass(frozen=True, slots=True)
class _Row:
    title: Text
    cells: tuple[_Cell, ...]


def _matrix() -> Mapping[str, object]:
    rows = [_Row(title_of(likely), tuple(_cell(likely, potential) for potential in Step)) for likely in reversed(Step)]
    return {
        "name": "pattern",
        "title": WORDS["patterns.matrix_title"],
        "across": WORDS["estimate.axis_significance"],
        "upright": WORDS["estimate.axis_probability"],
        "columns": [title_of(step) for step in Step],
        "rows": rows,
        "here": next(cell for row in rows for cell in row.cells if cell.is_here),
    }


def _cell(likely: Step, potential: Step) -> _Cell:
    found = class_of(likely, potential)
    return _Cell(title_of(found), f"benefit-{found + 1}", (likely, potential) == (Step.HIGH, Step.MODERATE))
