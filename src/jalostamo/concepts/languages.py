"""The three languages in which a city speaks to everyone, and a text that exists in all of them.

Handbook, Concepts.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final, Literal, get_args

from jalostamo.concepts.errors import Unfit

Language = Literal["fi", "sv", "en"]
LANGUAGES: Final[tuple[Language, ...]] = get_args(Language)


@dataclass(frozen=True, slots=True)
class Text:
    """A text is one meaning said in Finnish, Swedish and English; none of the three may be empty.

    >>> Text("Palvelu", "Tjänst", "Service").in_language("sv")
    'Tjänst'
    """

    fi: str
    sv: str
    en: str

    def __post_init__(self) -> None:
        for language in LANGUAGES:
            if not self.in_language(language).strip():
                raise Unfit(
                    f"A text is missing in language '{language}': write it in fi, sv and en.", reason="text_missing"
                )

    def in_language(self, language: Language) -> str:
        """The text in one language."""
        return {"fi": self.fi, "sv": self.sv, "en": self.en}[language]

    def as_mapping(self) -> dict[str, str]:
        """The text as a description file holds it."""
        return {"fi": self.fi, "sv": self.sv, "en": self.en}


def text_from(mapping: object, *, place: str) -> Text:
    """Read a text from a description file; `place` says where it stands, for the sentence of a refusal."""
    said = [mapping.get(language) for language in LANGUAGES] if isinstance(mapping, Mapping) else [None]
    if not all(isinstance(text, str) and text.strip() for text in said):
        raise Unfit(
            f'{place} needs a text in three languages: {{ fi = "...", sv = "...", en = "..." }}.', reason="text_missing"
        )
    return Text(*(str(text) for text in said))
