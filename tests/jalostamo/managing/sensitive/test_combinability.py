"""How well registers combine leaves the closed room in rounded counts, from which no exact one can be had back."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st
from tests.jalostamo.managing.sensitive.pilot import PilotRun

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
    told = numbers(report(codes, min(codes, matched), persons=persons).rounded())
    assert all(number % 5 == 0 for number in told if isinstance(number, int))


def pairs_told_alike(share: object, codes: int, matched: int, *, exact: bool) -> int:
    """How many pairs of counts nearby would be told by the same numbers."""
    near = [(c, m) for c in range(codes - 2, codes + 3) for m in range(matched - 2, matched + 3) if 0 <= m <= c]
    rate = {
        pair: round(pair[1] / pair[0], 2) if exact and pair[0] else GroupMatch("FI", *pair).rounded()["share"]
        for pair in near
    }
    return sum(rate[pair] == share for pair in near)


@given(codes=st.integers(1, 400), data=st.data())
def test_a_rate_gives_no_exact_count_back(codes: int, data: st.DataObject) -> None:
    codes, matched = 5 * codes, 5 * data.draw(st.integers(0, codes))
    share = GroupMatch("FI", codes, matched).rounded()["share"]
    assert pairs_told_alike(share, codes, matched, exact=False) >= 5


def test_a_rate_from_exact_counts_would_give_them_back() -> None:
    # Of 28 codes 17 found: of all pairs that round alike, one alone has this rate.
    assert pairs_told_alike(round(17 / 28, 2), 30, 15, exact=True) == 1


def test_a_group_that_rounds_to_nobody_has_no_rate() -> None:
    assert GroupMatch("MUU", 2, 1).rounded() == {"group": "MUU", "codes": 0, "share": None}


def test_the_pilots_release_tells_its_match_by_language(pilot: PilotRun) -> None:
    told = pilot.refined.release.manifest.content["combinability"]
    assert told == pilot.report.rounded()
    assert [group["group"] for group in told["joined"][0]["by_group"]] == ["FI", "MUU", "SV"]  # type: ignore[index]
    assert all(number % 5 == 0 for number in numbers(told) if isinstance(number, int))
