"""The museum's database can be read by its description, and its survey holds the five groups that its truth tells of."""

from __future__ import annotations

import sqlite3
from collections import Counter
from pathlib import Path

import numpy as np
import pytest
from tests.jalostamo.city.leisure import PEOPLE, delivered_twice, description_of, planted, small_town, suffered

from jalostamo.city.museum import deliver_museum
from jalostamo.city.museum.survey import MOST_ANSWERS, answers_in
from jalostamo.city.museum.visitors import groups_in, visitors_of
from jalostamo.city.museum.vocabularies import CENTROIDS, GROUPS, NEEDS
from jalostamo.city.truth import Truth

RELATIONS = ("museum_customers", "visits", "events", "event_signups", "survey")


@pytest.fixture(scope="module")
def written(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Truth]:
    folder = tmp_path_factory.mktemp("museum")
    return folder, delivered_twice(deliver_museum, folder)[0]


def asked(folder: Path, question: str, length: str = "long") -> list[tuple[object, ...]]:
    database = sqlite3.connect(folder / length / "museum" / "museum.sqlite")
    try:
        return database.execute(question).fetchall()
    finally:
        database.close()


def groups_of(truth: Truth) -> dict[str, object]:
    told = truth["museum_groups"]
    assert isinstance(told, dict)
    return told


def members(truth: Truth) -> dict[str, str]:
    memberships = groups_of(truth)["memberships"]
    assert isinstance(memberships, dict)
    return memberships


def test_all_relations_stand_in_one_database_with_the_described_columns(written: tuple[Path, Truth]) -> None:
    register = description_of(written[0] / "long", "museum")
    assert tuple(table.name for table in register.tables) == RELATIONS
    for table in register.tables:
        columns = [row[1] for row in asked(written[0], f"PRAGMA table_info({table.writing.relation})")]
        assert columns == [field.column for field in table.fields]


@pytest.mark.parametrize("relation", ["visits", "event_signups", "survey"])
def test_whoever_comes_is_a_customer(written: tuple[Path, Truth], relation: str) -> None:
    strangers = (
        f"SELECT count(*) FROM {relation} WHERE customer_number NOT IN (SELECT customer_number FROM museum_customers)"
    )
    assert asked(written[0], strangers) == [(0,)]
    assert asked(written[0], f"SELECT count(*) > 100 FROM {relation}") == [(1,)]


def test_a_person_visits_once_in_ten_years(written: tuple[Path, Truth]) -> None:
    ((visits,),) = asked(written[0], "SELECT count(*) FROM visits")
    assert isinstance(visits, int)
    assert 0.07 < visits / (7 * PEOPLE * 1.07) < 0.13


def test_signups_name_events_that_exist_and_come_before_them(written: tuple[Path, Truth]) -> None:
    late = "SELECT count(*) FROM event_signups s LEFT JOIN events e USING (event_number) WHERE e.day IS NULL OR s.signed_up > e.day"
    assert asked(written[0], late) == [(0,)]


def test_the_museum_is_closed_on_mondays(written: tuple[Path, Truth]) -> None:
    assert asked(written[0], "SELECT count(*) FROM visits WHERE strftime('%w', visited) = '1'") == [(0,)]


def test_needs_are_whole_numbers_from_one_to_seven_or_unanswered(written: tuple[Path, Truth]) -> None:
    answers = asked(written[0], f"SELECT {', '.join(f'need_{name}' for name in NEEDS)} FROM survey")
    values = Counter(value for answer in answers for value in answer)
    assert values.keys() == {None, 1, 2, 3, 4, 5, 6, 7}
    assert values[None] < 0.01 * values.total()


def test_the_truth_tells_the_group_of_every_answer(written: tuple[Path, Truth]) -> None:
    numbers = {row[0] for row in asked(written[0], "SELECT respondent_number FROM survey")}
    assert members(written[1]).keys() == numbers
    assert set(members(written[1]).values()) == set(GROUPS)


def test_the_nearest_centre_finds_most_memberships(written: tuple[Path, Truth]) -> None:
    needs = ", ".join(f"need_{name}" for name in NEEDS)
    answers = [row for row in asked(written[0], f"SELECT respondent_number, {needs} FROM survey") if None not in row]
    points = np.array([row[1:] for row in answers], dtype=np.float64)
    nearest = ((points[:, None, :] - CENTROIDS[None, :, :]) ** 2).sum(axis=2).argmin(axis=1)
    right = np.mean(
        [members(written[1])[str(row[0])] == GROUPS[place] for row, place in zip(answers, nearest, strict=True)]
    )
    assert 0.92 < right < 0.99


def test_some_fifteen_in_a_hundred_change_group_between_two_years(written: tuple[Path, Truth]) -> None:
    by_customer = {
        (number, str(respondent)[:4]): members(written[1])[str(respondent)]
        for number, respondent in asked(written[0], "SELECT customer_number, respondent_number FROM survey")
    }
    pairs = [
        (group, by_customer[number, str(int(year) + 1)])
        for (number, year), group in by_customer.items()
        if (number, str(int(year) + 1)) in by_customer
    ]
    assert len(pairs) > 200
    assert sum(before != after for before, after in pairs) / len(pairs) == pytest.approx(0.15, abs=0.05)
    entry = planted(written[1])["museum_migration"]
    assert entry["value"] == 0.15


def test_groups_prefer_events_of_their_own_kind(written: tuple[Path, Truth]) -> None:
    question = (
        "SELECT v.respondent_number, e.event_type FROM survey v JOIN event_signups s USING (customer_number) "
        "JOIN events e USING (event_number) WHERE substr(v.answered, 1, 4) = substr(s.signed_up, 1, 4)"
    )
    found = Counter((members(written[1])[str(number)], kind) for number, kind in asked(written[0], question))
    shares = {
        group: found[group, "PER"] / max(sum(number for (of, _), number in found.items() if of == group), 1)
        for group in GROUPS
    }
    assert shares["families"] > 0.35
    assert all(shares[group] < 0.15 for group in GROUPS if group != "families")


def test_a_survey_takes_no_more_answers_than_four_thousand() -> None:
    town = small_town()
    visitors = visitors_of(town)
    group = groups_in(town, 2010, None)
    answers = answers_in(visitors, group, 2010)
    assert MOST_ANSWERS == 4_000
    assert 0.03 * PEOPLE < answers.height < 0.07 * PEOPLE


def test_some_records_are_late_and_some_stand_twice(written: tuple[Path, Truth]) -> None:
    ((late, twice),) = asked(
        written[0],
        "SELECT sum(julianday(recorded) - julianday(visited) > 30), count(*) - count(DISTINCT visit_number) FROM visits",
    )
    assert isinstance(late, int)
    assert late > 20
    assert twice == suffered(written[1], "museum")["visits"]["exact_duplicates"]


def test_a_later_end_changes_no_earlier_record(written: tuple[Path, Truth]) -> None:
    for relation in RELATIONS:
        short, long = (asked(written[0], f"SELECT * FROM {relation}", length) for length in ("short", "long"))
        assert long[: len(short)] == short
        assert len(long) > len(short)
