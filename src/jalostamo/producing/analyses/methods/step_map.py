"""The step map: which service follows which straight away, for how many customers, and how much later; by group.

Handbook 2.2 (the pilot's fourth question) and 3.2.4 (customer paths).
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Final, cast

import ibis
import ibis.expr.types as ir

from jalostamo.concepts.languages import Text
from jalostamo.producing.analyses.catalogue import Competence, Kind, Measured, Method
from jalostamo.producing.analyses.findings import Found, found
from jalostamo.producing.analyses.journeys import CASE, FOLLOWING, GAP, PLACE, SERVICE, Grain, Journeys
from jalostamo.producing.analyses.parts import (
    JourneysAlone,
    compared_on_cases,
    in_units,
    journeys_alone,
    of_part,
    parts_of,
    placed_in_groups,
)
from jalostamo.producing.analyses.strata import at_first_event
from jalostamo.producing.standardisation import SUBJECT

if TYPE_CHECKING:
    from jalostamo.engine.connection import Engine
    from jalostamo.producing.analyses.setting import Setting

STEP: Final = " → "
STEP_COLUMNS: Final = ("group", "from", "to", "events", "cases", "median", "mean")
END_COLUMNS: Final = ("group", "service", "starts", "ends", "events", "cases")


def measure(engine: Engine, journeys: Journeys, setting: Setting, _asked: JourneysAlone) -> Measured:
    """The steps and the services of all cases (group "") and of each group, and the steps in which two groups differ."""
    placed = engine.keep(placed_in_groups(journeys))
    groups = parts_of(setting)
    tables = {
        "steps": _table(engine, [_steps(placed, group) for group in groups], STEP_COLUMNS, journeys.grain),
        "services": _table(engine, [_services(placed, group) for group in groups], END_COLUMNS, journeys.grain),
    }
    if setting.groups:
        # Tested on cases and not on events.
        taken = _named(placed.filter(placed[FOLLOWING].notnull())).select(CASE, SUBJECT)
        tables |= compared_on_cases(engine, taken, at_first_event(journeys, setting), pair=setting.compare)
    tied = engine.only_row(placed.aggregate(tied=(placed[GAP] == 0).sum()))["tied"]
    return {"tied_neighbour_pairs": cast("int | None", tied) or 0}, tables


def _named(taken: ir.Table) -> ir.Table:
    return taken.mutate(**{SUBJECT: taken[SERVICE] + ibis.literal(STEP) + taken[FOLLOWING]})


def _steps(placed: ir.Table, group: str) -> ir.Table:
    taken = of_part(placed, group)
    taken = taken.filter(taken[FOLLOWING].notnull())
    counted = taken.group_by([SERVICE, FOLLOWING]).agg(
        events=taken.count(), cases=taken[CASE].nunique(), median=taken[GAP].median(), mean=taken[GAP].mean()
    )
    return counted.select(
        counted.events,
        counted.cases,
        group=ibis.literal(group),
        **{"from": counted[SERVICE], "to": counted[FOLLOWING]},
        median=counted["median"].cast("float64"),
        mean=counted["mean"].cast("float64"),
    )


def _services(placed: ir.Table, group: str) -> ir.Table:
    theirs = of_part(placed, group)
    counted = theirs.group_by(SERVICE).agg(
        starts=(theirs[PLACE] == 0).sum(),
        ends=theirs[FOLLOWING].isnull().sum(),
        events=theirs.count(),
        cases=theirs[CASE].nunique(),
    )
    return counted.mutate(group=ibis.literal(group))


def _table(engine: Engine, parts: Sequence[ir.Table], columns: Sequence[str], grain: Grain) -> Found:
    """The parts one after the other, each with the most used first; durations in the unit of results."""
    rows = [row for part in parts for row in sorted(engine.rows(part), key=_by_use)]
    for row in rows:
        for name in {"median", "mean"} & row.keys():
            row[name] = in_units(row[name], grain)
    return found(columns, rows)


def _by_use(row: dict[str, object]) -> tuple[object, ...]:
    return (-cast("int", row["events"]), *(str(row.get(name, "")) for name in ("from", "to", SERVICE)))


METHOD: Final = Method(
    name="step_map",
    kind=Kind.DESCRIPTIVE,
    competence=Competence.READER,
    title=Text("Askelkartta", "Stegkarta", "Step map"),
    parameters="",
    read=journeys_alone,
    measure=measure,
)
