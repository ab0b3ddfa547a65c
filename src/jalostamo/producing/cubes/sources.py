"""Sources: the tables that a cube is counted from, with units as numbers that carry their record keys.

A unit's number times the key space plus its record key is one whole number: it tells units apart, and its remainder is
the key, so that neither is looked up again for any of the many sets that are made from it.

Handbook 2.6, phase 5.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import ibis
import ibis.expr.types as ir

from jalostamo.concepts.customers import CustomerKind
from jalostamo.concepts.errors import Misused, Unfit
from jalostamo.producing.cubes.axes import Axis, Grid
from jalostamo.producing.cubes.carrying import whole
from jalostamo.producing.cubes.coding import coded
from jalostamo.producing.cubes.counted import KEY_SPACE

if TYPE_CHECKING:
    from jalostamo.engine.connection import Engine
    from jalostamo.producing.cubes.definition import CubeDefinition, Dimension

KEYS: Final = "keys"
PERSON: Final = "person"


@dataclass(frozen=True, slots=True)
class Sources:
    """Sources are the tables by name, and what of a unit's own description stands for all its records."""

    definition: CubeDefinition
    tables: Mapping[str, ir.Table]

    @property
    def described(self) -> ir.Table | None:
        """The table with one row per unit, if the definition names one."""
        name = self.definition.described_in
        return None if name is None else self.tables[name]

    def comes_with_unit(self, table: str, field: str) -> bool:
        """Whether records of a table have the field by their unit, not in themselves."""
        described = self.described
        own = field in self.tables[table].columns
        return not own and described is not None and field in described.columns

    def has(self, table: str, field: str) -> bool:
        """Whether records of a table have the field."""
        return field in self.tables[table].columns or self.comes_with_unit(table, field)

    def dimensions(self, table: str) -> tuple[Dimension, ...]:
        """The dimensions that a table can tell."""
        return tuple(d for d in self.definition.dimensions if self.has(table, d.field))

    def grid(self, table: str, outer: int) -> Grid:
        """The cells of a table."""
        return Grid(tuple(Axis(dimension) for dimension in self.dimensions(table)), outer)


def checked_sources(definition: CubeDefinition, tables: Mapping[str, ir.Table]) -> Sources:
    """The sources, with every table and field that the definition names."""
    names = [KEYS, *(measure.table for measure in definition.measures)]
    names += [definition.described_in] if definition.described_in else []
    for name in names:
        if name not in tables:
            raise Misused(
                f"Definition '{definition.name}' needs the table '{name}'; there is {', '.join(sorted(tables))}.",
                reason="cube_table_unknown",
            )
        _check_columns(tables[name], name, ("unit", "record_key") if name == KEYS else ("unit",))
    sources = Sources(definition, tables)
    for dimension in definition.dimensions:
        if not any(sources.has(measure.table, dimension.field) for measure in definition.measures):
            raise _field_unknown(dimension.field, f"dimension '{dimension.name}'", definition)
    for measure in definition.measures:
        wanted = [f.field for f in (*definition.filters, *measure.where)] + ([measure.of] if measure.of else [])
        wanted += ["step", "source", "target"] if measure.kind == "step" else []
        for field in wanted:
            if not sources.has(measure.table, field):
                raise _field_unknown(field, f"measure '{measure.name}' or a filter", definition, measure.table)
    return sources


def numbered_units(engine: Engine, sources: Sources) -> ir.Table:
    """Each unit with its number, and what its description adds: `f_` its fields, `d_` its codes."""
    keys = sources.tables[KEYS]
    _check_keys(engine, keys)
    # Spark numbers rows in 32 bits, whatever Ibis says: times the key space that would leave them.
    number = whole(ibis.row_number().over(order_by=keys.unit))
    units = keys.select("unit", id=number * KEY_SPACE + keys.record_key.cast("int64"))
    fields = _fields_with_unit(sources)
    described = sources.described
    if described is None or not fields:
        return engine.keep(units)
    _check_once(engine, described, str(sources.definition.described_in))
    told = described.select("unit", **{f"f_{field}": described[field] for field in fields})
    joined = units.left_join(told, "unit")
    made = joined.select(joined.unit, joined.id, *(joined[f"f_{field}"] for field in fields))
    for dimension in sources.definition.dimensions:
        if dimension.field in fields:
            axis = Axis(dimension)
            made = coded(engine, made, axis, column=f"f_{dimension.field}", name=f"d_{dimension.name}")
    return engine.keep(made)


def records(engine: Engine, sources: Sources, units: ir.Table, table: str) -> ir.Table:
    """The records of a table with the numbers of their units: `id`, `f_` fields, `d_` codes; unfiltered."""
    own = sources.tables[table]
    fields = [field for field in _fields_of(sources, table) if field in own.columns]
    carried = [field for field in _fields_of(sources, table) if sources.comes_with_unit(table, field)]
    made = own.select(unit="unit", **{f"f_{field}": own[field] for field in fields})
    dimensions = sources.dimensions(table)
    with_unit = [f"d_{d.name}" for d in dimensions if d.field in carried] + [f"f_{field}" for field in carried]
    joined = made.left_join(units, made.unit == units.unit)
    made = joined.select(*(joined[c] for c in made.columns), joined.id, *(joined[c] for c in with_unit))
    for dimension in dimensions:
        if dimension.field in fields:
            made = coded(engine, made, Axis(dimension), column=f"f_{dimension.field}", name=f"d_{dimension.name}")
    return made


def check_one_household(engine: Engine, sources: Sources) -> None:
    """Refuse persons who stand in two households: both would be told of one person."""
    if sources.definition.unit is not CustomerKind.HOUSEHOLD:
        return
    named = {measure.table: sources.tables[measure.table] for measure in sources.definition.measures}
    if sources.described is not None:
        named[str(sources.definition.described_in)] = sources.described
    with_person = [table for table in named.values() if PERSON in table.columns]
    if not with_person:
        raise Unfit(
            f"A cube of households needs the column '{PERSON}' in a table, to see that nobody stands in two.",
            reason="cube_person_missing",
        )
    pairs = ibis.union(*(t.select("unit", PERSON) for t in with_person)) if len(with_person) > 1 else with_person[0]
    known = pairs.filter(pairs.unit.notnull() & pairs[PERSON].notnull())
    by_person = known.group_by(PERSON).agg(low=known.unit.min(), high=known.unit.max())
    # How many is a true count, and told to whoever sent the definition in: so it is here and below.
    if engine.only_row(by_person.agg(n=(by_person.low != by_person.high).sum()))["n"]:
        raise Unfit(
            "Some persons stand in two households; give each person one for the whole period.",
            reason="cube_two_households",
        )


def refuse_unkeyed(engine: Engine, sources: Sources, table: str) -> None:
    """Say what is wrong with a table of which some record has no number: no unit, or one without a record key."""
    own = sources.tables[table]
    if engine.only_row(own.agg(n=own.unit.isnull().sum()))["n"]:
        raise Unfit(f"Some records of table '{table}' have no unit.", reason="cube_unit_missing")
    raise Unfit(f"Some units of table '{table}' have no record key.", reason="cube_key_missing")


def _fields_of(sources: Sources, table: str) -> list[str]:
    """The fields of a table's records that are looked at."""
    definition = sources.definition
    measures = [measure for measure in definition.measures if measure.table == table]
    fields = [dimension.field for dimension in sources.dimensions(table)]
    fields += [each.field for each in definition.filters]
    for measure in measures:
        fields += [each.field for each in measure.where] + ([measure.of] if measure.of else [])
        fields += ["step", "source", "target"] if measure.kind == "step" else []
    return list(dict.fromkeys(fields))


def _fields_with_unit(sources: Sources) -> list[str]:
    tables = dict.fromkeys(measure.table for measure in sources.definition.measures)
    found = [f for table in tables for f in _fields_of(sources, table) if sources.comes_with_unit(table, f)]
    return list(dict.fromkeys(found))


def _check_keys(engine: Engine, keys: ir.Table) -> None:
    bad = keys.record_key.isnull() | (keys.record_key < 0) | (keys.record_key >= KEY_SPACE) | keys.unit.isnull()
    found = engine.only_row(keys.agg(rows=keys.count(), units=keys.unit.nunique(), bad=bad.sum()))
    if found["bad"]:
        raise Unfit(f"Some rows of '{KEYS}' lack a unit, or a key from 0 to {KEY_SPACE - 1}.", reason="cube_key_bad")
    if found["rows"] != found["units"]:
        raise Unfit(f"'{KEYS}' has more rows than units; each unit has one key.", reason="cube_key_doubled")


def _check_once(engine: Engine, table: ir.Table, name: str) -> None:
    found = engine.only_row(table.agg(rows=table.count(), units=table.unit.nunique()))
    if found["rows"] != found["units"]:
        raise Unfit(f"Table '{name}' describes units, but has more rows than units.", reason="cube_unit_doubled")


def _check_columns(table: ir.Table, name: str, wanted: Sequence[str]) -> None:
    missing = [column for column in wanted if column not in table.columns]
    if missing:
        raise Misused(f"Table '{name}' has no column '{missing[0]}'.", reason="cube_column_missing")


def _field_unknown(field: str, whose: str, definition: CubeDefinition, table: str | None = None) -> Unfit:
    where = f"table '{table}'" if table else "any table that is counted"
    also = f" nor '{definition.described_in}'" if definition.described_in else ""
    return Unfit(f"Field '{field}' of {whose} is not in {where}{also}.", reason="field_unknown")
