"""A day begins at midnight where a register is kept, and not at that of universal time."""

from __future__ import annotations

import datetime
from dataclasses import replace
from pathlib import Path

import pytest
from tests.jalostamo.managing.sensitive.small_town import POPULATION, SOCIAL, code, decision, person, request_in
from tests.jalostamo.managing.sensitive.wider_town import deliver, taken

from jalostamo.concepts.errors import Unfit
from jalostamo.concepts.registers import FieldType, Register
from jalostamo.concepts.writings import Writing
from jalostamo.engine.connection import open_engine
from jalostamo.managing.sensitive.delivered import clock_of
from jalostamo.managing.sensitive.retrieval import clock_for

HELSINKI = "Europe/Helsinki"


def timed(register: Register, name: str, zone: str) -> Register:
    """The register with a field of its table that tells times by the clocks of a zone."""
    (table,) = register.tables
    fields = [replace(f, type=FieldType.DATETIME) if f.name == name else f for f in table.fields]
    return replace(register, tables=(replace(table, fields=tuple(fields), writing=Writing(timezone=zone)),))


def delivered(sources: Path, starts: list[str], *, zone: str = HELSINKI, other: str = "") -> None:
    """The small town, its decisions begun at these times."""
    population = timed(POPULATION, "arrived", other) if other else POPULATION
    deliver(sources, population, persons=[person(number) for number in range(4)])
    decisions = [decision(n, code(0), start=start) for n, start in enumerate(starts)]
    deliver(sources, timed(SOCIAL, "start", zone), decisions=decisions)


def test_the_time_frame_ends_and_begins_at_midnight_of_the_source(tmp_path: Path) -> None:
    starts = ["2009-12-31 23:59", "2010-01-01 00:00", "2016-12-31 23:59", "2017-01-01 00:00"]
    delivered(tmp_path / "sources", starts)
    request = request_in(tmp_path / "request")
    zone = clock_for(request, tmp_path / "sources")
    with open_engine(workspace=tmp_path, timezone=zone) as engine:
        (_, social), _ = taken(engine, tmp_path, request)
        found = {row["number"] for row in engine.rows(social.table(engine))}
    assert (zone, found) == (HELSINKI, {"D0001", "D0002"})


def test_sources_whose_days_begin_at_different_hours_are_refused(tmp_path: Path) -> None:
    delivered(tmp_path, [], other="Europe/Stockholm")
    with pytest.raises(Unfit, match="several time zones \\(Europe/Helsinki, Europe/Stockholm\\)"):
        clock_for(request_in(tmp_path / "request"), tmp_path)


def test_a_zone_in_which_no_time_is_told_is_none() -> None:
    dates_alone = replace(POPULATION.tables[0], writing=Writing(timezone="Europe/Stockholm"))
    assert clock_of([dates_alone]) == "UTC"
    assert clock_of([dates_alone, *timed(SOCIAL, "start", HELSINKI).tables]) == HELSINKI


def test_a_run_counts_months_by_the_clocks_of_its_sources(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    from tests.jalostamo.doors.homes import ordered

    from jalostamo.doors.closed_room import main
    from jalostamo.doors.home import Home
    from jalostamo.doors.installation import Level, lay_out
    from jalostamo.doors.people import key_of
    from jalostamo.managing.nonsensitive.releases import open_release

    delivered(tmp_path / "sources", ["2010-03-01 00:30"])
    request_in(tmp_path / "request")
    lay_out(Home(tmp_path), Level.DEMO)
    order = ordered(tmp_path / "request" / "request.toml", Home(tmp_path))
    assert main(["run", str(order), "--home", str(tmp_path)]) == 0, capsys.readouterr()
    (released,) = (tmp_path / "exchange" / "releases").rglob("events.parquet")
    release = open_release(released.parent)
    with open_engine(workspace=tmp_path) as engine:
        (event,) = engine.rows(release.with_key(key_of(release.folder)).table(engine, "events"))
    assert event["start"] == datetime.date(2010, 3, 1)
