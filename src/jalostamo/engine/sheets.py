"""Sheets of workbooks, counted by their bare XML: a look of our own at what another's reader loads.

Handbook 2.2 (retrieving the data) and 2.6, phase 4.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path
from typing import Final
from xml.parsers import expat
from zipfile import ZipFile

from jalostamo.concepts.errors import Unfit
from jalostamo.engine.packages import damaged, parse

LAST_ROW: Final = 1_048_576
_LAST_COLUMN: Final = 16_384
_REFERENCE: Final = re.compile(r"([A-Z]{1,3})([1-9]\d{0,6})", re.ASCII)
_RANGE: Final = re.compile(r"([A-Z]{1,3})(\d+):([A-Z]{1,3})(\d*)", re.ASCII)
_NAMESPACE: Final = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_CONTENT: Final = frozenset({"v", "is", "f"})


@dataclass(frozen=True, slots=True)
class Cells:
    """Cells are a range of a sheet: from its header row to its last row, from its first column to its last, counted from 1."""

    top: int
    bottom: int
    first: int
    last: int

    @classmethod
    def named(cls, text: str) -> Cells:
        """The cells that a description names, such as A3:H or A3:H400."""
        found = _RANGE.fullmatch(text)
        assert found, "a writing has judged its cells"
        first, top, last, bottom = found.groups()
        cells = cls(int(top), int(bottom or LAST_ROW), number_of(first), number_of(last))
        if cells.bottom > LAST_ROW or cells.last > _LAST_COLUMN:
            raise Unfit(
                f"A sheet has {LAST_ROW} rows and the columns A to XFD: its cells lie in it.", reason="writing_cells"
            )
        return cells


def number_of(letters: str) -> int:
    """The number of a column by its letters, A being 1."""
    number = 0
    for letter in letters:
        number = number * 26 + ord(letter) - ord("A") + 1
    return number


def count_rows(package: ZipFile, part: str, cells: Cells, path: Path) -> int:
    """How many rows below the header the range has up to its last one with content; what is unsound is refused."""
    counter = _Counter(cells, path)
    try:
        with package.open(part) as opened:
            parse(counter.parser, opened)
    except (expat.ExpatError, KeyError):
        raise damaged(path) from None
    return max(counter.last_with_content - cells.top, 0)


class _Counter:
    """Walks the rows of a sheet: they ascend, their cells ascend in them, and none is merged with another in the range."""

    def __init__(self, cells: Cells, path: Path) -> None:
        self.parser = expat.ParserCreate(namespace_separator=" ")
        self.parser.buffer_text = True
        self.parser.StartElementHandler = self._started
        self.parser.EndElementHandler = self._ended
        self.last_with_content = 0
        self._cells = cells
        self._path = path
        self._row = self._column = 0
        self._is_inside = False
        self._root = True

    def _started(self, name: str, attributes: dict[str, str]) -> None:
        space, _, tag = name.rpartition(" ")
        if self._root:
            self._check_root(space, tag)
        if tag == "row":
            self._start_row(attributes)
        elif tag == "c":
            self._start_cell(attributes)
        elif tag in _CONTENT and self._is_inside:
            if tag == "v":
                self.parser.CharacterDataHandler = self._note_text
            else:
                self.last_with_content = self._row
        elif tag == "mergeCell":
            self._check_merged(attributes.get("ref", ""))

    def _ended(self, name: str) -> None:
        self.parser.CharacterDataHandler = None
        if name.endswith(" c"):
            self._is_inside = False

    def _note_text(self, _text: str) -> None:
        self.last_with_content = self._row

    def _check_root(self, space: str, tag: str) -> None:
        self._root = False
        if (space, tag) != (_NAMESPACE, "worksheet"):
            raise Unfit(
                f"{self._path.name}: the sheet is a chart, or saved as Strict Open XML: save it as an ordinary workbook.",
                reason="workbook_form",
            )

    def _start_row(self, attributes: dict[str, str]) -> None:
        written = attributes.get("r", str(self._row + 1))
        if not written.isdecimal() or not self._row < int(written) <= LAST_ROW:
            raise damaged(self._path)
        self._row, self._column = int(written), 0

    def _start_cell(self, attributes: dict[str, str]) -> None:
        column = self._column + 1
        if "r" in attributes:
            found = _REFERENCE.fullmatch(attributes["r"])
            if not found or int(found[2]) != self._row:
                raise damaged(self._path)
            column = number_of(found[1])
        if not self._column < column <= _LAST_COLUMN:
            raise damaged(self._path)
        self._column = column
        cells = self._cells
        self._is_inside = cells.first <= column <= cells.last and cells.top <= self._row <= cells.bottom

    def _check_merged(self, reference: str) -> None:
        found = _RANGE.fullmatch(reference)
        if not found or not found[4]:
            raise damaged(self._path)
        left, top, right, bottom = number_of(found[1]), int(found[2]), number_of(found[3]), int(found[4])
        cells = self._cells
        if left <= cells.last and right >= cells.first and top <= cells.bottom and bottom >= cells.top:
            raise Unfit(
                f"{self._path.name}: cells are merged in the range (beginning at {found[1]}{found[2]}): part them, "
                "so that every row tells its own.",
                reason="merged_cells",
            )
