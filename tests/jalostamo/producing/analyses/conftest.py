"""The engines that analyses are put to."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from jalostamo.engine.connection import Engine, open_engine


@pytest.fixture(scope="session")
def duckdb(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Engine]:
    """The embedded engine, one for all these tests."""
    with open_engine(workspace=tmp_path_factory.mktemp("engine")) as opened:
        yield opened
