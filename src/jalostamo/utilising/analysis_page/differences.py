"""What differs between two groups and what is not said to differ: drawn with intervals, and in a sentence.

Handbook 2.2 (comparing language groups; understanding and assessing the results).
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Final, cast

from jalostamo.charts.comparisons import Contrast, Sides, contrasts_chart
from jalostamo.concepts.languages import Text
from jalostamo.producing.results import Estimate
from jalostamo.utilising.analysis_page.tables import subject
from jalostamo.utilising.publication.captions import CAPTIONS
from jalostamo.utilising.publication.numerals import said, tick_of
from jalostamo.utilising.publication.terms import NOT_FOUND

if TYPE_CHECKING:
    from jalostamo.charts.picturing import Chart
    from jalostamo.producing.analyses.findings import Findings, Value
    from jalostamo.utilising.analysis_page.speech import Speech

MOST_DRAWN: Final = 12
"""So many comparisons are drawn, those that differ and the largest first; the table has all."""

_DIFFER: Final = Text(
    "Ryhmät eroavat {n}/{all} vertailussa; suurin ero: {subject}, {value} %-yksikköä.",
    "Grupperna skiljer sig i {n} av {all} jämförelser; störst är skillnaden i: {subject}, {value} procentenheter.",
    "Groups differ in {n} of {all} comparisons; most in: {subject}, {value} percentage points.",
)
_NONE_DIFFERS: Final = Text(
    "Ryhmien ei sanota eroavan missään ({all} vertailtiin).",
    "Grupperna sägs inte skilja sig i någonting ({all} jämfördes).",
    "Groups are not said to differ in anything ({all} compared).",
)
_TOO_FEW: Final = Text(
    "Asiakkaita on liian vähän ryhmien vertailuun.",
    "Klienterna är för få för att grupperna ska kunna jämföras.",
    "There are too few customers to compare the groups.",
)
_MEDIANS: Final = Text(
    "Mediaanien erotus on {value} (95 %:n väli {low} … {high}).",
    "Skillnaden mellan medianerna är {value} (95 % intervall {low} till {high}).",
    "Medians differ by {value} (95 % interval {low} to {high}).",
)
_TESTED: Final = {
    True: Text("{test}: p {p}; ajat eroavat.", "{test}: p {p}; tiderna skiljer sig.", "{test}: p {p}; times differ."),
    False: Text(
        "{test}: p {p}; aikojen ei sanota eroavan.",
        "{test}: p {p}; tiderna sägs inte skilja sig.",
        "{test}: p {p}; times are not said to differ.",
    ),
}
_SHOWN: Final = Text(
    "Kuvassa {n}, taulukossa kaikki {all}.",
    "Bilden visar {n}, tabellen alla {all}.",
    "The picture shows {n}, the table all {all}.",
)

type Row = Mapping[str, Value]


def differences_told(findings: Findings, speech: Speech, *, pair: tuple[str, str] | None) -> list[str]:
    """What differs and what is not said to, in sentences; nothing where nobody is compared."""
    rows = _rows(findings, "differences")
    told = [_median_told(row, speech) for row in _rows(findings, "medians")]
    told += [_test_told(row, speech) for row in _rows(findings, "tests")]
    if rows:
        told.append(_counted(findings.method, rows, speech))
    if len(rows) > MOST_DRAWN:
        told.append(speech.say(_SHOWN, n=str(MOST_DRAWN), all=speech.number(len(rows))))
    if told or pair is None or findings.method in {"lifespan", "factor_screen"}:
        return told
    return [speech.say(_TOO_FEW)]


def differences_chart(findings: Findings, speech: Speech) -> Chart | None:
    """The comparisons with their intervals: those that differ first, then the largest."""
    rows = drawn_of(_rows(findings, "differences"))
    if not rows:
        return None
    contrasts = tuple(_contrast(findings.method, row, speech) for row in rows)
    names = {name: speech.name(str(rows[0][name])) for name in ("group", "reference")}
    sides = Sides(*(speech.say(CAPTIONS[word]) for word in ("less", "none", "more")))
    tick = tick_of("difference", speech.language)
    title = speech.say(CAPTIONS["difference_title"], **names)
    return title, lambda sheet: contrasts_chart(contrasts, scale="difference", sides=sides, tick=tick, sheet=sheet)


def drawn_of(rows: list[Row]) -> list[Row]:
    """The rows that are drawn."""
    in_order = sorted(rows, key=lambda row: (not row["differs"], -abs(cast("float", row["difference"]))))
    return in_order[:MOST_DRAWN]


def differing_in(findings: Findings) -> frozenset[str]:
    """The subjects in which the groups differ."""
    return frozenset(str(row["subject"]) for row in _rows(findings, "differences") if row["differs"])


def _rows(findings: Findings, table: str) -> list[Row]:
    return [*findings.tables[table].mappings()] if table in findings.tables else []


def _counted(method: str, rows: list[Row], speech: Speech) -> str:
    differing = [row for row in drawn_of(rows) if row["differs"]]
    number, whole = sum(bool(row["differs"]) for row in rows), speech.number(len(rows))
    if not differing:
        return speech.say(_NONE_DIFFERS, all=whole)
    strongest = {
        "subject": subject(method, str(differing[0]["subject"]), speech),
        "value": said(estimate_in(differing[0]), "difference", speech.language).together,
    }
    return speech.say(_DIFFER, n=speech.number(number), all=whole, **strongest)


def estimate_in(row: Row, value: str = "difference") -> Estimate:
    """A value of a row with its interval; rounding may have left it outside by a hair."""
    low, middle, high = (cast("float", row[name]) for name in ("low", value, "high"))
    return Estimate(middle, min(low, middle), max(high, middle))


def _contrast(method: str, row: Row, speech: Speech) -> Contrast:
    estimate = estimate_in(row)
    low, value, high = (100 * part for part in (estimate.low, estimate.value, estimate.high))
    text = said(estimate, "difference", speech.language).together
    note = "" if row["differs"] else speech.say(NOT_FOUND)
    return Contrast(subject(method, str(row["subject"]), speech), low, value, high, text, note, bool(row["differs"]))


def _median_told(row: Row, speech: Speech) -> str:
    value, low, high = (speech.time(cast("float", row[name])) for name in ("difference", "low", "high"))
    return speech.say(_MEDIANS, value=value, low=low, high=high)


def _test_told(row: Row, speech: Speech) -> str:
    return speech.say(
        _TESTED[bool(row["differs"])], test=speech.word(str(row["test"])), p=speech.p(cast("float", row["p"]))
    )
