"""Registers call their days differently; a request calls them alike, and their events are released together."""

from __future__ import annotations

import datetime
from dataclasses import replace
from pathlib import Path

import pytest
from tests.jalostamo.managing.sensitive.small_town import all_of, code, decision, person, released, run, setting
from tests.jalostamo.managing.sensitive.wider_town import (
    DECISIONS,
    LIBRARY,
    LOANS,
    PEOPLE,
    deliver,
    request_in,
    town,
)

from jalostamo.concepts.errors import Unfit
from jalostamo.concepts.registers import FieldType
from jalostamo.engine.connection import Engine
from jalostamo.managing.called import as_called
from jalostamo.managing.requests import Source
from jalostamo.managing.sensitive.corridor import Rooms

BY_MOMENT = replace(
    LIBRARY,
    tables=tuple(
        replace(
            table, fields=tuple(replace(f, type=FieldType.DATETIME) if f.name == "day" else f for f in table.fields)
        )
        for table in LIBRARY.tables
    ),
)


def asked(called: dict[str, str]) -> object:
    joins = {"social": "client", "library": "card"}
    return all_of(setting("source", [PEOPLE, DECISIONS, LOANS | {"called": called}]), setting("linking.joins", joins))


@pytest.mark.parametrize(("library", "written"), [(LIBRARY, "2012-02-02"), (BY_MOMENT, "2012-02-02 09:30")])
def test_events_stand_together_by_days_of_different_names(
    library: object, written: str, engine: Engine, tmp_path: Path
) -> None:
    sources = tmp_path / "sources"
    town(sources, [person(number) for number in range(4)], [decision(1, code(0), start="2012-03-10", end="")])
    loans = [{"card": "K1", "title": "a", "day": written}, {"card": "K1", "title": "b", "day": "2020-01-01"}]
    deliver(sources, library, loans=loans, borrowers=[{"card": "K1", "identity_code": code(0)}])  # type: ignore[arg-type]
    rooms = Rooms(sources, tmp_path / "vault", tmp_path / "releases")
    request = request_in(tmp_path / "request", asked({"day": "start"}))  # type: ignore[arg-type]
    events = sorted(released(run(engine, request, rooms).release, "events"), key=lambda event: event["order"])  # type: ignore[arg-type, return-value]
    # The loan came first, and one beyond the time frame was never taken.
    assert [event["service"] for event in events] == [None, "HS"]
    months = [event["start"] for event in events]
    assert [(month.year, month.month) for month in months if isinstance(month, datetime.date)] == [(2012, 2), (2012, 3)]


@pytest.mark.parametrize(
    ("called", "sentence"),
    [
        ({"returned": "end"}, "names returned, none of its 'fields'"),
        ({"card": "client"}, "what leads to a person is linked by its own name"),
        ({"title": "day"}, "gives two fields of the table one name"),
    ],
)
def test_a_name_that_would_mislead_is_refused(called: dict[str, str], sentence: str) -> None:
    source = Source("library", "loans", ("card", "title", "day"), 0.0, called)
    with pytest.raises(Unfit, match=sentence) as refused:
        as_called(LIBRARY.table_named("loans"), source)
    assert refused.value.reason == "source_called"
