"""Proving: every row of the plan is tried, and judged by what should hold at this level; what does not hold is said to.

Handbook 2.6 (neither the right nor the technical opportunity).
"""

from __future__ import annotations

import os
import signal
import socket
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Final

from jalostamo.confinement import Wall, hide
from jalostamo.confinement.entering import LIMITS_LEFT
from jalostamo.doors.home import Home
from jalostamo.doors.separation import reaching
from jalostamo.doors.separation.identities import Identity, Users, walls_of
from jalostamo.doors.separation.places import Probes, probes_in
from jalostamo.doors.separation.plan import PLAN, RULES, Forbidden
from jalostamo.doors.separation.trying import Happened, Tried, Way, become, tried
from jalostamo.doors.walls import declared_network

_BY_USER: Final = frozenset({Wall.FILES, Wall.METADATA, Wall.OTHERS, Wall.SIGNALS})
_BY: Final = {
    Wall.FILES: "Landlock",
    Wall.METADATA: "seccomp",
    Wall.NETWORK: "Landlock, seccomp",
    Wall.SIGNALS: "Landlock, seccomp",
    Wall.OTHERS: "Landlock, seccomp",
    Wall.PROCESSES: "seccomp",
    Wall.MEMORY: "RLIMIT_AS",
    Wall.TIME: "RLIMIT_CPU",
    Wall.OUTPUT: "RLIMIT_FSIZE",
    Wall.PRIVILEGES: "no capabilities",
    Wall.KERNEL: "seccomp",
}
_RULES_SAY: Final = frozenset({"order", "select_form", "engine", "job_results"})
"""How the rules refuse; what stumbled over anything else before it came to them proves nothing of them."""

LOOKUPS_LEFT: Final = "a register declares its server by name, which is looked up by packets to any host"
_SAME_USER: Final = "another program of the same user runs outside of our walls"
_SUPERUSER: Final = "the superuser looks into every process"
_MEMORY_ACTS: Final = frozenset({"variables", "memory", "debugger", "take over", "files it has"})


class Outcome(StrEnum):
    """What is told of a row."""

    REFUSED = "refused"
    NOT_REFUSED = "NOT REFUSED"
    NOT_HELD = "not held at this level"
    NOT_TRIED = "NOT TRIED"


@dataclass(frozen=True, slots=True)
class Row:
    """A row of the table: who tried what, by what it should be refused, what happened, and how or why."""

    identity: Identity
    act: str
    by: str
    outcome: Outcome
    happened: Happened
    why: str

    @property
    def is_sound(self) -> bool:
        """Whether what happened is what should."""
        return self.outcome in {Outcome.REFUSED, Outcome.NOT_HELD}

    def as_mapping(self) -> dict[str, str]:
        """The row as JSON tells it."""
        return {
            "identity": self.identity.value,
            "act": self.act,
            "expected": self.by,
            "outcome": self.outcome.value,
            "happened": self.happened.value,
            "why": self.why,
        }


def prove(
    home: Home, users: Users | None = None, *, walls: bool = True, step: Callable[[str], None] = lambda _: None
) -> Iterator[Row]:
    """Try every row of the plan in a home; with `users` at level server, else at level demo.

    Without `walls` nothing is put up: then every act must succeed, or it proves nothing.
    """
    with probes_in(home, users) as probes, _listeners(probes), _holders(probes, users, walls=walls) as holders:
        for identity, forbidden in PLAN.items():
            step(f"trying as {identity.value}")
            probes.targets |= holders["townhall" if identity is Identity.CLOSED_ROOM else "closed room"]
            for row in forbidden:
                yield _row(identity, row, probes, users, walls=walls)


def _row(identity: Identity, forbidden: Forbidden, probes: Probes, users: Users | None, *, walls: bool) -> Row:
    found = _tried(identity, forbidden, probes, users, walls=walls)
    # An act that went through may have changed what the next one is tried on; a job has written into its own folder, too.
    if found.happened is not Happened.REFUSED or identity is Identity.JOB:
        probes.lay()
    by, excuse = _expected(identity, forbidden, users)
    excuse = excuse or found.lacking or _left(identity, forbidden, probes.home)
    by_another = by == RULES and found.happened is Happened.REFUSED and found.how not in _RULES_SAY
    if found.happened is Happened.NOT_TRIED or by_another:
        return Row(identity, forbidden.says, by, Outcome.NOT_TRIED, found.happened, found.how)
    if excuse:
        return Row(identity, forbidden.says, "nothing", Outcome.NOT_HELD, found.happened, excuse)
    outcome = Outcome.REFUSED if found.happened is Happened.REFUSED else Outcome.NOT_REFUSED
    return Row(identity, forbidden.says, by, outcome, found.happened, found.how)


def _tried(identity: Identity, forbidden: Forbidden, probes: Probes, users: Users | None, *, walls: bool) -> Tried:
    wall = forbidden.wall.value if forbidden.wall else ""
    way = _way(identity, forbidden, probes, users) if walls else Way()
    found = tried(forbidden.act if walls else forbidden.twin or forbidden.act, probes.targets, way, wall=wall)
    then = forbidden.then if walls else forbidden.then_twin
    if then is None:
        return found
    if found.happened is not Happened.DONE:
        # What never came to be judged was not refused by whoever judges.
        return Tried(Happened.NOT_TRIED, f"it was not handed over: {found.how}")
    way = _way(Identity.CLOSED_ROOM, forbidden, probes, users) if walls else Way()
    return tried(then, probes.targets, way)


def _way(identity: Identity, forbidden: Forbidden, probes: Probes, users: Users | None) -> Way:
    user = users.of(identity) if users else None
    if identity is Identity.STRANGER:
        return Way(user=user)
    if user is not None and identity is not Identity.JOB and forbidden.wall in _BY_USER:
        # At this level the users hold it alone; whatever else does would hide it if they did not.
        return Way(user=user)
    seconds = {} if forbidden.seconds is None else {"seconds": forbidden.seconds}
    return Way(confined=walls_of(identity, probes.home, probes.targets, user=user, **seconds))


def _expected(identity: Identity, forbidden: Forbidden, users: Users | None) -> tuple[str, str]:
    """By what an act should be refused; or why nothing refuses it at this level."""
    if forbidden.wall is None:
        return RULES, ""
    if users is not None and identity is not Identity.JOB and forbidden.wall in _BY_USER:
        return "another user", ""
    if identity is Identity.CLOSED_ROOM and forbidden.act is reaching.limit_other:
        return "", LIMITS_LEFT
    if identity is not Identity.STRANGER:
        return _BY[forbidden.wall], ""
    if not any(word in forbidden.says for word in _MEMORY_ACTS):
        return "", _SAME_USER
    return ("", _SUPERUSER) if os.geteuid() == 0 else ("not dumpable", "")


def _left(identity: Identity, forbidden: Forbidden, home: Home) -> str:
    """Why what should be refused is left to the closed room of this home, whatever its level."""
    network = declared_network(home.sources.glob("*/")) if identity is Identity.CLOSED_ROOM else None
    looks_up = network is not None and network.lookups and forbidden.act is reaching.send_packet
    return LOOKUPS_LEFT if looks_up else ""


@contextmanager
def _listeners(probes: Probes) -> Iterator[None]:
    """Somebody to connect to, in each of the ways."""
    abstract = f"{probes.word}-abstract"
    with (
        socket.create_server(("127.0.0.1", 0)) as tcp,
        socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as udp,
        socket.socket(socket.AF_UNIX) as local,
        socket.socket(socket.AF_UNIX) as named,
    ):
        udp.bind(("127.0.0.1", 0))
        named.bind("\0" + abstract)
        # Its path may be no longer than 107 bytes, so that it does not lie in the home.
        place = Path(tempfile.gettempdir()) / f"{probes.word}-socket"
        local.bind(str(place))
        try:
            place.chmod(0o666)
            local.listen()
            named.listen()
            probes.targets |= {
                "tcp": str(tcp.getsockname()[1]),
                "udp": str(udp.getsockname()[1]),
                "socket": str(place),
                "abstract": abstract,
            }
            yield
        finally:
            place.unlink()


@contextmanager
def _holders(probes: Probes, users: Users | None, *, walls: bool) -> Iterator[dict[str, dict[str, str]]]:
    """A process of each side that holds a secret, as the one that holds keys does; hidden as that one is."""
    started: list[int] = []
    found: dict[str, dict[str, str]] = {}
    try:
        for name, user in (
            ("closed room", users.closed_room if users else None),
            ("townhall", users.townhall if users else None),
        ):
            pid, told = _holder(probes, user, walls=walls)
            started.append(pid)
            found[name] = told
        yield found
    finally:
        for pid in started:
            with suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
            os.waitpid(pid, 0)


def _holder(probes: Probes, user: int | None, *, walls: bool) -> tuple[int, dict[str, str]]:
    import ctypes

    secret = ctypes.create_string_buffer(probes.canary.encode())
    opened = os.open(probes.targets["vault"], os.O_RDONLY)
    read, write = os.pipe()
    child = os.fork()
    if not child:
        try:
            if user is not None and walls:
                become(user)
            if walls:
                hide()
            os.write(write, b"ready")
            os.close(write)
            while True:
                signal.pause()
        finally:
            os._exit(0)
    os.close(write)
    os.read(read, 5)
    os.close(read)
    told = {"victim": str(child), "address": str(ctypes.addressof(secret)), "length": str(len(secret))}
    told["open"] = str(opened)
    return child, told
