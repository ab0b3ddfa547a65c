"""The guards of runs, each with what it refuses and the neighbour that it lets pass."""

from __future__ import annotations

from dataclasses import replace

import pytest
from tests.jalostamo.permits.cases import REGISTER, RESULT, RUN, WHY, Kind
from tests.jalostamo.permits.played import (
    HIGH,
    LOW,
    MODERATE,
    ROWS,
    GuardCase,
    before,
    by,
    done,
    move,
    objects_and_lets_pass,
    paper_of,
    said_by,
    with_request,
    with_run,
)

from jalostamo.concepts.organisations import OperatingModel
from jalostamo.concepts.roles import Role
from jalostamo.permits import papers, work_papers
from jalostamo.permits.guards.running import GUARDS
from jalostamo.permits.initiative import Initiative, Run
from jalostamo.permits.machines import DatasetState, PermitState, RequestState, RunState
from jalostamo.permits.moves import Move
from jalostamo.permits.people import Actor, Automaton, automaton
from jalostamo.permits.terms import DataClass, KindOfAnalysis
from jalostamo.permits.work_papers import RunKind

AGAIN = "run-2"
OWNER = by(Role.SOURCE_SYSTEM_OWNER)
CLOCK = (automaton(Automaton.SCHEDULER),)
ORDER = paper_of(LOW, before(LOW, "order_run"), "order_run", RUN)
MONITORING = Kind(kind=KindOfAnalysis.CONTINUOUS_MONITORING)
SELF_SERVICE = Kind(model=OperatingModel.GROUP_ENABLES)


def first(kind: RunKind = RunKind.FIRST, *, on: int = 0, **changed: object) -> Move:
    case = replace(before(LOW, "order_run"), **changed)
    return move(LOW, "order_run", RUN, at=case, paper=replace(ORDER, kind=kind), on=on)


def again(kind: RunKind, *, of: Kind = MONITORING, actors: tuple[Actor, ...] | None = None, **changed: object) -> Move:
    """A further run of a case that is being analysed."""
    case = before(of, "draft_publication")
    order = replace(ORDER, kind=kind, **changed)
    return move(of, "order_run", AGAIN, at=case, paper=order, actors=actors)


def further(kind: RunKind, *, on: int = 0, of: Kind = MODERATE, **changed: object) -> Move:
    case = replace(before(of, "draft_publication"), **changed)
    return move(of, "order_run", AGAIN, at=case, paper=replace(ORDER, kind=kind), on=on)


def unsourced(state: RequestState) -> Move:
    return move(LOW, "order_run", RUN, at=with_request(before(LOW, "order_run"), state=state), paper=ORDER)


def of_rows(users: tuple[str, ...], **changed: object) -> Move:
    case = replace(before(ROWS, "order_run"), **changed)
    return move(ROWS, "order_run", RUN, at=case, paper=replace(ORDER, definition=None, users=users))


def login(has_login: bool, register: str = REGISTER, analyst: str = "analyst") -> papers.LoginStatement:
    return papers.LoginStatement(register, analyst, has_login)


def stated(paper: papers.LoginStatement) -> Move:
    return move(ROWS, "state_login", paper=paper, actors=OWNER)


def in_model(kind: Kind, unit: str | None) -> Move:
    stands = before(kind, "order_run")
    people = tuple(replace(p, unit=unit) if p.role is Role.ANALYST else p for p in stands.people)
    return move(kind, "order_run", RUN, at=replace(stands, people=people))


def beside(state: RunState) -> Move:
    case = replace(before(LOW, "order_run"), runs=(Run("run-0", state),))
    return move(LOW, "order_run", RUN, at=case)


def started(kind: Kind = MODERATE, *, on: int = 0, run: dict[str, object] | None = None, **changed: object) -> Move:
    case = replace(before(kind, "start_analysis"), **changed)
    return move(kind, "start_analysis", RUN, at=with_run(case, **(run or {})), on=on)


def begun(**changed: object) -> Move:
    return started(ROWS, **changed)


def started_from(state: RequestState) -> Move:
    return move(LOW, "start_analysis", RUN, at=with_request(before(LOW, "start_analysis"), state=state))


def reached(data_class: DataClass) -> Move:
    report = paper_of(ROWS, before(ROWS, "validate"), "validate", RUN)
    return started(ROWS, run={"validated": replace(report, data_class=data_class)})


def changed_run(kind: RunKind, recipe: str = "another recipe") -> Move:
    return started(run={"order": replace(ORDER, kind=kind, recipe=recipe)})


def asked(on_run: str = RUN, definition: str = "definition", **changed: object) -> Move:
    case: Initiative = with_run(before(LOW, "draft_publication"), **changed)
    return move(LOW, "ask_ad_hoc", AGAIN, at=case, paper=work_papers.AdHocQuestion(on_run, definition, WHY))


def finished(kind: Kind, record: str | None) -> Move:
    return move(kind, "finish_analysis", RUN, paper=work_papers.Finished((RESULT,), WHY, record))


def handed(unit: str, **changed: object) -> Move:
    case = replace(before(LOW, "draft_publication"), **changed)
    return move(LOW, "hand_over", RUN, at=case, paper=work_papers.HandedOver(unit))


CASES = [
    GuardCase("run_may_be_ordered", "permit_not_in_force", "not after the end", first(on=361), first(on=360)),
    GuardCase(
        "run_may_be_ordered",
        "run_not_now",
        "the first run comes with the owners' grants",
        first(state=PermitState.REQUESTING),
        first(state=PermitState.GRANTED),
    ),
    GuardCase(
        "run_may_be_ordered",
        "run_not_now",
        "nothing is repeated before it was reassessed",
        first(RunKind.RERUN),
        further(RunKind.RERUN),
    ),
    GuardCase(
        "run_may_be_ordered",
        "run_not_now",
        "a case that is being analysed has had its first run",
        further(RunKind.FIRST),
        further(RunKind.ITERATION),
    ),
    GuardCase(
        "run_may_be_ordered",
        "run_not_now",
        "an ad hoc question is asked, and not ordered",
        further(RunKind.AD_HOC),
        further(RunKind.ITERATION),
    ),
    GuardCase(
        "run_may_be_ordered",
        "run_not_now",
        "nor when the reassessment has grown old",
        further(RunKind.RERUN, of=HIGH, on=184),
        further(RunKind.RERUN, of=HIGH, on=183),
    ),
    GuardCase(
        "run_may_be_ordered",
        "sources_not_granted",
        "an owner has withdrawn",
        unsourced(RequestState.REFUSED),
        unsourced(RequestState.DELIVERED),
    ),
    GuardCase(
        "run_matches_its_kind",
        "rerun_of_another_recipe",
        "a rerun repeats, an iteration changes",
        again(RunKind.RERUN, recipe="another recipe"),
        again(RunKind.ITERATION, recipe="another recipe"),
    ),
    GuardCase(
        "run_matches_its_kind",
        "rerun_of_another_recipe",
        "without a reassessment there is nothing to repeat",
        first(RunKind.RERUN),
        again(RunKind.RERUN),
    ),
    GuardCase(
        "run_matches_its_kind",
        "scheduler_only_reruns",
        "the clock changes nothing",
        again(RunKind.ITERATION, actors=CLOCK),
        again(RunKind.RERUN, actors=CLOCK),
    ),
    GuardCase(
        "run_matches_its_kind",
        "scheduler_only_reruns",
        "the clock repeats no one-off",
        again(RunKind.RERUN, of=LOW, actors=CLOCK),
        again(RunKind.RERUN, of=LOW),
    ),
    GuardCase(
        "run_matches_its_kind", "recipe_missing", "a recipe", again(RunKind.ITERATION, recipe=" "), again(RunKind.RERUN)
    ),
    GuardCase(
        "run_matches_its_kind",
        "definition_missing",
        "cells have a definition",
        again(RunKind.RERUN, definition=None),
        again(RunKind.RERUN, definition="definition"),
    ),
    GuardCase("run_matches_its_kind", "users_missing", "rows have users", of_rows(()), of_rows(("analyst",))),
    GuardCase(
        "logins_known", "user_is_no_analyst", "rows are for analysts", of_rows(("publisher",)), of_rows(("analyst",))
    ),
    GuardCase(
        "logins_known",
        "login_unstated",
        "an owner who has said nothing has not said no",
        of_rows(("analyst",), logins=()),
        of_rows(("analyst",), logins=(login(False),)),
    ),
    GuardCase(
        "logins_known",
        "login_unstated",
        "what is said of one register is not said of another",
        of_rows(("analyst",), logins=(login(False, register="another"),)),
        of_rows(("analyst",), logins=(login(False), login(True, register="another"))),
    ),
    GuardCase(
        "users_still_fit",
        "login_held",
        "a login that was stated after the order",
        begun(logins=(login(True),)),
        begun(logins=(login(False),)),
    ),
    GuardCase(
        "users_still_fit",
        "user_not_of_the_order",
        "rows are for those they were ordered for",
        move(ROWS, "start_analysis", RUN, actors=(Actor("another", Role.ANALYST),)),
        move(ROWS, "start_analysis", RUN, actors=(Actor("analyst", Role.ANALYST),)),
    ),
    GuardCase(
        "users_still_fit",
        "user_is_no_analyst",
        "a role that has ended since",
        begun(people=()),
        begun(),
    ),
    GuardCase(
        "users_still_fit",
        "user_is_no_analyst",
        "in the lane of cells nobody has rows",
        begun(people=()),
        started(LOW, people=()),
    ),
    GuardCase(
        "logins_known",
        "login_held",
        "who can look into the source gets no rows, but printed cells",
        of_rows(("analyst",), logins=(login(True),)),
        move(LOW, "order_run", RUN, at=replace(before(LOW, "order_run"), logins=(login(True),))),
    ),
    GuardCase(
        "login_of_another", "source_unknown", "of her own source", stated(login(False, "another")), stated(login(False))
    ),
    GuardCase(
        "login_of_another",
        "login_of_oneself",
        "of somebody else",
        stated(login(False, analyst="source_system_owner")),
        stated(login(False)),
    ),
    GuardCase(
        "model_fits",
        "model_asks_for_the_unit",
        "model A: the unit's own analyst",
        in_model(SELF_SERVICE, "group"),
        in_model(SELF_SERVICE, "branch"),
    ),
    GuardCase(
        "model_fits",
        "model_asks_for_the_group",
        "model B: the group's analyst",
        in_model(LOW, "branch"),
        in_model(LOW, "group"),
    ),
    GuardCase(
        "model_fits",
        "model_asks_for_the_group",
        "an analyst of no unit is not the group's",
        in_model(Kind(model=OperatingModel.GROUP_ORIGINATES), None),
        in_model(Kind(model=OperatingModel.GROUP_ORIGINATES), "group"),
    ),
    GuardCase("one_run_at_a_time", "run_under_way", "ordered", beside(RunState.ORDERED), beside(RunState.FINISHED)),
    GuardCase(
        "one_run_at_a_time", "run_under_way", "preparing", beside(RunState.PREPARING), beside(RunState.CANCELLED)
    ),
    GuardCase("one_run_at_a_time", "run_under_way", "stopped", beside(RunState.STOPPED), beside(RunState.ANALYSING)),
    GuardCase(
        "may_analyse",
        "analysing_not_allowed",
        "not while the case is looked at again",
        started(state=PermitState.REVIEW),
        started(state=PermitState.PERIODIC),
    ),
    GuardCase(
        "may_analyse", "analysing_not_allowed", "not without a reassessment", started(reassessed=None), started()
    ),
    GuardCase(
        "may_analyse", "analysing_not_allowed", "not when it is old", started(HIGH, on=184), started(HIGH, on=183)
    ),
    GuardCase("may_analyse", "analysing_not_allowed", "not after the end", started(LOW, on=361), started(LOW, on=360)),
    GuardCase(
        "sources_still_granted",
        "sources_not_granted",
        "no owner has withdrawn",
        started_from(RequestState.REFUSED),
        started_from(RequestState.GRANTED),
    ),
    GuardCase(
        "reassessed_for_this",
        "analysing_not_allowed",
        "there was a reassessment",
        started(reassessed=None),
        started(),
    ),
    GuardCase(
        "reassessed_for_this", "analysing_not_allowed", "there is an order", started(run={"order": None}), started()
    ),
    GuardCase(
        "reassessed_for_this",
        "reassessed_for_another",
        "of another recipe; an iteration stays within what was decided",
        changed_run(RunKind.RERUN),
        changed_run(RunKind.ITERATION),
    ),
    GuardCase(
        "reassessed_for_this",
        "reassessed_for_another",
        "of another schema",
        started(run={"schema": "another schema"}),
        started(run={"schema": "schema"}),
    ),
    GuardCase(
        "reassessed_for_this",
        "reassessed_for_another",
        "of a better class",
        reached(DataClass.ROW_LEVEL_KEY_DESTROYED),
        reached(DataClass.ANONYMISED_ROWS),
    ),
    GuardCase("material_is_there", "material_missing", "of this case", asked(on_run="run-9"), asked()),
    GuardCase(
        "material_is_there",
        "material_missing",
        "prepared",
        asked(state=RunState.PREPARING),
        asked(state=RunState.ANALYSING),
    ),
    GuardCase("material_is_there", "material_missing", "not destroyed", asked(dataset=DatasetState.DESTROYED), asked()),
    GuardCase("material_is_there", "definition_missing", "a definition", asked(definition=" "), asked()),
    GuardCase("gate_was_passed", "gate_record_missing", "no record", finished(LOW, None), finished(LOW, "gate-1")),
    GuardCase("gate_was_passed", "gate_record_missing", "a blank record", finished(LOW, " "), finished(ROWS, None)),
    GuardCase(
        "to_the_commissioning_unit", "handed_to_another_unit", "the one that asked", handed("group"), handed("branch")
    ),
    GuardCase(
        "to_the_commissioning_unit",
        "handed_to_another_unit",
        "a unit is described",
        handed("branch", description=None),
        handed("branch"),
    ),
]


@pytest.mark.parametrize("case", CASES, ids=str)
def test_a_run_is_ordered_and_analysed_by_the_rules(case: GuardCase) -> None:
    objects_and_lets_pass(case)


def test_every_guard_of_running_has_a_case() -> None:
    assert {case.guard for case in CASES} == set(GUARDS)


def test_no_model_asks_whose_automaton_acts() -> None:
    assert said_by("model_fits", again(RunKind.RERUN, actors=CLOCK)) == set()


def test_before_a_decision_the_model_is_that_of_the_description() -> None:
    made = in_model(SELF_SERVICE, "group")
    undecided = replace(made, initiative=replace(made.initiative, decided=None))
    assert said_by("model_fits", undecided) == {"model_asks_for_the_unit"}
    nothing = replace(undecided.initiative, description=None)
    assert said_by("model_fits", replace(undecided, initiative=nothing)) == set()


def test_a_question_asked_ad_hoc_has_no_material_of_its_own() -> None:
    """Another question cannot stand on it once the material of the first run is gone."""
    case = with_run(before(LOW, "draft_publication"), dataset=DatasetState.DESTROYED)
    case = replace(case, runs=(*case.runs, Run(AGAIN, RunState.FINISHED, on_run=RUN, results=(RESULT,))))
    paper = work_papers.AdHocQuestion(AGAIN, "definition", WHY)
    made = move(LOW, "ask_ad_hoc", "run-3", at=case, paper=paper)
    assert said_by("material_is_there", made) == {"material_missing"}


def test_material_whose_destruction_is_certified_answers_nothing() -> None:
    case = done(LOW, before(LOW, "draft_publication"), "record_destruction")
    made = move(LOW, "ask_ad_hoc", AGAIN, at=case, paper=work_papers.AdHocQuestion(RUN, "definition", WHY))
    assert said_by("material_is_there", made) == {"material_missing"}


def test_a_question_asked_ad_hoc_has_no_users() -> None:
    assert said_by("users_still_fit", started(ROWS, run={"order": None})) == set()
