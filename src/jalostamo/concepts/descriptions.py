"""Register descriptions as they are written in `register.toml`: the same values, between a mapping and back.

Reading and writing the file itself is left to whoever may open files.

Handbook 2.2 (data descriptions).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import MISSING, asdict, fields
from enum import StrEnum

from jalostamo.concepts.code_lists import CodeList, code_list_from
from jalostamo.concepts.errors import Unfit
from jalostamo.concepts.holdings import Holding, Through
from jalostamo.concepts.information import BehaviourKind, InformationKind, OutsidePermit
from jalostamo.concepts.languages import text_from
from jalostamo.concepts.organisations import Controller
from jalostamo.concepts.registers import Field, FieldType, Marking, Register, RegisterTable, Sensitivity
from jalostamo.concepts.writings import Server, Writing

_WRITING = ("format", "delimiter", "encoding", "decimal_mark", "quote", "timezone")
_PLACE = ("sheet", "cells", "relation")
_SERVER = ("host", "port", "database", "user", "password_variable")
_SECTIONS = ("register", "table", "code_list")
_OF_REGISTER = ("name", "title", "owner", "controller", "marking", "information", "controllers", "outside_permits")
_NAMED = ("occurred", "recorded", "unit")
_OF_TABLE = (
    "name",
    "file",
    *_WRITING,
    *_PLACE,
    "line_width",
    "server",
    "key",
    "holds",
    "through",
    *_NAMED,
    "records_at_most",
    "field",
)
_OF_FIELD = ("name", "column", "type", "sensitivity", "title", "code_list", "format", "required")
_ALSO_OF_FIELD = ("start", "width", "locates", "behaviour", "least", "most")
_OF_CODE_LIST = ("name", "version", "codes")


def as_description(register: Register) -> dict[str, object]:
    """The register as `register.toml` holds it: sections register, table (with field) and code_list."""
    head: dict[str, object] = {"name": register.name, "title": register.title.as_mapping(), "owner": register.owner}
    head |= {"controller": register.controller, "marking": register.marking.value}
    if register.information:
        head["information"] = register.information.value
    if register.controllers:
        head["controllers"] = [_told(asdict(controller)) for controller in register.controllers]
    if register.outside_permits:
        head["outside_permits"] = [asdict(permit) for permit in register.outside_permits]
    tables = [_described_table(table) for table in register.tables]
    return {"register": head, "table": tables, "code_list": [c.as_mapping() for c in register.code_lists]}


def register_from(description: Mapping[str, object], *, place: str) -> Register:
    """Read a register from its description; `place` names the file, for the sentence of a refusal.

    A word that a section does not know is refused: left unread it would be a rule that does not hold.
    """
    _refuse_unknown(description, _SECTIONS, place)
    head = _section(description, "register", place)
    _refuse_unknown(head, _OF_REGISTER, f"{place}, [register]")
    tables = tuple(_table_from(entry, place) for entry in _entries(description, "table", place))
    information = head.get("information")
    at = f"{place}, [register]"
    return Register(
        name=_word(head, "name", place),
        title=text_from(head.get("title"), place=f"{place}, [register] title"),
        owner=_word(head, "owner", place),
        controller=_word(head, "controller", place),
        marking=_one_of(Marking, head.get("marking"), place=f"{place}, [register] marking"),
        tables=tables,
        code_lists=tuple(
            _code_list_from(entry, place) for entry in _entries(description, "code_list", place, may_be_absent=True)
        ),
        information=_one_of(InformationKind, information, place=f"{at} information") if information else None,
        controllers=_values(Controller, head, "controllers", at),
        outside_permits=_values(OutsidePermit, head, "outside_permits", at),
    )


def _described_table(table: RegisterTable) -> dict[str, object]:
    writing = table.writing
    described: dict[str, object] = {"name": table.name, "file": table.file} if table.file else {"name": table.name}
    described |= {key: getattr(writing, key) for key in _WRITING}
    described |= {key: getattr(writing, key) for key in (*_PLACE, "line_width") if getattr(writing, key)}
    if writing.server:
        described["server"] = _told(asdict(writing.server))
    described["key"] = list(table.key)
    if table.holds:
        described["holds"] = table.holds.value
    if table.through:
        described["through"] = asdict(table.through)
    optional = {key: getattr(table, key) for key in (*_NAMED, "records_at_most")}
    return described | _told(optional) | {"field": [_described_field(f) for f in table.fields]}


def _described_field(field: Field) -> dict[str, object]:
    described: dict[str, object] = {"name": field.name, "column": field.column, "type": field.type.value}
    described |= {"sensitivity": field.sensitivity.value, "title": field.title.as_mapping(), "required": field.required}
    optional: dict[str, object] = {"code_list": field.code_list, "format": field.format}
    optional |= {key: getattr(field, key) for key in ("start", "width", "least", "most")}
    behaviour = field.behaviour.value if field.behaviour else None
    return described | _told(optional | {"locates": field.locates or None, "behaviour": behaviour})


def _told(values: Mapping[str, object]) -> dict[str, object]:
    """What is said, without what is left out."""
    return {key: value for key, value in values.items() if value not in {None, ""}}


def _table_from(entry: Mapping[str, object], place: str) -> RegisterTable:
    name = _word(entry, "name", f"{place}, [[table]]")
    at = f"{place}, table '{name}'"
    _refuse_unknown(entry, _OF_TABLE, at)
    key = entry.get("key", [])
    if not isinstance(key, list):
        raise Unfit(f"{at}: 'key' is a list of field names.", reason="description_incomplete")
    named = {key: str(entry[key]) for key in _NAMED if key in entry}
    writing = _writing_from(entry, at)
    return RegisterTable(
        name,
        _word(entry, "file", at) if writing.server is None else str(entry.get("file", "")),
        tuple(_field_from(f, at) for f in _entries(entry, "field", at)),
        writing,
        tuple(str(part) for part in key),
        holds=_one_of(Holding, entry["holds"], place=f"{at}, holds") if "holds" in entry else None,
        through=_value(Through, entry["through"], f"{at}, through") if "through" in entry else None,
        records_at_most=_whole(entry, "records_at_most", at),
        **named,
    )


def _writing_from(entry: Mapping[str, object], place: str) -> Writing:
    words = {key: str(entry[key]) for key in (*_WRITING, *_PLACE) if key in entry}
    server = _value(Server, entry["server"], f"{place}, [table.server]") if "server" in entry else None
    try:
        return Writing(**words, server=server, line_width=_whole(entry, "line_width", place))
    except Unfit as unfit:
        raise Unfit(f"{place}: {unfit.sentence}", reason=unfit.reason) from None


def _values[Value: (Controller, OutsidePermit)](
    kind: type[Value], mapping: Mapping[str, object], key: str, place: str
) -> tuple[Value, ...]:
    entries = _entries(mapping, key, place, may_be_absent=True)
    return tuple(_value(kind, entry, f"{place} {key}") for entry in entries)


def _value[Value: (Controller, OutsidePermit, Server, Through)](kind: type[Value], entry: object, place: str) -> Value:
    """A small value from its own section: texts, and whole numbers where it has them."""
    if not isinstance(entry, Mapping):
        raise Unfit(f"{place} is a section of its own.", reason="description_incomplete")
    known = {field.name: field for field in fields(kind)}
    _refuse_unknown(entry, tuple(known), place)
    needed = [name for name, field in known.items() if field.default is MISSING and name not in entry]
    if needed:
        raise Unfit(f"{place} needs {', '.join(needed)}.", reason="description_incomplete")
    found = {name: _whole(entry, name, place) if known[name].type == "int" else str(entry[name]) for name in entry}
    try:
        return kind(**found)  # type: ignore[arg-type]  # the value itself judges its words
    except Unfit as unfit:
        raise Unfit(f"{place}: {unfit.sentence}", reason=unfit.reason) from None


def _whole(mapping: Mapping[str, object], key: str, place: str) -> int | None:
    found = mapping.get(key)
    if found is not None and (not isinstance(found, int) or isinstance(found, bool)):
        raise Unfit(f"{place}: '{key}' is a whole number.", reason="description_vocabulary")
    return found


def _number(mapping: Mapping[str, object], key: str, place: str) -> float | None:
    found = mapping.get(key)
    if found is not None and (not isinstance(found, int | float) or isinstance(found, bool)):
        raise Unfit(f"{place}: '{key}' is a number.", reason="description_vocabulary")
    return found


def _code_list_from(entry: Mapping[str, object], place: str) -> CodeList:
    _refuse_unknown(entry, _OF_CODE_LIST, f"{place}, [[code_list]]")
    return code_list_from(entry)


def _field_from(entry: Mapping[str, object], place: str) -> Field:
    name = _word(entry, "name", f"{place}, [[table.field]]")
    at = f"{place}, field '{name}'"
    _refuse_unknown(entry, (*_OF_FIELD, *_ALSO_OF_FIELD), at)
    behaviour = entry.get("behaviour")
    return Field(
        name=name,
        column=str(entry.get("column", name)),
        type=_one_of(FieldType, entry.get("type"), place=f"{at}, type"),
        sensitivity=_one_of(Sensitivity, entry.get("sensitivity"), place=f"{at}, sensitivity"),
        title=text_from(entry.get("title"), place=f"{at}, title"),
        code_list=str(entry["code_list"]) if "code_list" in entry else None,
        format=str(entry["format"]) if "format" in entry else None,
        required=_truth(entry, "required", at),
        start=_whole(entry, "start", at),
        width=_whole(entry, "width", at),
        locates=_truth(entry, "locates", at),
        behaviour=_one_of(BehaviourKind, behaviour, place=f"{at}, behaviour") if behaviour else None,
        least=_number(entry, "least", at),
        most=_number(entry, "most", at),
    )


def _truth(mapping: Mapping[str, object], key: str, place: str) -> bool:
    found = mapping.get(key, False)
    if not isinstance(found, bool):
        raise Unfit(f"{place}: '{key}' is true or false, without quotes.", reason="description_vocabulary")
    return found


def _refuse_unknown(mapping: Mapping[str, object], known: Sequence[str], place: str) -> None:
    unknown = ", ".join(f"'{key}'" for key in mapping if key not in known)
    if unknown:
        raise Unfit(f"{place} knows no {unknown}; it knows {', '.join(known)}.", reason="description_unknown")


def _section(mapping: Mapping[str, object], key: str, place: str) -> Mapping[str, object]:
    found = mapping.get(key)
    if not isinstance(found, Mapping):
        raise Unfit(f"{place} needs a section [{key}].", reason="description_incomplete")
    return found


def _entries(
    mapping: Mapping[str, object], key: str, place: str, *, may_be_absent: bool = False
) -> list[Mapping[str, object]]:
    found = mapping.get(key, [])
    if (
        not isinstance(found, list)
        or not all(isinstance(entry, Mapping) for entry in found)
        or not (found or may_be_absent)
    ):
        raise Unfit(f"{place} needs at least one section [[{key}]].", reason="description_incomplete")
    return found


def _word(mapping: Mapping[str, object], key: str, place: str) -> str:
    found = mapping.get(key)
    if not isinstance(found, str) or not found.strip():
        raise Unfit(f"{place} needs '{key}', a text.", reason="description_incomplete")
    return found


def _one_of[Word: StrEnum](vocabulary: type[Word], found: object, *, place: str) -> Word:
    known = [word.value for word in vocabulary]
    if found not in known:
        raise Unfit(f"{place} is one of {', '.join(known)}.", reason="description_vocabulary")
    return vocabulary(found)
