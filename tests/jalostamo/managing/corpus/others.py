"""Lines of fixed width, JSON lines and database files that are not as they are described."""

from __future__ import annotations

import sqlite3
import tempfile
from contextlib import closing
from dataclasses import replace
from pathlib import Path

from tests.jalostamo.managing.corpus.cases import Case, Told, read, refused
from tests.jalostamo.managing.delivered import SECRET, field

from jalostamo.concepts.registers import FieldType, RegisterTable
from jalostamo.concepts.writings import Writing

_FIELDS = (field("id", FieldType.INTEGER, required=True), field("name"))
_PLACED = (replace(_FIELDS[0], start=1, width=4), replace(_FIELDS[1], start=5, width=8))
_LINES = RegisterTable("persons", "persons.txt", _PLACED, Writing("fixed_width"))
_LATIN = replace(_LINES, writing=replace(_LINES.writing, encoding="iso-8859-1"))
_OBJECTS = RegisterTable("persons", "persons.jsonl", _FIELDS, Writing("json_lines"))
_BASE = RegisterTable("persons", "persons.db", _FIELDS, Writing("sqlite", relation="persons"))
_SOUND = f"   1{SECRET}\n"
_OBJECT = f'{{"id":1,"name":"{SECRET}"}}\n'


def _line(line: str, reason: str | None, name: str | None = None) -> Case:
    """A line between two sound ones, which must not suffer from it."""
    rejected = ((reason, name, 1, (2,)),) if reason else ()
    return read(f"{_SOUND}{line}\n{_SOUND}", 2 if reason else 3, *rejected, declared=_LINES)


def _object(line: str, reason: str | None, name: str | None = None) -> Case:
    rejected = ((reason, name, 1, (2,)),) if reason else ()
    return read(f"{_OBJECT}{line}\n{_OBJECT}", 2 if reason else 3, *rejected, declared=_OBJECTS)


FIXED: dict[str, Case] = {
    "nothing": read("", 0, declared=_LINES),
    "a mark of UTF-8 alone": read("\ufeff", 0, declared=_LINES),
    "a mark of UTF-8 on a line of its own": read(f"\ufeff\n{_SOUND}", 1, declared=_LINES),
    "a short line": _line("   2a", "line_too_short"),
    "a long line": _line(f"   2{SECRET} ", "line_too_long"),
    "a tab": _line("   2a\tb     ", "control_character"),
    "a NUL": _line("   2a\0b     ", "control_character"),
    "an escape": _line("   2a\x1bb     ", "control_character"),
    "a required number that is blank": _line("    a       ", "missing", "id"),
    "a number with blanks within": _line("1  2a       ", "not_integer", "id"),
    "a number with a hard space": _line("\u00a0  2a       ", "not_integer", "id"),
    "a number to the left": _line("2   a       ", None),
    "all blank": _line(" " * 12, "missing", "id"),
    "an empty line": read(f"{_SOUND}\n{_SOUND}", 2, declared=_LINES),
    "no last line end": read(_SOUND * 2 + _SOUND[:-1], 3, declared=_LINES),
    "both marks at each end": read(_SOUND.replace("\n", "\r\n") * 2, 2, declared=_LINES),
    "letters beyond ASCII": _line("   2äöå😀    ", None),
    "a letter of two marks": _line("   2a\u0308      ", None),
    "Latin-1 as declared": read("   2äöå     \n", 1, declared=_LATIN),
    "UTF-8 for Latin-1": read("   2äöå     \n".encode(), 0, ("line_too_long", None, 1, (1,)), declared=_LATIN),
    "Latin-1 for UTF-8": refused("   2äöå     \n".encode("iso-8859-1"), "encoding", _LINES),
    "UTF-16 for UTF-8": refused(_SOUND.encode("utf-16"), "encoding", _LINES),
    "an overlong NUL": refused(b"   2a\xc0\x80     \n", "encoding", _LINES),
    "a line without end": refused(b"Salainen" * 2**20, "record_too_long", _LINES),
    "more records than declared": refused(_SOUND.encode() * 2, "too_many_records", replace(_LINES, records_at_most=1)),
}
JSON: dict[str, Case] = {
    "nothing": read("", 0, declared=_OBJECTS),
    "no JSON": _object("Salainen", "not_json"),
    "an array": _object('[{"id":2}]', "not_json"),
    "two objects": _object('{"id":2,"name":"a"}{"id":3}', "not_json"),
    "a comment": _object('{"id":2} // a', "not_json"),
    "a comma too many": _object('{"id":2,}', "not_json"),
    "single quotes": _object("{'id':2}", "not_json"),
    "a cut object": _object('{"id":2,"name":"Sala', "not_json"),
    "NaN": _object('{"id":NaN}', "not_json"),
    "zeros in front": _object('{"id":002}', "not_json"),
    "a control character": _object('{"id":2,"name":"a\x01"}', "not_json"),
    "a depth of 100,000": _object('{"id":2,"more":' + "[" * 100_000, "not_json"),
    "a key twice": _object('{"id":2,"id":3}', "key_twice"),
    "a key twice, once escaped": _object('{"id":2,"\\u0069d":3}', "key_twice"),
    "an object within": _object('{"id":2,"name":{"a":"Salainen"}}', "nested_value", "name"),
    "an array within": _object('{"id":[2]}', "nested_value", "id"),
    "a number for a text": _object('{"id":2,"name":7}', "number_in_text", "name"),
    "a truth for a text": _object('{"id":2,"name":true}', "number_in_text", "name"),
    "a truth for a number": _object('{"id":true}', "not_integer", "id"),
    "1E5": _object('{"id":1E5}', "not_integer", "id"),
    "a decimal": _object('{"id":2.0}', "not_integer", "id"),
    "20 digits": _object('{"id":12345678901234567890}', "not_integer", "id"),
    "a required key that is missing": _object('{"name":"a"}', "missing", "id"),
    "a required key that is null": _object('{"id":null}', "missing", "id"),
    "a key in capitals": _object('{"ID":2}', "missing", "id"),
    "half of a character": _object('{"id":2,"name":"\\ud800"}', "no_text", "name"),
    "a NUL": _object('{"id":2,"name":"\\u0000"}', "no_text", "name"),
    "no key at all": refused(b'{"a":"Salainen"}\n', "column_missing", _OBJECTS),
    "all in one array": refused(b'[\n{"id":1},\n{"id":2}\n]\n', "column_missing", _OBJECTS),
    "Latin-1": refused('{"id":1,"name":"ä"}\n'.encode("iso-8859-1"), "encoding", _OBJECTS),
}


def _database(script: str, rows: str = "") -> bytes:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "a.db"
        with closing(sqlite3.connect(path)) as opened:
            opened.executescript(script + (f"INSERT INTO persons VALUES {rows};" if rows else ""))
        return path.read_bytes()


_TABLE = "CREATE TABLE persons (id, name);"
_WHOLE = _database(_TABLE, ", ".join(f"({n}, '{SECRET * 20}')" for n in range(500)))


def _rows(rows: str, loaded: int, *rejected: Told) -> Case:
    return read(_database(_TABLE, rows), loaded, *rejected, declared=_BASE)


DATABASES: dict[str, Case] = {
    "nothing": refused(b"", "database_form", _BASE),
    "delimited text": refused(b"id,name\n1,Salainen\n", "database_form", _BASE),
    "its mark alone": refused(b"SQLite format 3\0", "database_form", _BASE),
    "its head alone": refused(_WHOLE[:100], "database_form", _BASE),
    "a page of noise": refused(_WHOLE[:4096] + b"\x07" * (len(_WHOLE) - 4096), "database_form", _BASE),
    "no table": refused(_database("CREATE TABLE a (b);"), "relation_missing", _BASE),
    "no column": refused(_database("CREATE TABLE persons (id);"), "column_missing", _BASE),
    "a program's table": refused(
        _database("CREATE VIRTUAL TABLE persons USING fts5(id, name);"), "relation_kind", _BASE
    ),
    "a view of nothing": refused(_database("CREATE VIEW persons AS SELECT * FROM lacking;"), "database_form", _BASE),
    "a sound record": _rows("(1, 'a')", 1),
    "texts for numbers": _rows(f"('{SECRET}', 'a'), ('7', 'b')", 1, ("not_integer", "id", 1, (1,))),
    "decimals for numbers": _rows("(1.5, 'a'), (2.0, 'b')", 0, ("not_integer", "id", 2, (1, 2))),
    "bytes": _rows("(1, x'53616c61'), (2, 'b')", 1, ("bytes", "name", 1, (1,))),
    "a NUL": _rows("(1, 'a' || char(0) || 'b'), (2, 'b')", 1, ("no_text", "name", 1, (1,))),
    "no UTF-8": refused(_database(_TABLE, "(1, CAST(x'ff53' AS TEXT))"), "encoding", _BASE),
    "nothing where something is required": _rows("(NULL, 'a'), ('', 'b'), (3, 'c')", 1, ("missing", "id", 2, (1, 2))),
    "a number in a column of no type": _rows("(1, 7), (2, 'b')", 2),
    "more records than declared": refused(_WHOLE, "too_many_records", replace(_BASE, records_at_most=499)),
} | {
    f"cut after {share} hundredths": refused(_WHOLE[: len(_WHOLE) * share // 100], "database_form", _BASE)
    for share in (30, 60, 95)
}
