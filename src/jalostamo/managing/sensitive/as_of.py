"""As-of joins: the value that held for a person on a day, among values that each held for a time.

A value holds from its first day to its last, both inclusive. Where several disagree on a day, it is missing, and counted.

Handbook 2.2 (combining by personal number).
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final, cast

import ibis
import ibis.expr.types as ir

from jalostamo.concepts.errors import Unfit
from jalostamo.managing.sensitive.code_history import under_present_code
from jalostamo.managing.sensitive.frames import day_of
from jalostamo.managing.sensitive.roles import CODE, CUSTOMER

if TYPE_CHECKING:
    from jalostamo.concepts.registers import RegisterTable
    from jalostamo.engine.connection import Engine
    from jalostamo.managing.requests import AsOf, Linking, Request
    from jalostamo.managing.sensitive.retrieval import Extract
    from jalostamo.managing.sensitive.roles import Roles

PERSON: Final = "whose_"
_SINCE, _UNTIL, _VALUE, _ROW, _WAYS, _DAY = "since_", "until_", "value_", "row_", "ways_", "day_"


@dataclass(frozen=True, slots=True)
class AsOfMatch:
    """How an as-of join went: of those asked for, how many got a value, and for how many several disagreed on the day.

    `backwards` are recorded values that ended before they began: they held on no day.
    """

    name: str
    asked: int
    found: int
    disputed: int
    backwards: int


def as_of_events(
    engine: Engine,
    request: Request,
    roles: Roles,
    extract: Extract,
    events: ir.Table,
    *,
    persons: ir.Table,
    former: ir.Table,
) -> tuple[ir.Table, list[AsOfMatch]]:
    """The events of an extract with the values that held on their own days."""
    wanted = [join for join in (request.linking.as_of if request.linking else ()) if join.on is None]
    day, found = day_of(request, extract.source, extract.declared), list[AsOfMatch]()
    if wanted and (day is None or day not in events.columns):
        raise Unfit(
            f"[[linking.as_of]] '{wanted[0].name}': events of '{extract.source.register}' tell no day that was asked for.",
            reason="linking_as_of",
        )
    for join in wanted:
        held, backwards = _held(engine, roles, join, persons=persons, former=former)
        events, match = with_value(engine, events, held, name=join.name, day=events[day].cast("date"))
        found.append(replace(match, backwards=backwards))
    return events, found


def as_of_customers(
    engine: Engine, linking: Linking, roles: Roles, persons: ir.Table, *, former: ir.Table
) -> tuple[ir.Table, list[AsOfMatch]]:
    """The customers with the values that held on the asked days."""
    widened, found = persons, list[AsOfMatch]()
    for join in (join for join in linking.as_of if join.on):
        held, backwards = _held(engine, roles, join, persons=persons, former=former)
        widened, match = with_value(engine, widened, held, name=join.name, day=ibis.literal(join.on))
        found.append(replace(match, backwards=backwards))
    return widened, found


def _held(engine: Engine, roles: Roles, join: AsOf, *, persons: ir.Table, former: ir.Table) -> tuple[ir.Table, int]:
    extract = roles.as_of[join.source]
    told = under_present_code(extract.table(engine), join.code, former)
    numbers = persons.select(CODE, **{PERSON: persons[CUSTOMER]})
    return values_held(engine, told.inner_join(numbers, told[join.code] == numbers[CODE]), extract.declared, join)


def values_held(engine: Engine, table: ir.Table, declared: RegisterTable, join: AsOf) -> tuple[ir.Table, int]:
    """Whose value held from when until when (null: still), and how many ended before they began."""
    known = table
    if join.known_on and declared.recorded:
        known = table.filter(table[declared.recorded].cast("date") <= join.known_on)
    since = known[join.since].cast("date")
    until = known[join.until].cast("date") if join.until else ibis.null("date")
    told = known.select(PERSON, **{_SINCE: since, _UNTIL: until, _VALUE: known[join.field]})
    told = engine.keep(told.filter(told[PERSON].notnull() & told[_SINCE].notnull()).distinct())
    if join.until is None:
        return engine.keep(_until_the_next(told)), 0
    backwards = engine.only_row(told.agg(n=(told[_UNTIL] < told[_SINCE]).sum()))["n"]
    return told, cast("int", backwards or 0)


def _until_the_next(told: ir.Table) -> ir.Table:
    """Each value until the day before the person's next first day."""
    days = told.select(PERSON, _SINCE).distinct()
    following = days[_SINCE].lead().over(ibis.window(group_by=days[PERSON], order_by=days[_SINCE]))
    ended = days.mutate(**{_UNTIL: following - ibis.interval(days=1)})
    ended = ended.mutate(**{_UNTIL: ended[_UNTIL].cast("date")})
    return told.drop(_UNTIL).inner_join(ended, [PERSON, _SINCE])


def with_value(
    engine: Engine, table: ir.Table, held: ir.Table, *, name: str, day: ir.Value
) -> tuple[ir.Table, AsOfMatch]:
    """The table with the value, as `name`, that held on each row's day for its person."""
    rows = engine.keep(table.mutate(**{_ROW: ibis.row_number(), _DAY: day}))
    asked = rows.select(_ROW, _DAY, **{PERSON: rows[CUSTOMER]})
    holding = asked.inner_join(
        held,
        [
            asked[PERSON] == held[PERSON],
            held[_SINCE] <= asked[_DAY],
            held[_UNTIL].isnull() | (asked[_DAY] <= held[_UNTIL]),
        ],
    )
    found = holding.group_by(_ROW).agg(
        **{_WAYS: holding[_VALUE].nunique(), _VALUE: holding[_VALUE].min()}  # one of several is never used
    )
    one = (found[_WAYS] == 1).ifelse(found[_VALUE], ibis.null(found[_VALUE].type()))
    judged = found.select(_WAYS, **{"held_row_": found[_ROW], name: one})
    joined = engine.keep(rows.left_join(judged, rows[_ROW] == judged["held_row_"]))
    counted = engine.only_row(
        joined.agg(asked=joined.count(), found=joined[name].count(), disputed=(joined[_WAYS] > 1).sum())
    )
    asked_n, found_n, disputed = (cast("int", counted[key] or 0) for key in ("asked", "found", "disputed"))
    return joined.drop(_ROW, _DAY, _WAYS, "held_row_"), AsOfMatch(name, asked_n, found_n, disputed, 0)
