"""The prepared event log: persons with their residence, and their events in order, by age at the time and by month.

Handbook 2.2 (modelling and analysing data).
"""

from __future__ import annotations

import datetime
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, cast

import ibis
import ibis.expr.types as ir
import pyarrow as pa

from jalostamo.concepts.customers import CustomerKind
from jalostamo.concepts.errors import Unfit
from jalostamo.producing.standardisation import BASE, GROUP, STRATUM, UNIT

if TYPE_CHECKING:
    from jalostamo.engine.connection import Engine
    from jalostamo.managing.nonsensitive.releases import Release
    from jalostamo.producing.definitions import Definition

HALF_MONTH: Final = 0.5


@dataclass(frozen=True, slots=True)
class EventLog:
    """An event log is a release as the methods read it.

    `persons`: person, unit, group, birth_year, and residence as month numbers (year * 12 + month - 1), 0 and null where
    it reaches beyond the time frame. `events`: person, order, service, month. `first_month`, `last_month` bound the frame.
    """

    persons: ir.Table
    events: ir.Table
    first_month: int
    last_month: int
    age_bands: tuple[tuple[int, int], ...]

    @property
    def band_names(self) -> tuple[str, ...]:
        """The age bands as they are called in results."""
        return tuple(f"{low}-{high}" for low, high in self.age_bands)


def event_log(engine: Engine, release: Release, definition: Definition) -> EventLog:
    """The event log of a release, as a definition sees it."""
    persons, events = release.table(engine, "persons"), release.table(engine, "events")
    _check_columns(persons, (definition.group_by, definition.birth_year, "person", "resident_from", "resident_to"))
    if definition.unit is CustomerKind.HOUSEHOLD:
        _check_columns(persons, ("household",))
    by_household = definition.unit is CustomerKind.HOUSEHOLD
    read = persons.select(
        "person",
        **{
            UNIT: ibis.coalesce(persons.household, persons.person) if by_household else persons.person,
            GROUP: persons[definition.group_by],
            "birth_year": persons[definition.birth_year].cast("int64"),
            "from_month": _month(persons.resident_from),
            "to_month": _month(persons.resident_to),
        },
    )
    happened = events.select("person", "order", "service", month=_month(events.start))
    first, last = (_month_number(str(release.manifest.content[key])) for key in ("from", "to"))
    return EventLog(engine.keep(read), engine.keep(happened), first, last, definition.age_bands)


def with_age_band(log: EventLog, table: ir.Table, year: ir.IntegerValue) -> ir.Table:
    """The table with the age band at a year as its stratum; rows outside every band are left out."""
    age = year - table.birth_year
    band = ibis.cases(
        *((age.between(low, high), name) for (low, high), name in zip(log.age_bands, log.band_names, strict=True))
    )
    named = table.mutate(**{STRATUM: band})
    return named.filter(named[STRATUM].notnull())


def residence_years(engine: Engine, log: EventLog) -> ir.Table:
    """Years of residence per person and age band and calendar year: unit, person, group, stratum, year, t.

    A month of moving counts half, the year of birth half, since neither day is told.
    """
    years = range(log.first_month // 12, log.last_month // 12 + 1)
    calendar = engine.in_memory(pa.table({"year": pa.array(years, pa.int64())}))
    crossed = with_age_band(log, log.persons.cross_join(calendar), calendar.year)
    start, end = crossed.year * 12, crossed.year * 12 + 12
    since = ibis.greatest(start, log.first_month, crossed.from_month.cast("float64") + HALF_MONTH)
    until = ibis.least(end, log.last_month + 1, crossed.to_month.cast("float64") + HALF_MONTH)
    born_here = (crossed.year == crossed.birth_year) & crossed.from_month.isnull()
    since = born_here.ifelse(ibis.greatest(since, start + 6.0), since)
    lived = crossed.mutate(**{BASE: (until - since) / 12.0})
    return lived.filter(lived[BASE] > 0).select(UNIT, "person", GROUP, STRATUM, "year", BASE)


def first_of(log: EventLog, services: Sequence[str]) -> ir.Table:
    """Each person's first event of some services: person, order and month."""
    chosen = log.events.filter(log.events.service.isin(list(services)))
    place = ibis.row_number().over(group_by=chosen.person, order_by=chosen.order)
    ranked = chosen.mutate(place_=place)
    return ranked.filter(ranked.place_ == 0).select("person", index_order="order", index_month="month")


def followed_for(log: EventLog, first: ir.Table, months: int) -> ir.Table:
    """The persons whose first event lies at least `months` before the end, who were resident for all of them.

    Rows: person, unit, group, birth_year, index_order, index_month.
    """
    index = first.inner_join(log.persons, "person")
    end = index.index_month + months
    stayed = index.to_month.isnull() | (index.to_month >= end)
    return index.filter((end <= log.last_month) & stayed)


def _month(date: ir.DateColumn) -> ir.IntegerColumn:
    return date.year().cast("int64") * 12 + date.month().cast("int64") - 1


def _month_number(day: str) -> int:
    date = datetime.date.fromisoformat(day)
    return date.year * 12 + date.month - 1


def _check_columns(table: ir.Table, names: Sequence[str]) -> None:
    missing = [name for name in names if name not in table.columns]
    if missing:
        raise Unfit(
            f"The release has no field '{missing[0]}' in its persons; it has {', '.join(cast('Sequence[str]', table.columns))}.",
            reason="field_unknown",
        )
