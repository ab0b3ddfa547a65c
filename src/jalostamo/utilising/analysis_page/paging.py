"""The page of an analysis itself: one file in one language, which opens anywhere, loads nothing and runs nothing.

Handbook 2.2 (visualising, understanding and assessing the results) and 2.3 (repeatability).
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Final, cast

from jalostamo.charts.inks import EVERY_INK
from jalostamo.charts.paging import Table, page_of
from jalostamo.charts.picturing import picture_of
from jalostamo.charts.rendering import renderer
from jalostamo.charts.styling import page_style, tables_part
from jalostamo.charts.triangles import STEPS
from jalostamo.concepts.numerals import date
from jalostamo.utilising.analysis_page import words
from jalostamo.utilising.analysis_page.claims import claim_of
from jalostamo.utilising.analysis_page.differences import differences_chart, differences_told
from jalostamo.utilising.analysis_page.figures import charts_of
from jalostamo.utilising.analysis_page.rules import rules_told
from jalostamo.utilising.analysis_page.speech import Speech
from jalostamo.utilising.analysis_page.tables import tables_of

if TYPE_CHECKING:
    from jalostamo.concepts.languages import Language, Text
    from jalostamo.producing.analyses.asked import Analysis
    from jalostamo.producing.analyses.findings import Findings

_PAGES: Final = Path(__file__).parent / "pages"
_COMPARISONS: Final = ("differences", "medians", "tests", "shares", "volumes")
"""The tables that stand beside what differs; all others stand beside the charts."""


def analysis_page(findings: Findings, analysis: Analysis, language: Language, *, source: str, assets: Path) -> bytes:
    """The page of findings; `source` is release, log or cells, `assets` the folder that holds ECharts and Inter."""
    speech = Speech.of(analysis, language, time_unit=findings.time_unit)
    with renderer(assets) as draw:
        charts = charts_of(findings, analysis, speech)
        pictures = [picture_of(chart, draw=draw, name=f"answer-{n}") for n, chart in enumerate(charts, start=1)]
        compared = differences_chart(findings, speech)
        difference = picture_of(compared, draw=draw, name="differences") if compared else None
    tables = tables_of(findings, speech)
    content: Mapping[str, object] = {
        "eyebrow": _title(analysis, speech),
        "title": claim_of(findings, analysis, speech),
        "about": _about(findings, analysis, speech, source=source),
        "notices": [(speech.say(title), speech.say(text)) for title, text in _notices(findings)],
        "pictures": pictures,
        "tables": _but(tables, _COMPARISONS),
        "difference": difference,
        "told": differences_told(findings, speech, pair=analysis.setting.compare),
        "comparisons": {name: tables[name] for name in _COMPARISONS if name in tables},
        "rules": rules_told(findings, speech),
        "looked": _looked(findings, analysis, speech),
        "method": _method(analysis, speech),
        "no_cause": speech.say(words.NO_CAUSE),
        "chain": [(speech.say(words.LINKS[name]), digest) for name, digest in _chain(findings)],
    }
    parts = (tables_part(),)
    # Services and groups are called as the file or the log calls them, and may have letters of the whole of Europe.
    style = page_style(
        _PAGES / "analysis.css", assets=assets, inks=(*EVERY_INK, *STEPS), fonts=("latin", "latin-ext"), parts=parts
    )
    return page_of("analysis.html", content, folder=_PAGES, words=words.WORDS, style=style, language=language)


def _but(tables: Mapping[str, Table], names: tuple[str, ...]) -> dict[str, Table]:
    return {name: table for name, table in tables.items() if name not in names}


def _title(analysis: Analysis, speech: Speech) -> str:
    """What the file is called, or else what its method is."""
    return speech.say(analysis.title or analysis.method.title)


def _about(findings: Findings, analysis: Analysis, speech: Speech, *, source: str) -> list[tuple[str, str]]:
    """The line on period, base, groups and source."""
    cases = cast("int | None", findings.facts.get("cases"))
    events = cast("int | None", findings.facts.get("events"))
    counts = [(words.CASES, None if cases is None else speech.who(cases))]
    counts.append((words.EVENTS, None if events is None else speech.number(events)))
    parts = [(words.PERIOD, _period(analysis, speech)), *counts, (words.GROUPS, _groups(findings, analysis, speech))]
    parts.append((words.MADE_OF, speech.say(words.SOURCES[source])))
    return [(speech.say(head), told) for head, told in parts if told]


def _period(analysis: Analysis, speech: Speech) -> str:
    days = [each and date(each.isoformat(), speech.language) for each in (analysis.first_day, analysis.last_day)]
    if not any(days):
        return speech.say(words.WHOLE_PERIOD)
    return " \u2013 ".join(day or "" for day in days).strip()


def _groups(findings: Findings, analysis: Analysis, speech: Speech) -> str:
    pair = analysis.setting.compare
    if pair is None:
        return speech.names(findings.groups)
    return speech.say(words.COMPARED, one=speech.name(pair[0]), other=speech.name(pair[1]))


def _notices(findings: Findings) -> list[tuple[Text, Text]]:
    notice = words.PROTECTED if findings.protected else words.TRUE
    return [words.SYNTHETIC] if "marking" in findings.facts else [notice]


def _looked(findings: Findings, analysis: Analysis, speech: Speech) -> list[str]:
    """The tie rule with how many ties there were, and the ages of the comparison."""
    told = [speech.say(words.TIES[analysis.setting.tie.value])]
    tied = cast("int | None", findings.facts.get("tied_neighbour_pairs"))
    if tied is not None:
        told.append(speech.say(words.TIED, n=speech.number(tied)))
    groups = analysis.setting.groups
    if groups and groups.age_bands and "differences" in findings.tables:
        bands = ", ".join(f"{low}\u2013{high}" for low, high in groups.age_bands)
        told.append(speech.say(words.ADJUSTED, bands=bands))
    return told


def _method(analysis: Analysis, speech: Speech) -> list[tuple[str, str]]:
    method = analysis.method
    kind = f"{speech.say(method.title)} ({speech.say(words.KINDS[method.kind])})"
    return [
        (speech.say(words.WORDS["asks"]), kind),
        (speech.say(words.WORDS["reader"]), speech.say(words.COMPETENCES[method.competence])),
    ]


def _chain(findings: Findings) -> list[tuple[str, str]]:
    written = hashlib.sha256(findings.written).hexdigest()
    return [("definition", findings.definition), ("source", findings.source), ("findings", written)]
