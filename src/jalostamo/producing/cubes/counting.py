"""Counting a cube: from a frozen definition and tables to the true values of every cell and margin.

Records are collapsed once per table to distinct units and finest cells; everything else is made from those.

Handbook 2.6, phase 8.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import ibis
import ibis.expr.types as ir
import pyarrow as pa

from jalostamo.concepts.errors import Refused
from jalostamo.producing.cubes.assembling import Counts, cells_table
from jalostamo.producing.cubes.axes import Grid, Levels
from jalostamo.producing.cubes.carrying import Carried, carried_for
from jalostamo.producing.cubes.chains import count_units
from jalostamo.producing.cubes.checking import check_codes, check_records, check_steps, without_value
from jalostamo.producing.cubes.coding import is_among
from jalostamo.producing.cubes.counted import KEY_SPACE, CountedCube
from jalostamo.producing.cubes.lattice import counts, distinct, forget, portions, sets
from jalostamo.producing.cubes.sizes import cell_objections
from jalostamo.producing.cubes.sources import (
    Sources,
    check_one_household,
    checked_sources,
    numbered_units,
    records,
    refuse_unkeyed,
)

if TYPE_CHECKING:
    from jalostamo.engine.connection import Engine
    from jalostamo.producing.cubes.definition import CubeDefinition, Measure

PORTION: Final = 6_000_000
"""The rows of one portion: small enough that the sets of a few dozen levels stay in memory, side by side."""


@dataclass(frozen=True, slots=True)
class _Group:
    """The measures that are counted in one walk: those of one table; a measure of steps walks alone."""

    table: str
    carried: tuple[Carried, ...]
    grid: Grid


@dataclass(frozen=True, slots=True)
class _Found:
    """What a walk found: the counts by measure, its units, and how many had no number to look at."""

    counts: Mapping[str, Counts]
    units: ir.Table
    without_value: Mapping[str, tuple[int, int]]


def count_cube(engine: Engine, definition: CubeDefinition, tables: Mapping[str, ir.Table]) -> CountedCube:
    """Every cell and margin of every measure of a definition.

    Each of `tables` has a column `unit`; `keys` is (unit, record_key), one row per unit. A cube of households needs the
    column `person` in one of them.
    """
    sources = checked_sources(definition, tables)
    told = {m.name: [d.name for d in sources.dimensions(m.table)] for m in definition.measures}
    if objections := cell_objections(definition, told):
        raise Refused(objections, reason="cube_too_many_cells")
    check_one_household(engine, sources)
    units = numbered_units(engine, sources)
    found = [_count(engine, sources, units, group) for group in _groups(sources)]
    cells = cells_table(definition, {name: made for each in found for name, made in each.counts.items()})
    number, key = _in_all(engine, [each.units for each in found])
    for table in (units, *(each.units for each in found)):
        forget(engine, table)
    lacking = {name: counted for each in found for name, counted in each.without_value.items()}
    return CountedCube(definition, cells, number, key, lacking)


def _groups(sources: Sources) -> list[_Group]:
    measures = sources.definition.measures
    steps = [
        _Group(m.table, carried_for([m]), sources.grid(m.table, len(m.grid))) for m in measures if m.kind == "step"
    ]
    together: dict[str, list[Measure]] = {}
    for measure in measures:
        if measure.kind != "step":
            together.setdefault(measure.table, []).append(measure)
    return steps + [_Group(table, carried_for(own), sources.grid(table, 1)) for table, own in together.items()]


def _count(engine: Engine, sources: Sources, units: ir.Table, group: _Group) -> _Found:
    measures = [each.measure for each in group.carried]
    filters = sources.definition.filters
    rows = records(engine, sources, units, group.table)
    check_records(engine, rows, filters, measures)
    for passed in filters:
        rows = rows.filter(is_among(rows, f"f_{passed.field}", passed.field, passed.values))
    lacking = without_value(engine, rows, measures)
    if measures[0].kind == "step":
        rows = _with_steps(engine, rows, group.carried[0])
    base = _base(engine, rows, group)
    told, bottom = _surveyed(engine, sources, group, base)
    found = {each.measure.name: Counts(each, group.grid) for each in group.carried}
    for portion in portions(engine, base, PORTION):
        _count_portion(engine, portion, bottom, found)
        forget(engine, portion)
    for made in found.values():
        made.add_up(bottom)
    return _Found(found, told, lacking)


def _count_portion(engine: Engine, portion: ir.Table, bottom: Levels, found: Mapping[str, Counts]) -> None:
    """Take in what each measure counts among some units."""
    others = tuple(each.carried for each in found.values() if not each.carried.only_counted)
    for each in found.values():
        if each.carried.only_counted:
            inside = portion.filter(each.carried.is_in(portion))
            for made in count_units(engine, inside, grid=each.grid, bottom=bottom):
                each.add_units(made)
    if others:
        grid = next(iter(found.values())).grid
        for levels, table in sets(engine, portion, grid=grid, bottom=bottom, carried=others):
            for carried, counted in counts(engine, table, others):
                found[carried.measure.name].add(levels, counted)


def _base(engine: Engine, rows: ir.Table, group: _Group) -> ir.Table:
    """Distinct units and finest cells, with what is carried; records that no measure counts are left out."""
    cell: ir.IntegerValue = ibis.literal(0, "int64")
    for axis, stride in zip(group.grid.axes, group.grid.strides, strict=True):
        cell = cell + rows[f"d_{axis.dimension.name}"].cast("int64") * stride
    if "outer_" in rows.columns:
        cell = cell + rows.outer_.cast("int64") * group.grid.size
    columns: dict[str, ir.Value] = {}
    for each in group.carried:
        columns |= each.of_record(rows)
    made = rows.select("id", cell_=cell, **columns)
    if all(each.how != "all" for each in group.carried):
        counted = ibis.literal(False)
        for each in group.carried:
            counted = counted | each.is_in(made)
        made = made.filter(counted)
    return engine.keep(distinct(made, made.cell_, group.carried))


def _surveyed(engine: Engine, sources: Sources, group: _Group, base: ir.Table) -> tuple[ir.Table, Levels]:
    """The units of a base, and by dimension the first level at which none of them has two codes."""
    inner = base.cell.cast("int64") % group.grid.size
    bounds: dict[str, ir.Value] = {}
    for number, (axis, stride) in enumerate(zip(group.grid.axes, group.grid.strides, strict=True)):
        digit = (inner // stride) % axis.radix
        bounds |= {f"low_{number}": digit.min(), f"high_{number}": digit.max()}
    kept = engine.keep(base.group_by("id").agg(**bounds) if bounds else base.select("id").distinct())
    if engine.only_row(kept.agg(n=kept.id.isnull().sum()))["n"]:
        refuse_unkeyed(engine, sources, group.table)
    found = []
    for number in range(len(group.grid.axes)):
        pairs = kept.select(low=kept[f"low_{number}"], high=kept[f"high_{number}"]).distinct()
        found.append([(int(str(row["low"])), int(str(row["high"]))) for row in engine.rows(pairs)])
    check_codes(group.grid.axes, found, table=group.table)
    bottom = tuple(axis.constant_from(pairs) for axis, pairs in zip(group.grid.axes, found, strict=True))
    return kept, bottom


def _with_steps(engine: Engine, rows: ir.Table, carried: Carried) -> ir.Table:
    """The rows with the number of their step among those asked; later steps are left out, unknown ones refused."""
    steps = [str(step).partition(":")[::2] for step in carried.measure.grid]
    ways = [way.partition(">")[::2] for _, way in steps]
    listed = pa.table(
        {
            "step_": pa.array([int(number) for number, _ in steps], pa.int64()),
            "source_": [source for source, _ in ways],
            "target_": [target for _, target in ways],
            "outer_": pa.array(range(len(steps)), pa.int32()),
        }
    )
    known = engine.in_memory(listed)
    source, target = rows.f_source.fill_null(""), rows.f_target.fill_null("")
    joined = rows.left_join(known, [rows.f_step == known.step_, source == known.source_, target == known.target_])
    last = max(int(number) for number, _ in steps)
    made = joined.select(
        *(joined[c] for c in rows.columns),
        outer_=joined.outer_,
        step_known_=joined.f_step.between(1, last).fill_null(False),
    )
    check_steps(engine, made, carried)
    return made.filter(made.outer_.notnull())


def _in_all(engine: Engine, found: Sequence[ir.Table]) -> tuple[int, int]:
    """Distinct units of all walks, and the sum of their keys."""
    ids = [table.select("id") for table in found]
    every = ibis.union(*ids, distinct=True) if len(ids) > 1 else ids[0]
    told = engine.only_row(every.agg(n=every.count(), key=(every.id % KEY_SPACE).sum()))
    return int(str(told["n"])), int(str(told["key"] or 0)) % KEY_SPACE
