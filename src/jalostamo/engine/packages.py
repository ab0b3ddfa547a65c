"""Workbooks as packages, looked at before anybody opens them: a ZIP of XML that is what it says, and no more.

Handbook 2.6, phase 4 (what comes from outside is not trusted).
"""

from __future__ import annotations

import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Final
from xml.parsers import expat
from zipfile import BadZipFile, ZipFile, ZipInfo

from jalostamo.concepts.errors import Misused, Unfit

MOST_PARTS: Final = 2_000
MOST_BYTES: Final = 2 * 2**30
"""What all parts may be together when they are unpacked; a full sheet of a million rows is some hundreds of megabytes."""

MOST_TIMES: Final = 300
_SMALL: Final = 10 * 2**20
"""A part up to this size may be packed as well as it likes: empty sheets are."""

_CHUNK: Final = 2**20
_NEEDED: Final = frozenset({"[Content_Types].xml", "xl/workbook.xml"})
_ENCRYPTED: Final = 1
_OLD_KIND: Final = b"\xd0\xcf\x11\xe0"


class _Declared(Exception):
    """A part declares a document type, by which XML defines words that grow, or that are fetched from elsewhere."""


@contextmanager
def open_package(path: Path) -> Iterator[ZipFile]:
    """A workbook's parts, all of them unpacked once and found to be as they say."""
    try:
        with path.open("rb") as opened:
            if opened.read(4) == _OLD_KIND:
                raise _refused(path, "is encrypted, or of the kind before 2007: save it as .xlsx without a password")
        with ZipFile(path) as package:
            _check_entries(path, package.infolist())
            for part in package.infolist():
                _check_part(path, package, part)
            yield package
    except (BadZipFile, zlib.error, EOFError, NotImplementedError, UnicodeError):
        raise _refused(path, "is no whole workbook: ask for it again") from None
    except OSError:
        raise Misused(f"{path.name} cannot be read: check its permissions.", reason="file_unreadable") from None


def damaged(path: Path) -> Unfit:
    """The refusal of a workbook that nobody can read."""
    return _refused(path, "is damaged, or not written as workbooks are: open it and save it again")


def _check_entries(path: Path, parts: list[ZipInfo]) -> None:
    names = [part.filename for part in parts]
    if len(parts) > MOST_PARTS or len({name.casefold() for name in names}) != len(names):
        raise _refused(path, f"has more than {MOST_PARTS} parts, or one twice: it is no ordinary workbook")
    if not set(names) >= _NEEDED:
        raise _refused(path, "is no workbook of the kind .xlsx: save it as one")
    if any(part.flag_bits & _ENCRYPTED for part in parts):
        raise _refused(path, "is encrypted: save it without a password")
    if any(name.startswith("/") or ".." in name.split("/") or "\\" in name for name in names):
        raise _refused(path, "has parts that lie outside of it: it is no ordinary workbook")
    if any(name.casefold().endswith("vbaproject.bin") for name in names):
        raise _refused(path, "holds a program (macros): save it as .xlsx, without")
    packed_too_well = (p.file_size > max(_SMALL, MOST_TIMES * p.compress_size) for p in parts)
    if sum(part.file_size for part in parts) > MOST_BYTES or any(packed_too_well):
        raise _refused(path, f"unpacks to more than {MOST_BYTES // 2**30} GB, or to {MOST_TIMES} times its size")


def _check_part(path: Path, package: ZipFile, part: ZipInfo) -> None:
    """Unpack a part to its end: what it says of its size and its sum is so; in XML no document type is declared."""
    with package.open(part) as opened:
        if not part.filename.casefold().endswith((".xml", ".rels", ".vml")):
            while opened.read(_CHUNK):
                pass
            return
        parser = expat.ParserCreate()
        parser.StartDoctypeDeclHandler = _refuse_declaration
        try:
            parse(parser, opened)
        except _Declared:
            raise _refused(path, "declares a document type inside, as no workbook needs to") from None
        except expat.ExpatError:
            raise damaged(path) from None


def parse(parser: expat.XMLParserType, opened: IO[bytes]) -> None:
    """Give a part to a parser piece by piece."""
    while chunk := opened.read(_CHUNK):
        parser.Parse(chunk, False)
    parser.Parse(b"", True)


def _refuse_declaration(*_declared: object) -> None:
    raise _Declared


def _refused(path: Path, what: str) -> Unfit:
    return Unfit(f"{path.name} {what}.", reason="workbook_form")
