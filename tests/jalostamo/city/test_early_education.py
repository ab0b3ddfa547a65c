"""Early education's register: who takes part at which age, waiting, and attendance month by month."""

from __future__ import annotations

import datetime
import json
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl
import pytest

from jalostamo.city.early_education import EARLY_EDUCATION, deliver_early_education
from jalostamo.city.early_education.attendance import _working_days
from jalostamo.city.founding import founded
from jalostamo.city.plan import Plan

PLAN = Plan(people=4000, first_year=2010, last_year=2014, seed=5)
type Written = tuple[dict[str, pl.DataFrame], dict[str, Any]]


def _written(folder: Path, plan: Plan) -> Written:
    truth: dict[str, Any] = deliver_early_education(folder, founded(plan))
    home = folder / "early_education"
    tables = {t.name: pl.read_ndjson(home / t.file, infer_schema_length=None) for t in EARLY_EDUCATION.tables}
    dates = {"placements": ("applied", "start", "end"), "attendance": ("month", "recorded")}
    return {name: table.with_columns(pl.col(dates[name]).str.to_date()) for name, table in tables.items()}, truth


@pytest.fixture(scope="module")
def written(tmp_path_factory: pytest.TempPathFactory) -> Written:
    return _written(tmp_path_factory.mktemp("early"), PLAN)


def _birth_years(plan: Plan) -> pl.DataFrame:
    town = founded(plan)
    people = town.people
    return pl.DataFrame({"child": town.codes.tolist(), "born": people.birth_year, "foreign": people.foreign})


def test_every_line_is_a_record_of_its_own(tmp_path: Path) -> None:
    deliver_early_education(tmp_path, founded(Plan(people=500, first_year=2010, last_year=2010, seed=1)))
    lines = (tmp_path / "early_education" / "placements.jsonl").read_text(encoding="utf-8").splitlines()
    columns = [field.column for field in EARLY_EDUCATION.table_named("placements").fields]
    assert all(list(json.loads(line)) == columns for line in lines)


def test_children_in_early_education_are_one_to_six_years_old(written: Written) -> None:
    known = written[0]["placements"].join(_birth_years(PLAN), on="child")
    august = known.filter(pl.col("form") != "temporary").with_columns(
        year=pl.col("start").dt.year() - (pl.col("start").dt.month() < 8)
    )
    ages = set((august["year"] - august["born"]).unique())
    assert ages == set(range(1, 7))


def test_older_children_take_part_more_often(written: Written) -> None:
    known = written[0]["placements"].unique().join(_birth_years(PLAN), on="child")
    autumn = known.filter((pl.col("start").dt.year() == 2013) & (pl.col("start").dt.month() >= 8))
    one, five = (autumn.filter(2013 - pl.col("born") == age).height for age in (1, 5))
    assert one < five


def test_foreign_language_children_start_later(tmp_path: Path) -> None:
    plan = Plan(people=20_000, first_year=2010, last_year=2011, seed=3)
    placements = _written(tmp_path, plan)[0]["placements"].filter(pl.col("start").dt.year() == 2011)
    known = placements.join(_birth_years(plan), on="child").filter(pl.col("start").dt.month() >= 8)
    ages = (
        known.filter(pl.col("form") != "temporary").group_by("foreign").agg((2011 - pl.col("born")).mean().alias("age"))
    )
    mean = dict(ages.iter_rows())
    assert mean[True] > mean[False] + 0.1


def test_an_application_comes_before_the_first_day(written: Written) -> None:
    placements = written[0]["placements"].filter(pl.col("applied").is_not_null())
    waited = (placements["start"] - placements["applied"]).dt.total_days()
    assert waited.min() >= 0
    assert 30 < waited.median() < 90


def test_only_children_of_other_languages_have_language_support(written: Written) -> None:
    known = written[0]["placements"].join(_birth_years(PLAN), on="child")
    assert known.filter((pl.col("languageSupport") == "true") & ~pl.col("foreign")).is_empty()
    assert not known.filter((pl.col("languageSupport") == "true") & pl.col("foreign")).is_empty()


def test_nobody_is_there_on_more_days_than_a_month_has(written: Written) -> None:
    attendance = written[0]["attendance"]
    assert attendance["daysPresent"].min() >= 1
    assert attendance["daysPresent"].max() <= 23
    july = attendance.filter(pl.col("month").dt.month() == 7)["daysPresent"].mean()
    assert july < 0.5 * attendance["daysPresent"].mean()


def test_attendance_is_recorded_in_the_month_after(written: Written) -> None:
    attendance = written[0]["attendance"]
    assert attendance["recorded"].is_sorted()
    assert (attendance["recorded"] >= attendance["month"].dt.offset_by("1mo")).all()
    assert attendance["recorded"].max() <= datetime.date(2014, 12, 31)


def test_a_longer_period_changes_no_record_made_before(tmp_path: Path, written: Written) -> None:
    longer, _ = _written(tmp_path, Plan(PLAN.people, PLAN.first_year, PLAN.last_year + 1, PLAN.seed))
    before = written[0]
    assert longer["attendance"].head(before["attendance"].height).equals(before["attendance"])
    placements = before["placements"].drop("end")
    assert longer["placements"].drop("end").head(placements.height).equals(placements)


def test_working_days_are_those_from_monday_to_friday() -> None:
    first, last = (np.array([np.datetime64(day).astype(int)]) for day in ("2016-02-01", "2016-02-29"))
    assert _working_days(2016, first, last).tolist() == [21]
    assert _working_days(2016, last, first).tolist() == [0]


def test_holidays_are_no_working_days() -> None:
    first, last = (np.array([np.datetime64(day).astype(int)]) for day in ("2016-01-01", "2016-01-31"))
    assert _working_days(2016, first, last).tolist() == [19]
