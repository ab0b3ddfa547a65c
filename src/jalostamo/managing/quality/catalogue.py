"""The catalogue of sources by the kinds of information they give: browsed from descriptions alone, without seeing data.

Handbook 2.2 (data descriptions) and 3.1.2 (the kinds of information).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from jalostamo.concepts.information import BehaviourKind, InformationKind
from jalostamo.concepts.registers import NEVER_RELEASED, Field, Register


@dataclass(frozen=True, slots=True)
class Catalogue:
    """A catalogue is what a city's sources tell of themselves."""

    registers: tuple[Register, ...]

    def by_kind(self) -> dict[InformationKind, tuple[Register, ...]]:
        """The sources of each of the seven kinds; a kind that no source gives has none."""
        return {kind: tuple(r for r in self.registers if r.information is kind) for kind in InformationKind}

    @property
    def missing(self) -> tuple[InformationKind, ...]:
        """The kinds that no source gives."""
        return tuple(kind for kind, registers in self.by_kind().items() if not registers)

    @property
    def untagged(self) -> tuple[Register, ...]:
        """The sources whose description does not say which kind they give."""
        return tuple(register for register in self.registers if register.information is None)

    def as_mapping(self) -> dict[str, object]:
        """The catalogue as a file holds it."""
        return {
            "kinds": {kind.value: [r.name for r in registers] for kind, registers in self.by_kind().items()},
            "missing": [kind.value for kind in self.missing],
            "untagged": [register.name for register in self.untagged],
            "sources": [_source(register) for register in self.registers],
        }


def behaviour_of(register: Register) -> dict[BehaviourKind, tuple[str, ...]]:
    """The fields of a register that tell each of the seven kinds of information on behaviour, as 'table.field'."""
    told: dict[BehaviourKind, list[str]] = {kind: [] for kind in BehaviourKind}
    for table in register.tables:
        for field in table.fields:
            if field.behaviour:
                told[field.behaviour].append(f"{table.name}.{field.name}")
    return {kind: tuple(fields) for kind, fields in told.items()}


def _source(register: Register) -> dict[str, object]:
    return {
        "name": register.name,
        "title": register.title.as_mapping(),
        "owner": register.owner,
        "controller": register.controller,
        "marking": register.marking.value,
        "information": register.information.value if register.information else None,
        "behaviour": {kind.value: list(fields) for kind, fields in behaviour_of(register).items()},
        "tables": [
            {
                "name": t.name,
                "occurred": t.occurred,
                "recorded": t.recorded,
                "unit": t.unit,
                "fields": _fields(t.fields),
            }
            for t in register.tables
        ],
    }


def _fields(fields: Sequence[Field]) -> list[dict[str, object]]:
    return [
        {
            "name": field.name,
            "title": field.title.as_mapping(),
            "type": field.type.value,
            "sensitivity": field.sensitivity.value,
            "never_leaves": field.sensitivity in NEVER_RELEASED,
            "behaviour": field.behaviour.value if field.behaviour else None,
            "code_list": field.code_list,
        }
        for field in fields
    ]
