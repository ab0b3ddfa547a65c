"""What the record of an appeal must hold, and when an appeal brings a new case; its values are in `decisions`.

Handbook 2.6, phase 3.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from enum import StrEnum

from jalostamo.concepts.errors import Objection
from jalostamo.permits.decisions import Appeal, AppealOutcome, AppealResult, Decision, DecisionEntry
from jalostamo.permits.impact import is_digest
from jalostamo.permits.objections import objection
from jalostamo.permits.terms import title_of


def objections_to_appeal(appeal: Appeal, decision: Decision | None, *, day: date) -> tuple[Objection, ...]:
    """What the record of an appeal lacks; whether it came in time is for the body that hears it.

    Without a decision to continue it is a refusal that is appealed.
    """
    return _against_record(
        {
            DecisionEntry.LODGED_ON: appeal.lodged_on,
            DecisionEntry.LODGED_BY: appeal.lodged_by,
            DecisionEntry.APPEAL_DOCUMENT: appeal.document_digest,
        },
        since=None if decision is None else decision.decided_on,
        day=day,
    )


def objections_to_appeal_outcome(outcome: AppealOutcome, appeal: Appeal, *, day: date) -> tuple[Objection, ...]:
    """What the record of an appeal's outcome lacks."""
    return _against_record(
        {
            DecisionEntry.APPEAL_DECIDED_ON: outcome.decided_on,
            DecisionEntry.APPEAL_RESULT: outcome.result,
            DecisionEntry.APPEAL_DOCUMENT: outcome.document_digest,
        },
        since=appeal.lodged_on,
        day=day,
    )


def opens_a_new_case(outcome: AppealOutcome) -> bool:
    """Whether a new case is linked to the old one: after an appeal that succeeded, also in part."""
    return outcome.result in {AppealResult.UPHELD, AppealResult.PARTLY_UPHELD}


def _against_record(
    entries: Mapping[DecisionEntry, date | StrEnum | str | None], *, since: date | None, day: date
) -> tuple[Objection, ...]:
    """What any record of an appeal must have: every entry, a digest that is one, and a day between two others."""
    refused = [objection("decision_entry_missing", entry=title_of(e)) for e, filled in entries.items() if not filled]
    digest = entries[DecisionEntry.APPEAL_DOCUMENT]
    if digest and not is_digest(str(digest)):
        refused.append(objection("not_a_digest", entry=title_of(DecisionEntry.APPEAL_DOCUMENT)))
    for entry, recorded in entries.items():
        if isinstance(recorded, date) and not (since or date.min) <= recorded <= day:
            refused.append(objection("appeal_day_odd", entry=title_of(entry)))
    return tuple(refused)
