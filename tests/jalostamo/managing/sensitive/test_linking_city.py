"""The demonstration city's registers are linked as its truth file says they must be."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from tests.jalostamo.managing.sensitive.pilot import PILOT, PilotRun

from jalostamo.engine.connection import Engine
from jalostamo.managing.requests import read_request
from jalostamo.managing.sensitive.combinability import GroupMatch, RegisterMatch
from jalostamo.managing.sensitive.exclusions import Protection
from jalostamo.managing.sensitive.linking import link
from jalostamo.managing.sensitive.retrieval import retrieve

COUNTED = ("records", "records_without_code", "codes", "valid", "invalid", "matched", "unmatched", "look_alikes")


@pytest.fixture(scope="module")
def match(pilot: PilotRun) -> RegisterMatch:
    (found,) = pilot.report.joined
    return found


@pytest.mark.requirement("S22-10")
@pytest.mark.parametrize("figure", COUNTED)
def test_the_report_gives_the_planted_figure(figure: str, match: RegisterMatch, pilot: PilotRun) -> None:
    truth = pilot.truth["match"]["social_services"]
    # A changed code is of nobody today; the code history tells whose it was.
    by_history = {"matched": truth["former"], "unmatched": -truth["former"]}.get(figure, 0)
    assert getattr(match, figure) == (truth[figure] + by_history if by_history else truth[figure])


def test_no_planted_look_alike_is_linked(match: RegisterMatch) -> None:
    # Every unmatched code of the city is somebody's but for the sign: a linking on ten characters would match them all.
    assert match.unmatched == match.look_alikes > 20
    assert match.matched + match.unmatched == match.valid


def test_the_match_rate_is_told_by_the_recorded_language(match: RegisterMatch, pilot: PilotRun) -> None:
    truth = pilot.truth["match"]["social_services"]["by_recorded_language"]
    assert isinstance(truth, dict)
    found = {name: (counts["codes"], counts["matched"] + counts["former"]) for name, counts in truth.items()}
    assert set(match.by_group) == {GroupMatch(name, *counts) for name, counts in found.items()}


def test_who_exists_is_told_by_the_population_register(pilot: PilotRun) -> None:
    truth = pilot.truth["match"]["population"]
    assert (pilot.report.records, pilot.report.codes) == (truth["records"], truth["codes"])


@pytest.mark.requirement("S22-10")
def test_the_report_gives_the_planted_doubles(pilot: PilotRun) -> None:
    truth = pilot.truth["match"]["population"]
    assert {name: getattr(pilot.report, name) for name in truth} == truth
    assert pilot.report.persons == truth["codes"] - truth["conflicting"]  # type: ignore[operator]  # counts


def test_doubled_people_are_told_apart_by_all_that_was_asked_and_no_more(
    city: Path, engine: Engine, pilot: PilotRun, tmp_path: Path
) -> None:
    # The city's conflicting records differ in the native language alone: to a request without it they are alike.
    request = read_request(PILOT)
    assert request.linking is not None
    population, social = request.sources
    narrower = replace(population, fields=tuple(name for name in population.fields if name != "native_language"))
    asked = replace(request, linking=replace(request.linking, lookups=()))
    extracts = [
        retrieve(engine, asked, s, sources=city, vault=tmp_path, protection=Protection(None))
        for s in (narrower, social)
    ]
    report = link(engine, asked, extracts).report
    assert report is not None
    assert (report.exact_duplicates, report.conflicting) == (15 + 5, 0)
    assert report.persons == pilot.truth["match"]["population"]["codes"]


def test_every_child_who_lived_here_is_among_the_customers(pilot: PilotRun) -> None:
    prepared, children = pilot.refined.prepared, pilot.truth["counts"]["children"]
    missing = sum(children.values()) - prepared.released - prepared.suppressed  # type: ignore[arg-type]  # counts
    # Of whom there are conflicting records no one knows which are true: they alone may be missing.
    assert 0 <= missing <= pilot.report.conflicting
