"""The ad hoc report: one answer to a one-off need, as pages that open anywhere and load nothing.

Handbook 2.3 (ad hoc reports).
"""

from __future__ import annotations

import base64
import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup, escape

from jalostamo.charts.inks import EVERY_INK
from jalostamo.charts.rendering import Renderer, renderer
from jalostamo.concepts.languages import LANGUAGES, Language, Text
from jalostamo.utilising.publication import numerals
from jalostamo.utilising.publication.comparable import groups_of
from jalostamo.utilising.publication.figures import Figure, figure_of
from jalostamo.utilising.publication.report import Answer, ChainLink, Report
from jalostamo.utilising.publication.speech import Speech
from jalostamo.utilising.publication.tables import Table, estimates_tables, paths_tables
from jalostamo.utilising.publication.words import HELP, LANGUAGE_NAMES, STEP_NAMES, WORDS

_PAGES: Final = Path(__file__).parent / "pages"
# What HDS keeps for accessible parts; its colours are exchanged by its own variables in results.css.
_HDS_PARTS: Final = ("base.min.css", "components/table/table.min.css")
_FONT_RANGES: Final = {
    "latin-ext": "U+0100-02BA,U+02BD-02C5,U+02C7-02CC,U+02CE-02D7,U+02DD-02FF,U+1E00-1E9F,U+1EF2-1EFF,U+20A0-20AB",
    "latin": "U+0000-00FF,U+0131,U+0152-0153,U+02BB-02BC,U+02C6,U+02DA,U+02DC,U+2000-206F,U+20AC,U+2122,U+2191,U+2193,U+2212",
}
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
    environment = Environment(
        loader=FileSystemLoader(_PAGES),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    template = environment.get_template("results.html")
    style = _style(assets)
    pages: dict[str, bytes] = {}
    with renderer(assets) as draw:
        for language in LANGUAGES:
            content = _content(report, language, draw)
            pages[f"index.{language}.html"] = template.render(style=style, **content).encode("utf-8")
    return {**pages, "index.html": pages[f"index.{report.language}.html"]}


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
        "report": report,
        "language": language,
        "languages": LANGUAGE_NAMES,
        "say": {name: text.in_language(language) for name, text in WORDS.items()},
        "text": lambda text: text.in_language(language),
        "said": lambda found: found.in_language(language) if isinstance(found, Text) else found,
        "date": lambda iso: numerals.date(iso, language),
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
        "drawn": Markup,
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
    return numerals.number(value, language) if isinstance(value, int) else numerals.share(value, language, places=1)


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


def _style(assets: Path) -> Markup:
    parts = [_without_map((assets / "hds-core" / "lib" / part).read_text(encoding="utf-8")) for part in _HDS_PARTS]
    fonts = [_font_face(assets, subset, characters) for subset, characters in _FONT_RANGES.items()]
    own = (_PAGES / "results.css").read_text(encoding="utf-8")
    return Markup("\n".join([_HDS_LICENCE, *parts, *fonts, own, _dark_drawings()]))


_HDS_LICENCE: Final = (
    "/* Parts of Helsinki Design System, (c) City of Helsinki, MIT; Inter, (c) The Inter Project Authors, OFL 1.1. */"
)


def _without_map(css: str) -> str:
    return re.sub(r"/\*# sourceMappingURL=[^*]*\*/", "", css).strip()


def _font_face(assets: Path, subset: str, characters: str) -> str:
    file = assets / "@fontsource-variable" / "inter" / "files" / f"inter-{subset}-wght-normal.woff2"
    coded = base64.b64encode(file.read_bytes()).decode("ascii")
    return (
        '@font-face{font-family:"Inter";font-style:normal;font-weight:100 900;'
        f'src:url(data:font/woff2;base64,{coded}) format("woff2");unicode-range:{characters}}}'
    )


def _dark_drawings() -> str:
    rules = [
        f'.drawing [{part}="{ink.light}"]{{{part}:{ink.dark}}}' for ink in EVERY_INK for part in ("fill", "stroke")
    ]
    return "@media screen and (prefers-color-scheme:dark){" + "".join(rules) + "}"
