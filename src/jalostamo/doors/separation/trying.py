"""Trying one act in a child of an identity: what happened, and by what it was refused, if it was.

Handbook 2.6 (neither the right nor the technical opportunity).
"""

from __future__ import annotations

import errno
import json
import os
import selectors
import signal
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Final, cast

from jalostamo.concepts.errors import JalostamoError
from jalostamo.confinement import Held, enter, machine
from jalostamo.confinement.confined import Confined
from jalostamo.doors.separation.acts import Targets
from jalostamo.doors.separation.questions import EngineRefusedError

_PATIENCE: Final = 60.0
_LONGEST: Final = 2**12
_REFUSALS: Final = frozenset(
    {
        errno.EPERM,
        errno.EACCES,
        errno.EXDEV,
        errno.EROFS,
        errno.EFBIG,
        errno.ENOMEM,
        errno.EAGAIN,
        errno.ENETUNREACH,
        errno.ENOSYS,
    }
)
_SIGNALS: Final = frozenset({signal.SIGXCPU, signal.SIGKILL, signal.SIGSYS})


class Happened(StrEnum):
    """What became of an act."""

    DONE = "done"
    REFUSED = "refused"
    NOT_TRIED = "not tried"


@dataclass(frozen=True, slots=True)
class Tried:
    """What became of an act, how, and why the wall that should hold it is not there, if it is not."""

    happened: Happened
    how: str
    lacking: str = ""


@dataclass(frozen=True, slots=True)
class Way:
    """How a child becomes an identity: by its walls, by its user alone, or by neither."""

    confined: Confined | None = None
    user: int | None = None


def tried(act: Callable[[Targets], None], targets: Targets, way: Way, *, wall: str = "") -> Tried:
    """Try an act in a child that has become an identity before it."""
    read, write = os.pipe()
    this = os.getpid()
    child = os.fork()
    if not child:
        try:
            os.close(read)
            _begin(write)
            os.write(write, json.dumps(_in_child(act, targets, way, wall=wall, parent=this)).encode())
        finally:
            os._exit(0)
    os.close(write)
    try:
        told = _heard(read)
    finally:
        os.close(read)
    if told is None:
        os.kill(child, signal.SIGKILL)
    ended = os.waitpid(child, 0)[1]
    return _made_of(told, ended)


def become(user: int) -> None:
    """Be another user for good, with nothing of the superuser's."""
    os.setgroups([])
    os.setresgid(user, user, user)
    os.setresuid(user, user, user)
    machine.drop_capabilities()


def _begin(keeping: int) -> None:
    """Leave behind what the parent had: its files, its handlers."""
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, signal.SIG_DFL)
    os.closerange(3, keeping)
    os.closerange(keeping + 1, 1024)


def _in_child(
    act: Callable[[Targets], None], targets: Targets, way: Way, *, wall: str, parent: int
) -> Mapping[str, str]:
    lacking = ""
    try:
        if way.confined is not None:
            lacking = _lacking(enter(way.confined, parent=parent), wall)
        elif way.user is not None:
            become(way.user)
    except (OSError, JalostamoError) as error:
        return {"happened": Happened.NOT_TRIED.value, "how": f"no walls: {error}", "lacking": ""}
    happened, how = _acted(act, targets)
    return {"happened": happened.value, "how": how, "lacking": lacking}


def _lacking(held: tuple[Held, ...], wall: str) -> str:
    return next((each.but for each in held if each.wall.value == wall and not each.holds), "")


def _acted(act: Callable[[Targets], None], targets: Targets) -> tuple[Happened, str]:
    try:
        act(targets)
    except JalostamoError as error:
        return Happened.REFUSED, error.reason
    except EngineRefusedError:
        return Happened.REFUSED, "engine"
    except MemoryError:
        return Happened.REFUSED, "ENOMEM"
    except OSError as error:
        name = errno.errorcode.get(error.errno or 0, "OSError")
        return (Happened.REFUSED if error.errno in _REFUSALS else Happened.NOT_TRIED), name
    except ValueError as error:
        # By this Python says that a limit may not be raised.
        return (Happened.REFUSED if "limit" in str(error) else Happened.NOT_TRIED), "EPERM"
    except Exception as error:  # noqa: BLE001  # whatever else it is, nothing was refused
        return Happened.NOT_TRIED, type(error).__name__
    return Happened.DONE, ""


def _heard(read: int) -> bytes | None:
    """What the child says; None where it says nothing for too long."""
    with selectors.DefaultSelector() as waiting:
        waiting.register(read, selectors.EVENT_READ)
        return os.read(read, _LONGEST) if waiting.select(_PATIENCE) else None


def _made_of(told: bytes | None, ended: int) -> Tried:
    if told:
        content = cast("Mapping[str, str]", json.loads(told))
        return Tried(Happened(content["happened"]), content["how"], content["lacking"])
    number = os.WTERMSIG(ended) if os.WIFSIGNALED(ended) else 0
    if told is not None and number in _SIGNALS:
        return Tried(Happened.REFUSED, signal.Signals(number).name)
    return Tried(Happened.NOT_TRIED, "it ended without a word")
