"""Living conditions are plausible by age, sex, language and district, and change as lives do."""

from __future__ import annotations

import polars as pl
import pytest
from tests.jalostamo.city.analysis import read_persons
from tests.jalostamo.city.conftest import Town


@pytest.fixture(scope="module")
def yearly(town: Town) -> pl.DataFrame:
    born = pl.col("SYNTYMAPV").str.slice(6).cast(pl.Int64)
    persons = read_persons(town.folder).unique("HETU", keep="first").with_columns(born=born)
    read = pl.read_csv(town.folder / "background" / "yearly.csv", infer_schema=False)
    year = pl.col("since").str.slice(0, 4).cast(pl.Int64)
    joined = read.join(persons, left_on="code", right_on="HETU").with_columns(
        year=year, level=pl.col("education").cast(pl.Int64)
    )
    return joined.with_columns(age=pl.col("year") - pl.col("born"), tenth=pl.col("income_class").cast(pl.Int64))


def _share(people: pl.DataFrame, activity: str) -> float:
    return people.filter(pl.col("activity") == activity).height / people.height


def test_everybody_of_fifteen_or_more_is_told_of_once_a_year(yearly: pl.DataFrame) -> None:
    assert yearly["age"].min() == 15
    assert yearly.select("code", "year").is_duplicated().sum() == 0
    assert yearly["year"].unique().sort().to_list() == list(range(2010, 2017))


def test_activities_follow_age(yearly: pl.DataFrame) -> None:
    assert _share(yearly.filter(pl.col("age").is_between(15, 18)), "student") > 0.85
    assert _share(yearly.filter(pl.col("age").is_between(30, 54)), "employed") == pytest.approx(0.76, abs=0.06)
    assert _share(yearly.filter(pl.col("age") >= 69), "pensioner") == 1.0
    assert _share(yearly.filter(pl.col("age").is_between(40, 50)), "pensioner") < 0.08


def test_unemployment_is_that_of_a_finnish_town_in_each_year(yearly: pl.DataFrame) -> None:
    for year in range(2010, 2017):
        of_year = yearly.filter((pl.col("year") == year) & pl.col("activity").is_in(["employed", "unemployed"]))
        assert 0.06 < _share(of_year, "unemployed") < 0.18


def test_education_never_falls_and_sometimes_rises(yearly: pl.DataFrame) -> None:
    steps = yearly.sort("code", "year").select(pl.col("level").diff().over("code").alias("step"))["step"].drop_nulls()
    assert steps.min() == 0
    assert 0.005 < (steps > 0).mean() < 0.08


def test_the_educated_are_younger_and_better_paid(yearly: pl.DataFrame) -> None:
    grown_up = yearly.filter(pl.col("age").is_between(35, 60))
    by_level = grown_up.group_by("level").agg(pl.col("tenth").mean()).sort("level")["tenth"].to_list()
    assert by_level == sorted(by_level)
    assert by_level[-1] - by_level[0] > 2
    old = yearly.filter(pl.col("age") > 75)
    assert (old["level"] == 1).mean() > 2 * (grown_up["level"] == 1).mean()


def test_an_occupation_is_told_of_the_employed_and_of_no_one_else(yearly: pl.DataFrame) -> None:
    assert (yearly["occupation"].is_not_null() == (yearly["activity"] == "employed")).all()
    employed = yearly.drop_nulls("occupation")
    crafts = employed.filter(pl.col("occupation") == "7")
    assert (crafts["SUKUPUOLI"] == "1").mean() > 0.8


def test_household_members_share_their_income_class(yearly: pl.DataFrame) -> None:
    last = yearly.filter((pl.col("year") == 2016) & pl.col("MUUTTO_LAHTO").is_null())
    classes = last.group_by("KOTITALOUS").agg(pl.col("tenth").n_unique())
    assert (classes["tenth"] == 1).mean() > 0.99


def test_incomes_change_from_year_to_year_but_not_wildly(yearly: pl.DataFrame) -> None:
    steps = (
        yearly.sort("code", "year").select(pl.col("tenth").diff().abs().over("code").alias("step"))["step"].drop_nulls()
    )
    assert 0.2 < (steps > 0).mean() < 0.8
    assert steps.mean() < 2


def test_gardens_and_blocks_of_flats_are_in_different_districts(yearly: pl.DataFrame) -> None:
    by_district = yearly.group_by("ALUE").agg((pl.col("dwelling") == "detached").mean())["dwelling"]
    assert by_district.min() < 0.08
    assert by_district.max() > 0.35
