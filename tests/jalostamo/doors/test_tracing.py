"""A figure is followed back to its decision, and whatever is missing on the way is told."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import cast

import pytest
from tests.jalostamo.doors.homes import Told, jalostamo, releases_of

from jalostamo.doors.home import Home

STEPS = [
    "decision",
    "order",
    "extract",
    "extract",
    "linked",
    "prepared",
    "validated",
    "release",
    "results",
    "publication",
]


def page_of(home: Home) -> Path:
    return home.publications / "child-protection-pilot" / "index.en.html"


def steps(told: Told) -> list[str]:
    return [link["step"] for link in cast("list[dict[str, str]]", told.account["chain"])]


@pytest.mark.slow
def test_a_page_leads_back_to_the_decision(demonstrated: Home) -> None:
    told = jalostamo("trace", page_of(demonstrated), "--home", demonstrated.folder)
    assert (told.code, steps(told), told.account["missing"]) == (0, STEPS, [])


@pytest.mark.slow
def test_the_beginning_of_a_digest_is_enough_and_leads_both_ways(demonstrated: Home) -> None:
    (release,) = releases_of(demonstrated)
    told = jalostamo("trace", release.name[:12], "--home", demonstrated.folder)
    assert steps(told) == STEPS


@pytest.mark.slow
def test_a_link_that_is_gone_is_told(demonstrated: Home, tmp_path: Path) -> None:
    home = Home(shutil.copytree(demonstrated.folder, tmp_path / "home"))
    (release,) = releases_of(home)
    shutil.rmtree(release)
    told = jalostamo("trace", page_of(home), "--home", home.folder)
    assert (told.code, steps(told)) == (0, ["results", "publication"])
    (missing,) = cast("list[str]", told.account["missing"])
    assert missing.startswith(release.name)


@pytest.mark.slow
@pytest.mark.parametrize("figure", ["ffffffffffffffff", "nowhere.html", "abc"])
def test_what_is_not_there_is_not_traced(demonstrated: Home, figure: str) -> None:
    told = jalostamo("trace", figure, "--home", demonstrated.folder)
    assert (told.code, told.account["reason"]) == (2, "trace_unknown")
