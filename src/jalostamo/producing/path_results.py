"""The paths of a log as values: what `producing.paths` finds, and how its file holds it.

They are true, not protected: one's own log, for one's own eyes.

Handbook 2.2 (the pilot's fourth question) and 3.2.4.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Edge:
    """An edge is one activity straight after another: how often, in how many cases, and how much later."""

    source: str
    target: str
    count: int
    cases: int
    median_seconds: float
    mean_seconds: float

    def as_mapping(self) -> dict[str, object]:
        """The edge as its file holds it."""
        return {
            "from": self.source,
            "to": self.target,
            "count": self.count,
            "cases": self.cases,
            "median_seconds": self.median_seconds,
            "mean_seconds": self.mean_seconds,
        }


@dataclass(frozen=True, slots=True)
class Variant:
    """A variant is one whole path, and how many cases took it."""

    path: tuple[str, ...]
    count: int


@dataclass(frozen=True, slots=True)
class StepMap:
    """A step map is where cases start and end, and which steps they take, how often and how soon.

    `tied_neighbour_pairs` counts neighbours on a path with the same time: how much hangs on the tie rule.
    """

    events: int
    cases: int
    activities: int
    tied_neighbour_pairs: int
    starts: Mapping[str, int]
    ends: Mapping[str, int]
    edges: tuple[Edge, ...]


@dataclass(frozen=True, slots=True)
class Paths(StepMap):
    """The paths of a log, or of one group of its cases: its step map, its whole paths and how long cases last."""

    variants: int
    top_variants: tuple[Variant, ...]
    median_duration_seconds: float | None
    mean_duration_seconds: float | None
    groups: Mapping[str, Paths] = field(default_factory=dict)

    def as_mapping(self) -> dict[str, object]:
        """The paths as their file holds them."""
        groups = {name: group.as_mapping() for name, group in self.groups.items()}
        for group in groups.values():
            del group["groups"]
        return {
            "events": self.events,
            "cases": self.cases,
            "activities": self.activities,
            "tied_neighbour_pairs": self.tied_neighbour_pairs,
            "starts": dict(self.starts),
            "ends": dict(self.ends),
            "edges": [edge.as_mapping() for edge in self.edges],
            "variants": {
                "number": self.variants,
                "top": [{"path": list(variant.path), "count": variant.count} for variant in self.top_variants],
            },
            "case_duration_seconds": {"median": self.median_duration_seconds, "mean": self.mean_duration_seconds},
            "groups": groups,
        }
