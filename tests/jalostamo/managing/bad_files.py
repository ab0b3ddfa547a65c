"""Files that cannot be read as declared, each with how it is refused: the exception, its reason, parts of its sentence.

The description has the columns `id` and `name`. A value of the data is `Salainen`, and no sentence may repeat it.
"""

from __future__ import annotations

from dataclasses import dataclass

from jalostamo.concepts.errors import JalostamoError, Unfit


@dataclass(frozen=True)
class Refused:
    """How a file is refused."""

    data: bytes
    reason: str
    parts: tuple[str, ...]
    writing: dict[str, str]
    error: type[JalostamoError] = Unfit


def refused(data: bytes, reason: str, *parts: str, **writing: str) -> Refused:
    """A file, and what is said of it."""
    return Refused(data, reason, parts, writing)


RECORDS = b"id,name\n1,Salainen\n2,Salainen\n"
MANY = b"1,Salainen\n" * 3000

BAD_FILES: dict[str, Refused] = {
    "nothing": refused(b"", "file_empty", "persons.csv is empty", "expected a header"),
    "an end of line": refused(b"\n", "file_empty", "empty line"),
    "an empty line before the header": refused(b"\r\n" + RECORDS, "file_empty", "empty line"),
    "a byte order mark alone": refused(b"\xef\xbb\xbf", "file_empty", "persons.csv"),
    "no header": refused(b"1,Salainen\n2,Salainen\n", "column_missing", "line 1", "'id', 'name'", "among 2", "header"),
    "no header, and values twice": refused(b"Salainen,Salainen\n", "column_missing", "none of the columns"),
    "another delimiter": refused(b"id;name\n1;Salainen\n", "column_missing", "delimiter"),
    "a column less": refused(b"id,nimi\n1,Salainen\n", "column_missing", "no column 'name'; the file has 'id', 'nimi'"),
    "capital letters": refused(b"id,NAME\n1,Salainen\n", "column_missing", "no column 'name'"),
    "a space before a name": refused(b"id, name\n1,Salainen\n", "column_missing", "'id', ' name'"),
    "a column twice": refused(b"id,name,name\n1,Salainen,Salainen\n", "column_doubled", "'name' stands 2 times"),
    "an undeclared column twice": refused(b"id,name,x,x\n1,Salainen,,\n", "column_doubled", "'x' stands 2 times"),
    "two nameless columns": refused(b"id,name,,\n1,Salainen,,\n", "column_doubled", "'' stands 2 times"),
    "a header without end": refused(b'id,"name\n1,Salainen\n', "header_form", "line 1", "does not close"),
    "text after a quote in the header": refused(b'id,"na"me\n1,Salainen\n', "header_form", "line 1"),
    "a header too long": refused(b"id,name," + b"x" * 200_000 + b"\n1,Salainen,\n", "header_form", "too long"),
    "a header of 50 MB": refused(b"id,name," + b"Salainen" * 6_500_000, "header_form", "too long"),
    "line ends of two kinds": refused(b"id,name\r\n1,Salainen\n2,a\r\n", "file_form", "one kind of line end"),
    "line ends of two kinds, late": refused(b"id,name\n" + MANY + b"2,Salainen\r\n3,a\r\n", "file_form", "line end"),
    "a carriage return in a value": refused(b"id,name\n1,Sala\rinen\n2,Salainen\n", "file_form", "as declared"),
    "quotes anew in a field": refused(b'id,name\n1,"Salainen" "a"\n', "file_form", "quote"),
    "another line end after a fault": refused(b'id,name\n1,"Sala"inen\r2,a\n3,b\n', "file_form", "line end"),
    "another encoding": refused(b"id,name\n1,Salainen\n2,\xe4Salainen\n", "encoding", "line 3", "not utf-8"),
    "another encoding, late": refused(b"id,name\n" + MANY + b"2,\xe4\n", "encoding", "line 3002"),
    "another encoding after a text of lines": refused(b'id,name\n1,"a\nb\nc"\n2,\xe4\n', "encoding", "line 5"),
    "another encoding in the header": refused(b"id,name,\xe4\n1,Salainen,\n", "encoding", "line 1"),
    "half a character": refused(b"id,name\n1,Salainen\xc3\n", "encoding", "line 2", "not utf-8"),
    "a surrogate": refused(b"id,name\n1,\xed\xa0\x80Salainen\n", "encoding", "line 2"),
    "a wrong encoding and too many columns": refused(b"id,name\n1,\xe4,Salainen,\xe4\n", "encoding", "line 2"),
    "bytes beyond ASCII": refused("id,name\n1,äSalainen\n".encode(), "encoding", "line 2", encoding="ascii"),
    "a hole of cp1252": refused(b"id,name\n1,Salainen\n2,\x81\n", "encoding", "line 3", "cp1252", encoding="cp1252"),
    "half of UTF-16": refused("id,name\n1,Salainen\n".encode("utf-16")[:-1], "encoding", "utf-16", encoding="utf-16"),
    "no UTF-16": refused(RECORDS, "encoding", "line 1", "utf-16", encoding="utf-16"),
    "an unknown encoding": refused(RECORDS, "encoding_unknown", "utf-8 or iso-8859-1", encoding="latin9000"),
    "no encoding": refused(RECORDS, "encoding_unknown", encoding=""),
    "a cipher for an encoding": refused(RECORDS, "encoding_unknown", encoding="rot13"),
    "bytes for an encoding": refused(RECORDS, "encoding_unknown", encoding="base64"),
    "an encoding that rewrites": refused(RECORDS, "encoding_unknown", encoding="unicode_escape"),
    "an encoding of another sort": refused(RECORDS, "encoding_unknown", encoding="idna"),
    "a record of 50 MB": refused(b"id,name\n1," + b"Salainen" * 6_500_000 + b"\n", "record_too_long", "16 MB"),
    "a compressed file": refused(b"\x1f\x8b\x08\x00" + b"Salainen" * 10, "encoding", "line 1"),
}
BAD_PARQUET: dict[str, tuple[str, str]] = {
    "nothing": ("file_form", "not a whole Parquet file"),
    "text": ("file_form", "not a whole Parquet file"),
    "half of it": ("file_form", "not a whole Parquet file"),
    "a page of noise": ("file_form", "not a whole Parquet file"),
    "a column less": ("column_missing", "no column 'name'; the file has 'id', 'nimi'"),
    "no column": ("column_missing", "none of the columns"),
    "a column twice": ("column_doubled", "'name' stands 2 times"),
    "lists": ("column_type", "column 'name' holds bytes, or several values"),
    "bytes": ("column_type", "column 'name' holds bytes"),
}
