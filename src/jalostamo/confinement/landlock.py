"""Landlock: by its own will a process gives up files, ports, signals and sockets, and can never take them back.

What a rule does not allow is refused by the kernel, whatever user the process runs as. Which of its parts there are depends on
the kernel (its ABI).

Handbook 2.6 (neither the right nor the technical opportunity).
"""

from __future__ import annotations

import ctypes
import os
import stat
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Final

from jalostamo.confinement.machine import KernelRefused, call

_CREATE, _ADD, _RESTRICT = 444, 445, 446
_VERSION_ASKED: Final = 1
_BENEATH, _PORT = 1, 2

EXECUTE, WRITE_FILE, READ_FILE, READ_DIR, REMOVE_DIR, REMOVE_FILE = (1 << bit for bit in range(6))
MAKE_DIR, MAKE_REG = 1 << 7, 1 << 8
REFER, TRUNCATE, DEVICE = 1 << 13, 1 << 14, 1 << 15
_OF_FILES: Final = EXECUTE | WRITE_FILE | READ_FILE | TRUNCATE | DEVICE
_ALL_FIRST: Final = (1 << 13) - 1
_SINCE: Final[Mapping[int, int]] = {2: REFER, 3: TRUNCATE, 5: DEVICE}

READ: Final = READ_FILE | READ_DIR
RUN: Final = READ | EXECUTE
PUT: Final = WRITE_FILE | TRUNCATE | MAKE_REG | MAKE_DIR
"""To write new files and over one's own, neither to read nor to remove them; no link, socket, pipe or device is made."""

KEEP: Final = READ | PUT | REMOVE_FILE | REMOVE_DIR | REFER
OPEN_WRITE: Final = READ_FILE | WRITE_FILE

BIND, CONNECT = 1, 2
NETWORK_ABI: Final = 4
SCOPE_ABI: Final = 6
_SCOPES: Final = 0b11
"""Abstract sockets and signals."""


class _Ruleset(ctypes.Structure):
    _fields_ = (("files", ctypes.c_uint64), ("network", ctypes.c_uint64), ("scoped", ctypes.c_uint64))


class _Beneath(ctypes.Structure):
    _pack_ = 1
    _layout_ = "ms"
    _fields_ = (("allowed", ctypes.c_uint64), ("parent", ctypes.c_int32))


class _Port(ctypes.Structure):
    _fields_ = (("allowed", ctypes.c_uint64), ("port", ctypes.c_uint64))


def abi() -> int:
    """Which Landlock this kernel has; 0 where it has none."""
    try:
        return call(_CREATE, None, ctypes.c_size_t(0), ctypes.c_uint32(_VERSION_ASKED))
    except KernelRefused:
        return 0


def restrict(files: Iterable[tuple[Path, int]], ports: Iterable[tuple[int, int]], *, sockets_left: bool) -> None:
    """Give up every file but those beneath the paths with their rights, and every port but those named.

    With `sockets_left` only what is said of ports is held, for a process that may listen or connect.
    """
    known = abi()
    every = _ALL_FIRST | sum(right for since, right in _SINCE.items() if since <= known)
    network = BIND | CONNECT if known >= NETWORK_ABI else 0
    asked = _Ruleset(every, network, _SCOPES if known >= SCOPE_ABI else 0)
    size = 8 if known < NETWORK_ABI else 16 if known < SCOPE_ABI else 24
    ruleset = call(_CREATE, ctypes.byref(asked), ctypes.c_size_t(size), ctypes.c_uint32(0))
    try:
        for path, rights in files:
            _allow(ruleset, path, rights & every)
        for port, rights in ports if network and sockets_left else ():
            rule = _Port(rights, port)
            call(_ADD, ctypes.c_int(ruleset), ctypes.c_int(_PORT), ctypes.byref(rule), ctypes.c_uint32(0))
        call(_RESTRICT, ctypes.c_int(ruleset), ctypes.c_uint32(0))
    finally:
        os.close(ruleset)


def _allow(ruleset: int, path: Path, rights: int) -> None:
    try:
        opened = os.open(path, os.O_PATH | os.O_CLOEXEC)
    except (FileNotFoundError, NotADirectoryError, PermissionError):
        # What is not there, or not ours, needs no rule: without one it stays refused.
        return
    try:
        is_folder = stat.S_ISDIR(os.fstat(opened).st_mode)
        rule = _Beneath(rights if is_folder else rights & _OF_FILES, opened)
        call(_ADD, ctypes.c_int(ruleset), ctypes.c_int(_BENEATH), ctypes.byref(rule), ctypes.c_uint32(0))
    finally:
        os.close(opened)
