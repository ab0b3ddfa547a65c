"""Findings drawn as ratios with their intervals, against the line at which there is no difference.

Handbook 2.2 (visualising, understanding and assessing the results).
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Final, cast

from jalostamo.charts.comparisons import Contrast, Sides, contrasts_chart
from jalostamo.concepts.languages import LANGUAGES, Text
from jalostamo.utilising.analysis_page.differences import estimate_in
from jalostamo.utilising.analysis_page.ranked import rows_of
from jalostamo.utilising.analysis_page.tables import factor_named
from jalostamo.utilising.publication.captions import CAPTIONS
from jalostamo.utilising.publication.numerals import said, tick_of
from jalostamo.utilising.publication.terms import NOT_FOUND

if TYPE_CHECKING:
    from jalostamo.charts.picturing import Chart
    from jalostamo.producing.analyses.findings import Findings, Value
    from jalostamo.utilising.analysis_page.speech import Speech

_MOST: Final = 12
"""So many are drawn; the tables have all."""

_USE: Final = Text(
    "Käyttö suhteessa muihin, joilla on yhtä paljon asiointeja, ja 95\u00a0%:n väli",
    "Användning i förhållande till andra med lika många kontakter, och 95\u00a0% intervall",
    "Use in relation to others with as many contacts, with 95\u00a0% interval",
)
_STARTS: Final = Text(
    "Alkuja suhteessa muihin samanikäisiin, joilla on yhtä paljon asiointeja, ja 95\u00a0%:n väli",
    "Starter i förhållande till andra i samma ålder med lika många kontakter, och 95\u00a0% intervall",
    "Starts in relation to others of the same age with as many contacts, with 95\u00a0% interval",
)
_VOLUMES: Final = Text(
    "Käytön suhde asuttua vuotta kohden: {group} verrattuna ryhmään {reference}",
    "Kvot av användningen per bott år: {group} jämfört med {reference}",
    "Ratio of use for a year lived here: {group} compared with {reference}",
)
_NOT_PRECEDING: Final = Text("ei sanota edeltävän", "sägs inte föregå", "not said to precede")
type Row = Mapping[str, Value]


def ratios_of_use(findings: Findings, speech: Speech) -> list[Chart]:
    """How much likelier each other service is with the index service, of all cases."""

    def contrast(row: Row) -> Contrast:
        return _contrast(row, speech.name(str(row["service"])), speech, differs=_leaves_one(row), note=NOT_FOUND)

    return _chart(_USE, rows_of(findings, "services", ""), speech, contrast)


def volumes(findings: Findings, speech: Speech) -> list[Chart]:
    """How many times as much a group uses each service as the other, for a year lived here."""
    rows = findings.tables["volumes"].mappings() if "volumes" in findings.tables else []
    if not rows:
        return []
    pair = {name: speech.name(str(rows[0][name])) for name in ("group", "reference")}
    title = Text(*(_VOLUMES.in_language(language).format(**pair) for language in LANGUAGES))

    def contrast(row: Row) -> Contrast:
        return _contrast(row, speech.name(str(row["service"])), speech, differs=bool(row["differs"]), note=NOT_FOUND)

    in_order = sorted(rows, key=lambda row: (not row["differs"], -abs(math.log(cast("float", row["ratio"])))))
    return _chart(title, in_order, speech, contrast)


def ratios_by(title: Text, rows: Sequence[Row], speech: Speech, *, name: str, ratio: str) -> list[Chart]:
    """Ratios of a table that tells no test beside them."""
    told = [{**row, "ratio": row[ratio]} for row in rows]

    def contrast(row: Row) -> Contrast:
        return _contrast(row, speech.word(str(row[name])), speech, differs=_leaves_one(row), note=NOT_FOUND)

    return _chart(title, told, speech, contrast)


def ratios_of_starts(findings: Findings, speech: Speech) -> list[Chart]:
    """How much oftener a start comes with each factor; those that are said to precede are filled."""
    rows = findings.tables["factors"].mappings()

    def contrast(row: Row) -> Contrast:
        return _contrast(row, factor_named(row, speech), speech, differs=bool(row["precedes"]), note=_NOT_PRECEDING)

    return _chart(_STARTS, sorted(rows, key=lambda row: not row["precedes"]), speech, contrast)


def _leaves_one(row: Row) -> bool:
    low, high = (cast("float", row[end]) for end in ("low", "high"))
    return low > 1 or high < 1


def _contrast(row: Row, name: str, speech: Speech, *, differs: bool, note: Text) -> Contrast:
    estimate = estimate_in(row, "ratio")
    text = said(estimate, "ratio", speech.language).together
    return Contrast(
        name, estimate.low, estimate.value, estimate.high, text, "" if differs else speech.say(note), differs
    )


def _chart(title: Text, rows: Sequence[Row], speech: Speech, contrast: Callable[[Row], Contrast]) -> list[Chart]:
    told = [row for row in rows if None not in (row["ratio"], row["low"], row["high"])][:_MOST]
    if not told:
        return []
    contrasts = tuple(contrast(row) for row in told)
    sides = Sides(*(speech.say(CAPTIONS[word]) for word in ("less", "none", "more")))
    tick = tick_of("ratio", speech.language)
    return [
        (
            speech.say(title),
            lambda sheet: contrasts_chart(contrasts, scale="ratio", sides=sides, tick=tick, sheet=sheet),
        )
    ]
