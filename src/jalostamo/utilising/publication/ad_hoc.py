"""The ad hoc report: one answer to a one-off need, as pages that open anywhere and load nothing.

Handbook 2.3 (ad hoc reports).
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from markupsafe import Markup, escape

from jalostamo.charts.inks import EVERY_INK
from jalostamo.charts.paging import pages_of
from jalostamo.charts.rendering import Renderer, renderer
from jalostamo.charts.styling import page_style
from jalostamo.concepts.languages import Language, Text
from jalostamo.concepts.numerals import date, number
from jalostamo.utilising.publication.comparable import groups_of
from jalostamo.utilising.publication.figures import Figure, figure_of
from jalostamo.utilising.publication.numerals import share
from jalostamo.utilising.publication.report import Answer, ChainLink, Report
from jalostamo.utilising.publication.speech import Speech
from jalostamo.utilising.publication.tables import Table, estimates_tables, paths_tables
from jalostamo.utilising.publication.words import HELP, STEP_NAMES, WORDS

_PAGES: Final = Path(__file__).parent / "pages"
# What HDS keeps for accessible parts; its colours are exchanged by its own variables in results.css.
_HDS_PARTS: Final = ("base.min.css", "components/table/table.min.css")
_HDS_LICENCE: Final = "/* Parts of Helsinki Design System, (c) City of Helsinki, MIT. */"
_FONTS: Final = ("latin-ext", "latin")
_SHORT_DIGEST: Final = 12


@dataclass(frozen=True, slots=True)
class Headline:
    """A headline is a finding as it is set: the claim large, its evidence smaller, whatever follows as text."""

    claim: str
    evidence: str
    rest: str


@dataclass(frozen=True, slots=True)
class Section:
    """A section is one answered question on the page."""

    id: str
    answer: Answer
    headline: Headline
    figure: Figure
    tables: tuple[Table, ...]
    paths: tuple[Table, ...]


def publish(report: Report, *, assets: Path) -> dict[str, bytes]:
    """The files of a report: a page in each language, and `index.html` in the language asked for.

    `assets` is the folder that holds ECharts, Inter and HDS (`node_modules`).
    """
    style = page_style(_PAGES / "results.css", assets=assets, inks=EVERY_INK, fonts=_FONTS, parts=_hds(assets))
    with renderer(assets) as draw:

        def content(language: Language) -> Mapping[str, object]:
            return _content(report, language, draw)

        return pages_of("results.html", content, folder=_PAGES, words=WORDS, style=style, opening=report.language)


def headline_of(finding: str) -> Headline:
    """A finding divided for the page.

    >>> headline_of("A reached 35 % (ratio 0.69). No difference was found in B.")
    Headline(claim='A reached 35 %', evidence='Ratio 0.69', rest='No difference was found in B.')
    """
    first, _, rest = finding.partition(". ")
    sentence = first.rstrip(".")
    before, _, evidence = sentence.removesuffix(")").rpartition(" (")
    claim = before or sentence
    evidence = evidence if before else ""
    return Headline(claim, evidence[:1].upper() + evidence[1:], rest)


def short_digest(digest: str) -> str:
    """The first characters of a digest, in fours.

    >>> short_digest("sha256:0123456789abcdef")
    '0123 4567 89ab'
    """
    first = digest.rpartition(":")[2][:_SHORT_DIGEST]
    return " ".join(re.findall(".{1,4}", first))


def _content(report: Report, language: Language, draw: Renderer) -> dict[str, object]:
    speech = Speech(report.labels, language)
    return {
        "title": report.title.in_language(language),
        "report": report,
        "said": lambda found: found.in_language(language) if isinstance(found, Text) else found,
        "date": lambda iso: date(iso, language),
        "value": lambda value: _fact(value, language),
        "sections": [
            _section(answer, place, speech, draw=draw) for place, answer in enumerate(report.answers, start=1)
        ],
        "paths_reading": speech.caption("paths_reading"),
        "help": HELP,
        "loss": _loss(report, speech),
        "chain": _chain(report),
        "steps": STEP_NAMES,
        "short": short_digest,
        "tied": _tied,
    }


def _section(answer: Answer, place: int, speech: Speech, *, draw: Renderer) -> Section:
    id_ = f"answer-{place}"
    tables = estimates_tables(answer.result, speech)
    paths = paths_tables(answer.result, speech) if answer.result.flows else ()
    figure = figure_of(answer.result, speech, draw=draw, prefix=id_)
    headline = headline_of(answer.finding.in_language(speech.language))
    return Section(id_, answer, headline, figure, tables, paths)


def _tied(text: str) -> Markup:
    # An interval that is broken over two lines reads as a minus sign.
    return Markup(re.sub(r"\S+–\S+", lambda found: f'<span class="tied">{found[0]}</span>', str(escape(text))))


def _fact(value: str | int | float, language: Language) -> str:
    if isinstance(value, str):
        return value
    return number(value, language) if isinstance(value, int) else share(value, language, places=1)


def _loss(report: Report, speech: Speech) -> list[tuple[str, str, str, str]]:
    # In the order in which the groups stand in every figure.
    order = list(dict.fromkeys(group for answer in report.answers for group in groups_of(answer.result)))
    return [
        (
            speech.title(group),
            speech.number(persons),
            speech.number(suppressed),
            speech.share(suppressed / max(persons, 1)),
        )
        for group, persons, suppressed in sorted(report.loss, key=lambda loss: [*order, loss[0]].index(loss[0]))
    ]


def _chain(report: Report) -> list[tuple[Text, list[ChainLink]]]:
    steps: dict[str, list[ChainLink]] = {}
    for link in report.chain:
        steps.setdefault(link.step, []).append(link)
    return [(STEP_NAMES[step], links) for step, links in _in_chain_order(steps).items()]


def _in_chain_order(steps: Mapping[str, list[ChainLink]]) -> dict[str, list[ChainLink]]:
    return {step: steps[step] for step in STEP_NAMES if step in steps}


def _hds(assets: Path) -> list[str]:
    parts = [assets / "hds-core" / "lib" / part for part in _HDS_PARTS]
    return [_HDS_LICENCE, *(_without_map(part.read_text(encoding="utf-8")) for part in parts)]


def _without_map(css: str) -> str:
    return re.sub(r"/\*# sourceMappingURL=[^*]*\*/", "", css).strip()
