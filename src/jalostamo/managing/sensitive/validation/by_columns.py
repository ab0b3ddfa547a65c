"""A written table's classes, counted by its columns and without an engine: to open one takes longer than to count a small table.

Whatever is odd, large or no text is left to the engine, which counts the same; a test compares.

Handbook 2.6, phase 5 (the results of the processing are validated).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import numpy as np
import pyarrow as pa
import pyarrow.parquet
from numpy.typing import NDArray

from jalostamo.managing.sensitive.validation.found import Classes, Integers, Values

MOST_ROWS: Final = 2_000_000
"""From more rows on the engine is as fast, and needs less memory."""

type Codes = NDArray[np.int32] | Integers
"""Numbers as they come: to make them wider would take as long as to count by them."""

_MOST_KEYS: Final = 2**62
# Up to so many cells for each row are gone through faster than numbers are looked up.
_CELLS_EACH: Final = 4


@dataclass(frozen=True, slots=True, repr=False)
class Columns:
    """Columns of a table as numbers, by name."""

    named: Mapping[str, _Column]

    def classes(self, quasi: Sequence[str], watched: Sequence[str]) -> Classes:
        """The classes of the rows that are alike in `quasi`, and the values of each of `watched` in them."""
        key, number = _together([self.named[name] for name in quasi], len(next(iter(self.named.values())).codes))
        rows = np.bincount(key, minlength=number)
        return Classes({"rows": rows}, {name: self._values(name, key, number) for name in watched})

    def whole(self, name: str) -> dict[str, int]:
        """How many rows have each value of a column, "" for a missing one."""
        column = self.named[name].as_text()
        counted = np.bincount(column.codes, minlength=column.card)
        return {value: int(rows) for value, rows in zip(column.names, counted, strict=True) if rows}

    def _values(self, name: str, key: Codes, classes: int) -> Values:
        column = self.named[name].as_text()
        pair: Integers = np.multiply(key, column.card, dtype=np.int64)
        pair += column.codes
        found, rows = _counted(pair, classes * column.card)
        class_, code = np.divmod(found, column.card)
        return Values(np.flatnonzero(np.diff(class_, prepend=-1)), code, rows, column.names)


@dataclass(frozen=True, slots=True, repr=False)
class _Column:
    """The number of each row's value, which is that of no name where it is missing."""

    codes: Codes
    names: tuple[str, ...]
    card: int

    def as_text(self) -> _Column:
        """The same with "" in place of a missing value."""
        if self.card == len(self.names):
            return self
        if "" not in self.names:
            return _Column(self.codes, (*self.names, ""), self.card)
        codes = np.where(self.codes == len(self.names), self.names.index(""), self.codes)
        return _Column(codes, self.names, len(self.names))


def columns_of(path: Path, names: Sequence[str]) -> Columns | None:
    """Columns of a Parquet file; None where it is better read by the engine, which has the words for a damaged one, too."""
    wanted = list(dict.fromkeys(names))
    try:
        with pyarrow.parquet.ParquetFile(path, read_dictionary=wanted) as opened:
            if not 0 < opened.metadata.num_rows <= MOST_ROWS or not _are_texts(opened.schema_arrow, wanted):
                return None
            table = opened.read(wanted, use_threads=False).unify_dictionaries().combine_chunks()
        return Columns({name: _column(table.column(name).chunk(0)) for name in wanted})
    except (pa.ArrowException, OSError, KeyError, UnicodeDecodeError):
        return None


def _are_texts(schema: pa.Schema, names: Sequence[str]) -> bool:
    def is_text(kind: pa.DataType) -> bool:
        value = kind.value_type if pa.types.is_dictionary(kind) else None
        return value is not None and (pa.types.is_string(value) or pa.types.is_large_string(value))

    return all(
        len(found := schema.get_all_field_indices(name)) == 1 and is_text(schema.field(found[0]).type) for name in names
    )


def _column(column: pa.DictionaryArray) -> _Column:
    names = tuple(column.dictionary.to_pylist())
    codes = column.indices
    missing = codes.null_count > 0
    codes = codes.fill_null(len(names)) if missing else codes
    return _Column(codes.to_numpy(), names, len(names) + missing)


def _together(columns: Sequence[_Column], rows: int) -> tuple[Codes, int]:
    """The number of each row's combination of values, and how many combinations there are."""
    key, keys = np.zeros(rows, np.int64), 1
    for column in columns:
        if column.card == 1:
            continue
        if keys * column.card > _MOST_KEYS:
            number, keys = _numbered(key)
            key = number.astype(np.int64)
        key *= column.card
        key += column.codes
        keys *= column.card
    return _numbered(key)


def _numbered(key: Integers) -> tuple[Codes, int]:
    """Numbers from 0, in place of others."""
    found = pa.array(key).dictionary_encode()
    return found.indices.to_numpy(), len(found.dictionary)


def _counted(numbers: Integers, most: int) -> tuple[Integers, Integers]:
    """Which numbers below `most` there are, in order, and how often each."""
    if most <= _CELLS_EACH * len(numbers):
        counted = np.bincount(numbers, minlength=most)
        found = np.flatnonzero(counted)
        return found, counted[found]
    encoded = pa.array(numbers).dictionary_encode()
    met, counted = encoded.dictionary.to_numpy(), np.bincount(encoded.indices.to_numpy())
    order = np.argsort(met)
    return met[order], counted[order]
