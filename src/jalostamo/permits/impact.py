"""The data-protection impact assessment, and whether the Data Protection Commissioner is consulted because of it.

When one is needed is a question of `law`; here is what one holds, and what it must hold before a decision.

Handbook 2.6, phase 3.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from jalostamo.concepts.errors import Objection
from jalostamo.permits.contents import written
from jalostamo.permits.objections import objection
from jalostamo.permits.terms import Step, title_of


class ConsultationOutcome(StrEnum):
    """What the Data Protection Commissioner answered."""

    NO_REMARKS = "no_remarks"
    ADVICE_GIVEN = "advice_given"
    PROHIBITED = "prohibited"


class ImpactEntry(StrEnum):
    """An entry of an impact assessment or of the consultation that a person fills in."""

    DOCUMENT = "document"
    MADE_ON = "made_on"
    MEASURES = "measures"
    RESIDUAL_RISK = "residual_risk"
    PRIVACY_ADVICE = "privacy_advice"
    ADVICE_GIVEN_BY = "advice_given_by"
    CONSULTATION_ADVISED = "consultation_advised"
    OPINION_DOCUMENT = "opinion_document"
    RECEIVED_ON = "received_on"
    DIARY_NUMBER = "diary_number"
    OUTCOME = "outcome"


@written
@dataclass(frozen=True, slots=True)
class ImpactAssessment:
    """An impact assessment is a document, what it found in short, and the privacy person's advice on it.

    `document_digest` is the SHA-256 of the document in hexadecimal, `residual_risk` what remains after the measures,
    `covers_estimate_version` the version of the estimate of Appendix 1 that it was made on.
    """

    document_digest: str
    made_on: date | None
    measures: str
    residual_risk: Step | None
    privacy_advice: str
    advice_given_by: str
    consultation_advised: bool | None
    covers_estimate_version: int


@written
@dataclass(frozen=True, slots=True)
class ConsultationOpinion:
    """What the Data Protection Commissioner answered, as the privacy person recorded it."""

    document_digest: str
    received_on: date | None
    diary_number: str
    outcome: ConsultationOutcome | None


def objections_to_impact_assessment(
    impact: ImpactAssessment, *, estimate_version: int, day: date
) -> tuple[Objection, ...]:
    """What an impact assessment still lacks on a day; it covers the version of the estimate that is decided on."""
    refused = [objection("impact_entry_missing", entry=title_of(entry)) for entry in _missing(impact)]
    if impact.document_digest and not is_digest(impact.document_digest):
        refused.append(objection("not_a_digest", entry=title_of(ImpactEntry.DOCUMENT)))
    if impact.made_on is not None and impact.made_on > day:
        refused.append(objection("impact_day_ahead", entry=title_of(ImpactEntry.MADE_ON)))
    if impact.covers_estimate_version != estimate_version:
        versions = {"covered": impact.covers_estimate_version, "current": estimate_version}
        refused.append(objection("impact_other_version", **versions))
    return tuple(refused)


def objections_to_deciding_without_impact(
    impact: ImpactAssessment | None, *, is_needed: bool, estimate_version: int, day: date
) -> tuple[Objection, ...]:
    """Why there can be no decision yet: an impact assessment is needed and is missing or unfinished."""
    if not is_needed:
        return ()
    if impact is None:
        return (objection("impact_missing"),)
    return objections_to_impact_assessment(impact, estimate_version=estimate_version, day=day)


def consultation_is_required(impact: ImpactAssessment) -> bool:
    """Whether the Commissioner must be consulted: risk stays high after the measures, or nobody has said that it does not.

    Otherwise city management decides, with the privacy person's advice before it.
    """
    return impact.residual_risk is None or impact.residual_risk >= Step.HIGH


def objections_to_opinion(opinion: ConsultationOpinion, *, day: date) -> tuple[Objection, ...]:
    """What the record of the Commissioner's answer still lacks."""
    entries = {
        ImpactEntry.OPINION_DOCUMENT: opinion.document_digest.strip(),
        ImpactEntry.RECEIVED_ON: opinion.received_on is not None,
        ImpactEntry.DIARY_NUMBER: opinion.diary_number.strip(),
        ImpactEntry.OUTCOME: opinion.outcome is not None,
    }
    refused = [
        objection("impact_entry_missing", entry=title_of(entry)) for entry, filled in entries.items() if not filled
    ]
    if opinion.document_digest and not is_digest(opinion.document_digest):
        refused.append(objection("not_a_digest", entry=title_of(ImpactEntry.OPINION_DOCUMENT)))
    if opinion.received_on is not None and opinion.received_on > day:
        refused.append(objection("impact_day_ahead", entry=title_of(ImpactEntry.RECEIVED_ON)))
    return tuple(refused)


def objections_to_going_on(
    impact: ImpactAssessment | None, opinion: ConsultationOpinion | None, *, reasons: str = ""
) -> tuple[Objection, ...]:
    """Why a case may not go on past the question of consulting (G9).

    Against the privacy person's advice to consult, city management goes on only with `reasons`; against a prohibition never.
    """
    if opinion is not None:
        prohibited = opinion.outcome is ConsultationOutcome.PROHIBITED
        return (objection("consultation_prohibited"),) if prohibited else ()
    if impact is None:
        return ()
    if consultation_is_required(impact):
        return (objection("consultation_required"),)
    against_advice = impact.consultation_advised and not reasons.strip()
    return (objection("consultation_advised"),) if against_advice else ()


def is_digest(text: str) -> bool:
    """Whether a text is a SHA-256 in small hexadecimal letters.

    >>> is_digest("a" * 64), is_digest("A" * 64)
    (True, False)
    """
    return len(text) == 64 and set(text) <= set("0123456789abcdef")


def _missing(impact: ImpactAssessment) -> tuple[ImpactEntry, ...]:
    entries = {
        ImpactEntry.DOCUMENT: impact.document_digest.strip(),
        ImpactEntry.MADE_ON: impact.made_on is not None,
        ImpactEntry.MEASURES: impact.measures.strip(),
        ImpactEntry.RESIDUAL_RISK: impact.residual_risk is not None,
        ImpactEntry.PRIVACY_ADVICE: impact.privacy_advice.strip(),
        ImpactEntry.ADVICE_GIVEN_BY: impact.advice_given_by.strip(),
        ImpactEntry.CONSULTATION_ADVISED: impact.consultation_advised is not None,
    }
    return tuple(entry for entry, filled in entries.items() if not filled)
