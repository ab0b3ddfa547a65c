"""A live database is read as it is described, at its own address alone; what hinders that is one sentence."""

from __future__ import annotations

import os
import socket
from collections.abc import Iterator, Mapping
from dataclasses import replace
from pathlib import Path

import pytest
from tests.jalostamo.engine.servers import PASSWORD, TestServer, running_server
from tests.jalostamo.managing.delivered import field

from jalostamo.concepts.errors import Misused, Unfit
from jalostamo.concepts.registers import Field, FieldType, RegisterTable
from jalostamo.concepts.writings import Server, Writing
from jalostamo.engine.connection import Engine
from jalostamo.engine.databases import read_postgresql
from jalostamo.engine.intake import RECORD

pytestmark = [pytest.mark.needs("postgresql"), pytest.mark.slow, pytest.mark.xdist_group("postgresql")]

ENVIRONMENT = {"TOWN_PASSWORD": PASSWORD}
ROWS = f"""
CREATE ROLE reader LOGIN PASSWORD '{PASSWORD}';
CREATE TABLE visits (
    no integer PRIMARY KEY, code char(11), day date, at timestamptz, local timestamp, sum numeric(24, 6), ok boolean,
    kind text, raw bytea, tags text[], hidden text
);
INSERT INTO visits VALUES
    (2, '010100-900A', '2026-01-03', '2026-01-03 10:00+02', '2026-01-03 10:00:00.5', 1.5, true, '  x ', '', '{{}}', ''),
    (1, '010100-901A', '1950-12-31', NULL, NULL, 12345678901234.1234, false, '', '', '{{}}', ''),
    (10, NULL, 'infinity', 'infinity', NULL, 'NaN', NULL, 'Ä;"''', '', '{{}}', '');
CREATE VIEW seen AS SELECT no, kind FROM visits;
CREATE VIEW wrong AS SELECT ('lock ' || no)::integer AS no FROM visits;
CREATE TABLE nobodys (no integer);
GRANT SELECT (no, code, day, at, local, sum, ok, kind, raw, tags) ON visits TO reader;
GRANT SELECT ON seen TO reader;
GRANT SELECT ON wrong TO reader;
"""
FIELDS = (
    field("no", FieldType.INTEGER),
    field("code"),
    field("day", FieldType.DATE, format="%d.%m.%Y"),
    field("at", FieldType.DATETIME),
    field("local", FieldType.DATETIME),
    field("sum", FieldType.DECIMAL),
    field("ok", FieldType.BOOLEAN, format="K;E"),
    field("kind"),
)


@pytest.fixture(scope="module")
def server() -> Iterator[TestServer]:
    """A server with a few visits."""
    with running_server() as started:
        started.run(ROWS)
        yield started


def described(port: int, *fields: Field, relation: str = "visits", **of_server: str) -> RegisterTable:
    """A table of the server, as the user who may read it."""
    place = {"host": "127.0.0.1", "database": "postgres", "user": "reader", "password_variable": "TOWN_PASSWORD"}
    writing = Writing(
        "postgresql", decimal_mark=",", relation=relation, server=Server(port=port, **(place | of_server))
    )
    return RegisterTable(
        "visits", "", fields or FIELDS, writing, key=("no",) if not fields or fields[0].name == "no" else ()
    )


def rows_of(
    engine: Engine, declared: RegisterTable, environment: Mapping[str, str] = ENVIRONMENT
) -> list[dict[str, object]]:
    """The records as text."""
    text = read_postgresql(engine, declared, environment=environment)
    rows = engine.rows(text.table.order_by(RECORD))
    assert text.records == len(rows)
    return rows


def test_every_type_becomes_the_text_that_its_field_declares(duckdb_engine: Engine, server: TestServer) -> None:
    rows = rows_of(duckdb_engine, described(server.port))
    assert [list(row.values()) for row in rows] == [
        ["1", "010100-901A", "31.12.1950", None, None, "12345678901234,1234", "E", None, 1],
        ["10", None, "infinity", "infinity", None, "NaN", None, "Ä;\"'", 2],
        ["2", "010100-900A", "03.01.2026", "2026-01-03 08:00:00+00", "2026-01-03 10:00:00.5", "1,5", "K", "  x ", 3],
    ]


def test_a_view_and_a_schema_are_read(duckdb_engine: Engine, server: TestServer) -> None:
    declared = described(server.port, field("no"), field("kind"), relation="public.seen")
    assert [row["no"] for row in rows_of(duckdb_engine, declared)] == ["1", "10", "2"]


@pytest.mark.parametrize(
    ("change", "error", "reason", "part"),
    [
        ({"relation": "lacking"}, Unfit, "relation_missing", "no such table or view in 'postgres'"),
        ({"relation": "nobodys"}, Misused, "database_permission", "'reader' may not read column 'no'"),
        ({"columns": ["lacking"]}, Unfit, "column_missing", "no column 'lacking'"),
        ({"columns": ["hidden"]}, Misused, "database_permission", "may not read column 'hidden'"),
        ({"columns": ["raw", "tags"]}, Unfit, "column_type", "'raw', 'tags' holds bytes"),
        ({"user": "nobody"}, Misused, "database_password", "not let in"),
        ({"database": "lacking"}, Misused, "database_missing", "no database 'lacking'"),
        ({"password_variable": "NOT_SET"}, Misused, "database_password", "variable NOT_SET is not set"),
    ],
    ids=lambda value: str(value) if isinstance(value, dict) else "",
)
def test_what_is_not_there_is_one_sentence(
    change: dict[str, object], error: type[Exception], reason: str, part: str, duckdb_engine: Engine, server: TestServer
) -> None:
    words = dict(change)
    columns = words.pop("columns", ["no"])
    assert isinstance(columns, list)
    declared = replace(described(server.port, *map(field, columns), **words), key=())  # type: ignore[arg-type]
    with pytest.raises(error) as refused:
        read_postgresql(duckdb_engine, declared, environment=ENVIRONMENT)
    assert isinstance(refused.value, Misused | Unfit)
    assert refused.value.reason == reason, refused.value.sentence
    assert part in refused.value.sentence
    assert PASSWORD not in str(refused.value)
    assert refused.value.__cause__ is None


def test_a_wrong_password_and_a_silent_port_are_told_of(duckdb_engine: Engine, server: TestServer) -> None:
    with pytest.raises(Misused, match="check the password"):
        read_postgresql(duckdb_engine, described(server.port), environment={"TOWN_PASSWORD": "wrong"})
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        with pytest.raises(Misused, match="the server does not answer") as refused:
            read_postgresql(duckdb_engine, described(taken.getsockname()[1]), environment=ENVIRONMENT)
    assert refused.value.reason == "database_unreachable"


def test_the_environment_leads_nowhere_else(
    duckdb_engine: Engine, server: TestServer, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    (tmp_path / "passwords").write_text("*:*:*:*:wrong\n")
    (tmp_path / "passwords").chmod(0o600)
    with socket.create_server(("127.0.0.1", 0)) as elsewhere:
        elsewhere.setblocking(False)
        led = {"PGHOST": "127.0.0.1", "PGHOSTADDR": "127.0.0.1", "PGPORT": str(elsewhere.getsockname()[1])}
        led |= {"PGOPTIONS": "-c search_path=nowhere", "PGDATABASE": "other", "PGUSER": "postgres"}
        led |= {"PGPASSFILE": str(tmp_path / "passwords"), "PGSSLMODE": "verify-full", "PGPASSWORD": "wrong"}
        for name, value in led.items():
            monkeypatch.setenv(name, value)
        assert len(rows_of(duckdb_engine, described(server.port), dict(os.environ) | ENVIRONMENT)) == 3
        monkeypatch.setenv("PGHOSTADDR", "192.0.2.1")
        assert len(rows_of(duckdb_engine, described(server.port), dict(os.environ) | ENVIRONMENT)) == 3
        with pytest.raises(BlockingIOError):
            elsewhere.accept()


def test_a_recorded_word_is_not_taken_for_the_servers_own(duckdb_engine: Engine, server: TestServer) -> None:
    with pytest.raises(Misused) as refused:
        rows_of(duckdb_engine, described(server.port, field("no", FieldType.INTEGER), relation="wrong"))
    assert refused.value.reason == "database_unreachable"


def test_a_service_of_the_environment_is_refused(duckdb_engine: Engine, server: TestServer) -> None:
    with pytest.raises(Misused, match="PGSERVICE is set") as refused:
        read_postgresql(duckdb_engine, described(server.port), environment=ENVIRONMENT | {"PGSERVICE": "other"})
    assert refused.value.reason == "database_elsewhere"


def test_nothing_of_the_server_stays_attached(duckdb_engine: Engine, server: TestServer) -> None:
    rows_of(duckdb_engine, described(server.port))
    left = duckdb_engine.backend.con.execute("SELECT count(*) FROM duckdb_databases() WHERE type = 'postgres'")
    assert left.fetchone() == (0,)
