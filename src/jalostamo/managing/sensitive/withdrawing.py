"""Whether an order may still be carried out while it is: judged by the newest signed events of its permit.

Handbook 2.6, phases 4 and 5.
"""

from __future__ import annotations

import datetime
from typing import TYPE_CHECKING

from jalostamo.concepts.errors import Objection, Refused
from jalostamo.permits.events import Event, Verifier, replay
from jalostamo.permits.orders import objections_to

if TYPE_CHECKING:
    from jalostamo.managing.orders import Ordered
    from jalostamo.managing.sensitive.obeying import Memory


def objections_by_now(
    ordered: Ordered, newest: tuple[Event, ...], *, verifier: Verifier, memory: Memory, at: datetime.datetime
) -> tuple[Objection, ...]:
    """Why an order may not be carried out any more: suspended, revoked, expired or cancelled since; empty where it may.

    Where nothing newer was published, the events that came with the order hold, and the day. What is newer is remembered,
    also where it stops the run: it cannot be taken back.
    """
    events = newest or ordered.events
    head = memory.head(ordered.order.permit)
    if head != (events[-1].number, events[-1].digest):
        try:
            case = replay(events, verifier=verifier, head=head).id
        except Refused as refused:
            return refused.objections
        if case != ordered.order.permit:
            return (Objection("The events are of another permit than the order.", "2.6, phase 5"),)
        memory.see(events)
    return objections_to(ordered.order, events, verifier=verifier, at=at, head=head)
