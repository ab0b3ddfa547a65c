"""A shift is found where a level changed, in its month, and seldom where only season, growth and chance are at work."""

from __future__ import annotations

import numpy as np
import pytest

from jalostamo.managing.quality.series import (
    Numbers,
    ratio_at,
    shifts_in_share,
    shifts_in_volume,
    significant,
    strength_of_absence,
)


def level(months: int, mean: float, chance: np.random.Generator) -> Numbers:
    """The expected counts of a service with a season, a quiet July, and growth."""
    place = np.arange(months)
    season = chance.uniform(0.1, 0.5) * np.cos(2 * np.pi * (place - chance.integers(12)) / 12)
    quiet = np.where(place % 12 == 6, -chance.uniform(0, 1.2), 0.0)
    return np.exp(np.log(mean) + season + quiet + chance.uniform(-0.08, 0.1) * place / 12)


def drawn(expected: Numbers, chance: np.random.Generator) -> Numbers:
    """Counts that vary three times as much as chance alone."""
    return chance.poisson(chance.gamma(expected / 2, 2)).astype(np.float64)


@pytest.mark.parametrize("months", [24, 60, 180])
def test_fewer_than_one_stable_series_in_a_hundred_is_called(months: int) -> None:
    chance = np.random.default_rng(7)
    probabilities = []
    for _ in range(150):
        shifts = shifts_in_volume(drawn(level(months, 300, chance), chance))
        probabilities.append(shifts[0].p if shifts else 1.0)
    assert sum(significant(probabilities, rate=0.01)) <= 1


def test_a_shift_of_a_half_more_is_found_in_its_month() -> None:
    chance = np.random.default_rng(8)
    found = 0
    for _ in range(40):
        expected = level(84, 300, chance)
        expected[50:] *= 1.6
        shifts = shifts_in_volume(drawn(expected, chance))
        found += any(abs(shift.at - 50) <= 1 and shift.p < 0.001 for shift in shifts)
    assert found >= 36


def test_the_ratio_of_a_shift_is_free_of_growth_and_season() -> None:
    chance = np.random.default_rng(9)
    expected = level(84, 3000, chance)
    expected[50:] *= 1.6
    assert ratio_at(drawn(expected, chance), 50, []) == pytest.approx(1.6, rel=0.1)


@pytest.mark.parametrize(("before", "after"), [(0.02, 0.31), (1.0, 0.2), (0.0, 0.15), (0.4, 0.1)])
def test_another_share_is_found_even_from_none_or_all(before: float, after: float) -> None:
    chance = np.random.default_rng(10)
    wholes = np.full(60, 400.0)
    parts = chance.binomial(400, np.where(np.arange(60) < 30, before, after)).astype(np.float64)
    shifts = shifts_in_share(parts, wholes)
    assert [shift.at for shift in shifts][:1] == [30]
    assert shifts[0].p < 1e-6


def test_a_share_that_stays_is_not_called() -> None:
    chance = np.random.default_rng(11)
    probabilities = []
    for _ in range(200):
        share = chance.uniform(0.02, 0.6) * np.exp(chance.normal(0, 0.05, 60))
        parts = chance.binomial(400, np.clip(share, 0, 1)).astype(np.float64)
        shifts = shifts_in_share(parts, np.full(60, 400.0))
        probabilities.append(shifts[0].p if shifts else 1.0)
    assert sum(significant(probabilities, rate=0.01)) <= 2


@pytest.mark.parametrize("counts", [np.zeros(60), np.ones(12), np.full(23, 500.0)])
def test_too_little_to_judge_is_not_judged(counts: Numbers) -> None:
    assert shifts_in_volume(counts) == ()


def test_one_wild_month_is_no_shift() -> None:
    chance = np.random.default_rng(12)
    counts = drawn(level(84, 1000, chance), chance)
    counts[40] *= 5
    assert not any(shift.p < 0.001 for shift in shifts_in_volume(counts))


def test_of_many_tests_those_hold_that_may_by_their_rate() -> None:
    assert significant([], rate=0.01) == []
    assert significant([0.5, 0.0001, 0.004, 0.02], rate=0.01) == [False, True, True, False]


def test_an_absence_is_the_stranger_the_more_records_there_are() -> None:
    assert strength_of_absence(3000, 0.05) > strength_of_absence(300, 0.05) > strength_of_absence(300, 0.01) > 0
