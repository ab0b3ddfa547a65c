"""The catalogue of registers as its pages show it: each register at a glance, and one with its tables, field by field.

All of it comes from descriptions: not a row is read, and nothing here could.

Handbook 2.2 (data descriptions).
"""

from __future__ import annotations

import json
import logging
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from django.conf import settings

from jalostamo.concepts.code_lists import CodeList
from jalostamo.concepts.errors import Unfit
from jalostamo.concepts.languages import Text, text_from
from jalostamo.concepts.registers import Field, Register, RegisterTable, Sensitivity
from townhall.pages.words import WORDS, language

FROM_THE_MOST: Final = (
    *(Sensitivity.DIRECT_IDENTIFIER, Sensitivity.SPECIAL_CATEGORY, Sensitivity.CONFIDENTIAL),
    *(Sensitivity.FREE_TEXT, Sensitivity.LINK, Sensitivity.INDIRECT_IDENTIFIER, Sensitivity.ORDINARY),
)
"""How much a field tells, from the most to the least, as a catalogue sorts it."""

DEFICIENCIES: Final = "deficiencies.json"
"""Beside a register's description: what `closed-room deficiencies list --json` says of it, once that may be shown."""

LOG: Final = logging.getLogger("townhall")


@dataclass(frozen=True, slots=True)
class Line:
    """A register at a glance."""

    register: Register
    owner: Text | str
    controller: Text | str
    tables: int
    fields: int
    most: Sensitivity


@dataclass(frozen=True, slots=True)
class FieldShown:
    """A field with what its codes mean."""

    field: Field
    sensitivity: Text
    means: Text
    written: Text
    codes: CodeList | None
    is_key: bool


@dataclass(frozen=True, slots=True)
class TableShown:
    """A table with those of its fields that were asked for, of all that it has."""

    table: RegisterTable
    fields: tuple[FieldShown, ...]
    occurred: Text | None
    recorded: Text | None
    unit: Text | None


@dataclass(frozen=True, slots=True)
class Deficiency:
    """What its owner has been asked about: in words, where, how it stands, and what was answered."""

    sentence: Text
    place: str
    state: Text
    answer: str


def lines_of(registers: Iterable[Register], words: str, sensitivity: Sensitivity | None) -> Sequence[Line]:
    """The registers that have a field of that sensitivity, and speak of what was searched for."""
    return [_line(register) for register in registers if _fits(register, words, sensitivity)]


def _line(register: Register) -> Line:
    fields = [field for table in register.tables for field in table.fields]
    most = min((field.sensitivity for field in fields), key=FROM_THE_MOST.index)
    return Line(
        register,
        unit_called(register.owner),
        organisation_called(register.controller),
        len(register.tables),
        len(fields),
        most,
    )


def _fits(register: Register, words: str, sensitivity: Sensitivity | None) -> bool:
    if _speaks_of((register.name, register.title), words):
        return sensitivity is None or any(f.sensitivity is sensitivity for t in register.tables for f in t.fields)
    return any(tables_of(register, words, sensitivity))


def tables_of(register: Register, words: str, sensitivity: Sensitivity | None) -> Sequence[TableShown]:
    """The tables with the fields that were asked for; of a table that is itself spoken of, all."""
    shown = (_table(register, table, words, sensitivity) for table in register.tables)
    return [table for table in shown if table.fields]


def _table(register: Register, table: RegisterTable, words: str, sensitivity: Sensitivity | None) -> TableShown:
    whole = _speaks_of((table.name,), words)
    fields = (
        field
        for field in table.fields
        if (sensitivity is None or field.sensitivity is sensitivity)
        and (whole or _speaks_of((field.name, field.title), words))
    )
    titles = {field.name: field.title for field in table.fields}
    return TableShown(
        table,
        tuple(_field(register, table, field) for field in fields),
        *(titles.get(name or "") for name in (table.occurred, table.recorded, table.unit)),
    )


def _field(register: Register, table: RegisterTable, field: Field) -> FieldShown:
    return FieldShown(
        field,
        WORDS[f"registers.sensitivity_{field.sensitivity.value}"],
        WORDS[f"registers.means_{field.sensitivity.value}"],
        WORDS[f"registers.type_{field.type.value}"],
        register.code_list_named(field.code_list) if field.code_list else None,
        field.name in table.key,
    )


def _speaks_of(names: Iterable[Text | str], words: str) -> bool:
    told = (name.in_language(language()) if isinstance(name, Text) else name for name in names)
    return not words or any(words.casefold() in name.casefold() for name in told)


def unit_called(unit: str) -> Text | str:
    """What a unit is called; its id where the municipality has not entered it."""
    found = settings.TOWN.unit(unit)
    return found.name if found else unit


def organisation_called(organisation: str) -> Text | str:
    """What an organisation is called; its id where the municipality has not entered it."""
    found: Mapping[str, Text] = {each.id: each.name for each in settings.TOWN.organisations}
    return found.get(organisation, organisation)


def deficiencies_of(register: Register) -> Sequence[Deficiency]:
    """What has been found deficient in a register, where the list of it has been published to townhall."""
    path = settings.HOME.townhall / "registers" / register.name / DEFICIENCIES
    if not path.is_file():
        return ()
    try:
        told = json.loads(path.read_text(encoding="utf-8"))["deficiencies"]
        return [_deficiency(each) for each in told if each["source"] == register.name]
    except (ValueError, KeyError, TypeError, Unfit):
        LOG.warning("deficiencies unread")
        return ()


def _deficiency(told: Mapping[str, object]) -> Deficiency:
    state = f"registers.quality_state_{told['state']}"
    place = ".".join(str(told[name]) for name in ("table", "field") if told[name])
    return Deficiency(text_from(told["sentence"], place=DEFICIENCIES), place, WORDS[state], str(told["answer"]))
