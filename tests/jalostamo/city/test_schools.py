"""The schools' register: lines of fixed width, school years, and support that follows family counselling."""

from __future__ import annotations

import datetime
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl
import pytest

from jalostamo.city.founding import founded
from jalostamo.city.plan import Plan
from jalostamo.city.schools import SCHOOLS, deliver_schools
from jalostamo.city.schools.support import Windows, tally, windows_after
from jalostamo.city.spells import Spells
from jalostamo.city.vocabularies import FC

PLAN = Plan(people=4000, first_year=2010, last_year=2014, seed=5)
type Written = tuple[dict[str, pl.DataFrame], dict[str, Any]]


def _written(folder: Path, plan: Plan) -> Written:
    truth: dict[str, Any] = deliver_schools(folder, founded(plan))
    return {table.name: _lines(folder, table.name) for table in SCHOOLS.tables}, truth


def _lines(folder: Path, name: str) -> pl.DataFrame:
    table = SCHOOLS.table_named(name)
    lines = (folder / "schools" / table.file).read_bytes().decode(table.writing.encoding).splitlines()
    columns: dict[str, list[str]] = {}
    for field in table.fields:
        assert field.start is not None
        assert field.width is not None
        columns[field.name] = [line[field.start - 1 : field.start - 1 + field.width].strip() for line in lines]
    dates = [f.name for f in table.fields if f.format]
    return pl.DataFrame(columns).with_columns(pl.col(dates).str.to_date("%d.%m.%Y", strict=False))


@pytest.fixture(scope="module")
def written(tmp_path_factory: pytest.TempPathFactory) -> Written:
    return _written(tmp_path_factory.mktemp("schools"), PLAN)


def test_every_code_is_in_its_code_list(written: Written) -> None:
    for table in SCHOOLS.tables:
        for field in table.fields:
            if field.code_list:
                assert set(written[0][table.name][field.name]) <= set(SCHOOLS.code_list_named(field.code_list).allowed)


def test_the_records_are_as_many_as_the_truth_says(written: Written) -> None:
    tables, truth = written
    assert truth["registers"]["schools"] == {name: table.height for name, table in tables.items()}


def test_nobody_is_absent_in_the_holidays(written: Written) -> None:
    days = written[0]["absences"]["day"]
    in_june = days.filter(days.dt.month() == 6)
    assert set(days.dt.month()) >= {1, 2, 3, 4, 5, 8, 9, 10, 11, 12}
    assert 7 not in set(days.dt.month())
    # The spring term ends on the Saturday from the 30th of May to the 5th of June.
    assert (in_june.dt.day() <= 4).all()
    assert (days.dt.weekday() <= 5).mean() > 0.999


def test_pupils_have_few_days_of_absence_each(written: Written) -> None:
    tables, _ = written
    school_years = tables["enrolments"].filter(pl.col("since").dt.year() < 2014).height
    assert 2.0 < tables["absences"].height / school_years < 5.0


def test_a_pupil_is_in_one_school_at_a_time(written: Written) -> None:
    enrolments = written[0]["enrolments"].unique().filter(pl.col("pupil") != "").sort("pupil", "since")
    same = enrolments["pupil"][1:] == enrolments["pupil"][:-1]
    begins, ends = enrolments["since"][1:], enrolments["until"][:-1]
    assert (begins.filter(same) > ends.filter(same)).all()


def test_an_enrolment_that_goes_on_has_no_last_day(written: Written) -> None:
    enrolments = written[0]["enrolments"]
    assert enrolments["until"].max() <= datetime.date(2014, 12, 31)
    assert enrolments.filter(pl.col("until").is_null())["since"].min() >= datetime.date(2014, 1, 1)


def test_the_psychologist_of_one_school_leaves_no_records(written: Written) -> None:
    contacts = written[0]["pupil_welfare"]
    assert contacts.filter((pl.col("school") == "Y03") & (pl.col("profession") == "PS")).is_empty()
    assert not contacts.filter((pl.col("school") == "Y03") & (pl.col("profession") == "KU")).is_empty()


def test_a_longer_period_changes_no_record_made_before(tmp_path: Path, written: Written) -> None:
    longer, _ = _written(tmp_path, Plan(PLAN.people, PLAN.first_year, PLAN.last_year + 1, PLAN.seed))
    for name, table in written[0].items():
        before = table.drop("until", strict=False)
        assert longer[name].drop("until", strict=False).head(table.height).equals(before), name


def test_windows_after_two_beginnings_do_not_overlap() -> None:
    spells = Spells(np.array([3, 3, 4]), np.full(3, FC), np.array([1000, 1100, 1000]), np.array([1050, 1200, 1050]))
    windows = windows_after(spells, FC)
    assert windows.first.tolist() == [1120, 1220, 1120]
    assert windows.last.tolist() == [1219, 1460, 1360]


def test_a_day_is_in_a_window_of_that_person_alone() -> None:
    windows = Windows(np.array([3, 5]), np.array([100, 300]), np.array([200, 400]))
    people = np.array([3, 3, 3, 5, 4, 5], dtype=np.int32)
    assert windows.holds(people, np.array([99, 100, 201, 300, 150, 401])).to_list() == [
        False,
        True,
        False,
        True,
        False,
        False,
    ]


def test_family_counselling_makes_support_likelier_months_later(tmp_path: Path) -> None:
    town = founded(Plan(people=60_000, first_year=2010, last_year=2014, seed=2))
    truth = deliver_schools(tmp_path, town)["planted"]
    assert isinstance(truth, dict)
    support = _lines(tmp_path, "support").unique()
    codes = {code: place for place, code in enumerate(town.codes.tolist())}
    known = support.filter(pl.col("pupil").is_in(list(codes)))
    day = known["since"].cast(pl.Int32)
    started = pl.DataFrame({"person": [codes[code] for code in known["pupil"]], "occurred": day})
    counted = tally(town, windows_after(town.asked, FC), started)
    ratio = counted.inside / counted.days_inside / (counted.outside / counted.days_outside)
    low, high = truth["precursor_FC_support"]["interval"]
    assert low < 2.2 < high
    assert low < ratio < high
