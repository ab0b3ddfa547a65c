"""The lattice: from the records' finest cells down, each set of distinct units per cell made from the smallest one above it.

It is for what has to be put together unit by unit (sums, the first of several places); units alone are counted in chains.
A level at which no unit has two codes needs no set of its own: its coarser cells share no unit, and are added up.

Handbook 2.6, phase 8.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import product
from typing import TYPE_CHECKING, Final

import ibis.expr.types as ir
import pyarrow as pa

from jalostamo.producing.cubes.axes import Grid, Levels
from jalostamo.producing.cubes.carrying import Carried, whole
from jalostamo.producing.cubes.counted import KEY_SPACE

if TYPE_CHECKING:
    from jalostamo.engine.connection import Engine

COUNT: Final = "n"
KEY: Final = "key"


def sets(
    engine: Engine, base: ir.Table, *, grid: Grid, bottom: Levels, carried: Sequence[Carried]
) -> Iterator[tuple[Levels, ir.Table]]:
    """Every set of distinct units per cell, with the levels of its cells, from the finest to those in `bottom`.

    `base` is the finest: id, cell and what is carried. Any other set is let go when nothing is made from it any more.
    """
    nodes = sorted(product(*(range(level + 1) for level in bottom)), key=sum)
    held: dict[Levels, tuple[int, ir.Table]] = {}
    for depth in range(sum(bottom) + 1):
        layer: dict[Levels, tuple[int, ir.Table]] = {}
        for levels in (node for node in nodes if sum(node) == depth):
            table = _smallest(engine, levels, held, grid=grid, carried=carried) if depth else base
            yield levels, table
            layer[levels] = (_rows(engine, table), table)
        _forget_all(engine, held, but=base)
        held = layer
    _forget_all(engine, held, but=base)


def _forget_all(engine: Engine, held: Mapping[Levels, tuple[int, ir.Table]], *, but: ir.Table) -> None:
    for _, table in held.values():
        if table is not but:
            forget(engine, table)


def portions(engine: Engine, base: ir.Table, rows: int) -> Iterator[ir.Table]:
    """The base in portions of about so many rows, by units: no unit is in two, so that their counts are added up.

    The sets of one portion are let go before the next is begun, which bounds what is held at a time.
    """
    parts = max(1, -(-_rows(engine, base) // rows))
    for part in range(parts if parts > 1 else 0):
        yield engine.keep(base.filter((base.id // KEY_SPACE).cast("int64") % parts == part))
    if parts > 1:
        forget(engine, base)
    else:
        yield base


def counts(
    engine: Engine, table: ir.Table, carried: Sequence[Carried]
) -> Iterator[tuple[Carried, list[dict[str, int]]]]:
    """What each measure counts in the cells of one set: cell, slot, n, key; and sums, the two largest, a negative."""
    plain = [each for each in carried if each.slots == 1]
    if plain:
        rows = _plain(engine, table, plain)
        for each in plain:
            yield each, [_of(each, row) for row in rows]
    for each in carried:
        if each.slots > 1:
            inside = table.filter(each.is_in(table))
            made = inside.group_by("cell", slot=inside[each.column]).agg(**_counted(inside, each))
            yield each, [_of(each, row) for row in engine.rows(made)]


def distinct(table: ir.Table, cell: ir.IntegerValue, carried: Sequence[Carried]) -> ir.Table:
    """One row per unit and cell."""
    if all(each.how == "all" for each in carried):
        return table.select("id", cell=cell.cast("int32")).distinct()
    together: dict[str, ir.Value] = {}
    for each in carried:
        together |= each.together(table)
    return table.group_by("id", cell=cell.cast("int32")).agg(**together)


def forget(engine: Engine, table: ir.Table) -> None:
    """Let a kept table go; on Spark it lies in the workspace, which ends with the engine."""
    if engine.name == "duckdb":
        # A kept table's name tells of its catalogue, too.
        engine.backend.drop_table(table.get_name().rpartition(".")[2], database=("temp", "main"))


def _smallest(
    engine: Engine,
    levels: Levels,
    held: Mapping[Levels, tuple[int, ir.Table]],
    *,
    grid: Grid,
    carried: Sequence[Carried],
) -> ir.Table:
    """The set at some levels, made from the smallest of those that are one step finer."""
    finer = [levels[:n] + (level - 1,) + levels[n + 1 :] for n, level in enumerate(levels) if level]
    above = min(finer, key=lambda node: held[node][0])
    cells, called = grid.coarser(above, levels)
    leading = engine.in_memory(pa.table({"cell_": cells.astype("int32"), "called_": called.astype("int32")}))
    parent = held[above][1]
    joined = parent.inner_join(leading, parent.cell == leading.cell_)
    made = engine.keep(distinct(joined, joined.called_, carried))
    forget(engine, leading)
    return made


def _rows(engine: Engine, table: ir.Table) -> int:
    return int(str(engine.only_row(table.agg(n=table.count()))["n"]))


def _plain(engine: Engine, table: ir.Table, carried: Sequence[Carried]) -> list[dict[str, object]]:
    totals: dict[str, ir.Value] = {}
    for each in carried:
        totals |= _counted(table, each)
        if each.has_top:
            column = table[each.column]
            totals |= {f"{each.column}_sum": whole(column.sum()), f"{each.column}_top": column.max()}
        if each.how == "amount":
            totals[f"{each.column}_below"] = table[each.negative].max()
    made = table.group_by("cell").agg(**totals)
    topped = [each for each in carried if each.has_top]
    if not topped:
        return engine.rows(made)
    kept = engine.keep(made)
    rows = engine.rows(_with_second(table, kept, topped))
    forget(engine, kept)
    return rows


def _with_second(table: ir.Table, made: ir.Table, carried: Sequence[Carried]) -> ir.Table:
    """The counts with the second largest contribution: the largest again where two units share it."""
    tops = made.select(cell_="cell", **{f"{each.column}_most": made[f"{each.column}_top"] for each in carried})
    joined = table.inner_join(tops, table.cell == tops.cell_)
    seconds: dict[str, ir.Value] = {}
    for each in carried:
        value, most = joined[each.column], joined[f"{each.column}_most"]
        seconds[f"{each.column}_ties"] = (value == most).sum()
        seconds[f"{each.column}_next"] = value.max(where=value < most)
    found = joined.group_by("cell").agg(**seconds)
    both = made.inner_join(found, made.cell == found.cell)
    return both.select(*(both[c] for c in made.columns), *(both[c] for c in found.columns if c != "cell"))


def _counted(table: ir.Table, each: Carried) -> dict[str, ir.Value]:
    """Distinct units, and the sum of their keys: a row is one unit."""
    here = each.is_in(table)
    summed = whole(here.ifelse(table.id % KEY_SPACE, 0).sum()) % KEY_SPACE
    return {f"{each.column}_{COUNT}": here.sum(), f"{each.column}_{KEY}": summed}


def _of(each: Carried, row: Mapping[str, object]) -> dict[str, int]:
    """One measure's part of a row of counts, without its column's name; nothing is left out where it is 0."""
    own = {
        name.removeprefix(f"{each.column}_"): value for name, value in row.items() if name.startswith(f"{each.column}_")
    }
    shared = {name: row[name] for name in ("cell", "slot") if name in row}
    return {name: int(str(value)) for name, value in {**shared, **own}.items() if value is not None}
