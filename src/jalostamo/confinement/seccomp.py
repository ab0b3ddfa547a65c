"""Seccomp: a filter on the calls to the kernel, for what Landlock cannot refuse; it is inherited and never taken away.

Handbook 2.6 (neither the right nor the technical opportunity).
"""

from __future__ import annotations

import ctypes
import errno
import os
import socket
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from jalostamo.confinement import calls
from jalostamo.confinement.machine import PR_SET_DUMPABLE, PR_SET_PDEATHSIG, PR_SET_PTRACER, call, processor

_LOAD, _AND, _RETURN = 0x20, 0x54, 0x06
_EQUAL, _AT_LEAST, _ANY_BIT = 0x15, 0x35, 0x45
_ALLOW: Final = 0x7FFF0000
_KILL: Final = 0x80000000
_NUMBER, _ARCHITECTURE, _WORDS = 0, 4, 16
_OTHER_NUMBERING: Final = 0x40000000
"""From here on calls of x86_64 are numbered as those of another kind of program (x32)."""

_NEW_NAMESPACE: Final = 0x7E020000
_THREAD: Final = 0x00010000
_SET_FILTER, _ALL_THREADS = 1, 1
_KIND_OF_SOCKET: Final = 0xF

Instruction = tuple[int, int, int, int]


class _Line(ctypes.Structure):
    _fields_ = (("code", ctypes.c_uint16), ("yes", ctypes.c_uint8), ("no", ctypes.c_uint8), ("value", ctypes.c_uint32))


class _Program(ctypes.Structure):
    _fields_ = (("length", ctypes.c_uint16), ("lines", ctypes.POINTER(_Line)))


@dataclass(frozen=True, slots=True)
class Filter:
    """What a filter leaves: sockets of streams, of single packets for looking up names, other processes, and their care."""

    streams: bool = False
    lookups: bool = False
    processes: bool = False
    children: bool = False


def is_known() -> bool:
    """Whether the calls of this kind of processor are known by number."""
    return processor() in calls.ARCHITECTURES


def install(wanted: Filter) -> None:
    """Put the filter on this process and all its threads; its own new privileges must have been given up before."""
    told = program(wanted, pid=os.getpid())
    lines = (_Line * len(told))(*(_Line(*line) for line in told))
    whole = _Program(len(told), lines)
    number = calls.SECCOMP[calls.ARCHITECTURES[processor()][1]]
    call(number, ctypes.c_uint(_SET_FILTER), ctypes.c_uint(_ALL_THREADS), ctypes.byref(whole))


def program(wanted: Filter, *, pid: int) -> list[Instruction]:
    """The filter as the kernel's own small program; what is not named in it is allowed."""
    architecture, column = calls.ARCHITECTURES[processor()]
    lines: list[Instruction] = [
        (_LOAD, 0, 0, _ARCHITECTURE),
        (_EQUAL, 1, 0, architecture),
        (_RETURN, 0, 0, _KILL),
        (_LOAD, 0, 0, _NUMBER),
    ]
    if column == 0:
        lines += [(_AT_LEAST, 0, 1, _OTHER_NUMBERING), (_RETURN, 0, 0, _KILL)]
    for number, block in _blocks(wanted, column, pid):
        lines += [(_EQUAL, 0, len(block), number), *block]
    return [*lines, (_RETURN, 0, 0, _ALLOW)]


def _blocks(wanted: Filter, column: int, pid: int) -> Iterator[tuple[int, list[Instruction]]]:
    left = calls.OF_PARENTS if wanted.children else frozenset()
    refused = [numbers for name, numbers in calls.REFUSED.items() if name not in left]
    for numbers in (*refused, *(() if wanted.processes else calls.FORKS.values())):
        number = numbers[column]
        if number is not None:
            yield number, [_refuse()]
    yield calls.SOCKET[column], _sockets(wanted)
    yield calls.CLONE[column], _clones(wanted)
    # Its words lie in memory, where a filter cannot look: libraries fall back on `clone` when it is not there.
    yield calls.CLONE3[column], [_refuse(errno.ENOSYS)]
    yield calls.PRCTL[column], _about_itself(wanted)
    for numbers in calls.OF_OTHERS:
        if numbers != calls.LIMITS or not wanted.children:
            yield numbers[column], _only_if((0, pid))
    if not wanted.processes:
        for numbers in calls.SIGNALS:
            yield numbers[column], _only_if((pid,))


def _refuse(number: int = errno.EPERM) -> Instruction:
    return (_RETURN, 0, 0, 0x00050000 | number)


def _about_itself(wanted: Filter) -> list[Instruction]:
    if not wanted.children:
        return _only_if_none((PR_SET_PDEATHSIG, PR_SET_DUMPABLE, PR_SET_PTRACER))
    # Each child ends with it, and hides itself; neither opens itself again.
    hiding = [(_EQUAL, 0, 3, PR_SET_DUMPABLE), _word(1), (_EQUAL, 1, 0, 0), _refuse()]
    return [_word(0), (_EQUAL, 0, 1, PR_SET_PTRACER), _refuse(), *hiding, (_RETURN, 0, 0, _ALLOW)]


def _word(place: int) -> Instruction:
    # The lower half: the kernel takes these words as 32 bits.
    return (_LOAD, 0, 0, _WORDS + 8 * place)


def _only_if(values: Sequence[int]) -> list[Instruction]:
    allowed = [line for value in values for line in ((_EQUAL, 0, 1, value), (_RETURN, 0, 0, _ALLOW))]
    return [_word(0), *allowed, _refuse()]


def _only_if_none(values: Sequence[int]) -> list[Instruction]:
    refused = [line for value in values for line in ((_EQUAL, 0, 1, value), _refuse())]
    return [_word(0), *refused, (_RETURN, 0, 0, _ALLOW)]


def _sockets(wanted: Filter) -> list[Instruction]:
    if not wanted.streams:
        return [_refuse()]
    kinds = [socket.SOCK_STREAM, *([socket.SOCK_DGRAM] if wanted.lookups else [])]
    allowed = [line for kind in kinds for line in ((_EQUAL, 0, 1, int(kind)), (_RETURN, 0, 0, _ALLOW))]
    return [
        _word(0),
        (_EQUAL, 2, 0, int(socket.AF_INET)),
        (_EQUAL, 1, 0, int(socket.AF_INET6)),
        _refuse(),
        _word(1),
        (_AND, 0, 0, _KIND_OF_SOCKET),
        *allowed,
        _refuse(),
    ]


def _clones(wanted: Filter) -> list[Instruction]:
    first = [_word(0), (_ANY_BIT, 0, 1, _NEW_NAMESPACE), _refuse()]
    if wanted.processes:
        return [*first, (_RETURN, 0, 0, _ALLOW)]
    return [*first, (_ANY_BIT, 0, 1, _THREAD), (_RETURN, 0, 0, _ALLOW), _refuse()]
