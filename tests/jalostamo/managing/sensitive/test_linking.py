"""Registers are linked by identity code, on all of its eleven characters, and what is not linked is counted."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pytest
from tests.jalostamo.managing.sensitive import naive
from tests.jalostamo.managing.sensitive.small_town import (
    REQUEST,
    Row,
    code,
    decision,
    linked,
    person,
    setting,
)

from jalostamo.concepts.errors import Unfit
from jalostamo.engine.connection import Engine
from jalostamo.managing.sensitive.combinability import CombinabilityReport, RegisterMatch
from jalostamo.managing.sensitive.linking import CODE, CUSTOMER, HOUSEHOLD

ELDER, CHILD = code(1), code(1, "A")
LOOK_ALIKES = [person(0), person(1), person(1, identity_code=CHILD, birth_date="2010-02-02")]
THEIRS = [decision(1, ELDER), decision(2, CHILD), decision(3, code(1, "+")), decision(4, code(1, "Y"))]


def report_of(engine: Engine, home: Path, persons: Sequence[Row], decisions: Sequence[Row]) -> CombinabilityReport:
    found = linked(engine, home, persons, decisions).report
    assert found is not None
    return found


def match_of(engine: Engine, home: Path, persons: Sequence[Row], recorded: Sequence[str]) -> RegisterMatch:
    decisions = [decision(number, client) for number, client in enumerate(recorded)]
    return report_of(engine, home, persons, decisions).joined[0]


def clients_of(engine: Engine, home: Path, persons: Sequence[Row], decisions: Sequence[Row]) -> dict[str, str]:
    """Whose each linked decision is."""
    joined = linked(engine, home, persons, decisions)
    assert joined.codes is not None
    owners = {row[CUSTOMER]: row[CODE] for row in engine.rows(joined.codes)}
    return {str(row["number"]): str(owners[row[CUSTOMER]]) for row in engine.rows(joined.events["social"])}


@pytest.mark.parametrize(("key", "apart"), [(naive.as_recorded, True), (naive.without_sign, False)])
def test_two_people_whose_codes_differ_by_the_sign_keep_their_own_records(
    key: naive.Codes, apart: bool, engine: Engine, tmp_path: Path
) -> None:
    # A linking on ten characters, worked out beside it, gives something else: this table would notice it.
    found = clients_of(engine, tmp_path, LOOK_ALIKES, THEIRS)
    assert found == {"D0001": ELDER, "D0002": CHILD}
    assert (naive.joined(LOOK_ALIKES, THEIRS, key=key).linked == found) is apart


def test_a_code_that_differs_in_any_one_character_is_not_linked(engine: Engine, tmp_path: Path) -> None:
    whole = code(5)
    others = [whole[:place] + ("1" if whole[place] != "1" else "2") + whole[place + 1 :] for place in range(11)]
    recorded = [decision(place, other) for place, other in enumerate(others)]
    assert clients_of(engine, tmp_path, [person(5), person(6)], [*recorded, decision(99, whole)]) == {"D0099": whole}


def test_a_code_is_never_mended(engine: Engine, tmp_path: Path) -> None:
    whole = code(5, "A")
    wrong = [f"{whole} ", f" {whole}", whole.lower(), whole[:6] + whole[7:], whole[:6] + "–" + whole[7:], ""]
    decisions = [decision(number, recorded) for number, recorded in enumerate(wrong)]
    assert clients_of(engine, tmp_path, [person(5, identity_code=whole), person(6)], decisions) == {}


def test_look_alikes_are_told_from_other_unmatched_codes(engine: Engine, tmp_path: Path) -> None:
    match = match_of(engine, tmp_path, LOOK_ALIKES, [code(1, "+"), code(900), code(0)])
    assert (match.matched, match.unmatched, match.look_alikes) == (1, 2, 1)


def test_a_person_delivered_twice_alike_is_one_person(engine: Engine, tmp_path: Path) -> None:
    report = report_of(engine, tmp_path, [person(0), person(1), person(1), person(1)], [])
    assert (report.records, report.persons, report.exact_duplicates, report.conflicting) == (4, 2, 1, 0)


def test_a_person_delivered_in_two_ways_is_left_out_with_all_her_records(engine: Engine, tmp_path: Path) -> None:
    persons = [person(0), person(1, sex="1"), person(1, sex="2"), person(1, sex="2")]
    decisions = [decision(1, code(1)), decision(2, code(0))]
    assert clients_of(engine, tmp_path / "a", persons, decisions) == {"D0002": code(0)}
    report = report_of(engine, tmp_path / "b", persons, decisions)
    assert (report.persons, report.conflicting, report.joined[0].ambiguous) == (1, 1, 1)


@pytest.mark.requirement("S22-10")
def test_what_is_not_linked_is_counted_by_its_reason(engine: Engine, tmp_path: Path) -> None:
    faulty = [code(1)[:10] + ("0" if code(1)[10] != "0" else "1"), "320190-900P", "010190-900p", ""]
    match = match_of(engine, tmp_path, [person(0), person(0)], [*faulty, code(0), code(0), code(7)])
    assert match.invalid == {"form": 1, "date": 1, "check_character": 1}
    assert (match.records, match.records_without_code, match.records_linked) == (7, 1, 2)
    assert (match.codes, match.valid, match.matched, match.unmatched) == (5, 2, 1, 1)


def test_the_match_rate_is_told_by_recorded_language(engine: Engine, tmp_path: Path) -> None:
    spoken = [(code(0), "FI"), (code(0), "FI"), (code(9), "FI"), ("?", "SV"), (code(0), ""), ("", "MUU")]
    decisions = [decision(n, client, spoken=language) for n, (client, language) in enumerate(spoken)]
    groups = report_of(engine, tmp_path, [person(0)], decisions).joined[0].by_group
    assert [(g.group, g.codes, g.matched) for g in groups] == [("FI", 2, 1), ("SV", 1, 0), ("not recorded", 1, 1)]


def test_a_guardians_language_is_found_through_her_code(engine: Engine, tmp_path: Path) -> None:
    guardians = ["", code(0), code(0, "+"), "?"]
    persons = [person(number, guardian=guardian) for number, guardian in enumerate(guardians)]
    joined = linked(engine, tmp_path, [persons[0] | {"language": "so"}, *persons[1:]], [])
    found = {row[HOUSEHOLD]: row["guardian_language"] for row in engine.rows(joined.customers)}
    assert found == {"K0000": None, "K0001": "so", "K0002": None, "K0003": None}


def test_households_are_counted_among_the_persons_who_are_kept(engine: Engine, tmp_path: Path) -> None:
    together = [person(0, household="K1"), person(1, household="K1"), person(2, household="")]
    doubtful = [person(3, household="K3", sex="1"), person(3, household="K3", sex="2")]
    assert report_of(engine, tmp_path, [*together, *doubtful], []).households == 1


def test_linked_data_keeps_no_code_beside_its_content(engine: Engine, tmp_path: Path) -> None:
    joined = linked(engine, tmp_path, [person(0, guardian=code(1)), person(1)], [decision(1, code(0))])
    assert not {CODE, "identity_code", "guardian"} & set(joined.customers.columns)
    assert "client" not in joined.events["social"].columns
    assert repr(joined) == "Linked(content hidden)"


SOURCES = REQUEST["source"]
assert isinstance(SOURCES, list)
UNFIT = {
    "two sources and no linking": (lambda content: content.pop("linking"), "request_incomplete"),
    "a register without a source": (setting("source", SOURCES[:1]), "request_incomplete"),
    "a source that is not linked": (setting("linking.joins", {}), "request_incomplete"),
    "two tables of one register": (setting("source", [*SOURCES, SOURCES[1]]), "request_incomplete"),
    "no identity code": (setting("linking.code", "surname"), "linking_field"),
    "a code that is not there": (setting("linking.code", "nothing"), "field_unknown"),
    "a join by no identity code": (setting("linking.joins", {"social": "number"}), "linking_field"),
    "a household that is not there": (setting("linking.household", "nothing"), "field_unknown"),
    "a lookup through nothing": (setting("linking.lookup.0.through", "nothing"), "field_unknown"),
    "a lookup through a name": (setting("linking.lookup.0.through", "surname"), "linking_field"),
    "a lookup of a code": (setting("linking.lookup.0.field", "identity_code"), "linking_field"),
    "a lookup of a household": (setting("linking.lookup.0.field", "household"), "linking_field"),
    "a lookup called as a field": (setting("linking.lookup.0.name", "sex"), "linking_field"),
    "rates of a register that is not joined": (setting("linking.report_by", {"population": "sex"}), "linking_field"),
}


@pytest.mark.parametrize("fault", UNFIT)
def test_a_linking_that_does_not_fit_its_sources_is_refused(fault: str, engine: Engine, tmp_path: Path) -> None:
    change, reason = UNFIT[fault]
    with pytest.raises(Unfit) as refused:
        linked(engine, tmp_path, [person(0)], [decision(0, code(0))], change)
    assert refused.value.reason == reason


def test_people_are_linked_without_households(engine: Engine, tmp_path: Path) -> None:
    def alone(content: dict[str, object]) -> None:
        section = content["linking"]
        assert isinstance(section, dict)
        del section["household"]

    joined = linked(engine, tmp_path, [person(0), person(1)], [decision(0, code(0))], alone)
    assert joined.report is not None
    assert (joined.report.persons, joined.report.households) == (2, 0)
    assert HOUSEHOLD not in joined.customers.columns


@pytest.mark.parametrize("name", ["note", "client", "number"])
def test_rates_are_told_only_by_a_field_with_a_code_list(name: str, engine: Engine, tmp_path: Path) -> None:
    # The names of the groups leave the closed room: of any other field they could be names of people.
    with pytest.raises(Unfit, match="no code list") as refused:
        linked(engine, tmp_path, [person(0)], [decision(0, code(0))], setting("linking.report_by", {"social": name}))
    assert code(0) not in str(refused.value)
