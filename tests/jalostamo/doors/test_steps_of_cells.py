"""The steps that cells are counted from say how long each took, and which is a person's first from its source."""

from __future__ import annotations

import datetime
from collections import defaultdict
from pathlib import Path

import pytest
from tests.jalostamo.doors.counting_lane import counting
from tests.jalostamo.doors.homes import home_in, request_in

from jalostamo.managing.sensitive.preparing.record_keys import RecordKeys

pytestmark = pytest.mark.slow

type Step = tuple[int, str, str, bool, int | None]

LAST_DAY = datetime.date(2016, 12, 31)


def months(day: datetime.date) -> int:
    return 12 * day.year + day.month


def by_hand(events: list[dict[str, object]], gone: datetime.date | None) -> list[Step]:
    """The steps of one person, walked through in plain Python."""
    seen = months(min(gone or LAST_DAY, LAST_DAY))
    steps: list[Step] = [(1, "", str(events[0]["service"]), True, None)]
    sources: set[str] = set()
    for number, event in enumerate(events, 1):
        following = events[number] if number < len(events) else None
        start, source = event["start"], str(event["service"])
        until = months(following["start"]) if following and following["start"] else None  # type: ignore[arg-type]  # a day
        until = seen if following is None else until
        took = None if until is None or start is None else max(until - months(start), 0)  # type: ignore[arg-type]  # a day
        steps.append((number, source, str(following["service"]) if following else "", source not in sources, took))
        sources.add(source)
    return steps


def test_steps_tell_their_months_and_the_first_from_each_source(sources: Path, tmp_path: Path) -> None:
    home, request = home_in(tmp_path, sources), request_in(tmp_path)
    with counting(home, request, RecordKeys()) as opened:
        events, persons, steps = (
            opened.tables[name].to_pyarrow().to_pylist() for name in ("events", "persons", "steps")
        )
    gone = {person["person"]: person["resident_to"] for person in persons}
    paths: dict[int, list[dict[str, object]]] = defaultdict(list)
    for event in sorted(events, key=lambda each: each["order"]):
        paths[event["person"]].append(event)
    expected = sorted((person, *step) for person, path in paths.items() for step in by_hand(path, gone[person]))
    found = [(s["person"], s["step"], s["source"], s["target"], s["first"], s["months"]) for s in steps]
    assert sorted(found, key=str) == sorted(expected, key=str)
    assert any(not step["first"] for step in steps), "somebody comes from the same service twice"
    assert any(step["months"] for step in steps)


def test_events_told_by_the_year_alone_give_no_months(sources: Path, tmp_path: Path) -> None:
    def by_year(text: str) -> str:
        return text.replace('calendar = "month"', 'calendar = "year"')

    home, request = home_in(tmp_path, sources), request_in(tmp_path, by_year)
    with counting(home, request, RecordKeys()) as opened:
        steps = opened.tables["steps"].to_pyarrow().to_pylist()
    assert steps
    assert {step["months"] for step in steps} == {None}
