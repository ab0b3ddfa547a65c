"""The guards of phase 8, each with what it refuses and the neighbour that it lets pass."""

from __future__ import annotations

from dataclasses import replace

import pytest
from tests.jalostamo.permits.cases import PUBLICATION, RESULT, RUN
from tests.jalostamo.permits.played import (
    HIGH,
    LOW,
    MODERATE,
    GuardCase,
    before,
    by,
    move,
    objects_and_lets_pass,
    paper_of,
    said_by,
    with_publication,
    with_run,
)

from jalostamo.concepts.roles import Role
from jalostamo.permits.estimates.matrices import DecisionCell
from jalostamo.permits.exposure import Audience, Means
from jalostamo.permits.guards.publishing import GUARDS, is_opening
from jalostamo.permits.machines import PermitState, RunState
from jalostamo.permits.moves import Move
from jalostamo.permits.papers import Note
from jalostamo.permits.people import Actor
from jalostamo.permits.work_papers import Clearance, GatePassed, OutputKind, PublicationDraft, View

OTHER = "ef" * 32
DRAFT = paper_of(LOW, before(LOW, "draft_publication"), "draft_publication", PUBLICATION)
TO_ALL = replace(DRAFT, audience=Audience.PUBLIC)
UNLIMITED = replace(TO_ALL, limits=" ")
CHECKER = (Actor("checker_1", Role.OUTPUT_CHECKER),)


def drafted(*, on: int = 0, run: RunState = RunState.FINISHED, **changed: object) -> Move:
    case = with_run(before(LOW, "draft_publication"), state=run)
    return move(LOW, "draft_publication", PUBLICATION, at=case, paper=replace(DRAFT, **changed), on=on)


def submitted(draft: PublicationDraft | None = DRAFT, **changed: object) -> Move:
    case = with_publication(before(LOW, "submit_for_clearance"), draft=draft)
    return move(LOW, "submit_for_clearance", PUBLICATION, at=replace(case, **changed))


def in_state(state: PermitState) -> Move:
    return move(MODERATE, "submit_for_clearance", PUBLICATION, at=replace(before(MODERATE, "publish"), **_at(state)))


def _at(state: PermitState) -> dict[str, object]:
    return {"state": state, "publications": before(MODERATE, "submit_for_clearance").publications}


def advised(
    cell: DecisionCell | None,
    draft: PublicationDraft | None = TO_ALL,
    *,
    command: str = "submit_for_clearance",
    **changed: object,
) -> Move:
    """A publication whose matrix advises this; what else is changed is of the publication."""
    case = with_publication(before(LOW, "submit_for_clearance"), draft=draft, **changed)
    assert case.assessed is not None
    case = replace(case, assessed=replace(case.assessed, cell=cell))
    return move(LOW, command, PUBLICATION, at=case, paper=Note())


def referred(cell: DecisionCell | None, draft: PublicationDraft | None = TO_ALL) -> Move:
    return advised(cell, draft, command="refer_to_support")


def cleared(kind: OutputKind | None, command: str) -> Move:
    draft = None if kind is None else replace(DRAFT, kind=kind)
    case = with_publication(before(LOW, "pass_gate"), draft=draft)
    return move(LOW, command, PUBLICATION, at=case)


def seen(*outputs: str, draft: PublicationDraft | None = DRAFT) -> Move:
    case = with_publication(before(LOW, "pass_gate"), draft=draft)
    return move(LOW, "pass_gate", PUBLICATION, at=case, paper=GatePassed(outputs, "gate-1"))


def checked(*, is_trained: bool = True, held: bool = True, actors: tuple[Actor, ...] = CHECKER) -> Move:
    case = before(LOW, "pass_gate")
    people = tuple(
        replace(given, is_trained=is_trained) for given in case.people if held or given.role is not Role.OUTPUT_CHECKER
    )
    paper = Clearance((RESULT,))
    return move(LOW, "clear_output", PUBLICATION, at=replace(case, people=people), paper=paper, actors=actors)


def refreshed(*outputs: str, state: RunState = RunState.FINISHED) -> Move:
    case = with_run(before(LOW, "record_follow_up"), state=state)
    return move(LOW, "refresh", PUBLICATION, at=case, paper=GatePassed(outputs, "gate-2"))


CONSIDER, OPEN, LIMITS, NO = (
    DecisionCell.CONSIDER_FURTHER,
    DecisionCell.OPEN,
    DecisionCell.OPEN_WITH_LIMITS,
    DecisionCell.DO_NOT_OPEN,
)

CASES = [
    GuardCase("permit_in_force", "permit_not_in_force", "not after the end", drafted(on=361), drafted(on=360)),
    GuardCase(
        "permit_in_force",
        "permit_not_in_force",
        "not while the case is suspended",
        in_state(PermitState.SUSPENDED),
        in_state(PermitState.ANALYSIS),
    ),
    GuardCase(
        "results_are_of_this_case", "results_of_another_case", "another's result", drafted(outputs=(OTHER,)), drafted()
    ),
    GuardCase("results_are_of_this_case", "results_of_another_case", "no result", drafted(outputs=()), drafted()),
    GuardCase(
        "results_are_of_this_case", "results_of_another_case", "a run too many", drafted(runs=(RUN, "run-9")), drafted()
    ),
    GuardCase(
        "results_are_of_this_case",
        "results_of_another_case",
        "a run that goes on",
        drafted(run=RunState.ANALYSING),
        drafted(run=RunState.FINISHED),
    ),
    GuardCase("results_are_of_this_case", "draft_missing", "no draft", submitted(None), submitted()),
    GuardCase("exposure_covered", "draft_missing", "no draft", submitted(None), submitted()),
    GuardCase("exposure_covered", "draft_missing", "no decision", submitted(decided=None), submitted()),
    GuardCase(
        "exposure_covered",
        "exposure_beyond_the_assessed",
        "more exposed means",
        submitted(replace(DRAFT, means=Means.ALERT)),
        submitted(replace(DRAFT, means=Means.MEETING)),
    ),
    GuardCase(
        "exposure_covered",
        "exposure_beyond_the_assessed",
        "a more distant audience",
        submitted(replace(DRAFT, audience=Audience.OTHER_PUBLIC_SECTOR)),
        submitted(replace(DRAFT, audience=Audience.SERVICE_UNITS)),
    ),
    GuardCase("matrix_says_consider", "matrix_is_clear", "the matrix is clear", referred(OPEN), referred(CONSIDER)),
    GuardCase("matrix_says_consider", "matrix_is_clear", "clear against it too", referred(NO), referred(None)),
    GuardCase(
        "matrix_says_consider",
        "matrix_is_clear",
        "what stays inside is not opened",
        referred(CONSIDER, DRAFT),
        referred(CONSIDER, replace(DRAFT, audience=Audience.OTHER_PUBLIC_SECTOR)),
    ),
    GuardCase("matrix_says_consider", "matrix_is_clear", "no draft", referred(CONSIDER, None), referred(CONSIDER)),
    GuardCase("matrix_respected", "draft_missing", "no draft", advised(OPEN, None), advised(OPEN)),
    GuardCase("matrix_respected", "matrix_says_no", "the matrix says no", advised(NO), advised(NO, overridden=True)),
    GuardCase("matrix_respected", "matrix_says_no", "it governs opening only", advised(NO), advised(NO, DRAFT)),
    GuardCase("matrix_respected", "limits_missing", "limits are written", advised(LIMITS, UNLIMITED), advised(LIMITS)),
    GuardCase(
        "matrix_respected", "support_unheard", "support is asked", advised(CONSIDER), advised(CONSIDER, view=View.OPEN)
    ),
    GuardCase(
        "matrix_respected", "support_unheard", "where nothing is placed", advised(None), advised(None, view=View.OPEN)
    ),
    GuardCase(
        "matrix_respected",
        "support_says_no",
        "support says no",
        advised(CONSIDER, view=View.DO_NOT_OPEN),
        advised(CONSIDER, view=View.OPEN_WITH_LIMITS),
    ),
    GuardCase(
        "matrix_respected",
        "limits_missing",
        "support asks for limits",
        advised(CONSIDER, UNLIMITED, view=View.OPEN_WITH_LIMITS),
        advised(CONSIDER, UNLIMITED, view=View.OPEN),
    ),
    *(
        GuardCase(
            "kind_is_printed_cells",
            "cleared_otherwise",
            f"{kind.value} does not pass by the gate alone",
            cleared(kind, "pass_gate"),
            cleared(OutputKind.PRINTED_CELLS, "pass_gate"),
        )
        for kind in (OutputKind.MODEL, OutputKind.FREE_CHART, OutputKind.MICRODATA)
    ),
    *(
        GuardCase(
            "kind_is_model_or_chart",
            "cleared_otherwise",
            f"{wrong.value} is not cleared by one checker, {right.value} is",
            cleared(wrong, "clear_output"),
            cleared(right, "clear_output"),
        )
        for wrong, right in (
            (OutputKind.PRINTED_CELLS, OutputKind.MODEL),
            (OutputKind.MICRODATA, OutputKind.FREE_CHART),
        )
    ),
    *(
        GuardCase(
            "kind_is_microdata",
            "cleared_otherwise",
            f"{'nothing' if kind is None else kind.value} is not cleared as microdata",
            cleared(kind, "clear_microdata"),
            cleared(OutputKind.MICRODATA, "clear_microdata"),
        )
        for kind in (None, OutputKind.PRINTED_CELLS, OutputKind.MODEL, OutputKind.FREE_CHART)
    ),
    GuardCase("exact_outputs", "outputs_differ", "another output", seen(OTHER), seen(RESULT)),
    GuardCase("exact_outputs", "outputs_differ", "one more", seen(RESULT, OTHER), seen(RESULT)),
    GuardCase("exact_outputs", "outputs_differ", "no draft", seen(RESULT, draft=None), seen(RESULT)),
    GuardCase("checkers_trained", "checker_untrained", "not trained", checked(is_trained=False), checked()),
    GuardCase("checkers_trained", "checker_untrained", "no checker", checked(held=False), checked()),
    GuardCase(
        "checkers_trained",
        "checker_untrained",
        "only checkers are asked",
        checked(is_trained=False),
        checked(is_trained=False, actors=by(Role.PUBLISHER)),
    ),
    GuardCase("outputs_of_a_rerun", "results_of_another_case", "another's", refreshed(OTHER), refreshed(RESULT)),
    GuardCase("outputs_of_a_rerun", "results_of_another_case", "none", refreshed(), refreshed(RESULT)),
    GuardCase(
        "outputs_of_a_rerun",
        "results_of_another_case",
        "of a run that goes on",
        refreshed(RESULT, state=RunState.ANALYSING),
        refreshed(RESULT),
    ),
]


@pytest.mark.parametrize("case", CASES, ids=str)
def test_what_leaves_is_what_was_assessed_and_looked_at(case: GuardCase) -> None:
    objects_and_lets_pass(case)


def test_every_guard_of_publishing_has_a_case() -> None:
    assert {case.guard for case in CASES} == set(GUARDS)


@pytest.mark.parametrize("audience", Audience)
def test_opening_is_what_goes_beyond_the_city(audience: Audience) -> None:
    inside = {Audience.COMMISSIONING_PARTY, Audience.SERVICE_UNITS, Audience.CITY}
    assert is_opening(replace(DRAFT, audience=audience)) == (audience not in inside)


@pytest.mark.parametrize("kind", OutputKind)
def test_every_kind_of_output_is_cleared_by_exactly_one_row(kind: OutputKind) -> None:
    rows = {"pass_gate": "printed_cells", "clear_output": "model_or_chart", "clear_microdata": "microdata"}
    fitting = [row for row, name in rows.items() if not said_by(f"kind_is_{name}", cleared(kind, row))]
    assert len(fitting) == 1


def test_what_the_matrix_advises_is_nothing_before_an_assessment() -> None:
    case = replace(before(HIGH, "submit_for_clearance"), assessed=None)
    case = with_publication(case, draft=TO_ALL)
    made = move(HIGH, "submit_for_clearance", PUBLICATION, at=case)
    assert said_by("matrix_respected", made) == {"support_unheard"}
