"""Derivations: how a table of journeys is made from the closed room's persons and events, written into its very name.

So a definition of cells alone tells what is counted, and an earlier one can be counted again beside a new one.

Handbook 2.6, phases 5 and 8.
"""

from __future__ import annotations

import json
import operator
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import reduce
from typing import TYPE_CHECKING, Final, cast

import ibis
import ibis.expr.types as ir

from jalostamo.concepts.customers import CustomerKind
from jalostamo.permits.contents import canonical, content_of, value_from
from jalostamo.producing.analyses.filters import applied
from jalostamo.producing.analyses.inside.narrowed import Narrowed, aged
from jalostamo.producing.analyses.inside.told import CALLED, Telling, made_of
from jalostamo.producing.analyses.journeys import (
    AT,
    CASE,
    FOLLOWING,
    GAP,
    PLACE,
    SERVICE,
    Journeys,
)
from jalostamo.producing.analyses.methods.before_after import Asked, first_index, named_events, near_index
from jalostamo.producing.analyses.methods.step_map import STEP
from jalostamo.producing.analyses.setting import Setting
from jalostamo.producing.analyses.sources import journeys_from, window_of

if TYPE_CHECKING:
    from jalostamo.engine.connection import Engine
    from jalostamo.producing.cubes.counted import Tables
    from jalostamo.producing.cubes.definition import CubeDefinition

PERSONS: Final = "persons"
EVENTS: Final = "events"
AWAY: Final = "away"
RELATION: Final = "relation"
RELATIONS: Final = ("before", "same", "after")
BESIDE: Final = "beside"
"""The relation of a use that is too near, or too far, to be before or after."""

_CALLED: Final = "journeys "


class Part(StrEnum):
    """A part is a table of journeys: persons who are looked at, those with an event, and what they did; a row per record."""

    CASES = "cases"
    CUSTOMERS = "customers"
    USES = "uses"
    STARTS = "starts"
    ENDS = "ends"
    STEPS = "steps"
    GAPS = "gaps"
    INDEX = "index"
    AROUND = "around"
    DISTANCES = "distances"


@dataclass(frozen=True, slots=True)
class Derivation:
    """A derivation is one part of journeys that were narrowed; `around` is what an index service asks."""

    part: Part
    narrowed: Narrowed
    around: Asked | None = None

    @property
    def table(self) -> str:
        """The name of its table."""
        return _CALLED + canonical(content_of(self)).decode()


def derivations_in(definition: CubeDefinition) -> Mapping[str, Derivation | Telling]:
    """The derivations of a definition, by the names of their tables."""
    names = dict.fromkeys(measure.table for measure in definition.measures)
    known: Mapping[str, type[Derivation | Telling]] = {_CALLED: Derivation, CALLED: Telling}
    return {
        name: value_from(kind, json.loads(name.removeprefix(called)))
        for name in names
        for called, kind in known.items()
        if name.startswith(called)
    }


def with_derived(engine: Engine, definition: CubeDefinition, tables: Tables) -> Tables:
    """The closed room's tables, and those of journeys that a definition counts from."""
    wanted = derivations_in(definition)
    if not wanted:
        return tables
    made: dict[str, ir.Table] = {}
    seen: dict[Narrowed, tuple[Journeys, ir.Table]] = {}
    for name, derivation in wanted.items():
        of = derivation.narrowed
        if of not in seen:
            journeys = _journeys(engine, definition, of, tables)
            seen[of] = journeys, engine.keep(journeys.placed)
        if isinstance(derivation, Telling):
            made[name] = engine.keep(made_of(engine, derivation, seen[of][0]))
        else:
            made[name] = engine.keep(_made(derivation, *seen[of]))
    return {**tables, **made}


def _journeys(engine: Engine, definition: CubeDefinition, of: Narrowed, tables: Tables) -> Journeys:
    setting = Setting(CustomerKind.PERSON, CustomerKind.PERSON, of.tie, None, {})
    window = window_of(definition.first_day, definition.last_day, of.grain)
    whole = journeys_from(
        tables[PERSONS], tables[EVENTS], setting, services=of.services, grain=of.grain, window=window
    ).kept(engine)
    return reduce(lambda journeys, rule: applied(journeys, rule).kept(engine), of.filters, whole)


def _made(derivation: Derivation, journeys: Journeys, placed: ir.Table) -> ir.Table:
    """The table of a part: `unit`, and what its records are told apart by."""
    match derivation.part:
        case Part.CASES:
            return journeys.cases.select(unit=journeys.cases[CASE])
        case Part.CUSTOMERS:
            return aged(journeys, placed.group_by(CASE).agg(at_=placed[AT].min()))
        case Part.USES:
            return _used(placed)
        case Part.STARTS:
            return _used(placed.filter(placed[PLACE] == 0))
        case Part.ENDS:
            return _used(placed.filter(placed[FOLLOWING].isnull()))
        case Part.STEPS:
            at_first = aged(journeys, placed.group_by(CASE).agg(at_=placed[AT].min()))
            return _stepped(placed).drop(GAP).inner_join(at_first, "unit")
        case Part.GAPS:
            return _stepped(placed)
    return _beside(derivation.part, journeys, cast("Asked", derivation.around))


def _used(placed: ir.Table) -> ir.Table:
    return placed.select(SERVICE, unit=placed[CASE])


def _stepped(placed: ir.Table) -> ir.Table:
    """Each step, called by both its services, and how long it took, in ticks."""
    taken = placed.filter(placed[FOLLOWING].notnull())
    step = taken[SERVICE] + ibis.literal(STEP) + taken[FOLLOWING]
    return taken.select(unit=taken[CASE], **{SERVICE: step, GAP: taken[GAP]})


def _beside(part: Part, journeys: Journeys, asked: Asked) -> ir.Table:
    """Who used the index service, and each other service that they used, by when they did: a record for each time of these."""
    named = named_events(journeys, asked)
    index = first_index(named, journeys, asked)
    at_index = aged(journeys, index.select(CASE, at_="index_"))
    if part is Part.INDEX:
        return at_index
    near = near_index(named, index, asked, journeys.grain)
    is_near = {"before": near.before.notnull(), "same": near.same, "after": near.after.notnull()}
    if part is Part.DISTANCES:
        far = [_related(near.filter(is_near[side]), side, away=side) for side in ("before", "after")]
        return ibis.union(*far)
    none = ~reduce(operator.or_, is_near.values())
    records = [_related(near.filter(chosen), name) for name, chosen in {**is_near, BESIDE: none}.items()]
    return ibis.union(*records).inner_join(at_index, "unit")


def _related(near: ir.Table, relation: str, *, away: str | None = None) -> ir.Table:
    """The records of one relation; with how far away, in ticks, where that is asked."""
    further = {AWAY: near[away]} if away else {}
    return near.select(SERVICE, unit=near[CASE], **{RELATION: ibis.literal(relation)}, **further)
