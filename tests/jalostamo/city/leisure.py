"""Small towns for the registers of free choice, written once, and ways to read what was written."""

from __future__ import annotations

import csv
import datetime
import io
import tomllib
from collections.abc import Callable
from functools import cache
from pathlib import Path

from jalostamo.city.founding import founded
from jalostamo.city.plan import Plan
from jalostamo.city.town import Town
from jalostamo.city.truth import Truth
from jalostamo.concepts.descriptions import register_from
from jalostamo.concepts.registers import Register

PEOPLE, FIRST, LAST = 3_000, 2010, 2016

type Row = dict[str, str]


@cache
def small_town(last: int = LAST, seed: int = 1) -> Town:
    return founded(Plan(PEOPLE, FIRST, last, seed))


def delivered_twice(deliver: Callable[[Path, Town], Truth], folder: Path) -> tuple[Truth, Truth]:
    """A register written until the last year, and until two years before, under `long` and `short`."""
    for name in ("long", "short"):
        (folder / name).mkdir()
    return deliver(folder / "long", small_town()), deliver(folder / "short", small_town(LAST - 2))


def description_of(folder: Path, name: str) -> Register:
    path = folder / name / "register.toml"
    return register_from(tomllib.loads(path.read_text(encoding="utf-8")), place=name)


def rows_of(folder: Path, register: str, table: str) -> list[Row]:
    """The records of a delimited table, under its own headers."""
    described = description_of(folder, register).table_named(table)
    text = (folder / register / described.file).read_bytes().decode(described.writing.encoding).removeprefix("\ufeff")
    return list(csv.DictReader(io.StringIO(text, newline=""), delimiter=described.writing.delimiter))


def once(rows: list[Row], key: str) -> list[Row]:
    return list({row[key]: row for row in rows}.values())


def iso(day: str) -> datetime.date:
    return datetime.date.fromisoformat(day)


def planted(truth: Truth) -> dict[str, dict[str, object]]:
    entries = truth["planted"]
    assert isinstance(entries, dict)
    return entries


def suffered(truth: Truth, register: str) -> dict[str, dict[str, int]]:
    suffers = truth["suffers"]
    assert isinstance(suffers, dict)
    of_register = suffers[register]
    assert isinstance(of_register, dict)
    return of_register
