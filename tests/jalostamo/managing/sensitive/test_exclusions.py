"""Who objects is in no extract, whose safety is at stake has no home in any, and what cannot be read stops the run."""

from __future__ import annotations

import datetime
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import pytest
from tests.jalostamo.managing.sensitive.canaries import found_in
from tests.jalostamo.managing.sensitive.small_town import Change, all_of, code, decision, person, request_in, setting
from tests.jalostamo.managing.sensitive.wider_town import (
    DECISIONS,
    EXCLUSIONS,
    HOMES,
    LIBRARY,
    LOANS,
    PEOPLE,
    TODAY,
    Row,
    address,
    changed,
    deliver,
    exclusion,
    taken,
    town,
)

from jalostamo.concepts.errors import JalostamoError, Misused, Unfit
from jalostamo.engine.connection import Engine
from jalostamo.managing.sensitive.corridor import Rooms, refine
from jalostamo.managing.sensitive.exclusions import Exclusion, protection_in
from jalostamo.managing.sensitive.linking import HOUSEHOLD, link

GONE, FORMERLY, SAFE = code(3), code(900), code(4)
PERSONS = [person(number, guardian=GONE if number == 0 else "", household=f"K{number // 2}") for number in range(8)]
ADDRESSES = [address(code(number), f"District {number}", "2000-01-01") for number in range(8)]
SPELLS = [decision(number, code(number)) for number in range(8)] + [decision(90, FORMERLY)]
EVERYTHING = all_of(
    setting("source", [PEOPLE, DECISIONS, HOMES, LOANS]),
    setting("linking.joins", {"social": "client", "library": "card"}),
    setting("linking.table", "persons"),
    setting(
        "linking.as_of",
        [
            {"name": "home", "register": "population", "table": "addresses", "code": "identity_code"}
            | {"since": "since", "until": "until", "field": "district", "on": datetime.date(2012, 1, 1)}
        ],
    ),
)


def delivered(home: Path, exclusions: list[Row] | None, persons: Sequence[Row] = PERSONS) -> None:
    wider = {"identity_codes": [changed(FORMERLY, GONE)], "addresses": ADDRESSES}
    town(home / "sources", persons, SPELLS, wider=wider)
    loans = [{"card": f"L{n}", "title": f"Book of {n}", "day": "2012-02-02"} for n in range(8)]
    deliver(
        home / "sources",
        LIBRARY,
        loans=loans,
        borrowers=[{"card": f"L{n}", "identity_code": code(n) if n != 3 else FORMERLY} for n in range(8)],
    )
    if exclusions is not None:
        deliver(home / "sources", EXCLUSIONS, list=exclusions)


def places(engine: Engine, home: Path, exclusions: list[Row], change: Change = EVERYTHING) -> set[str]:
    """Which extracts hold a code, a loan or a home of the person who objects."""
    delivered(home, exclusions)
    taken(engine, home, request_in(home / "request", change))
    secrets = [GONE, FORMERLY, "Book of 3", "District 3", "D0003", "D0090"]
    return {name.split(",")[0] for name in found_in(home / "vault", secrets)}


NOBODY = [exclusion(code(700))]


@pytest.mark.requirement("L-06")
def test_who_objects_is_in_no_extract_under_any_code(engine: Engine, tmp_path: Path) -> None:
    everywhere = {f"{name}.parquet" for name in ("population.persons", "population.addresses", "social.decisions")}
    assert places(engine, tmp_path / "a", [exclusion(GONE)]) == set()
    assert places(engine, tmp_path / "b", [exclusion(FORMERLY)]) == set()
    assert places(engine, tmp_path / "c", NOBODY) == {*everywhere, "library.loans.parquet"}


NOT_HOLDING = {
    "not yet": exclusion(GONE, since="2026-06-16"),
    "no longer": exclusion(GONE, until="2026-06-14"),
    "of another register": exclusion(GONE, register="sports"),
    "a ban on telling her home alone": exclusion(GONE, kind="safety_ban"),
}


@pytest.mark.parametrize("case", NOT_HOLDING)
def test_an_exclusion_that_does_not_hold_leaves_nobody_out(case: str, engine: Engine, tmp_path: Path) -> None:
    assert "population.persons.parquet" in places(engine, tmp_path, [NOT_HOLDING[case]])


@pytest.mark.parametrize("day", ["since", "until"])
def test_an_exclusion_holds_on_its_first_and_its_last_day(day: str, engine: Engine, tmp_path: Path) -> None:
    assert places(engine, tmp_path, [exclusion(GONE, **{day: TODAY.isoformat()})]) == set()


def test_an_objection_to_one_register_leaves_the_others(engine: Engine, tmp_path: Path) -> None:
    found = places(engine, tmp_path, [exclusion(GONE, register="library")])
    assert "library.loans.parquet" not in found
    assert {"population.persons.parquet", "social.decisions.parquet"} <= found


@pytest.mark.parametrize("written", ["Library", " library ", "  "])
def test_an_objection_holds_however_its_register_is_written(written: str, engine: Engine, tmp_path: Path) -> None:
    found = places(engine, tmp_path, [exclusion(GONE, register=written)])
    assert "library.loans.parquet" not in found
    assert ("population.persons.parquet" in found) == bool(written.strip())


def customers_of(engine: Engine, home: Path, change: Change | None = None) -> list[Row]:
    """The customers of what was delivered, linked."""
    request = request_in(home / "request", change)
    extracts, _ = taken(engine, home, request)
    return engine.rows(link(engine, request, extracts).customers)


def test_an_objecting_guardian_brings_nothing_in(engine: Engine, tmp_path: Path) -> None:
    delivered(tmp_path, [exclusion(GONE)])
    customers = customers_of(engine, tmp_path)
    assert len(customers) == len(PERSONS) - 1
    assert {row["guardian_language"] for row in customers} == {None}


def homes_of(engine: Engine, home: Path, exclusions: list[Row]) -> dict[object, tuple[object, object]]:
    """The household and the home of each customer by the day of birth, which tells them apart here."""
    delivered(home, exclusions, [row | {"birth_date": f"1980-05-0{n + 1}"} for n, row in enumerate(PERSONS)])
    rows = customers_of(engine, home, EVERYTHING)
    return {row["birth_date"].day - 1: (row[HOUSEHOLD], row["home"]) for row in rows}  # type: ignore[attr-defined]  # a date


@pytest.mark.requirement("L-06")
def test_the_home_of_whose_safety_is_at_stake_is_in_no_extract(engine: Engine, tmp_path: Path) -> None:
    found = homes_of(engine, tmp_path / "a", [exclusion(SAFE, kind="safety_ban")])
    assert found[4] == (None, None)
    assert found[5] == ("K2", "District 5")
    assert found_in(tmp_path / "a" / "vault", ["District 4"]) == set()
    # Without the ban the same search finds it.
    assert homes_of(engine, tmp_path / "b", NOBODY)[4] == ("K2", "District 4")
    assert found_in(tmp_path / "b" / "vault", ["District 4"])


MALFORMED: dict[str, Row] = {
    "no code": exclusion(""),
    "a code that is none": exclusion(GONE[:10] + ("0" if GONE[10] != "0" else "1")),
    "no known kind": exclusion(GONE, kind="Objection"),
    "no first day": exclusion(GONE, since=""),
    "ended before it began": exclusion(GONE, until="2025-12-31"),
    "a day that is none": exclusion(GONE, since="15.6.2026"),
}


@pytest.mark.parametrize("fault", MALFORMED)
def test_a_malformed_exclusion_stops_the_run(fault: str, engine: Engine, tmp_path: Path) -> None:
    delivered(tmp_path, [exclusion(SAFE), MALFORMED[fault]])
    with pytest.raises(Unfit) as refused:
        taken(engine, tmp_path, request_in(tmp_path / "request"))
    assert refused.value.reason == "exclusions_malformed"
    assert GONE not in str(refused.value)


def _no_holding(home: Path) -> None:
    tables = (replace(EXCLUSIONS.tables[0], holds=None),)
    deliver(home / "sources", replace(EXCLUSIONS, tables=tables))


def _no_description(home: Path) -> None:
    (home / "sources/exclusions/register.toml").unlink()


@pytest.mark.parametrize("spoil", [_no_holding, _no_description])
def test_a_folder_of_exclusions_that_protects_nobody_stops_the_run(
    spoil: object, engine: Engine, tmp_path: Path
) -> None:
    delivered(tmp_path, [exclusion(GONE)])
    spoil(tmp_path)  # type: ignore[operator]  # a function of the table above
    with pytest.raises(JalostamoError) as refused:
        protection_in(engine, tmp_path / "sources", day=TODAY)
    assert refused.value.reason == "exclusions_form"


def test_exclusions_need_the_day_of_the_run(engine: Engine, tmp_path: Path) -> None:
    delivered(tmp_path, [exclusion(GONE)])
    with pytest.raises(Misused) as refused:
        protection_in(engine, tmp_path / "sources", day=None)
    assert refused.value.reason == "run_day"


def test_only_counts_are_told_of_the_excluded(engine: Engine, tmp_path: Path) -> None:
    delivered(tmp_path, [exclusion(GONE), exclusion(SAFE, kind="safety_ban"), exclusion(code(5), register="sports")])
    found = protection_in(engine, tmp_path / "sources", day=TODAY)
    assert found.persons == {Exclusion.OBJECTION: 2, Exclusion.SAFETY_BAN: 1}
    assert found.elsewhere == 1
    assert repr(found) == "Protection(content hidden)"
    assert found.rounded() == {"told": True, "day": TODAY.isoformat(), "objection": 0, "safety_ban": 0}
    told = f"{found.as_mapping()}{found.sentences}"
    assert not [word for word in (GONE, FORMERLY, SAFE) if word in told]


def run(engine: Engine, home: Path, today: datetime.date = TODAY) -> tuple[object, Path]:
    rooms = Rooms(home / "sources", home / "vault", home / "releases")
    release = refine(engine, request_in(home / "request"), rooms, progress=lambda _: None, today=today).release
    return release.manifest.content["exclusions"], home


def test_a_release_tells_whether_exclusions_were_known(engine: Engine, tmp_path: Path) -> None:
    for name, exclusions in (("a", [exclusion(GONE)]), ("b", None)):
        delivered(tmp_path / name, exclusions)
        obeyed, home = run(engine, tmp_path / name)
        assert obeyed["told"] is (name == "a")  # type: ignore[index]  # a section of the manifest
        assert found_in(home / "releases", [GONE, FORMERLY]) == set()
