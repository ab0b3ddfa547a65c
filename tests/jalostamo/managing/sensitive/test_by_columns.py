"""Counting a written table by its columns: it finds what the engine finds, and leaves to the engine what is odd."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path

import numpy as np
import polars as pl
import pyarrow as pa
import pyarrow.parquet
import pytest

from jalostamo.engine.connection import Engine
from jalostamo.managing.sensitive.validation.alikeness import Expected, Watched, alikeness_in, alikeness_of, values_of
from jalostamo.managing.sensitive.validation.by_columns import columns_of
from jalostamo.managing.sensitive.validation.closeness import Distance
from jalostamo.managing.sensitive.validation.diversity import Variety

_WIDE = 22


def drawn(path: Path, *, values: int, seed: int) -> list[str]:
    """A table of several row groups with missing and empty values, whose combinations overflow a number of 64 bits."""
    rng = np.random.default_rng(seed)
    every, place = [None, "", *(f"v{n}" for n in range(values))], rng.integers(0, 40, 600)
    names = [f"q.{n}" for n in range(_WIDE)]
    codes = {name: rng.integers(0, len(every), 40)[place] for name in (*names, "s")}
    rows = {name: pa.array([every[code] for code in column], pa.string()) for name, column in codes.items()}
    pyarrow.parquet.write_table(pa.table(rows), path, row_group_size=97)
    return names


@pytest.mark.parametrize("values", [1, 12])
def test_counted_by_columns_a_table_is_as_the_engine_finds_it(engine: Engine, tmp_path: Path, values: int) -> None:
    path = tmp_path / "rows.parquet"
    names = drawn(path, values=values, seed=values)
    table, columns = engine.read_parquet(path), columns_of(path, [*names, "s"])
    assert columns is not None
    whole = values_of(engine, table, "s")
    assert columns.whole("s") == whole
    distance, asked = (
        Distance("equal", 0.3),
        (Variety("distinct", 2), Variety("entropy", 2), Variety("recursive", 2, 0.5)),
    )
    for quasi in (names, names[:2], names[:1]):
        for variety in asked:
            expected = Expected(tuple(quasi), 3, watched=(Watched("s", "s", variety, distance, whole),))
            found, by_engine = (
                alikeness_in(columns.classes(quasi, ["s"]), expected),
                alikeness_of(engine, table, expected),
            )
            assert (found.rows, found.classes, found.risks) == (by_engine.rows, by_engine.classes, by_engine.risks)
            for name, model in by_engine.models.items():
                assert asdict(found.models[name]) == pytest.approx(asdict(model), rel=1e-12)


def test_what_is_no_text_or_no_table_is_left_to_the_engine(tmp_path: Path) -> None:
    numbers, empty, damaged = (tmp_path / f"{name}.parquet" for name in ("numbers", "empty", "damaged"))
    pl.DataFrame({"q": [1, 2]}).write_parquet(numbers)
    pl.DataFrame({"q": []}, schema={"q": pl.String}).write_parquet(empty)
    damaged.write_bytes(numbers.read_bytes()[:-9])
    assert [columns_of(path, ["q"]) for path in (numbers, empty, damaged)] == [None, None, None]
    assert columns_of(numbers, ["r"]) is None
