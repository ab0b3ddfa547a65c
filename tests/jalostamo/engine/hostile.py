"""Hostile statements, and a process that puts each of them to an engine that has one release: which of them came to anything.

A statement came to something if what it gives holds the word of another release, or if a file outside of its own folder to
work in is new, changed or gone. Run as a program, with what it is to do as JSON; the walls are put up before anything else.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from itertools import product
from pathlib import Path

WORD = "kept-in-another-release"

# {table} is another permit's table, {text} a file with the same word; each of them is also reached in other ways.
_WAYS_TO = ("{folder}", "{own}/../{name}", "/proc/self/root{folder}", "file://{folder}", "file:{folder}")
_TEXTS = (
    "SELECT content FROM read_text('{at}/text.csv')",
    "SELECT content::VARCHAR FROM read_blob('{at}/text.csv')",
    "SELECT * FROM read_csv('{at}/text.csv', header = false)",
    "SELECT * FROM read_csv_auto(['{at}/text.csv'], header = false)",
    "SELECT * FROM sniff_csv('{at}/text.csv')",
    "SELECT * FROM '{at}/text.csv'",
    "SELECT content FROM read_text('{at}/te*')",
    "SELECT * FROM glob('{at}/*')",
)
_TABLES = (
    "SELECT age FROM read_parquet('{at}/table.parquet')",
    "SELECT age FROM parquet_scan(['{at}/*.parquet'], filename = true)",
    "FROM '{at}/table.parquet'",
    "SELECT stats_min_value FROM parquet_metadata('{at}/table.parquet')",
    "SELECT * FROM query('SELECT age FROM read_parquet(''{at}/table.parquet'')')",
    "SELECT * FROM query_table('{at}/table.parquet')",
    "WITH RECURSIVE a AS (SELECT age FROM read_parquet('{at}/table.parquet') UNION SELECT age FROM a) FROM a",
    "SELECT (SELECT max(age) FROM read_parquet('{at}/table.parquet')) FROM persons",
)
# On the file as it lies there alone.
_ROUND_ABOUT = (
    "CREATE TEMP TABLE a AS SELECT * FROM read_text('{folder}/text.csv'); FROM a",
    "CREATE TEMP TABLE a (b VARCHAR); COPY a FROM '{folder}/text.csv' (FORMAT csv, HEADER false); FROM a",
    "CREATE TEMP VIEW a AS FROM read_text('{folder}/text.csv'); FROM a",
    "CREATE TEMP MACRO a() AS TABLE FROM read_text('{folder}/text.csv'); FROM a()",
    "CREATE TEMP MACRO a(b) AS (SELECT content FROM read_text(b)); SELECT a('{folder}/text.csv')",
    "PREPARE a AS SELECT content FROM read_text($1); EXECUTE a('{folder}/text.csv')",
    "SET VARIABLE a = '{folder}/text.csv'; SELECT content FROM read_text(getvariable('a'))",
    "SET file_search_path = '{folder}'; SELECT content FROM read_text('text.csv')",
    "SET allowed_directories = ['{folder}']; SELECT content FROM read_text('{folder}/text.csv')",
    "SET allowed_paths = ['{folder}/text.csv']; SELECT content FROM read_text('{folder}/text.csv')",
    "SET enable_external_access = true; SELECT content FROM read_text('{folder}/text.csv')",
    "RESET enable_external_access; SELECT content FROM read_text('{folder}/text.csv')",
    "PRAGMA enable_external_access = true; SELECT content FROM read_text('{folder}/text.csv')",
    "SET GLOBAL lock_configuration = false; SELECT content FROM read_text('{folder}/text.csv')",
    "RESET lock_configuration; SELECT content FROM read_text('{folder}/text.csv')",
    "SET disabled_filesystems = ''; SELECT content FROM read_text('{folder}/text.csv')",
    "SET python_enable_replacements = true; SELECT content FROM read_text('{folder}/text.csv')",
    "BEGIN; SELECT content FROM read_text('{folder}/text.csv')",
    "SUMMARIZE FROM read_text('{folder}/text.csv')",
    "PIVOT (FROM read_text('{folder}/text.csv')) ON content",
    "UNPIVOT (FROM read_text('{folder}/text.csv')) ON content",
    "SELECT content FROM persons, LATERAL (FROM read_text('{folder}/text.csv'))",
    "SELECT a.content FROM persons SEMI JOIN persons AS p ON true, read_text('{folder}/text.csv') AS a",
    "SELECT list(content) FROM read_text(['{folder}/text.csv', '{own}/persons.parquet'])",
    "ATTACH '{folder}/other.duckdb' AS other (READ_ONLY); FROM other.kept",
    "ATTACH '{folder}/other.duckdb'; FROM other.kept",
    "SELECT * FROM query('SELECT 1'); ATTACH '{folder}/other.duckdb' AS other (READ_ONLY); USE other; FROM kept",
    "IMPORT DATABASE '{folder}/exported'; FROM memory.kept",
    "SELECT content FROM read_text('/proc/{victim}/environ')",
    "SELECT content::VARCHAR FROM read_blob('/proc/{victim}/environ')",
    "SELECT content FROM read_text('/proc/{victim}/root{folder}/text.csv')",
    "SELECT content FROM read_text('/proc/{victim}/cwd/text.csv')",
)
_PLACES = ("{own}", "{folder}", "{orders}")
_WRITING = (
    "COPY (SELECT 1 AS a) TO '{place}/new.csv'",
    "COPY (SELECT 'x' AS age) TO '{place}/table.parquet' (FORMAT parquet)",
    "COPY persons TO '{place}/persons.parquet' (FORMAT parquet, OVERWRITE true)",
    "COPY (SELECT 1 AS a, 2 AS b) TO '{place}' (FORMAT csv, PARTITION_BY (a), OVERWRITE_OR_IGNORE)",
    "COPY (SELECT 1 AS a) TO '{place}/new.csv' (PER_THREAD_OUTPUT true)",
    "EXPORT DATABASE '{place}/exported_here'",
    "ATTACH '{place}/new.duckdb' AS made; CREATE TABLE made.a AS SELECT 1 AS b; CHECKPOINT made",
    "COPY FROM DATABASE release TO memory; ATTACH '{place}/copied.duckdb' AS made; COPY FROM DATABASE release TO made",
    "SET profiling_output = '{place}/profile'; PRAGMA enable_profiling = 'json'; SELECT count(*) FROM persons",
    "SET log_query_path = '{place}/log'; SELECT 1",
    "SET secret_directory = '{place}/secrets'; SET allow_persistent_secrets = true;"
    " CREATE PERSISTENT SECRET a (TYPE http, BEARER_TOKEN 'b')",
    "SET extension_directory = '{place}/extensions'; INSTALL json FROM '{folder}'",
)
_ON_THE_RELEASE = (
    "SET temp_directory = '{own}/spilled'; SET memory_limit = '12MB';"
    " CREATE TEMP TABLE a AS SELECT range AS b, hash(range) AS c FROM range(1500000)",
    "INSERT INTO persons VALUES ('x', 1)",
    "UPDATE persons SET age = 'x'",
    "DELETE FROM persons",
    "TRUNCATE persons",
    "DROP TABLE persons",
    "ALTER TABLE persons ADD COLUMN b INTEGER",
    "CREATE OR REPLACE TABLE persons AS SELECT 1 AS age",
    "COPY persons FROM '{own}/persons.parquet' (FORMAT parquet)",
)
LAST = "CALL enable_logging(storage = 'file', storage_path = '{own}/logs'); SELECT 1"
"""Where this may not be, the engine ends its process."""

_ABROAD = (
    "INSTALL httpfs FROM 'http://127.0.0.1:{port}'",
    "FORCE INSTALL spatial FROM 'http://127.0.0.1:{port}'",
    "SET custom_extension_repository = 'http://127.0.0.1:{port}'; INSTALL spatial",
    "SET autoinstall_known_extensions = true; SET autoload_known_extensions = true;"
    " SET autoinstall_extension_repository = 'http://127.0.0.1:{port}'; FROM read_text('https://127.0.0.1:{port}/a')",
    "LOAD '{folder}/made.duckdb_extension'",
    "SET allow_unsigned_extensions = true; LOAD '{folder}/made.duckdb_extension'",
    "SET allow_community_extensions = true; INSTALL quack FROM community",
    "LOAD '{httpfs}'; FROM read_text('http://127.0.0.1:{port}/a')",
    "LOAD '{httpfs}'; SELECT * FROM read_csv('http://127.0.0.1:{port}/a.csv')",
    "LOAD '{httpfs}'; ATTACH 'http://127.0.0.1:{port}/a.duckdb' AS far (READ_ONLY)",
    "LOAD '{httpfs}'; CREATE SECRET a (TYPE s3, ENDPOINT '127.0.0.1:{port}', USE_SSL false, KEY_ID 'a', SECRET 'b');"
    " COPY persons TO 's3://a/b.csv'",
    "ATTACH 'host=127.0.0.1 port={port} dbname=a' AS far (TYPE postgres)",
    "ATTACH 'host=127.0.0.1 port={port} database=a' AS far (TYPE mysql)",
    "ATTACH '{folder}/other.duckdb' AS far (TYPE sqlite)",
)
"""What would be seen at the other end; the walls are looked at there."""


def statements() -> tuple[str, ...]:
    """The whole corpus; names in braces are places."""
    return tuple(dict.fromkeys(_all()))


def _all() -> Iterator[str]:
    for way, read in product(_WAYS_TO, (*_TEXTS, *_TABLES)):
        yield read.replace("{at}", way)
    yield from _ROUND_ABOUT
    for place, write in product(_PLACES, _WRITING):
        yield write.replace("{place}", place)
    yield from _ON_THE_RELEASE
    yield from _ABROAD
    yield LAST


def _main(told: dict[str, str]) -> None:
    from jalostamo.confinement import enter
    from jalostamo.confinement.confined import confined_from

    if told["walls"]:
        enter(confined_from(told["walls"]))
    from jalostamo.engine.asking import LIBRARY_ERROR, open_asking

    tables, before = {"persons": Path(told["own"]) / "persons.parquet"}, _seen(told)
    for number, alike in enumerate(_without_traces(locked=told["locked"] == "yes")):
        scratch = Path(told["scratch"]) / str(number)
        scratch.mkdir()
        with open_asking(tables, workspace=scratch, locked=told["locked"] == "yes") as opened:
            for statement in alike:
                print(json.dumps([statement, "ended"]), flush=True)
                how, gave = "done", ""
                try:
                    gave = str(opened.execute(statement.format(**told)).fetchall())
                except LIBRARY_ERROR as error:
                    how = type(error).__name__
                after = _seen(told)
                escaped = WORD in gave or after != before
                print(json.dumps([statement, "escaped" if escaped else how]), flush=True)
                before = after


def _without_traces(*, locked: bool) -> Iterator[list[str]]:
    """The corpus in parts that one engine can be asked: what only reads leaves nothing behind, nor does a lock let anything."""
    parts = [statements()] if locked else []
    if not locked:
        reads = [each for each in statements() if ";" not in each and each.startswith(("SELECT", "FROM", "WITH"))]
        parts = [tuple(reads), *((each,) for each in statements() if each not in reads)]
    yield from map(list, parts)


def _seen(told: dict[str, str]) -> dict[str, object]:
    """What lies where nothing may be written, as far as this process sees it."""
    found = {}
    for name in ("own", "folder", "orders"):
        for path in Path(told[name]).rglob("*") if told["walls"] == "" else ():
            found[str(path)] = path.stat().st_mtime_ns, path.stat().st_size
    return found


if __name__ == "__main__":
    _main(json.loads(sys.argv[1]))
