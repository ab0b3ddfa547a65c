"""Small registers drawn as tables, and what the corridor makes of them."""

from __future__ import annotations

from pathlib import Path

from tests.jalostamo.managing.sensitive.small_town import (
    Change,
    code,
    decision,
    person,
    released,
    request_in,
    rooms_in,
    run,
)

from jalostamo.engine.connection import Engine
from jalostamo.managing.sensitive.corridor import Refined

TOWN = """
    person  born        sex  language  household
    0       1980-05-01  1    fi        A
    1       1980-06-02  1    sv        B
    2       1980-07-03  1    fi        C
    3       1990-01-04  2    so        D
    4       1990-02-05  2    ru        E
    5       1990-03-06  2    so        F
    6       1950-12-31  1    fi        G
"""
SERVICES = """
    person  service  start       end
    0       NOT      2012-03-14  2012-03-14
    0       HS       2012-04-02  2012-09-30
    3       FC       2013-01-20  2013-05-05
    6       HS       2014-08-08  2014-10-10
"""


def rows(drawn: str) -> list[dict[str, str]]:
    """A drawn table as rows; a hyphen alone is a missing value."""
    header, *lines = [line.split() for line in drawn.strip().splitlines()]
    return [{n: "" if v == "-" else v for n, v in zip(header, line, strict=True)} for line in lines]


def persons(drawn: str = TOWN) -> list[dict[str, str]]:
    """The population register of a drawn town."""
    return [
        person(int(r["person"]), birth_date=r["born"], sex=r["sex"], language=r["language"], household=r["household"])
        for r in rows(drawn)
    ]


def decisions(drawn: str = SERVICES) -> list[dict[str, str]]:
    """The social services' register of a drawn town; a client is told by her number, or by what is recorded instead."""
    return [
        decision(
            number,
            code(int(r["person"])) if r["person"].isdigit() else r["person"],
            service=r["service"],
            start=r["start"],
            end=r["end"],
        )
        for number, r in enumerate(rows(drawn))
    ]


def refined(
    engine: Engine, home: Path, town: str = TOWN, services: str = SERVICES, change: Change | None = None
) -> Refined:
    """A drawn town led through the closed room, k = 2."""
    return run(engine, request_in(home, change), rooms_in(home, persons(town), decisions(services)))


def people_in(found: Refined) -> list[dict[str, object]]:
    """The persons of the release."""
    return released(found.release, "persons")


def events_in(found: Refined) -> list[dict[str, object]]:
    """The events of the release."""
    return released(found.release, "events")
