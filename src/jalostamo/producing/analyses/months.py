"""Life courses by months: in which state each case is, month by month, from its spells of services.

Unlike journeys, where an event has a place in an order, a month has one state: the first declared of those that apply.

Handbook 2.2 (modelling and analysing data) and 3.2.4 (customer paths).
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, cast

import ibis
import ibis.expr.types as ir
import pyarrow as pa

from jalostamo.concepts.errors import Unfit
from jalostamo.producing.analyses.journeys import (
    AT,
    BIRTH_YEAR,
    CASE,
    LEFT,
    SERVICE,
    SINCE,
    UNTIL,
    Grain,
    Journeys,
)
from jalostamo.producing.analyses.strata import in_band, month_of, year_of
from jalostamo.producing.standardisation import GROUP, STRATUM, UNIT

if TYPE_CHECKING:
    from jalostamo.engine.connection import Engine
    from jalostamo.managing.sections import Section
    from jalostamo.producing.analyses.setting import Setting

YEAR: Final = 12
NONE: Final = "none"
"""The state of a month in which no service is used."""

NUMBER: Final = "number"
MONTH: Final = "month"
POSITION: Final = "position"
STATE: Final = "state"
ENTRY: Final = "entry"
LEAVING: Final = "leaving"

PARAMETERS: Final = "states open start months ages"
OLDEST: Final = 130
_MOST_STATES: Final = 30
_MOST_MONTHS: Final = 600


@dataclass(frozen=True, slots=True)
class Life:
    """How months are told: by which states, the first that applies first, and from when on.

    `states` holds the services of each. A spell of a service in `still_open` goes on where no end is told; of others it
    lasts its month. With `start`, a life course is the `months` from the first use of one of these services on, that one
    included; without, it is told by age (calendar year less birth year). `ages` are those looked at, both ends inclusive:
    at the start, or at all.
    """

    states: Mapping[str, tuple[str, ...]]
    still_open: tuple[str, ...]
    start: tuple[str, ...]
    months: int
    ages: tuple[int, int]

    @property
    def names(self) -> tuple[str, ...]:
        """Every state by its number, the one of no service last."""
        return (*self.states, NONE)


@dataclass(frozen=True, slots=True)
class Courses:
    """Life courses, both tables kept.

    `people`: number, case, unit, group, birth_year, entry and leaving (a month, and the one after the last), counted from
    the year 0. `months`: number, position (months since the start, or age), month, state (by number), several (whether
    more than one state applied). A case that left has no months after that.
    """

    people: ir.Table
    months: ir.Table


def life_in(section: Section, *, months: int = 24) -> Life:
    """Read how months are told; what is missing or cannot be is named."""
    start = section.words("start") if "start" in section.content else ()
    if "months" in section.content and not start:
        raise _unfit(section, "'months' are counted from a 'start', a list of services: name it")
    return Life(
        states=_states(section),
        still_open=section.words("open") if "open" in section.content else (),
        start=start,
        months=whole_number(section, "months", months, between=(1, _MOST_MONTHS)),
        ages=ages_in(section),
    )


def whole_number(section: Section, key: str, usual: int, *, between: tuple[int, int]) -> int:
    """A whole number of the parameters, or the usual one."""
    number = section.one(key, int) if key in section.content else usual
    if not between[0] <= number <= between[1]:
        raise _unfit(section, f"'{key}' is from {between[0]} to {between[1]}")
    return number


def ages_in(section: Section) -> tuple[int, int]:
    """The ages that are looked at; all of them where none are named."""
    match section.content.get("ages", [0, OLDEST]):
        case [int(low), int(high)] if 0 <= low <= high <= OLDEST:
            return low, high
    raise _unfit(section, "'ages' is the youngest and the oldest, such as [0, 17]")


def _unfit(section: Section, sentence: str) -> Unfit:
    return Unfit(f"{section.place}: {sentence}.", reason="definition_incomplete")


def _states(section: Section) -> Mapping[str, tuple[str, ...]]:
    """States as a list of services, each a state of its own, or as names with the services of each."""
    if isinstance(section.content.get("states"), Mapping):
        named = section.section("states")
        states = {name: named.words(name) for name in named.content}
    else:
        states = {service: (service,) for service in section.words("states")}
    services = [service for theirs in states.values() for service in theirs]
    if NONE in states or not 1 <= len(states) <= _MOST_STATES or len(set(services)) < len(services):
        raise _unfit(
            section,
            f"'states' are 1 to {_MOST_STATES}, none called '{NONE}', each with services that no other state has",
        )
    return states


def courses_of(engine: Engine, journeys: Journeys, life: Life) -> Courses:
    """The life courses of the cases that have one: who used a start, or whose age is known."""
    people = people_of(engine, journeys, life)
    spells = engine.keep(spells_of(journeys, people, life.still_open))
    states = pa.table(
        {
            SERVICE: pa.array([service for theirs in life.states.values() for service in theirs], pa.string()),
            STATE: pa.array([number for number, of in enumerate(life.states.values()) for _ in of], pa.int64()),
        }
    )
    coded = spells.inner_join(engine.in_memory(states), SERVICE).select(NUMBER, STATE, "begin", "end")
    covered = coded.select(NUMBER, STATE, **{MONTH: ibis.range(coded.begin, coded.end + 1).unnest()})
    first = covered.group_by([NUMBER, MONTH]).agg(first_=covered[STATE].min(), last_=covered[STATE].max())
    lived = people.select(NUMBER, BIRTH_YEAR, ENTRY, **{MONTH: ibis.range(people[ENTRY], people[LEAVING]).unnest()})
    joined = lived.left_join(first, [NUMBER, MONTH])
    months = joined.select(
        **{
            NUMBER: joined[NUMBER],
            MONTH: joined[MONTH],
            POSITION: joined[MONTH] - joined[ENTRY] if life.start else _age(joined),
            STATE: joined.first_.fill_null(len(life.states)),
        },
        several=(joined.first_ != joined.last_).fill_null(False),
    )
    return Courses(people, engine.keep(months))


def _age(lived: ir.Table) -> ir.IntegerValue:
    return cast("ir.IntegerValue", year_of(lived[MONTH], Grain.MONTH) - lived[BIRTH_YEAR])


def people_of(engine: Engine, journeys: Journeys, life: Life) -> ir.Table:
    """Whose life courses are told, by number, and from which month to which; kept, and refused where there is nobody."""
    cases = journeys.cases
    numbered = cases.select(
        CASE,
        UNIT,
        GROUP,
        BIRTH_YEAR,
        **{
            NUMBER: ibis.row_number().over(order_by=cases[CASE]).cast("int64"),
            ENTRY: month_of(ibis.greatest(cases[SINCE], journeys.window[0]), journeys.grain),
            LEAVING: month_of(ibis.least(cases[LEFT], journeys.window[1]) - 1, journeys.grain) + 1,
        },
    )
    people = engine.keep(_since_start(numbered, journeys, life) if life.start else _of_ages(numbered, life.ages))
    if not engine.only_row(people.aggregate(n=people.count()))["n"]:
        raise _nobody(life)
    return people


def _nobody(life: Life) -> Unfit:
    if life.start:
        return Unfit(
            "Nobody of these ages used a service that 'start' names while living here: write them as the log does, and "
            "see that no filter leaves them out.",
            reason="index_unused",
        )
    return Unfit(
        "No case has a year of birth within 'ages', and without one nothing is told by age; a method that takes a 'start' "
        "counts months from the first use of its services.",
        reason="birth_years_missing",
    )


def _of_ages(numbered: ir.Table, ages: tuple[int, int]) -> ir.Table:
    known = numbered.filter(numbered[BIRTH_YEAR].notnull())
    cut = known.mutate(
        **{
            ENTRY: ibis.greatest(known[ENTRY], (known[BIRTH_YEAR] + ages[0]) * YEAR),
            LEAVING: ibis.least(known[LEAVING], (known[BIRTH_YEAR] + ages[1] + 1) * YEAR),
        }
    )
    return cut.filter(cut[LEAVING] > cut[ENTRY])


def _since_start(numbered: ir.Table, journeys: Journeys, life: Life) -> ir.Table:
    """Each case from the month on in which it first used one of the services of the start, while it lived here."""
    events = journeys.events.filter(journeys.events[SERVICE].isin(life.start))
    met = events.select(CASE, begun_=month_of(events[AT], journeys.grain)).inner_join(numbered, CASE)
    met = met.filter((met.begun_ >= met[ENTRY]) & (met.begun_ < met[LEAVING]))
    first = met.group_by(NUMBER).agg(first_=met.begun_.min())
    joined = numbered.inner_join(first, NUMBER)
    begun = joined.mutate(**{ENTRY: joined.first_, LEAVING: ibis.least(joined[LEAVING], joined.first_ + life.months)})
    begun = begun.drop("first_")
    if life.ages == (0, OLDEST):
        return begun
    age = year_of(begun[ENTRY], Grain.MONTH) - begun[BIRTH_YEAR]
    return begun.filter(age.between(*life.ages))


def spells_of(journeys: Journeys, people: ir.Table, still_open: tuple[str, ...]) -> ir.Table:
    """The spells of people, cut to the months that are told of each: number, service, begin, end (the last month).

    An event without an end lasts its month, unless its service is still open; so does one that ends before it begins.
    """
    events = journeys.events
    begin = month_of(events[AT], journeys.grain)
    until = month_of(events[UNTIL], journeys.grain)
    timed = events.select(CASE, SERVICE, begin_=begin, until_=until)
    met = timed.inner_join(people.select(CASE, NUMBER, ENTRY, LEAVING), CASE)
    missing = met[SERVICE].isin(still_open).ifelse(met[LEAVING], met.begin_) if still_open else met.begin_
    end = ibis.greatest(met.begin_, met.until_.fill_null(missing))
    cut = met.select(
        NUMBER,
        SERVICE,
        begin=ibis.greatest(met.begin_, met[ENTRY]),
        end=ibis.least(end, met[LEAVING] - 1),
    )
    return cut.filter(cut.end >= cut.begin)


def at_entry(people: ir.Table, setting: Setting) -> ir.Table:
    """The people of the compared groups with their age band in their first month: case, unit, group, stratum."""
    grouped = people.filter(people[GROUP].notnull())
    return in_band(grouped, year_of(grouped[ENTRY], Grain.MONTH), setting).select(CASE, UNIT, GROUP, STRATUM)


def entropy(counts: Sequence[float]) -> float:
    """How evenly people are spread over states: 0 where all are in one, 1 where as many are in each."""
    whole = sum(counts)
    parts = [count / whole for count in counts if count]
    return max(0.0, -sum(part * math.log(part) for part in parts)) / math.log(len(counts))
