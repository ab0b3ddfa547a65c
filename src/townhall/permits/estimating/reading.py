"""The form as it is read: every section with its answers, those of the description and those that follow from the others.

It is one page for reviewing before handing in, for joining, and for looking at a version that was handed in.

Handbook 2.6, phases 1 to 3; Appendix 1.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from enum import Enum
from typing import Final

from django.conf import settings

from jalostamo.concepts.languages import Text
from jalostamo.permits.descriptions import Description, Entry, SourceAsked
from jalostamo.permits.estimates.answers import Estimate, Treatment, answer_to
from jalostamo.permits.estimates.choices import YesNo
from jalostamo.permits.estimates.difference import shown_answer
from jalostamo.permits.estimates.form import FORM, AnswerKind, AnswerSource, FormField
from jalostamo.permits.estimates.shown import is_shown
from jalostamo.permits.kinds import continuity_of
from jalostamo.permits.terms import title_of
from townhall.pages.templatetags.saying import day
from townhall.pages.words import WORDS
from townhall.permits.describing.entries import Known
from townhall.permits.describing.shown import said_of
from townhall.permits.estimating.leading import Leads
from townhall.permits.estimating.parts import PARTS, Part
from townhall.permits.registers import table_at

type Said = tuple[Text | str, ...]


@dataclass(frozen=True, slots=True)
class Line:
    """An entry as it is read: its name and title, and what stands there; nothing where it is unanswered."""

    entry: str
    title: Text
    said: Said
    is_optional: bool = False
    error: Text | None = None


@dataclass(frozen=True, slots=True)
class Reading:
    """A part of the form as it is read."""

    part: Part
    lines: tuple[Line, ...]


def readings_of(
    description: Description | None,
    estimate: Estimate,
    leads: Leads,
    *,
    known: Known,
    wrong: Mapping[str, Text] | None = None,
) -> tuple[Reading, ...]:
    """The whole form as it is read; `known` are the people and units that the description may name,
    `wrong` what is said at an entry."""
    described = description or Description()
    errors = wrong or {}

    def lines(part: Part) -> Iterator[Line]:
        for entry in part.entries:
            if entry.source is AnswerSource.DESCRIPTION:
                yield Line(entry.id, entry.label, described_answer(entry, described, known))
            elif entry.source is AnswerSource.DERIVED:
                yield Line(entry.id, entry.label, _derived(entry, leads))
            elif entry.source is AnswerSource.ESTIMATE and is_shown(entry, estimate):
                said = _answered(entry, answer_to(estimate, entry.id))
                yield Line(entry.id, entry.label, said, entry.optional, errors.get(entry.id))

    return tuple(Reading(part, tuple(lines(part))) for part in PARTS)


def derived_of(part: Part, leads: Leads) -> tuple[Line, ...]:
    """The entries of a part that follow from the other answers."""
    derived = (entry for entry in part.entries if entry.source is AnswerSource.DERIVED)
    return tuple(Line(entry.id, entry.label, _derived(entry, leads)) for entry in derived)


def described_answer(entry: FormField, described: Description, known: Known) -> Said:
    """What the description says to an entry of section 1; `known` are the people and units that it may name."""
    special = _SPECIAL.get(entry.id)
    if special is not None:
        return special(entry, described)
    told = (said_of(Entry(name), described, known) for name in entry.answered_in)
    return tuple(said for said in told if said)


def _customer_data(entry: FormField, described: Description) -> Said:
    return (title_of(YesNo.YES if described.customer_kinds else YesNo.NO),)


def _continuity(entry: FormField, described: Description) -> Said:
    return _options(entry, continuity_of(described.kind).value) if described.kind else ()


def _time_frame(entry: FormField, described: Description) -> Said:
    first, last = described.time_frame_from, described.time_frame_until
    return (f"{day(first)} – {day(last)}",) if first or last else ()


def _sources(entry: FormField, described: Description) -> Said:
    found = ((source, table_at(source.register, source.table)) for source in described.sources)
    return tuple(dict.fromkeys(table[0].title if table else source.place for source, table in found))


def _owners(entry: FormField, described: Description) -> Said:
    return tuple(dict.fromkeys(filter(None, map(_owner, described.sources))))


_SPECIAL: Final[Mapping[str, Callable[[FormField, Description], Said]]] = {
    "customer_data": _customer_data,
    "continuity": _continuity,
    "time_frame": _time_frame,
    "sources": _sources,
    "owner": _owners,
}
"""The entries that say otherwise than the description what it says."""


def _options(entry: FormField, value: str) -> Said:
    return tuple(option.title for option in entry.options if option.id == value)


def _owner(source: SourceAsked) -> Text | str:
    unit = settings.TOWN.unit(source.owning_unit)
    if unit is not None:
        return unit.name
    found = (organisation.name for organisation in settings.TOWN.organisations if organisation.id == source.controller)
    return next(found, source.controller)


def _answered(entry: FormField, answer: object) -> Said:
    if entry.kind is AnswerKind.TREATMENTS and isinstance(answer, Mapping):
        return tuple(said for harm, done in answer.items() for said in _treated(harm, done))
    if entry.kind is AnswerKind.STEP and entry.optional and answer is None:
        return (WORDS["estimate.as_matrix"],)
    return shown_answer(entry, answer)


def _treated(harm: Enum, done: Treatment) -> Iterator[Text | str]:
    yield title_of(harm)
    yield from (f"– {said}" for said in (done.redaction, done.reason) if said.strip())


_DERIVED: Final[Mapping[str, str]] = {
    "preliminary_risk": "risk",
    "preliminary_benefit": "benefit",
    "preliminary_cost": "cost",
}


def _derived(entry: FormField, leads: Leads) -> Said:
    """An entry that follows from the other answers; a level whose answers are missing is not said."""
    if entry.id in _DERIVED:
        level = getattr(leads.summary, _DERIVED[entry.id])
        is_known = level is not None and (entry.id != "preliminary_cost" or leads.cost is not None)
        return _options(entry, level.value) if is_known else ()
    if entry.id == "cost_class":
        return (title_of(leads.cost),) if leads.cost else ()
    if entry.id == "cost_days":
        return leads.days
    if entry.id == "decision":
        return (title_of(leads.cell),) if leads.cell else ()
    told = leads.benefit if entry.id == "benefit_points" else leads.publication
    return shown_answer(FORM.field(entry.id), told.points) if told else ()
