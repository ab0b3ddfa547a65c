"""The same cube is counted on Spark as on the embedded engine, to the letter."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.jalostamo.producing.cubes.small_cubes import AREA, MEASURES, SERVICE, counted_cube, definition
from tests.jalostamo.producing.cubes.test_counting import fixed_records

from jalostamo.engine.connection import open_engine
from jalostamo.producing.cubes.definition import Filter

# One of each way of carrying: a session of Spark takes its time over each query.
ASKED = ("people", "notified", "visits", "costs", "short", "waiting", "steps")
CUBE = definition((AREA, SERVICE), [m for m in MEASURES if m.name in ASKED], filters=(Filter("sex", ("f", "m")),))


@pytest.mark.spark
@pytest.mark.requirement("S25-02")
def test_the_same_cells_are_counted_on_spark(tmp_path: Path) -> None:
    found = {}
    for url in ("duckdb", "local[2]"):
        workspace = tmp_path / url.partition("[")[0]
        workspace.mkdir()
        with open_engine(url, workspace=workspace) as engine:
            found[url] = counted_cube(engine, CUBE, fixed_records())
    embedded, spark = found.values()
    assert spark.cells.equals(embedded.cells)
    assert (spark.units, spark.units_key, spark.without_value) == (
        embedded.units,
        embedded.units_key,
        embedded.without_value,
    )
    assert sum(spark.cells["n"].to_pylist()) > 1_000
