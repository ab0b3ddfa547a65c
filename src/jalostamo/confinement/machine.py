"""The kernel as this room speaks to it: calls by their numbers, and which numbers this kind of processor has.

No package is needed: libc's own door is opened by ctypes.

Handbook 2.6 (data protection by design).
"""

from __future__ import annotations

import ctypes
import os
import platform
from pathlib import Path
from typing import Final

PR_SET_PDEATHSIG: Final = 1
PR_SET_DUMPABLE: Final = 4
PR_SET_NO_NEW_PRIVS: Final = 38
PR_CAPBSET_DROP: Final = 24
PR_CAP_AMBIENT: Final = 47
PR_CAP_AMBIENT_CLEAR_ALL: Final = 4
PR_SET_PTRACER: Final = 0x59616D61

_CAPABILITY_VERSION: Final = 0x20080522
_MOST_CAPABILITIES: Final = 64
_LIBC: Final = ctypes.CDLL(None, use_errno=True)


class KernelRefused(OSError):
    """The kernel said no to a call of this room."""


def call(number: int, *words: object) -> int:
    """Call the kernel by a number; what it refuses is raised."""
    told: int = _LIBC.syscall(ctypes.c_long(number), *words)
    return _checked(told)


def control(option: int, *words: int) -> int:
    """Change something about this process (prctl)."""
    padded = [ctypes.c_ulong(word) for word in (*words, 0, 0, 0, 0)[:4]]
    told: int = _LIBC.prctl(ctypes.c_int(option), *padded)
    return _checked(told)


def unshare(flags: int) -> None:
    """Leave namespaces that are shared with others."""
    _checked(_LIBC.unshare(ctypes.c_int(flags)))


def drop_capabilities() -> None:
    """Give up every privilege of the superuser, for good, also for programs that are started later."""
    for capability in range(_MOST_CAPABILITIES):
        # One that this kernel does not know, or that is not ours to drop, is none that we could gain.
        _LIBC.prctl(ctypes.c_int(PR_CAPBSET_DROP), ctypes.c_ulong(capability), *[ctypes.c_ulong(0)] * 3)
    _LIBC.prctl(ctypes.c_int(PR_CAP_AMBIENT), ctypes.c_ulong(PR_CAP_AMBIENT_CLEAR_ALL), *[ctypes.c_ulong(0)] * 3)
    header = (ctypes.c_uint32 * 2)(_CAPABILITY_VERSION, 0)
    none = (ctypes.c_uint32 * 6)()
    _checked(_LIBC.capset(ctypes.byref(header), ctypes.byref(none)))


def threads() -> int:
    """How many threads this process has."""
    lines = Path("/proc/self/status").read_bytes().splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith(b"Threads:"))


def processor() -> str:
    """The kind of processor, as calls are numbered by it."""
    return platform.machine()


def _checked(told: int) -> int:
    if told < 0:
        number = ctypes.get_errno()
        raise KernelRefused(number, os.strerror(number))
    return told
