"""What precedes a service and what follows it: every other service by the date of a customer's first use of it.

Steps straight from one service to the next are `producing.paths`; here any use counts, however far apart.

Handbook 2.2 (the pilot's questions) and 3.1.3.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any, Final, cast

import ibis
import ibis.expr.types as ir

from jalostamo.concepts.errors import Unfit
from jalostamo.producing.case_groups import by_group_name, few_enough_to_count, marked
from jalostamo.producing.prepared_log import ATTRIBUTE, PreparedLog, prepare
from jalostamo.producing.relative_risk import Stratum, mantel_haenszel
from jalostamo.producing.use_results import BeforeAfter, ServiceUse

if TYPE_CHECKING:
    from jalostamo.engine.connection import Engine

CONTACT_BANDS: Final = (1, 3, 6, 11, 21)
"""Where the strata of contacts with neither service begin, after 0: 0, 1-2, 3-5, 6-10, 11-20, 21 and more."""

_GROUP: Final = "group"
_DATED: Final = ("before", "same_day", "after")
_BAND: Final = "band"
_EXPOSED: Final = "exposed"

# Customers by whether they used the index service and by their stratum.
type _Customers = Counter[tuple[bool, int]]


def before_after_in(engine: Engine, events: ir.Table, index: str, *, grouped: bool = False) -> BeforeAfter:
    """Every other service before, on the day of and after each customer's first use of `index`.

    `events`: case (the customer), activity (the service), time (microseconds), row (distinct), group, day; nothing but
    group may be missing. Where `grouped`, also of each group by the group at a customer's first event.
    """
    with few_enough_to_count():
        log = prepare(engine, events, attributes=[_GROUP] * grouped)
    return before_after_of(engine, log, index, group=_GROUP if grouped else None)


def before_after_of(engine: Engine, log: PreparedLog, index: str, *, group: str | None = None) -> BeforeAfter:
    """The same from a prepared log with days, each group by that attribute at a customer's first event."""
    if index not in log.names:
        raise Unfit(
            "No event is of the index service: write it as the log does, and see that no filter leaves it out.",
            reason="index_unused",
        )
    with few_enough_to_count():
        found = _found(engine, log, index=log.names.index(index), group=group)
    whole = _sum(found.values()).result(index)
    if group is None:
        return whole
    return replace(whole, groups=by_group_name({mark: each.result(index) for mark, each in found.items()}))


def uses_of(events: ir.Table) -> ir.Table:
    """Each customer's use of each service: case, activity, events, and the first and the last day of it."""
    return events.group_by(["case", "activity"]).agg(
        events=events.count(), first=events.day.min(), last=events.day.max()
    )


def _found(engine: Engine, log: PreparedLog, *, index: int, group: str | None) -> dict[str, _Counts]:
    events = _events(engine, log, group)
    uses = engine.keep(uses_of(events))
    cases = engine.keep(_cases(uses, index, None if group is None else events))
    used = engine.keep(_used(events, uses, cases, index=index))
    return _counted(engine, cases, used, names=log.names)


def _events(engine: Engine, log: PreparedLog, group: str | None) -> ir.Table:
    """What is counted from: case, activity, day and, with a group, position and group."""
    if group is None:
        events = log.unordered.select("case", "activity", "day")
    else:
        attribute = marked(log.events[f"{ATTRIBUTE}{group}"])
        events = log.events.select("case", "activity", "day", "position", group=attribute)
    return events if log.is_written else engine.keep(events)


def _cases(uses: ir.Table, index: int, events: ir.Table | None) -> ir.Table:
    """One row per case: its group, the day of its first use of the index service (or null), its stratum without that service."""
    of_index = uses.activity == index
    counted = uses.group_by("case").agg(
        contacts=uses.events.sum(where=~of_index).fill_null(0), index_day=uses["first"].max(where=of_index)
    )
    cases = counted.mutate(**{_EXPOSED: counted.index_day.notnull(), _BAND: _band(counted.contacts)})
    if events is None:
        return cases.mutate(group=ibis.literal(""))
    return cases.inner_join(events.filter(events.position == 0).select("case", "group"), "case")


def _used(events: ir.Table, uses: ir.Table, cases: ir.Table, *, index: int) -> ir.Table:
    """The customers of each other service: by when they used it beside the index service, and by stratum without either."""
    others = uses.filter(uses.activity != index).rename(in_service="events").inner_join(cases, "case")
    on_the_day = events.inner_join(cases.select("case", day="index_day"), ["case", "day"])
    same_day = on_the_day.select("case", "activity", same_day=True).distinct()
    met = others.left_join(same_day, ["case", "activity"])
    told = met.select(
        "group",
        "activity",
        _EXPOSED,
        before=(met["first"] < met.index_day).fill_null(False),
        same_day=met.same_day.notnull(),
        after=(met["last"] > met.index_day).fill_null(False),
        base=met[_BAND],
        **{_BAND: _band(met.contacts - met.in_service)},
    )
    return told.group_by(list(told.columns)).agg(n=told.count())


def _band(contacts: ir.IntegerValue) -> ir.IntegerValue:
    return sum(((contacts >= start).cast("int32") for start in CONTACT_BANDS), ibis.literal(0))


class _Service:
    """The customers of one service: how many by relation to the index service, and by stratum, as they are counted."""

    def __init__(self) -> None:
        self.by_relation: Counter[str] = Counter()
        # With the contacts of the service left out, and with them: the second says from which strata the first are taken.
        self.by_stratum: _Customers = Counter()
        self.by_base: _Customers = Counter()

    def add(self, other: _Service) -> None:
        self.by_relation += other.by_relation
        self.by_stratum += other.by_stratum
        self.by_base += other.by_base


class _Counts:
    """What was counted in one group, or in all: customers by stratum, and the customers of every service."""

    def __init__(self) -> None:
        self.customers: _Customers = Counter()
        self.services: defaultdict[str, _Service] = defaultdict(_Service)

    @property
    def index_customers(self) -> int:
        return sum(count for (exposed, _), count in self.customers.items() if exposed)

    def result(self, index: str) -> BeforeAfter:
        uses = [_use(name, counts, self.customers) for name, counts in self.services.items()]
        ordered = tuple(sorted(uses, key=lambda use: (-use.both, use.service)))
        return BeforeAfter(index, self.index_customers, self.customers.total(), ordered)


def _use(name: str, counts: _Service, customers: _Customers) -> ServiceUse:
    strata = (_stratum(counts, customers, band) for band in range(len(CONTACT_BANDS) + 1))
    relations = {relation: counts.by_relation[relation] for relation in ("any", "both", *_DATED)}
    return ServiceUse(name, **relations, adjusted=mantel_haenszel(strata))


def _stratum(counts: _Service, customers: _Customers, band: int) -> Stratum:
    # Who did not use the service stays in the stratum of all contacts; who did is in that without the service's own.
    without = {exposed: customers[exposed, band] - counts.by_base[exposed, band] for exposed in (True, False)}
    using = {exposed: counts.by_stratum[exposed, band] for exposed in (True, False)}
    return Stratum(
        exposed=without[True] + using[True],
        exposed_with=using[True],
        others=without[False] + using[False],
        others_with=using[False],
    )


def _counted(engine: Engine, cases: ir.Table, used: ir.Table, *, names: Sequence[str]) -> dict[str, _Counts]:
    found: defaultdict[str, _Counts] = defaultdict(_Counts)
    for row in _rows(engine, cases.group_by(["group", _EXPOSED, _BAND]).agg(n=cases.count())):
        found[row["group"]].customers[row[_EXPOSED], row[_BAND]] = row["n"]
    relations = {name: used.n.sum(where=used[name]).fill_null(0) for name in (_EXPOSED, *_DATED)}
    for row in _rows(engine, used.group_by(["group", "activity"]).agg(any=used.n.sum(), **relations)):
        counts = {"any": row["any"], "both": row[_EXPOSED], **{name: row[name] for name in _DATED}}
        found[row["group"]].services[names[row["activity"]]].by_relation.update(counts)
    strata = used.group_by(["group", "activity", _EXPOSED, _BAND, "base"]).agg(n=used.n.sum())
    for row in _rows(engine, strata):
        service = found[row["group"]].services[names[row["activity"]]]
        service.by_stratum[row[_EXPOSED], row[_BAND]] += row["n"]
        service.by_base[row[_EXPOSED], row["base"]] += row["n"]
    return found


def _sum(found: Iterable[_Counts]) -> _Counts:
    whole = _Counts()
    for counts in found:
        whole.customers += counts.customers
        for name, service in counts.services.items():
            whole.services[name].add(service)
    return whole


def _rows(engine: Engine, table: ir.Table) -> list[Mapping[str, Any]]:
    return cast("list[Mapping[str, Any]]", engine.rows(table))
