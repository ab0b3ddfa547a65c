"""A paper being written, and the questions that papers are made of; which paper asks what is said in `papers_asked`.

Nothing is judged here: an unfinished paper is made as it was written, and the rules say what it lacks.

Handbook 2.6, phases 1 to 3; Appendix 1.
"""

from __future__ import annotations

import datetime
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Final

from django.http import QueryDict

from jalostamo.concepts.languages import Text
from jalostamo.permits.decisions import (
    DecisionEntry,
)
from jalostamo.permits.impact import ImpactEntry
from jalostamo.permits.initiative import Initiative
from jalostamo.permits.terms import WORDS as TERMS
from jalostamo.permits.terms import title_of
from townhall.pages.asking import Kind, Option, Question, text_in
from townhall.pages.words import WORDS

LONGEST: Final = 10_000
_LINE: Final = 200
YES_NO: Final = (Option("yes", TERMS["YesNo.yes"]), Option("no", TERMS["YesNo.no"]))


@dataclass(frozen=True, slots=True)
class Sheet:
    """A paper being written: for which case and command, on which day and by whom, with what has been answered so far.

    `attached` are the digests of documents that were sent along, by the name of their question.
    """

    made: Initiative
    command: str
    day: datetime.date
    sent: QueryDict
    attached: Mapping[str, str]
    by: str = ""

    def line(self, name: str, otherwise: str = "") -> str:
        """What is written at a question, or what stands there before anybody has."""
        return text_in(self.sent, name) if name in self.sent else otherwise


@dataclass(frozen=True, slots=True)
class Paper:
    """A kind of paper: its questions, how it is made from the answers, and what these lack before it can be made."""

    questions: Callable[[Sheet], tuple[Question, ...]]
    made: Callable[[Sheet], object]
    lacking: Callable[[Sheet], Mapping[str, Text]] = lambda _: {}


def asked(entry: DecisionEntry | ImpactEntry, sheet: Sheet, kind: Kind = Kind.LINE, otherwise: str = "") -> Question:
    """A question that an entry of a decision or of an impact assessment asks."""
    name = entry.value
    longest = _LINE if kind is Kind.LINE else LONGEST
    help_ = WORDS.get(f"sheet.{name}_help")
    return Question(name, kind, title_of(entry), help_, sheet.line(name, otherwise), longest=longest)


def text(name: str, sheet: Sheet, *, optional: bool = False) -> Question:
    return Question(
        name,
        Kind.TEXT,
        WORDS[f"sheet.{name}"],
        WORDS.get(f"sheet.{name}_help"),
        sheet.line(name),
        optional=optional,
        longest=LONGEST,
    )


def choice(name: str, sheet: Sheet, options: tuple[Option, ...], label: str, otherwise: str = "") -> Question:
    chosen = sheet.line(name, otherwise)
    return Question(
        name,
        Kind.CHOICE,
        (TERMS.get(label) or WORDS[label]),
        WORDS.get(f"sheet.{name}_help"),
        frozenset({chosen}) if chosen else frozenset(),
        options,
    )


def yes(sheet: Sheet, name: str) -> bool | None:
    return {"yes": True, "no": False}.get(text_in(sheet.sent, name))


def document(entry: DecisionEntry | ImpactEntry, sheet: Sheet) -> Question:
    """A document to send along; once it has been, its digest stands for it."""
    return Question(
        entry.value,
        Kind.DOCUMENT,
        title_of(entry),
        WORDS.get(f"sheet.{entry.value}_help"),
        sheet.attached.get(entry.value, ""),
    )
