"""A table counted by the engine into numbers: how many rows there are of each kind, and what the numbers stand for.

Handbook 2.6, phase 5.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from jalostamo.engine.packing import arrow_of
from jalostamo.managing.sensitive.validation.attacks.keys import Integers, keyed

if TYPE_CHECKING:
    import ibis.expr.types as ir

    from jalostamo.engine.connection import Engine


@dataclass(frozen=True, slots=True, repr=False)
class Counted:
    """The kinds of rows of a table, in the order of their content: codes of each column's `names`, and how many `rows`.

    Names are sorted; "" stands for a missing value.
    """

    columns: tuple[str, ...]
    names: tuple[tuple[str, ...], ...]
    codes: tuple[Integers, ...]
    rows: Integers

    def named(self, column: str) -> tuple[str, ...]:
        """What the numbers of a column stand for."""
        return self.names[self.columns.index(column)]

    def of(self, column: str) -> Integers:
        """The number of each kind of rows in a column."""
        return self.codes[self.columns.index(column)]


def counted(engine: Engine, table: ir.Table, columns: Sequence[str]) -> Counted:
    """Count a table by its columns; what comes to Python is one row for each kind of rows."""
    keys = {f"key_{number}": table[name].cast("string").fill_null("") for number, name in enumerate(columns)}
    read = arrow_of(engine, table.group_by(**keys).agg(rows_=table.count().cast("int64")))
    names, codes = [], []
    for key in keys:
        found = read[key].combine_chunks().dictionary_encode()
        words = found.dictionary.to_pylist()
        order = {word: number for number, word in enumerate(sorted(words))}
        names.append(tuple(order))
        codes.append(np.array([order[word] for word in words], np.int64)[found.indices.to_numpy()])
    # The engine counts in any order; what is drawn by a seed must not depend on that.
    by_content = np.argsort(keyed(codes), kind="stable")
    rows = read["rows_"].to_numpy().astype(np.int64)
    return Counted(tuple(columns), tuple(names), tuple(code[by_content] for code in codes), rows[by_content])
