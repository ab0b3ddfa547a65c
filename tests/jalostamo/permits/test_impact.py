"""The impact assessment: what it must hold before a decision, and when the Commissioner is consulted."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest

from jalostamo.permits.contents import content_of, value_from
from jalostamo.permits.impact import (
    ConsultationOpinion,
    ConsultationOutcome,
    ImpactAssessment,
    ImpactEntry,
    consultation_is_required,
    is_digest,
    objections_to_deciding_without_impact,
    objections_to_going_on,
    objections_to_impact_assessment,
    objections_to_opinion,
)
from jalostamo.permits.objections import PermitObjection
from jalostamo.permits.terms import Step, title_of

DAY = date(2026, 5, 4)
IMPACT = ImpactAssessment(
    document_digest="ab" * 32,
    made_on=DAY,
    measures="Only printed cells leave the closed room.",
    residual_risk=Step.MODERATE,
    privacy_advice="The measures are enough.",
    advice_given_by="s-103",
    consultation_advised=False,
    covers_estimate_version=2,
)
OPINION = ConsultationOpinion("cd" * 32, DAY, "TSV/12/2026", ConsultationOutcome.ADVICE_GIVEN)
BLANK = {
    ImpactEntry.DOCUMENT: replace(IMPACT, document_digest=""),
    ImpactEntry.MADE_ON: replace(IMPACT, made_on=None),
    ImpactEntry.MEASURES: replace(IMPACT, measures=" "),
    ImpactEntry.RESIDUAL_RISK: replace(IMPACT, residual_risk=None),
    ImpactEntry.PRIVACY_ADVICE: replace(IMPACT, privacy_advice=""),
    ImpactEntry.ADVICE_GIVEN_BY: replace(IMPACT, advice_given_by=""),
    ImpactEntry.CONSULTATION_ADVISED: replace(IMPACT, consultation_advised=None),
}
BLANK_OPINION = {
    ImpactEntry.OPINION_DOCUMENT: replace(OPINION, document_digest=""),
    ImpactEntry.RECEIVED_ON: replace(OPINION, received_on=None),
    ImpactEntry.DIARY_NUMBER: replace(OPINION, diary_number=""),
    ImpactEntry.OUTCOME: replace(OPINION, outcome=None),
}


def codes(objections: tuple[object, ...]) -> list[str]:
    return [objection.code for objection in objections if isinstance(objection, PermitObjection)]


def found(impact: ImpactAssessment) -> list[str]:
    return codes(objections_to_impact_assessment(impact, estimate_version=2, day=DAY))


def test_every_entry_belongs_to_the_assessment_or_to_the_opinion() -> None:
    assert {*BLANK, *BLANK_OPINION} == set(ImpactEntry)


@pytest.mark.requirement("L-03")
@pytest.mark.parametrize("entry", BLANK)
def test_an_entry_that_is_missing_is_named(entry: ImpactEntry) -> None:
    (refused,) = objections_to_impact_assessment(BLANK[entry], estimate_version=2, day=DAY)
    assert f"'{title_of(entry).en}'" in refused.sentence


@pytest.mark.parametrize("step", Step)
def test_a_remaining_risk_of_any_step_is_an_answer(step: Step) -> None:
    assert found(replace(IMPACT, residual_risk=step)) == []


@pytest.mark.requirement("L-03")
def test_an_assessment_covers_the_version_that_is_decided_on() -> None:
    assert found(replace(IMPACT, covers_estimate_version=1)) == ["impact_other_version"]


def test_an_assessment_is_not_made_tomorrow() -> None:
    assert found(replace(IMPACT, made_on=DAY + timedelta(1))) == ["impact_day_ahead"]


@pytest.mark.parametrize("digest", ["ab" * 31, "AB" * 32, "zz" * 32])
def test_a_document_is_known_by_a_whole_digest(digest: str) -> None:
    assert not is_digest(digest)
    assert found(replace(IMPACT, document_digest=digest)) == ["not_a_digest"]


def test_a_digest_may_have_every_hexadecimal_digit() -> None:
    assert is_digest("0123456789abcdef" * 4)


@pytest.mark.requirement("L-03", "S26-13")
@pytest.mark.parametrize(
    ("impact", "is_needed", "said_no"),
    [
        (None, True, ["impact_missing"]),
        (None, False, []),
        (IMPACT, True, []),
        (BLANK[ImpactEntry.MEASURES], True, ["impact_entry_missing"]),
        (BLANK[ImpactEntry.MEASURES], False, []),
    ],
    ids=["missing", "not-needed", "finished", "unfinished", "unfinished-not-needed"],
)
def test_a_needed_assessment_comes_before_the_decision(
    impact: ImpactAssessment | None, is_needed: bool, said_no: list[str]
) -> None:
    refused = objections_to_deciding_without_impact(impact, is_needed=is_needed, estimate_version=2, day=DAY)
    assert codes(refused) == said_no


@pytest.mark.requirement("S26-13")
@pytest.mark.parametrize("step", [*Step, None])
def test_consultation_is_required_while_risk_stays_high_or_is_not_told(step: Step | None) -> None:
    impact = replace(IMPACT, residual_risk=step)
    assert consultation_is_required(impact) is (step not in {Step.VERY_LOW, Step.LOW, Step.MODERATE})


@pytest.mark.requirement("S26-13")
def test_required_consultation_cannot_be_reasoned_away() -> None:
    impact = replace(IMPACT, residual_risk=Step.HIGH)
    assert codes(objections_to_going_on(impact, None, reasons="We are sure.")) == ["consultation_required"]
    assert objections_to_going_on(impact, OPINION) == ()


@pytest.mark.requirement("S26-13")
def test_against_advice_city_management_goes_on_only_with_reasons() -> None:
    impact = replace(IMPACT, consultation_advised=True)
    assert codes(objections_to_going_on(impact, None, reasons=" ")) == ["consultation_advised"]
    assert objections_to_going_on(impact, None, reasons="The measures were widened after the advice.") == ()


@pytest.mark.requirement("S26-13")
@pytest.mark.parametrize("outcome", ConsultationOutcome)
def test_only_a_prohibition_stops_a_case_that_was_heard(outcome: ConsultationOutcome) -> None:
    refused = codes(objections_to_going_on(IMPACT, replace(OPINION, outcome=outcome), reasons="Any."))
    assert refused == (["consultation_prohibited"] if outcome is ConsultationOutcome.PROHIBITED else [])


def test_without_an_assessment_nothing_is_asked_of_consultation() -> None:
    assert objections_to_going_on(None, None) == ()


@pytest.mark.parametrize("entry", BLANK_OPINION)
def test_an_opinion_is_recorded_whole(entry: ImpactEntry) -> None:
    (refused,) = objections_to_opinion(BLANK_OPINION[entry], day=DAY)
    assert f"'{title_of(entry).en}'" in refused.sentence


def test_an_opinion_is_a_document_that_has_come() -> None:
    odd = replace(OPINION, document_digest="cd", received_on=DAY + timedelta(1))
    assert codes(objections_to_opinion(odd, day=DAY)) == ["not_a_digest", "impact_day_ahead"]
    assert objections_to_opinion(OPINION, day=DAY) == ()


def test_drafts_and_finished_ones_are_written_and_read_back() -> None:
    for impact in (IMPACT, *BLANK.values()):
        assert value_from(ImpactAssessment, content_of(impact)) == impact
    for opinion in (OPINION, *BLANK_OPINION.values()):
        assert value_from(ConsultationOpinion, content_of(opinion)) == opinion
