"""A source is used only while every outside permit of it holds, and it is told who answered for it when."""

from __future__ import annotations

import datetime
from dataclasses import replace
from pathlib import Path

import pytest
from tests.jalostamo.managing.sensitive.small_town import SOCIAL, code, decision, person, request_in
from tests.jalostamo.managing.sensitive.wider_town import TODAY, deliver, taken, town

from jalostamo.concepts.errors import Misused, Refused
from jalostamo.concepts.information import OutsidePermit
from jalostamo.concepts.organisations import Controller
from jalostamo.engine.connection import Engine
from jalostamo.managing.sensitive.responsibility import controllers_between, usable_until

CONTROLLERS = (Controller("city", "2000-01-01", "2012-12-31"), Controller("county", "2013-01-01"))


def permitted(*days: str) -> tuple[OutsidePermit, ...]:
    return tuple(OutsidePermit(f"P{number}", "research", day) for number, day in enumerate(days))


def run(
    engine: Engine, home: Path, days: tuple[str, ...], until: str = "", today: datetime.date | None = TODAY
) -> object:
    town(home / "sources", [person(0)])
    register = replace(SOCIAL, outside_permits=permitted(*days), controllers=CONTROLLERS)
    deliver(home / "sources", register, decisions=[decision(1, code(0))])
    request = replace(request_in(home), in_use_until=datetime.date.fromisoformat(until) if until else None)
    extracts, _ = taken(engine, home, request, day=today)
    return extracts[1].manifest.content


@pytest.mark.requirement("L-02")
@pytest.mark.parametrize(
    ("days", "until", "holds"),
    [
        (("2026-06-15",), "", True),
        (("2026-06-14",), "", False),
        (("2030-01-01", "2026-06-14"), "", False),
        (("2026-12-31",), "2026-12-31", True),
        (("2026-12-30",), "2026-12-31", False),
        ((), "2099-01-01", True),
    ],
)
def test_an_expired_permit_stops_the_run(
    days: tuple[str, ...], until: str, holds: bool, engine: Engine, tmp_path: Path
) -> None:
    if holds:
        assert run(engine, tmp_path, days, until)
        return
    with pytest.raises(Refused, match="outside permit until") as refused:
        run(engine, tmp_path, days, until)
    assert refused.value.reason == "outside_permit_expired"
    assert not (tmp_path / "vault" / "social.decisions.parquet").exists()


def test_permits_need_the_day_of_the_run(engine: Engine, tmp_path: Path) -> None:
    with pytest.raises(Misused) as refused:
        run(engine, tmp_path, ("2030-01-01",), today=None)
    assert refused.value.reason == "run_day"


@pytest.mark.requirement("L-02")
def test_the_earliest_expiry_wins() -> None:
    registers = [replace(SOCIAL, outside_permits=permitted(*days)) for days in (("2030-01-01", "2028-02-02"), ())]
    assert usable_until(registers) == datetime.date(2028, 2, 2)
    assert usable_until(registers[1:]) is None


@pytest.mark.requirement("L-04")
def test_who_answered_on_the_days_of_the_data_is_told(engine: Engine, tmp_path: Path) -> None:
    content = run(engine, tmp_path, ())
    assert content["controllers"] == [  # type: ignore[index]  # a manifest
        {"organisation": "city", "since": "2010-01-01", "until": "2012-12-31"},
        {"organisation": "county", "since": "2013-01-01", "until": "2016-12-31"},
    ]


def test_days_that_nobody_is_named_for_are_the_registers_own_controllers() -> None:
    register = replace(SOCIAL, controllers=(Controller("county", "2013-01-01", "2013-12-31"),))
    found = controllers_between(register, datetime.date(2012, 1, 1), datetime.date(2014, 1, 1))
    assert [told["organisation"] for told in found] == ["city", "county", "city"]
    assert [told["until"] for told in found] == ["2012-12-31", "2013-12-31", "2014-01-01"]
