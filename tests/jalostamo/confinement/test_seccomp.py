"""The filter, reckoned through by a reader of its small programs that is written anew: what each call of the kernel comes to."""

from __future__ import annotations

import errno
import socket
from collections.abc import Sequence

import pytest

from jalostamo.confinement import calls
from jalostamo.confinement.machine import processor
from jalostamo.confinement.seccomp import Filter, Instruction, program

ARCHITECTURE, COLUMN = calls.ARCHITECTURES[processor()]
PID = 4242
ALLOWED, KILLED = 0x7FFF0000, 0x80000000
NONE = Filter()
PORTS = Filter(streams=True)
LOOKUPS = Filter(streams=True, lookups=True)
COMPANY = Filter(processes=True)


def came_to(lines: Sequence[Instruction], number: int, *words: int, architecture: int = ARCHITECTURE) -> int:
    """What a program answers to a call."""
    memory = {0: number, 4: architecture} | {16 + 8 * place: word for place, word in enumerate(words)}
    at = held = 0
    while True:
        code, yes, no, value = lines[at]
        at += 1
        match code:
            case 0x20:
                held = memory.get(value, 0)
            case 0x54:
                held &= value
            case 0x06:
                return value
            case 0x15:
                at += yes if held == value else no
            case 0x35:
                at += yes if held >= value else no
            case 0x45:
                at += yes if held & value else no
            case _:
                raise AssertionError(code)


def refused(number: int = errno.EPERM) -> int:
    """The answer by which a call is refused."""
    return 0x00050000 | number


@pytest.mark.parametrize("name", calls.REFUSED)
def test_a_call_on_the_list_is_refused_whatever_else_is_left(name: str) -> None:
    number = calls.REFUSED[name][COLUMN]
    if number is not None:
        for wanted in (NONE, PORTS, LOOKUPS, COMPANY):
            assert came_to(program(wanted, pid=PID), number) == refused()


def test_no_number_stands_twice() -> None:
    tables = [*calls.REFUSED.values(), *calls.FORKS.values(), calls.CLONE, calls.CLONE3, calls.SOCKET, calls.PRCTL]
    for column in (0, 1):
        numbers = [row[column] for row in (*tables, *calls.SIGNALS, *calls.OF_OTHERS) if row[column] is not None]
        assert len(numbers) == len(set(numbers))


def test_what_is_not_on_the_list_is_allowed() -> None:
    known = {row[COLUMN] for row in [*calls.REFUSED.values(), *calls.FORKS.values()]}
    known |= {row[COLUMN] for row in (calls.CLONE, calls.CLONE3, calls.SOCKET, calls.PRCTL)}
    known |= {row[COLUMN] for row in (*calls.SIGNALS, *calls.OF_OTHERS)}
    lines = program(NONE, pid=PID)
    assert {came_to(lines, number) for number in range(470) if number not in known} == {ALLOWED}


def test_a_call_numbered_otherwise_ends_the_process() -> None:
    """Programs for 32 bits, and those of x32, number their calls otherwise."""
    lines = program(NONE, pid=PID)
    assert came_to(lines, 0, architecture=0x40000003) == KILLED
    if COLUMN == 0:
        assert came_to(lines, 0x40000000) == KILLED


STREAM, PACKETS, RAW = int(socket.SOCK_STREAM), int(socket.SOCK_DGRAM), int(socket.SOCK_RAW)
INET, INET6, UNIX, NETLINK = 2, 10, 1, 16


@pytest.mark.parametrize(
    ("wanted", "allowed"),
    [
        (NONE, set()),
        (PORTS, {(INET, STREAM), (INET6, STREAM)}),
        (LOOKUPS, {(INET, STREAM), (INET6, STREAM), (INET, PACKETS), (INET6, PACKETS)}),
    ],
    ids=["none", "ports", "lookups"],
)
def test_sockets_are_left_by_family_and_kind(wanted: Filter, allowed: set[tuple[int, int]]) -> None:
    lines, number = program(wanted, pid=PID), calls.SOCKET[COLUMN]
    for family in (INET, INET6, UNIX, NETLINK, 17, 40):
        for kind in (STREAM, PACKETS, RAW):
            # Flags such as close-on-exec are set in the same word.
            answer = came_to(lines, number, family, kind | 0o2000000)
            assert answer == (ALLOWED if (family, kind) in allowed else refused())


@pytest.mark.parametrize("flag", [0x00020000, 0x02000000, 0x04000000, 0x08000000, 0x10000000, 0x20000000, 0x40000000])
def test_no_new_namespace_is_cloned(flag: int) -> None:
    for wanted in (NONE, COMPANY):
        assert came_to(program(wanted, pid=PID), calls.CLONE[COLUMN], flag | 0x00010000) == refused()


def test_threads_are_cloned_and_processes_only_where_they_may() -> None:
    for wanted, answer in ((NONE, refused()), (COMPANY, ALLOWED)):
        lines = program(wanted, pid=PID)
        assert came_to(lines, calls.CLONE[COLUMN], 0x00010000) == ALLOWED
        assert came_to(lines, calls.CLONE[COLUMN], 17) == answer
        assert came_to(lines, calls.CLONE3[COLUMN]) == refused(errno.ENOSYS)


def test_signals_and_limits_are_for_oneself_alone() -> None:
    lines = program(NONE, pid=PID)
    for row in calls.SIGNALS:
        assert [came_to(lines, row[COLUMN], whom) for whom in (PID, PID + 1, 0, 2**32 - 1)] == [
            ALLOWED,
            *[refused()] * 3,
        ]
    for row in calls.OF_OTHERS:
        assert [came_to(lines, row[COLUMN], whom) for whom in (0, PID, PID + 1)] == [ALLOWED, ALLOWED, refused()]


def test_a_process_does_not_open_itself_again() -> None:
    lines = program(NONE, pid=PID)
    assert [came_to(lines, calls.PRCTL[COLUMN], option) for option in (1, 4, 0x59616D61, 15)] == [
        *[refused()] * 3,
        ALLOWED,
    ]
