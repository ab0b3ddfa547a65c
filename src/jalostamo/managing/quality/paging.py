"""Pages on quality and the catalogue's pages: one for each language, opening anywhere, loading nothing, running nothing.

Handbook 2.2 (deficiencies found in the data).
"""

from __future__ import annotations

import base64
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Final

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from jalostamo.charts.framing import Sheet
from jalostamo.charts.inks import EVERY_INK
from jalostamo.charts.rendering import Renderer, renderer
from jalostamo.charts.triangles import STEPS, TriangleWords, triangle_chart
from jalostamo.concepts.languages import LANGUAGES, Language, Text
from jalostamo.concepts.registers import NEVER_RELEASED
from jalostamo.managing.quality.catalogue import Catalogue, behaviour_of
from jalostamo.managing.quality.findings import SUGGESTIONS
from jalostamo.managing.quality.reports import QualityReport, ShownLateness
from jalostamo.managing.quality.words import (
    CATALOGUED,
    COUNTED,
    COUNTED_NONE,
    COUNTED_ONE,
    LANGUAGE_NAMES,
    TERMS,
    WORDS,
)

_PAGES: Final = Path(__file__).parent / "pages"
_FONT: Final = ("@fontsource-variable", "inter", "files", "inter-latin-wght-normal.woff2")
_LICENCE: Final = "/* Inter, (c) The Inter Project Authors, OFL 1.1. */"
_SPACE: Final = "\u00a0"


def quality_pages(report: QualityReport, *, assets: Path) -> dict[str, bytes]:
    """The pages of a report; `assets` is the folder that holds ECharts and Inter (`node_modules`)."""
    found = len(report.findings)
    counted = COUNTED_NONE if not found else COUNTED_ONE if found == 1 else COUNTED
    with renderer(assets) as draw:

        def content(language: Language) -> Mapping[str, object]:
            title = counted.in_language(language).format(report.register.title.in_language(language), found)
            drawings = _drawings(report, language, draw)
            return {
                "title": title,
                "report": report,
                "suggestions": SUGGESTIONS,
                "drawn": lambda place, narrow: Markup(drawings[place, narrow]),
            }

        return _rendered("quality.html", content, assets)


def catalogue_pages(catalogue: Catalogue, *, assets: Path) -> dict[str, bytes]:
    """The pages of a catalogue."""
    kinds = catalogue.by_kind()

    def content(language: Language) -> Mapping[str, object]:
        told = len(kinds) - len(catalogue.missing)
        return {
            "title": CATALOGUED.in_language(language).format(len(catalogue.registers), told),
            "registers": catalogue.registers,
            "kinds": kinds,
            "untagged": catalogue.untagged,
            "behaviour": behaviour_of,
            "never": NEVER_RELEASED,
        }

    return _rendered("catalogue.html", content, assets)


def _rendered(name: str, content: Callable[[Language], Mapping[str, object]], assets: Path) -> dict[str, bytes]:
    environment = Environment(
        loader=FileSystemLoader(_PAGES),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    template, style = environment.get_template(name), _style(assets)
    pages = {
        f"index.{language}.html": template.render(style=style, **_spoken(language), **content(language)).encode("utf-8")
        for language in LANGUAGES
    }
    return {**pages, "index.html": pages["index.fi.html"]}


def _spoken(language: Language) -> dict[str, object]:
    def text(said: Text) -> str:
        return said.in_language(language)

    return {
        "language": language,
        "languages": LANGUAGE_NAMES,
        "say": {name: text(said) for name, said in WORDS.items()},
        "text": text,
        "term": lambda name: text(TERMS[name]),
        "count": lambda written: _grouped(written, language),
        "spread": lambda written: _spread(written, language),
        "share": lambda part: f"{100 * part:.0f}",
        "per_cent": lambda written: "–" if written is None else f"{_decimal(written, language)}{_SPACE}%",
    }


def _grouped(written: str, language: Language) -> str:
    if not written.isdigit():
        return written
    return f"{int(written):,}".replace(",", "," if language == "en" else _SPACE)


def _spread(written: str | None, language: Language) -> str:
    """A range of years, or of powers of ten as the numbers that they are."""
    if written is None:
        return "–"
    low, to, high = written.partition(" to ")
    if not to:
        return written.replace("-", "–")
    return f"{_power(low, language)} – {_power(high, language)}"


def _power(written: str, language: Language) -> str:
    sign, _, power = written.rpartition("10^")
    if not power or written == "0":
        return written
    number = f"{10 ** int(power)}" if int(power) >= 0 else f"{10 ** int(power):.{-int(power)}f}"
    return f"{'−' if sign else ''}{_decimal(_grouped(number, language), language)}"


def _decimal(written: str, language: Language) -> str:
    return written if language == "en" else written.replace(".", ",")


def _drawings(report: QualityReport, language: Language, draw: Renderer) -> dict[tuple[int, bool], str]:
    drawings = {}
    for place, table in enumerate(report.tables):
        for narrow in (False, True):
            if table.lateness:
                drawings[place, narrow] = _triangle(table.lateness, language, draw, (place, narrow))
    return drawings


def _triangle(late: ShownLateness, language: Language, draw: Renderer, where: tuple[int, bool]) -> str:
    place, narrow = where
    parts = "; ".join(f"{delay}: {100 * share:.0f} %" for delay, share in enumerate(late.completeness))
    title = WORDS["triangle"].in_language(language)
    delays, key = WORDS["delays"].in_language(language), WORDS["key"].in_language(language)
    words = TriangleWords(delays, key, f"{WORDS['complete_by'].in_language(language)}: {parts}")
    drawing = triangle_chart(late.rows, words=words, sheet=Sheet(draw.typeface, narrow))
    return draw(
        drawing.option,
        width=drawing.width,
        height=drawing.height,
        title=title,
        description=drawing.description,
        id=f"triangle-{place}-{'narrow' if narrow else 'wide'}",
    )


def _style(assets: Path) -> Markup:
    coded = base64.b64encode(assets.joinpath(*_FONT).read_bytes()).decode("ascii")
    face = (
        '@font-face{font-family:"Inter";font-style:normal;font-weight:100 900;'
        f'src:url(data:font/woff2;base64,{coded}) format("woff2")}}'
    )
    rules = [
        f'.drawing [{part}="{ink.light}"]{{{part}:{ink.dark}}}'
        for ink in (*EVERY_INK, *STEPS)
        for part in ("fill", "stroke")
    ]
    dark = "@media screen and (prefers-color-scheme:dark){" + "".join(rules) + "}"
    return Markup("\n".join([_LICENCE, face, (_PAGES / "quality.css").read_text(encoding="utf-8"), dark]))
