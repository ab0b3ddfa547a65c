"""Businesses have valid ids, and behind each sole trader stands a resident."""

from __future__ import annotations

from pathlib import Path

import polars as pl
import pytest
from tests.jalostamo.city.analysis import read_persons, read_table
from tests.jalostamo.city.conftest import Town

from jalostamo.concepts.identifiers import BusinessId


def _read(folder: Path, table: str) -> pl.DataFrame:
    return pl.read_csv(folder / "businesses" / f"{table}.txt", separator="\t", infer_schema=False)


@pytest.fixture(scope="module")
def businesses(town: Town) -> pl.DataFrame:
    return _read(town.folder, "businesses").with_columns(pl.col("PERUSTETTU", "LAKANNUT").str.to_date())


def test_every_business_id_is_valid_and_stands_once(businesses: pl.DataFrame) -> None:
    assert len({BusinessId(text).text for text in businesses["Y_TUNNUS"]}) == businesses.height


def test_seven_in_a_hundred_adults_number_the_businesses_of_the_first_day(town: Town, businesses: pl.DataFrame) -> None:
    there = businesses.filter(pl.col("PERUSTETTU") < pl.date(2010, 1, 1)).height
    persons = read_persons(town.folder).filter(pl.col("MUUTTO_TULO").is_null())
    adults = persons.filter(pl.col("SYNTYMAPV").str.slice(6).cast(pl.Int64) <= 1992).height
    assert there / adults == pytest.approx(0.07, abs=0.01)
    assert (businesses["YRITYSMUOTO"] == "TMI").mean() == pytest.approx(0.45, abs=0.04)


def test_a_sole_trader_has_a_persons_code_and_nobody_else_has(businesses: pl.DataFrame) -> None:
    coded = businesses["ELINKEINONHARJOITTAJA"].is_not_null()
    traders = businesses["YRITYSMUOTO"] == "TMI"
    assert not (coded & ~traders).any()
    # Some codes are recorded wrongly, a few of them not at all.
    assert (coded & traders).sum() / traders.sum() > 0.98


def test_the_linked_sole_traders_are_as_many_as_the_truth_says(town: Town, businesses: pl.DataFrame) -> None:
    residents = set(read_persons(town.folder)["HETU"])
    former = set(read_table(town.folder, "population", "identity_codes")["ENTINEN_HETU"])
    linked = businesses["ELINKEINONHARJOITTAJA"].drop_nulls().is_in(list(residents | former)).sum()
    planted = town.truth["planted"]
    assert linked == planted["sole_traders_matched"]["value"]
    assert (businesses["YRITYSMUOTO"] == "TMI").sum() == planted["sole_traders"]["value"]
    assert businesses.height == planted["businesses"]["value"]


def test_a_trader_was_grown_up_when_founding(town: Town, businesses: pl.DataFrame) -> None:
    persons = read_persons(town.folder).unique("HETU", keep="first")
    traders = businesses.join(persons, left_on="ELINKEINONHARJOITTAJA", right_on="HETU")
    age = traders.select(pl.col("PERUSTETTU").dt.year() - pl.col("SYNTYMAPV").str.slice(6).cast(pl.Int32))["PERUSTETTU"]
    assert (age.min(), age.max() < 100) == (18, True)


def test_a_business_has_contacts_while_it_lasts(town: Town, businesses: pl.DataFrame) -> None:
    contacts = (
        _read(town.folder, "contacts").with_columns(pl.col("PAIVA").str.to_date()).join(businesses, on="Y_TUNNUS")
    )
    assert contacts.height == _read(town.folder, "contacts").height > 2_000
    assert contacts.filter(pl.col("PAIVA") < pl.col("PERUSTETTU")).height == 0
    assert contacts.filter(pl.col("PAIVA") > pl.col("LAKANNUT")).height == 0
