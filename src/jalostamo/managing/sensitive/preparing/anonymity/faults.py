"""What a table may not hold if it is to be made coarser by a recipe: found and told by column, lines and count.

Handbook 2.6, phase 5.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, Self, cast

import ibis.expr.types as ir
import pyarrow as pa

from jalostamo.concepts.errors import Unfit
from jalostamo.engine.intake import RECORD

if TYPE_CHECKING:
    from jalostamo.engine.connection import Engine

_LINES_TOLD: Final = 3


@dataclass(frozen=True, slots=True)
class Fault:
    """A fault that a column's values may have: "" where they must not be missing, or none of those known."""

    name: str
    sentence: str
    reason: str
    known: Collection[str] | None = None
    missing_too: bool = False

    @classmethod
    def missing(cls, name: str, column: str) -> Self:
        """A value is missing, and the recipe refuses that."""
        sentence = f"column '{column}' is empty, and the recipe refuses that: fill it, or say nulls = \"value\""
        return cls(name, sentence, "null")

    @classmethod
    def nobody(cls, name: str, column: str) -> Self:
        """It is not told whose a row is."""
        return cls(name, f"column '{column}' is empty: each row must tell whose it is", "unit_missing")

    @classmethod
    def unknown(cls, name: str, column: str, known: Collection[str], *, where: str, missing_too: bool = False) -> Self:
        """A value is not among those that a hierarchy or an order names."""
        sentence = f"column '{column}' has a value that {where} does not name: add it there, or correct the table"
        return cls(name, sentence, "unmapped", known, missing_too)

    def rows_of(self, engine: Engine, records: ir.Table) -> ir.Table:
        """The rows that have the fault."""
        if self.known is None:
            return records.filter(records[self.name] == "")
        known = engine.in_memory(pa.table({"value_": pa.array(list(self.known), pa.string())}))
        unknown = records.anti_join(known, records[self.name] == known["value_"])
        return unknown if self.missing_too else unknown.filter(unknown[self.name] != "")


def refuse_faults(
    engine: Engine, records: ir.Table, faults: Sequence[Fault], *, told: Callable[[int, Sequence[int]], str]
) -> None:
    """Refuse rows that have faults, all faults in one sentence each; `told` says where rows are by count and first numbers."""
    sentences, reasons = [], []
    for fault in faults:
        faulty = engine.keep(fault.rows_of(engine, records).select(RECORD))
        count = cast("int", engine.only_row(faulty.agg(n=faulty.count()))["n"])
        if count:
            first = [cast("int", row[RECORD]) for row in engine.rows(faulty.order_by(RECORD).limit(_LINES_TOLD))]
            sentences.append(f"{told(count, first)}: {fault.sentence}.")
            reasons.append(fault.reason)
    if sentences:
        raise Unfit(" ".join(sentences), reason=reasons[0])


def places_told(file: str, place: str, first: Sequence[int], count: int) -> str:
    """Where rows are, and how many: "table.csv, lines 3, 5, 6 ... (4 rows)"."""
    listed = ", ".join(map(str, first)) + (" ..." if count > len(first) else "")
    plural = "s" if count > 1 else ""
    return f"{file}, {place}{plural} {listed} ({count} row{plural})"
