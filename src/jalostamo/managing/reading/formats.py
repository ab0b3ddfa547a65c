"""Which reader a declared table needs that is read at once: each gives its records as text, numbered in the source's order.

Delimited text and Parquet are read as they are written on instead, in `reading.sources`.

Handbook 2.5 (technologies that work together) and 2.2 (retrieving the data).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from functools import partial
from pathlib import Path
from types import MappingProxyType

from jalostamo.concepts.errors import Misused, Unfit
from jalostamo.concepts.registers import RegisterTable
from jalostamo.engine.connection import Engine
from jalostamo.engine.database_files import read_sqlite
from jalostamo.engine.databases import read_postgresql
from jalostamo.engine.fixed_width import read_fixed_width
from jalostamo.engine.intake import TextRecords
from jalostamo.engine.json_lines import read_json_lines
from jalostamo.engine.sheets import Cells
from jalostamo.engine.workbooks import read_workbook


def text_of(
    engine: Engine, declared: RegisterTable, folder: Path, *, environment: Mapping[str, str] = MappingProxyType({})
) -> TextRecords:
    """The records of a table in a workbook, in lines or in a database as text, columns called as in its source.

    `environment` holds the password of a server, under the name that the description gives.
    """
    if declared.writing.format == "postgresql":
        return read_postgresql(engine, declared, environment=environment)
    path = file_of(declared, folder)
    match declared.writing.format:
        case "xlsx":
            columns, top = [field.column for field in declared.fields], Cells.named(declared.writing.cells).top
            check = partial(check_header, columns=columns, file=path.name, line=top)
            return read_workbook(engine, path, declared, check_header=check)
        case "fixed_width":
            return read_fixed_width(engine, path, declared)
        case "json_lines":
            return read_json_lines(engine, path, declared)
    return read_sqlite(engine, path, declared)


def file_of(declared: RegisterTable, folder: Path) -> Path:
    """The declared file in its folder; what is no plain file, or lies elsewhere by a link, is not read."""
    path = folder / declared.file
    if not path.is_file():
        raise Misused(
            f"{declared.file} is missing: expected it in the folder '{folder.name}', beside its description.",
            reason="file_missing",
        )
    if not path.resolve().is_relative_to(folder.resolve()):
        raise Unfit(
            f"{declared.file} is a link to a file outside of the folder '{folder.name}': put the file itself there.",
            reason="file_outside",
        )
    return path


def check_header(header: Sequence[str], columns: Sequence[str], file: str, line: int = 1) -> None:
    """Refuse a header that lacks a declared column, or has one twice; `line` is where it stands."""
    missing = [column for column in columns if column not in header]
    if len(missing) == len(columns):
        # This may be a record and no header: what it holds is not repeated.
        raise Unfit(
            f"{file}, line {line}: none of the columns {_listed(missing)} among {len(header)} found; is there a header, and is "
            "the delimiter as declared?",
            reason="column_missing",
        )
    doubled = [column for column, times in Counter(header).items() if times > 1]
    if doubled:
        raise Unfit(
            f"{file}, line {line}: {_listed(doubled)} stands {Counter(header)[doubled[0]]} times: every column needs its own name.",
            reason="column_doubled",
        )
    if missing:
        raise Unfit(
            f"{file}, line {line}: no column {_listed(missing)}; the file has {_listed(header)}. Correct the file, or its description.",
            reason="column_missing",
        )


def _listed(names: Sequence[str]) -> str:
    return ", ".join(f"'{name}'" for name in names)
