"""An engine, a city and what the corridor made of it, each made once for as many tests as may share it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.jalostamo.managing.sensitive.pilot import PilotRun, founded_city, pilot_run
from tests.made_once import folder_of_the_run

from jalostamo.engine.connection import Engine, open_engine


@pytest.fixture(scope="module")
def engine(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Engine]:
    with open_engine(workspace=tmp_path_factory.mktemp("workspace"), timezone="Europe/Helsinki") as opened:
        yield opened


@pytest.fixture(scope="session")
def city(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return founded_city(folder_of_the_run(tmp_path_factory))


@pytest.fixture(scope="session")
def pilot(city: Path, tmp_path_factory: pytest.TempPathFactory) -> PilotRun:
    return pilot_run(city, tmp_path_factory.getbasetemp() / "pilot")
