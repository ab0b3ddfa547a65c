"""Statements by which somebody who may ask one question would reach more than its tables; tried to prove that they do not.

`{own_table}`, `{own_release}`, `{other_table}` and `{scratch}` stand for the places on which they are tried.

Handbook 2.6 (the non-sensitive environment).
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

PAST_THE_WALLS: Final[Mapping[str, str]] = {
    "copy over the release": "COPY (SELECT 1 AS a) TO '{own_table}' (FORMAT parquet)",
    "read another permit's release": "SELECT age LIKE 'canary%' FROM read_parquet('{other_table}')",
    "make a database in the release": "ATTACH '{own_release}/new.duckdb' AS made",
}
"""What an engine without its own lock would do where no wall of the kernel is; a first value that is false is no success."""

PAST_THE_LOCK: Final[Mapping[str, str]] = {
    "read a file": "SELECT size FROM read_blob('{own_table}')",
    "copy to a file": "COPY (SELECT 1 AS a) TO '{scratch}/copied.csv'",
    "make a database": "ATTACH '{scratch}/attached.duckdb' AS made",
    "load an extension": "LOAD json",
    "change a setting": "SET threads = 1",
    "do two things at once": "SELECT 1; CREATE TEMP TABLE made AS SELECT 1",
    "write what it explains": "EXPLAIN ANALYZE CREATE TEMP TABLE made AS SELECT 1",
    "call what logs to files": "CALL enable_logging()",
}
"""What the engine's own lock and the look at the statement refuse."""
