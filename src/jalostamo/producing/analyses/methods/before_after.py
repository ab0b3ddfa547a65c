"""Before and after: every other service beside an index service, by who used it before, at the same time, after, or at all.

Who used it at all, how much likelier with the index service, and the ratio adjusted for contacts are those of
`producing.before_after`; windows narrow what counts as before and as after, and nothing else.

Handbook 2.2 (the pilot's questions) and 3.1.3.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import ibis.expr.types as ir

from jalostamo.concepts.errors import Unfit
from jalostamo.concepts.languages import Text
from jalostamo.producing.analyses.catalogue import Competence, Kind, Measured, Method
from jalostamo.producing.analyses.findings import found
from jalostamo.producing.analyses.journeys import AT, BIRTH_YEAR, CASE, ROW, SERVICE, Grain, Journeys
from jalostamo.producing.analyses.parts import compared_on_cases, in_units, of_part, unused
from jalostamo.producing.analyses.strata import in_band, year_of
from jalostamo.producing.before_after import before_after_in
from jalostamo.producing.standardisation import GROUP, STRATUM, SUBJECT, UNIT

if TYPE_CHECKING:
    from jalostamo.engine.connection import Engine
    from jalostamo.managing.sections import Section
    from jalostamo.producing.analyses.setting import Setting
    from jalostamo.producing.use_results import BeforeAfter

COLUMNS: Final = (
    "group",
    "service",
    "before",
    "same_time",
    "after",
    "any",
    "both",
    "share_given_index",
    "share_overall",
    "lift",
    "ratio",
    "low",
    "high",
    "median_before",
    "median_after",
)
_ANY: Final = "any"
_FIRST: Final = "first"


@dataclass(frozen=True, slots=True)
class Asked:
    """Before and after which services, by any use of another or its first alone, and how far from the index.

    `lag` and `within` are in units of results; a use counts as before or after from `lag` to `within` away.
    """

    index: tuple[str, ...]
    first_use: bool
    lag: int
    within: int | None

    @property
    def name(self) -> str:
        """The index services as one."""
        return " + ".join(self.index)


def read(section: Section) -> Asked:
    """Read the parameters of before and after; what cannot be is named."""
    use = section.word("use") or _ANY
    if use not in {_ANY, _FIRST}:
        raise Unfit(f'{section.place}: \'use\' is "any" or "first".', reason="definition_incomplete")
    lag = section.one("lag", int) if "lag" in section.content else 0
    within = section.one("within", int) if "within" in section.content else None
    if lag < 0 or (within is not None and within < max(lag, 1)):
        raise Unfit(
            f"{section.place}: 'lag' is at least 0, and 'within' at least 1 and no nearer than 'lag'.",
            reason="definition_incomplete",
        )
    return Asked(section.words("index"), use == _FIRST, lag, within)


def measure(engine: Engine, journeys: Journeys, setting: Setting, asked: Asked) -> Measured:
    """Every other service around the first use of the index service, of all cases (group "") and of each group."""
    named = named_events(journeys, asked)
    index = engine.keep(first_index(named, journeys, asked))
    if not engine.only_row(index.aggregate(n=index.count()))["n"]:
        raise unused("index")
    used = before_after_in(engine, _as_log(named), asked.name, grouped=setting.groups is not None)
    near = engine.keep(near_index(named, index, asked, journeys.grain))
    parts = {"": used, **{name: used.groups[name] for name in setting.group_names if name in used.groups}}
    rows = [row for group, part in parts.items() for row in _rows(engine, near, group, part, journeys.grain)]
    facts = {"index_customers": used.index_customers, "customers": used.customers}
    tables = {"services": found(COLUMNS, rows)}
    if setting.groups:
        before = near.filter(near.before.notnull()).select(CASE, **{SUBJECT: near[SERVICE]})
        tables |= compared_on_cases(engine, before, _at_index(index, journeys, setting), pair=setting.compare)
    return facts, tables


def named_events(journeys: Journeys, asked: Asked) -> ir.Table:
    """The events with the groups of their cases, and all index services under one name."""
    events = journeys.events
    service = events[SERVICE].isin(asked.index).ifelse(asked.name, events[SERVICE])
    named = events.select(CASE, ROW, AT, **{SERVICE: service})
    return named.inner_join(journeys.cases.select(CASE, UNIT, GROUP), CASE)


def first_index(named: ir.Table, journeys: Journeys, asked: Asked) -> ir.Table:
    """The cases that used the index service, and when first."""
    theirs = named.filter(named[SERVICE] == asked.name)
    first = theirs.group_by(CASE).agg(index_=theirs[AT].min())
    return journeys.cases.select(CASE, UNIT, GROUP, BIRTH_YEAR).inner_join(first, CASE)


def _as_log(named: ir.Table) -> ir.Table:
    """The events as `producing.before_after` takes them: a day is a tick."""
    return named.select(
        case=named[CASE],
        activity=named[SERVICE],
        time=named[AT],
        row=named[ROW],
        group=named[GROUP].cast("string"),
        day=named[AT],
    )


def near_index(named: ir.Table, index: ir.Table, asked: Asked, grain: Grain) -> ir.Table:
    """Of each case that used the index service, each other service: ticks from the last use before, and to the next after."""
    others = named.filter(named[SERVICE] != asked.name).select(CASE, SERVICE, AT)
    if asked.first_use:
        others = others.group_by([CASE, SERVICE]).agg(**{AT: others[AT].min()})
    met = others.inner_join(index.select(CASE, GROUP, "index_"), CASE)
    away = met[AT] - met.index_
    low = max(asked.lag * grain.ticks_per_unit, 1)
    before, after = -away >= low, away >= low
    if asked.within is not None:
        before, after = (side & (away.abs() <= asked.within * grain.ticks_per_unit) for side in (before, after))
    return met.group_by([CASE, GROUP, SERVICE]).agg(
        before=(-away).min(where=before), same=(away == 0).any(), after=away.min(where=after)
    )


def _rows(
    engine: Engine, near: ir.Table, group: str, used: BeforeAfter, grain: Grain
) -> Iterator[Mapping[str, object]]:
    """The services of one group, those that most have used beside the index first."""
    theirs = of_part(near, group)
    counted = theirs.group_by(SERVICE).agg(
        before=theirs.before.count(),
        same_time=theirs.same.sum(),
        after=theirs.after.count(),
        median_before=theirs.before.median().cast("float64"),
        median_after=theirs.after.median().cast("float64"),
    )
    around = {str(row[SERVICE]): row for row in engine.rows(counted)}
    for each in used.services:
        told = each.as_mapping(used.index_customers, used.customers)
        row = around.get(each.service, {})
        yield {
            "group": group,
            "service": each.service,
            **{name: row.get(name) or 0 for name in ("before", "same_time", "after")},
            "any": each.any,
            "both": each.both,
            **{name: told[name] for name in ("share_given_index", "share_overall", "lift")},
            "ratio": each.adjusted.estimate,
            "low": each.adjusted.low,
            "high": each.adjusted.high,
            **{name: in_units(row.get(name), grain) for name in ("median_before", "median_after")},
        }


def _at_index(index: ir.Table, journeys: Journeys, setting: Setting) -> ir.Table:
    """The users of the index service in the compared groups, by their age at it."""
    grouped = index.filter(index[GROUP].notnull())
    return in_band(grouped, year_of(grouped.index_, journeys.grain), setting).select(CASE, UNIT, GROUP, STRATUM)


METHOD: Final = Method(
    name="before_after",
    kind=Kind.DIAGNOSTIC,
    competence=Competence.ANALYST,
    title=Text("Ennen ja jälkeen", "Före och efter", "Before and after"),
    parameters="index use lag within",
    read=read,
    measure=measure,
)
