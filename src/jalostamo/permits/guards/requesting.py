"""Guards of phase 4: what may be asked of a source, what its owner may grant, and what is delivered.

Handbook 2.6, phase 4.
"""

from __future__ import annotations

from typing import Final, cast

from jalostamo.concepts.errors import Objection
from jalostamo.permits import papers, work_papers
from jalostamo.permits.law import SourceLaw, objections_to_output
from jalostamo.permits.machines import PermitState, RequestState, RunState
from jalostamo.permits.moves import Move
from jalostamo.permits.objections import objection
from jalostamo.permits.people import Automaton
from jalostamo.permits.standing import DELIVERING, in_force, may_prepare, sources_are_granted
from jalostamo.permits.terms import Lane
from jalostamo.permits.work_papers import RunKind


def fields_asked_of(move: Move, register: str) -> frozenset[str]:
    """The fields of a register, as `table.field`, that the decision covers."""
    decided = move.initiative.decided
    if decided is None:
        return frozenset()
    return frozenset(
        f"{source.table}.{name}"
        for source in decided.description.sources
        if source.register == register
        for name in (*source.fields, *source.linking_fields)
    )


def permit_is_requesting(move: Move) -> tuple[Objection, ...]:
    """Data is asked for in phase 4 only, under a decision in force."""
    requesting = move.initiative.state is PermitState.REQUESTING and in_force(move.initiative, move.at)
    return () if requesting else (objection("permit_not_requesting"),)


def every_source_granted(move: Move) -> tuple[Objection, ...]:
    """Every source that is still wanted has been granted by its owner."""
    return () if sources_are_granted(move.initiative) else (objection("sources_not_granted"),)


def source_can_be_dropped(move: Move) -> tuple[Objection, ...]:
    """A source that is dropped was asked for, and is not the last."""
    paper = cast("papers.SourceDropped", move.command.content)
    left = [r for r in move.initiative.requests if r.state is not RequestState.DROPPED]
    if paper.register not in {request.register for request in left}:
        return (objection("source_unknown"),)
    return () if len(left) > 1 else (objection("source_is_the_last"),)


def fields_within_decision(move: Move) -> tuple[Objection, ...]:
    """The fields that are agreed on are among those decided; their transfer has a technique."""
    paper = cast("papers.FieldsAgreed", move.command.content)
    beyond = set(paper.fields) - fields_asked_of(move, move.command.subject)
    wrong = []
    if beyond or not paper.fields:
        wrong.append(objection("fields_beyond_the_decision", count=len(beyond)))
    if not paper.technique.strip():
        wrong.append(objection("technique_missing"))
    return tuple(wrong)


def law_allows(move: Move) -> tuple[Objection, ...]:
    """The owner names a legal route that allows what the case wants of this source (L-01, L-02)."""
    law = cast("papers.AccessGranted", move.command.content).law
    if law.register != move.command.subject:
        return (objection("law_of_another_source"),)
    return _by_law(move, law)


def law_still_allows(move: Move) -> tuple[Objection, ...]:
    """The legal route and the outside permits still hold on the day of picking."""
    law = move.request.law
    return (objection("sources_not_granted"),) if law is None else _by_law(move, law)


def _by_law(move: Move, law: SourceLaw) -> tuple[Objection, ...]:
    decided = move.initiative.decided
    if decided is None:
        return (objection("decision_missing"),)
    lane = decided.description.lane
    # A sealed job sees persons inside, and printed cells are all that leaves: the law asks what comes out.
    return objections_to_output(law, decided.description.data_class, lane, day=move.day)


def order_in_force(move: Move) -> tuple[Objection, ...]:
    """There is an order that waits for this, and its permit is in force."""
    initiative = move.initiative
    waiting = [run for run in initiative.runs if run.state in {RunState.ORDERED, RunState.PREPARING, RunState.STOPPED}]
    if move.row.command in {"transfer", "receive"}:
        # What was picked for a run that has been cancelled travels no further.
        waiting = [run for run in waiting if run.id == move.request.run]
    wrong = []
    if not waiting:
        wrong.append(objection("no_order"))
    if not may_prepare(initiative, move.at):
        wrong.append(objection("permit_not_in_force"))
    if not sources_are_granted(initiative):
        wrong.append(objection("sources_not_granted"))
    return tuple(wrong)


def only_agreed_fields(move: Move) -> tuple[Objection, ...]:
    """Only agreed fields are picked, for the run that waits."""
    paper = cast("work_papers.Picked", move.command.content)
    run = move.initiative.run_called(paper.run)
    ordered = dict(run.order.fields) if run is not None and run.order is not None else {}
    wrong = []
    if run is None or run.state not in {RunState.ORDERED, RunState.PREPARING}:
        wrong.append(objection("no_order"))
    if not paper.fields or not set(paper.fields) <= set(move.request.fields) & set(
        ordered.get(move.request.register, ())
    ):
        wrong.append(objection("fields_not_agreed"))
    return tuple(wrong)


def technique_as_agreed(move: Move) -> tuple[Objection, ...]:
    """The data travels by the technique that was agreed."""
    paper = cast("work_papers.Transferred", move.command.content)
    if paper.technique != move.request.technique:
        return (objection("technique_other"),)
    return () if paper.checksum.strip() else (objection("checksum_missing"),)


def checksum_agrees(move: Move) -> tuple[Objection, ...]:
    """What arrived is what was sent."""
    paper = cast("work_papers.Received", move.command.content)
    return () if paper.checksum == move.request.checksum else (objection("checksum_differs"),)


def rule_set_was_validated(move: Move) -> tuple[Objection, ...]:
    """The closed room acts by itself only in a rerun, whose rule set a person has validated, and still holds (S26-07)."""
    if not any(actor.role is Automaton.CLOSED_ROOM for actor in move.command.actors):
        return ()
    open_runs = [run for run in move.initiative.runs if run.state in {RunState.ORDERED, RunState.PREPARING}]
    reruns = bool(open_runs) and all(run.order is not None and run.order.kind is RunKind.RERUN for run in open_runs)
    if not reruns:
        return (objection("people_act_first"),)
    signed = [run.validated for run in move.initiative.runs if run.signed and run.validated is not None]
    decided = move.initiative.decided
    rows = decided is not None and decided.description.lane is Lane.ROWS
    if rows and all(validated.expires < move.day for validated in signed):
        return (objection("validation_expired"),)
    return ()


def within_the_decision(move: Move) -> tuple[Objection, ...]:
    """What is ordered, or asked for once more, lies within what was decided (S22-06, S22-07)."""
    content = move.command.content
    if isinstance(content, papers.MoreData):
        asked = move.initiative.request_to(content.register)
        return () if asked is not None and asked.state in DELIVERING else (objection("source_unknown"),)
    return _order_within(move, cast("work_papers.RunOrdered", content))


def _order_within(move: Move, order: work_papers.RunOrdered) -> tuple[Objection, ...]:
    decided = move.initiative.decided
    if decided is None:
        return (objection("decision_missing"),)
    agreed = {asked.register: set(asked.fields) for asked in move.initiative.requests if asked.state in DELIVERING}
    beyond = sum(len(set(fields) - agreed.get(register, set())) for register, fields in order.fields)
    wrong = []
    if beyond or not order.fields:
        wrong.append(objection("fields_beyond_the_decision", count=beyond))
    since, until = decided.description.time_frame_from, decided.description.time_frame_until
    if since is None or until is None or not since <= order.since <= order.until <= until:
        wrong.append(objection("time_frame_beyond_the_decision"))
    return tuple(wrong)


GUARDS: Final = {
    guard.__name__: guard
    for guard in (
        permit_is_requesting,
        every_source_granted,
        source_can_be_dropped,
        fields_within_decision,
        law_allows,
        law_still_allows,
        order_in_force,
        only_agreed_fields,
        technique_as_agreed,
        checksum_agrees,
        rule_set_was_validated,
        within_the_decision,
    )
}
