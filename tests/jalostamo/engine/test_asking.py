"""One SELECT on tables that can only be read: what is one, and what the engine's own lock refuses."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import duckdb
import pyarrow as pa
import pyarrow.parquet
import pytest

from jalostamo.concepts.errors import Misused
from jalostamo.engine.asking import LIBRARY_ERROR, answered, one_select, open_asking
from jalostamo.engine.connection import open_engine
from jalostamo.engine.sealing import Sealing, TableKey


@contextmanager
def asking(folder: Path, *, locked: bool = True) -> Iterator[duckdb.DuckDBPyConnection]:
    """An engine with one table of two rows."""
    path, workspace = folder / "persons.parquet", folder / "workspace"
    workspace.mkdir()
    pa.parquet.write_table(pa.table({"n": [1, 2]}), path)
    with open_asking({"persons": path}, workspace=workspace, locked=locked) as opened:
        yield opened


# Some pragmas are a SELECT of what the engine knows of itself, in other words.
SELECTS = [
    "SELECT n FROM persons",
    "WITH a AS (SELECT 1 AS n) SELECT n FROM a;",
    "FROM persons",
    "VALUES (1)",
    "PRAGMA database_list",
]
OTHERS = [
    "",
    "-- nothing",
    "SELECT 1; SELECT 2",
    "CREATE TABLE a AS SELECT 1",
    "INSERT INTO persons VALUES (3)",
    "COPY persons TO 'x.csv'",
    "EXPORT DATABASE 'x'",
    "ATTACH 'x.duckdb'",
    "INSTALL httpfs",
    "LOAD json",
    "SET threads = 1",
    "PRAGMA enable_profiling",
    "CALL enable_logging()",
    "EXPLAIN ANALYZE INSERT INTO persons VALUES (3)",
    "PREPARE a AS SELECT 1",
    "CHECKPOINT",
    "USE memory",
    "DROP TABLE persons",
    "SELECT FROM WHERE",
]
SELECTS_OF_FILES = [
    "SELECT * FROM read_text('/etc/hostname')",
    "SELECT * FROM '{folder}/persons.parquet'",
    "SELECT * FROM glob('/etc/*')",
    "SELECT * FROM read_csv('{folder}/workspace/../persons.parquet')",
    "SELECT * FROM parquet_metadata('{folder}/persons.parquet')",
]


@pytest.mark.parametrize("text", SELECTS)
def test_a_select_is_answered(text: str, tmp_path: Path) -> None:
    with asking(tmp_path) as opened:
        assert answered(opened, text).read_all().num_rows in {1, 2}


@pytest.mark.parametrize("text", OTHERS)
def test_what_is_no_select_or_more_than_one_is_refused(text: str, tmp_path: Path) -> None:
    with asking(tmp_path) as opened:
        with pytest.raises(Misused) as refused:
            one_select(opened, text)
        assert refused.value.reason == "select_form"


@pytest.mark.parametrize("text", SELECTS_OF_FILES)
def test_a_select_of_files_is_refused_by_the_lock_and_by_nothing_else_of_the_engine(text: str, tmp_path: Path) -> None:
    told = text.format(folder=tmp_path)
    with asking(tmp_path) as opened, pytest.raises(LIBRARY_ERROR):
        answered(opened, told).read_all()
    (tmp_path / "again").mkdir()
    with asking(tmp_path / "again", locked=False) as opened:
        try:
            opened.execute(told).fetchall()
        except duckdb.InvalidInputException:
            # It came to read the file, which is no CSV.
            assert "read_csv" in told


@pytest.mark.parametrize(
    "text", ["INSERT INTO persons VALUES (3)", "CREATE TABLE made AS SELECT 1", "DROP TABLE persons"]
)
def test_the_tables_can_only_be_read_even_by_an_engine_without_its_lock(text: str, tmp_path: Path) -> None:
    with asking(tmp_path, locked=False) as opened, pytest.raises(LIBRARY_ERROR, match="read-only"):
        opened.execute(text)


def test_the_lock_cannot_be_opened_again(tmp_path: Path) -> None:
    with asking(tmp_path) as opened:
        for text in (
            "SET enable_external_access = true",
            "SET allow_unsigned_extensions = true",
            "SET memory_limit = '9GB'",
        ):
            with pytest.raises(LIBRARY_ERROR):
                opened.execute(text)
        (told,) = opened.execute(
            "SELECT value FROM duckdb_settings() WHERE name = 'allow_unsigned_extensions'"
        ).fetchall()
        assert told == ("false",)


def test_a_sealed_table_is_asked_and_its_copy_is_sealed_too(tmp_path: Path) -> None:
    word, path, workspace = "kept-in-a-sealed-release", tmp_path / "persons.parquet", tmp_path / "workspace"
    workspace.mkdir()
    key = TableKey()
    with open_engine(workspace=tmp_path) as engine:
        Sealing(engine, key).write(engine.in_memory(pa.table({"word": [word] * 3})), path)
        plain = tmp_path / "plain.parquet"
        engine.write_parquet(engine.in_memory(pa.table({"word": [word] * 3})), plain)
    with open_asking({"persons": path}, workspace=workspace, key=key) as opened:
        assert answered(opened, "SELECT DISTINCT word FROM persons").read_all().to_pylist() == [{"word": word}]
        with pytest.raises(LIBRARY_ERROR):
            opened.execute("CREATE TABLE release.more AS SELECT 1")
        assert not holding(workspace, word)
    # The twin, which copies plainly, is found.
    (tmp_path / "plainly").mkdir()
    with open_asking({"persons": plain}, workspace=tmp_path / "plainly"):
        assert holding(tmp_path / "plainly", word)


def holding(folder: Path, word: str) -> list[str]:
    """The files below a folder that hold a word."""
    return [path.name for path in folder.rglob("*") if path.is_file() and word.encode() in path.read_bytes()]
