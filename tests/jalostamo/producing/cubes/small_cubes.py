"""Small definitions and tables for the tests of this folder: invented units, a few services, two years."""

from __future__ import annotations

import datetime
from collections.abc import Mapping, Sequence

import ibis.expr.types as ir
import pyarrow as pa

from jalostamo.concepts.customers import CustomerKind
from jalostamo.concepts.languages import Text
from jalostamo.engine.connection import Engine
from jalostamo.producing.cubes.counted import CountedCube
from jalostamo.producing.cubes.counting import count_cube
from jalostamo.producing.cubes.definition import CubeDefinition, Dimension, Filter, Measure

TITLE = Text("Kuutio", "Kub", "Cube")
Records = Mapping[str, Sequence[Mapping[str, object]]]
TYPES = {
    "unit": pa.string(),
    "person": pa.string(),
    "sex": pa.string(),
    "area": pa.int64(),
    "service": pa.string(),
    "day": pa.date32(),
    "urgent": pa.bool_(),
    "hours": pa.float64(),
    "cost": pa.decimal128(12, 2),
    "months": pa.int32(),
    "step": pa.int32(),
    "source": pa.string(),
    "target": pa.string(),
    "record_key": pa.int64(),
}


def dimension(name: str, levels: Sequence[Mapping[str, str]], **further: str | None) -> Dimension:
    """A dimension on the field of its name; each level says what the recorded values are called at it."""
    codes = [dict.fromkeys([*level.values(), *filter(None, further.values())]) for level in levels]
    parents: dict[str, str] = {}
    for value, code in levels[0].items():
        for level in levels[1:]:
            if level[value] != code:
                parents[code] = code = level[value]
    return Dimension(
        name=name,
        field=name,
        title=TITLE,
        levels=tuple(tuple(level) for level in codes),
        parents=parents,
        values=levels[0],
        labels={code: TITLE for level in codes for code in level},
        **further,
    )


def plain(name: str, *values: str, **further: str | None) -> Dimension:
    """A dimension of one level, whose codes are the values."""
    return dimension(name, [{value: value for value in values}], **further)


SEX = plain("sex", "f", "m", missing="unknown")
AREA = dimension(
    "area", [{"1": "a1", "2": "a2", "3": "b3"}, {"1": "south", "2": "south", "3": "b3"}], other="elsewhere"
)
SERVICE = dimension(
    "service",
    [{"NOT": "NOT", "ASM": "ASM", "FW": "FW"}, {"NOT": "entry", "ASM": "entry", "FW": "support"}],
)
DAY = dimension(
    "day",
    [
        {"2015-01-01": "2015-01", "2015-02-01": "2015-02", "2016-01-01": "2016"},
        {"2015-01-01": "2015", "2015-02-01": "2015", "2016-01-01": "2016"},
    ],
)
URGENT = plain("urgent", "true", "false")
NOTIFIED = Filter("service", ("NOT",), ("NOT", "ASM", "FW"))
PEOPLE = Measure("people", "units", "persons", TITLE)
CUSTOMERS = Measure("customers", "units", "events", TITLE)
MEASURES = (
    PEOPLE,
    CUSTOMERS,
    Measure("notified", "units", "events", TITLE, where=(NOTIFIED,)),
    Measure("visits", "events", "events", TITLE),
    Measure("notifications", "events", "events", TITLE, where=(NOTIFIED,)),
    Measure("hours", "sum", "events", TITLE, of="hours"),
    Measure("costs", "sum", "events", TITLE, of="cost", where=(NOTIFIED,)),
    Measure("short", "at_most", "events", TITLE, of="hours", grid=(0.5, 1, 2)),
    Measure("waiting", "at_risk", "events", TITLE, of="months", grid=(0, 3, 6)),
    Measure("helped", "ended", "events", TITLE, of="months", grid=(0, 3, 6), where=(NOTIFIED,)),
    Measure(
        "steps",
        "step",
        "paths",
        TITLE,
        grid=("1:>NOT", "1:NOT>ASM", "1:NOT>", "2:ASM>FW", "2:ASM>ASM", "2:ASM>"),
    ),
)


def definition(dimensions: Sequence[Dimension], measures: Sequence[Measure], **further: object) -> CubeDefinition:
    """A definition of these, over persons whose description stands in the table of that name."""
    told: dict[str, object] = {
        "name": "small",
        "title": TITLE,
        "population": "nobody",
        "unit": CustomerKind.PERSON,
        "first_day": datetime.date(2015, 1, 1),
        "last_day": datetime.date(2016, 12, 31),
        "dimensions": tuple(dimensions),
        "filters": (),
        "measures": tuple(measures),
        "structural_zeros": (),
        "noise": "d5-v3-js2-p50",
        "single_unit_differences": 0,
        "digest": "0" * 64,
        "described_in": "persons",
    }
    return CubeDefinition(**(told | further))  # type: ignore[arg-type]  # fields by name


def tables_of(
    engine: Engine, tables: Records, fields: Mapping[str, Sequence[str]] | None = None
) -> dict[str, ir.Table]:
    """Records as tables of an engine, with the types of this module."""
    known = FIELDS | (fields or {})
    return {
        name: engine.in_memory(pa.table({f: pa.array([r.get(f) for r in records], TYPES[f]) for f in known[name]}))
        for name, records in tables.items()
    }


FIELDS: dict[str, Sequence[str]] = {
    "persons": ("unit", "sex", "area"),
    "events": ("unit", "service", "day", "urgent", "hours", "cost", "months"),
    "paths": ("unit", "step", "source", "target"),
    "keys": ("unit", "record_key"),
}


def counted_cube(engine: Engine, cube: CubeDefinition, tables: Records) -> CountedCube:
    """The cube of some records."""
    return count_cube(engine, cube, tables_of(engine, tables))


def cells_of(cube: CountedCube) -> dict[tuple[str, ...], dict[str, object]]:
    """The cells by what names them."""
    names = ["measure", "at", *(d.name for d in cube.definition.dimensions)]
    rows = cube.cells.to_pylist()
    assert len({tuple(row[name] for name in names) for row in rows}) == len(rows)
    return {tuple(row[name] for name in names): {k: v for k, v in row.items() if k not in names} for row in rows}
