"""A table's file, as it is looked at before a row of it is read: its header, its types, and what is missing of the recipe's.

Handbook 2.6, phase 5.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import pyarrow.parquet

from jalostamo.concepts.errors import Misused, Unfit
from jalostamo.engine.columnar import parquet_header
from jalostamo.engine.intake import RECORD, header_of

if TYPE_CHECKING:
    from jalostamo.managing.sensitive.preparing.anonymity.recipe import Recipe


@dataclass(frozen=True, slots=True)
class TableFile:
    """A table's file: where it is, its header, and the types of its columns (None in delimited text)."""

    path: Path
    header: tuple[str, ...]
    kinds: dict[str, object]

    @property
    def is_parquet(self) -> bool:
        """Whether it is a Parquet file."""
        return self.path.name.lower().endswith(".parquet")


def table_file(path: Path, recipe: Recipe, *, columns: Sequence[str] | None = None) -> TableFile:
    """The file of a table; a column that the recipe names, or one of `columns`, and the file lacks is refused."""
    wanted = recipe.read if columns is None else columns
    if path.suffix.lower() not in {".csv", ".parquet"}:
        raise Misused(f"{path.name} is not named as a table: expected .csv or .parquet.", reason="table_kind")
    if not path.is_file():
        raise Misused(f"{path.name} is missing, or no plain file: name the table.", reason="file_missing")
    if path.suffix.lower() == ".csv":
        header = header_of(path, recipe.writing)
        kinds: dict[str, object] = dict.fromkeys(header)
    else:
        header = parquet_header(path, kept=wanted)
        kinds = _kinds(path, wanted)
    _check_columns(path, header, recipe, wanted)
    return TableFile(path, header, kinds)


def _kinds(path: Path, wanted: Sequence[str]) -> dict[str, object]:
    """The types of a Parquet file's columns; None where nothing but missing values has one."""
    schema = pyarrow.parquet.read_schema(path)
    spans = [field.name for field in schema if field.name in wanted and pyarrow.types.is_duration(field.type)]
    if spans:
        raise Unfit(
            f"{path.name}: column {_listed(spans)} holds spans of time: write them as numbers.", reason="column_type"
        )
    return {field.name: None if pyarrow.types.is_null(field.type) else field.type for field in schema}


def _check_columns(path: Path, header: Sequence[str], recipe: Recipe, wanted: Sequence[str]) -> None:
    missing = [column for column in wanted if column not in header]
    place = f"{path.name}, line 1" if path.suffix.lower() == ".csv" else path.name
    if missing and len(missing) == len(wanted):
        # This may be a row and no header: what it holds is not repeated.
        raise Unfit(
            f"{place}: none of the columns {_listed(missing)} is there; is there a header, and is the delimiter "
            f"'{recipe.writing.delimiter}', as {recipe.name} says?",
            reason="column_missing",
        )
    if missing:
        raise Unfit(
            f"{place}: no column {_listed(missing)}; there is {_listed(header)}. Correct {recipe.name}, or the table.",
            reason="column_missing",
        )
    # The engine does not tell capital letters from small ones in names.
    names = [column.casefold() for column in header]
    doubled = [column for column in wanted if names.count(column.casefold()) > 1 or column.casefold() == RECORD]
    if doubled:
        raise Unfit(
            f"{place}: {_listed(doubled)} stands more than once, capital letters aside, or is a name of the product's own: "
            "every column needs its own name.",
            reason="column_doubled",
        )


def _listed(names: Sequence[str]) -> str:
    return ", ".join(f"'{name}'" for name in names)
