"""Writing the registers: delimited files in each system's own manner, beside their descriptions.

Each file is replaced as a whole, so that nobody reads half of one.

Handbook 2.2 (data descriptions).
"""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path

import tomli_w

from jalostamo.city.records import Columns
from jalostamo.city.truth import Truth
from jalostamo.concepts.descriptions import as_description
from jalostamo.concepts.errors import Misused
from jalostamo.concepts.registers import Register, RegisterTable

BYTE_ORDER_MARK = "\ufeff"


def place_for(folder: Path, *, force: bool) -> None:
    """See to it that the folder exists and may be filled; one with content is refused, unless forced."""
    if folder.exists() and not folder.is_dir():
        raise Misused("DIR is a file: name a folder.", reason="city_folder")
    if folder.exists() and any(folder.iterdir()) and not force:
        raise Misused("DIR is not empty: name another, or replace the city in it with --force.", reason="city_folder")
    folder.mkdir(parents=True, exist_ok=True)


def write_register(folder: Path, register: Register, columns: Columns, *, line_end: str, marked: bool) -> None:
    """Write a register of one table; `marked` puts a byte order mark before the records."""
    home = folder / register.name
    home.mkdir(exist_ok=True)
    (table,) = register.tables
    delimited = (BYTE_ORDER_MARK if marked else "") + _delimited(table, columns, line_end)
    _replace(home / table.file, delimited.encode(table.writing.encoding))
    _replace(home / "register.toml", tomli_w.dumps(as_description(register)).encode("utf-8"))


def write_truth(folder: Path, truth: Truth) -> None:
    """Write the truth file."""
    _replace(folder / "truth.json", (json.dumps(truth, indent=2, ensure_ascii=False) + "\n").encode("utf-8"))


def _delimited(table: RegisterTable, columns: Columns, line_end: str) -> str:
    text = io.StringIO(newline="")
    writer = csv.writer(text, delimiter=table.writing.delimiter, quotechar=table.writing.quote, lineterminator=line_end)
    writer.writerow([field.column for field in table.fields])
    writer.writerows(zip(*(columns[field.name] for field in table.fields), strict=True))
    return text.getvalue()


def _replace(path: Path, content: bytes) -> None:
    partial = path.with_name(path.name + ".partial")
    partial.write_bytes(content)
    partial.replace(path)
