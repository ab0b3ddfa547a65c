"""Validation reads the written files afresh, and objects to whatever must not leave in them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from shutil import copytree

import polars as pl
import pytest
from tests.jalostamo.managing.sensitive import naive
from tests.jalostamo.managing.sensitive.small_town import (
    all_of,
    code,
    decision,
    person,
    prepared,
    rows_of,
    setting,
    text,
)

from jalostamo.engine.connection import Engine
from jalostamo.managing.manifests import Manifest, digest_of
from jalostamo.managing.prepared import Prepared, ReleasedField, claims_of
from jalostamo.managing.sensitive.validation import validate
from jalostamo.permits.terms import DataClass

QUASI = ("sex", "birth_year", "language_group")
PEOPLE = [person(number, household=f"K{number // 2}", sex="12"[number % 8 // 4]) for number in range(24)]
DECISIONS = [decision(number, code(number % 24)) for number in range(30)]

type Tampering = Callable[[pl.DataFrame], pl.DataFrame]


@pytest.fixture(scope="module")
def sound(engine: Engine, tmp_path_factory: pytest.TempPathFactory) -> Prepared:
    change = all_of(setting("preparation.k", 5), setting("linking.lookup", []))
    return prepared(engine, tmp_path_factory.mktemp("sound"), PEOPLE, DECISIONS, change)


def sealed(given: Prepared) -> Prepared:
    """A preparation whose manifest is right about its files and claims, whatever is wrong in them."""
    files = {name: digest_of(given.folder / f"{name}.parquet") for name in given.tables}
    claims = claims_of(given.data_class, given.k, given.units, given.tables)
    return replace(given, manifest=Manifest("prepared", {**given.manifest.content, **claims, "tables": files}))


def tampered(sound: Prepared, folder: Path, table: str, tampering: Tampering, *extra: ReleasedField) -> Prepared:
    """The sound preparation with one table written anew, as a faulty preparing would have written it."""
    copytree(sound.folder, folder, dirs_exist_ok=True)
    path = folder / f"{table}.parquet"
    tampering(pl.read_parquet(path)).write_parquet(path)
    tables = {**sound.tables, table: (*sound.tables[table], *extra)}
    return sealed(replace(sound, folder=folder, tables=tables))


def objections(engine: Engine, given: Prepared) -> str:
    return " ".join(objection.sentence for objection in validate(engine, given).objections)


def column(name: str) -> ReleasedField:
    return ReleasedField(name, "text", text(name), "as recorded", False, {})


def added(name: str, values: Callable[[int], object]) -> Tampering:
    return lambda rows: rows.with_columns(pl.Series(name, [values(place) for place in range(len(rows))]))


def changed(name: str, value: object) -> Tampering:
    """One value of a column replaced."""
    return lambda rows: rows.with_columns(pl.Series(name, [value, *rows[name].to_list()[1:]]))


def test_sound_data_passes_and_is_counted_again(sound: Prepared, engine: Engine) -> None:
    report = validate(engine, sound)
    rows = rows_of(sound.folder, "persons")
    assert report.passed
    assert report.prepared == sound.manifest.digest
    assert dict(report.smallest) == naive.smallest(rows, QUASI) == dict(sound.smallest)
    assert report.classes == len(naive.classes(rows, QUASI))
    assert dict(report.rows) == {"persons": len(rows), "events": len(rows_of(sound.folder, "events"))}


def test_data_written_anew_without_change_passes(sound: Prepared, engine: Engine, tmp_path: Path) -> None:
    # The tampering of the tests below is what is objected to, not the writing anew.
    assert objections(engine, tampered(sound, tmp_path, "persons", lambda rows: rows)) == ""


def once_and_often(rows: pl.DataFrame) -> pl.DataFrame:
    """A class in which one person stands nine times."""
    return pl.concat([rows.filter(pl.col("sex") == "1"), *[rows.filter(pl.col("sex") == "2").head(1)] * 9])


ALONE = "The smallest class has 1 by unit 'person'"
IN_PERSONS: dict[str, tuple[Tampering, str]] = {
    "a class of one": (changed("birth_year", 1950), ALONE),
    "a class of one by a missing value": (changed("birth_year", None), ALONE),
    "one person many times": (once_and_often, "has 1 by unit 'person'"),
    "one large family": (lambda r: r.with_columns(household=pl.lit("0" * 32)), "has 1 by unit 'household'"),
    "nobody": (lambda r: r.clear(), "has 0 by unit 'person'"),
    "an extra column": (added("colour", lambda _: "red"), "has other columns than its dictionary"),
    "a lost column": (lambda r: r.drop("sex"), "has other columns than its dictionary"),
    "a code in place of a pseudonym": (changed("person", code(3)), "'person': 1 values are no pseudonyms"),
    "a raw household": (changed("household", "K0000001"), "'household': 1 values are no pseudonyms"),
    "a code inside a text": (
        changed("language_group", f"see {code(3)}, too"),
        "1 values look like a personal identity",
    ),
    "a telephone number": (changed("sex", "+358 40 123 4567"), "'sex': 1 values look like a telephone"),
    "an address": (changed("sex", "a.b@example.org"), "1 values look like a e mail"),
    "a bank account": (changed("sex", "FI21 1234 5600 0007 85"), "1 values look like a bank account"),
    "persons as bytes": (lambda r: r.with_columns(pl.col("sex").cast(pl.Binary)), "'sex' is of a type that cannot"),
}


@pytest.mark.parametrize("fault", IN_PERSONS)
def test_what_must_not_leave_in_persons_is_objected_to(
    fault: str, sound: Prepared, engine: Engine, tmp_path: Path
) -> None:
    tampering, sentence = IN_PERSONS[fault]
    told = objections(engine, tampered(sound, tmp_path, "persons", tampering))
    assert sentence in told
    assert code(3) not in told


IDENTIFIERS: dict[str, Callable[[int], object]] = {
    "identity codes": lambda place: code(place),
    "raw households": lambda place: f"K{place:07}",
    "numbers by the order of the codes": lambda place: place,
}


@pytest.mark.parametrize("kind", IDENTIFIERS)
def test_an_identifier_slipped_in_with_the_dictionary_is_objected_to(
    kind: str, sound: Prepared, engine: Engine, tmp_path: Path
) -> None:
    given = tampered(sound, tmp_path, "persons", added("slipped", IDENTIFIERS[kind]), column("slipped"))
    assert "field 'slipped': 24 values in 24 rows single people out" in objections(engine, given)


def test_a_described_column_that_singles_nobody_out_passes(sound: Prepared, engine: Engine, tmp_path: Path) -> None:
    given = tampered(sound, tmp_path, "persons", added("area", lambda place: f"area {place % 3}"), column("area"))
    assert objections(engine, given) == ""


def test_events_of_people_who_are_not_released_are_objected_to(sound: Prepared, engine: Engine, tmp_path: Path) -> None:
    given = tampered(sound, tmp_path, "events", changed("person", "f" * 32))
    assert objections(engine, given) == "Table 'events' has 1 rows of persons who are not released."


def test_an_identity_code_among_the_events_is_objected_to(sound: Prepared, engine: Engine, tmp_path: Path) -> None:
    given = tampered(sound, tmp_path, "events", changed("service", code(3, "Y").lower()))
    assert "Table 'events', field 'service': 1 values look like a personal identity code" in objections(engine, given)


@pytest.mark.parametrize("table", ["persons", "events"])
def test_a_file_that_changed_after_preparing_is_objected_to(
    table: str, sound: Prepared, engine: Engine, tmp_path: Path
) -> None:
    copytree(sound.folder, tmp_path, dirs_exist_ok=True)
    path = tmp_path / f"{table}.parquet"
    pl.read_parquet(path).sort("person", descending=True).write_parquet(path)
    assert objections(engine, replace(sound, folder=tmp_path)).startswith(f"'{table}' is not what was prepared")
    path.unlink()
    assert f"'{table}' is not what was prepared" in objections(engine, replace(sound, folder=tmp_path))


CLAIMS: dict[str, Callable[[Prepared], Prepared]] = {
    "a smaller k": lambda given: replace(given, k=2),
    "fewer units": lambda given: replace(given, units=("person",)),
    "another class": lambda given: replace(given, data_class=DataClass.ANONYMISED_ROWS),
    "fewer quasi-identifiers": lambda given: replace(
        given,
        tables={
            **given.tables,
            "persons": tuple(replace(f, is_quasi_identifier=False) for f in given.tables["persons"]),
        },
    ),
}


@pytest.mark.parametrize("claim", CLAIMS)
def test_a_claim_that_was_not_prepared_is_objected_to(claim: str, sound: Prepared, engine: Engine) -> None:
    assert "'claims' is not what was prepared" in objections(engine, CLAIMS[claim](sound))


def test_data_without_quasi_identifiers_is_objected_to(sound: Prepared, engine: Engine) -> None:
    assert "No field is a quasi-identifier" in objections(engine, sealed(CLAIMS["fewer quasi-identifiers"](sound)))


@pytest.mark.parametrize("data_class", DataClass)
def test_only_rows_whose_key_is_destroyed_can_be_validated_today(
    data_class: DataClass, sound: Prepared, engine: Engine
) -> None:
    told = objections(engine, sealed(replace(sound, data_class=data_class)))
    if data_class is DataClass.ROW_LEVEL_KEY_DESTROYED:
        assert told == ""
    else:
        assert told == f"Data class '{data_class}' cannot be validated: only 'row_level_key_destroyed' can."
