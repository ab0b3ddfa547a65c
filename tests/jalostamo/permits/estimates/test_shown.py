"""Only what is asked is shown, and what is hidden is not kept."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from tests.jalostamo.permits.estimates.filled import FILLED, estimates

from jalostamo.permits.estimates.answers import Estimate, Placement
from jalostamo.permits.estimates.choices import LikelyUsers, PersonalHarm, YesNo, YesNoUnable
from jalostamo.permits.estimates.costs import Costs
from jalostamo.permits.estimates.form import FORM
from jalostamo.permits.estimates.shown import is_shown, tidied
from jalostamo.permits.terms import Step

NO_PERSONS = {
    "raw_has_personal": YesNo.NO,
    "analysed_has_personal": YesNoUnable.NO,
    "results_have_personal": YesNoUnable.NO,
}


def shown(entry: str, **answers: Any) -> bool:
    return is_shown(FORM.field(entry), replace(Estimate(), **answers))


@pytest.mark.parametrize("entry", ["personal_harms", "data_subjects"])
@pytest.mark.parametrize(
    ("stage", "answer"),
    [
        ("raw_has_personal", YesNo.YES),
        ("analysed_has_personal", YesNoUnable.YES),
        ("analysed_has_personal", YesNoUnable.UNABLE),
        ("results_have_personal", YesNoUnable.YES),
        ("results_have_personal", YesNoUnable.UNABLE),
    ],
)
def test_harm_to_persons_is_asked_where_any_stage_may_tell_of_them(
    entry: str, stage: str, answer: YesNo | YesNoUnable
) -> None:
    assert shown(entry, **{**NO_PERSONS, stage: answer}) and not shown(entry, **NO_PERSONS)


def test_who_else_uses_it_is_asked_only_of_others() -> None:
    assert shown("other_users", likely_users=frozenset({LikelyUsers.OTHER}))
    assert not shown("other_users", likely_users=frozenset({LikelyUsers.MEDIA}))


def test_an_entry_below_a_hidden_one_is_hidden_too() -> None:
    harms = frozenset({PersonalHarm.OTHER})
    assert not shown("other_personal_harm", **NO_PERSONS, personal_harms=harms)
    assert shown("other_personal_harm", raw_has_personal=YesNo.YES, personal_harms=harms)


@pytest.mark.parametrize("risk", ["processing", "publication"])
def test_who_is_unable_to_assess_a_risk_is_not_asked_to_place_it(risk: str) -> None:
    assert shown(f"{risk}.harm") and not shown(f"{risk}.harm", **{risk: Placement(unable=True)})


def test_who_cannot_estimate_costs_is_asked_for_no_figures() -> None:
    assert shown("costs.it") and not shown("costs.it", costs=Costs(cannot_be_estimated=True))


def test_what_is_hidden_is_not_kept() -> None:
    untidy = replace(
        FILLED,
        **NO_PERSONS,
        personal_harms=frozenset({PersonalHarm.OTHER}),
        other_personal_harm="Something",
        other_users="Somebody",
        processing=Placement(Step.HIGH, Step.HIGH, unable=True),
        costs=replace(FILLED.costs, cannot_be_estimated=True),
        benefit_reason="A reason for nothing stated",
    )
    assert tidied(untidy) == replace(
        untidy,
        data_subjects=frozenset(),
        personal_harms=frozenset(),
        other_personal_harm="",
        other_users="",
        processing=Placement(unable=True),
        costs=Costs(cannot_be_estimated=True),
        benefit_reason="",
    )


def test_what_is_shown_is_kept() -> None:
    assert tidied(FILLED) == FILLED


@given(estimates)
def test_tidying_twice_is_tidying_once(estimate: Estimate) -> None:
    assert tidied(tidied(estimate)) == tidied(estimate)
