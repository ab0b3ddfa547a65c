"""Around: what comes before and after the first use of an index service, step by step, in customers.

Handbook 2.2 (the pilot's fourth question) and 3.2.4 (customer paths).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import ibis
import ibis.expr.types as ir

from jalostamo.concepts.errors import Unfit
from jalostamo.concepts.languages import Text
from jalostamo.producing.analyses.catalogue import Competence, Kind, Measured, Method
from jalostamo.producing.analyses.findings import Found, found
from jalostamo.producing.analyses.journeys import AT, CASE, FOLLOWING, GAP, PLACE, SERVICE, Grain, Journeys
from jalostamo.producing.analyses.parts import (
    compared_on_cases,
    in_units,
    number_in,
    of_part,
    parts_of,
    placed_in_groups,
    share,
    unused,
)
from jalostamo.producing.analyses.strata import in_band, year_of
from jalostamo.producing.standardisation import GROUP, STRATUM, SUBJECT, UNIT

if TYPE_CHECKING:
    from jalostamo.engine.connection import Engine
    from jalostamo.managing.sections import Section
    from jalostamo.producing.analyses.setting import Setting

BEGINS: Final = "(begins)"
ENDS: Final = "(ends)"
OTHERS: Final = "(others)"
"""What stands before a customer's first event and after the last one, and for services beyond those that are named."""

LINKS: Final = ("group", "step", "from", "to", "customers", "share", "median")
NODES: Final = ("group", "step", "service", "customers", "share")
_MOST_STEPS: Final = 10
_NAMED: Final = 9
"""With the index, the two ends and all others a drawing has a dozen nodes."""


@dataclass(frozen=True, slots=True)
class Asked:
    """Around which services, how many steps before and after, and how many other services are named."""

    index: tuple[str, ...]
    before: int
    after: int
    named: int

    @property
    def name(self) -> str:
        """The index services as one."""
        return " + ".join(self.index)


def _read(section: Section) -> Asked:
    before, after = (_steps(section, key, default) for key, default in (("before", 2), ("after", 3)))
    if not before + after:
        raise Unfit(f"{section.place}: 'before' or 'after' is at least 1.", reason="definition_incomplete")
    named = section.one("named", int) if "named" in section.content else _NAMED
    if named < 1:
        raise Unfit(f"{section.place}: 'named' is at least 1.", reason="definition_incomplete")
    return Asked(section.words("index"), before, after, named)


def _steps(section: Section, key: str, default: int) -> int:
    steps = section.one(key, int) if key in section.content else default
    if not 0 <= steps <= _MOST_STEPS:
        raise Unfit(f"{section.place}: '{key}' is from 0 to {_MOST_STEPS}.", reason="definition_incomplete")
    return steps


def measure(engine: Engine, journeys: Journeys, setting: Setting, asked: Asked) -> Measured:
    """The steps to and from the index, of all its customers (group "") and of each group: step 0 is the index itself."""
    placed = engine.keep(placed_in_groups(journeys))
    index = engine.keep(first_of(placed, asked))
    if not _size(engine, index):
        raise unused("index")
    near = engine.keep(near_of(placed, index, asked))
    links = engine.keep(links_of(near, asked, _named(engine, near, asked)))
    base = {part: _size(engine, of_part(index, part)) for part in parts_of(setting)}
    tables = {
        "links": _link_rows(engine, links, base, journeys.grain),
        "nodes": _node_rows(engine, nodes_of(links, asked), base),
    }
    if setting.groups:
        grouped = journeys.cases.drop(GROUP).inner_join(index.filter(index[GROUP].notnull()), CASE)
        strata = in_band(grouped, year_of(grouped.at_, journeys.grain), setting).select(CASE, UNIT, GROUP, STRATUM)
        tables |= compared_on_cases(engine, _met(links, asked), strata, pair=setting.compare)
    return {"index_customers": base[""]}, tables


def first_of(placed: ir.Table, asked: Asked) -> ir.Table:
    """The cases that used the index service: in which place first, and when."""
    uses = placed.filter(placed[SERVICE].isin(asked.index))
    return uses.group_by([CASE, GROUP]).agg(index_=uses[PLACE].min(), at_=uses[AT].min())


def near_of(placed: ir.Table, index: ir.Table, asked: Asked) -> ir.Table:
    """The events around the index, each with its step from it."""
    near = placed.inner_join(index.select(CASE, "index_"), CASE)
    near = near.mutate(step=(near[PLACE] - near.index_).cast("int64"))
    return near.filter(near.step.between(-asked.before, asked.after))


def _size(engine: Engine, table: ir.Table) -> int:
    return number_in(engine.only_row(table.aggregate(n=table.count())), "n")


def _named(engine: Engine, near: ir.Table, asked: Asked) -> tuple[str, ...]:
    """The services that most customers use near the index, beside it."""
    counted = near.group_by(SERVICE).agg(cases=near[CASE].nunique())
    others = counted.filter(counted[SERVICE].notin(asked.index))
    rows = engine.rows(others.order_by([others.cases.desc(), others[SERVICE]]).limit(asked.named))
    return tuple(str(row[SERVICE]) for row in rows)


def links_of(near: ir.Table, asked: Asked, named: Sequence[str]) -> ir.Table:
    """From each step to the next: case, group, step (of where it leads from), source, target, gap."""

    def called(service: ir.StringValue, step: ir.IntegerValue) -> ir.StringValue:
        kept = service.isin((*named, *asked.index)).ifelse(service, OTHERS)
        return (step == 0).ifelse(asked.name, kept)

    onward = near.filter(near.step < asked.after)
    ended = onward[FOLLOWING].isnull()
    onward = onward.select(
        CASE,
        GROUP,
        step=onward.step.cast("int64"),
        source=called(onward[SERVICE], onward.step),
        target=ended.ifelse(ENDS, called(onward[FOLLOWING], onward.step + 1)),
        gap=onward[GAP],
    )
    first = near.filter((near[PLACE] == 0) & (near.step > -asked.before) & (near.step <= 0))
    begun = first.select(
        CASE,
        GROUP,
        step=(first.step - 1).cast("int64"),
        source=ibis.literal(BEGINS),
        target=called(first[SERVICE], first.step),
        gap=ibis.null("int64"),
    )
    return onward.union(begun)


def nodes_of(links: ir.Table, asked: Asked) -> ir.Table:
    """The services at each step: those that links lead from, and where the last ones lead to."""
    from_ = links.select(CASE, GROUP, step=links.step, service=links.source)
    # An end has no step onward: it is known by where it is led to.
    last = links.filter((links.step == asked.after - 1) | (links.target == ENDS))
    return from_.union(last.select(CASE, GROUP, step=(last.step + 1).cast("int64"), service=last.target))


def _met(links: ir.Table, asked: Asked) -> ir.Table:
    nodes = nodes_of(links, asked)
    others = nodes.filter(nodes.step != 0)
    sign = (others.step > 0).ifelse("+", "")
    return others.select(CASE, **{SUBJECT: sign + others.step.cast("string") + " " + others.service})


def _link_rows(engine: Engine, links: ir.Table, base: Mapping[str, int], grain: Grain) -> Found:
    rows: list[Mapping[str, object]] = []
    for part, size in base.items():
        theirs = of_part(links, part)
        counted = theirs.group_by(["step", "source", "target"]).agg(
            customers=theirs.count(), median=theirs.gap.median().cast("float64")
        )
        rows += [
            {
                "group": part,
                "step": row["step"],
                "from": row["source"],
                "to": row["target"],
                "customers": row["customers"],
                "share": share(number_in(row, "customers"), size),
                "median": in_units(row["median"], grain),
            }
            for row in sorted(engine.rows(counted), key=_in_order)
        ]
    return found(LINKS, rows)


def _node_rows(engine: Engine, nodes: ir.Table, base: Mapping[str, int]) -> Found:
    rows: list[Mapping[str, object]] = []
    for part, size in base.items():
        theirs = of_part(nodes, part)
        counted = theirs.group_by(["step", "service"]).agg(customers=theirs.count())
        rows += [
            {**row, "group": part, "share": share(number_in(row, "customers"), size)}
            for row in sorted(engine.rows(counted), key=_in_order)
        ]
    return found(NODES, rows)


def _in_order(row: Mapping[str, object]) -> tuple[object, ...]:
    names = (str(row.get(name, "")) for name in ("source", "service", "target"))
    return (number_in(row, "step"), -number_in(row, "customers"), *names)


METHOD: Final = Method(
    name="around",
    kind=Kind.DESCRIPTIVE,
    competence=Competence.READER,
    title=Text("Polut palvelun ympärillä", "Vägar kring en tjänst", "Paths around a service"),
    parameters="index before after named",
    read=_read,
    measure=measure,
)
