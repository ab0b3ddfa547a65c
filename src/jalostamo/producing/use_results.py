"""What precedes a service and what follows it, as values: what `producing.before_after` finds, and how its file holds it.

They are true, not protected: one's own log, for one's own eyes. An order in time is no cause.

Handbook 2.2 (the pilot's questions) and 3.1.3.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from jalostamo.producing.relative_risk import RelativeRisk


@dataclass(frozen=True, slots=True)
class ServiceUse:
    """The use of one service beside the index service's, in distinct customers.

    `before`, `same_day` and `after` compare the dates of any use with the date of the first use of the index service.
    """

    service: str
    before: int
    same_day: int
    after: int
    any: int
    both: int
    adjusted: RelativeRisk

    def as_mapping(self, index_customers: int, customers: int) -> dict[str, object]:
        """The use as its file holds it."""
        expected = index_customers * self.any
        return {
            "service": self.service,
            "users_before": self.before,
            "users_same_day": self.same_day,
            "users_after": self.after,
            "users_any": self.any,
            "users_both": self.both,
            "share_given_index": self.both / index_customers if index_customers else None,
            "share_overall": self.any / customers if customers else None,
            "lift": self.both * customers / expected if expected else None,
            "adjusted_relative_risk": self.adjusted.as_mapping(),
        }


@dataclass(frozen=True, slots=True)
class BeforeAfter:
    """Every other service before, on the day of and after the first use of an index service."""

    index: str
    index_customers: int
    customers: int
    services: tuple[ServiceUse, ...]
    groups: Mapping[str, BeforeAfter] = field(default_factory=dict)

    def as_mapping(self) -> dict[str, object]:
        """The whole as its file holds it."""
        groups = {name: group.as_mapping() for name, group in self.groups.items()}
        for group in groups.values():
            del group["groups"]
        return {
            "index": self.index,
            "index_customers": self.index_customers,
            "customers": self.customers,
            "services": [each.as_mapping(self.index_customers, self.customers) for each in self.services],
            "groups": groups,
        }
