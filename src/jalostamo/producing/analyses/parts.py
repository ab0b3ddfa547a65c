"""Parts: what a method counts of all cases and of each group, and how it compares the shares of cases between groups.

Handbook 2.2 (comparing language groups) and 3.2.4 (customer paths).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, cast

import ibis.expr.types as ir

from jalostamo.concepts.errors import Unfit
from jalostamo.producing.analyses.comparing import compared
from jalostamo.producing.analyses.findings import Found
from jalostamo.producing.analyses.journeys import CASE, Grain, Journeys
from jalostamo.producing.analyses.strata import of_cases
from jalostamo.producing.standardisation import EVENTS, GROUP, STRATUM, SUBJECT, UNIT

if TYPE_CHECKING:
    from jalostamo.engine.connection import Engine
    from jalostamo.managing.sections import Section
    from jalostamo.producing.analyses.setting import Setting

ALL: Final = ""
"""The part that is all cases, those of no group too."""


def parts_of(setting: Setting) -> tuple[str, ...]:
    """All cases, then each group in the order in which they were named."""
    return (ALL, *setting.group_names)


def of_part(table: ir.Table, part: str) -> ir.Table:
    """The rows of one part."""
    return table.filter(table[GROUP] == part) if part else table


def placed_in_groups(journeys: Journeys) -> ir.Table:
    """The events in their places, each with the group of its case."""
    return journeys.placed.inner_join(journeys.cases.select(CASE, GROUP), CASE)


@dataclass(frozen=True, slots=True)
class JourneysAlone:
    """What a method asks that needs no more than journeys."""


def journeys_alone(_section: Section) -> JourneysAlone:
    """Read the parameters of a method that has none."""
    return JourneysAlone()


def unused(key: str) -> Unfit:
    """What is said where no event is of the services that a parameter names."""
    return Unfit(
        f"No event is of the services that '{key}' names: write them as the log does, and see that no filter leaves them out.",
        reason="index_unused",
    )


def in_units(ticks: object, grain: Grain) -> float | None:
    """Ticks as the durations that results tell; None where there are none."""
    return None if ticks is None else cast("float", ticks) / grain.ticks_per_unit


def share(customers: int, base: int) -> float | None:
    """The share of a base; None where there is nobody."""
    return customers / base if base else None


def number_in(row: Mapping[str, object], name: str) -> int:
    """A count; 0 where nothing was counted."""
    return cast("int | None", row.get(name)) or 0


def compared_on_cases(
    engine: Engine, met: ir.Table, strata: ir.Table, *, pair: tuple[str, str] | None
) -> Mapping[str, Found]:
    """Shares of cases and their differences, as tables. `met`: case, subject; `strata`: case, unit, group, stratum."""
    once = met.select(CASE, SUBJECT).distinct().inner_join(strata, CASE)
    having = once.group_by([UNIT, GROUP, STRATUM, SUBJECT]).agg(**{EVENTS: once.count()})
    shares, differences = compared(engine, having, of_cases(strata), pair=pair)
    return {"shares": shares, "differences": differences}
