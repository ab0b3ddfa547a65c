"""Guards that ask whether what is written is there: reasons, statements, descriptions, estimates, records.

Handbook 2.6, phases 1 to 3; Appendix 1.
"""

from __future__ import annotations

from typing import Final, cast

from jalostamo.concepts.errors import Objection
from jalostamo.concepts.roles import Role
from jalostamo.permits import papers, work_papers
from jalostamo.permits.describing import objections_to_basic_information, objections_to_describing
from jalostamo.permits.estimates.objections import objections_to_estimate
from jalostamo.permits.impact import is_digest, objections_to_impact_assessment, objections_to_opinion
from jalostamo.permits.moves import Move
from jalostamo.permits.objections import objection
from jalostamo.permits.people import called, objections_to_assignment
from jalostamo.permits.standing import reached_class

_SHORTEST: Final = 10
_LONGEST: Final = 10_000


def text_is_written(text: str) -> bool:
    """Whether somebody has said something, in a length that can be read."""
    return len(text.strip()) >= _SHORTEST and len(text) <= _LONGEST


def reason_given(move: Move) -> tuple[Objection, ...]:
    """A reason is written."""
    reason = getattr(move.command.content, "reason", "")
    return () if text_is_written(reason) else (objection("reason_missing", least=_SHORTEST, most=_LONGEST),)


def text_written(move: Move) -> tuple[Objection, ...]:
    """A statement, a view or a record says something."""
    text = getattr(move.command.content, "text", "")
    return () if text_is_written(text) else (objection("text_missing", least=_SHORTEST, most=_LONGEST),)


def description_complete(move: Move) -> tuple[Objection, ...]:
    """The analysis description names what phase 1 asks for (G1)."""
    return objections_to_describing(cast("papers.AnalysisDescription", move.command.content).description)


def estimate_complete(move: Move) -> tuple[Objection, ...]:
    """The form of Appendix 1 is complete, with the description that belongs to it (G2, G4)."""
    paper = cast("papers.Assessment", move.command.content)
    description = paper.description or move.initiative.description
    if description is None:
        return (objection("description_missing"),)
    written = () if paper.description is None else objections_to_describing(description)
    basic = objections_to_basic_information(description)
    return (*written, *basic, *objections_to_estimate(paper.estimate, reached_class(move.initiative, description)))


def impact_assessment_complete(move: Move) -> tuple[Objection, ...]:
    """An impact assessment that is attached lacks nothing."""
    paper = cast("papers.ImpactPaper", move.command.content)
    initiative = move.initiative
    version = initiative.assessed.version if initiative.assessed else 1
    if initiative.consulted and initiative.impact and initiative.impact.covers_estimate_version == version:
        # Otherwise a milder one could be put in place of the one that was sent to the Commissioner.
        return (objection("impact_after_consulting"),)
    return objections_to_impact_assessment(paper.assessment, estimate_version=version, day=move.day)


def opinion_complete(move: Move) -> tuple[Objection, ...]:
    """The Commissioner's answer is recorded with its document."""
    return objections_to_opinion(cast("papers.OpinionPaper", move.command.content).opinion, day=move.day)


def round_complete(move: Move) -> tuple[Objection, ...]:
    """A review round has its day, findings and next step (2.1)."""
    held = cast("papers.ReviewRound", move.command.content)
    wrong = []
    if not (text_is_written(held.findings) and text_is_written(held.next_step)):
        wrong.append(objection("round_unwritten"))
    if held.held_on > move.day:
        wrong.append(objection("day_ahead"))
    return tuple(wrong)


def correction_told(move: Move) -> tuple[Objection, ...]:
    """A correction says what was wrong, and how those who received it are reached."""
    told = cast("work_papers.Correction", move.command.content)
    return () if text_is_written(told.error) and text_is_written(told.reached_by) else (objection("correction_untold"),)


def results_named(move: Move) -> tuple[Objection, ...]:
    """Results are named by their digests, with a note on the method."""
    paper = cast("work_papers.Finished", move.command.content)
    named = bool(paper.results) and all(is_digest(result) for result in paper.results)
    return () if named and text_is_written(paper.method_note) else (objection("results_unnamed"),)


def assignment_sound(move: Move) -> tuple[Objection, ...]:
    """A role is given by one person and confirmed by another, to a third, and those two are the ones who sign."""
    assignment = cast("papers.RoleGiven", move.command.content).assignment
    wrong = list(objections_to_assignment(assignment))
    held = {(given.person, given.role) for given in move.initiative.people}
    if assignment.substitute_for is not None and (assignment.substitute_for, assignment.role) not in held:
        wrong.append(objection("substitute_for_nobody", role=called(assignment.role)))
    # Whoever else a municipality asks to sign neither gives the role nor confirms it.
    giving = {Role.ADMINISTRATOR, Role.DATA_SECURITY_PERSON, Role.BRANCH_MANAGER}
    signers = {actor.person for actor in move.command.actors if actor.role in giving}
    if not signers <= {assignment.granted_by, assignment.confirmed_by}:
        wrong.append(objection("assignment_signers", role=called(assignment.role)))
    return tuple(wrong)


GUARDS: Final = {
    guard.__name__: guard
    for guard in (
        reason_given,
        text_written,
        description_complete,
        estimate_complete,
        impact_assessment_complete,
        opinion_complete,
        round_complete,
        correction_told,
        results_named,
        assignment_sound,
    )
}
