"""What an operating model asks of people: whose hours the cases of a municipality take, by model and by party.

The days are those of the estimates; what is bought outside is money, and nobody's hours here.

Handbook 2.1; Appendix 1, section 5.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from jalostamo.concepts.organisations import OperatingModel
from jalostamo.permits.estimates.costs import TENTHS, Costs

MINUTES_OF_A_DAY: Final = 450
"""A working day of seven and a half hours."""


class WorkParty(StrEnum):
    """Whose people do the work: the unit that commissions, the group that analyses, the team that handles data."""

    UNIT = "unit"
    GROUP = "group"
    DATA_TEAM = "data_team"


ANALYSES: Final[Mapping[OperatingModel, WorkParty]] = {
    OperatingModel.GROUP_ENABLES: WorkParty.UNIT,
    OperatingModel.GROUP_SUPPORTS: WorkParty.GROUP,
    OperatingModel.GROUP_ORIGINATES: WorkParty.GROUP,
}
"""Who analyses and reports, by model; data is handled by the data team in each."""


@dataclass(frozen=True, slots=True)
class Effort:
    """The time that the cases of one model take of one party, in minutes, the first year's updating included."""

    model: OperatingModel
    party: WorkParty
    minutes: int


def efforts(cases: Iterable[tuple[OperatingModel, Costs]]) -> tuple[Effort, ...]:
    """The time of each model and party over cases, by model and then party; figures not yet given count as none.

    >>> costs = Costs(False, 20, 10, 0, 30, 0, 0)
    >>> [(effort.party.value, effort.minutes) for effort in efforts([(OperatingModel.GROUP_ENABLES, costs)])]
    [('data_team', 1350), ('unit', 1350)]
    """
    taken: Counter[tuple[OperatingModel, WorkParty]] = Counter()
    for model, costs in cases:
        taken[model, ANALYSES[model]] += costs.analysis_and_reporting or 0
        handling = (costs.anonymisation, costs.quality_control, costs.it, costs.updating_per_year)
        taken[model, WorkParty.DATA_TEAM] += sum(tenths or 0 for tenths in handling)
    return tuple(
        Effort(model, party, taken[model, party] * MINUTES_OF_A_DAY // TENTHS) for model, party in sorted(taken)
    )
