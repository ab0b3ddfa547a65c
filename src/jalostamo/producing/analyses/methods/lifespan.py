"""The lifespan: at which ages people use which services, by the years that they lived here at each age.

Unlike states by age, which give each month to one service, every service is counted, however many are used at once.

Handbook 3.1.3 (who uses services) and 3.2.4 (customer paths).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import ibis
import ibis.expr.types as ir

from jalostamo.concepts.languages import Text
from jalostamo.producing.analyses.catalogue import Competence, Kind, Measured, Method
from jalostamo.producing.analyses.findings import Found, found
from jalostamo.producing.analyses.journeys import BIRTH_YEAR, SERVICE, Grain, Journeys
from jalostamo.producing.analyses.months import (
    ENTRY,
    LEAVING,
    NUMBER,
    YEAR,
    Life,
    ages_in,
    people_of,
    spells_of,
)
from jalostamo.producing.analyses.parts import number_in, of_part, parts_of
from jalostamo.producing.analyses.ratios import ratios
from jalostamo.producing.analyses.strata import year_of
from jalostamo.producing.case_groups import few_enough_to_count
from jalostamo.producing.intervals import on_log
from jalostamo.producing.standardisation import BASE, EVENTS, GROUP, SUBJECT, UNIT

if TYPE_CHECKING:
    from jalostamo.engine.connection import Engine
    from jalostamo.managing.sections import Section
    from jalostamo.producing.analyses.setting import Setting

AGE: Final = "age"
_AGES: Final = ("group", "age", "cases", "years")
_GRID: Final = ("group", "service", "age", "customers", "rate")
_USE: Final = ("group", "age", "service", "customers", "years", "rate", "low", "high")


@dataclass(frozen=True, slots=True)
class Asked:
    """The ages that are looked at, both ends inclusive, and the services whose missing end means that they go on."""

    ages: tuple[int, int]
    still_open: tuple[str, ...]


def _read(section: Section) -> Asked:
    return Asked(ages_in(section), section.words("open") if "open" in section.content else ())


def measure(engine: Engine, journeys: Journeys, setting: Setting, asked: Asked) -> Measured:
    """Users of each service at each age for a year lived here, of all cases (group "") and of each group."""
    people = people_of(engine, journeys, Life({}, asked.still_open, (), 0, asked.ages))
    lived = engine.keep(_lived(people))
    used = engine.keep(_used(spells_of(journeys, people, asked.still_open), people))
    parts = parts_of(setting)
    with few_enough_to_count():
        tables = {
            "ages": found(_AGES, (row for part in parts for row in _ages(engine, of_part(lived, part), part))),
            "use": found(
                _USE,
                (row for part in parts for row in _use(engine, of_part(used, part), of_part(lived, part), part)),
            ),
        }
    tables["grid"] = found(_GRID, _grid(tables["ages"], tables["use"]))
    return {"cases_of_known_age": number_in(engine.only_row(people.aggregate(n=people.count())), "n")}, tables


def _lived(people: ir.Table) -> ir.Table:
    """The months that each case lived here at each age: number, unit, group, age, months."""
    first, last = (year_of(month, Grain.MONTH) for month in (people[ENTRY], people[LEAVING] - 1))
    by_year = people.select(NUMBER, UNIT, GROUP, BIRTH_YEAR, ENTRY, LEAVING, year_=ibis.range(first, last + 1).unnest())
    months = ibis.least(by_year[LEAVING], (by_year.year_ + 1) * YEAR) - ibis.greatest(
        by_year[ENTRY], by_year.year_ * YEAR
    )
    return by_year.select(NUMBER, UNIT, GROUP, months=months, **{AGE: by_year.year_ - by_year[BIRTH_YEAR]})


def _used(spells: ir.Table, people: ir.Table) -> ir.Table:
    """Which services each case used at each age, once: number, unit, group, age, service."""
    met = spells.inner_join(people.select(NUMBER, UNIT, GROUP, BIRTH_YEAR), NUMBER)
    # Ibis takes the ends of a range apart without brackets for Spark: they must be no differences.
    first, last = (year_of(month, Grain.MONTH) for month in (met.begin, met.end))
    by_year = met.select(NUMBER, UNIT, GROUP, BIRTH_YEAR, SERVICE, year_=ibis.range(first, last + 1).unnest())
    at_ages = by_year.select(NUMBER, UNIT, GROUP, SERVICE, **{AGE: by_year.year_ - by_year[BIRTH_YEAR]})
    return at_ages.distinct()


def _ages(engine: Engine, lived: ir.Table, part: str) -> Iterator[Mapping[str, object]]:
    counted = lived.group_by(AGE).agg(cases=lived[NUMBER].nunique(), months=lived.months.sum())
    for row in engine.rows(counted.order_by(AGE)):
        months = int(str(row["months"]))
        yield {"group": part, "age": row[AGE], "cases": row["cases"], "years": months / YEAR}


def _use(engine: Engine, used: ir.Table, lived: ir.Table, part: str) -> Iterator[Mapping[str, object]]:
    """Services by name, each by age; ages at which nobody used one are left out."""
    having = used.group_by([UNIT, AGE, SERVICE]).agg(**{EVENTS: used.count()}).rename({SUBJECT: SERVICE})
    base = lived.group_by([UNIT, AGE]).agg(**{BASE: lived.months.sum()})
    for (service, age), of_months in ratios(engine, having, base, by=(AGE,)).items():
        rate = on_log(of_months.value * YEAR, of_months.variance * YEAR**2)
        yield {
            "group": part,
            "age": age,
            "service": service,
            "customers": of_months.x,
            "years": of_months.t / YEAR,
            "rate": rate.value,
            "low": rate.low,
            "high": rate.high,
        }


def _grid(ages: Found, use: Found) -> Iterator[Mapping[str, object]]:
    """Every service at every age, those at which nobody used it too, so that they can be drawn as a table in shades."""
    used = {(row["group"], row["service"], row["age"]): row for row in use.mappings()}
    for group, service in dict.fromkeys((group, service) for group, service, _ in used):
        for age in (row["age"] for row in ages.mappings() if row["group"] == group):
            row = used.get((group, service, age), {"customers": 0, "rate": 0.0})
            names = {"group": group, "service": service, "age": age}
            yield {**names, "customers": row["customers"], "rate": row["rate"]}


METHOD: Final = Method(
    name="lifespan",
    kind=Kind.DESCRIPTIVE,
    competence=Competence.READER,
    title=Text("Palvelut elinkaarella", "Tjänster under livet", "Services over the lifespan"),
    parameters="ages open",
    read=_read,
    measure=measure,
)
