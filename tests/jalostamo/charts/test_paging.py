"""Every page has one frame: a policy, three languages, its words and no others, and a style that is its own."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path

import pytest
from jinja2 import UndefinedError

from jalostamo.charts.framing import Sheet
from jalostamo.charts.inks import PALETTE, TEXT
from jalostamo.charts.paging import FRAME_PAGES, FRAME_WORDS, pages_of
from jalostamo.charts.picturing import picture_of
from jalostamo.charts.rendering import Drawing, Renderer
from jalostamo.charts.styling import page_style
from jalostamo.concepts.languages import LANGUAGES, Language, Text

WORDS = {"skip": Text("Ohi", "Förbi", "Skip"), "footer": Text("Loppu", "Slut", "End")}
OWN = '{% extends "frame.html" %}\n{% block content %}<h1>{{ title }}</h1>{{ say.period }}{% endblock %}\n'


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """The templates and the style of a page of its own."""
    (tmp_path / "own.html").write_text(OWN, encoding="utf-8")
    (tmp_path / "own.css").write_text("h1 { color: red; }", encoding="utf-8")
    return tmp_path


def pages(folder: Path, words: Mapping[str, Text] = WORDS, title: str = "A & <b>") -> dict[str, str]:
    def content(language: Language) -> Mapping[str, object]:
        return {"title": f"{title} {language}"}

    found = pages_of("own.html", content, folder=folder, words=words, style="p > b {}", opening="sv")
    return {name: page.decode("utf-8") for name, page in found.items()}


def test_a_page_is_made_in_each_language_and_opens_in_the_one_asked_for(folder: Path) -> None:
    made = pages(folder)
    assert set(made) == {"index.html", *(f"index.{language}.html" for language in LANGUAGES)}
    assert made["index.html"] == made["index.sv.html"]
    for language in LANGUAGES:
        page = made[f"index.{language}.html"]
        assert f'<html lang="{language}">' in page
        assert f'hreflang="{language}" aria-current="page"' in page
        assert FRAME_WORDS["period"].in_language(language) in page


def test_a_title_stays_text_and_a_style_stays_a_style(folder: Path) -> None:
    page = pages(folder)["index.en.html"]
    assert "<h1>A &amp; &lt;b&gt; en</h1>" in page
    assert "<style>\np > b {}\n</style>" in page


def test_the_frame_forbids_what_a_page_does_not_need(folder: Path) -> None:
    (policy,) = re.findall(r'Content-Security-Policy" content="([^"]*)"', pages(folder)["index.fi.html"])
    assert policy == (
        "default-src 'none'; style-src 'unsafe-inline'; font-src data:; img-src data:; base-uri 'none'; form-action 'none'"
    )


def test_the_link_that_skips_leads_to_the_content(folder: Path) -> None:
    page = pages(folder)["index.fi.html"]
    assert '<a class="skip" href="#content">Ohi</a>' in page
    assert page.count('id="content"') == 1


@pytest.mark.parametrize("word", sorted(WORDS))
def test_a_page_without_the_frames_words_is_not_made(folder: Path, word: str) -> None:
    with pytest.raises(UndefinedError, match=word):
        pages(folder, {name: text for name, text in WORDS.items() if name != word})


def test_a_pages_own_rules_follow_those_of_every_page_and_those_of_others_precede_them(
    folder: Path, assets: Path
) -> None:
    style = page_style(folder / "own.css", assets=assets, inks=(TEXT,), parts=("th { margin: 0; }",))
    shared = (FRAME_PAGES / "page.css").read_text(encoding="utf-8")
    places = [style.index(part) for part in ("th { margin: 0; }", "@font-face", shared, "h1 { color: red; }")]
    assert places == sorted(places)
    assert style.endswith("@media screen and (prefers-color-scheme:dark){" + _exchanged(TEXT.light, TEXT.dark) + "}")


def test_only_the_inks_and_the_fonts_of_the_page_are_in_its_style(folder: Path, assets: Path) -> None:
    one = page_style(folder / "own.css", assets=assets, inks=(TEXT,))
    two = page_style(folder / "own.css", assets=assets, inks=PALETTE, fonts=("latin-ext", "latin"))
    assert (one.count("@font-face"), two.count("@font-face")) == (1, 2)
    assert (one.count(".drawing [fill="), two.count(".drawing [fill=")) == (1, len(PALETTE))


def test_a_picture_is_drawn_for_both_sheets_under_one_title(draw: Renderer) -> None:
    def drawing_on(sheet: Sheet) -> Drawing:
        return Drawing({"series": []}, sheet.width, 40, "Nothing is drawn.")

    picture = picture_of(("A title", drawing_on), draw=draw, name="x-1")
    assert 'id="x-1-wide" width="620" height="40"' in picture.wide
    assert 'id="x-1-narrow" width="358" height="40"' in picture.narrow
    assert picture.title in picture.wide
    assert picture.title in picture.narrow


def _exchanged(light: str, dark: str) -> str:
    return "".join(f'.drawing [{part}="{light}"]{{{part}:{dark}}}' for part in ("fill", "stroke"))
