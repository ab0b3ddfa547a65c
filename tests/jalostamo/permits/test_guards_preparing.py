"""The guards of phase 5, each with what it refuses and the neighbour that it lets pass."""

from __future__ import annotations

import datetime
from dataclasses import replace

import pytest
from tests.jalostamo.permits.cases import DIGEST, RUN, START, WHY, Kind
from tests.jalostamo.permits.played import (
    HIGH_ROWS,
    LOW,
    ROWS,
    GuardCase,
    after,
    before,
    move,
    objects_and_lets_pass,
    paper_of,
    said_by,
    with_request,
    with_run,
)

from jalostamo.permits.guards.preparing import GUARDS, lane_of
from jalostamo.permits.machines import DatasetState, PermitState, RequestState, RunState
from jalostamo.permits.moves import Move
from jalostamo.permits.papers import Note, Reasoned
from jalostamo.permits.terms import DataClass, Lane
from jalostamo.permits.work_papers import Prepared, Validated

TODAY = START.date()
REPORT = paper_of(ROWS, before(ROWS, "validate"), "validate", RUN)
WORSE = replace(REPORT, data_class=DataClass.ROW_LEVEL_KEY_DESTROYED)
BETTER = replace(REPORT, data_class=DataClass.PRINTED_CELLS)


def merged(*, on: int = 0, run: RunState = RunState.PREPARING, **changed: object) -> Move:
    case = with_run(replace(before(LOW, "merge"), **changed), state=run)
    return move(LOW, "merge", RUN, at=case, on=on)


def withdrawn(state: RequestState) -> Move:
    return move(LOW, "merge", RUN, at=with_request(before(LOW, "merge"), state=state))


def destroyed(certificate: str) -> Move:
    return move(LOW, "destroy_dataset", RUN, paper=Prepared(DIGEST, certificate))


def started(**changed: object) -> Move:
    return move(LOW, "start_preparing", RUN, at=with_request(before(LOW, "start_preparing"), **changed))


def described(kind: Kind, command: str) -> Move:
    return move(kind, command, RUN, at=after(kind, "describe_dataset"), paper=REPORT)


def validated(**changed: object) -> Move:
    return move(ROWS, "validate", RUN, paper=replace(REPORT, **changed))


def released(report: Validated | None) -> Move:
    return move(ROWS, "release", RUN, at=with_run(before(ROWS, "release"), validated=report))


def held(report: Validated | None) -> Move:
    return move(ROWS, "hold", RUN, at=with_run(before(ROWS, "release"), validated=report))


def reported(kind: Kind, dataset: DatasetState) -> Move:
    return move(kind, "report_prepared", RUN, at=with_run(before(kind, "report_prepared"), dataset=dataset))


def referred(dataset: DatasetState, run: RunState = RunState.PREPARING) -> Move:
    case = with_run(before(ROWS, "release"), dataset=dataset, state=run)
    return move(ROWS, "refer_worse_class", at=case, paper=Reasoned(WHY))


def reviewed(command: str, **changed: object) -> Move:
    return move(LOW, command, at=with_run(before(LOW, "confirm_fit"), **changed))


CASES = [
    GuardCase(
        "run_is_preparing",
        "run_not_preparing",
        "a stopped run is not prepared for",
        merged(run=RunState.STOPPED),
        merged(run=RunState.PREPARING),
    ),
    GuardCase("run_is_preparing", "permit_not_in_force", "not after the end", merged(on=361), merged(on=360)),
    GuardCase(
        "run_is_preparing",
        "permit_not_in_force",
        "not while the case is suspended",
        merged(state=PermitState.SUSPENDED),
        merged(state=PermitState.GRANTED),
    ),
    GuardCase(
        "run_is_preparing",
        "permit_not_in_force",
        "not while the group looks again",
        merged(state=PermitState.REVIEW),
        merged(state=PermitState.PERIODIC),
    ),
    GuardCase(
        "every_source_delivered",
        "sources_not_delivered",
        "a transfer is no delivery",
        started(state=RequestState.TRANSFERRED),
        started(state=RequestState.DELIVERED),
    ),
    GuardCase(
        "every_source_delivered", "sources_not_delivered", "of another run", started(run="run-0"), started(run=RUN)
    ),
    GuardCase(
        "every_source_delivered",
        "sources_not_delivered",
        "of no source",
        started(state=RequestState.DROPPED),
        started(),
    ),
    GuardCase(
        "lane_is_rows", "lane_is_not_rows", "cells stay inside", described(LOW, "validate"), described(ROWS, "validate")
    ),
    GuardCase(
        "lane_is_cells",
        "lane_is_not_cells",
        "rows are validated",
        described(ROWS, "confirm_quality"),
        described(LOW, "confirm_quality"),
    ),
    GuardCase("aims_met", "aims_unmet", "nobody is identified", validated(no_identification=False), validated()),
    GuardCase("aims_met", "aims_unmet", "nobody is connected", validated(no_connection=False), validated()),
    GuardCase(
        "aims_met", "aims_unmet", "nothing is inferred of one person", validated(no_inference=False), validated()
    ),
    GuardCase(
        "aims_met", "redactions_missing", "other harms are redacted", validated(redactions_made=False), validated()
    ),
    GuardCase(
        "aims_met",
        "validation_expired",
        "it has not expired",
        validated(expires=TODAY - datetime.timedelta(days=1)),
        validated(expires=TODAY),
    ),
    GuardCase(
        "aims_met",
        "validation_report_missing",
        "a report is a digest",
        validated(report="as told"),
        validated(report=DIGEST),
    ),
    GuardCase(
        "aims_met", "validation_report_missing", "the suite has a version", validated(suite=" "), validated(suite="1")
    ),
    GuardCase("class_not_worse", "class_is_worse", "worse than decided", released(WORSE), released(REPORT)),
    GuardCase("class_not_worse", "validation_report_missing", "validated by nobody", released(None), released(BETTER)),
    GuardCase(
        "validation_holds",
        "validation_expired",
        "to its last day",
        released(replace(REPORT, expires=TODAY - datetime.timedelta(days=1))),
        released(replace(REPORT, expires=TODAY)),
    ),
    GuardCase(
        "validation_holds",
        "validation_expired",
        "what was validated by nobody has no expiry",
        released(replace(REPORT, expires=TODAY - datetime.timedelta(days=1))),
        released(None),
    ),
    GuardCase(
        "certificate_given",
        "certificate_unsound",
        "a certificate is a digest",
        destroyed("shredded"),
        destroyed(DIGEST),
    ),
    GuardCase(
        "run_is_preparing",
        "sources_not_granted",
        "no owner has withdrawn",
        withdrawn(RequestState.REFUSED),
        withdrawn(RequestState.DELIVERED),
    ),
    GuardCase("class_is_worse", "class_is_as_decided", "as decided", held(REPORT), held(WORSE)),
    GuardCase("class_is_worse", "class_is_as_decided", "better than decided", held(BETTER), held(WORSE)),
    GuardCase("class_is_worse", "class_is_as_decided", "validated by nobody", held(None), held(WORSE)),
    GuardCase(
        "dataset_is_ready",
        "dataset_not_ready",
        "rows are released first",
        reported(ROWS, DatasetState.VALIDATED),
        reported(ROWS, DatasetState.RELEASED),
    ),
    GuardCase(
        "dataset_is_ready",
        "dataset_not_ready",
        "cells are validated inside",
        reported(LOW, DatasetState.DESCRIBED),
        reported(LOW, DatasetState.VALIDATED),
    ),
    GuardCase(
        "dataset_held",
        "nothing_is_held",
        "nothing is referred that is not held",
        referred(DatasetState.VALIDATED),
        referred(DatasetState.HELD),
    ),
    GuardCase(
        "dataset_held",
        "nothing_is_held",
        "a cancelled run holds nothing",
        referred(DatasetState.HELD, RunState.CANCELLED),
        referred(DatasetState.HELD, RunState.PREPARING),
    ),
    GuardCase(
        "nothing_held",
        "something_is_held",
        "rows that came out worse are not fit",
        reviewed("confirm_fit", dataset=DatasetState.HELD),
        reviewed("confirm_fit", dataset=DatasetState.RELEASED),
    ),
    GuardCase(
        "something_prepared",
        "nothing_prepared",
        "there is something to look at",
        reviewed("confirm_fit", state=RunState.PREPARING),
        reviewed("confirm_fit", state=RunState.PREPARED),
    ),
    GuardCase(
        "something_prepared",
        "nothing_prepared",
        "what is destroyed is not looked at",
        reviewed("confirm_fit", dataset=DatasetState.DESTROYED),
        reviewed("confirm_fit", dataset=DatasetState.VALIDATED),
    ),
    GuardCase(
        "something_prepared_or_held",
        "nothing_prepared",
        "prepared or held",
        reviewed("submit_revised_assessment", state=RunState.PREPARING),
        reviewed("submit_revised_assessment", state=RunState.PREPARING, dataset=DatasetState.HELD),
    ),
]


@pytest.mark.parametrize("case", CASES, ids=str)
def test_preparing_goes_by_the_rules(case: GuardCase) -> None:
    objects_and_lets_pass(case)


def test_every_guard_of_preparing_has_a_case() -> None:
    assert {case.guard for case in CASES} == set(GUARDS)


def test_before_a_decision_there_is_no_lane() -> None:
    undecided = move(LOW, "merge", RUN, at=replace(before(LOW, "merge"), decided=None), paper=Note())
    assert lane_of(undecided) is None
    assert said_by("lane_is_rows", undecided) == {"lane_is_not_rows"}
    assert said_by("lane_is_cells", undecided) == {"lane_is_not_cells"}
    assert {lane_of(move(kind, "merge", RUN)) for kind in (LOW, HIGH_ROWS)} == {Lane.CELLS, Lane.ROWS}


@pytest.mark.parametrize("reached", list(DataClass))
@pytest.mark.parametrize("decided", list(DataClass))
def test_a_class_is_held_exactly_where_it_is_not_released(decided: DataClass, reached: DataClass) -> None:
    """For every two classes: what is more exposed than was decided is held, all else is released."""
    case = with_run(before(ROWS, "release"), validated=replace(REPORT, data_class=reached))
    assert case.decided is not None
    case = replace(case, decided=replace(case.decided, data_class=decided))
    releases = said_by("class_not_worse", move(ROWS, "release", RUN, at=case)) == set()
    holds = said_by("class_is_worse", move(ROWS, "hold", RUN, at=case)) == set()
    assert holds == (reached.exposure > decided.exposure)
    assert releases is not holds
