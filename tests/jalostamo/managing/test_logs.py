"""One's own log becomes events, the same from every kind of file; what is wrong in it is told by place and count."""

from __future__ import annotations

import gzip
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta, timezone
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet
import pytest

from jalostamo.concepts.errors import Misused, Unfit
from jalostamo.concepts.writings import Writing
from jalostamo.engine.connection import Engine, open_engine
from jalostamo.managing.logs import LogColumns, LogFile, kind_of, read_log

COLUMNS = LogColumns("client", "service", "start", group="language")
SECRET = "010190-900A"  # what must never be repeated: an artificial code


@pytest.fixture(scope="module")
def engine(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Engine]:
    """An embedded engine whose local times are UTC's."""
    with open_engine(workspace=tmp_path_factory.mktemp("engine")) as opened:
        yield opened


def csv_log(folder: Path, text: str, *, encoding: str = "utf-8") -> Path:
    """Write a log as delimited text."""
    path = folder / "log.csv"
    path.write_bytes(text.encode(encoding))
    return path


def parquet_log(folder: Path, **columns: object) -> Path:
    """Write a log as Parquet."""
    path = folder / "log.parquet"
    pyarrow.parquet.write_table(pa.table(columns), path)
    return path


def events(engine: Engine, log: Path | LogFile, columns: LogColumns = COLUMNS) -> list[tuple[object, ...]]:
    """Read a log and list its events in file order."""
    table = read_log(engine, log if isinstance(log, LogFile) else LogFile(log), columns)
    assert table.columns == ("case", "activity", "time", "row", "group")
    return [tuple(row.values()) for row in engine.rows(table.order_by("row"))]


def refusal(engine: Engine, log: Path, columns: LogColumns = COLUMNS) -> Unfit:
    """Read a log that is unfit and return what is said, which repeats nothing of what it holds."""
    with pytest.raises(Unfit) as refused:
        read_log(engine, LogFile(log), columns)
    assert SECRET not in refused.value.sentence
    return refused.value


def microseconds(moment: datetime) -> int:
    """A time as events tell it."""
    return (moment - datetime(1970, 1, 1, tzinfo=UTC)) // timedelta(microseconds=1)


NOON = microseconds(datetime(2024, 5, 1, 12, tzinfo=UTC))


def test_events_stand_as_they_do_in_the_file(engine: Engine, tmp_path: Path) -> None:
    log = csv_log(
        tmp_path, "service,client,note,start,language\nB,2,x,2024-05-01T12:00:00Z,fi\nA,1,,2024-05-01 12:00,\n"
    )
    assert events(engine, log) == [("2", "B", NOON, 1, "fi"), ("1", "A", NOON, 2, None)]


def test_another_writing_is_read_as_declared(engine: Engine, tmp_path: Path) -> None:
    text = "client;service;start;language\r\n1;Perhetyö;1.5.2024 12.00;fi\r\n"
    path = csv_log(tmp_path, text, encoding="iso-8859-1")
    log = LogFile(path, Writing(delimiter=";", encoding="iso-8859-1"), time_format="%d.%m.%Y %H.%M")
    assert events(engine, log) == [("1", "Perhetyö", NOON, 1, "fi")]


def test_times_keep_their_microseconds(engine: Engine, tmp_path: Path) -> None:
    log = csv_log(tmp_path, "client,service,start,language\n1,A,2024-05-01T12:00:00.000001Z,\n")
    assert [event[2] for event in events(engine, log)] == [NOON + 1]


def test_local_times_are_read_in_the_declared_zone(tmp_path: Path) -> None:
    log = csv_log(tmp_path, "client,service,start,language\n1,A,2024-05-01 15:00,\n1,A,2024-05-01T12:00:00+00:00,\n")
    with open_engine(workspace=tmp_path, timezone="Europe/Helsinki") as helsinki:
        assert [event[2] for event in events(helsinki, log)] == [NOON, NOON]


@pytest.mark.parametrize(
    "times",
    [
        pa.array(["2024-05-01T15:00:00"]).cast(pa.timestamp("us")),
        pa.array(["2024-05-01T15:00:00"]).cast(pa.timestamp("ns")),
        pa.array([datetime(2024, 5, 1, 12, tzinfo=UTC)], pa.timestamp("ms", "America/Lima")),
        pa.array(["2024-05-01T12:00Z"]),
    ],
    ids=["local", "nanoseconds", "zoned", "text"],
)
def test_times_of_a_parquet_file_are_read_by_their_type(times: pa.Array, tmp_path: Path) -> None:
    log = parquet_log(tmp_path, client=[1], service=["A"], start=times, language=["fi"])
    with open_engine(workspace=tmp_path, timezone="Europe/Helsinki") as helsinki:
        assert events(helsinki, log) == [("1", "A", NOON, 1, "fi")]


def test_a_date_is_the_local_midnight(tmp_path: Path) -> None:
    log = parquet_log(tmp_path, client=[1], service=["A"], start=[date(2024, 5, 1)], language=["fi"])
    midnight = microseconds(datetime(2024, 5, 1, tzinfo=timezone(timedelta(hours=3))))
    with open_engine(workspace=tmp_path, timezone="Europe/Helsinki") as helsinki:
        assert [event[2] for event in events(helsinki, log)] == [midnight]


def test_rows_of_a_large_parquet_file_are_numbered_in_file_order(engine: Engine, tmp_path: Path) -> None:
    names = [str(number) for number in range(300_000)]
    log = tmp_path / "log.parquet"
    table = pa.table({"client": names, "service": names, "start": ["2024-05-01"] * len(names), "language": names})
    pyarrow.parquet.write_table(table, log, row_group_size=7_000)
    read = read_log(engine, LogFile(log), COLUMNS)
    assert engine.only_row(read.agg(n=(read.case.cast("int64") + 1 == read.row).sum()))["n"] == len(names)


def test_a_parquet_file_may_have_a_column_called_like_the_engines_own(engine: Engine, tmp_path: Path) -> None:
    log = parquet_log(
        tmp_path, client=["1"], service=["A"], start=["2024-05-01T12:00"], language=["fi"], file_row_number=[7]
    )
    assert events(engine, log) == [("1", "A", NOON, 1, "fi")]


FILTERED = "client,service,start,language,state\n1,A,2024-05-01,fi,done\n2,B,2024-05-01,sv,done\n3,C,2024-05-01,fi,\n"


@pytest.mark.parametrize(
    ("filters", "cases"),
    [
        ([("state", "done")], ["1", "2"]),
        ([("state", "done"), ("language", "fi")], ["1"]),
        ([("state", "done"), ("state", "open")], []),
        ([("state", "")], ["3"]),
        ([("client", "2")], ["2"]),
    ],
    ids=["one", "both-must-hold", "none-can", "missing", "a-column-read-anyway"],
)
def test_filters_choose_events(
    filters: list[tuple[str, str]], cases: list[str], engine: Engine, tmp_path: Path
) -> None:
    columns = LogColumns("client", "service", "start", filters=tuple(filters))
    assert [event[0] for event in events(engine, csv_log(tmp_path, FILTERED), columns)] == cases


def test_events_that_the_filters_leave_out_are_not_looked_at(engine: Engine, tmp_path: Path) -> None:
    log = csv_log(tmp_path, f"client,service,start,state\n1,A,2024-05-01,done\n2,B,{SECRET},planned\n")
    columns = LogColumns("client", "service", "start", filters=(("state", "done"),))
    assert [event[0] for event in events(engine, log, columns)] == ["1"]


HEADER = "client,service,start,language\n"
SOUND = f"{SECRET},A,2024-05-01,fi\n"


@pytest.mark.parametrize(
    ("record", "reason", "said"),
    [
        (",A,2024-05-01,fi\n", "case_missing", "has no case"),
        (f"{SECRET},,2024-05-01,fi\n", "activity_missing", "has no activity"),
        (f'{SECRET},"",2024-05-01,fi\n', "activity_missing", "has no activity"),
        (f"{SECRET},A,,fi\n", "time_missing", "has no time"),
        (f"{SECRET},A,{SECRET},fi\n", "time_unreadable", "has a time that is not written as declared"),
        (f"{SECRET},A,2024-05-32,fi\n", "time_unreadable", "has a time that is not written as declared"),
    ],
    ids=["case", "activity", "activity-in-quotes", "time", "no-time-at-all", "no-such-day"],
)
def test_an_unfit_event_is_told_by_count_and_first_lines(
    record: str, reason: str, said: str, engine: Engine, tmp_path: Path
) -> None:
    unfit = refusal(engine, csv_log(tmp_path, HEADER + SOUND + record + SOUND + record * 3))
    assert unfit.reason == reason
    assert unfit.sentence == f"log.csv, lines 3, 5, 6 ... (4 events): the event {said}."


def test_every_kind_of_fault_is_told_at_once(engine: Engine, tmp_path: Path) -> None:
    unfit = refusal(engine, csv_log(tmp_path, f"{HEADER}1,A,{SECRET},fi\n,A,2024-05-01,fi\n"))
    assert "line 3 (1 event): the event has no case." in unfit.sentence
    assert "line 2 (1 event): the event has a time" in unfit.sentence


def test_lines_are_those_of_the_file_where_a_field_spans_several(engine: Engine, tmp_path: Path) -> None:
    log = csv_log(tmp_path, 'client,service,start,language\n1,"A\nB ""C""\n",2024-05-01,fi\n2,,2024-05-01,fi\n')
    assert "log.csv, line 5 (1 event):" in refusal(engine, log).sentence


def test_a_parquet_event_is_told_by_its_row(engine: Engine, tmp_path: Path) -> None:
    log = parquet_log(
        tmp_path, client=["1", ""], service=["A", "B"], start=["2024-05-01", "2024-05-01"], language=["fi", "fi"]
    )
    assert refusal(engine, log).sentence == "log.parquet, row 2 (1 event): the event has no case."


def test_a_missing_column_is_answered_with_those_that_exist(engine: Engine, tmp_path: Path) -> None:
    unfit = refusal(engine, csv_log(tmp_path, "client,service,start\n"))
    assert unfit.reason == "column_missing"
    assert "no column 'language'; there is 'client', 'service', 'start'" in unfit.sentence


def test_a_first_line_that_may_be_a_record_is_not_repeated(engine: Engine, tmp_path: Path) -> None:
    unfit = refusal(engine, csv_log(tmp_path, SOUND))
    assert "is there a header" in unfit.sentence


@pytest.mark.parametrize("second", ["start", "Start"])
def test_a_column_that_stands_twice_is_refused(second: str, engine: Engine, tmp_path: Path) -> None:
    unfit = refusal(
        engine, csv_log(tmp_path, f"client,service,start,{second},language\n1,A,2024-05-01,2024-05-02,fi\n")
    )
    assert unfit.reason == "column_doubled"
    assert "'start' stands 2 times" in unfit.sentence


@pytest.mark.parametrize(
    ("record", "reason"),
    [(f"{SECRET},A\n", "too_few_columns"), (f"{SECRET},A,2024-05-01,fi,fi\n", "too_many_columns")],
)
def test_a_record_of_another_form_is_told_by_its_line(record: str, reason: str, engine: Engine, tmp_path: Path) -> None:
    unfit = refusal(engine, csv_log(tmp_path, HEADER + SOUND + record + SOUND))
    assert unfit.reason == reason
    assert "log.csv, line 3" in unfit.sentence


def test_bytes_that_are_not_as_declared_are_told_by_their_line(engine: Engine, tmp_path: Path) -> None:
    unfit = refusal(engine, csv_log(tmp_path, f"{HEADER}1,Perhetyö,2024-05-01,fi\n", encoding="iso-8859-1"))
    assert unfit.reason == "encoding"


def test_a_log_without_events_is_unfit(engine: Engine, tmp_path: Path) -> None:
    assert refusal(engine, csv_log(tmp_path, HEADER)).reason == "file_without_records"


@pytest.mark.parametrize("kept", [0.0, 0.5, 0.99], ids=["empty", "half", "nearly-whole"])
def test_a_parquet_file_that_was_cut_is_unfit(kept: float, engine: Engine, tmp_path: Path) -> None:
    log = parquet_log(tmp_path, client=["1"], service=["A"], start=["2024-05-01"], language=["fi"])
    content = log.read_bytes()
    log.write_bytes(content[: int(len(content) * kept)])
    assert refusal(engine, log).reason == "file_form"


def test_a_parquet_file_that_was_damaged_inside_is_unfit(engine: Engine, tmp_path: Path) -> None:
    log = parquet_log(tmp_path, client=["1"], service=["A"], start=["2024-05-01"], language=["fi"])
    content = bytearray(log.read_bytes())
    content[4:60] = bytes(56)
    log.write_bytes(content)
    assert refusal(engine, log).reason == "file_form"


@pytest.mark.parametrize(
    "times", [[1714564800], [12.5], [True], [["2024-05-01"]]], ids=["number", "fraction", "truth", "list"]
)
def test_a_time_column_of_another_type_is_refused(times: list[object], engine: Engine, tmp_path: Path) -> None:
    log = parquet_log(tmp_path, client=["1"], service=["A"], start=times, language=["fi"])
    assert refusal(engine, log).reason == "column_type"


@pytest.mark.parametrize("name", ["log.txt", "log", "log.csv.gz", "xes"])
def test_a_file_of_another_kind_is_answered_with_those_that_are_read(name: str) -> None:
    with pytest.raises(Misused, match=r"\.csv, \.parquet, \.xes, \.xes\.gz"):
        kind_of(Path(name))


def test_capital_letters_in_a_files_ending_do_not_matter() -> None:
    assert [kind_of(Path(name)) for name in ("LOG.CSV", "log.Xes.Gz")] == [".csv", ".xes.gz"]


XES = """<log><trace><string key="concept:name" value="1"/><string key="language" value="fi"/>
<event><string key="concept:name" value="A"/><date key="time:timestamp" value="2024-05-01T15:00:00.000+03:00"/></event>
<event><string key="concept:name" value="B"/></event></trace></log>"""
OF_XES = LogColumns("case:concept:name", "concept:name", "time:timestamp", group="case:language")


def test_a_compressed_xes_log_tells_the_same_as_a_table(engine: Engine, tmp_path: Path) -> None:
    log = tmp_path / "log.xes.gz"
    log.write_bytes(gzip.compress(XES.replace('<event><string key="concept:name" value="B"/></event>', "").encode()))
    assert events(engine, log, OF_XES) == [("1", "A", NOON, 1, "fi")]


def test_an_unfit_event_of_a_xes_log_is_told_by_its_line(engine: Engine, tmp_path: Path) -> None:
    log = tmp_path / "log.xes"
    log.write_text(XES)
    assert refusal(engine, log, OF_XES).sentence == "log.xes, line 3 (1 event): the event has no time."


def test_a_missing_attribute_is_answered_with_those_that_exist(engine: Engine, tmp_path: Path) -> None:
    log = tmp_path / "log.xes"
    log.write_text(XES)
    unfit = refusal(engine, log, LogColumns("case:concept:name", "concept:name", "start"))
    assert "no column 'start'; there is 'case:concept:name', 'case:language', 'concept:name', 'time:timestamp'" in (
        unfit.sentence
    )
