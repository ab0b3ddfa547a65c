"""The operating environment: indicators of each district and month, in UTF-16 with decimal commas."""

from __future__ import annotations

from pathlib import Path

import polars as pl
import pytest

from jalostamo.city.environment import ENVIRONMENT, deliver_environment
from jalostamo.city.founding import founded
from jalostamo.city.plan import Plan
from jalostamo.concepts.registers import Sensitivity

PLAN = Plan(people=3000, first_year=2010, last_year=2012, seed=5)


def _read(folder: Path, name: str) -> pl.DataFrame:
    table = ENVIRONMENT.table_named(name)
    text = (folder / "environment" / table.file).read_bytes().decode("utf-16")
    return pl.read_csv(text.encode(), separator="\t", decimal_comma=True, schema_overrides={"ALUE": pl.String})


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    place = tmp_path_factory.mktemp("environment")
    deliver_environment(place, founded(PLAN))
    return place


def test_each_month_and_district_has_one_record(folder: Path) -> None:
    districts = _read(folder, "districts")
    assert districts.height == districts.unique(["KUUKAUSI", "ALUE"]).height == 3 * 12 * 12


def test_the_share_of_foreign_language_residents_is_the_towns(folder: Path) -> None:
    residents = founded(PLAN).residents(2012)
    expected = residents.foreign[residents.district == 3].mean()
    told = _read(folder, "districts").filter((pl.col("ALUE") == "A04") & pl.col("KUUKAUSI").str.ends_with("2012"))
    assert set(told["VIERASKIELISIA"]) == {round(expected, 4)}


def test_winters_are_colder_than_summers(folder: Path) -> None:
    weather = _read(folder, "weather").with_columns(month=pl.col("KUUKAUSI").str.slice(3, 2))
    january, july = (weather.filter(pl.col("month") == month)["LAMPOTILA"].mean() for month in ("01", "07"))
    assert january < 3 < 12 < july


def test_nothing_in_it_tells_of_a_person() -> None:
    fields = [field for table in ENVIRONMENT.tables for field in table.fields]
    assert {field.sensitivity for field in fields} == {Sensitivity.ORDINARY}
