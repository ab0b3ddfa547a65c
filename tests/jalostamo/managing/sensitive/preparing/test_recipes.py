"""A recipe releases exactly those who have enough people and households like them, and of them only what it names."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.jalostamo.managing.sensitive import naive
from tests.jalostamo.managing.sensitive.small_town import (
    Change,
    Row,
    all_of,
    code,
    decision,
    person,
    prepared,
    rows_of,
    setting,
)

from jalostamo.concepts.errors import Refused
from jalostamo.engine.connection import Engine
from jalostamo.managing.prepared import Loss
from jalostamo.managing.sensitive.preparing.pseudonyms import PseudonymKey

QUASI = ("sex", "birth_year", "language_group")
GROUPS = {"fi": "domestic", "sv": "domestic", "so": "foreign", "ru": "foreign", "": "unknown"}
K3 = setting("preparation.k", 3)
ALL_MAY_GO = setting("preparation.suppression_limit", 1.0)


def some_town(seed: int, size: int) -> list[Row]:
    """People of few kinds, so that some classes are large enough, and others not by persons or by households."""
    chance = Random(seed)
    years, homes = ["1980", "1980", "1990", ""], [*"ABCDE", ""]
    return [
        person(
            number,
            sex=chance.choice(["1", "2", ""]),
            birth_date=f"{year}-04-0{1 + number % 9}" if (year := chance.choice(years)) else "",
            language=chance.choice([*GROUPS]),
            household=chance.choice(homes),
        )
        for number in range(size)
    ]


def as_released(row: Row) -> dict[str, object]:
    """A person as the recipe makes her coarse."""
    year = int(row["birth_date"][:4]) if row["birth_date"] else None
    language = GROUPS[row["language"]]
    known = {"person": row["identity_code"], "household": row["household"] or None}
    return known | {"sex": row["sex"] or "unknown", "birth_year": year, "language_group": language}


def expected(
    people: Sequence[Row], k: int, *, units: Sequence[str] = ("person", "household")
) -> list[dict[str, object]]:
    rows = [as_released(row) for row in people]
    classes = naive.classes(rows, QUASI).values()
    return [row for alike in classes if all(naive.smallest(alike, ())[unit] >= k for unit in units) for row in alike]


def named(rows: Sequence[dict[str, object]], key: PseudonymKey) -> set[tuple[object, ...]]:
    """The rows under their pseudonyms."""
    secret = bytes(key._key)
    made = [
        {u: naive.pseudonym(secret, u, str(row[u])) if row[u] else None for u in ("person", "household")}
        for row in rows
    ]
    return {(m["person"], m["household"], *(row[q] for q in QUASI)) for m, row in zip(made, rows, strict=True)}


def contents(rows: Sequence[dict[str, object]]) -> set[tuple[object, ...]]:
    return {(row["person"], row["household"], *(row[q] for q in QUASI)) for row in rows}


@pytest.mark.requirement("S26-02")
@settings(max_examples=settings.default.max_examples // 5)
@given(seed=st.integers(0, 10_000), size=st.integers(30, 60), k=st.integers(2, 4))
def test_released_are_those_whose_class_is_large_enough(seed: int, size: int, k: int, engine: Engine) -> None:
    people, key = some_town(seed, size), PseudonymKey()
    wanted = expected(people, k)
    change = all_of(setting("preparation.k", k), ALL_MAY_GO)
    with TemporaryDirectory() as home:
        if not wanted:
            with pytest.raises(Refused):
                prepared(engine, Path(home), people, (), change, key=key)
            return
        found = prepared(engine, Path(home), people, (), change, key=key)
        assert contents(rows_of(found.folder, "persons")) == named(wanted, key)
    assert dict(found.smallest) == naive.smallest(wanted, QUASI)
    assert (found.released, found.suppressed) == (len(wanted), len(people) - len(wanted))


FAMILIES = [person(number, household=f"K{number // 5}") for number in range(5)] + [
    person(number, sex="2") for number in range(10, 13)
]


@pytest.mark.parametrize(("units", "enough"), [(["person", "household"], True), (["person"], False)])
def test_five_siblings_are_one_family(units: list[str], enough: bool, engine: Engine, tmp_path: Path) -> None:
    # By persons alone the siblings' class has five: that recipe lets a single family out.
    change = all_of(K3, ALL_MAY_GO, setting("preparation.units", units))
    key = PseudonymKey()
    found = rows_of(prepared(engine, tmp_path, FAMILIES, (), change, key=key).folder, "persons")
    assert ({row["sex"] for row in found} == {"2"}) is enough
    homes = {naive.pseudonym(bytes(key._key), "person", row["identity_code"]): row["household"] for row in FAMILIES}
    by_class = naive.classes(found, QUASI).values()
    assert (min(len({homes[str(row["person"])] for row in alike}) for alike in by_class) >= 3) is enough


def test_a_missing_quasi_identifier_makes_a_class_of_its_own(engine: Engine, tmp_path: Path) -> None:
    usual = [person(number) for number in range(4)]
    without_year = [person(number, birth_date="") for number in range(10, 13)]
    without_language = [person(20, language=""), person(21, birth_date="", language="")]
    change = all_of(K3, ALL_MAY_GO)
    found = prepared(engine, tmp_path, [*usual, *without_year, *without_language], (), change)
    classes = naive.classes(rows_of(found.folder, "persons"), QUASI)
    assert {values: len(alike) for values, alike in classes.items()} == {
        ("1", 1980, "domestic"): 4,
        ("1", None, "domestic"): 3,
    }


def test_someone_without_a_household_is_one_of_her_own(engine: Engine, tmp_path: Path) -> None:
    # Households are numbered as a register may do it: none of them is mistaken for a person's number in the linked table.
    people = [person(number, household="") for number in range(3)]
    people += [person(number, household=str(number % 3)) for number in range(3, 6)]
    found = prepared(engine, tmp_path, people, (), setting("preparation.k", 6))
    assert dict(found.smallest) == {"person": 6, "household": 6}
    assert sum(row["household"] is None for row in rows_of(found.folder, "persons")) == 3


@pytest.mark.parametrize(("rare", "refused"), [(29, False), (30, True)])
def test_no_more_are_left_out_than_the_limit_allows(rare: int, refused: bool, engine: Engine, tmp_path: Path) -> None:
    # 0.29 of 100 is 29 by decimals, and 28 in floating point.
    alone = [person(number, birth_date=f"{1900 + number}-01-01") for number in range(rare)]
    people = alone + [person(number) for number in range(rare, 100)]
    change = setting("preparation.suppression_limit", 0.29)
    if not refused:
        assert prepared(engine, tmp_path, people, (), change).suppressed == rare
        return
    with pytest.raises(Refused, match="30 of 100 customers have fewer than 2 alike") as told:
        prepared(engine, tmp_path, people, (), change)
    assert told.value.reason == "suppression_limit"
    assert not (tmp_path / "vault" / "persons.parquet").exists()


def test_a_recipe_that_would_release_nobody_is_refused(engine: Engine, tmp_path: Path) -> None:
    with pytest.raises(Refused, match="2 of 2 customers"):
        prepared(engine, tmp_path, [person(0), person(1)], (), all_of(K3, ALL_MAY_GO))


def test_what_was_lost_is_told_by_group(engine: Engine, tmp_path: Path) -> None:
    people = [*(person(n) for n in range(4)), person(5, language="so"), person(6, sex="2"), person(7, language="")]
    found = prepared(engine, tmp_path, people, (), all_of(K3, ALL_MAY_GO))
    assert found.loss == (Loss("domestic", 4, 1), Loss("foreign", 0, 1), Loss("unknown", 0, 1))


def by_persons_alone(content: dict[str, object]) -> None:
    setting("preparation.units", ["person"])(content)
    content["linking"].pop("household")  # type: ignore[attr-defined]  # TOML


def test_a_register_without_households_is_prepared_by_persons(engine: Engine, tmp_path: Path) -> None:
    found = prepared(engine, tmp_path, [person(number) for number in range(3)], (), by_persons_alone)
    assert (dict(found.smallest), [f.name for f in found.tables["persons"]][:2]) == ({"person": 3}, ["person", "sex"])


def without_loss(content: dict[str, object]) -> object:
    return content["preparation"].pop("loss_by")  # type: ignore[attr-defined]  # TOML


def test_a_loss_is_told_only_where_it_was_asked(engine: Engine, tmp_path: Path) -> None:
    found = prepared(engine, tmp_path, [person(0), person(1)], (), without_loss)
    assert (found.loss, repr(found)) == ((), "Prepared(content hidden)")


@pytest.mark.requirement("S26-02")
def test_suppressed_people_are_gone_with_all_their_events(engine: Engine, tmp_path: Path) -> None:
    key = PseudonymKey()
    people = [*(person(number) for number in range(3)), person(3, sex="2")]
    decisions = [decision(number, code(number % 4)) for number in range(12)]
    found = prepared(engine, tmp_path, people, decisions, K3, key=key)
    left_out = naive.pseudonym(bytes(key._key), "person", code(3))
    for table in ("persons", "events"):
        persons = {row["person"] for row in rows_of(found.folder, table)}
        assert len(persons) == 3
        assert left_out not in persons


def rows_in_file_order(engine: Engine, home: Path, key: PseudonymKey, seed: int) -> dict[str, list[dict[str, object]]]:
    people: list[Row] = [person(number, household=f"K{number // 2}") for number in range(12)]
    decisions: list[Row] = [decision(n, code(n % 12), start=f"2012-03-{1 + n:02}") for n in range(24)]
    Random(seed).shuffle(people)
    Random(seed).shuffle(decisions)
    folder = prepared(engine, home, people, decisions, key=key).folder
    return {table: rows_of(folder, table) for table in ("persons", "events")}


def test_the_order_of_rows_carries_nothing_of_the_sources_order(engine: Engine, tmp_path: Path) -> None:
    key = PseudonymKey()
    one, other = (rows_in_file_order(engine, tmp_path / str(seed), key, seed) for seed in (1, 2))
    assert one == other
    for rows in one.values():
        told = [[str(value) for value in row.values()] for row in rows]
        assert told == sorted(told)


def test_rows_in_another_order_would_be_noticed(engine: Engine, tmp_path: Path) -> None:
    # Another key gives other names, and so the same people in another order: the comparison above is not empty.
    one, other = (rows_in_file_order(engine, tmp_path / n, PseudonymKey(), 1) for n in "ab")
    assert one != other


LEVELS: Change = setting("preparation.field.2.level", 0)


def test_the_dictionary_says_how_each_field_was_made(engine: Engine, tmp_path: Path) -> None:
    people = [person(number) for number in range(3)]
    fields = prepared(engine, tmp_path, people, [decision(0, code(0))]).tables
    made = {field.name: (field.type, field.made_by, field.is_quasi_identifier) for field in fields["persons"]}
    assert made == {
        "person": ("text", "pseudonym", False),
        "household": ("text", "pseudonym", False),
        "sex": ("text", "as recorded", True),
        "birth_year": ("integer", "year", True),
        "language_group": ("text", "languages.csv, level 1", True),
    }
    labels = {field.name: set(field.labels) for field in (*fields["persons"], *fields["events"]) if field.labels}
    assert labels == {"sex": {"1", "2"}, "service": {"HS", "FC", "NOT"}}
    assert prepared(engine, tmp_path, people, (), LEVELS).tables["persons"][4].made_by == "languages.csv, level 0"
