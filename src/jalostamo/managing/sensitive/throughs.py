"""Records that name their customer by way of another table, as a loan does by a card: the identity code takes its place.

The card itself is in no extract. One that is nobody's, or several persons', leads to no one, and is counted.

Handbook 2.2 (combining by personal number) and 2.6, phase 4.
"""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, cast

import ibis
import ibis.expr.types as ir

from jalostamo.concepts.registers import Field, FieldType, RegisterTable, Sensitivity
from jalostamo.managing.sensitive.delivered import reading_of

if TYPE_CHECKING:
    from jalostamo.concepts.registers import Register
    from jalostamo.engine.connection import Engine

_CARD = "card_"
_HOLDER = "holder_"


@dataclass(frozen=True, slots=True)
class Followed:
    """How records were led to their customers: how many have no card, one of nobody, or one of several persons."""

    without: int = 0
    unknown: int = 0
    ambiguous: int = 0


def holders(engine: Engine, register: Register, declared: RegisterTable, folder: Path, *, at_most: float) -> ir.Table:
    """Which identity code each card of the other table stands for: none where it is several persons'.

    No larger share of the other table's records than `at_most` may be rejected: with them go all records of their cards.
    """
    through = declared.through
    assert through is not None
    other = register.table_named(through.table)
    code = _code_field(other)
    asked = (dataclasses.replace(other.field_named(through.field), required=False), code)
    narrowed = dataclasses.replace(other, fields=asked, key=(), occurred=None, recorded=None, unit=None, holds=None)
    read = reading_of(engine, register, narrowed, folder, at_most=at_most).table
    cards = read.select(**{_CARD: read[through.field].cast("string"), _HOLDER: read[code.name]})
    known = cards.filter(cards[_CARD].notnull() & cards[_HOLDER].notnull())
    held = known.group_by(_CARD).agg(number_=known[_HOLDER].nunique(), **{_HOLDER: known[_HOLDER].min()})
    one = (held.number_ == 1).ifelse(held[_HOLDER], ibis.null("string"))
    return engine.keep(held.select(_CARD, **{_HOLDER: one}))


def led_through(
    engine: Engine, table: ir.Table, declared: RegisterTable, *, held: ir.Table
) -> tuple[ir.Table, Followed]:
    """The records with the identity code of their customer where the card stood."""
    assert declared.through is not None
    name = declared.through.field
    written = table.mutate(**{name: table[name].cast("string")})
    # Counted by the card, of which there are fewer than of records.
    cards = written.group_by(name).agg(records_=written.count())
    told = cards.left_join(held, cards[name] == held[_CARD])
    is_known, leads = told[_CARD].notnull(), told[_HOLDER].notnull()
    counted = engine.only_row(
        told.agg(
            without=told.records_.sum(where=told[name].isnull()),
            unknown=told.records_.sum(where=told[name].notnull() & ~is_known),
            ambiguous=told.records_.sum(where=is_known & ~leads),
        )
    )
    followed = Followed(*(cast("int", counted[count] or 0) for count in ("without", "unknown", "ambiguous")))
    joined = written.left_join(held, written[name] == held[_CARD])
    return joined.mutate(**{name: joined[_HOLDER]}).drop(_CARD, _HOLDER), followed


def as_led(declared: RegisterTable) -> RegisterTable:
    """The description of the records as they are then: the field holds an identity code."""
    through = declared.through
    if through is None or through.field not in {field.name for field in declared.fields}:
        return declared
    fields = tuple(_as_code(field) if field.name == through.field else field for field in declared.fields)
    return dataclasses.replace(declared, fields=fields)


def _as_code(field: Field) -> Field:
    code = FieldType.PERSONAL_IDENTITY_CODE
    return dataclasses.replace(field, type=code, sensitivity=Sensitivity.DIRECT_IDENTIFIER, code_list=None, format=None)


def _code_field(table: RegisterTable) -> Field:
    """The other table's identity code; its first, where it has several."""
    codes = [field for field in table.fields if field.type is FieldType.PERSONAL_IDENTITY_CODE]
    return dataclasses.replace(codes[0], required=False)
