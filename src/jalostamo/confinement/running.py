"""Running one short-lived child within walls, and ending it when its time, memory, output or company is more than allowed.

What it says of itself is not believed; how it ended is one word of a closed list, and its own words stay in its folder.

Handbook 2.6 (the non-sensitive environment).
"""

from __future__ import annotations

import json
import os
import resource
import selectors
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path
from typing import IO, Final

from jalostamo.confinement.confined import Confined, confined_from
from jalostamo.confinement.entering import enter
from jalostamo.confinement.held import Held, held_from

_ENVIRONMENT: Final = {"LC_ALL": "C.UTF-8", "MALLOC_ARENA_MAX": "2", "OPENBLAS_NUM_THREADS": "2"}
_EVERY: Final = 0.02
_PIECE: Final = 2**16
_LONGEST_ACCOUNT: Final = 2**14
_PAGE: Final = os.sysconf("SC_PAGE_SIZE")


class Ending(StrEnum):
    """How a confined child ended."""

    DONE = "done"
    TIME = "time"
    MEMORY = "memory"
    OUTPUT = "output"
    PROCESSES = "processes"
    REFUSED = "refused"
    CRASHED = "crashed"
    NOT_CONFINED = "not_confined"


@dataclass(frozen=True, slots=True)
class Allowance:
    """What a child may use up: seconds by the clock, bytes that it holds at once, bytes that it writes, and its processes."""

    seconds: float
    memory: int
    output: int
    processes: int = 0
    files: int = 1024


@dataclass(frozen=True, slots=True, repr=False)
class Ended:
    """How a child ended, what held it, and what it said on standard output, which is for the people of its job alone."""

    ending: Ending
    code: int
    held: tuple[Held, ...]
    said: bytes

    def __repr__(self) -> str:
        return f"Ended({self.ending.value}, {self.code})"


def run_confined(
    module: str,
    words: Sequence[str],
    confined: Confined,
    allowance: Allowance,
    *,
    more: Mapping[str, str] | None = None,
    told: bytes = b"",
) -> Ended:
    """Run a module as a child that confines itself before anything else, and end it with all that it started.

    The module's first word is its confinement, its second the number under which it tells what holds (`entered_by`). What it
    is `told` stands on its standard input, and nowhere else: a key, for as long as it runs.
    """
    with tempfile.TemporaryDirectory(prefix="jalostamo-empty-") as empty:
        read, write = os.pipe()
        try:
            command = [
                sys.executable,
                "-I",
                "-B",
                "-m",
                module,
                confined.written(),
                str(write),
                str(os.getpid()),
                *words,
            ]
            child = _started(command, {**_ENVIRONMENT, **(more or {})}, Path(empty), keeping=write, told=told)
        except BaseException:
            os.close(read)
            raise
        finally:
            os.close(write)
        try:
            return _watched(child, confined, allowance, account=read)
        finally:
            os.close(read)
            _end(child)


def entered_by(words: Sequence[str]) -> list[str]:
    """Enter the confinement that a child was started with, tell what holds, and return the words that are its own."""
    told, number, parent, *rest = words
    held = enter(confined_from(told), parent=int(parent))
    with os.fdopen(int(number), "wb") as account:
        account.write(json.dumps([each.as_mapping() for each in held]).encode())
    return rest


def _started(
    command: Sequence[str], environment: Mapping[str, str], cwd: Path, *, keeping: int, told: bytes
) -> subprocess.Popen[bytes]:
    child = subprocess.Popen(
        command,
        stdin=subprocess.PIPE if told else subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        # What its libraries say may repeat what they read.
        stderr=subprocess.DEVNULL,
        env=dict(environment),
        cwd=cwd,
        umask=0o077,
        pass_fds=(keeping,),
        start_new_session=True,
    )
    resource.prlimit(child.pid, resource.RLIMIT_CORE, (0, 0))
    if child.stdin is not None:
        # A line, which the pipe takes whether or not the child is there to read it.
        with suppress(BrokenPipeError), child.stdin as opened:
            opened.write(told)
    return child


def _watched(child: subprocess.Popen[bytes], confined: Confined, allowance: Allowance, *, account: int) -> Ended:
    assert child.stdout is not None
    watching = _Watching(child.pid, allowance, (*confined.write, *confined.scratch), time.perf_counter())
    ending = watching.over(child.stdout)
    if ending is None:
        # It has closed its standard output, or ended; what it started may go on.
        ending = watching.until_ended(child)
    _end(child)
    held = _account(account)
    return Ended(ending or _how(child.returncode, told=bool(held)), child.returncode, held, bytes(watching.said))


@dataclass(slots=True)
class _Watching:
    """What a child has used up so far, looked at every so often."""

    pid: int
    allowance: Allowance
    folders: tuple[Path, ...]
    began: float
    said: bytearray = field(default_factory=bytearray)

    def over(self, out: IO[bytes]) -> Ending | None:
        """Listen until nothing more is said, or something is over what is allowed."""
        with selectors.DefaultSelector() as waiting:
            waiting.register(out, selectors.EVENT_READ)
            while True:
                if waiting.select(_EVERY):
                    piece = os.read(out.fileno(), _PIECE)
                    if not piece:
                        return None
                    self.said += piece
                found = self._found()
                if found is not None:
                    return found

    def until_ended(self, child: subprocess.Popen[bytes]) -> Ending | None:
        """Watch on until the child has ended."""
        while True:
            found = self._found()
            if found is not None:
                return found
            # Looked at and not yet taken away: its number stays its own until its group has been ended.
            if os.waitid(os.P_PID, child.pid, os.WEXITED | os.WNOWAIT | os.WNOHANG) is not None:
                return Ending.OUTPUT if self._written() >= self.allowance.output else None
            time.sleep(_EVERY)

    def _found(self) -> Ending | None:
        if time.perf_counter() - self.began > self.allowance.seconds:
            return Ending.TIME
        if self._written() > self.allowance.output:
            return Ending.OUTPUT
        group = list(_group(self.pid)) if self.allowance.processes else [self.pid]
        if len(group) > 1 + self.allowance.processes:
            return Ending.PROCESSES
        return Ending.MEMORY if sum(map(_resident, group)) > self.allowance.memory else None

    def _written(self) -> int:
        files = list(_files(self.folders))
        # Many small files are as much as a large one.
        beyond = max(0, len(files) - self.allowance.files)
        return len(self.said) + sum(files) + beyond * self.allowance.output


def _files(folders: Sequence[Path]) -> Iterator[int]:
    """The sizes of what lies in folders, folders among it; a link is not followed."""
    for folder in folders:
        for at, below, names in os.walk(folder):
            for name in (*below, *names):
                try:
                    yield (Path(at) / name).lstat().st_size
                except OSError:
                    continue


def _group(leader: int) -> Iterator[int]:
    """The processes that a child has started, itself first; none leaves the group, since it may not."""
    for process in Path("/proc").iterdir():
        if not process.name.isdecimal():
            continue
        try:
            words = (process / "stat").read_text(encoding="ascii", errors="replace").rpartition(")")[2].split()
        except OSError:
            continue
        if int(words[2]) == leader:
            yield int(process.name)


def _resident(pid: int) -> int:
    try:
        return int(Path(f"/proc/{pid}/statm").read_text(encoding="ascii").split()[1]) * _PAGE
    except (OSError, IndexError, ValueError):
        return 0


def _end(child: subprocess.Popen[bytes]) -> None:
    if child.returncode is None:
        with suppress(ProcessLookupError):
            os.killpg(child.pid, signal.SIGKILL)
        child.wait()
    if child.stdout is not None:
        child.stdout.close()


def _account(read: int) -> tuple[Held, ...]:
    """What the child told of its walls, before it touched anything; nothing where it told none."""
    os.set_blocking(read, False)
    try:
        told = os.read(read, _LONGEST_ACCOUNT)
        return tuple(held_from(each) for each in json.loads(told))
    except (OSError, ValueError, TypeError, AttributeError):
        return ()


def _how(code: int, *, told: bool) -> Ending:
    if not told:
        return Ending.NOT_CONFINED
    if code == 0:
        return Ending.DONE
    return _BY_CODE.get(code, Ending.CRASHED)


OUT_OF_MEMORY: Final = 75
TOO_MUCH_OUTPUT: Final = 76
"""The exit codes by which a child of ours says that it ran into its own limits."""

_BY_CODE: Final[Mapping[int, Ending]] = {
    -signal.SIGXCPU: Ending.TIME,
    -signal.SIGKILL: Ending.MEMORY,
    -signal.SIGXFSZ: Ending.OUTPUT,
    OUT_OF_MEMORY: Ending.MEMORY,
    TOO_MUCH_OUTPUT: Ending.OUTPUT,
    # By these a command of ours says no; others are crashes.
    2: Ending.REFUSED,
    3: Ending.REFUSED,
    4: Ending.REFUSED,
}
