"""Guards of runs: what may be ordered when, by whose people, and when analysing is allowed.

Handbook 2.1; 2.6, phases 5 and 7.
"""

from __future__ import annotations

from typing import Final, cast

from jalostamo.concepts.errors import Objection
from jalostamo.concepts.organisations import OperatingModel
from jalostamo.concepts.roles import Role
from jalostamo.permits import papers, standing, work_papers
from jalostamo.permits.guards.deciding import is_repeated
from jalostamo.permits.guards.preparing import lane_of
from jalostamo.permits.machines import ANALYSING, PermitState, RunState
from jalostamo.permits.moves import Move
from jalostamo.permits.objections import objection
from jalostamo.permits.people import Actor, Automaton, holding
from jalostamo.permits.terms import Lane
from jalostamo.permits.work_papers import RunKind


def _order(move: Move) -> work_papers.RunOrdered:
    return cast("work_papers.RunOrdered", move.command.content)


def run_may_be_ordered(move: Move) -> tuple[Objection, ...]:
    """A first run follows the owners' grants, any other the reassessment; the permit is in force."""
    initiative, kind = move.initiative, _order(move).kind
    wrong = []
    if not standing.in_force(initiative, move.at):
        wrong.append(objection("permit_not_in_force"))
    first = initiative.state is PermitState.GRANTED and kind is RunKind.FIRST
    later = initiative.state in ANALYSING and kind in {RunKind.RERUN, RunKind.ITERATION}
    if not (first or (later and standing.may_analyse(initiative, move.at))):
        wrong.append(objection("run_not_now"))
    if not standing.sources_are_granted(initiative):
        wrong.append(objection("sources_not_granted"))
    return tuple(wrong)


def run_matches_its_kind(move: Move) -> tuple[Objection, ...]:
    """A rerun repeats the recipe that was reassessed; only a rerun of a repeated analysis is ordered by the scheduler.

    In the lane of cells a run has a definition; in the lane of rows it names its users.
    """
    order, wrong = _order(move), []
    last = move.initiative.reassessed
    if order.kind is RunKind.RERUN and (last is None or last.recipe != order.recipe):
        wrong.append(objection("rerun_of_another_recipe"))
    if move.command.actors[0].role is Automaton.SCHEDULER and not (
        order.kind is RunKind.RERUN and is_repeated(move.initiative)
    ):
        wrong.append(objection("scheduler_only_reruns"))
    if not order.recipe.strip():
        wrong.append(objection("recipe_missing"))
    if lane_of(move) is Lane.CELLS and not (order.definition or "").strip():
        wrong.append(objection("definition_missing"))
    if lane_of(move) is Lane.ROWS and not order.users:
        wrong.append(objection("users_missing"))
    return tuple(wrong)


def logins_known(move: Move) -> tuple[Objection, ...]:
    """Who gets rows is an analyst of the case, and has no login to a source, as each owner has stated."""
    return _against_users(move, _order(move).users)


def users_still_fit(move: Move) -> tuple[Objection, ...]:
    """Those for whom a run was ordered still fit when its rows are released, and when analysing begins."""
    order = move.run.order
    if order is None or lane_of(move) is not Lane.ROWS:
        return ()
    analysts = {actor.person for actor in move.command.actors if actor.role is Role.ANALYST}
    stranger = () if analysts <= set(order.users) else (objection("user_not_of_the_order"),)
    return (*stranger, *_against_users(move, order.users))


def _against_users(move: Move, users: tuple[str, ...]) -> tuple[Objection, ...]:
    """Why these may not have rows on that day."""
    if lane_of(move) is not Lane.ROWS:
        return ()
    initiative = move.initiative
    asked = [r.register for r in initiative.requests if r.state in standing.DELIVERING]
    stated = {(login.register, login.analyst): login.has_login for login in initiative.logins}
    wrong = []
    if not all(holding(initiative.people, Actor(u, Role.ANALYST), day=move.day, scope=None) for u in users):
        wrong.append(objection("user_is_no_analyst"))
    if any((register, user) not in stated for register in asked for user in users):
        wrong.append(objection("login_unstated"))
    if any(stated.get((register, user)) for register in asked for user in users):
        wrong.append(objection("login_held"))
    return tuple(wrong)


def login_of_another(move: Move) -> tuple[Objection, ...]:
    """The owner of a source that is asked for states about somebody else."""
    paper = cast("papers.LoginStatement", move.command.content)
    if move.initiative.request_to(paper.register) is None:
        return (objection("source_unknown"),)
    own = paper.analyst in {actor.person for actor in move.command.actors}
    return (objection("login_of_oneself"),) if own else ()


def model_fits(move: Move) -> tuple[Objection, ...]:
    """Whose analyst runs an analysis follows the operating model: the unit's own in A, the group's in B and C (2.1)."""
    initiative = move.initiative
    description = initiative.decided.description if initiative.decided else initiative.description
    # Whoever else a municipality asks to sign works where she works.
    people = [actor for actor in move.command.actors if actor.role is Role.ANALYST]
    if description is None or not people:
        return ()
    by_unit = description.operating_model is OperatingModel.GROUP_ENABLES
    wanted = description.commissioning_unit if by_unit else initiative.settings.group_unit
    held = [holding(initiative.people, actor, day=move.day, scope=None) for actor in people]
    if all(assignment is not None and assignment.unit == wanted for assignment in held):
        return ()
    return (objection("model_asks_for_the_unit" if by_unit else "model_asks_for_the_group"),)


def one_run_at_a_time(move: Move) -> tuple[Objection, ...]:
    """One run is retrieved and prepared at a time."""
    busy = {RunState.ORDERED, RunState.PREPARING, RunState.STOPPED}
    return (objection("run_under_way"),) if any(run.state in busy for run in move.initiative.runs) else ()


def may_analyse(move: Move) -> tuple[Objection, ...]:
    """Analysing is allowed now (S1, S1b)."""
    return () if standing.may_analyse(move.initiative, move.at) else (objection("analysing_not_allowed"),)


def sources_still_granted(move: Move) -> tuple[Objection, ...]:
    """No owner has withdrawn what she granted."""
    return () if standing.sources_are_granted(move.initiative) else (objection("sources_not_granted"),)


def reassessed_for_this(move: Move) -> tuple[Objection, ...]:
    """The reassessment was of this recipe, schema and class, or the run stays within what was decided (S1b)."""
    last, run = move.initiative.reassessed, move.run
    if last is None or run.order is None:
        return (objection("analysing_not_allowed"),)
    if run.validated is not None and run.validated.data_class.exposure > last.data_class.exposure:
        return (objection("reassessed_for_another"),)
    if run.order.kind is RunKind.ITERATION:
        return ()
    same = (run.order.recipe, run.schema) == (last.recipe, last.schema)
    return () if same else (objection("reassessed_for_another"),)


def material_is_there(move: Move) -> tuple[Objection, ...]:
    """An ad hoc question stands on material that is there, prepared and not destroyed."""
    paper = cast("work_papers.AdHocQuestion", move.command.content)
    run = move.initiative.run_called(paper.on_run)
    # A question that was itself asked ad hoc has no order, and no material of its own.
    if run is None or run.order is None or not standing.is_prepared(run):
        return (objection("material_missing"),)
    return () if paper.definition.strip() else (objection("definition_missing"),)


def gate_was_passed(move: Move) -> tuple[Objection, ...]:
    """In the lane of cells what comes out has passed the gate, and says by which record."""
    paper = cast("work_papers.Finished", move.command.content)
    if lane_of(move) is not Lane.CELLS or (paper.gate_record or "").strip():
        return ()
    return (objection("gate_record_missing"),)


def to_the_commissioning_unit(move: Move) -> tuple[Objection, ...]:
    """Results are handed to the unit that commissioned the analysis (2.1, model B)."""
    paper = cast("work_papers.HandedOver", move.command.content)
    description = move.initiative.description
    if description is not None and paper.unit == description.commissioning_unit:
        return ()
    return (objection("handed_to_another_unit"),)


GUARDS: Final = {
    guard.__name__: guard
    for guard in (
        run_may_be_ordered,
        run_matches_its_kind,
        logins_known,
        users_still_fit,
        login_of_another,
        model_fits,
        one_run_at_a_time,
        may_analyse,
        sources_still_granted,
        reassessed_for_this,
        material_is_there,
        gate_was_passed,
        to_the_commissioning_unit,
    )
}
