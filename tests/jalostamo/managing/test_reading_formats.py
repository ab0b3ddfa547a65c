"""Workbooks, lines of fixed width, JSON lines and database files: every record is loaded as described, or told of."""

from __future__ import annotations

import datetime
import io
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from zipfile import ZIP_DEFLATED, ZipFile

import openpyxl  # type: ignore[import-untyped]  # openpyxl has no types
import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.jalostamo.managing.delivered import SECRET, field

from jalostamo.concepts.errors import JalostamoError, Misused, Unfit
from jalostamo.concepts.registers import Field, FieldType, RegisterTable
from jalostamo.concepts.writings import Writing
from jalostamo.engine.connection import Engine, open_engine
from jalostamo.engine.intake import RECORD, TextRecords
from jalostamo.engine.workbooks import read_workbook
from jalostamo.managing.reading.formats import text_of

ID = field("id", FieldType.INTEGER)
NAME = field("name")
DAY = field("day", FieldType.DATE, format="%d.%m.%Y")
SUM = field("sum", FieldType.DECIMAL)
OK = field("ok", FieldType.BOOLEAN, format="K;E")


@pytest.fixture(scope="module")
def engine(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Engine]:
    """An embedded engine."""
    with open_engine(workspace=tmp_path_factory.mktemp("engine")) as opened:
        yield opened


def table(*fields: Field, file: str, **writing: object) -> RegisterTable:
    """A table of one file."""
    return RegisterTable("persons", file, fields, Writing(**writing))  # type: ignore[arg-type]


def placed(*fields: tuple[Field, int, int], **writing: object) -> RegisterTable:
    """A table of lines of fixed width: each field with its start and width."""
    told = [replace(declared, start=start, width=width) for declared, start, width in fields]
    return table(*told, file="persons.txt", format="fixed_width", **writing)


JSON = table(ID, NAME, DAY, SUM, OK, file="persons.jsonl", format="json_lines", decimal_mark=",")
LINES = placed((ID, 1, 4), (NAME, 5, 6))
SHEET = table(ID, NAME, DAY, SUM, OK, file="persons.xlsx", format="xlsx", sheet="S", cells="B2:G", decimal_mark=",")
TABLE = table(ID, NAME, DAY, SUM, OK, file="persons.db", format="sqlite", relation="persons", decimal_mark=",")


def read(engine: Engine, declared: RegisterTable, data: bytes | str, folder: Path) -> TextRecords:
    """Deliver a file and read it as text."""
    (folder / declared.file).write_bytes(data if isinstance(data, bytes) else data.encode(declared.writing.encoding))
    return text_of(engine, declared, folder)


def values(engine: Engine, text: TextRecords) -> list[list[object]]:
    """The records in their order, each with its place."""
    rows = [list(row.values()) for row in engine.rows(text.table.order_by(RECORD))]
    assert text.records == len(rows) + sum(away.records for away in text.turned_away)
    return rows


def away(text: TextRecords) -> list[tuple[str, str | None, int, tuple[int, ...]]]:
    """What was turned away: reason, field, count and places."""
    return [(t.reason, getattr(t, "field", None), t.records, t.first_lines) for t in text.turned_away]


def refusal(engine: Engine, declared: RegisterTable, data: bytes | str, folder: Path) -> JalostamoError:
    """The one sentence by which a file is refused, without a value of it."""
    with pytest.raises((Unfit, Misused)) as refused:
        read(engine, declared, data, folder)
    assert SECRET[:4] not in str(refused.value)
    assert refused.value.__cause__ is None
    return refused.value


def test_json_values_are_taken_as_they_are_written(engine: Engine, tmp_path: Path) -> None:
    lines = [
        '{"id":12345678901234567890,"name":"  \\u00e4 \\ud83d\\ude00","day":"3.1.2026","sum":1.50,"ok":true,"more":{"a":[1]}}',
        '  {"ok":false , "sum":-0.1e-2, "n\\u0061me":null, "id":1E5 } ',
        "",
        '{"sum":"1,5","ok":"K","name":""}',
    ]
    text = read(engine, JSON, "\ufeff" + "\r\n".join(lines), tmp_path)
    assert values(engine, text) == [
        ["12345678901234567890", "  ä 😀", "3.1.2026", "1,50", "K", 1],
        ["1E5", None, None, "-0,1e-2", "E", 2],
        [None, None, None, "1,5", "K", 4],
    ]
    assert away(text) == []


@pytest.mark.parametrize(
    ("line", "reason", "name"),
    [
        ('{"name":7}', "number_in_text", "name"),
        ('{"name":true}', "number_in_text", "name"),
        ('{"name":{}}', "nested_value", "name"),
        ('{"id":[1]}', "nested_value", "id"),
        ('{"name":"a","name":"a"}', "key_twice", None),
        ('{"more":1,"m\\u006fre":1}', "key_twice", None),
        ('{"id":NaN}', "not_json", None),
        ('{"id":-Infinity}', "not_json", None),
        ('{"id":007}', "not_json", None),
        ('{"id":1,}', "not_json", None),
        ('{"id":1} {"id":2}', "not_json", None),
        ("{'id':1}", "not_json", None),
        ('[{"id":1}]', "not_json", None),
        ("7", "not_json", None),
        ("null", "not_json", None),
        (" ", "not_json", None),
        ('{"name":"a\tb"}', "not_json", None),
        ('{"name":"' + SECRET, "not_json", None),
        ('{"more":' + "[" * 100_000, "not_json", None),
        ('{"name":"\\ud800"}', "no_text", "name"),
        ('{"name":"a\\u0000"}', "no_text", "name"),
    ],
)
def test_a_json_line_that_is_not_sound_is_turned_away(
    line: str, reason: str, name: str | None, engine: Engine, tmp_path: Path
) -> None:
    sound = '{"id":1,"name":"a","day":null,"sum":0,"ok":null}'
    text = read(engine, JSON, f"{sound}\n{line}\n{sound}\n", tmp_path)
    assert [row[-1] for row in values(engine, text)] == [1, 3]
    assert away(text) == [(reason, name, 1, (2,))]


def test_a_key_that_no_line_has_is_refused(engine: Engine, tmp_path: Path) -> None:
    refused = refusal(engine, JSON, f'{{"id":1,"name":"{SECRET}"}}\n', tmp_path)
    assert (refused.reason, refused.sentence) == (
        "column_missing",
        "persons.jsonl: none of 1 lines has the key 'day', 'sum', 'ok'. Correct the file, or its description.",
    )


@pytest.mark.parametrize("declared", [JSON, LINES], ids=["json_lines", "fixed_width"])
def test_bytes_that_are_no_utf_8_are_refused_with_their_line(
    declared: RegisterTable, engine: Engine, tmp_path: Path
) -> None:
    refused = refusal(engine, declared, b"\n\n\xff\n", tmp_path)
    assert (refused.reason, "line 3" in refused.sentence) == ("encoding", True)


@pytest.mark.parametrize("declared", [JSON, LINES], ids=["json_lines", "fixed_width"])
@pytest.mark.parametrize("data", ["", "\ufeff", "\n\n"])
def test_a_file_without_lines_has_no_record(data: str, declared: RegisterTable, engine: Engine, tmp_path: Path) -> None:
    assert values(engine, read(engine, declared, data, tmp_path)) == []


@pytest.mark.parametrize("encoding", ["iso-8859-1", "utf-16"])
def test_json_lines_are_read_by_their_declared_encoding(encoding: str, engine: Engine, tmp_path: Path) -> None:
    line = '{"id":1,"name":"Ääni","day":null,"sum":0,"ok":null}'
    declared = replace(JSON, writing=replace(JSON.writing, encoding=encoding))
    assert values(engine, read(engine, declared, f"{line}\r\n{line}\n", tmp_path))[1][:2] == ["1", "Ääni"]


def test_a_line_without_end_is_refused(engine: Engine, tmp_path: Path) -> None:
    assert refusal(engine, LINES, b"\n" + b"a" * 2**23, tmp_path).sentence.startswith("persons.txt, line 2 is longer")


@pytest.mark.parametrize("encoding", ["utf-8", "iso-8859-1", "utf-16"])
@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_widths_are_characters(encoding: str, end: str, engine: Engine, tmp_path: Path) -> None:
    declared = placed((ID, 1, 4), (NAME, 5, 6), encoding=encoding)
    text = read(engine, declared, end.join(["   1 Äö   ", "2   äääääö", "          ", ""]), tmp_path)
    assert values(engine, text) == [["1", " Äö", 1], ["2", "äääääö", 2], [None, None, 3]]


def test_a_line_that_is_not_as_declared_is_turned_away(engine: Engine, tmp_path: Path) -> None:
    lines = ["   1abc   ", "   1abc", "   1abc    ", "   1a\tc   ", "   1a\0c   ", "", "   2abc   "]
    text = read(engine, LINES, "\n".join(lines), tmp_path)
    assert values(engine, text) == [["1", "abc", 1], ["2", "abc", 7]]
    assert away(text) == [
        ("control_character", None, 2, (4, 5)),
        ("line_too_long", None, 1, (3,)),
        ("line_too_short", None, 1, (2,)),
    ]


def test_lines_asked_in_part_are_as_long_as_the_whole_of_them(engine: Engine, tmp_path: Path) -> None:
    asked = replace(LINES, fields=LINES.fields[:1])
    assert values(engine, read(engine, asked, "   1abc   \n", tmp_path)) == [["1", 1]]


def written_rows(sheet: object, rows: list[list[object]]) -> None:
    """Write rows below a title, from column B."""
    for number, row in enumerate(rows, start=2):
        for column, value in enumerate(row, start=2):
            if value is not None:
                sheet.cell(number, column, value)  # type: ignore[attr-defined]


HEADER: list[object] = ["id", "name", "more", "day", "sum", "ok"]


def workbook(rows: list[list[object]], change: Callable[[object], None] = lambda _book: None) -> bytes:
    """A workbook of these rows, their header above."""
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.title = "S"
    sheet["A1"] = "A title, and no part of the table"
    written_rows(sheet, [HEADER, *rows])
    change(book)
    saved = io.BytesIO()
    book.save(saved)
    return saved.getvalue()


SOUND: list[object] = [1, "a", None, datetime.date(2026, 1, 3), 1.5, True]


def test_cells_become_the_texts_that_their_fields_declare(engine: Engine, tmp_path: Path) -> None:
    rows: list[list[object]] = [
        [1, "  x ", "=1+1", datetime.date(2026, 1, 3), 40.2, True],
        [123456789012345.0, "007", None, "3.1.2026", 1e-7, False],
        [2.5, "Ä", None, datetime.datetime(2026, 1, 3, 10, 30), "1,5", "K"],  # noqa: DTZ001  # a cell has no zone
        [None, None, None, 46025, 10000000, 1],
    ]
    assert values(engine, read(engine, SHEET, workbook(rows), tmp_path)) == [
        ["1", "  x ", "03.01.2026", "40,2", "K", 3],
        ["123456789012345", "007", "3.1.2026", "0,0000001", "E", 4],
        ["2.5", "Ä", "2026-01-03 10:30:00", "1,5", "K", 5],
        [None, None, "46025", "10000000", "1", 6],
    ]


@pytest.mark.parametrize(("form", "written"), [("%-d.%-m.%Y", "3.1.2026"), ("%d.%m.%y", "03.01.26")])
def test_a_day_is_written_as_its_field_declares(form: str, written: str, engine: Engine, tmp_path: Path) -> None:
    declared = replace(SHEET, fields=tuple(replace(f, format=form) if f == DAY else f for f in SHEET.fields))
    assert values(engine, read(engine, declared, workbook([SOUND]), tmp_path))[0][2] == written


def test_a_workbook_that_takes_more_memory_than_there_is_is_not_called_damaged(engine: Engine, tmp_path: Path) -> None:
    def without_memory(_names: object) -> None:
        raise MemoryError

    path = tmp_path / SHEET.file
    path.write_bytes(workbook([SOUND]))
    with pytest.raises(MemoryError):
        read_workbook(engine, path, SHEET, check_header=without_memory)


def test_more_than_the_engine_may_hold_is_told_as_such(tmp_path: Path) -> None:
    lines = f'{{"id":1,"name":"{"x" * 2**20}","day":null,"sum":0,"ok":null}}\n' * 64
    with open_engine(workspace=tmp_path, memory="20MB") as small:
        small.backend.raw_sql("SET max_temp_directory_size = '1MB'")
        assert refusal(small, JSON, lines, tmp_path).reason == "reading_limit"


@pytest.mark.parametrize("base", ["1900", "1904"])
def test_days_are_the_same_by_both_ways_of_counting_them(base: str, engine: Engine, tmp_path: Path) -> None:
    def counted(book: object) -> None:
        from openpyxl.utils.datetime import CALENDAR_MAC_1904, CALENDAR_WINDOWS_1900  # type: ignore[import-untyped]

        book.epoch = CALENDAR_MAC_1904 if base == "1904" else CALENDAR_WINDOWS_1900  # type: ignore[attr-defined]

    text = read(engine, SHEET, workbook([SOUND], counted), tmp_path)
    assert values(engine, text)[0][2] == "03.01.2026"


@pytest.mark.parametrize(
    ("column", "value", "reason"),
    [
        ("name", 7, "number_in_text"),
        ("name", datetime.date(2026, 1, 3), "number_in_text"),
        ("name", True, "number_in_text"),
        ("name", "=A1", "formula"),
        ("name", "#REF!", "error_cell"),
        ("name", "a_x000D_b", "no_text"),
        ("id", 1234567890123456, "number_rounded"),
        ("sum", 1e300, "number_rounded"),
    ],
)
def test_a_cell_that_may_have_lost_something_turns_its_row_away(
    column: str, value: object, reason: str, engine: Engine, tmp_path: Path
) -> None:
    row = list(SOUND)
    row[HEADER.index(column)] = value
    text = read(engine, SHEET, workbook([SOUND, row]), tmp_path)
    assert [found[-1] for found in values(engine, text)] == [3]
    assert away(text) == [(reason, column, 1, (4,))]


def test_an_empty_row_is_turned_away_and_those_at_the_end_are_none(engine: Engine, tmp_path: Path) -> None:
    def hide(book: object) -> None:
        sheet = book["S"]  # type: ignore[index]
        sheet.row_dimensions[5].hidden = True
        sheet["B9"].number_format = "0.00"
        sheet["A9"] = "outside"

    text = read(engine, SHEET, workbook([SOUND, [None], SOUND], hide), tmp_path)
    assert [row[-1] for row in values(engine, text)] == [3, 5]
    assert away(text) == [("empty_row", None, 1, (4,))]
    limited = replace(SHEET, writing=replace(SHEET.writing, cells="B2:G3"))
    assert [row[-1] for row in values(engine, text_of(engine, limited, tmp_path))] == [3]


def merged(book: object) -> None:
    """Merge two cells of the table."""
    book["S"].merge_cells("B3:B4")  # type: ignore[index]


def renamed(book: object) -> None:
    """Call the sheet otherwise."""
    book["S"].title = SECRET  # type: ignore[index]


def unnamed(book: object) -> None:
    """Put a number into the header."""
    book["S"]["B2"] = 5  # type: ignore[index]


@pytest.mark.parametrize(
    ("change", "reason"), [(merged, "merged_cells"), (renamed, "sheet_missing"), (unnamed, "header_form")]
)
def test_a_sheet_that_is_no_table_is_refused(
    change: Callable[[object], None], reason: str, engine: Engine, tmp_path: Path
) -> None:
    assert refusal(engine, SHEET, workbook([SOUND, SOUND], change), tmp_path).reason == reason


def repacked(data: bytes, change: Callable[[str, bytes], bytes], more: dict[str, bytes] | None = None) -> bytes:
    """A workbook with its parts changed."""
    saved = io.BytesIO()
    with ZipFile(io.BytesIO(data)) as old, ZipFile(saved, "w", ZIP_DEFLATED) as new:
        for name in old.namelist():
            new.writestr(name, change(name, old.read(name)))
        for name, content in (more or {}).items():
            new.writestr(name, content)
    return saved.getvalue()


def in_sheet(old: bytes, new: bytes) -> Callable[[str, bytes], bytes]:
    """A change of the sheet's own part."""

    def change(name: str, content: bytes) -> bytes:
        if name != "xl/worksheets/sheet1.xml":
            return content
        assert old in content
        return content.replace(old, new)

    return change


def same(_name: str, content: bytes) -> bytes:
    """No change."""
    return content


BOMB = b'<!DOCTYPE a [<!ENTITY b "cc"><!ENTITY d "&b;&b;">]>'
BOOK = workbook([SOUND, SOUND])
BAD_BOOKS = {
    "nothing": b"",
    "text": b"id,name\n",
    "half": BOOK[: len(BOOK) // 2],
    "old kind": b"\xd0\xcf\x11\xe0" + BOOK,
    "macros": repacked(BOOK, same, {"xl/vbaProject.bin": b"x"}),
    "outside": repacked(BOOK, same, {"../x.xml": b"<a/>"}),
    "packed too well": repacked(BOOK, same, {"xl/more.bin": bytes(2**25)}),
    "entities": repacked(BOOK, in_sheet(b"<worksheet", BOMB + b"<worksheet")),
    "entities in 16 bits": repacked(
        BOOK, same, {"xl/more.xml": BOMB.decode().encode("utf-16") + "<a/>".encode("utf-16-le")}
    ),
    "no xml": repacked(BOOK, in_sheet(b"</worksheet>", b"")),
    "rows out of order": repacked(BOOK, in_sheet(b'<row r="4"', b'<row r="2"')),
    "a row far below": repacked(BOOK, in_sheet(b'<row r="4"', b'<row r="4000000000"')),
    "cells of another row": repacked(BOOK, in_sheet(b'r="B4"', b'r="B3"')),
    "cells out of order": repacked(BOOK, in_sheet(b'r="C4"', b'r="A4"')),
    "no such text": repacked(BOOK, in_sheet(b't="inlineStr"><is><t>a</t></is>', b't="s"><v>99</v>')),
    "no worksheet": repacked(BOOK, in_sheet(b"http://schemas.openxmlformats.org", b"http://purl.oclc.org")),
}


@pytest.mark.parametrize("data", BAD_BOOKS.values(), ids=BAD_BOOKS)
def test_a_workbook_that_is_not_what_it_says_is_refused(data: bytes, engine: Engine, tmp_path: Path) -> None:
    assert refusal(engine, SHEET, data, tmp_path).reason == "workbook_form"


def database(path: Path, script: str) -> None:
    """Write a database file."""
    with closing(sqlite3.connect(path)) as opened:
        opened.executescript(script)


PERSONS = "CREATE TABLE persons (id INTEGER, name, day, sum, ok, NO BLOB);"


def test_what_a_column_really_holds_is_read(engine: Engine, tmp_path: Path) -> None:
    rows = (
        "(1, '  x ', '3.1.2026', 1.5, 1), ('seven', '007', NULL, 1e-7, 0), (9e18, '', 5, '1,5', 'K'), "
        "(4, x'00ff', NULL, 1, 1), (5, 'a' || char(0), NULL, 1, 1), (2, 'b', NULL, NULL, 2)"
    )
    database(tmp_path / TABLE.file, f"{PERSONS} INSERT INTO persons (id, name, day, sum, ok) VALUES {rows};")
    text = text_of(engine, TABLE, tmp_path)
    assert values(engine, text) == [
        ["1", "  x ", "3.1.2026", "1,5", "K", 1],
        ["seven", "007", None, "0,0000001", "E", 2],
        ["9000000000000000000", None, "5", "1,5", "K", 3],
        ["2", "b", None, None, "2", 6],
    ]
    assert away(text) == [("bytes", "name", 1, (4,)), ("no_text", "name", 1, (5,))]


@pytest.mark.parametrize("mode", ["WAL", "DELETE"])
@pytest.mark.parametrize("is_open", [True, False])
def test_what_was_committed_is_read_and_nothing_is_written(
    mode: str, *, is_open: bool, engine: Engine, tmp_path: Path
) -> None:
    path = tmp_path / TABLE.file
    writer = sqlite3.connect(path)
    writer.executescript(f"PRAGMA journal_mode = {mode}; {PERSONS} INSERT INTO persons (id) VALUES (1);")
    if not is_open:
        writer.close()
    before = path.read_bytes(), sorted(p.name for p in tmp_path.iterdir())
    try:
        assert [row[0] for row in values(engine, text_of(engine, TABLE, tmp_path))] == ["1"]
        assert (path.read_bytes(), sorted(p.name for p in tmp_path.iterdir())) == before
    finally:
        writer.close()


def test_a_view_is_read_in_the_order_of_its_key(engine: Engine, tmp_path: Path) -> None:
    database(
        tmp_path / TABLE.file,
        f"{PERSONS} INSERT INTO persons (id) VALUES (2), (1); CREATE VIEW v AS SELECT * FROM persons;",
    )
    declared = replace(TABLE, writing=replace(TABLE.writing, relation="v"), key=("id",))
    assert [row[0] for row in values(engine, text_of(engine, declared, tmp_path))] == ["1", "2"]


BAD_DATABASES = {
    "no table": ("CREATE TABLE a (b);", "relation_missing"),
    "no column": ("CREATE TABLE persons (id, name);", "column_missing"),
    "made up": ("CREATE VIRTUAL TABLE persons USING fts5(id, name, day, sum, ok);", "relation_kind"),
    "too long": (f"{PERSONS} INSERT INTO persons (name) VALUES (hex(zeroblob(3000000)));", "record_too_long"),
    "no text": (
        f"{PERSONS} INSERT INTO persons (name) VALUES (CAST(x'ff{SECRET.encode().hex()}' AS TEXT));",
        "encoding",
    ),
}


@pytest.mark.parametrize(("script", "reason"), BAD_DATABASES.values(), ids=BAD_DATABASES)
def test_a_database_that_is_not_as_described_is_refused(
    script: str, reason: str, engine: Engine, tmp_path: Path
) -> None:
    database(tmp_path / "other.db", script)
    assert refusal(engine, TABLE, (tmp_path / "other.db").read_bytes(), tmp_path).reason == reason


def test_a_file_that_is_no_database_or_damaged_is_refused(engine: Engine, tmp_path: Path) -> None:
    database(tmp_path / "other.db", f"{PERSONS} INSERT INTO persons (name) VALUES ('{SECRET * 5000}');")
    whole = (tmp_path / "other.db").read_bytes()
    for data in (b"", b"id,name\n", whole[:4096] + b"\x07" * (len(whole) - 4096)):
        assert refusal(engine, TABLE, data, tmp_path).reason == "database_form"


@given(
    st.lists(
        st.tuples(st.integers(-999, 9999), st.text(st.characters(codec="utf-8", exclude_categories=["Cc"]), max_size=6))
    )
)
def test_what_is_written_at_its_width_is_read_there(
    engine: Engine, tmp_path_factory: pytest.TempPathFactory, rows: list[tuple[int, str]]
) -> None:
    lines = "".join(f"{number:>4}{text:<6}\n" for number, text in rows)
    found = values(engine, read(engine, LINES, lines, tmp_path_factory.mktemp("lines")))
    assert [row[:2] for row in found] == [[str(number), text.rstrip(" ") or None] for number, text in rows]
