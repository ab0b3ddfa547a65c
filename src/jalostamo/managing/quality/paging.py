"""Pages on quality and the catalogue's pages: one for each language, opening anywhere, loading nothing, running nothing.

Handbook 2.2 (deficiencies found in the data).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Final

from jalostamo.charts.framing import Sheet
from jalostamo.charts.inks import EVERY_INK
from jalostamo.charts.paging import pages_of
from jalostamo.charts.picturing import Picture, picture_of
from jalostamo.charts.rendering import Drawing, Renderer, renderer
from jalostamo.charts.styling import page_style, tables_part
from jalostamo.charts.triangles import STEPS, TriangleWords, triangle_chart
from jalostamo.concepts.languages import Language
from jalostamo.concepts.numerals import NO_BREAK, number, with_decimal_mark
from jalostamo.concepts.registers import NEVER_RELEASED
from jalostamo.managing.quality.catalogue import Catalogue, behaviour_of
from jalostamo.managing.quality.findings import SUGGESTIONS
from jalostamo.managing.quality.reports import QualityReport, ShownLateness
from jalostamo.managing.quality.words import CATALOGUED, COUNTED, COUNTED_NONE, COUNTED_ONE, TERMS, WORDS

_PAGES: Final = Path(__file__).parent / "pages"


def quality_pages(report: QualityReport, *, assets: Path) -> dict[str, bytes]:
    """The pages of a report; `assets` is the folder that holds ECharts and Inter (`node_modules`)."""
    found = len(report.findings)
    counted = COUNTED_NONE if not found else COUNTED_ONE if found == 1 else COUNTED
    with renderer(assets) as draw:

        def content(language: Language) -> Mapping[str, object]:
            title = counted.in_language(language).format(report.register.title.in_language(language), found)
            return {
                "title": title,
                "report": report,
                "suggestions": SUGGESTIONS,
                "triangles": _triangles(report, language, draw),
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
    style = page_style(_PAGES / "quality.css", assets=assets, inks=(*EVERY_INK, *STEPS), parts=(tables_part(),))

    def written(language: Language) -> Mapping[str, object]:
        return {**_writers(language), **content(language)}

    return pages_of(name, written, folder=_PAGES, words=WORDS, style=style)


def _writers(language: Language) -> dict[str, object]:
    return {
        "term": lambda name: TERMS[name].in_language(language),
        "count": lambda written: number(int(written), language) if written.isdigit() else written,
        "spread": lambda written: _spread(written, language),
        "share": lambda part: f"{100 * part:.0f}",
        "per_cent": lambda written: "–" if written is None else f"{with_decimal_mark(written, language)}{NO_BREAK}%",
    }


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
    places = max(-int(power), 0)
    return number((-1 if sign else 1) * 10 ** int(power), language, places=places)


def _triangles(report: QualityReport, language: Language, draw: Renderer) -> dict[int, Picture]:
    late = {place: table.lateness for place, table in enumerate(report.tables)}
    return {
        place: _triangle(each, language, draw=draw, name=f"triangle-{place}") for place, each in late.items() if each
    }


def _triangle(late: ShownLateness, language: Language, *, draw: Renderer, name: str) -> Picture:
    say = {word: WORDS[word].in_language(language) for word in ("triangle", "delays", "key", "complete_by")}
    parts = "; ".join(f"{delay}: {100 * share:.0f} %" for delay, share in enumerate(late.completeness))
    words = TriangleWords(say["delays"], say["key"], f"{say['complete_by']}: {parts}")

    def drawing_on(sheet: Sheet) -> Drawing:
        return triangle_chart(late.rows, words=words, sheet=sheet)

    return picture_of((say["triangle"], drawing_on), draw=draw, name=name)
