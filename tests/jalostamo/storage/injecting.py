"""Faults that the kernel itself is made to tell a real process: no space, a disk that fails, or a kill at a very call."""

from __future__ import annotations

import re
import signal
import subprocess
import sys
import tempfile
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final

ROOT: Final = Path(__file__).resolve().parents[3]
CALLS: Final = (
    *("openat", "write", "pwrite64", "fchmod", "fsync", "fdatasync", "ftruncate"),
    *("mkdir", "rename", "link", "unlink", "rmdir"),
)
FAULTS: Final = ("signal=KILL", "error=ENOSPC", "error=EIO")
KILLED: Final = (-signal.SIGKILL, 128 + signal.SIGKILL)
_CALL: Final = re.compile(r"^(?:\d+ +)?(\w+)\((.*)$")


@dataclass(frozen=True, slots=True)
class Point:
    """A point is the n-th call of a kind that a process makes."""

    call: str
    number: int


@contextmanager
def in_memory() -> Iterator[Path]:
    """A folder in memory, where there is such a place: faults are told by the kernel, whatever is below it."""
    memory = Path("/dev/shm")
    with tempfile.TemporaryDirectory(dir=memory if memory.is_dir() else None) as folder:
        yield Path(folder)


def child(script: Path, *words: object) -> list[str]:
    """The words that start a script of the tests with the library and nothing else on its path: it starts in no time."""
    return [sys.executable, "-I", "-S", "-B", str(script), str(ROOT / "src"), *map(str, words)]


def points_of(strace: Path, words: Sequence[str], place: Path, log: Path) -> list[Point]:
    """Run a process once, and find every call by which it touches something below a place."""
    tracing = [strace, "-f", "-qq", "-y", "-s", "0", f"--trace={','.join(CALLS)}", f"--output={log}"]
    subprocess.run([*tracing, *words], check=True, capture_output=True)
    seen: Counter[str] = Counter()
    found = []
    for line in log.read_text(encoding="utf-8", errors="replace").splitlines():
        call = _CALL.match(line)
        if call:
            seen[call[1]] += 1
            if str(place) in call[2]:
                found.append(Point(call[1], seen[call[1]]))
    return found


def run_with(strace: Path, words: Sequence[str], point: Point, fault: str) -> int:
    """Run a process that meets a fault at a point, and return how it ended."""
    injecting = [f"--trace={point.call}", f"--inject={point.call}:{fault}:when={point.number}", "--output=/dev/null"]
    return subprocess.run([strace, "-f", "-qq", *injecting, *words], check=False, capture_output=True).returncode


def each_fault(
    strace: Path,
    place: Path,
    prepare: Callable[[Path], Sequence[str]],
    faults: Sequence[str] = FAULTS,
    *,
    every: int = 1,
) -> Iterator[tuple[Path, Point, str, int]]:
    """Run a process anew for each point (or every so many-th) and fault, each in a folder of its own, and tell how it ended.

    `prepare` makes ready the folder it is given, and returns the words of the process.
    """
    first = place / "first"
    points = points_of(strace, prepare(first), first, place / "log")
    for point in points[::every]:
        for fault in faults:
            folder = place / f"{point.call}-{point.number}-{fault.partition('=')[2]}"
            yield folder, point, fault, run_with(strace, prepare(folder), point, fault)
