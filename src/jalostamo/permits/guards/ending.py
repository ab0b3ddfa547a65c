"""Guards of a permit's end: expiry, revocation, closing, what follows an appeal, and who may be given a role.

Handbook 2.6.
"""

from __future__ import annotations

from typing import Final, cast

from jalostamo.concepts.errors import Objection
from jalostamo.permits import papers
from jalostamo.permits.appeals import objections_to_appeal, objections_to_appeal_outcome
from jalostamo.permits.duties import objections_to_role
from jalostamo.permits.impact import is_digest
from jalostamo.permits.law_book import said
from jalostamo.permits.machines import PermitState, PublicationState
from jalostamo.permits.moves import Move
from jalostamo.permits.objections import objection
from jalostamo.permits.standing import ACTIVE_RUNS, BODIES, ends_on, has_data
from jalostamo.permits.terms import Level


def a_decision_was_made(move: Move) -> tuple[Objection, ...]:
    """There is a permit to end."""
    return () if move.initiative.decided is not None else (objection("decision_missing"),)


def body_of_the_level(move: Move) -> tuple[Objection, ...]:
    """The deciding body of the level acts, or the person responsible for data security."""
    level = Level.LOW if move.initiative.decided is None else move.initiative.decided.level
    # Whoever else a municipality asks to sign is no deciding body, and need not be.
    acting = {actor.role for actor in move.command.actors} & frozenset().union(*BODIES.values())
    return () if acting <= BODIES[level] else (objection("not_the_deciding_body"),)


def end_date_passed(move: Move) -> tuple[Objection, ...]:
    """The permit's last day is over."""
    last = ends_on(move.initiative)
    if last is None:
        return (objection("decision_missing"),)
    return () if move.day > last else (objection("end_date_ahead", day=said(last)),)


def follow_up_recorded(move: Move) -> tuple[Objection, ...]:
    """It is recorded what came of the analysis (S22-19)."""
    return () if move.initiative.follow_up is not None else (objection("follow_up_missing"),)


def data_destroyed(move: Move) -> tuple[Objection, ...]:
    """Every dataset that was made is destroyed, with its certificate."""
    left = [run for run in move.initiative.runs if has_data(move.initiative, run)]
    return (objection("data_left", count=len(left)),) if left else ()


def nothing_running(move: Move) -> tuple[Objection, ...]:
    """No run is under way, and no publication is being cleared."""
    running = any(run.state in ACTIVE_RUNS for run in move.initiative.runs)
    clearing = any(made.state is PublicationState.CLEARING for made in move.initiative.publications)
    return (objection("something_runs"),) if running or clearing else ()


def successor_named(move: Move) -> tuple[Objection, ...]:
    """The case that takes over is named, with the event by which it was permitted."""
    paper = cast("papers.SuccessorPermitted", move.command.content)
    named = bool(paper.case.strip()) and paper.case != move.initiative.id and is_digest(paper.event)
    return () if named else (objection("successor_unnamed"),)


def something_to_appeal(move: Move) -> tuple[Objection, ...]:
    """There is a decision, for or against, that can be appealed."""
    initiative = move.initiative
    appeal = cast("papers.AppealPaper", move.command.content).appeal
    decision = None if initiative.decided is None else initiative.decided.decision
    if decision is None and initiative.state not in {PermitState.REJECTED, PermitState.REVOKED}:
        return (objection("nothing_to_appeal"),)
    return objections_to_appeal(appeal, decision, day=move.day)


def appeal_is_open(move: Move) -> tuple[Objection, ...]:
    """An appeal has been lodged whose outcome is not yet known."""
    appeal = move.initiative.appeal
    if appeal is None or move.initiative.appeal_outcome is not None:
        return (objection("no_open_appeal"),)
    outcome = cast("papers.AppealOutcomePaper", move.command.content).outcome
    return objections_to_appeal_outcome(outcome, appeal, day=move.day)


def run_exists(move: Move) -> tuple[Objection, ...]:
    """A certificate of destruction names a run of this case."""
    paper = cast("papers.Destruction", move.command.content)
    known = move.initiative.run_called(paper.run) is not None
    return () if known and is_digest(paper.certificate) else (objection("certificate_unsound"),)


def duties_allow_the_role(move: Move) -> tuple[Objection, ...]:
    """A role is not given to somebody who has done, in this case, what it must be kept apart from (S24-08)."""
    return objections_to_role(move.initiative, cast("papers.RoleGiven", move.command.content).assignment)


GUARDS: Final = {
    guard.__name__: guard
    for guard in (
        a_decision_was_made,
        body_of_the_level,
        end_date_passed,
        follow_up_recorded,
        data_destroyed,
        nothing_running,
        successor_named,
        something_to_appeal,
        appeal_is_open,
        run_exists,
        duties_allow_the_role,
    )
}
