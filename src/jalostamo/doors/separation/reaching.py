"""The forbidden acts on other processes and on the network; each does what it says, or is refused by an error.

Handbook 2.6 (neither the right nor the technical opportunity).
"""

from __future__ import annotations

import ctypes
import os
import resource
import signal
import socket
from pathlib import Path
from typing import Final

from jalostamo.confinement import calls, machine
from jalostamo.doors.separation.acts import NotDoneError, Targets, expect

_SEIZE: Final = 0x4206
_PIECE: Final = 2**16


def read_variables(targets: Targets) -> None:
    """Read the variables of the process that holds keys."""
    if not Path(f"/proc/{targets['victim']}/environ").read_bytes():
        raise NotDoneError


def read_memory(targets: Targets) -> None:
    """Read a secret out of the memory of another process."""
    with Path(f"/proc/{targets['victim']}/mem").open("rb", buffering=0) as opened:
        opened.seek(int(targets["address"]))
        expect(opened.read(int(targets["length"])), targets)


def read_memory_by_call(targets: Targets) -> None:
    """Read a secret out of the memory of another process, by the call that is made for it."""
    length = int(targets["length"])
    held = ctypes.create_string_buffer(length)
    here = (ctypes.c_size_t * 2)(ctypes.addressof(held), length)
    there = (ctypes.c_size_t * 2)(int(targets["address"]), length)
    one = ctypes.c_ulong(1)
    told = number("process_vm_readv")
    machine.call(told, ctypes.c_int(int(targets["victim"])), here, one, there, one, ctypes.c_ulong(0))
    expect(held.raw, targets)


def trace(targets: Targets) -> None:
    """Trace another process, as a debugger does."""
    nothing = ctypes.c_void_p(None)
    machine.call(number("ptrace"), ctypes.c_long(_SEIZE), ctypes.c_long(int(targets["victim"])), nothing, nothing)


def take_descriptor(targets: Targets) -> None:
    """Take over a file that another process has open."""
    pid = os.pidfd_open(int(targets["victim"]))
    got = machine.call(number("pidfd_getfd"), ctypes.c_int(pid), ctypes.c_int(int(targets["open"])), ctypes.c_uint(0))
    expect(os.pread(got, _PIECE, 0), targets)


def list_descriptors(targets: Targets) -> None:
    """See which files another process has open."""
    if not os.listdir(f"/proc/{targets['victim']}/fd"):  # noqa: PTH208  # names alone
        raise NotDoneError


def read_command(targets: Targets) -> None:
    """See with which words another process was started."""
    if not Path(f"/proc/{targets['victim']}/cmdline").read_bytes():
        raise NotDoneError


def send_signal(targets: Targets) -> None:
    """Send a signal to another process."""
    os.kill(int(targets["victim"]), signal.SIGWINCH)


def limit_other(targets: Targets) -> None:
    """Set a limit of another process."""
    victim = int(targets["victim"])
    told = (ctypes.c_uint64 * 2)(*resource.prlimit(victim, resource.RLIMIT_CORE))
    limits = calls.OF_OTHERS[0][column()]
    machine.call(limits, ctypes.c_int(victim), ctypes.c_int(resource.RLIMIT_CORE), told, None)


def slow_other(targets: Targets) -> None:
    """Have another process wait behind all others."""
    os.setpriority(os.PRIO_PROCESS, int(targets["victim"]), 19)


def connect(targets: Targets) -> None:
    """Connect out, and send something."""
    with socket.socket() as made:
        made.connect(("127.0.0.1", int(targets["tcp"])))
        made.sendall(b"rows")


def send_packet(targets: Targets) -> None:
    """Send a packet out."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as made:
        made.sendto(b"rows", ("127.0.0.1", int(targets["udp"])))


def connect_locally(targets: Targets) -> None:
    """Connect to another program of this machine by a socket in a folder."""
    with socket.socket(socket.AF_UNIX) as made:
        made.connect(targets["socket"])


def connect_abstractly(targets: Targets) -> None:
    """Connect to another program of this machine by a socket that has a name alone."""
    with socket.socket(socket.AF_UNIX) as made:
        made.connect("\0" + targets["abstract"])


def listen(targets: Targets) -> None:
    """Let others connect in."""
    with socket.socket() as made:
        made.bind(("127.0.0.1", 0))
        made.listen()


def number(name: str) -> int:
    """The number of a call on this machine."""
    found = calls.REFUSED[name][column()]
    assert found is not None, name
    return found


def column() -> int:
    """The column of this kind of processor in the tables of calls."""
    return calls.ARCHITECTURES[machine.processor()][1]
