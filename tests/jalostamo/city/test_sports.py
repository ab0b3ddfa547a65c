"""The sports register can be read by its description, and two changes are found in it, each without the other."""

from __future__ import annotations

import datetime
from collections import Counter
from pathlib import Path

import pytest
from tests.jalostamo.city.leisure import (
    PEOPLE,
    Row,
    delivered_twice,
    description_of,
    once,
    planted,
    rows_of,
    small_town,
    suffered,
)

from jalostamo.city.sports import deliver_sports
from jalostamo.city.sports.tally import Tally
from jalostamo.city.truth import Truth

SENIORS = "SE"


@pytest.fixture(scope="module")
def written(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Truth]:
    folder = tmp_path_factory.mktemp("sports")
    return folder, delivered_twice(deliver_sports, folder)[0]


@pytest.fixture(scope="module")
def visits(written: tuple[Path, Truth]) -> list[Row]:
    return rows_of(written[0] / "long", "sports", "visits")


@pytest.fixture(scope="module")
def passes(written: tuple[Path, Truth]) -> dict[str, Row]:
    return {row["kort_nr"]: row for row in rows_of(written[0] / "long", "sports", "passes")}


def moment(row: Row) -> datetime.datetime:
    return datetime.datetime.strptime(row["tidpunkt"], "%d.%m.%Y %H:%M").replace(tzinfo=datetime.UTC)


def day(written: str) -> datetime.date:
    return datetime.datetime.strptime(written, "%d.%m.%Y").replace(tzinfo=datetime.UTC).date()


def born(code: str) -> int | None:
    """The year of birth that a code tells, if it can be one."""
    century = dict.fromkeys("-YXWVU", 1900) | dict.fromkeys("ABCDEF", 2000)
    return century[code[6]] + int(code[4:6]) if len(code) == 11 and code[6] in century and code[4:6].isdigit() else None


def test_the_files_have_swedish_headers_in_their_own_encoding(written: tuple[Path, Truth]) -> None:
    content = (written[0] / "long" / "sports" / "besok.csv").read_bytes()
    header = content.split(b"\r\n")[0].decode("iso-8859-15")
    assert header == "besök_nr;kort_nr;anläggning;tidpunkt;aktivitet;prisklass;registrerad"
    register = description_of(written[0] / "long", "sports")
    assert {(t.writing.encoding, t.writing.delimiter) for t in register.tables} == {("iso-8859-15", ";")}


def test_every_recorded_code_is_in_its_code_list(written: tuple[Path, Truth]) -> None:
    register = description_of(written[0] / "long", "sports")
    for table in register.tables:
        rows = rows_of(written[0] / "long", "sports", table.name)
        for field in table.fields:
            if field.code_list is not None:
                allowed = set(register.code_list_named(field.code_list).allowed)
                assert {row[field.column] for row in rows} <= allowed, field.name


def test_a_person_goes_some_three_times_in_two_years(visits: list[Row]) -> None:
    assert 1.3 < len(visits) / (7 * PEOPLE * 1.07) < 1.9


def test_visits_are_made_with_a_pass_that_holds(visits: list[Row], passes: dict[str, Row]) -> None:
    for row in visits:
        held, visited = passes[row["kort_nr"]], moment(row).date()
        assert day(held["giltigt_från"]) <= visited
        assert not held["giltigt_till"] or visited <= day(held["giltigt_till"])


def test_the_old_go_free_from_the_sixth_year_on(visits: list[Row], passes: dict[str, Row]) -> None:
    free = [row for row in visits if passes[row["kort_nr"]]["kortslag"] == SENIORS]
    assert {row["prisklass"] for row in free} == {"F"}
    assert min(moment(row).year for row in free) == 2015
    known = [(moment(row).year, born(passes[row["kort_nr"]]["personbeteckning"])) for row in free]
    right = [year - birth >= 65 for year, birth in known if birth is not None]
    assert sum(right) / len(right) > 0.97


def test_a_facility_jumps_against_the_others(
    written: tuple[Path, Truth], visits: list[Row], passes: dict[str, Row]
) -> None:
    found: Counter[tuple[bool, bool]] = Counter()
    for row in once(visits, "besök_nr"):
        when, birth = moment(row).date(), born(passes[row["kort_nr"]]["personbeteckning"])
        within = datetime.date(2012, 3, 1) <= when < datetime.date(2016, 3, 1)
        if within and birth is not None and when.year - birth < 65:
            found[row["anläggning"] == "ÖSI", when >= datetime.date(2014, 3, 1)] += 1
    ratio = found[True, True] / found[True, False] / (found[False, True] / found[False, False])
    entry = planted(written[1])["sports_facility_jump"]
    interval = entry["interval"]
    assert isinstance(interval, list)
    assert entry["value"] == 1.6
    # Three standard errors instead of two: one small town must not fail by chance.
    assert 1.6 * (interval[0] / 1.6) ** 1.5 < ratio < 1.6 * (interval[1] / 1.6) ** 1.5
    assert 1.3 < interval[0] < interval[1] < 1.95


def test_the_free_pass_is_told_with_an_interval_and_how_to_measure(written: tuple[Path, Truth]) -> None:
    entry = planted(written[1])["sports_free_pass"]
    assert (entry["value"], entry["scale"], entry["since"], entry["months"]) == (1.15, "ratio", "2015-01-01", 24)
    assert "per year of residence" in str(entry["sentence"])


def test_one_facility_never_sends_what_is_done_in_its_gym(visits: list[Row]) -> None:
    done = Counter((row["anläggning"], row["aktivitet"]) for row in visits)
    assert done["SPO", "gym"] == 0
    assert min(done["SIM", "gym"], done["KON", "gym"], done["SPO", "gru"]) > 0


def test_there_is_no_ice_in_summer(visits: list[Row]) -> None:
    months = Counter(moment(row).month for row in visits if row["anläggning"] == "ISH")
    assert months[6] == months[7] == 0
    assert min(months[month] for month in (1, 2, 3, 9, 10, 11)) > 50


def test_july_is_quiet(visits: list[Row]) -> None:
    months = Counter(moment(row).month for row in visits)
    assert months[7] < 0.6 * sum(months.values()) / 12


def test_some_visits_are_recorded_late_and_some_twice(written: tuple[Path, Truth], visits: list[Row]) -> None:
    distinct = once(visits, "besök_nr")
    late = sum((day(row["registrerad"]) - moment(row).date()).days > 30 for row in visits)
    assert late == suffered(written[1], "sports")["visits"]["late"]
    assert late / len(visits) == pytest.approx(0.05, abs=0.01)
    assert len(visits) - len(distinct) == suffered(written[1], "sports")["visits"]["exact_duplicates"] > 0


def test_a_later_end_changes_no_earlier_record(written: tuple[Path, Truth]) -> None:
    for table in ("passes", "visits", "course_signups"):
        short, long = (rows_of(written[0] / length, "sports", table) for length in ("short", "long"))
        assert long[: len(short)] == short
        assert len(long) > len(short)


def test_a_short_plan_tells_of_no_change() -> None:
    assert Tally(small_town(2014)).planted() == {}
