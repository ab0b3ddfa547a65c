"""Strata: the ages within which groups are compared, so that they do not differ by their ages alone.

Handbook 2.2 (comparing language groups that differ in age).
"""

from __future__ import annotations

import datetime
from typing import TYPE_CHECKING, Final

import ibis
import ibis.expr.types as ir

from jalostamo.concepts.errors import Unfit
from jalostamo.producing.analyses.journeys import AT, BIRTH_YEAR, CASE, Grain, Journeys
from jalostamo.producing.analyses.public_holidays import YEARS, working_days_before
from jalostamo.producing.standardisation import BASE, GROUP, STRATUM, UNIT

if TYPE_CHECKING:
    from jalostamo.producing.analyses.setting import Setting

WHOLE: Final = "all"
"""The one stratum of a comparison that is not adjusted for age."""


def year_of(at: ir.IntegerValue, grain: Grain) -> ir.IntegerValue:
    """The calendar year of a time in ticks."""
    if grain is Grain.MONTH:
        # Whole numbers: dividing them gives a float to some engines.
        return ((at - at % 12) / 12).cast("int64")
    if grain is Grain.WORKING_DAY:
        return _working_year(at)
    seconds = at * 86_400 if grain is Grain.DAY else ((at - at % 1_000_000) / 1_000_000).cast("int64")
    return seconds.as_timestamp("s").year().cast("int64")


def _working_year(at: ir.IntegerValue) -> ir.IntegerValue:
    """The year of a working day: the last that has begun by then."""
    begun = [(working_days_before(datetime.date(year, 1, 1)), year) for year in YEARS[:-1]]
    return ibis.cases(*((at >= first, year) for first, year in reversed(begun))).cast("int64")


def month_of(at: ir.IntegerValue, grain: Grain) -> ir.IntegerValue:
    """The month of a time in ticks, counted from the year 0."""
    if grain is Grain.MONTH:
        return at.cast("int64")
    if grain is Grain.WORKING_DAY:
        raise Unfit("This method tells months: leave 'days' out.", reason="grain_too_coarse")
    # Whole seconds: not every engine makes a time of microseconds.
    seconds = at * 86_400 if grain is Grain.DAY else (at / 1_000_000).floor().cast("int64")
    moment = seconds.as_timestamp("s")
    return (moment.year() * 12 + moment.month() - 1).cast("int64")


def in_band(table: ir.Table, year: ir.IntegerValue, setting: Setting) -> ir.Table:
    """The table with the age band at a year as its stratum; whoever is in no band, or of no known age, is left out.

    Where no bands are asked for, all are one. With `by_year`, each band is as many strata as there are years.
    """
    bands = setting.groups.age_bands if setting.groups else ()
    band: ir.StringValue = ibis.literal(WHOLE)
    if bands:
        age = year - table[BIRTH_YEAR]
        band = ibis.cases(*((age.between(low, high), f"{low}-{high}") for low, high in bands))
    if setting.groups and setting.groups.by_year:
        band = band + ibis.literal(" in ") + year.cast("string")
    named = table.mutate(**{STRATUM: band})
    return named.filter(named[STRATUM].notnull()) if bands else named


def at_first_event(journeys: Journeys, setting: Setting) -> ir.Table:
    """The cases of the compared groups with their age band at their first event: case, unit, group, stratum."""
    events = journeys.events
    first = events.group_by(CASE).agg(first_=events[AT].min())
    theirs = journeys.cases.inner_join(first, CASE)
    banded = in_band(theirs.filter(theirs[GROUP].notnull()), year_of(theirs.first_, journeys.grain), setting)
    return banded.select(CASE, UNIT, GROUP, STRATUM)


def of_cases(strata: ir.Table) -> ir.Table:
    """The base of a comparison: how many cases each unit has in each stratum (unit, group, stratum, t)."""
    return strata.group_by([UNIT, GROUP, STRATUM]).agg(**{BASE: strata.count()})
