"""Live databases (PostgreSQL) into the engine: one table or view of one server, in one transaction that only reads.

Only the declared host and port are contacted: every option that the environment or a file of the user could set is set here.

Handbook 2.5 (technologies that work together) and 2.6, phase 4.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from ipaddress import ip_address
from typing import TYPE_CHECKING, Final

import duckdb
import ibis.expr.types as ir

from jalostamo.concepts.errors import Misused, Unfit
from jalostamo.concepts.registers import Field, FieldType, RegisterTable
from jalostamo.engine.connection import load_extension
from jalostamo.engine.intake import RECORD, TextRecords

if TYPE_CHECKING:
    from jalostamo.concepts.writings import Server
    from jalostamo.engine.connection import Engine

_CONNECT: Final = 10
_STATEMENT: Final = "1h"
_LOCK: Final = "10s"
_ELSEWHERE: Final = ("PGSERVICE", "PGSERVICEFILE")
_SETTINGS: Final = {
    "default_transaction_read_only": "on",
    "statement_timeout": _STATEMENT,
    "lock_timeout": _LOCK,
    "idle_in_transaction_session_timeout": _STATEMENT,
    "search_path": "pg_catalog",
    "DateStyle": "ISO",
    "TimeZone": "UTC",
    "extra_float_digits": "1",
}
_PLAIN: Final = frozenset("NSDBE")
"""The categories of types that are one number, text, time, truth value or word of a list."""


def read_postgresql(engine: Engine, declared: RegisterTable, *, environment: Mapping[str, str]) -> TextRecords:
    """Read the declared columns of a table or view, in the order of its key, or of all of them where none is declared."""
    server = declared.writing.server
    assert server, "a table on a server has one"
    with _attached(engine, server, environment) as name:
        try:
            types = _types(engine, name, declared, server)
            counted = _asked(engine, name, f"SELECT count(*)::text FROM {_relation(declared)}")[0][0]
            loaded = _loaded(engine, name, declared, types)
        except duckdb.Error as error:
            raise _stumbled(str(error), server) from None
    return TextRecords(loaded, (), int(counted), tuple)


@contextmanager
def _attached(engine: Engine, server: Server, environment: Mapping[str, str]) -> Iterator[str]:
    """The server's database under a name of the engine, in one transaction that sees one state of it."""
    load_extension(engine.backend, "postgres_scanner")
    words = _connection_words(server, environment)
    name = engine.fresh_name()
    connection = engine.backend.con
    try:
        # The extension looks for a secret in any case, and stumbles where secrets on the disk are forbidden.
        connection.execute(f"CREATE TEMPORARY SECRET {name}_secret (TYPE postgres, PORT {_literal(str(server.port))})")
        connection.execute(f"ATTACH {_literal(words)} AS {name} (TYPE postgres, READ_ONLY, SECRET {name}_secret)")
    except duckdb.Error as error:
        raise _stumbled(str(error).replace(words, ""), server) from None
    finally:
        connection.execute(f"DROP SECRET IF EXISTS {name}_secret")
    try:
        connection.execute("BEGIN")
        yield name
        connection.execute("COMMIT")
    except BaseException:
        connection.execute("ROLLBACK")
        raise
    finally:
        connection.execute(f"DETACH {name}")


def _connection_words(server: Server, environment: Mapping[str, str]) -> str:
    """Every option by which the library could be led elsewhere, each with its value: what is said is not looked up."""
    led = [name for name in _ELSEWHERE if environment.get(name)]
    if led:
        raise Misused(f"{led[0]} is set, which could lead to another server: unset it.", reason="database_elsewhere")
    password = environment.get(server.password_variable, "") if server.password_variable else ""
    if server.password_variable and not password:
        raise Misused(
            f"The variable {server.password_variable} is not set: it holds the password of '{server.user}'.",
            reason="database_password",
        )
    words = {
        "host": server.host,
        "hostaddr": "",
        "port": str(server.port),
        "dbname": server.database,
        "user": server.user,
        "password": password,
        "passfile": "/dev/null",
        "connect_timeout": str(_CONNECT),
        "options": " ".join(f"-c {key}={value}" for key, value in _SETTINGS.items()),
        "client_encoding": "UTF8",
        "application_name": "jalostamo",
        # Beyond this machine nothing goes in the clear, nor to a server that cannot show who it is.
        "sslmode": "prefer" if _is_here(server.host) else "verify-full",
        "sslrootcert": "" if _is_here(server.host) else "system",
        "sslcert": "",
        "sslkey": "",
        "sslcrl": "",
        "sslcrldir": "",
        "gssencmode": "disable",
        "target_session_attrs": "any",
        "load_balance_hosts": "disable",
        # Never the bare password.
        "require_auth": "scram-sha-256,md5,none",
        "requirepeer": "",
        "channel_binding": "prefer",
        "keepalives": "1",
    }
    return " ".join(f"{key}={_word(value)}" for key, value in words.items())


def _is_here(host: str) -> bool:
    try:
        return host == "localhost" or ip_address(host).is_loopback
    except ValueError:
        return False


def _types(engine: Engine, name: str, declared: RegisterTable, server: Server) -> Mapping[str, str]:
    """The category of each declared column's type; what is not there, or may not be read, or is no single value, is told of."""
    schema, _, relation = f"public.{declared.writing.relation}".rpartition(".")
    schema = schema.rpartition(".")[2]
    rows = _asked(
        engine,
        name,
        "SELECT a.attname::text, t.typcategory::text, t.typname::text, "
        "(has_schema_privilege(n.oid, 'USAGE') AND has_column_privilege(c.oid, a.attnum, 'SELECT'))::text "
        "FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace JOIN pg_attribute a ON a.attrelid = c.oid "
        "JOIN pg_type t ON t.oid = a.atttypid WHERE c.relkind IN ('r', 'v', 'm', 'p', 'f') AND a.attnum > 0 "
        f"AND NOT a.attisdropped AND n.nspname = {_literal(schema)} AND c.relname = {_literal(relation)}",
    )
    where = f"{server.host}, '{declared.writing.relation}'"
    if not rows:
        raise Unfit(f"{where}: no such table or view in '{server.database}'.", reason="relation_missing")
    there = {row[0]: row for row in rows}
    columns = [f.column for f in declared.fields]
    _tell(where, "has no column {}. Correct the description", [c for c in columns if c not in there], "column_missing")
    hidden = [c for c in columns if there[c][3] != "true"]
    if hidden:
        raise Misused(
            f"{where}: '{server.user}' may not read column {_listed(hidden)}: ask its owner.",
            reason="database_permission",
        )
    many = [c for c in columns if there[c][1] not in _PLAIN and there[c][2] != "uuid"]
    _tell(where, "column {} holds bytes, or several values a row", many, "column_type")
    return {column: there[column][1] for column in columns}


def _tell(where: str, what: str, columns: list[str], reason: str) -> None:
    if columns:
        raise Unfit(f"{where} {what.format(_listed(columns))}.", reason=reason)  # reasons are the caller's


def _loaded(engine: Engine, name: str, declared: RegisterTable, types: Mapping[str, str]) -> ir.Table:
    raw = engine.fresh_name()
    texts = [f"{_identifier(f.column)}::text" for f in declared.fields]
    keys = {f.name: text for f, text in zip(declared.fields, texts, strict=True)}
    order = ", ".join(f'{keys[k]} COLLATE "C"' for k in (*declared.key, *(n for n in keys if n not in declared.key)))
    query = (
        f"SELECT {', '.join(f'{t} AS c{n}' for n, t in enumerate(texts))} FROM {_relation(declared)} ORDER BY {order}"
    )
    connection = engine.backend.con
    mark = declared.writing.decimal_mark
    values = ", ".join(
        f"nullif({_value(f, types[f.column], f'c{n}', mark)}, '') AS {_identifier(f.column)}"
        for n, f in enumerate(declared.fields)
    )
    connection.execute(f"CREATE TEMP TABLE {raw} AS SELECT * FROM postgres_query('{name}', {_literal(query)})")
    stored = engine.fresh_name()
    connection.execute(
        f"CREATE TEMP TABLE {stored} AS SELECT {values}, row_number() OVER (ORDER BY rowid) AS {RECORD} FROM {raw}"
    )
    connection.execute(f"DROP TABLE {raw}")
    return engine.backend.table(stored)


def _value(field: Field, category: str, text: str, decimal_mark: str) -> str:
    """The text of a server's own number, time or truth value as the field declares it; texts stay as they are."""
    match category, field.type:
        case "B", FieldType.BOOLEAN:
            true, false = (_literal(word) for word in (field.format or "true;false").split(";"))
            return f"CASE {text} WHEN 'true' THEN {true} WHEN 'false' THEN {false} END"
        case "N", FieldType.DECIMAL:
            # Noughts behind the last decimal say nothing: numeric(12,6) writes them.
            exact = f"CASE WHEN contains({text}, '.') AND NOT contains({text}, 'e') THEN rtrim(rtrim({text}, '0'), '.') ELSE {text} END"
            return f"replace({exact}, '.', {_literal(decimal_mark)})"
        case "D", (FieldType.DATE | FieldType.DATETIME) if field.format and "%z" not in field.format:
            form, moment = _literal(field.format), f"try_cast({text} AS TIMESTAMP)"
            written = f"strftime({moment}, {form})"
            return f"CASE WHEN try_strptime({written}, {form}) = {moment} THEN {written} ELSE {text} END"
    return text


def _asked(engine: Engine, name: str, query: str) -> list[tuple[str, ...]]:
    rows: list[tuple[str, ...]] = engine.backend.con.execute(
        f"SELECT * FROM postgres_query('{name}', {_literal(query)})"
    ).fetchall()
    return rows


def _stumbled(told: str, server: Server) -> Misused:
    # The driver's words name hosts and users, and may repeat a row: they are looked at, and never told.
    words, where = told.casefold(), f"{server.host}, port {server.port}"
    if "password" in words or "authentication" in words or "pg_hba" in words:
        return Misused(f"{where}: '{server.user}' is not let in: check the password.", reason="database_password")
    if "permission denied" in words:
        return Misused(f"{where}: '{server.user}' may not read that: ask its owner.", reason="database_permission")
    if any(said in words for said in ("statement timeout", "lock timeout", "could not obtain lock")):
        return Misused(f"{where}: the table is locked, or takes too long to read.", reason="database_busy")
    if "does not exist" in words:
        return Misused(f"{where}: no database '{server.database}'.", reason="database_missing")
    return Misused(
        f"{where}: the server does not answer, or not as it should: check host, port, database and user.",
        reason="database_unreachable",
    )


def _relation(declared: RegisterTable) -> str:
    schema, _, relation = declared.writing.relation.rpartition(".")
    return f"{_identifier(schema or 'public')}.{_identifier(relation)}"


def _identifier(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'


def _literal(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"


def _word(text: str) -> str:
    return "'" + text.replace("\\", "\\\\").replace("'", "\\'") + "'"


def _listed(names: list[str]) -> str:
    return ", ".join(f"'{name}'" for name in names)
