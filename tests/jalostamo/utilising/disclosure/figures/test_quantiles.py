"""Medians and other quantiles from printed cumulative counts: what they are, when they are shown, and that they cover."""

from __future__ import annotations

import math
from statistics import NormalDist

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.jalostamo.utilising.disclosure.record_keys_of import keys_for, printed_of

from jalostamo.concepts.errors import Unfit
from jalostamo.utilising.disclosure.figures.quantiles import CumulativeCounts, Quantile, median, quantile
from jalostamo.utilising.disclosure.noise import NoiseTable, noise_table
from jalostamo.utilising.disclosure.rules import INSIDE, OUTSIDE
from jalostamo.utilising.disclosure.withheld import Withheld

GRID = tuple(float(point) for point in range(0, 101, 10))


def counted(values: list[int]) -> CumulativeCounts:
    return CumulativeCounts(GRID, tuple(sum(v <= point for v in values) for point in GRID), len(values))


def naive_median(values: list[int]) -> float:
    """By hand: where a line through the counts at the grid passes half of them."""
    half = len(values) / 2
    below = [sum(v <= point for v in values) for point in GRID]
    first = next(place for place, n in enumerate(below) if n >= half)
    last = next(place for place, n in enumerate(below) if n > half)

    def crossing(place: int) -> float:
        if place == 0:
            return GRID[0]
        part = (half - below[place - 1]) / (below[place] - below[place - 1])
        return GRID[place - 1] + part * (GRID[place] - GRID[place - 1])

    return (crossing(first) + crossing(last)) / 2


@given(st.lists(st.integers(1, 100), min_size=10, max_size=60))
def test_without_noise_the_median_is_the_interpolated_one(values: list[int]) -> None:
    found = median(counted(values), noise=None, rule=OUTSIDE)
    assert found.estimate is not None
    assert abs(found.estimate.value - naive_median(values)) <= found.step / 2
    assert found.estimate.value % found.step == 0


printable = st.just(0) | st.integers(3, 60)


@given(st.lists(printable, min_size=11, max_size=11), st.integers(10, 60))
def test_any_printed_counts_give_a_quantile_within_its_interval_or_a_reason(printed: list[int], base: int) -> None:
    found = quantile(CumulativeCounts(GRID, tuple(printed), base), 0.5, noise=noise_table(), rule=OUTSIDE)
    assert (found.estimate is None) is (found.withheld is not None)


def test_counts_that_fall_are_refitted_before_they_are_read() -> None:
    rising = CumulativeCounts((0.0, 10.0, 20.0, 30.0), (0, 48, 48, 100), 100)
    falling = CumulativeCounts((0.0, 10.0, 20.0, 30.0), (0, 50, 46, 100), 100)
    ends = [median(counts, noise=noise_table(), rule=OUTSIDE).estimate for counts in (rising, falling)]
    assert ends[0] == ends[1]


@pytest.mark.parametrize("rule", [INSIDE, OUTSIDE])
@pytest.mark.parametrize(("base", "withheld"), [(9, Withheld.FEW_UNITS), (10, None)])
def test_a_median_needs_ten_printed_units_inside_and_outside(
    base: int, withheld: Withheld | None, rule: object
) -> None:
    found = median(CumulativeCounts((0.0, 1.0), (0, base), base), noise=noise_table(), rule=rule)  # type: ignore[arg-type]  # a rule
    assert found.withheld == withheld


@pytest.mark.parametrize(("printed", "withheld"), [((30, 40), Withheld.BELOW_GRID), ((0, 10), Withheld.ABOVE_GRID)])
def test_a_median_outside_the_grid_is_withheld(printed: tuple[int, int], withheld: Withheld) -> None:
    assert median(CumulativeCounts((1.0, 2.0), printed, 50), noise=None, rule=OUTSIDE).withheld is withheld


def test_an_interval_that_runs_past_the_grid_is_said_to_be_open() -> None:
    found = quantile(CumulativeCounts((1.0, 2.0), (5, 30), 30), 0.25, noise=noise_table(), rule=OUTSIDE)
    assert (found.open_low, found.open_high) == (True, False)


@pytest.mark.parametrize(
    ("grid", "printed"), [((1.0,), (1,)), ((1.0, 1.0), (1, 2)), ((2.0, 1.0), (1, 2)), ((1.0, 2.0), (1,))]
)
def test_a_grid_that_does_not_rise_or_fit_is_refused(grid: tuple[float, ...], printed: tuple[int, ...]) -> None:
    with pytest.raises(Unfit):
        CumulativeCounts(grid, printed, 20)


@pytest.mark.parametrize("share", [0.0, 1.0])
def test_a_share_of_nobody_or_of_all_is_no_quantile(share: float) -> None:
    with pytest.raises(Unfit):
        quantile(CumulativeCounts((0.0, 1.0), (0, 20), 20), share, noise=None, rule=OUTSIDE)


def coverage(units: int, share: float, *, made_with: NoiseTable, told: NoiseTable | None, folds: int = 1000) -> float:
    """How often the interval holds the true quantile of the normal values that units were drawn from."""
    rng, grid, true = np.random.default_rng(11), np.linspace(-4, 4, 81), NormalDist().inv_cdf(share)
    held = 0
    for _ in range(folds):
        values = rng.standard_normal(units)
        members = np.vstack([values[None, :] <= grid[:, None], np.ones((1, units), dtype=bool)])
        *printed, base = printed_of(members, keys_for(rng, units), made_with)
        counts = CumulativeCounts(tuple(grid.tolist()), tuple(printed), base)
        held += holds(quantile(counts, share, noise=told, rule=OUTSIDE), true)
    return held / folds


def holds(found: Quantile, true: float) -> bool:
    assert found.estimate is not None
    low = -math.inf if found.open_low else found.estimate.low
    return low <= true <= (math.inf if found.open_high else found.estimate.high)


@pytest.mark.parametrize(("units", "share"), [(40, 0.5), (100, 0.5), (100, 0.9), (400, 0.25)])
def test_intervals_cover_as_often_as_they_say(units: int, share: float) -> None:
    assert 0.93 <= coverage(units, share, made_with=noise_table(), told=noise_table()) <= 0.985


def test_intervals_that_do_not_know_of_the_noise_cover_too_seldom() -> None:
    assert coverage(40, 0.9, made_with=noise_table(), told=None) < 0.93


def test_a_number_that_is_never_printed_is_refused() -> None:
    with pytest.raises(Unfit) as refused:
        median(CumulativeCounts((0.0, 1.0), (1, 20), 20), noise=noise_table(), rule=OUTSIDE)
    assert refused.value.reason == "never_printed"
