"""What the population register remembers agrees with itself: homes, languages, guardians and codes have one order."""

from __future__ import annotations

import polars as pl
import pytest
from tests.jalostamo.city.analysis import read_decisions, read_persons, read_table
from tests.jalostamo.city.conftest import Town

from jalostamo.concepts.identifiers import fault_in

DAY = "%d.%m.%Y"
FIRST, LAST = pl.date(2010, 1, 1), pl.date(2016, 12, 31)


def _read(town: Town, table: str) -> pl.DataFrame:
    read = read_table(town.folder, "population", table)
    dates = [name for name in ("ALKUPV", "LOPPUPV", "KIRJAUSPV", "MUUTOSPV") if name in read.columns]
    return read.with_columns(pl.col(dates).str.to_date(DAY))


@pytest.fixture(scope="module")
def persons(town: Town) -> pl.DataFrame:
    dates = ("SYNTYMAPV", "MUUTTO_TULO", "MUUTTO_LAHTO", "KUOLINPV")
    return read_persons(town.folder).unique("HETU", keep="first").with_columns(pl.col(dates).str.to_date(DAY))


@pytest.fixture(scope="module")
def homes(town: Town) -> pl.DataFrame:
    homes = _read(town, "addresses").sort("HETU", pl.col("ALKUPV").fill_null(pl.date(1, 1, 1)))
    return homes.with_columns(
        following=pl.col("ALKUPV").shift(-1).over("HETU"), place=pl.int_range(pl.len()).over("HETU")
    )


def test_the_homes_of_one_person_do_not_overlap(homes: pl.DataFrame) -> None:
    moved = homes.drop_nulls("following")
    assert moved.height > 8_000
    assert moved.filter(pl.col("LOPPUPV").is_null() | (pl.col("LOPPUPV") >= pl.col("following"))).height == 0
    assert homes.filter(pl.col("LOPPUPV") < pl.col("ALKUPV")).height == 0


def test_homes_follow_one_another_without_a_gap(homes: pl.DataFrame) -> None:
    moved = homes.drop_nulls("following")
    assert moved.filter(pl.col("LOPPUPV") + pl.duration(days=1) != pl.col("following")).height == 0


def test_who_lives_there_has_one_open_home_and_who_left_has_none(homes: pl.DataFrame, persons: pl.DataFrame) -> None:
    still_open = homes.filter(pl.col("LOPPUPV").is_null())["HETU"]
    assert still_open.is_duplicated().sum() == 0
    here = persons.filter(pl.col("MUUTTO_LAHTO").is_null())["HETU"]
    gone = persons.filter(pl.col("MUUTTO_LAHTO").is_not_null())["HETU"]
    # A newcomer of the last days may not be recorded yet.
    assert set(still_open) <= set(here)
    assert len(set(here) - set(still_open)) < 60
    assert not set(still_open) & set(gone)


def test_nobody_moves_twice_in_a_year(homes: pl.DataFrame) -> None:
    moved = homes.filter(pl.col("place") > 0).with_columns(year=pl.col("ALKUPV").dt.year())
    assert moved.select("HETU", "year").is_duplicated().sum() == 0


def test_eight_households_in_a_hundred_move_within_the_town_in_a_year(homes: pl.DataFrame) -> None:
    for year in range(2010, 2017):
        first = pl.date(year, 1, 1)
        there = homes.filter(
            (pl.col("ALKUPV").is_null() | (pl.col("ALKUPV") < first))
            & (pl.col("LOPPUPV").is_null() | (pl.col("LOPPUPV") >= first))
        )
        moved = homes.filter((pl.col("place") > 0) & (pl.col("ALKUPV").dt.year() == year))
        assert 0.06 < moved["KOTITALOUS"].n_unique() / there["KOTITALOUS"].n_unique() < 0.11


def test_a_postcode_lies_in_one_district(homes: pl.DataFrame) -> None:
    districts = homes.group_by("POSTINUMERO").agg(pl.col("ALUE").n_unique())
    assert districts["ALUE"].to_list() == [1] * districts.height
    by_district = homes.group_by("ALUE").agg(pl.col("POSTINUMERO").n_unique())["POSTINUMERO"]
    assert (by_district.min(), by_district.max(), by_district.len()) == (2, 3, 12)


def test_districts_differ_in_age_and_language(homes: pl.DataFrame, persons: pl.DataFrame) -> None:
    people = homes.filter(pl.col("ALKUPV").is_null()).join(persons.drop("ALUE", "KOTITALOUS"), on="HETU")
    by_district = people.group_by("ALUE").agg(
        age=2010 - pl.col("SYNTYMAPV").dt.year().mean(), foreign=(~pl.col("AIDINKIELI").is_in(["fi", "sv"])).mean()
    )
    assert by_district["age"].max() - by_district["age"].min() > 6
    assert by_district["foreign"].max() > 2.5 * by_district["foreign"].min()


def test_moves_are_recorded_ahead_on_time_or_late(town: Town, homes: pl.DataFrame) -> None:
    delay = homes.drop_nulls("ALKUPV").select((pl.col("KIRJAUSPV") - pl.col("ALKUPV")).dt.total_days().alias("days"))[
        "days"
    ]
    suffers = town.truth["suffers"]["population"]
    assert (delay > 30).sum() == suffers["addresses"]["late"] > 500
    assert (delay < 0).sum() == suffers["addresses"]["recorded_ahead"] > 500
    assert delay.min() >= -7


def test_addresses_stand_in_the_order_of_recording(town: Town) -> None:
    recorded = _read(town, "addresses")["KIRJAUSPV"].drop_nulls()
    assert recorded.is_sorted()
    assert recorded.max() <= pl.select(LAST).item()


def test_an_unknown_language_comes_before_the_one_that_is_learned(town: Town, persons: pl.DataFrame) -> None:
    languages = _read(town, "languages").sort("HETU", pl.col("ALKUPV").fill_null(pl.date(1, 1, 1)))
    again = languages.with_columns(before=pl.col("AIDINKIELI").shift(1).over("HETU")).drop_nulls("before")
    learned = again.filter(pl.col("before") == "99")
    suffers = town.truth["suffers"]["population"]
    assert learned.height == suffers["languages"]["unknown_at_first"] > 200
    assert set(learned["AIDINKIELI"]) & {"fi", "sv", "99"} == set()
    assert (again.height - learned.height) == suffers["languages"]["changed"] > 10
    # Of those who are recorded with two languages nobody knows which is true.
    doubted = read_persons(town.folder).unique().filter(pl.col("HETU").is_duplicated())["HETU"]
    last = (
        languages.unique("HETU", keep="last").join(persons, on="HETU").filter(~pl.col("HETU").is_in(doubted.implode()))
    )
    assert (last["AIDINKIELI"] == last["AIDINKIELI_right"]).all()
    unknown = (languages.unique("HETU", keep="last")["AIDINKIELI"] == "99").sum()
    assert unknown == suffers["languages"]["unknown_at_the_end"]


def test_thirty_languages_are_spoken(persons: pl.DataFrame) -> None:
    assert persons["AIDINKIELI"].n_unique() == 32
    counts = dict(persons["AIDINKIELI"].value_counts().iter_rows())
    assert counts["fi"] > counts["sv"] > counts["ru"] > counts["et"] > counts["hu"] > 10


def test_guardianship_ends_on_the_day_before_coming_of_age(town: Town, persons: pl.DataFrame) -> None:
    guardians = _read(town, "guardianships").join(persons, left_on="LAPSI", right_on="HETU")
    of_age = pl.col("SYNTYMAPV").dt.offset_by("18y")
    ended = guardians.filter(pl.col("LOPPUPV").is_not_null() & pl.col("KUOLINPV").is_null())
    assert ended.height > 1_000
    # The 29th of February has no eighteenth birthday in some years, and the first of March stands for it.
    apart = ended.select((of_age - pl.col("LOPPUPV")).dt.total_days().alias("days"))["days"]
    assert set(apart) <= {0, 1}
    assert guardians.group_by("LAPSI").len()["len"].max() == 2
    kinds = guardians.group_by("LAPSI").agg(pl.len(), kind=pl.col("HUOLTOMUOTO").unique().str.join(","))
    assert set(kinds.select("len", "kind").unique().iter_rows()) == {(1, "2"), (2, "1")}


def test_parents_part_and_stay_guardians(town: Town, homes: pl.DataFrame) -> None:
    home = dict(homes.filter(pl.col("LOPPUPV").is_null()).select("HETU", "KOTITALOUS").iter_rows())
    joint = _read(town, "guardianships").filter((pl.col("HUOLTOMUOTO") == "1") & pl.col("LOPPUPV").is_null())
    pairs = joint.group_by("LAPSI").agg(pl.col("HUOLTAJA"))["HUOLTAJA"].to_list()
    present = [(home[first], home[second]) for first, second in pairs if first in home and second in home]
    apart = sum(first != second for first, second in present)
    assert 0.04 < apart / len(present) < 0.25


def test_a_changed_code_is_valid_and_nobody_elses(town: Town, persons: pl.DataFrame) -> None:
    changed = _read(town, "identity_codes")
    former = changed["ENTINEN_HETU"].to_list()
    assert changed.height == town.truth["planted"]["changed_identity_codes"]["value"]
    assert changed.height / persons.height == pytest.approx(0.0016, abs=0.0008)
    assert all(fault_in(code) is None for code in former)
    assert not set(former) & set(persons["HETU"])
    assert set(changed["NYKYINEN_HETU"]) <= set(persons["HETU"])
    assert len(set(former)) == len(former)
    assert changed.filter((pl.col("MUUTOSPV") < FIRST) | (pl.col("MUUTOSPV") > LAST)).height == 0


def test_a_former_code_is_used_until_its_change_and_not_after(town: Town) -> None:
    changed = _read(town, "identity_codes")
    decisions = read_decisions(town.folder).with_columns(day=pl.col("alku").str.to_date())
    under_former = decisions.join(changed, left_on="asiakas_hetu", right_on="ENTINEN_HETU")
    under_present = decisions.join(changed, left_on="asiakas_hetu", right_on="NYKYINEN_HETU")
    assert under_former.height + under_present.height > 0
    assert under_former.filter(pl.col("day") >= pl.col("MUUTOSPV")).height == 0
    assert under_present.filter(pl.col("day") < pl.col("MUUTOSPV")).height == 0
