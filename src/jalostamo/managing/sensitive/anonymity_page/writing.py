"""Figures as the page writes them: in each language, to as many places as a reader can use.

Handbook 2.3 (the reader needs no expertise in refining data).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from math import floor, log10
from typing import TYPE_CHECKING, Final

from jalostamo.concepts.numerals import NO_BREAK, date, number
from jalostamo.managing.sensitive.anonymity_page.figure_words import BOUNDS, MODELS, UNKNOWN_MODEL, ModelWords

if TYPE_CHECKING:
    from jalostamo.concepts.languages import Language, Text
    from jalostamo.managing.sensitive.anonymity_page.reported import Figure

NOTHING: Final = "–"
_LEAST: Final = 0.0001
_PER_CENT: Final = f"{NO_BREAK}%"


@dataclass(frozen=True, slots=True)
class Writer:
    """A writer of figures in one language."""

    language: Language

    def said(self, text: Text, *values: str) -> str:
        """A text in the language, with its places filled."""
        return text.in_language(self.language).format(*values)

    def count(self, value: float) -> str:
        """A whole number."""
        return number(round(value), self.language)

    def figure(self, value: float) -> str:
        """A number to four figures; a whole one without a decimal mark."""
        if value == round(value):
            return self.count(value)
        places = max(1, 3 - floor(log10(abs(value))))
        while places > 1 and round(value, places) == round(value, places - 1):
            places -= 1
        return number(value, self.language, places=places)

    def share(self, value: float) -> str:
        """A share in per cent: what is not nought is never written as nought, nor what is not all as all."""
        per_cent = 100 * value
        if 0 < abs(value) < _LEAST:
            return f"<{number(0.01, self.language, places=2)}{NO_BREAK}%"
        if 1 - _LEAST < value < 1:
            return f">{number(99.99, self.language, places=2)}{NO_BREAK}%"
        places = 2 if abs(per_cent) < 1 or abs(per_cent) > 99 else 1
        places = 0 if abs(per_cent - round(per_cent)) < 1e-9 else places
        return f"{number(per_cent, self.language, places=places)}{NO_BREAK}%"

    def between(self, low: str, high: str) -> str:
        """From one figure to another; their sign of per cent is written once."""
        return f"{low.removesuffix(_PER_CENT)}–{high}" if high.endswith(_PER_CENT) else f"{low}–{high}"

    def points(self, value: float) -> str:
        """A difference of shares, in percentage points, with its sign."""
        written = number(100 * value, self.language, places=1)
        return f"+{written}" if value > 0 and any(digit in written for digit in "123456789") else written

    def day(self, iso: str) -> str:
        """A day."""
        return date(iso, self.language)

    def model(self, figure: Figure, words: ModelWords, *, bounded: bool) -> str:
        """A model's figure; what is asked for says which way it is a bound."""
        if figure is None:
            return NOTHING
        if isinstance(figure, Mapping):
            return ", ".join(self._named(key, value, words) for key, value in figure.items())
        written = self._written(figure, words)
        return self.said(BOUNDS[words.bound], written) if bounded else written

    def _named(self, key: str, value: float, words: ModelWords) -> str:
        written = self._written(value, words)
        return self.said(BOUNDS[key], written) if key in BOUNDS else f"{key} {written}"

    def _written(self, value: float, words: ModelWords) -> str:
        return self.share(value) if words.written == "share" else self.figure(value)


def words_of(model: str) -> tuple[ModelWords, str]:
    """The words of a model, and the column that it is of."""
    name, _, column = model.partition(":")
    return MODELS.get(model) or MODELS.get(name) or _unknown(model), column


def _unknown(model: str) -> ModelWords:
    # A name may hold what a text would fill.
    named = model.replace("{", "{{").replace("}", "}}")
    return ModelWords(type(UNKNOWN_MODEL)(named, named, named), UNKNOWN_MODEL, "between")
