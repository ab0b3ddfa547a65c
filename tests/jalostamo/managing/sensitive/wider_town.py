"""The small town with more registers: exclusions, changed codes, addresses, a library of cards; a test delivers what it needs."""

from __future__ import annotations

import csv
import datetime
from collections.abc import Iterable, Mapping
from dataclasses import replace
from pathlib import Path

import tomli_w
from tests.jalostamo.managing.sensitive.small_town import (
    POPULATION,
    REQUEST,
    SOCIAL,
    TODAY,
    Change,
    Row,
    _field,
    _register,
    decision,
    person,
    request_in,
    setting,
)

from jalostamo.concepts.descriptions import as_description
from jalostamo.concepts.holdings import Holding, Through
from jalostamo.concepts.registers import Field, Register, RegisterTable
from jalostamo.engine.connection import Engine
from jalostamo.managing.requests import Request
from jalostamo.managing.sensitive.code_history import read_code_history
from jalostamo.managing.sensitive.exclusions import Protection, protection_in
from jalostamo.managing.sensitive.linking import CODE, CUSTOMER, Linked, link
from jalostamo.managing.sensitive.retrieval import Extract, read_register, retrieve

type Tables = Mapping[str, Iterable[Row]]


def table(name: str, *fields: Field, **more: object) -> RegisterTable:
    return RegisterTable(name, f"{name}.csv", fields, **more)  # type: ignore[arg-type]  # a test knows the words


CODE_FIELD = _field("identity_code", "personal_identity_code", "direct_identifier")
EXCLUSIONS = _register(
    "exclusions",
    "list",
    [
        CODE_FIELD,
        _field("kind", "text", "confidential"),
        _field("register", "text", "confidential"),
        _field("since", "date", "confidential"),
        _field("until", "date", "confidential"),
    ],
    {},
)
EXCLUSIONS = replace(EXCLUSIONS, tables=(replace(EXCLUSIONS.tables[0], holds=Holding.EXCLUSIONS),))
CHANGES = table(
    "identity_codes",
    _field("former_code", "personal_identity_code", "direct_identifier"),
    _field("current_code", "personal_identity_code", "direct_identifier"),
    _field("changed_on", "date", "confidential"),
    holds=Holding.CODE_HISTORY,
)
ADDRESSES = table(
    "addresses",
    CODE_FIELD,
    replace(_field("district", "text", "indirect_identifier"), locates=True),
    _field("since", "date", "confidential"),
    _field("until", "date", "confidential"),
    _field("recorded", "date", "confidential"),
    recorded="recorded",
)
WIDER = replace(POPULATION, tables=(POPULATION.tables[0], CHANGES, ADDRESSES))
LIBRARY = replace(
    _register("library", "loans", [_field("card", "text", "link")], {}),
    tables=(
        table(
            "loans",
            _field("card", "text", "link"),
            _field("title", "text", "ordinary"),
            _field("day", "date", "confidential"),
            through=Through("borrowers", "card"),
            occurred="day",
        ),
        table("borrowers", _field("card", "text", "link"), CODE_FIELD),
    ),
)


def exclusion(code: str, kind: str = "objection", register: str = "", **more: str) -> dict[str, str]:
    return {"identity_code": code, "kind": kind, "register": register, "since": "2026-01-01", "until": ""} | more


def address(code: str, district: str, since: str, until: str = "", recorded: str = "2010-01-01") -> dict[str, str]:
    return {"identity_code": code, "district": district, "since": since, "until": until, "recorded": recorded}


def changed(former: str, current: str) -> dict[str, str]:
    return {"former_code": former, "current_code": current, "changed_on": "2015-05-05"}


def deliver(sources: Path, register: Register, **tables: Iterable[Row]) -> None:
    """A register as its owner delivers it; a table of which nothing is said has a header alone."""
    folder = sources / register.name
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "register.toml").write_text(tomli_w.dumps(as_description(register)), encoding="utf-8")
    for declared in register.tables:
        with (folder / declared.file).open("w", encoding="utf-8", newline="") as opened:
            writer = csv.DictWriter(opened, [field.column for field in declared.fields])
            writer.writeheader()
            writer.writerows(tables.get(declared.name, ()))


def source(register: Register, name: str) -> dict[str, object]:
    return {"register": register.name, "table": name, "fields": [f.name for f in register.table_named(name).fields]}


PEOPLE = source(WIDER, "persons")
DECISIONS = source(SOCIAL, "decisions")
LOANS = source(LIBRARY, "loans")
HOMES = source(WIDER, "addresses")


def town(sources: Path, persons: Iterable[Row], decisions: Iterable[Row] = (), *, wider: Tables | None = None) -> None:
    """Population and social services; `wider` has the population's other tables, by name."""
    deliver(sources, WIDER, persons=persons, **(wider or {}))
    deliver(sources, SOCIAL, decisions=decisions)


def taken(
    engine: Engine, home: Path, request: Request, *, day: datetime.date | None = TODAY
) -> tuple[tuple[Extract, ...], Protection]:
    """Every source of a request as an extract in `vault`."""
    vault = home / "vault"
    vault.mkdir(exist_ok=True)
    protection = protection_in(engine, home / "sources", day=day)
    found = [
        retrieve(engine, request, s, sources=home / "sources", vault=vault, protection=protection)
        for s in request.sources
    ]
    return tuple(found), protection


def joined(engine: Engine, home: Path, change: Change | None = None) -> Linked:
    """The delivered registers, retrieved and linked by the small town's request, changed as a test wants it."""
    request = request_in(home, change)
    extracts, _ = taken(engine, home, request)
    folder = home / "sources" / "population"
    return link(engine, request, extracts, history=read_code_history(engine, {folder: read_register(folder)}))


def whose(engine: Engine, linked: Linked, events: str, field: str) -> dict[str, str]:
    """By what each event is called: whose it is."""
    assert linked.codes is not None
    owners = {row[CUSTOMER]: str(row[CODE]) for row in engine.rows(linked.codes)}
    return {str(row[field]): owners[row[CUSTOMER]] for row in engine.rows(linked.events[events])}


__all__ = ["REQUEST", "decision", "person", "request_in", "setting"]
