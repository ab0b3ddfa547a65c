"""The setting of an analysis: whose journeys they are, whom intervals are counted on, and which groups are told apart.

It is all that a method is told of the file that asked for it, beside its own parameters.

Handbook 2.2 (analytic hypotheses).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from jalostamo.concepts.customers import CustomerKind
from jalostamo.concepts.languages import Text
from jalostamo.producing.prepared_log import Tie


@dataclass(frozen=True, slots=True)
class Groups:
    """Groups are the values of a field gathered under names; `compare` names two of them, the second is the reference.

    `age_bands` are in years, both ends inclusive, for comparisons as if both had the same ages; none where it is empty.
    With `by_year`, as if both had begun in the same years too.
    """

    field: str
    values: Mapping[str, tuple[str, ...]]
    compare: tuple[str, str] | None
    age_bands: tuple[tuple[int, int], ...]
    by_year: bool = False

    @property
    def names(self) -> tuple[str, ...]:
        """The groups in the order in which they were named."""
        return tuple(self.values)

    @property
    def by_value(self) -> Mapping[str, str]:
        """The group of each recorded value."""
        return {value: name for name, values in self.values.items() for value in values}


@dataclass(frozen=True, slots=True)
class Setting:
    """A setting: `case` is whose journey it is, `unit` whom intervals are counted on, the case unless members share a fate.

    With `working_days`, time goes on from Monday to Friday alone, and not on public holidays.
    """

    case: CustomerKind
    unit: CustomerKind
    tie: Tie
    groups: Groups | None
    labels: Mapping[str, Text]
    working_days: bool = False

    @property
    def group_names(self) -> tuple[str, ...]:
        """The groups in the order in which they were named; none where there are none."""
        return self.groups.names if self.groups else ()

    @property
    def compare(self) -> tuple[str, str] | None:
        """The two groups that are compared, the reference last."""
        return self.groups.compare if self.groups else None
