"""The files of the machine that an interpreter and its libraries need; none of them is a person's, or a key.

Handbook 2.6 (neither the right nor the technical opportunity).
"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Final

from jalostamo.confinement.landlock import OPEN_WRITE, READ, READ_DIR, RUN

_MACHINE: Final = ("/usr", "/lib", "/lib64", "/bin")
# Not all of /etc: it holds the passwords of the machine, which the superuser may read by owning them.
_SETTINGS: Final = (
    "/etc/ld.so.cache",
    "/etc/localtime",
    "/etc/timezone",
    "/etc/hosts",
    "/etc/host.conf",
    "/etc/resolv.conf",
    "/etc/nsswitch.conf",
    "/etc/gai.conf",
    "/etc/services",
    "/etc/mime.types",
    "/etc/passwd",
    "/etc/group",
    "/etc/ssl/openssl.cnf",
    "/etc/ssl/certs",
    "/etc/R",
    "/etc/alternatives",
)
# The engine ends the process where it cannot see how many processors there are, and how much memory.
_STATE: Final = (
    "/proc/self",
    "/proc/cpuinfo",
    "/proc/meminfo",
    "/proc/stat",
    "/proc/filesystems",
    "/proc/sys/vm/overcommit_memory",
    "/proc/sys/vm/max_map_count",
    "/proc/sys/kernel/osrelease",
    "/sys/devices/system/cpu",
    "/sys/devices/system/node",
    "/sys/fs/cgroup",
    "/sys/kernel/mm/transparent_hugepage",
)
_DEVICES: Final = ("/dev/null", "/dev/zero", "/dev/urandom", "/dev/random")


def of_the_machine() -> list[tuple[Path, int]]:
    """Paths with the rights that a process of ours needs to run at all."""
    package = Path(__file__).resolve().parents[1]
    run = [*map(Path, _MACHINE), Path(sys.prefix), Path(sys.base_prefix), package]
    return [
        *((path, RUN) for path in run),
        # Where an interpreter that is started within the walls looks for the package.
        (package.parent, READ_DIR),
        *((Path(path), READ) for path in (*_SETTINGS, *_STATE)),
        *((Path(path), OPEN_WRITE) for path in _DEVICES),
    ]
