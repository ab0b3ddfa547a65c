"""A run of the corridor in rooms of its own, watched from inside and looked through afterwards."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from tests.jalostamo.managing.sensitive.canaries import contents
from tests.jalostamo.managing.sensitive.failures import Failure, people, spells
from tests.jalostamo.managing.sensitive.small_town import TODAY, request_in, rooms_in

from jalostamo.concepts.errors import JalostamoError
from jalostamo.engine.connection import open_engine
from jalostamo.managing.sensitive.corridor import Rooms, refine
from jalostamo.managing.sensitive.preparing.pseudonyms import PseudonymKey


@dataclass
class Watcher:
    """Sees a run's steps, and takes from it, while it lasts, what nobody else can: the key."""

    steps: list[str] = field(default_factory=list)
    key: PseudonymKey | None = None
    secret: bytes = field(default=b"", repr=False)

    def __call__(self, step: str) -> None:
        self.steps.append(step)
        self.key = next(key for key in _held() if isinstance(key, PseudonymKey))
        self.secret = self.secret or bytes(self.key._key)


def _held() -> Iterator[object]:
    """What those who called hold under the name of a key, the nearest first."""
    frame = sys._getframe(1)
    while frame := frame.f_back:  # type: ignore[assignment]  # the first frame has none
        yield frame.f_locals.get("key")


@dataclass(frozen=True)
class Outcome:
    """How a run ended: what it raised, what it told on its way, and all that it left."""

    home: Path
    rooms: Rooms
    error: Exception | None
    watcher: Watcher

    @property
    def left(self) -> set[str]:
        """What lies in the vault, the exchange and the engine's workspace."""
        places = {name: contents(self.home / name) for name in ("vault", "releases", "workspace")}
        return {f"{place}/{name}" for place, found in places.items() for name in found if not name.endswith(", read")}


def outcome(home: Path, failure: Failure | None = None) -> Outcome:
    """A run in rooms of its own, with whatever is wrong in its input."""
    rooms = rooms_in(home, people(), spells())
    request = request_in(home / "request", failure.change if failure else None)
    if failure:
        failure.spoil(home)
    (home / "workspace").mkdir()
    watcher, error = Watcher(), None
    with open_engine(workspace=home / "workspace") as engine:
        try:
            refine(engine, request, rooms, progress=watcher, today=TODAY)
        except JalostamoError as raised:
            error = raised
    return Outcome(home, rooms, error, watcher)
