"""The same plan gives the same bytes, and a longer period changes nothing dated earlier."""

from __future__ import annotations

from pathlib import Path

import polars as pl
import pytest
from tests.jalostamo.city.analysis import read_decisions, read_persons
from tests.jalostamo.city.conftest import OWN, Town

from jalostamo.city import Plan, generate

SMALL = Plan(people=3_000, first_year=2010, last_year=2013, seed=7)
LONGER = Plan(people=3_000, first_year=2010, last_year=2016, seed=7)


# What the register tells as it is at the end: where people live, which language is recorded, which code they have.
# Codes tell birth and sex: a code that is changed later has them corrected.
STATE = [
    "MUUTTO_LAHTO",
    "KUOLINPV",
    "ALUE",
    "KOTITALOUS",
    "AIDINKIELI",
    "HETU",
    "HUOLTAJA1",
    "HUOLTAJA2",
    "SYNTYMAPV",
    "SUKUPUOLI",
]


def _content(folder: Path) -> dict[str, bytes]:
    return {str(path.relative_to(folder)): path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file()}


def test_the_same_plan_gives_the_same_bytes(town: Town, tmp_path: Path) -> None:
    generate(tmp_path, town.plan, only=OWN)
    again = _content(tmp_path)
    assert {"truth.json", "population/persons.csv", "social_services/decisions.csv"} < set(again)
    assert again == _content(town.folder)


def test_another_seed_gives_another_city(tmp_path: Path) -> None:
    generate(tmp_path / "first", SMALL, only=OWN)
    generate(tmp_path / "second", Plan(3_000, 2010, 2013, seed=8), only=OWN)
    first, second = _content(tmp_path / "first"), _content(tmp_path / "second")
    assert first["population/register.toml"] == second["population/register.toml"]
    assert first["population/persons.csv"] != second["population/persons.csv"]
    assert first["social_services/decisions.csv"] != second["social_services/decisions.csv"]


@pytest.fixture(scope="module")
def shorter_and_longer(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    folders = tmp_path_factory.mktemp("shorter"), tmp_path_factory.mktemp("longer")
    for folder, plan in zip(folders, (SMALL, LONGER), strict=True):
        generate(folder, plan, only=OWN)
    return folders


def test_a_later_end_keeps_every_earlier_decision_but_for_open_ends(shorter_and_longer: tuple[Path, Path]) -> None:
    shorter, longer = (read_decisions(folder) for folder in shorter_and_longer)
    assert len(longer) > len(shorter)
    same = longer.head(len(shorter))
    assert shorter.drop("loppu").equals(same.drop("loppu"))
    was_open = shorter["loppu"].is_null()
    assert shorter["loppu"].filter(~was_open).equals(same["loppu"].filter(~was_open))
    assert same["loppu"].filter(was_open).drop_nulls().min() > "2013-12-31"


def test_a_later_end_keeps_every_earlier_person_but_for_who_leaves_later(shorter_and_longer: tuple[Path, Path]) -> None:
    shorter, longer = (read_persons(folder) for folder in shorter_and_longer)
    same = longer.head(len(shorter))
    assert shorter.drop(STATE).equals(same.drop(STATE))
    for column in ("MUUTTO_LAHTO", "KUOLINPV"):
        unknown = shorter[column].is_null()
        assert shorter[column].filter(~unknown).equals(same[column].filter(~unknown))
        assert same[column].filter(unknown).drop_nulls().str.to_date("%d.%m.%Y").dt.year().min() == 2014


def test_who_comes_later_comes_after_the_shorter_period(shorter_and_longer: tuple[Path, Path]) -> None:
    shorter, longer = (read_persons(folder) for folder in shorter_and_longer)
    later = longer.tail(len(longer) - len(shorter)).select(pl.col("MUUTTO_TULO").str.to_date("%d.%m.%Y").dt.year())
    assert later["MUUTTO_TULO"].unique().sort().to_list() == [2014, 2015, 2016]
