"""A description as a page that one reads: every entry with its answer, screen by screen, and what data it asks for.

Handbook 2.6, phase 1.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from jalostamo.concepts.errors import Objection
from jalostamo.concepts.languages import LANGUAGES, Text
from jalostamo.permits.descriptions import Description, Entry, SourceAsked
from jalostamo.permits.kinds import Default
from townhall.pages.asking import Kind
from townhall.pages.templatetags.saying import day
from townhall.pages.words import WORDS
from townhall.permits.describing.entries import ASKED, Known, answer_of, label_of, options_for
from townhall.permits.describing.rows import Row, rows_of
from townhall.permits.describing.steps import STEPS, Step, wrong_on
from townhall.permits.describing.variables import Tested, called_at, tested
from townhall.permits.registers import table_at


@dataclass(frozen=True, slots=True)
class Answer:
    """An entry with its answer in words, empty where there is none, and what the rules say of it."""

    entry: Entry
    label: Text
    said: Text | str
    objections: tuple[Objection, ...] = ()


@dataclass(frozen=True, slots=True)
class SourceShown:
    """A source with its fields in words."""

    title: Text | str
    source: SourceAsked
    fields: tuple[Text | str, ...]
    linking: tuple[Text | str, ...]
    controller: Text | str


@dataclass(frozen=True, slots=True)
class Part:
    """What one screen has asked, with what is left to do there."""

    step: Step
    answers: tuple[Answer, ...]
    objections: tuple[Objection, ...]
    rows: tuple[Row, ...] = ()
    sources: tuple[SourceShown, ...] = ()
    tested: tuple[Tested, ...] = ()
    deviations: tuple[tuple[Default, str], ...] = ()

    @property
    def title(self) -> Text:
        """What the screen is about."""
        return self.step.title


def parts_of(description: Description, known: Known) -> Sequence[Part]:
    """The whole description, screen by screen."""
    return [_part(step, description, known) for step in STEPS]


def _part(step: Step, description: Description, known: Known) -> Part:
    wrong = list(wrong_on(step, description))
    rows = rows_of(description) if Entry.QUESTIONS in step.rows else ()
    return Part(
        step=step,
        answers=tuple(
            Answer(entry, label_of(entry), said_of(entry, description, known), tuple(o for e, o in wrong if e is entry))
            for entry in step.entries
        ),
        objections=tuple(found for entry, found in wrong if entry not in step.entries),
        rows=rows,
        sources=tuple(_sources(description, known)) if Entry.SOURCES in step.rows else (),
        tested=tested(description) if step.name == "variables" else (),
        deviations=tuple((each.default, each.reason) for each in description.deviations)
        if Entry.DEVIATIONS in step.rows
        else (),
    )


def said_of(entry: Entry, description: Description, known: Known) -> Text | str:
    """The answer to an entry in words."""
    answer = answer_of(entry, description)
    if isinstance(answer, bool):
        return title_of_tick(is_ticked=answer)
    if isinstance(answer, str):
        return _day(answer) if ASKED[entry].kind is Kind.DAY and answer else answer
    titles = {option.value: option.title for option in options_for(entry, known)}
    return in_a_row([titles.get(value, value) for value in _ordered(answer, list(titles))])


def title_of_tick(*, is_ticked: bool) -> Text:
    """Yes or no."""
    return WORDS["describe.yes" if is_ticked else "describe.no"]


def in_a_row(texts: Sequence[Text | str]) -> Text | str:
    """Texts in a row, with commas."""
    if not texts:
        return ""
    said = (
        ", ".join(each.in_language(language) if isinstance(each, Text) else each for each in texts)
        for language in LANGUAGES
    )
    return Text(*said)


def _day(answer: str) -> str:
    return day(date.fromisoformat(answer))


def _ordered(values: frozenset[str], order: Sequence[str]) -> Sequence[str]:
    return sorted(values, key=lambda value: (order.index(value) if value in order else len(order), value))


def _sources(description: Description, known: Known) -> Iterator[SourceShown]:
    called = {option.value: option.title for option in known["organisations"]}
    for source in description.sources:
        described = table_at(source.register, source.table)
        yield SourceShown(
            described[0].title if described else source.register,
            source,
            tuple(called_at(f"{source.place}.{name}") for name in source.fields),
            tuple(called_at(f"{source.place}.{name}") for name in source.linking_fields),
            called.get(source.controller, source.controller),
        )
