"""The sentences by which rules refuse, in three languages, each with its section of the handbook; kept as data.

One file for each part of the room lies in `sentences`; the name of a sentence is the code that machines read.

Handbook 2.6.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files
from typing import Final

from jalostamo.concepts.errors import Objection
from jalostamo.concepts.languages import Text, text_from


@dataclass(frozen=True, slots=True)
class PermitObjection(Objection):
    """A permit objection is an objection said in all three languages, with a stable `code` for machines.

    `sentence` is the English one.
    """

    code: str
    text: Text


def _sentences() -> Mapping[str, tuple[str, Text]]:
    said: dict[str, tuple[str, Text]] = {}
    for file in sorted(files("jalostamo.permits").joinpath("sentences").iterdir(), key=lambda entry: entry.name):
        for code, entry in tomllib.loads(file.read_text(encoding="utf-8")).items():
            if code in said:
                raise ValueError(f"{file.name}: the sentence '{code}' stands in another file too.")
            said[code] = entry["section"], text_from(entry, place=f"{file.name}, {code}")
    return said


SENTENCES: Final[Mapping[str, tuple[str, Text]]] = _sentences()
"""Every sentence by its code, with its section; words in braces are filled in when it is said."""


def objection(code: str, **filled: Text | str | int) -> PermitObjection:
    """One objection, said in all languages; `filled` are the words of the sentence that stand in braces.

    Only names, counts, days and thresholds are filled in, never what people wrote or what data holds.
    """
    return _said(code, tuple(filled.items()))


@lru_cache(1_000)
def _said(code: str, words: tuple[tuple[str, Text | str | int], ...]) -> PermitObjection:
    (section, sentence), filled = SENTENCES[code], dict(words)
    text = Text(
        *(_filled(sentence.fi, "fi", filled), _filled(sentence.sv, "sv", filled), _filled(sentence.en, "en", filled))
    )
    return PermitObjection(text.en, section, code, text)


def _filled(sentence: str, language: str, filled: Mapping[str, Text | str | int]) -> str:
    words = {name: getattr(word, language) if isinstance(word, Text) else word for name, word in filled.items()}
    return sentence.format(**words)
