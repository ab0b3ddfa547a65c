"""Answers are kept as they are typed, written and read back."""

from __future__ import annotations

import pytest
from hypothesis import given
from tests.jalostamo.permits.estimates.filled import FILLED, estimates

from jalostamo.concepts.errors import Refused
from jalostamo.permits.contents import content_of, value_from
from jalostamo.permits.estimates.answers import Estimate, Placement, Treatment, answer_to, said_in, with_answer
from jalostamo.permits.estimates.choices import LikelyUsers, OtherHarm
from jalostamo.permits.estimates.form import FORM, FormField
from jalostamo.permits.terms import Step


@given(estimates)
def test_an_estimate_is_read_back_as_it_was_written(estimate: Estimate) -> None:
    assert value_from(Estimate, content_of(estimate)) == estimate


def test_treatments_are_read_back_as_they_were_written() -> None:
    estimate = with_answer(FILLED, "other_harms", {OtherHarm.CITY_IMAGE: Treatment("visits.place", "Too exact.")})
    assert value_from(Estimate, content_of(estimate)) == estimate


@pytest.mark.requirement("A1-01")
def test_an_unfinished_estimate_loses_nothing() -> None:
    draft = Estimate(aims_and_use="To see", processing=Placement(harm=Step.HIGH))
    assert value_from(Estimate, content_of(draft)) == draft


@pytest.mark.parametrize(
    ("entry", "wrong", "code"),
    [
        ("significance", 5, "entry_option"),
        ("raw_has_personal", "unable", "entry_option"),
        ("other_harms", {"weather": {}}, "entry_option"),
        ("costs", {"it": "many"}, "entry_kind"),
        ("colour", "red", "entry_unknown"),
    ],
)
def test_an_answer_that_is_none_of_the_options_is_refused(entry: str, wrong: object, code: str) -> None:
    with pytest.raises(Refused) as refused:
        value_from(Estimate, {**content_of(FILLED), entry: wrong})
    assert [objection.code for objection in refused.value.objections] == [code]


@pytest.mark.parametrize("field", FORM.asked, ids=lambda field: field.id)
def test_an_answer_that_is_given_is_found_again(field: FormField) -> None:
    given_answer = answer_to(FILLED, field.id)
    assert answer_to(with_answer(Estimate(), field.id, given_answer), field.id) == given_answer


@pytest.mark.parametrize(
    ("answer", "said"),
    [
        (None, set()),
        ("free text", set()),
        (15, set()),
        (True, {"yes"}),
        (False, {"no"}),
        (Step.VERY_HIGH, {"very_high"}),
        (LikelyUsers.MEDIA, {"media"}),
        (frozenset({LikelyUsers.MEDIA, LikelyUsers.OTHER}), {"media", "other"}),
        ({OtherHarm.CITY_IMAGE: Treatment()}, {"city_image"}),
        (frozenset(), set()),
    ],
)
def test_an_answer_says_the_options_it_names(answer: object, said: set[str]) -> None:
    assert said_in(answer) == said


@pytest.mark.parametrize(
    ("placement", "step"),
    [
        (Placement(), None),
        (Placement(harm=Step.HIGH), None),
        (Placement(probability=Step.HIGH), None),
        (Placement(Step.HIGH, Step.HIGH, unable=True), None),
        (Placement(Step.VERY_HIGH, Step.VERY_LOW), Step.LOW),
    ],
)
def test_a_risk_is_placed_by_both_axes(placement: Placement, step: Step | None) -> None:
    assert placement.step is step
