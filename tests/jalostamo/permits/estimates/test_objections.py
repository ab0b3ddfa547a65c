"""A submitted estimate is complete and does not contradict itself; each fault is one sentence."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from tests.jalostamo.permits.estimates.filled import CELLS, FILLED

from jalostamo.concepts.languages import LANGUAGES
from jalostamo.permits.estimates.answers import Estimate, Placement, Treatment, answer_to, with_answer
from jalostamo.permits.estimates.choices import LikelyUsers, OtherHarm, PersonalHarm, YesNo, YesNoUnable
from jalostamo.permits.estimates.costs import Costs
from jalostamo.permits.estimates.form import FORM, FormField
from jalostamo.permits.estimates.objections import LONGEST_TEXT, objections_to_estimate
from jalostamo.permits.estimates.shown import is_shown
from jalostamo.permits.objections import SENTENCES
from jalostamo.permits.terms import DataClass, Step

NOBODY = replace(FILLED, raw_has_personal=YesNo.NO, data_subjects=frozenset(), personal_harms=frozenset())
REQUIRED = [
    field
    for field in FORM.asked
    if not field.optional and is_shown(field, FILLED) and answer_to(Estimate(), field.id) is not False
]


def codes(estimate: Estimate, data_class: DataClass = CELLS) -> list[str]:
    return [objection.code for objection in objections_to_estimate(estimate, data_class)]


def test_a_filled_estimate_meets_no_objection() -> None:
    assert codes(FILLED) == []


@pytest.mark.parametrize("field", REQUIRED, ids=lambda field: field.id)
def test_every_question_is_to_be_answered(field: FormField) -> None:
    draft = with_answer(FILLED, field.id, answer_to(Estimate(), field.id))
    (found,) = objections_to_estimate(draft, CELLS)
    assert found.code == "estimate_unanswered"
    assert all(getattr(field.label, language) in getattr(found.text, language) for language in LANGUAGES)


def test_every_section_that_is_asked_has_questions_to_answer() -> None:
    assert {field.id for field in REQUIRED} >= {
        *("initiator_view", "likely_users", "aims_and_use", "significance", "probability_of_use"),
        *("raw_has_personal", "analysed_has_personal", "results_have_personal", "data_subjects", "personal_harms"),
        *("processing.harm", "processing.probability", "publication.harm", "publication.probability"),
        *("costs.anonymisation", "costs.quality_control", "costs.it", "costs.outside_euros"),
        "costs.updating_per_year",
    }


@pytest.mark.parametrize("empty", ["", "  \n"])
def test_a_blank_text_is_no_answer(empty: str) -> None:
    assert codes(replace(FILLED, aims_and_use=empty)) == ["estimate_unanswered"]


@pytest.mark.parametrize(
    "unable",
    [
        {"processing": Placement(unable=True)},
        {"publication": Placement(unable=True)},
        {"costs": Costs(cannot_be_estimated=True)},
        {"analysed_has_personal": YesNoUnable.UNABLE},
    ],
)
def test_being_unable_to_assess_is_an_answer(unable: dict[str, Any]) -> None:
    assert codes(replace(FILLED, **unable)) == []


@pytest.mark.parametrize(
    ("changed", "code"),
    [
        ({"likely_users": frozenset({LikelyUsers.OTHER})}, "estimate_unanswered"),
        ({"personal_harms": frozenset({PersonalHarm.OTHER})}, "estimate_unanswered"),
        ({"initiator_view": "x" * (LONGEST_TEXT + 1)}, "estimate_too_long"),
        ({"costs": replace(FILLED.costs, it=-1)}, "estimate_cost_below_zero"),
        ({"costs": replace(FILLED.costs, outside_euros=-1)}, "estimate_cost_below_zero"),
        ({"other_harms": {OtherHarm.CITY_IMAGE: Treatment(" ")}}, "estimate_harm_untreated"),
        (
            {"other_harms": {OtherHarm.CITY_IMAGE: Treatment(reason="x" * (LONGEST_TEXT + 1))}},
            "estimate_too_long",
        ),
        ({"results_have_personal": YesNoUnable.YES}, "estimate_analysed_holds_none"),
        ({"stated_processing_risk": Step.VERY_LOW}, "estimate_risk_below_matrix"),
        ({"stated_benefit": Step.VERY_HIGH}, "estimate_benefit_above_matrix"),
    ],
)
def test_each_fault_is_one_sentence(changed: dict[str, Any], code: str) -> None:
    assert codes(replace(FILLED, **changed)) == [code]


def test_publishing_stated_below_the_matrix_needs_a_reason() -> None:
    below = replace(FILLED, publication=Placement(Step.HIGH, Step.HIGH), stated_publication_risk=Step.LOW)
    assert codes(below) == ["estimate_risk_below_matrix"]
    assert codes(replace(below, publication_reason="Few will read it.")) == []


@pytest.mark.parametrize(
    "stated",
    [
        {"stated_processing_risk": Step.VERY_HIGH},
        {"stated_publication_risk": Step.VERY_HIGH},
        {"stated_benefit": Step.VERY_LOW},
        {"stated_processing_risk": Step.VERY_LOW, "processing_reason": "Because."},
        {"stated_benefit": Step.VERY_HIGH, "benefit_reason": "Because."},
    ],
)
def test_caution_is_free_and_the_rest_is_reasoned(stated: dict[str, Any]) -> None:
    assert codes(replace(FILLED, **stated)) == []


@pytest.mark.parametrize(
    ("changed", "expected"),
    [
        ({}, []),
        ({"analysed_has_personal": YesNoUnable.YES}, ["estimate_raw_holds_none"]),
        (
            {"results_have_personal": YesNoUnable.YES},
            ["estimate_raw_holds_none", "estimate_analysed_holds_none"],
        ),
        ({"personal_harms": frozenset({PersonalHarm.ECONOMIC})}, ["estimate_harm_to_nobody"]),
    ],
)
def test_answers_on_personal_data_agree(changed: dict[str, Any], expected: list[str]) -> None:
    persons = {}
    if YesNoUnable.YES in changed.values():
        persons = {"data_subjects": FILLED.data_subjects, "personal_harms": FILLED.personal_harms}
    assert codes(replace(NOBODY, **persons, **changed)) == expected


@pytest.mark.parametrize("data_class", DataClass)
def test_a_class_with_the_status_of_unprocessed_data_holds_personal_data(data_class: DataClass) -> None:
    expected = ["estimate_class_is_personal"] if data_class.has_the_status_of_unprocessed_data else []
    assert codes(FILLED, data_class) == expected
    assert codes(replace(FILLED, analysed_has_personal=YesNoUnable.YES), data_class) == []


@pytest.mark.parametrize("treatment", [Treatment(redaction="visits.place"), Treatment(reason="It is public.")])
def test_a_treated_harm_meets_no_objection(treatment: Treatment) -> None:
    assert codes(replace(FILLED, other_harms=dict.fromkeys(OtherHarm, treatment))) == []


def test_each_untreated_harm_is_named() -> None:
    found = objections_to_estimate(replace(FILLED, other_harms=dict.fromkeys(OtherHarm, Treatment())), CELLS)
    assert len({objection.text for objection in found}) == len(OtherHarm)


def test_what_people_wrote_is_never_repeated() -> None:
    draft = Estimate(initiator_view="Wrote this" * LONGEST_TEXT, other_users="And this")
    assert not any("Wrote" in objection.sentence for objection in objections_to_estimate(draft, CELLS))


def test_an_empty_draft_is_told_everything_at_once() -> None:
    assert set(codes(Estimate())) == {"estimate_unanswered"}


@pytest.mark.parametrize("code", [code for code in SENTENCES if code.startswith("estimate_")])
def test_each_sentence_says_what_to_do(code: str) -> None:
    section, text = SENTENCES[code]
    assert section and all(getattr(text, language).count(".") >= 1 for language in LANGUAGES)
