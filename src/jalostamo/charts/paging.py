"""The frame of every page: one page for each language, which opens anywhere, loads nothing and runs nothing.

Handbook 2.3 (the reader needs no expertise in refining data).
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from jalostamo.concepts.languages import LANGUAGES, Language, Text

FRAME_PAGES: Final = Path(__file__).parent / "pages"
"""The templates and the style that every page stands on."""

LANGUAGE_NAMES: Final[dict[Language, str]] = {"fi": "Suomi", "sv": "Svenska", "en": "English"}
FRAME_WORDS: Final[dict[str, Text]] = {
    "languages": Text("Kieli", "Språk", "Language"),
    "period": Text("Aika", "Tid", "Period"),
    "show_table": Text("Näytä luvut taulukkona", "Visa siffrorna som tabell", "Show the numbers as a table"),
}
"""What every page says alike; each adds words of its own, among them the frame's `skip` and `footer`."""


@dataclass(frozen=True, slots=True)
class Table:
    """A table of a page: what it holds, the heads of its columns, and its rows, each led by its name; `table.html` shows it.

    `words` are the places of the columns that hold words, all others numbers.
    """

    caption: str
    heads: Sequence[str]
    rows: Sequence[Sequence[str]]
    words: Collection[int] = (0,)


def pages_of(
    template: str,
    content: Callable[[Language], Mapping[str, object]],
    *,
    folder: Path,
    words: Mapping[str, Text],
    style: str,
    opening: Language = "fi",
) -> dict[str, bytes]:
    """A page in each language from a template of `folder` that extends `frame.html`, and `index.html` in one of them.

    `content` gives what the template asks for in a language: at least `title`. `say` holds the words in that language.
    """
    page = _environment(folder).get_template(template)
    pages = {
        f"index.{language}.html": page.render(
            style=Markup(style), **_spoken(words, language), **content(language)
        ).encode("utf-8")
        for language in LANGUAGES
    }
    return {**pages, "index.html": pages[f"index.{opening}.html"]}


def page_of(
    template: str,
    content: Mapping[str, object],
    *,
    folder: Path,
    words: Mapping[str, Text],
    style: str,
    language: Language,
) -> bytes:
    """One page that stands alone, in one language: it leads to no other."""
    spoken = {**_spoken(words, language), "languages": {}}
    rendered = _environment(folder).get_template(template).render(style=Markup(style), **spoken, **content)
    return rendered.encode("utf-8")


def _environment(folder: Path) -> Environment:
    return Environment(
        loader=FileSystemLoader([folder, FRAME_PAGES]),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )


def _spoken(words: Mapping[str, Text], language: Language) -> dict[str, object]:
    return {
        "language": language,
        "languages": LANGUAGE_NAMES,
        "say": {name: said.in_language(language) for name, said in {**FRAME_WORDS, **words}.items()},
        "text": lambda said: said.in_language(language),
    }
