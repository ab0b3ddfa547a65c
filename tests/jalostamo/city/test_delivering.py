"""A register that cannot be finished leaves nothing behind, and one that is finished is all there."""

from __future__ import annotations

import sqlite3
from pathlib import Path

import polars as pl
import pytest

from jalostamo.city.delivering import delivered
from jalostamo.concepts.languages import Text
from jalostamo.concepts.registers import Field, FieldType, Marking, Register, RegisterTable, Sensitivity
from jalostamo.concepts.writings import Writing

TITLE = Text("Koe", "Prov", "Trial")
FIELDS = (
    Field("name", "NIMI", FieldType.TEXT, Sensitivity.ORDINARY, TITLE),
    Field("number", "LUKU", FieldType.INTEGER, Sensitivity.ORDINARY, TITLE),
)
WRITINGS = {
    "csv": Writing(),
    "json_lines": Writing(format="json_lines"),
    "sqlite": Writing(format="sqlite", relation="trial"),
    "xlsx": Writing(format="xlsx", sheet="Koe", cells="A3:B"),
}
RECORDS = pl.DataFrame({"name": ["a", None], "number": [1, None]}, schema={"name": pl.String, "number": pl.Int64})


def _register(writing: Writing) -> Register:
    table = RegisterTable("trial", "trial.file", FIELDS, writing)
    return Register("trial", TITLE, "owner", "city", Marking.SYNTHETIC, (table,))


@pytest.mark.parametrize("name", WRITINGS)
def test_a_register_that_fails_midway_leaves_no_file(tmp_path: Path, name: str) -> None:
    with pytest.raises(ValueError, match="midway"), delivered(tmp_path, _register(WRITINGS[name])) as tables:
        tables["trial"].append(RECORDS)
        raise ValueError("midway")
    assert list((tmp_path / "trial").iterdir()) == []


@pytest.mark.parametrize("name", WRITINGS)
def test_a_finished_register_stands_beside_its_description(tmp_path: Path, name: str) -> None:
    with delivered(tmp_path, _register(WRITINGS[name])) as tables:
        tables["trial"].append(RECORDS)
        tables["trial"].append(RECORDS.clear())
    assert tables["trial"].records == 2
    assert sorted(file.name for file in (tmp_path / "trial").iterdir()) == ["register.toml", "trial.file"]


def test_a_database_holds_whole_numbers_and_missing_values(tmp_path: Path) -> None:
    with delivered(tmp_path, _register(WRITINGS["sqlite"])) as tables:
        tables["trial"].append(RECORDS)
    database = sqlite3.connect(tmp_path / "trial" / "trial.file")
    try:
        found = database.execute("SELECT NIMI, LUKU, typeof(LUKU) FROM trial").fetchall()
    finally:
        database.close()
    assert found == [("a", 1, "integer"), (None, None, "null")]
