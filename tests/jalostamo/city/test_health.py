"""The health services' register: believable volumes, a changed practice, a missing unit, and late records."""

from __future__ import annotations

import datetime
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from jalostamo.city.founding import founded
from jalostamo.city.health import HEALTH, deliver_health
from jalostamo.city.health.visits import visits_in
from jalostamo.city.plan import Plan

PLAN = Plan(people=3000, first_year=2010, last_year=2014, seed=5)
type Written = tuple[pl.DataFrame, dict[str, Any]]


def _written(folder: Path, plan: Plan) -> Written:
    town = founded(plan)
    truth: dict[str, Any] = deliver_health(folder, town)
    visits = pl.read_csv(folder / "health" / "visits.psv", separator="|", infer_schema=False)
    days = (pl.col(name).str.to_date("%Y%m%d") for name in ("BOOKED", "VISITED", "RECORDED"))
    return visits.with_columns(days), truth


@pytest.fixture(scope="module")
def written(tmp_path_factory: pytest.TempPathFactory) -> Written:
    return _written(tmp_path_factory.mktemp("health"), PLAN)


def test_people_turn_to_health_care_some_three_times_a_year(written: Written) -> None:
    town = founded(PLAN)
    lived = sum(town.residents(year).share.sum() for year in PLAN.years)
    assert 2.4 < written[0].height / lived < 3.6


def test_every_code_is_in_its_code_list(written: Written) -> None:
    for field in HEALTH.tables[0].fields:
        if field.code_list:
            assert set(written[0][field.column]) <= set(HEALTH.code_list_named(field.code_list).allowed), field.name


def test_phone_contacts_are_recorded_from_the_fourth_year_on(written: Written) -> None:
    by_phone = written[0].filter(pl.col("FORM") == "PHO")["VISITED"]
    assert by_phone.dt.year().min() == 2013
    assert by_phone.len() > 100


def test_chapter_z_splits_in_the_fourth_year(written: Written) -> None:
    of_z = (
        written[0].filter(pl.col("REASON").str.starts_with("Z")).with_columns(new=pl.col("VISITED").dt.year() >= 2013)
    )
    assert set(of_z.filter(~pl.col("new"))["REASON"]) == {"Z00"}
    assert "Z00" not in set(of_z.filter("new")["REASON"])
    assert len(set(of_z.filter("new")["REASON"])) == 8


def test_the_western_unit_has_no_mental_health_contacts_in_the_register(written: Written) -> None:
    units = written[0].filter(pl.col("FORM") == "MEN")["UNIT"]
    assert set(units) == {"MH1"}


def test_records_stand_in_the_order_of_recording(written: Written) -> None:
    assert written[0]["RECORDED"].is_sorted()
    assert written[0]["RECORDED"].max() <= datetime.date(2014, 12, 31)


def test_no_visit_is_booked_after_it_or_recorded_before_it(written: Written) -> None:
    visits = written[0]
    assert (visits["BOOKED"] <= visits["VISITED"]).all()
    assert (visits["VISITED"] <= visits["RECORDED"]).all()


def test_what_the_register_suffers_is_counted_exactly(written: Written) -> None:
    visits, truth = written
    suffers = truth["suffers"]["health"]["visits"]
    late = visits.filter((pl.col("RECORDED") - pl.col("VISITED")).dt.total_days() > 30).height
    assert suffers["late"] == late
    assert 0.06 < late / visits.height < 0.10
    assert suffers["exact_duplicates"] == visits.height - visits.unique().height > 0
    assert truth["registers"] == {"health": {"visits": visits.height}}


def test_some_three_in_a_hundred_records_have_a_bad_code(written: Written) -> None:
    visits, truth = written
    town = founded(PLAN)
    codes = {*town.codes.tolist(), *town.former.tolist()}
    bad = visits.filter(~pl.col("PATIENT").fill_null("").is_in(list(codes))).height
    assert truth["suffers"]["health"]["visits"]["bad_codes"] == bad
    assert 0.015 < bad / visits.height < 0.05


def test_july_is_quiet_and_so_are_weekends(written: Written) -> None:
    days = written[0]["VISITED"]
    july, october = (int((days.dt.month() == month).sum()) for month in (7, 10))
    assert july < 0.7 * october
    assert (days.dt.weekday() >= 6).mean() < 0.03


def test_children_go_to_the_child_health_clinic(written: Written) -> None:
    town = founded(PLAN)
    residents = town.residents(2012)
    visits = visits_in(town, 2012)
    clinic = HEALTH.code_list_named("form").allowed.index("CHC")
    ages = {
        int(residents.age[residents.person == person][0]) for person in visits.filter(form=clinic)["person"].unique()
    }
    assert ages <= set(range(8))


def test_a_visit_is_drawn_alike_each_time() -> None:
    town = founded(PLAN)
    assert visits_in(town, 2011).equals(visits_in(town, 2011))


def test_a_longer_period_changes_no_record_made_before(tmp_path: Path, written: Written) -> None:
    longer = Plan(PLAN.people, PLAN.first_year, PLAN.last_year + 1, PLAN.seed)
    visits, _ = _written(tmp_path, longer)
    # Whose code changes in the year that is added, had another one before.
    assert visits.drop("PATIENT").head(written[0].height).equals(written[0].drop("PATIENT"))
