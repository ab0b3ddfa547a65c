"""How far the closed room is with each order, as both sides know it: words of a closed list, rounded counts, nothing else.

The closed room writes a sheet for each order into the exchange; whoever shows them reads these, and no more.

Handbook 2.6, phases 4 and 5.
"""

from __future__ import annotations

import datetime
import json
import re
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Final

from jalostamo.concepts.errors import Unfit
from jalostamo.leases.jobs import ParkReason

FORMAT: Final = "jalostamo-status-1"
STATES: Final = ("waiting", "running", "done", "refused", "parked", "cancelled")
LANES: Final = ("rows", "cells")
STEPS: Final = ("", "retrieve", "link", "prepare", "validate", "admit", "count", "print")
REASONS: Final = ("", *(reason.value for reason in ParkReason))
_ORDER: Final = re.compile(r"[0-9a-f]{32}", re.ASCII)
_SUFFIX: Final = ".json"


@dataclass(frozen=True, slots=True)
class Standing:
    """How far one order is: its state, which step of how many, rows so far, seconds that the step still takes, and tries.

    `order` calls the order's folder; `left` is None where nobody can say; `at` is when this was written.
    """

    order: str
    lane: str
    state: str
    step: int
    steps: int
    name: str
    rows: int
    left: int | None
    tries: int
    reason: str
    at: str

    def __post_init__(self) -> None:
        counts = (self.step, self.steps, self.rows, self.tries, *([] if self.left is None else [self.left]))
        listed = ((self.state, STATES), (self.lane, LANES), (self.name, STEPS), (self.reason, REASONS))
        if not _ORDER.fullmatch(self.order) or any(word not in words for word, words in listed):
            raise ValueError("a status is told in words of a closed list")
        # Read from a file, they may be anything.
        if any(type(count) is not int or count < 0 for count in counts):
            raise ValueError("a status counts by whole numbers")
        datetime.datetime.fromisoformat(self.at)

    @property
    def written(self) -> bytes:
        """The sheet as it stands in the exchange."""
        return json.dumps({"format": FORMAT, **asdict(self)}, sort_keys=True, indent=1).encode("ascii") + b"\n"


def place_of(status: Path, order: str) -> Path:
    """Where the sheet of an order stands."""
    return status / f"{order}{_SUFFIX}"


def standings(status: Path) -> tuple[Standing, ...]:
    """Every sheet, the newest first; refused where one says more than a sheet may."""
    found = [_read(place) for place in sorted(status.glob(f"*{_SUFFIX}"))]
    return tuple(sorted(found, key=lambda standing: standing.at, reverse=True))


def _read(place: Path) -> Standing:
    try:
        content = json.loads(place.read_bytes())
        if content.pop("format") != FORMAT:
            raise ValueError
        standing = Standing(**content)
    except (ValueError, TypeError, KeyError, AttributeError):
        raise Unfit("A sheet of the closed room's status is not as it writes one.", reason="status_form") from None
    if place.name != f"{standing.order}{_SUFFIX}":
        raise Unfit("A sheet of the closed room's status stands under another order's name.", reason="status_form")
    return standing


def sentence_of(standing: Standing, *, now: datetime.datetime) -> str:
    """One line for people."""
    told = _SENTENCES[standing.state](standing)
    seconds = (now - datetime.datetime.fromisoformat(standing.at)).total_seconds()
    quiet = f"; no sign of it for {seconds:.0f} s" if standing.state == "running" and seconds > _QUIET else ""
    return f"{standing.order[:_SHORT]}: {told}{quiet}."


_QUIET: Final = 15.0
_SHORT: Final = 12


def _running(standing: Standing) -> str:
    rows = f", {standing.rows:,} rows so far" if standing.rows else ""
    left = f", about {standing.left} s left in this step" if standing.left is not None else ""
    again = f", try {standing.tries}" if standing.tries > 1 else ""
    return f"running, step {standing.step} of {standing.steps} ({standing.name}){rows}{left}{again}"


def _waiting(standing: Standing) -> str:
    return f"waiting, after {standing.tries} tries" if standing.tries else "waiting"


def _parked(standing: Standing) -> str:
    return f"parked ({standing.reason.replace('_', ' ')}): look at it, then `closed-room resume`"


_SENTENCES: Final[Mapping[str, Callable[[Standing], str]]] = {
    "waiting": _waiting,
    "running": _running,
    "parked": _parked,
    "done": lambda standing: f"done, all {standing.steps} steps",
    "refused": lambda _: "refused: have another run ordered",
    "cancelled": lambda _: "cancelled, and what it had retrieved is destroyed",
}
