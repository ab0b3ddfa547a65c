"""What a report calls tables, units and codes: titles from the description, never a text that was recorded.

Handbook 2.2 (data descriptions).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from jalostamo.concepts.languages import Text
from jalostamo.concepts.registers import FieldType, Register, RegisterTable
from jalostamo.managing.quality.cells import ALL, Cells


@dataclass(frozen=True, slots=True)
class Naming:
    """A naming knows one table's words: a unit of a code list by its label, any other unit by its place in size."""

    register: Register
    declared: RegisterTable
    places: Mapping[str, int]

    def unit(self, recorded: str) -> Text:
        """A unit's label; a unit that is no code may be any text, and is told by a number alone."""
        field = self.declared.field_named(self.declared.unit) if self.declared.unit else None
        if field is not None and field.type is FieldType.CODE and field.code_list:
            return self.register.code_list_named(field.code_list).label_of(recorded)
        place = self.places[recorded]
        return Text(f"yksikkö nro {place}", f"enhet nr {place}", f"unit no. {place}")

    def unit_code(self, recorded: str) -> str:
        """What stands for a unit in files: its code where it is one, otherwise its number."""
        field = self.declared.field_named(self.declared.unit) if self.declared.unit else None
        is_code = field is not None and field.type is FieldType.CODE
        return recorded if is_code or recorded == ALL else f"no. {self.places[recorded]}"

    def field(self, name: str) -> Text:
        """A field's title."""
        return self.declared.field_named(name).title

    def code(self, field: str, code: str) -> Text:
        """What a code of a field means; a truth value is itself."""
        declared = self.declared.field_named(field)
        if declared.code_list:
            return self.register.code_list_named(declared.code_list).label_of(code)
        yes = code.casefold() == "true"
        return Text("kyllä", "ja", "yes") if yes else Text("ei", "nej", "no")

    def place(self, unit: str) -> Text:
        """The table, and its unit where it is about one."""
        table = Text(*([self.declared.name] * 3))
        if unit == ALL:
            return table
        label = self.unit(unit)
        return Text(f"{table.fi}, {label.fi}", f"{table.sv}, {label.sv}", f"{table.en}, {label.en}")


def naming_of(register: Register, declared: RegisterTable, cells: Cells) -> Naming:
    """The naming of one table, its units numbered by how many records they have."""
    sizes = sorted(cells.units, key=lambda unit: (-float(cells.volume[unit].sum()), unit))
    return Naming(register, declared, {unit: place for place, unit in enumerate(sizes, start=1)})
