"""Figures beside printed counts keep the laws of intervals: they hold their value, rise with it, and do not depend on order."""

from __future__ import annotations

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from jalostamo.concepts.errors import Misused, Unfit
from jalostamo.producing.intervals import benjamini_hochberg, wilson
from jalostamo.utilising.disclosure.figures.comparisons import (
    chance,
    compared,
    difference,
    index,
    index_in_whole,
    ratio,
)
from jalostamo.utilising.disclosure.figures.estimates import Figure, Part, rate, share
from jalostamo.utilising.disclosure.figures.standardising import standardised
from jalostamo.utilising.disclosure.noise import noise_table
from jalostamo.utilising.disclosure.withheld import SENTENCES, Withheld

NOISE = noise_table()
BASES = st.integers(10, 400)
UNITS = st.integers(0, 420).filter(lambda count: count not in {1, 2})


@st.composite
def figures(draw: st.DrawFn) -> Figure:
    base = draw(BASES)
    return share(draw(UNITS.filter(lambda units: units <= base + 5)), base, noise=NOISE, least=10)


@given(figures())
def test_an_interval_holds_its_value_and_stays_between_none_and_all(figure: Figure) -> None:
    estimate = figure.estimate
    assert estimate is not None
    assert 0 <= estimate.low <= estimate.value <= estimate.high <= 1
    assert estimate.low < estimate.high


@given(BASES, UNITS)
def test_more_units_of_the_same_base_never_lower_an_end(base: int, units: int) -> None:
    assume(units <= base)
    fewer, more = (share(count, base, noise=NOISE, least=10).limits() for count in (units, units + 3 if units else 3))
    assert fewer[0] <= more[0]
    assert fewer[1] <= more[1]


@given(BASES, UNITS)
def test_noise_only_widens(base: int, units: int) -> None:
    assume(units <= base)
    (low, high), (narrow_low, narrow_high) = (
        share(units, base, noise=noise, least=1).limits() for noise in (NOISE, None)
    )
    assert high - low >= (narrow_high - narrow_low) * 0.99


@given(figures(), figures())
def test_a_difference_the_other_way_round_is_its_mirror(first: Figure, second: Figure) -> None:
    there, back = difference(first, second).estimate, difference(second, first).estimate
    assert there is not None
    assert back is not None
    assert (there.value, there.low, there.high) == pytest.approx((-back.value, -back.high, -back.low))


@given(figures(), figures())
def test_a_ratio_the_other_way_round_is_its_inverse(first: Figure, second: Figure) -> None:
    there, back = ratio(first, second).estimate, ratio(second, first).estimate
    assume(there is not None and back is not None)
    assert there is not None
    assert back is not None
    assert (there.value, there.low, there.high) == pytest.approx(
        (1 / back.value, 1 / back.high, 1 / back.low), rel=1e-6
    )


@given(figures(), figures())
def test_the_test_and_both_intervals_agree(first: Figure, second: Figure) -> None:
    p, apart, times = chance(first, second), difference(first, second).estimate, ratio(first, second).estimate
    assert p is not None
    assert p == chance(second, first)
    assume(abs(p - 0.05) > 1e-4)
    assert apart is not None
    assert (p < 0.05) == (not apart.low <= 0 <= apart.high)
    if times is not None:
        assert (p < 0.05) == (not times.low <= 1 <= times.high)


@given(st.integers(2_000, 50_000), st.floats(0.1, 0.9))
def test_without_noise_large_shares_are_wilsons(base: int, at: float) -> None:
    units = round(base * at)
    ours, plain = share(units, base, noise=None, least=10).estimate, wilson(units, base)
    assert ours is not None
    assert (ours.value, ours.low, ours.high) == pytest.approx((plain.value, plain.low, plain.high))


@given(st.integers(10, 400), st.integers(0, 400))
def test_without_noise_small_shares_are_near_wilsons(base: int, units: int) -> None:
    assume(units <= base)
    ours, plain = share(units, base, noise=None, least=10).estimate, wilson(units, base)
    assert ours is not None
    assert (ours.low, ours.high) == pytest.approx((plain.low, plain.high), abs=0.5 / base + 0.02)


@pytest.mark.parametrize("base", [0, 3, 9])
def test_what_rests_on_too_few_is_withheld_and_says_why(base: int) -> None:
    few, enough = share(0, base, noise=NOISE, least=10), share(20, 100, noise=NOISE, least=10)
    assert (few.estimate, few.withheld, few.bases) == (None, Withheld.FEW_UNITS, (base,))
    for contrast in (difference(few, enough), ratio(enough, few), index(few, enough), index_in_whole(few, enough)):
        assert (contrast.estimate, contrast.withheld) == (None, Withheld.FEW_UNITS)
    assert chance(few, enough) is None
    assert SENTENCES[Withheld.FEW_UNITS].en == "There are too few units."


def test_a_ratio_to_what_may_be_nought_is_withheld_and_points_to_the_difference() -> None:
    first, second = share(20, 100, noise=NOISE, least=10), share(0, 100, noise=NOISE, least=10)
    assert ratio(first, second).withheld is Withheld.UNBOUNDED
    assert "difference" in SENTENCES[Withheld.UNBOUNDED].en
    assert difference(first, second).estimate is not None


def test_a_printed_nought_has_room_above_and_none_below() -> None:
    nought, reference = share(0, 40, noise=NOISE, least=10), share(200, 2_000, noise=NOISE, least=10)
    assert nought.estimate is not None
    assert nought.estimate.low == 0
    assert nought.estimate.high > wilson(2, 40).value
    times = ratio(nought, reference).estimate
    assert times is not None
    assert (times.value, times.low) == (0.0, 0.0)
    assert times.high == pytest.approx(nought.estimate.high / 0.1, rel=0.05)


def test_an_index_in_the_whole_cannot_pass_what_the_whole_allows() -> None:
    everyone, nobody = share(100, 100, noise=NOISE, least=10), share(0, 300, noise=NOISE, least=10)
    found = index_in_whole(everyone, nobody)
    assert found.estimate is not None
    assert found.estimate.value == found.estimate.high == 400
    assert index_in_whole(nobody, nobody).withheld is Withheld.UNBOUNDED


def test_an_index_is_a_hundred_times_the_ratio() -> None:
    pair = share(30, 100, noise=NOISE, least=10), share(150, 1_000, noise=NOISE, least=10)
    times, hundred = ratio(*pair).estimate, index(*pair).estimate
    assert times is not None
    assert hundred is not None
    assert hundred.value == pytest.approx(200)
    assert (hundred.low, hundred.high) == pytest.approx((100 * times.low, 100 * times.high))


def test_many_tests_are_adjusted_over_those_that_are_shown() -> None:
    reference, few = share(200, 2_000, noise=NOISE, least=10), share(0, 5, noise=NOISE, least=10)
    firsts = [share(units, 100, noise=NOISE, least=10) for units in (10, 20, 40)]
    found = compared([(few, reference), *((first, reference) for first in firsts)], "ratio")
    chances = [chance(first, reference) for first in firsts]
    assert (found[0].p, found[0].adjusted_p, found[0].differs) == (None, None, False)
    assert [each.adjusted_p for each in found[1:]] == list(benjamini_hochberg([p for p in chances if p is not None]))
    assert [each.differs for each in found[1:]] == [False, True, True]
    assert [each.contrast.scale for each in compared([(firsts[0], reference)], "difference")] == ["difference"]


def test_no_chance_is_told_below_what_can_be_known() -> None:
    assert chance(share(900, 1_000, noise=NOISE, least=10), share(10, 1_000, noise=NOISE, least=10)) == pytest.approx(
        2e-9, rel=0.02
    )


def test_a_share_and_a_rate_are_not_compared() -> None:
    with pytest.raises(Misused) as refused:
        difference(share(10, 100, noise=NOISE, least=10), rate(10, 100, exposure=90.0, noise=NOISE, least=10))
    assert refused.value.reason == "two_scales"


@pytest.mark.parametrize(
    ("units", "base", "exposure"), [(-1, 10, None), (1, -1, None), (1, 10, 0.0), (1, 10, float("nan"))]
)
def test_what_cannot_be_printed_is_unfit(units: int, base: int, exposure: float | None) -> None:
    with pytest.raises(Unfit):
        Part(units, base, exposure)


def test_a_base_that_is_never_printed_is_unfit() -> None:
    with pytest.raises(Unfit) as refused:
        share(0, 2, noise=NOISE, least=1).limits()
    assert refused.value.reason == "not_printed"


@given(st.integers(3, 400), st.floats(1.0, 1e5))
def test_a_rate_is_the_same_in_any_unit_of_time(units: int, exposure: float) -> None:
    years, days = (rate(units, 50, exposure=exposure * per, noise=NOISE, least=10).limits() for per in (1, 365.25))
    assert years == pytest.approx(tuple(365.25 * end for end in days))


def test_one_stratum_standardised_is_the_share_itself() -> None:
    figure = share(12, 80, noise=NOISE, least=10)
    found = standardised({"group": {"all": figure.part}}, noise=NOISE, least=10)["group"]
    assert found.value == pytest.approx(figure.value)
    assert found.limits() == pytest.approx(figure.limits())


def test_standardising_removes_what_the_structure_alone_makes() -> None:
    young, old = {"young": Part(40, 400), "old": Part(60, 100)}, {"young": Part(10, 100), "old": Part(240, 400)}
    found = standardised({"young": young, "old": old}, noise=NOISE, least=10)
    assert found["young"].value == pytest.approx(found["old"].value) == pytest.approx(0.35)
    assert chance(found["young"], found["old"]) == pytest.approx(1.0)


def test_strata_that_cannot_be_shown_are_left_out_for_all_and_told() -> None:
    group, reference = {"a": Part(9, 90), "b": Part(3, 9)}, {"a": Part(80, 900), "b": Part(90, 900), "c": Part(0, 20)}
    found = standardised({"group": group, "reference": reference}, noise=NOISE, least=10)
    assert found["group"].left_out == found["reference"].left_out == ("b", "c")
    assert found["reference"].bases == (900,)
    assert found["group"].covered == pytest.approx(990 / 1919)
    held = standardised({"group": group, "reference": reference}, {"a": 0.4, "b": 0.6}, noise=NOISE, least=10)
    assert (held["group"].estimate, held["group"].withheld) == (None, Withheld.FEW_STRATA)
    assert difference(held["group"], held["reference"]).withheld is Withheld.FEW_STRATA


def test_rates_are_standardised_by_exposure() -> None:
    parts = {"a": Part(20, 50, 100.0), "b": Part(0, 60, 300.0)}
    found = standardised({"group": parts}, noise=NOISE, least=10)["group"]
    assert (found.scale, found.value) == ("per_1000_years", pytest.approx(50))
    assert found.estimate is not None


def test_a_standard_of_nothing_and_parts_of_two_kinds_are_unfit() -> None:
    with pytest.raises(Unfit):
        standardised({"group": {"a": Part(20, 50)}}, {"a": 0.0}, noise=NOISE, least=10)
    with pytest.raises(Unfit):
        standardised({"group": {"a": Part(20, 50), "b": Part(20, 50, 100.0)}}, noise=NOISE, least=10)
