"""Engines for the tests of this room, opened once in a module; a test that asks for `engine` runs on each."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from jalostamo.engine.connection import Engine, open_engine


@pytest.fixture(scope="module")
def duckdb_engine(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Engine]:
    """The embedded engine."""
    with open_engine(workspace=tmp_path_factory.mktemp("duckdb")) as opened:
        yield opened


@pytest.fixture(scope="module")
def spark_engine(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Engine]:
    """A Spark session of this process, which has but one: the next module opens it anew."""
    with open_engine("local[2]", workspace=tmp_path_factory.mktemp("spark")) as opened:
        yield opened


@pytest.fixture(params=["duckdb", pytest.param("spark", marks=pytest.mark.spark)])
def engine(request: pytest.FixtureRequest) -> Engine:
    """Either engine."""
    opened = request.getfixturevalue(f"{request.param}_engine")
    assert isinstance(opened, Engine)
    return opened
