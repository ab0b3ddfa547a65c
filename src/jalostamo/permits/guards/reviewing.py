"""Guards of phase 6 and of periodic reassessment: is it still low, is it within the decision, does the decision cover it.

Handbook 2.6, phases 6 and 8.
"""

from __future__ import annotations

import datetime
from typing import Final, cast

from jalostamo.concepts.errors import Objection
from jalostamo.permits import papers
from jalostamo.permits.comparing import widenings
from jalostamo.permits.guards.deciding import commissioner_heard
from jalostamo.permits.law_book import said
from jalostamo.permits.moves import Move
from jalostamo.permits.objections import objection
from jalostamo.permits.settings import Deadline
from jalostamo.permits.standing import level_is_covered, level_of_processing, reached_class, reassess_by
from jalostamo.permits.terms import Level, title_of


def still_low(move: Move) -> tuple[Objection, ...]:
    """The form is still low after the review, and so was the decision; otherwise the group looks again."""
    paper = cast("papers.Assessment", move.command.content)
    initiative = move.initiative
    description = paper.description or initiative.description
    if description is None or initiative.decided is None:
        return (objection("decision_missing"),)
    level = level_of_processing(initiative, paper.estimate, reached_class(initiative, description))
    if level is Level.LOW and initiative.decided.level is Level.LOW:
        return ()
    return (objection("no_longer_low", level=title_of(level if level is not Level.LOW else initiative.decided.level)),)


def review_within_the_decision(move: Move) -> tuple[Objection, ...]:
    """What the review adds to the description does not widen what was decided; that would be a new case or a rescoping."""
    paper = cast("papers.Assessment", move.command.content)
    decided = move.initiative.decided
    if decided is None:
        return (objection("decision_missing"),)
    return () if paper.description is None else widenings(paper.description, decided.description)


def decided_level_covers(move: Move) -> tuple[Objection, ...]:
    """The decided level covers what the form and the group now find (G8)."""
    stated = cast("papers.GroupStatement", move.command.content).level
    decided = move.initiative.decided
    if decided is not None and level_is_covered(move.initiative) and decided.level.rank >= stated.rank:
        return ()
    level = Level.LOW if decided is None else decided.level
    return (objection("decision_does_not_cover", level=title_of(level)),)


def level_has_risen(move: Move) -> tuple[Objection, ...]:
    """The level has risen above the decided one, or the Commissioner has to be heard again: neither G8 nor G9."""
    if not level_is_covered(move.initiative) or commissioner_heard(move):
        return ()
    return (objection("level_has_not_risen"),)


def reassessment_is_due(move: Move) -> tuple[Objection, ...]:
    """The interval of the last reassessment ends soon."""
    due = reassess_by(move.initiative)
    notice = move.initiative.settings.deadlines[Deadline.REASSESSMENT_NOTICE]
    if due is not None and move.day >= due - datetime.timedelta(days=notice):
        return ()
    return (objection("reassessment_not_due"),)


def interval_is_over(move: Move) -> tuple[Objection, ...]:
    """The interval of the last reassessment is over."""
    due = reassess_by(move.initiative)
    if due is not None and move.day >= due:
        return ()
    return (objection("reassessment_not_due") if due is None else objection("interval_not_over", day=said(due)),)


GUARDS: Final = {
    guard.__name__: guard
    for guard in (
        still_low,
        review_within_the_decision,
        decided_level_covers,
        level_has_risen,
        reassessment_is_due,
        interval_is_over,
    )
}
