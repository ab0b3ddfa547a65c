"""Both registers can be read by their descriptions, each written in its own manner."""

from __future__ import annotations

import csv
import datetime
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.jalostamo.city.conftest import OWN, Town

from jalostamo.concepts.descriptions import register_from
from jalostamo.concepts.registers import FieldType, Marking, Register, RegisterTable, Sensitivity

NAMES = OWN
OWNERS = {
    "population": "population_office",
    "social_services": "family_services",
    "background": "statistics_office",
    "businesses": "business_services",
    "exclusions": "data_protection_office",
}


def _described(folder: Path, name: str) -> Register:
    path = folder / name / "register.toml"
    return register_from(tomllib.loads(path.read_text(encoding="utf-8")), place=name)


def _records(folder: Path, name: str, table: RegisterTable) -> list[dict[str, str]]:
    text = (folder / name / table.file).read_bytes().decode(table.writing.encoding).removeprefix("\ufeff")
    reader = csv.DictReader(text.splitlines(), delimiter=table.writing.delimiter, strict=True)
    assert reader.fieldnames == [field.column for field in table.fields]
    return list(reader)


def _tables(folder: Path, name: str) -> Iterator[tuple[Register, RegisterTable, list[dict[str, str]]]]:
    register = _described(folder, name)
    for table in register.tables:
        yield register, table, _records(folder, name, table)


def _decisions(town: Town) -> list[dict[str, str]]:
    return _records(town.folder, "social_services", _described(town.folder, "social_services").tables[0])


@pytest.mark.parametrize("name", NAMES)
def test_a_register_is_synthetic_and_says_who_answers_for_it(town: Town, name: str) -> None:
    register = _described(town.folder, name)
    assert register.name == name
    assert register.marking is Marking.SYNTHETIC
    assert register.controller == "city"
    assert register.owner == OWNERS[name]
    assert register.information is not None


@pytest.mark.parametrize("name", NAMES)
def test_every_recorded_code_is_in_its_code_list(town: Town, name: str) -> None:
    for register, table, records in _tables(town.folder, name):
        for field in table.fields:
            if field.code_list is not None:
                allowed = set(register.code_list_named(field.code_list).allowed) | {""}
                assert {record[field.column] for record in records} <= allowed, field.name


@pytest.mark.parametrize("name", NAMES)
def test_every_recorded_date_is_in_the_declared_form(town: Town, name: str) -> None:
    for _, table, records in _tables(town.folder, name):
        for field in (field for field in table.fields if field.type is FieldType.DATE):
            for written in {record[field.column] for record in records} - {""}:
                read = datetime.datetime.strptime(written, field.format or "%Y-%m-%d").replace(tzinfo=datetime.UTC)
                assert read.strftime(field.format or "%Y-%m-%d") == written


@pytest.mark.parametrize("name", NAMES)
def test_required_fields_are_never_empty(town: Town, name: str) -> None:
    for _, table, records in _tables(town.folder, name):
        assert records
        for field in table.fields:
            assert not field.required or all(record[field.column] for record in records), field.name


@pytest.mark.parametrize("name", NAMES)
def test_the_truth_counts_the_records_of_each_table(town: Town, name: str) -> None:
    assert town.truth["registers"][name] == {t.name: len(records) for _, t, records in _tables(town.folder, name)}


def test_where_somebody_lives_is_marked_as_such(town: Town) -> None:
    locating = {
        (table.name, field.name)
        for name in NAMES
        for table in _described(town.folder, name).tables
        for field in table.fields
        if field.locates
    }
    of_addresses = {("addresses", name) for name in ("district", "postcode", "household_id")}
    assert locating >= of_addresses | {("persons", "district"), ("persons", "household_id"), ("businesses", "postcode")}


def test_the_county_answers_for_the_social_services_since_2023(town: Town) -> None:
    register = _described(town.folder, "social_services")
    assert register.controller_on(datetime.date(2022, 12, 31)) == "city"
    assert register.controller_on(datetime.date(2023, 1, 1)) == "wellbeing_county"


def test_links_and_identifiers_are_marked_as_such(town: Town) -> None:
    persons = _described(town.folder, "population").table_named("persons")
    decisions = _described(town.folder, "social_services").table_named("decisions")
    direct = [
        f.name for table in (persons, decisions) for f in table.fields if f.sensitivity is Sensitivity.DIRECT_IDENTIFIER
    ]
    assert direct == ["identity_code", "surname", "first_names", "guardian_1", "guardian_2", "client_code"]
    assert persons.field_named("household_id").sensitivity is Sensitivity.LINK
    assert decisions.field_named("decision_number").sensitivity is Sensitivity.LINK
    assert decisions.field_named("service").sensitivity is Sensitivity.CONFIDENTIAL


def test_a_decision_number_stands_once(town: Town) -> None:
    assert _described(town.folder, "social_services").tables[0].key == ("decision_number",)
    records = _decisions(town)
    numbers = [record["paatos_nro"] for record in records]
    assert len(set(numbers)) == len(numbers)
    assert all(record["paatos_nro"][:4] == record["alku"][:4] for record in records)


def test_each_file_is_written_in_its_systems_own_manner(town: Town) -> None:
    persons = (town.folder / "population" / "persons.csv").read_bytes()
    decisions = (town.folder / "social_services" / "decisions.csv").read_bytes()
    assert persons.count(b"\n") == persons.count(b"\r\n") > 30_000
    assert "Mäkinen".encode("iso-8859-1") in persons
    assert decisions.startswith(b"\xef\xbb\xbfpaatos_nro,")
    assert b"\r" not in decisions


def test_decisions_come_in_order_and_within_the_period(town: Town) -> None:
    records = _decisions(town)
    starts = [record["alku"] for record in records]
    assert starts == sorted(starts)
    assert starts[0] >= "2010-01-01"
    assert max(*starts, *(record["loppu"] for record in records)) <= "2016-12-31"
    assert all(record["loppu"] >= record["alku"] for record in records if record["loppu"])


def test_nothing_unfinished_is_left_behind(town: Town) -> None:
    assert not list(town.folder.rglob("*.partial"))
