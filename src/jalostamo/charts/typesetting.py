"""Inter's own advance widths, by which labels are fitted before they are drawn: a server has no page to measure on.

Handbook 2.2 (visualising, understanding and assessing the results).
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from fontTools.ttLib import TTFont

FAMILY: Final = "Inter, sans-serif"
SOFT_HYPHEN: Final = "\u00ad"
REGULAR: Final = 400
BOLD: Final = 600

# latin last: where both files hold a character, the page takes it from there too.
_SUBSETS: Final = ("latin-ext", "latin")
_UNKNOWN_WIDTH: Final = 0.62
_VOWELS: Final = "aeiouyäöåAEIOUYÄÖÅ"
_BREAK: Final = re.compile(rf"(?<=[^\W\d_])(?=[^\W\d_{_VOWELS}][{_VOWELS}])")
_SHORTEST_PIECE: Final = 4


@dataclass(frozen=True, slots=True)
class Typeface:
    """A typeface tells how wide a text is, from its characters' widths in parts of the font size, by weight."""

    widths: Mapping[int, Mapping[str, float]]

    def width(self, text: str, *, size: float, weight: int = REGULAR) -> float:
        """How many pixels a text takes, figures tabular, pairs not drawn together, soft hyphens unseen."""
        of_weight = self.widths[weight]
        return size * sum(of_weight.get(character, _UNKNOWN_WIDTH) for character in text if character != SOFT_HYPHEN)

    def lines(self, text: str, *, size: float, room: float, weight: int = REGULAR) -> tuple[str, ...]:
        """The text broken into lines of at most `room` pixels.

        A word that is too long is divided at its soft hyphens, or between syllables where it has none.
        """
        lines: list[str] = []
        for word in text.split(" "):
            joined = f"{lines[-1]} {word}" if lines else word
            if lines and self.width(joined, size=size, weight=weight) <= room:
                lines[-1] = joined
            else:
                lines.extend(self._pieces(word, size=size, room=room, weight=weight))
        return tuple(line.replace(SOFT_HYPHEN, "") for line in lines)

    def _pieces(self, word: str, *, size: float, room: float, weight: int) -> list[str]:
        pieces: list[str] = []
        rest = word
        while self.width(rest, size=size, weight=weight) > room:
            widest = room - self.width("-", size=size, weight=weight)
            fitting = (p for p in _places(rest) if self.width(rest[:p], size=size, weight=weight) <= widest)
            place = next(fitting, None)
            if place is None:
                break
            pieces.append(f"{rest[:place]}-")
            rest = rest[place:].lstrip(SOFT_HYPHEN)
        return [*pieces, rest]


def _places(word: str) -> list[int]:
    """Where a word may be divided, the best first: at its soft hyphens from the last one, then between syllables."""
    told = [place for place, character in enumerate(word) if character == SOFT_HYPHEN]
    between = [found.start() for found in _BREAK.finditer(word)]
    enough = [place for place in between if _SHORTEST_PIECE <= place <= len(word) - _SHORTEST_PIECE]
    return [*reversed(told), *reversed(enough)]


def font_file(assets: Path, subset: str) -> Path:
    """The file of Inter that holds a subset of its characters."""
    return assets / "@fontsource-variable" / "inter" / "files" / f"inter-{subset}-wght-normal.woff2"


def inter(assets: Path) -> Typeface:
    """Read the widths of Inter's two weights from the very files that the page is set in."""
    widths: dict[int, dict[str, float]] = {REGULAR: {}, BOLD: {}}
    for subset in _SUBSETS:
        with TTFont(font_file(assets, subset)) as font:
            for weight, of_weight in widths.items():
                of_weight.update(_widths_in(font, weight))
    return Typeface(widths)


def _widths_in(font: TTFont, weight: int) -> dict[str, float]:
    glyphs = font.getGlyphSet(location={"wght": weight})
    em = font["head"].unitsPerEm
    tabular = _tabular_figures(font)
    names = {chr(code): name for code, name in font.getBestCmap().items()}
    # Only figures stand in columns; a tabular hyphen would tear words apart.
    names |= {figure: tabular.get(name, name) for figure, name in names.items() if figure.isdigit()}
    return {character: round(glyphs[name].width / em, 4) for character, name in names.items()}


def _tabular_figures(font: TTFont) -> dict[str, str]:
    table = font["GSUB"].table
    records = [record.Feature for record in table.FeatureList.FeatureRecord if record.FeatureTag == "tnum"]
    lookups = {index for feature in records for index in feature.LookupListIndex}
    found: dict[str, str] = {}
    for subtable in (s for index in sorted(lookups) for s in table.LookupList.Lookup[index].SubTable):
        found.update(getattr(subtable, "ExtSubTable", subtable).mapping)
    return found
