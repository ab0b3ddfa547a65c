"""Files of which every line is a record: their lines in batches, numbered, and counted by somebody else.

Handbook 2.2 (retrieving the data).
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Final

import pyarrow as pa
import pyarrow.csv

from jalostamo.concepts.errors import Misused, Unfit
from jalostamo.engine.intake import LONGEST_RECORD
from jalostamo.engine.transcoding import wrong_encoding

if TYPE_CHECKING:
    from pathlib import Path

    from jalostamo.concepts.writings import Writing

_CHUNK: Final = 8 * 2**20
_MARK: Final = b"\xef\xbb\xbf"


def lines_in(path: Path, writing: Writing, *, file: str) -> Iterator[tuple[int, list[str]]]:
    """The lines of a file of UTF-8 in batches, each with the number of its first; line ends are `\\n` or `\\r\\n`."""
    number, rest = 1, b""
    for chunk in _chunks(path, file):
        whole, end, rest = (rest + chunk).rpartition(b"\n")
        if len(rest) > LONGEST_RECORD:
            raise _too_long(file, number + whole.count(b"\n") + len(end))
        if end:
            yield number, _split(whole, path, writing, number=number)
            number += whole.count(b"\n") + 1
    if rest:
        yield number, _split(rest, path, writing, number=number)


def count_lines(path: Path, *, file: str) -> int:
    """How many lines a file has that are not empty, by Arrow's reader, written by other people."""
    if path.stat().st_size <= len(_MARK) and path.read_bytes() in {b"", _MARK}:
        return 0
    several = 0

    def note(_row: pyarrow.csv.InvalidRow) -> str:
        nonlocal several
        several += 1
        return "skip"

    read = pyarrow.csv.ReadOptions(column_names=["line"], block_size=4 * LONGEST_RECORD, encoding="iso-8859-1")
    parse = pyarrow.csv.ParseOptions(
        delimiter="\x1f", quote_char=False, ignore_empty_lines=True, invalid_row_handler=note
    )
    convert = pyarrow.csv.ConvertOptions(column_types={"line": pa.binary()})
    try:
        with path.open("rb") as opened:
            # To Arrow a mark alone on its line would be a line.
            opened.seek(len(_MARK) if opened.read(len(_MARK)) == _MARK else 0)
            with pyarrow.csv.open_csv(
                opened, read_options=read, parse_options=parse, convert_options=convert
            ) as batches:
                counted: int = sum(batch.num_rows for batch in batches)
    except pa.ArrowInvalid as error:
        # Nothing but line ends is no line; whatever else stops Arrow is a line beyond its block.
        if "Empty CSV file" in str(error):
            return 0
        raise Unfit(f"{file} cannot be read in lines: compare it with its description.", reason="file_form") from None
    return counted + several


def _chunks(path: Path, file: str) -> Iterator[bytes]:
    try:
        with path.open("rb") as opened:
            first = opened.read(_CHUNK).removeprefix(_MARK)
            yield first
            while chunk := opened.read(_CHUNK):
                yield chunk
    except OSError:
        raise Misused(f"{file} cannot be read: check its permissions.", reason="file_unreadable") from None


def _split(content: bytes, path: Path, writing: Writing, *, number: int) -> list[str]:
    try:
        text = content.decode("utf-8")
    except UnicodeDecodeError as error:
        raise wrong_encoding(path, writing, line=number + content[: error.start].count(b"\n")) from None
    return [line.removesuffix("\r") for line in text.split("\n")] if "\r" in text else text.split("\n")


def _too_long(file: str, line: int) -> Unfit:
    return Unfit(
        f"{file}, line {line} is longer than {LONGEST_RECORD // 2**20} MB: compare the file with its description.",
        reason="record_too_long",
    )
