"""A spell that was open when the time frame began is kept as the state it opens with; when it began is not told."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
from tests.jalostamo.managing.sensitive.canaries import contents
from tests.jalostamo.managing.sensitive.small_town import (
    Row,
    code,
    decision,
    person,
    prepared,
    request_in,
    rows_of,
    setting,
)
from tests.jalostamo.managing.sensitive.wider_town import taken, town

from jalostamo.concepts.errors import Unfit
from jalostamo.engine.connection import Engine

PEOPLE = [person(number) for number in range(3)]
SPELLS = setting("linking.spells", {"social": "end"})
EDGES: dict[str, tuple[Row, bool]] = {
    "open on the first day": (decision(1, code(0), start="2009-12-31", end="2010-01-01"), True),
    "still open": (decision(2, code(0), start="2001-01-01", end=""), True),
    "ended the day before": (decision(3, code(0), start="2009-01-01", end="2009-12-31"), False),
    "ended before it began": (decision(4, code(0), start="2009-01-02", end="2008-01-02"), False),
    "without a first day": (decision(5, code(0), start="", end="2011-01-01"), False),
}
INSIDE = decision(9, code(0), service="FC", start="2010-01-01", end="2010-02-02")


@pytest.mark.parametrize("asked", [True, False])
@pytest.mark.parametrize("case", EDGES)
def test_only_what_was_open_on_the_first_day_opens_the_frame(
    case: str, asked: bool, engine: Engine, tmp_path: Path
) -> None:
    row, opens = EDGES[case]
    found = prepared(engine, tmp_path, PEOPLE, [INSIDE, row], SPELLS if asked else None)
    events = rows_of(found.folder, "events")
    assert len(events) == (2 if opens and asked else 1)
    assert [event["service"] for event in sorted(events, key=lambda event: str(event["order"]))][-1] == "FC"
    if not asked:
        assert "opening" not in events[0]
        return
    assert {event["order"]: (event["opening"], event["start"]) for event in events} == (
        {1: (True, None), 2: (False, date(2010, 1, 1))} if opens else {1: (False, date(2010, 1, 1))}
    )


def test_opening_states_stand_in_the_order_in_which_they_began(engine: Engine, tmp_path: Path) -> None:
    older = decision(1, code(0), service="NOT", start="2008-01-01", end="")
    newer = decision(2, code(0), service="HS", start="2009-01-01", end="")
    found = prepared(engine, tmp_path, PEOPLE, [INSIDE, newer, older], SPELLS)
    events = sorted(rows_of(found.folder, "events"), key=lambda event: str(event["order"]))
    assert [event["service"] for event in events] == ["NOT", "HS", "FC"]


def test_what_lies_wholly_outside_the_frame_is_not_read(engine: Engine, tmp_path: Path) -> None:
    rows = [decision(7, code(0), start="2017-01-01"), *(row for row, _ in EDGES.values()), INSIDE]
    town(tmp_path / "sources", PEOPLE, rows)
    extracts, _ = taken(engine, tmp_path, request_in(tmp_path, SPELLS))
    numbers = {str(row["number"]) for row in engine.rows(extracts[1].table(engine))}
    assert numbers == {"D0001", "D0002", "D0009"}
    assert extracts[1].manifest.content["outside_time_frame"] == 4
    assert contents(tmp_path / "vault")


@pytest.mark.parametrize("spells", [{"social": "number"}, {"social": "start"}, {"population": "left"}])
def test_spells_that_do_not_fit_are_refused(spells: dict[str, str], engine: Engine, tmp_path: Path) -> None:
    with pytest.raises(Unfit) as refused:
        prepared(engine, tmp_path, PEOPLE, [INSIDE], setting("linking.spells", spells))
    assert refused.value.reason == "linking_spells"
