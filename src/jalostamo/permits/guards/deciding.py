"""Guards of the decision: which level goes to whom, what a decision records, and the Commissioner's part.

Handbook 2.6, phases 2, 3 and 6.
"""

from __future__ import annotations

import datetime
from typing import Final, cast

from jalostamo.concepts.errors import Objection
from jalostamo.permits import papers
from jalostamo.permits.decisions import Decision, deciding_body_for, objections_to_decision
from jalostamo.permits.impact import (
    consultation_is_required,
    objections_to_deciding_without_impact,
    objections_to_going_on,
)
from jalostamo.permits.initiative import Assessed, Initiative
from jalostamo.permits.kinds import is_continuous
from jalostamo.permits.law import earliest_expiry
from jalostamo.permits.law_book import needs_impact_assessment, said
from jalostamo.permits.machines import PermitState
from jalostamo.permits.moves import Move
from jalostamo.permits.objections import objection
from jalostamo.permits.settings import Deadline
from jalostamo.permits.standing import in_force
from jalostamo.permits.terms import KindOfAnalysis, Level, title_of

_CITY: Final = frozenset({PermitState.CITY, PermitState.REASSESSING_CITY})


def level_decided_at(move: Move) -> Level:
    """The level that the deciding body of the present state answers for."""
    return level_of_state(move.initiative, move.row.command)


def level_of_state(initiative: Initiative, command: str) -> Level:
    """The level that a command decides on where the case stands now."""
    if initiative.state in _CITY:
        return Level.HIGH
    return Level.LOW if command == "confirm_low" else Level.MODERATE


def _assessed(move: Move) -> Assessed:
    if move.initiative.assessed is None:
        raise KeyError("assessed")
    return move.initiative.assessed


def _found(move: Move) -> Level:
    """The level of the form, or the higher one that the group finds."""
    stated = cast("papers.GroupStatement", move.command.content).level
    return max(_assessed(move).level, stated, key=lambda level: level.rank)


def privacy_person_asked(move: Move) -> tuple[Objection, ...]:
    """The person responsible for privacy has given a statement on this version, or her time for it has passed."""
    initiative = move.initiative
    days = initiative.settings.deadlines[Deadline.PRIVACY_STATEMENT]
    until = initiative.local_day(initiative.asked_since) + datetime.timedelta(days=days)
    if initiative.privacy_statement_on == _assessed(move).version or move.day > until:
        return ()
    return (objection("privacy_person_unheard", day=said(until)),)


def level_is_low(move: Move) -> tuple[Objection, ...]:
    """Only a case of low risk is confirmed by the group alone."""
    level = _assessed(move).level
    return () if level is Level.LOW else (objection("level_not_low", level=title_of(level)),)


def group_agrees_low(move: Move) -> tuple[Objection, ...]:
    """The group itself finds the risk low."""
    stated = cast("papers.GroupStatement", move.command.content).level
    return () if stated is Level.LOW else (objection("group_finds_more", level=title_of(stated)),)


def group_finds_moderate(move: Move) -> tuple[Objection, ...]:
    """The risk is moderate or unclear, by the form or by the group, and not high by either."""
    level = _found(move)
    return () if level.rank == 1 else (objection("not_for_management", level=title_of(level)),)


def group_finds_high(move: Move) -> tuple[Objection, ...]:
    """The risk is high by the form or by the group, or the Commissioner has to be consulted."""
    level = _found(move)
    if level is Level.HIGH or _must_consult(move.initiative):
        return ()
    return (objection("not_for_the_city", level=title_of(level)),)


def above_the_decided(move: Move) -> tuple[Objection, ...]:
    """A reassessed case goes to a body above only for what the decision does not cover."""
    decided = move.initiative.decided
    if decided is None or _found(move).rank > decided.level.rank or _must_consult(move.initiative):
        return ()
    return (objection("decision_covers_already", level=title_of(decided.level)),)


def decision_complete(move: Move) -> tuple[Objection, ...]:
    """The decision records all that it has to (L-05), and is made for this version by this body."""
    return _objections(move, cast("papers.DecisionPaper", move.command.content).decision)


def statement_decision_complete(move: Move) -> tuple[Objection, ...]:
    """The group's statement on a low risk is the decision, and records what one does."""
    decision = cast("papers.GroupStatement", move.command.content).decision
    return (objection("decision_missing"),) if decision is None else _objections(move, decision)


def _objections(move: Move, decision: Decision) -> tuple[Objection, ...]:
    assessed = _assessed(move)
    level = level_decided_at(move)
    body = deciding_body_for(level)
    laws = [asked.law for asked in move.initiative.requests if asked.law is not None]
    wrong = list(
        objections_to_decision(
            decision,
            level,
            assessed.description.kind or KindOfAnalysis.ONE_OFF,
            day=move.day,
            estimate_version=assessed.version,
            intervals=move.initiative.settings.intervals,
            outside_expiry=earliest_expiry(laws),
        )
    )
    if decision.deciding_body is not None and decision.deciding_body is not body:
        wrong.append(objection("decision_of_another_body", body=title_of(body)))
    if decision.decided_class is not None and decision.decided_class is not assessed.data_class:
        wrong.append(objection("decision_of_another_class", data_class=title_of(assessed.data_class)))
    return tuple(wrong)


def impact_assessment_made(move: Move) -> tuple[Objection, ...]:
    """An impact assessment exists where the law's criteria ask for one, and covers what is decided (L-03)."""
    assessed, initiative = _assessed(move), move.initiative
    level = max(assessed.level, _stated(move), key=lambda found: found.rank)
    needed = needs_impact_assessment(level, assessed.description.subjects, day=move.day)
    version = assessed.version
    if initiative.impact is not None and initiative.decided is not None and _is_no_worse(initiative):
        # Reassessed, and no worse: the assessment made for the decision still speaks of it. What was decided moves on to
        # each reassessed version; the decision itself stays on the one that it was made on.
        made_on = initiative.decided.decision.covers_estimate_version
        version = max(initiative.impact.covers_estimate_version, made_on)
    return objections_to_deciding_without_impact(
        initiative.impact, is_needed=needed, estimate_version=version, day=move.day
    )


def _stated(move: Move) -> Level:
    return level_decided_at(move) if move.initiative.state in _CITY else Level.LOW


def _is_no_worse(initiative: Initiative) -> bool:
    decided, assessed = initiative.decided, initiative.assessed
    return (
        decided is not None
        and assessed is not None
        and assessed.level.rank <= decided.level.rank
        and assessed.data_class.exposure <= decided.data_class.exposure
        and initiative.impact is not None
        and initiative.impact.covers_estimate_version <= assessed.version
    )


def privacy_advice_recorded(move: Move) -> tuple[Objection, ...]:
    """City management has the privacy person's advice on consulting before it decides."""
    return () if move.initiative.advice is not None else (objection("privacy_advice_missing"),)


def commissioner_heard(move: Move) -> tuple[Objection, ...]:
    """The Commissioner is heard where it must be, or was asked; against advice only with reasons (G9)."""
    initiative = move.initiative
    if initiative.consulted and initiative.opinion is None:
        return (objection("commissioner_has_not_answered"),)
    decision = getattr(move.command.content, "decision", None)
    reasons = decision.reasons if isinstance(decision, Decision) else "reassessed"
    advised = initiative.advice is not None and initiative.advice.consult
    if advised and initiative.opinion is None and not reasons.strip():
        return (objection("consultation_advised"),)
    return objections_to_going_on(initiative.impact, initiative.opinion, reasons=reasons)


def _must_consult(initiative: Initiative) -> bool:
    return initiative.impact is not None and initiative.opinion is None and consultation_is_required(initiative.impact)


def decision_in_force(move: Move) -> tuple[Objection, ...]:
    """A valid decision exists, made on this version, and has not expired (G6)."""
    decided, assessed = move.initiative.decided, move.initiative.assessed
    if decided is None or assessed is None or decided.version != assessed.version:
        return (objection("decision_missing"),)
    return () if in_force(move.initiative, move.at) else (objection("permit_not_in_force"),)


def is_repeated(initiative: Initiative) -> bool:
    """Whether the analysis is one that goes on, so that a scheduler may order it again."""
    kind = initiative.description.kind if initiative.description else None
    return kind is not None and is_continuous(kind)


GUARDS: Final = {
    guard.__name__: guard
    for guard in (
        privacy_person_asked,
        level_is_low,
        group_agrees_low,
        group_finds_moderate,
        group_finds_high,
        above_the_decided,
        decision_complete,
        statement_decision_complete,
        impact_assessment_made,
        privacy_advice_recorded,
        commissioner_heard,
        decision_in_force,
    )
}
