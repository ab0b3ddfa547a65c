"""Time to event of a table: curves of all and of each group, and the tests between the groups.

Handbook 2.3 (methods of analysis).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import TYPE_CHECKING, Final

from jalostamo.producing.survival.comparing import GroupTest, gray, log_rank
from jalostamo.producing.survival.counts import EventCounts, Followed, event_counts
from jalostamo.producing.survival.curves import Curve, Median, aalen_johansen, kaplan_meier, median_of

if TYPE_CHECKING:
    import ibis.expr.types as ir

    from jalostamo.engine.connection import Engine

EVENT: Final = 1
"""The kind of event of the Kaplan-Meier curve and of the log-rank test."""


@dataclass(frozen=True, slots=True)
class Survival:
    """The survival of all, or of one group: how many rows, how they ended, and the curves."""

    rows: int
    censored: int
    events: Mapping[int, int]
    kaplan_meier: Curve
    aalen_johansen: Mapping[int, Curve]
    median: Median

    def as_mapping(self) -> dict[str, object]:
        """The survival as its file holds it."""
        return {
            "rows": self.rows,
            "censored": self.censored,
            "events": {str(kind): number for kind, number in self.events.items()},
            "median": asdict(self.median),
            "kaplan_meier": self.kaplan_meier.as_mapping(),
            "aalen_johansen": {str(kind): curve.as_mapping() for kind, curve in self.aalen_johansen.items()},
        }


@dataclass(frozen=True, slots=True)
class TimeToEvent:
    """The time to event of a table; tests are missing where nothing can be compared."""

    all: Survival
    groups: Mapping[str, Survival] = field(default_factory=dict)
    log_rank: GroupTest | None = None
    gray: Mapping[int, GroupTest | None] | None = None

    def as_mapping(self) -> dict[str, object]:
        """The result as its file holds it."""
        tests = None if self.gray is None else {str(kind): _told(test) for kind, test in self.gray.items()}
        return {
            "all": self.all.as_mapping(),
            "groups": {group: survival.as_mapping() for group, survival in self.groups.items()},
            "log_rank": _told(self.log_rank),
            "gray": tests,
        }


def time_to_event(engine: Engine, rows: ir.Table, *, grouped: bool = False, weight: str | None = None) -> TimeToEvent:
    """The time to event of rows of time, status (0 censored) and group; `weight` names how many rows each row is."""
    return time_to_event_of(event_counts(engine, rows, grouped=grouped, weight=weight))


def time_to_event_of(counts: EventCounts) -> TimeToEvent:
    """The time to event of what was counted."""
    groups = {group: survival_of(counts.followed(group), counts.kinds) for group in counts.groups}
    is_compared = len(counts.groups) > 1
    return TimeToEvent(
        survival_of(counts.followed(), counts.kinds),
        groups,
        _log_rank(counts) if is_compared else None,
        {kind: gray(counts.compared(kind)) for kind in counts.kinds} if is_compared else None,
    )


def survival_of(followed: Followed, kinds: tuple[int, ...]) -> Survival:
    """The curves of those followed; every kind of event has one, also where it came to nobody."""
    place = 1 + kinds.index(EVENT) if EVENT in kinds else 1 + len(kinds)
    waiting = kaplan_meier(followed, place)
    censored, *ended = (int(number) for number in followed.ended.sum(axis=0))
    curves = {kind: aalen_johansen(followed, 1 + at) for at, kind in enumerate(kinds)}
    events = dict(zip(kinds, ended, strict=True))
    return Survival(censored + sum(ended), censored, events, waiting, curves, median_of(waiting))


def _log_rank(counts: EventCounts) -> GroupTest | None:
    return log_rank(counts.compared(EVENT)) if EVENT in counts.kinds else None


def _told(test: GroupTest | None) -> dict[str, float] | None:
    return None if test is None else test.as_mapping()
