"""Workbooks that are damaged, dangerous, or tell less than they seem to; each made from its bare parts."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from pathlib import Path

from tests.jalostamo.managing.corpus.cases import Case, Told, Verdict, late, refused
from tests.jalostamo.managing.delivered import SECRET, field

from jalostamo.concepts.registers import FieldType, RegisterTable
from jalostamo.concepts.writings import Writing

_DECLARED = RegisterTable(
    "persons",
    "persons.xlsx",
    (field("id", FieldType.INTEGER), field("name"), field("day", FieldType.DATE), field("ok", FieldType.BOOLEAN)),
    Writing("xlsx", sheet="S", cells="A1:D"),
)
_MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006"
_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml"
_HEAD = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'


def text(value: str) -> str:
    """A cell that holds its own text."""
    return f'<c t="inlineStr"><is><t xml:space="preserve">{value}</t></is></c>'


def number(value: str, style: int = 0) -> str:
    """A cell with a number; style 1 shows it as a day, style 2 as a code with zeros in front."""
    return f'<c s="{style}"><v>{value}</v></c>'


def row(*cells: str, more: str = "") -> str:
    """A row of cells."""
    return f"<row{more}>{''.join(cells)}</row>"


HEADER = row(*map(text, ("id", "name", "day", "ok")))
SOUND = row(number("1"), text(SECRET), number("45000", 1), '<c t="b"><v>1</v></c>')


def parts(rows: Iterable[str], *, below: str = "", of_book: str = "", shared: Iterable[str] = ()) -> dict[str, str]:
    """The parts of a workbook with one sheet of these rows."""
    texts = "".join(f"<si><t>{value}</t></si>" for value in shared)
    return {
        "[Content_Types].xml": f'{_HEAD}<Types xmlns="{_PACKAGE}/content-types"><Default Extension="rels" '
        f'ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Default Extension="xml" '
        f'ContentType="application/xml"/><Override PartName="/xl/workbook.xml" ContentType="{_TYPE}.sheet.main+xml"/>'
        f'<Override PartName="/xl/worksheets/sheet1.xml" ContentType="{_TYPE}.worksheet+xml"/>'
        f'<Override PartName="/xl/styles.xml" ContentType="{_TYPE}.styles+xml"/>'
        f'<Override PartName="/xl/sharedStrings.xml" ContentType="{_TYPE}.sharedStrings+xml"/></Types>',
        "_rels/.rels": f'{_HEAD}<Relationships xmlns="{_PACKAGE}/relationships">'
        f'<Relationship Id="r1" Type="{_OFFICE}/officeDocument" Target="xl/workbook.xml"/></Relationships>',
        "xl/workbook.xml": f'{_HEAD}<workbook xmlns="{_MAIN}" xmlns:r="{_OFFICE}">{of_book}'
        f'<sheets><sheet name="S" sheetId="1" r:id="r1"/></sheets></workbook>',
        "xl/_rels/workbook.xml.rels": f'{_HEAD}<Relationships xmlns="{_PACKAGE}/relationships">'
        f'<Relationship Id="r1" Type="{_OFFICE}/worksheet" Target="worksheets/sheet1.xml"/>'
        f'<Relationship Id="r2" Type="{_OFFICE}/styles" Target="styles.xml"/>'
        f'<Relationship Id="r3" Type="{_OFFICE}/sharedStrings" Target="sharedStrings.xml"/></Relationships>',
        "xl/styles.xml": f'{_HEAD}<styleSheet xmlns="{_MAIN}"><numFmts count="1"><numFmt numFmtId="164" '
        f'formatCode="00000"/></numFmts><fonts count="1"><font/></fonts><fills count="1"><fill><patternFill/></fill></fills>'
        f'<borders count="1"><border/></borders><cellStyleXfs count="1"><xf/></cellStyleXfs><cellXfs count="3">'
        f'<xf numFmtId="0"/><xf numFmtId="14"/><xf numFmtId="164"/></cellXfs></styleSheet>',
        "xl/sharedStrings.xml": f'{_HEAD}<sst xmlns="{_MAIN}">{texts}</sst>',
        "xl/worksheets/sheet1.xml": f'{_HEAD}<worksheet xmlns="{_MAIN}"><sheetData>{"".join(rows)}</sheetData>{below}</worksheet>',
    }


def packed(contents: Mapping[str, str | bytes]) -> bytes:
    """Parts as one file."""
    saved = io.BytesIO()
    with zipfile.ZipFile(saved, "w", zipfile.ZIP_DEFLATED) as package:
        for name, content in contents.items():
            package.writestr(zipfile.ZipInfo(name), content, zipfile.ZIP_DEFLATED)
    return saved.getvalue()


def sheet(*rows: str, header: str = HEADER, **more: str) -> bytes:
    """A workbook of a header and rows."""
    return packed(parts([header, *rows], **more))  # type: ignore[arg-type]  # texts alone are given by name


def _rows(loaded: int, *rejected: Told, rows: tuple[str, ...], **more: str) -> Case:
    return Case(sheet(*rows, **more), Verdict(loaded, rejected), _DECLARED)


def _cell(column: str, cell: str, reason: str | None) -> Case:
    """A row with one cell in question between two sound rows, which must not suffer from it."""
    cells = {"id": number("2"), "name": text("a"), "day": number("45000", 1), "ok": '<c t="b"><v>0</v></c>'}
    rejected = [(reason, column, 1, (3,))] if reason else []
    asked = row(*(cells | {column: cell}).values())
    return _rows(2 if reason else 3, *rejected, rows=(SOUND, asked, SOUND))


def _placed(cells: str, data: bytes, loaded: int, *rejected: Told) -> Case:
    return Case(data, Verdict(loaded, rejected), replace(_DECLARED, writing=replace(_DECLARED.writing, cells=cells)))


def _unfit(data: bytes | Callable[[Path], None], reason: str = "workbook_form", **writing: str) -> Case:
    return refused(data, reason, replace(_DECLARED, writing=replace(_DECLARED.writing, **writing)))  # type: ignore[arg-type]


def _with(**changed: str | bytes) -> bytes:
    """A sound workbook with parts added or put in the place of others: "xl__a_xml" is xl/a.xml."""
    return packed(parts([HEADER, SOUND]) | {k.replace("__", "/").replace("_", "."): v for k, v in changed.items()})


def _changed(part: str, old: str, new: str) -> bytes:
    contents = parts([HEADER, SOUND])
    assert old in contents[part]
    return packed(contents | {part: contents[part].replace(old, new)})


def _twice(name: str) -> bytes:
    """A workbook with a part twice: which of them counts is for each reader to choose."""
    other = "x" * len(name)
    return packed(parts([HEADER, SOUND]) | {other: "<a/>"}).replace(other.encode(), name.encode())


def _flagged(offset: int, value: bytes) -> bytes:
    """A workbook of which the list of contents says something else of the first part."""
    at = SOUND_BOOK.index(b"PK\x01\x02") + offset
    return SOUND_BOOK[:at] + value + SOUND_BOOK[at + len(value) :]


SOUND_BOOK = sheet(SOUND)
_DOCTYPE = '<!DOCTYPE a [<!ENTITY b "Salainen">]>'
_LOL = "<!DOCTYPE a [" + "".join(f'<!ENTITY e{n} "{f"&e{n - 1};" * 10}">' for n in range(1, 9)) + '<!ENTITY e0 "ha">]>'
_SHEET = "xl/worksheets/sheet1.xml"
_BOOK = "xl/workbook.xml"
_OUTSIDE = (
    f'<Relationship Id="r9" Type="{_OFFICE}/externalLink" Target="http://127.0.0.1:9/a.xlsx" TargetMode="External"/>'
)

PACKAGES: dict[str, Case] = {
    "nothing": _unfit(b""),
    "delimited text": _unfit(b"id,name,day,ok\n1,Salainen,,\n"),
    "a page of the web": _unfit(b"<html><table><tr><td>Salainen</td></tr></table></html>"),
    "the kind before 2007": _unfit(bytes.fromhex("d0cf11e0a1b11ae1") + bytes(600)),
    "a ZIP of something else": _unfit(packed({"persons.csv": "id,name\n1,Salainen\n"})),
    "a ZIP of nothing": _unfit(packed({})),
    "without its list of types": _unfit(packed({k: v for k, v in parts([HEADER]).items() if not k.startswith("[")})),
    "without its sheet": _unfit(packed({k: v for k, v in parts([HEADER]).items() if k != _SHEET}), "sheet_missing"),
    "a program (macros)": _unfit(_with(xl__vbaProject_bin=b"Salainen")),
    "a program under another name in capitals": _unfit(_with(xl__VBAPROJECT_BIN=b"Salainen")),
    "entities in the sheet": _unfit(_changed(_SHEET, "<worksheet", f"{_DOCTYPE}<worksheet")),
    "entities in the book": _unfit(_changed(_BOOK, "<workbook", f"{_DOCTYPE}<workbook")),
    "entities that grow": _unfit(_changed(_SHEET, "<worksheet", f"{_LOL}<worksheet")),
    "an entity from a file": _unfit(_with(xl__a_xml='<!DOCTYPE a [<!ENTITY b SYSTEM "file:///etc/passwd">]><a>&b;</a>')),
    "an entity from elsewhere": _unfit(_with(xl__a_xml='<!DOCTYPE a SYSTEM "http://127.0.0.1:9/a.dtd"><a/>')),
    "an undefined entity": _unfit(_changed(_SHEET, SECRET, "&b;")),
    "a part twice": _unfit(_twice(_SHEET)),
    "a part twice, capitals aside": _unfit(_twice(_SHEET.upper())),
    "a part above": _unfit(packed(parts([HEADER]) | {"../a.xml": "<a/>"})),
    "a part from the root": _unfit(packed(parts([HEADER]) | {"/etc/passwd": "a"})),
    "a part with backslashes": _unfit(packed(parts([HEADER]) | {"xl\\a.xml": "<a/>"})),
    "3,000 parts": _unfit(late(lambda: packed(parts([HEADER]) | {f"xl/{n}.txt": "" for n in range(3_000)}))),
    "a ZIP bomb": _unfit(late(lambda: packed(parts([HEADER]) | {"xl/a.bin": bytes(50_000_000)}))),
    "a ZIP bomb as the sheet": _unfit(sheet(SOUND, row(text(" " * 50_000_000)))),
    "a part said to be encrypted": _unfit(_flagged(8, b"\x01")),
    "a part of a lesser size than it has": _unfit(_flagged(24, b"\x05\0\0\0")),
    "a part with another sum": _unfit(_flagged(16, b"\0\0\0\0")),
    "a part packed in an unknown way": _unfit(_flagged(10, b"\x63")),
    "overlapping parts": _unfit(_flagged(42, (400).to_bytes(4, "little"))),
    "saved as Strict Open XML": _unfit(_changed(_SHEET, _MAIN, "http://purl.oclc.org/ooxml/spreadsheetml/main")),
    "a sheet that is no XML": _unfit(_changed(_SHEET, "</worksheet>", "")),
    "noise for styles": _unfit(_with(xl__styles_xml=b"\xff\xfe\0")),
    "a NUL in the sheet": _unfit(_changed(_SHEET, SECRET, "Sala\0inen")),
    "a NUL as a reference": _unfit(_changed(_SHEET, SECRET, "Sala&#0;inen")),
    "a control character in the sheet": _unfit(_changed(_SHEET, SECRET, "Sala\x1binen")),
    "a half of a character as a reference": _unfit(_changed(_SHEET, SECRET, "&#xD800;")),
    "links to other books": Case(
        packed(parts([HEADER, SOUND]) | {"xl/_rels/sheet1.xml.rels": f'<Relationships xmlns="{_PACKAGE}/relationships">{_OUTSIDE}</Relationships>'}),  # noqa: E501  # one case a line
        Verdict(1), _DECLARED,
    ),
} | {
    f"cut after {share} hundredths": _unfit(SOUND_BOOK[: len(SOUND_BOOK) * share // 100]) for share in (1, 10, 50, 90, 99)
}  # fmt: skip

SHEETS: dict[str, Case] = {
    "a sound row": _rows(1, rows=(SOUND,)),
    "a header alone": _rows(0, rows=()),
    "no header": _unfit(packed(parts([row(*[number("")] * 4), SOUND])), "file_empty"),
    "nothing in it": _unfit(packed(parts([])), "file_empty"),
    "another sheet": _unfit(SOUND_BOOK, "sheet_missing", sheet="s"),
    "a header of numbers": _unfit(sheet(SOUND, header=row(*map(number, "1234"))), "header_form"),
    "a header of formulas": _unfit(sheet(SOUND, header=row(*["<c><f>A2</f></c>"] * 4)), "header_form"),
    "a doubled header": _unfit(sheet(SOUND, header=row(*map(text, ("id", "name", "name", "ok")))), "column_doubled"),
    "a blank header": _unfit(sheet(SOUND, header=row(text("id"), text("name"), text(""), text("ok"))), "column_missing"),
    "a header with a space": _unfit(sheet(SOUND, header=row(*map(text, ("id", "name ", "day", "ok")))), "column_missing"),
    "merged cells": _unfit(sheet(SOUND, SOUND, below='<mergeCells><mergeCell ref="B2:B3"/></mergeCells>'), "merged_cells"),
    "merged cells beside": _rows(2, rows=(SOUND, SOUND), below='<mergeCells><mergeCell ref="F2:F3"/></mergeCells>'),
    "merged by nonsense": _unfit(sheet(SOUND, below='<mergeCells><mergeCell ref="Salainen"/></mergeCells>')),
    "hidden rows": _rows(2, rows=(row(number("1"), more=' hidden="1"'), SOUND)),
    "a hidden column": _rows(1, rows=(SOUND.replace("<row>", '<row spans="1:4">'),), below=""),
    "an empty row between": _rows(2, ("empty_row", None, 1, (3,)), rows=(SOUND, row(), SOUND)),
    "a row left out": _rows(2, ("empty_row", None, 2, (3, 4)), rows=(SOUND, SOUND.replace("<row>", '<row r="5">'))),
    "empty rows at the end": _rows(1, rows=(SOUND, row(), row(number("")))),
    "a row of blanks": _rows(2, ("not_integer", "id", 1, (3,)), rows=(SOUND, row(*map(text, "    ")), SOUND)),
    "a range that ends before the rows do": _placed("A1:D2", sheet(SOUND, SOUND, SOUND), 1),
    "a range far below the rows": _placed("A1:D1000000", sheet(SOUND), 1),
    "a range beyond a sheet": refused(SOUND_BOOK, "writing_cells", replace(_DECLARED, writing=replace(_DECLARED.writing, cells="A1:D1048577"))),  # noqa: E501  # one case a line
    "a range to the right of it": _unfit(SOUND_BOOK, "file_empty", cells="F1:I"),
    "a range that begins below it": _unfit(SOUND_BOOK, "file_empty", cells="A9:D"),
    "a range that begins in the records": _unfit(SOUND_BOOK, "header_form", cells="A2:D"),
    "rows out of order": _unfit(sheet(SOUND.replace("<row>", '<row r="9">'), SOUND.replace("<row>", '<row r="3">'))),
    "a row beyond a sheet": _unfit(sheet(SOUND.replace("<row>", '<row r="1048577">'))),
    "a row twice": _unfit(sheet(SOUND.replace("<row>", '<row r="2">'), SOUND.replace("<row>", '<row r="2">'))),
    "a cell twice": _unfit(sheet(row('<c r="A2"><v>1</v></c>', '<c r="A2"><v>2</v></c>'))),
    "cells out of order": _unfit(sheet(row('<c r="B2"><v>1</v></c>', '<c r="A2"><v>2</v></c>'))),
    "days counted from 1904": Case(
        packed(parts([HEADER, SOUND], of_book='<workbookPr date1904="1"/>')), Verdict(1), _DECLARED
    ),
    "shared texts": Case(
        packed(parts([HEADER, row(number("1"), '<c t="s"><v>0</v></c>')], shared=[SECRET])), Verdict(1), _DECLARED
    ),
    "a shared text that is not there": _unfit(packed(parts([HEADER, row(number("1"), '<c t="s"><v>7</v></c>')], shared=[SECRET]))),
    "a shared text before the first": _unfit(packed(parts([HEADER, row(number("1"), '<c t="s"><v>-9</v></c>')], shared=[SECRET]))),
    "a shared text with a NUL written out": Case(
        packed(parts([HEADER, row(number("1"), '<c t="s"><v>0</v></c>')], shared=["Sala_x0000_inen"])),
        Verdict(0, (("no_text", "name", 1, (2,)),)), _DECLARED,
    ),
    "no number in a cell of numbers": _unfit(sheet(SOUND, row(number("NaN")))),
    "more records than declared": refused(sheet(SOUND, SOUND), "too_many_records", replace(_DECLARED, records_at_most=1)),
}  # fmt: skip

CELLS: dict[str, Case] = {
    f"{what} ({column})": _cell(column, cell, reason)
    for what, column, cell, reason in (
        ("a formula", "name", f"<c><f>A1</f><v>{SECRET}</v></c>", "formula"),
        ("a formula without a value", "id", "<c><f>1+1</f></c>", "formula"),
        ("a formula that calls", "name", '<c t="str"><f>WEBSERVICE("http://127.0.0.1:9")</f><v>a</v></c>', "formula"),
        ("a formula of many cells", "id", '<c><f t="array" ref="A3:A9">1</f><v>1</v></c>', "formula"),
        ("an old command", "name", "<c><f>cmd|'/c calc'!A1</f></c>", "formula"),
        ("a text like a formula", "name", text("=1+1"), None),
        ("an error", "name", '<c t="e"><v>#REF!</v></c>', "error_cell"),
        ("an error", "id", '<c t="e"><v>#DIV/0!</v></c>', "error_cell"),
        ("a number for a text", "name", number("7"), "number_in_text"),
        ("zeros in front that are shown alone", "name", number("7", 2), "number_in_text"),
        ("a day for a text", "name", number("45000", 1), "number_in_text"),
        ("a truth for a text", "name", '<c t="b"><v>1</v></c>', "number_in_text"),
        ("a text of digits", "name", text("007"), None),
        ("a NUL written out", "name", text("a_x0000_b"), "no_text"),
        ("a line end written out", "name", text("a_x000D_b"), "no_text"),
        ("1E5", "id", number("1E5"), None),
        ("1E5 as text", "id", text("1E5"), "not_integer"),
        ("a decimal", "id", number("1.5"), "not_integer"),
        ("15 digits", "id", number("123456789012345"), None),
        ("16 digits", "id", number("1234567890123456"), "number_rounded"),
        ("a number of no end", "id", number("1E400"), "error_cell"),
        ("a truth", "id", '<c t="b"><v>1</v></c>', "not_integer"),
        ("digits of another script", "id", text("٣"), "not_integer"),
        ("a number for a day", "day", number("45000"), "not_date"),
        ("a text", "day", text("2024-02-29"), None),
        ("an impossible day", "day", text("2024-02-30"), "not_date"),
        ("a day in another order", "day", text("29.2.2024"), "not_date"),
        ("a time of day", "day", number("0.5", 1), "not_date"),
        ("a day with a time", "day", number("45000.5", 1), "not_date"),
        ("the 29th of February 1900", "day", number("60", 1), "day_uncertain"),
        ("the first certain day", "day", number("61", 1), None),
        ("a day before the first", "day", number("-1", 1), "day_uncertain"),
        ("a day after the last", "day", number("99999999", 1), "error_cell"),
        ("a day by its ISO text", "day", '<c t="d"><v>2024-02-29</v></c>', None),
        ("1 for a truth", "ok", number("1"), "not_boolean"),
        ("a word", "ok", text("true"), None),
        ("another word", "ok", text("TRUE"), "not_boolean"),
        ("an unknown kind of cell", "name", f'<c t="x"><v>{SECRET}</v></c>', "error_cell"),
        ("32,767 characters", "name", text("a" * 32_767), None),
    )
}  # fmt: skip
BOOKS = (
    {f"package: {k}": v for k, v in PACKAGES.items()}
    | {f"sheet: {k}": v for k, v in SHEETS.items()}
    | {f"cell: {k}": v for k, v in CELLS.items()}
)
