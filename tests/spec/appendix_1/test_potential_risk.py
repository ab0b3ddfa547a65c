"""Appendix 1, section 4: potential risk related to data analysis and reporting."""

from __future__ import annotations

from dataclasses import replace

import pytest
from tests.jalostamo.permits.estimates.filled import CELLS, FILLED, with_risks
from tests.spec.appendix_1.drawn import BENEFIT, STEPS, cells

from jalostamo.permits.estimates.answers import Placement, Treatment
from jalostamo.permits.estimates.choices import OtherHarm, YesNoUnable
from jalostamo.permits.estimates.form import FORM
from jalostamo.permits.estimates.matrices import points_of
from jalostamo.permits.estimates.objections import objections_to_estimate
from jalostamo.permits.estimates.risks import processing_risk, publication_risk
from jalostamo.permits.terms import DataClass, DataSubjects, Level, Step

pytestmark = pytest.mark.requirement("A1-04")


@pytest.mark.parametrize(("probability", "harm", "said"), cells(BENEFIT))
def test_each_cell_of_risk_mirrors_the_one_of_benefit(probability: Step, harm: Step, said: str) -> None:
    """The figure of the risk matrix is lost; its axes are those of benefit, and so are its cells."""
    placed = replace(FILLED, processing=Placement(harm, probability), publication=Placement(harm, probability))
    assert (processing_risk(placed, CELLS).matrix, publication_risk(placed)) == (STEPS[said], STEPS[said])


@pytest.mark.parametrize("entry", ["stated_processing_risk", "stated_publication_risk"])
def test_risk_gives_0_2_5_8_or_10_points(entry: str) -> None:
    """From very low to very high risk."""
    assert [option.points for option in FORM.field(entry).options] == [0, 2, 5, 8, 10]


@pytest.mark.parametrize(
    ("entry", "options"),
    [
        ("raw_has_personal", ["yes", "no"]),
        ("analysed_has_personal", ["yes", "no", "unable"]),
        ("results_have_personal", ["yes", "no", "unable"]),
        ("personal_harms", ["serious", "location", "economic", "psychological", "other"]),
        (
            "other_harms",
            [
                *("city_image", "city_operation", "third_party_data"),
                *("general_safety", "residents_withhold", "felt_inappropriate"),
            ],
        ),
    ],
)
def test_personal_data_and_harms_have_the_printed_options(entry: str, options: list[str]) -> None:
    """Personal data is asked of raw data, analysed data and end results; five harms to persons and six others."""
    assert [option.id for option in FORM.field(entry).options] == options


@pytest.mark.parametrize("stage", ["analysed_has_personal", "results_have_personal"])
def test_unable_to_assess_makes_the_case_unclear(stage: str) -> None:
    """Whoever cannot assess it says so, and the case is assessed further."""
    estimate = replace(FILLED, **{stage: YesNoUnable.UNABLE})
    assert processing_risk(estimate, CELLS).level is Level.UNCLEAR


@pytest.mark.requirement("S26-12")
@pytest.mark.parametrize("step", Step)
def test_unanonymised_personal_data_in_the_analysis_is_high_or_very_high(step: Step) -> None:
    """However low the matrix says, the points are 8 or 10."""
    estimate = replace(with_risks(processing=step), analysed_has_personal=YesNoUnable.YES)
    found = processing_risk(estimate, CELLS)
    assert found.step is not None and points_of(found.step) in (8, 10)


@pytest.mark.requirement("S26-04")
@pytest.mark.parametrize(
    ("data_class", "level"),
    [
        (DataClass.IDENTIFIED, Level.HIGH),
        (DataClass.PSEUDONYMISED_WITH_KEY, Level.HIGH),
        (DataClass.ROW_LEVEL_KEY_DESTROYED, Level.HIGH),
        (DataClass.ANONYMISED_ROWS, Level.LOW),
        (DataClass.PRINTED_CELLS, Level.LOW),
    ],
)
def test_pseudonymised_data_has_the_risk_of_unprocessed_data(data_class: DataClass, level: Level) -> None:
    """What leaves the closed room decides: identified, pseudonymised and row-level data are high."""
    assert processing_risk(with_risks(), data_class).level is level


@pytest.mark.requirement("S26-12")
def test_the_risks_of_processing_and_of_publishing_are_answered_apart() -> None:
    """Raw data may be dangerous to process though its results are harmless to publish, and the other way round."""
    estimate = with_risks(processing=Step.VERY_HIGH, publication=Step.VERY_LOW)
    assert processing_risk(estimate, CELLS).step is Step.VERY_HIGH
    assert publication_risk(estimate) is Step.VERY_LOW


def test_very_great_harm_to_children_is_never_called_low() -> None:
    """However improbable, it counts as moderate."""
    corner = replace(FILLED, processing=Placement(Step.VERY_HIGH, Step.VERY_LOW))
    children = replace(corner, data_subjects=frozenset({DataSubjects.CHILDREN}))
    assert [processing_risk(each, CELLS).level for each in (corner, children)] == [Level.LOW, Level.MODERATE]


def test_each_other_damage_is_redacted_or_reasoned() -> None:
    """Whoever sees a damage coming says what is taken out of the data, or why nothing is."""
    seen = replace(FILLED, other_harms={OtherHarm.GENERAL_SAFETY: Treatment()})
    treated = replace(FILLED, other_harms={OtherHarm.GENERAL_SAFETY: Treatment(redaction="building.drawing")})
    assert [found.code for found in objections_to_estimate(seen, CELLS)] == ["estimate_harm_untreated"]
    assert objections_to_estimate(treated, CELLS) == ()
