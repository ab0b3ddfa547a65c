"""Every way in which a case can go, explored exhaustively, by the very code that judges and applies commands.

Two initiatives are the same where no rule can tell them apart; versions are compared, not counted, and time is a few
moments that matter: the start, before and after each interval, and after the permit's end.
"""

from __future__ import annotations

import datetime
from collections import deque
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cache

from tests.jalostamo.permits.cases import (
    PUBLICATION,
    REGISTER,
    START,
    Kind,
    actor_for,
    actors_for,
    odd_papers,
    opening_of,
    papers_for,
)

from jalostamo.concepts.roles import Role
from jalostamo.permits.applying import applied, opened
from jalostamo.permits.guards import GUARDS, Guard
from jalostamo.permits.initiative import Initiative, Opening
from jalostamo.permits.machines import ANALYSING, ENDS, STATES, Machine, PermitState, RequestState, RunState
from jalostamo.permits.moves import Command, state_of
from jalostamo.permits.papers import Assessment, LoginStatement
from jalostamo.permits.performing import Occurrence, judge, perform, row_for
from jalostamo.permits.tables import BY_STATE_AND_COMMAND, TRANSITIONS
from jalostamo.permits.terms import KindOfAnalysis, Level
from jalostamo.permits.transitions import Transition

DAYS = {
    Level.LOW: (0, 710),
    Level.UNCLEAR: (0, 345, 380, 710),
    Level.MODERATE: (0, 345, 380, 710),
    Level.HIGH: (0, 160, 190, 710),
}
"""The days that matter: the start; the notice and the end of the level's interval; the day after the permit's end."""


@cache
def at_day(day: int) -> datetime.datetime:
    return START + datetime.timedelta(days=day)


BESIDE = frozenset(
    {
        "give_role",
        "end_role",
        "hold_review_round",
        "record_appeal",
        "record_appeal_outcome",
        "record_destruction",
        "hand_over",
        "reopen_description",
        "attach_impact_assessment",
        "state_login",
        "record_follow_up",
        "suspend",
        "resume",
    }
)
"""Records that move nothing, and what is handed in once: the explorer leaves them out, or gives them first."""


WEIGHED = frozenset(
    {
        *(PermitState.INSPECTION, PermitState.MANAGEMENT, PermitState.CITY, PermitState.COMMISSIONER),
        *(PermitState.REASSESSING, PermitState.REASSESSING_MANAGEMENT, PermitState.REASSESSING_CITY),
        *(PermitState.REASSESSING_COMMISSIONER, PermitState.PERIODIC_REVIEW),
    }
)
"""The states in which what was said of an assessment matters; elsewhere a new version comes first, and asks it anew."""


@dataclass(frozen=True, slots=True)
class Situation:
    """An initiative, and the day since the start."""

    initiative: Initiative
    moment: int

    @property
    def at(self) -> datetime.datetime:
        return at_day(self.moment)


@dataclass(frozen=True, slots=True)
class Step:
    """A step from one situation to the next, and what was done; `is_new` where nothing led there before."""

    before: Situation
    command: str
    fires: bool
    after: Situation
    automaton: bool = False
    before_key: object = None
    key: object = None
    is_new: bool = True


def _told(content: object) -> object:
    """In what papers that are signed apart differ here: the form's risk, or the level that the group finds."""
    estimate = getattr(content, "estimate", None)
    return getattr(content, "level", None) if estimate is None else estimate.processing


def key_of(situation: Situation) -> tuple[object, ...]:
    """What the rules can tell of a situation; of an end there is nothing left to tell."""
    i = situation.initiative
    if i.state in ENDS:
        return (i.state,)
    version = i.assessed.version if i.assessed else 0
    over = i.decided is not None and i.local_day(situation.at) > i.decided.valid_until
    decided = i.decided and (i.decided.level, i.decided.data_class, i.decided.version == version, over)
    # Of low risk the last reassessment has no age.
    made = i.reassessed.at if i.reassessed and i.decided and i.decided.level is not Level.LOW else None
    last = i.reassessed and (i.reassessed.data_class, i.reassessed.recipe, made)
    weighing = i.state in WEIGHED
    impact = i.impact and (i.impact.residual_risk, i.impact.covers_estimate_version == version)
    heard = (i.privacy_statement_on == version, i.advice, i.consulted, impact) if weighing else i.impact is None
    runs = [r for r in i.runs if r.state is not RunState.CANCELLED and not r.earlier]
    last_run = runs[-1].id if runs else None
    return (
        i.state,
        situation.moment,
        i.left_for_suspension,
        i.description is None,
        i.assessed and (i.assessed.level, i.assessed.data_class),
        heard,
        i.referred_up,
        i.opinion is None,
        decided,
        last if i.state in ANALYSING else None,
        tuple((p.command, p.subject, tuple(slot for slot, _ in p.signed), _told(p.content)) for p in i.pending),
        tuple((r.state, r.run == last_run, r.law is None) for r in i.requests),
        tuple((r.state, r.dataset, r.order and r.order.kind, r.validated and r.validated.data_class) for r in runs),
        tuple(
            (
                p.state,
                p.draft and (p.draft.audience, p.draft.outputs),
                p.view,
                p.overridden,
                p.cleared,
                p.clearances,
                p.gate_record,
            )
            for p in i.publications
        ),
    )


ROWS_OF: Mapping[Machine, tuple[Transition, ...]] = {
    machine: tuple(row for row in TRANSITIONS if row.machine is machine and row.command not in BESIDE)
    for machine in Machine
}


_OF = {machine: frozenset(row.command for row in TRANSITIONS if row.machine is machine) for machine in Machine}
_BACK_IN_WORK = frozenset(
    {
        *("refuse_access", "withdraw_access", "reopen_fields", "reject_delivery", "stop_run", "restart_run"),
        *("cancel_run", "fail_validation", "destroy_dataset", "ask_ad_hoc"),
    }
)
_BACK_IN_PERMIT = frozenset(
    {
        *("return_for_completion", "refer_up", "rescope", "redefine", "refuse", "ask_for_more_data", "drop_source"),
        *("prepare_again", "note_new_data", "widen_publication", "close", "withdraw", "stop", "supersede"),
    }
)
_AGAIN = frozenset({"announce_reassessment", "submit_periodic_assessment", "end_grace"})
SLICES: Mapping[str, frozenset[str]] = {
    "permit": _BACK_IN_WORK | _OF[Machine.PUBLICATION],
    "work": _BACK_IN_PERMIT | _AGAIN | _OF[Machine.PUBLICATION],
    "publication": _BACK_IN_PERMIT | _BACK_IN_WORK,
}
"""What is left out of each part of the exploration: everything of the permit; of requests, runs and datasets; of publications.

The whole product of the five machines is too large to walk in a minute; each part walks its own machines in full, and the
others along the ways that lead to the end.
"""

_AT_REST = frozenset({RunState.FINISHED, RunState.CANCELLED})


def subjects_of(initiative: Initiative, most: int) -> Iterator[tuple[Machine, str]]:
    """The subjects that somebody may act on; a second run once the first has finished or been cancelled."""
    yield Machine.PERMIT, ""
    for asked in initiative.requests:
        yield Machine.REQUEST, asked.register
    runs = [run.id for run in initiative.runs if run.state is not RunState.CANCELLED and not run.earlier]
    if len(runs) < most and all(run.state in _AT_REST for run in initiative.runs):
        yield Machine.RUN, f"run-{len(initiative.runs) + 1}"
    for run in runs:
        yield Machine.RUN, run
        yield Machine.DATASET, run
    yield Machine.PUBLICATION, PUBLICATION


def _waits(row: Transition) -> bool:
    return len(row.signatures.slots) > 1 and not row.signatures.in_one_submission


def most_runs(kind: Kind, without: frozenset[str]) -> int:
    """Reruns are walked where runs are."""
    return 1 if kind.kind is KindOfAnalysis.ONE_OFF or "cancel_run" in without else 2


def commands_in(kind: Kind, situation: Situation, without: frozenset[str], *, odd: bool = False) -> Iterator[Command]:
    """Every command that somebody could give in a situation, with every paper that matters."""
    initiative = situation.initiative
    waiting = {pending.subject for pending in initiative.pending}
    for machine, subject in subjects_of(initiative, most_runs(kind, without)):
        if waiting - {subject} and machine is not Machine.PERMIT:
            continue  # signatures on one subject and moves of another do not meet
        state = state_of(initiative, machine, subject)
        if state is None:
            continue
        state = STATES[machine](state)
        for listed in ROWS_OF[machine]:
            if state not in listed.sources or listed.command in without:
                continue
            unread = Command(listed.command, (), None, subject)
            row = row_for(initiative, unread)
            if not isinstance(row, Transition):
                continue
            pending = initiative.waiting_for(row.command, subject)
            if pending is None and initiative.pending and _waits(row):
                continue  # signatures to two commands at once: whichever is complete first ends the other
            if row.command == "pick" and state is RequestState.DELIVERED and "withdraw_access" in without:
                continue  # delivered once, but where deliveries themselves are walked
            filled = frozenset(slot for slot, _ in pending.signed) if pending else frozenset()
            signed = frozenset(actor.person for _, actor in pending.signed) if pending else frozenset()
            written = papers_for(kind, initiative, row, subject=subject, at=situation.at)
            if row.paper is Assessment and "announce_reassessment" in without:
                written = written[:1]  # one and the same level
            if odd:
                written = (*odd_papers(written), *written)
            for content in written:
                for actors in actors_for(initiative, row, filled=filled, signed=signed):
                    yield Command(row.command, actors, content, subject)


def explore(
    kind: Kind,
    part: str,
    *,
    guards: Mapping[str, Guard] = GUARDS,
    opening: Opening | None = None,
    stop: Callable[[Situation], bool] | None = None,
    odd: bool = False,
) -> Iterator[Step]:
    """Every step that can be taken from the opening of a case of this kind on; ends where `stop` says so of a situation."""
    first = Situation(prepared_case(kind, opening), 0)
    start = key_of(first)
    seen = {start}
    waiting = deque([(start, first)])
    while waiting:
        before_key, situation = waiting.popleft()
        for step in steps_from(kind, situation, guards, SLICES[part], odd=odd):
            key = key_of(step.after)
            is_new = key not in seen
            seen.add(key)
            yield Step(situation, step.command, step.fires, step.after, step.automaton, before_key, key, is_new)
            if is_new and (stop is None or not stop(step.after)):
                waiting.append((key, step.after))


def steps_from(
    kind: Kind, situation: Situation, guards: Mapping[str, Guard], without: frozenset[str], *, odd: bool = False
) -> Iterator[Step]:
    """Every step from one situation: each command that is allowed, and time passing."""
    initiative = situation.initiative
    for command in commands_in(kind, situation, without, odd=odd):
        found = judge(initiative, command, at=situation.at, guards=guards)
        if isinstance(found, Occurrence):
            after = with_impact(kind, applied(initiative, found), situation.at)
            alone = not any(actor.is_person for actor in command.actors)
            yield Step(situation, command.name, found.fires, Situation(after, situation.moment), alone)
    days = DAYS[kind.level] if initiative.state in ANALYSING else DAYS[kind.level][-1:]
    if "announce_reassessment" in without:
        days = days[-2:]  # nothing is announced: the end of the interval and the end of the permit are left
    later = [day for day in days if day > situation.moment]
    if later and initiative.state not in ENDS and initiative.decided is not None:
        yield Step(situation, "(time passes)", True, Situation(initiative, later[0]))


def with_impact(kind: Kind, initiative: Initiative, at: datetime.datetime) -> Initiative:
    """Where the level asks for an impact assessment, one of this version is attached as soon as the form is in."""
    assessed, impact = initiative.assessed, initiative.impact
    if assessed is None or assessed.level is Level.LOW or initiative.state in ENDS:
        return initiative
    if impact is not None and impact.covers_estimate_version == assessed.version:
        return initiative
    row = BY_STATE_AND_COMMAND.get((initiative.state, "attach_impact_assessment"))
    if row is None:
        return initiative
    written = papers_for(kind, initiative, row, subject="", at=at)
    if not written:
        return initiative
    actor = actor_for(initiative, Role.PRIVACY_PERSON)
    assert actor is not None
    return applied(initiative, perform(initiative, Command(row.command, (actor,), written[0]), at=at))


def prepared_case(kind: Kind, opening: Opening | None = None) -> Initiative:
    """The case as it opens; the owner's statement on the login of the analyst is there from the start."""
    made = opened("case-1", opening or opening_of(kind), at=START)
    return replace(made, logins=(LoginStatement(REGISTER, Role.ANALYST.value, has_login=False),))
