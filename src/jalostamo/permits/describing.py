"""What phase 1 asks of a description before it may be assessed, and the fields that it asks for and does not need.

Handbook 2.6, phase 1; 2.2.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import fields, is_dataclass
from enum import Enum
from typing import Final

from jalostamo.concepts.customers import COUNTED_KINDS
from jalostamo.concepts.errors import Objection
from jalostamo.concepts.languages import Text
from jalostamo.concepts.organisations import OperatingModel
from jalostamo.permits.descriptions import Approach, Description, Entry, SourceAsked
from jalostamo.permits.kinds import objections_to_deviations
from jalostamo.permits.objections import objection
from jalostamo.permits.terms import DataClass, Lane, title_of

LONGEST_TEXT: Final = 10_000
"""The most characters that one text of a description may have."""

_ASKED_FIRST: Final[Mapping[Entry, str]] = {
    Entry.NAME: "describing_unfilled",
    Entry.ORIGIN: "describing_origin",
    Entry.AIMS: "describing_aims",
    Entry.QUESTIONS: "describing_questions",
    Entry.APPROACH: "describing_approach",
    Entry.CUSTOMERS: "describing_unfilled",
    Entry.CUSTOMER_KINDS: "describing_unfilled",
    Entry.UNIT_OF_ANALYSIS: "describing_unfilled",
    Entry.SOURCES: "describing_sources",
    Entry.TIME_FRAME_FROM: "describing_unfilled",
    Entry.TIME_FRAME_UNTIL: "describing_unfilled",
    Entry.CONTENT: "describing_unfilled",
    Entry.KIND: "describing_kind",
    Entry.OPERATING_MODEL: "describing_operating_model",
    Entry.MEANS: "describing_means",
    Entry.AUDIENCES: "describing_audiences",
}

_ASKED_FOR_ASSESSMENT: Final = (
    Entry.SUMMARY,
    Entry.COMMISSIONING_UNIT,
    Entry.COMMISSIONED_BY,
    Entry.ANALYST,
    Entry.DATA_RETRIEVED_BY,
    Entry.PURPOSE,
    Entry.USERS,
    Entry.PRIVACY_PROTECTION,
    Entry.DATA_SECURITY,
    Entry.PROCESSING_TOOLS,
)


def objections_to_describing(description: Description) -> tuple[Objection, ...]:
    """What phase 1 still asks of a description, in the order of the form; empty = it may go to assessment (guard G1)."""
    return (
        *(objection(code, **_named(entry, code)) for entry, code in _ASKED_FIRST.items() if _lacks(description, entry)),
        *_objections_to_need(description),
        *_objections_to_questions(description),
        *_objections_to_fields(description),
        *_objections_to_sources(description),
        *_objections_to_frame(description),
        *_objections_to_class(description),
        *objections_to_deviations(
            description.deviations,
            kind=description.kind,
            data_class=description.leaving_class,
            needs_identification=description.needs_identification,
        ),
        *_objections_to_lengths(description),
    )


def objections_to_basic_information(description: Description) -> tuple[Objection, ...]:
    """What section 1 of the form asks beyond phase 1, before an assessment is handed in (Appendix 1)."""
    lacking = (entry for entry in _ASKED_FOR_ASSESSMENT if _lacks(description, entry))
    unfilled = [objection("basic_information_unfilled", entry=title_of(entry)) for entry in lacking]
    retrieves = description.analyst is not None and description.analyst in description.data_retrieved_by
    if retrieves and description.contains_personal_data:
        unfilled.append(objection("analyst_retrieves"))
    return tuple(unfilled)


def unused_fields(description: Description) -> tuple[str, ...]:
    """The fields asked for analysis that serve no hypothesis: less data would do. Linking fields are exempt."""
    served = {variable for hypothesis in description.hypotheses for variable in hypothesis.variables}
    asked = (field for source in description.sources for field in source.analysed)
    return tuple(field for field in asked if field not in served)


def _lacks(description: Description, entry: Entry) -> bool:
    value: object = getattr(description, entry.value)
    if isinstance(value, tuple) and all(isinstance(part, str) for part in value):
        return not any(part.strip() for part in value)
    return not (value.strip() if isinstance(value, str) else value)


def _named(entry: Entry, code: str) -> dict[str, Text]:
    return {"entry": title_of(entry)} if code == "describing_unfilled" else {}


def _objections_to_need(description: Description) -> Iterator[Objection]:
    if _lacks(description, Entry.NEED):
        # In model C ideas are born out of the data: there is no need yet, and so nobody whose need it is.
        if description.operating_model is not OperatingModel.GROUP_ORIGINATES:
            yield objection("describing_need")
        return
    if _lacks(description, Entry.NEED_OWNER):
        yield objection("describing_need_owner")
    if _lacks(description, Entry.BUSINESS_AIM):
        yield objection("describing_business_aim")


def _objections_to_questions(description: Description) -> Iterator[Objection]:
    questions, hypotheses = description.questions, description.hypotheses
    for entry, ids in (
        (Entry.QUESTIONS, [question.id for question in questions]),
        (Entry.HYPOTHESES, [hypothesis.id for hypothesis in hypotheses]),
    ):
        if len(set(ids)) < len(ids) or not all(each.strip() for each in ids):
            yield objection("describing_ids", entry=title_of(entry))
    answered = {hypothesis.question for hypothesis in hypotheses}
    for number, question in enumerate(questions, start=1):
        if not question.text.strip():
            yield objection("describing_question_empty", number=number)
        if question.id not in answered and description.approach is not Approach.EXPERIMENTAL:
            yield objection("describing_question_alone", number=number)
    for number, hypothesis in enumerate(hypotheses, start=1):
        if not hypothesis.text.strip():
            yield objection("describing_hypothesis_empty", number=number)
        if hypothesis.question not in {question.id for question in questions}:
            yield objection("describing_hypothesis_alone", number=number)
        if not hypothesis.variables:
            yield objection("describing_hypothesis_bare", number=number)


def _objections_to_fields(description: Description) -> Iterator[Objection]:
    asked = {field for source in description.sources for field in source.asked}
    for number, hypothesis in enumerate(description.hypotheses, start=1):
        for variable in dict.fromkeys(hypothesis.variables):
            if variable not in asked:
                yield objection("describing_variable_unasked", number=number, field=variable)
    # An experimental analysis may start from questions alone: what is unused there is shown, not refused.
    if description.approach is not Approach.EXPERIMENTAL:
        for field in dict.fromkeys(unused_fields(description)):
            yield objection("describing_field_unused", field=field)


def _objections_to_sources(description: Description) -> Iterator[Objection]:
    for place, times in Counter(source.place for source in description.sources).items():
        if times > 1:
            yield objection("describing_source_twice", source=place)
    for number, source in enumerate(description.sources, start=1):
        for code, is_wrong in _wrongs_of(source).items():
            if is_wrong:
                yield objection(code, number=number)


def _wrongs_of(source: SourceAsked) -> dict[str, bool]:
    return {
        "describing_source_unnamed": not (_is_a_name(source.register) and _is_a_name(source.table)),
        "describing_source_fieldless": not source.asked,
        "describing_source_field_unnamed": not all(
            _is_a_name(name) for name in (*source.fields, *source.linking_fields)
        ),
        "describing_source_field_twice": any(
            len(set(names)) < len(names) for names in (source.fields, source.linking_fields)
        ),
        "describing_source_controller": not source.controller.strip(),
        "describing_source_unit": source.is_internal and not (source.owning_unit or "").strip(),
        "describing_source_purpose": not source.purpose_text.strip(),
        "describing_source_subjects": source.contains_personal_data and not source.subjects,
        "describing_source_of_nobody": not source.contains_personal_data and bool(source.subjects),
    }


def _is_a_name(name: str) -> bool:
    # With a dot in a name, two different fields could be written as the same `register.table.field`.
    return bool(name.strip()) and "." not in name


def _objections_to_frame(description: Description) -> Iterator[Objection]:
    first, last = description.time_frame_from, description.time_frame_until
    if first is not None and last is not None and last < first:
        yield objection("describing_time_frame_order")
    if description.unit_of_analysis is not None and description.unit_of_analysis not in COUNTED_KINDS:
        yield objection("describing_unit_uncounted")


def _objections_to_class(description: Description) -> Iterator[Objection]:
    leaves, is_sealed = description.data_class, description.sealed_job
    if leaves is DataClass.IDENTIFIED and not is_sealed:
        yield objection("describing_identified")
    elif description.lane is Lane.CELLS and leaves not in {DataClass.PRINTED_CELLS, DataClass.IDENTIFIED}:
        yield objection("describing_cells_class")
    if description.lane is Lane.ROWS and leaves is DataClass.PRINTED_CELLS:
        yield objection("describing_rows_class")
    if is_sealed and description.lane is not Lane.CELLS:
        yield objection("describing_sealed_lane")
    if description.needs_identification:
        if not (is_sealed or leaves is DataClass.PSEUDONYMISED_WITH_KEY):
            yield objection("describing_identification_class")
        if _lacks(description, Entry.IDENTIFICATION_PURPOSE):
            yield objection("describing_identification_purpose")


def _objections_to_lengths(description: Description) -> Iterator[Objection]:
    for entry in Entry:
        if any(len(text) > LONGEST_TEXT for text in _texts(getattr(description, entry.value))):
            yield objection("describing_long", entry=title_of(entry), limit=LONGEST_TEXT)


def _texts(value: object) -> Iterator[str]:
    if isinstance(value, str) and not isinstance(value, Enum):
        yield value
    elif isinstance(value, tuple | frozenset):
        for part in value:
            yield from _texts(part)
    elif is_dataclass(value):
        for held in fields(value):
            yield from _texts(getattr(value, held.name))
