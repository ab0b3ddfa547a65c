"""The registers of a demonstration town, read from their files by nothing but their descriptions.

This reader shares no line with the generator or with the product's own reader: it can disagree with both.
Handbook 2.2, step 3.
"""

from __future__ import annotations

import json
import sqlite3
import tomllib
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

import polars as pl
from openpyxl import load_workbook

# A description is TOML and a truth is JSON: what is in them has no narrower type than Any.
Description = dict[str, Any]
DAY: Final = "%Y-%m-%d"


@dataclass(frozen=True, slots=True)
class Files:
    """The files of one town, and the tables that were already read from them."""

    folder: Path
    truth: Description
    read: dict[str, pl.DataFrame] = field(default_factory=dict)
    single: dict[str, pl.DataFrame] = field(default_factory=dict)

    def table(self, name: str) -> pl.DataFrame:
        """Read a table, named "register.table", with the names of its fields; days are dates, all else is text."""
        if name not in self.read:
            self.read[name] = _read(self.folder, *name.split("."))
        return self.read[name]

    def records(self, name: str) -> pl.DataFrame:
        """Read a table without its second records."""
        if name not in self.single:
            self.single[name] = self.table(name).unique(maintain_order=True)
        return self.single[name]

    def replaced(self, name: str, table: pl.DataFrame) -> Files:
        """The same town, with another content of one table."""
        single = {other: records for other, records in self.single.items() if other != name}
        return Files(self.folder, self.truth, {**self.read, name: table}, single)

    def described(self, register: str) -> Description:
        """The description of a register."""
        return tomllib.loads((self.folder / register / "register.toml").read_text(encoding="utf-8"))


def files_in(folder: Path) -> Files:
    """The files of the town that was written into `folder`."""
    return Files(folder, json.loads((folder / "truth.json").read_text(encoding="utf-8")))


def _read(folder: Path, register: str, table: str) -> pl.DataFrame:
    description = tomllib.loads((folder / register / "register.toml").read_text(encoding="utf-8"))
    described = next(each for each in description["table"] if each["name"] == table)
    content = READERS[described["format"]](folder / register / described["file"], described)
    fields = described["field"]
    return content.select(_typed(each).alias(each["name"]) for each in fields)


def _typed(described: Description) -> pl.Expr:
    column = pl.col(described["column"])
    if described["type"] == "date":
        return column.str.to_date(described.get("format", DAY))
    if described["type"] == "datetime":
        return column.str.to_datetime(described["format"])
    if described["type"] == "integer":
        return column.cast(pl.Int64)
    return column


def _read_delimited(path: Path, described: Description) -> pl.DataFrame:
    text = path.read_bytes()
    if described["encoding"] != "utf-8":
        text = text.decode(described["encoding"]).encode()
    return pl.read_csv(
        text, separator=described["delimiter"], quote_char=described["quote"], infer_schema=False, encoding="utf8"
    )


def _read_fixed_width(path: Path, described: Description) -> pl.DataFrame:
    lines = pl.Series("line", path.read_text(encoding=described["encoding"]).splitlines())
    columns = {
        each["column"]: lines.str.slice(each["start"] - 1, each["width"]).str.strip_chars()
        for each in described["field"]
    }
    return pl.DataFrame(columns).with_columns(pl.all().replace("", None))


def _read_json_lines(path: Path, described: Description) -> pl.DataFrame:
    content = pl.read_ndjson(path, infer_schema_length=None)
    return content.with_columns(pl.all().cast(pl.String))


def _read_sqlite(path: Path, described: Description) -> pl.DataFrame:
    connection = sqlite3.connect(f"file:{path}?mode=ro", uri=True)
    try:
        columns = [each["column"] for each in described["field"]]
        names = ", ".join(f'"{column}"' for column in columns)
        rows = connection.execute(f'SELECT {names} FROM "{described["relation"]}"').fetchall()
    finally:
        connection.close()
    return pl.DataFrame(rows, schema=columns, orient="row", infer_schema_length=None).with_columns(
        pl.all().cast(pl.String)
    )


def _read_workbook(path: Path, described: Description) -> pl.DataFrame:
    workbook = load_workbook(path, read_only=True)
    first, last = described["cells"].split(":")
    area = workbook[described["sheet"]][f"{first}:{last}{workbook[described['sheet']].max_row}"]
    header, *rows = ([_text(cell.value) for cell in row] for row in area)
    workbook.close()
    return pl.DataFrame(rows, schema=header, orient="row")


def _text(value: object) -> str | None:
    if value is None:
        return None
    return f"{value:%Y-%m-%d}" if hasattr(value, "strftime") else str(value)


READERS: Final[dict[str, Callable[[Path, Description], pl.DataFrame]]] = {
    "csv": _read_delimited,
    "fixed_width": _read_fixed_width,
    "json_lines": _read_json_lines,
    "sqlite": _read_sqlite,
    "xlsx": _read_workbook,
}
