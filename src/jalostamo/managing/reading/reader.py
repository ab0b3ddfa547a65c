"""Having tables read by a process that holds nothing worth taking: started once, used again, replaced when it dies.

It is started anew by its name, never forked, so that nothing of this process is in it; it has an empty environment, limits
by the size of what it reads, and no word of it is believed that does not fit.

Handbook 2.6, phase 4 (the sensitive environment).
"""

from __future__ import annotations

import os
import resource
import selectors
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from jalostamo.concepts.code_lists import CodeList
from jalostamo.concepts.errors import Misused, Unfit
from jalostamo.concepts.registers import FieldType, RegisterTable
from jalostamo.engine.connection import Engine
from jalostamo.engine.intake import RECORD
from jalostamo.engine.sealing import TableKey, forget_key, sealed_outline
from jalostamo.engine.typed import typed_records
from jalostamo.managing.reading.fields import FAULT
from jalostamo.managing.reading.jobs import (
    LONGEST_ANSWER,
    Answer,
    Job,
    answer_in,
    refusal_in,
    rejections_in,
    written,
)
from jalostamo.managing.reading.tables import Reading

_MODULE: Final = "jalostamo.managing.reading.child"
_ENVIRONMENT: Final = {"LC_ALL": "C.UTF-8", "MALLOC_ARENA_MAX": "2"}
_GIB: Final = 2**30
_MOMENT: Final = 0.002
_MOMENTS: Final = 500
_LONGEST_RECORD_DECLARED: Final = 2_048
"""Bytes that a declared record is taken to need, where the owner declares how many there are."""

_PACKED: Final = frozenset({"parquet", "xlsx", "sqlite"})
_INFLATED: Final = 40
_OVER_A_LIMIT: Final = frozenset({-signal.SIGXCPU, -signal.SIGXFSZ, -signal.SIGKILL})
_TYPES: Final[Mapping[FieldType, str]] = {
    FieldType.INTEGER: "BIGINT",
    FieldType.DECIMAL: "DECIMAL(18,4)",
    FieldType.BOOLEAN: "BOOLEAN",
    FieldType.DATE: "DATE",
    FieldType.DATETIME: "TIMESTAMP WITH TIME ZONE",
}


@dataclass(frozen=True, slots=True)
class Limits:
    """How much reading may take: so much at least, and so much more for each MiB of what is read."""

    seconds: float = 120.0
    seconds_per_mib: float = 1.0
    address_space: int = 4 * _GIB
    address_space_per_mib: int = 2**20
    most_address_space: int = 16 * _GIB
    written: int = 2**28
    written_per_mib: int = 4 * 2**20


@dataclass(slots=True)
class Reader:
    """A reader has tables read in a process of its own, which spills and writes in `workspace` alone.

    `environment` is where the password of a server is looked up.
    """

    workspace: Path
    environment: Mapping[str, str] = field(default_factory=dict, repr=False)
    limits: Limits = field(default_factory=Limits)
    _child: subprocess.Popen[bytes] | None = field(default=None, repr=False)
    _folder: Path | None = field(default=None, repr=False)

    def read(
        self,
        engine: Engine,
        declared: RegisterTable,
        folder: Path,
        *,
        code_lists: Mapping[str, CodeList],
        in_engine: bool = False,
    ) -> Reading:
        """Read one declared table from its file in `folder`, as `read_table` does, in the other process.

        With `in_engine` the records are taken into the engine, which spills nothing plainly, and their file is removed. The
        file is sealed with a key of its own, which that process has for this one job.
        """
        out = self.workspace / f"{engine.fresh_name()}_read"
        out.mkdir(mode=0o700)
        asked = tuple(code_lists[name] for name in sorted({f.code_list for f in declared.fields if f.code_list}))
        key = TableKey()
        job = Job(declared=declared, code_lists=asked, folder=folder.resolve(), out=out.resolve(), key=key.written())
        try:
            answer = self._asked(job)
            if answer.refused:
                raise refusal_in(answer)
            _check_count(declared, answer)
            _check_extract(engine, job.extract, declared, answer, key=key)
            table = typed_records(engine, job.extract, key=key).select(RECORD, *(f.name for f in declared.fields))
            kept = engine.keep(table) if in_engine else table
        except BaseException:
            shutil.rmtree(out, ignore_errors=True)
            raise
        if in_engine:
            shutil.rmtree(out)
            forget_key(engine, key)
        return Reading(kept, declared, answer.records, answer.loaded, rejections_in(answer))

    def close(self) -> None:
        """End the process, if there is one, and clear away what it spilled."""
        child, self._child = self._child, None
        if child is not None:
            _end(child)
        if self._folder is not None:
            shutil.rmtree(self._folder, ignore_errors=True)

    def _asked(self, job: Job) -> Answer:
        if job.declared.writing.server is None:
            return self._told(job)
        # A password is known to one process, which reads from its server and ends.
        with Reader(self.workspace, self.environment, self.limits).alone(
            _password(job.declared, self.environment)
        ) as other:
            return other._told(job)

    @contextmanager
    def alone(self, more: Mapping[str, str]) -> Iterator[Reader]:
        """This reader with a process that has more in its environment, ended with the block."""
        self._start(more)
        try:
            yield self
        finally:
            self.close()

    def _start(self, more: Mapping[str, str]) -> subprocess.Popen[bytes]:
        self.close()
        self._folder = Path(tempfile.mkdtemp(prefix="reading-", dir=self.workspace)).resolve()
        self._child = _started(self._folder, more)
        return self._child

    def _told(self, job: Job) -> Answer:
        child = self._child
        if child is None or child.poll() is not None:
            child = self._start({})
        size = _size_of(job)
        until = time.perf_counter() + self.limits.seconds + self.limits.seconds_per_mib * size
        try:
            _limit(child, self.limits, size)
            child.stdin.write(written(job))  # type: ignore[union-attr]  # it is a pipe
            child.stdin.flush()  # type: ignore[union-attr]  # it is a pipe
            line = _line_of(child, until)
        except (OSError, TimeoutError) as error:
            raise self._given_up(job, over_limit=isinstance(error, TimeoutError)) from None
        except BaseException:
            # Its answer would be taken for that to the next job.
            self.close()
            raise
        answer = answer_in(line, job.declared) if line.endswith(b"\n") else None
        if answer is None:
            raise self._given_up(job, over_limit=False)
        return answer

    def _given_up(self, job: Job, *, over_limit: bool) -> Unfit:
        child = self._child
        if child is not None and not over_limit:
            try:
                over_limit = child.wait(timeout=1) in _OVER_A_LIMIT
            except subprocess.TimeoutExpired:
                over_limit = False
        self.close()
        file = job.declared.file or f"Table '{job.declared.name}'"
        if over_limit:
            sentence = (
                f"{file} takes more time, memory or disk to read than one of its size may: is it what it should be?"
            )
            return Unfit(sentence, reason="reading_limit")
        return Unfit(f"{file} cannot be read: reading it gave up without a word.", reason="reading_gave_up")


def _started(workspace: Path, more: Mapping[str, str]) -> subprocess.Popen[bytes]:
    child = subprocess.Popen(
        # Nothing is written but in its folder: a limit on what it writes would cut the code that Python keeps compiled, too.
        [sys.executable, "-I", "-B", "-m", _MODULE, str(workspace)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        # What its libraries say may repeat a record.
        stderr=subprocess.DEVNULL,
        env={**_ENVIRONMENT, **more},
        cwd="/",
        umask=0o077,
        start_new_session=True,
    )
    resource.prlimit(child.pid, resource.RLIMIT_CORE, (0, 0))
    return child


def _end(child: subprocess.Popen[bytes]) -> None:
    """End the process, and the copy of it that reads: until it is gone, it may still write."""
    child.kill()
    child.communicate()
    with suppress(ProcessLookupError):
        # What has ended stays in the group until the machine's first process has taken note of it, which some do late.
        for _ in range(_MOMENTS):
            os.killpg(child.pid, signal.SIGKILL)
            time.sleep(_MOMENT)


def _limit(child: subprocess.Popen[bytes], limits: Limits, size: float) -> None:
    """Set the limits of the next job; what the process has used up by now does not count."""
    used = _seconds_used(child)
    space = min(limits.address_space + int(limits.address_space_per_mib * size), limits.most_address_space)
    soft = {
        resource.RLIMIT_AS: space,
        resource.RLIMIT_CPU: int(used + 2 * (limits.seconds + limits.seconds_per_mib * size)) + 1,
        resource.RLIMIT_FSIZE: limits.written + int(limits.written_per_mib * size),
    }
    for kind, most in soft.items():
        hard = resource.prlimit(child.pid, kind)[1]
        resource.prlimit(child.pid, kind, (most if hard == resource.RLIM_INFINITY else min(most, hard), hard))


def _seconds_used(child: subprocess.Popen[bytes]) -> float:
    # The 14th and 15th words; the second, in parentheses, may hold anything.
    words = Path(f"/proc/{child.pid}/stat").read_text(encoding="ascii", errors="replace").rpartition(")")[2].split()
    return (int(words[11]) + int(words[12])) / 100


def _line_of(child: subprocess.Popen[bytes], until: float) -> bytes:
    """The next line; what came before the process ended, where it ended."""
    stdout, line = child.stdout, b""
    assert stdout is not None
    with selectors.DefaultSelector() as waiting:
        waiting.register(stdout, selectors.EVENT_READ)
        while len(line) <= LONGEST_ANSWER:
            left = until - time.perf_counter()
            if left <= 0 or not waiting.select(left):
                raise TimeoutError
            read = stdout.read1(2**16)  # type: ignore[attr-defined]  # a pipe is buffered
            line += read
            if not read or line.endswith(b"\n"):
                break
    return line


def _size_of(job: Job) -> float:
    """MiB that there are to read: by what the owner declares, else by the file, which may be packed."""
    if job.declared.records_at_most is not None:
        return job.declared.records_at_most * _LONGEST_RECORD_DECLARED / 2**20
    try:
        size = (job.folder / job.declared.file).stat().st_size / 2**20 if job.declared.file else 1024.0
    except OSError:
        return 0.0
    return size * (_INFLATED if job.declared.writing.format in _PACKED else 1)


def _check_count(declared: RegisterTable, answer: Answer) -> None:
    most = declared.records_at_most
    if most is not None and answer.records > most:
        raise Unfit(
            f"{declared.file or declared.name} has {answer.records} records; its description says {most} at most.",
            reason="too_many_records",
        )


def _check_extract(engine: Engine, path: Path, declared: RegisterTable, answer: Answer, *, key: TableKey) -> None:
    """Take the file that was written for what it should be, or not at all."""
    unfit = Unfit(
        f"{declared.file or declared.name} cannot be read: what came of it does not fit.", reason="reading_gave_up"
    )
    if path.is_symlink() or not path.is_file():
        raise unfit
    found = sealed_outline(engine, path, key)
    if found is None:
        raise unfit
    rows, told = found
    types = {f.name: _TYPES.get(f.type, "VARCHAR") for f in declared.fields}
    # Records that were numbered before, or of which some were rejected, have numbers; faults are told where none was found.
    more = {name: kind for name, kind in ((RECORD, "BIGINT"), (FAULT, "VARCHAR")) if name in told}
    if rows != answer.loaded or not more or told != types | more:
        raise unfit


def _password(declared: RegisterTable, environment: Mapping[str, str]) -> Mapping[str, str]:
    server = declared.writing.server
    name = server.password_variable if server else ""
    if not name:
        return {}
    if name not in environment:
        raise Misused(
            f"The variable {name} is not set: it holds the password of '{declared.name}'.", reason="password_missing"
        )
    return {name: environment[name]}
