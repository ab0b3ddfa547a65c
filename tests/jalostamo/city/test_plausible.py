"""What a city's own analyst would laugh at is not in the town: visits to closed places, infants with library cards, and such."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import polars as pl
import pytest
from tests.jalostamo.city.analysis import read_persons

from jalostamo.city import Plan, generate
from jalostamo.city.days import holidays_of, working_day_until
from jalostamo.city.truth_texts import DOCUMENTATION

PLAN = Plan(people=3_000, first_year=2010, last_year=2013, seed=11)
SATURDAY, SUNDAY = 6, 7


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    made = tmp_path_factory.mktemp("plausible")
    generate(made, PLAN)
    return made


@pytest.fixture(scope="module")
def visits(folder: Path) -> pl.DataFrame:
    read = pl.read_csv(folder / "health" / "visits.psv", separator="|", infer_schema=False, encoding="iso-8859-1")
    return read.with_columns(pl.col("BOOKED", "VISITED", "RECORDED").str.to_date("%Y%m%d"))


def _born(folder: Path) -> pl.DataFrame:
    return read_persons(folder).select(code="HETU", born=pl.col("SYNTYMAPV").str.to_date("%d.%m.%Y")).unique("code")


def test_appointments_are_booked_on_all_working_days_alike(visits: pl.DataFrame) -> None:
    shares = visits.group_by(pl.col("BOOKED").dt.weekday()).len().sort("BOOKED")["len"] / visits.height
    assert shares[:5].min() > 0.14
    assert shares[:5].max() < 0.26


def test_the_school_nurse_sees_nobody_when_schools_are_closed(visits: pl.DataFrame) -> None:
    at_school = visits.filter(pl.col("FORM") == "SCH")["VISITED"]
    assert at_school.len() > 1_000
    closed = at_school.dt.month().is_in([6, 7]) | (at_school.dt.weekday() >= SATURDAY)
    # Who lives in the town in summer alone has no other days.
    assert closed.mean() < 0.005


@pytest.mark.parametrize("form", ["DEN", "CHC", "MEN"])
def test_clinics_are_closed_at_weekends_and_on_holidays(visits: pl.DataFrame, form: str) -> None:
    days = visits.filter(pl.col("FORM") == form)["VISITED"]
    holidays = np.concatenate([holidays_of(year) for year in PLAN.years])
    closed = (days.dt.weekday() >= SATURDAY) | pl.Series(np.isin(days.cast(pl.Int32).to_numpy(), holidays))
    assert days.len() > 500
    assert closed.mean() < 0.002


def test_what_is_recorded_later_is_recorded_on_a_working_day(visits: pl.DataFrame) -> None:
    later = visits.filter(pl.col("RECORDED") > pl.col("VISITED"))
    assert later.height > 1_000
    assert later["RECORDED"].dt.weekday().max() < SATURDAY


def test_support_at_school_ends_on_a_working_day_or_with_the_school_year(folder: Path) -> None:
    lines = pl.Series((folder / "schools" / "TUKI.TXT").read_text("iso-8859-1").splitlines())
    ends = lines.str.slice(-10).str.strip_chars().str.to_date("%d.%m.%Y", strict=False).drop_nulls()
    in_summer = ends.dt.month().is_in([6, 7])
    assert ends.len() > 50
    assert (ends.filter(~in_summer).dt.weekday() < SATURDAY).mean() > 0.9
    assert (ends.filter(in_summer).dt.strftime("%d.%m.") == "31.07.").mean() > 0.8


def test_infants_have_no_library_cards(folder: Path) -> None:
    cards = pl.read_csv(folder / "library" / "borrowers.csv", infer_schema=False)
    known = cards.join(_born(folder), left_on="identity_code", right_on="code")
    joined = known["joined"].str.to_date()
    assert known.height > 1_000
    assert ((joined - known["born"]).dt.total_days() < 2 * 365).sum() == 0


def test_libraries_take_back_less_on_sundays(folder: Path) -> None:
    loans = pl.read_csv(folder / "library" / "loans.csv", infer_schema=False)
    returned = loans.filter(pl.col("channel").is_in(["desk", "self"]))["returned"].drop_nulls().str.to_date()
    assert (returned.dt.weekday() == SUNDAY).mean() < 0.08


def test_small_children_do_not_go_to_the_gym(folder: Path) -> None:
    reads = {
        name: pl.read_csv(folder / "sports" / name, separator=";", infer_schema=False, encoding="iso-8859-15")
        for name in ("kort.csv", "besok.csv")
    }
    born = _born(folder).rename({"code": "personbeteckning"})
    visits = reads["besok.csv"].join(reads["kort.csv"], on="kort_nr").join(born, on="personbeteckning")
    age = visits["tidpunkt"].str.slice(6, 4).cast(pl.Int32) - visits["born"].dt.year()
    assert age.filter(visits["aktivitet"].is_in(["gym", "vgy"])).min() >= 13
    assert age.min() >= 3


def test_nobody_visits_closed_places_or_the_net(folder: Path) -> None:
    read = pl.read_ndjson(folder / "feedback" / "feedback.jsonl", infer_schema_length=None)
    weekend = read.filter(pl.col("text").str.contains("Kävin (lauantaina|sunnuntaina)"))
    assert set(weekend["service"]) <= {"KIR", "MUS", "LII"}
    assert not read.filter(pl.col("service") == "ASI")["text"].str.contains("Kävin ").any()


def test_people_ask_to_be_left_out_in_every_year(tmp_path: Path) -> None:
    generate(tmp_path, Plan(people=20_000, first_year=2010, last_year=2013, seed=1), only=["population", "exclusions"])
    since = pl.read_csv(tmp_path / "exclusions" / "exclusions.csv", infer_schema=False)["alkaen"].str.to_date()
    in_a_year = since.filter(since.dt.year() >= 2010).dt.year().value_counts()
    assert in_a_year.height == 4
    assert in_a_year["count"].min() >= 4


def test_what_records_suffer_is_told_by_register_table_and_kind_and_each_kind_is_explained(folder: Path) -> None:
    truth = json.loads((folder / "truth.json").read_text("utf-8"))
    for register, tables in truth["suffers"].items():
        assert set(tables) <= set(truth["registers"][register])
        for table, kinds in tables.items():
            for kind in kinds:
                explained = {f"suffers.*.*.{kind}", f"suffers.{register}.{table}"} & set(DOCUMENTATION)
                assert explained, (register, table, kind)


def test_weekends_are_spread_over_the_week_before_them() -> None:
    days = np.arange(7 * 200)
    moved = working_day_until(days)
    assert ((moved + 3) % 7).max() < 5
    assert (days - moved).max() <= 6
    counts = np.bincount((moved + 3) % 7)
    assert counts.max() < 1.2 * counts.min()


def test_an_earlier_end_does_not_change_the_code_by_which_somebody_was_recorded(folder: Path, tmp_path: Path) -> None:
    # Whose code changes in 2013 has the former one in every record before, whether the change is known or not.
    generate(tmp_path, Plan(people=3_000, first_year=2010, last_year=2012, seed=11), only=["health"])
    shorter, longer = (
        (made / "health" / "visits.psv").read_text("iso-8859-1").splitlines() for made in (tmp_path, folder)
    )
    assert longer[: len(shorter)] == shorter
    changes = pl.read_csv(folder / "population" / "identity_codes.csv", separator=";", infer_schema=False)
    assert changes["MUUTOSPV"].str.slice(6).eq("2013").any()
