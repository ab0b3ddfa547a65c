"""A small town's registers and a demonstration, each made once for as many tests as may share it."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.jalostamo.doors.homes import demonstration, town
from tests.made_once import folder_of_the_run

from jalostamo.doors.home import Home


@pytest.fixture(scope="session")
def sources(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The registers of a small town; a test that changes them copies them."""
    return town(folder_of_the_run(tmp_path_factory))


@pytest.fixture(scope="session")
def demonstrated(tmp_path_factory: pytest.TempPathFactory) -> Home:
    """The home of a demonstration; a test that changes it copies it."""
    return demonstration(folder_of_the_run(tmp_path_factory))
