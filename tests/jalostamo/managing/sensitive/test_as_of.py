"""The value that held on a day is brought to an event, or to a customer: by its first and last day, both inclusive."""

from __future__ import annotations

import datetime
from pathlib import Path

import pytest
from tests.jalostamo.managing.sensitive.small_town import Change, all_of, code, decision, person, setting
from tests.jalostamo.managing.sensitive.wider_town import DECISIONS, HOMES, PEOPLE, Row, address, joined, town

from jalostamo.concepts.errors import Unfit
from jalostamo.engine.connection import Engine

BRING = {"name": "home", "register": "population", "table": "addresses", "code": "identity_code", "since": "since"}
BRING |= {"field": "district"}


def bringing(**more: object) -> Change:
    changes = [setting("source", [PEOPLE, DECISIONS, HOMES]), setting("linking.table", "persons")]
    return all_of(*changes, setting("linking.as_of", [{**BRING, **more}]))


def homes(engine: Engine, home: Path, history: list[Row], days: list[str], **more: object) -> list[object]:
    """The home as of each event's day, in the order of the days."""
    spells = [decision(number, code(0), start=day) for number, day in enumerate(days)]
    town(home / "sources", [person(0), person(1)], spells, wider={"addresses": history})
    linked = joined(engine, home, bringing(**more))
    assert linked.report is not None
    assert len(linked.report.as_of) == 1
    rows = sorted(engine.rows(linked.events["social"]), key=lambda row: str(row["number"]))
    return [row["home"] for row in rows]


HISTORY = [
    address(code(0), "A", "2010-01-01", "2012-03-31", recorded="2010-01-01"),
    address(code(0), "B", "2012-04-01", "2014-12-31", recorded="2012-09-09"),
    address(code(0), "C", "2015-06-01", recorded="2015-06-01"),
    address(code(1), "X", "2010-01-01"),
]
DAYS = ["2009-12-31", "2010-01-01", "2012-03-31", "2012-04-01", "2014-12-31", "2015-01-01", "2016-01-01"]


def naive(history: list[Row], day: str) -> str | None:
    held = {
        r["district"] for r in history if r["identity_code"] == code(0) and r["since"] <= day <= (r["until"] or day)
    }
    return held.pop() if len(held) == 1 else None


def test_a_value_holds_from_its_first_day_to_its_last(engine: Engine, tmp_path: Path) -> None:
    wide = DAYS[1:]
    expected = [naive(HISTORY, day) for day in wide]
    assert expected == ["A", "A", "B", "B", None, "C"]
    assert homes(engine, tmp_path, HISTORY, wide, until="until") == expected


def test_without_a_last_day_a_value_holds_until_the_next(engine: Engine, tmp_path: Path) -> None:
    assert homes(engine, tmp_path, HISTORY, DAYS[1:]) == ["A", "A", "B", "B", "B", "C"]


def test_where_values_disagree_on_a_day_none_is_taken_and_it_is_counted(engine: Engine, tmp_path: Path) -> None:
    overlapping = [
        *HISTORY,
        address(code(0), "Z", "2012-03-31", "2012-03-31"),
        address(code(0), "A", "2011-01-01", "2011-12-31"),
    ]
    spells = [decision(n, code(0), start=day) for n, day in enumerate(["2011-06-06", "2012-03-31"])]
    town(tmp_path / "sources", [person(0), person(1)], spells, wider={"addresses": overlapping})
    linked = joined(engine, tmp_path, bringing(until="until"))
    rows = {str(row["number"]): row["home"] for row in engine.rows(linked.events["social"])}
    assert rows == {"D0000": "A", "D0001": None}
    assert linked.report is not None
    (match,) = linked.report.as_of
    assert (match.asked, match.found, match.disputed, match.backwards) == (2, 1, 1, 0)


@pytest.mark.parametrize(("known", "expected"), [("2012-04-30", None), ("2012-09-09", "B")])
def test_what_was_recorded_later_matters_only_where_it_is_asked(
    known: str, expected: str | None, engine: Engine, tmp_path: Path
) -> None:
    day = ["2012-04-30"]
    assert homes(engine, tmp_path / "a", HISTORY, day, until="until") == ["B"]
    on = datetime.date.fromisoformat(known)
    assert homes(engine, tmp_path / "b", HISTORY, day, until="until", known_on=on) == [expected]


def test_a_value_of_a_customer_holds_on_the_asked_day(engine: Engine, tmp_path: Path) -> None:
    town(tmp_path / "sources", [person(0, sex="2"), person(1)], [decision(1, code(0))], wider={"addresses": HISTORY})
    linked = joined(engine, tmp_path, bringing(until="until", on=datetime.date(2012, 4, 1)))
    assert {row["sex"]: row["home"] for row in engine.rows(linked.customers)} == {"2": "B", "1": "X"}


UNFIT: dict[str, dict[str, object]] = {
    "no day": {"since": "district"},
    "a name that is taken": {"name": "service"},
    "an identity code": {"field": "identity_code"},
    "a day outside the frame": {"on": datetime.date(2020, 1, 1)},
}


@pytest.mark.parametrize("fault", UNFIT)
def test_a_badly_declared_as_of_join_is_refused(fault: str, engine: Engine, tmp_path: Path) -> None:
    with pytest.raises(Unfit) as refused:
        homes(engine, tmp_path, HISTORY, DAYS[1:2], **UNFIT[fault])
    assert refused.value.reason == "linking_as_of"


def test_what_an_as_of_join_brings_is_not_harmonised(engine: Engine, tmp_path: Path) -> None:
    town(tmp_path / "sources", [person(0)], [decision(1, code(0))], wider={"addresses": HISTORY})
    wanted = {"name": "area", "fields": {"population.addresses": "district"}, "mapping": "areas.toml"}
    with pytest.raises(Unfit, match="'area' names a source of \\[\\[linking.as_of\\]\\] alone"):
        joined(engine, tmp_path, all_of(bringing(), lambda content: content.update(harmonise=[wanted])))
