"""The forbidden acts with orders: what townhall, or whoever writes in its place, hands to the closed room to be obeyed.

The chain is a recorded one, of invented people: its events are really signed, and the key that signed them is gone.

Handbook 2.6, phases 4 and 5.
"""

from __future__ import annotations

import datetime
import json
from collections.abc import Callable
from dataclasses import dataclass, replace
from importlib.resources import files
from pathlib import Path
from typing import Final

from jalostamo.concepts.errors import Refused
from jalostamo.doors.separation.acts import Targets
from jalostamo.permits.contents import content_of, value_from
from jalostamo.permits.events import Event, Verifier, event_from
from jalostamo.permits.orders import Order, objections_to, order_of
from jalostamo.permits.signing import Ed25519Signer, Ed25519Verifier

_DAY: Final = datetime.timedelta(days=1)
_HANDED: Final = "handed.json"
_OTHER: Final = "0" * 64


@dataclass(frozen=True, slots=True)
class Recorded:
    """A recorded chain: up to a run that is prepared, and how many of its events there were when the run was ordered."""

    events: tuple[Event, ...]
    ordered: int
    run: str
    verifier: Ed25519Verifier

    @property
    def order(self) -> Order:
        """The order as the permit gives it."""
        return order_of(self.events[: self.ordered], self.run, verifier=self.verifier)


@dataclass(frozen=True, slots=True)
class Handed:
    """What is handed over: an order, the events that go with it, when, and what the closed room remembers of the permit."""

    order: Order
    events: tuple[Event, ...]
    at: datetime.datetime
    head: tuple[int, str] | None


class Credulous:
    """A verifier that takes every signature for a good one, for showing what signatures are for."""

    def verify(self, key: str, message: bytes, signature: bytes) -> bool:
        """Say yes."""
        return True


def recorded() -> Recorded:
    """The recorded chain."""
    told = json.loads(files("jalostamo.doors.separation").joinpath("chain.json").read_text(encoding="utf-8"))
    events = tuple(event_from(event) for event in told["events"])
    return Recorded(events, told["ordered"], told["run"], Ed25519Verifier({told["key"]: bytes.fromhex(told["public"])}))


def sound(chain: Recorded) -> Handed:
    """What the closed room would obey."""
    last = chain.events[chain.ordered - 1]
    return Handed(chain.order, chain.events[: chain.ordered], last.at, (last.number, last.digest))


def changed_order(chain: Recorded) -> Handed:
    """An order for another user than the permit's."""
    good = sound(chain)
    return replace(good, order=replace(good.order, users=("stranger",)))


def widened_order(chain: Recorded) -> Handed:
    """An order with a field more than was agreed."""
    good = sound(chain)
    first, *others = good.order.sources
    wider = replace(first, fields=(*first.fields, "spells.name"))
    return replace(good, order=replace(good.order, sources=(wider, *others)))


def changed_event(chain: Recorded) -> Handed:
    """A last event that was changed, and the order that would follow from it."""
    return _with_last(chain, lambda event: event)


def signed_by_another(chain: Recorded) -> Handed:
    """The same, signed by a key of one's own under townhall's name."""
    own = Ed25519Signer.new(chain.events[0].key)
    return _with_last(chain, lambda event: replace(event, signature=own.sign(event.message).hex()))


def expired(chain: Recorded) -> Handed:
    """A good order, handed over when the permit has ended."""
    good = sound(chain)
    late = datetime.datetime.combine(good.order.expires + 2 * _DAY, datetime.time(12), datetime.UTC)
    return replace(good, at=late)


def replayed(chain: Recorded) -> Handed:
    """An order that has been carried out, handed over again."""
    last = chain.events[-1]
    return replace(sound(chain), events=chain.events, at=last.at, head=None)


def rolled_back(chain: Recorded) -> Handed:
    """The same, with a chain that ends before it was carried out."""
    last = chain.events[-1]
    return replace(sound(chain), head=(last.number, last.digest))


def cut(chain: Recorded) -> Handed:
    """A chain from which one event was left out."""
    good = sound(chain)
    return replace(good, events=(*good.events[:3], *good.events[4:]))


def hand(made: Callable[[Recorded], Handed]) -> Callable[[Targets], None]:
    """Write what is handed over where the closed room looks for orders."""

    def act(targets: Targets) -> None:
        handed = made(recorded())
        told = {
            "order": content_of(handed.order),
            "events": [content_of(event) for event in handed.events],
            "at": handed.at.isoformat(),
            "head": handed.head,
        }
        (Path(targets["orders"]) / _HANDED).write_text(json.dumps(told), encoding="utf-8")

    return act


def judge(verifier: Verifier | None = None) -> Callable[[Targets], None]:
    """Read what was handed over as the closed room does, and obey it or not."""

    def act(targets: Targets) -> None:
        told = json.loads((Path(targets["orders"]) / _HANDED).read_text(encoding="utf-8"))
        order, events = value_from(Order, told["order"]), tuple(map(event_from, told["events"]))
        found = objections_to(
            order,
            events,
            verifier=verifier or recorded().verifier,
            at=datetime.datetime.fromisoformat(told["at"]),
            head=(told["head"][0], told["head"][1]) if told["head"] else None,
        )
        if found:
            raise Refused(found, reason="order")

    return act


def _with_last(chain: Recorded, signed: Callable[[Event], Event]) -> Handed:
    good = sound(chain)
    *before, last = good.events
    changed = signed(replace(last, content={**last.content, "recipe": _OTHER}))
    order = replace(good.order, recipe=_OTHER, head=changed.digest)
    return replace(good, order=order, events=(*before, changed), head=None)
