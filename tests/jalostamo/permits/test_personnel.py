"""Whose hours the operating models take: nothing is lost, and the same case asks other people in another model."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jalostamo.concepts.organisations import OperatingModel
from jalostamo.permits.estimates.costs import Costs
from jalostamo.permits.personnel import WorkParty, efforts

pytestmark = pytest.mark.requirement("S21-12")

tenths = st.none() | st.integers(0, 5_000)
costs = st.builds(Costs, st.just(False), tenths, tenths, tenths, tenths, st.just(9_000), tenths)
cases = st.lists(st.tuples(st.sampled_from(OperatingModel), costs), max_size=8)


@given(cases)
def test_the_hours_of_each_model_sum_to_those_of_its_cases(listed: list[tuple[OperatingModel, Costs]]) -> None:
    found = efforts(listed)
    for model in OperatingModel:
        minutes = sum(effort.minutes for effort in found if effort.model is model)
        days = sum(
            sum(figure or 0 for figure in (c.anonymisation, c.quality_control, c.it, c.analysis_and_reporting))
            + (c.updating_per_year or 0)
            for each, c in listed
            if each is model
        )
        assert minutes == days * 45


@pytest.mark.parametrize(
    ("model", "party"),
    [
        (OperatingModel.GROUP_ENABLES, WorkParty.UNIT),
        (OperatingModel.GROUP_SUPPORTS, WorkParty.GROUP),
        (OperatingModel.GROUP_ORIGINATES, WorkParty.GROUP),
    ],
)
def test_the_model_says_whose_people_analyse(model: OperatingModel, party: WorkParty) -> None:
    found = {effort.party: effort.minutes for effort in efforts([(model, Costs(False, 10, 0, 0, 20, 0, 0))])}
    assert found == {party: 900, WorkParty.DATA_TEAM: 450}
