"""Survival curves from printed counts: the product-limit curve without noise, cut, monotone, and covering with it."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.jalostamo.utilising.disclosure.record_keys_of import keys_for, printed_of

from jalostamo.concepts.errors import Unfit
from jalostamo.utilising.disclosure.figures.survival import Survival, SurvivalCounts, survival
from jalostamo.utilising.disclosure.noise import NoiseTable, noise_table
from jalostamo.utilising.disclosure.rules import OUTSIDE
from jalostamo.utilising.disclosure.withheld import Withheld

LAST = 8
TIMES = tuple(float(time) for time in range(1, LAST + 1))


def counts_of(
    times: np.ndarray, ended: np.ndarray, noise: NoiseTable | None, *, rng: np.random.Generator
) -> SurvivalCounts:
    grid, keys = np.arange(1, LAST + 1)[:, None], keys_for(rng, len(times))
    at_risk, by_then = times[None, :] >= grid, (times[None, :] <= grid) & ended[None, :]
    return SurvivalCounts(TIMES, tuple(printed_of(at_risk, keys, noise)), tuple(printed_of(by_then, keys, noise)))


def naive_curve(units: list[tuple[int, bool]]) -> list[float]:
    """Kaplan and Meier's curve, time by time, as far as ten are at risk."""
    found, staying = [], 1.0
    for now in range(1, LAST + 1):
        at_risk = sum(time >= now for time, _ in units)
        if at_risk < 10:
            break
        staying *= 1 - sum(time == now and ended for time, ended in units) / at_risk
        found.append(staying)
    return found


@given(st.lists(st.tuples(st.integers(1, LAST), st.booleans()), min_size=10, max_size=60))
def test_without_noise_the_curve_is_that_of_kaplan_and_meier(units: list[tuple[int, bool]]) -> None:
    times, ended = np.array([time for time, _ in units]), np.array([end for _, end in units])
    found = survival(counts_of(times, ended, None, rng=np.random.default_rng(1)), noise=None, rule=OUTSIDE)
    assert [point.staying.value for point in found.points] == pytest.approx(naive_curve(units), abs=1e-9)


printed_counts = st.lists(st.integers(3, 60), min_size=LAST, max_size=LAST)


@given(printed_counts, printed_counts)
def test_any_printed_counts_give_a_falling_curve_within_its_band(at_risk: list[int], ended: list[int]) -> None:
    found = survival(SurvivalCounts(TIMES, tuple(at_risk), tuple(ended)), noise=noise_table(), rule=OUTSIDE)
    values = [point.staying.value for point in found.points]
    assert all(after <= before + 1e-12 for before, after in pairwise(values))
    assert all(point.staying.low >= 0 and point.staying.high <= 1 for point in found.points)


def test_the_curve_is_cut_where_fewer_than_ten_are_at_risk_and_not_taken_up_again() -> None:
    found = survival(SurvivalCounts((1.0, 2.0, 3.0), (30, 9, 12), (3, 5, 6)), noise=noise_table(), rule=OUTSIDE)
    assert ([point.time for point in found.points], found.cut_at) == ([1.0], 2.0)


def test_a_curve_of_fewer_than_ten_is_withheld() -> None:
    found = survival(SurvivalCounts((1.0,), (9,), (3,)), noise=noise_table(), rule=OUTSIDE)
    assert found == Survival((), 1.0, None, withheld=Withheld.FEW_UNITS)


def test_the_median_is_the_first_time_at_which_half_have_ended() -> None:
    found = survival(SurvivalCounts((1.0, 2.0, 3.0), (100, 80, 45), (20, 55, 60)), noise=None, rule=OUTSIDE)
    assert found.median is not None
    assert found.median.value == 2.0


def test_a_median_that_is_not_reached_is_said_not_to_be() -> None:
    found = survival(SurvivalCounts((1.0, 2.0), (100, 90), (3, 5)), noise=noise_table(), rule=OUTSIDE)
    assert (found.median, found.withheld) == (None, Withheld.NOT_REACHED)


def test_a_median_whose_band_does_not_come_down_to_half_is_open() -> None:
    found = survival(SurvivalCounts((1.0, 2.0), (20, 12), (8, 13)), noise=None, rule=OUTSIDE)
    assert found.median is not None
    assert found.median_open


@pytest.mark.parametrize(
    ("times", "at_risk", "ended"),
    [((), (), ()), ((1.0,), (12, 11), (3,)), ((2.0, 1.0), (12, 11), (3, 4))],
)
def test_times_that_do_not_rise_or_fit_are_refused(
    times: tuple[float, ...], at_risk: tuple[int, ...], ended: tuple[int, ...]
) -> None:
    with pytest.raises(Unfit):
        SurvivalCounts(times, at_risk, ended)


def coverage(units: int, hazard: float, *, told: NoiseTable | None, folds: int = 300) -> float:
    """How often bands hold the true share, over all shown times of cohorts in which some are lost from sight."""
    rng, held = np.random.default_rng(7), []
    true = (1 - hazard) ** np.arange(1, LAST + 1)
    for _ in range(folds):
        lost = np.minimum(rng.geometric(0.03, units), LAST)
        ends = rng.geometric(hazard, units)
        counts = counts_of(np.minimum(ends, lost), ends <= lost, noise_table(), rng=rng)
        points = survival(counts, noise=told, rule=OUTSIDE).points
        held += [p.staying.low <= share <= p.staying.high for p, share in zip(points, true, strict=False)]
    return float(np.mean(held))


@pytest.mark.parametrize(("units", "hazard"), [(40, 0.06), (100, 0.02), (300, 0.1)])
def test_bands_cover_as_often_as_they_say(units: int, hazard: float) -> None:
    assert 0.93 <= coverage(units, hazard, told=noise_table()) <= 0.985


def test_bands_that_do_not_know_of_the_noise_cover_too_seldom() -> None:
    assert coverage(100, 0.02, told=None) < 0.93
