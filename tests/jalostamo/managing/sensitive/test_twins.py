"""A twin has the form of the release, its persons live plausibly, and what it tells of real ones is roughly how many have a code."""

from __future__ import annotations

import datetime
import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any, cast

import polars as pl
import pytest
import tomli_w
from tests.jalostamo.managing.sensitive.small_town import (
    POPULATION,
    SOCIAL,
    Change,
    Row,
    all_of,
    decision,
    extracts,
    person,
    prepared,
    request_in,
    rooms_in,
    rows_of,
    run,
    setting,
    text,
)

from jalostamo.concepts.descriptions import as_description
from jalostamo.concepts.errors import Misused, Unfit
from jalostamo.concepts.registers import Field, FieldType, Register, Sensitivity
from jalostamo.doors.closed_room.twins import printed_marginals
from jalostamo.engine.connection import Engine
from jalostamo.managing.nonsensitive.releases import Release, open_release, open_to_analyse
from jalostamo.managing.prepared import PSEUDONYM_FORM
from jalostamo.managing.sensitive.marginals import marginals_of
from jalostamo.managing.twins.drawing import PREFIX, Seeded, tables_of
from jalostamo.managing.twins.marginals import PER_PERSON, THRESHOLD, Marginals
from jalostamo.managing.twins.outlines import outline_of
from jalostamo.managing.twins.writing import Asked, write_twin

CUSTOMERS = {"birth": "birth_date", "arrived": "arrived", "left": "left", "died": "died", "ages": [3, 17]}
FIRST, LAST = datetime.date(2010, 1, 1), datetime.date(2016, 12, 31)


def asking(*changes: Change) -> Change:
    """The request of the small town, for customers of the asked ages, whose decisions are spells."""
    return all_of(setting("customers", CUSTOMERS), setting("linking.spells", {"social": "end"}), *changes)


def described(sources: Path, *registers: Register) -> Path:
    """The descriptions of registers, and no record."""
    for register in registers:
        (sources / register.name).mkdir(parents=True)
        written = tomli_w.dumps(as_description(register))
        (sources / register.name / "register.toml").write_text(written, encoding="utf-8")
    return sources


def twin_in(engine: Engine, folder: Path, change: Change | None = None, *, asked: Asked | None = None) -> Release:
    """A twin of the small town's request, drawn where there is no record."""
    sources = folder / "sources"
    if not sources.exists():
        described(sources, POPULATION, SOCIAL)
    (folder / "twins").mkdir(exist_ok=True)
    request = request_in(folder / "request", change or asking())
    return write_twin(engine, request, sources, twins=folder / "twins", asked=asked or Asked(600))


def test_the_same_seed_gives_the_same_bytes_and_another_one_others(engine: Engine, tmp_path: Path) -> None:
    one, other = (twin_in(engine, tmp_path / name) for name in ("one", "other"))
    assert one.manifest.written == other.manifest.written
    assert twin_in(engine, tmp_path / "one").folder == one.folder
    second = twin_in(engine, tmp_path / "one", asked=Asked(600, seed=2))
    assert (one.folder.name, second.folder.name) == ("1", "2")
    assert not set(ids(rows_of(one.folder, "persons"))) & set(ids(rows_of(second.folder, "persons")))


def ids(rows: Sequence[dict[str, object]]) -> list[str]:
    return [str(row["person"]) for row in rows]


def test_persons_are_plainly_nobody_and_live_as_the_request_asks(engine: Engine, tmp_path: Path) -> None:
    twin = twin_in(engine, tmp_path)
    persons = {str(row["person"]): row for row in rows_of(twin.folder, "persons")}
    assert len(persons) == 600
    assert all(re.fullmatch(PSEUDONYM_FORM, name) and name.startswith(PREFIX) for name in persons)
    assert 2 <= max(Counter(row["household"] for row in persons.values()).values()) <= 6
    assert all(2010 - 17 <= cast("int", row["birth_year"]) <= 2016 - 3 for row in persons.values())
    for row in persons.values():
        since, until = (cast("datetime.date | None", row[name]) for name in ("resident_from", "resident_to"))
        assert since is None or until is None or since <= until
        assert since is None or cast("int", row["birth_year"]) <= since.year
    seen: Counter[str] = Counter()
    for event in rows_of(twin.folder, "events"):
        row = persons[str(event["person"])]
        seen[str(event["person"])] += 1
        assert event["order"] == seen[str(event["person"])]
        start, end = (cast("datetime.date | None", event[name]) for name in ("start", "end"))
        assert (start is None) is bool(event["opening"])
        until = cast("datetime.date", row["resident_to"] or LAST)
        assert (row["resident_from"] or FIRST.replace(day=1)) <= (start or FIRST.replace(day=1)) <= until  # type: ignore[operator]  # days
        assert end is None or (start or FIRST) <= end <= LAST


def test_a_twin_has_the_fields_types_dictionary_and_codes_of_the_release(engine: Engine, tmp_path: Path) -> None:
    change = all_of(setting("linking.spells", {"social": "end"}), setting("customers", CUSTOMERS | {"ages": [0, 90]}))
    people = [person(number, language=("fi", "so")[number % 2], sex=str(1 + number % 2)) for number in range(40)]
    decisions = [decision(number, people[number]["identity_code"]) for number in range(0, 40, 2)]
    rooms = rooms_in(tmp_path, people, decisions)
    request = request_in(tmp_path / "request", change)
    released = open_release(run(engine, request, rooms).release.folder)
    twin = open_to_analyse(write_twin(engine, request, rooms.sources, twins=rooms.vault, asked=Asked(300)).folder)
    assert set(twin.tables) == set(released.tables)
    for name in released.tables:
        assert twin.tables[name]["fields"] == released.tables[name]["fields"]
        ours, theirs = (pl.read_parquet(each.folder / f"{name}.parquet") for each in (twin, released))
        assert ours.schema == theirs.schema
        for field in ("sex", "language_group", "service"):
            if field in theirs.columns:
                assert set(theirs[field]) <= set(ours[field])
    assert released.stamp == {}
    with pytest.raises(Unfit, match="synthetic twin"):
        open_release(twin.folder)


def test_a_number_and_a_day_without_codes_are_drawn_by_declared_ranges(engine: Engine, tmp_path: Path) -> None:
    (table,) = SOCIAL.tables
    more = [
        Field("cost", "cost", FieldType.DECIMAL, Sensitivity.CONFIDENTIAL, text("cost"), least=20, most=30),
        Field("visits", "visits", FieldType.INTEGER, Sensitivity.CONFIDENTIAL, text("visits"), least=1, most=3),
    ]
    social = replace(SOCIAL, tables=(replace(table, fields=(*table.fields, *more)),))
    names = [field.name for field in social.tables[0].fields]
    wanted = [{"name": name, "title": text(name).as_mapping()} for name in ("service", "cost", "visits", "end")]
    start = {"name": "start", "calendar": "quarter", "title": text("start").as_mapping()}
    described(tmp_path / "sources", POPULATION, social)
    change = asking(setting("source.1.fields", names), setting("preparation.event_field", [start, *wanted]))
    events = rows_of(twin_in(engine, tmp_path, change).folder, "events")
    assert all(20 <= cast("float", row["cost"]) <= 30 for row in events if row["cost"] is not None)
    assert {row["visits"] for row in events} == {1, 2, 3, None}
    assert {row["start"].month for row in events if row["start"]} == {1, 4, 7, 10}  # type: ignore[attr-defined]  # days
    assert all(FIRST <= cast("datetime.date", row["end"]) <= LAST for row in events if row["end"])


def test_what_cannot_be_drawn_is_refused(engine: Engine, tmp_path: Path) -> None:
    with pytest.raises(Unfit, match="a least and a most"):
        Field("name", "name", FieldType.TEXT, Sensitivity.ORDINARY, text("name"), least=1, most=2)
    with pytest.raises(Misused, match="1 to 1,000,000"):
        Asked(0)
    untimed = [{"name": "service", "title": text("service").as_mapping()}]
    with pytest.raises(Unfit, match="with a calendar"):
        twin_in(engine, tmp_path, asking(setting("preparation.event_field", untimed)))


RARE = {"language": "ru", "sex": "2", "birth_date": "1911-01-01"}


def marginals(engine: Engine, folder: Path, people: Sequence[Row]) -> Marginals:
    """The printed marginals of these people, each with an event."""
    decisions = [decision(number, each["identity_code"]) for number, each in enumerate(people)]
    levels = setting("preparation.field.2.level", 0)
    change = all_of(levels, setting("preparation.k", 2), setting("preparation.suppression_limit", 0.9))
    made = prepared(engine, folder, people, decisions, change)
    request = request_in(folder, change)
    given = extracts(folder / "vault", people, decisions, request)
    tables = {name: made.table(engine, name) for name in made.tables}
    return printed_marginals(marginals_of(engine, request, tables, given))


def crowd(languages: Sequence[str]) -> list[dict[str, str]]:
    return [person(number, language=language) for number, language in enumerate(languages)]


def counts_in(found: Marginals) -> dict[str, int]:
    return {
        f"{table}.{name}.{code}": count
        for table, fields in found.printed.items()
        for name, codes in fields.items()
        for code, count in codes.items()
    }


def test_marginals_show_no_small_count_and_no_exact_one(engine: Engine, tmp_path: Path) -> None:
    found = marginals(engine, tmp_path, crowd(["fi"] * 43 + ["sv"] * 12 + ["so"] * 9))
    counts = counts_in(found)
    assert found.of("persons", "language_group") == {"fi": 45, "sv": 10}
    assert min(counts.values()) >= THRESHOLD
    assert not set(counts.values()) & {43, 12, 64}
    assert f"events.{PER_PERSON}.1" in counts
    # A code that nobody has, and one that too few have, are drawn alike; no two fields are told together.
    assert all(key.count(".") == 2 for key in counts)


def test_a_planted_rare_person_is_in_no_twin_more_often_than_without_her(engine: Engine, tmp_path: Path) -> None:
    people = crowd(["fi"] * 43 + ["sv"] * 12)
    alone = marginals(engine, tmp_path / "without", people)
    # Her twin sister makes her two, as k asks, or she would not even be released.
    planted = [person(number, **RARE) for number in (100, 101)]
    present = marginals(engine, tmp_path / "with", [*people, *planted])
    assert abs(sum(counts_in(present).values()) - sum(counts_in(alone).values())) <= 5 * len(counts_in(alone))
    assert set(counts_in(present)) == set(counts_in(alone))
    outline = outline_of(request_in(tmp_path, setting("preparation.field.2.level", 0)), registers())
    request = request_in(tmp_path, setting("preparation.field.2.level", 0))

    def seen(found: Marginals) -> int:
        twins = (tables_of(Seeded(request, outline, seed, found), 400)["persons"] for seed in range(40))
        return sum(
            row["language_group"] == "ru" and row["sex"] == "2"
            for twin in twins
            for row in cast("Any", twin).to_pylist()
        )

    without, with_her = seen(alone), seen(present)
    # Seen by chance in either: by three standard deviations of what is seen without her, no more often.
    assert with_her <= without + 3 * (2 * without) ** 0.5


def registers() -> dict[str, Register]:
    return {register.name: register for register in (POPULATION, SOCIAL)}
