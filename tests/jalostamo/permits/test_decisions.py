"""Decisions: what they record, who makes them, how long they hold; appeals against them."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jalostamo.permits.appeals import objections_to_appeal, objections_to_appeal_outcome, opens_a_new_case
from jalostamo.permits.contents import content_of, value_from
from jalostamo.permits.decisions import (
    Appeal,
    AppealOutcome,
    AppealResult,
    Appellant,
    Attachment,
    DecidingBody,
    Decision,
    DecisionEntry,
    Intervals,
    PublicityClass,
    RetentionClass,
    deciding_body_for,
    latest_end,
    months_after,
    next_reassessment,
    objections_to_decision,
)
from jalostamo.permits.objections import PermitObjection
from jalostamo.permits.terms import DataClass, KindOfAnalysis, Level, title_of

DAY = date(2026, 5, 4)
DIGEST = "ab" * 32
LOW = Decision(
    diary_number="ESBO/1/2026",
    ground_of_competence="Administrative regulations, section 12",
    deciding_body=DecidingBody.DATA_SECURITY_PERSON,
    decided_on=DAY,
    reasons="Only printed cells leave the closed room.",
    publicity_class=PublicityClass.PUBLIC,
    retention_class=RetentionClass(10, "Information management plan, 02.01"),
    appeal_instructions="A claim for a revised decision, within 14 days.",
    valid_until=date(2027, 5, 4),
    covers_estimate_version=1,
    decided_class=DataClass.PRINTED_CELLS,
    decided_level=Level.LOW,
)
MODERATE = replace(
    LOW,
    deciding_body=DecidingBody.BRANCH_AND_RISK_MANAGEMENT,
    decided_level=Level.MODERATE,
    document_digest=DIGEST,
)
HIGH = replace(
    MODERATE,
    deciding_body=DecidingBody.CITY_MANAGEMENT,
    decided_level=Level.HIGH,
    decided_class=DataClass.PSEUDONYMISED_WITH_KEY,
)
APPEAL = Appeal(DAY, Appellant.DATA_SUBJECT, DIGEST)
OUTCOME = AppealOutcome(AppealResult.UPHELD, DAY, DIGEST)
BLANK = {
    DecisionEntry.DIARY_NUMBER: replace(LOW, diary_number=" "),
    DecisionEntry.GROUND_OF_COMPETENCE: replace(LOW, ground_of_competence=""),
    DecisionEntry.DECIDING_BODY: replace(LOW, deciding_body=None),
    DecisionEntry.DECIDED_ON: replace(LOW, decided_on=None),
    DecisionEntry.REASONS: replace(LOW, reasons=""),
    DecisionEntry.PUBLICITY_CLASS: replace(LOW, publicity_class=None),
    DecisionEntry.SECRECY_STATUTE: replace(LOW, publicity_class=PublicityClass.PARTLY_SECRET),
    DecisionEntry.RETENTION_CLASS: replace(LOW, retention_class=None),
    DecisionEntry.RETENTION_STATUTE: replace(LOW, retention_class=RetentionClass(10, "")),
    DecisionEntry.APPEAL_INSTRUCTIONS: replace(LOW, appeal_instructions=""),
    DecisionEntry.CONDITIONS: replace(LOW, conditions=("No area below the district.", "")),
    DecisionEntry.VALID_UNTIL: replace(LOW, valid_until=None),
    DecisionEntry.DECIDED_CLASS: replace(LOW, decided_class=None),
    DecisionEntry.DECIDED_LEVEL: replace(LOW, decided_level=None),
    DecisionEntry.DECISION_DOCUMENT: replace(MODERATE, document_digest=None),
    DecisionEntry.MATRIX_OVERRIDE_REASON: replace(LOW, matrix_override_reason=""),
    DecisionEntry.OTHER_INFORMATION: replace(LOW, other_information=(Attachment("", DIGEST),)),
}
BLANK_APPEAL = {
    DecisionEntry.LODGED_ON: replace(APPEAL, lodged_on=None),
    DecisionEntry.LODGED_BY: replace(APPEAL, lodged_by=None),
    DecisionEntry.APPEAL_DOCUMENT: replace(APPEAL, document_digest=""),
}
BLANK_OUTCOME = {
    DecisionEntry.APPEAL_RESULT: replace(OUTCOME, result=None),
    DecisionEntry.APPEAL_DECIDED_ON: replace(OUTCOME, decided_on=None),
    DecisionEntry.APPEAL_DOCUMENT: replace(OUTCOME, document_digest=""),
}


def codes(objections: tuple[object, ...]) -> list[str]:
    return [objection.code for objection in objections if isinstance(objection, PermitObjection)]


def found(
    decision: Decision,
    level: Level = Level.LOW,
    kind: KindOfAnalysis = KindOfAnalysis.CONTINUOUS_MONITORING,
    *,
    day: date = DAY,
    outside_expiry: date | None = None,
) -> list[str]:
    refused = objections_to_decision(decision, level, kind, day=day, estimate_version=1, outside_expiry=outside_expiry)
    return codes(refused)


@pytest.mark.requirement("L-05")
def test_a_whole_decision_of_each_level_stands() -> None:
    assert found(LOW) == found(MODERATE, Level.MODERATE) == found(HIGH, Level.HIGH) == []


@pytest.mark.requirement("L-05")
def test_every_entry_of_a_decision_is_looked_at() -> None:
    assert {*BLANK, *BLANK_APPEAL, *BLANK_OUTCOME} == set(DecisionEntry)


@pytest.mark.requirement("L-05")
@pytest.mark.parametrize("entry", BLANK)
def test_an_entry_that_is_missing_is_named(entry: DecisionEntry) -> None:
    level = BLANK[entry].decided_level or Level.LOW
    (refused,) = objections_to_decision(
        BLANK[entry], level, KindOfAnalysis.SELDOM_REPEATED, day=DAY, estimate_version=1
    )
    assert f"'{title_of(entry).en}'" in refused.sentence


@pytest.mark.requirement("L-05")
@pytest.mark.parametrize("publicity", [PublicityClass.PARTLY_SECRET, PublicityClass.SECRET])
def test_secrecy_stands_by_its_statute(publicity: PublicityClass) -> None:
    decision = replace(LOW, publicity_class=publicity, secrecy_statute="621/1999, section 24")
    assert found(decision) == []


@pytest.mark.requirement("L-05")
@pytest.mark.parametrize(
    ("years", "said_no"), [(None, []), (1, []), (0, ["decision_entry_missing"]), (-1, ["decision_entry_missing"])]
)
def test_a_decision_is_kept_for_whole_years_or_for_ever(years: int | None, said_no: list[str]) -> None:
    assert found(replace(LOW, retention_class=RetentionClass(years, "Plan"))) == said_no


BODIES = {
    Level.LOW: DecidingBody.DATA_SECURITY_PERSON,
    Level.UNCLEAR: DecidingBody.BRANCH_AND_RISK_MANAGEMENT,
    Level.MODERATE: DecidingBody.BRANCH_AND_RISK_MANAGEMENT,
    Level.HIGH: DecidingBody.CITY_MANAGEMENT,
}


@pytest.mark.requirement("S26-13")
@pytest.mark.parametrize("level", Level)
@pytest.mark.parametrize("body", DecidingBody)
def test_only_the_body_of_a_level_decides_on_it(level: Level, body: DecidingBody) -> None:
    assert deciding_body_for(level) is BODIES[level]
    decision = replace(MODERATE, decided_level=level, deciding_body=body)
    assert found(decision, level) == ([] if body is BODIES[level] else ["other_body_decides"])


@pytest.mark.requirement("S26-13")
@pytest.mark.parametrize("decided", Level)
@pytest.mark.parametrize("assessed", Level)
def test_a_decision_is_never_below_the_assessed_level(decided: Level, assessed: Level) -> None:
    decision = replace(MODERATE, decided_level=decided, deciding_body=BODIES[decided])
    assert found(decision, assessed) == ([] if decided.rank >= assessed.rank else ["decided_below_level"])


@pytest.mark.requirement("S26-13")
@pytest.mark.parametrize("level", [Level.UNCLEAR, Level.MODERATE, Level.HIGH])
def test_above_low_the_decision_is_a_document_of_its_own(level: Level) -> None:
    decision = replace(MODERATE, decided_level=level, deciding_body=BODIES[level], document_digest=None)
    assert found(decision, level) == ["decision_entry_missing"]


@pytest.mark.requirement("S26-04")
@pytest.mark.parametrize("data_class", DataClass)
@pytest.mark.parametrize("level", Level)
def test_whatever_has_the_status_of_unprocessed_data_is_high(data_class: DataClass, level: Level) -> None:
    decision = replace(MODERATE, decided_level=level, deciding_body=BODIES[level], decided_class=data_class)
    unprocessed = data_class not in {DataClass.ANONYMISED_ROWS, DataClass.PRINTED_CELLS}
    assert found(decision, level) == (["unprocessed_data_is_high"] if unprocessed and level is not Level.HIGH else [])


def test_a_decision_covers_the_version_that_was_assessed() -> None:
    assert found(replace(LOW, covers_estimate_version=2)) == ["decision_other_version"]


@pytest.mark.requirement("S22-22")
def test_attached_information_is_known_by_its_digest() -> None:
    attached = Attachment("Feedback of families, 2025", DIGEST)
    assert found(replace(LOW, other_information=(attached, attached))) == []
    assert found(replace(LOW, other_information=(attached, replace(attached, digest="ab")))) == ["not_a_digest"]


def test_a_decision_document_is_known_by_its_digest() -> None:
    assert found(replace(MODERATE, document_digest="ab"), Level.MODERATE) == ["not_a_digest"]


def test_a_decision_is_not_made_tomorrow() -> None:
    assert found(replace(LOW, decided_on=DAY + timedelta(1))) == ["decision_day_ahead"]


@pytest.mark.requirement("L-05")
@pytest.mark.parametrize(
    ("decided_on", "end", "said_no"),
    [
        (DAY, DAY, []),
        (DAY, DAY - timedelta(1), ["ends_before_decision"]),
        (DAY - timedelta(9), DAY - timedelta(1), ["ends_in_the_past"]),
        (DAY - timedelta(9), DAY, []),
    ],
    ids=["today", "before-the-decision", "past-when-recorded", "recorded-on-the-last-day"],
)
def test_a_permit_ends_after_it_begins_and_not_in_the_past(decided_on: date, end: date, said_no: list[str]) -> None:
    assert found(replace(LOW, decided_on=decided_on, valid_until=end)) == said_no


LENGTHS = {
    KindOfAnalysis.CONTINUOUS_MONITORING: date(2028, 5, 4),
    KindOfAnalysis.GUIDING: date(2028, 5, 4),
    KindOfAnalysis.SELDOM_REPEATED: date(2028, 5, 4),
    KindOfAnalysis.ONE_OFF: date(2027, 5, 4),
}


@pytest.mark.requirement("L-05")
@pytest.mark.parametrize("kind", KindOfAnalysis)
def test_a_permit_holds_for_24_months_at_most_and_a_one_off_for_12(kind: KindOfAnalysis) -> None:
    last = latest_end(kind, DAY)
    assert last == LENGTHS[kind]
    assert found(replace(LOW, valid_until=last), kind=kind) == []
    assert found(replace(LOW, valid_until=last + timedelta(1)), kind=kind) == ["ends_too_late"]


def test_a_city_sets_its_own_intervals() -> None:
    own = Intervals(longest=6, longest_one_off=3, reassessment_moderate=4, reassessment_high=2)
    assert latest_end(KindOfAnalysis.GUIDING, DAY, own) == date(2026, 11, 4)
    assert latest_end(KindOfAnalysis.ONE_OFF, DAY, own) == date(2026, 8, 4)
    assert next_reassessment(Level.HIGH, DAY, own) == date(2026, 7, 4)


@pytest.mark.requirement("L-02")
def test_a_permit_does_not_outlast_an_outside_permit() -> None:
    decision = replace(LOW, valid_until=date(2026, 12, 31))
    assert found(decision, outside_expiry=date(2026, 12, 31)) == []
    assert found(decision, outside_expiry=date(2026, 12, 30)) == ["ends_after_outside_permit"]


@pytest.mark.parametrize(
    ("level", "due"),
    [
        (Level.LOW, None),
        (Level.UNCLEAR, date(2027, 5, 4)),
        (Level.MODERATE, date(2027, 5, 4)),
        (Level.HIGH, date(2026, 11, 4)),
    ],
)
def test_reassessment_falls_due_by_level(level: Level, due: date | None) -> None:
    assert next_reassessment(level, DAY) == due


@given(st.dates(date(2000, 1, 1), date(2100, 1, 1)), st.integers(0, 60))
def test_months_later_lies_in_that_month_and_never_past_the_day(day: date, months: int) -> None:
    later = months_after(day, months)
    assert later.year * 12 + later.month == day.year * 12 + day.month + months
    assert later.day == day.day or (later.day < day.day and (later + timedelta(1)).day == 1)


def test_drafts_and_finished_decisions_are_written_and_read_back() -> None:
    draft = Decision("", "", None, None, "", None, None, "", None, 0, None, None)
    for decision in (draft, LOW, HIGH, *BLANK.values()):
        assert value_from(Decision, content_of(decision)) == decision


@pytest.mark.parametrize("entry", BLANK_APPEAL)
def test_an_appeal_is_recorded_whole(entry: DecisionEntry) -> None:
    (refused,) = objections_to_appeal(BLANK_APPEAL[entry], LOW, day=DAY)
    assert f"'{title_of(entry).en}'" in refused.sentence


@pytest.mark.parametrize("entry", BLANK_OUTCOME)
def test_an_appeals_outcome_is_recorded_whole(entry: DecisionEntry) -> None:
    (refused,) = objections_to_appeal_outcome(BLANK_OUTCOME[entry], APPEAL, day=DAY)
    assert f"'{title_of(entry).en}'" in refused.sentence


@pytest.mark.parametrize("away", [-1, 1])
def test_an_appeal_and_its_outcome_come_in_their_turn(away: int) -> None:
    odd = DAY + timedelta(away)
    assert codes(objections_to_appeal(replace(APPEAL, lodged_on=odd), LOW, day=DAY)) == ["appeal_day_odd"]
    assert codes(objections_to_appeal_outcome(replace(OUTCOME, decided_on=odd), APPEAL, day=DAY)) == ["appeal_day_odd"]


def test_an_appeals_document_is_known_by_its_digest() -> None:
    assert codes(objections_to_appeal(replace(APPEAL, document_digest="ab"), LOW, day=DAY)) == ["not_a_digest"]
    assert objections_to_appeal(APPEAL, LOW, day=DAY) == objections_to_appeal_outcome(OUTCOME, APPEAL, day=DAY) == ()


@pytest.mark.parametrize("result", AppealResult)
def test_a_new_case_follows_an_appeal_that_succeeded(result: AppealResult) -> None:
    assert opens_a_new_case(replace(OUTCOME, result=result)) is (result is not AppealResult.DISMISSED)


def test_who_appealed_is_told_in_kind_only() -> None:
    assert set(content_of(APPEAL)) == {"lodged_on", "lodged_by", "document_digest"}
    assert content_of(APPEAL)["lodged_by"] in {kind.value for kind in Appellant}


@pytest.mark.parametrize("closed_list", [DecidingBody, PublicityClass, DecisionEntry, Appellant, AppealResult])
def test_every_entry_of_a_closed_list_has_a_title(closed_list: type[DecisionEntry]) -> None:
    assert len({title_of(member).fi for member in closed_list}) == len(closed_list)
