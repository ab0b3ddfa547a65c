"""Filters: what an analysis looks at, as a stack of small rules that are applied in their order and saved with it.

A rule keeps whole cases, or events of them; each is one sentence of the file, and each counts what it left.

Handbook 2.2 (modelling and analysing data).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Final

import ibis
import ibis.expr.types as ir

from jalostamo.concepts.errors import Unfit
from jalostamo.managing.sections import Section
from jalostamo.producing.analyses.journeys import AT, CASE, FOLLOWING, PLACE, SERVICE, Journeys

_KNOWN: Final = "keep services then within at_least field values"


@dataclass(frozen=True, slots=True)
class Filter:
    """A filter is one rule: what it keeps, and by which services, field or number.

    `within` is in units of results (months, days, seconds).
    """

    keep: str
    services: tuple[str, ...] = ()
    then: tuple[str, ...] = ()
    within: int | None = None
    at_least: int = 1
    field: str | None = None
    values: tuple[str, ...] = ()


def filter_from(section: Section) -> Filter:
    """Read one filter; a rule that is not known, or lacks what it needs, is named."""
    section.refuse_unknown(_KNOWN)
    keep = section.one("keep", str)
    if keep not in RULES:
        raise Unfit(f"{section.place}: 'keep' is one of {', '.join(RULES)}.", reason="definition_incomplete")
    needed = RULES[keep].needs
    return Filter(
        keep,
        services=section.words("services") if "services" in needed or "services" in section.content else (),
        then=section.words("then") if "then" in needed else (),
        within=_positive(section, "within"),
        at_least=_positive(section, "at_least") or 1,
        field=section.one("field", str) if "field" in needed else None,
        values=section.words("values") if "values" in needed else (),
    )


def _positive(section: Section, key: str) -> int | None:
    if key not in section.content:
        return None
    found = section.one(key, int)
    if found < 1:
        raise Unfit(f"{section.place}: '{key}' is at least 1.", reason="definition_incomplete")
    return found


def applied(journeys: Journeys, rule: Filter) -> Journeys:
    """The journeys that a filter keeps."""
    return RULES[rule.keep].apply(journeys, rule)


@dataclass(frozen=True, slots=True)
class Rule:
    """A rule is a kind of filter: what it needs to be told, and how it is applied."""

    needs: tuple[str, ...]
    apply: Callable[[Journeys, Filter], Journeys]


def _of_cases(journeys: Journeys, cases: ir.Table) -> Journeys:
    """The journeys of the cases that stand in a table."""
    return journeys.narrowed(cases=journeys.cases.semi_join(cases, CASE))


def _cases_with(journeys: Journeys, rule: Filter) -> Journeys:
    theirs = journeys.events.filter(journeys.events[SERVICE].isin(rule.services))
    counted = theirs.group_by(CASE).agg(n_=theirs.count())
    return _of_cases(journeys, counted.filter(counted.n_ >= rule.at_least))


def _cases_without(journeys: Journeys, rule: Filter) -> Journeys:
    theirs = journeys.events.filter(journeys.events[SERVICE].isin(rule.services)).select(CASE).distinct()
    return journeys.narrowed(cases=journeys.cases.anti_join(theirs, CASE))


def _cases_where(journeys: Journeys, rule: Filter) -> Journeys:
    return journeys.narrowed(cases=_where(journeys.cases, rule, "the cases"))


def _events_where(journeys: Journeys, rule: Filter) -> Journeys:
    return journeys.narrowed(events=_where(journeys.events, rule, "the events"))


def _where(table: ir.Table, rule: Filter, named: str) -> ir.Table:
    if rule.field is None or rule.field not in table.columns:
        listed = ", ".join(sorted(table.columns))
        raise Unfit(f"A filter asks for '{rule.field}', which {named} do not have: {listed}.", reason="field_unknown")
    return table.filter(table[rule.field].cast("string").isin(rule.values))


def _events_of(journeys: Journeys, rule: Filter) -> Journeys:
    return journeys.narrowed(events=journeys.events.filter(journeys.events[SERVICE].isin(rule.services)))


def _first_events(journeys: Journeys, rule: Filter) -> Journeys:
    """The first event of each service in a case, or of the services that are named."""
    placed = journeys.placed
    nth = ibis.row_number().over(group_by=[placed[CASE], placed[SERVICE]], order_by=placed[PLACE])
    ranked = placed.mutate(nth_=nth)
    first = ranked.nth_ == 0
    keep = first | ranked[SERVICE].notin(rule.services) if rule.services else first
    return journeys.narrowed(events=ranked.filter(keep).select(journeys.events.columns))


def _starting_with(journeys: Journeys, rule: Filter) -> Journeys:
    placed = journeys.placed
    return _of_cases(journeys, placed.filter((placed[PLACE] == 0) & placed[SERVICE].isin(rule.services)).select(CASE))


def _ending_with(journeys: Journeys, rule: Filter) -> Journeys:
    placed = journeys.placed
    last = placed.filter(placed[FOLLOWING].isnull() & placed[SERVICE].isin(rule.services))
    return _of_cases(journeys, last.select(CASE))


def _followed(journeys: Journeys, rule: Filter) -> Journeys:
    """Cases in which one of `services` is followed, at any distance or within a time, by one of `then`."""
    placed = journeys.placed
    one = placed.filter(placed[SERVICE].isin(rule.services)).select(CASE, place_=PLACE, at_=AT)
    other = placed.filter(placed[SERVICE].isin(rule.then)).select(CASE, PLACE, AT)
    pairs = one.inner_join(other, CASE)
    pairs = pairs.filter(pairs[PLACE] > pairs.place_)
    if rule.within is not None:
        pairs = pairs.filter(pairs[AT] - pairs.at_ <= rule.within * journeys.grain.ticks_per_unit)
    return _of_cases(journeys, pairs.select(CASE).distinct())


def _directly_followed(journeys: Journeys, rule: Filter) -> Journeys:
    placed = journeys.placed
    pairs = placed.filter(placed[SERVICE].isin(rule.services) & placed[FOLLOWING].isin(rule.then))
    return _of_cases(journeys, pairs.select(CASE).distinct())


def _from_on(journeys: Journeys, rule: Filter) -> Journeys:
    """Each case from its first event of `services` on."""
    return _cut(journeys, rule, before=False)


def _up_to(journeys: Journeys, rule: Filter) -> Journeys:
    """Each case up to its first event of `services`, that one included."""
    return _cut(journeys, rule, before=True)


def _cut(journeys: Journeys, rule: Filter, *, before: bool) -> Journeys:
    placed = journeys.placed
    theirs = placed.filter(placed[SERVICE].isin(rule.services))
    first = theirs.group_by(CASE).agg(cut_=theirs[PLACE].min())
    joined = placed.inner_join(first, CASE)
    kept = joined.filter(joined[PLACE] <= joined.cut_ if before else joined[PLACE] >= joined.cut_)
    return _of_cases(journeys, first).narrowed(events=kept.select(journeys.events.columns))


RULES: Final[Mapping[str, Rule]] = {
    "cases_with": Rule(("services",), _cases_with),
    "cases_without": Rule(("services",), _cases_without),
    "cases_where": Rule(("field", "values"), _cases_where),
    "cases_starting_with": Rule(("services",), _starting_with),
    "cases_ending_with": Rule(("services",), _ending_with),
    "cases_followed": Rule(("services", "then"), _followed),
    "cases_directly_followed": Rule(("services", "then"), _directly_followed),
    "events_of": Rule(("services",), _events_of),
    "events_where": Rule(("field", "values"), _events_where),
    "events_from": Rule(("services",), _from_on),
    "events_up_to": Rule(("services",), _up_to),
    "first_events": Rule((), _first_events),
}
"""Every rule by the word for it."""
