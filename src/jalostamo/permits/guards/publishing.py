"""Guards of phase 8: whose results, for whom and by which means, looked at by whom, and what the matrix advises.

Handbook 2.6, phase 8; Appendix 1, section 6.
"""

from __future__ import annotations

from typing import Final, cast

from jalostamo.concepts.errors import Objection
from jalostamo.concepts.roles import Role
from jalostamo.permits import standing, work_papers
from jalostamo.permits.estimates.matrices import DecisionCell
from jalostamo.permits.exposure import Audience, is_covered
from jalostamo.permits.initiative import Run
from jalostamo.permits.machines import RunState
from jalostamo.permits.moves import Move
from jalostamo.permits.objections import objection
from jalostamo.permits.people import holding
from jalostamo.permits.terms import title_of
from jalostamo.permits.work_papers import OutputKind, PublicationDraft, View


def _draft(move: Move) -> PublicationDraft | None:
    content = move.command.content
    return content if isinstance(content, PublicationDraft) else move.publication.draft


def _finished(move: Move) -> list[Run]:
    """The finished runs of the present decision."""
    return [run for run in move.initiative.runs if run.state is RunState.FINISHED and not run.earlier]


def permit_in_force(move: Move) -> tuple[Objection, ...]:
    """The permit is in force today."""
    return () if standing.in_force(move.initiative, move.at) else (objection("permit_not_in_force"),)


def results_are_of_this_case(move: Move) -> tuple[Objection, ...]:
    """What is published are results of finished runs of this case, by their digests."""
    draft = _draft(move)
    if draft is None:
        return (objection("draft_missing"),)
    runs = [run for run in _finished(move) if run.id in draft.runs]
    results = {result for run in runs for result in run.results}
    own = bool(draft.outputs) and set(draft.outputs) <= results and len(runs) == len(set(draft.runs))
    return () if own else (objection("results_of_another_case"),)


def exposure_covered(move: Move) -> tuple[Objection, ...]:
    """The means and the audience are no more exposed than those that were assessed (G11)."""
    draft, decided = move.publication.draft, move.initiative.decided
    if draft is None or decided is None:
        return (objection("draft_missing"),)
    assessed = decided.description
    covered = is_covered(
        draft.means, draft.audience, assessed_means=assessed.means, assessed_audiences=assessed.audiences
    )
    return () if covered else (objection("exposure_beyond_the_assessed", means=title_of(draft.means)),)


def is_opening(draft: PublicationDraft) -> bool:
    """Whether a publication goes beyond the city: only then does the matrix of section 6 govern it."""
    return draft.audience.exposure > Audience.CITY.exposure


def advice_on(move: Move) -> DecisionCell | None:
    """What the matrix advises in this case; None where benefit or publication risk has not been placed."""
    return None if move.initiative.assessed is None else move.initiative.assessed.cell


def matrix_says_consider(move: Move) -> tuple[Objection, ...]:
    """The support function considers borderline cases of opening, and those that the matrix cannot place."""
    draft = move.publication.draft
    if draft is not None and is_opening(draft) and advice_on(move) in {DecisionCell.CONSIDER_FURTHER, None}:
        return ()
    return (objection("matrix_is_clear"),)


def matrix_respected(move: Move) -> tuple[Objection, ...]:
    """What is opened follows the matrix, the support function's view, or the deciding body's reasons."""
    publication, draft = move.publication, move.publication.draft
    if draft is None:
        return (objection("draft_missing"),)
    if not is_opening(draft) or publication.overridden:
        return ()
    advice = advice_on(move)
    if advice in {DecisionCell.CONSIDER_FURTHER, None}:
        return _by_view(publication.view, draft)
    if advice is DecisionCell.DO_NOT_OPEN:
        return (objection("matrix_says_no"),)
    return _with_limits(draft) if advice is DecisionCell.OPEN_WITH_LIMITS else ()


def _by_view(view: View | None, draft: PublicationDraft) -> tuple[Objection, ...]:
    if view is None:
        return (objection("support_unheard"),)
    if view is View.DO_NOT_OPEN:
        return (objection("support_says_no"),)
    return _with_limits(draft) if view is View.OPEN_WITH_LIMITS else ()


def _with_limits(draft: PublicationDraft) -> tuple[Objection, ...]:
    return () if draft.limits.strip() else (objection("limits_missing"),)


def _kind_is(move: Move, kinds: frozenset[OutputKind]) -> tuple[Objection, ...]:
    draft = move.publication.draft
    if draft is not None and draft.kind in kinds:
        return ()
    kind = OutputKind.PRINTED_CELLS if draft is None else draft.kind
    return (objection("cleared_otherwise", kind=title_of(kind)),)


def kind_is_printed_cells(move: Move) -> tuple[Objection, ...]:
    """Only printed cells go through the gate without a checker."""
    return _kind_is(move, frozenset({OutputKind.PRINTED_CELLS}))


def kind_is_model_or_chart(move: Move) -> tuple[Objection, ...]:
    """Models and charts of free form need one checker."""
    return _kind_is(move, frozenset({OutputKind.MODEL, OutputKind.FREE_CHART}))


def kind_is_microdata(move: Move) -> tuple[Objection, ...]:
    """Microdata needs two checkers."""
    return _kind_is(move, frozenset({OutputKind.MICRODATA}))


def exact_outputs(move: Move) -> tuple[Objection, ...]:
    """What was looked at is exactly what is to be published."""
    draft = move.publication.draft
    seen = cast("work_papers.Clearance | work_papers.GatePassed", move.command.content).outputs
    return () if draft is not None and seen == draft.outputs else (objection("outputs_differ"),)


def checkers_trained(move: Move) -> tuple[Objection, ...]:
    """A checker has been trained for it (G10)."""
    initiative = move.initiative
    held = [
        holding(initiative.people, actor, day=move.day, scope=None)
        for actor in move.command.actors
        if actor.role is Role.OUTPUT_CHECKER
    ]
    return () if all(given is not None and given.is_trained for given in held) else (objection("checker_untrained"),)


def outputs_of_a_rerun(move: Move) -> tuple[Objection, ...]:
    """What replaces a publication's figures are results of a finished run of this case."""
    paper = cast("work_papers.GatePassed", move.command.content)
    results = {result for run in _finished(move) for result in run.results}
    own = bool(paper.outputs) and set(paper.outputs) <= results
    return () if own else (objection("results_of_another_case"),)


GUARDS: Final = {
    guard.__name__: guard
    for guard in (
        permit_in_force,
        results_are_of_this_case,
        exposure_covered,
        matrix_says_consider,
        matrix_respected,
        kind_is_printed_cells,
        kind_is_model_or_chart,
        kind_is_microdata,
        exact_outputs,
        checkers_trained,
        outputs_of_a_rerun,
    )
}
