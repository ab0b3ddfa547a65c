"""A recorded text is understood by the type that its field declares, or the record is rejected; nothing is guessed."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet
import pytest
from tests.jalostamo.managing.delivered import CODE_LISTS, SECRET, field, loaded, read, sentences, table, told

from jalostamo.concepts.errors import Unfit
from jalostamo.concepts.registers import FieldType, RegisterTable
from jalostamo.engine.connection import Engine, open_engine
from jalostamo.managing.reading import WAYS, read_table


@pytest.fixture(scope="module")
def engine(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Engine]:
    """An embedded engine, of a time zone that no test declares: it changes nothing."""
    with open_engine(workspace=tmp_path_factory.mktemp("engine"), timezone="America/New_York") as opened:
        yield opened


def understood(engine: Engine, declared: RegisterTable, text: str, folder: Path) -> tuple[object, str | None]:
    """What one recorded text is understood as, and the reason why it is not."""
    reading = read(engine, declared, f'n|value\n1|"{text}"\n', folder)
    rows = loaded(engine, reading)
    assert len(text) < 3 or text not in sentences(reading)
    return (rows[0]["value"], None) if rows else (None, reading.rejections[0].reason)


def declared_as(type_: FieldType, form: str | None = None, **writing: str) -> RegisterTable:
    """A table whose second column has a type."""
    return table(field("n"), field("value", type_, format=form), delimiter="|", **writing)


UNDERSTOOD: list[tuple[RegisterTable, dict[str, object]]] = [
    (
        declared_as(FieldType.INTEGER),
        {
            "7": 7,
            "-7": -7,
            "+7": 7,
            "007": 7,
            "0": 0,
            "999999999999999999": 10**18 - 1,
            "-999999999999999999": 1 - 10**18,
        },
    ),
    (declared_as(FieldType.DECIMAL), {"7": Decimal(7), "7.25": Decimal("7.25"), "-0.0001": Decimal("-0.0001")}),
    (declared_as(FieldType.DECIMAL), {"99999999999999.9999": Decimal("99999999999999.9999")}),
    (declared_as(FieldType.DECIMAL, decimal_mark=","), {"7,25": Decimal("7.25"), "-7": Decimal(-7)}),
    (declared_as(FieldType.BOOLEAN), {"true": True, "false": False}),
    (declared_as(FieldType.BOOLEAN, "K;E"), {"K": True, "E": False}),
    (declared_as(FieldType.DATE), {"2024-02-29": date(2024, 2, 29), "0001-01-01": date(1, 1, 1)}),
    (declared_as(FieldType.DATE, "%d.%m.%Y"), {"29.02.2024": date(2024, 2, 29), "01.02.2024": date(2024, 2, 1)}),
    (declared_as(FieldType.DATE, "%-d.%-m.%Y"), {"1.2.2024": date(2024, 2, 1), "31.12.1899": date(1899, 12, 31)}),
    (declared_as(FieldType.DATE, "%m/%d/%Y"), {"01/02/2024": date(2024, 1, 2)}),
    (declared_as(FieldType.DATE, "%Y%m%d"), {"20240229": date(2024, 2, 29)}),
    (declared_as(FieldType.CODE), {"1": "1", "2": "2"}),
    (declared_as(FieldType.PERSONAL_IDENTITY_CODE), {"010190-900P": "010190-900P", "010190-900p ": "010190-900p "}),
    (declared_as(FieldType.BUSINESS_ID), {"2077474-0": "2077474-0", "0": "0"}),
    (declared_as(FieldType.TEXT), {"  a ": "  a ", "1E5": "1E5", "0012": "0012"}),
]


@pytest.mark.parametrize(
    ("declared", "text", "value"),
    [(declared, text, value) for declared, values in UNDERSTOOD for text, value in values.items()],
)
def test_a_text_is_understood_as_declared(
    declared: RegisterTable, text: str, value: object, engine: Engine, tmp_path: Path
) -> None:
    assert understood(engine, declared, text, tmp_path) == (value, None)


NOT_UNDERSTOOD: list[tuple[RegisterTable, str, tuple[str, ...]]] = [
    (
        declared_as(FieldType.INTEGER),
        "not_integer",
        (
            "7.0",
            "1E5",
            " 7",
            "7 ",
            "7\n",
            "1_000",
            "1 000",
            "0x10",
            "٣",
            "--7",
            "1000000000000000000",
            "9" * 30,
            "nan",
            "x",
        ),
    ),
    (
        declared_as(FieldType.DECIMAL),
        "not_decimal",
        ("7,25", "7.", ".5", "1e5", "7.00001", "100000000000000", "1.000,00", "inf", " 7", "7 €", "0x1"),
    ),
    (declared_as(FieldType.DECIMAL, decimal_mark=","), "not_decimal", ("7.25", "1.000,00", "7,")),
    (declared_as(FieldType.BOOLEAN), "not_boolean", ("True", "TRUE", "1", "0", "t", " true")),
    (declared_as(FieldType.BOOLEAN, "K;E"), "not_boolean", ("k", "true", "K;E")),
    (
        declared_as(FieldType.DATE),
        "not_date",
        (
            "2024-2-9",
            "2024-02-30",
            "29.02.2024",
            "20240229",
            "0000-01-01",
            "10000-01-01",
            "2024-02-29 10:00",
            "today",
            " 2024-02-29",
        ),
    ),
    (
        declared_as(FieldType.DATE, "%d.%m.%Y"),
        "not_date",
        ("1.2.2024", "30.02.2024", "01.02.24", "2024-02-01", " 01.02.2024", "01.02.2024 ", "01.13.2024"),
    ),
    (declared_as(FieldType.DATE, "%m/%d/%Y"), "not_date", ("13/02/2024",)),
    (declared_as(FieldType.CODE), "unknown_code", ("3", "01", " 1", "1.0", "a")),
    (
        declared_as(FieldType.DATETIME),
        "not_datetime",
        (
            "2024-02-29T25:00",
            "2024-02-30T10:00",
            "29.2.2024 10:00",
            "2024-02-29T10:00:00 Europe/Helsinki",
            "now",
            "10:00",
        ),
    ),
    (
        declared_as(FieldType.DATETIME, "%d.%m.%Y %H:%M"),
        "not_datetime",
        ("01.02.2024", "1.2.2024 10:00", "01.02.2024 24:00"),
    ),
]


@pytest.mark.parametrize(
    ("declared", "text", "reason"),
    [(declared, text, reason) for declared, reason, texts in NOT_UNDERSTOOD for text in texts],
)
def test_a_text_that_is_not_as_declared_is_rejected(
    declared: RegisterTable, text: str, reason: str, engine: Engine, tmp_path: Path
) -> None:
    assert understood(engine, declared, text, tmp_path) == (None, reason)


MOMENTS: list[tuple[str | None, str, str, str | None]] = [
    (None, "UTC", "2024-07-01", "2024-07-01T00:00Z"),
    (None, "UTC", "2024-07-01T12:00", "2024-07-01T12:00Z"),
    (None, "Europe/Helsinki", "2024-07-01 12:00:00", "2024-07-01T09:00Z"),
    (None, "Europe/Helsinki", "2024-01-01T12:00:00.25", "2024-01-01T10:00:00.250Z"),
    (None, "Europe/Helsinki", "2024-01-01T12:00Z", "2024-01-01T12:00Z"),
    (None, "Europe/Helsinki", "2024-01-01T12:00-05:30", "2024-01-01T17:30Z"),
    (None, "UTC", "2024-01-01 12:00:00+0200", "2024-01-01T10:00Z"),
    ("%d.%m.%Y %H:%M", "Europe/Helsinki", "01.07.2024 12:00", "2024-07-01T09:00Z"),
    ("%-d.%-m.%Y klo %H.%M", "Europe/Helsinki", "1.7.2024 klo 12.00", "2024-07-01T09:00Z"),
    ("%Y-%m-%d %H:%M %z", "Europe/Helsinki", "2024-07-01 12:00 +0530", "2024-07-01T06:30Z"),
    # The hour that clocks leap over in spring is no time; where they do not leap, it is one.
    (None, "Europe/Helsinki", "2024-03-31 03:30:00", None),
    ("%d.%m.%Y %H:%M", "Europe/Helsinki", "31.03.2024 03:30", None),
    (None, "UTC", "2024-03-31 03:30:00", "2024-03-31T03:30Z"),
]


@pytest.mark.parametrize(("form", "timezone", "text", "moment"), MOMENTS)
def test_a_local_time_is_of_the_zone_that_the_table_declares(
    form: str | None, timezone: str, text: str, moment: str | None, engine: Engine, tmp_path: Path
) -> None:
    declared = declared_as(FieldType.DATETIME, form, timezone=timezone)
    expected = (None, "not_datetime") if moment is None else (datetime.fromisoformat(moment), None)
    assert understood(engine, declared, text, tmp_path) == expected


@pytest.mark.parametrize("form", ["%q", "%H:%M", "%d.%m.", "", "year"])
def test_a_form_that_cannot_be_read_is_answered_before_the_file(form: str, engine: Engine, tmp_path: Path) -> None:
    with pytest.raises(Unfit, match="Field 'value': A time format is a strptime form") as refused:
        read_table(engine, declared_as(FieldType.DATE, form), tmp_path, code_lists={})
    assert refused.value.reason == "field_format"


@pytest.mark.parametrize("type_", FieldType)
def test_an_empty_field_is_missing_and_no_fault_unless_required(
    type_: FieldType, engine: Engine, tmp_path: Path
) -> None:
    optional, required = (table(field("n"), field("value", type_, required=known)) for known in (False, True))
    for text in ("n,value\n1,\n", 'n,value\n1,""\n'):
        assert loaded(engine, read(engine, optional, text, tmp_path)) == [{"n": "1", "value": None}]
        assert told(read(engine, required, text, tmp_path)) == [("missing", "value", 1, (2,))]


def test_a_record_is_rejected_once_for_the_first_fault_of_its_fields(engine: Engine, tmp_path: Path) -> None:
    declared = table(field("a", FieldType.INTEGER, required=True), field("b", FieldType.DATE))
    reading = read(engine, declared, f"a,b\n,{SECRET}\n{SECRET},{SECRET}\n1,{SECRET}\n", tmp_path)
    assert told(reading) == [("missing", "a", 1, (2,)), ("not_date", "b", 1, (4,)), ("not_integer", "a", 1, (3,))]
    assert SECRET not in sentences(reading)


def test_a_repeated_key_is_rejected_and_the_first_record_kept(engine: Engine, tmp_path: Path) -> None:
    declared = table(field("id", FieldType.INTEGER), field("day", FieldType.DATE), field("name"), key=("id", "day"))
    text = "id,day,name\n1,2024-01-01,a\n1,2024-01-02,b\nx,2024-01-01,c\n01,2024-01-01,d\n1,2024-01-01,e\n"
    reading = read(engine, declared, text, tmp_path)
    assert [row["name"] for row in loaded(engine, reading)] == ["a", "b"]
    assert told(reading) == [("duplicate_key", "id", 2, (5, 6)), ("not_integer", "id", 1, (4,))]


def test_a_rejected_record_does_not_take_the_key(engine: Engine, tmp_path: Path) -> None:
    declared = table(field("id"), field("day", FieldType.DATE), key=("id",))
    reading = read(engine, declared, "id,day\n1,x\n1,2024-01-01\n", tmp_path)
    assert reading.loaded == 1
    assert told(reading) == [("not_date", "day", 1, (2,))]


def test_typed_columns_of_parquet_are_understood(engine: Engine, tmp_path: Path) -> None:
    moment = datetime(2024, 7, 1, 9, tzinfo=UTC)
    columns: dict[str, tuple[FieldType, pa.Array, object]] = {
        "i": (FieldType.INTEGER, pa.array([7], pa.int8()), 7),
        "d": (FieldType.DECIMAL, pa.array([Decimal("7.25")]), Decimal("7.25")),
        "f": (FieldType.DECIMAL, pa.array([0.1]), Decimal("0.1")),
        "b": (FieldType.BOOLEAN, pa.array([True]), True),
        "day": (FieldType.DATE, pa.array([date(2024, 2, 29)]), date(2024, 2, 29)),
        "at": (FieldType.DATETIME, pa.array([moment]), moment),
        "local": (FieldType.DATETIME, pa.array(["2024-07-01T12:00"]).cast(pa.timestamp("us")), moment),
        "text": (FieldType.TEXT, pa.array(["ä"]).dictionary_encode(), "ä"),
    }
    declared = table(
        *(field(name, type_) for name, (type_, _, _) in columns.items()),
        format="parquet",
        decimal_mark=",",
        timezone="Europe/Helsinki",
    )
    pyarrow.parquet.write_table(
        pa.table({name: array for name, (_, array, _) in columns.items()}), tmp_path / declared.file
    )
    reading = read_table(engine, declared, tmp_path, code_lists=CODE_LISTS)
    assert loaded(engine, reading) == [{name: value for name, (_, _, value) in columns.items()}]


def test_every_way_of_being_wrong_has_its_words() -> None:
    reasons = {reason for _, reason, _ in NOT_UNDERSTOOD} | {"missing", "duplicate_key", "record_form"}
    forms = {"too_few_columns", "too_many_columns", "unclosed_quote", "record_too_long"}
    lines = {"line_too_short", "line_too_long", "control_character", "not_json", "key_twice", "nested_value"}
    cells = {
        "number_in_text",
        "number_rounded",
        "no_text",
        "day_uncertain",
        "formula",
        "error_cell",
        "empty_row",
        "bytes",
    }
    assert set(WAYS) == reasons | forms | lines | cells
