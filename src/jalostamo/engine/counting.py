"""Counting the records of a delimited file by another way than the one by which they are read.

Where a file has no quote, its lines are its records, and counting their ends is enough; elsewhere Arrow's reader, written
by other people than the engine's, counts. Neither one's error text is ever repeated, since both quote what they stumble on.

Handbook 2.2 (retrieving the data) and 2.6, phase 4.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final

import numpy as np
import pyarrow as pa
import pyarrow.csv

from jalostamo.concepts.errors import Unfit

if TYPE_CHECKING:
    from jalostamo.concepts.writings import Writing

_BLOCK: Final = 16 * 2**20
_CHUNK: Final = 4 * 2**20
_LINE_FEED: Final = 10


@dataclass(frozen=True, slots=True)
class Marks:
    """The marks of a file's form: its quotes, line feeds and carriage returns, its lines, the blank ones and the longest.

    Lines, blank ones and the longest are told by line feeds alone: they say nothing where `has_other_ends`.
    """

    quotes: int = 0
    feeds: int = 0
    returns: int = 0
    returns_before_feeds: int = 0
    lines: int = 0
    blank: int = 0
    longest: int = 0

    @property
    def has_other_ends(self) -> bool:
        """Whether some carriage return is not the first half of every line end alike."""
        return self.returns > 0 and not self.returns == self.returns_before_feeds == self.feeds

    @property
    def lines_are_records(self) -> bool:
        """Whether each line is one record, or blank: no quote that could hold a line end, and one kind of end."""
        return not self.quotes and not self.has_other_ends


def marks_of(readable: Path, writing: Writing) -> Marks:
    """The marks of a file in UTF-8, counted without reading a record."""
    quote = writing.quote.encode()
    counted, longest, last, before, at = Counter[str](), 0, -1, b"", 0
    with readable.open("rb") as opened:
        while chunk := opened.read(_CHUNK):
            counted["quotes"] += chunk.count(quote) if quote else 0
            counted["returns"] += chunk.count(b"\r")
            # A line end may stand on both sides of where one chunk ends.
            halved = before == b"\r" and chunk.startswith(b"\n")
            counted["returns_before_feeds"] += halved + (chunk.count(b"\r\n") if counted["returns"] else 0)
            ends = np.flatnonzero(np.frombuffer(chunk, np.uint8) == _LINE_FEED) + at
            if len(ends):
                lengths = np.diff(ends, prepend=last) - 1
                counted["feeds"] += len(ends)
                # A blank line is two ends in a row; how long it is follows from what the ends of this file are.
                counted["blank"] += int(np.count_nonzero(lengths == (1 if counted["returns"] else 0)))
                longest, last = max(longest, int(lengths.max())), int(ends[-1])
            before, at = chunk[-1:], at + len(chunk)
    open_line = at - 1 - last
    return Marks(**counted, lines=counted["feeds"] + (open_line > 0), longest=max(longest, open_line))


def records_in(readable: Path, writing: Writing, marks: Marks, *, columns: int, encoding: str, file: str) -> int:
    """The records below the header of a file in UTF-8. `encoding` is what Arrow takes it for, so that it shows ragged ones."""
    if not marks.lines_are_records:
        return _counted_by_arrow(readable, writing, columns=columns, encoding=encoding, file=file)
    if marks.longest > _BLOCK:
        raise _too_long(file)
    # An empty line is a record where a record has one field.
    return marks.lines - 1 - (marks.blank if columns > 1 else 0)


def _counted_by_arrow(path: Path, writing: Writing, *, columns: int, encoding: str, file: str) -> int:
    ragged = 0

    def note(_row: pyarrow.csv.InvalidRow) -> str:
        nonlocal ragged
        ragged += 1
        return "skip"

    names = [str(number) for number in range(columns)]
    read = pyarrow.csv.ReadOptions(column_names=names, block_size=_BLOCK, encoding=encoding)
    parse = pyarrow.csv.ParseOptions(
        delimiter=writing.delimiter,
        quote_char=writing.quote or False,
        newlines_in_values=bool(writing.quote),
        ignore_empty_lines=columns > 1,
        invalid_row_handler=note,
    )
    convert = pyarrow.csv.ConvertOptions(include_columns=["0"], column_types={"0": pa.binary()})
    try:
        # Opened by hand: by its name alone a file would be taken for a compressed one.
        with pyarrow.csv.open_csv(
            pa.OSFile(str(path)), read_options=read, parse_options=parse, convert_options=convert
        ) as batches:
            counted: int = sum(batch.num_rows for batch in batches)
    except pa.ArrowInvalid:
        raise _too_long(file) from None
    # The header was read as a record like any other.
    return counted + ragged - 1


def _too_long(file: str) -> Unfit:
    return Unfit(
        f"{file} has a record longer than {_BLOCK // 2**20} MB, or a quote that never closes: compare it with its description.",
        reason="record_too_long",
    )
