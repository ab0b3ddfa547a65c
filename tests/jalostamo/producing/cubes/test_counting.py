"""Every cell and margin of a cube is what counting by hand finds, for every kind of measure."""

from __future__ import annotations

import datetime
from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.jalostamo.producing.cubes.naive_cubes import Record, count_by_hand
from tests.jalostamo.producing.cubes.small_cubes import (
    AREA,
    DAY,
    FIELDS,
    MEASURES,
    NOTIFIED,
    SERVICE,
    SEX,
    URGENT,
    cells_of,
    counted_cube,
    definition,
    tables_of,
)

from jalostamo.engine.connection import Engine
from jalostamo.producing.cubes import counting
from jalostamo.producing.cubes.counted import KEY_SPACE
from jalostamo.producing.cubes.definition import CubeDefinition, Filter

UNITS = tuple(f"u{n}" for n in range(6))
KEYS = {unit: 99_998_900 + 211 * n for n, unit in enumerate(UNITS)}
PERSONS = st.tuples(st.sampled_from(["f", "m", None]), st.sampled_from([1, 2, 3, 99]))
EVENTS = st.fixed_dictionaries(
    {
        "unit": st.sampled_from(UNITS),
        "service": st.sampled_from(["NOT", "ASM", "FW"]),
        "day": st.sampled_from([datetime.date(2015, 1, 1), datetime.date(2015, 2, 1), datetime.date(2016, 1, 1)]),
        "urgent": st.booleans(),
        "hours": st.sampled_from([None, 0.1, 0.2, 0.5, 0.7, 1.0, 2.5, -1.25]),
        "cost": st.sampled_from([None, Decimal("0.10"), Decimal("33.33"), Decimal("-5.00"), Decimal("1000.05")]),
        "months": st.sampled_from([None, 0, 1, 3, 5, 6, 9]),
    }
)
STEPS = st.fixed_dictionaries(
    {
        "unit": st.sampled_from(UNITS),
        "way": st.sampled_from(
            [(1, None, "NOT"), (1, "NOT", "ASM"), (1, "NOT", ""), (2, "ASM", "FW"), (2, "ASM", "ASM"), (3, "FW", "")]
        ),
    }
)
CUBES = {
    "two that persons have and one of events": definition((SEX, AREA, SERVICE), MEASURES),
    "four": definition((AREA, SERVICE, DAY, URGENT), MEASURES),
    "of events alone, nothing described": definition((SERVICE, DAY), MEASURES[1:], described_in=None),
    "none": definition((), MEASURES),
    "filtered by what persons have": definition((SERVICE, SEX), MEASURES, filters=(Filter("area", ("1", "3")),)),
    "filtered by what events have": definition((DAY, SEX), MEASURES[1:-1], filters=(NOTIFIED,)),
}


def tables(
    persons: Sequence[tuple[str | None, int]], events: list[Record], steps: list[Record]
) -> dict[str, list[Record]]:
    """The tables of drawn records; every unit has its description and its key."""
    described = [{"unit": u, "sex": sex, "area": area} for u, (sex, area) in zip(UNITS, persons, strict=True)]
    ways = [dict(zip(("step", "source", "target"), s["way"], strict=True)) | {"unit": s["unit"]} for s in steps]  # type: ignore[call-overload]
    keys = [{"unit": unit, "record_key": key} for unit, key in KEYS.items()]
    return {"persons": described, "events": events, "paths": ways, "keys": keys}


@settings(max_examples=30)
@given(
    which=st.sampled_from(list(CUBES)),
    places=st.sets(st.integers(0, len(MEASURES) - 1), min_size=1, max_size=3),
    persons=st.lists(PERSONS, min_size=len(UNITS), max_size=len(UNITS)),
    events=st.lists(EVENTS, max_size=14),
    steps=st.lists(STEPS, max_size=10),
)
def test_each_cell_is_what_counting_by_hand_finds(
    which: str,
    places: set[int],
    persons: list[tuple[str | None, int]],
    events: list[Record],
    steps: list[Record],
    duckdb_engine: Engine,
) -> None:
    chosen = CUBES[which].measures
    asked = tuple(chosen[place % len(chosen)] for place in sorted({place % len(chosen) for place in places}))
    dimensions = CUBES[which].dimensions if any(m.table == "events" for m in asked) else ()
    cube, records = replace(CUBES[which], measures=asked, dimensions=dimensions), tables(persons, events, steps)
    found = cells_of(counted_cube(duckdb_engine, cube, records))
    by_hand = count_by_hand(cube, records, FIELDS)
    assert found.keys() == by_hand.keys()
    assert not [cell for cell, numbers in by_hand.items() if numbers | {"structural": False} != found[cell]]


def fixed_records() -> dict[str, list[Record]]:
    """A table of some hundred events that follow no rule of persons or services."""
    days = [datetime.date(2015, 1, 1), datetime.date(2015, 2, 1), datetime.date(2016, 1, 1)]
    units = [f"u{n}" for n in range(40)]
    persons = [
        {"unit": u, "sex": ("f", "m", None)[n % 3], "area": (1, 2, 3, 99)[n * 7 % 4]} for n, u in enumerate(units)
    ]
    events = [
        {
            "unit": units[n * n % 37],
            "service": ("NOT", "ASM", "FW")[n * 5 % 7 % 3],
            "day": days[n % 11 % 3],
            "urgent": n % 4 == 1,
            "hours": (None, 0.1, 0.7, -0.3, 2.5)[n % 13 % 5],
            "cost": (Decimal("0.10"), None, Decimal("712.35"))[n % 17 % 3],
            "months": (0, 2, 3, 8, None)[n % 19 % 5],
        }
        for n in range(300)
    ]
    ways = [(1, None, "NOT"), (1, "NOT", "ASM"), (2, "ASM", "FW"), (2, "ASM", ""), (3, "FW", "")]
    paths = [
        dict(zip(("step", "source", "target"), ways[n * 3 % 5], strict=True)) | {"unit": units[n % 31]}
        for n in range(90)
    ]
    keys = [{"unit": u, "record_key": (n * 48_271_001) % 10**8} for n, u in enumerate(units)]
    return {"persons": persons, "events": events, "paths": paths, "keys": keys}


@pytest.mark.parametrize("which", CUBES)
def test_a_fixed_table_is_counted_as_by_hand(which: str, duckdb_engine: Engine) -> None:
    records = fixed_records()
    by_hand = count_by_hand(CUBES[which], records, FIELDS)
    found = cells_of(counted_cube(duckdb_engine, CUBES[which], records))
    assert not [cell for cell, numbers in by_hand.items() if numbers | {"structural": False} != found.get(cell)]


def test_counting_in_portions_of_units_changes_nothing(duckdb_engine: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    whole = counted_cube(duckdb_engine, CUBES["of events alone, nothing described"], fixed_records())
    monkeypatch.setattr(counting, "PORTION", 60)
    assert counted_cube(duckdb_engine, whole.definition, fixed_records()).cells.equals(whole.cells)


def test_no_set_of_units_is_kept_after_counting(duckdb_engine: Engine) -> None:
    tables = tables_of(duckdb_engine, fixed_records())
    before = sum(name.startswith("kept") for name in duckdb_engine.backend.list_tables())
    cube = CUBES["of events alone, nothing described"]
    counting.count_cube(duckdb_engine, cube, tables)
    left = sum(name.startswith("kept") for name in duckdb_engine.backend.list_tables()) - before
    # The lists of codes stay: of two dimensions, in two walks, and of the steps.
    assert left <= 6


def test_the_units_of_all_tables_are_counted_once(duckdb_engine: Engine) -> None:
    records = fixed_records()
    cube = counted_cube(duckdb_engine, CUBES["four"], records)
    keys = [int(str(r["record_key"])) for r in records["keys"]]
    assert (cube.units, cube.units_key) == (40, sum(keys) % 10**8)


def test_cells_share_one_schema_and_hide_in_every_repr(duckdb_engine: Engine) -> None:
    cube = counted_cube(duckdb_engine, CUBES["none"], fixed_records())
    assert repr(cube) == "CountedCube('small', hidden)"
    assert cube.cells.schema.names[:2] == ["measure", "at"]


def test_the_number_of_rows_is_the_same_for_any_records(duckdb_engine: Engine) -> None:
    records = fixed_records()
    nobody = records | {"events": [], "paths": [], "persons": records["persons"][:1]}
    cube: CubeDefinition = CUBES["four"]
    full, empty = (counted_cube(duckdb_engine, cube, each) for each in (records, nobody))
    assert full.cells.num_rows == empty.cells.num_rows


def test_units_without_a_value_come_with_their_keys_so_that_they_are_printed_as_a_cell_is(
    duckdb_engine: Engine,
) -> None:
    records = fixed_records()
    lacking = {r["unit"] for r in records["events"] if r["hours"] is None}
    keys = sum(r["record_key"] for r in records["keys"] if r["unit"] in lacking)
    cube = counted_cube(duckdb_engine, CUBES["four"], records)
    assert cube.without_value["hours"] == (len(lacking), keys % KEY_SPACE)
