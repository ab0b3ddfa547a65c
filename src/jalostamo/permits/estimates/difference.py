"""What changed between two versions of an estimate, entry by entry, for those who read it again.

Handbook 2.6, phase 6; Appendix 1.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from jalostamo.concepts.languages import Text
from jalostamo.permits.estimates.answers import Estimate, Treatment, answer_to, said_in
from jalostamo.permits.estimates.choices import OtherHarm, YesNo
from jalostamo.permits.estimates.costs import TENTHS
from jalostamo.permits.estimates.form import FORM, AnswerKind, FormField
from jalostamo.permits.terms import title_of

type Shown = tuple[Text | str, ...]
"""An answer as people read it: titles of options in the order of the form, or what was written; empty if unanswered.

Of another harm that was chosen: yes, its redaction, and its reason, of which one may be empty.
"""


@dataclass(frozen=True, slots=True)
class Difference:
    """One entry that changed, by its name and title, with what it said before and says after."""

    entry: str
    title: Text
    before: Shown
    after: Shown


def differences(old: Estimate, new: Estimate) -> tuple[Difference, ...]:
    """Every entry in which two versions differ, in the order of the form; each other harm is an entry of its own."""
    return tuple(
        found
        for field in FORM.asked
        for found in (_treatments(old, new) if field.kind is AnswerKind.TREATMENTS else _answers(field, old, new))
    )


def shown_answer(field: FormField, answer: object) -> Shown:
    """The answer to one entry as people read it."""
    if isinstance(answer, bool):
        return (title_of(YesNo.YES if answer else YesNo.NO),)
    if field.options:
        said = said_in(answer)
        return tuple(option.title for option in field.options if option.id in said)
    if isinstance(answer, int):
        return (_amount(field.kind, answer),)
    return (answer,) if isinstance(answer, str) and answer.strip() else ()


def _answers(field: FormField, old: Estimate, new: Estimate) -> Iterator[Difference]:
    before, after = (shown_answer(field, answer_to(estimate, field.id)) for estimate in (old, new))
    if before != after:
        yield Difference(field.id, field.label, before, after)


def _treatments(old: Estimate, new: Estimate) -> Iterator[Difference]:
    for harm in OtherHarm:
        before, after = (_shown_treatment(estimate.other_harms.get(harm)) for estimate in (old, new))
        if before != after:
            yield Difference(f"other_harms.{harm}", title_of(harm), before, after)


def _shown_treatment(treatment: Treatment | None) -> Shown:
    # A ticked harm without treatment differs from one that is not ticked.
    return () if treatment is None else (title_of(YesNo.YES), treatment.redaction, treatment.reason)


def _amount(kind: AnswerKind, amount: int) -> Text:
    whole, tenth = divmod(amount, TENTHS)
    unit = title_of(kind)
    if kind is not AnswerKind.DAYS or not tenth:
        number = whole if kind is AnswerKind.DAYS else amount
        return Text(f"{number} {unit.fi}", f"{number} {unit.sv}", f"{number} {unit.en}")
    return Text(f"{whole},{tenth} {unit.fi}", f"{whole},{tenth} {unit.sv}", f"{whole}.{tenth} {unit.en}")
