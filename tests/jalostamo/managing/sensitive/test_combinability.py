"""How well registers combine leaves the closed room in rounded counts, from which no exact one can be had back."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.jalostamo.managing.sensitive.pilot import PilotRun

from jalostamo.managing.manifests import rounded
from jalostamo.managing.sensitive.combinability import CombinabilityReport, GroupMatch, RegisterMatch

NO_FAULTS = {"form": 0, "date": 0, "check_character": 0}


def report(codes: int, matched: int, *, persons: int = 0) -> CombinabilityReport:
    group = GroupMatch("FI", codes, matched)
    match = RegisterMatch("social", codes, 0, codes, codes, NO_FAULTS, matched, 0, 0, 0, matched, (group,))
    return CombinabilityReport("population", persons, persons, persons, NO_FAULTS, 0, 0, persons, persons, (match,))


def numbers(told: object) -> list[float]:
    if isinstance(told, dict):
        return [number for value in told.values() for number in numbers(value)]
    if isinstance(told, list):
        return [number for value in told for number in numbers(value)]
    return [told] if isinstance(told, int | float) else []


counts = st.integers(0, 10_000)


@given(codes=counts, matched=counts, persons=counts)
def test_what_leaves_is_counted_in_fives(codes: int, matched: int, persons: int) -> None:
    left = numbers(report(codes, min(codes, matched), persons=persons).rounded())
    assert all(number % 5 == 0 for number in left if isinstance(number, int))


type Rate = Callable[[int, int], object]


def told(codes: int, matched: int) -> object:
    return GroupMatch("FI", codes, matched).rounded()["share"]


def exactly(codes: int, matched: int) -> object:
    """The weakening that must be noticed: a rate to one per cent, of the exact counts."""
    return round(matched / codes, 2) if rounded(codes) else None


def given_away(rate: Rate) -> list[tuple[int, int]]:
    """Counts that a rate tells from others which are printed alike."""
    pairs = [(codes, matched) for codes in range(1, 60) for matched in range(codes + 1)]
    return [(c, m) for c, m in pairs if rate(c, m) != rate(rounded(c), rounded(m))]


@pytest.mark.parametrize(("rate", "safe"), [(told, True), (exactly, False)])
def test_a_rate_tells_no_more_than_the_rounded_counts(rate: Rate, safe: bool) -> None:
    assert (given_away(rate) == []) is safe


def test_a_group_that_rounds_to_nobody_has_no_rate() -> None:
    assert GroupMatch("MUU", 2, 1).rounded() == {"group": "MUU", "codes": 0, "share": None}


def test_the_pilots_release_tells_its_match_by_language(pilot: PilotRun) -> None:
    left = pilot.refined.release.manifest.content["combinability"]
    assert left == pilot.report.rounded()
    assert [group["group"] for group in left["joined"][0]["by_group"]] == ["FI", "MUU", "SV"]  # type: ignore[index]
    assert all(number % 5 == 0 for number in numbers(left) if isinstance(number, int))
