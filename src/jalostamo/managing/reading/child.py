"""The process that reads foreign files and nothing else: it is told one job a line, holds no key, and forgets each job.

What reads bytes of others may be led astray by them. So it happens here, where there is nothing to be had: an environment
without secrets, limits set from outside, and one folder to write in.

Handbook 2.6, phase 4 (the sensitive environment).
"""

from __future__ import annotations

import os
import resource
import sys
import tempfile
from pathlib import Path
from typing import BinaryIO

from jalostamo.concepts.errors import JalostamoError
from jalostamo.engine.connection import Engine, open_engine
from jalostamo.engine.leaving_out import leave_out_pandas
from jalostamo.engine.typed import reading_limit
from jalostamo.managing.reading.jobs import Answer, Job, answer_of, job_in, refusal_of, written
from jalostamo.managing.reading.tables import read_table

MEMORY = "2GiB"
"""What the engine may hold before it spills; its own needs and Python's come on top."""


def main(workspace: Path, asked: BinaryIO, told: BinaryIO) -> None:
    """Read one table after the other as they are asked for, until nobody asks any more; each in an engine of its own."""
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    line = b"\n"
    while line:
        # Opened before it is known what for, so that nobody waits for it.
        with (
            tempfile.TemporaryDirectory(prefix="reading-", dir=workspace) as folder,
            open_engine(workspace=Path(folder), memory=MEMORY) as engine,
        ):
            line = asked.readline()
            if line:
                told.write(written(answer_to(engine, job_in(line))))
                told.flush()


def answer_to(engine: Engine, job: Job) -> Answer:
    """Read one table, and tell how it went."""
    code_lists = {code_list.name: code_list for code_list in job.code_lists}
    try:
        # This process' own environment: at most the password of the one server that it was started for.
        own = dict(os.environ)  # noqa: TID251  # it was handed over as this environment
        reading = read_table(engine, job.declared, job.folder, code_lists=code_lists, into=job.extract, environment=own)
        return answer_of(reading)
    except JalostamoError as error:
        return refusal_of(error)
    except MemoryError:
        return refusal_of(reading_limit())


def _alone_on_stdout() -> BinaryIO:
    """Where answers are told; whatever else is printed, such as the engine's own account of its progress, goes nowhere."""
    told = os.fdopen(os.dup(sys.stdout.fileno()), "wb")
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, sys.stdout.fileno())
    os.close(nowhere)
    return told


if __name__ == "__main__":
    leave_out_pandas()
    main(Path(sys.argv[1]), sys.stdin.buffer, _alone_on_stdout())
