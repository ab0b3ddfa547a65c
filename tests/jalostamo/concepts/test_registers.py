"""A register's description cannot contradict itself."""

from __future__ import annotations

from dataclasses import replace

import pytest

from jalostamo.concepts.code_lists import Code, CodeList
from jalostamo.concepts.errors import Unfit
from jalostamo.concepts.languages import Text
from jalostamo.concepts.registers import Field, FieldType, Marking, Register, RegisterTable, Sensitivity
from jalostamo.concepts.writings import Writing, is_timezone

TITLE = Text("Nimi", "Namn", "Name")
TEXT_FIELD = Field("name", "NIMI", FieldType.TEXT, Sensitivity.DIRECT_IDENTIFIER, TITLE)
CODED = Field("sex", "SUKUPUOLI", FieldType.CODE, Sensitivity.INDIRECT_IDENTIFIER, TITLE, code_list="sex")
SEX = CodeList("sex", "1", (Code("1", TITLE),))
TABLE = RegisterTable("persons", "persons.csv", (TEXT_FIELD, CODED))
REGISTER = Register("population", TITLE, "office", "city", Marking.SYNTHETIC, (TABLE,), (SEX,))


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"type": FieldType.CODE}, "field_code_list"),
        ({"code_list": "sex"}, "field_code_list"),
        ({"format": "%Y"}, "field_format"),
        ({"type": FieldType.BOOLEAN, "format": "K"}, "field_format"),
        ({"type": FieldType.BOOLEAN, "format": "K;E;?"}, "field_format"),
        ({"type": FieldType.BOOLEAN, "format": "K;"}, "field_format"),
        ({"type": FieldType.BOOLEAN, "format": "K;K"}, "field_format"),
        ({"type": FieldType.PERSONAL_IDENTITY_CODE, "sensitivity": Sensitivity.LINK}, "field_sensitivity"),
        ({"name": ""}, "field_name"),
        ({"name": "record_"}, "field_name"),
    ],
    ids=str,
)
def test_a_field_that_contradicts_itself_is_refused(changes: dict[str, object], reason: str) -> None:
    with pytest.raises(Unfit) as refused:
        replace(TEXT_FIELD, **changes)  # type: ignore[arg-type]
    assert refused.value.reason == reason


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"format": "docx"}, "writing_format"),
        ({"delimiter": ""}, "writing_delimiter"),
        ({"delimiter": "||"}, "writing_delimiter"),
        ({"delimiter": "\n"}, "writing_delimiter"),
        ({"delimiter": "§"}, "writing_delimiter"),
        ({"delimiter": '"'}, "writing_delimiter"),
        ({"quote": "''"}, "writing_delimiter"),
        ({"quote": "\r"}, "writing_delimiter"),
        ({"quote": "”"}, "writing_delimiter"),
        ({"decimal_mark": "·"}, "writing_decimal_mark"),
        ({"decimal_mark": ",", "quote": ""}, "writing_decimal_mark"),
        ({"timezone": "Helsinki"}, "writing_timezone"),
        ({"timezone": "../UTC"}, "writing_timezone"),
    ],
    ids=str,
)
def test_a_writing_that_cannot_be_is_refused(changes: dict[str, str], reason: str) -> None:
    with pytest.raises(Unfit) as refused:
        Writing(**changes)
    assert refused.value.reason == reason


def test_a_decimal_comma_may_be_the_delimiter_of_quoted_fields() -> None:
    assert Writing(delimiter=",", decimal_mark=",").quote == '"'


@pytest.mark.parametrize(("name", "exists"), [("UTC", True), ("Europe/Helsinki", True), ("", False), ("x'; --", False)])
def test_a_time_zone_is_known_by_its_name(name: str, exists: bool) -> None:
    assert is_timezone(name) is exists


@pytest.mark.parametrize("file", ["", ".", "/etc/passwd", "../persons.csv", "a/../../persons.csv"])
def test_a_tables_file_lies_beside_its_description(file: str) -> None:
    with pytest.raises(Unfit) as refused:
        replace(TABLE, file=file)
    assert refused.value.reason == "table_file"


@pytest.mark.parametrize("field", [replace(TEXT_FIELD, column="nimi", name="other"), replace(TEXT_FIELD, column="b")])
def test_a_table_declares_a_name_and_a_column_once(field: Field) -> None:
    with pytest.raises(Unfit, match="twice") as refused:
        replace(TABLE, fields=(TEXT_FIELD, field))
    assert refused.value.reason == "field_twice"


@pytest.mark.parametrize("changes", [{"fields": ()}, {"key": ("birth",)}], ids=str)
def test_a_table_has_fields_and_a_key_of_them(changes: dict[str, tuple[str, ...]]) -> None:
    with pytest.raises(Unfit) as refused:
        replace(TABLE, **changes)  # type: ignore[arg-type]
    assert refused.value.reason == "table_key"


@pytest.mark.parametrize(
    "changes", [{"tables": (TABLE, TABLE)}, {"code_lists": (SEX, SEX)}], ids=["table", "code list"]
)
def test_a_register_describes_each_table_and_code_list_once(changes: dict[str, tuple[object, ...]]) -> None:
    with pytest.raises(Unfit, match="twice") as refused:
        replace(REGISTER, **changes)  # type: ignore[arg-type]
    assert refused.value.reason == "description_twice"


def test_a_register_describes_every_code_list_that_its_fields_name() -> None:
    with pytest.raises(Unfit, match="no code list 'sex'"):
        replace(REGISTER, code_lists=())


def test_what_is_there_is_found_by_its_name() -> None:
    assert REGISTER.table_named("persons").field_named("sex") is CODED
    assert REGISTER.code_list_named("sex") is SEX


def test_a_name_that_does_not_exist_is_answered_with_those_that_do() -> None:
    with pytest.raises(Unfit, match="no table 'person'; it has 'persons'"):
        REGISTER.table_named("person")
    with pytest.raises(Unfit, match="no field 'gender'; it has 'name', 'sex'"):
        TABLE.field_named("gender")
    with pytest.raises(Unfit, match="no code list 'gender'; it has 'sex'"):
        REGISTER.code_list_named("gender")
