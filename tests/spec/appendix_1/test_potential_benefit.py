"""Appendix 1, section 3: potential benefit of the analysis."""

from __future__ import annotations

from dataclasses import replace

import pytest
from tests.jalostamo.permits.estimates.filled import FILLED
from tests.spec.appendix_1.drawn import BENEFIT, STEPS, cells

from jalostamo.permits.estimates.form import FORM
from jalostamo.permits.estimates.objections import objections_to_estimate
from jalostamo.permits.estimates.risks import benefit
from jalostamo.permits.terms import DataClass, Step

pytestmark = pytest.mark.requirement("A1-03")


def test_the_printed_matrix_has_25_cells() -> None:
    """Five steps of probability by five of significance, each cell once."""
    assert len({(row, column) for row, column, _ in cells(BENEFIT)}) == 25


@pytest.mark.parametrize(("probability", "significance", "said"), cells(BENEFIT))
def test_each_cell_is_the_one_of_the_handbook(probability: Step, significance: Step, said: str) -> None:
    """Benefit follows from how significant the data is to its users, and how probable it is that they use it."""
    placed = replace(FILLED, significance=significance, probability_of_use=probability)
    assert benefit(placed) is STEPS[said]


def test_benefit_gives_0_2_5_8_or_10_points() -> None:
    """From very slight to very great benefit."""
    points = {option.title.en: option.points for option in FORM.field("stated_benefit").options}
    assert points == {
        "very slight benefit": 0,
        "slight benefit": 2,
        "moderate benefit": 5,
        "great benefit": 8,
        "very great benefit": 10,
    }


def test_those_likely_to_use_it_are_chosen_from_eight() -> None:
    """Seven parties are named, and others can be."""
    assert [option.id for option in FORM.field("likely_users").options] == [
        *("units_of_the_city", "other_public_sector", "residents", "businesses", "non_profits", "research"),
        *("media", "other"),
    ]


def test_a_low_benefit_does_not_stop_an_analysis() -> None:
    """A low potential benefit does not mean that an analysis cannot be performed."""
    slight = replace(FILLED, significance=Step.VERY_LOW, probability_of_use=Step.VERY_LOW)
    assert objections_to_estimate(slight, DataClass.PRINTED_CELLS) == ()
