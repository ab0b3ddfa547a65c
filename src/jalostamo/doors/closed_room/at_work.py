"""The closed room at work: an engine of the run's own, nobody else in the room, and what was left behind destroyed.

Handbook 2.6, phases 4 and 5.
"""

from __future__ import annotations

import datetime
import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Final

from jalostamo.doors.closed_room.opened_vault import opened_vault
from jalostamo.doors.closed_room.workers import at_the_bench, clear_after_the_dead
from jalostamo.doors.home import Home, alone, made
from jalostamo.doors.installation import level_inside
from jalostamo.doors.people import trusted_people
from jalostamo.doors.progress import Progress

if TYPE_CHECKING:
    from jalostamo.engine.connection import Engine
    from jalostamo.managing.requests import Request
    from jalostamo.managing.sensitive.corridor import Rooms
    from jalostamo.permits.orders import Order

MEMORY: Final = "2500MiB"
"""What the engine may hold before it spills, encrypted: with the process that reads, a run stays within 4 GiB."""


@contextmanager
def at_work(
    request: Request, home: Home, progress: Progress, *, order: Order | None = None, worker: str | None = None
) -> Iterator[tuple[Engine, Rooms]]:
    """The closed room for one run: an engine of the run's own, and the rooms tidied up; what is laid down bears the worker.

    A `worker` with a lease is alone by that; anybody else waits until no other is at work by hand.
    """
    if worker is not None:
        with _opened_rooms(request, home, order=order, worker=worker) as opened:
            yield opened
        return
    progress.step("waiting for the closed room")
    with (
        alone(made(home.closed, mode=0o700), doing="at work in this closed room"),
        at_the_bench(home) as name,
        _opened_rooms(request, home, order=order, worker=name) as opened,
    ):
        yield opened


@contextmanager
def _opened_rooms(request: Request, home: Home, *, order: Order | None, worker: str) -> Iterator[tuple[Engine, Rooms]]:
    from jalostamo.managing.nonsensitive.releases import folder_of
    from jalostamo.managing.sensitive.corridor import Rooms
    from jalostamo.managing.sensitive.retrieval import clock_for

    vault, workspace = home.private("vault"), home.private("workspace")
    rooms = Rooms(
        home.delivered(),
        vault,
        made(home.releases),
        sealed=partial(opened_vault, home),
        order=order,
        people=trusted_people(home),
        mark=worker,
        level=level_inside(home).value,
        has_twin=(home.twins / folder_of(request.permit)).is_dir(),
    )
    clear_away(home)
    with opened_engine(clock_for(request, rooms.sources), within=workspace, worker=worker) as engine:
        yield engine, rooms


@contextmanager
def opened_engine(timezone: str = "UTC", *, within: Path | None = None, worker: str = "jalostamo") -> Iterator[Engine]:
    """An engine in a temporary folder; only the process that reads for it looks passwords up in this environment."""
    from jalostamo.engine.connection import open_engine
    from jalostamo.managing.sensitive.delivered import reader_of

    with (
        tempfile.TemporaryDirectory(prefix=f"{worker}.", dir=within) as folder,
        open_engine(workspace=Path(folder), timezone=timezone, memory=MEMORY) as engine,
    ):
        reader_of(engine, environment=os.environ)
        yield engine


def today() -> datetime.date:
    """The day on which people here live; objections and permits hold by it."""
    return datetime.datetime.now().astimezone().date()


def clear_away(home: Home) -> None:
    """Destroy what workers that were killed left behind; of one that is alive, or held, nothing is touched."""
    from jalostamo.managing.sensitive.rows import rows_places

    rows = rows_places(home.private("vault"))
    clear_after_the_dead(home, (*home.private("workspace").glob("*/"), *rows, *home.private("orders").glob("*/")))
    # Nobody reads these, and whoever was held while writing one may not let it appear any more.
    for folder in home.releases.glob("*/.*/"):
        shutil.rmtree(folder, ignore_errors=True)
