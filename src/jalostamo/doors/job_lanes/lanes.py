"""The kinds of job: each is given a release, what was asked, a folder for results and one to work in, and nothing else.

Handbook 2.6, phase 7.
"""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Final

from jalostamo.doors.jobs import RSCRIPTS

if TYPE_CHECKING:
    import pyarrow as pa

    from jalostamo.managing.nonsensitive.releases import Release

MOST_ROWS: Final = 1_000_000
MOST_BYTES: Final = 256 * 2**20


class TooMuch(Exception):
    """A result has more rows or bytes than one may have."""


def define(release: Release, asked: Path, results: Path, scratch: Path) -> None:
    """Put the questions of a definition to the release, as the command `answer` does."""
    from jalostamo.engine.connection import open_engine
    from jalostamo.producing.definitions import read_definition
    from jalostamo.producing.questions import answer

    definition = read_definition(asked)
    with open_engine(workspace=scratch, memory="1GiB") as engine:
        found = answer(engine, release, definition)
    told = {**release.stamp, "results": [r.as_mapping() for r in found]}
    content = json.dumps(told, ensure_ascii=False, allow_nan=False, indent=1)
    (results / "results.json").write_text(f"{content}\n", encoding="utf-8")


def select(release: Release, asked: Path, results: Path, scratch: Path) -> None:
    """Answer one SELECT on the tables of the release; the result is a Parquet file."""
    import pyarrow.parquet

    from jalostamo.engine.asking import answered, open_asking

    tables = {name: release.folder / str(table["file"]) for name, table in release.tables.items()}
    with open_asking(tables, workspace=scratch, key=release.key) as asking:
        batches = answered(asking, asked.read_text(encoding="utf-8"))
        rows = size = 0
        with pyarrow.parquet.ParquetWriter(results / "result.parquet", batches.schema) as writer:
            writer.add_key_value_metadata(dict(release.stamp))
            for batch in batches:
                rows, size = rows + batch.num_rows, size + batch.nbytes
                if rows > MOST_ROWS or size > MOST_BYTES:
                    raise TooMuch
                writer.write_batch(batch)
    print(f"{rows} rows")


def python(release: Release, asked: Path, results: Path, scratch: Path) -> None:
    """Run a notebook or a script of Python; it finds the release and its folders as `release`, `results` and `scratch`.

    `table(name)` gives a table of the release as one of Arrow, in memory alone; a sealed one can be read in no other way.
    """
    from jalostamo.doors.job_lanes.notebooks import run_notebook
    from jalostamo.engine.connection import open_engine

    with open_engine(workspace=scratch, memory="1GiB") as engine:

        def table(name: str) -> pa.Table:
            return engine.backend.to_pyarrow(release.table(engine, name))

        names = {"release": release.folder, "table": table, "results": results, "scratch": scratch}
        run_notebook(asked, names, into=results)


def r_script(release: Release, asked: Path, results: Path, scratch: Path) -> None:
    """Run a script of R, which finds the folders as the first three of its arguments."""

    program = next(path for path in RSCRIPTS if Path(path).is_file())
    words = [program, "--vanilla", str(asked), str(release.folder), str(results), str(scratch)]
    sys.stdout.flush()
    os.chdir(scratch)
    os.execve(program, words, {"LC_ALL": "C.UTF-8", "PATH": "/usr/bin:/bin", "TMPDIR": str(scratch)})


LANES: Final[Mapping[str, Callable[[Release, Path, Path, Path], None]]] = {
    "definition": define,
    "select": select,
    "python": python,
    "r": r_script,
}
