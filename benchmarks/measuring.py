"""What a process took: seconds by the clock and of processors, the most memory, and what it said."""

from __future__ import annotations

import os
import subprocess
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Took:
    """What a process took, with all that it started: seconds, CPU seconds, GiB; and what it said."""

    seconds: float
    cpu: float
    memory: float
    said: str

    @property
    def last(self) -> str:
        """The last line that it said."""
        return self.said.strip().splitlines()[-1]

    def __str__(self) -> str:
        return f"{self.seconds:.1f} s, {self.cpu:.1f} CPU s, {self.memory:.2f} GiB ({self.last})"


def child(command: Sequence[str | Path]) -> Took:
    """Run a process and measure it; one that fails ends the benchmark."""
    began = time.perf_counter()
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        said = process.stdout.read()
        _, status, used = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        raise SystemExit(f"{command[:2]} ended with {process.returncode}")
    return Took(time.perf_counter() - began, used.ru_utime + used.ru_stime, used.ru_maxrss / 2**20, said)
