"""What holds of a case at a moment: whether its permit is in force, whether analysing is allowed, who may revoke.

Nothing here rests on a scheduler having run: at its end date a permit ends, whoever has noticed.

Handbook 2.6, phases 3, 6, 7 and 8.
"""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from jalostamo.concepts.roles import Role
from jalostamo.permits.decisions import next_reassessment
from jalostamo.permits.descriptions import Description
from jalostamo.permits.estimates.answers import Estimate
from jalostamo.permits.estimates.risks import processing_risk
from jalostamo.permits.initiative import Initiative, Run
from jalostamo.permits.law import earliest_expiry
from jalostamo.permits.machines import (
    ANALYSING,
    PERMITTED_ONWARD,
    DatasetState,
    PermitState,
    RequestState,
    RunState,
)
from jalostamo.permits.terms import DataClass, Level

DELIVERING: Final = frozenset(
    {RequestState.GRANTED, RequestState.PICKED, RequestState.TRANSFERRED, RequestState.DELIVERED}
)
"""The states of a data request in which its owner has granted it."""

ACTIVE_RUNS: Final = frozenset(
    {RunState.ORDERED, RunState.PREPARING, RunState.STOPPED, RunState.PREPARED, RunState.ANALYSING}
)
"""The states of a run that has neither finished nor been cancelled."""

BODIES: Final[Mapping[Level, frozenset[Role]]] = {
    Level.LOW: frozenset({Role.DATA_SECURITY_PERSON}),
    Level.UNCLEAR: frozenset({Role.DATA_SECURITY_PERSON, Role.BRANCH_MANAGER, Role.RISK_MANAGER}),
    Level.MODERATE: frozenset({Role.DATA_SECURITY_PERSON, Role.BRANCH_MANAGER, Role.RISK_MANAGER}),
    Level.HIGH: frozenset({Role.DATA_SECURITY_PERSON, Role.CITY_MANAGER}),
}
"""Who may revoke at once: the deciding body of the level, and always the person responsible for data security."""


_NOT_SHOWN: Final = frozenset(
    {
        *(PermitState.SUSPENDED, PermitState.REVOKED, PermitState.OVERDUE),
        *(PermitState.WITHDRAWN, PermitState.REJECTED),
    }
)


@dataclass(frozen=True, slots=True)
class Allowed:
    """What a case allows at a moment: retrieving and preparing, looking at what was prepared, analysing, showing results."""

    preparing: bool
    reviewing: bool
    analysing: bool
    showing: bool


def allowed(initiative: Initiative, at: datetime.datetime) -> Allowed:
    """What the case allows at a moment; the closed room, the open room and the pages ask this and nothing else."""
    force = in_force(initiative, at)
    analysing = may_analyse(initiative, at)
    return Allowed(
        preparing=may_prepare(initiative, at) and sources_are_granted(initiative),
        reviewing=force and initiative.state is PermitState.REVIEW and nothing_is_held(initiative),
        analysing=analysing,
        # What is already published stays so when a permit expires or is closed; not when it is stopped, or is overdue.
        showing=initiative.state not in _NOT_SHOWN and not _is_overdue(initiative, at),
    )


def _is_overdue(initiative: Initiative, at: datetime.datetime) -> bool:
    return initiative.state in ANALYSING and not is_reassessed(initiative, at)


def ends_on(initiative: Initiative) -> datetime.date | None:
    """The last day of the permit: of its decision, or of the outside permit that expires first."""
    if initiative.decided is None:
        return None
    laws = [asked.law for asked in initiative.requests if asked.law is not None and asked.state in DELIVERING]
    outside = earliest_expiry(laws)
    return initiative.decided.valid_until if outside is None else min(initiative.decided.valid_until, outside)


def in_force(initiative: Initiative, at: datetime.datetime) -> bool:
    """Whether the permit is in force: decided, live, not suspended, and not past its last day."""
    last = ends_on(initiative)
    return (
        last is not None
        and initiative.state in PERMITTED_ONWARD
        and initiative.state is not PermitState.SUSPENDED
        and initiative.local_day(at) <= last
    )


def may_prepare(initiative: Initiative, at: datetime.datetime) -> bool:
    """Whether data may be retrieved and prepared: after the owners' grants, and then for as long as analysing is allowed."""
    first = in_force(initiative, at) and initiative.state is PermitState.GRANTED
    return first or may_analyse(initiative, at)


def may_analyse(initiative: Initiative, at: datetime.datetime) -> bool:
    """Whether analysing is allowed: phase 7, in force, the decided level covers, and reassessed within its interval."""
    return (
        in_force(initiative, at)
        and initiative.state in ANALYSING
        and level_is_covered(initiative)
        and is_reassessed(initiative, at)
    )


def level_is_covered(initiative: Initiative) -> bool:
    """Whether the decided level is at least that of the latest assessment."""
    decided, assessed = initiative.decided, initiative.assessed
    return decided is not None and assessed is not None and decided.level.rank >= assessed.level.rank


def is_reassessed(initiative: Initiative, at: datetime.datetime) -> bool:
    """Whether a reassessment younger than its interval exists; low risk needs none."""
    due = reassess_by(initiative)
    if initiative.decided is not None and initiative.decided.level.rank == 0:
        return True
    return due is not None and initiative.local_day(at) < due


def reassess_by(initiative: Initiative) -> datetime.date | None:
    """The day on which the interval of the last reassessment is over; None where there is none, or no interval."""
    if initiative.reassessed is None or initiative.decided is None:
        return None
    made = initiative.local_day(initiative.reassessed.at)
    return next_reassessment(initiative.decided.level, made, initiative.settings.intervals)


def sources_are_granted(initiative: Initiative) -> bool:
    """Whether every source that has not been dropped is granted, and there is one."""
    asked = [request.state for request in initiative.requests if request.state is not RequestState.DROPPED]
    return bool(asked) and all(state in DELIVERING for state in asked)


def sources_are_delivered(initiative: Initiative, run: str) -> bool:
    """Whether every source that has not been dropped is delivered for that run."""
    asked = [request for request in initiative.requests if request.state is not RequestState.DROPPED]
    return bool(asked) and all((each.state, each.run) == (RequestState.DELIVERED, run) for each in asked)


def nothing_is_held(initiative: Initiative) -> bool:
    """Whether no run holds a dataset that came out worse than was decided."""
    return not any(is_held(run) for run in initiative.runs)


def is_held(run: Run) -> bool:
    """Whether the run is going on and its dataset is held."""
    return run.state in ACTIVE_RUNS and run.dataset is DatasetState.HELD


def has_data(initiative: Initiative, run: Run) -> bool:
    """Whether data lies there for a run: delivered, or prepared from what was delivered, and not yet destroyed."""
    if run.dataset is DatasetState.DESTROYED:
        return False
    delivered = any(asked.run == run.id for asked in initiative.requests)
    return delivered or run.dataset is not DatasetState.AWAITED


def is_prepared(run: Run) -> bool:
    """Whether what was prepared for the run is there, under the present decision, and not destroyed."""
    there = run.state in {RunState.PREPARED, RunState.ANALYSING, RunState.FINISHED}
    return there and run.dataset is not DatasetState.DESTROYED and not run.earlier


def reached_class(initiative: Initiative, description: Description) -> DataClass:
    """The class by which risk is weighed: the planned one, or the worse one that a run has reached."""
    reached = [run.validated.data_class for run in initiative.runs if run.validated and run.state in ACTIVE_RUNS]
    return max([description.weighed_class, *reached], key=lambda each: each.exposure)


def level_of_processing(initiative: Initiative, estimate: Estimate, data_class: DataClass) -> Level:
    """The level of processing risk of an estimate, with every floor; high where it was referred up."""
    found = processing_risk(estimate, data_class, initiative.settings.floors).level
    return Level.HIGH if initiative.referred_up else found
