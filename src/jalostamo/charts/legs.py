"""The stops and legs of a map of steps, and which of them are drawn where there are more than a drawing holds.

Handbook 2.2 (visualising, understanding and assessing the results) and 3.2.4 (customer paths).
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from jalostamo.charts.flows import MOST_NODES, OTHERS

MOST_LEGS: Final = 16
"""Beside the most used one of each service, so that none stands alone."""


@dataclass(frozen=True, slots=True)
class Stop:
    """A stop is a service with its customers, and how many started there."""

    service: str
    customers: int
    starts: int


@dataclass(frozen=True, slots=True)
class Leg:
    """A leg is how many went from one service straight to another, `time` how much later as it is written, or nothing."""

    source: str
    target: str
    customers: int
    time: str = ""
    differs: bool = False


def few(stops: Iterable[Stop], legs: Iterable[Leg]) -> tuple[tuple[Stop, ...], tuple[Leg, ...]]:
    """The stops of a map and the legs between them: the most used services by name, all others as `OTHERS`.

    How many customers the others have together is not known from their numbers: 0 stands for that.
    """
    by_use = sorted(stops, key=lambda stop: (-stop.customers, stop.service))
    kept = by_use if len(by_use) <= MOST_NODES else by_use[: MOST_NODES - 1]
    rest = by_use[len(kept) :]
    named = {stop.service for stop in kept}
    joined: dict[tuple[str, str], Leg] = {}
    for leg in legs:
        ends = tuple(service if service in named else OTHERS for service in (leg.source, leg.target))
        key = (ends[0], ends[1])
        before = joined.get(key)
        time, customers, differs = ("", before.customers, before.differs) if before else (leg.time, 0, False)
        joined[key] = Leg(*key, customers + leg.customers, time, differs or leg.differs)
    others = [Stop(OTHERS, 0, sum(stop.starts for stop in rest))] if rest else []
    return (*kept, *others), tuple(leg for leg in joined.values() if leg.customers)


def drawn_of(legs: Iterable[Leg]) -> tuple[Leg, ...]:
    """The legs that differ, the most used one of each stop, and as many of the most used as a drawing holds.

    Those of the others among themselves say nothing.
    """
    told = [leg for leg in legs if {leg.source, leg.target} != {OTHERS}]
    by_use = sorted(told, key=lambda leg: (not leg.differs, -leg.customers, leg.source, leg.target))
    first: dict[str, Leg] = {}
    for leg in (leg for leg in by_use if leg.source != leg.target):
        for service in (leg.source, leg.target):
            first.setdefault(service, leg)
    chosen = dict.fromkeys([*first.values(), *by_use[:MOST_LEGS]])
    return tuple(sorted(chosen, key=lambda leg: (leg.differs, -leg.customers, leg.source, leg.target)))
