"""How a case was decided: by which event, and by everybody who signed it.

Handbook 2.6, phase 3.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from jalostamo.permits.events import SIGNED, Event, replayed_by_event
from jalostamo.permits.initiative import Initiative
from jalostamo.permits.machines import PermitState
from jalostamo.permits.people import Actor
from townhall.permits.models import Case
from townhall.permits.recording import verifier


@dataclass(frozen=True, slots=True)
class Outcome:
    """How a case was decided: the case as the decision left it, the event, and all who signed."""

    made: Initiative
    event: Event
    signers: tuple[Actor, ...]


def outcome_of(case: Case, made: Initiative, events: Sequence[Event]) -> Outcome | None:
    """How a case was decided, if it was: the event by which what stands today was decided, or that refused it."""
    if made.decided is None and made.state is not PermitState.REJECTED:
        return None
    stages = replayed_by_event(events, verifier=verifier(), head=(case.length, case.head))
    for event, stage in zip(events, stages, strict=True):
        if event.name != SIGNED and _is_decided_alike(stage, made):
            return Outcome(stage, event, _signers(events[: event.number]))
    return None


def _signers(events: Sequence[Event]) -> tuple[Actor, ...]:
    """Everybody who signed what the last of these events brought into effect, in the order in which they did."""
    last = events[-1]
    signed = list(last.actors)
    for event in reversed(events[:-1]):
        if (event.command, event.subject) != (last.command, last.subject):
            continue
        if event.name != SIGNED:
            break
        signed[:0] = event.actors
    return tuple(signed)


def _is_decided_alike(stage: Initiative, made: Initiative) -> bool:
    if made.state is PermitState.REJECTED:
        return stage.state is PermitState.REJECTED
    return stage.decided is not None and made.decided is not None and stage.decided.at == made.decided.at
