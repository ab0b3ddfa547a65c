"""The values of a column are taken from a table as they are recorded; what cannot be taken is told without a value."""

from __future__ import annotations

import datetime
from collections.abc import Iterator
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet
import pytest

from jalostamo.concepts.errors import JalostamoError, Unfit
from jalostamo.concepts.writings import Writing
from jalostamo.engine.connection import Engine, open_engine
from jalostamo.managing.hierarchies import by_prefix, read_values
from jalostamo.managing.hierarchies.columns import MOST_VALUES, ColumnValues, refuse_uncovered, values_of

SECRET = "010190-900A"


@pytest.fixture(scope="module")
def engine(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Engine]:
    """An embedded engine."""
    with open_engine(workspace=tmp_path_factory.mktemp("engine")) as opened:
        yield opened


def written(folder: Path, content: str, *, name: str = "people.csv") -> Path:
    path = folder / name
    path.write_bytes(content.encode())
    return path


def test_values_are_taken_once_as_they_are_recorded(engine: Engine, tmp_path: Path) -> None:
    path = written(tmp_path, 'a;code\n1;02100\n2;\n3; 02100\n4;02100\n5;"x;y"\n')
    found = values_of(engine, path, Writing(delimiter=";"), column="code")
    assert found.rows_by_value == {" 02100": 1, "02100": 2, "x;y": 1}
    assert (found.rows, found.missing) == (5, 1)


@pytest.mark.parametrize(
    ("recorded", "values"),
    [
        (pa.array([7, None, 7, 10]), ["10", "7"]),
        (pa.array([datetime.date(2015, 11, 23), None]), ["2015-11-23"]),
        (pa.array(["b", "", "a"]), ["a", "b"]),
    ],
    ids=["numbers", "days", "texts"],
)
def test_what_a_parquet_file_holds_is_taken_as_text(
    recorded: pa.Array, values: list[str], engine: Engine, tmp_path: Path
) -> None:
    pyarrow.parquet.write_table(pa.table({"code": recorded}), tmp_path / "people.parquet")
    found = values_of(engine, tmp_path / "people.parquet", Writing(), column="code")
    assert (list(found.values), found.missing) == (values, 1)


REFUSED = {
    "no such file": ("missing.csv", None, "file_missing"),
    "no table's name": ("people.txt", "code\n1\n", "table_kind"),
    "no such column": ("people.csv", f"{SECRET}\n1\n", "column_missing"),
    "a column twice": ("people.csv", "code,CODE\n1,2\n", "column_doubled"),
    "no value": ("people.csv", "code,b\n,1\n", "hierarchy_empty"),
    "a row too long": ("people.csv", f"code,b\n1,2\n{SECRET},2,3\n", "too_many_columns"),
    "no Parquet": ("people.parquet", "code\n1\n", "file_form"),
}


@pytest.mark.parametrize("fault", REFUSED)
def test_a_table_that_cannot_be_read_is_refused_without_a_value(fault: str, engine: Engine, tmp_path: Path) -> None:
    name, content, reason = REFUSED[fault]
    path = tmp_path / name if content is None else written(tmp_path, content, name=name)
    with pytest.raises(JalostamoError) as refused:
        values_of(engine, path, Writing(), column="code")
    assert refused.value.reason == reason
    assert SECRET not in str(refused.value)


def test_a_column_of_too_many_values_is_taken_for_an_identifier(engine: Engine, tmp_path: Path) -> None:
    pyarrow.parquet.write_table(pa.table({"code": pa.array(range(MOST_VALUES + 1))}), tmp_path / "people.parquet")
    with pytest.raises(Unfit, match="has 1000001 different values, more than the 1000000") as refused:
        values_of(engine, tmp_path / "people.parquet", Writing(), column="code")
    assert refused.value.reason == "hierarchy_values"


def test_values_that_a_hierarchy_does_not_name_are_counted() -> None:
    found = ColumnValues("code", {"02100": 5, SECRET: 2, "x": 1}, 0)
    with pytest.raises(Unfit, match="'code' has 2 values, in 3 rows, that made.csv does not name") as refused:
        refuse_uncovered(by_prefix("made.csv", ["02100"], mask="?"), found)
    assert SECRET not in str(refused.value)
    assert SECRET not in repr(found)
    refuse_uncovered(by_prefix("made.csv", list(found.values), mask="?"), found)


def test_a_list_that_is_missing_is_told(tmp_path: Path) -> None:
    with pytest.raises(JalostamoError, match="List missing.csv is missing"):
        read_values(tmp_path / "missing.csv")
