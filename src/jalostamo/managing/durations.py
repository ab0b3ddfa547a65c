"""Reading one's own table of times to an event: how long each row was followed, how that ended, and in which group.

Rows that are alike are counted at once, so that what is handed on is as long as the times are many, not the rows.

Handbook 2.2 (retrieving the data).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
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
from jalostamo.managing.every_row import every_row
from jalostamo.managing.faulty_rows import quoted, told_of_rows
from jalostamo.managing.reading import LINES_SHOWN, WAYS

HIGHEST_STATUS: Final = 999_999_999
_NUMBER: Final = r"^-?([0-9]+([.][0-9]*)?|[.][0-9]+)([eE][+-]?[0-9]{1,3})?$"
_WHOLE: Final = r"^[0-9]{1,9}([.]0+)?$"
_FAULT: Final = "fault_"
_FAULTS: Final = {
    "time_missing": "has no time",
    "time_unreadable": "has a time that is not a number",
    "time_negative": "has a time below 0",
    "status_missing": "has no status",
    "status_unreadable": "has a status that is not a whole number from 0",
}


@dataclass(frozen=True, slots=True)
class DurationColumns:
    """Which columns of a table tell the time followed, the status at its end, and the group."""

    time: str
    status: str
    group: str | None = None

    def __post_init__(self) -> None:
        if self.time == self.status:
            raise Misused("--time and --status name one column: name two.", reason="columns_same")

    @property
    def asked(self) -> tuple[str, ...]:
        """Every column that is read, once each."""
        groups = () if self.group is None else (self.group,)
        return tuple(dict.fromkeys((self.time, self.status, *groups)))


@dataclass(frozen=True, slots=True)
class _Recorded:
    """The asked columns of a table as they stand in it, numbered in file order, and how to tell where a row stands."""

    file: str
    table: ir.Table
    rows: int
    place: str
    places_of: Callable[[Sequence[int]], Sequence[int]]


def read_durations(engine: Engine, path: Path, writing: Writing, columns: DurationColumns) -> ir.Table:
    """The rows of a table, alike ones counted: time (a number from 0), status (whole, from 0), group (text), n."""
    if engine.name == "duckdb":
        return _read(engine, path, writing, columns)
    # Only the embedded engine knows the order of a file's rows; it hands their counts on.
    handed_on = engine.workspace / f"{engine.fresh_name()}.parquet"
    with open_engine(workspace=engine.workspace) as embedded:
        embedded.write_parquet(_read(embedded, path, writing, columns), handed_on)
    return engine.read_parquet(handed_on)


def check_named_as_table(path: Path) -> None:
    """Refuse a file that is not named as a table."""
    if path.suffix.lower() not in _READERS:
        raise Misused(f"{path.name} is not named as a table: expected {' or '.join(_READERS)}.", reason="table_kind")


def _read(engine: Engine, path: Path, writing: Writing, columns: DurationColumns) -> ir.Table:
    check_named_as_table(path)
    recorded = _READERS[path.suffix.lower()](engine, path, writing, columns.asked)
    if not recorded.rows:
        raise Unfit(f"{recorded.file} has no row: ask its owner for the table.", reason="file_without_records")
    written = _as_written(recorded, columns)
    alike = written.group_by(["time", "status", "group"]).agg(n=written.count())
    with whole(path):
        # Rows that are written alike are counted first: a few thousand times are judged, not every row.
        counted = engine.keep(_judged(alike, "n"))
        _refuse_faulty(engine, counted, written, recorded)
    return counted.drop(_FAULT)


def _read_csv(engine: Engine, path: Path, writing: Writing, asked: Sequence[str]) -> _Recorded:
    header = header_of(path, writing)
    _check_columns(header, asked, f"{path.name}, line 1")

    def told(turned: TurnedAway) -> str:
        return f"{told_of_rows((path.name, 'line'), turned.first_lines, turned.records, kind='row')} {WAYS[turned.reason]}."

    read = every_row(engine, path, writing, header=header, kept=asked, told=told)
    return _Recorded(path.name, read.table, read.records, "line", read.lines_of)


def _read_parquet(engine: Engine, path: Path, _writing: Writing, asked: Sequence[str]) -> _Recorded:
    _check_columns(parquet_header(path, kept=asked), asked, path.name)
    rows = pyarrow.parquet.read_metadata(path).num_rows
    return _Recorded(path.name, read_parquet_records(engine, path), rows, "row", lambda records: records)


_READERS: Final = {".csv": _read_csv, ".parquet": _read_parquet}


def _check_columns(header: Sequence[str], asked: Sequence[str], place: str) -> None:
    missing = [column for column in asked if column not in header]
    if missing:
        # The first line may be a row and no header: what it holds is repeated only where a column of it was named.
        there = (
            f"there is {quoted(header)}"
            if len(missing) < len(asked)
            else "perhaps there is no header, or another delimiter"
        )
        raise Unfit(f"{place}: no column {quoted(missing)}; {there}.", reason="column_missing")
    # The engine does not tell capital letters from small ones in names.
    names = [name.casefold() for name in header]
    doubled = [column for column in asked if names.count(column.casefold()) > 1 or column.casefold() == RECORD]
    if doubled:
        raise Unfit(
            f"{place}: {quoted(doubled)} stands more than once, capital letters aside, or is a name of the product's own: "
            "every column needs its own name.",
            reason="column_doubled",
        )


def _as_written(recorded: _Recorded, columns: DurationColumns) -> ir.Table:
    """The asked columns under names of ours, an empty text missing, beside the numbers of their rows."""
    table = recorded.table
    named = {"time": columns.time, "status": columns.status}
    values = {name: _numeric(table[column], column, recorded.file) for name, column in named.items()}
    group = ibis.null("string") if columns.group is None else table[columns.group].cast("string").nullif("")
    return table.select(table[RECORD], **values, group=group)


def _numeric(found: ir.Value, column: str, file: str) -> ir.Value:
    if found.type().is_string():
        return found.nullif("")
    if found.type().is_null():
        return found.cast("string")
    if not found.type().is_numeric():
        raise Unfit(f"{file}: column '{column}' holds neither numbers nor texts of them.", reason="column_type")
    return found


def _judged(written: ir.Table, kept: str) -> ir.Table:
    """The times, statuses and groups that rows tell, beside the column `kept`; what is wrong with a row as its fault."""
    time, status = _number(written.time, _NUMBER), _number(written.status, _WHOLE)
    fault = ibis.cases(
        (written.time.isnull(), "time_missing"),
        (time.isnull() | time.isnan() | time.isinf(), "time_unreadable"),
        (time < 0, "time_negative"),
        (written.status.isnull(), "status_missing"),
        (status.isnull() | status.isnan() | ~status.between(0, HIGHEST_STATUS), "status_unreadable"),
        (status != status.floor(), "status_unreadable"),
    )
    fit = fault.isnull()
    return written.select(
        written[kept],
        # A time of -0 is 0.
        time=fit.ifelse(time.abs(), ibis.null("float64")),
        status=fit.ifelse(status, ibis.null("float64")).cast("int64"),
        group=written.group,
        **{_FAULT: fault},
    )


def _number(written: ir.Value, form: str) -> ir.FloatingValue:
    """The number that a value tells, missing where it tells none of that form."""
    if not written.type().is_string():
        return cast("ir.FloatingValue", written.cast("float64"))
    text = cast("ir.StringValue", written)
    number = text.re_search(form).ifelse(text, ibis.null("string")).try_cast("float64")
    return cast("ir.FloatingValue", number)


def _refuse_faulty(engine: Engine, counted: ir.Table, written: ir.Table, recorded: _Recorded) -> None:
    faulty = counted.filter(counted[_FAULT].notnull())
    counts = {row[_FAULT]: cast("int", row["n"]) for row in engine.rows(faulty.group_by(_FAULT).agg(n=faulty.n.sum()))}
    found = [fault for fault in _FAULTS if fault in counts]
    if not found:
        return
    judged, sentences = _judged(written, RECORD), []
    for fault in found:
        of_it = judged.filter(judged[_FAULT] == fault).select(RECORD)
        first = [cast("int", row[RECORD]) for row in engine.rows(of_it.order_by(RECORD).limit(LINES_SHOWN))]
        places = recorded.places_of(first)
        sentences.append(
            f"{told_of_rows((recorded.file, recorded.place), places, counts[fault], kind='row')} {_FAULTS[fault]}."
        )
    raise Unfit(" ".join(sentences), reason=found[0])
