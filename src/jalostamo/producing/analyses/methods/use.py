"""Use: how much of each service is used by whom, year by year or month by month, and for a thousand years lived here.

Years lived are the denominator wherever a register of residence tells them: in a log of one's own nobody is known but those
who have an event, and volumes are told without.

Handbook 2.2 (the pilot's third question) and 3.1.3 (who uses services).
"""

from __future__ import annotations

import datetime
import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import ibis
import ibis.expr.types as ir
import pyarrow as pa

from jalostamo.concepts.errors import Unfit
from jalostamo.concepts.languages import Text
from jalostamo.producing.analyses.catalogue import Competence, Kind, Measured, Method
from jalostamo.producing.analyses.comparing import LEVEL
from jalostamo.producing.analyses.findings import found
from jalostamo.producing.analyses.journeys import AT, BIRTH_YEAR, CASE, LEFT, SERVICE, SINCE, Grain, Journeys
from jalostamo.producing.analyses.parts import compared_on_cases, number_in, of_part, parts_of, share
from jalostamo.producing.analyses.ratios import Ratio, ratios
from jalostamo.producing.analyses.strata import in_band, month_of, year_of
from jalostamo.producing.case_groups import few_enough_to_count
from jalostamo.producing.intervals import benjamini_hochberg, on_log, two_sided_p
from jalostamo.producing.questions import FEWEST_EVENTS
from jalostamo.producing.standardisation import BASE, EVENTS, GROUP, STRATUM, SUBJECT, UNIT, Rate, rates

if TYPE_CHECKING:
    from jalostamo.engine.connection import Engine
    from jalostamo.managing.sections import Section
    from jalostamo.producing.analyses.setting import Setting

USE: Final = ("group", "period", "service", "events", "customers", "share", "years", "per_1000", "low", "high")
PERIODS: Final = ("group", "period", "cases", "years", "events", "customers")
VOLUMES: Final = ("service", "group", "reference", "ratio", "low", "high", "p", "adjusted_p", "differs")
PERIOD: Final = "period"
YEAR: Final = "year"
_PER: Final = 1_000
_MONTHS: Final = 12
_EPOCH: Final = datetime.date(1970, 1, 1)
_DAY: Final = 86_400_000_000


@dataclass(frozen=True, slots=True)
class Asked:
    """Whether use is told by years, or else by months."""

    by_year: bool


def _read(section: Section) -> Asked:
    by = section.word("by") or YEAR
    if by not in {YEAR, "month"}:
        raise Unfit(f'{section.place}: \'by\' is "year" or "month".', reason="definition_incomplete")
    return Asked(by == YEAR)


@dataclass(frozen=True, slots=True)
class _Seen:
    """What is looked at, each kept: events with their period, unit and group, and the ticks that each case lived in each."""

    events: ir.Table
    lived: ir.Table | None
    grain: Grain


def measure(engine: Engine, journeys: Journeys, setting: Setting, asked: Asked) -> Measured:
    """Events and customers of each service and period, of all cases (group "") and of each group, and who uses more."""
    seen = _Seen(
        engine.keep(happened(journeys, asked)),
        None if journeys.grain is Grain.MICROSECOND else engine.keep(lived(engine, journeys, asked)),
        journeys.grain,
    )
    with few_enough_to_count():
        tables = {
            "use": found(USE, (row for part in parts_of(setting) for row in _use(engine, seen, part))),
            "periods": found(PERIODS, (row for part in parts_of(setting) for row in _periods(engine, seen, part))),
        }
    if setting.groups:
        met = seen.events.select(CASE, **{SUBJECT: seen.events[SERVICE]})
        tables |= compared_on_cases(engine, met, at_entry(journeys, setting), pair=setting.compare)
        tables["volumes"] = found(VOLUMES, _volumes(engine, journeys, setting))
    users = engine.only_row(seen.events.aggregate(customers=seen.events[CASE].nunique()))
    return {"customers": number_in(users, "customers")}, tables


def period_of(at: ir.IntegerValue, grain: Grain, asked: Asked) -> ir.IntegerValue:
    """The first month of the period of a time, counted from the year 0."""
    month = month_of(at, grain)
    return month - month % _MONTHS if asked.by_year else month


def called(period: int, asked: Asked) -> str:
    """A period as results call it, such as 2010 or 2010-03."""
    year, month = divmod(period, _MONTHS)
    return str(year) if asked.by_year else f"{year}-{month + 1:02}"


def periods_of(window: tuple[int, int], grain: Grain, asked: Asked) -> tuple[int, ...]:
    """The periods that a window touches, by their first months."""
    first, last = (_month(tick, grain) for tick in (window[0], window[1] - 1))
    step = _MONTHS if asked.by_year else 1
    return tuple(range(first - first % step, last + 1, step))


def _month(tick: int, grain: Grain) -> int:
    if grain is Grain.MONTH:
        return tick
    day = _EPOCH + datetime.timedelta(days=tick if grain is Grain.DAY else tick // _DAY)
    return day.year * _MONTHS + day.month - 1


def _tick(month: int, grain: Grain) -> int:
    """The first tick of a month."""
    if grain is Grain.MONTH:
        return month
    return (datetime.date(month // _MONTHS, month % _MONTHS + 1, 1) - _EPOCH).days


def happened(journeys: Journeys, asked: Asked) -> ir.Table:
    """The events with their period, also in words: case, unit, group, service, period, called_."""
    events = journeys.events
    told = events.select(CASE, SERVICE, **{PERIOD: period_of(events[AT], journeys.grain, asked)})
    named = told.inner_join(journeys.cases.select(CASE, UNIT, GROUP), CASE)
    return named.mutate(called_=_in_words(named[PERIOD], periods_of(journeys.window, journeys.grain, asked), asked))


def _in_words(period: ir.Value, periods: Sequence[int], asked: Asked) -> ir.Value:
    return ibis.cases(*((period == each, called(each, asked)) for each in periods))


def lived(engine: Engine, journeys: Journeys, asked: Asked) -> ir.Table:
    """The ticks that each case lived here in each period: case, unit, group, period, t."""
    periods = periods_of(journeys.window, journeys.grain, asked)
    step = _MONTHS if asked.by_year else 1
    calendar = pa.table(
        {
            PERIOD: pa.array(periods, pa.int64()),
            "called_": pa.array([called(each, asked) for each in periods], pa.string()),
            "begin_": pa.array([_tick(each, journeys.grain) for each in periods], pa.int64()),
            "end_": pa.array([_tick(each + step, journeys.grain) for each in periods], pa.int64()),
        }
    )
    crossed = journeys.cases.select(CASE, UNIT, GROUP, SINCE, LEFT).cross_join(engine.in_memory(calendar))
    first, last = journeys.window
    begin = ibis.greatest(crossed[SINCE], crossed.begin_, first)
    lived = crossed.mutate(**{BASE: (ibis.least(crossed[LEFT], crossed.end_, last) - begin).cast("int64")})
    return lived.filter(lived[BASE] > 0).select(CASE, UNIT, GROUP, PERIOD, "called_", BASE)


def _use(engine: Engine, seen: _Seen, part: str) -> Iterator[Mapping[str, object]]:
    """Each service in each period in which it was used, periods first."""
    theirs = of_part(seen.events, part)
    counted = theirs.group_by(["called_", SERVICE]).agg(events=theirs.count(), customers=theirs[CASE].nunique())
    lived = None if seen.lived is None else of_part(seen.lived, part)
    cases = _cases(engine, lived)
    rate = _rates(engine, theirs, lived)
    for row in sorted(engine.rows(counted), key=lambda row: (str(row["called_"]), str(row[SERVICE]))):
        period, service = str(row["called_"]), str(row[SERVICE])
        yield {
            **row,
            "group": part,
            "period": period,
            "share": share(number_in(row, "customers"), cases.get(period, 0)),
            **_per_years(rate.get((service, period)), seen.grain),
        }


def _cases(engine: Engine, lived: ir.Table | None) -> Mapping[str, int]:
    if lived is None:
        return {}
    counted = engine.rows(lived.group_by("called_").agg(n=lived[CASE].nunique()))
    return {str(row["called_"]): number_in(row, "n") for row in counted}


def _rates(engine: Engine, events: ir.Table, lived: ir.Table | None) -> Mapping[tuple[str | int, ...], Ratio]:
    """Events for a tick lived here, by service and period."""
    if lived is None:
        return {}
    having = events.group_by([UNIT, "called_", SERVICE]).agg(**{EVENTS: events.count()}).rename({SUBJECT: SERVICE})
    base = lived.group_by([UNIT, "called_"]).agg(**{BASE: lived[BASE].sum()})
    return ratios(engine, having, base, by=("called_",))


def _per_years(ratio: Ratio | None, grain: Grain) -> Mapping[str, object]:
    if ratio is None:
        return dict.fromkeys(("years", "per_1000", "low", "high"))
    scale = grain.per_year * _PER
    rate = on_log(ratio.value * scale, ratio.variance * scale**2)
    return {"years": ratio.t / grain.per_year, "per_1000": rate.value, "low": rate.low, "high": rate.high}


def _periods(engine: Engine, seen: _Seen, part: str) -> Iterator[Mapping[str, object]]:
    """All services together; a period in which nothing was used stands here too, where years are known."""
    theirs = of_part(seen.events, part)
    counted = theirs.group_by("called_").agg(events=theirs.count(), customers=theirs[CASE].nunique())
    used = {str(row["called_"]): row for row in engine.rows(counted)}
    here: Mapping[str, Mapping[str, object]] = {}
    if seen.lived is not None:
        lived = of_part(seen.lived, part)
        there = lived.group_by("called_").agg(cases=lived[CASE].nunique(), ticks=lived[BASE].sum())
        here = {str(row["called_"]): row for row in engine.rows(there)}
    for period in sorted({*used, *here}):
        row = here.get(period)
        yield {
            "group": part,
            "period": period,
            "cases": number_in(row, "cases") if row else None,
            "years": int(str(row["ticks"])) / seen.grain.per_year if row else None,
            **{name: number_in(used.get(period, {}), name) for name in ("events", "customers")},
        }


def at_entry(journeys: Journeys, setting: Setting) -> ir.Table:
    """The cases of the compared groups by their age when they were first here: case, unit, group, stratum."""
    cases = journeys.cases
    grouped = cases.filter(cases[GROUP].notnull()).mutate(entry_=ibis.greatest(cases[SINCE], journeys.window[0]))
    return in_band(grouped, year_of(grouped.entry_, journeys.grain), setting).select(CASE, UNIT, GROUP, STRATUM)


def _volumes(engine: Engine, journeys: Journeys, setting: Setting) -> Iterator[Mapping[str, object]]:
    """Of two groups, how many times as many events a year lived here has, as if both had the same ages."""
    if setting.compare is None or journeys.grain is Grain.MICROSECOND:
        return
    one, other = setting.compare
    rows = _at_ages(engine, journeys, setting)
    told = rates(engine, rows, groups={one: [one], other: [other]}, standard=[one, other])
    by_key = {(rate.subject, rate.group): rate for rate in told}
    subjects = sorted({rate.subject for rate in told})
    pairs = [(each, by_key.get((each, one)), by_key.get((each, other))) for each in subjects]
    compared = [_ratio(each, first, second) for each, first, second in pairs if _enough(first) and _enough(second)]
    adjusted = benjamini_hochberg([float(str(row["p"])) for row in compared])
    for row, p in zip(compared, adjusted, strict=True):
        yield {**row, "group": one, "reference": other, "adjusted_p": p, "differs": p < LEVEL}


def _at_ages(engine: Engine, journeys: Journeys, setting: Setting) -> ir.Table:
    """Events and ticks of each unit of the compared groups by age band and service: unit, group, stratum, subject, x, t."""
    pair = list(setting.compare or ())
    years = Asked(by_year=True)
    here = lived(engine, journeys, years)
    banded = _banded(here.filter(here[GROUP].isin(pair)), journeys, setting)
    base = engine.keep(banded.group_by([UNIT, GROUP, STRATUM]).agg(**{BASE: banded[BASE].sum()}))
    events = happened(journeys, years)
    at_age = _banded(events.filter(events[GROUP].isin(pair)), journeys, setting)
    met = at_age.group_by([UNIT, GROUP, STRATUM, SERVICE]).agg(**{EVENTS: at_age.count()})
    met = engine.keep(met.rename({SUBJECT: SERVICE}))
    every = base.cross_join(met.select(SUBJECT).distinct())
    joined = every.left_join(met, [UNIT, GROUP, STRATUM, SUBJECT])
    return joined.select(UNIT, GROUP, STRATUM, SUBJECT, BASE, **{EVENTS: joined[EVENTS].fill_null(0)})


def _banded(rows: ir.Table, journeys: Journeys, setting: Setting) -> ir.Table:
    told = rows.inner_join(journeys.cases.select(CASE, BIRTH_YEAR), CASE)
    return in_band(told, year_of(told[PERIOD], Grain.MONTH), setting)


def _enough(rate: Rate | None) -> bool:
    return rate is not None and bool(rate.standardised) and rate.customers >= FEWEST_EVENTS


def _ratio(subject: str, one: Rate | None, other: Rate | None) -> dict[str, object]:
    first, second = (rate.standardised or 0.0 for rate in (one, other) if rate)
    variance = sum(rate.standardised_variance / (rate.standardised or 1.0) ** 2 for rate in (one, other) if rate)
    value = first / second
    estimate = on_log(value, value**2 * variance)
    p = two_sided_p(math.log(value), variance)
    told = {"ratio": estimate.value, "low": estimate.low, "high": estimate.high, "p": p}
    # Engines add up parts of numbers in any order.
    return {"service": subject, **{name: float(f"{number:.10g}") for name, number in told.items()}}


METHOD: Final = Method(
    name="use",
    kind=Kind.DESCRIPTIVE,
    competence=Competence.READER,
    title=Text("Palvelujen käyttö", "Användning av tjänster", "Use of services"),
    parameters="by",
    read=_read,
    measure=measure,
)
