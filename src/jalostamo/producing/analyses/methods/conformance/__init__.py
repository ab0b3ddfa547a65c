"""Conformance: how many cases keep a designed path, and where, how and in which group the others leave it.

Handbook 2.2 (the pilot's fourth question) and 3.2.4 (customer paths).
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Final

import ibis
import ibis.expr.types as ir
import pyarrow as pa

from jalostamo.concepts.languages import Text
from jalostamo.producing.analyses.catalogue import Competence, Kind, Measured, Method
from jalostamo.producing.analyses.findings import found
from jalostamo.producing.analyses.journeys import AT, CASE, LEFT, PLACE, SERVICE, Journeys
from jalostamo.producing.analyses.methods.around import BEGINS, ENDS
from jalostamo.producing.analyses.methods.conformance.design import (
    INSERTED,
    LATE,
    PARAMETERS,
    START,
    TOO_OFTEN,
    UNFINISHED,
    Design,
    read_design,
)
from jalostamo.producing.analyses.methods.step_map import STEP
from jalostamo.producing.analyses.parts import (
    ALL,
    compared_on_cases,
    number_in,
    of_part,
    parts_of,
    placed_in_groups,
    share,
)
from jalostamo.producing.analyses.strata import at_first_event
from jalostamo.producing.standardisation import GROUP, SUBJECT

if TYPE_CHECKING:
    from jalostamo.engine.connection import Engine
    from jalostamo.producing.analyses.setting import Setting

type _Told = ir.StringValue | str
"""A column of a table by its expression, or one text for all rows."""

KEPT: Final = "keeps the design"
KEEPING: Final = ("group", "cases", "kept", "share", "fitness")
LEAVING: Final = ("group", "kind", "from", "to", "events", "cases", "share")


def measure(engine: Engine, journeys: Journeys, setting: Setting, design: Design) -> Measured:
    """Who keeps the design, of all cases (group "") and of each group, and each way of leaving it.

    A case's fitness is the share of its events that keep the design.
    """
    placed = engine.keep(placed_in_groups(journeys))
    left = engine.keep(_left(engine, placed, journeys, design))
    fitness = engine.keep(_fitness(placed, left))
    parts = {part: _kept(engine, of_part(fitness, part), part) for part in parts_of(setting)}
    rows = [
        row
        for part, kept in parts.items()
        for row in _ways(engine, of_part(left, part), part, number_in(kept, "cases"))
    ]
    tables = {"keeping": found(KEEPING, parts.values()), "leaving": found(LEAVING, rows)}
    if setting.groups:
        keeping = fitness.filter(fitness.deviating == 0).select(CASE, **{SUBJECT: ibis.literal(KEPT)})
        met = left.select(CASE, **{SUBJECT: _called(left)}).union(keeping)
        tables |= compared_on_cases(engine, met, at_first_event(journeys, setting), pair=setting.compare)
    return {"kept": number_in(parts[ALL], "kept")}, tables


def _left(engine: Engine, placed: ir.Table, journeys: Journeys, design: Design) -> ir.Table:
    """Every event at which a case leaves the design, once for each way: case, group, place, kind, source, target."""
    moved = engine.keep(_moved(engine, placed, journeys, design))
    inserted = placed.filter(placed[SERVICE].notin(design.services))
    unfinished = moved.filter(moved.is_last & moved[SERVICE].notin(sorted(design.ends)) & moved.is_known)
    off = moved.filter(moved.kind.notnull())
    # A service met too often straight after itself is told as any that is met too often: once.
    off = off.mutate(source=(off.kind == TOO_OFTEN).ifelse("", off.source))
    ways = (
        _way(off, off.kind, off.source, off[SERVICE]),
        _way(moved.filter(moved.waited > moved.limit_), LATE, moved.source, moved[SERVICE]),
        _way(moved.filter(moved.nth > moved.most_), TOO_OFTEN, "", moved[SERVICE]),
        _way(unfinished, UNFINISHED, moved[SERVICE], ENDS),
        _way(inserted, INSERTED, "", placed[SERVICE]),
    )
    return ibis.union(*ways, distinct=True)


def _way(table: ir.Table, kind: _Told, source: _Told, target: _Told) -> ir.Table:
    def said(value: _Told) -> ir.StringValue:
        return table[value.get_name()] if isinstance(value, ir.Column) else ibis.literal(value)

    return table.select(CASE, GROUP, PLACE, kind=said(kind), source=said(source), target=said(target))


def _moved(engine: Engine, placed: ir.Table, journeys: Journeys, design: Design) -> ir.Table:
    """The events of the design, each with the one before, what that move is, and whether it is the last of its case."""
    ticks = journeys.grain.ticks_per_unit
    designed = placed.filter(placed[SERVICE].isin(design.services))
    window = ibis.window(group_by=designed[CASE], order_by=designed[PLACE])
    met = ibis.window(group_by=[designed[CASE], designed[SERVICE]], order_by=designed[PLACE])
    known = designed.mutate(
        before=designed[SERVICE].lag().over(window).fill_null(START),
        waited=designed[AT] - designed[AT].lag().over(window),
        nth=ibis.row_number().over(met).cast("int64") + 1,
        is_last=designed[SERVICE].lead().over(window).isnull(),
    )
    joined = known.inner_join(_moves(engine, design, ticks), ["before", SERVICE])
    joined = joined.inner_join(journeys.cases.select(CASE, LEFT), CASE)
    return joined.mutate(
        source=(joined.before == START).ifelse(BEGINS, joined.before),
        is_known=joined[LEFT] - joined[AT] >= design.open * ticks,
    )


def _moves(engine: Engine, design: Design, ticks: int) -> ir.Table:
    moves = [
        {
            "before": one,
            SERVICE: other,
            "kind": kind,
            "limit_": design.within[other] * ticks if other in design.within else None,
            "most_": design.at_most.get(other),
        }
        for one, other, kind in design.moves()
    ]
    types = {
        "before": pa.string(),
        SERVICE: pa.string(),
        "kind": pa.string(),
        "limit_": pa.int64(),
        "most_": pa.int64(),
    }
    return engine.in_memory(pa.Table.from_pylist(moves, schema=pa.schema(list(types.items()))))


def _fitness(placed: ir.Table, left: ir.Table) -> ir.Table:
    """Each case with its events, and how many of them leave the design."""
    events = placed.group_by([CASE, GROUP]).agg(events=placed.count())
    deviating = left.group_by(CASE).agg(deviating_=left[PLACE].nunique())
    joined = events.left_join(deviating, CASE)
    return joined.select(CASE, GROUP, "events", deviating=joined.deviating_.fill_null(0))


def _kept(engine: Engine, fitness: ir.Table, part: str) -> Mapping[str, object]:
    counted = fitness.group_by(["events", "deviating"]).agg(cases=fitness.count())
    rows = [{name: number_in(row, name) for name in row} for row in engine.rows(counted)]
    cases = sum(row["cases"] for row in rows)
    kept = sum(row["cases"] for row in rows if not row["deviating"])
    fit = math.fsum(row["cases"] * (1 - row["deviating"] / row["events"]) for row in rows)
    return {
        "group": part,
        "cases": cases,
        "kept": kept,
        "share": share(kept, cases),
        "fitness": fit / cases if cases else None,
    }


def _ways(engine: Engine, left: ir.Table, part: str, cases: int) -> Iterator[Mapping[str, object]]:
    counted = left.group_by(["kind", "source", "target"]).agg(events=left.count(), cases=left[CASE].nunique())
    for row in sorted(engine.rows(counted), key=_by_cases):
        ends = {"from": row["source"] or None, "to": row["target"]}
        yield {**row, **ends, "group": part, "share": share(number_in(row, "cases"), cases)}


def _by_cases(row: Mapping[str, object]) -> tuple[object, ...]:
    return (-number_in(row, "cases"), *(str(row[name]) for name in ("kind", "source", "target")))


def _called(left: ir.Table) -> ir.StringValue:
    """A way of leaving the design as one text."""
    source = (left.source == "").ifelse("", left.source + STEP)
    return left.kind + ": " + source + left.target


METHOD: Final = Method(
    name="conformance",
    kind=Kind.DIAGNOSTIC,
    competence=Competence.ANALYST,
    title=Text("Suunniteltu polku", "Planerad väg", "Keeping a designed path"),
    parameters=PARAMETERS,
    read=read_design,
    measure=measure,
)
