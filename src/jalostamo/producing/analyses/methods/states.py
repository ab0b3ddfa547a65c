"""States by months: how many are in which state, how evenly, where they go from it, and how long they are in it.

Unlike the step map, which tells the order of uses, it tells time: a month without any service is a state too.

Handbook 2.2 (modelling and analysing data) and 3.2.4 (customer paths).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, cast

import ibis
import ibis.expr.types as ir

from jalostamo.concepts.languages import Text
from jalostamo.producing.analyses.catalogue import Competence, Kind, Measured, Method
from jalostamo.producing.analyses.findings import Value, found
from jalostamo.producing.analyses.journeys import AT, CASE, SERVICE, UNTIL, Journeys
from jalostamo.producing.analyses.months import (
    MONTH,
    NUMBER,
    PARAMETERS,
    POSITION,
    STATE,
    Courses,
    Life,
    at_entry,
    courses_of,
    entropy,
    life_in,
)
from jalostamo.producing.analyses.parts import compared_on_cases, number_in, of_part, parts_of, share
from jalostamo.producing.analyses.ratios import ratios
from jalostamo.producing.intervals import on_log, on_logit
from jalostamo.producing.standardisation import BASE, EVENTS, GROUP, SUBJECT, UNIT

if TYPE_CHECKING:
    from jalostamo.engine.connection import Engine
    from jalostamo.producing.analyses.setting import Setting

FEWEST: Final = 10
"""So many people must be in a state for it to be told as the one that most are in."""

DISTRIBUTION: Final = ("group", "position", "state", "cases", "months", "share")
POSITIONS: Final = ("group", "position", "cases", "months", "entropy", "modal", "modal_share")
TRANSITIONS: Final = ("group", "from", "to", "months", "rate")
TIME: Final = ("group", "state", "cases", "ever", "months", "mean", "mean_low", "mean_high", "share", "low", "high")


@dataclass(frozen=True, slots=True)
class _Part:
    """What was counted of one part by keys: of all cases, or of a group."""

    name: str
    counts: Counter[tuple[int, ...]]
    cases: Counter[tuple[int, ...]]


def measure(engine: Engine, journeys: Journeys, setting: Setting, life: Life) -> Measured:
    """The states of all cases (group "") and of each group, and where the shares of two groups that ever are in one differ."""
    courses = courses_of(engine, journeys, life)
    parts = parts_of(setting)
    tables = {
        "distribution": found(DISTRIBUTION, _distribution(engine, courses, parts, life)),
        "positions": found(POSITIONS, _positions(engine, courses, parts, life)),
        "transitions": found(TRANSITIONS, _transitions(engine, courses, parts, life)),
        "time": found(TIME, (row for part in parts for row in _time(engine, courses, part, life))),
    }
    if setting.groups:
        states = courses.months.select(NUMBER, STATE).distinct()
        named = ibis.cases(*((states[STATE] == number, name) for number, name in enumerate(life.names)))
        met = states.mutate(**{SUBJECT: named}).inner_join(courses.people.select(NUMBER, CASE), NUMBER)
        tables |= compared_on_cases(engine, met, at_entry(courses.people, setting), pair=setting.compare)
    return facts_of(engine, journeys, courses, life), tables


def facts_of(engine: Engine, journeys: Journeys, courses: Courses, life: Life) -> Mapping[str, Value]:
    """Whose life courses were told, and what was decided by a rule: it should be little."""
    events = journeys.events
    named = [service for theirs in life.states.values() for service in theirs]
    goes_on = events[SERVICE].isin(life.still_open) if life.still_open else ibis.literal(False)
    told = engine.only_row(
        events.aggregate(
            events_of_no_state=events[SERVICE].notin(named).sum(),
            ends_before_beginning=(events[UNTIL] < events[AT]).sum(),
            still_open=(events[UNTIL].isnull() & goes_on).sum(),
        )
    )
    months = engine.only_row(
        courses.months.aggregate(months=courses.months.count(), months_with_several=courses.months.several.sum())
    )
    people = engine.only_row(courses.people.aggregate(life_courses=courses.people.count()))
    return {name: number_in(row, name) for row in (people, months, told) for name in row}


def _counted(
    engine: Engine, courses: Courses, rows: ir.Table, by: Sequence[str], parts: Sequence[str]
) -> Iterator[_Part]:
    """Months and cases by keys, for each part: counts of groups are added up here, for no case is in two."""
    grouped = rows.inner_join(courses.people.select(NUMBER, GROUP), NUMBER)
    counted = grouped.group_by([GROUP, *by]).agg(n_=grouped.count(), cases_=grouped[NUMBER].nunique())
    found_rows = engine.rows(counted)
    for part in parts:
        both = Counter[tuple[int, ...]](), Counter[tuple[int, ...]]()
        for row in found_rows:
            if not part or row[GROUP] == part:
                key = tuple(number_in(row, name) for name in by)
                both[0][key] += number_in(row, "n_")
                both[1][key] += number_in(row, "cases_")
        yield _Part(part, *both)


def _distribution(engine: Engine, courses: Courses, parts: Sequence[str], life: Life) -> Iterator[Mapping[str, object]]:
    """Every state in every month, the empty too, so that areas can be stacked."""
    for part in _counted(engine, courses, courses.months, (POSITION, STATE), parts):
        for position, counts in _by_position(part.counts, life).items():
            for state, months in enumerate(counts):
                yield {
                    "group": part.name,
                    "position": position,
                    "state": life.names[state],
                    "cases": part.cases[position, state],
                    "months": months,
                    "share": share(months, sum(counts)),
                }


def _by_position(counts: Mapping[tuple[int, ...], int], life: Life) -> Mapping[int, list[int]]:
    positions = sorted({position for position, _ in counts})
    return {place: [counts.get((place, state), 0) for state in range(len(life.names))] for place in positions}


def _positions(engine: Engine, courses: Courses, parts: Sequence[str], life: Life) -> Iterator[Mapping[str, object]]:
    there = _counted(engine, courses, courses.months, (POSITION,), parts)
    states = _counted(engine, courses, courses.months, (POSITION, STATE), parts)
    for whole, part in zip(there, states, strict=True):
        for position, counts in _by_position(part.counts, life).items():
            most = max(range(len(counts)), key=lambda state: (counts[state], -state))
            enough = part.cases[position, most] >= FEWEST
            yield {
                "group": part.name,
                "position": position,
                "cases": whole.cases[(position,)],
                "months": sum(counts),
                "entropy": entropy(counts),
                "modal": life.names[most] if enough else None,
                "modal_share": share(counts[most], sum(counts)) if enough else None,
            }


def _transitions(engine: Engine, courses: Courses, parts: Sequence[str], life: Life) -> Iterator[Mapping[str, object]]:
    """From each state to the one a month later, of months that have a next one."""
    months = courses.months
    following = months[STATE].lead().over(group_by=months[NUMBER], order_by=months[MONTH])
    going = months.select(NUMBER, STATE, next_=following)
    for part in _counted(engine, courses, going.filter(going.next_.notnull()), (STATE, "next_"), parts):
        out = Counter[int]()
        for (state, _), number in part.counts.items():
            out[state] += number
        for (state, later), number in sorted(part.counts.items()):
            names = {"from": life.names[state], "to": life.names[later]}
            yield {"group": part.name, **names, "months": number, "rate": share(number, out[state])}


def _time(engine: Engine, courses: Courses, part: str, life: Life) -> Iterator[Mapping[str, object]]:
    """Months in each state for each case, and as a share of the months that were seen; intervals are of units."""
    people = of_part(courses.people, part)
    spent = courses.months.group_by([NUMBER, STATE]).agg(n_=courses.months.count())
    theirs = spent.inner_join(people.select(NUMBER, UNIT), NUMBER).mutate(**{SUBJECT: spent[STATE].cast("string")})
    having = engine.keep(theirs.group_by([UNIT, SUBJECT]).agg(**{EVENTS: theirs.n_.sum(), "cases_": theirs.count()}))
    seen = people.group_by(UNIT).agg(cases_=people.count(), months_=(people.leaving - people.entry).sum())
    base = engine.keep(seen)
    means = ratios(engine, having, base.select(UNIT, **{BASE: base["cases_"]}))
    shares = ratios(engine, having, base.select(UNIT, **{BASE: base["months_"]}))
    ever = {str(row[SUBJECT]): row for row in engine.rows(having.group_by(SUBJECT).agg(ever=having["cases_"].sum()))}
    cases = number_in(engine.only_row(people.aggregate(n=people.count())), "n")
    for number, name in enumerate(life.names):
        mean, of_time = means.get((str(number),)), shares.get((str(number),))
        told = on_log(mean.value, mean.variance) if mean else None
        estimate = on_logit(of_time.value, of_time.variance) if of_time else None
        yield {
            "group": part,
            "state": name,
            "cases": cases,
            "ever": int(cast("int", ever[str(number)]["ever"])) if mean else 0,
            "months": mean.x if mean else 0,
            "mean": told.value if told else _nothing(cases),
            "mean_low": told.low if told else None,
            "mean_high": told.high if told else None,
            "share": estimate.value if estimate else _nothing(cases),
            "low": estimate.low if estimate else None,
            "high": estimate.high if estimate else None,
        }


def _nothing(cases: int) -> float | None:
    """What was never seen of so many is 0; of nobody, nothing can be told."""
    return 0.0 if cases else None


METHOD: Final = Method(
    name="states",
    kind=Kind.DESCRIPTIVE,
    competence=Competence.READER,
    title=Text("Elämänkulku kuukausittain", "Livsloppet månad för månad", "Life course by months"),
    parameters=PARAMETERS,
    read=life_in,
    measure=measure,
)
