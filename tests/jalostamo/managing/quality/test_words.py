"""The pages on quality and the catalogue's pages have each word that they ask for, and no other."""

from __future__ import annotations

import re
from pathlib import Path

import jalostamo.managing.quality as quality
from jalostamo.charts.paging import FRAME_PAGES, FRAME_WORDS
from jalostamo.managing.quality.words import WORDS

PAGES = Path(quality.__file__).parent / "pages"
IN_THE_DRAWING = {"delays", "key"}


def test_every_word_of_the_templates_exists_and_none_is_idle() -> None:
    files = [*PAGES.glob("*.html"), *FRAME_PAGES.glob("*.html")]
    asked = {word for file in files for word in re.findall(r"\bsay\.(\w+)", file.read_text(encoding="utf-8"))}
    assert asked | IN_THE_DRAWING == {*WORDS, *FRAME_WORDS}


def test_no_page_says_again_what_the_frame_says() -> None:
    assert not WORDS.keys() & FRAME_WORDS.keys()
