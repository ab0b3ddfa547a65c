"""Every service before, on the day of and after every other one, at once: the unadjusted figures of `before_after`.

Handbook 2.2 (the pilot's questions) and 3.1.3.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import ibis.expr.types as ir
import pyarrow as pa
import pyarrow.compute

from jalostamo.producing.before_after import uses_of
from jalostamo.producing.case_groups import few_enough_to_count

if TYPE_CHECKING:
    from jalostamo.engine.connection import Engine
    from jalostamo.producing.prepared_log import PreparedLog

_PAIR: Final = ("index", "service")
_RELATIONS: Final = ("before", "same_day", "after")
_FEWEST_WITH_A_MIDDLE: Final = 3


def service_pairs(engine: Engine, log: PreparedLog) -> pa.Table:
    """One row for each index service and other service that a customer used both of, in the order of their names.

    Columns: index, service, users_before, users_same_day, users_after, users_both, index_customers, users_any and lift, in
    distinct customers. The log must have days.
    """
    events = log.unordered.select("case", "activity", "day")
    if not log.is_written:
        events = engine.keep(events)
    uses = engine.keep(uses_of(events))
    users = engine.keep(uses.group_by("activity").agg(users=uses.count()))
    customers = engine.only_row(uses.agg(n=uses.case.nunique()))["n"]
    with few_enough_to_count():
        told = engine.arrow(_told(uses, users, _on_middle_days(events, uses), customers=int(str(customers))))
    names = pa.array(log.names, pa.string())
    for place, column in enumerate(_PAIR):
        told = told.set_column(place, column, pyarrow.compute.take(names, told[column]))
    return told


def _told(uses: ir.Table, users: ir.Table, middle: ir.Table, *, customers: int) -> ir.Table:
    both_ways = _both_ways(uses)
    counted = both_ways.left_join(middle, _PAIR)
    of_index = users.rename(index="activity", index_customers="users")
    of_service = users.rename(service="activity", users_any="users")
    found = counted.inner_join(of_index, "index").inner_join(of_service, "service")
    expected = found.index_customers.cast("float64") * found.users_any
    return found.select(
        *_PAIR,
        users_before=found.before,
        users_same_day=found.same_day + found.between.fill_null(0),
        users_after=found.after,
        users_both=found.both,
        index_customers=found.index_customers,
        users_any=found.users_any,
        lift=found.both * float(customers) / expected,
    ).order_by(_PAIR)


def _both_ways(uses: ir.Table) -> ir.Table:
    """Each pair of services joined once by customer, and told from the side of either."""
    one = uses.select("case", one="activity", one_first="first", one_last="last")
    other = uses.select("case", other="activity", other_first="first", other_last="last")
    met = one.join(other, [one.case == other.case, one.one < other.other])
    counted = met.group_by(["one", "other"]).agg(
        both=met.count(),
        one_before=(met.one_first < met.other_first).sum(),
        other_before=(met.other_first < met.one_first).sum(),
        one_after=(met.one_last > met.other_first).sum(),
        other_after=(met.other_last > met.one_first).sum(),
        one_same_day=((met.one_first == met.other_first) | (met.one_last == met.other_first)).sum(),
        other_same_day=((met.one_first == met.other_first) | (met.other_last == met.one_first)).sum(),
    )
    sides = [
        counted.select(index=index, service=service, both="both", **{name: f"{service}_{name}" for name in _RELATIONS})
        for index, service in (("one", "other"), ("other", "one"))
    ]
    return sides[0].union(sides[1])


def _on_middle_days(events: ir.Table, uses: ir.Table) -> ir.Table:
    """By pair, the customers whose first use of the one falls on a use of the other that is neither its first nor its last day.

    Only who used a service three times has such a day: few events are looked at.
    """
    often = uses.filter((uses.events >= _FEWEST_WITH_A_MIDDLE) & (uses["last"] - uses["first"] > 1))
    met = events.select("case", "activity", "day").inner_join(often, ["case", "activity"])
    inside = met.filter((met.day > met["first"]) & (met.day < met["last"]))
    days = inside.select("case", "day", service="activity").distinct()
    starts = uses.select("case", day="first", index="activity")
    fallen = starts.join(days, ["case", "day"])
    fallen = fallen.filter(fallen.index != fallen.service)
    return fallen.group_by(_PAIR).agg(between=fallen.count())
