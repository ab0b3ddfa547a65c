"""Files of a wrong form: encodings, quotes, columns, headers, line ends, and what is no text at all."""

from __future__ import annotations

import bz2
import gzip
import io
import lzma
import tarfile
import unicodedata
import zipfile
from collections.abc import Mapping

from tests.jalostamo.managing.corpus.cases import Case, late, read, refused
from tests.jalostamo.managing.delivered import SECRET, field, table

from jalostamo.concepts.registers import FieldType

_RECORDS = f"id,name\n1,{SECRET}\n2,ä{SECRET}\n"
_ASCII = f"id,name\n1,{SECRET}\n2,{SECRET}\n".encode()
_KEYED = table(field("id", FieldType.INTEGER, required=True), field("name"), key=("id",))
_SEX = table(field("id"), field("sex", FieldType.CODE))


def _bytes(before: bytes, more: bytes, behind: bytes = b"") -> bytes:
    return b"id,name\n1," + before + more + behind + b"\n2,a\n"


_ILL_FORMED: Mapping[str, bytes] = {
    "a lone continuation": b"\x80", "a cut character": b"\xc3", "an overlong slash": b"\xc0\xaf", "an overlong NUL": b"\xc0\x80",
    "overlong of three": b"\xe0\x80\xaf", "a high surrogate": b"\xed\xa0\x80", "a low surrogate": b"\xed\xbf\xbf",
    "a pair of surrogates": b"\xed\xa0\xbd\xed\xb8\x80", "above the last plane": b"\xf4\x90\x80\x80", "five bytes": b"\xf8\x88\x80\x80\x80",
    "FE": b"\xfe", "FF": b"\xff", "Latin-1": "ä".encode("iso-8859-1"), "a euro of Windows": b"\x80",
}  # fmt: skip
ENCODINGS: dict[str, Case] = {
    "UTF-16 for UTF-8": refused(_RECORDS.encode("utf-16"), "encoding"),
    "UTF-16 without a mark for UTF-8": refused(_RECORDS.encode("utf-16-le"), "column_missing"),
    "UTF-16, big end first, without a mark for UTF-8": refused(_RECORDS.encode("utf-16-be"), "column_missing"),
    "UTF-32 for UTF-8": refused(_RECORDS.encode("utf-32"), "encoding"),
    "UTF-8 for UTF-16": refused(_ASCII, "encoding", table(encoding="utf-16")),
    "UTF-16 as declared": read(_RECORDS.encode("utf-16"), 2, declared=table(encoding="utf-16")),
    "UTF-16 by half": refused(_RECORDS.encode("utf-16")[:-1], "encoding", table(encoding="utf-16")),
    "Latin-1 for UTF-8": refused(_RECORDS.encode("iso-8859-1"), "encoding"),
    "UTF-8 for ASCII": refused(_RECORDS.encode(), "encoding", table(encoding="ascii")),
    "UTF-8 for cp1252": read(_RECORDS.encode(), 2, declared=table(encoding="cp1252")),
    "a mark of UTF-8": read(b"\xef\xbb\xbf" + _ASCII, 2),
    "two marks of UTF-8": refused(b"\xef\xbb\xbf" * 2 + _ASCII, "column_missing"),
    "a mark in the middle": read("id,name\n1,a\n\ufeff2,b\n3,c\n", 2, ("not_integer", "id", 1, (3,))),
    "a mark at the end": read("id,name\n1,a\n\ufeff", 1, ("too_few_columns", None, 1, (3,))),
    "UTF-7": read(b"id,name\n1,+AOQ-\n", 1),
    "EBCDIC for UTF-8": refused(_RECORDS.encode("cp500"), "encoding"),
    "an unknown encoding": refused(_ASCII, "encoding_unknown", table(encoding="finnish")),
} | {
    f"{name} in {place}": refused(_bytes(*around), "encoding")
    for name, ill in _ILL_FORMED.items()
    for place, around in {"a text": (SECRET.encode(), ill, b"a"), "quotes": (b'"' + SECRET.encode(), ill, b'"')}.items()
}

_UNCLOSED = "unclosed_quote"
QUOTES: dict[str, Case] = {
    "unclosed in the first record": read(f'id,name\n1,"{SECRET}\n2,a\n3,b\n', 0, (_UNCLOSED, None, 1, (2,))),
    "unclosed in the middle": read(f'id,name\n1,a\n2,"{SECRET}\n3,b\n', 1, (_UNCLOSED, None, 1, (3,))),
    "unclosed in the last record": read(f'id,name\n1,a\n2,b\n3,"{SECRET}\n', 2, (_UNCLOSED, None, 1, (4,))),
    "unclosed and nothing behind": read('id,name\n1,a\n2,"', 1, (_UNCLOSED, None, 1, (3,))),
    "unclosed first field": read('id,name\n"1,a\n2,b\n', 0, (_UNCLOSED, None, 1, (2,))),
    "unclosed with doubled ones": read('id,name\n1,"a""\n2,b\n', 0, (_UNCLOSED, None, 1, (2,))),
    "three at the start": read('id,name\n1,"""a\n2,b\n', 0, (_UNCLOSED, None, 1, (2,))),
    "text behind": read(f'id,name\n1,"{SECRET}"x\n2,a\n', 1, (_UNCLOSED, None, 1, (2,))),
    "text behind the first field": read('id,name\n"1"x,a\n2,a\n', 1, (_UNCLOSED, None, 1, (2,))),
    "a character beyond ASCII behind": read('id,name\n1,"a"ä\n2,a\n', 1, (_UNCLOSED, None, 1, (2,))),
    "stray within": read('id,name\n1,a"b\n2,a\n', 2),
    "stray at the end": read('id,name\n1,a"\n2,a\n', 2),
    "stray pair within": read('id,name\n1,a"b"c\n2,a\n', 2),
    "spaces before": read('id,name\n1, "a"\n2,a\n', 2),
    "spaces behind": read('id,name\n1,"a" \n2,a\n', 2),
    "anew in a field": refused(f'id,name\n1,"{SECRET}" "b"\n2,a\n'.encode(), "file_form"),
    "only quotes": read('id,name\n1,""""\n2,a\n', 2),
    "empty ones": read('id,name\n1,""\n2,a\n', 2),
    "a line end within": read('id,name\n1,"a\nb"\nx,a\n', 1, ("not_integer", "id", 1, (4,))),
    "another line end within": read('id,name\n1,"a\r\nb"\n2,a\n', 2),
    "a delimiter within": read('id,name\n1,"a,b"\n2,a\n', 2),
    "escaped by a backslash": read('id,name\n1,"a\\"b"\n2,a\n', 1, (_UNCLOSED, None, 1, (2,))),
    "apostrophes for quotes": read("id,name\n1,'a,b'\n2,a\n", 1, ("too_many_columns", None, 1, (2,))),
    "typesetters' quotes": read("id,name\n1,“a,b”\n2,a\n", 1, ("too_many_columns", None, 1, (2,))),
    "quotes where none are declared": read('id,name\n1,"a,b"\n2,"a"\n', 1, ("too_many_columns", None, 1, (2,)), declared=table(quote="")),
}  # fmt: skip

_FEW, _MANY = "too_few_columns", "too_many_columns"
COLUMNS: dict[str, Case] = {
    "a column less": read("id,name\n1\n2,a\n", 1, (_FEW, None, 1, (2,))),
    "a column more": read(f"id,name\n1,a,{SECRET}\n2,a\n", 1, (_MANY, None, 1, (2,))),
    "an empty column more": read("id,name\n1,a,\n2,a\n", 2),
    "five empty columns more": read("id,name\n1,a,,,,,\n2,a\n", 2),
    "a thousand columns more": read("id,name\n1" + ",x" * 1000 + "\n2,a\n", 1, (_MANY, None, 1, (2,))),
    "all records ragged": read("id,name\n1\n2,a,b\n3\n", 0, (_FEW, None, 2, (2, 4)), (_MANY, None, 1, (3,))),
    "a thousand ragged records": read("id,name\n" + "1\n" * 1000 + "2,a\n", 1, (_FEW, None, 1000, (2, 3, 4))),
    "blanks only in a line": read("id,name\n1,a\n  \n2,a\n", 2, (_FEW, None, 1, (3,))),
    "a tab only in a line": read("id,name\n1,a\n\t\n2,a\n", 2, (_FEW, None, 1, (3,))),
    "an end of file of old": read("id,name\n1,a\n\x1a", 1, (_FEW, None, 1, (3,))),
    "a total at the end": read("id,name\n1,a\nTotal: 1\n", 1, (_FEW, None, 1, (3,))),
    "a second header": read("id,name\n1,a\nid,name\n2,a\n", 2, ("not_integer", "id", 1, (3,))),
    "a comment": read("id,name\n# a\n1,a\n", 1, (_FEW, None, 1, (2,))),
    "empty lines": read("id,name\n\n1,a\n\n\n2,a\n\n", 2),
    "a header only": read("id,name\n", 0),
    "a header without line end": read("id,name", 0),
    "a header and empty lines": read("id,name\n\n\n\n", 0),
    "no last line end": read("id,name\n1,a\n2,b", 2),
    "a record of 5 MB": read(f"id,name\n1,{'x' * 5_000_000}\n2,b\n", 1, ("record_too_long", None, 1, (2,))),
    "a record of 50 MB": refused(late(lambda: b"id,name\n1," + SECRET.encode() * 6_250_000 + b"\n2,a\n"), "record_too_long"),
    "a record of 50 MB in quotes": refused(late(lambda: b'id,name\n1,"' + SECRET.encode() * 6_250_000 + b'"\n2,a\n'), "record_too_long"),
    "carriage returns alone": read("id,name\r1,a\r2,b\r", 2),
    "both marks at each end": read("id,name\r\n1,a\r\n2,b\r\n", 2),
    "line ends of two kinds": refused(b"id,name\r\n1,Salainen\n2,a\r\n", "file_form"),
    "a carriage return in a text": refused(b"id,name\n1,Sala\rinen\n2,a\n", "file_form"),
    "doubled keys": read("id,name\n1,a\n1,b\n2,a\n1,c\n", 2, ("duplicate_key", "id", 2, (3, 5)), declared=_KEYED),
    "doubled keys, one with zeros": read("id,name\n1,a\n01,b\n", 1, ("duplicate_key", "id", 1, (3,)), declared=_KEYED),
    "a missing key": read("id,name\n,a\n1,b\n", 1, ("missing", "id", 1, (2,)), declared=_KEYED),
    "a faulty record has no key": read("id,name\nx,a\n1,b\n1,c\n", 1, ("duplicate_key", "id", 1, (4,)), ("not_integer", "id", 1, (2,)), declared=_KEYED),  # noqa: E501  # one case a line
    "codes not in the list": read("id,sex\na,1\nb,9\nc,2\nd,A\n", 2, ("unknown_code", "sex", 2, (3, 5)), declared=_SEX),
    "very many records": read("id,name\n" + "1,a\n" * 300_000 + "x,a\n", 300_000, ("not_integer", "id", 1, (300_002,))),
}  # fmt: skip

_E_ACUTE = table(field("id"), field("name", column="é"))
_WIDE = ",".join(f"c{number}" for number in range(2_000))
HEADERS: dict[str, Case] = {
    "nothing": refused(b"", "file_empty"),
    "a line end": refused(b"\n", "file_empty"),
    "blanks": refused(b"   \n  \n", "column_missing"),
    "a mark of UTF-8 alone": refused(b"\xef\xbb\xbf", "file_empty"),
    "none": refused(b"1,Salainen\n2,Salainen\n", "column_missing"),
    "another delimiter": refused(b"id;name\n1;Salainen\n", "column_missing"),
    "tabs": refused(b"id\tname\n1\tSalainen\n", "column_missing"),
    "a line sep= before": refused(b"sep=,\nid,name\n1,a\n", "column_missing"),
    "a title before": refused(b"Persons,\n\nid,name\n1,a\n", "column_missing"),
    "a column less": refused(b"id\n1\n", "column_missing"),
    "capitals": refused(b"ID,NAME\n1,Salainen\n", "column_missing"),
    "a blank before": refused(b"id, name\n1,Salainen\n", "column_missing"),
    "a blank behind": refused(b"id,name \n1,Salainen\n", "column_missing"),
    "a hard space": refused("id,name\u00a0\n1,a\n".encode(), "column_missing"),
    "a zero-width space": refused("id,name\u200b\n1,a\n".encode(), "column_missing"),
    "a Cyrillic letter": refused("id,nаme\n1,a\n".encode(), "column_missing"),
    "doubled": refused(b"id,name,name\n1,Salainen,b\n", "column_doubled"),
    "an undeclared one doubled": refused(b"id,name,x,x\n1,Salainen,b,c\n", "column_doubled"),
    "two nameless": refused(b"id,name,,\n1,Salainen,,\n", "column_doubled"),
    "one nameless": read("id,name,\n1,a,b\n", 1),
    "the same in capitals beside": read("id,name,NAME\n1,a,b\n", 1),
    "composed where decomposed is declared": refused(
        unicodedata.normalize("NFC", "id,é\n1,a\n").encode(), "column_missing",
        table(field("id"), field("name", column=unicodedata.normalize("NFD", "é"))),
    ),
    "decomposed where composed is declared": refused(unicodedata.normalize("NFD", "id,é\n1,a\n").encode(), "column_missing", _E_ACUTE),
    "a quote that does not close": refused(b'id,"name\n1,Salainen\n', "header_form"),
    "text behind a quote": refused(b'id,"na"me\n1,Salainen\n', "header_form"),
    "200,000 characters": refused(b"id,name," + b"x" * 200_000 + b"\n1,Salainen,\n", "header_form"),
    "50 MB": refused(late(lambda: b"id,name," + b"Salainen" * 6_250_000), "header_form"),
    "2,000 columns": read(f"id,name,{_WIDE}\n1,a{',' * 2_000}\n", 1),
    "100,000 columns": refused(late(lambda: f"id,name,{','.join(map(str, range(100_000)))}\n1,a\n".encode()), "header_columns"),
    "other order": read("name,id\na,1\nb,x\n", 1, ("not_integer", "id", 1, (3,))),
    "control characters": refused(b"id,na\x1b[31mme\n1,a\n", "column_missing"),
    "our own number": refused(b"id,record_\n1,a\n", "column_name", table(field("id"), field("number", column="record_"))),
}  # fmt: skip


def _zip(**files: bytes) -> bytes:
    written = io.BytesIO()
    with zipfile.ZipFile(written, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in files.items():
            archive.writestr(zipfile.ZipInfo(name.replace("_", ".")), data, zipfile.ZIP_DEFLATED)
    return written.getvalue()


def _tar() -> bytes:
    written = io.BytesIO()
    with tarfile.open(fileobj=written, mode="w") as archive:
        told = tarfile.TarInfo("persons.csv")
        told.size = len(_ASCII)
        archive.addfile(told, io.BytesIO(_ASCII))
    return written.getvalue()


_BOMB = 50_000_000
NO_TEXT: dict[str, Case] = {
    "gzip": refused(gzip.compress(_ASCII, mtime=0), "encoding"),
    "gzip of gzip": refused(gzip.compress(gzip.compress(_ASCII, mtime=0), mtime=0), "encoding"),
    "a gzip bomb": refused(late(lambda: gzip.compress(bytes(_BOMB), mtime=0)), "encoding"),
    "bzip2": refused(bz2.compress(_ASCII), "encoding"),
    "xz": refused(lzma.compress(_ASCII), "encoding"),
    "zstd": refused(bytes.fromhex("28b52ffd") + b"\x04\x58" + _ASCII, "encoding"),
    "lz4": refused(bytes.fromhex("04224d18") + b"\x64\x40\xa7" + _ASCII, "encoding"),
    "ZIP": refused(_zip(persons_csv=_ASCII), "encoding"),
    "ZIP in ZIP": refused(_zip(a_zip=_zip(persons_csv=_ASCII)), "encoding"),
    "a ZIP bomb": refused(late(lambda: _zip(persons_csv=bytes(_BOMB))), "encoding"),
    "tar": refused(_tar(), "column_missing"),
    "a picture": refused(b"\x89PNG\r\n\x1a\n" + bytes(range(256)), "encoding"),
    "PDF": refused(b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n", "column_missing"),
    "Parquet": refused(b"PAR1" + bytes(range(128)) * 9 + b"PAR1", "column_missing"),
    "SQLite": refused(b"SQLite format 3\0" + bytes(100), "column_missing"),
    "an old sheet": refused(bytes.fromhex("d0cf11e0a1b11ae1") + bytes(600), "encoding"),
    "a page of the web": refused(b"<!DOCTYPE html>\n<html></html>\n", "column_missing"),
    "JSON": refused(b'[{"id": 1, "name": "Salainen"}]\n', "column_missing"),
    "XML with entities": refused(b'<!DOCTYPE a [<!ENTITY b SYSTEM "file:///etc/passwd">]>\n', "column_missing"),
    "zeros": refused(bytes(10_000), "column_missing"),
    "noise": refused(bytes(range(255, 127, -1)) * 9, "encoding"),
}
