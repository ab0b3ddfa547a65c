"""Reading one's own event log into events that paths can be made of: who, what, when, and where in the file.

Unlike a register, a log has no description: its columns are named as it is asked for, and an event that lacks one
of them, or has no time, stops the reading.

Handbook 2.2 (retrieving the data).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path
from typing import Final, cast

import ibis
import ibis.expr.types as ir
import pyarrow.parquet

from jalostamo.concepts.errors import Misused, Unfit
from jalostamo.concepts.writings import Writing
from jalostamo.engine.columnar import parquet_header, read_parquet_records, whole
from jalostamo.engine.connection import Engine, open_engine
from jalostamo.engine.intake import RECORD, TurnedAway, header_of
from jalostamo.engine.moments import day_as_written, microseconds, moment_in
from jalostamo.managing.every_row import every_row
from jalostamo.managing.faulty_rows import quoted, told_of_rows
from jalostamo.managing.reading import LINES_SHOWN, WAYS
from jalostamo.managing.xes import LINE, write_events

_FAULT: Final = "fault_"
_FAULTS: Final = {
    "case_missing": "has no case",
    "activity_missing": "has no activity",
    "time_missing": "has no time",
    "time_unreadable": "has a time that is not written as declared",
}


@dataclass(frozen=True, slots=True)
class LogColumns:
    """Which columns of a log tell the case, the activity and the time, and which events are asked for.

    `filters` are pairs of a column and the value it must have, recorded as text; an empty value asks for a missing one.
    """

    case: str
    activity: str
    time: str
    group: str | None = None
    filters: tuple[tuple[str, str], ...] = ()

    @property
    def asked(self) -> tuple[str, ...]:
        """Every column that is read, once each."""
        groups = () if self.group is None else (self.group,)
        filtered = (column for column, _ in self.filters)
        return tuple(dict.fromkeys((self.case, self.activity, self.time, *groups, *filtered)))


@dataclass(frozen=True, slots=True)
class LogFile:
    """A log's file and how it is written: its delimited text, and the strptime form of times (ISO 8601 where None)."""

    path: Path
    text: Writing = field(default_factory=Writing)
    time_format: str | None = None


@dataclass(frozen=True, slots=True)
class _Recorded:
    """The asked columns of a log as they stand in it, numbered in file order, and how to tell where a record stands."""

    file: str
    table: ir.Table
    events: int
    place: str
    places_of: Callable[[Sequence[int]], Sequence[int]]


class Days(StrEnum):
    """What an event's day is: the date as it is written in the log, or the date by the clocks of the declared zone."""

    AS_WRITTEN = "as_written"
    IN_ZONE = "in_zone"


@dataclass(frozen=True, slots=True)
class _Clock:
    """How times are written, and by which clocks those without an offset are."""

    form: str | None
    timezone: str


def read_log(engine: Engine, log: LogFile, columns: LogColumns, *, days: Days | None = None) -> ir.Table:
    """The events of a log that meet the filters: case, activity, time (microseconds from 1970, UTC), row, group.

    `row` is the event's place in the file. Events that the filters leave out are not looked at. With `days` there is
    also `day`, in days from 1970; a time that is stored with a zone has no other writing than the declared zone's.
    """
    if engine.name == "duckdb":
        return _read(engine, log, columns, days=days)
    # Only the embedded engine knows the order of a file's rows; it hands them on.
    handed_on = engine.workspace / f"{engine.fresh_name()}.parquet"
    with open_engine(workspace=engine.workspace, timezone=log.text.timezone) as embedded:
        embedded.write_parquet(_read(embedded, log, columns, days=days), handed_on)
    return engine.read_parquet(handed_on)


def events_told(records: ir.Table, log: LogFile, columns: LogColumns) -> ir.Table:
    """The events that records of a log tell, as `read_log` gives them, without looking for those that lack something."""
    wanted = _met(records, columns.filters)
    judged = _judged(wanted, columns, _Clock(log.time_format, log.text.timezone), days=None)
    return judged.select("case", "activity", "time", "row", "group")


def kind_of(path: Path) -> str:
    """The kind of log that a file's name tells: .csv, .parquet, .xes or .xes.gz."""
    name = path.name.lower()
    for kind in _READERS:
        if name.endswith(kind):
            return kind
    raise Misused(f"{path.name} is not named as a log: expected {', '.join(_READERS)}.", reason="log_kind")


def _read(engine: Engine, log: LogFile, columns: LogColumns, *, days: Days | None) -> ir.Table:
    recorded = _READERS[kind_of(log.path)](engine, log, columns)
    if not recorded.events:
        raise Unfit(f"{recorded.file} has no event: ask its owner for the log.", reason="file_without_records")
    wanted = _met(recorded.table, columns.filters)
    judged = _judged(wanted, columns, _Clock(log.time_format, engine.timezone), days=days)
    with whole(log.path):
        # Columns of a Parquet file are read again in less time and memory than are taken by keeping them; texts are not.
        if kind_of(log.path) != ".parquet" or wanted[columns.time].type().is_string():
            judged = engine.keep(judged)
        _refuse_faulty(engine, judged, recorded)
    return judged.drop(_FAULT)


def _read_csv(engine: Engine, log: LogFile, columns: LogColumns) -> _Recorded:
    file = log.path.name
    header = header_of(log.path, log.text)
    _check_columns(header, columns.asked, f"{file}, line 1")

    def told(turned: TurnedAway) -> str:
        return (
            f"{told_of_rows((file, 'line'), turned.first_lines, turned.records, kind='event')} {WAYS[turned.reason]}."
        )

    read = every_row(engine, log.path, log.text, header=header, kept=columns.asked, told=told, rows="records")
    return _Recorded(file, read.table, read.records, "line", read.lines_of)


def _read_parquet(engine: Engine, log: LogFile, columns: LogColumns) -> _Recorded:
    _check_columns(parquet_header(log.path, kept=columns.asked), columns.asked, log.path.name)
    rows = pyarrow.parquet.read_metadata(log.path).num_rows
    return _Recorded(log.path.name, read_parquet_records(engine, log.path), rows, "row", lambda records: records)


def _read_xes(engine: Engine, log: LogFile, columns: LogColumns) -> _Recorded:
    target = engine.workspace / f"{engine.fresh_name()}.parquet"
    found = write_events(log.path, target, kept=columns.asked)
    _check_columns(sorted(found), columns.asked, log.path.name)
    table = engine.read_parquet(target)

    def lines(records: Sequence[int]) -> Sequence[int]:
        rows = engine.rows(table.filter(table[RECORD].isin(records)).select(LINE).order_by(LINE))
        return [cast("int", row[LINE]) for row in rows]

    return _Recorded(log.path.name, table, pyarrow.parquet.read_metadata(target).num_rows, "line", lines)


_READERS: Final[dict[str, Callable[[Engine, LogFile, LogColumns], _Recorded]]] = {
    ".csv": _read_csv,
    ".parquet": _read_parquet,
    ".xes": _read_xes,
    ".xes.gz": _read_xes,
}


def _check_columns(header: Sequence[str], asked: Sequence[str], place: str) -> None:
    missing = [column for column in asked if column not in header]
    if missing and len(missing) == len(asked):
        # This may be a record and no header: what it holds is not repeated.
        raise Unfit(
            f"{place}: none of the columns {quoted(missing)} is there; is there a header, and is the delimiter right?",
            reason="column_missing",
        )
    if missing:
        raise Unfit(f"{place}: no column {quoted(missing)}; there is {quoted(header)}.", reason="column_missing")
    reserved = {RECORD, LINE} & {column.casefold() for column in asked}
    if reserved:
        raise Unfit(
            f"{place}: {quoted(reserved)} cannot be read: the product's own is called so.", reason="column_name"
        )
    # The engine does not tell capital letters from small ones in names.
    times = Counter(name.casefold() for name in header)
    doubled = [column for column in asked if times[column.casefold()] > 1]
    if doubled:
        raise Unfit(
            f"{place}: {quoted(doubled)} stands {times[doubled[0].casefold()]} times, capital letters aside: "
            "every column needs its own name.",
            reason="column_doubled",
        )


def _met(table: ir.Table, filters: Sequence[tuple[str, str]]) -> ir.Table:
    for column, value in filters:
        recorded = _text(table[column])
        table = table.filter(recorded == value if value else recorded.isnull())
    return table


def _judged(table: ir.Table, columns: LogColumns, clock: _Clock, *, days: Days | None) -> ir.Table:
    case, activity, written = _text(table[columns.case]), _text(table[columns.activity]), table[columns.time]
    moment = _moment(written, clock, columns.time)
    faults = [(case.isnull(), "case_missing"), (activity.isnull(), "activity_missing")]
    if written.type().is_string():
        faults += [(written.nullif("").isnull(), "time_missing"), (moment.isnull(), "time_unreadable")]
    else:
        faults += [(written.isnull(), "time_missing")]
    group = ibis.null("string") if columns.group is None else _text(table[columns.group])
    day = {} if days is None else {"day": _day(written, moment, clock.form, days=days)}
    return table.select(
        case=case,
        activity=activity,
        time=microseconds(moment),
        row=table[RECORD],
        group=group,
        **day,
        **{_FAULT: ibis.cases(*faults)},
    )


def _text(column: ir.Value) -> ir.StringValue:
    return cast("ir.StringValue", column.cast("string")).nullif("")


def _moment(written: ir.Value, clock: _Clock, column: str) -> ir.Value:
    kind = written.type()
    if kind.is_string():
        return moment_in(cast("ir.StringValue", written), clock.form)
    if not (kind.is_timestamp() or kind.is_date()):
        raise Unfit(f"Column '{column}' holds neither times nor texts: it cannot tell the time.", reason="column_type")
    if kind.is_timestamp() and kind.timezone:
        return written
    # A date too is a local midnight first: DuckDB 1.5 sorts dates that are cast at once by midnights of another zone.
    local = written.cast("timestamp")
    # Looking up what clocks show takes half of the reading, and is no question in this zone.
    return local if clock.timezone == "UTC" else local.cast("timestamp('UTC')")


def _day(written: ir.Value, moment: ir.Value, form: str | None, *, days: Days) -> ir.IntegerValue:
    if written.type().is_date():
        day = written
    elif written.type().is_timestamp():
        # Without a zone as it stands; with one, by the clocks of the engine's.
        day = written.date()
    else:
        in_zone = moment.date()
        day = in_zone if days is Days.IN_ZONE else ibis.coalesce(day_as_written(written, form), in_zone)
    return day.epoch_days().cast("int32")


def _refuse_faulty(engine: Engine, judged: ir.Table, recorded: _Recorded) -> None:
    faulty = judged.filter(judged[_FAULT].notnull())
    counts = {row[_FAULT]: cast("int", row["n"]) for row in engine.rows(faulty.group_by(_FAULT).agg(n=faulty.count()))}
    found = [fault for fault in _FAULTS if fault in counts]
    if not found:
        return
    sentences = []
    for fault in found:
        first = engine.rows(faulty.filter(faulty[_FAULT] == fault).select("row").order_by("row").limit(LINES_SHOWN))
        places = recorded.places_of([cast("int", row["row"]) for row in first])
        sentences.append(
            f"{told_of_rows((recorded.file, recorded.place), places, counts[fault], kind='event')} {_FAULTS[fault]}."
        )
    raise Unfit(" ".join(sentences), reason=found[0])
