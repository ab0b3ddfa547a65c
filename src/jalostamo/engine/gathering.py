"""Records as they are gathered, whatever wrote them: as text in the engine with their place, or turned away with it.

Handbook 2.2 (retrieving the data) and 2.6, phase 4.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import duckdb
import pyarrow as pa

from jalostamo.concepts.errors import Unfit
from jalostamo.concepts.registers import Field, FieldType, RegisterTable
from jalostamo.engine.intake import RECORD, TextRecords, TurnedAway
from jalostamo.engine.typed import reading_limit

if TYPE_CHECKING:
    from jalostamo.engine.connection import Engine

KEPT_AS_WRITTEN: Final = frozenset({FieldType.TEXT, FieldType.PERSONAL_IDENTITY_CODE, FieldType.BUSINESS_ID})
"""Fields whose characters are their value: a number has lost its leading zeros before anybody reads it."""

_TOLD: Final = 3


@dataclass(frozen=True, slots=True)
class Fault:
    """A fault is why a value cannot stand in its field, in a word for machines."""

    reason: str


type Recorded = str | Fault | None
"""What a cell, a key or a column gives for a field: its text, nothing, or why it gives none."""


class Gathering:
    """Gathers the records of one declared table in the engine, numbered in `RECORD` by their places in the source.

    A place is a line or a row as a person counts them, so that what is said of a record needs no second look at it.
    """

    def __init__(self, engine: Engine, declared: RegisterTable) -> None:
        columns = [field.column for field in declared.fields]
        if RECORD in {column.casefold() for column in columns}:
            raise Unfit(
                f"A column named '{RECORD}' cannot be read: the product's own is called so.", reason="column_name"
            )
        self.fields = declared.fields
        self._engine = engine
        self._name = engine.fresh_name()
        self._away: dict[tuple[str, str | None], list[int]] = {}
        self._schema = pa.schema([*((column, pa.string()) for column in columns), (RECORD, pa.int64())])
        engine.backend.create_table(self._name, self._schema.empty_table(), temp=True)

    def add(self, rows: Sequence[Sequence[Recorded]], places: Sequence[int]) -> None:
        """Add records, each a text or nothing for every declared field; one with a fault is turned away."""
        columns = [list(column) for column in zip(*rows, strict=True)] or [[] for _ in self.fields]
        faulty: dict[int, tuple[str, str]] = {}
        for field, column in zip(self.fields, columns, strict=True):
            if Fault in set(map(type, column)):
                for number, value in enumerate(column):
                    if isinstance(value, Fault):
                        faulty.setdefault(number, (value.reason, field.name))
        for number in sorted(faulty):
            reason, name = faulty[number]
            self.turn_away(places[number], reason, field=name)
        if faulty:
            columns = [[value for n, value in enumerate(column) if n not in faulty] for column in columns]
            places = [place for n, place in enumerate(places) if n not in faulty]
        self.add_arrow(pa.table([*columns, list(places)], schema=self._schema))

    def add_arrow(self, records: pa.Table, *, selected: str = "*", where: str = "true") -> None:
        """Add records that Arrow holds, as the engine selects them; an empty text is nothing."""
        connection = self._engine.backend.con
        given = f"{self._name}_given"
        connection.register(given, records)
        try:
            kept = ", ".join(f"nullif(\"{_quoted(f.column)}\", '')" for f in self.fields)
            query = f"SELECT {selected} FROM {given} WHERE {where}"
            connection.execute(f"INSERT INTO {self._name} SELECT {kept}, {RECORD} FROM ({query})")
        except (duckdb.OutOfMemoryException, duckdb.IOException):
            raise reading_limit() from None
        finally:
            connection.unregister(given)

    def turn_away(self, place: int, reason: str, *, field: str | None = None) -> None:
        """Count a record as turned away; the first places are remembered, and no value."""
        counted = self._away.setdefault((reason, field), [0])
        counted[0] += 1
        if len(counted) <= _TOLD:
            counted.append(place)

    def records(self, counted: int) -> TextRecords:
        """What was gathered, beside a count that somebody else made."""
        found = (
            TurnedAway(reason, numbers[0], tuple(numbers[1:]), field)
            for (reason, field), numbers in sorted(self._away.items(), key=lambda item: (item[0][0], item[0][1] or ""))
        )
        return TextRecords(self._engine.backend.table(self._name), tuple(found), counted, tuple)


def number_in(field: Field, written: str, decimal_mark: str) -> Recorded:
    """A number, written out with a point, as the text that its field declares."""
    if field.type in KEPT_AS_WRITTEN:
        return Fault("number_in_text")
    return written.replace(".", decimal_mark) if field.type is FieldType.DECIMAL else written


def truth_in(field: Field, *, value: bool) -> Recorded:
    """A truth value as one of the two words that its field declares."""
    if field.type in KEPT_AS_WRITTEN:
        return Fault("number_in_text")
    if field.type is not FieldType.BOOLEAN:
        return "true" if value else "false"
    true, false = (field.format or "true;false").split(";")
    return true if value else false


def column_sql(field: Field) -> str:
    """The column of a field as the engine writes its name."""
    return f'"{_quoted(field.column)}"'


def _quoted(column: str) -> str:
    return column.replace('"', '""')
