"""Counted cubes: the true values of every cell, which never leave the closed room.

Handbook 2.6, phase 8.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

import pyarrow as pa

from jalostamo.concepts.customers import KEY_SPACE as KEY_SPACE
from jalostamo.producing.cubes.definition import TOTAL as TOTAL
from jalostamo.producing.cubes.definition import CubeDefinition

if TYPE_CHECKING:
    import ibis.expr.types as ir

type Tables = Mapping[str, ir.Table]
"""What cells are counted from, by name: records with their `unit`, and `keys`, the record key of each unit."""

NUMBERS: Final = (
    pa.field("n", pa.int64()),
    pa.field("key", pa.int64()),
    pa.field("events", pa.int64()),
    pa.field("amount", pa.float64()),
    pa.field("largest", pa.float64()),
    pa.field("second", pa.float64()),
    pa.field("negative", pa.bool_()),
    pa.field("structural", pa.bool_()),
)


@dataclass(frozen=True, slots=True, repr=False)
class CountedCube:
    """A counted cube holds true values, zeros too, so that the number of rows tells nothing; it does not show itself.

    `cells`: measure, at, one column per dimension (a code of any level, or TOTAL), and `NUMBERS`: n distinct units, the
    sum of their record keys modulo `KEY_SPACE`, events and amounts with the two largest contributions of a unit (null
    for other kinds). `units` are distinct units in all, `units_key` the sum of their keys. `without_value`: by measure,
    the units with a record that lacks what is summed or compared, and the sum of their keys; such records are not in it.
    """

    definition: CubeDefinition
    cells: pa.Table
    units: int
    units_key: int = 0
    without_value: Mapping[str, tuple[int, int]] = field(default_factory=dict)

    def __repr__(self) -> str:
        return f"CountedCube('{self.definition.name}', hidden)"


def schema_of(definition: CubeDefinition) -> pa.Schema:
    """The columns of the cells."""
    words = ["measure", "at", *(dimension.name for dimension in definition.dimensions)]
    return pa.schema([*(pa.field(word, pa.string()) for word in words), *NUMBERS])
