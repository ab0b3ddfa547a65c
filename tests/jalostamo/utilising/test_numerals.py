"""Estimates are written as each language writes numbers, with the places that they deserve."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jalostamo.concepts.languages import LANGUAGES, Language
from jalostamo.producing.results import Estimate, Scale
from jalostamo.utilising.publication.numerals import rate, said, share


@pytest.mark.parametrize(
    ("value", "written"), [(0.0351, "3.5\u00a0%"), (0.0497, "5\u00a0%"), (0.352, "35\u00a0%"), (1, "100\u00a0%")]
)
def test_small_shares_have_a_decimal_and_others_none(value: float, written: str) -> None:
    assert share(value, "en") == written


@pytest.mark.parametrize(
    ("value", "written"), [(0, "0.0"), (0.42, "0.42"), (9.98, "10.0"), (43.21, "43.2"), (1234.5, "1,234")]
)
def test_rates_have_as_many_decimals_as_they_deserve(value: float, written: str) -> None:
    assert rate(value, "en") == written


@pytest.mark.parametrize(
    ("scale", "estimate", "value", "interval"),
    [
        ("ratio", Estimate(0.69, 0.6, 0.78), "0.69", "0.60–0.78"),
        ("share", Estimate(0.352, 0.331, 0.374), "35\u00a0%", "33–37\u00a0%"),
        ("per_1000_years", Estimate(41.2, 39.0, 43.5), "41.2", "39.0–43.5"),
        ("difference", Estimate(0.12, 0.07, 0.18), "+12", "7–18"),
        ("difference", Estimate(-0.12, -0.2, -0.04), "\u221212", "\u221220\u00a0to\u00a0\u22124"),
    ],
)
def test_an_estimate_and_its_interval_have_the_same_decimals(
    scale: Scale, estimate: Estimate, value: str, interval: str
) -> None:
    found = said(estimate, scale, "en")
    assert (found.value, found.interval) == (value, interval)
    assert found.together == f"{value} ({interval})"


def test_an_interval_that_leaves_out_no_difference_is_not_written_as_if_it_ended_there() -> None:
    assert said(Estimate(-0.14, -0.28, -0.0004), "difference", "en").together == "−14.00 (−28.00\u00a0to\u00a0−0.04)"
    assert said(Estimate(1.5, 1.003, 2.2), "ratio", "en").together == "1.500 (1.003–2.200)"
    assert said(Estimate(-0.14, -0.28, 0.0004), "difference", "en").together == "−14 (−28\u00a0to\u00a00)"


@given(value=st.floats(-0.99, 0.99), language=st.sampled_from(LANGUAGES))
def test_no_dash_stands_before_a_minus(value: float, language: Language) -> None:
    interval = said(Estimate(value, value - 0.1, value + 0.1), "difference", language).interval
    assert "–\u2212" not in interval
