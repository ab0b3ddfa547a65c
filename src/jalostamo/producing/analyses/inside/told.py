"""What else is told inside: records of journeys by codes that are known before anybody is counted, written into a table's name.

A code says all that a record tells: a service and a year, a step and what it leads to, a month and a state.

Handbook 2.6, phases 5 and 8.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Any, Final

import ibis
import ibis.expr.types as ir

from jalostamo.permits.contents import canonical, content_of, value_from
from jalostamo.producing.analyses.inside.narrowed import Narrowed, aged
from jalostamo.producing.analyses.journeys import AT, CASE, PLACE, SERVICE, SINCE, Grain, Journeys
from jalostamo.producing.analyses.methods import around, time_to_event, use, variants
from jalostamo.producing.analyses.methods.step_map import STEP
from jalostamo.producing.analyses.months import ENTRY, NUMBER, POSITION, STATE, YEAR, Life, courses_of
from jalostamo.producing.analyses.parts import placed_in_groups
from jalostamo.producing.analyses.sources import window_of
from jalostamo.producing.analyses.waiting import INDEX, STATUS, TIME, waited

if TYPE_CHECKING:
    from jalostamo.engine.connection import Engine
    from jalostamo.producing.analyses.asked import Analysis

CALLED: Final = "told "
REACHED: Final = "reached"
COMPETING: Final = "competing"
LEFT_OFF: Final = "left"
ENDS: Final = (REACHED, COMPETING, LEFT_OFF)
"""How waiting ends."""
_ASKED: Final[Mapping[str, Any]] = {
    "use": use.Asked,
    "variants": variants.Asked,
    "around": around.Asked,
    "states": Life,
    "time_to_event": time_to_event.Asked,
}
"""What each method asks, to be read back from the name of a table."""

TOLD: Final = tuple(_ASKED)


class Told(StrEnum):
    """What the records of a table tell of a person."""

    CASES = "cases"
    BASE = "base"
    EVER = "ever"
    USED = "used"
    HERE = "here"
    ACTIVE = "active"
    PATHS = "paths"
    LINKS = "links"
    NODES = "nodes"
    MONTHS = "months"
    THERE = "there"
    WAITS = "waits"


@dataclass(frozen=True, slots=True)
class Telling:
    """A telling is one table of a method; `asked` are the method's parameters as JSON, their order kept."""

    told: Told
    method: str
    narrowed: Narrowed
    asked: str

    @property
    def table(self) -> str:
        """The name of its table."""
        return CALLED + canonical(content_of(self)).decode()

    @property
    # It is of whichever class the method reads.
    def parameters(self) -> Any:
        """The parameters of the method."""
        return value_from(_ASKED[self.method], json.loads(self.asked))


def telling(analysis: Analysis, told: Told, narrowed: Narrowed) -> Telling:
    """The table of an analysis that tells something."""
    return Telling(told, analysis.method.name, narrowed, json.dumps(content_of(analysis.parameters)))


def codes_told(analysis: Analysis, grain: Grain) -> Mapping[Told, tuple[str, ...]]:
    """Every code that there can be, by what it tells."""
    services, asked = tuple(dict.fromkeys(analysis.services)), analysis.parameters
    match asked:
        case use.Asked() if analysis.first_day and analysis.last_day:
            window = window_of(analysis.first_day, analysis.last_day, grain)
            periods = tuple(use.called(period, asked) for period in use.periods_of(window, grain, asked))
            used = tuple(used_in(service, period) for service in services for period in periods)
            return {Told.EVER: services, Told.USED: used, Told.HERE: periods, Told.ACTIVE: periods}
        case variants.Asked():
            return {Told.PATHS: tuple(STEP.join(path) for path in asked.paths)}
        case around.Asked():
            return {Told.LINKS: tuple(links_around(asked, services)), Told.NODES: tuple(nodes_around(asked, services))}
        case Life():
            places = tuple(str(place) for place in positions_of(asked))
            months = tuple(in_state(place, state) for place in places for state in asked.names)
            return {Told.MONTHS: months, Told.THERE: places, Told.EVER: asked.names}
    return {}


def used_in(service: str, period: str) -> str:
    """The code of a service in a period."""
    return f"{service}, {period}"


def in_state(position: str, state: str) -> str:
    """The code of a state in a month, or at an age."""
    return f"{position}: {state}"


def positions_of(life: Life) -> range:
    """The months since a start, or the ages, that are told."""
    return range(life.months) if life.start else range(life.ages[0], life.ages[1] + 1)


def linked(step: int, source: str, target: str) -> str:
    """The code of a link that leads from a step to the next."""
    return f"{step}: {source}{STEP}{target}"


def links_around(asked: around.Asked, services: Sequence[str]) -> Mapping[str, tuple[int, str, str]]:
    """Every link that there can be, by its code."""
    found: dict[str, tuple[int, str, str]] = {}
    for step in range(-asked.before, asked.after):
        sources = (asked.name,) if step == 0 else (*services, *((around.BEGINS,) if step < 0 else ()))
        targets = (asked.name,) if step == -1 else (*services, *((around.ENDS,) if step >= 0 else ()))
        found |= {linked(step, one, other): (step, one, other) for one in sources for other in targets}
    return found


def nodes_around(asked: around.Asked, services: Sequence[str]) -> Mapping[str, tuple[int, str]]:
    """Every node that there can be, by its code."""
    nodes: dict[tuple[int, str], None] = {}
    for step, source, target in links_around(asked, services).values():
        nodes |= {(step, source): None, (step + 1, target): None}
    return {at_step(step, service): (step, service) for step, service in sorted(nodes)}


def at_step(step: int, service: str) -> str:
    """The code of a service at a step, as comparisons call it."""
    return f"{step:+d} {service}" if step else f"0 {service}"


def made_of(engine: Engine, each: Telling, journeys: Journeys) -> ir.Table:
    """The table of a telling: `unit`, the age at the start of what is told, and what its records are told apart by."""
    if each.told is Told.CASES:
        return journeys.cases.select(unit=journeys.cases[CASE])
    times, records = _METHODS[each.method](engine, each, journeys)
    base = aged(journeys, times)
    return base if each.told is Told.BASE else records.inner_join(base, "unit")


type _Made = tuple[ir.Table, ir.Table]
"""Who is told of and since when (case, at_), and their records (unit and what they are told apart by)."""


def _use(engine: Engine, each: Telling, journeys: Journeys) -> _Made:
    cases = journeys.cases
    times = cases.select(CASE, at_=ibis.greatest(cases[SINCE], journeys.window[0]))
    asked: use.Asked = each.parameters
    if each.told is Told.HERE:
        lived = use.lived(engine, journeys, asked)
        return times, lived.select(unit=lived[CASE], **{SERVICE: lived.called_})
    met = use.happened(journeys, asked)
    codes = {Told.EVER: met[SERVICE], Told.ACTIVE: met.called_, Told.USED: met[SERVICE] + ", " + met.called_}
    return times, met.select(unit=met[CASE], **{SERVICE: codes.get(each.told, met[SERVICE])}).distinct()


def _variants(_engine: Engine, each: Telling, journeys: Journeys) -> _Made:
    """Whole paths that were named: one is known by its length and its services in their places."""
    asked: variants.Asked = each.parameters
    placed = journeys.placed
    times = placed.group_by(CASE).agg(at_=placed[AT].min())
    longest = max(map(len, asked.paths), default=1)
    at = {f"s{n}_": placed[SERVICE].max(where=placed[PLACE] == n) for n in range(longest)}
    walked = placed.group_by(CASE).agg(n_=placed.count(), **at)
    path = ibis.cases(
        *(
            (
                ibis.and_(walked.n_ == len(path), *(walked[f"s{n}_"] == service for n, service in enumerate(path))),
                STEP.join(path),
            )
            for path in asked.paths
        )
    )
    named = walked.select(unit=walked[CASE], **{SERVICE: path})
    return times, named.filter(named[SERVICE].notnull())


def _around(engine: Engine, each: Telling, journeys: Journeys) -> _Made:
    asked: around.Asked = each.parameters
    placed = engine.keep(placed_in_groups(journeys))
    index = around.first_of(placed, asked)
    links = around.links_of(around.near_of(placed, index, asked), asked, each.narrowed.services)
    times = index.select(CASE, "at_")
    if each.told is Told.LINKS:
        code = links.step.cast("string") + ": " + links.source + STEP + links.target
        return times, links.select(unit=links[CASE], **{SERVICE: code})
    nodes = around.nodes_of(links, asked)
    sign = (nodes.step > 0).ifelse("+", "")
    code = sign + nodes.step.cast("string") + " " + nodes.service
    return times, nodes.select(unit=nodes[CASE], **{SERVICE: code})


def _states(engine: Engine, each: Telling, journeys: Journeys) -> _Made:
    life: Life = each.parameters
    courses = courses_of(engine, journeys, life)
    entry = courses.people[ENTRY]
    # Only years are told of a time, so that any month of them will do.
    ticks = entry if journeys.grain is Grain.MONTH else ((entry / YEAR).floor().cast("int64") - 1970) * 366
    times = courses.people.select(CASE, at_=ticks.cast("int64"))
    months = courses.months.inner_join(courses.people.select(NUMBER, CASE), NUMBER)
    state = ibis.cases(*((months[STATE] == number, name) for number, name in enumerate(life.names)))
    position = months[POSITION].cast("string")
    codes = {Told.EVER: state, Told.THERE: position, Told.MONTHS: position + ": " + state}
    return times, months.select(unit=months[CASE], **{SERVICE: codes.get(each.told, state)}).distinct()


def _waits(_engine: Engine, each: Telling, journeys: Journeys) -> _Made:
    asked: time_to_event.Asked = each.parameters
    rows = waited(journeys, asked.start, asked.ends)
    status = ibis.cases((rows[STATUS] == 1, REACHED), (rows[STATUS] > 1, COMPETING), else_=LEFT_OFF)
    times = rows.select(CASE, at_=rows[INDEX])
    return times, rows.select(unit=rows[CASE], **{TIME: rows[TIME], STATUS: status})


_METHODS: Final = {
    "use": _use,
    "variants": _variants,
    "around": _around,
    "states": _states,
    "time_to_event": _waits,
}
