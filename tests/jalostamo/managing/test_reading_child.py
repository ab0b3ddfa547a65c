"""Foreign files are read by another process: whatever becomes of it, there is one sentence, and the next table is read."""

from __future__ import annotations

import json
import os
import random
import signal
import stat
from collections.abc import Iterator
from pathlib import Path

import duckdb
import pyarrow as pa
import pyarrow.parquet
import pytest
from tests.jalostamo.managing.delivered import CODE_LISTS, SECRET, field, loaded, table, told

from jalostamo.concepts.errors import Misused, Unfit
from jalostamo.concepts.registers import FieldType, RegisterTable
from jalostamo.engine.connection import Engine, open_engine
from jalostamo.engine.sealing import Sealing, TableKey
from jalostamo.managing.reading import Reading
from jalostamo.managing.reading import reader as reader_module
from jalostamo.managing.reading.jobs import answer_in
from jalostamo.managing.reading.reader import Limits, Reader
from jalostamo.managing.reading.sources import open_records


@pytest.fixture(scope="module")
def engine(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Engine]:
    """An embedded engine."""
    with open_engine(workspace=tmp_path_factory.mktemp("engine")) as opened:
        yield opened


@pytest.fixture(scope="module")
def reader(engine: Engine) -> Reader:
    """A reader beside it."""
    return engine.company(Reader, lambda: Reader(engine.workspace))


def read(reader: Reader, engine: Engine, text: str, folder: Path, declared: RegisterTable | None = None) -> Reading:
    """Deliver a file and have it read."""
    asked = declared or table()
    (folder / asked.file).write_text(text, encoding="utf-8")
    return reader.read(engine, asked, folder, code_lists=CODE_LISTS)


def pid_of(reader: Reader) -> int:
    """The number of the reader's process."""
    assert reader._child is not None
    return reader._child.pid


def test_a_table_is_read_as_in_this_process(reader: Reader, engine: Engine, tmp_path: Path) -> None:
    reading = read(reader, engine, f"id,name\n1,a\n2\nx,{SECRET}\n3,b\n", tmp_path)
    assert loaded(engine, reading) == [{"id": 1, "name": "a"}, {"id": 3, "name": "b"}]
    assert told(reading) == [("too_few_columns", None, 1, (3,)), ("not_integer", "id", 1, (4,))]


def test_one_process_reads_one_table_after_the_other(reader: Reader, engine: Engine, tmp_path: Path) -> None:
    first = read(reader, engine, "id,name\n1,a\n", tmp_path)
    process = pid_of(reader)
    second = read(reader, engine, "id,name\n2,b\n", tmp_path)
    assert pid_of(reader) == process
    assert [*loaded(engine, first), *loaded(engine, second)] == [{"id": 1, "name": "a"}, {"id": 2, "name": "b"}]


def test_a_process_that_died_is_replaced(reader: Reader, engine: Engine, tmp_path: Path) -> None:
    read(reader, engine, "id,name\n1,a\n", tmp_path)
    dead = pid_of(reader)
    os.kill(dead, signal.SIGKILL)
    assert reader._child is not None
    reader._child.wait()
    assert read(reader, engine, "id,name\n1,a\n", tmp_path).loaded == 1
    assert pid_of(reader) != dead


@pytest.mark.parametrize(
    ("limits", "reason"),
    [
        (Limits(seconds=0, seconds_per_mib=0), "reading_limit"),
        (Limits(written=20_000, written_per_mib=0), "reading_limit"),
        # Without memory for itself it ends before it can tell of anything.
        (Limits(address_space=2**20, address_space_per_mib=0), "reading_gave_up"),
    ],
    ids=["time", "disk", "memory"],
)
def test_what_takes_more_than_it_may_is_refused_and_the_next_table_read(
    limits: Limits, reason: str, engine: Engine, tmp_path: Path
) -> None:
    reader = Reader(engine.workspace, limits=limits)
    with pytest.raises(Unfit) as refused:
        read(reader, engine, "id,name\n" + "".join(f"{n * n},{SECRET} {n}\n" for n in range(20_000)), tmp_path)
    assert refused.value.reason == reason
    assert SECRET not in refused.value.sentence
    reader.limits = Limits()
    assert read(reader, engine, "id,name\n1,a\n", tmp_path).loaded == 1
    reader.close()


def test_nothing_stays_of_a_table_that_was_refused(engine: Engine, tmp_path: Path) -> None:
    workspace = tmp_path / "workspace"
    workspace.mkdir()
    reader = Reader(workspace)
    with pytest.raises(Unfit):
        read(reader, engine, f"{SECRET}\n", tmp_path)
    reader.close()
    assert list(workspace.iterdir()) == []


def test_what_is_written_is_its_owners_alone(engine: Engine, tmp_path: Path) -> None:
    reader = Reader(tmp_path)
    read(reader, engine, "id,name\n1,a\n", tmp_path)
    reader.close()
    (written,) = tmp_path.rglob("typed.parquet")
    assert stat.S_IMODE(written.stat().st_mode) & 0o077 == 0


def test_a_missing_file_is_misuse(reader: Reader, engine: Engine, tmp_path: Path) -> None:
    with pytest.raises(Misused) as misused:
        reader.read(engine, table(), tmp_path, code_lists={})
    assert misused.value.reason == "file_missing"


def test_more_records_than_declared_are_refused(reader: Reader, engine: Engine, tmp_path: Path) -> None:
    declared = RegisterTable("p", "p.csv", (field("id", FieldType.INTEGER), field("name")), records_at_most=2)
    assert read(reader, engine, "id,name\n1,a\n2,b\n", tmp_path, declared).loaded == 2
    with pytest.raises(Unfit, match="3 records; its description says 2 at most") as refused:
        read(reader, engine, "id,name\n1,a\n2,b\nx,c\n", tmp_path, declared)
    assert refused.value.reason == "too_many_records"


GOOD = {
    "records": 2,
    "loaded": 1,
    "rejections": [{"reason": "missing", "field": "id", "records": 1, "first_lines": [2]}],
}
REJECTION = GOOD["rejections"][0]  # type: ignore[index]  # it is a list
NONSENSE: dict[str, object] = {
    "nothing": {},
    "no object": [],
    "a count below nothing": GOOD | {"records": -1},
    "a count in words": GOOD | {"records": "2"},
    "a count with decimals": GOOD | {"records": 2.5},
    "more than is asked": GOOD | {"value": SECRET},
    "an unknown reason": GOOD | {"rejections": [REJECTION | {"reason": SECRET}]},
    "an unknown field": GOOD | {"rejections": [REJECTION | {"field": SECRET}]},
    "too many lines": GOOD | {"rejections": [REJECTION | {"first_lines": [1, 2, 3, 4]}]},
    "a refusal without a sentence": GOOD | {"refused": "unfit", "reason": "a"},
    "a sentence without a refusal": GOOD | {"sentence": SECRET},
    "a refusal of another kind": {"refused": "broken", "reason": "a", "sentence": "a"},
    "a sentence that moves the cursor": {"refused": "unfit", "reason": "a", "sentence": "\x1b[2J"},
    "a long sentence": {"refused": "unfit", "reason": "a", "sentence": "a" * 2_001},
}


@pytest.mark.parametrize(
    "answer", [v for k, v in NONSENSE.items() if k != "nothing"], ids=[k for k in NONSENSE if k != "nothing"]
)
def test_an_answer_of_another_form_is_none(answer: object) -> None:
    assert answer_in(json.dumps(GOOD).encode(), table()) is not None
    assert answer_in(json.dumps(answer).encode(), table()) is None


@pytest.mark.parametrize("line", [b"", b"{", b"null", b"\xff", b"[" * 100_000])
def test_what_is_no_answer_is_none(line: bytes) -> None:
    assert answer_in(line, table()) is None


LIES = ["a row more", "another type", "a column more", "a link", "no Parquet", "plain", "another key", "nothing"]


@pytest.mark.parametrize("lie", LIES)
def test_a_file_that_is_not_what_was_answered_is_not_taken(lie: str, engine: Engine, tmp_path: Path) -> None:
    answer = answer_in(json.dumps({"records": 1, "loaded": 1}).encode(), table())
    assert answer is not None
    sound = pa.table({"record_": pa.array([1]), "id": pa.array([1]), "name": ["a"]})
    path, key = tmp_path / "typed.parquet", TableKey()
    Sealing(engine, key).write(engine.in_memory(sound), path)
    reader_module._check_extract(engine, path, table(), answer, key=key)
    lies = {
        "a row more": pa.concat_tables([sound, sound]),
        "another type": sound.set_column(1, "id", [["1"]]),
        "a column more": sound.append_column("more", [[1]]),
    }
    path.rename(tmp_path / "other.parquet")
    if lie in lies:
        Sealing(engine, key).write(engine.in_memory(lies[lie]), path)
    elif lie == "another key":
        Sealing(engine).write(engine.in_memory(sound), path)
    elif lie == "plain":
        pyarrow.parquet.write_table(sound, path)
    elif lie == "a link":
        path.symlink_to(tmp_path / "other.parquet")
    elif lie == "no Parquet":
        path.write_bytes(b"PAR1")
    with pytest.raises(Unfit) as refused:
        reader_module._check_extract(engine, path, table(), answer, key=key)
    assert refused.value.reason == "reading_gave_up"


def test_a_file_that_grows_while_it_is_read_is_refused(engine: Engine, tmp_path: Path) -> None:
    path = tmp_path / "persons.csv"
    path.write_text("id,name\n1,a\n")
    with pytest.raises(Unfit) as refused, open_records(engine, table(), tmp_path) as stream:
        engine.keep(stream.table)
        with path.open("a") as opened:
            opened.write("2,b\n")
    assert refused.value.reason == "file_changed"


def test_nothing_that_was_read_is_left_where_the_engine_cannot_hold_it(tmp_path: Path) -> None:
    noise = random.Random(1)
    text = "id,name\n" + "".join(f"{number},{noise.randbytes(2**16).hex()}\n" for number in range(400))
    with open_engine(workspace=tmp_path, memory="20MB") as small:
        small.backend.raw_sql("SET max_temp_directory_size = '1MB'")
        reader = small.company(Reader, lambda: Reader(small.workspace))
        (tmp_path / table().file).write_text(text, encoding="utf-8")
        with pytest.raises(duckdb.OutOfMemoryException):
            reader.read(small, table(), tmp_path, code_lists={}, in_engine=True)
        assert not [*tmp_path.rglob("*.parquet")]
