"""The same cube is counted on Spark as on the embedded engine, to the letter."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.jalostamo.producing.cubes.small_cubes import AREA, MEASURES, SERVICE, counted_cube, definition
from tests.jalostamo.producing.cubes.test_counting import fixed_records

from jalostamo.engine.connection import open_engine
from jalostamo.producing.cubes.definition import Filter

# A session of Spark takes its time over each query: one of each way of carrying is for the deep tests.
FEW = ("people", "costs")
ALL = ("people", "notified", "visits", "costs", "short", "waiting", "steps")


@pytest.mark.spark
@pytest.mark.requirement("S25-02")
@pytest.mark.parametrize("asked", [FEW, pytest.param(ALL, marks=pytest.mark.deep)], ids=["few", "all"])
def test_the_same_cells_are_counted_on_spark(tmp_path: Path, asked: tuple[str, ...]) -> None:
    cube = definition((AREA, SERVICE), [m for m in MEASURES if m.name in asked], filters=(Filter("sex", ("f", "m")),))
    found = {}
    for url in ("duckdb", "local[2]"):
        workspace = tmp_path / url.partition("[")[0]
        workspace.mkdir()
        with open_engine(url, workspace=workspace) as engine:
            found[url] = counted_cube(engine, cube, fixed_records())
    embedded, spark = found.values()
    assert spark.cells.equals(embedded.cells)
    assert (spark.units, spark.units_key, spark.without_value) == (
        embedded.units,
        embedded.units_key,
        embedded.without_value,
    )
    assert sum(spark.cells["n"].to_pylist()) > 100
