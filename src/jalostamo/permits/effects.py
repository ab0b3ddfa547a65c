"""What each command does to the record of a case beyond its state: what it writes, forgets, or passes on.

Handbook 2.6.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Final, cast

from jalostamo.permits import papers, work_papers
from jalostamo.permits.estimates.risks import decision_cell
from jalostamo.permits.guards.deciding import level_decided_at
from jalostamo.permits.impact import ConsultationOpinion, ConsultationOutcome
from jalostamo.permits.initiative import Assessed, Decided, Initiative, Publication, Reassessed, Run, SourceRequest
from jalostamo.permits.machines import DatasetState, PermitState, PublicationState, RequestState, RunState
from jalostamo.permits.moves import Move
from jalostamo.permits.performing import Occurrence
from jalostamo.permits.standing import is_held, is_prepared, level_of_processing, reached_class

type Effect = Callable[[Initiative, Occurrence], Initiative]


def with_request(initiative: Initiative, register: str, **changes: object) -> Initiative:
    """The initiative with changes to the data request of one source."""
    made = tuple(
        replace(asked, **changes) if asked.register == register else asked  # type: ignore[arg-type]  # by name below
        for asked in initiative.requests
    )
    return replace(initiative, requests=made)


def with_run(initiative: Initiative, run: str, **changes: object) -> Initiative:
    """The initiative with changes to one run, which is begun where it is not there."""
    if initiative.run_called(run) is None:
        initiative = replace(initiative, runs=(*initiative.runs, Run(run, RunState.NOT_YET)))
    made = tuple(replace(r, **changes) if r.id == run else r for r in initiative.runs)  # type: ignore[arg-type]  # by name
    return replace(initiative, runs=made)


def with_publication(initiative: Initiative, publication: str, **changes: object) -> Initiative:
    """The initiative with changes to one publication, which is begun where it is not there."""
    if initiative.publication_called(publication) is None:
        new = Publication(publication, PublicationState.NOT_YET)
        initiative = replace(initiative, publications=(*initiative.publications, new))
    made = tuple(
        replace(p, **changes) if p.id == publication else p  # type: ignore[arg-type]  # by name below
        for p in initiative.publications
    )
    return replace(initiative, publications=made)


# --- The permit -----------------------------------------------------------------------------------------------------


def _describe(initiative: Initiative, occurrence: Occurrence) -> Initiative:
    paper = cast("papers.AnalysisDescription", occurrence.command.content)
    return replace(initiative, description=paper.description)


def _assess(initiative: Initiative, occurrence: Occurrence) -> Initiative:
    """A new version of the assessment; a new submission before a decision forgets an earlier referral upward."""
    paper = cast("papers.Assessment", occurrence.command.content)
    first = occurrence.row.command == "submit_assessment"
    before = replace(initiative, referred_up=False) if first else initiative
    description = paper.description or before.description
    if description is None:
        raise KeyError("description")
    version = before.assessed.version + 1 if before.assessed else 1
    reached = reached_class(before, description)
    assessed = Assessed(
        version,
        description,
        paper.estimate,
        level_of_processing(before, paper.estimate, reached),
        reached,
        decision_cell(paper.estimate),
        occurrence.at,
    )
    return replace(before, description=description, assessed=assessed)


def _hear_privacy(initiative: Initiative, occurrence: Occurrence) -> Initiative:
    return replace(initiative, privacy_statement_on=initiative.assessed.version if initiative.assessed else None)


def _decide(initiative: Initiative, occurrence: Occurrence) -> Initiative:
    content = occurrence.command.content
    decision = (
        content.decision
        if isinstance(content, papers.GroupStatement)
        else cast("papers.DecisionPaper", content).decision
    )
    assessed = initiative.assessed
    if decision is None or decision.valid_until is None or assessed is None:
        raise KeyError("decision")
    # The state before the move tells whose decision it is.
    source = replace(initiative, state=PermitState(occurrence.row.sources[0]))
    level = level_decided_at(Move(source, occurrence.row, occurrence.command, occurrence.at))
    decided = Decided(
        level,
        assessed.data_class,
        assessed.description,
        assessed.version,
        decision.valid_until,
        decision,
        occurrence.at,
    )
    return replace(initiative, decided=decided)


def _confirm_fit(initiative: Initiative, occurrence: Occurrence) -> Initiative:
    return _reassess(_assess(initiative, occurrence), occurrence)


def _reassess(initiative: Initiative, occurrence: Occurrence) -> Initiative:
    """The analysis goes on: the decision now covers what was assessed, for the recipe that lies there."""
    assessed, decided = initiative.assessed, initiative.decided
    if assessed is None or decided is None:
        raise KeyError("decided")
    # A question asked ad hoc has no recipe of its own.
    seen = [run for run in initiative.runs if run.order is not None and (is_prepared(run) or is_held(run))]
    last = seen[-1] if seen else None
    if last is not None and last.order is not None:
        recipe, schema = last.order.recipe, last.schema
    else:
        recipe, schema = None, None
    covered = replace(decided, data_class=assessed.data_class, version=assessed.version)
    record = Reassessed(assessed.level, assessed.data_class, recipe, schema, occurrence.at)
    return replace(initiative, decided=covered, reassessed=record)


def _undecide(initiative: Initiative, occurrence: Occurrence) -> Initiative:
    """The case goes back to be described or assessed anew: no earlier decision speaks of what it will be."""
    ended = {RunState.FINISHED, RunState.CANCELLED}
    runs = tuple(
        replace(run, earlier=True, state=run.state if run.state in ended else RunState.CANCELLED)
        for run in initiative.runs
    )
    return replace(
        initiative,
        decided=None,
        reassessed=None,
        requests=(),
        runs=runs,
        referred_up=False,
        impact=None,
        advice=None,
        consulted=False,
        opinion=_prohibition(initiative),
    )


def _refer_up(initiative: Initiative, occurrence: Occurrence) -> Initiative:
    assessed = initiative.assessed
    if assessed is None:
        raise KeyError("assessed")
    from_now = replace(initiative, referred_up=True)
    level = level_of_processing(from_now, assessed.estimate, assessed.data_class)
    return replace(from_now, assessed=replace(assessed, level=level))


def _attach_impact(initiative: Initiative, occurrence: Occurrence) -> Initiative:
    """A new impact assessment asks the question of consulting anew."""
    paper = cast("papers.ImpactPaper", occurrence.command.content)
    kept = _prohibition(initiative)
    return replace(initiative, impact=paper.assessment, advice=None, consulted=False, opinion=kept)


def _prohibition(initiative: Initiative) -> ConsultationOpinion | None:
    """What the Commissioner prohibited stays so until the Commissioner has answered again."""
    opinion = initiative.opinion
    return opinion if opinion is not None and opinion.outcome is ConsultationOutcome.PROHIBITED else None


def _open_requests(initiative: Initiative, occurrence: Occurrence) -> Initiative:
    description = initiative.description
    registers = dict.fromkeys(source.register for source in description.sources) if description else {}
    return replace(initiative, requests=tuple(SourceRequest(register) for register in registers))


def _ask_more(initiative: Initiative, occurrence: Occurrence) -> Initiative:
    register = cast("papers.MoreData", occurrence.command.content).register
    return with_request(initiative, register, state=RequestState.DRAFT, run=None, checksum=None)


def _drop(initiative: Initiative, occurrence: Occurrence) -> Initiative:
    register = cast("papers.SourceDropped", occurrence.command.content).register
    return with_request(initiative, register, state=RequestState.DROPPED)


def _suspend(initiative: Initiative, occurrence: Occurrence) -> Initiative:
    incident = cast("papers.Suspension", occurrence.command.content).is_incident
    return replace(initiative, incidents=initiative.incidents + incident)


def _give_role(initiative: Initiative, occurrence: Occurrence) -> Initiative:
    given = cast("papers.RoleGiven", occurrence.command.content).assignment
    return replace(
        initiative,
        people=(*initiative.people, given),
        given_roles=initiative.given_roles | {(given.person, given.role)},
    )


def _end_role(initiative: Initiative, occurrence: Occurrence) -> Initiative:
    ended = cast("papers.RoleEnded", occurrence.command.content)
    return replace(
        initiative,
        people=tuple(p for p in initiative.people if (p.person, p.role.value) != (ended.person, ended.role)),
        given_roles=frozenset(g for g in initiative.given_roles if (g[0], g[1].value) != (ended.person, ended.role)),
    )


def _keep[Value](name: str, kind: type[Value], pick: Callable[[Value], object]) -> Effect:
    """An effect that keeps one thing of the paper in the record."""

    def effect(initiative: Initiative, occurrence: Occurrence) -> Initiative:
        return replace(initiative, **{name: pick(cast("Value", occurrence.command.content))})  # type: ignore[arg-type]  # the names are those of the record

    return effect


def _appeal(initiative: Initiative, occurrence: Occurrence) -> Initiative:
    """An appeal, which awaits an outcome of its own."""
    appeal = cast("papers.AppealPaper", occurrence.command.content).appeal
    return replace(initiative, appeal=appeal, appeal_outcome=None)


def _consult(initiative: Initiative, occurrence: Occurrence) -> Initiative:
    return replace(initiative, consulted=True)


def _state_login(initiative: Initiative, occurrence: Occurrence) -> Initiative:
    stated = cast("papers.LoginStatement", occurrence.command.content)
    others = (s for s in initiative.logins if (s.register, s.analyst) != (stated.register, stated.analyst))
    return replace(initiative, logins=(*others, stated))


def _destroy(initiative: Initiative, occurrence: Occurrence) -> Initiative:
    run = cast("papers.Destruction", occurrence.command.content).run
    return with_run(initiative, run, dataset=DatasetState.DESTROYED)


# --- Requests, runs, datasets, publications -------------------------------------------------------------------------


def _agree_fields(initiative: Initiative, occurrence: Occurrence) -> Initiative:
    paper = cast("papers.FieldsAgreed", occurrence.command.content)
    return with_request(initiative, occurrence.command.subject, fields=paper.fields, technique=paper.technique)


def _grant(initiative: Initiative, occurrence: Occurrence) -> Initiative:
    paper = cast("papers.AccessGranted", occurrence.command.content)
    return with_request(initiative, occurrence.command.subject, law=paper.law)


def _pick(initiative: Initiative, occurrence: Occurrence) -> Initiative:
    paper = cast("work_papers.Picked", occurrence.command.content)
    return with_request(initiative, occurrence.command.subject, run=paper.run, checksum=None)


def _transfer(initiative: Initiative, occurrence: Occurrence) -> Initiative:
    paper = cast("work_papers.Transferred", occurrence.command.content)
    return with_request(initiative, occurrence.command.subject, checksum=paper.checksum)


def _order(initiative: Initiative, occurrence: Occurrence) -> Initiative:
    return with_run(initiative, occurrence.command.subject, order=occurrence.command.content)


def _ask_ad_hoc(initiative: Initiative, occurrence: Occurrence) -> Initiative:
    paper = cast("work_papers.AdHocQuestion", occurrence.command.content)
    return with_run(initiative, occurrence.command.subject, on_run=paper.on_run)


def _describe_dataset(initiative: Initiative, occurrence: Occurrence) -> Initiative:
    paper = cast("work_papers.Described", occurrence.command.content)
    return with_run(initiative, occurrence.command.subject, schema=paper.schema)


def _validate(initiative: Initiative, occurrence: Occurrence) -> Initiative:
    signed = any(actor.is_person for actor in occurrence.command.actors)
    return with_run(initiative, occurrence.command.subject, validated=occurrence.command.content, signed=signed)


def _finish(initiative: Initiative, occurrence: Occurrence) -> Initiative:
    paper = cast("work_papers.Finished", occurrence.command.content)
    return with_run(initiative, occurrence.command.subject, results=paper.results, gate_record=paper.gate_record)


def _draft(initiative: Initiative, occurrence: Occurrence) -> Initiative:
    """A draft; what was said or cleared of an earlier one does not speak of it."""
    return with_publication(
        initiative,
        occurrence.command.subject,
        draft=occurrence.command.content,
        view=None,
        overridden=False,
        cleared=(),
        clearances=0,
        gate_record=None,
    )


def _view(initiative: Initiative, occurrence: Occurrence) -> Initiative:
    paper = cast("work_papers.SupportView", occurrence.command.content)
    return with_publication(initiative, occurrence.command.subject, view=paper.view)


def _override(initiative: Initiative, occurrence: Occurrence) -> Initiative:
    return with_publication(initiative, occurrence.command.subject, overridden=True)


def _pass_gate(initiative: Initiative, occurrence: Occurrence) -> Initiative:
    paper = cast("work_papers.GatePassed", occurrence.command.content)
    return with_publication(
        initiative, occurrence.command.subject, cleared=paper.outputs, gate_record=paper.record, clearances=0
    )


def _refresh(initiative: Initiative, occurrence: Occurrence) -> Initiative:
    paper = cast("work_papers.GatePassed", occurrence.command.content)
    made = initiative.publication_called(occurrence.command.subject)
    if made is None or made.draft is None:
        raise KeyError("draft")
    return _pass_gate(
        with_publication(initiative, made.id, draft=replace(made.draft, outputs=paper.outputs)), occurrence
    )


def _clear(initiative: Initiative, occurrence: Occurrence) -> Initiative:
    paper = cast("work_papers.Clearance", occurrence.command.content)
    signed = len(occurrence.row.signatures.slots)
    return with_publication(initiative, occurrence.command.subject, cleared=paper.outputs, clearances=signed)


def _withdraw_clearance(initiative: Initiative, occurrence: Occurrence) -> Initiative:
    return with_publication(initiative, occurrence.command.subject, cleared=(), clearances=0, gate_record=None)


EFFECTS: Final[Mapping[str, Effect]] = {
    "describe": _describe,
    "submit_assessment": _assess,
    "submit_revised_assessment": _assess,
    "submit_periodic_assessment": _assess,
    "give_privacy_statement": _hear_privacy,
    "confirm_low": _decide,
    "decide_to_continue": _decide,
    "refer_up": _refer_up,
    "attach_impact_assessment": _attach_impact,
    "advise_on_consultation": _keep("advice", papers.PrivacyAdvice, lambda paper: paper),
    "consult_commissioner": _consult,
    "record_opinion": _keep("opinion", papers.OpinionPaper, lambda paper: paper.opinion),
    "open_requests": _open_requests,
    "ask_for_more_data": _ask_more,
    "drop_source": _drop,
    "rescope": _undecide,
    "redefine": _undecide,
    "confirm_fit": _confirm_fit,
    "continue_analysis": _reassess,
    "reconfirm": _reassess,
    "suspend": _suspend,
    "give_role": _give_role,
    "end_role": _end_role,
    "state_login": _state_login,
    "record_follow_up": _keep("follow_up", papers.FollowUp, lambda paper: paper),
    "record_destruction": _destroy,
    "record_appeal": _appeal,
    "record_appeal_outcome": _keep("appeal_outcome", papers.AppealOutcomePaper, lambda paper: paper.outcome),
    "agree_fields": _agree_fields,
    "grant_access": _grant,
    "pick": _pick,
    "transfer": _transfer,
    "order_run": _order,
    "ask_ad_hoc": _ask_ad_hoc,
    "describe_dataset": _describe_dataset,
    "validate": _validate,
    "finish_analysis": _finish,
    "draft_publication": _draft,
    "give_support_view": _view,
    "decide_against_matrix": _override,
    "pass_gate": _pass_gate,
    "refresh": _refresh,
    "clear_output": _clear,
    "clear_microdata": _clear,
    "send_back": _withdraw_clearance,
    "correct": _withdraw_clearance,
}
"""What each command does to the record beyond the state; a command that is not here does nothing more."""
