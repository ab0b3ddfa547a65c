"""Which reader a declared table needs: each gives its records as text, numbered in the order of the source.

Handbook 2.5 (technologies that work together) and 2.2 (retrieving the data).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from pathlib import Path

from jalostamo.concepts.errors import Misused, Unfit
from jalostamo.concepts.registers import RegisterTable
from jalostamo.engine.connection import Engine
from jalostamo.engine.intake import TextRecords, header_of, parquet_header, read_parquet_text, read_text


def text_of(engine: Engine, declared: RegisterTable, folder: Path) -> TextRecords:
    """The records of a declared table as text, columns called as in its source, whatever kind of file or database it is."""
    path = folder / declared.file
    if not path.is_file():
        raise Misused(
            f"{declared.file} is missing: expected it in the folder '{folder.name}', beside its description.",
            reason="file_missing",
        )
    columns = [field.column for field in declared.fields]
    if declared.writing.format == "parquet":
        header = parquet_header(path, kept=columns)
        _check_header(header, columns, path.name)
        return read_parquet_text(engine, path, header=header, kept=columns)
    header = header_of(path, declared.writing)
    _check_header(header, columns, path.name)
    return read_text(engine, path, declared.writing, header=header, kept=columns)


def _check_header(header: Sequence[str], columns: Sequence[str], file: str) -> None:
    missing = [column for column in columns if column not in header]
    if len(missing) == len(columns):
        # This may be a record and no header: what it holds is not repeated.
        raise Unfit(
            f"{file}, line 1: none of the columns {_listed(missing)} among {len(header)} found; is there a header, and is "
            "the delimiter as declared?",
            reason="column_missing",
        )
    doubled = [column for column, times in Counter(header).items() if times > 1]
    if doubled:
        raise Unfit(
            f"{file}, line 1: {_listed(doubled)} stands {Counter(header)[doubled[0]]} times: every column needs its own name.",
            reason="column_doubled",
        )
    if missing:
        raise Unfit(
            f"{file}, line 1: no column {_listed(missing)}; the file has {_listed(header)}. Correct the file, or its description.",
            reason="column_missing",
        )


def _listed(names: Sequence[str]) -> str:
    return ", ".join(f"'{name}'" for name in names)
