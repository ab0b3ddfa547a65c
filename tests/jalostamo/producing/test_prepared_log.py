"""A prepared log that was written gives the paths of its source, and says of itself how it was made."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet
import pytest
from tests.jalostamo.producing.naive_paths import Event, naive_paths
from tests.jalostamo.producing.test_paths import EVENTS

from jalostamo.concepts.errors import Misused, Unfit
from jalostamo.engine.connection import Engine, open_engine
from jalostamo.producing.log_files import Origin, open_log, write_log
from jalostamo.producing.paths import paths_of
from jalostamo.producing.prepared_log import Tie, prepare
from jalostamo.producing.step_maps import step_map_of

ORIGIN = Origin(source="0" * 64, timezone="Europe/Helsinki")
# Few services and times: every case takes the same step again, and half of its neighbours are tied.
MANY = [
    Event(f"c{n * 7 % 40}", "ABCÄ'"[n * n % 11 % 5], n * n % 17 * 333_333, n, ("x", "y", None)[n % 3])
    for n in range(1, 600)
]


@pytest.fixture(scope="module")
def duckdb(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Engine]:
    """The embedded engine."""
    with open_engine(workspace=tmp_path_factory.mktemp("engine")) as opened:
        yield opened


def write(engine: Engine, path: Path, tie: Tie) -> None:
    """Write the log of many ties, its events in no order."""
    events = pa.Table.from_pylist([event._asdict() for event in reversed(MANY)], schema=EVENTS)
    log = prepare(engine, engine.in_memory(events), tie=tie, attributes=["group"])
    write_log(engine, log, path, origin=ORIGIN)


@pytest.mark.parametrize("tie", Tie)
def test_a_written_log_gives_the_paths_of_its_source(duckdb: Engine, tie: Tie, tmp_path: Path) -> None:
    write(duckdb, tmp_path / "log.parquet", tie)
    log, origin = open_log(duckdb, tmp_path / "log.parquet")
    assert (log.tie, origin) == (tie, ORIGIN)
    expected = naive_paths(MANY, tie=tie, grouped=True)
    assert paths_of(duckdb, log, group="group").as_mapping() == expected
    found = step_map_of(duckdb, log)
    assert [edge.as_mapping() for edge in found.edges] == expected["edges"]


def test_a_written_log_is_sorted_with_cases_numbered_by_their_first_row(duckdb: Engine, tmp_path: Path) -> None:
    write(duckdb, tmp_path / "log.parquet", Tie.ROW)
    rows = pyarrow.parquet.read_table(tmp_path / "log.parquet").to_pylist()
    cases = list(dict.fromkeys(event.case for event in MANY))
    ordered = sorted(MANY, key=lambda event: (cases.index(event.case), event.time, event.row))
    assert [(row["case"], row["time"], row["row"], row["at_group"]) for row in rows] == [
        (cases.index(event.case), event.time, event.row, event.group) for event in ordered
    ]


def test_the_same_log_gives_the_same_bytes_and_replaces_nothing_unasked(duckdb: Engine, tmp_path: Path) -> None:
    for name in ("one.parquet", "other.parquet"):
        write(duckdb, tmp_path / name, Tie.ROW)
    assert (tmp_path / "one.parquet").read_bytes() == (tmp_path / "other.parquet").read_bytes()
    with pytest.raises(Misused):
        write(duckdb, tmp_path / "one.parquet", Tie.ROW)


@pytest.mark.parametrize("content", [b"", b"PAR1"], ids=["empty", "cut"])
def test_a_file_that_is_no_prepared_log_is_refused(content: bytes, duckdb: Engine, tmp_path: Path) -> None:
    (tmp_path / "log.parquet").write_bytes(content)
    pyarrow.parquet.write_table(pa.table({"case": [1]}), tmp_path / "other.parquet")
    for name in ("log.parquet", "other.parquet"):
        with pytest.raises(Unfit, match="no prepared log"):
            open_log(duckdb, tmp_path / name)


@pytest.mark.spark
# PySpark leaves sockets to be closed by chance.
@pytest.mark.deep
@pytest.mark.filterwarnings("ignore:unclosed <socket:ResourceWarning")
def test_a_log_that_spark_prepared_is_the_same_to_the_byte(
    duckdb: Engine, tmp_path: Path, tmp_path_factory: pytest.TempPathFactory
) -> None:
    write(duckdb, tmp_path / "here.parquet", Tie.ROW)
    with open_engine("local[2]", workspace=tmp_path_factory.mktemp("spark")) as spark:
        write(spark, tmp_path / "there.parquet", Tie.ROW)
        log, _ = open_log(spark, tmp_path / "there.parquet")
        assert paths_of(spark, log).as_mapping() == naive_paths(MANY, tie="row", grouped=False)
    assert (tmp_path / "here.parquet").read_bytes() == (tmp_path / "there.parquet").read_bytes()
