"""The newest events of each permit on their way to the closed room: townhall publishes the chain, the closed room judges it.

An order carries the chain as it was when the run was ordered; what has happened since stands here.

Handbook 2.6, phase 4.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from pathlib import Path
from typing import Final

from jalostamo.concepts.errors import Unfit
from jalostamo.permits.contents import canonical, content_of
from jalostamo.permits.events import Event, event_from
from jalostamo.storage.places import write_whole

EVENTS: Final = "events.json"
_LARGEST: Final = 64 * 2**20


def events_place(permits: Path, permit: str) -> Path:
    """Where the events of a permit stand; a permit may be called as no folder can."""
    return permits / hashlib.sha256(permit.encode()).hexdigest()[:32] / EVENTS


def events_written(events: Sequence[Event]) -> bytes:
    """A chain of events as it is written down."""
    return b"[" + b",\n".join(canonical(content_of(event)) for event in events) + b"]\n"


def publish_events(permits: Path, permit: str, events: Sequence[Event]) -> None:
    """Put a permit's chain into the exchange, in place of the shorter one."""
    place = events_place(permits, permit)
    place.parent.mkdir(parents=True, exist_ok=True)
    write_whole(place, events_written(events), force=True)


def published_events(permits: Path, permit: str) -> tuple[Event, ...]:
    """The chain of a permit as it was published, believed by nobody yet; empty where none was."""
    place = events_place(permits, permit)
    # A link would have the closed room read, and judge, what it alone may read.
    if place.is_symlink() or not place.is_file():
        return ()
    try:
        content = json.loads(place.read_bytes()) if place.stat().st_size <= _LARGEST else None
        if not isinstance(content, list) or not content:
            raise ValueError
        return tuple(event_from(event) for event in content)
    except (ValueError, TypeError, RecursionError, OSError):
        raise Unfit(f"{EVENTS} of the permit is not as townhall writes it.", reason="permit_events_form") from None
