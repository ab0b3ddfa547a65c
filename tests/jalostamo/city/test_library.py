"""The library's register can be read by its description, and holds the tastes and the breaks that its truth tells of."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest
from tests.jalostamo.city.leisure import (
    PEOPLE,
    Row,
    delivered_twice,
    description_of,
    iso,
    once,
    planted,
    rows_of,
    suffered,
)

from jalostamo.city.library import deliver_library
from jalostamo.city.truth import Truth
from jalostamo.concepts.information import BehaviourKind
from jalostamo.concepts.registers import Sensitivity


@pytest.fixture(scope="module")
def written(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Truth]:
    folder = tmp_path_factory.mktemp("library")
    return folder, delivered_twice(deliver_library, folder)[0]


@pytest.fixture(scope="module")
def loans(written: tuple[Path, Truth]) -> list[Row]:
    return rows_of(written[0] / "long", "library", "loans")


def test_the_files_have_a_byte_order_mark_and_headers_in_english(written: tuple[Path, Truth]) -> None:
    for file in ("borrowers.csv", "loans.csv"):
        content = (written[0] / "long" / "library" / file).read_bytes()
        assert content.startswith(b"\xef\xbb\xbf")
        assert b"card_number" in content.split(b"\n")[0]


def test_loans_reach_their_customer_through_the_borrowers(written: tuple[Path, Truth], loans: list[Row]) -> None:
    described = description_of(written[0] / "long", "library").table_named("loans")
    assert described.through is not None
    assert (described.through.table, described.through.field) == ("borrowers", "card_number")
    cards = {row["card_number"] for row in rows_of(written[0] / "long", "library", "borrowers")}
    assert {row["card_number"] for row in loans} == cards


def test_a_person_borrows_some_four_or_five_times_a_year(loans: list[Row]) -> None:
    assert 3.9 < len(loans) / (7 * PEOPLE * 1.07) < 5.3


def test_every_recorded_code_is_in_its_code_list(written: tuple[Path, Truth], loans: list[Row]) -> None:
    register = description_of(written[0] / "long", "library")
    for field in register.table_named("loans").fields:
        if field.code_list is not None:
            allowed = set(register.code_list_named(field.code_list).allowed)
            assert {row[field.column] for row in loans} <= allowed, field.name


def test_the_subject_class_is_of_a_special_category_and_labels_tell_which(written: tuple[Path, Truth]) -> None:
    register = description_of(written[0] / "long", "library")
    assert register.table_named("loans").field_named("subject_class").sensitivity is Sensitivity.SPECIAL_CATEGORY
    assert register.table_named("loans").field_named("subject_class").behaviour is BehaviourKind.REASON
    labels = {code.code: code.label.en for code in register.code_list_named("subject_class").codes}
    assert sum("(sensitive)" in label for label in labels.values()) == 10
    assert labels["57"] == "Sexuality (sensitive)"
    assert 70 <= len(labels) <= 76


def test_a_class_is_split_in_two_from_the_fourth_year_on(loans: list[Row]) -> None:
    by_class = {
        code: [iso(row["loaned"]).year for row in loans if row["subject_class"] == code]
        for code in ("61", "61.1", "61.2")
    }
    assert max(by_class["61"]) == 2012
    assert min(by_class["61.1"]) == min(by_class["61.2"]) == 2013


def test_loans_come_in_the_order_of_recording_and_none_after_the_end(loans: list[Row]) -> None:
    by_number = sorted(once(loans, "loan_number"), key=lambda row: row["loan_number"])
    recorded = [row["recorded"] for row in by_number]
    assert recorded == sorted(recorded)
    assert recorded[-1] <= "2016-12-31"
    assert all(row["loaned"] <= row["recorded"] for row in loans)
    assert all(row["returned"] <= "2016-12-31" for row in loans)


def test_july_and_january_are_high_and_december_is_low(loans: list[Row]) -> None:
    months = Counter(row["loaned"][5:7] for row in loans)
    assert min(months["01"], months["07"]) > 1.1 * sum(months.values()) / 12
    assert months["12"] < 0.9 * sum(months.values()) / 12


def test_loans_over_the_net_grow(loans: list[Row]) -> None:
    by_year = Counter(row["loaned"][:4] for row in loans if row["channel"] == "eloan")
    assert by_year["2016"] > 2 * by_year["2010"] > 0


def test_families_borrow_childrens_books(written: tuple[Path, Truth], loans: list[Row]) -> None:
    born = {
        row["card_number"]: row["identity_code"][4:7]
        for row in rows_of(written[0] / "long", "library", "borrowers")
        if row["identity_code"]
    }
    pictures: Counter[bool] = Counter()
    every: Counter[bool] = Counter()
    for row in loans:
        year = born.get(row["card_number"], "")
        if year.endswith("-") and year[:2].isdigit() and (40 <= int(year[:2]) <= 50 or 70 <= int(year[:2]) <= 80):
            every[int(year[:2]) >= 70] += 1
            pictures[int(year[:2]) >= 70] += row["subject_class"] in {"01", "02", "03", "04"}
    assert pictures[True] / every[True] > 3 * pictures[False] / every[False]


def test_each_taste_is_found_at_its_planted_share(written: tuple[Path, Truth], loans: list[Row]) -> None:
    new = [row for row in once(loans, "loan_number") if row["channel"] != "renewal"]
    every = Counter(row["card_number"] for row in new)
    tastes = {name: entry for name, entry in planted(written[1]).items() if name.startswith("library_taste_")}
    assert len(tastes) == 8
    for entry in tastes.values():
        titles = entry["titles"]
        assert isinstance(titles, list)
        own = Counter(row["card_number"] for row in new if row["title_number"] in titles)
        members = [card for card, number in own.items() if every[card] >= 20 and number / every[card] > 0.3]
        share = sum(own[card] for card in members) / sum(every[card] for card in members)
        assert share == pytest.approx(entry["value"], abs=0.01)
        assert share == pytest.approx(0.6, abs=0.04)


def test_whoever_knows_the_tastes_recommends_better_than_popularity(written: tuple[Path, Truth]) -> None:
    entries = planted(written[1])
    popular, by_taste = (entries[f"library_recall_{name}"]["value"] for name in ("popularity", "by_taste"))
    assert isinstance(popular, float)
    assert isinstance(by_taste, float)
    assert by_taste > 2 * popular > 0


def test_longer_hours_at_one_branch_change_nothing(written: tuple[Path, Truth], loans: list[Row]) -> None:
    found: Counter[tuple[bool, bool]] = Counter()
    for row in once(loans, "loan_number"):
        if row["channel"] in {"desk", "self"} and "2012-09-01" <= row["loaned"] < "2016-09-01":
            found[row["branch"] == "MK", row["loaned"] >= "2014-09-01"] += 1
    ratio = found[True, True] / found[True, False] / (found[False, True] / found[False, False])
    entry = planted(written[1])["library_longer_hours"]
    interval = entry["interval"]
    assert isinstance(interval, list)
    assert entry["value"] == 1.0
    # Three standard errors instead of two: one small town must not fail by chance.
    assert interval[0] ** 1.5 < ratio < interval[1] ** 1.5
    assert interval[1] < 1.3


def test_second_records_are_as_many_as_the_truth_says(written: tuple[Path, Truth], loans: list[Row]) -> None:
    twice = len(loans) - len(once(loans, "loan_number"))
    assert twice == suffered(written[1], "library")["loans"]["exact_duplicates"] > 0
    assert len({tuple(row.values()) for row in loans}) == len(loans) - twice


def test_a_later_end_changes_no_earlier_loan(written: tuple[Path, Truth], loans: list[Row]) -> None:
    short = rows_of(written[0] / "short", "library", "loans")
    for before, after in zip(short, loans, strict=False):
        assert before | {"returned": ""} == after | {"returned": ""}
        assert before["returned"] in {"", after["returned"]}
    assert loans[len(short)]["recorded"] > "2014-12-31"
