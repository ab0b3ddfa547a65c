"""The truth file counts what is in the files, and says what each of its keys means."""

from __future__ import annotations

import json
from collections import Counter

import polars as pl
from tests.jalostamo.city.analysis import read_decisions, read_persons, read_table
from tests.jalostamo.city.conftest import Town

from jalostamo.concepts.identifiers import fault_in


def test_the_written_truth_is_the_returned_one(town: Town) -> None:
    assert json.loads((town.folder / "truth.json").read_text(encoding="utf-8")) == town.truth


def test_every_key_is_documented(town: Town) -> None:
    documented = {key.split(".")[0] for key in town.truth["documentation"]}
    assert set(town.truth) - {"documentation"} <= documented
    for group in ("match", "counts"):
        assert {f"{group}.{key}" for key in town.truth[group]} <= set(town.truth["documentation"])


def test_the_population_counts_are_those_of_the_file(town: Town) -> None:
    rows = Counter(read_persons(town.folder).rows())
    codes = Counter(code for code, *_ in rows)
    assert town.truth["match"]["population"] == {
        "records": sum(rows.values()),
        "codes": len(codes),
        "exact_duplicates": sum(number == 2 for number in rows.values()),
        "conflicting": sum(number == 2 for number in codes.values()),
    }
    assert town.truth["match"]["population"]["exact_duplicates"] == 15
    assert town.truth["match"]["population"]["conflicting"] == 5


def test_conflicting_records_differ_in_the_native_language_alone(town: Town) -> None:
    twice = read_persons(town.folder).unique().filter(pl.col("HETU").is_duplicated())
    assert twice.height == 10
    assert twice.drop("AIDINKIELI").unique().height == 5


def test_the_match_counts_are_those_of_the_files(town: Town) -> None:
    residents = set(read_persons(town.folder)["HETU"])
    recorded = read_decisions(town.folder)["asiakas_hetu"]
    codes = set(recorded.drop_nulls())
    valid = {code for code in codes if fault_in(code) is None}
    beside_sign = {code[:6] + code[7:] for code in residents}
    match = town.truth["match"]["social_services"]
    assert match["records"] == len(recorded)
    assert match["records_without_code"] == recorded.null_count() > 0
    assert match["codes"] == len(codes) == match["valid"] + sum(match["invalid"].values())
    assert match["valid"] == len(valid) == match["matched"] + match["unmatched"]
    assert match["matched"] == len(codes & residents)
    assert match["look_alikes"] == sum(code[:6] + code[7:] in beside_sign for code in valid - residents)
    former = set(read_table(town.folder, "population", "identity_codes")["ENTINEN_HETU"])
    assert match["former"] == len(former & (valid - residents))
    assert match["look_alikes"] + match["former"] == match["unmatched"] > 10


def test_the_match_by_contact_language_sums_to_the_whole(town: Town) -> None:
    match = town.truth["match"]["social_services"]
    by_language = match["by_recorded_language"]
    assert set(by_language) == {"FI", "SV", "MUU"}
    assert sum(counted["codes"] for counted in by_language.values()) == match["codes"]
    assert sum(counted["matched"] for counted in by_language.values()) == match["matched"]


def test_the_events_are_counted_as_written(town: Town) -> None:
    written = Counter(read_decisions(town.folder)["palvelu"])
    assert town.truth["counts"]["events"] == dict(written)


def test_children_are_counted_by_group(town: Town) -> None:
    persons, counts = town.registers.persons, town.truth["counts"]
    lived = [
        persons.filter(
            (persons["born"].dt.year() >= year - 17)
            & (persons["born"].dt.year() <= year)
            & (persons["came"].is_null() | (persons["came"].dt.year() <= year))
            & (persons["left"].is_null() | (persons["left"].dt.year() >= year))
        )
        for year in range(2010, 2017)
    ]
    foreign = {code for of_year in lived for code in of_year.filter(of_year["foreign"])["code"]}
    everyone = {code for of_year in lived for code in of_year["code"]}
    assert counts["children"] == {"domestic": len(everyone - foreign), "foreign": len(foreign)}
    assert sum(band["foreign"] for band in counts["children_by_year"]["2016"].values()) == lived[-1]["foreign"].sum()
