"""The forbidden acts by SQL: against the walls of the kernel alone, the engine unlocked, and against the engine's own lock.

Handbook 2.6 (the non-sensitive environment).
"""

from __future__ import annotations

import os
import stat
from collections.abc import Callable
from pathlib import Path

from jalostamo.concepts.errors import Misused
from jalostamo.doors.jobs import taken
from jalostamo.doors.separation.acts import NotDoneError, Targets
from jalostamo.doors.separation.amounts import BEYOND
from jalostamo.engine.asking import LIBRARY_ERROR, answered, open_asking

_NO = ("permission", "disabled by configuration", "cannot access", "read-only")


class EngineRefusedError(Exception):
    """The engine, or the kernel beneath it, said no."""


def unlocked(statement: str) -> Callable[[Targets], None]:
    """Run a statement on an engine as it comes, with nothing of its own in the way."""

    def act(targets: Targets) -> None:
        told = statement.format(**targets)
        with open_asking(_tables(targets), workspace=Path(targets["scratch"]), locked=False) as opened:
            try:
                rows = opened.execute(told).fetchall()
            except LIBRARY_ERROR as error:
                raise _said(error) from None
        if "canary" in statement and not any(row[0] for row in rows):
            raise NotDoneError

    return act


def asked(statement: str) -> Callable[[Targets], None]:
    """Put a statement as the question of a job, to the engine as a job has it."""

    def act(targets: Targets) -> None:
        told = statement.format(**targets)
        with open_asking(_tables(targets), workspace=Path(targets["scratch"])) as opened:
            try:
                answered(opened, told).read_all()
            except LIBRARY_ERROR as error:
                raise _said(error) from None

    return act


def hand_over_too_much(targets: Targets) -> None:
    """Have a result taken over that is larger than one may be."""
    _take(targets, most=BEYOND // 2)


def hand_over_unlimited(targets: Targets) -> None:
    """The same where nobody looks at the size."""
    _take(targets, most=2 * BEYOND)


def _take(targets: Targets, *, most: int) -> None:
    results, out = Path(targets["scratch"]) / "left", Path(targets["scratch"]) / "taken"
    results.mkdir()
    out.mkdir()
    with (results / "large").open("wb") as opened:
        opened.truncate(BEYOND - 1)
    for _ in taken(results, out, most=most):
        pass


def hand_over_link(targets: Targets) -> None:
    """Have a link taken over as a result: whoever takes it over would read what it leads to."""
    results, out = Path(targets["scratch"]) / "left", Path(targets["scratch"]) / "taken"
    results.mkdir()
    out.mkdir()
    (results / "name").hardlink_to(_own(targets))
    try:
        for _ in taken(results, out, most=BEYOND):
            pass
    except OSError as error:
        raise Misused(str(error.errno), reason="link") from None


def hand_over_unlooked(targets: Targets) -> None:
    """The same where nobody looks whether it is a file of its own."""
    if not stat.S_ISREG(os.stat(_own(targets)).st_mode):  # noqa: PTH116  # the link is followed
        raise NotDoneError


def _own(targets: Targets) -> Path:
    path = Path(targets["scratch"]) / "first"
    path.write_bytes(b"x")
    return path


def _tables(targets: Targets) -> dict[str, Path]:
    return {"persons": Path(targets["own_table"])}


def _said(error: Exception) -> Exception:
    return EngineRefusedError() if any(word in str(error).casefold() for word in _NO) else error
