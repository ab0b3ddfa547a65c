"""Guards of phase 5: what is prepared, by whose rules, how it is validated, and whether its class is what was decided.

Handbook 2.6, phase 5.
"""

from __future__ import annotations

from typing import Final, cast

from jalostamo.concepts.errors import Objection
from jalostamo.permits import work_papers
from jalostamo.permits.impact import is_digest
from jalostamo.permits.machines import DatasetState, RunState
from jalostamo.permits.moves import Move
from jalostamo.permits.objections import objection
from jalostamo.permits.standing import (
    is_held,
    is_prepared,
    may_prepare,
    nothing_is_held,
    sources_are_delivered,
    sources_are_granted,
)
from jalostamo.permits.terms import DataClass, Lane, title_of


def lane_of(move: Move) -> Lane | None:
    """The decided lane; None before a decision."""
    return None if move.initiative.decided is None else move.initiative.decided.description.lane


def run_is_preparing(move: Move) -> tuple[Objection, ...]:
    """The dataset's run is being prepared for, under a permit in force."""
    going = move.run.state is RunState.PREPARING
    force = may_prepare(move.initiative, move.at)
    granted = sources_are_granted(move.initiative)
    return (
        *(() if going else (objection("run_not_preparing"),)),
        *(() if force else (objection("permit_not_in_force"),)),
        *(() if granted else (objection("sources_not_granted"),)),
    )


def every_source_delivered(move: Move) -> tuple[Objection, ...]:
    """Every source has been delivered for this run."""
    delivered = sources_are_delivered(move.initiative, move.command.subject)
    return () if delivered else (objection("sources_not_delivered"),)


def lane_is_rows(move: Move) -> tuple[Objection, ...]:
    """Rows leave the closed room only where the lane of rows was decided."""
    return () if lane_of(move) is Lane.ROWS else (objection("lane_is_not_rows"),)


def lane_is_cells(move: Move) -> tuple[Objection, ...]:
    """Data stays inside in the lane of cells."""
    return () if lane_of(move) is Lane.CELLS else (objection("lane_is_not_cells"),)


def aims_met(move: Move) -> tuple[Objection, ...]:
    """Validation found the three aims met and the other harms redacted; a named person signs the class, with an expiry."""
    paper = cast("work_papers.Validated", move.command.content)
    wrong = []
    if not (paper.no_identification and paper.no_connection and paper.no_inference):
        wrong.append(objection("aims_unmet"))
    if not paper.redactions_made:
        wrong.append(objection("redactions_missing"))
    if paper.expires < move.day:
        wrong.append(objection("validation_expired"))
    if not is_digest(paper.report) or not paper.suite.strip():
        wrong.append(objection("validation_report_missing"))
    return tuple(wrong)


def _classes(move: Move) -> tuple[DataClass, DataClass] | None:
    validated, decided = move.run.validated, move.initiative.decided
    return None if validated is None or decided is None else (validated.data_class, decided.data_class)


def class_not_worse(move: Move) -> tuple[Objection, ...]:
    """What is released is of no worse class than was decided."""
    classes = _classes(move)
    if classes is None:
        return (objection("validation_report_missing"),)
    reached, decided = classes
    if reached.exposure <= decided.exposure:
        return ()
    return (objection("class_is_worse", reached=title_of(reached), decided=title_of(decided)),)


def validation_holds(move: Move) -> tuple[Objection, ...]:
    """The class that a named person signed has not reached its expiry."""
    validated = move.run.validated
    return () if validated is None or validated.expires >= move.day else (objection("validation_expired"),)


def certificate_given(move: Move) -> tuple[Objection, ...]:
    """Data is destroyed with a certificate, by its digest."""
    paper = cast("work_papers.Prepared", move.command.content)
    return () if is_digest(paper.account) else (objection("certificate_unsound"),)


def class_is_worse(move: Move) -> tuple[Objection, ...]:
    """Only a dataset of a worse class than decided is held."""
    classes = _classes(move)
    if classes is not None and classes[0].exposure > classes[1].exposure:
        return ()
    return (objection("class_is_as_decided"),)


def dataset_is_ready(move: Move) -> tuple[Objection, ...]:
    """What was prepared is validated, and released where rows leave."""
    ready = DatasetState.RELEASED if lane_of(move) is Lane.ROWS else DatasetState.VALIDATED
    return () if move.run.dataset is ready else (objection("dataset_not_ready"),)


def dataset_held(move: Move) -> tuple[Objection, ...]:
    """A dataset is held because it came out worse than was decided."""
    return (objection("nothing_is_held"),) if nothing_is_held(move.initiative) else ()


def nothing_held(move: Move) -> tuple[Objection, ...]:
    """No dataset is held because it came out worse than was decided."""
    return () if nothing_is_held(move.initiative) else (objection("something_is_held"),)


def something_prepared(move: Move) -> tuple[Objection, ...]:
    """Something has been prepared under this permit, from every source (S2)."""
    return () if any(map(is_prepared, move.initiative.runs)) else (objection("nothing_prepared"),)


def something_prepared_or_held(move: Move) -> tuple[Objection, ...]:
    """Something has been prepared, or is held."""
    there = any(is_prepared(run) or is_held(run) for run in move.initiative.runs)
    return () if there else (objection("nothing_prepared"),)


GUARDS: Final = {
    guard.__name__: guard
    for guard in (
        run_is_preparing,
        every_source_delivered,
        lane_is_rows,
        lane_is_cells,
        aims_met,
        class_not_worse,
        class_is_worse,
        validation_holds,
        certificate_given,
        dataset_is_ready,
        dataset_held,
        nothing_held,
        something_prepared,
        something_prepared_or_held,
    )
}
