"""Filters in words: what each rule of an analysis kept, and how many events and cases it left.

Handbook 2.3 (repeatability).
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Final, cast

from jalostamo.charts.paging import Table
from jalostamo.concepts.languages import Text
from jalostamo.utilising.analysis_page.speech import NOTHING, Speech
from jalostamo.utilising.analysis_page.words import EVENTS, WORDS
from jalostamo.utilising.publication.terms import CUSTOMERS

if TYPE_CHECKING:
    from jalostamo.producing.analyses.findings import Findings, Value

_RULES: Final[Mapping[str, Text]] = {
    "all": Text("Kaikki tapahtumat", "Alla händelser", "All events"),
    "cases_with": Text(
        "Asiakkaat, joilla on: {services}", "Klienter som har: {services}", "Customers who have: {services}"
    ),
    "cases_without": Text(
        "Asiakkaat, joilla ei ole: {services}",
        "Klienter som inte har: {services}",
        "Customers who do not have: {services}",
    ),
    "cases_where": Text(
        "Asiakkaat, joilla {field} on {values}",
        "Klienter vars {field} är {values}",
        "Customers whose {field} is {values}",
    ),
    "cases_starting_with": Text(
        "Asiakkaat, joilla ensin on: {services}",
        "Klienter som börjar med: {services}",
        "Customers who start with: {services}",
    ),
    "cases_ending_with": Text(
        "Asiakkaat, joilla viimeisenä on: {services}",
        "Klienter som slutar med: {services}",
        "Customers who end with: {services}",
    ),
    "cases_followed": Text(
        "Asiakkaat, joilla ”{services}” tulee ennen: {then}",
        "Klienter för vilka {services} kommer före: {then}",
        "Customers for whom {services} comes before: {then}",
    ),
    "cases_directly_followed": Text(
        "Asiakkaat, joilla ”{services}” tulee juuri ennen: {then}",
        "Klienter för vilka {services} kommer just före: {then}",
        "Customers for whom {services} comes straight before: {then}",
    ),
    "events_of": Text("Vain tapahtumat: {services}", "Bara händelser av: {services}", "Only events of: {services}"),
    "events_where": Text(
        "Vain tapahtumat, joilla {field} on {values}",
        "Bara händelser vars {field} är {values}",
        "Only events whose {field} is {values}",
    ),
    "events_from": Text(
        "Kustakin tapahtumat alkaen: {services}",
        "Av var och en händelserna från: {services}",
        "Of each, events from: {services} on",
    ),
    "events_up_to": Text(
        "Kustakin tapahtumat saakka: {services}",
        "Av var och en händelserna till: {services}",
        "Of each, events up to: {services}",
    ),
    "first_events": Text(
        "Kustakin palvelusta ensimmäinen", "Den första av varje tjänst", "The first event of each service"
    ),
}
_ONLY: Final = Text(" ({services})", " ({services})", " ({services})")
_WITHIN: Final = Text(", enintään {time} myöhemmin", ", högst {time} senare", ", at most {time} later")
_AT_LEAST: Final = Text(", vähintään {n} kertaa", ", minst {n} gånger", ", at least {n} times")


def rules_told(findings: Findings, speech: Speech) -> Table:
    """The rules in their order, each with what it left."""
    heads = [speech.say(WORDS["rule"]), speech.say(EVENTS), speech.say(CUSTOMERS)]
    rows = [[_told(entry, speech), *_left(entry, speech)] for entry in findings.left]
    return Table(speech.say(WORDS["rules"]), heads, rows)


def _left(entry: Mapping[str, Value], speech: Speech) -> list[str]:
    counts = (entry.get(name) for name in ("events", "cases"))
    return [NOTHING if count is None else speech.number(cast("int", count)) for count in counts]


def _told(entry: Mapping[str, Value], speech: Speech) -> str:
    keep = str(entry["keep"])
    if keep not in _RULES:
        return keep
    named = {name: _names(entry, name, speech) for name in ("services", "then")}
    recorded = {name: str(entry.get(name, "")) for name in ("field", "values")}
    told = speech.say(_RULES[keep], **named, **recorded)
    if keep == "first_events" and named["services"]:
        told += speech.say(_ONLY, services=named["services"])
    if "within" in entry:
        told += speech.say(_WITHIN, time=speech.time(cast("int", entry["within"]), short=True))
    if "at_least" in entry:
        told += speech.say(_AT_LEAST, n=speech.number(cast("int", entry["at_least"])))
    return told


def _names(entry: Mapping[str, Value], name: str, speech: Speech) -> str:
    codes = str(entry.get(name, ""))
    return speech.names(codes.split(", ")) if codes else ""
