"""The colours and signs of every drawing: eight that colour-blind readers and a grey printer tell apart.

Each ink has its counterpart on dark paper, so that a page can exchange them without another drawing.

Handbook 2.2 (visualising, understanding and assessing the results).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True, slots=True)
class Ink:
    """An ink is one colour as it is drawn, and what it becomes on dark paper."""

    light: str
    dark: str


PAPER: Final = Ink("#fdfcfa", "#12171c")
TEXT: Final = Ink("#1a2530", "#e8edf1")
MUTED: Final = Ink("#55626e", "#a7b4c0")
AXIS: Final = Ink("#7b8791", "#8b98a4")
HAIRLINE: Final = Ink("#e3e6e8", "#2c353e")
ENDED: Final = Ink("#c3cad0", "#4a5661")

# Found by search: eight steps of lightness, hues spread for normal sight, protanopia, deuteranopia and tritanopia.
PALETTE: Final[tuple[Ink, ...]] = (
    Ink("#14478f", "#71a7f7"),
    Ink("#bf8420", "#fed181"),
    Ink("#ae4d68", "#e0708f"),
    Ink("#1a8596", "#9df0fe"),
    Ink("#6d50a7", "#d2b7ff"),
    Ink("#3a4104", "#fbf0c6"),
    Ink("#813e64", "#de9fb8"),
    Ink("#a36ddc", "#bf5f9b"),
)
EVERY_INK: Final = (PAPER, TEXT, MUTED, AXIS, HAIRLINE, ENDED, *PALETTE)

_SIGNS: Final = ("circle", "rect", "diamond", "triangle")
_PLACES: Final = {"domestic": 0, "fi": 0, "sv": 1, "foreign": 2}


def ink_of(group: str, *, among: tuple[str, ...]) -> Ink:
    """The ink in which a group is drawn: language groups keep theirs everywhere, others take theirs in order."""
    return PALETTE[_place_of(group, among) % len(PALETTE)]


def sign_of(group: str, *, among: tuple[str, ...]) -> str:
    """The sign beside the ink, so that colour is never the only difference."""
    return _SIGNS[_place_of(group, among) % len(_SIGNS)]


def _place_of(group: str, among: tuple[str, ...]) -> int:
    if group in _PLACES:
        return _PLACES[group]
    others = [name for name in among if name not in _PLACES]
    return max(_PLACES.values()) + 1 + others.index(group)
