"""Sealed tables: nothing of them can be read without the key, and nothing that is said or shown holds the key."""

from __future__ import annotations

import copy
import json
import pickle
import traceback
from collections.abc import Iterator
from pathlib import Path

import duckdb
import polars as pl
import pyarrow as pa
import pytest

from jalostamo.concepts.errors import Misused, Unfit
from jalostamo.engine.connection import Engine, open_engine
from jalostamo.engine.sealing import (
    Sealing,
    TableKey,
    forget_key,
    known_to,
    option_of,
    sealed_outline,
    sealed_view,
)
from jalostamo.managing.manifests import digest_of

CANARY = "Kanarialintu-Kivikko"
ROWS = pa.table({"number": list(range(300_000)), "name": [f"{CANARY} {number % 7}" for number in range(300_000)]})


@pytest.fixture(scope="module")
def engine(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Engine]:
    with open_engine(workspace=tmp_path_factory.mktemp("engine")) as opened:
        yield opened


def is_plain(path: Path) -> bool:
    try:
        return CANARY in str(pl.read_parquet(path, columns=["name"])["name"][0])
    except pl.exceptions.PolarsError:
        return False


def test_what_is_sealed_is_read_by_its_key_alone(engine: Engine, tmp_path: Path) -> None:
    sealing, path = Sealing(engine), tmp_path / "a.parquet"
    sealing.write(engine.in_memory(ROWS), path)
    assert sealing.read(path).count().execute() == ROWS.num_rows
    assert not is_plain(path)
    assert CANARY.encode() not in path.read_bytes()
    assert path.stat().st_mode & 0o077 == 0
    assert sealed_outline(engine, path, sealing.key) == (300_000, {"number": "BIGINT", "name": "VARCHAR"})
    assert sealed_outline(engine, path, TableKey()) is None
    with duckdb.connect() as other, pytest.raises(duckdb.Error, match="encrypted"):
        other.execute(f"SELECT * FROM read_parquet('{path}')")


def test_what_is_not_sealed_would_be_found(engine: Engine, tmp_path: Path) -> None:
    engine.write_parquet(engine.in_memory(ROWS), tmp_path / "a.parquet")
    assert is_plain(tmp_path / "a.parquet")


def test_the_digest_is_of_the_content_and_the_same_whenever_it_is_sealed(engine: Engine, tmp_path: Path) -> None:
    table, digests = engine.in_memory(ROWS), set()
    for name in ("a", "b"):
        sealing, path = Sealing(engine), tmp_path / f"{name}.parquet"
        sealing.write(table, path, order_by=["number"])
        digests.add(sealing.digest(path))
        with sealing.reading(path) as plain:
            (tmp_path / f"{name}-plain.parquet").write_bytes(plain.read())
        digests.add(digest_of(tmp_path / f"{name}-plain.parquet"))
    assert len(digests) == 1
    assert digest_of(tmp_path / "a.parquet") != digest_of(tmp_path / "b.parquet")
    assert is_plain(tmp_path / "a-plain.parquet")
    other = Sealing(engine)
    other.write(table.filter(table.number > 0), tmp_path / "c.parquet")
    assert other.digest(tmp_path / "c.parquet") not in digests


def test_a_file_that_is_not_the_one_that_was_sealed_is_refused(engine: Engine, tmp_path: Path) -> None:
    sealing, path = Sealing(engine), tmp_path / "a.parquet"
    sealing.write(engine.in_memory(ROWS), path)
    sealing.check(path)
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 1
    path.write_bytes(content)
    with pytest.raises(Unfit) as refused:
        sealing.check(path)
    assert refused.value.reason == "sealed_changed"
    with pytest.raises(Misused, match="was changed"):
        sealing.digest(path)
    path.unlink()
    assert sealing.changed(path)


def modules_of(content: bytes) -> list[tuple[int, int]]:
    """Where each sealed part of a file begins and ends: its length in four bytes, then as many."""
    found, place = [], 4
    while (end := place + 4 + int.from_bytes(content[place : place + 4], "little")) <= len(content) - 8:
        found.append((place, end))
        place = end
    return found


def test_pages_that_changed_places_are_found_by_the_digest_alone(engine: Engine, tmp_path: Path) -> None:
    """The engine takes them for what they were not: the seal of a page does not say where it stands."""
    key, path, name = TableKey(), tmp_path / "a.parquet", "hashes"
    engine.backend.con.execute(f"CREATE OR REPLACE TEMP TABLE {name} AS SELECT hash(i) AS h FROM range(4096) t(i)")
    options = f"FORMAT parquet, COMPRESSION uncompressed, ROW_GROUP_SIZE 2048{option_of(engine, key)}"
    engine.backend.con.execute(f"COPY {name} TO '{path}' ({options})")
    sound = path.read_bytes()
    sealing = Sealing(engine, key, {path: digest_of(path)})
    rows = [row["h"] for row in engine.rows(sealing.read(path))]
    first, second = ((at, end) for at, end in modules_of(sound) if end - at > 10_000)
    changed = bytearray(sound)
    changed[slice(*first)], changed[slice(*second)] = sound[slice(*second)], sound[slice(*first)]
    path.write_bytes(changed)
    assert [row["h"] for row in engine.rows(sealing.read(path))] == rows[2048:] + rows[:2048]
    with pytest.raises(Unfit):
        sealing.check(path)


def test_after_its_end_nothing_can_be_opened(engine: Engine, tmp_path: Path) -> None:
    sealing, path = Sealing(engine), tmp_path / "a.parquet"
    sealing.write(engine.in_memory(ROWS), path)
    table = sealing.read(path)
    sealing.close()
    with pytest.raises(duckdb.Error):
        engine.rows(table.limit(1))
    with pytest.raises(ValueError, match="destroyed"):
        sealing.read(path)
    forget_key(engine, sealing.key)


def test_what_cannot_be_opened_is_told_even_to_who_has_read_all_there_was(engine: Engine, tmp_path: Path) -> None:
    sealing, path = Sealing(engine), tmp_path / "a.parquet"
    sealing.write(engine.in_memory(ROWS), path)
    with sealing.reading(path) as plain:
        # Whoever stops in the middle is told nothing: it is their own doing.
        assert plain.read(1)
    path.write_bytes(path.read_bytes()[:-9])
    with pytest.raises(Misused) as refused, sealing.reading(path) as plain:
        assert not plain.read()
    assert refused.value.reason == "out_unwritable"


def told_by(connection: duckdb.DuckDBPyConnection, path: Path, name: str) -> Iterator[str]:
    """Everything that the engine says of a sealed file, its key and itself."""
    source = f"read_parquet('{path}', encryption_config = {{footer_key: '{name}'}})"
    for statement in (
        f"EXPLAIN ANALYZE SELECT * FROM {source}",
        f"EXPLAIN SELECT * FROM {source}",
        "SELECT * FROM duckdb_variables()",
        "SELECT name, value FROM duckdb_settings()",
        "SELECT * FROM duckdb_secrets()",
        "SELECT sql FROM duckdb_views()",
        "SELECT message FROM duckdb_logs()",
        f"SELECT * FROM {source} WHERE",
        f"SELECT nothing FROM {source}",
        f"PRAGMA add_parquet_key('{name}')",
        f"SELECT * FROM read_parquet('{path}', encryption_config = {{footer_key: 'other'}})",
    ):
        try:
            yield str(connection.execute(statement).fetchall())
        except duckdb.Error as error:
            yield "".join(traceback.TracebackException.from_exception(error, capture_locals=True).format())


def test_nothing_that_the_engine_says_holds_the_key(engine: Engine, tmp_path: Path) -> None:
    key, path, connection = TableKey(), tmp_path / "a.parquet", engine.backend.con
    connection.execute("CALL enable_logging('QueryLog')")
    connection.execute("SET enable_profiling = 'json'")
    connection.execute(f"SET profiling_output = '{tmp_path / 'profile.json'}'")
    try:
        sealing = Sealing(engine, key)
        sealing.write(engine.in_memory(ROWS), path)
        assert sealed_view(engine, path, key, numbered=True).count().execute() == ROWS.num_rows
        said = "".join(told_by(connection, path, known_to(engine, key)))
        logged = str(connection.execute("SELECT message FROM duckdb_logs()").fetchall())
    finally:
        connection.execute("SET enable_profiling = 'no_output'")
        connection.execute("CALL disable_logging()")
    assert known_to(engine, key) in said
    assert "add_parquet_key" in logged
    secret, raw = key.written(), bytes(key._key)
    for place in (said, logged, (tmp_path / "profile.json").read_text(encoding="utf-8")):
        assert secret not in place
        assert raw.hex() not in place.lower()


def test_a_key_in_the_statement_would_be_in_the_log_and_in_an_error(engine: Engine) -> None:
    """The weakening that must be noticed: the key as the engine's own documentation tells it."""
    key, connection = TableKey(), engine.backend.con
    connection.execute("CALL enable_logging('QueryLog')")
    try:
        connection.execute(f"PRAGMA add_parquet_key('shown', '{key.written()}')")
        logged = str(connection.execute("SELECT message FROM duckdb_logs()").fetchall())
    finally:
        connection.execute("CALL disable_logging()")
    assert key.written() in logged
    with pytest.raises(duckdb.ParserException) as error:
        connection.execute(f"PRAGMA add_parquet_key('shown', '{key.written()}') more")
    assert key.written() in str(error.value)


def test_a_key_is_not_shown_copied_or_kept(engine: Engine) -> None:
    key = TableKey()
    raw = bytes(key._key)
    for shown in (repr(key), str(key), f"{key}", repr(Sealing(engine, key)), key.name):
        assert raw.hex() not in shown
        assert key.written() not in shown
    for copied in (
        copy.copy,
        copy.deepcopy,
        pickle.dumps,
        lambda each: json.dumps(each, default=lambda x: x.__reduce__()),
    ):
        with pytest.raises(TypeError):
            copied(key)
    key.destroy()
    assert not any(key._key)
    with pytest.raises(ValueError, match="destroyed"):
        key.written()


def test_a_key_is_handed_over_as_one_word(engine: Engine, tmp_path: Path) -> None:
    key, path = TableKey(), tmp_path / "a.parquet"
    Sealing(engine, key).write(engine.in_memory(ROWS), path)
    same = TableKey.handed_over(key.written())
    assert same.name != key.name
    assert sealed_outline(engine, path, same) == sealed_outline(engine, path, key)
    for wrong in ("", "x", key.written()[:-4], key.written() + "AAAA", "é" * 44):
        with pytest.raises(ValueError):  # noqa: PT011  # whichever: the word is not shown
            TableKey.handed_over(wrong)


def test_another_engine_is_refused_before_it_writes(engine: Engine) -> None:
    with pytest.raises(Misused) as refused:
        Sealing(Engine("spark", engine.backend, engine.workspace))
    assert refused.value.reason == "sealing_engine"


@pytest.mark.parametrize("size", [0, 16, 24, 31, 33])
def test_a_key_has_256_bits(size: int) -> None:
    with pytest.raises(ValueError, match="32 bytes"):
        TableKey(bytearray(size))
