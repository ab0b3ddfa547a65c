"""The kinds of job: each is given a release, what was asked, a folder for results and one to work in, and nothing else.

Handbook 2.6, phase 7.
"""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Final

from jalostamo.doors.jobs import RSCRIPTS

MOST_ROWS: Final = 1_000_000
MOST_BYTES: Final = 256 * 2**20


class TooMuch(Exception):
    """A result has more rows or bytes than one may have."""


def define(release: Path, asked: Path, results: Path, scratch: Path) -> None:
    """Put the questions of a definition to the release, as the command `answer` does."""
    from jalostamo.engine.connection import open_engine
    from jalostamo.managing.nonsensitive.releases import open_release
    from jalostamo.producing.definitions import read_definition
    from jalostamo.producing.questions import answer

    definition, opened = read_definition(asked), open_release(release)
    with open_engine(workspace=scratch, memory="1GiB") as engine:
        found = answer(engine, opened, definition)
    content = json.dumps({"results": [r.as_mapping() for r in found]}, ensure_ascii=False, allow_nan=False, indent=1)
    (results / "results.json").write_text(f"{content}\n", encoding="utf-8")


def select(release: Path, asked: Path, results: Path, scratch: Path) -> None:
    """Answer one SELECT on the tables of the release; the result is a Parquet file."""
    import pyarrow.parquet

    from jalostamo.engine.asking import answered, open_asking
    from jalostamo.managing.nonsensitive.releases import open_release

    opened = open_release(release)
    tables = {name: release / str(table["file"]) for name, table in opened.tables.items()}
    with open_asking(tables, workspace=scratch) as asking:
        batches = answered(asking, asked.read_text(encoding="utf-8"))
        rows = size = 0
        with pyarrow.parquet.ParquetWriter(results / "result.parquet", batches.schema) as writer:
            for batch in batches:
                rows, size = rows + batch.num_rows, size + batch.nbytes
                if rows > MOST_ROWS or size > MOST_BYTES:
                    raise TooMuch
                writer.write_batch(batch)
    print(f"{rows} rows")


def python(release: Path, asked: Path, results: Path, scratch: Path) -> None:
    """Run a notebook or a script of Python; it finds the release and its folders as `release`, `results` and `scratch`."""
    from jalostamo.doors.job_lanes.notebooks import run_notebook
    from jalostamo.managing.nonsensitive.releases import open_release

    open_release(release)
    run_notebook(asked, {"release": release, "results": results, "scratch": scratch}, into=results)


def r_script(release: Path, asked: Path, results: Path, scratch: Path) -> None:
    """Run a script of R, which finds the folders as the first three of its arguments."""
    from jalostamo.managing.nonsensitive.releases import open_release

    open_release(release)
    program = next(path for path in RSCRIPTS if Path(path).is_file())
    words = [program, "--vanilla", str(asked), str(release), str(results), str(scratch)]
    sys.stdout.flush()
    os.chdir(scratch)
    os.execve(program, words, {"LC_ALL": "C.UTF-8", "PATH": "/usr/bin:/bin", "TMPDIR": str(scratch)})


LANES: Final[Mapping[str, Callable[[Path, Path, Path, Path], None]]] = {
    "definition": define,
    "select": select,
    "python": python,
    "r": r_script,
}
