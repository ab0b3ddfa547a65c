"""Printed marginals: roughly how often each code of each field is there, one field at a time; what later twins are drawn from.

They hold nothing of how fields go together, no count below their threshold, and no exact one.

Handbook 2.6, phases 5 and 8.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Final

THRESHOLD: Final = 10
"""What fewer units have is not printed."""
MISSING: Final = ""
PER_PERSON: Final = "events_per_person"
CLASSES: Final[Mapping[str, tuple[int, int]]] = {
    "0": (0, 0),
    "1": (1, 1),
    "2-3": (2, 3),
    "4-7": (4, 7),
    "8-15": (8, 15),
    "16-": (16, 24),
}
"""How many events a person has, in classes; of the last one a twin draws no more than its second number."""

type Printed = Mapping[str, Mapping[str, Mapping[str, int]]]


@dataclass(frozen=True, slots=True)
class Marginals:
    """Marginals are printed counts by table, field and code; dates are told by their year, and what is missing is called ""."""

    printed: Printed = field(default_factory=lambda: MappingProxyType({}))

    def of(self, table: str, name: str) -> Mapping[str, int] | None:
        """The printed counts of a field; None where nothing was printed of it."""
        return self.printed.get(table, {}).get(name) or None

    def as_mapping(self) -> dict[str, object]:
        """As a twin's manifest holds them."""
        return {
            "threshold": THRESHOLD,
            "printed": {t: {f: dict(c) for f, c in v.items()} for t, v in self.printed.items()},
        }


UNPRINTED: Final = Marginals()
"""Of what was never retrieved: every code is as likely as the next one."""


def weight_of(printed: Mapping[str, int] | None, code: str) -> float:
    """How often a code is drawn: as it was printed, or as if half the threshold had it, whether some have it or nobody."""
    if printed is None:
        return 1.0
    return float(printed.get(code, 0)) or THRESHOLD / 2
