"""Good files spoilt at random: whatever comes of them, a slow reader of other code agrees, and nobody crashes."""

from __future__ import annotations

import csv
import io
import random
import re
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pyarrow.parquet
import pytest
from tests.jalostamo.managing.delivered import CODE_LISTS, SECRET, sentences
from tests.jalostamo.managing.slow_readers import (
    NAMES,
    Judged,
    Row,
    in_csv,
    in_fixed_width,
    in_json_lines,
    text_of,
)
from tests.jalostamo.managing.spoilt_files import HEADER, KINDS, Spoilt, spoilt_file

from jalostamo.concepts.errors import JalostamoError
from jalostamo.engine.connection import Engine, open_engine
from jalostamo.managing.reading import Reading, read_table
from jalostamo.managing.reading.reader import Reader

SHARDS = 40
TOLD = 3


def records_of(spoilt: Spoilt) -> tuple[list[Judged] | None, frozenset[str]]:
    """What a slow reader makes of each record, and the reasons for which the whole file may be refused.

    Without records there is no verdict: a file that is no UTF-8, or of which quotes or line ends may be read in two ways.
    """
    is_csv = spoilt.declared.writing.format == "csv"
    text = text_of(spoilt.data)
    if text is None:
        return None, frozenset({"encoding", *({"file_form"} if is_csv and b"\r" in spoilt.data else ())})
    # A carriage return of its own ends a line to one reader, and is a character to another.
    if re.search("\r" if is_csv else "\r(?!\n)", text):
        return None, frozenset({"file_form", "count", "column_missing"})
    match spoilt.kind:
        case "fixed width":
            return in_fixed_width(text), frozenset()
        case "JSON lines":
            found, keys = in_json_lines(text)
            return found, frozenset({"column_missing"} if found and set(NAMES) - keys else ())
    in_quotes = in_csv(text, spoilt.declared.writing.quote)
    return in_quotes, frozenset({"file_form", "count"} if in_quotes is None else ())


def rows_of(reading: Reading, path: Path) -> list[Row]:
    """The rows that were loaded, read from their file by another reader than the engine."""
    found = pyarrow.parquet.read_table(path, columns=list(NAMES)).to_pylist()
    rows = [(row["id"], row["name"], row["day"].isoformat() if row["day"] else None) for row in found]
    assert reading.loaded == len(rows)
    return rows


def told_by(records: list[Judged]) -> dict[str, tuple[int, tuple[int, ...]]]:
    """Of each fault, how many records have it and the lines of the first."""
    faults = sorted({record.fault for record in records if record.fault})
    lines = {fault: [record.line for record in records if record.fault == fault] for fault in faults}
    return {fault: (len(found), tuple(found[:TOLD])) for fault, found in lines.items()}


def names_in(text: str) -> Counter[str | None]:
    """The names of a file as Python reads them, with a blank before a quote as a part of it and without."""
    seen = Counter[str | None]()
    for skips in (False, True):
        rows = csv.reader(io.StringIO(text, newline=""), skipinitialspace=skips)
        seen |= Counter(row[1] or None for row in rows if len(row) > 2)
    return seen


def agrees(outcome: Reading | JalostamoError, spoilt: Spoilt, rows: list[Row]) -> None:
    """Assert that what came of a file is what stands in it."""
    records, refusals = records_of(spoilt)
    if isinstance(outcome, JalostamoError):
        assert outcome.exit_code == 4
        assert outcome.__cause__ is None
        assert SECRET[:4] not in outcome.sentence
        assert outcome.reason in refusals
        return
    assert SECRET[:4] not in sentences(outcome)
    if records is None:
        # What is no text is refused; of the others, nothing is loaded that does not stand there.
        assert "encoding" not in refusals
        if spoilt.declared.writing.format == "csv":
            assert Counter(name for _, name, _ in rows) <= names_in(spoilt.data.decode())
        return
    assert "column_missing" not in refusals
    assert rows == [record.row for record in records if record.row]
    assert outcome.records == len(records)
    told = {f"{r.reason}:{r.field or ''}": (r.records, r.first_lines) for r in outcome.rejections}
    assert told == told_by(records)


@contextmanager
def small_engine(workspace: Path) -> Iterator[Engine]:
    """An engine for many small files: what it shares out among threads would cost more than they save."""
    with open_engine(workspace=workspace) as opened:
        opened.backend.raw_sql("SET threads = 1")
        yield opened


@pytest.fixture
def engine(tmp_path: Path) -> Iterator[Engine]:
    """An embedded engine for some hundreds of files: with each of them it has more to remember."""
    workspace = tmp_path / "engine"
    workspace.mkdir()
    with small_engine(workspace) as opened:
        yield opened


def outcome_of(engine: Engine, spoilt: Spoilt, folder: Path) -> tuple[Reading | JalostamoError, list[Row]]:
    """What came of a file, and the rows that were loaded."""
    typed = folder / "typed.parquet"
    (folder / spoilt.declared.file).write_bytes(spoilt.data)
    try:
        reading = read_table(engine, spoilt.declared, folder, code_lists=CODE_LISTS, into=typed)
        return reading, rows_of(reading, typed)
    except JalostamoError as error:
        return error, []
    finally:
        typed.unlink(missing_ok=True)


def judged_file(engine: Engine, spoilt: Spoilt, folder: Path) -> list[str]:
    """Read a spoilt file and compare; what it was, and what became of it."""
    outcome, rows = outcome_of(engine, spoilt, folder)
    agrees(outcome, spoilt, rows)
    became = "read" if isinstance(outcome, Reading) else "refused"
    return [became, spoilt.kind, *(["judged"] if records_of(spoilt)[0] is not None else [])]


def fuzz(engine: Engine, folder: Path, *, seed: int, files: int) -> Counter[str]:
    """Read so many spoilt files; how many of each kind, were read or refused, and were judged record by record."""
    chance, counted = random.Random(seed), Counter[str]()
    for _ in range(files):
        spoilt = spoilt_file(chance)
        try:
            counted.update(judged_file(engine, spoilt, folder))
        except Exception as error:
            raise AssertionError(f"seed {seed}, {spoilt}") from error
    return counted


@pytest.mark.parametrize("seed", range(4))
def test_spoilt_files_are_read_as_a_slow_reader_reads_them(seed: int, engine: Engine, tmp_path: Path) -> None:
    counted = fuzz(engine, tmp_path, seed=seed, files=75)
    assert min(counted[kind] for kind in KINDS) > 5
    assert min(counted["read"], counted["refused"]) > 5
    assert counted["judged"] > 40


@pytest.mark.deep
@pytest.mark.parametrize("seed", range(100, 100 + SHARDS))
def test_twenty_thousand_spoilt_files_are_read_as_a_slow_reader_reads_them(seed: int, tmp_path: Path) -> None:
    for part in range(5):
        workspace = tmp_path / f"engine_{part}"
        workspace.mkdir()
        with small_engine(workspace) as engine:
            fuzz(engine, tmp_path, seed=1000 * seed + part, files=20_000 // SHARDS // 5)


def test_the_process_that_reads_gives_what_is_read_here(engine: Engine, tmp_path: Path) -> None:
    chance = random.Random(7)
    reader = engine.company(Reader, lambda: Reader(engine.workspace))
    for _ in range(20):
        spoilt = spoilt_file(chance)
        here, _ = outcome_of(engine, spoilt, tmp_path)
        try:
            there: Reading | JalostamoError = reader.read(engine, spoilt.declared, tmp_path, code_lists=CODE_LISTS)
        except JalostamoError as error:
            there = error
        if isinstance(here, JalostamoError) or isinstance(there, JalostamoError):
            assert (type(here), str(here)) == (type(there), str(there)), spoilt
            continue
        assert (here.records, here.loaded, here.rejections) == (there.records, there.loaded, there.rejections), spoilt


LIES = {
    "quoted": (b"1,a,\n", b'2,"b",\n', b"x,c,\n"),
    "without quotes": (b"1,a,\n", b"2,b,\n", b"x,c,\n"),
    "fixed width": (b"   1a                   \n", b"   2b                   \n", b"   xc                   \n"),
    "JSON lines": (b'{"id":1,"name":"a","day":null}\n', b'{"id":2,"name":"b"}\n', b'{"id":"x","name":"c"}\n'),
}


@pytest.mark.parametrize("kind", LIES)
@pytest.mark.parametrize("lie", ["a record less", "a record more", "another value"])
def test_a_reader_that_loses_or_bends_a_record_would_be_found(
    lie: str, kind: str, engine: Engine, tmp_path: Path
) -> None:
    first, second, third = LIES[kind]
    header = HEADER.encode() if "quote" in kind else b""
    data = header + first + second + third
    told = {
        "a record less": header + first + second,
        "a record more": data + third.replace(b"x", b"3"),
        "another value": data.replace(b"b", b"B"),
    }
    outcome, rows = outcome_of(engine, Spoilt(kind, told[lie]), tmp_path)
    agrees(outcome, Spoilt(kind, told[lie]), rows)
    with pytest.raises(AssertionError):
        agrees(outcome, Spoilt(kind, data), rows)
