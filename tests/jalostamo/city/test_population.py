"""The people look like those of a Finnish town: ages, households, languages, and who comes and goes."""

from __future__ import annotations

import polars as pl
import pytest
from tests.jalostamo.city.analysis import read_persons, read_table
from tests.jalostamo.city.conftest import Town

DAY = "%d.%m.%Y"


@pytest.fixture(scope="module")
def persons(town: Town) -> pl.DataFrame:
    dates = ("SYNTYMAPV", "MUUTTO_TULO", "MUUTTO_LAHTO", "KUOLINPV")
    read = read_persons(town.folder).unique("HETU", keep="first", maintain_order=True)
    return read.with_columns(pl.col(dates).str.to_date(DAY), age=2010 - pl.col("SYNTYMAPV").str.slice(6).cast(pl.Int64))


@pytest.fixture(scope="module")
def first_day(persons: pl.DataFrame) -> pl.DataFrame:
    return persons.filter(pl.col("MUUTTO_TULO").is_null())


def _share(people: pl.DataFrame, condition: pl.Expr) -> float:
    return people.filter(condition).height / people.height


def test_as_many_people_as_asked_live_there_on_the_first_day(first_day: pl.DataFrame) -> None:
    assert first_day.height == 20_000


@pytest.mark.parametrize(("low", "high", "share"), [(0, 17, 0.21), (18, 64, 0.63), (65, 110, 0.16)])
def test_the_age_pyramid_is_that_of_a_finnish_town(first_day: pl.DataFrame, low: int, high: int, share: float) -> None:
    assert _share(first_day, pl.col("age").is_between(low, high)) == pytest.approx(share, abs=0.025)


@pytest.mark.parametrize(("low", "high", "share"), [(0, 2, 0.24), (3, 6, 0.20), (7, 12, 0.16), (13, 17, 0.12)])
def test_foreign_languages_are_commonest_among_the_youngest(
    first_day: pl.DataFrame, low: int, high: int, share: float
) -> None:
    children = first_day.filter(pl.col("age").is_between(low, high))
    assert _share(children, ~pl.col("AIDINKIELI").is_in(["fi", "sv"])) == pytest.approx(share, abs=0.035)


def test_swedish_is_spoken_by_seven_in_a_hundred(first_day: pl.DataFrame) -> None:
    assert _share(first_day, pl.col("AIDINKIELI") == "sv") == pytest.approx(0.07, abs=0.01)


def test_most_foreign_language_children_are_born_in_finland_and_few_adults(first_day: pl.DataFrame) -> None:
    foreign = first_day.filter(~pl.col("AIDINKIELI").is_in(["fi", "sv"]))
    born_in_finland = pl.col("SYNTYMAVALTIO") == "FIN"
    assert _share(foreign.filter(pl.col("age") < 18), born_in_finland) == pytest.approx(0.65, abs=0.06)
    assert _share(foreign.filter(pl.col("age") > 24), born_in_finland) < 0.12
    domestic = first_day.filter(pl.col("AIDINKIELI").is_in(["fi", "sv"]))
    assert _share(domestic, born_in_finland) > 0.95


def test_guardians_are_adults_of_the_childs_household_and_old_enough(persons: pl.DataFrame) -> None:
    for guardian in ("HUOLTAJA1", "HUOLTAJA2"):
        children = persons.filter(pl.col(guardian).is_not_null()).join(
            persons, left_on=guardian, right_on="HETU", suffix="_of_guardian"
        )
        assert children.height == persons[guardian].drop_nulls().len()
        together = (children["KOTITALOUS"] == children["KOTITALOUS_of_guardian"]).mean()
        # Parents part, and children of some years ago have homes of their own.
        assert 0.70 < together < 0.99
        gap = (children["SYNTYMAPV"] - children["SYNTYMAPV_of_guardian"]).dt.total_days() / 365.25
        assert gap.min() > 18
        assert gap.max() < 60


def test_siblings_are_more_than_a_year_apart(persons: pl.DataFrame) -> None:
    siblings = persons.drop_nulls("HUOLTAJA1").sort("HUOLTAJA1", "SYNTYMAPV")
    gaps = siblings.select(pl.col("SYNTYMAPV").diff().over("HUOLTAJA1").dt.total_days())["SYNTYMAPV"].drop_nulls()
    assert gaps.len() > 1_000
    assert gaps.min() > 400


def test_nobody_who_came_of_age_before_coming_has_a_guardian(persons: pl.DataFrame) -> None:
    came = pl.col("MUUTTO_TULO").fill_null(pl.date(2010, 1, 1))
    of_age = pl.col("SYNTYMAPV").dt.offset_by("18y") <= came
    assert persons.filter(of_age & pl.col("HUOLTAJA1").is_not_null()).height == 0
    assert persons.filter(~of_age & pl.col("HUOLTAJA1").is_null()).height == 0


def test_a_child_normally_speaks_the_language_group_of_its_guardian(persons: pl.DataFrame) -> None:
    children = persons.join(persons, left_on="HUOLTAJA1", right_on="HETU", suffix="_of_guardian")
    children = children.with_columns(
        own=pl.col("AIDINKIELI").is_in(["fi", "sv"]), theirs=pl.col("AIDINKIELI_of_guardian").is_in(["fi", "sv"])
    )
    assert _share(children, pl.col("own") == pl.col("theirs")) > 0.97


def test_dates_come_in_the_order_of_a_life(persons: pl.DataFrame) -> None:
    assert persons.filter(pl.col("MUUTTO_TULO") < pl.col("SYNTYMAPV")).height == 0
    assert persons.filter(pl.col("MUUTTO_LAHTO") < pl.col("MUUTTO_TULO")).height == 0
    died = persons.filter(pl.col("KUOLINPV").is_not_null())
    assert died.height > 500
    assert (died["KUOLINPV"] == died["MUUTTO_LAHTO"]).all()


def test_every_year_has_births_deaths_and_moves_both_ways(persons: pl.DataFrame) -> None:
    born = persons.filter(pl.col("MUUTTO_TULO") == pl.col("SYNTYMAPV"))["SYNTYMAPV"].dt.year().value_counts()
    came = persons.filter(pl.col("MUUTTO_TULO") > pl.col("SYNTYMAPV"))["MUUTTO_TULO"].dt.year().value_counts()
    died = persons["KUOLINPV"].drop_nulls().dt.year().value_counts()
    left = persons.filter(pl.col("KUOLINPV").is_null())["MUUTTO_LAHTO"].drop_nulls().dt.year().value_counts()
    for counted, low, high in ((born, 180, 420), (came, 1_000, 1_400), (died, 140, 320), (left, 700, 1_400)):
        assert counted.height == 7
        assert low < counted["count"].min() <= counted["count"].max() < high


def test_households_are_of_the_usual_sizes(town: Town) -> None:
    # By the first home of each: later ones are elsewhere.
    homes = read_table(town.folder, "population", "addresses").filter(pl.col("ALKUPV").is_null())
    sizes = homes["KOTITALOUS"].value_counts()["count"]
    assert (sizes == 1).mean() == pytest.approx(0.41, abs=0.03)
    assert sizes.max() == 6


def test_a_family_shares_its_surname_or_that_of_one_parent(persons: pl.DataFrame) -> None:
    finnish = persons.filter(pl.col("AIDINKIELI") == "fi")
    children = finnish.join(finnish, left_on="HUOLTAJA1", right_on="HETU", suffix="_of_guardian")
    assert _share(children, pl.col("SUKUNIMI") == pl.col("SUKUNIMI_of_guardian")) > 0.7


def test_names_are_never_empty(persons: pl.DataFrame) -> None:
    for column in ("SUKUNIMI", "ETUNIMET"):
        assert persons[column].null_count() == 0
        assert persons[column].str.contains(r"^\p{L}[\p{L} '\-]+$").all()


def test_women_of_russian_families_have_the_womens_form_of_the_surname(persons: pl.DataFrame) -> None:
    russian = persons.filter((pl.col("AIDINKIELI") == "ru") & pl.col("SUKUNIMI").str.contains("ova?$"))
    women = russian["SUKUPUOLI"] == "2"
    assert women.sum() > 50
    assert (russian["SUKUNIMI"].str.ends_with("a") == women).mean() > 0.95
