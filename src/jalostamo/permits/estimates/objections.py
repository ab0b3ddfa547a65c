"""What is still wrong with an estimate: what is unanswered, and what contradicts itself.

A draft may hold all of it; an estimate that is submitted, nothing.

Handbook 2.6, phase 2; Appendix 1.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from jalostamo.permits.estimates.answers import Estimate, answer_to
from jalostamo.permits.estimates.choices import YesNo, YesNoUnable
from jalostamo.permits.estimates.form import FORM, AnswerKind, FormField
from jalostamo.permits.estimates.shown import is_shown
from jalostamo.permits.objections import PermitObjection, objection
from jalostamo.permits.terms import DataClass, Step, title_of

LONGEST_TEXT: Final = 10_000
"""So many characters a free answer may have."""


@dataclass(frozen=True, slots=True)
class Placed:
    """An objection, and the entry of the form at which it is shown."""

    entry: str
    objection: PermitObjection


def objections_to_estimate(estimate: Estimate, data_class: DataClass) -> tuple[PermitObjection, ...]:
    """Every reason why an estimate cannot be submitted yet; `data_class` is the one planned in the description.

    Hidden entries are not looked at, save that harms to persons are not forgotten where there is no personal data.
    """
    return tuple(placed.objection for placed in placed_objections(estimate, data_class))


def placed_objections(estimate: Estimate, data_class: DataClass) -> tuple[Placed, ...]:
    """The same, each at its entry."""
    return (
        *_to_entries(estimate),
        *_to_personal_data(estimate, data_class),
        *_to_treatments(estimate),
        *_to_stated(estimate),
    )


def _to_entries(estimate: Estimate) -> Iterator[Placed]:
    for field in FORM.asked:
        if is_shown(field, estimate):
            yield from (Placed(field.id, found) for found in _to_entry(field, answer_to(estimate, field.id)))


def _to_entry(field: FormField, answer: object) -> Iterator[PermitObjection]:
    if not field.optional and (answer is None or answer == frozenset()):
        yield objection("estimate_unanswered", entry=field.label)
    if isinstance(answer, str) and not field.optional and not answer.strip():
        yield objection("estimate_unanswered", entry=field.label)
    if isinstance(answer, str) and len(answer) > LONGEST_TEXT:
        yield objection("estimate_too_long", entry=field.label, most=LONGEST_TEXT)
    if field.kind in (AnswerKind.DAYS, AnswerKind.EUROS) and isinstance(answer, int) and answer < 0:
        yield objection("estimate_cost_below_zero", entry=field.label)


def _to_personal_data(estimate: Estimate, data_class: DataClass) -> Iterator[Placed]:
    raw, analysed = estimate.raw_has_personal, estimate.analysed_has_personal
    results = estimate.results_have_personal
    if raw is YesNo.NO and YesNoUnable.YES in (analysed, results):
        yield Placed("raw_has_personal", objection("estimate_raw_holds_none"))
    if analysed is YesNoUnable.NO and results is YesNoUnable.YES:
        yield Placed("analysed_has_personal", objection("estimate_analysed_holds_none"))
    if estimate.personal_harms and (raw, analysed, results) == (YesNo.NO, YesNoUnable.NO, YesNoUnable.NO):
        yield Placed("personal_harms", objection("estimate_harm_to_nobody"))
    if analysed is YesNoUnable.NO and data_class.has_the_status_of_unprocessed_data:
        yield Placed("analysed_has_personal", objection("estimate_class_is_personal", data_class=title_of(data_class)))


def _to_treatments(estimate: Estimate) -> Iterator[Placed]:
    for harm, treatment in sorted(estimate.other_harms.items()):
        if treatment.is_missing:
            yield Placed("other_harms", objection("estimate_harm_untreated", harm=title_of(harm)))
        if max(len(treatment.redaction), len(treatment.reason)) > LONGEST_TEXT:
            yield Placed("other_harms", objection("estimate_too_long", entry=title_of(harm), most=LONGEST_TEXT))


def _to_stated(estimate: Estimate) -> Iterator[Placed]:
    # Each is placed at the reason that is missing.
    if _is_below(estimate.benefit_by_matrix, estimate.stated_benefit, estimate.benefit_reason):
        label = FORM.field("stated_benefit").label
        yield Placed("benefit_reason", objection("estimate_benefit_above_matrix", entry=label))
    if _is_below(estimate.stated_processing_risk, estimate.processing.step, estimate.processing_reason):
        label = FORM.field("stated_processing_risk").label
        yield Placed("processing_reason", objection("estimate_risk_below_matrix", entry=label))
    if _is_below(estimate.stated_publication_risk, estimate.publication.step, estimate.publication_reason):
        label = FORM.field("stated_publication_risk").label
        yield Placed("publication_reason", objection("estimate_risk_below_matrix", entry=label))


def _is_below(one: Step | None, other: Step | None, reason: str) -> bool:
    return one is not None and other is not None and one < other and not reason.strip()
