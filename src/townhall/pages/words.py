"""What the pages say, in three languages: read from `words/*.toml`, where a missing language is an error at the start.

A sentence is asked for by its file and name, `home.title`; what stands in braces is filled in.

Handbook 2.3.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Mapping
from importlib.resources import files
from typing import Final

from django.utils.translation import get_language

from jalostamo.concepts.languages import LANGUAGES, Language, Text, text_from


def _words() -> Mapping[str, Text]:
    said: dict[str, Text] = {}
    for file in sorted(files("townhall.words").iterdir(), key=lambda entry: entry.name):
        if not file.name.endswith(".toml"):
            continue
        room = file.name.removesuffix(".toml")
        for name, entry in tomllib.loads(file.read_text(encoding="utf-8")).items():
            said[f"{room}.{name}"] = text_from(entry, place=f"words/{file.name}, {name}")
    return said


WORDS: Final[Mapping[str, Text]] = _words()
"""Every sentence of the pages, by its name."""


def language() -> Language:
    """The language in which this page is answered."""
    found = (get_language() or "")[:2]
    return next((known for known in LANGUAGES if known == found), "fi")


def say(sentence: str, /, **filled: object) -> str:
    """A sentence in the language of this page; a text among what is filled in is said in it too."""
    words = {key: told(word) for key, word in filled.items()}
    said = WORDS[sentence].in_language(language())
    return said.format(**words) if words else said


def told(word: object) -> object:
    """A text in the language of this page; anything else as it is."""
    return word.in_language(language()) if isinstance(word, Text) else word


def listed(texts: Iterable[Text]) -> str:
    """Texts in a row, with commas."""
    return ", ".join(text.in_language(language()) for text in texts)
