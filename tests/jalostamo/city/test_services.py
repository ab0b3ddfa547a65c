"""What the services record of a child makes sense beside what the population register says of it."""

from __future__ import annotations

import polars as pl
import pytest
from tests.jalostamo.city.analysis import LIGHTER, PLACEMENTS
from tests.jalostamo.city.conftest import Town


@pytest.fixture(scope="module")
def events(town: Town) -> pl.DataFrame:
    return town.registers.decisions.with_columns(age=pl.col("start").dt.year() - pl.col("born").dt.year())


def _first(events: pl.DataFrame, services: list[str], name: str) -> pl.DataFrame:
    return events.filter(pl.col("service").is_in(services)).group_by("code").agg(pl.col("start").min().alias(name))


def test_nothing_is_recorded_of_anyone_who_does_not_live_there(events: pl.DataFrame) -> None:
    for day in ("start", "end"):
        assert events.filter(pl.col(day) > pl.col("left")).height == 0
        assert events.filter((pl.col(day) < pl.col("came")) | (pl.col(day) < pl.col("born"))).height == 0


def test_open_spells_are_those_of_people_who_still_live_there(events: pl.DataFrame) -> None:
    still_open = events.filter(pl.col("end").is_null())
    assert still_open.height > 50
    assert still_open["left"].null_count() == still_open.height


def test_only_children_ask_for_family_services_or_are_notified_of(events: pl.DataFrame) -> None:
    assert events.filter(pl.col("service").is_in(["FC", "HS", "NOT"]))["age"].max() == 17
    assert events.filter(pl.col("service") == "AFT")["age"].max() > 17


def test_a_child_of_part_of_a_year_asks_for_its_part(town: Town, events: pl.DataFrame) -> None:
    """In the year of birth home service begins as often per day of residence as in any year: 60 per 1,000 years."""
    newborn = town.registers.persons.filter(pl.col("came") == pl.col("born"))
    end = pl.min_horizontal("left", pl.date(pl.col("born").dt.year(), 12, 31))
    years = ((end - pl.col("born")).dt.total_days() + 1) / 365
    a_year = pl.when("foreign").then(0.036).otherwise(0.060)
    expected = newborn.select((years * a_year).sum()).item()
    begun = events.filter((pl.col("service") == "HS") & (pl.col("age") == 0) & (pl.col("came") == pl.col("born")))
    assert expected > 25
    assert abs(begun.height - expected) < 3 * expected**0.5


def test_every_notified_child_who_stays_is_assessed_once(events: pl.DataFrame) -> None:
    notified = _first(events, ["NOT"], "notified").join(_first(events, ["ASM"], "assessed"), on="code", how="left")
    gap = (notified["assessed"] - notified["notified"]).dt.total_days()
    # What would begin at a weekend begins in the week after it.
    assert gap.min() == 5
    assert 55 < gap.max() <= 66
    assert events.filter(pl.col("service") == "ASM").is_duplicated().sum() == 0
    assert events.filter(pl.col("service") == "ASM")["code"].is_duplicated().sum() == 0
    assert gap.null_count() / len(gap) < 0.05


def test_placements_follow_lighter_services_and_aftercare_follows_care(events: pl.DataFrame) -> None:
    lighter = _first(events, LIGHTER, "lighter")
    placed = lighter.join(_first(events, PLACEMENTS, "placed"), on="code")
    gap = (placed["placed"] - placed["lighter"]).dt.total_days()
    assert 30 <= gap.min() < gap.max() <= 336
    aftercare = _first(events, ["TIC"], "care").join(_first(events, ["AFT"], "after"), on="code")
    assert aftercare.height > 10
    assert (aftercare["after"] - aftercare["care"]).dt.total_days().min() > 365


def test_only_what_cannot_wait_begins_at_a_weekend(events: pl.DataFrame) -> None:
    at_weekend = events.group_by("service").agg(share=(pl.col("start").dt.weekday() > 5).mean())
    shares = dict(at_weekend.iter_rows())
    assert {service for service, share in shares.items() if share} <= {"NOT", "EMP", "AFT"}
    assert 0.03 < shares["NOT"] < 0.15


def test_nobody_is_taken_into_care_as_a_grown_up(events: pl.DataFrame) -> None:
    into_care = events.filter(pl.col("service") == "TIC")
    assert into_care.height > 20
    assert (into_care["start"] < into_care["born"].dt.offset_by("18y")).all()


def test_spells_of_one_service_do_not_overlap(events: pl.DataFrame) -> None:
    asked = events.filter(pl.col("service").is_in(["FC", "HS"])).sort("code", "service", "start")
    following = asked.with_columns(next_start=pl.col("start").shift(-1).over("code", "service")).drop_nulls(
        "next_start"
    )
    assert following.height > 50
    assert following["end"].null_count() == 0
    assert following.filter(pl.col("end") > pl.col("next_start")).height == 0


def test_every_service_is_used(town: Town, events: pl.DataFrame) -> None:
    assert events["service"].n_unique() == 11
    assert min(town.truth["counts"]["events"].values()) > 20
