"""Records that do not fit their definition are refused with fields and what to do, never with a value or how many there are."""

from __future__ import annotations

import datetime
from collections.abc import Mapping, Sequence
from dataclasses import replace

import pytest
from tests.jalostamo.producing.cubes.small_cubes import (
    AREA,
    CUSTOMERS,
    MEASURES,
    NOTIFIED,
    PEOPLE,
    SERVICE,
    SEX,
    TITLE,
    URGENT,
    cells_of,
    counted_cube,
    definition,
    plain,
    tables_of,
)

from jalostamo.concepts.customers import CustomerKind
from jalostamo.concepts.errors import JalostamoError
from jalostamo.engine.connection import Engine
from jalostamo.producing.cubes.counting import count_cube
from jalostamo.producing.cubes.definition import CubeDefinition, Dimension, Filter, Measure

SECRET = "4711"
DAY = datetime.date(2015, 1, 1)
Record = dict[str, object]


def event(unit: str, **further: object) -> Record:
    return {"unit": unit, "service": "NOT", "day": DAY, "urgent": True, "hours": 1.0, "months": 1} | further


def records(**further: Sequence[Mapping[str, object]]) -> dict[str, Sequence[Mapping[str, object]]]:
    """Four units that fit; a test replaces a table."""
    units = [f"u{n}" for n in range(4)]
    told: dict[str, Sequence[Mapping[str, object]]] = {
        "persons": [{"unit": u, "sex": "fm"[n % 2], "area": 1 + n % 3} for n, u in enumerate(units)],
        "events": [event(u) for u in units],
        "paths": [{"unit": u, "step": 1, "source": "", "target": "NOT"} for u in units],
        "keys": [{"unit": u, "record_key": 7 * n} for n, u in enumerate(units)],
    }
    return told | further


def refusal(engine: Engine, cube: CubeDefinition, told: Mapping[str, Sequence[Mapping[str, object]]]) -> JalostamoError:
    with pytest.raises(JalostamoError) as refused:
        counted_cube(engine, cube, told)
    assert SECRET not in str(refused.value)
    return refused.value


BASE = records()
CUBE = definition((SERVICE, SEX), (CUSTOMERS,))
STEPS = definition((), (MEASURES[-1],))
HOURS = definition((SEX,), (MEASURES[5],))
LISTED = Filter("service", ("NOT",), ("NOT", "ASM"))
REFUSED: dict[str, tuple[CubeDefinition, dict[str, list[Record]], str, str]] = {
    "a value that nobody lists": (
        CUBE,
        {"events": [event("u0", service=SECRET), event("u1", service=SECRET), event("u1")]},
        "Some units of table 'events' hold in field 'service' what dimension 'service' does not list",
        "cube_unlisted",
    ),
    "a missing value": (
        CUBE,
        {"events": [event("u0", service=None), event("u0"), event("u1")]},
        "Some units of table 'events' hold nothing in field 'service'",
        "cube_missing",
    ),
    "a record without a key": (
        CUBE,
        {"events": [event(SECRET), event(SECRET, service="FW"), event("u0")]},
        "Some units of table 'events' have no record key",
        "cube_key_missing",
    ),
    "a record without a unit": (
        CUBE,
        {"events": [event("u0") | {"unit": None}, event("u0")]},
        "Some records of table 'events' have no unit",
        "cube_unit_missing",
    ),
    "a key beyond the space": (
        CUBE,
        {"keys": [{"unit": "u0", "record_key": 10**8}, {"unit": "u1", "record_key": -1}]},
        "Some rows of 'keys' lack a unit, or a key from 0 to 99999999",
        "cube_key_bad",
    ),
    "two keys of one unit": (
        CUBE,
        {"keys": [{"unit": "u0", "record_key": 1}, {"unit": "u0", "record_key": 2}]},
        "'keys' has more rows than units",
        "cube_key_doubled",
    ),
    "a unit that is described twice": (
        CUBE,
        {"persons": [{"unit": "u0", "sex": "f", "area": 1}, {"unit": "u0", "sex": "m", "area": 1}]},
        "Table 'persons' describes units, but has more rows than units",
        "cube_unit_doubled",
    ),
    "a value that a filter does not know": (
        definition((SEX,), (replace(CUSTOMERS, where=(LISTED,)),)),
        {"events": [event("u0", service=SECRET), event("u1")]},
        "Some records hold in field 'service' what neither its dimension nor 'among' lists",
        "cube_unlisted",
    ),
    "a number without an end": (
        HOURS,
        {"events": [event("u0", hours=float("inf")), event("u1", hours=float("nan"))]},
        "Some records hold in field 'hours' what is no finite number",
        "cube_not_finite",
    ),
    "a number too large": (
        HOURS,
        {"events": [event("u0", hours=1e12)]},
        "numbers too large to sum exactly",
        "cube_too_large",
    ),
    "a step of an unknown service": (
        STEPS,
        {"paths": [{"unit": "u0", "step": 1, "source": "NOT", "target": SECRET}]},
        "Some steps of measure 'steps' lead from or to a service that its path does not name",
        "cube_unlisted",
    ),
}


@pytest.mark.parametrize("fault", REFUSED)
def test_records_that_do_not_fit_are_counted_and_refused(fault: str, duckdb_engine: Engine) -> None:
    cube, spoilt, sentence, reason = REFUSED[fault]
    counted_cube(duckdb_engine, cube, records())
    refused = refusal(duckdb_engine, cube, records(**spoilt))
    assert sentence in str(refused)
    assert (refused.reason, refused.exit_code) == (reason, 4)


@pytest.mark.parametrize("fault", REFUSED)
def test_a_refusal_is_the_same_for_one_and_for_many(fault: str, duckdb_engine: Engine) -> None:
    """Its filters choose whom a definition counts: a number in its refusal would be a true one, without noise."""
    cube, spoilt, *_ = REFUSED[fault]
    many = {
        table: [*rows, *({**row, "unit": f"v{n}"} for n, row in enumerate(rows) if row["unit"]), *rows]
        for table, rows in spoilt.items()
    }
    keys = [*records()["keys"], *({"unit": f"v{n}", "record_key": n} for n in range(9))]
    told = records(**{"keys": keys, **many})
    assert str(refusal(duckdb_engine, cube, records(**spoilt))) == str(refusal(duckdb_engine, cube, told))


def test_whether_a_cell_that_is_declared_impossible_is_empty_is_not_told(duckdb_engine: Engine) -> None:
    cube = definition((SERVICE, SEX), (CUSTOMERS,), structural_zeros=({"service": "entry", "sex": "f"},))
    found = cells_of(counted_cube(duckdb_engine, cube, records()))
    assert found["customers", "", "entry", "f"]["n"] == 2
    assert found["customers", "", "entry", "f"]["structural"]


UNKNOWN: dict[str, tuple[CubeDefinition, str, str]] = {
    "a dimension's field": (
        definition((plain("colour", "red", "blue"),), (CUSTOMERS,)),
        "Field 'colour' of dimension 'colour' is not in any table that is counted nor 'persons'",
        "field_unknown",
    ),
    "a filter's field": (
        definition((SEX,), (PEOPLE,), filters=(NOTIFIED,)),
        "Field 'service' of measure 'people' or a filter is not in table 'persons'",
        "field_unknown",
    ),
    "a measure's field": (
        definition((SEX,), (Measure("sum", "sum", "events", TITLE, of="price"),)),
        "Field 'price' of measure 'sum'",
        "field_unknown",
    ),
    "a table": (
        definition((SEX,), (replace(CUSTOMERS, table="visits"),)),
        "needs the table 'visits'",
        "cube_table_unknown",
    ),
    "a number that is a text": (
        definition((SEX,), (Measure("sum", "sum", "events", TITLE, of="service"),)),
        "Field 'service' of measure 'sum' is no number",
        "cube_field_type",
    ),
    "a dimension of fractions": (
        definition((plain("hours", "1", "2"),), (CUSTOMERS,)),
        "Field 'hours' is neither a text, a whole number, a date nor a truth",
        "cube_field_type",
    ),
    "a day that is none": (
        definition((plain("day", "2015-01-01", "yesterday"),), (CUSTOMERS,)),
        "lists values of field 'day' that are not of its type",
        "cube_value_type",
    ),
    "a number with a nought before it": (
        definition((plain("area", "1", "02"),), (PEOPLE,)),
        "lists values of field 'area' that are not of its type",
        "cube_value_type",
    ),
}


@pytest.mark.parametrize("what", UNKNOWN)
def test_what_the_tables_lack_is_named(what: str, duckdb_engine: Engine) -> None:
    cube, sentence, reason = UNKNOWN[what]
    refused = refusal(duckdb_engine, cube, BASE)
    assert sentence in str(refused)
    assert refused.reason == reason


def test_a_table_without_units_is_refused(duckdb_engine: Engine) -> None:
    tables = tables_of(duckdb_engine, BASE)
    with pytest.raises(JalostamoError, match="Table 'events' has no column 'unit'"):
        count_cube(duckdb_engine, CUBE, tables | {"events": tables["events"].drop("unit")})


def test_too_many_cells_are_refused_before_anything_is_counted(duckdb_engine: Engine) -> None:
    grid = tuple(range(20_000))
    cube = definition((SERVICE, SEX), (Measure("short", "at_most", "events", TITLE, of="hours", grid=grid),))
    refused = refusal(duckdb_engine, cube, records(events=[event("u0", service=SECRET)]))
    assert "asks for 480024 cells" in str(refused)
    assert (refused.reason, refused.exit_code) == ("cube_too_many_cells", 3)


@pytest.mark.parametrize(("second", "refused"), [("h1", False), ("h2", True)], ids=["one household", "two households"])
def test_a_person_in_two_households_is_counted_and_refused(second: str, refused: bool, duckdb_engine: Engine) -> None:
    keys = [{"unit": f"h{n}", "record_key": n} for n in range(3)]
    homes = [("h0", "p0"), ("h1", "p1"), (second, "p1")]
    told = {"events": [event(unit, person=person) for unit, person in homes], "keys": keys}
    cube = definition((URGENT,), (CUSTOMERS,), unit=CustomerKind.HOUSEHOLD, described_in=None)
    tables = tables_of(duckdb_engine, told, {"events": ("unit", "person", "urgent")})
    if not refused:
        assert count_cube(duckdb_engine, cube, tables).units == 2
        return
    with pytest.raises(JalostamoError, match="Some persons stand in two households"):
        count_cube(duckdb_engine, cube, tables)


def test_households_without_their_persons_cannot_be_judged(duckdb_engine: Engine) -> None:
    refused = refusal(duckdb_engine, definition((SEX,), (PEOPLE,), unit=CustomerKind.HOUSEHOLD), BASE)
    assert refused.reason == "cube_person_missing"


def test_a_negative_amount_flags_every_cell_that_holds_it(duckdb_engine: Engine) -> None:
    told = records(events=[event("u0", hours=-1.0), event("u1", hours=5.0), event("u2", hours=2.0)])
    found = cells_of(counted_cube(duckdb_engine, HOURS, told))
    assert {cell[2]: row["negative"] for cell, row in found.items()} == {
        "f": True,
        "m": False,
        "unknown": False,
        "*": True,
    }


def test_cells_within_an_impossible_combination_are_marked(duckdb_engine: Engine) -> None:
    cube = definition((SERVICE, SEX), (CUSTOMERS,), structural_zeros=({"service": "support", "sex": "f"},))
    found = cells_of(counted_cube(duckdb_engine, cube, BASE))
    assert {cell[2:] for cell, row in found.items() if row["structural"]} == {("FW", "f"), ("support", "f")}


def test_without_codes_of_their_own_neither_other_nor_missing_values_pass(duckdb_engine: Engine) -> None:
    told = records(persons=[{"unit": f"u{n}", "sex": None, "area": int(SECRET)} for n in range(4)])
    assert (
        cells_of(counted_cube(duckdb_engine, definition((SEX, AREA), (PEOPLE,)), told))[
            ("people", "", "unknown", "elsewhere")
        ]["n"]
        == 4
    )
    strict: list[Dimension] = [plain("sex", "f", "m"), plain("area", "1", "2", "3")]
    reasons = [refusal(duckdb_engine, definition((each,), (PEOPLE,)), told).reason for each in strict]
    assert reasons == ["cube_missing", "cube_unlisted"]
