"""Intervals are Wilson's, risks are those of their definition, and an attack that beats no guess is told as such."""

from __future__ import annotations

import pytest
from scipy.stats import binomtest

from jalostamo.managing.sensitive.validation.attacks.rates import Rate, Risk


@pytest.mark.parametrize(("successes", "attempts"), [(0, 1), (0, 200), (7, 50), (50, 50), (1, 2)])
def test_intervals_are_those_of_wilson(successes: int, attempts: int) -> None:
    interval = binomtest(successes, attempts).proportion_ci(0.95, method="wilson")
    rate = Rate(successes, attempts)
    assert (rate.value - rate.error, rate.value + rate.error) == pytest.approx((interval.low, interval.high), abs=1e-9)


def test_without_an_attempt_nothing_is_known() -> None:
    rate = Rate(0, 0)
    assert (rate.value - rate.error, rate.value + rate.error) == pytest.approx((0, 1))


def test_a_risk_is_the_part_of_what_the_control_group_leaves_to_win() -> None:
    risk = Risk(main=Rate(6_000, 10_000), baseline=Rate(1_000, 10_000), control=Rate(2_000, 10_000))
    assert risk.value == pytest.approx(0.5, abs=1e-3)
    assert risk.low < 0.5 < risk.high
    assert risk.better_than_guessing
    assert not risk.covers_nothing


def test_what_the_control_group_knows_as_well_is_no_risk() -> None:
    risk = Risk(main=Rate(900, 1_000), baseline=Rate(950, 1_000), control=Rate(905, 1_000))
    assert risk.low == 0
    assert risk.covers_nothing
    assert not risk.better_than_guessing
