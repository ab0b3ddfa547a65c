"""What else is told of journeys, from printed cells alone: use by period, named paths, steps around a service, states, waiting.

The tables are those of true findings. What no number of persons tells is empty, and a row that prints 0 is not there.

Handbook 2.2 (modelling and analysing data) and 2.6, phase 8.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from itertools import pairwise
from typing import TYPE_CHECKING, Final, cast

from jalostamo.producing.analyses.findings import Found, Value, found
from jalostamo.producing.analyses.inside.told import (
    COMPETING,
    REACHED,
    Told,
    codes_told,
    in_state,
    links_around,
    nodes_around,
    positions_of,
    used_in,
)
from jalostamo.producing.analyses.methods import around, states, time_to_event, use, variants
from jalostamo.producing.analyses.methods.step_map import STEP
from jalostamo.producing.analyses.waiting import USUAL
from jalostamo.utilising.disclosure.figures.journey_cells import Cell, Printed, compared_printed

if TYPE_CHECKING:
    from jalostamo.producing.analyses.catalogue import Measured
    from jalostamo.producing.analyses.months import Life

type _Rows = Iterator[Mapping[str, Value]]


def _ratio(part: int, whole: int, printed: Printed) -> float | None:
    """A share of printed persons, where there are enough of them."""
    return min(part / whole, 1.0) if whole >= printed.cube.rule.least else None


def _empty(columns: tuple[str, ...]) -> Found:
    return Found(columns, ())


def _no_volumes(printed: Printed) -> dict[str, Found]:
    return {"volumes": _empty(use.VOLUMES)} if printed.analysis.setting.groups else {}


def _use(printed: Printed) -> Measured:
    """Customers of each service in each period, and the share of those who lived here."""
    codes = codes_told(printed.analysis, printed.grain)
    tables = {
        "use": found(use.USE, (row for group in printed.groups for row in _used(printed, group, codes))),
        "periods": found(use.PERIODS, (row for group in printed.groups for row in _periods(printed, group, codes))),
    }
    ever: dict[str, Cell] = {service: ("ever", service, "") for service in codes[Told.EVER]}
    return {"customers": None}, {**tables, **compared_printed(printed, "base", ever), **_no_volumes(printed)}


def _used(printed: Printed, group: str, codes: Mapping[Told, tuple[str, ...]]) -> _Rows:
    for period in codes[Told.HERE]:
        for service in sorted(codes[Told.EVER]):
            customers = printed.count("used", group, used_in(service, period))
            if customers:
                told: dict[str, Value] = {"group": group, "period": period, "service": service, "customers": customers}
                share = _ratio(customers, printed.count("here", group, period), printed)
                yield {**dict.fromkeys(use.USE), **told, "share": share}


def _periods(printed: Printed, group: str, codes: Mapping[Told, tuple[str, ...]]) -> _Rows:
    for period in codes[Told.HERE]:
        counts = {"cases": printed.count("here", group, period), "customers": printed.count("active", group, period)}
        if any(counts.values()):
            yield {**dict.fromkeys(use.PERIODS), "group": group, "period": period, **counts}


def _variants(printed: Printed) -> Measured:
    """The paths that were named beforehand, those that most walk first; of all others nothing is told."""
    paths = cast("variants.Asked", printed.analysis.parameters).paths
    codes = {STEP.join(path): len(path) for path in paths}
    order = sorted(codes, key=lambda code: (-printed.count("paths", "", code), code))
    rows = (row for group in printed.groups for row in _walked(printed, group, {code: codes[code] for code in order}))
    cells: dict[str, Cell] = {code: ("paths", code, "") for code in codes}
    tables = {"variants": found(variants.COLUMNS, rows), **compared_printed(printed, "base", cells)}
    return dict.fromkeys(("variants", "met_once")), tables


def _walked(printed: Printed, group: str, codes: Mapping[str, int]) -> _Rows:
    for rank, (code, events) in enumerate(codes.items(), start=1):
        cases = printed.count("paths", group, code)
        told: dict[str, Value] = {"group": group, "rank": rank, "path": code, "events": events, "cases": cases}
        share = _ratio(cases, printed.count("base", group), printed)
        yield {**dict.fromkeys(variants.COLUMNS), **told, "share": share}


def _around(printed: Printed) -> Measured:
    """Steps to and from the index, between all services that were listed; flows are not made to balance."""
    asked = cast("around.Asked", printed.analysis.parameters)
    services = tuple(dict.fromkeys(printed.analysis.services))
    links, nodes = links_around(asked, services), nodes_around(asked, services)
    tables = {
        "links": found(around.LINKS, (row for group in printed.groups for row in _links(printed, group, links))),
        "nodes": found(around.NODES, (row for group in printed.groups for row in _nodes(printed, group, nodes))),
    }
    cells: dict[str, Cell] = {code: ("nodes", code, "") for code, (step, _) in nodes.items() if step}
    facts = {"index_customers": printed.count("base")}
    return facts, {**tables, **compared_printed(printed, "base", cells)}


def _links(printed: Printed, group: str, links: Mapping[str, tuple[int, str, str]]) -> _Rows:
    base = printed.count("base", group)
    rows = [(step, -printed.count("links", group, code), source, to) for code, (step, source, to) in links.items()]
    for step, less, source, to in sorted(rows):
        if less:
            told: dict[str, Value] = {"group": group, "step": step, "from": source, "to": to, "customers": -less}
            yield {**told, "share": _ratio(-less, base, printed), "median": None}


def _nodes(printed: Printed, group: str, nodes: Mapping[str, tuple[int, str]]) -> _Rows:
    base = printed.count("base", group)
    rows = [(step, -printed.count("nodes", group, code), service) for code, (step, service) in nodes.items()]
    for step, less, service in sorted(rows):
        if less:
            told: dict[str, Value] = {"group": group, "step": step, "service": service, "customers": -less}
            yield {**told, "share": _ratio(-less, base, printed)}


def _states(printed: Printed) -> Measured:
    """Persons in each state in each month, or at each age, and who was ever in it."""
    life = cast("Life", printed.analysis.parameters)
    tables = {
        "distribution": found(
            states.DISTRIBUTION, (row for group in printed.groups for row in _distribution(printed, group, life))
        ),
        "positions": found(
            states.POSITIONS, (row for group in printed.groups for row in _positions(printed, group, life))
        ),
        "transitions": _empty(states.TRANSITIONS),
        "time": found(states.TIME, (row for group in printed.groups for row in _ever(printed, group, life))),
    }
    cells: dict[str, Cell] = {name: ("ever", name, "") for name in life.names}
    return {"life_courses": printed.count("base")}, {**tables, **compared_printed(printed, "base", cells)}


def _distribution(printed: Printed, group: str, life: Life) -> _Rows:
    for position in positions_of(life):
        there = printed.count("there", group, str(position))
        for state in life.names if there else ():
            cases = printed.count("months", group, in_state(str(position), state))
            told: dict[str, Value] = {
                "group": group,
                "position": position,
                "state": state,
                "cases": cases,
                "months": None,
            }
            yield {**told, "share": _ratio(cases, there, printed)}


def _positions(printed: Printed, group: str, life: Life) -> _Rows:
    for position in positions_of(life):
        there = printed.count("there", group, str(position))
        if not there:
            continue
        cases = {state: printed.count("months", group, in_state(str(position), state)) for state in life.names}
        modal = max(cases, key=lambda state: cases[state])
        enough = cases[modal] >= max(states.FEWEST, printed.cube.rule.least)
        told: dict[str, Value] = {"group": group, "position": position, "cases": there}
        if enough:
            told |= {"modal": modal, "modal_share": _ratio(cases[modal], there, printed)}
        yield {**dict.fromkeys(states.POSITIONS), **told}


def _ever(printed: Printed, group: str, life: Life) -> _Rows:
    for state in life.names:
        told: dict[str, Value] = {"group": group, "state": state, "cases": printed.count("base", group)}
        yield {**dict.fromkeys(states.TIME), **told, "ever": printed.count("ever", group, state)}


def _time_to_event(printed: Printed) -> Measured:
    """A life table: who waited at the start of each interval, how that ended, and the shares at its end."""
    asked = cast("time_to_event.Asked", printed.analysis.parameters)
    bounds = asked.classes or USUAL[printed.grain.value]
    tables = {
        "ends": found(time_to_event.ENDS, (_ended(printed, group) for group in printed.groups)),
        "curve": _empty(time_to_event.CURVE),
        "intervals": found(
            time_to_event.INTERVALS, (row for group in printed.groups for row in _intervals(printed, group, bounds))
        ),
    }
    facts = {"starts": printed.count("base"), **{name: printed.count(name) for name in (REACHED, COMPETING)}}
    if asked.covariates:
        tables["hazards"] = _empty(time_to_event.HAZARDS)
        facts["modelled"] = 0
    if not printed.analysis.setting.groups:
        return facts, tables
    unit = printed.grain.unit
    cells: dict[str, Cell] = {f"below {bound} {unit}": (f"{REACHED}_by", "", str(bound - 1)) for bound in bounds}
    return facts, {**tables, "tests": _empty(time_to_event.TESTS), **compared_printed(printed, "base", cells)}


def _ended(printed: Printed, group: str) -> Mapping[str, Value]:
    told: dict[str, Value] = {"group": group, "starts": printed.count("base", group)}
    ends = {name: printed.count(name, group) for name in (REACHED, COMPETING)}
    return {**dict.fromkeys(time_to_event.ENDS), **told, **ends}


def _intervals(printed: Printed, group: str, bounds: tuple[int, ...]) -> _Rows:
    """Who leaves within an interval is taken to be followed for half of it, as in any life table."""
    points = (0, *bounds)
    waiting, reached = 1.0, 0.0
    known = True
    for low, below in (*pairwise(points), (points[-1], None)):
        at_risk = printed.count("waiting", group, at=str(low))
        ends = {name: _within(printed, group, name, low, below) for name in (REACHED, COMPETING)}
        left = max(at_risk - printed.count("waiting", group, at=str(below)) - sum(ends.values()), 0) if below else None
        known = known and below is not None and at_risk >= printed.cube.rule.least
        if known:
            exposed = max(at_risk - (left or 0) / 2, float(sum(ends.values())), 1.0)
            reached += waiting * ends[REACHED] / exposed
            waiting *= 1 - sum(ends.values()) / exposed
        told: dict[str, Value] = {"group": group, "from": low, "below": below, "at_risk": at_risk, **ends, "left": left}
        shares = {"waiting": waiting, "share_reached": min(reached, 1.0)} if known else {}
        yield {**dict.fromkeys(time_to_event.INTERVALS), **told, **shares}


def _within(printed: Printed, group: str, name: str, low: int, below: int | None) -> int:
    """How many came to an end within an interval; the noise of two numbers may leave less than none."""
    upto = printed.count(f"{name}_by", group, at=str(below - 1)) if below else printed.count(name, group)
    before = printed.count(f"{name}_by", group, at=str(low - 1)) if low else 0
    return max(upto - before, 0)


TOLD_PRINTED: Final[Mapping[str, Callable[[Printed], Measured]]] = {
    "use": _use,
    "variants": _variants,
    "around": _around,
    "states": _states,
    "time_to_event": _time_to_event,
}
"""How the findings of each method are read."""
