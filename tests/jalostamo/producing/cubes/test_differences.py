"""Single units cut out of earlier cells: counted by the engine, and by looking at every pair of unit sets."""

from __future__ import annotations

import datetime
from dataclasses import replace
from itertools import product
from pathlib import Path

import ibis.expr.types as ir
import numpy as np
import pyarrow as pa
import pytest
from tests.jalostamo.utilising.disclosure.sample_cubes import AGE, AREA, RESIDENTS, Town, definition

from jalostamo.engine.connection import open_engine
from jalostamo.producing.cubes.counted import CountedCube
from jalostamo.producing.cubes.counting import count_cube
from jalostamo.producing.cubes.definition import TOTAL, CubeDefinition, Filter
from jalostamo.producing.cubes.differences import Difference, cells_cut, differences

PLAIN = definition(measures=(RESIDENTS,))
KEEP = Filter("area_code", ("1", "2", "3", "4"))
FILTERED = replace(PLAIN, dimensions=(AGE,), filters=(KEEP,), digest="e" * 64)
CASES = {
    "a filter": (FILTERED, PLAIN),
    "a filter taken away": (PLAIN, FILTERED),
    "a filter on what a dimension tells": (replace(PLAIN, filters=(Filter("age_band", ("0-17", "18-64")),)), PLAIN),
    "other dimensions": (replace(PLAIN, dimensions=(AGE,)), replace(PLAIN, dimensions=(AREA,))),
    "none": (replace(PLAIN, dimensions=(), filters=(KEEP,)), replace(PLAIN, dimensions=())),
}


def unit_sets(town: Town, asked: CubeDefinition) -> dict[frozenset[tuple[str, frozenset[str]]], frozenset[int]]:
    """By the conditions of each cell (field, values left), the units in it: found by looking at each."""
    found = {}
    for codes in product(*((*dimension.codes, TOTAL) for dimension in asked.dimensions)):
        left = {each.field: frozenset(each.values) for each in asked.filters}
        for dimension, code in zip(asked.dimensions, codes, strict=True):
            if code != TOTAL:
                values = frozenset(value for value, fine in dimension.values.items() if dimension.holds(code, fine))
                left[dimension.field] = left.get(dimension.field, values) & values
        here = np.ones(len(town.key), dtype=bool)
        for name, values in left.items():
            here &= np.isin(town.fields[name], list(values))
        found[frozenset(left.items())] = frozenset(np.flatnonzero(here).tolist())
    return found


def nested(inner: frozenset[tuple[str, frozenset[str]]], outer: frozenset[tuple[str, frozenset[str]]]) -> bool:
    """Whether one cell's conditions let through nothing that the other's do not."""
    within = dict(inner)
    return all(field in within and within[field] <= values for field, values in outer)


def naive_cut(town: Town, new: CubeDefinition, earlier: CubeDefinition) -> int:
    """The same count by every pair of cells."""
    ours, theirs = unit_sets(town, new), unit_sets(town, earlier)
    return sum(
        any(
            len(units ^ others) == 1 and (nested(cell, other) or nested(other, cell)) and other not in ours
            for other, others in theirs.items()
        )
        for cell, units in ours.items()
        if cell not in theirs
    )


@pytest.mark.parametrize("name", CASES)
@pytest.mark.parametrize("seed", range(6))
def test_single_units_are_found_as_by_looking_at_every_pair(name: str, seed: int) -> None:
    town = Town(seed, units=60)
    new, earlier = CASES[name]
    # A cell whose conditions are alike may be written in several ways; the naive way keeps one of each, as do codes here.
    assert cells_cut(town.counted(new), town.counted(earlier)) == naive_cut(town, new, earlier)


def test_some_unit_is_cut_out_in_these_towns() -> None:
    new, earlier = CASES["a filter"]
    towns = [Town(seed, units=60) for seed in range(6)]
    assert sum(cells_cut(town.counted(new), town.counted(earlier)) for town in towns) > 0


def test_comparing_cells_of_the_same_coordinates_alone_would_miss_some() -> None:
    new, earlier = replace(PLAIN, dimensions=(), filters=(Filter("age_band", ("0-17", "18-64")),)), PLAIN
    town = Town(3, units=60)
    place = int(np.flatnonzero(town.fields["area_code"] == "1")[0])
    town.fields["age_band"] = np.where(np.arange(60) == place, "65-", "18-64")
    assert cells_cut(town.counted(new), town.counted(earlier)) == 1
    elsewhere = replace(new, filters=(*new.filters, Filter("area_code", ("1", "2"))))
    assert cells_cut(town.counted(elsewhere), town.counted(earlier)) == 1


def test_a_cube_of_other_days_lies_in_one_of_longer_days() -> None:
    town = Town(3, units=60)
    short = replace(PLAIN, last_day=datetime.date(2020, 6, 30))
    later = replace(PLAIN, first_day=datetime.date(2021, 1, 1), last_day=datetime.date(2021, 12, 31))
    fewer = Town(3, units=60)
    for name in fewer.fields:
        fewer.fields[name] = fewer.fields[name][:-1]
    fewer.key, fewer.visits, fewer.euros = fewer.key[:-1], fewer.visits[:-1], fewer.euros[:-1]
    assert cells_cut(town.counted(PLAIN), fewer.counted(short)) > 0
    assert cells_cut(town.counted(PLAIN), fewer.counted(later)) == 0


def test_the_engine_counts_the_differences_from_the_definitions(tmp_path: Path) -> None:
    town = Town(2, units=60)
    new, earlier = CASES["a filter"]
    units = [f"u{number}" for number in range(60)]
    persons = pa.table({"unit": units, **{name: values.tolist() for name, values in town.fields.items()}})
    keys = pa.table({"unit": units, "record_key": pa.array(town.key)})
    with open_engine("duckdb", workspace=tmp_path) as engine:
        tables: dict[str, ir.Table] = {"persons": engine.in_memory(persons), "keys": engine.in_memory(keys)}
        counted = count_cube(engine, new, tables)
        found = differences(engine, counted, {"c" * 64: earlier, "a" * 64: new}, lambda _: tables)
    assert found == (Difference("c" * 64, naive_cut(town, new, earlier)),)
    assert plain(counted) == plain(town.counted(new))


def plain(cube: CountedCube) -> set[tuple[object, ...]]:
    """The counts and keys of a cube by its words."""
    names = [dimension.name for dimension in cube.definition.dimensions]
    return {(*(row[name] for name in names), row["n"], row["key"]) for row in cube.cells.to_pylist()}
