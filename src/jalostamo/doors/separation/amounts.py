"""The forbidden acts on amounts and privileges; each does what it says, or is refused by an error.

Handbook 2.6 (neither the right nor the technical opportunity).
"""

from __future__ import annotations

import ctypes
import mmap
import os
import resource
import time
from pathlib import Path
from typing import Final

from jalostamo.confinement import machine
from jalostamo.doors.separation.acts import Targets
from jalostamo.doors.separation.reaching import number

BEYOND: Final = 2**25
"""Bytes; more than a result of the probe may have."""

_NEW_USER: Final = 0x10000000
_PIECE: Final = 2**16
_MEMORY: Final = 2**36
_UNRESERVED: Final = 0x4000
_SECONDS: Final = 1.6


def raise_limits(targets: Targets) -> None:
    """Give oneself more than one was given."""
    resource.setrlimit(resource.RLIMIT_FSIZE, (resource.RLIM_INFINITY, resource.RLIM_INFINITY))


def start_processes(targets: Targets) -> None:
    """Start another process, as a fork bomb begins."""
    started = os.fork()
    if not started:
        os._exit(0)
    os.waitpid(started, 0)


def fill_results(targets: Targets) -> None:
    """Write more than a result may have."""
    with (Path(targets["results"]) / "filled").open("wb") as opened:
        for _ in range(BEYOND // _PIECE + 1):
            opened.write(b"x" * _PIECE)


def take_memory(targets: Targets) -> None:
    """Take more memory than there is to be had."""
    mmap.mmap(-1, _MEMORY, flags=mmap.MAP_PRIVATE | mmap.MAP_ANONYMOUS | _UNRESERVED).close()


def take_time(targets: Targets) -> None:
    """Reckon on and on."""
    until = time.process_time() + _SECONDS
    while time.process_time() < until:
        pass


def hide_memory(targets: Targets) -> None:
    """Take memory that no limit counts."""
    os.close(os.memfd_create("hidden"))


def share_memory(targets: Targets) -> None:
    """Leave memory that outlives oneself."""
    made = machine.call(number("shmget"), ctypes.c_int(0), ctypes.c_size_t(4096), ctypes.c_int(0o1600))
    machine.call(number("shmctl"), ctypes.c_int(made), ctypes.c_int(0), None)


def leave_group(targets: Targets) -> None:
    """Leave the group by which one would be ended."""
    os.setsid()


def open_oneself(targets: Targets) -> None:
    """Open one's own memory to other programs again."""
    machine.control(machine.PR_SET_DUMPABLE, 1)


def become_superuser(targets: Targets) -> None:
    """Be the superuser of a world of one's own."""
    machine.unshare(_NEW_USER)
