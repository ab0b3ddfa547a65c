"""Rework: services that a case meets again, straight away (a loop) or after others (a return), and how much later.

Handbook 2.2 (the pilot's fourth question) and 3.2.4 (customer paths).
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Final

import ibis
import ibis.expr.types as ir

from jalostamo.concepts.languages import Text
from jalostamo.producing.analyses.catalogue import Competence, Kind, Measured, Method
from jalostamo.producing.analyses.findings import found
from jalostamo.producing.analyses.journeys import AT, CASE, PLACE, SERVICE, Grain, Journeys
from jalostamo.producing.analyses.parts import (
    JourneysAlone,
    compared_on_cases,
    in_units,
    journeys_alone,
    number_in,
    of_part,
    parts_of,
    placed_in_groups,
    share,
)
from jalostamo.producing.analyses.strata import at_first_event
from jalostamo.producing.standardisation import SUBJECT

if TYPE_CHECKING:
    from jalostamo.engine.connection import Engine
    from jalostamo.producing.analyses.setting import Setting

COLUMNS: Final = (
    "group",
    "service",
    "cases",
    "cases_again",
    "share_again",
    "most",
    "loops",
    "loop_cases",
    "median_loop",
    "returns",
    "return_cases",
    "median_return",
)


def measure(engine: Engine, journeys: Journeys, setting: Setting, _asked: JourneysAlone) -> Measured:
    """Each service of all cases (group "") and of each group: in how many cases it is met, and met again, and how."""
    met = engine.keep(_met(placed_in_groups(journeys)))
    rows = [row for part in parts_of(setting) for row in _rows(engine, of_part(met, part), part, journeys.grain)]
    again = met.filter(met.away.notnull())
    facts = engine.only_row(again.aggregate(events_again=again.count(), cases_again=again[CASE].nunique()))
    tables = {"services": found(COLUMNS, rows)}
    if setting.groups:
        subjects = again.select(CASE, **{SUBJECT: again[SERVICE]})
        tables |= compared_on_cases(engine, subjects, at_first_event(journeys, setting), pair=setting.compare)
    return {name: number_in(facts, name) for name in ("events_again", "cases_again")}, tables


def _met(placed: ir.Table) -> ir.Table:
    """The events, each with how many places and ticks ago its case met the same service, and for the how manieth time."""
    window = ibis.window(group_by=[placed[CASE], placed[SERVICE]], order_by=placed[PLACE])
    met = placed.mutate(
        away=placed[PLACE] - placed[PLACE].lag().over(window),
        later=placed[AT] - placed[AT].lag().over(window),
        time=ibis.row_number().over(window).cast("int64") + 1,
    )
    # Columns of their own: Spark takes no median of a part of the rows.
    nothing = ibis.null("int64")
    return met.mutate(
        looped=(met.away == 1).ifelse(met.later, nothing), returned=(met.away > 1).ifelse(met.later, nothing)
    )


def _rows(engine: Engine, met: ir.Table, part: str, grain: Grain) -> list[Mapping[str, object]]:
    loop, back = met.away == 1, met.away > 1
    counted = met.group_by(SERVICE).agg(
        cases=met[CASE].nunique(),
        cases_again=met[CASE].nunique(where=met.away.notnull()),
        most=met.time.max(),
        loops=loop.sum(),
        loop_cases=met[CASE].nunique(where=loop),
        median_loop=met.looped.median().cast("float64"),
        returns=back.sum(),
        return_cases=met[CASE].nunique(where=back),
        median_return=met.returned.median().cast("float64"),
    )
    return [
        {
            **row,
            **{name: number_in(row, name) for name in ("loops", "returns")},
            **{name: in_units(row[name], grain) for name in ("median_loop", "median_return")},
            "group": part,
            "share_again": share(number_in(row, "cases_again"), number_in(row, "cases")),
        }
        for row in sorted(engine.rows(counted), key=_by_use)
    ]


def _by_use(row: Mapping[str, object]) -> tuple[int, int, str]:
    return (-number_in(row, "cases_again"), -number_in(row, "cases"), str(row[SERVICE]))


METHOD: Final = Method(
    name="rework",
    kind=Kind.DESCRIPTIVE,
    competence=Competence.READER,
    title=Text("Palvelut uudelleen", "Tjänster på nytt", "Services met again"),
    parameters="",
    read=journeys_alone,
    measure=measure,
)
