"""Workbooks into the engine: the declared cells of a declared sheet, each as the text that its field declares.

A workbook knows numbers, dates, truth values and texts, and changes what is typed: 007 becomes 7, a code a date. What could
have lost something is turned away.

Handbook 2.2 (retrieving the data) and 2.6, phase 4.
"""

from __future__ import annotations

import datetime
import re
import warnings
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from decimal import Decimal
from pathlib import Path
from typing import IO, TYPE_CHECKING, Final, Protocol, cast

from jalostamo.concepts.errors import JalostamoError, Unfit
from jalostamo.concepts.registers import Field, FieldType, RegisterTable
from jalostamo.engine.gathering import KEPT_AS_WRITTEN, Fault, Gathering, Recorded, number_in, truth_in
from jalostamo.engine.packages import damaged, open_package
from jalostamo.engine.sheets import Cells, count_rows

if TYPE_CHECKING:
    from jalostamo.engine.connection import Engine
    from jalostamo.engine.intake import TextRecords

_BATCH: Final = 10_000
_EXACT_DIGITS: Final = 15
"""A workbook keeps no more digits of a number; the rest became noughts, or noise, as it was typed."""

_FIRST_CERTAIN: Final = datetime.datetime(1900, 3, 1)  # noqa: DTZ001  # a cell has no zone
"""Days before are counted in two ways: to some programs 1900 had a 29th of February."""

_ESCAPED: Final = re.compile("_x[0-9A-Fa-f]{4}_|[\x00\ud800-\udfff]")
_WITHIN_THE_SHEET: Final = "_worksheet_path"

type Row = Sequence[_Cell]


class _Cell(Protocol):
    """A cell as openpyxl reads it: its value, and which kind of value that is."""

    value: object
    data_type: str


class _Sheet(Protocol):
    """A sheet as openpyxl reads it, row by row."""

    def reset_dimensions(self) -> None: ...
    def iter_rows(self, **limits: int) -> Iterator[Row]: ...


def read_workbook(
    engine: Engine, path: Path, declared: RegisterTable, *, check_header: Callable[[Sequence[str]], None]
) -> TextRecords:
    """Read the declared columns of the declared cells; `check_header` judges the names in their first row.

    A hidden row is a row. An empty row above a filled one is turned away; those below the last filled one are none.
    """
    cells = Cells.named(declared.writing.cells)
    gathering = Gathering(engine, declared)
    with open_package(path) as package, _opened(path, declared.writing.sheet) as sheet:
        counted = count_rows(package, cast("str", getattr(sheet, _WITHIN_THE_SHEET)).lstrip("/"), cells, path)
        try:
            _gather(gathering, sheet, cells, counted=counted, path=path, declared=declared, check=check_header)
        except (JalostamoError, MemoryError):
            raise
        except Exception:
            # On what it does not expect, openpyxl raises whatever comes, with the cell's content in its words.
            raise damaged(path) from None
    return gathering.records(counted)


@contextmanager
def _opened(path: Path, name: str) -> Iterator[_Sheet]:
    with path.open("rb") as opened, warnings.catch_warnings():
        # What openpyxl warns of are styles and extensions that it leaves out, and dates that it makes errors of.
        warnings.simplefilter("ignore")
        book = _loaded(path, opened)
        try:
            if name not in book.sheetnames:
                raise Unfit(
                    f"{path.name}: no sheet '{name}' among its {len(book.sheetnames)}; capital letters count.",
                    reason="sheet_missing",
                )
            sheet = book[name]
            if not hasattr(sheet, _WITHIN_THE_SHEET):
                raise Unfit(f"{path.name}: '{name}' is a chart, and no sheet of cells.", reason="sheet_missing")
            # What a sheet says of its own size may be wrong.
            sheet.reset_dimensions()
            yield sheet
        finally:
            book.close()


class _Book(Protocol):
    """A workbook as openpyxl reads it."""

    sheetnames: list[str]

    def __getitem__(self, name: str) -> _Sheet: ...
    def close(self) -> None: ...


def _loaded(path: Path, opened: IO[bytes]) -> _Book:
    # Here, since it takes longer to import than most tables take to read.
    from openpyxl import load_workbook  # type: ignore[import-untyped]  # openpyxl has no types

    try:
        return cast("_Book", load_workbook(opened, read_only=True, data_only=False, keep_links=False))
    except MemoryError:
        raise
    except Exception:
        # As above: whatever comes.
        raise damaged(path) from None


def _gather(
    gathering: Gathering,
    sheet: _Sheet,
    cells: Cells,
    *,
    counted: int,
    path: Path,
    declared: RegisterTable,
    check: Callable[[Sequence[str]], None],
) -> None:
    rows = sheet.iter_rows(min_row=cells.top, max_row=cells.top + counted, min_col=cells.first, max_col=cells.last)
    header = _header(next(rows, ()), path, number=cells.top)
    check([name for name in header if name])
    columns = [header.index(field.column) for field in declared.fields]
    found: list[list[Recorded]] = []
    places: list[int] = []
    for place, row in enumerate(rows, start=cells.top + 1):
        if all(cell.value is None for cell in row):
            gathering.turn_away(place, "empty_row")
            continue
        found.append([_recorded(f, row[c], declared) for f, c in zip(declared.fields, columns, strict=True)])
        places.append(place)
        if len(found) == _BATCH:
            gathering.add(found, places)
            found, places = [], []
    gathering.add(found, places)


def _header(row: Row, path: Path, *, number: int) -> list[str]:
    names = [cell.value for cell in row]
    if not any(names):
        raise Unfit(f"{path.name}, row {number}: no header in these cells.", reason="file_empty")
    if any(cell.value is not None and cell.data_type != "s" for cell in row):
        raise Unfit(
            f"{path.name}, row {number}: the header holds a number, a date or a formula: expected names.",
            reason="header_form",
        )
    return [str(name or "") for name in names]


def _recorded(field: Field, cell: _Cell, declared: RegisterTable) -> Recorded:
    value = cell.value
    if value is None:
        return None
    match cell.data_type:
        case "s" | "inlineStr":
            text = str(value)
            return Fault("no_text") if _ESCAPED.search(text) else text
        case "f":
            return Fault("formula")
        case "e":
            return Fault("error_cell")
        case "b":
            return truth_in(field, value=bool(value))
        case "n":
            return _number(field, value, declared.writing.decimal_mark)
        case "d":
            return _date(field, value)
    return Fault("error_cell")


def _number(field: Field, value: object, decimal_mark: str) -> Recorded:
    # A float's shortest form is what was typed: 40.2 is kept as 40.200000000000003.
    exact = Decimal(repr(value))
    if not exact.is_finite():
        return Fault("error_cell")
    whole = exact.to_integral_value()
    if field.type not in KEPT_AS_WRITTEN and whole.adjusted() >= _EXACT_DIGITS:
        return Fault("number_rounded")
    return number_in(field, format(whole if exact == whole else exact, "f"), decimal_mark)


def _date(field: Field, value: object) -> Recorded:
    """A date cell as its field's text: by the declared form where that tells it whole, else by ISO 8601."""
    if field.type in KEPT_AS_WRITTEN:
        return Fault("number_in_text")
    if not isinstance(value, datetime.datetime):
        # A time of day, or a length of time: no date.
        return str(value)
    if value < _FIRST_CERTAIN:
        return Fault("day_uncertain")
    iso = value.date().isoformat() if value.time() == datetime.time() else value.isoformat(sep=" ")
    if field.type not in {FieldType.DATE, FieldType.DATETIME} or field.format is None:
        return iso
    written = value.strftime(field.format)
    try:
        # Python reads days without noughts in front by the same form as those with them.
        form = field.format.replace("%-", "%")
        is_whole = datetime.datetime.strptime(written, form) == value  # noqa: DTZ007  # a cell has no zone
    except ValueError:
        is_whole = False
    return written if is_whole else iso
