"""The pages of a report: whole in themselves, in three languages, true to the numbers, the same bytes each time."""

from __future__ import annotations

import re
import xml.etree.ElementTree as ET
from collections.abc import Mapping
from dataclasses import replace
from html import unescape
from pathlib import Path

import pytest
from jinja2 import UndefinedError
from tests.jalostamo.utilising.sample_report import LABELS, sample_report

import jalostamo.utilising.publication as publication
from jalostamo.charts.inks import EVERY_INK
from jalostamo.charts.paging import FRAME_PAGES, FRAME_WORDS
from jalostamo.concepts.errors import Unfit
from jalostamo.concepts.languages import LANGUAGES, Text
from jalostamo.utilising.publication.ad_hoc import headline_of, publish, short_digest
from jalostamo.utilising.publication.captions import CAPTIONS
from jalostamo.utilising.publication.report import Fact, Report
from jalostamo.utilising.publication.words import HELP, STEP_NAMES, WORDS

PAGES = Path(publication.__file__).parent / "pages"
SVG = "{http://www.w3.org/2000/svg}"
NUMBER = re.compile(r"[+−]?\d[\d\u00a0,.]*")
MOST_BYTES = 900_000


def drawings_in(page: str) -> list[ET.Element]:
    return [ET.fromstring(svg) for svg in re.findall(r"<svg xmlns.*?</svg>", page, re.DOTALL)]


def sections_of(page: str) -> list[str]:
    return re.findall(r'<section class="answer".*?</section>', page, re.DOTALL)


def words_of(part: str) -> str:
    return unescape(re.sub(r"<[^>]+>", " ", part))


def test_there_is_a_page_for_each_language_and_one_that_opens_first(pages: Mapping[str, str]) -> None:
    assert set(pages) == {"index.html", *(f"index.{language}.html" for language in LANGUAGES)}
    assert pages["index.html"] == pages["index.sv.html"]


def test_the_same_report_gives_the_same_bytes(pages: Mapping[str, str], report: Report, assets: Path) -> None:
    again = publish(report, assets=assets)
    assert {name: content.decode() for name, content in again.items()} == pages


def test_pages_differ_in_their_first_language_alone(pages: Mapping[str, str], assets: Path) -> None:
    finnish = publish(sample_report("fi"), assets=assets)
    assert finnish["index.sv.html"].decode() == pages["index.sv.html"]
    assert finnish["index.html"] == finnish["index.fi.html"]


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_page_loads_nothing_and_runs_nothing(pages: Mapping[str, str], language: str) -> None:
    page = pages[f"index.{language}.html"]
    addresses = re.findall(r'(?:src|href|action|data|xlink:href)="([^"]*)"', page) + re.findall(r"url\(([^)]*)\)", page)
    local = re.compile(r"#|data:|index\.(fi|sv|en)\.html$")
    assert [address[:60] for address in addresses if not local.match(address)] == []
    assert not re.search(r"<script|javascript:|\son\w+=|@import|<iframe|<link rel=\"(?!icon)", page)
    assert "default-src 'none'; style-src 'unsafe-inline'; font-src data:; img-src data:" in page


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_page_stays_of_a_size_to_be_sent(pages: Mapping[str, str], language: str) -> None:
    assert len(pages[f"index.{language}.html"].encode()) < MOST_BYTES


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_two_elements_share_a_name_and_every_reference_is_answered(pages: Mapping[str, str], language: str) -> None:
    page = pages[f"index.{language}.html"]
    names = re.findall(r'\sid="([^"]+)"', page)
    asked = {
        name for found in re.findall(r'(?:aria-labelledby|aria-describedby)="([^"]+)"', page) for name in found.split()
    }
    asked |= set(re.findall(r'href="#([^"]+)"', page))
    assert len(names) == len(set(names))
    assert asked <= set(names)


@pytest.mark.requirement("S23-03")
@pytest.mark.parametrize("language", LANGUAGES)
def test_the_page_says_first_that_the_town_is_invented_and_then_the_findings(
    pages: Mapping[str, str], report: Report, language: str
) -> None:
    page = words_of(pages[f"index.{language}.html"].split('<main id="content">')[1])
    places = [page.index(WORDS["notice_title"].as_mapping()[language])]
    glance = page.index(WORDS["glance"].as_mapping()[language])
    places.append(glance)
    places += [page.index(headline_of(a.finding.as_mapping()[language]).claim, glance) for a in report.answers]
    assert places == sorted(places)


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_heading_of_each_answer_states_its_finding(pages: Mapping[str, str], report: Report, language: str) -> None:
    headings = re.findall(r'<h2 id="answer-\d+-title">(.*?)</h2>', pages[f"index.{language}.html"], re.DOTALL)
    claims = [headline_of(answer.finding.as_mapping()[language]).claim for answer in report.answers]
    assert [unescape(re.sub(r"<[^>]+>", "", heading)) for heading in headings] == claims


@pytest.mark.requirement("S22-26", "S22-27")
@pytest.mark.parametrize("language", LANGUAGES)
def test_the_tables_hold_every_number_that_is_drawn(pages: Mapping[str, str], language: str) -> None:
    for section in sections_of(pages[f"index.{language}.html"]):
        tables = " ".join(re.findall(r"<table.*?</table>", section, re.DOTALL))
        tabled = set(NUMBER.findall(words_of(tables)))
        for drawing in drawings_in(section):
            drawn = {n for text in _texts_above_the_scale(drawing) for n in NUMBER.findall(text)}
            assert drawn
            assert drawn <= tabled, drawing.attrib["id"]


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_wide_and_the_narrow_drawing_hold_the_same_numbers(pages: Mapping[str, str], language: str) -> None:
    drawn: dict[str, dict[str, list[str]]] = {}
    for drawing in drawings_in(pages[f"index.{language}.html"]):
        name, _, kind = drawing.attrib["id"].rpartition("-")
        numbers = sorted(n for text in _texts_above_the_scale(drawing) for n in NUMBER.findall(text))
        drawn.setdefault(name, {})[kind] = numbers
    assert len(drawn) == 10
    assert all(kinds["wide"] == kinds["narrow"] for kinds in drawn.values())


def test_each_drawing_is_the_same_in_light_and_dark_and_every_ink_has_a_dark_one(pages: Mapping[str, str]) -> None:
    page = pages["index.en.html"]
    known = {ink.light for ink in EVERY_INK}
    for drawing in drawings_in(page):
        used = {
            e.attrib[part]
            for e in drawing.iter()
            for part in ("fill", "stroke")
            if e.attrib.get(part, "none") != "none"
        }
        assert used <= known
    for ink in EVERY_INK:
        assert f'.drawing [fill="{ink.light}"]{{fill:{ink.dark}}}' in page


def test_a_label_with_markup_stays_text(report: Report, assets: Path) -> None:
    sly = "<img src=x onerror=alert(1)>"
    labels = {**LABELS, "lighter": Text(sly, sly, sly)}
    page = publish(replace(report, labels=labels, title=Text(sly, sly, sly)), assets=assets)["index.html"].decode()
    assert "<img" not in page
    assert "&lt;img src=x onerror=alert(1)&gt;" in page


@pytest.mark.parametrize("part", ["facts", "loss", "chain"])
def test_a_page_without_some_part_is_whole(report: Report, assets: Path, part: str) -> None:
    page = publish(replace(report, **{part: ()}), assets=assets)["index.fi.html"].decode()
    assert page.rstrip().endswith("</html>")
    assert (WORDS["chain"].fi in page) == (part != "chain")


def test_a_page_of_one_answer_without_a_comparison_is_whole(report: Report, assets: Path) -> None:
    answer = report.answers[0]
    result = replace(answer.result, comparisons=())
    alone = replace(answer, result=result, finding=Text("Liian vähän.", "För få.", "Too few."), notes=())
    page = publish(replace(report, answers=(alone,)), assets=assets)["index.en.html"].decode()
    assert '<h2 id="answer-1-title">Too few</h2>' in page
    assert page.count('class="picture"') == 2


def test_every_word_of_the_template_exists_in_three_languages_and_none_is_idle() -> None:
    sources = [file.read_text(encoding="utf-8") for file in (PAGES / "results.html", FRAME_PAGES / "frame.html")]
    asked = {word for source in sources for word in re.findall(r"\bsay\.(\w+)", source)}
    assert asked | {"synthetic"} == {*WORDS, *FRAME_WORDS}
    for text in [*WORDS.values(), *CAPTIONS.values(), *STEP_NAMES.values(), *(t for pair in HELP for t in pair)]:
        assert all(text.in_language(language).strip() for language in LANGUAGES)


def test_captions_have_the_same_places_in_each_language() -> None:
    for name, text in CAPTIONS.items():
        places = [sorted(re.findall(r"\{(\w+)\}", text.in_language(language))) for language in LANGUAGES]
        assert places[0] == places[1] == places[2], name


def test_every_caption_is_asked_for_somewhere() -> None:
    source = " ".join(path.read_text(encoding="utf-8") for path in PAGES.parent.glob("*.py") if path.stem != "captions")
    made = {f"{scale}_{kind}" for scale in ("ratio", "difference") for kind in ("title", "column")}
    idle = [name for name in CAPTIONS if f'"{name}"' not in source and name not in made]
    assert not idle


def test_a_missing_word_stops_the_page(report: Report, assets: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(Unfit, match="missing in language 'sv'"):
        Text("sana", "", "word")
    monkeypatch.delitem(WORDS, "glance")
    with pytest.raises(UndefinedError, match="glance"):
        publish(report, assets=assets)


def test_facts_are_counts_shares_or_words(report: Report, assets: Path) -> None:
    label = Text("Nimi", "Namn", "Name")
    facts = (Fact(label, 19829), Fact(label, 0.974), Fact(label, "five"))
    page = publish(replace(report, facts=facts), assets=assets)["index.sv.html"].decode()
    assert re.findall(r'<dd class="facts__value">(.*?)</dd>', page) == ["19\u00a0829", "97,4\u00a0%", "five"]


def test_a_digest_is_short_at_first_and_whole_on_demand(pages: Mapping[str, str], report: Report) -> None:
    page = pages["index.fi.html"]
    for link in report.chain:
        assert short_digest(link.digest) in page
        assert f'<code class="chain__digest">{link.digest}</code>' in page


def test_the_chain_runs_from_request_to_publication(pages: Mapping[str, str]) -> None:
    steps = re.findall(r'<p class="chain__step">(.*?)</p>', pages["index.en.html"])
    assert steps == ["Request", "Extract", "Linked", "Prepared", "Release", "Result", "Publication"]


def test_what_preparation_cost_is_told_for_each_group(pages: Mapping[str, str]) -> None:
    loss = words_of(re.findall(r'<div class="loss">.*?</table>', pages["index.en.html"], re.DOTALL)[0])
    assert re.search(r"Foreign-language\s+1,696\s+118\s+7\u00a0%", loss)


def _texts_above_the_scale(drawing: ET.Element) -> list[str]:
    """All texts but those of the scale, which is no number of the result; drawings of paths have none."""
    lowest = float(drawing.attrib["height"]) - (0 if _is_of_paths(drawing) else 30)
    found = []
    for element in drawing.iter(f"{SVG}text"):
        y = float(re.search(r"translate\([^ ]+ ([^)]+)\)", element.attrib["transform"])[1])
        if y < lowest:
            found.append(element.text or "")
    return found


def _is_of_paths(drawing: ET.Element) -> bool:
    return not drawing.attrib["id"].split("-")[2].isdigit()
