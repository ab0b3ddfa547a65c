"""Register descriptions as they are written in `register.toml`: the same values, between a mapping and back.

Reading and writing the file itself is left to whoever may open files.

Handbook 2.2 (data descriptions).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from enum import StrEnum

from jalostamo.concepts.code_lists import CodeList, code_list_from
from jalostamo.concepts.errors import Unfit
from jalostamo.concepts.languages import text_from
from jalostamo.concepts.registers import Field, FieldType, Marking, Register, RegisterTable, Sensitivity, Writing

_WRITING = ("format", "delimiter", "encoding", "decimal_mark", "quote", "timezone")
_SECTIONS = ("register", "table", "code_list")
_OF_REGISTER = ("name", "title", "owner", "controller", "marking")
_OF_TABLE = ("name", "file", *_WRITING, "key", "field")
_OF_FIELD = ("name", "column", "type", "sensitivity", "title", "code_list", "format", "required")
_OF_CODE_LIST = ("name", "version", "codes")


def as_description(register: Register) -> dict[str, object]:
    """The register as `register.toml` holds it: sections register, table (with field) and code_list."""
    head = {"name": register.name, "title": register.title.as_mapping(), "owner": register.owner}
    head |= {"controller": register.controller, "marking": register.marking.value}
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
    )


def _described_table(table: RegisterTable) -> dict[str, object]:
    written = {key: getattr(table.writing, key) for key in _WRITING}
    return {
        "name": table.name,
        "file": table.file,
        **written,
        "key": list(table.key),
        "field": [_described_field(f) for f in table.fields],
    }


def _described_field(field: Field) -> dict[str, object]:
    described: dict[str, object] = {"name": field.name, "column": field.column, "type": field.type.value}
    described |= {"sensitivity": field.sensitivity.value, "title": field.title.as_mapping(), "required": field.required}
    optional = {"code_list": field.code_list, "format": field.format}
    return described | {key: value for key, value in optional.items() if value is not None}


def _table_from(entry: Mapping[str, object], place: str) -> RegisterTable:
    name = _word(entry, "name", f"{place}, [[table]]")
    at = f"{place}, table '{name}'"
    _refuse_unknown(entry, _OF_TABLE, at)
    key = entry.get("key", [])
    if not isinstance(key, list):
        raise Unfit(f"{at}: 'key' is a list of field names.", reason="description_incomplete")
    writing = _writing_from(entry, at)
    fields = tuple(_field_from(f, at) for f in _entries(entry, "field", at))
    return RegisterTable(name, _word(entry, "file", at), fields, writing, tuple(str(part) for part in key))


def _writing_from(entry: Mapping[str, object], place: str) -> Writing:
    try:
        return Writing(**{key: str(entry[key]) for key in _WRITING if key in entry})
    except Unfit as unfit:
        raise Unfit(f"{place}: {unfit.sentence}", reason=unfit.reason) from None


def _code_list_from(entry: Mapping[str, object], place: str) -> CodeList:
    _refuse_unknown(entry, _OF_CODE_LIST, f"{place}, [[code_list]]")
    return code_list_from(entry)


def _field_from(entry: Mapping[str, object], place: str) -> Field:
    name = _word(entry, "name", f"{place}, [[table.field]]")
    at = f"{place}, field '{name}'"
    _refuse_unknown(entry, _OF_FIELD, at)
    required = entry.get("required", False)
    if not isinstance(required, bool):
        raise Unfit(f"{at}: 'required' is true or false, without quotes.", reason="description_vocabulary")
    return Field(
        name=name,
        column=str(entry.get("column", name)),
        type=_one_of(FieldType, entry.get("type"), place=f"{at}, type"),
        sensitivity=_one_of(Sensitivity, entry.get("sensitivity"), place=f"{at}, sensitivity"),
        title=text_from(entry.get("title"), place=f"{at}, title"),
        code_list=str(entry["code_list"]) if "code_list" in entry else None,
        format=str(entry["format"]) if "format" in entry else None,
        required=required,
    )


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
