"""The rows of a description: its questions, and under each the hypotheses that answer it; added, written and taken out.

Handbook 2.6, phase 1; 2.2.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Final

from django.http import QueryDict

from jalostamo.permits.descriptions import BusinessQuestion, Description, Hypothesis
from townhall.pages.asking import text_in

MOST: Final = 50
"""So many questions, and so many hypotheses, are enough for any analysis; a page with more could not be read."""


@dataclass(frozen=True, slots=True)
class Row:
    """A question with its number and the hypotheses that answer it, each with its own number."""

    number: int
    question: BusinessQuestion
    hypotheses: tuple[tuple[int, Hypothesis], ...]


def rows_of(description: Description) -> tuple[Row, ...]:
    """The questions with their hypotheses, numbered as the rules number them."""
    numbered = list(enumerate(description.hypotheses, start=1))
    return tuple(
        Row(number, asked, tuple(pair for pair in numbered if pair[1].question == asked.id))
        for number, asked in enumerate(description.questions, start=1)
    )


def begun(description: Description) -> Description:
    """With a first question and hypothesis to write in, where there is none yet."""
    if description.questions:
        return description
    return replace(description, questions=(BusinessQuestion("q1"),), hypotheses=(Hypothesis("h1", "q1"),))


def take_rows(sent: QueryDict, description: Description) -> Description:
    """The description with its questions and hypotheses as they were sent, and a row added or taken out by a button."""
    known = {each.id: each for each in description.hypotheses}
    questions = [BusinessQuestion(name, text_in(sent, name)) for name in _ids(sent, "question")]
    hypotheses = [
        Hypothesis(name, text_in(sent, f"{name}-question"), text_in(sent, name), _variables(known.get(name)))
        for name in _ids(sent, "hypothesis")
    ]
    gone = sent.get("remove", "")
    questions = [each for each in questions if each.id != gone]
    hypotheses = [each for each in hypotheses if gone not in (each.id, each.question)]
    _add(sent.get("add", ""), questions, hypotheses)
    return replace(description, questions=tuple(questions), hypotheses=tuple(hypotheses))


def added(sent: QueryDict, description: Description) -> str:
    """The row that a button has added, by its id; so that the page opens there."""
    if sent.get("add") == "question" and description.questions:
        return description.questions[-1].id
    return description.hypotheses[-1].id if sent.get("add") and description.hypotheses else ""


def _add(what: str, questions: list[BusinessQuestion], hypotheses: list[Hypothesis]) -> None:
    hypothesis = _next("h", [each.id for each in hypotheses])
    if what == "question" and len(questions) < MOST and len(hypotheses) < MOST:
        questions.append(BusinessQuestion(_next("q", [each.id for each in questions])))
        hypotheses.append(Hypothesis(hypothesis, questions[-1].id))
    elif what in {each.id for each in questions} and len(hypotheses) < MOST:
        hypotheses.append(Hypothesis(hypothesis, what))


def _ids(sent: QueryDict, name: str) -> Iterable[str]:
    letter = name[0]
    sound = (each for each in sent.getlist(name) if each[:1] == letter and each[1:].isdecimal() and len(each) < 6)
    return list(dict.fromkeys(sound))[:MOST]


def _next(letter: str, ids: Sequence[str]) -> str:
    numbers = [int(each[1:]) for each in ids if each[1:].isdecimal()]
    return f"{letter}{max(numbers, default=0) + 1}"


def _variables(known: Hypothesis | None) -> tuple[str, ...]:
    return known.variables if known else ()
