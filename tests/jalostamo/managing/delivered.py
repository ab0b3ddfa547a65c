"""Deliveries of one small register: its description drawn in a line, its file as bytes, and what reading it gave."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from jalostamo.concepts.code_lists import Code, CodeList
from jalostamo.concepts.languages import Text
from jalostamo.concepts.registers import Field, FieldType, RegisterTable, Sensitivity
from jalostamo.concepts.writings import Writing
from jalostamo.engine.connection import Engine
from jalostamo.engine.intake import RECORD
from jalostamo.managing.reading import Reading, read_table

TITLE = Text("Nimi", "Namn", "Name")
SECRET = "Salainen"
"""A recorded value that no message may repeat."""

SEX = CodeList("sex", "2024", (Code("1", TITLE), Code("2", TITLE)))
CODE_LISTS = {"sex": SEX}


def field(name: str, type_: FieldType = FieldType.TEXT, **more: Any) -> Field:
    """A field whose column has its own name."""
    if type_ is FieldType.CODE:
        more["code_list"] = SEX.name
    is_code = type_ is FieldType.PERSONAL_IDENTITY_CODE
    sensitivity = more.pop("sensitivity", Sensitivity.DIRECT_IDENTIFIER if is_code else Sensitivity.ORDINARY)
    return Field(name, more.pop("column", name), type_, sensitivity, TITLE, **more)


def table(*fields: Field, key: tuple[str, ...] = (), **writing: str) -> RegisterTable:
    """A table of these fields, an id and a name where none is given."""
    default = (field("id", FieldType.INTEGER), field("name"))
    file = "persons.parquet" if writing.get("format") == "parquet" else "persons.csv"
    return RegisterTable("persons", file, fields or default, Writing(**writing), key=key)


def read(engine: Engine, declared: RegisterTable, delivered: bytes | str, folder: Path) -> Reading:
    """Deliver a file and read it as declared."""
    data = delivered.encode(declared.writing.encoding) if isinstance(delivered, str) else delivered
    (folder / declared.file).write_bytes(data)
    return read_table(engine, declared, folder, code_lists=CODE_LISTS, into=folder / f"{engine.fresh_name()}.parquet")


def loaded(engine: Engine, reading: Reading) -> list[Mapping[str, object]]:
    """The records that were loaded, in file order, without their numbers."""
    rows = engine.rows(reading.table.order_by(RECORD))
    return [{name: value for name, value in row.items() if name != RECORD} for row in rows]


def told(reading: Reading) -> list[tuple[str, str | None, int, tuple[int, ...]]]:
    """Every rejection as a tuple: its reason, field, count and first lines."""
    return [(r.reason, r.field, r.records, r.first_lines) for r in reading.rejections]


def sentences(reading: Reading) -> str:
    """Everything that is said of what was rejected."""
    return " ".join(rejection.sentence(reading.declared) for rejection in reading.rejections)
