"""The entries of a description as questions: how each is asked, and how what was answered is read.

What has rows of its own (questions, sources, variables, deviations) lies in the modules beside this one.

Handbook 2.6, phase 1; Appendix 1, section 1.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from enum import Enum, StrEnum
from typing import Final, cast

from django.http import QueryDict

from jalostamo.concepts.customers import CUSTOMER_LABELS, CustomerKind
from jalostamo.concepts.languages import LANGUAGES, Language, Text
from jalostamo.concepts.organisations import OperatingModel
from jalostamo.permits.describing import LONGEST_TEXT
from jalostamo.permits.descriptions import Approach, Description, Entry, Purpose
from jalostamo.permits.estimates.form import FORM
from jalostamo.permits.exposure import Audience, Means
from jalostamo.permits.ideas import Origin
from jalostamo.permits.kinds import KINDS
from jalostamo.permits.terms import DataClass, KindOfAnalysis, Lane, title_of
from townhall.pages.asking import Kind, Option, Question, day_in, lines_in, many_in, one_in, options_of, text_in
from townhall.pages.words import WORDS

_LINE: Final = 200


@dataclass(frozen=True, slots=True)
class Ask:
    """How an entry is asked: of a closed list, of people or units that are known when it is shown, or in words."""

    kind: Kind
    closed: type[StrEnum] | None = None
    of: str = ""
    by_line: bool = False
    optional: bool = False


_LINES: Final = Ask(Kind.TEXT, by_line=True)
_TEXT: Final = Ask(Kind.TEXT)
_DAY: Final = Ask(Kind.DAY)

ASKED: Final[Mapping[Entry, Ask]] = {
    Entry.NAME: Ask(Kind.LINE),
    Entry.SUMMARY: _TEXT,
    Entry.NEED: _TEXT,
    Entry.NEED_OWNER: Ask(Kind.PICK, of="people"),
    Entry.BUSINESS_AIM: _TEXT,
    Entry.ORIGIN: Ask(Kind.CHOICE, Origin),
    Entry.AIMS: _LINES,
    Entry.OPERATING_MODEL: Ask(Kind.CHOICE, OperatingModel),
    Entry.APPROACH: Ask(Kind.CHOICE, Approach),
    Entry.CUSTOMERS: _TEXT,
    Entry.CUSTOMER_KINDS: Ask(Kind.MANY, CustomerKind),
    Entry.UNIT_OF_ANALYSIS: Ask(Kind.CHOICE, CustomerKind),
    Entry.TIME_FRAME_FROM: _DAY,
    Entry.TIME_FRAME_UNTIL: _DAY,
    Entry.CONTENT: _TEXT,
    Entry.KIND: Ask(Kind.CHOICE, KindOfAnalysis),
    Entry.LANE: Ask(Kind.CHOICE, Lane),
    Entry.DATA_CLASS: Ask(Kind.CHOICE, DataClass),
    Entry.SEALED_JOB: Ask(Kind.TICK),
    Entry.NEEDS_IDENTIFICATION: Ask(Kind.TICK),
    Entry.IDENTIFICATION_PURPOSE: Ask(Kind.TEXT, optional=True),
    Entry.COMMISSIONING_UNIT: Ask(Kind.PICK, of="units"),
    Entry.COMMISSIONED_BY: Ask(Kind.PICK, of="people"),
    Entry.ANALYST: Ask(Kind.PICK, of="analysts"),
    Entry.DATA_RETRIEVED_BY: Ask(Kind.MANY, of="retrievers"),
    Entry.PURPOSE: Ask(Kind.CHOICE, Purpose),
    Entry.USERS: _TEXT,
    Entry.MEANS: Ask(Kind.MANY, Means),
    Entry.AUDIENCES: Ask(Kind.MANY, Audience),
    Entry.PRIVACY_PROTECTION: _TEXT,
    Entry.DATA_SECURITY: _TEXT,
    Entry.PROCESSING_TOOLS: _TEXT,
}
"""The entries with one answer each."""

_OF_FORM: Final[Mapping[str, Text]] = {
    field.answered_in[0]: field.help for field in FORM.fields if len(field.answered_in) == 1
}
_NOT_COUNTED: Final = frozenset({CustomerKind.SOCIETY, CustomerKind.ENVIRONMENT})

type Known = Mapping[str, tuple[Option, ...]]
"""People and units that may be chosen, by what they are chosen for."""


def label_of(entry: Entry) -> Text:
    """What an entry is called, as it begins a line."""
    title = title_of(entry)
    return Text(*(_capital(word) for word in (title.fi, title.sv, title.en)))


def question(entry: Entry, description: Description, known: Known, error: Text | None = None) -> Question:
    """An entry as a question, with what the description says to it."""
    ask = ASKED[entry]
    return Question(
        name=entry.value,
        kind=ask.kind,
        label=label_of(entry),
        help=WORDS.get(f"describe.help_{entry.value}") or _OF_FORM.get(entry.value),
        answer=answer_of(entry, description),
        options=options_for(entry, known),
        error=error,
        optional=ask.optional,
        longest=longest(entry),
    )


def longest(entry: Entry) -> int:
    """How many characters an entry may have."""
    return _LINE if ASKED[entry].kind is Kind.LINE else LONGEST_TEXT


def filled(sentence: str, **words: Text | str | int) -> Text:
    """A sentence of the pages with its words filled in, in all languages."""
    said = WORDS[sentence]
    return Text(*(_filled(said.in_language(language), language, words) for language in LANGUAGES))


def _filled(said: str, language: Language, words: Mapping[str, Text | str | int]) -> str:
    return said.format(**{key: w.in_language(language) if isinstance(w, Text) else w for key, w in words.items()})


def answer_of(entry: Entry, description: Description) -> str | frozenset[str] | bool:
    """What the description says to an entry, as a question holds it."""
    value: object = getattr(description, entry.value)
    if isinstance(value, bool):
        return value
    if isinstance(value, tuple) and ASKED[entry].by_line:
        return "\n".join(value)
    if isinstance(value, frozenset | tuple):
        return frozenset(str(part.value if isinstance(part, Enum) else part) for part in value)
    if isinstance(value, Enum):
        return frozenset({str(value.value)})
    if ASKED[entry].kind is Kind.PICK:
        return frozenset({value}) if isinstance(value, str) else frozenset()
    return value.isoformat() if isinstance(value, date) else str(value or "")


def options_for(entry: Entry, known: Known) -> tuple[Option, ...]:
    """The options of an entry, with a word on what each means where there is one."""
    closed, of = ASKED[entry].closed, ASKED[entry].of
    if of:
        return known.get(of, ())
    if closed is CustomerKind:
        unwanted = _NOT_COUNTED if entry is Entry.UNIT_OF_ANALYSIS else frozenset()
        return tuple(Option(kind.value, CUSTOMER_LABELS[kind]) for kind in CustomerKind if kind not in unwanted)
    if closed is OperatingModel:
        return tuple(Option(model.value, WORDS[f"describe.model_{model.value.lower()}"]) for model in OperatingModel)
    if closed is KindOfAnalysis:
        return tuple(Option(kind.value, title_of(kind), KINDS[kind].example) for kind in KindOfAnalysis)
    noted = ((option, WORDS.get(f"describe.note_{option.value}")) for option in options_of(closed or ()))
    return tuple(Option(option.value, option.title, note) for option, note in noted)


def read(sent: QueryDict, entries: Iterable[Entry]) -> tuple[dict[str, object], dict[str, Text]]:
    """What was answered to entries, as the fields of a description; and what cannot be kept as it was written."""
    answers: dict[str, object] = {}
    wrong: dict[str, Text] = {}
    for entry in entries:
        answers[entry.value] = _answered(sent, entry)
        written = text_in(sent, entry.value)
        if ASKED[entry].kind is Kind.DAY and written and answers[entry.value] is None:
            wrong[entry.value] = WORDS["form.not_a_day"]
        if len(written) > longest(entry):
            wrong[entry.value] = filled("form.too_long", limit=longest(entry))
    for name in (Entry.LANE.value, Entry.DATA_CLASS.value):
        # They have an answer from the first: none sent means that nothing was changed.
        if name in answers and answers[name] is None:
            del answers[name]
    return answers, wrong


def _answered(sent: QueryDict, entry: Entry) -> object:
    ask, name = ASKED[entry], entry.value
    if ask.kind is Kind.DAY:
        return day_in(sent, name)
    if ask.kind is Kind.TICK:
        return bool(text_in(sent, name))
    if ask.closed is not None:
        closed = cast("type[Enum]", ask.closed)
        return many_in(sent, name, closed) if ask.kind is Kind.MANY else one_in(sent, name, closed)
    if ask.kind is Kind.MANY:
        return tuple(dict.fromkeys(value.strip() for value in sent.getlist(name) if value.strip()))
    if ask.kind is Kind.PICK:
        return text_in(sent, name) or None
    return lines_in(sent, name) if ask.by_line else text_in(sent, name)


def _capital(word: str) -> str:
    return word[:1].upper() + word[1:]
