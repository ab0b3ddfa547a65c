"""How journeys were narrowed before cells are counted of them, and how old people were at what is counted.

Handbook 2.6, phase 8.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import ibis.expr.types as ir

from jalostamo.producing.analyses.filters import Filter
from jalostamo.producing.analyses.journeys import BIRTH_YEAR, CASE, Grain, Journeys
from jalostamo.producing.analyses.strata import year_of
from jalostamo.producing.prepared_log import Tie

AGE: Final = "age"


@dataclass(frozen=True, slots=True)
class Narrowed:
    """Which events of whom are looked at, and in which order."""

    services: tuple[str, ...]
    filters: tuple[Filter, ...]
    tie: Tie
    grain: Grain


def aged(journeys: Journeys, times: ir.Table) -> ir.Table:
    """Cases with their age, in calendar years, at a time `at_`; unknown where the year of birth is."""
    joined = times.inner_join(journeys.cases.select(CASE, BIRTH_YEAR), CASE)
    age = year_of(joined.at_, journeys.grain) - joined[BIRTH_YEAR]
    return joined.select(unit=joined[CASE], **{AGE: age.cast("int64")})
