"""Which data tests which hypothesis, and whether it can: said before anything is asked of anyone, from descriptions alone.

Handbook 2.6, phase 1; 2.2.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum

from django.http import QueryDict

from jalostamo.concepts.languages import Text
from jalostamo.concepts.registers import RegisterTable
from jalostamo.permits.describing import unused_fields
from jalostamo.permits.descriptions import Description, Hypothesis, SourceAsked
from townhall.pages.asking import Kind, Option, Question
from townhall.pages.words import WORDS
from townhall.permits.describing.entries import filled
from townhall.permits.describing.sources import joins
from townhall.permits.registers import table_at


class Verdict(StrEnum):
    """Whether a hypothesis can be tested with what is asked for, as it is planned."""

    TESTABLE = "testable"
    IN_PART = "in_part"
    UNTESTABLE = "untestable"


@dataclass(frozen=True, slots=True)
class Tested:
    """A hypothesis with the data that tests it: to be chosen, with what the plan allows, and why not more."""

    number: int
    hypothesis: Hypothesis
    questions: tuple[Question, ...]
    verdict: Verdict
    because: tuple[Text, ...]


def tested(description: Description) -> tuple[Tested, ...]:
    """Every hypothesis with its choices and its verdict."""
    return tuple(
        _tested(number, hypothesis, description) for number, hypothesis in enumerate(description.hypotheses, start=1)
    )


def unused(description: Description) -> tuple[tuple[str, Text | str], ...]:
    """The fields that no hypothesis needs, each with what it is called."""
    return tuple((place, called_at(place)) for place in unused_fields(description))


def called_at(place: str) -> Text | str:
    """What a field is called, by its place; its own name where it is described nowhere."""
    register, table, field = (*place.split("."), "", "")[:3]
    described = table_at(register, table)
    found = next((each for each in described[1].fields if each.name == field), None) if described else None
    return found.title if found else field


def take_variables(sent: QueryDict, description: Description) -> Description:
    """The description with the fields that were chosen for each hypothesis."""
    hypotheses = (
        replace(each, variables=tuple(dict.fromkeys(sent.getlist(f"v-{each.id}")))) for each in description.hypotheses
    )
    return replace(description, hypotheses=tuple(hypotheses))


def _tested(number: int, hypothesis: Hypothesis, description: Description) -> Tested:
    lacking, weak = tuple(_lacking(hypothesis, description)), tuple(_weak(hypothesis, description))
    verdict = Verdict.UNTESTABLE if lacking else Verdict.IN_PART if weak else Verdict.TESTABLE
    return Tested(number, hypothesis, tuple(_questions(hypothesis, description)), verdict, (*lacking, *weak))


def _questions(hypothesis: Hypothesis, description: Description) -> Iterator[Question]:
    """One question whose options stand source by source, so that each field is one choice."""
    chosen = frozenset(hypothesis.variables)
    asked = [place for source in description.sources for place in source.analysed]
    options = [
        Option(place, called_at(place), _same(_source_called(source)))
        for source in description.sources
        for place in source.analysed
    ]
    gone = [Option(place, place, WORDS["describe.not_asked"]) for place in hypothesis.variables if place not in asked]
    if options or gone:
        yield Question(f"v-{hypothesis.id}", Kind.MANY, WORDS["describe.variables"], None, chosen, (*options, *gone))


def _same(title: Text | str) -> Text:
    return title if isinstance(title, Text) else Text(title, title, title)


def _source_called(source: SourceAsked) -> Text | str:
    described = table_at(source.register, source.table)
    return described[0].title if described else source.register


def _lacking(hypothesis: Hypothesis, description: Description) -> Iterator[Text]:
    """What makes the hypothesis untestable: no data, data that is not asked for, tables that cannot be joined."""
    if not hypothesis.variables:
        yield WORDS["describe.because_bare"]
        return
    asked = {place for source in description.sources for place in source.asked}
    if not set(hypothesis.variables) <= asked:
        yield WORDS["describe.because_unasked"]
    used = _used(hypothesis, description)
    for source in used if len(used) > 1 else ():
        table = _table(source)
        if not source.linking_fields and (table is None or _could_join(table)):
            yield _named("describe.because_unjoined", source)


def _weak(hypothesis: Hypothesis, description: Description) -> Iterator[Text]:
    """What leaves doubts: data that nobody has described, no time frame, or nothing that tells when something happened."""
    if description.time_frame_from is None or description.time_frame_until is None:
        yield WORDS["describe.because_timeless"]
    used = _used(hypothesis, description)
    for source in used:
        table = _table(source)
        if table is None:
            yield _named("describe.because_undescribed", source)
            continue
        if len(used) > 1 and not _could_join(table):
            yield _named("describe.because_unjoinable", source)
        if table.occurred and table.occurred not in source.fields:
            title = called_at(f"{source.place}.{table.occurred}")
            yield _named("describe.because_undated", source, field=title)


def _used(hypothesis: Hypothesis, description: Description) -> Sequence[SourceAsked]:
    return [source for source in description.sources if set(source.analysed) & set(hypothesis.variables)]


def _table(source: SourceAsked) -> RegisterTable | None:
    described = table_at(source.register, source.table)
    return described[1] if described else None


def _could_join(table: RegisterTable) -> bool:
    return any(joins(field) for field in table.fields)


def _named(sentence: str, source: SourceAsked, **words: Text | str) -> Text:
    return filled(sentence, source=_source_called(source), table=source.table, **words)
