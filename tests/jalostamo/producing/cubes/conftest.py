"""The engines of this folder, opened once in a module."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from jalostamo.engine.connection import Engine, open_engine


@pytest.fixture(scope="module")
def duckdb_engine(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Engine]:
    """The embedded engine."""
    with open_engine(workspace=tmp_path_factory.mktemp("duckdb")) as opened:
        yield opened
