"""The decision on a permit: what it records, who makes it, how long it may hold, and who may appeal against it.

Handbook 2.6, phase 3.
"""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import MAXYEAR, date
from enum import StrEnum
from typing import Final

from jalostamo.concepts.errors import Objection
from jalostamo.permits.contents import written
from jalostamo.permits.impact import is_digest
from jalostamo.permits.law_book import said
from jalostamo.permits.objections import objection
from jalostamo.permits.terms import DataClass, KindOfAnalysis, Level, title_of


class DecidingBody(StrEnum):
    """Who decides: the handbook gives each level of risk its own body."""

    DATA_SECURITY_PERSON = "data_security_person"
    BRANCH_AND_RISK_MANAGEMENT = "branch_and_risk_management"
    CITY_MANAGEMENT = "city_management"


class PublicityClass(StrEnum):
    """How public a decision is; whatever is secret names the statute that makes it so."""

    PUBLIC = "public"
    PARTLY_SECRET = "partly_secret"
    SECRET = "secret"


class DecisionEntry(StrEnum):
    """An entry of a decision that a person fills in."""

    DIARY_NUMBER = "diary_number"
    GROUND_OF_COMPETENCE = "ground_of_competence"
    DECIDING_BODY = "deciding_body"
    DECIDED_ON = "decided_on"
    REASONS = "reasons"
    PUBLICITY_CLASS = "publicity_class"
    SECRECY_STATUTE = "secrecy_statute"
    RETENTION_CLASS = "retention_class"
    RETENTION_STATUTE = "retention_statute"
    APPEAL_INSTRUCTIONS = "appeal_instructions"
    CONDITIONS = "conditions"
    VALID_UNTIL = "valid_until"
    DECIDED_CLASS = "decided_class"
    DECIDED_LEVEL = "decided_level"
    DECISION_DOCUMENT = "decision_document"
    MATRIX_OVERRIDE_REASON = "matrix_override_reason"
    OTHER_INFORMATION = "other_information"
    LODGED_ON = "lodged_on"
    LODGED_BY = "lodged_by"
    APPEAL_DOCUMENT = "appeal_document"
    APPEAL_RESULT = "appeal_result"
    APPEAL_DECIDED_ON = "appeal_decided_on"


class Appellant(StrEnum):
    """Who appealed, in kind only: a decision's history names no person."""

    PARTY = "party"
    DATA_SUBJECT = "data_subject"
    MEMBER_OF_THE_MUNICIPALITY = "member_of_the_municipality"
    AUTHORITY = "authority"
    ORGANISATION = "organisation"


class AppealResult(StrEnum):
    """What became of an appeal."""

    UPHELD = "upheld"
    PARTLY_UPHELD = "partly_upheld"
    DISMISSED = "dismissed"


@written
@dataclass(frozen=True, slots=True)
class RetentionClass:
    """How long a decision is kept, and by which statute or plan; without `years`, permanently."""

    years: int | None
    statute: str


@written
@dataclass(frozen=True, slots=True)
class Attachment:
    """Other information attached to a decision: its title, and the SHA-256 of the file in hexadecimal."""

    title: str
    digest: str


@written
@dataclass(frozen=True, slots=True)
class Intervals:
    """The longest validity of a permit and the time between reassessments, in months; a city sets its own."""

    longest: int = 24
    longest_one_off: int = 12
    reassessment_moderate: int = 12
    reassessment_high: int = 6


AS_A_RULE: Final = Intervals()
"""The intervals where a city has set none of its own; the handbook says only that they are regular."""


@written
@dataclass(frozen=True, slots=True)
class Decision:
    """A decision says who decided what on which ground, until when it holds, how public it is and how it is appealed.

    `covers_estimate_version` is the version of the estimate that was decided on. `document_digest` is the separate
    decision document of moderate and high risk; of low risk the approved form itself is the document. A
    `matrix_override_reason` stands where the body decides otherwise than the decision matrix advises.
    """

    diary_number: str
    ground_of_competence: str
    deciding_body: DecidingBody | None
    decided_on: date | None
    reasons: str
    publicity_class: PublicityClass | None
    retention_class: RetentionClass | None
    appeal_instructions: str
    valid_until: date | None
    covers_estimate_version: int
    decided_class: DataClass | None
    decided_level: Level | None
    secrecy_statute: str = ""
    conditions: tuple[str, ...] = ()
    document_digest: str | None = None
    matrix_override_reason: str | None = None
    other_information: tuple[Attachment, ...] = ()


@written
@dataclass(frozen=True, slots=True)
class Appeal:
    """An appeal against a decision, as the city received it."""

    lodged_on: date | None
    lodged_by: Appellant | None
    document_digest: str


@written
@dataclass(frozen=True, slots=True)
class AppealOutcome:
    """What became of an appeal, when, and in which document."""

    result: AppealResult | None
    decided_on: date | None
    document_digest: str


_BODIES: Final[dict[Level, DecidingBody]] = {
    Level.LOW: DecidingBody.DATA_SECURITY_PERSON,
    Level.UNCLEAR: DecidingBody.BRANCH_AND_RISK_MANAGEMENT,
    Level.MODERATE: DecidingBody.BRANCH_AND_RISK_MANAGEMENT,
    Level.HIGH: DecidingBody.CITY_MANAGEMENT,
}


def deciding_body_for(level: Level) -> DecidingBody:
    """Who decides on an analysis of this level of risk (2.6, phase 3).

    >>> deciding_body_for(Level.UNCLEAR)
    <DecidingBody.BRANCH_AND_RISK_MANAGEMENT: 'branch_and_risk_management'>
    """
    return _BODIES[level]


def months_after(day: date, months: int) -> date:
    """The same day some months later, or the last of that month where it has no such day; never after the calendar's end.

    >>> months_after(date(2026, 1, 31), 1)
    datetime.date(2026, 2, 28)
    """
    years, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    if years > MAXYEAR:
        return date.max
    return date(years, month + 1, min(day.day, monthrange(years, month + 1)[1]))


def latest_end(kind: KindOfAnalysis, decided_on: date, intervals: Intervals = AS_A_RULE) -> date:
    """The last day for which a permit of this kind may be given."""
    months = intervals.longest_one_off if kind is KindOfAnalysis.ONE_OFF else intervals.longest
    return months_after(decided_on, months)


def next_reassessment(level: Level, decided_on: date, intervals: Intervals = AS_A_RULE) -> date | None:
    """When the next reassessment falls due; low risk has none."""
    months = {0: None, 1: intervals.reassessment_moderate, 2: intervals.reassessment_high}[level.rank]
    return None if months is None else months_after(decided_on, months)


def objections_to_decision(
    decision: Decision,
    level: Level,
    kind: KindOfAnalysis,
    *,
    day: date,
    estimate_version: int,
    intervals: Intervals = AS_A_RULE,
    outside_expiry: date | None = None,
) -> tuple[Objection, ...]:
    """Why a decision cannot stand as it is: what it lacks, who may not make it, and how long it may not hold.

    `level` is the risk as it is now assessed, `day` the day on which the decision is recorded, `outside_expiry` the
    earliest expiry among the sources' outside permits.
    """
    return (
        *(objection("decision_entry_missing", entry=title_of(entry)) for entry in _missing(decision)),
        *_against_digests(decision),
        *_against_level(decision, level, estimate_version),
        *_against_days(decision, day),
        *_against_length(decision, kind, intervals, outside_expiry=outside_expiry),
    )


def _missing(decision: Decision) -> Iterator[DecisionEntry]:
    entries = {
        DecisionEntry.DIARY_NUMBER: decision.diary_number.strip(),
        DecisionEntry.GROUND_OF_COMPETENCE: decision.ground_of_competence.strip(),
        DecisionEntry.DECIDING_BODY: decision.deciding_body,
        DecisionEntry.DECIDED_ON: decision.decided_on,
        DecisionEntry.REASONS: decision.reasons.strip(),
        DecisionEntry.PUBLICITY_CLASS: decision.publicity_class,
        DecisionEntry.SECRECY_STATUTE: _is_public(decision) or decision.secrecy_statute.strip(),
        DecisionEntry.RETENTION_CLASS: _is_kept(decision.retention_class),
        DecisionEntry.RETENTION_STATUTE: decision.retention_class is None or decision.retention_class.statute.strip(),
        DecisionEntry.APPEAL_INSTRUCTIONS: decision.appeal_instructions.strip(),
        DecisionEntry.CONDITIONS: all(condition.strip() for condition in decision.conditions),
        DecisionEntry.VALID_UNTIL: decision.valid_until,
        DecisionEntry.DECIDED_CLASS: decision.decided_class,
        DecisionEntry.DECIDED_LEVEL: decision.decided_level,
        DecisionEntry.DECISION_DOCUMENT: decision.document_digest or not _is_documented_separately(decision),
        DecisionEntry.MATRIX_OVERRIDE_REASON: decision.matrix_override_reason is None
        or decision.matrix_override_reason.strip(),
        DecisionEntry.OTHER_INFORMATION: all(attached.title.strip() for attached in decision.other_information),
    }
    return (entry for entry, filled in entries.items() if not filled)


def _is_public(decision: Decision) -> bool:
    return decision.publicity_class in {None, PublicityClass.PUBLIC}


def _is_kept(retention: RetentionClass | None) -> bool:
    return retention is not None and (retention.years is None or retention.years > 0)


def _is_documented_separately(decision: Decision) -> bool:
    return decision.decided_level is not None and decision.decided_level is not Level.LOW


def _against_digests(decision: Decision) -> Iterator[Objection]:
    if decision.document_digest and not is_digest(decision.document_digest):
        yield objection("not_a_digest", entry=title_of(DecisionEntry.DECISION_DOCUMENT))
    if not all(is_digest(attached.digest) for attached in decision.other_information):
        yield objection("not_a_digest", entry=title_of(DecisionEntry.OTHER_INFORMATION))


def _against_level(decision: Decision, level: Level, estimate_version: int) -> Iterator[Objection]:
    decided, body = decision.decided_level, decision.deciding_body
    if decided is not None and decided.rank < level.rank:
        yield objection("decided_below_level", decided=title_of(decided), level=title_of(level))
    # Whoever decides too low is told of the level alone, not of the body that would follow from it.
    elif decided is not None and body is not None and body is not deciding_body_for(decided):
        yield objection("other_body_decides", level=title_of(decided), body=title_of(deciding_body_for(decided)))
    known = decision.decided_class
    if known is not None and known.has_the_status_of_unprocessed_data and decided not in {None, Level.HIGH}:
        yield objection("unprocessed_data_is_high", data_class=title_of(known))
    if decision.covers_estimate_version != estimate_version:
        yield objection("decision_other_version", covered=decision.covers_estimate_version, current=estimate_version)


def _against_days(decision: Decision, day: date) -> Iterator[Objection]:
    if decision.decided_on is not None and decision.decided_on > day:
        yield objection("decision_day_ahead", entry=title_of(DecisionEntry.DECIDED_ON))
    if decision.valid_until is None:
        return
    if decision.decided_on is not None and decision.valid_until < decision.decided_on:
        yield objection("ends_before_decision", day=said(decision.decided_on))
    elif decision.valid_until < day:
        yield objection("ends_in_the_past", day=said(day))


def _against_length(
    decision: Decision, kind: KindOfAnalysis, intervals: Intervals, *, outside_expiry: date | None
) -> Iterator[Objection]:
    if decision.valid_until is None:
        return
    if decision.decided_on is not None and decision.valid_until > latest_end(kind, decision.decided_on, intervals):
        yield objection("ends_too_late", day=said(latest_end(kind, decision.decided_on, intervals)))
    if outside_expiry is not None and decision.valid_until > outside_expiry:
        yield objection("ends_after_outside_permit", day=said(outside_expiry))
