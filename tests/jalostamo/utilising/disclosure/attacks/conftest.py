"""An engine for all attacks, and rooms in which to print."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from itertools import count
from pathlib import Path

import pytest
from tests.jalostamo.utilising.disclosure.attacks.planted_towns import Room

from jalostamo.engine.connection import Engine, open_engine

type Rooms = Callable[[], Room]


@pytest.fixture(scope="session")
def engine(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Engine]:
    """The embedded engine."""
    with open_engine(workspace=tmp_path_factory.mktemp("attacks")) as opened:
        yield opened


@pytest.fixture(scope="session")
def rooms(engine: Engine, tmp_path_factory: pytest.TempPathFactory) -> Rooms:
    """A new room at every call, with an empty ledger."""
    folder, number = tmp_path_factory.mktemp("ledgers"), count()
    return lambda: Room.at(engine, Path(folder) / str(next(number)))


@pytest.fixture
def room(rooms: Rooms) -> Room:
    """A room with an empty ledger."""
    return rooms()
