"""The process that reads foreign files and nothing else: it is told one job a line, holds no key, and forgets each job.

What reads bytes of others may be led astray by them. So it happens here, where there is nothing to be had: an environment
without secrets, limits set from outside, and walls of the kernel within which there is one file to read.

Handbook 2.6, phase 4 (the sensitive environment).
"""

from __future__ import annotations

import os
import resource
import selectors
import signal
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from ipaddress import ip_address
from pathlib import Path
from typing import BinaryIO, Final

from jalostamo.concepts.errors import JalostamoError
from jalostamo.confinement import Confined, Network, enter
from jalostamo.engine.connection import Engine, open_engine
from jalostamo.engine.leaving_out import leave_out_pandas, look_seldom_for_circles
from jalostamo.engine.sealing import TableKey
from jalostamo.engine.transcoding import Transcript
from jalostamo.engine.typed import reading_limit
from jalostamo.managing.reading.jobs import LONGEST_ANSWER, Answer, Job, answer_of, job_in, refusal_of, written
from jalostamo.managing.reading.tables import read_table

MEMORY = "2GiB"
"""What the engine may hold before it spills; its own needs and Python's come on top."""

_PATTERN: Final = frozenset("*?[")
_BESIDE: Final = ("-wal", "-shm", "-journal")
"""What a database of one file keeps beside it."""


def main(workspace: Path, told: BinaryIO) -> None:
    """Have one table after the other read as they are asked for, until nobody asks any more.

    Each is read by a copy of this process that is made for it, confines itself to what its job names, and ends. This one
    touches no byte of others: it waits, and passes on one line.
    """
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    with _private(workspace) as folder, open_engine(workspace=folder, memory=MEMORY):
        # Once opened and closed again, so that no copy has to load anything anew.
        pass
    while _asked():
        answer, ended = _copied(workspace)
        if os.WIFSIGNALED(ended):
            _end_as(os.WTERMSIG(ended))
        if not answer:
            return
        told.write(answer)
        told.flush()


def _asked() -> bool:
    """Wait until something is asked, or nobody can ask any more; what is asked is left for the copy to read."""
    with selectors.DefaultSelector() as waiting:
        waiting.register(sys.stdin.buffer, selectors.EVENT_READ)
        return bool(waiting.select())


def _copied(workspace: Path) -> tuple[bytes, int]:
    """Have a copy of this process do the next job; its answer, of one line at most, and how it ended."""
    read, write = os.pipe()
    this = os.getpid()
    copy = os.fork()
    if not copy:
        try:
            os.close(read)
            # Nothing of the way back to the one that asks is left to the copy.
            os.closerange(1, write)
            with os.fdopen(write, "wb") as told:
                _one_job(workspace, told, parent=this)
        finally:
            # However it went: what this process had begun is not the copy's to end.
            os._exit(0)
    os.close(write)
    with os.fdopen(read, "rb") as answering:
        answer = answering.readline(LONGEST_ANSWER + 1)
    return answer, os.waitpid(copy, 0)[1]


def _one_job(workspace: Path, told: BinaryIO, *, parent: int) -> None:
    line = _line()
    if not line:
        return
    job = job_in(line)
    with _private(workspace) as folder:
        # Its memory is limited as a file's size is; within the walls no other can be made.
        transcript = Transcript()
        enter(walls_of(job, folder), parent=parent)
        with open_engine(workspace=folder, memory=MEMORY) as engine:
            engine.company(Transcript, lambda: transcript)
            told.write(written(answer_to(engine, job)))


def walls_of(job: Job, folder: Path) -> Confined:
    """What a job needs: its file, and what a database keeps beside it, to read; two folders; a port where one is declared.

    Its other limits are set from outside. Where the kernel cannot hold it, it reads all the same, as it always did.
    """
    path, server = job.folder / job.declared.file, job.declared.writing.server
    # A whole folder is never a table's file.
    beside = [path.with_name(f"{path.name}{ending}") for ending in ("", *_BESIDE)] if job.declared.file else []
    return Confined(
        read=tuple(each for each in beside if each.is_file()),
        scratch=(job.out, folder),
        names=(job.folder, *_looked_through(path, job.out, folder)),
        network=Network(connect=(server.port,), lookups=not _is_address(server.host)) if server else None,
        needed=frozenset(),
    )


def _looked_through(*paths: Path) -> Iterator[Path]:
    """The folders in which an engine looks names up: those above a name that could be a pattern, which it is told is none."""
    for path in paths:
        yield from (part.parent for part in (path, *path.parents) if set(part.name) & _PATTERN)


def _is_address(host: str) -> bool:
    try:
        return bool(ip_address(host))
    except ValueError:
        return False


def _line() -> bytes:
    """The next job. Read without a buffer, in which the beginning of another one could be left."""
    line = b""
    while not line.endswith(b"\n"):
        piece = os.read(sys.stdin.fileno(), 2**16)
        if not piece:
            return b""
        line += piece
    return line


def _end_as(number: int) -> None:
    """End as the copy did, so that whoever waits sees why."""
    if number in {signal.SIGXCPU, signal.SIGXFSZ}:
        signal.signal(number, signal.SIG_DFL)
    os.kill(os.getpid(), number)


@contextmanager
def _private(workspace: Path) -> Iterator[Path]:
    with tempfile.TemporaryDirectory(prefix="reading-", dir=workspace) as folder:
        yield Path(folder)


def answer_to(engine: Engine, job: Job) -> Answer:
    """Read one table, and tell how it went."""
    code_lists = {code_list.name: code_list for code_list in job.code_lists}
    try:
        # This process' own environment: at most the password of the one server that it was started for.
        own = dict(os.environ)  # noqa: TID251  # it was handed over as this environment
        key = TableKey.handed_over(job.key)
        reading = read_table(
            engine, job.declared, job.folder, code_lists=code_lists, into=job.extract, key=key, environment=own
        )
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
    look_seldom_for_circles()
    leave_out_pandas()
    main(Path(sys.argv[1]), _alone_on_stdout())
