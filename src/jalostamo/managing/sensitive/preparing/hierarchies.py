"""Generalisation hierarchies: how a value becomes coarser, level by level, until nothing of it is left.

A file, `;` between, no header: column 0 the value, column i its generalisation at level i. What is alike at one level
must be alike at every later one.

Handbook 2.6, phase 5.
"""

from __future__ import annotations

import csv
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import ibis
import ibis.expr.types as ir
import pyarrow as pa

from jalostamo.concepts.errors import Misused, Unfit
from jalostamo.engine.connection import Engine

MIXED: Final = "mixed"
_CALENDAR: Final = {"day": "D", "month": "M", "quarter": "Q"}


@dataclass(frozen=True, slots=True)
class Hierarchy:
    """A hierarchy maps each value to its generalisations; `levels` has one mapping per level, level 0 the value itself."""

    name: str
    levels: tuple[Mapping[str, str], ...]

    def at(self, level: int) -> Mapping[str, str]:
        """What each value is called at a level."""
        if not 0 <= level < len(self.levels):
            raise Unfit(
                f"{self.name} has levels 0 to {len(self.levels) - 1}; level {level} was asked.",
                reason="hierarchy_level",
            )
        return self.levels[level]


def read_hierarchy(path: Path) -> Hierarchy:
    """Read a hierarchy file; ragged lines, doubled values and levels that do not nest are refused with their line."""
    try:
        with path.open(encoding="utf-8-sig", newline="") as opened:
            rows = [row for row in csv.reader(opened, delimiter=";") if row]
    except FileNotFoundError:
        raise Misused(
            f"Hierarchy {path.name} is missing: name a file beside the request.", reason="file_missing"
        ) from None
    except UnicodeDecodeError:
        raise Unfit(f"Hierarchy {path.name} is not UTF-8.", reason="encoding") from None
    if not rows:
        raise Unfit(f"Hierarchy {path.name} is empty.", reason="file_empty")
    _check_form(path.name, rows)
    levels = tuple({row[0]: row[level] for row in rows} for level in range(len(rows[0])))
    return Hierarchy(path.name, levels)


def _check_form(name: str, rows: list[list[str]]) -> None:
    seen: set[str] = set()
    parents: list[dict[str, str]] = [{} for _ in rows[0]]
    for line, row in enumerate(rows, 1):
        if len(row) != len(rows[0]):
            raise Unfit(
                f"{name}, line {line}: {len(row)} levels, but line 1 has {len(rows[0])}.", reason="hierarchy_ragged"
            )
        if row[0] in seen:
            raise Unfit(
                f"{name}, line {line}: the value stands on an earlier line already.", reason="hierarchy_doubled"
            )
        seen.add(row[0])
        for level in range(1, len(row) - 1):
            if parents[level].setdefault(row[level], row[level + 1]) != row[level + 1]:
                raise Unfit(
                    f"{name}, line {line}: level {level} leads to another level {level + 1} than on an earlier line; levels must nest.",
                    reason="hierarchy_nesting",
                )


def generalised(engine: Engine, table: ir.Table, field: str, *, hierarchy: Hierarchy, level: int) -> ir.Table:
    """The table with `field` as it is called at a level; missing stays missing, an unmapped value stops the preparation."""
    mapping = hierarchy.at(level)
    known = engine.in_memory(pa.table({"value_": list(mapping), "coarse_": list(mapping.values())}))
    text = table.mutate(**{field: table[field].cast("string")})
    joined = text.left_join(known, text[field] == known.value_)
    unmapped = engine.only_row(joined.agg(n=(joined[field].notnull() & joined.value_.isnull()).sum()))["n"]
    if unmapped:
        raise Unfit(
            f"{unmapped} records of field '{field}' have a value that {hierarchy.name} does not name: add it.",
            reason="unmapped",
        )
    return joined.mutate(**{field: joined.coarse_}).drop("value_", "coarse_")


def by_calendar(column: ir.DateColumn, step: str) -> ir.Value:
    """A date made coarser: a year as a number, a quarter, month or day as its first day."""
    if step == "year":
        return column.year()
    return column.truncate(_CALENDAR[step])


def combined(table: ir.Table, fields: tuple[str, ...], name: str) -> ir.Table:
    """Several fields of one vocabulary as one: what they agree on, "mixed" where they do not; missing ones have no say."""
    low, high = ibis.least(*(table[f] for f in fields)), ibis.greatest(*(table[f] for f in fields))
    return table.mutate(**{name: ibis.cases((low.isnull(), low), (low == high, low), else_=MIXED)})
