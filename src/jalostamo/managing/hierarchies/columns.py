"""The values that hierarchies are built of: those of one column of a table, each once and counted by the engine.

Handbook 2.6, phase 5.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final, cast

import ibis.expr.types as ir

from jalostamo.concepts.errors import Misused, Unfit
from jalostamo.concepts.writings import Writing
from jalostamo.engine.columnar import parquet_header, read_parquet_records, whole
from jalostamo.engine.connection import Engine
from jalostamo.engine.intake import RECORD, TurnedAway, header_of
from jalostamo.managing.every_row import every_row
from jalostamo.managing.hierarchies.shape import Hierarchy
from jalostamo.managing.reading import WAYS

_SHOWN: Final = 3

MOST_VALUES: Final = 1_000_000
"""Different values that a hierarchy is built of at most: a column of more tells people apart by itself."""


@dataclass(frozen=True, slots=True)
class ColumnValues:
    """The values of a column as they are recorded, each with its rows, in the order of their content.

    `missing` is how many rows have none.
    """

    column: str
    rows_by_value: Mapping[str, int] = field(repr=False)
    missing: int

    @property
    def values(self) -> Sequence[str]:
        """The values, each once."""
        return list(self.rows_by_value)

    @property
    def rows(self) -> int:
        """How many rows the table has."""
        return sum(self.rows_by_value.values()) + self.missing


def values_of(engine: Engine, path: Path, writing: Writing, *, column: str) -> ColumnValues:
    """The values of one column of a delimited file or a Parquet file; what is in no order of its own stands by its text."""
    if path.suffix.lower() not in {".csv", ".parquet"}:
        raise Misused(f"{path.name} is not named as a table: expected .csv or .parquet.", reason="table_kind")
    if not path.is_file():
        raise Misused(f"{path.name} is missing, or no plain file: name the table.", reason="file_missing")
    read = _read_csv if path.suffix.lower() == ".csv" else _read_parquet
    with whole(path):
        text = read(engine, path, writing, column).select(value=lambda t: t[column].cast("string").fill_null(""))
        counted = engine.keep(text.group_by("value").agg(rows=lambda t: t.count()))
    _refuse_many(engine, counted, path, column)
    found = {cast("str", row["value"]): cast("int", row["rows"]) for row in engine.rows(counted.order_by("value"))}
    missing = found.pop("", 0)
    if not found:
        raise Unfit(f"{path.name}: column '{column}' has no value in {missing} rows.", reason="hierarchy_empty")
    return ColumnValues(column, found, missing)


def refuse_uncovered(hierarchy: Hierarchy, found: ColumnValues) -> None:
    """Refuse values of a column that a hierarchy does not name; they are counted, and not repeated."""
    uncovered = [rows for value, rows in found.rows_by_value.items() if value not in hierarchy.levels[0]]
    if uncovered:
        raise Unfit(
            f"Column '{found.column}' has {len(uncovered)} values, in {sum(uncovered)} rows, that {hierarchy.name} does not "
            "name: correct the table, or take another hierarchy.",
            reason="unmapped",
        )


def _refuse_many(engine: Engine, counted: ir.Table, path: Path, column: str) -> None:
    number = cast("int", engine.only_row(counted.agg(n=counted.count()))["n"])
    if number > MOST_VALUES:
        raise Unfit(
            f"{path.name}: column '{column}' has {number} different values, more than the {MOST_VALUES} that a hierarchy "
            "is built of: is it an identifier?",
            reason="hierarchy_values",
        )


def _read_csv(engine: Engine, path: Path, writing: Writing, column: str) -> ir.Table:
    header = header_of(path, writing)
    _check_column(f"{path.name}, line 1", header, column)

    def told(turned: TurnedAway) -> str:
        lines = _listed(turned.first_lines, turned.records)
        return f"{path.name}, line {lines} ({turned.records} rows): the row {WAYS[turned.reason]}."

    return every_row(engine, path, writing, header=header, kept=[column], told=told).table


def _read_parquet(engine: Engine, path: Path, _writing: Writing, column: str) -> ir.Table:
    _check_column(path.name, parquet_header(path, kept=[column]), column)
    return read_parquet_records(engine, path)


def _check_column(place: str, header: Sequence[str], column: str) -> None:
    if column not in header:
        # The first line may be a row and no header: what it holds is not repeated.
        raise Unfit(
            f"{place}: none of the {len(header)} columns is called '{column}'; is there a header, and is the delimiter right?",
            reason="column_missing",
        )
    # The engine does not tell capital letters from small ones in names.
    if [name.casefold() for name in header].count(column.casefold()) > 1 or column.casefold() == RECORD:
        raise Unfit(
            f"{place}: '{column}' stands more than once, capital letters aside, or is a name of the product's own: "
            "every column needs its own name.",
            reason="column_doubled",
        )


def _listed(lines: Iterable[int], count: int) -> str:
    shown = list(lines)[:_SHOWN]
    return ", ".join(map(str, shown)) + (" ..." if count > len(shown) else "")
