"""What is asked of an idea: when it is proposed, and by each act; and where an objection to it belongs.

Handbook 2.1 (the operational models).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Final

from django.conf import settings
from django.http import QueryDict

from jalostamo.concepts.errors import Objection
from jalostamo.concepts.organisations import OperatingModel
from jalostamo.permits.descriptions import Description, Entry
from jalostamo.permits.ideas import Idea, Origin
from townhall.pages.asking import Kind, Option, Question, one_in, text_in
from townhall.pages.words import WORDS, say
from townhall.permits.describing.entries import question
from townhall.permits.ideas.acts import IdeaAct

_LONGEST: Final = 10_000
_LINE: Final = 200
_PLACES: Final[Mapping[str, str]] = {
    "idea_unnamed": "name",
    "idea_empty": "text",
    "idea_origin": "origin",
    "idea_operating_model": "operating_model",
    "idea_need": "need",
    "idea_refusal_reason": "reason",
    "idea_outcome": "outcome",
    "idea_unit": "handed_to",
    "idea_method": "method",
}
"""At which question each objection is said."""


def idea_in(sent: QueryDict, person: str) -> Idea:
    """The idea that was written; the rules say what it lacks."""
    return Idea(
        id="",
        name=text_in(sent, "name"),
        text=text_in(sent, "text"),
        origin=one_in(sent, "origin", Origin),
        operating_model=one_in(sent, "operating_model", OperatingModel),
        need=text_in(sent, "need"),
        proposed_by=person,
    )


def questions_of(idea: Idea) -> tuple[Question, ...]:
    """What is asked of who proposes an idea; what a description asks too is asked in the same words."""
    same = Description(name=idea.name, need=idea.need, origin=idea.origin, operating_model=idea.operating_model)
    return (
        question(Entry.NAME, same, {}),
        _text("text", idea.text),
        question(Entry.NEED, same, {}),
        question(Entry.ORIGIN, same, {}),
        question(Entry.OPERATING_MODEL, same, {}),
    )


def questions_for(act: IdeaAct, idea: Idea, sent: QueryDict) -> tuple[Question, ...]:
    """What an act asks, with what was sent, or what the idea says already."""
    return tuple(
        _question(name, text_in(sent, name) if name in sent else str(getattr(idea, name) or ""), act)
        for name in act.asks
    )


def answers_in(act: IdeaAct, sent: QueryDict) -> Mapping[str, str]:
    """What was answered; a unit that the municipality does not have is no answer."""
    units = {unit.id for unit in settings.TOWN.units}
    said = {name: text_in(sent, name)[:_LONGEST] for name in act.asks}
    return {name: text for name, text in said.items() if name != "handed_to" or text in units}


def with_errors(questions: Sequence[Question], wrong: Sequence[Objection]) -> tuple[list[Question], list[Objection]]:
    """The questions with what is wrong with them, and the objections that belong to none."""
    said = {_PLACES.get(getattr(each, "code", ""), ""): each for each in wrong}
    asked = [replace(q, error=getattr(said[q.name], "text", None)) if q.name in said else q for q in questions]
    names = {q.name for q in questions}
    return asked, [each for each in wrong if _PLACES.get(getattr(each, "code", "")) not in names]


def too_long(questions: Sequence[Question], sent: QueryDict) -> list[Question]:
    """The questions whose answers are longer than what is kept."""
    return [
        replace(q, error=say("form.too_long", limit=q.longest)) if len(text_in(sent, q.name)) > q.longest else q
        for q in questions
    ]


def _question(name: str, answer: str, act: IdeaAct) -> Question:
    if name == "handed_to":
        options = tuple(Option(unit.id, unit.name) for unit in settings.TOWN.units)
        chosen = frozenset({answer}) if answer else frozenset[str]()
        return Question(name, Kind.PICK, WORDS["ideas.handed_to"], WORDS["ideas.handed_to_help"], chosen, options)
    return _text(name, answer)


def _text(name: str, answer: str) -> Question:
    return Question(name, Kind.TEXT, WORDS[f"ideas.{name}"], WORDS[f"ideas.{name}_help"], answer, longest=_LONGEST)
