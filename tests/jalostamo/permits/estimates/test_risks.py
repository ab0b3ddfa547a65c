"""Risks follow from the answers, floors raise them, and nothing that gets worse lowers a level."""

from __future__ import annotations

from dataclasses import replace
from itertools import product
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.jalostamo.permits.estimates.filled import (
    CELLS,
    FILLED,
    WHY,
    city_floors,
    classes,
    estimates,
    placed,
    steps,
    with_risks,
)

from jalostamo.permits.contents import content_of, value_from
from jalostamo.permits.estimates.answers import Estimate, Placement
from jalostamo.permits.estimates.choices import YesNo, YesNoUnable
from jalostamo.permits.estimates.costs import Costs, CostThresholds
from jalostamo.permits.estimates.matrices import DecisionCell, level_of, points_of
from jalostamo.permits.estimates.risks import (
    FLOORS,
    Floor,
    Risk,
    benefit,
    decision_cell,
    floors_for,
    processing_risk,
    publication_risk,
    summary_of,
)
from jalostamo.permits.terms import DataClass, DataSubjects, Level, Step

PROTECTED = [DataSubjects.CHILDREN, DataSubjects.HEALTH, DataSubjects.SECRET_SOCIAL_WELFARE]
UNPROCESSED = [data_class for data_class in DataClass if data_class.has_the_status_of_unprocessed_data]
CORNER = replace(FILLED, processing=Placement(Step.VERY_HIGH, Step.VERY_LOW))


@pytest.mark.parametrize("step", Step)
def test_without_a_floor_the_matrix_decides(step: Step) -> None:
    risk = processing_risk(with_risks(processing=step), CELLS)
    assert risk == Risk(step, Step.VERY_LOW, (), None, step, level_of(step))


@pytest.mark.parametrize("data_class", DataClass)
def test_the_class_that_leaves_the_closed_room_sets_the_floor(data_class: DataClass) -> None:
    risk = processing_risk(with_risks(), data_class)
    unprocessed = data_class in UNPROCESSED
    assert risk.floor_reasons == (("status_of_unprocessed_data",) if unprocessed else ())
    assert risk.level is (Level.HIGH if unprocessed else Level.LOW)


def test_personal_data_analysed_is_high_whatever_leaves() -> None:
    risk = processing_risk(replace(FILLED, analysed_has_personal=YesNoUnable.YES), CELLS)
    assert (risk.level, risk.step, risk.floor_reasons) == (Level.HIGH, Step.HIGH, ("personal_data_analysed",))


@pytest.mark.parametrize("subjects", PROTECTED)
def test_very_high_harm_to_the_protected_is_moderate_however_improbable(subjects: DataSubjects) -> None:
    risk = processing_risk(replace(CORNER, data_subjects=frozenset({subjects})), CELLS)
    assert (risk.matrix, risk.step, risk.floor_reasons) == (Step.LOW, Step.MODERATE, ("very_high_harm",))


def test_very_high_harm_to_others_stays_low_unless_the_city_says_more() -> None:
    city = Floor("city", WHY, Step.MODERATE, from_harm=Step.VERY_HIGH)
    assert processing_risk(CORNER, CELLS).level is Level.LOW
    assert processing_risk(CORNER, CELLS, (city,)).level is Level.MODERATE


@pytest.mark.parametrize(
    "answer",
    [
        {"raw_has_personal": None},
        {"analysed_has_personal": None},
        {"analysed_has_personal": YesNoUnable.UNABLE},
        {"results_have_personal": YesNoUnable.UNABLE},
        {"processing": Placement(unable=True)},
        {"processing": Placement()},
    ],
)
def test_what_cannot_be_assessed_makes_the_case_unclear(answer: dict[str, Any]) -> None:
    risk = processing_risk(replace(FILLED, **answer), CELLS)
    assert (risk.step, risk.level) == (None, Level.UNCLEAR)


@pytest.mark.parametrize(
    ("changed", "data_class"),
    [
        ({}, DataClass.IDENTIFIED),
        ({"processing": placed(Step.VERY_HIGH)}, CELLS),
        ({"stated_processing_risk": Step.HIGH}, CELLS),
    ],
)
def test_what_is_known_to_be_high_is_not_made_unclear(changed: dict[str, Any], data_class: DataClass) -> None:
    estimate = replace(FILLED, results_have_personal=YesNoUnable.UNABLE, **changed)
    assert processing_risk(estimate, data_class).level is Level.HIGH


@pytest.mark.parametrize(("matrix", "stated"), list(product(Step, Step)))
def test_a_stated_risk_counts_upward_freely_and_downward_with_a_reason(matrix: Step, stated: Step) -> None:
    estimate = replace(with_risks(processing=matrix), stated_processing_risk=stated)
    assert processing_risk(estimate, CELLS).step is max(matrix, stated)
    assert processing_risk(replace(estimate, processing_reason="Because."), CELLS).step is stated


@pytest.mark.parametrize("stated", Step)
def test_no_reason_takes_a_risk_below_its_floor(stated: Step) -> None:
    estimate = replace(with_risks(), stated_processing_risk=stated, processing_reason="Because.")
    assert processing_risk(estimate, DataClass.IDENTIFIED).step is max(Step.HIGH, stated)


@pytest.mark.requirement("S26-12", "S26-04")
@given(estimates, st.sampled_from(UNPROCESSED), city_floors)
def test_what_has_the_status_of_unprocessed_data_is_always_high(
    estimate: Estimate, data_class: DataClass, floors: tuple[Floor, ...]
) -> None:
    risk = processing_risk(estimate, data_class, floors)
    assert risk.level is Level.HIGH and points_of(risk.step) >= 8


@pytest.mark.requirement("S26-12")
@given(estimates, classes, city_floors)
def test_personal_data_in_the_analysis_is_always_high(
    estimate: Estimate, data_class: DataClass, floors: tuple[Floor, ...]
) -> None:
    analysed = replace(estimate, analysed_has_personal=YesNoUnable.YES)
    assert processing_risk(analysed, data_class, floors).level is Level.HIGH


@given(estimates, classes, city_floors)
def test_a_processing_risk_is_never_below_its_floor(
    estimate: Estimate, data_class: DataClass, floors: tuple[Floor, ...]
) -> None:
    risk = processing_risk(estimate, data_class, floors)
    assert risk.step is None or risk.step >= risk.floor
    assert risk.level.rank >= level_of(risk.floor).rank


@given(estimates, classes, city_floors)
def test_a_city_can_only_raise(estimate: Estimate, data_class: DataClass, floors: tuple[Floor, ...]) -> None:
    plain, raised = (processing_risk(estimate, data_class, added) for added in ((), floors))
    assert raised.level.rank >= plain.level.rank and raised.floor >= plain.floor


@given(estimates, st.sampled_from(["harm", "probability"]), steps, steps, classes, city_floors)
def test_more_harm_or_probability_never_lowers_the_level(
    estimate: Estimate, axis: str, one: Step, other: Step, data_class: DataClass, floors: tuple[Floor, ...]
) -> None:
    levels = [
        processing_risk(replace(estimate, processing=replace(estimate.processing, **{axis: step})), data_class, floors)
        for step in sorted((one, other))
    ]
    assert levels[0].level.rank <= levels[1].level.rank


@given(estimates, st.frozensets(st.sampled_from(DataSubjects)), classes, city_floors)
def test_more_data_subjects_never_lower_the_level(
    estimate: Estimate, more: frozenset[DataSubjects], data_class: DataClass, floors: tuple[Floor, ...]
) -> None:
    wider = replace(estimate, data_subjects=estimate.data_subjects | more)
    ranks = [processing_risk(each, data_class, floors).level.rank for each in (estimate, wider)]
    assert ranks == sorted(ranks)


@given(estimates, classes, classes, city_floors)
def test_a_more_exposed_class_never_lowers_the_level(
    estimate: Estimate, one: DataClass, other: DataClass, floors: tuple[Floor, ...]
) -> None:
    ordered = sorted((one, other), key=lambda data_class: data_class.exposure)
    ranks = [processing_risk(estimate, data_class, floors).level.rank for data_class in ordered]
    assert ranks == sorted(ranks)


@given(estimates, classes, city_floors)
def test_personal_data_in_the_analysis_never_lowers_the_level(
    estimate: Estimate, data_class: DataClass, floors: tuple[Floor, ...]
) -> None:
    answers = (YesNoUnable.NO, YesNoUnable.UNABLE, YesNoUnable.YES)
    found = [replace(estimate, analysed_has_personal=answer) for answer in answers]
    ranks = [processing_risk(each, data_class, floors).level.rank for each in found]
    assert ranks == sorted(ranks)


@given(estimates, classes, city_floors)
def test_a_risk_is_read_back_as_it_was_written(
    estimate: Estimate, data_class: DataClass, floors: tuple[Floor, ...]
) -> None:
    risk = processing_risk(estimate, data_class, floors)
    assert value_from(Risk, content_of(risk)) == risk


def test_the_floors_of_every_city_come_before_its_own() -> None:
    city = Floor("city", WHY, Step.LOW)
    assert floors_for(FILLED, DataClass.IDENTIFIED, (city,)) == (FLOORS[0], city)


@pytest.mark.parametrize(
    ("step", "reasons"), [(Step.MODERATE, ("status_of_unprocessed_data",)), (Step.VERY_HIGH, ("city",))]
)
def test_the_reasons_are_those_of_the_highest_floor(step: Step, reasons: tuple[str, ...]) -> None:
    city = Floor("city", WHY, step, from_class=DataClass.ANONYMISED_ROWS)
    assert processing_risk(FILLED, DataClass.IDENTIFIED, (city,)).floor_reasons == reasons


@pytest.mark.parametrize("data_class", DataClass)
def test_publishing_has_no_floor(data_class: DataClass) -> None:
    estimate = replace(with_risks(publication=Step.VERY_LOW), analysed_has_personal=YesNoUnable.YES)
    assert publication_risk(estimate) is Step.VERY_LOW
    assert processing_risk(estimate, data_class).level is Level.HIGH


@pytest.mark.parametrize(("matrix", "stated"), list(product(Step, Step)))
def test_a_stated_risk_of_publishing_counts_downward_with_a_reason_only(matrix: Step, stated: Step) -> None:
    estimate = replace(with_risks(publication=matrix), stated_publication_risk=stated)
    assert publication_risk(estimate) is max(matrix, stated)
    assert publication_risk(replace(estimate, publication_reason="Because.")) is stated


@pytest.mark.parametrize(("significance", "stated"), list(product(Step, Step)))
def test_a_stated_benefit_counts_upward_with_a_reason_only(significance: Step, stated: Step) -> None:
    estimate = replace(FILLED, significance=significance, stated_benefit=stated)
    assert benefit(estimate) is min(estimate.benefit_by_matrix, stated)
    assert benefit(replace(estimate, benefit_reason="Because.")) is stated


def test_a_blank_reason_is_none() -> None:
    blank = {"processing_reason": " ", "publication_reason": "\n", "benefit_reason": " "}
    moved = replace(
        with_risks(processing=Step.MODERATE, publication=Step.MODERATE),
        stated_processing_risk=Step.LOW,
        stated_publication_risk=Step.LOW,
        stated_benefit=Step.VERY_HIGH,
        **blank,
    )
    assert processing_risk(moved, CELLS).step is publication_risk(moved) is Step.MODERATE
    assert benefit(moved) is FILLED.benefit_by_matrix


@pytest.mark.parametrize(
    "missing", [{"significance": None}, {"probability_of_use": None}, {"publication": Placement(unable=True)}]
)
def test_without_benefit_or_risk_there_is_no_advice(missing: dict[str, Any]) -> None:
    assert decision_cell(replace(FILLED, **missing)) is None


def test_the_risk_of_processing_does_not_change_the_advice() -> None:
    cells = {decision_cell(with_risks(processing=step)) for step in Step}
    assert cells == {DecisionCell.OPEN_WITH_LIMITS}


def test_a_summary_of_nothing_answered_is_unclear() -> None:
    estimate = replace(
        FILLED,
        significance=None,
        processing=Placement(),
        publication=Placement(),
        costs=Costs(cannot_be_estimated=True),
    )
    found = summary_of(estimate, CELLS, thresholds=CostThresholds())
    assert (found.risk, found.publication_risk, found.benefit, found.cost) == (
        *(Level.UNCLEAR, None, None),
        Level.MODERATE,
    )


def test_data_that_tells_of_nobody_has_no_floor() -> None:
    estimate = replace(with_risks(), raw_has_personal=YesNo.NO, data_subjects=frozenset())
    assert processing_risk(estimate, CELLS).floor is Step.VERY_LOW
