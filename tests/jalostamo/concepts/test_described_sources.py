"""What a description tells of workbooks, databases, lines and holdings comes back as it was; what contradicts it is answered."""

from __future__ import annotations

import copy
import datetime
import tomllib
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
import tomli_w

from jalostamo.concepts.descriptions import as_description, register_from
from jalostamo.concepts.errors import Unfit
from jalostamo.concepts.holdings import HOLDS, Holding, Through
from jalostamo.concepts.information import BehaviourKind, InformationKind, OutsidePermit
from jalostamo.concepts.languages import Text
from jalostamo.concepts.organisations import Controller
from jalostamo.concepts.registers import Field, FieldType, Marking, Register, RegisterTable, Sensitivity
from jalostamo.concepts.writings import FORMATS, Server, Writing

TITLE = Text("Nimi", "Namn", "Name")
SERVER = Server("db.town.example", 5432, "town", "reader", "TOWN_PASSWORD")


def field(name: str, type_: FieldType = FieldType.TEXT, **more: Any) -> Field:
    """An ordinary field whose column has its own name."""
    is_code = type_ is FieldType.PERSONAL_IDENTITY_CODE
    sensitivity = Sensitivity.DIRECT_IDENTIFIER if is_code else Sensitivity.ORDINARY
    return Field(name, name, type_, sensitivity, TITLE, **more)


PERSON = field("code", FieldType.PERSONAL_IDENTITY_CODE)
VISITS = (
    field("card"),
    field("at", FieldType.DATE, behaviour=BehaviourKind.TRANSACTION),
    field("noted", FieldType.DATE),
    field("place", locates=True),
)
PLACED = (field("a", start=1, width=4), field("b", start=9, width=2))
REGISTER = Register(
    "town",
    TITLE,
    "office",
    "city",
    Marking.SYNTHETIC,
    (
        RegisterTable("cards", "book.xlsx", (PERSON, field("card")), Writing("xlsx", sheet="Kortit 2026", cells="A3:H400")),
        RegisterTable("visits", "", VISITS, Writing("postgresql", relation="public.visits", server=SERVER), key=("card",),
                      through=Through("cards", "card"), occurred="at", recorded="noted", unit="place", records_at_most=9),
        RegisterTable("old", "old.db", (field("a"),), Writing("sqlite", relation="old")),
        RegisterTable("lines", "a.txt", PLACED, Writing("fixed_width", line_width=20)),
        RegisterTable("objects", "a.jsonl", (field("a"),), Writing("json_lines")),
        *(RegisterTable(kept.value, f"{kept}.csv", tuple(map(field, names)), holds=kept) for kept, names in HOLDS.items()),
    ),
    information=InformationKind.BRANCH,
    controllers=(Controller("board", "2020-01-01", "2022-12-31"), Controller("city", "2023-01-01")),
    outside_permits=(OutsidePermit("D/1/2026", "research", "2027-01-31"),),
)  # fmt: skip


def described() -> Any:
    """The description of the register as it stands in its file."""
    return copy.deepcopy(tomllib.loads(tomli_w.dumps(as_description(REGISTER))))


def at(*place: str | int) -> Callable[[Any], Any]:
    """The part of a description at a place."""

    def found(description: Any) -> Any:
        for step in place:
            description = description[step]
        return description

    return found


BOOK, SERVED, LINES = at("table", 0), at("table", 1), at("table", 3)
HEAD, SERVER_PART = at("register"), at("table", 1, "server")
FIXED, CARD, WHEN = at("table", 3, "field", 0), at("table", 1, "field", 0), at("table", 1, "field", 1)
CONTROLLERS, PERMITS, THROUGH = (
    at("register", "controllers", 0),
    at("register", "outside_permits", 0),
    at("table", 1, "through"),
)

WRONG: dict[str, tuple[Callable[[Any], Any], dict[str, object], str]] = {
    "a workbook without cells": (BOOK, {"cells": None}, "writing_cells"),
    "a workbook without a sheet": (BOOK, {"sheet": None}, "writing_cells"),
    "cells without a second column": (BOOK, {"cells": "A3"}, "writing_cells"),
    "cells in small letters": (BOOK, {"cells": "a3:h"}, "writing_cells"),
    "cells that end above": (BOOK, {"cells": "A3:H2"}, "writing_cells"),
    "cells that end to the left": (BOOK, {"cells": "AA3:B"}, "writing_cells"),
    "cells from row 0": (BOOK, {"cells": "A0:H"}, "writing_cells"),
    "a sheet of delimited text": (BOOK, {"format": "csv"}, "writing_cells"),
    "a relation of a workbook": (BOOK, {"relation": "a"}, "writing_relation"),
    "a server of a workbook": (BOOK, {"server": {"host": "h", "port": 1, "database": "d", "user": "u"}}, "writing_server"),
    "a line width of a workbook": (BOOK, {"line_width": 9}, "writing_line_width"),
    "a database without a relation": (SERVED, {"relation": None}, "writing_relation"),
    "a relation that is a statement": (SERVED, {"relation": "a; DROP TABLE b"}, "writing_relation"),
    "a relation in quotes": (SERVED, {"relation": '"a"'}, "writing_relation"),
    "a relation of three parts": (SERVED, {"relation": "a.b.c"}, "writing_relation"),
    "a server's table without a server": (SERVED, {"server": None, "file": "a"}, "writing_server"),
    "a server's table with a file": (SERVED, {"file": "a.csv"}, "table_file"),
    "a server that is a word": (SERVED, {"server": "localhost"}, "description_incomplete"),
    "two hosts": (SERVER_PART, {"host": "a,b"}, "writing_server"),
    "a socket for a host": (SERVER_PART, {"host": "/run/postgresql"}, "writing_server"),
    "a host with options": (SERVER_PART, {"host": "a port=1"}, "writing_server"),
    "a database that is an address": (SERVER_PART, {"database": "postgres://a/b"}, "writing_server"),
    "a user with options": (SERVER_PART, {"user": "a host=b"}, "writing_server"),
    "a password itself": (SERVER_PART, {"password": "a"}, "description_unknown"),
    "no variable's name": (SERVER_PART, {"password_variable": "A B"}, "writing_server"),
    "port 0": (SERVER_PART, {"port": 0}, "writing_server"),
    "a port too high": (SERVER_PART, {"port": 65_536}, "writing_server"),
    "a port in words": (SERVER_PART, {"port": "5432"}, "description_vocabulary"),
    "no port": (SERVER_PART, {"port": None}, "description_incomplete"),
    "a line shorter than its fields": (LINES, {"line_width": 9}, "field_width"),
    "a line of no width": (LINES, {"line_width": 0}, "writing_line_width"),
    "a line width that is true": (LINES, {"line_width": True}, "description_vocabulary"),
    "a field without a width": (FIXED, {"width": None}, "field_width"),
    "a field without a start": (FIXED, {"start": None}, "field_width"),
    "a field from 0": (FIXED, {"start": 0}, "field_width"),
    "a field of no width": (FIXED, {"width": 0}, "field_width"),
    "a width in words": (FIXED, {"width": "4"}, "description_vocabulary"),
    "a width where there is none": (CARD, {"start": 1, "width": 4}, "field_width"),
    "a thing that locates a little": (CARD, {"locates": "yes"}, "description_vocabulary"),
    "an unknown behaviour": (WHEN, {"behaviour": "whim"}, "description_vocabulary"),
    "an unknown holding": (SERVED, {"holds": "secrets"}, "description_vocabulary"),
    "a holding without its fields": (SERVED, {"holds": "exclusions"}, "table_holds"),
    "through a table that is not there": (THROUGH, {"table": "lacking"}, "table_unknown"),
    "through a field that is not there": (THROUGH, {"field": "lacking"}, "field_unknown"),
    "through a field of one table alone": (THROUGH, {"field": "place"}, "field_unknown"),
    "through a table without persons": (THROUGH, {"table": "visits"}, "table_through"),
    "through without a field": (THROUGH, {"field": None}, "description_incomplete"),
    "through more than is known": (THROUGH, {"column": "a"}, "description_unknown"),
    "an unknown time of happening": (SERVED, {"occurred": "lacking"}, "table_key"),
    "an unknown time of recording": (SERVED, {"recorded": "lacking"}, "table_key"),
    "an unknown unit": (SERVED, {"unit": "lacking"}, "table_key"),
    "no record at most": (SERVED, {"records_at_most": 0}, "table_records"),
    "records at most in words": (SERVED, {"records_at_most": "9"}, "description_vocabulary"),
    "unknown information": (HEAD, {"information": "gossip"}, "description_vocabulary"),
    "a controller that is a word": (HEAD, {"controllers": ["city"]}, "description_incomplete"),
    "a controller without a day": (CONTROLLERS, {"since": None}, "description_incomplete"),
    "a controller that ends before it begins": (CONTROLLERS, {"until": "2019-12-31"}, "controller_days"),
    "a controller since no day": (CONTROLLERS, {"since": "2020-02-30"}, "controller_days"),
    "a permit without a number": (PERMITS, {"number": " "}, "outside_permit"),
    "a permit without a purpose": (PERMITS, {"purpose": ""}, "outside_permit"),
    "a permit without an end": (PERMITS, {"expires": None}, "description_incomplete"),
    "a permit that ends on no day": (PERMITS, {"expires": "2027-02-30"}, "outside_permit"),
}  # fmt: skip


def test_a_register_of_every_kind_of_source_comes_back_from_its_file() -> None:
    assert register_from(described(), place="register.toml") == REGISTER
    assert {table.writing.format for table in REGISTER.tables} >= set(FORMATS) - {"parquet"}


@pytest.mark.parametrize("case", WRONG.values(), ids=[name.replace(" ", "-") for name in WRONG])
def test_what_contradicts_itself_is_answered_in_one_sentence(
    case: tuple[Callable[[Any], Any], dict[str, object], str],
) -> None:
    found, change, reason = case
    description = described()
    for key, value in change.items():
        if value is None:
            del found(description)[key]
        else:
            found(description)[key] = value
    with pytest.raises(Unfit) as refused:
        register_from(description, place="town/register.toml")
    assert refused.value.reason == reason
    assert refused.value.sentence.endswith(".")
    assert "\n" not in refused.value.sentence


@pytest.mark.parametrize("kept", Holding)
def test_a_holding_has_its_fields_and_may_have_more(kept: Holding) -> None:
    table = REGISTER.table_named(kept.value)
    assert replace(table, fields=(*table.fields, field("more"))).holds is kept
    with pytest.raises(Unfit) as refused:
        replace(table, fields=table.fields[1:])
    assert refused.value.reason == "table_holds"


def test_a_line_is_as_wide_as_its_fields_where_nothing_is_said() -> None:
    lines = REGISTER.table_named("lines")
    assert replace(lines, writing=Writing("fixed_width")).writing.line_width == 10


def test_who_answers_for_a_register_changes_by_the_day() -> None:
    days = [day for controller in REGISTER.controllers for day in (controller.since, controller.until) if day]
    told = [REGISTER.controller_on(datetime.date.fromisoformat(day)) for day in (*days, "2019-12-31")]
    assert told == ["board", "board", "city", "city"]
