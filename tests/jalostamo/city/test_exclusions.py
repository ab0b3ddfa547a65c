"""The city's list of who is left out: planted persons, with counts that the truth tells."""

from __future__ import annotations

import polars as pl
import pytest
from tests.jalostamo.city.analysis import read_persons, read_table
from tests.jalostamo.city.conftest import Town


@pytest.fixture(scope="module")
def excluded(town: Town) -> pl.DataFrame:
    read = pl.read_csv(town.folder / "exclusions" / "exclusions.csv", infer_schema=False)
    return read.with_columns(pl.col("alkaen", "paattyen").str.to_date())


@pytest.mark.parametrize(
    ("kind", "name", "share"), [("objection", "objections", 0.003), ("safety_ban", "safety_bans", 0.0015)]
)
def test_as_many_are_left_out_as_the_truth_says(
    town: Town, excluded: pl.DataFrame, kind: str, name: str, share: float
) -> None:
    found = excluded.filter(pl.col("laji") == kind).height
    assert found == town.truth["planted"][name]["value"]
    assert found / town.truth["match"]["population"]["codes"] == pytest.approx(share, rel=0.4)


def test_each_is_a_resident_by_the_code_of_that_day(town: Town, excluded: pl.DataFrame) -> None:
    former = set(read_table(town.folder, "population", "identity_codes")["ENTINEN_HETU"])
    assert set(excluded["henkilotunnus"]) <= set(read_persons(town.folder)["HETU"]) | former


def test_a_safety_ban_holds_in_every_register_and_an_objection_in_some(excluded: pl.DataFrame) -> None:
    bans = excluded.filter(pl.col("laji") == "safety_ban")
    assert bans["rekisteri"].null_count() == bans.height
    objections = excluded.filter(pl.col("laji") == "objection")["rekisteri"]
    assert 0 < objections.null_count() < objections.len()


def test_none_ends_before_it_begins(excluded: pl.DataFrame) -> None:
    assert excluded.filter(pl.col("paattyen") < pl.col("alkaen")).height == 0
    assert excluded["alkaen"].max() <= pl.select(pl.date(2016, 12, 31)).item()
