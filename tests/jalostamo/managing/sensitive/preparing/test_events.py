"""Events leave by the month, in each person's order, and nothing of them lies outside the time frame."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from pathlib import Path

import pytest
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

from jalostamo.engine.connection import Engine

PEOPLE = [person(number) for number in range(3)]
FRAME = (date(2010, 1, 1), date(2016, 12, 31))


def events(engine: Engine, home: Path, spells: Sequence[Row], change: Change | None = None) -> list[tuple[object, ...]]:
    found = prepared(engine, home, PEOPLE, spells, change)
    return [(row["order"], row["service"], row["start"], row["end"]) for row in rows_of(found.folder, "events")]


def spell(number: int, start: str, end: str = "", **more: str) -> Row:
    return decision(number, code(0), start=start, end=end, **more)


EDGES = {
    "the day before": (spell(1, "2009-12-31", "2011-01-01"), None),
    "the first day": (spell(2, "2010-01-01", "2010-02-03"), (date(2010, 1, 1), date(2010, 2, 1))),
    "the last day": (spell(3, "2016-12-31", "2016-12-31"), (date(2016, 12, 1), date(2016, 12, 1))),
    "ends the day after": (spell(4, "2016-12-30", "2017-01-01"), (date(2016, 12, 1), None)),
    "not yet ended": (spell(5, "2016-06-30"), (date(2016, 6, 1), None)),
    "the day after": (spell(6, "2017-01-01", "2017-01-02"), None),
    "without a day": (spell(7, "", "2012-01-01"), None),
    "ended before it began": (spell(8, "2010-01-02", "2009-01-02"), (date(2010, 1, 1), None)),
}


def outside(rows: Sequence[tuple[object, ...]]) -> list[object]:
    """Months of events that are not months of the frame."""
    days = [day for row in rows for day in row[2:] if isinstance(day, date)]
    return [day for day in days if not FRAME[0] <= day <= FRAME[1]]


def test_nothing_of_an_event_is_told_outside_the_time_frame(engine: Engine, tmp_path: Path) -> None:
    found = events(engine, tmp_path, [row for row, _ in EDGES.values()])
    assert outside(found) == []
    told = sorted((start, str(end)) for _, _, start, end in found)
    assert told == sorted((days[0], str(days[1])) for _, days in EDGES.values() if days)


def test_a_day_outside_the_frame_would_be_noticed(engine: Engine, tmp_path: Path) -> None:
    # With a frame of one more year, the same registers tell days outside this one.
    wider = all_of(setting("request.from", "2009-01-01"), setting("request.to", "2017-12-31"))
    assert outside(events(engine, tmp_path, [row for row, _ in EDGES.values()], wider))


def test_events_are_ordered_by_the_day_within_each_person(engine: Engine, tmp_path: Path) -> None:
    days = ["2012-05-30", "2012-05-02", "2011-01-01", "2012-05-16"]
    services = ["HS", "FC", "NOT", "HS"]
    spells = [spell(n, day, service=service) for n, (day, service) in enumerate(zip(days, services, strict=True))]
    found = events(engine, tmp_path, [*spells, decision(9, code(1), start="2012-05-01", end="")])
    assert [row[:2] for row in found if row[0] != 1] == [(2, "FC"), (3, "HS"), (4, "HS")]
    assert sorted(row[:2] for row in found if row[0] == 1) == [(1, "HS"), (1, "NOT")]


@pytest.mark.parametrize("turned", [False, True])
def test_events_of_one_day_stand_as_in_the_sources_file(turned: bool, engine: Engine, tmp_path: Path) -> None:
    spells = [spell(number, "2012-05-02", service=service) for number, service in enumerate(["NOT", "HS", "FC", "HS"])]
    ordered = spells[::-1] if turned else spells
    found = events(engine, tmp_path, ordered)
    assert [row[:2] for row in found] == [(n, row["service"]) for n, row in enumerate(ordered, 1)]


def test_an_event_of_an_unlinked_code_is_nobodys(engine: Engine, tmp_path: Path) -> None:
    strangers = [decision(number, client) for number, client in enumerate([code(0, "+"), code(9), "?", ""])]
    assert len(events(engine, tmp_path, [*strangers, spell(9, "2012-01-01")])) == 1


def test_days_are_released_no_finer_than_the_recipe_says(engine: Engine, tmp_path: Path) -> None:
    by_quarter = setting("preparation.event_field.1.calendar", "quarter")
    (row,) = events(engine, tmp_path, [spell(1, "2012-05-17", "2012-08-30")], by_quarter)
    assert row[2:] == (date(2012, 4, 1), date(2012, 8, 1))
