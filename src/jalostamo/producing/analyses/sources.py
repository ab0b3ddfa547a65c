"""Where journeys come from: a release, in months or days, or a log of one's own, in microseconds.

Handbook 2.2 (the analytic environment) and 2.6, phase 7.
"""

from __future__ import annotations

import datetime
from collections.abc import Collection, Mapping
from typing import TYPE_CHECKING, Final, cast

import ibis
import ibis.expr.types as ir

from jalostamo.concepts.customers import CustomerKind
from jalostamo.concepts.errors import Unfit
from jalostamo.producing.analyses.journeys import (
    AT,
    BIRTH_YEAR,
    CASE,
    EVENT_COLUMNS,
    LEFT,
    ROW,
    SERVICE,
    SINCE,
    UNTIL,
    Grain,
    Journeys,
)
from jalostamo.producing.standardisation import GROUP, UNIT

if TYPE_CHECKING:
    from jalostamo.engine.connection import Engine
    from jalostamo.managing.nonsensitive.releases import Release
    from jalostamo.producing.analyses.asked import Analysis
    from jalostamo.producing.analyses.setting import Groups, Setting

_EPOCH: Final = datetime.date(1970, 1, 1)
_DAY: Final = datetime.timedelta(days=1)


def journeys_of_release(engine: Engine, release: Release, analysis: Analysis) -> Journeys:
    """The journeys of a release, as an analysis asks for them; its events are told by months, or by days."""
    persons, events = release.table(engine, "persons"), release.table(engine, "events")
    _check_columns(persons, _asked_of_persons(analysis))
    _check_columns(events, ("person", "order", "service", "start"))
    grain = _grain(release)
    window = _window(release, analysis, grain)
    return journeys_from(persons, events, analysis.setting, services=analysis.services, grain=grain, window=window)


def journeys_from(
    persons: ir.Table,
    events: ir.Table,
    setting: Setting,
    *,
    services: Collection[str],
    grain: Grain,
    window: tuple[int, int],
) -> Journeys:
    """The journeys of persons with their events as both lanes prepare them; `window` is in ticks of the grain."""
    cases = _cases(persons, setting, grain, window)
    theirs = events.inner_join(persons.select("person", case_=_key(persons, setting.case)), "person")
    # Members of a household may have the same order: who they are tells their events apart.
    place = ibis.row_number().over(group_by=theirs.case_, order_by=[theirs.start, theirs.person, theirs.order])
    happened = theirs.select(
        *(name for name in events.columns if name not in {*EVENT_COLUMNS, "start", "end", "order"}),
        **{
            CASE: theirs.case_,
            ROW: place.cast("int64"),
            SERVICE: theirs.service,
            AT: _ticks(theirs.start, grain),
            UNTIL: _ends(theirs, grain),
        },
    )
    inside = happened.filter(happened[AT].between(window[0], window[1] - 1))
    if services:
        inside = inside.filter(inside[SERVICE].isin(services))
    return Journeys(inside.semi_join(cases, CASE), cases, grain, setting.tie, window)


def journeys_of_log(engine: Engine, log: ir.Table, analysis: Analysis) -> Journeys:
    """The journeys of a log of one's own, as `managing.logs.read_log` reads it; a case's group is that of its first event."""
    happened = log.select(
        **{CASE: log.case, ROW: log.row, SERVICE: log.activity, AT: log.time, UNTIL: ibis.null("int64")},
        told_=log.group,
    )
    bounds = engine.only_row(happened.aggregate(first=happened[AT].min(), last=happened[AT].max()))
    window = (
        _micros(analysis.first_day, cast("int", bounds["first"])),
        _micros(analysis.last_day and analysis.last_day + _DAY, cast("int", bounds["last"]) + 1),
    )
    inside = happened.filter(happened[AT].between(window[0], window[1] - 1))
    if analysis.services:
        inside = inside.filter(inside[SERVICE].isin(analysis.services))
    place = ibis.row_number().over(group_by=inside[CASE], order_by=[inside[AT], inside[ROW]])
    placed = inside.mutate(place_=place)
    first = placed.filter(placed.place_ == 0)
    cases = first.select(
        **{
            CASE: first[CASE],
            UNIT: first[CASE],
            GROUP: _group_called(first.told_, analysis.setting.groups),
            BIRTH_YEAR: ibis.null("int64"),
            SINCE: ibis.literal(window[0], type="int64"),
            LEFT: ibis.literal(window[1], type="int64"),
        }
    )
    return Journeys(inside.drop("told_"), cases, Grain.MICROSECOND, analysis.setting.tie, window)


def _micros(day: datetime.date | None, otherwise: int) -> int:
    return otherwise if day is None else (day - _EPOCH).days * 86_400_000_000


def _asked_of_persons(analysis: Analysis) -> tuple[str, ...]:
    by_household = CustomerKind.HOUSEHOLD in (analysis.setting.case, analysis.setting.unit)
    groups = (analysis.setting.groups.field,) if analysis.setting.groups else ()
    return ("person", *groups, *(("household",) if by_household else ()))


def _key(persons: ir.Table, kind: CustomerKind) -> ir.Value:
    """Whose journey it is; a person without a household is one alone."""
    if kind is CustomerKind.HOUSEHOLD:
        return ibis.coalesce(persons.household, persons.person)
    return persons.person


def _cases(persons: ir.Table, setting: Setting, grain: Grain, window: tuple[int, int]) -> ir.Table:
    """The cases: persons as they are, households by their first member, resident while any member is."""
    given = persons.mutate(
        **{
            CASE: _key(persons, setting.case),
            UNIT: _key(persons, setting.unit),
            GROUP: _gathered(persons, setting.groups),
            BIRTH_YEAR: _or_missing(persons, BIRTH_YEAR),
            SINCE: _resident(persons, "resident_from", grain, window[0]),
            LEFT: _resident(persons, "resident_to", grain, window[1]),
        }
    )
    if setting.case is CustomerKind.PERSON:
        return given
    first = ibis.row_number().over(group_by=given[CASE], order_by=[given[BIRTH_YEAR], given.person])
    whole = ibis.window(group_by=given[CASE])
    spanned = given.mutate(first_=first, **{SINCE: given[SINCE].min().over(whole), LEFT: given[LEFT].max().over(whole)})
    return spanned.filter(spanned.first_ == 0).drop("first_")


def _gathered(persons: ir.Table, groups: Groups | None) -> ir.Value:
    return ibis.null("string") if groups is None else _group_called(persons[groups.field], groups)


def _group_called(column: ir.Value, groups: Groups | None) -> ir.Value:
    if groups is None:
        return ibis.null("string")
    value = column.cast("string")
    return ibis.cases(*((value.isin(values), name) for name, values in groups.values.items()))


def _or_missing(table: ir.Table, name: str) -> ir.Value:
    return table[name].cast("int64") if name in table.columns else ibis.null("int64")


def _resident(persons: ir.Table, name: str, grain: Grain, bound: int) -> ir.Value:
    """The tick of moving, or the window's end where none is told; moves beyond the window are cut at it."""
    if name not in persons.columns:
        return ibis.literal(bound, type="int64")
    ticks = _ticks(persons[name], grain)
    return ticks.fill_null(bound)


def _ends(events: ir.Table, grain: Grain) -> ir.Value:
    return _ticks(events["end"], grain) if "end" in events.columns else ibis.null("int64")


def _ticks(day: ir.Value, grain: Grain) -> ir.IntegerValue:
    date = cast("ir.DateValue", day)
    if grain is Grain.MONTH:
        return date.year().cast("int64") * 12 + date.month().cast("int64") - 1
    return (date.cast("timestamp").epoch_seconds().cast("int64") / 86_400).cast("int64")


def _grain(release: Release) -> Grain:
    """How finely the release tells when events started: what its dictionary says of the field."""
    fields = cast("Mapping[str, Mapping[str, object]]", release.tables["events"]["fields"])
    return Grain.MONTH if "month" in str(_made_by(fields, "start")) else Grain.DAY


def _made_by(fields: object, name: str) -> object:
    entries = fields.values() if isinstance(fields, Mapping) else cast("list[Mapping[str, object]]", fields)
    return next((entry.get("made_by") for entry in entries if entry.get("name") == name), "")


def _window(release: Release, analysis: Analysis, grain: Grain) -> tuple[int, int]:
    days = [datetime.date.fromisoformat(str(release.manifest.content[key])) for key in ("from", "to")]
    first, last = analysis.first_day or days[0], analysis.last_day or days[1]
    if not days[0] <= first <= last <= days[1]:
        raise Unfit(
            f"The analysis asks for {first} to {last}; the release tells of {days[0]} to {days[1]}.",
            reason="period_outside",
        )
    return window_of(first, last, grain)


def window_of(first: datetime.date, last: datetime.date, grain: Grain) -> tuple[int, int]:
    """The first tick of a period, and the tick after its last one."""
    if grain is Grain.MONTH:
        return first.year * 12 + first.month - 1, last.year * 12 + last.month
    return (first - _EPOCH).days, (last - _EPOCH).days + 1


def _check_columns(table: ir.Table, names: tuple[str, ...]) -> None:
    missing = [name for name in names if name not in table.columns]
    if missing:
        listed = ", ".join(cast("tuple[str, ...]", table.columns))
        raise Unfit(f"The release has no field '{missing[0]}'; it has {listed}.", reason="field_unknown")
