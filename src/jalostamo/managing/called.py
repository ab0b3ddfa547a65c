"""What a request calls the fields of a source: registers name alike things differently, and a release has one name for each.

Handbook 2.2 (master data).
"""

from __future__ import annotations

import dataclasses
from typing import TYPE_CHECKING

from jalostamo.concepts.errors import Unfit
from jalostamo.concepts.registers import FieldType

if TYPE_CHECKING:
    from jalostamo.concepts.registers import RegisterTable
    from jalostamo.managing.requests import Source


def as_called(table: RegisterTable, source: Source) -> RegisterTable:
    """The description of a source's table, its fields under the names by which the rest of the request calls them."""
    if not source.called:
        return table
    _refuse_unfit(table, source)
    names = {field.name: source.called.get(field.name, field.name) for field in table.fields}
    occurred, recorded, unit = (name and names[name] for name in (table.occurred, table.recorded, table.unit))
    fields = tuple(dataclasses.replace(field, name=names[field.name]) for field in table.fields)
    key = tuple(names[name] for name in table.key)
    return dataclasses.replace(table, fields=fields, key=key, occurred=occurred, recorded=recorded, unit=unit)


def _refuse_unfit(table: RegisterTable, source: Source) -> None:
    """Refuse names for what is not asked, for what leads to a person, and such as another field of the table has."""
    place = f"[[source]] '{source.name}': 'called'"
    if strange := sorted(set(source.called) - set(source.fields)):
        raise Unfit(f"{place} names {', '.join(strange)}, none of its 'fields'.", reason="source_called")
    leading = {field.name for field in table.fields if field.type is FieldType.PERSONAL_IDENTITY_CODE}
    leading |= {table.through.field} if table.through else set()
    if leading & set(source.called):
        raise Unfit(f"{place}: what leads to a person is linked by its own name.", reason="source_called")
    names = [source.called.get(field.name, field.name) for field in table.fields]
    if len(set(names)) != len(names):
        raise Unfit(f"{place} gives two fields of the table one name.", reason="source_called")
