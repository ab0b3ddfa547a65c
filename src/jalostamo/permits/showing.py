"""What of a case is shown to whom before it is time: a checker does not see the other's clearance until both are in.

Handbook 2.6, phase 8.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from jalostamo.permits.events import SIGNED, Event
from jalostamo.permits.initiative import Initiative
from jalostamo.permits.machines import PublicationState

_BLIND = "clear_microdata"


def as_shown_to(person: str, events: Sequence[Event]) -> tuple[Event, ...]:
    """The events as a person may see them: the paper of a clearance that waits for its second is its signer's alone.

    What is shown so is for reading; its signatures no longer fit, and only the whole chain is replayed.
    """
    return tuple(
        replace(event, content={}) if _waits(event, events) and not _is_of(event, person) else event for event in events
    )


def _is_of(event: Event, person: str) -> bool:
    return any(actor.person == person for actor in event.actors)


def _waits(event: Event, events: Sequence[Event]) -> bool:
    """Whether it is one of two clearances whose other has not come, or will not: the draft was sent back or withdrawn."""
    if (event.command, event.name) != (_BLIND, SIGNED):
        return False
    later = events[event.number :]
    return not any(after.subject == event.subject and after.name != SIGNED for after in later)


def earlier_releases(initiative: Initiative, publication: str) -> Iterator[tuple[str, tuple[str, ...]]]:
    """What the case has already published, by publication and the digests of its outputs, newest last.

    A checker looks at them beside the new outputs: two harmless tables can tell of a person by their difference.
    """
    out = {PublicationState.IN_USE, PublicationState.SUSPENDED, PublicationState.CLOSED, PublicationState.WITHDRAWN}
    for made in initiative.publications:
        if made.id != publication and made.state in out and made.cleared:
            yield made.id, made.cleared
