"""Obeying: whether the closed room carries out an order, by replaying the signed events of its permit, and nobody's word.

It remembers the last event that it has seen of each permit, so that a revocation cannot be taken back by an older chain,
and which orders it has carried out, so that none is carried out twice.

Handbook 2.6, phases 4 and 5.
"""

from __future__ import annotations

import datetime
import hashlib
import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from jalostamo.concepts.errors import Broken, Objection, Refused
from jalostamo.managing.requests import Request, read_request
from jalostamo.permits.contents import canonical
from jalostamo.permits.events import Event, Verifier, replay
from jalostamo.permits.orders import Order, objections_to
from jalostamo.permits.terms import Lane
from jalostamo.storage.places import write_whole

if TYPE_CHECKING:
    from jalostamo.managing.orders import Ordered

_PHASE = "2.6, phase 5"


@dataclass(frozen=True, slots=True)
class Memory:
    """What the closed room remembers of permits, a file for each: the last head it saw, and the orders it carried out."""

    folder: Path

    def head(self, permit: str) -> tuple[int, str] | None:
        """The number and the digest of the last event that was seen of a permit; None where none was."""
        found = self._content(permit)
        return (int(str(found["number"])), str(found["head"])) if found else None

    def see(self, events: tuple[Event, ...]) -> None:
        """Remember a chain that holds; it is longer than what was remembered, or the same."""
        last = events[-1]
        self._write(last.case, number=last.number, head=last.digest, done=self._done(last.case))

    def outcome(self, order: Order) -> str | None:
        """What came of an order that was carried out: the digest of what left; None where it was not."""
        return self._done(order.permit).get(_name(order))

    def carried_out(self, order: Order, outcome: str) -> None:
        """Remember that an order was carried out, before anybody is told."""
        head = self.head(order.permit)
        if head is None:
            raise Broken("An order of a permit that was never seen.", reason="order_unseen")
        done = {**self._done(order.permit), _name(order): outcome}
        self._write(order.permit, number=head[0], head=head[1], done=done)

    def _done(self, permit: str) -> dict[str, str]:
        found = (self._content(permit) or {}).get("done", {})
        return {str(name): str(outcome) for name, outcome in found.items()} if isinstance(found, dict) else {}

    def _content(self, permit: str) -> dict[str, object] | None:
        try:
            content: dict[str, object] = json.loads(self._place(permit).read_bytes())
        except FileNotFoundError:
            return None
        return content

    def _write(self, permit: str, *, number: int, head: str, done: dict[str, str]) -> None:
        content = {"permit": permit, "number": number, "head": head, "done": done}
        write_whole(self._place(permit), canonical(content), force=True)

    def _place(self, permit: str) -> Path:
        # A permit may be called as no file can.
        return self.folder / f"{hashlib.sha256(permit.encode()).hexdigest()[:32]}.json"


@dataclass(frozen=True, slots=True, repr=False)
class Obeyed:
    """An order that is carried out: what its permit allows, and the request as the closed room itself has laid it down."""

    order: Order
    request: Request


def obey(ordered: Ordered, *, verifier: Verifier, memory: Memory, at: datetime.datetime, into: Path) -> Obeyed:
    """Judge an order, and lay its recipe down in a folder of the closed room; refused with every objection to it."""
    order, events = ordered.order, ordered.events
    if memory.outcome(order) is not None:
        # Its events are older than what has been seen since, and no rollback.
        raise Refused(
            [Objection("This order has been carried out: let another run be ordered.", _PHASE)], reason="order_done"
        )
    head = memory.head(order.permit)
    # What is remembered is what a chain that holds says, also where it says that the permit has been suspended.
    case = replay(events, verifier=verifier, head=head).id
    memory.see(events)
    wrong = [*objections_to(order, events, verifier=verifier, at=at, head=head)] if case == order.permit else []
    if case != order.permit:
        wrong.append(Objection("The events are of another permit than the order.", _PHASE))
    if ordered.recipe.digest != order.recipe:
        wrong.append(Objection("The recipe is not the one that was ordered: its digest differs.", _PHASE))
    if wrong:
        raise Refused(wrong, reason="order_refused")
    ordered.recipe.laid_out(into)
    request = read_request(into / ordered.request)
    if beyond := list(_beyond(request, order)):
        raise Refused(beyond, reason="order_exceeded")
    return Obeyed(order, request)


def _beyond(request: Request, order: Order) -> Iterator[Objection]:
    """In what a request goes beyond its order: fields, sources, time, the class of what leaves, the lane."""
    ordered = {source.register: set(source.fields) for source in order.sources}
    for source in request.sources:
        asked = {f"{source.table}.{field}" for field in source.fields}
        if more := len(asked - ordered.get(source.register, set())):
            yield Objection(f"Of {source.name}, {more} fields are asked that were not ordered.", "2.6, phase 4")
    if not order.since <= request.first_day <= request.last_day <= order.until:
        yield Objection("The time frame goes beyond the one that was ordered.", "2.2")
    if request.preparation.data_class.exposure > order.data_class.exposure:
        yield Objection("What would leave is of a worse class than was decided.", _PHASE)
    if request.permit != order.permit:
        yield Objection("The request names another permit than the order.", "2.6, phase 4")
    if request.lane is not order.lane:
        lane = "rows" if order.lane is Lane.ROWS else "cells"
        yield Objection(f"The permit was decided for the lane of {lane}, and the request is for the other.", "2.6")
    if order.sealed_job:
        yield Objection("Sealed jobs are not carried out by this version: nothing of one may leave.", "2.6")


def _name(order: Order) -> str:
    return f"{order.run}/{order.head}"
