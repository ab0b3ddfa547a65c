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
from pathlib import Path
from typing import TYPE_CHECKING

from jalostamo.doors.home import Home, alone, made
from jalostamo.doors.installation import Level, is_laid_out, level_of
from jalostamo.doors.progress import Progress

if TYPE_CHECKING:
    from jalostamo.engine.connection import Engine
    from jalostamo.managing.requests import Request
    from jalostamo.managing.sensitive.corridor import Rooms
    from jalostamo.permits.orders import Order


@contextmanager
def at_work(
    request: Request, home: Home, progress: Progress, *, order: Order | None = None
) -> Iterator[tuple[Engine, Rooms]]:
    """The closed room for one run, and for no other meanwhile: an engine of the run's own, and the rooms tidied up."""
    from jalostamo.managing.sensitive.corridor import Rooms
    from jalostamo.managing.sensitive.retrieval import clock_for

    vault, workspace = home.private("vault"), home.private("workspace")
    rooms = Rooms(
        home.delivered(),
        vault,
        made(home.releases),
        order=order,
        level=level_of(home).value if is_laid_out(home) else Level.DEMO.value,
    )
    progress.step("waiting for the closed room")
    with alone(home.closed, doing="at work in this closed room"):
        _clear_away(rooms, workspace)
        with opened_engine(clock_for(request, rooms.sources), within=workspace) as engine:
            yield engine, rooms


@contextmanager
def opened_engine(timezone: str = "UTC", *, within: Path | None = None) -> Iterator[Engine]:
    """An engine in a temporary folder; only the process that reads for it looks passwords up in this environment."""
    from jalostamo.engine.connection import open_engine
    from jalostamo.managing.sensitive.delivered import reader_of

    prefix = "run-" if within else "jalostamo-"
    with (
        tempfile.TemporaryDirectory(prefix=prefix, dir=within) as folder,
        open_engine(workspace=Path(folder), timezone=timezone) as engine,
    ):
        reader_of(engine, environment=os.environ)
        yield engine


def today() -> datetime.date:
    """The day on which people here live; objections and permits hold by it."""
    return datetime.datetime.now().astimezone().date()


def _clear_away(rooms: Rooms, workspace: Path) -> None:
    """Destroy what runs that were killed left behind: nobody else is at work, so whatever lies there is nobody's."""
    from jalostamo.managing.sensitive.corridor import ROWS

    half_released = rooms.releases.glob("*/.*/")
    for folder in (*workspace.glob("*/"), *rooms.vault.glob(f"*/{ROWS}/"), *half_released):
        shutil.rmtree(folder)
