"""Findings as a cell of a notebook shows them: a sentence, a drawing where there is one, and their first table.

Handbook 2.2 (visualising, understanding and assessing the results).
"""

from __future__ import annotations

from hashlib import sha256
from html import escape
from typing import TYPE_CHECKING, Final

from jalostamo.charts.picturing import drawn_on
from jalostamo.charts.rendering import renderer
from jalostamo.concepts.numerals import number
from jalostamo.utilising.analysis_page.claims import claim_of
from jalostamo.utilising.analysis_page.figures import charts_of
from jalostamo.utilising.analysis_page.speech import Speech

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from jalostamo.producing.analyses.asked import Analysis
    from jalostamo.producing.analyses.findings import Findings, Found, Value

MOST_ROWS: Final = 20
_PLACES: Final = 3
_LARGE: Final = 10
_CELL: Final = "padding:2px 12px 2px 0;border-bottom:1px solid rgba(128,128,128,0.25)"
_STYLE: Final = "max-width:64em;font-family:Inter,system-ui,sans-serif;font-variant-numeric:tabular-nums"
# A drawing has ink for light paper: where the notebook is dark, it lies on a sheet of its own.
_SHEET: Final = "background:#fdfcfa;color:#1a2530;margin:0 0 8px;padding:8px;display:inline-block"
_WHOSE: Final = {
    False: "True figures, for the people of the permit, not for publication.",
    True: "From printed cells alone: they do not add up, and are not to be added up.",
}


def cell_of(findings: Findings, analysis: Analysis, *, assets: Path | None) -> str:
    """The HTML of findings; `assets` is the folder that holds ECharts and Inter, None where nothing is drawn."""
    speech = Speech.of(analysis, "en", time_unit=findings.time_unit)
    name, table = next(iter(findings.tables.items()), ("", None))
    parts = [
        f"<p><strong>{escape(claim_of(findings, analysis, speech))}</strong></p>",
        *([] if assets is None else _drawings(findings, analysis, speech, assets=assets)),
        _table(name, table) if table else "",
        f"<p><small>{escape(told_of(findings))}</small></p>",
    ]
    return f'<div style="{_STYLE}">{"".join(parts)}</div>'


def _drawings(findings: Findings, analysis: Analysis, speech: Speech, *, assets: Path) -> Iterator[str]:
    """The first charts of the page of such an analysis: one, or two where two groups are compared."""
    charts = charts_of(findings, analysis, speech)[: 2 if analysis.setting.compare else 1]
    if not charts:
        return
    # Cells share a page: the elements of a drawing are named after what was found.
    name = f"found-{sha256(findings.written).hexdigest()[:12]}"
    with renderer(assets) as draw:
        for place, chart in enumerate(charts):
            drawing = drawn_on(chart, narrow=False, draw=draw, name=f"{name}-{place}")
            yield f'<figure style="{_SHEET}"><figcaption>{escape(chart[0])}</figcaption>{drawing}</figure>'


def told_of(findings: Findings) -> str:
    """What findings rest on, and who may see them, in one line."""
    sizes = ", ".join(
        f"{number(value, 'en', places=0)} {name}"
        for name in ("events", "cases")
        if isinstance(value := findings.facts.get(name), int)
    )
    digests = f"Definition {findings.definition[:12]}, source {findings.source[:12]}."
    twin = " Synthetic twin: nothing here is about anybody." if "marking" in findings.facts else ""
    return f"{findings.method} of {sizes}. Tables: {', '.join(findings.tables)}. {_WHOSE[findings.protected]} {digests}{twin}"


def _table(name: str, table: Found) -> str:
    shown = table.rows[:MOST_ROWS]
    left = len(table.rows) - len(shown)
    more = f"; {number(left, 'en', places=0)} more rows" if left else ""
    sides = ["left" if any(isinstance(v, str) for v in table.column(each)) else "right" for each in table.columns]
    head = "".join(
        f'<th scope="col" style="text-align:{side};{_CELL}">{escape(column)}</th>'
        for column, side in zip(table.columns, sides, strict=True)
    )
    body = "".join(f"<tr>{_row(row, sides)}</tr>" for row in shown)
    caption = f'<caption style="text-align:left">{escape(name)}{more}</caption>'
    return (
        f'<table style="border-collapse:collapse">{caption}<thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>'
    )


def _row(row: Sequence[Value], sides: Sequence[str]) -> str:
    return "".join(
        f'<td style="text-align:{side};{_CELL}">{escape(_written(value))}</td>'
        for value, side in zip(row, sides, strict=True)
    )


def _written(value: Value) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, int | float):
        is_whole = isinstance(value, int) or value.is_integer()
        return number(value, "en", places=0 if is_whole else 1 if abs(value) >= _LARGE else _PLACES)
    return "" if value is None else value
