"""Entering a confinement: a process puts up its own walls, in the one order in which they can be put up, and tells what holds.

It is done by the process itself, before it loads a library and before it opens what it was started for.

Handbook 2.6 (neither the right nor the technical opportunity).
"""

from __future__ import annotations

import os
import resource
import signal
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from jalostamo.concepts.errors import Broken, Misused
from jalostamo.confinement import landlock, machine, seccomp
from jalostamo.confinement.confined import Confined
from jalostamo.confinement.held import Held, Wall, missing
from jalostamo.confinement.needed_files import of_the_machine

_NEW_NETWORK: Final = 0x40000000
_NEW_USER: Final = 0x10000000
_THREADS: Final = 64
_TRUNCATION_ABI: Final = 3
_PROCESSES: Final = Path("/proc")
LIMITS_LEFT: Final = (
    "it sets the limits of what reads for it, so that those of its user's other processes are left to it"
)
NO_LANDLOCK: Final = "this kernel has no Landlock (Linux 5.13), or has it turned off"


def hide() -> None:
    """Keep other programs of the same user out of this process's memory and variables, and leave no core behind.

    The superuser looks all the same, and so does whoever may trace every process.
    """
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    machine.control(machine.PR_SET_DUMPABLE, 0)


def enter(confined: Confined, *, parent: int | None = None) -> tuple[Held, ...]:
    """Put up the walls around this process for good, and tell what holds; refused where what it needs does not hold.

    `parent` is the process with which this one ends.
    """
    if machine.threads() != 1:
        # The walls stand around the thread that puts them up, and those that it starts.
        raise Broken("A process confines itself before it has a second thread.", reason="confinement_late")
    _limit(confined)
    alone = _leave_network(confined)
    machine.control(machine.PR_SET_NO_NEW_PRIVS, 1)
    _become(confined)
    machine.drop_capabilities()
    _end_with(parent)
    hide()
    known = _given_up_files(confined)
    filtered = _filtered(confined)
    held = tuple(_held(confined, known, alone=alone, filtered=filtered))
    lacking = missing(held, confined.needed)
    if lacking:
        told = "; ".join(f"{each.wall.value} ({each.but})" for each in lacking)
        raise Misused(f"This machine cannot confine a process: nothing holds {told}.", reason="confinement_missing")
    return held


def _limit(confined: Confined) -> None:
    limits = {
        resource.RLIMIT_CORE: 0,
        resource.RLIMIT_AS: confined.memory,
        resource.RLIMIT_FSIZE: confined.output,
        resource.RLIMIT_NOFILE: confined.open_files,
        resource.RLIMIT_CPU: confined.cpu_seconds,
        resource.RLIMIT_NPROC: _most_threads(confined),
    }
    for kind, most in limits.items():
        if most is not None:
            hard = resource.getrlimit(kind)[1]
            # A second more until the end by force: the signal before it tells why.
            asked = most + 1 if kind == resource.RLIMIT_CPU else most
            last = asked if hard == resource.RLIM_INFINITY else min(asked, hard)
            resource.setrlimit(kind, (min(most, last), last))


def _most_threads(confined: Confined) -> int | None:
    """No limit for who starts others of ours, nor within its walls, from where the machine's processes are not seen."""
    if confined.has_children or not _sees_processes():
        return None
    return _threads_of_user() + _THREADS + confined.processes


def _sees_processes() -> bool:
    try:
        return bool(os.listdir(_PROCESSES))  # noqa: PTH208  # names alone
    except OSError:
        return False


def _threads_of_user() -> int:
    """How many threads this user has: the kernel's limit counts them all, of other programs too."""
    own, count = os.geteuid(), 0
    for process in Path("/proc").iterdir():
        try:
            if process.name.isdecimal() and process.stat().st_uid == own:
                count += len(os.listdir(process / "task"))  # noqa: PTH208  # names are counted
        except OSError:
            continue
    return count


def _leave_network(confined: Confined) -> str:
    """Leave the machine's network for one of its own, with nothing in it, where that may be done; else why not."""
    if confined.network is not None:
        return "it has ports to reach"
    try:
        if os.geteuid() == 0:
            machine.unshare(_NEW_NETWORK)
        else:
            user, group = os.geteuid(), os.getegid()
            machine.unshare(_NEW_USER | _NEW_NETWORK)
            # As itself, and nobody else.
            Path("/proc/self/setgroups").write_bytes(b"deny")
            Path("/proc/self/uid_map").write_bytes(b"%d %d 1" % (user, user))
            Path("/proc/self/gid_map").write_bytes(b"%d %d 1" % (group, group))
    except OSError:
        return "this user may make no network of its own"
    return ""


def _become(confined: Confined) -> None:
    if confined.user is None:
        return
    os.setgroups(list(confined.groups))
    os.setresgid(confined.user, confined.user, confined.user)
    os.setresuid(confined.user, confined.user, confined.user)


def _end_with(parent: int | None) -> None:
    if parent is None:
        return
    machine.control(machine.PR_SET_PDEATHSIG, signal.SIGKILL)
    if os.getppid() != parent:
        # It had ended before this one asked to end with it.
        os._exit(0)


def _given_up_files(confined: Confined) -> int:
    """Give up the files and ports that are not its own; by which Landlock, 0 where the kernel has none that it lets us use."""
    known = landlock.abi()
    files = [
        *of_the_machine(),
        *((path, landlock.READ) for path in confined.read),
        *((path, landlock.PUT) for path in confined.write),
        *((path, landlock.KEEP) for path in confined.scratch),
        *((path, landlock.READ_DIR) for path in confined.names),
        *((path, landlock.REMOVE_DIR) for path in confined.cleared),
        # What is another's of that, the kernel refuses to whoever may not trace the other: nobody outside of these walls.
        *([(_PROCESSES, landlock.READ_FILE)] if confined.has_children else []),
    ]
    network = confined.network
    ports = [] if network is None else [(port, landlock.CONNECT) for port in network.connect]
    ports += [] if network is None else [(port, landlock.BIND) for port in network.listen]
    try:
        if known:
            landlock.restrict(files, ports, sockets_left=network is not None)
    except machine.KernelRefused:
        return 0
    return known


def _filtered(confined: Confined) -> bool:
    """Put the filter of calls on, where the calls are known by number and the kernel lets us."""
    network = confined.network
    wanted = seccomp.Filter(
        streams=network is not None,
        lookups=network is not None and network.lookups,
        processes=confined.processes > 0 or confined.has_children,
        children=confined.has_children,
    )
    try:
        if seccomp.is_known():
            seccomp.install(wanted)
            return True
    except machine.KernelRefused:
        return False
    return False


def _held(confined: Confined, known: int, *, alone: str, filtered: bool) -> Iterator[Held]:
    by_filter = ("seccomp",) if filtered else ()
    no_filter = "" if filtered else "this kernel filters no calls, or those of this processor are not known by number"
    cut = "a file may be cut to nothing: that is held from Landlock 3 on" if known < _TRUNCATION_ABI else ""
    yield Held(Wall.FILES, (f"Landlock {known}",) if known else (), cut if known else NO_LANDLOCK)
    yield Held(Wall.METADATA, by_filter, _but_modes(confined) if filtered else no_filter)
    yield _network_held(confined, known, alone=alone, filtered=filtered)
    yield _signals_held(confined, known, filtered=filtered)
    # Another's memory is a file, too: without Landlock the filter alone does not hold it.
    yield Held(
        Wall.OTHERS, (f"Landlock {known}", *by_filter) if known else (), _but_limits(confined) if known else NO_LANDLOCK
    )
    yield Held(Wall.ITSELF, ("not dumpable",), "the superuser looks all the same")
    yield _processes_held(confined, filtered=filtered)
    yield Held(Wall.MEMORY, *_by_limit(confined.memory, "RLIMIT_AS"))
    yield Held(Wall.TIME, *_by_limit(confined.cpu_seconds, "RLIMIT_CPU"))
    yield Held(Wall.OUTPUT, *_by_limit(confined.output, "RLIMIT_FSIZE", but="of one file"))
    yield Held(Wall.PRIVILEGES, ("no new privileges", "no capabilities"))
    yield Held(Wall.KERNEL, by_filter, no_filter)


def _but_modes(confined: Confined) -> str:
    return "modes of its own user's files are left to it" if confined.has_children else ""


def _but_limits(confined: Confined) -> str:
    return LIMITS_LEFT if confined.has_children else ""


def _by_limit(most: int | None, name: str, *, but: str = "") -> tuple[tuple[str, ...], str]:
    return ((), "no limit was asked") if most is None else ((name,), but)


def _network_held(confined: Confined, known: int, *, alone: str, filtered: bool) -> Held:
    if confined.network is None:
        by = (*(() if alone else ("a network of its own",)), *(("seccomp",) if filtered else ()))
        return Held(Wall.NETWORK, by, alone)
    if known < landlock.NETWORK_ABI or not filtered:
        return Held(Wall.NETWORK, (), "ports are held from Landlock 4 on")
    more = "; a name is looked up by packets to any host" if confined.network.lookups else ""
    return Held(Wall.NETWORK, (f"Landlock {known}", "seccomp"), f"to which host, the kernel does not hold it{more}")


def _signals_held(confined: Confined, known: int, *, filtered: bool) -> Held:
    by = [f"Landlock {known}"] if known >= landlock.SCOPE_ABI else []
    by += ["seccomp"] if filtered and not (confined.processes or confined.has_children) else []
    return Held(Wall.SIGNALS, tuple(by), "" if by else "signals are held from Landlock 6 on")


def _processes_held(confined: Confined, *, filtered: bool) -> Held:
    if confined.has_children:
        return Held(Wall.PROCESSES, (), "it starts others of ours")
    if not confined.processes:
        return Held(Wall.PROCESSES, ("seccomp",) if filtered else (), "")
    superuser = os.getuid() == 0
    by = ("whoever started it counts them",) if superuser else ("RLIMIT_NPROC", "whoever started it counts them")
    return Held(Wall.PROCESSES, by, "the kernel counts no processes of the superuser" if superuser else "")
