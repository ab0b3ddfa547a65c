"""The social services' contacts and notifications stand beside their decisions and agree with them."""

from __future__ import annotations

import polars as pl
import pytest
from tests.jalostamo.city.analysis import read_decisions
from tests.jalostamo.city.conftest import Town


@pytest.fixture(scope="module")
def contacts(town: Town) -> pl.DataFrame:
    read = pl.read_csv(town.folder / "social_services" / "contacts.csv", infer_schema=False)
    return read.with_columns(pl.col("pyydetty", "pvm", "kirjattu").str.to_date())


def test_each_notification_is_told_of_once(town: Town) -> None:
    told = pl.read_csv(town.folder / "social_services" / "notifications.csv", infer_schema=False)
    decided = read_decisions(town.folder).filter(pl.col("palvelu") == "NOT")
    assert told["ilmoitus_nro"].is_duplicated().sum() == 0
    assert sorted(told["saapunut"]) == sorted(decided["alku"])
    assert told["saapunut"].is_sorted()
    assert told.filter(pl.col("kasitelty") < pl.col("saapunut")).height == 0
    assessed = told.filter(pl.col("ratkaisu") == "1")["lapsi_hetu"].drop_nulls()
    assert assessed.is_duplicated().mean() < 0.01


def test_some_tenth_of_a_contact_falls_on_a_year_of_life_in_the_town(contacts: pl.DataFrame) -> None:
    assert 0.06 < contacts.height / (7 * 21_500) < 0.14


def test_clients_wait_and_records_come_after_the_day(town: Town, contacts: pl.DataFrame) -> None:
    waited = (contacts["pvm"] - contacts["pyydetty"]).dt.total_days()
    delay = (contacts["kirjattu"] - contacts["pvm"]).dt.total_days()
    assert waited.min() == 0
    assert 4 < waited.mean() < 20
    assert delay.min() == 0
    assert (delay > 30).sum() == town.truth["suffers"]["social_services"]["contacts"]["late"] > 100
    assert contacts["kirjattu"].is_sorted()


def test_july_and_weekends_are_quiet(contacts: pl.DataFrame) -> None:
    months = contacts["pvm"].dt.month().value_counts(sort=True)
    assert months["pvm"][-1] == 7
    assert (contacts["pvm"].dt.weekday() > 5).mean() < 0.03


def test_from_the_fourth_year_no_reason_is_recorded_of_calls(contacts: pl.DataFrame) -> None:
    calls = contacts.filter(pl.col("kanava") == "P")
    later = calls["pvm"] >= pl.select(pl.date(2013, 1, 1)).item()
    assert (calls["syy"].is_null() == later).all()
    assert contacts.filter(pl.col("kanava") != "P")["syy"].null_count() == 0


def test_a_contact_belongs_to_a_client_of_the_time(town: Town, contacts: pl.DataFrame) -> None:
    spells = read_decisions(town.folder).with_columns(pl.col("alku", "loppu").str.to_date())
    joined = contacts.drop_nulls("asiakas_hetu").unique("kontakti_nro").join(spells, on=["asiakas_hetu", "palvelu"])
    during = joined.filter(
        (pl.col("pvm") >= pl.col("alku")) & (pl.col("loppu").is_null() | (pl.col("pvm") <= pl.col("loppu")))
    )
    told = contacts.drop_nulls("asiakas_hetu").unique("kontakti_nro")
    of_older_decisions = told.join(during, on="kontakti_nro", how="anti")["pvm"].dt.year().value_counts()
    by_year = dict(of_older_decisions.iter_rows())
    # The decisions on many of the first year's clients are older than the registers.
    assert 400 < by_year[2010] < 1_200
    # Who got another code in the middle of a service has it under two.
    assert by_year.get(2015, 0) + by_year.get(2016, 0) < 0.004 * told.filter(pl.col("pvm").dt.year() > 2014).height


def test_the_first_year_has_as_many_contacts_as_others(contacts: pl.DataFrame) -> None:
    by_year = dict(contacts["pvm"].dt.year().value_counts().iter_rows())
    assert by_year[2010] > 0.85 * sum(by_year.values()) / 7
